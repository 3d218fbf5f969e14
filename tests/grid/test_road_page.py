"""The roads: the list with its filters, and the page of one."""

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from events import calling_off
from grid.chain import directory
from grid.models import Area, Case, PointOfInterest, Post, Road, Segment
from grid.telling import book as telling
from tests.cast import Town, announced, draft
from tests.grid import net
from tests.grid.chains import a_road, away, long_ago, post
from tests.grid.test_area_page import a_case
from tests.reading import main, page, titles, words


def names(client: Client, query: str = "") -> list[str]:
    return [words(title) for title in page(client.get(f"/roads/{query}")).select(".net-title")]


def queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


# --- the list -----------------------------------------------------------------------------------------------------------


def test_pilot_roads_stand_first_and_all_of_them_are_there(town: Town, visitor: Client) -> None:
    listed = names(visitor)
    assert listed[:3] == ["振祁路", "海瑞路", "湖西路"]
    assert len(listed) == Road.objects.count()


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?pilot=1", {"is_pilot": True}),
        ("?class=lane", {"road_class": "lane"}),
        ("?class=main&pilot=1", {"road_class": "main", "is_pilot": True}),
        (f"?zone={net.TOWN}-N", {"grid__parent__code": f"{net.TOWN}-N"}),
        (f"?zone={net.TOWN}-S", {"grid__parent__code": f"{net.TOWN}-S"}),
        ("?q=振祁", {"name": "振祁路"}),
        ("?q=zhenqi", {"name": "振祁路"}),
        ("?q=没有这条", {"name": "没有这条"}),
        ("?class=boulevard&zone=nowhere&pilot=yes", {}),
    ],
)
def test_filters(town: Town, visitor: Client, query: str, expected: dict[str, object]) -> None:
    asked = Road.objects.filter(**expected).order_by("-is_pilot", "code")
    assert names(visitor, query) == [road.name for road in asked]


def test_a_filter_that_leaves_nothing_offers_the_way_back(town: Town, visitor: Client) -> None:
    empty = page(visitor.get("/roads/?q=没有这条")).select_one(".empty a")
    assert empty["href"] == "/roads/"


def test_filters_stay_with_each_other(town: Town, visitor: Client) -> None:
    read = page(visitor.get("/roads/?class=main&q=路"))
    links = [chip["href"] for chip in read.select(".chip")]
    assert "/roads/?class=main&pilot=1&q=%E8%B7%AF" in links
    assert "/roads/?q=%E8%B7%AF" in links  # the chosen one is undone
    assert read.select_one("form [name=class]")["value"] == "main"


def test_a_line_says_length_cases_and_who_is_there_every_day(town: Town, visitor: Client) -> None:
    road = Road.objects.get(code="R001")
    post(town, Post.Role.ROAD_CHIEF, road, town.mei, level=1)
    held = post(town, Post.Role.ROAD_CHIEF, road, town.lu, level=3)
    a_case(1, None, road=road)
    a_case(2, None, road=road, state=Case.State.VOID)

    def line() -> str:
        answer = visitor.get("/roads/", headers={"accept-language": "en"})
        return words(page(answer).select_one("#road-R001"))

    assert "2.1 km" in line()
    assert "1 open case" in line()
    assert town.lu.name in line()
    away(held)
    assert town.mei.name in line()


def test_a_road_of_another_day_is_not_listed(town: Town, visitor: Client) -> None:
    Road.objects.filter(code="R001").update(until=timezone.localdate())
    Road.objects.filter(code="R002").update(since=timezone.localdate() + timedelta(days=1))
    listed = names(visitor)
    assert "振祁路" not in listed
    assert "海瑞路" not in listed
    assert visitor.get("/roads/R001/").status_code == 200


@pytest.mark.parametrize("more", [1, 3, 30])
def test_the_queries_of_the_list_do_not_grow(town: Town, visitor: Client, more: int) -> None:
    post(town, Post.Role.ROAD_CHIEF, Road.objects.get(code="R001"), town.mei, level=3)
    few = queries(visitor, "/roads/")
    for number in range(more):
        road = a_road(f"A{number:02}", is_pilot=True, group=town.yuqi)
        post(town, Post.Role.ROAD_CHIEF, road, town.lu, level=3)
        a_case(number, None, road=road)
    assert queries(visitor, "/roads/") == few


def test_more_roads_than_fit_are_paged(town: Town, visitor: Client) -> None:
    for number in range(30):
        a_road(f"Z{number:02}")
    assert len(names(visitor)) == directory.ON_A_PAGE
    seen = names(visitor) + names(visitor, "?page=2") + names(visitor, "?page=3")
    assert len(seen) == Road.objects.count()
    assert names(visitor, "?page=x") == names(visitor)


# --- a road -------------------------------------------------------------------------------------------------------------


def test_nothing_by_this_code_is_not_there(town: Town, visitor: Client) -> None:
    for code in ("R999", "r001x", "-", "0"):
        assert visitor.get(f"/roads/{code}/").status_code == 404


def test_its_stretches_say_which_houses_are_on_which_hand(town: Town, visitor: Client) -> None:
    Segment.objects.filter(road__code="R001", number=2).update(odd_side="right", even_from=None, even_to=None)
    answer = visitor.get("/roads/R001/", headers={"accept-language": "en"})
    said = [words(line) for line in page(answer).select("#stretch-list li")]
    assert len(said) == 3
    first = Segment.objects.get(road__code="R001", number=1)
    assert f"odd numbers {first.odd_from}–{first.odd_to} (on the left)" in said[0]
    assert f"even numbers {first.even_from}–{first.even_to} (on the right)" in said[0]
    assert "(on the right)" in said[1]
    assert "even" not in said[1]


def test_what_stands_along_it_is_numbered_on_the_list_and_in_the_drawing(town: Town, visitor: Client) -> None:
    read = page(visitor.get("/roads/R001/"))
    along = PointOfInterest.objects.filter(road__code="R001").order_by("house_number")
    lines = read.select("#points > li")
    assert [words(line.select_one("[data-name]")) for line in lines] == [point.name for point in along]
    assert [float(line["data-lon"]) for line in lines] == [point.longitude for point in along]
    assert [words(number) for number in read.select(".sketch .map-number text")] == [
        str(number) for number in range(1, len(lines) + 1)
    ]


def test_what_stands_there_no_longer_is_not_told(town: Town, visitor: Client) -> None:
    PointOfInterest.objects.filter(code="P001").update(until=timezone.localdate())
    assert 'id="point-P001"' not in visitor.get("/roads/R001/").content.decode()


def test_its_chiefs_its_group_and_its_papers(town: Town, visitor: Client) -> None:
    road = Road.objects.get(code="R001")
    Road.objects.filter(pk=road.pk).update(group=town.group)
    post(town, Post.Role.ROAD_CHIEF, road, town.lu, level=3, duty_phone="0510-83880012")
    post(town, Post.Role.MICRO_ROAD_CHIEF, road, town.zhou)
    read = page(visitor.get("/roads/R001/"))
    answering = words(read.select_one(".answering"))
    assert town.lu.name in answering
    assert "微路长1 人" in answering, "neighbours are a number"
    assert town.zhou.name not in words(read)
    assert read.select_one('.answering a[href="tel:0510-83880012"]')
    assert words(read.select_one(".signed-group a")) == town.group.name
    links = {link["href"] for link in read.select("main a[href]")}
    assert {"/roads/R001/card/", "/roads/R001/board/", f"/grid/{road.grid.code if road.grid else ''}/"} <= links


def test_a_group_whose_page_is_offline_is_named_without_a_link(town: Town, visitor: Client) -> None:
    Road.objects.filter(code="R001").update(group=town.group)
    town.group.section.specific.unpublish()
    read = page(visitor.get("/roads/R001/"))
    assert words(read.select_one(".signed-group .strong")) == town.group.name
    assert not read.select(".signed-group a")


def test_coming_actions_on_it_stand_there_and_nothing_hidden(town: Town, visitor: Client) -> None:
    announced(town, title="路上的事", place="振祁路", meeting_point="")
    announced(town, title="集合在路口", place="菜场", meeting_point="振祁路北口")
    announced(town, title="别的路", place="湖西路", meeting_point="")
    draft(town, title="还没想好的事", place="振祁路")
    off = announced(town, title="不办了", place="振祁路", meeting_point="")
    calling_off.call_off(action=off, reason="下雨", by=town.mei)
    assert set(titles(visitor.get("/roads/R001/"))) == {"路上的事", "集合在路口", "不办了"}
    assert titles(visitor.get(f"/roads/{Road.objects.get(name='湖西路').code}/")) == ["别的路"]


def test_it_follows_its_topic_live(town: Town, visitor: Client) -> None:
    part = page(visitor.get("/roads/R001/")).select_one("live-part")
    assert json.loads(part["data-follow"]) == {"road:R001": 0}
    assert part["data-verbs"] == telling.CASE
    assert part["data-parts"] == "road-cases"


def test_a_road_without_a_line_has_no_map_and_no_script_for_one(town: Town, visitor: Client) -> None:
    a_road("BARE")
    read = page(visitor.get("/roads/BARE/"))
    assert not read.select("grid-map")
    assert "leaflet" not in read.decode()
    assert read.select_one("#points")


@pytest.mark.parametrize("more", [1, 3, 30])
def test_the_queries_of_a_road_do_not_grow(town: Town, visitor: Client, more: int) -> None:
    road = a_road("LONG", grid=Area.objects.get(code=f"{net.TOWN}R001"))

    def grow(number: int) -> None:
        west = 120.17 + number * 0.001
        line = {"type": "LineString", "coordinates": [[west, 31.71], [west + 0.001, 31.71]]}
        box = {"west": west, "south": 31.71, "east": west + 0.001, "north": 31.71}
        part = Segment.objects.create(
            road=road, number=number, name="段", length=95, shape=line, since=long_ago(), **box
        )
        PointOfInterest.objects.create(
            code=f"N{number}", name="店", kind="shop", longitude=west, latitude=31.71, road=road, since=long_ago()
        )
        post(town, Post.Role.ROAD_CHIEF, road, town.lu, level=3, segment=part)
        a_case(number, None, road=road)
        announced(town, title=f"第{number}场", place=road.name)

    grow(0)
    few = queries(visitor, "/roads/LONG/")
    for number in range(1, more + 1):
        grow(number)
    assert queries(visitor, "/roads/LONG/") <= few


def test_english_readers_are_told_in_english(town: Town, visitor: Client) -> None:
    answer = visitor.get("/roads/R001/", headers={"accept-language": "en"})
    assert words(page(answer).h1) == "Zhenqi Road"
    assert "Main road" in main(answer)
