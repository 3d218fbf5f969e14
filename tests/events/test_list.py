"""The list of actions."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from events import calling_off, seats
from events.kinds import Kind
from events.models import Action, ActionPage
from events.shifts import Hours
from tests.cast import Town, announced, draft, in_hours, put_back, sign_up
from tests.reading import main, page, titles, words

# A Wednesday, 14:00 in the town.
WEDNESDAY = datetime(2026, 12, 2, 6, tzinfo=UTC)
DAY = timedelta(days=1)


def hours(begin: datetime, capacity: int = 10) -> Hours:
    return Hours(begin, begin + timedelta(hours=2), capacity)


def queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


def test_the_soonest_first_and_nothing_hidden(town: Town, visitor: Client) -> None:
    announced(town, in_hours(50), title="第二场")
    announced(town, in_hours(30), title="第一场")
    draft(town, title="还没想好的事")
    hidden = announced(town, title="撤下的一场")
    ActionPage.objects.filter(translation_key=hidden.key).update(live=False)

    answer = visitor.get("/actions/")

    assert titles(answer) == ["第一场", "第二场"]
    assert "还没想好的事" not in answer.content.decode()
    assert "撤下的一场" not in answer.content.decode()


def test_a_hidden_action_is_not_listed_for_its_own_people_either(town: Town, client: Client) -> None:
    draft(town, title="还没想好的事")
    client.force_login(town.mei)

    assert titles(client.get("/actions/")) == []


def test_called_off_stays_until_its_day_and_says_why(town: Town, visitor: Client) -> None:
    action = announced(town, title="早市停车劝导")
    calling_off.call_off(action=action, reason="路面封闭", by=town.mei)

    card = page(visitor.get("/actions/")).select_one(".card")

    assert "已叫停" in words(card)
    assert "路面封闭" in words(card)


def test_past_ones_stand_under_past_only_the_latest_first(town: Town, visitor: Client) -> None:
    for days, title in ((3, "三天前"), (2, "两天前")):
        put_back(announced(town, in_hours(1), title=title), timedelta(days=days))
    announced(town, title="还没到")

    assert titles(visitor.get("/actions/")) == ["还没到"]
    assert titles(visitor.get("/actions/?when=past")) == ["两天前", "三天前"]


@pytest.fixture
def week(town: Town) -> Town:
    """Six actions, told on a Wednesday afternoon."""
    with time_machine.travel(WEDNESDAY, tick=False):
        announced(town, hours(WEDNESDAY + timedelta(hours=1)), title="今天下午", kind=Kind.SKY)
        announced(town, hours(WEDNESDAY + timedelta(hours=5)), title="今晚", kind=Kind.SNOW)
        announced(town, hours(WEDNESDAY + 2 * DAY), title="周五", kind=Kind.SNOW, host=town.school, by=town.bo)
        announced(town, hours(WEDNESDAY + 3 * DAY), title="周六")
        announced(town, hours(WEDNESDAY + 9 * DAY, capacity=1), title="下周五")
        full = Action.objects.get(starts_at=WEDNESDAY + 9 * DAY)
        sign_up(town.chen, full.shifts.get())
    return town


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["今天下午", "今晚", "周五", "周六", "下周五"]),
        ("when=today", ["今天下午", "今晚"]),
        ("when=tonight", ["今晚"]),
        ("when=weekend", ["周六"]),
        ("when=week", ["今天下午", "今晚", "周五", "周六"]),
        ("when=past", []),
        ("kind=snow", ["今晚", "周五"]),
        ("host=shi-fan-chu-ji-zhong-xue", ["周五"]),
        ("free=1", ["今天下午", "今晚", "周五", "周六"]),
        ("kind=snow&when=tonight&free=1", ["今晚"]),
        ("kind=snow&host=yu-qi-she-qu", ["今晚"]),
        ("kind=flood", []),
    ],
)
def test_filters_and_their_combinations(week: Town, visitor: Client, query: str, expected: list[str]) -> None:
    with time_machine.travel(WEDNESDAY, tick=False):
        assert titles(visitor.get(f"/actions/?{query}")) == expected


def test_an_action_with_shifts_on_two_days_is_not_on_the_day_between(town: Town, visitor: Client) -> None:
    with time_machine.travel(WEDNESDAY - DAY, tick=False):
        announced(town, hours(WEDNESDAY - timedelta(hours=20)), hours(WEDNESDAY + DAY), title="两班")
    with time_machine.travel(WEDNESDAY, tick=False):
        assert titles(visitor.get("/actions/?when=today")) == []
        assert titles(visitor.get("/actions/?when=week")) == ["两班"]


def test_an_organisation_whose_page_is_offline_is_not_named(town: Town, visitor: Client) -> None:
    announced(town, title="照样在")
    asked = f"/actions/?host={town.school.slug}"
    assert "示范初级中学" in main(visitor.get(asked))
    town.school.section.specific.unpublish()
    answer = visitor.get(asked)
    assert "示范初级中学" not in main(answer)
    assert titles(answer) == ["照样在"]


@pytest.mark.parametrize(
    "query",
    [
        "when=never",
        "kind=dragon",
        "host=nobody",
        "free=yes",
        "page=zero",
        "page=-1",
        "page=99999999999999999999",
        "when=today%0d%0aSet-Cookie:x=1&when=",
        "kind[]=snow",
        "host=" + "x" * 3000,
        "host=%27%20or%201=1--",
        "page=%F0%9F%A6%84",
    ],
)
def test_what_means_nothing_is_ignored(town: Town, visitor: Client, query: str) -> None:
    announced(town, title="照样在")

    answer = visitor.get(f"/actions/?{query}")

    assert (answer.status_code, titles(answer)) == (200, ["照样在"])


def test_what_nobody_can_read_is_refused(town: Town, visitor: Client) -> None:
    assert visitor.get("/actions/?host=%00").status_code == 400
    assert visitor.get("/actions/?host=%ff").status_code == 400


def test_only_reading(town: Town, visitor: Client) -> None:
    assert visitor.post("/actions/").status_code == 405


def test_chosen_filters_are_shown_and_undone_by_their_own_link(week: Town, visitor: Client) -> None:
    with time_machine.travel(WEDNESDAY, tick=False):
        shown = page(visitor.get("/actions/?when=tonight&kind=snow"))

    chosen = {words(chip): chip["href"] for chip in shown.select(".main > .mt > .chips .chip.on")}
    assert chosen == {"今晚": "/actions/?kind=snow", "除雪防冻": "/actions/?when=tonight"}
    assert "/actions/" in [link["href"] for link in shown.main.find_all("a", string="清除筛选")]
    others = {words(chip): chip["href"] for chip in shown.select(".main > .mt > .chips .chip:not(.on)")}
    assert others["还差人"] == "/actions/?when=tonight&kind=snow&free=1"


def test_twenty_on_a_page_and_the_filters_stay(town: Town, visitor: Client) -> None:
    for number in range(21):
        announced(town, in_hours(30 + number), title=f"第{number}场", kind=Kind.SNOW)

    first, second = visitor.get("/actions/?kind=snow"), visitor.get("/actions/?kind=snow&page=2")

    assert (len(titles(first)), titles(second)) == (20, ["第20场"])
    assert "21 场行动" in main(first)
    assert page(first).select_one("a[rel=next]")["href"] == "?kind=snow&page=2"


@pytest.mark.parametrize(
    ("address", "way_on"), [("/actions/", "/actions/?when=past"), ("/actions/?when=past", "/actions/")]
)
def test_nothing_there_says_what_to_do(town: Town, visitor: Client, address: str, way_on: str) -> None:
    assert [link["href"] for link in page(visitor.get(address)).select(".empty a")] == [way_on]


def test_the_word_of_a_card_is_the_state_of_its_places(town: Town, visitor: Client) -> None:
    action = announced(town, in_hours(40, capacity=1), in_hours(50, capacity=1), title="两班")
    first, second = action.shifts.all()

    def word() -> str:
        return words(page(visitor.get("/actions/")).select_one(".card .state"))

    assert word() == "还差 2 人"
    sign_up(town.chen, first)
    assert word() == "还差 1 人"
    sign_up(town.lan, first)  # waits
    assert word() == "还差 1 人"
    sign_up(town.chen, second)
    assert word() == "已满，候补 1 人"


def test_a_free_place_that_the_line_has_first_is_not_offered_to_others(town: Town, visitor: Client) -> None:
    shift = announced(town, in_hours(40, capacity=1)).shifts.get()
    elsewhere = announced(town, in_hours(40, capacity=5), title="别处").shifts.get()
    mine = sign_up(town.chen, shift)
    sign_up(town.lan, shift)
    sign_up(town.lan, elsewhere)  # is busy now, and is passed over
    seats.cancel(sign_up=mine, by=town.chen)

    states = [words(state) for state in page(visitor.get("/actions/")).select(".card .state")]

    assert sorted(states) == ["已满，候补 1 人", "还差 4 人"]


def test_my_own_stand_out(town: Town, client: Client) -> None:
    sign_up(town.chen, announced(town, in_hours(30), title="我报了").shifts.get())
    announced(town, in_hours(40), title="我没报")
    client.force_login(town.chen)

    tags = [words(card.select_one(".tag")) for card in page(client.get("/actions/")).select(".card")]

    assert tags == ["已报名", ""]


def test_everybody_may_keep_it_and_nothing_in_it_is_personal(town: Town, visitor: Client) -> None:
    announced(town)

    answer = visitor.get("/actions/")

    assert answer["Cache-Control"] == "public, no-cache"
    assert not answer.cookies
    assert "csrfmiddlewaretoken" not in answer.content.decode()


def test_with_a_session_nothing_is_kept(town: Town, client: Client) -> None:
    client.force_login(town.chen)

    assert client.get("/actions/")["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("who", ["visitor", "chen"])
def test_the_number_of_queries_does_not_grow(town: Town, client: Client, who: str) -> None:
    if who == "chen":
        client.force_login(town.chen)
    asked = {}
    for number in range(1, 31):
        shift = announced(town, in_hours(30 + 3 * number)).shifts.get()
        sign_up(town.chen, shift)
        if number in {1, 3, 30}:
            asked[number] = queries(client, "/actions/")

    assert asked[1] == asked[3] == asked[30]


def test_english(town: Town, visitor: Client) -> None:
    announced(town, title="湖西路清扫", title_en="Cleaning Huxi Road", kind=Kind.CLEANUP)
    announced(town, in_hours(90), title="没有译名")

    answer = visitor.get("/actions/", HTTP_ACCEPT_LANGUAGE="en")

    assert titles(answer) == ["Cleaning Huxi Road", "没有译名"]
    assert words(page(answer).select_one(".card .kind")) == "Street clean-up"


def test_a_card_says_when_somebody_who_comes_now_would_come(town: Town, visitor: Client) -> None:
    action = announced(town, in_hours(30, capacity=1), in_hours(40), in_hours(50))
    full, free, _later = action.shifts.all()
    sign_up(town.chen, full)

    shown = page(visitor.get("/actions/")).select_one(".card time")

    assert shown["datetime"] == timezone.localtime(free.starts_at).isoformat(timespec="minutes")
