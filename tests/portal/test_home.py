"""The home page: where hands are wanted, what is mine next, honest numbers."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from events import calling_off, seats
from tests.cast import Town, a_shift, announced, draft, in_hours, put_back, sign_up
from tests.reading import main, page, titles, words


def figures(answer: object) -> dict[str, int]:
    """The numbers by their words."""
    found = {}
    for figure in page(answer).select(".figure"):
        value = words(figure.b)
        found[words(figure).removeprefix(value).strip()] = int(value)
    return found


def test_where_hands_are_wanted_the_soonest_first(town: Town, visitor: Client) -> None:
    announced(town, in_hours(50), title="第二场")
    announced(town, in_hours(30), title="第一场")
    sign_up(town.chen, a_shift(town, begin=20, capacity=1, title="已经满了"))
    draft(town, title="还没想好的事")
    put_back(announced(town, in_hours(1), title="过去了"), timedelta(days=1))

    answer = visitor.get("/")

    assert titles(answer) == ["第一场", "第二场"]
    assert words(page(answer).h1) == "眼下有 2 场行动还差人手"
    assert "看全部 3 场行动" in main(answer)
    assert "还没想好的事" not in answer.content.decode()


def test_my_own_organisations_come_first(town: Town, client: Client) -> None:
    announced(town, in_hours(30), title="社区的")
    announced(town, in_hours(50), title="学校的", host=town.school, by=town.bo)

    client.force_login(town.dana)
    assert titles(client.get("/")) == ["社区的", "学校的"]
    client.force_login(town.bo)
    assert titles(client.get("/")) == ["学校的", "社区的"]


def test_everything_full_shows_what_lies_ahead(town: Town, visitor: Client) -> None:
    sign_up(town.chen, a_shift(town, capacity=1, title="满了"))

    answer = visitor.get("/")

    assert titles(answer) == ["满了"]
    assert words(page(answer).h1) == "名额都报满了，谢谢大家！"


def test_nothing_ahead_says_so(town: Town, visitor: Client) -> None:
    answer = visitor.get("/")

    assert words(page(answer).h1) == "眼下没有新的行动"
    assert page(answer).select_one(".empty a")["href"] == "/actions/?when=past"


def test_six_and_then_all_of_them(town: Town, visitor: Client) -> None:
    for number in range(8):
        announced(town, in_hours(30 + number))

    answer = visitor.get("/")

    assert len(titles(answer)) == 6
    assert words(page(answer).select_one(".main .btn.wide[href^='/actions/']:not(.main)")) == "看全部 8 场行动"


def test_the_numbers_are_what_the_database_knows(town: Town, visitor: Client) -> None:
    announced(town, in_hours(90, capacity=5), host=town.school, by=town.bo)
    shift = a_shift(town, begin=30, capacity=2)
    for person in (town.chen, town.lan, town.zhou):  # zhou waits
        sign_up(person, shift)
    second = a_shift(town, begin=60, capacity=3)
    sign_up(town.chen, second)
    off = a_shift(town, begin=80, capacity=9)
    sign_up(town.dana, off)
    calling_off.call_off(action=off.action, reason="下雨", by=town.mei)
    draft(town, host=town.enterprise, by=town.qiang)

    assert figures(visitor.get("/")) == {
        "个名额等人来": 7,
        "人报过名": 2,
        "场行动已发布": 4,
        "家单位参加": 2,
    }


@pytest.mark.parametrize(
    ("who", "way"),
    [(None, "/actions/?free=1"), ("dana", "/actions/?free=1"), ("mei", "/desk/new/"), ("yan", "/desk/new/")],
)
def test_one_way_in(town: Town, client: Client, who: str | None, way: str) -> None:
    if who:
        client.force_login(town.people[who])

    assert [link["href"] for link in page(client.get("/")).select(".main .btn.main")] == [way]


def test_what_is_mine_next(town: Town, client: Client) -> None:
    later = sign_up(town.chen, a_shift(town, begin=50, title="后来"))
    client.force_login(town.chen)
    assert page(client.get("/")).select_one(".main .btn.main")["href"] == f"/my/sign-ups/{later.pk}/"

    sooner = sign_up(town.chen, a_shift(town, begin=30, title="先来"))
    assert page(client.get("/")).select_one(".main .btn.main")["href"] == f"/my/sign-ups/{sooner.pk}/"

    client.force_login(town.dana)
    assert "你的下一场" not in main(client.get("/"))


def test_an_offer_is_the_first_thing_one_sees(town: Town, client: Client) -> None:
    sign_up(town.lan, a_shift(town, begin=1, length=0.4))
    shift = a_shift(town, begin=1.5, length=1, capacity=1)
    first, offer = sign_up(town.chen, shift), sign_up(town.lan, shift)
    seats.cancel(sign_up=first, by=town.chen, reason="发烧")
    client.force_login(town.lan)

    answer = client.get("/")
    (button,) = page(answer).select(".main .btn.main")

    assert main(answer).startswith("有名额了，你来吗？")
    assert (words(button), button["href"]) == ("现在就回复", f"/my/sign-ups/{offer.pk}/")


def test_for_everybody_the_same_without_a_cookie(town: Town, visitor: Client) -> None:
    announced(town)

    answer = visitor.get("/")

    assert not answer.cookies
    assert "csrfmiddlewaretoken" not in answer.content.decode()


@pytest.mark.parametrize("who", [None, "chen"])
def test_the_number_of_queries_does_not_grow(town: Town, client: Client, who: str | None) -> None:
    if who:
        client.force_login(town.people[who])
    asked = {}
    for number in range(1, 31):
        sign_up(town.chen, a_shift(town, begin=30 + 3 * number))
        if number in {1, 3, 30}:
            with CaptureQueriesContext(connection) as queries:
                assert len(titles(client.get("/"))) == min(number, 6)
            asked[number] = len(queries)

    assert asked[1] == asked[3] == asked[30]
