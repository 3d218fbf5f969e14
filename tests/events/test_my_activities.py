"""My activities: what is to come, what is done, what was cancelled."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from events import calling_off, seats
from events.models import SignUp
from tests.cast import Town, a_shift, announced, in_hours, put_back, sign_up
from tests.reading import main, page, titles, words

ADDRESS = "/my/activities/"


def tabs(answer: object) -> dict[str, str]:
    return {words(tab): tab["href"] for tab in page(answer).select(".tabs a")}


def states(answer: object) -> list[str]:
    return [words(state) for state in page(answer).select(".card .state")]


def test_one_signs_in_first_and_is_back(town: Town, visitor: Client) -> None:
    answer = visitor.get(f"{ADDRESS}?tab=done")

    assert (answer.status_code, answer["Location"]) == (302, f"/account/login/?next={ADDRESS}%3Ftab%3Ddone")


def test_to_come_the_soonest_first_with_the_turn(town: Town, client: Client) -> None:
    later = a_shift(town, begin=50, title="后来")
    soon = a_shift(town, begin=30, capacity=1, title="先来")
    sign_up(town.lan, soon)
    sign_up(town.zhou, soon)
    sign_up(town.chen, later)
    sign_up(town.chen, soon)
    client.force_login(town.chen)

    answer = client.get(ADDRESS)

    assert titles(answer) == ["先来", "后来"]
    assert states(answer) == ["候补第 2 位", "已报名"]


def test_each_tab_holds_its_own_and_counts_it(town: Town, client: Client) -> None:
    sign_up(town.chen, a_shift(town, begin=30, title="还没到"))
    done = a_shift(town, begin=2, title="做完了")
    sign_up(town.chen, done)
    put_back(done.action, timedelta(days=2))
    running = a_shift(town, begin=2, title="正在做")
    sign_up(town.chen, running)
    put_back(running.action, timedelta(hours=3))
    seats.cancel(sign_up=sign_up(town.chen, a_shift(town, begin=60, title="不去了")), by=town.chen)
    off = a_shift(town, begin=70, title="叫停了")
    sign_up(town.chen, off)
    calling_off.call_off(action=off.action, reason="下雨", by=town.mei)
    client.force_login(town.chen)

    assert titles(client.get(ADDRESS)) == ["正在做", "还没到"]
    assert titles(client.get(f"{ADDRESS}?tab=done")) == ["做完了"]
    cancelled = client.get(f"{ADDRESS}?tab=cancelled")
    assert dict(zip(titles(cancelled), states(cancelled), strict=True)) == {
        "叫停了": "行动已叫停",
        "不去了": "你已取消",
    }
    assert tabs(cancelled) == {
        "待参加 2": ADDRESS,
        "已完成 1": f"{ADDRESS}?tab=done",
        "已取消 2": f"{ADDRESS}?tab=cancelled",
    }


def test_who_waited_in_vain_finds_it_among_the_cancelled(town: Town, client: Client) -> None:
    shift = a_shift(town, begin=2, capacity=1)
    sign_up(town.lan, shift)
    sign_up(town.chen, shift)
    put_back(shift.action, timedelta(days=1))
    client.force_login(town.chen)

    assert titles(client.get(ADDRESS)) == []
    assert titles(client.get(f"{ADDRESS}?tab=done")) == []
    assert states(client.get(f"{ADDRESS}?tab=cancelled")) == ["没有排到"]


def test_an_offer_stands_on_top_and_is_answered_there(town: Town, client: Client) -> None:
    sign_up(town.lan, a_shift(town, begin=1, length=0.4, title="更早的一场"))
    shift = a_shift(town, begin=1.5, length=1, capacity=1, title="候补的一场")
    first, offer = sign_up(town.chen, shift), sign_up(town.lan, shift)
    seats.cancel(sign_up=first, by=town.chen, reason="发烧")
    client.force_login(town.lan)

    answer = client.get(ADDRESS)
    assert "候补的一场" in words(page(answer).select_one(".patch.warm"))
    assert titles(answer) == ["更早的一场"]
    form = page(answer).select_one(".patch.warm form")
    client.post(form["action"])

    offer.refresh_from_db()
    assert offer.state == SignUp.State.CONFIRMED
    assert titles(client.get(ADDRESS)) == ["更早的一场", "候补的一场"]


def test_nobody_sees_what_others_do(town: Town, client: Client) -> None:
    sign_up(town.chen, a_shift(town, title="陈晨的事"))
    for who in (town.dana, town.mei, town.admin):
        client.force_login(who)
        for tab in ("coming", "done", "cancelled"):
            assert "陈晨的事" not in client.get(f"{ADDRESS}?tab={tab}").content.decode()


@pytest.mark.parametrize(
    "query", ["tab=", "tab=everything", "tab=" + "x" * 2000, "page=x", "page=-3", "page=99999999999"]
)
def test_what_means_nothing_shows_what_is_to_come(town: Town, client: Client, query: str) -> None:
    sign_up(town.chen, a_shift(town, title="照样在"))
    client.force_login(town.chen)

    assert titles(client.get(f"{ADDRESS}?{query}")) == ["照样在"]


@pytest.mark.parametrize(
    ("tab", "sentence"),
    [("coming", "还没有待参加的活动"), ("done", "还没有完成的活动"), ("cancelled", "没有取消过")],
)
def test_nothing_there_says_so(town: Town, client: Client, tab: str, sentence: str) -> None:
    client.force_login(town.dana)

    assert sentence in main(client.get(f"{ADDRESS}?tab={tab}"))


def test_twenty_on_a_page(town: Town, client: Client) -> None:
    for day in range(3):
        for shift in announced(town, *(in_hours(24 * day + 30 + 3 * number) for number in range(7))).shifts.all():
            sign_up(town.chen, shift)
    client.force_login(town.chen)

    assert [len(titles(client.get(f"{ADDRESS}?page={number}"))) for number in (1, 2)] == [20, 1]


def test_the_number_of_queries_does_not_grow(town: Town, client: Client) -> None:
    client.force_login(town.chen)
    asked = {}
    for number in range(1, 31):
        shift = a_shift(town, begin=30 + 3 * number, capacity=1)
        if number % 2:
            sign_up(town.lan, shift)  # every other one is a turn in a line
        sign_up(town.chen, shift)
        if number in {1, 3, 30}:
            with CaptureQueriesContext(connection) as queries:
                assert len(titles(client.get(ADDRESS))) == min(number, 20)
            asked[number] = len(queries)

    assert asked[1] == asked[3] == asked[30]


def test_it_is_never_kept(town: Town, client: Client) -> None:
    client.force_login(town.chen)

    assert client.get(ADDRESS)["Cache-Control"] == "private, no-store"
