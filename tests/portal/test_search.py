"""The page to search with: what is found, in which order, what is shown of it, and what must not be."""

import json
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page, PageViewRestriction
from wagtail.search.backends import get_search_backend
from wagtail.search.index import insert_or_update_object
from wagtail.search.models import IndexEntry
from wagtail.search.query import Phrase, PlainText

from communities.models import Organisation, OrganisationPage
from events import publishing as actions
from events.models import ActionPage
from portal import searchbackend, searching
from portal.models import HomePage, NoticeIndexPage, NoticePage, PageText, StandardPage
from tests import cast
from tests.cast import Town, announced, draft
from tests.reading import Answer, page, sent, words

DAY = datetime(2026, 3, 1, tzinfo=UTC)


def notice(
    organisation: Organisation, title: str, body: str = "", *, live: bool = True, **fields: object
) -> NoticePage:
    index = NoticeIndexPage.objects.child_of(organisation.section).get()
    blocks = [{"type": "paragraph", "value": body}] if body else []
    fields.setdefault("summary", "摘要。")
    made = NoticePage(title=title, slug=f"n-{Page.objects.count()}", live=False, body=json.dumps(blocks), **fields)
    index.add_child(instance=made)
    if live:
        made.save_revision().publish()
        made.refresh_from_db()
    return made


def standard(title: str, body: str = "") -> StandardPage:
    made = StandardPage(title=title, slug=f"s-{Page.objects.count()}", live=False)
    made.body = json.dumps([{"type": "paragraph", "value": body}] if body else [])
    HomePage.objects.get().add_child(instance=made)
    made.save_revision().publish()
    return made


def published_on(made: Page, days: int) -> None:
    """So many days after the first of March."""
    Page.objects.filter(pk=made.pk).update(first_published_at=DAY + timedelta(days=days))


def ask(typed: str, **more: str) -> Answer:
    return Client().get("/search/", {"q": typed, **more})


def found(typed: str, **more: str) -> list[str]:
    """The titles of the pages on the page of results, from the top; places of the net stand before them."""
    return [words(title) for title in page(ask(typed, **more)).select("ol .found-title")]


# --- what is found -----------------------------------------------------------------------------------------------------


def test_a_word_in_the_middle_of_a_sentence(town: Town) -> None:
    notice(town.yuqi, "冬季安排", "<p>本月起对沿街<b>绿化</b>带进行补种，请勿踩踏。</p>")
    for typed in ("绿化带", "街绿化带进", "补种", "请勿踩踏", "本月起对沿街绿化带进行补种"):
        assert found(typed) == ["冬季安排"], typed
    assert found("化带补") == []


def test_every_part_of_a_page_is_searched(town: Town) -> None:
    blocks = [
        {"type": "heading", "value": "小标题甲"},
        {"type": "facts", "value": [{"type": "item", "value": {"name": "时段", "value": "凌晨作业"}}]},
        {"type": "callout", "value": {"title": "提醒您", "text": "<p>贵重物品</p>"}},
    ]
    made = notice(
        town.yuqi,
        "停水",
        summary="检修管网。",
        meaning="请提前储水。",
        document_number="玉社〔2026〕12号",
        title_en="Water off",
        summary_en="Pipes are mended",
    )
    made.body = json.dumps(blocks)
    made.save_revision().publish()
    for typed in (
        *("检修管网", "提前储水", "小标题甲", "时段", "凌晨作业", "提醒您", "贵重物品", "玉祁社区", "WATER", "pipes"),
        *("玉社〔2026〕12号", "2026", "〔2026〕12号", "Yuqi community"),
    ):
        assert "停水" in found(typed) or "Water off" in found(typed), typed


def test_actions_organisations_and_pages(town: Town) -> None:
    announced(town, title="清扫日", summary="一起扫。", place="东塘河南岸")
    Organisation.objects.get(pk=town.school.pk)
    section = OrganisationPage.objects.get(pk=town.school.section_id)
    section.intro = "我们爱种向日葵。"
    section.save_revision().publish()
    standard("关于本站", "<p>站务咨询请打电话。</p>")
    assert found("塘河南") == ["清扫日"]
    assert found("向日葵") == ["示范初级中学"]
    assert found("站务咨询") == ["关于本站"]
    assert found("示范初级") == ["示范初级中学"]


def test_several_words_are_all_there_in_any_order(town: Town) -> None:
    notice(town.yuqi, "甲号", "<p>志愿者清洁楼道。</p>")
    notice(town.yuqi, "乙号", "<p>志愿者浇花。</p>")
    assert found("楼道 志愿者") == found("志愿者　楼道") == ["甲号"]
    assert sorted(found("志愿者")) == ["乙号", "甲号"]
    assert found("志愿者 不存在词") == []


def test_one_character_is_looked_for_in_titles(town: Town) -> None:
    notice(town.yuqi, "除雪通知")
    notice(town.yuqi, "别的通知", "<p>雪天路滑。</p>")
    assert found("雪") == ["除雪通知"]
    assert found("雪 通知") == ["除雪通知"]
    assert found("雪 路滑") == []


def test_forms_of_one_letter_are_one(town: Town) -> None:
    notice(town.yuqi, "停车", "<p>ＡＰＰ缴费，第１２号车位；Straße、㈱。</p>")
    for typed in ("app", "APP缴费", "ａｐｐ", "第12号车位", "STRASSE", "缴费(株)"):
        assert found(typed) == ["停车"], typed
    notice(town.yuqi, "楼号", "<p>请到第 12 号楼。</p>")
    assert found("第12号楼") == ["楼号"]


def test_words_of_letters_and_digits_are_found_whole(town: Town) -> None:
    notice(town.yuqi, "一百二十", "<p>共120户，seamstresses。</p>")
    assert found("120户") == ["一百二十"]
    assert found("20户") == found("12") == found("seam") == []
    assert found("Seamstresses") == ["一百二十"]


def test_rare_characters_are_characters(town: Town) -> None:
    notice(town.yuqi, "地名", "<p>𬱖家浜二〇二六年佐々木。</p>")
    for typed in ("𬱖家", "𬱖家浜", "二〇二六", "佐々木"):
        assert found(typed) == ["地名"], typed


# --- in which order ----------------------------------------------------------------------------------------------------


@pytest.fixture
def five(town: Town) -> Town:
    for title, body, days in (
        ("早的", "路灯检修", 1),
        ("路灯检修预告", "", 2),
        ("晚的", "路灯检修", 9),
        ("又见路灯检修", "", 5),
        ("中间的", "路灯检修", 6),
    ):
        published_on(notice(town.yuqi, title, f"<p>{body}</p>" if body else ""), days)
    return town


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("路灯检修", ["又见路灯检修", "路灯检修预告", "晚的", "中间的", "早的"]),
        ("检修 路灯", ["又见路灯检修", "路灯检修预告", "晚的", "中间的", "早的"]),
        ("路灯检修 预告", ["路灯检修预告"]),
        ("的", ["晚的", "中间的", "早的"]),
        ("灯检", ["又见路灯检修", "路灯检修预告", "晚的", "中间的", "早的"]),
    ],
)
@pytest.mark.usefixtures("five")
def test_titles_first_then_the_newest_on_both_databases(typed: str, expected: list[str]) -> None:
    assert found(typed) == expected


@pytest.mark.usefixtures("five")
def test_at_the_same_moment_the_later_page_comes_first() -> None:
    NoticePage.objects.update(first_published_at=DAY)
    newest = list(NoticePage.objects.order_by("-pk").values_list("title", flat=True))
    in_title = [title for title in newest if "路灯" in title]
    assert found("路灯检修") == in_title + [title for title in newest if title not in in_title]


# --- filters and pages -------------------------------------------------------------------------------------------------


def test_filters(town: Town) -> None:
    published_on(notice(town.yuqi, "公告里的花坛"), 0)
    published_on(notice(town.school, "学校的花坛"), -200)
    published_on(announced(town, title="行动里的花坛").page, 1)
    published_on(standard("页面里的花坛"), 2)
    assert len(found("花坛")) == 4
    assert found("花坛", kind="notice") == ["公告里的花坛", "学校的花坛"]
    assert found("花坛", kind="action") == ["行动里的花坛"]
    assert found("花坛", kind="page") == ["页面里的花坛"]
    assert found("花坛", kind="organisation") == []
    assert found("花坛", of=town.school.slug) == ["学校的花坛"]
    assert found("花坛", year="2025") == ["学校的花坛"]
    assert found("花坛", of=town.school.slug, year="2026") == []
    assert found("花坛", kind="nonsense", of="nonsense", year="x") == found("花坛")
    assert found("花坛", year="9" * 30) == found("花坛")
    years = [option["value"] for option in page(ask("花坛", year="2025")).select("#year option")]
    assert years == ["", "2026", "2025"]


def test_pages_by_link(town: Town) -> None:
    for number in range(23):
        published_on(notice(town.yuqi, f"第{number}期简报"), number)
    first = ask("简报", kind="notice")
    assert len(found("简报")) == 20
    following = page(first).select_one("a[rel=next]")["href"]
    assert "kind=notice" in following
    second = page(Client().get(f"/search/{following}"))
    assert [words(title) for title in second.select(".found-title")] == ["第2期简报", "第1期简报", "第0期简报"]
    assert len(page(ask("简报", page="x")).select(".found")) == 20
    assert len(page(ask("简报", page="99")).select(".found")) == 3


# --- what is shown -----------------------------------------------------------------------------------------------------


def marks(typed: str) -> list[str]:
    return [words(mark) for mark in page(ask(typed)).select("mark")]


def test_hits_are_marked_in_the_text_as_it_was_written(town: Town) -> None:
    long = "前面的话。" * 40
    notice(town.yuqi, "停车须知", f"<p>{long}请用ＡＰＰ缴费，第 12 号车位除外。{long}</p>")
    assert marks("app缴费") == ["ＡＰＰ缴费"]
    assert marks("第12号车位") == ["第 12 号车位"]
    assert marks("停车 缴费") == ["停车", "缴费"]
    (line,) = page(ask("app缴费")).select(".found-text")
    assert words(line) == words(line).strip()
    assert words(line).startswith("…请用ＡＰＰ缴费")
    assert words(line).endswith("…")
    assert len(words(line)) < 120


def test_of_thousands_of_hits_those_that_stand_together_are_shown(town: Town) -> None:
    notice(town.yuqi, "很长的一份", f"<p>{'路面不平。' * 2000}路面边上补种绿化带。{'路面不平。' * 2000}</p>")
    (line,) = page(ask("绿化带 路面")).select(".found-text")
    assert {words(mark) for mark in line.select("mark")} == {"路面", "绿化带"}
    assert len(words(line)) < 120


def test_a_hit_that_is_only_in_the_title_shows_how_the_page_begins(town: Town) -> None:
    notice(town.yuqi, "停车须知", "<p>正文。</p>", summary="先看这一句。")
    answer = page(ask("停车须知"))
    assert words(answer.select_one(".found-title mark")) == "停车须知"
    assert words(answer.select_one(".found-text")) == "先看这一句。"
    assert not answer.select(".found-text mark")


ATTACK = "<script>alert(1)</script><img src=x onerror=alert(1)>"


def test_nothing_typed_or_written_becomes_markup(town: Town) -> None:
    notice(town.yuqi, f"标题{ATTACK}", f"<p>正文{ATTACK.replace('<', '&lt;')}结尾</p>", summary=f"{ATTACK}摘要")
    for typed in ("标题", "alert", "script", "正文", f"标题 {ATTACK}", '"><b>标题'):
        answer = ask(typed)
        assert answer.status_code == 200
        assert "<script>alert" not in answer.content.decode()
        main_part = sent(answer).main
        assert not main_part.select("img, script, b, [onerror]")
    (title,) = page(ask("alert")).select(".found-title")
    assert "<script>alert(1)</script>" in unescape(title.get_text())
    assert {words(mark) for mark in title.select("mark")} == {"alert"}


@pytest.mark.parametrize(
    "typed",
    [
        *("'", '"', "%", "_", "\\", "*", "(", ")", "' OR 1=1 --", "a AND", "NOT", "NEAR(a b)", "{title}: 路", "^路灯"),
        *(
            "路灯*",
            "%路%",
            "路_灯",
            "\\路灯\\",
            "'路灯",
            '"路灯"',
            "路灯 OR",
            "!路灯",
            "路灯:*",
            "& | !",
            "<->",
            "­",
            "\u200b",
        ),
        *(
            "路灯\t检修",
            "😀",
            "١٢",
            "e\u0301",
            "ß" * 60,
            "路" * 500,
            " ".join("路灯" for _ in range(100)),
            "NULL",
            "--",
        ),
    ],
)
@pytest.mark.usefixtures("five")
def test_whatever_is_typed_is_answered(typed: str) -> None:
    answer = ask(typed)
    assert answer.status_code == 200
    if "路灯" in typed and "OR" not in typed:
        assert len(page(answer).select(".found")) == 5, typed


def test_what_cannot_be_text_is_refused(visitor: Client, town: Town) -> None:
    assert visitor.get("/search/?q=%00").status_code == 400
    assert visitor.get("/search/?q=%ff").status_code == 400
    assert visitor.post("/search/").status_code == 405


def test_a_long_query_is_cut_and_says_so(town: Town) -> None:
    notice(town.yuqi, "长句", f"<p>{'甲乙丙丁戊己庚辛壬癸' * 6}</p>")
    answer = ask("甲乙丙丁戊己庚辛壬癸" * 9)
    assert [words(title) for title in page(answer).select(".found-title")] == ["长句"]
    assert page(answer).select_one("#q")["value"] == "甲乙丙丁戊己庚辛壬癸" * 6
    assert len(page(answer).select(".main p.small")) > len(page(ask("长句")).select(".main p.small"))


def test_empty_states(visitor: Client, town: Town) -> None:
    empty = visitor.get("/search/")
    assert empty.status_code == 200
    assert not page(empty).select(".found, .empty, .chips")
    nothing = ask("查无此词")
    assert page(nothing).select_one(".empty a")["href"] == "/actions/"
    filtered = ask("玉祁", kind="page")
    assert page(filtered).select_one(".empty a")["href"].startswith("/search/?q=")
    assert not page(ask("！？")).select(".found, .empty")


# --- what must not be found --------------------------------------------------------------------------------------------

MARK = "暗号零七"


def test_what_is_not_public_is_not_found(town: Town, client: Client) -> None:
    notice(town.yuqi, f"草稿{MARK}", live=False)
    unpublished = notice(town.yuqi, f"撤下{MARK}")
    unpublished.unpublish()
    rewritten = notice(town.yuqi, "改过的公告", f"<p>{MARK}</p>")
    rewritten.body = json.dumps([])
    rewritten.save_revision().publish()
    later = notice(town.yuqi, "还没改的公告")
    later.title = f"下次{MARK}"
    later.save_revision()
    scheduled = notice(town.yuqi, f"定时{MARK}", live=False)
    scheduled.go_live_at = datetime.now(UTC) + timedelta(days=3)
    scheduled.save_revision().publish()
    draft(town, title=f"行动草稿{MARK}")
    too_early = draft(town, title=f"先上线{MARK}").page
    too_early.save_revision().publish()
    hidden = announced(town, title=f"撤下行动{MARK}").page
    hidden.unpublish()
    deleted = notice(town.yuqi, f"删掉{MARK}")
    deleted.delete()
    locked = standard(f"上锁{MARK}")
    PageViewRestriction.objects.create(page=locked, restriction_type="login")
    client.force_login(town.mei)
    assert found(MARK) == []
    assert MARK not in client.get("/search/", {"q": f"{MARK[:2]} {MARK[2:]}"}).content.decode().replace(
        f'value="{MARK[:2]} {MARK[2:]}"', ""
    )
    # The twin: each of them would be found if it were public.
    PageViewRestriction.objects.all().delete()
    assert found(MARK) == [f"上锁{MARK}"]


def test_a_hidden_section_hides_its_notices(town: Town) -> None:
    notice(town.school, f"校内{MARK}")
    notice(town.yuqi, f"社区{MARK}")
    assert len(found(MARK)) == 2
    OrganisationPage.objects.get(pk=town.school.section_id).unpublish()
    assert found(MARK) == [f"社区{MARK}"]
    assert found("示范初级中学", kind="organisation") == []
    OrganisationPage.objects.get(pk=town.school.section_id).save_revision().publish()
    assert len(found(MARK)) == 2


# --- when it is written ------------------------------------------------------------------------------------------------


def entries() -> int:
    return IndexEntry.objects.filter(content_type__model="pagetext").count()


def test_text_and_index_go_together(town: Town) -> None:
    before = entries()
    assert before == PageText.objects.count()
    made = notice(town.yuqi, "一份公告", "<p>内容。</p>")
    assert entries() == before + 1
    made.save_revision().publish()
    assert entries() == before + 1
    made.unpublish()
    assert entries() == PageText.objects.count() == before
    made.save_revision().publish()
    Page.objects.get(pk=made.pk).specific.delete()
    assert entries() == PageText.objects.count() == before


def test_an_announced_action_is_found_at_once_and_after_it_was_rewritten(town: Town) -> None:
    action = announced(town, title="河边清扫", place="东塘河")
    assert found("河边清") == ["河边清扫"]
    actions.revise(action=action, details=cast.details(title="河边清扫", place="西塘河"), by=town.mei)
    assert found("东塘河") == []
    assert found("西塘河") == ["河边清扫"]


def test_a_new_organisation_is_found_at_once(town: Town) -> None:
    from_start = Organisation.objects.count()
    assert len(found("示范")) == 2
    assert PageText.objects.filter(page__organisation__isnull=False).count() == from_start


def test_a_new_name_of_an_organisation_is_in_all_its_pages(town: Town) -> None:
    notice(town.yuqi, "一份公告")
    Organisation.objects.filter(pk=town.yuqi.pk).update(name="玉祁新社区")
    section = OrganisationPage.objects.get(pk=town.yuqi.section_id)
    section.title = "玉祁新社区"
    section.save_revision().publish()
    assert found("祁新社", kind="notice") == ["一份公告"]


def test_catching_up_on_a_site_that_was_there_before(town: Town) -> None:
    made = notice(town.yuqi, "一份公告", "<p>老内容。</p>")
    stale = notice(town.yuqi, "已经撤下")
    PageText.objects.all().delete()
    searching.catch_up()
    assert found("老内容") == ["一份公告"]
    assert entries() == PageText.objects.count()
    PageText.objects.filter(page=made).delete()
    Page.objects.filter(pk=stale.pk).update(live=False)
    searching.catch_up()
    assert found("老内容") == ["一份公告"]
    assert not PageText.objects.filter(page=stale).exists()


def test_the_command_makes_it_anew(town: Town, capsys: pytest.CaptureFixture[str]) -> None:
    notice(town.yuqi, "一份公告", "<p>老内容。</p>")
    PageText.objects.update(text="没有的话", title="没有的话")
    IndexEntry.objects.all().delete()
    call_command("search_index")
    assert found("老内容") == ["一份公告"]
    assert found("没有的话") == []
    assert str(PageText.objects.count()) in capsys.readouterr().out


def test_a_text_without_end_is_kept_from_its_beginning(town: Town) -> None:
    every = "".join(chr(0x4E00 + number) for number in range(20_000))
    notice(town.yuqi, "没完没了", f"<p>{every}{every[::-1]}</p>")
    assert found(every[10_000:10_008]) == ["没完没了"]
    assert found(every[5_000::-1][:8]) == []
    assert PageText.objects.get(title="没完没了").text[-1] in every


# --- the backend, and Wagtail's admin ----------------------------------------------------------------------------------


def test_cutting() -> None:
    def number(text: str) -> str:
        return "h" + "".join(f"{ord(letter):x}" for letter in text)

    assert searchbackend.cut("社区联，A区") == " ".join(
        [number("社区"), number("区联"), number("联"), "a", number("区")]
    )
    assert searchbackend.asked("社区联，A区") == " ".join([number("社区"), number("区联"), "a"])
    assert searchbackend.asked("网") == ""
    for text in ("社区联合 A12", "", "!!", "каша é ß"):
        assert searchbackend.cut(searchbackend.cut(text)) == searchbackend.cut(text)
        assert searchbackend.cut(text).isascii()


def test_queries_of_every_shape(town: Town) -> None:
    made = notice(town.yuqi, "环卫工人慰问", "<p>送去姜茶。</p>")
    insert_or_update_object(made)
    backend = get_search_backend()

    def titles(query: object, **options: object) -> set[str]:
        return {each.title for each in backend.search(query, NoticePage, **options)}

    for query in ("姜茶", "卫工", PlainText("工人 姜茶"), Phrase("送去姜茶"), PlainText("姜茶") & PlainText("慰问")):
        assert titles(query) == {"环卫工人慰问"}, query
    assert titles(PlainText("姜茶") & ~PlainText("慰问")) == set()
    assert titles(PlainText("姜茶") | PlainText("没有的")) == {"环卫工人慰问"}
    assert titles("姜茶 没有的") == set()
    assert titles("姜茶 没有的", operator="or") == {"环卫工人慰问"}
    assert titles("！！") == set()
    assert {each.title for each in backend.autocomplete("卫", NoticePage)} == {"环卫工人慰问"}
    assert {each.title for each in backend.autocomplete("人慰", NoticePage)} == {"环卫工人慰问"}


def test_another_database_is_refused() -> None:
    with pytest.raises(Exception, match="mysql"):
        searchbackend._backend_class("mysql")


def test_the_choosers_of_the_admin_find_a_word_in_the_middle(town: Town, client: Client) -> None:
    made = announced(town, title="背街里巷清扫").page
    insert_or_update_object(made)  # a worker does it on the site
    client.force_login(town.mei)

    def chosen_from(typed: str) -> str:
        return client.get("/admin/choose-page/search/", {"q": typed}).content.decode()

    for typed in ("里巷", "巷清扫", "巷"):
        assert "背街里巷清扫" in chosen_from(typed), typed
        assert "背街里巷清扫" in client.get("/admin/pages/search/", {"q": typed}).content.decode(), typed
    assert "背街里巷清扫" not in chosen_from("里清")


# --- how it is asked ---------------------------------------------------------------------------------------------------


def test_for_everybody_the_same(town: Town, client: Client) -> None:
    answer = ask("玉祁")
    assert answer["Cache-Control"] == "public, no-cache"
    assert not answer.cookies
    assert page(answer).select_one('meta[name="robots"]')["content"] == "noindex"
    client.force_login(town.mei)
    assert client.get("/search/", {"q": "玉祁"})["Cache-Control"] == "private, no-store"


def test_the_ways_to_it(visitor: Client, town: Town) -> None:
    home = page(visitor.get("/"))
    assert home.select_one('.head a[href="/search/"]')
    assert home.select_one('.main form[action="/search/"] [name="q"]')


def test_the_number_of_queries_does_not_grow(town: Town) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as made:
            assert len(page(ask("玉祁")).select(".found")) > 0
        return len(made)

    def one_of_each() -> None:
        notice(town.yuqi, "玉祁公告")
        announced(town, title="玉祁行动")
        standard("玉祁页面")

    one_of_each()
    queries()  # content types and site roots are remembered from now on
    few = queries()
    for _nth in range(4):
        one_of_each()
    assert queries() == few
    assert few < 40


def test_the_action_page_is_searched_in_its_own_words_only(town: Town) -> None:
    announced(town, title="清扫日", contact_name="暗号联系人", contact_phone="13900001122", risks="暗号风险")
    assert found("暗号") == []
    assert found("13900001122") == []
    assert ActionPage.objects.filter(live=True).exists()
