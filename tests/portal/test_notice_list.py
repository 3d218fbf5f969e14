"""The lists of notices: what stands there, in which order, and what never does."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from communities.models import Organisation
from portal.models import NoticePage
from portal.notice_list import TABS
from tests import cast
from tests.cast import Town
from tests.reading import Answer, page, titles, words

MARK = "geheimer-entwurf"
MORNING = timezone.make_aware(datetime(2026, 12, 5, 9, 0))


@pytest.fixture(autouse=True)
def _morning(time_machine: Any) -> None:
    """The test and the site mean the same day."""
    time_machine.move_to(MORNING, tick=False)


def ago(days: float) -> object:
    return timezone.now() - timedelta(days=days)


def links(answer: Answer, css: str) -> list[str]:
    return [str(link["href"]) for link in page(answer).select(css)]


def test_the_newest_first_and_the_pinned_on_top(town: Town, visitor: Client) -> None:
    cast.notice(town, title="旧的", on=ago(9))
    cast.notice(town, title="置顶的", on=ago(5), is_pinned=True)
    cast.notice(town, title="新的", on=ago(1), organisation=town.school, by=town.bo)
    answer = visitor.get("/notices/")
    assert titles(answer) == ["置顶的", "新的", "旧的"]
    assert [words(row).startswith("置顶") for row in page(answer).select(".notice-row")] == [True, False, False]
    assert answer["Cache-Control"] == "public, no-cache"


@pytest.mark.parametrize("fields", [{"validity": "repealed"}, {"valid_until": MORNING.date() - timedelta(days=1)}])
def test_what_no_longer_holds_is_not_kept_on_top(town: Town, visitor: Client, fields: dict[str, object]) -> None:
    cast.notice(town, title="过期的", on=ago(5), is_pinned=True, **fields)
    cast.notice(town, title="新的", on=ago(1))
    assert titles(visitor.get("/notices/")) == ["新的", "过期的"]


def test_a_row_says_whose_it_is_and_when(town: Town, visitor: Client) -> None:
    cast.notice(
        town, on=ago(400), document_number="玉城管〔2026〕12号", issuer="市政科", valid_until=timezone.localdate()
    )
    row = words(page(visitor.get("/notices/")).select_one(".notice-row"))
    then = timezone.localdate() - timedelta(days=400)
    for said in ("玉祁社区", "玉城管〔2026〕12号", "市政科", f"{then.month}月{then.day}日", str(then.year)):
        assert said in row


def test_every_kind_stands_under_one_tab() -> None:
    assert sorted(kind for kinds in TABS.values() for kind in kinds) == sorted(NoticePage.Kind)
    assert len(TABS) <= 5


def test_tabs_and_organisation(town: Town, visitor: Client) -> None:
    cast.notice(town, title="社区停水", kind="outage")
    cast.notice(town, title="社区新闻", kind="news")
    cast.notice(town, title="学校停水", kind="outage", organisation=town.school, by=town.bo)
    school = town.school.slug
    assert titles(visitor.get("/notices/?tab=works")) == ["学校停水", "社区停水"]
    assert titles(visitor.get(f"/notices/?by={school}")) == ["学校停水"]
    both = visitor.get(f"/notices/?tab=news&by={school}")
    assert titles(both) == []
    assert links(both, ".empty a") == ["/notices/"]
    assert links(both, ".tabs a[aria-current]") == [f"/notices/?tab=news&by={school}"]
    assert len(titles(visitor.get("/notices/?tab=x&by=nobody&page=x"))) == 3
    offered = page(visitor.get("/notices/")).select("#by option[value]")
    assert {option["value"] for option in offered} == {"", school, town.yuqi.slug}


def test_an_organisation_has_its_own_list(town: Town, visitor: Client) -> None:
    cast.notice(town, title="社区停水", kind="outage")
    cast.notice(town, title="学校停水", kind="outage", organisation=town.school, by=town.bo)
    address = f"{town.school.section.url}notices/"
    answer = visitor.get(address)
    assert titles(answer) == ["学校停水"]
    assert not page(answer).select("#by")
    assert links(answer, ".tabs a")[1].startswith(f"{address}?tab=")
    assert titles(visitor.get(f"{address}?tab=news&by={town.yuqi.slug}")) == []
    assert titles(visitor.get(f"{town.chengguan.section.url}notices/")) == []


def test_drafts_and_hidden_ones_stand_nowhere(town: Town) -> None:
    cast.notice_draft(town, title=MARK, summary=MARK)
    offline = cast.notice(town, title=MARK, summary=MARK, is_pinned=True, kind="warning")
    NoticePage.objects.get(pk=offline.pk).unpublish()
    cast.notice(town, title=MARK, organisation=town.school, by=town.bo)
    town.school.section.specific.unpublish()
    everywhere = ["/", "/notices/", "/updates/", "/api/v1/notices/"]
    own = [town.yuqi.section.url, f"{town.yuqi.section.url}notices/"]
    for person in (None, town.mei, town.admin):
        client = Client()
        if person:
            client.force_login(person)
        for place in everywhere + own:
            answer = client.get(place)
            assert answer.status_code == 200
            assert MARK not in answer.content.decode(), place


def test_nothing_is_there_below_a_page_that_is_offline(town: Town, visitor: Client) -> None:
    notice = cast.notice(town)
    address = notice.url
    assert visitor.get(address).status_code == 200
    town.yuqi.section.specific.unpublish()
    for path in (address, f"{town.yuqi.section.url}notices/", f"/notices/{notice.pk}/"):
        assert visitor.get(path).status_code == 404, path


def test_in_pages_by_link(town: Town, visitor: Client) -> None:
    for number in range(22):
        cast.notice(town, title=f"第{number}份", on=ago(number + 2), kind="news")
    first = visitor.get("/notices/?tab=news")
    assert len(titles(first)) == 20
    assert "22" in words(page(first).select_one("#notice-list h2"))
    following = links(first, "a[rel=next]")
    assert titles(visitor.get(f"/notices/{following[0]}")) == ["第20份", "第21份"]


def test_an_empty_town_says_so(town: Town, visitor: Client) -> None:
    assert page(visitor.get("/notices/")).select(".empty")
    assert page(visitor.get("/notices/?tab=news")).select(".empty a")


@pytest.mark.parametrize("path", ["/notices/", "/", "{section}notices/", "{section}", "/updates/", "/api/v1/notices/"])
def test_the_queries_do_not_grow(town: Town, visitor: Client, path: str) -> None:
    path = path.format(section=town.yuqi.section.url)

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert visitor.get(path).status_code == 200
        return len(queries)

    def one_more(number: int) -> None:
        kind = ("warning", "news", "policy")[number % 3]
        cast.notice(town, title=f"第{number}份", kind=kind, is_pinned=kind == "warning")

    for number in range(4):
        one_more(number)
    asked()
    few = asked()
    for number in range(4, 12):
        one_more(number)
    assert asked() == few


def test_the_page_of_an_organisations_notices_reads_them_once(town: Town, visitor: Client) -> None:
    cast.notice(town)
    with CaptureQueriesContext(connection) as queries:
        assert visitor.get(f"{town.yuqi.section.url}notices/").status_code == 200
    counted = [query["sql"] for query in queries if "COUNT(" in query["sql"] and "portal_noticepage" in query["sql"]]
    assert len(counted) == 1


def test_whose_page_is_offline_cannot_be_asked_for(town: Town, visitor: Client) -> None:
    cast.notice(town)
    town.school.section.specific.unpublish()
    assert links(visitor.get(f"/notices/?by={town.school.slug}"), ".tabs a")[1] == "/notices/?tab=announcements"


# --- on other pages ----------------------------------------------------------------------------------------------------


def test_the_home_page_shows_the_newest_and_warnings_above_everything(town: Town, visitor: Client) -> None:
    for number in range(6):
        cast.notice(town, title=f"第{number}份", on=ago(number + 2))
    cast.notice(town, title="结冰预警", kind="warning", is_pinned=True, valid_until=timezone.localdate())
    cast.notice(town, title="没有置顶的预警", kind="warning", on=ago(90))
    cast.notice(
        town,
        title="明天才起的预警",
        kind="warning",
        is_pinned=True,
        valid_from=timezone.localdate() + timedelta(days=1),
    )
    home = page(visitor.get("/"))
    assert [words(link) for link in home.select("#home-urgent a")] == ["结冰预警"]
    listed = [words(link) for link in home.select("#home-notices .card-title")]
    assert listed == ["明天才起的预警", "第0份", "第1份", "第2份"]
    assert words(home.h1)
    assert home.main.get_text().index("结冰预警") < home.main.get_text().index(home.h1.get_text())


def test_an_organisation_shows_its_newest_four(town: Town, visitor: Client) -> None:
    for number in range(5):
        cast.notice(town, title=f"第{number}份", on=ago(number + 2))
    section = page(visitor.get(town.yuqi.section.url)).find(id="notices").find_parent("section")
    assert [words(link) for link in section.select(".card-title")] == ["第0份", "第1份", "第2份", "第3份"]
    assert section.select_one(".seam-head a")["href"].endswith("/yu-qi-she-qu/notices/")
    assert page(visitor.get(town.school.section.url)).find(id="notices") is None


def test_the_way_to_the_notices(town: Town) -> None:
    def bar(name: str) -> list[str]:
        client = Client()
        if name:
            client.force_login(town.people[name])
        return links(client.get("/notices/"), ".bar.nav a")

    visitors = ["/", "/actions/", "/report/", "/updates/", "/my/activities/"]
    assert bar("") == bar("dana") == visitors
    assert bar("mei") == ["/", "/actions/", "/desk/", "/updates/", "/my/activities/"]
    notice = cast.notice(town)
    for path in ("/notices/", notice.url, f"{town.yuqi.section.url}notices/"):
        assert links(Client().get(path), ".bar.nav a[aria-current], .head-nav a[aria-current]") == ["/notices/"]
    assert links(Client().get("/actions/"), ".bar.nav a[aria-current]") == ["/actions/"]


def test_organisations_to_choose_from_are_those_with_something_to_read(town: Town, visitor: Client) -> None:
    cast.notice_draft(town, organisation=town.school)
    cast.notice(town)
    offered = page(visitor.get("/notices/")).select("#by option[value]")
    assert [option["value"] for option in offered] == ["", town.yuqi.slug]
    assert Organisation.objects.count() > 1
