"""The components: what they promise in words, numbers, names and safety."""

import re
from html import unescape
from types import SimpleNamespace

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import engines
from django.template.loader import get_template
from django.test import RequestFactory
from django.utils import translation

from events.states import Seats, sayings_of, sentences
from portal.templatetags.ui.places import STITCHES
from portal.templatetags.ui.words import mask_phone, phone_words, phrases, plain, sewn_under, voiced

HOSTILE = '<script>alert(1)</script>"><img src=x onerror=y>'


def rendered(source: str, **context: object) -> str:
    return engines["django"].from_string(source).render(context)


def words(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def party(**given: str) -> SimpleNamespace:
    return SimpleNamespace(
        **({"kind": "community", "short": "玉", "name": "玉祁社区", "name_en": "Yuqi community"} | given)
    )


@pytest.fixture(autouse=True)
def chinese():
    with translation.override("zh-hans"):
        yield


# --- stitches --------------------------------------------------------------------------------------------------------


def counted(html: str) -> dict[str, int]:
    """How many stitches of each kind the picture shows."""
    marks = {"sewn": "h9", "open": "h.01", "coming": "h3", "away": "h8", "silent": "l5.6 5.6"}
    per = {"open": 2}
    return {
        kind: path.count(marks[kind]) // per.get(kind, 1)
        for kind, path in re.findall(r'<path class="(\w+)" d="([^"]+)"', html)
    }


def rows(html: str) -> int:
    return int(re.search(r"rows-(\d)", html)[1])


@pytest.mark.parametrize(
    ("taken", "capacity", "shown", "in_rows"),
    [
        (17, 20, {"sewn": 17, "open": 3}, 1),
        (0, 6, {"open": 6}, 1),
        (10, 10, {"sewn": 10}, 1),
        (21, 21, {"sewn": 21}, 2),
        (40, 40, {"sewn": 40}, 2),
        (52, 60, {"sewn": 52, "open": 8}, 3),
    ],
)
def test_one_person_is_one_stitch(taken, capacity, shown, in_rows):
    html = rendered("{% stitches taken capacity %}", taken=taken, capacity=capacity)
    assert counted(html) == shown
    assert rows(html) == in_rows
    assert "约" not in html


@pytest.mark.parametrize(
    ("taken", "capacity", "shown"),
    [
        (137, 200, {"sewn": 14, "open": 6}),
        (1, 200, {"sewn": 1, "open": 19}),  # somebody is there
        (199, 200, {"sewn": 19, "open": 1}),  # somebody is still wanted
        (200, 200, {"sewn": 20}),
        (61, 61, {"sewn": 20}),
    ],
)
def test_above_sixty_the_row_shows_the_proportion_and_says_so(taken, capacity, shown):
    html = rendered("{% stitches taken capacity %}", taken=taken, capacity=capacity)
    assert counted(html) == shown
    assert f"一针约 {round(capacity / 20)} 人" in html


def test_who_is_not_here_is_told_apart_by_shape():
    html = rendered("{% stitches 14 20 coming=1 away=2 silent=2 %}")
    assert counted(html) == {"sewn": 14, "coming": 1, "away": 2, "silent": 2, "open": 1}
    assert len({re.sub(r"[\d.]+", "", shape) for shape in STITCHES.values()}) == len(STITCHES)


def test_more_people_than_places_are_all_shown():
    assert counted(rendered("{% stitches 12 10 %}")) == {"sewn": 12}


# --- seats -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "chinese", "english"),
    [
        ("17 20", "还差 3 人 已报 17 / 20", "3 more wanted signed up 17 / 20"),
        ("19 20", "还差 1 人 已报 19 / 20", "1 more wanted signed up 19 / 20"),
        ("16 16 waiting=2", "已满，候补 2 人 已报 16 / 16", "Full, 2 waiting signed up 16 / 16"),
        ("10 10", "已满，可候补 已报 10 / 10", "Full; you can join the waiting list signed up 10 / 10"),
        ("0 6 least=4", "还差 6 人 已报 0 人，满 4 人才办", "6 more wanted 0 signed up; it takes at least 4"),
        ("46 46 word='W' tone='ok' note='N'", "W N", "W N"),
    ],
)
def test_the_state_of_the_places_is_a_word_before_it_is_a_picture(arguments, chinese, english):
    for language, expected in (("zh-hans", chinese), ("en", english)):
        with translation.override(language):
            assert words(rendered(f"{{% seats {arguments} %}}")) == expected


def test_a_note_on_the_places_is_marked_by_the_language_it_is_in():
    with translation.override("en"):
        computed, written = rendered("{% seats 0 6 least=4 %}"), rendered("{% seats 0 6 word='W' note='路面封闭' %}")
    assert "lang" not in computed
    assert '<span lang="zh-Hans">路面封闭</span>' in written


# --- names and words -------------------------------------------------------------------------------------------------


def test_a_badge_carries_its_name_for_those_who_do_not_see_it():
    html = rendered("{% party party %}", party=party(kind="merchants"))
    assert 'class="party merchants"' in html
    assert words(html) == "玉 玉祁社区"
    with translation.override("en"):
        assert words(rendered("{% party party %}", party=party())) == "玉 Yuqi community"
        assert '<span class="vh" lang="zh-Hans">玉祁社区</span>' in rendered(
            "{% party party %}", party=party(name_en="")
        )


def test_a_badge_and_an_emblem_have_the_code_of_their_kind():
    assert 'class="party school"' in rendered("{% party party %}", party=party(kind="school"))
    assert "#e-cleanup" in rendered("{% emblem 'cleanup' %}")


def test_one_party_alone_is_named_and_several_are_sewn_together():
    assert 'class="vh"' not in rendered("{% parties all %}", all=[party()])
    html = rendered("{% parties all most=2 %}", all=[party(), party(), party()])
    assert html.count('<span class="party') == 2
    assert "另有 1 家" in html
    assert "3 家一起" in rendered("{% parties all counted=True %}", all=[party(), party(), party()])


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        ("+8613812341234", "138****1234"),
        ("13812341234", "138****1234"),
        ("+44 20 7946 0958", "442****0958"),
        ("0510-8388", "****88"),
        ("110", "****"),
        ("", ""),
        (None, ""),
    ],
)
def test_a_masked_phone_cannot_be_dialled(number, masked):
    assert mask_phone(number) == masked


@pytest.mark.parametrize(
    ("number", "written"),
    [
        ("+8613812341234", "138 1234 1234"),
        ("13812341234", "138 1234 1234"),
        ("0510-83880000", "0510-83880000"),
        ("+442079460958", "+442079460958"),
        ("", ""),
        (None, ""),
    ],
)
def test_a_number_is_written_as_people_write_it(number, written):
    assert phone_words(number) == written


def test_a_thread_lies_under_the_number_of_a_heading():
    assert sewn_under(phrases("眼下有 16 场行动|还差人手"), 16) == (
        '<span class="ph">眼下有 <span class="wanted">16</span> 场行动</span><span class="ph">还差人手</span>'
    )
    assert sewn_under(phrases("名额都满了"), 0) == "名额都满了"


@pytest.mark.parametrize(
    ("title", "html"),
    [
        ("振祁路|夜间除雪防冻", '<span class="ph">振祁路</span><span class="ph">夜间除雪防冻</span>'),
        ("排水达标区验收，请居民来看", '<span class="ph">排水达标区验收，</span><span class="ph">请居民来看</span>'),
        ("Warm Orange: hot drinks", '<span class="ph">Warm Orange:</span> <span class="ph">hot drinks</span>'),
        ("夜间除雪防冻", "夜间除雪防冻"),
        ("收工！", "收工！"),
        ("a|<b>", '<span class="ph">a</span><span class="ph">&lt;b&gt;</span>'),
        ("<b>", "&lt;b&gt;"),
    ],
)
def test_a_title_breaks_at_its_phrases(title, html):
    assert phrases(title) == html
    assert "|" not in plain(title)


# --- nothing that people wrote is markup -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "source",
    [
        "{% state text %}",
        "{% tag text %}",
        "{% message text 'bad' %}",
        "{% empty_state text text '/x/' text %}",
        "{% seam_head text url=text more=text %}",
        "{% crumbs %}{% crumb text text %}{% endcrumbs %}",
        "{% patch 'sewn' title=text %}{{ text }}{% endpatch %}",
        "{% facts %}{% fact 'clock' text note=text %}{{ text }}{% endfact %}{% endfacts %}",
        "{% sheet text back=text %}{{ text }}{% endsheet %}",
        "{% confirm action=text ask=text button=text question=text %}{{ text }}{% endconfirm %}",
        "{% choice text text %}{{ text }}{% endchoice %}",
        "{% party party %}{% parties parties %}",
        "{% action_card card %}",
        "{% chips items label=text %}{% tabs items label=text %}{% figures items %}",
        "{% icon text %}{% symbol text text %}{% emblem text size=text %}",
        "{% seats 1 2 word=text tone=text note=text %}",
        "{{ text|phrases }}",
    ],
)
def test_what_people_wrote_stays_text(source):
    hostile = party(name=HOSTILE, short="<", kind=HOSTILE)
    card = dict.fromkeys(
        ("url", "title", "kind", "kind_label", "place", "mark", "word", "tone", "note", "lang"), HOSTILE
    )
    item = dict.fromkeys(("label", "url", "value", "unit", "tone", "count"), HOSTILE)
    html = rendered(
        source, text=HOSTILE, party=hostile, parties=[hostile], card=card | {"parties": [hostile]}, items=[item]
    )
    assert "alert(1)" in unescape(html)
    assert "<script" not in html
    assert "<img" not in html


# --- forms -----------------------------------------------------------------------------------------------------------


class Meeting(forms.Form):
    place = forms.CharField(label="Place", max_length=40, help_text="What people see")
    words = forms.CharField(label="Words", max_length=200, widget=forms.Textarea, required=False)
    way = forms.ChoiceField(label="Way", choices=[("foot", "On foot"), ("bus", "By bus")], widget=forms.RadioSelect)
    told = forms.BooleanField(label="Told", required=False)


def test_an_error_stands_beside_its_field_and_is_tied_to_it():
    form = Meeting({"place": "x" * 41, "words": HOSTILE})
    html = rendered(
        "{% error_summary form %}{% field form.place %}{% field form.words %}{% field form.way %}", form=form
    )
    described = re.search(r'<input[^>]*name="place"[^>]*aria-describedby="([^"]+)"', html)[1].split()
    assert described == ["id_place_error", "id_place_helptext", "id_place_left"]
    for name in described:
        assert html.count(f'id="{name}"') == 1
    assert re.search(r'<input[^>]*name="place"[^>]*aria-invalid="true"', html)
    assert 'href="#id_place"' in html
    assert 'href="#id_way"' in html
    assert html.count('id="id_way"') == 1
    # What was typed is still there, as text.
    assert "x" * 41 in html
    assert "<script" not in html


def test_a_form_without_errors_has_no_summary_and_says_what_may_be_left_out():
    html = rendered(
        "{% error_summary form %}{% field form.place %}{% field form.words %}{% field form.told %}", form=Meeting()
    )
    assert "error" not in html
    assert html.count("可不填") == 1
    assert 'maxlength="200"' in html
    assert "最多 200 字" in html


def test_the_errors_of_a_form_are_counted():
    assert words(rendered("{% error_summary form %}", form=Meeting({}))).startswith("有 2 处要改")
    with translation.override("en"):
        assert words(rendered("{% error_summary form %}", form=Meeting({"place": "x"}))).startswith("1 thing to change")


def test_the_second_thought_is_a_form_of_its_own_with_its_token():
    request = RequestFactory().get("/")
    template = engines["django"].from_string(
        '{% confirm action="/x/" ask="Call off" button="Yes" question="Sure?" %}<input name="why">{% endconfirm %}'
    )
    html = template.render({}, request)
    form = html[html.index("<form") : html.index("</form>")]
    assert 'action="/x/"' in form
    assert "csrfmiddlewaretoken" in form
    assert 'name="why"' in form


# --- finding one's way -----------------------------------------------------------------------------------------------


def test_the_pager_keeps_the_rest_of_the_address():
    request = RequestFactory().get("/actions/?kind=snow&page=2")
    template = engines["django"].from_string("{% pager page %}")
    html = unescape(template.render({"page": Paginator(range(60), 20).get_page(2)}, request))
    assert 'href="?kind=snow&page=1"' in html
    assert 'href="?kind=snow&page=3"' in html
    assert "第 2 页，共 3 页" in html
    several = engines["django"].from_string('{% pager page name="drafts" label="草稿" %}')
    html = unescape(several.render({"page": Paginator(range(60), 20).get_page(2)}, request))
    assert 'href="?kind=snow&page=2&drafts=3"' in html
    assert 'aria-label="草稿"' in html
    assert template.render({"page": Paginator(range(5), 20).get_page(1)}, request).strip() == ""


@pytest.mark.parametrize(
    ("path", "address", "current"),
    [
        ("/", "/", True),
        ("/actions/", "/", False),
        ("/actions/2026/x-1/", "/actions/", True),
        ("/desk/", "/actions/", False),
    ],
)
def test_the_navigation_knows_where_one_is(path, address, current):
    template = engines["django"].from_string("{% here address %}")
    html = template.render({"address": address}, RequestFactory().get(path))
    assert (html == ' aria-current="page"') is current


# --- error pages -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["400", "403", "404", "413", "429", "500", "503", "error"])
def test_an_error_page_stands_without_database_request_or_context(name):
    html = get_template(f"{name}.html").render()
    assert html.lstrip().startswith("<!doctype html>")
    assert re.search(r"<h1>[\u4e00-\u9fff，]+</h1>", html)
    assert re.search(r"data-error-sentence>[\u4e00-\u9fff]", html)
    assert '<html lang="zh-Hans" data-theme="auto" data-mode="standard">' in html
    assert "None" not in html


def test_an_error_page_says_the_answers_own_words():
    html = get_template("403.html").render({"title": "T", "sentence": HOSTILE, "request_id": "4f2a"})
    assert "<h1>T</h1>" in html
    assert "<script" not in html
    assert "4f2a" in html
    with translation.override("en"):
        english = get_template("404.html").render()
    assert '<html lang="en"' in english
    assert "<h1>There is nothing here</h1>" in english


# --- live ------------------------------------------------------------------------------------------------------------


def test_live_seats_hold_the_word_of_every_case_and_show_one():
    places = Seats.of_shift(4, 4, 2)
    html = rendered("{% seats 4 4 sayings=sayings live=True %}", sayings=sayings_of(places, sentences(has_line=True)))
    found = re.findall(r'data-case="(\w+)"(?: data-words="([^"]+)")?( hidden)?>([^<]+)<', html)
    assert found == [
        ("free", "还差 {free} 人", " hidden", "还差 0 人"),
        ("waiting", "已满，候补 {waiting} 人", "", "已满，候补 2 人"),
        ("full", "", " hidden", "已满，可候补"),
    ]
    assert 'data-words="已报 {taken} / {capacity}">已报 4 / 4<' in html


@pytest.mark.parametrize("capacity", [20, 200])
def test_a_live_row_keeps_room_for_what_one_stitch_stands_for(capacity):
    html = rendered("{% stitches 3 capacity live=True %}", capacity=capacity)
    assert 'data-each="一针约 {each} 人。"' in html
    assert (" hidden>" in html) == (capacity == 20)


# --- voices ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "marked"),
    [
        ("Decline 达娜?", 'Decline <span lang="zh-Hans">达娜</span>?'),
        ("雪停了，路通了。 Thanks", '<span lang="zh-Hans">雪停了，路通了。</span> Thanks'),
        ("Zhenqi Road", "Zhenqi Road"),
        ("2 号楼 & 3 号楼", '2 <span lang="zh-Hans">号楼</span> &amp; 3 <span lang="zh-Hans">号楼</span>'),
    ],
)
def test_chinese_among_english_words_is_marked(said: str, marked: str) -> None:
    with translation.override("en"):
        assert voiced(said) == marked
    assert voiced(said) == said.replace("&", "&amp;")


def test_a_mark_keeps_what_is_hostile_harmless_and_what_is_ours() -> None:
    with translation.override("en"):
        assert "<script" not in voiced(f"梅芳{HOSTILE}")
        one, other = ('<span lang="zh-Hans">扫雪，</span>', '<span lang="zh-Hans">一起</span>')
        assert voiced(phrases("扫雪，一起")) == f'<span class="ph">{one}</span><span class="ph">{other}</span>'
