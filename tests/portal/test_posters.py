"""Posters: what stands on them, that every character of it is drawn, and that nobody gets one of what is not public."""

import io
import struct
from collections.abc import Callable
from datetime import timedelta
from functools import cache
from itertools import combinations

import pytest
import segno
from django.test import Client
from django.utils import timezone
from django.utils.translation import override
from PIL import Image

from communities import describing, short_codes
from communities.models import Organisation
from communities.short_codes import Thing
from events import calling_off, publishing, shifts
from events.kinds import Kind
from events.models import Action, ActionPage, Party
from events.shifts import Hours
from portal.models import NoticePage
from portal.posters import action as action_posters
from portal.posters import notice as notice_posters
from portal.posters import sheet, typesetting
from portal.posters.drawing import Canvas
from portal.posters.tokens import colours
from portal.posters.typesetting import FONT, MISSING, lines_of, printable
from tests import cast
from tests.cast import Town, announced, draft, in_hours
from tests.journeys.views import LONG_TITLE
from tests.reading import page

ADDRESS = "http://testserver/q/A1F"
URO = "".join(map(chr, range(0x4E00, 0xA000)))
GB2312 = "".join(
    character
    for high in range(0xA1, 0xFE)
    for low in range(0xA1, 0xFF)
    for character in [bytes((high, low)).decode("gb2312", "ignore")]
)
HOSTILE = "\u200b\u202e👨‍👩‍👧🎉\ufe0f\U0002a6d6\U00030000한글Привет\ud7ff\ue000\ufffd\uffff\x00\x07e\u0301①②\U0001f1e8\U0001f1f3ⅣⒶ"


@cache
def in_font() -> frozenset[int]:
    """The code points that the font's own table lists (cmap, format 12), read without the code under test."""
    held = FONT.read_bytes()
    tables = {
        held[at : at + 4]: struct.unpack(">II", held[at + 8 : at + 16])
        for at in range(12, 12 + 16 * struct.unpack(">H", held[4:6])[0], 16)
    }
    start, _ = tables[b"cmap"]
    for record in range(struct.unpack(">H", held[start + 2 : start + 4])[0]):
        (offset,) = struct.unpack(">I", held[start + 8 + record * 8 : start + 12 + record * 8])
        begin = start + offset
        if struct.unpack(">H", held[begin : begin + 2])[0] == 12:
            (groups,) = struct.unpack(">I", held[begin + 12 : begin + 16])
            spans = struct.iter_unpack(">III", held[begin + 16 : begin + 16 + 12 * groups])
            return frozenset(point for first, last, _ in spans for point in range(first, last + 1))
    raise AssertionError("no table of all planes")


TITLES = ["扫雪", "二区楼道口清扫", LONG_TITLE, "冬季第一场大雪后人行道" * 14, HOSTILE, "🎉", "Snow " * 32, "x" * 90]
FAR = "芙蓉社区北侧老年活动中心一楼进门左手边第二间会议室"


def days(count: int) -> list[Hours]:
    return [in_hours(72 + 24 * day) for day in range(count)]


def nights(count: int) -> list[Hours]:
    """Past midnight: each names two days."""
    evening = timezone.localtime(timezone.now() + timedelta(days=3)).replace(hour=23, minute=0, second=0, microsecond=0)
    starts = [evening + timedelta(days=night) for night in range(count)]
    return [Hours(start, start + timedelta(hours=2), 10, 1, "") for start in starts]


# --- type --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", [URO, GB2312, HOSTILE], ids=["URO", "GB 2312", "hostile"])
def test_no_character_is_drawn_that_the_font_lacks(text: str) -> None:
    set_text = printable(text)
    assert set_text
    assert {ord(character) for character in set_text} <= in_font()
    # The twin: as it came, it would not do.
    assert any(ord(character) not in in_font() for character in text) == (text is not GB2312)


def test_the_font_has_every_character_that_is_in_use(town: Town) -> None:
    root = typesetting.FONT.parents[2]
    texts = [
        *(file.read_text("utf-8") for file in [*root.glob("portal/demo/*.py"), *root.glob("*/demo.py")]),
        *ActionPage.objects.values_list("title", flat=True),
        *NoticePage.objects.values_list("title", flat=True),
        *Action.objects.values_list("place", flat=True),
        *Organisation.objects.values_list("name", flat=True),
    ]
    assert MISSING not in printable("".join(texts))
    assert printable(GB2312).count(MISSING) == GB2312.count(MISSING) == 1
    assert len(set(URO) - {chr(point) for point in in_font()}) == 16  # the ones that came into the block last


def test_emoji_are_dropped_and_a_letter_that_is_missing_is_marked() -> None:
    assert printable("🎉 扫雪\u200b 👨‍👩‍👧 去\U00030000！") == f"扫雪 去{MISSING}！"
    assert printable("e\u0301 Привет 한") == f"é Привет {MISSING}"
    assert printable("🎉") == ""


def test_an_author_says_where_a_title_breaks() -> None:
    assert lines_of("振祁路|夜间除雪", size=100, width=500, most=3) == ["振祁路", "夜间除雪"]
    assert lines_of("振祁路|除雪", size=100, width=600, most=3) == ["振祁路除雪"]


@pytest.mark.parametrize(
    ("width", "lines"),
    [
        (550, ["二区楼道口", "清扫"]),
        (750, ["校门口", "商户恳谈会"]),
        (800, ["口袋公园", "施工现场看一看"]),
        (800, ["湖西路工地", "扬尘联合巡查"]),
        (850, ["振祁路夜间", "除雪防冻"]),
        (800, ["11月30日 周一", "04:53–06:53"]),
        (600, ["11月30日", "周一", "04:53–06:53"]),
    ],
)
def test_a_line_ends_within_no_word(width: int, lines: list[str]) -> None:
    title = (" " if ":" in lines[-1] else "").join(lines)
    setting = typesetting.setting_of(title, size=100, width=width, most=9)
    assert setting == (lines, True, True)


def test_a_word_that_had_to_be_broken_is_owned_up_to() -> None:
    assert not typesetting.setting_of("口袋公园施工现场", size=100, width=350, most=9).keeps_words
    one_too_long = typesetting.setting_of("清扫 " + "x" * 30, size=100, width=500, most=9)
    assert not one_too_long.keeps_words
    assert one_too_long.lines[0].startswith("清扫")
    assert not typesetting.setting_of("清扫日" * 9, size=100, width=700, most=2).is_whole


@pytest.mark.parametrize("width", range(400, 1000, 25))
def test_no_line_begins_or_ends_with_the_wrong_sign_or_is_a_lone_character(width: int) -> None:
    title = "“聚力暖橙”热饮点（海瑞路）值守：早上好，请喝茶！扫雪、清障、劝导，人人都来。"
    lines = lines_of(title, size=96, width=width, most=99)
    assert "".join(lines) == title
    for line in lines:
        assert line[0] not in "，。、；：？！）》」』”’…"
        assert line[-1] not in "（《「『“‘"
        assert len(line) > 1
        assert typesetting.font(96).getlength(line) <= width


def test_words_and_hours_stay_whole_and_what_is_too_long_ends_in_dots() -> None:
    assert lines_of("19:00–21:00 Clearing snow", size=60, width=500, most=3) == ["19:00–21:00", "Clearing snow"]
    assert lines_of("清扫" * 20, size=100, width=500, most=2)[-1].endswith("…")
    assert "".join(lines_of("x" * 60, size=100, width=500, most=99)) == "x" * 60


# --- the picture -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize(("when", "count"), [(days, 1), (days, 2), (days, 3), (days, 12), (nights, 2), (nights, 3)])
def test_who_invites_when_where_and_the_code_are_there_whatever_else_is_said(
    town: Town, when: Callable[[int], list[Hours]], count: int, language: str
) -> None:
    hours = when(count)
    alone = announced(town, *hours, place="湖西路", meeting_point="湖西路北口")
    together = announced(town, *hours, kind="care", place=FAR, meeting_point=f"{FAR}东门", bring="手套" * 40)
    join(together, town.school, town.enterprise, town.group, town.chengguan)
    off = announced(town, *hours, kind="care")
    join(off, town.school)
    calling_off.call_off(action=off, by=town.mei, reason="大风")
    with override(language):
        for action, place in ((alone, "湖西路北口"), (together, FAR[:8]), (off, "湖西路北口")):
            action.refresh_from_db()
            made = action_posters.sheet_of(action, address=ADDRESS)
            said = [squeezed(fact.said) for fact in made.facts if fact.icon == "clock"]
            host = "玉祁社区" if language == "zh-hans" else "YuqiCommunity"
            for title in TITLES:
                canvas = sheet.laid_out(sheet_with(made, title))
                assert_in_order(canvas)
                there = below_the_title(canvas)
                for word in (*said, place, host, "testserver/q/A1F", squeezed(made.stamp)):
                    assert word in there, (title, word, there)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("title", TITLES)
def test_the_poster_of_a_notice_says_who_issued_it_and_when_whatever_else(
    town: Town, title: str, language: str
) -> None:
    issuer = "玉祁街道城市管理综合行政执法局与住房和城乡建设管理办公室"
    notice = cast.notice(town, summary="请把车停进车位，给除雪车让路。" * 12, issuer=issuer)
    with override(language):
        made = notice_posters.sheet_of(notice, address=ADDRESS)
    canvas = sheet.laid_out(sheet_with(made, title))
    assert_in_order(canvas)
    there = below_the_title(canvas)
    for word in (issuer, squeezed(made.facts[1].text), "请把车停进车位", "testserver/q/A1F"):
        assert word in there, word


def test_what_lies_upon_another_is_noticed(town: Town) -> None:
    canvas = sheet.laid_out(action_posters.sheet_of(announced(town), address=ADDRESS))
    assert_in_order(canvas)
    canvas.write((200, 1600), "一行落在码上的字", 50, "ink")
    with pytest.raises(AssertionError):
        assert_in_order(canvas)


def test_a_title_gives_way_before_anything_that_must_be_said(town: Town) -> None:
    action = announced(town, *days(3))
    join(action, town.school, town.enterprise)
    with override("zh-hans"):
        made = action_posters.sheet_of(action, address=ADDRESS)
    sizes = [sheet._title(sheet_with(made, title)) for title in ("扫雪", "二区楼道口清扫", LONG_TITLE, LONG_TITLE * 3)]
    assert [size for size, _ in sizes] == sorted((size for size, _ in sizes), reverse=True)
    assert "".join(sizes[2][1]) == LONG_TITLE
    assert sizes[3][1][-1].endswith("…")


@pytest.mark.parametrize("title", TITLES)
def test_the_code_is_whole_under_every_title(town: Town, title: str) -> None:
    with override("zh-hans"):
        made = action_posters.sheet_of(announced(town, *days(3)), address=ADDRESS)
    picture = opened(sheet.draw(sheet_with(made, title)))
    assert picture.size == (1080, 1920)
    assert_code(picture, ADDRESS)


@pytest.mark.parametrize("kind", Kind.values)
def test_every_kind_has_its_emblem(town: Town, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    sewn: list[str] = []
    monkeypatch.setattr(Canvas, "symbol", lambda _canvas, name, *_rest, **_colours: sewn.append(name))
    with override("zh-hans"):
        sheet.draw(action_posters.sheet_of(announced(town, kind=kind), address=ADDRESS))
    assert sewn.count(sewn[0]) == 2
    assert (sewn[0] == "e-other") == (kind == "other")


def test_it_says_what_stays_true(town: Town, visitor: Client) -> None:
    action = announced(town, in_hours(20, capacity=7), place="海瑞路", meeting_point="水果店旁", bring="手套")
    said = alt(visitor, f"/share/actions/{action.pk}/")
    for word in (
        action.page.title,
        "海瑞路",
        "水果店旁",
        "手套",
        "玉祁社区",
        "7",
        f"/q/{short_codes.code_of(Thing.ACTION, action.pk)}",
    ):
        assert word in said, word
    day = timezone.localtime(action.starts_at)
    assert f"{day.month}月{day.day}日" in said
    assert not {"今", "明"} & set(said.split("月")[0][-12:])
    cast.sign_up(town.zhou, action.shifts.get())
    assert alt(visitor, f"/share/actions/{action.pk}/") == said  # no sign-up makes a poster wrong


def test_one_that_is_called_off_says_so_and_a_demonstration_too(town: Town, visitor: Client, settings: object) -> None:
    action = announced(town)
    assert "已叫停" not in alt(visitor, f"/share/actions/{action.pk}/")
    calling_off.call_off(action=action, by=town.mei, reason="大风")
    said = alt(visitor, f"/share/actions/{action.pk}/")
    assert said.startswith("演示 · 已叫停 · ")
    settings.SITE_FACTS = {**settings.SITE_FACTS, "operator": "某街道办事处"}
    assert "演示" not in alt(visitor, f"/share/actions/{action.pk}/")


def test_what_the_code_is_good_for_depends_on_how_it_stands(town: Town) -> None:
    ahead, off, over = (announced(town, bring="水杯") for _ in range(3))
    calling_off.call_off(action=off, by=town.mei, reason="大风")
    cast.put_back(over, timedelta(days=30))
    with override("en"):
        made = [action_posters.sheet_of(Action.objects.get(pk=each.pk), address=ADDRESS) for each in (ahead, off, over)]
    assert [each.call for each in made] == ["Scan to sign up", "Scan to see why", "Scan to see how it went"]
    hands = [{"hand", "box"} & {fact.icon for fact in each.facts} for each in made]
    assert hands == [{"hand", "box"}, set(), set()]


def test_the_code_on_it_leads_to_the_page(town: Town, visitor: Client) -> None:
    action = announced(town)
    picture = opened(visitor.get(f"/posters/actions/{action.pk}.png").content)
    address = f"http://testserver{short_codes.path_of(Thing.ACTION, action.pk)}"
    assert_code(picture, address)
    assert visitor.get(address)["Location"] == action.get_absolute_url()


def test_its_colours_are_those_of_the_light_look(town: Town, visitor: Client) -> None:
    picture = opened(visitor.get(f"/posters/actions/{announced(town).pk}.png").content)
    assert "#{:02x}{:02x}{:02x}".format(*picture.getpixel((8, 8))) == colours()["brand"]
    assert "#{:02x}{:02x}{:02x}".format(*picture.getpixel((8, 1900))) == colours()["paper"]


# --- who gets it -------------------------------------------------------------------------------------------------------


def test_a_draft_has_no_poster_until_it_is_announced(town: Town, visitor: Client) -> None:
    action, notice = draft(town), cast.notice_draft(town)
    coordinator = Client()
    coordinator.force_login(town.mei)
    addresses = [
        f"/posters/actions/{action.pk}.png",
        f"/share/actions/{action.pk}/",
        f"/posters/notices/{notice.pk}.png",
        f"/share/notices/{notice.pk}/",
    ]
    for who in (visitor, coordinator):
        assert {who.get(address).status_code for address in addresses} == {404}
    shifts.add(action=action, hours=in_hours(72), by=town.mei)
    publishing.announce(action=action, by=town.mei)
    notice.get_latest_revision().publish()
    assert {visitor.get(address).status_code for address in addresses} == {200}


def test_it_is_kept_until_it_changes(town: Town, visitor: Client) -> None:
    address = f"/posters/actions/{announced(town).pk}.png"
    first = visitor.get(address)
    assert first["Content-Type"] == "image/png"
    assert first["Cache-Control"] == "public, no-cache"
    assert visitor.get(address, headers={"if-none-match": first["ETag"]}).status_code == 304
    english = visitor.get(address, headers={"accept-language": "en"})
    assert english["ETag"] != first["ETag"]
    assert "Accept-Language" in english["Vary"]


def test_a_group_that_opens_it_costs_one_drawing(town: Town, visitor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[str] = []

    def counted(what: sheet.Sheet) -> bytes:
        drawn.append(what.title)
        return b"picture"

    monkeypatch.setattr(sheet, "draw", counted)
    action = announced(town, in_hours(30), title="一群人同时打开的海报")
    address = f"/posters/actions/{action.pk}.png"
    assert {visitor.get(address).content for _ in range(3)} == {b"picture"}
    assert len(drawn) == 1
    calling_off.call_off(action=action, reason="雪停了", by=town.mei)
    visitor.get(address)
    assert len(drawn) == 2


def test_the_page_shows_it_and_leads_back(town: Town, visitor: Client) -> None:
    notice = cast.notice(town)
    shown = page(visitor.get(f"/share/notices/{notice.pk}/")).main
    picture = shown.select_one("img")
    assert (picture["src"], picture["width"], picture["height"]) == (
        f"/posters/notices/{notice.pk}.png",
        "1080",
        "1920",
    )
    assert "loading" not in picture.attrs
    assert notice.title in picture["alt"]
    short = f"http://testserver{short_codes.path_of(Thing.NOTICE, notice.pk)}"
    assert shown.select_one("copy-text input")["value"] == short
    assert shown.select_one("a.go")["href"] == notice.url
    assert page(visitor.get(notice.url)).select(f'a[href="/share/notices/{notice.pk}/"]')


def test_an_organisation_has_one_for_its_notice_board(town: Town, visitor: Client) -> None:
    describing.describe(
        organisation=town.yuqi,
        by=town.mei,
        name_en="Yuqi Community",
        phone="0510-83880000",
        intro="服务二区、三区四千户居民。",
        intro_en="",
    )
    shown = page(visitor.get(f"/share/organisations/{town.yuqi.pk}/", headers={"accept-language": "zh-hans"})).main
    said = shown.select_one("img.poster")["alt"]
    code = short_codes.path_of(Thing.ORGANISATION, town.yuqi.pk)
    for word in ("玉祁社区", "社区", "0510-83880000", "服务二区、三区四千户居民。", code):
        assert word in said, word
    assert shown.select_one("copy-text input")["value"] == f"http://testserver{code}"
    section = town.yuqi.section.url
    assert shown.select_one("a.go")["href"] == section
    assert page(visitor.get(section)).select(f'a[href="/share/organisations/{town.yuqi.pk}/"]')
    assert_code(opened(visitor.get(shown.select_one("img.poster")["src"]).content), f"http://testserver{code}")


def test_an_organisation_whose_page_is_hidden_has_none(town: Town, visitor: Client) -> None:
    addresses = [f"/posters/organisations/{town.yuqi.pk}.png", f"/share/organisations/{town.yuqi.pk}/"]
    assert {visitor.get(address).status_code for address in addresses} == {200}
    town.yuqi.section.unpublish()
    assert {visitor.get(address).status_code for address in addresses} == {404}
    assert visitor.get("/share/organisations/999999/").status_code == 404


def alt(client: Client, address: str) -> str:
    return page(client.get(address, headers={"accept-language": "zh-hans"})).select_one("img.poster")["alt"]


def opened(picture: bytes) -> Image.Image:
    return Image.open(io.BytesIO(picture)).convert("RGB")


def sheet_with(made: sheet.Sheet, title: str) -> sheet.Sheet:
    return sheet.replace(made, title=title)


def join(action: Action, *organisations: Organisation) -> None:
    for organisation in organisations:
        Party.objects.create(
            action=action,
            organisation=organisation,
            state=Party.State.JOINED,
            invited_by=action.made_by,
            answered_by=action.made_by,
            answered_at=timezone.now(),
        )


def squeezed(text: str) -> str:
    return "".join(text.split())


def below_the_title(canvas: Canvas) -> str:
    """What is said besides the title, which may name the same people."""
    return squeezed("".join(words.text for words in canvas.words if words.colour != colours()["on-brand"]))


def assert_in_order(canvas: Canvas) -> None:
    """All of it lies on the sheet, nothing upon another, and no type is too small to read on a phone."""
    _ground, *symbols = canvas.symbols  # the emblem in the cloth lies below the title
    (code,) = canvas.codes
    boxes = (
        [(words.text, words.box) for words in canvas.words] + [("symbol", box) for box in symbols] + [("code", code)]
    )
    for what, box in boxes:
        assert box.left >= 0, what
        assert box.right <= 1080 - 26, what
        assert box.top >= 0, what
        assert box.bottom <= 1920, what
    for (one, here), (other, there) in combinations(boxes, 2):
        assert not here.meets(there), (one, other)
    assert all(words.size >= 44 for words in canvas.words)


def assert_code(picture: Image.Image, address: str) -> None:
    """Every module of the code and of its quiet zone is as it should be, read in its middle."""
    modules = [list(row) for row in segno.make(address, error="m", micro=False).matrix_iter(border=4)]
    module = sheet.CODE // len(modules)
    left, top = sheet.MARGIN + 18, sheet.CARD_TOP + 18
    for y, row in enumerate(modules):
        for x, is_dark in enumerate(row):
            middle = (left + x * module + module // 2, top + y * module + module // 2)
            assert picture.getpixel(middle) == ((0, 0, 0) if is_dark else (255, 255, 255))
