"""The overview of the net and the page of an area."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from grid.models import Absence, Area, Boundary, Card, Case, Post, Road
from tests.cast import Town
from tests.grid import net
from tests.grid.chains import area as lay_area
from tests.grid.chains import away, deputy, long_ago, post
from tests.reading import main, page, words

NORTH, SOUTH = f"{net.TOWN}-N", f"{net.TOWN}-S"


def a_case(number: int, cell: Area | None, **fields: object) -> Case:
    return Case.objects.create(
        **{
            "number": f"YQ20261127{number:04}",
            "receipt": f"{number:08}",
            "cell": cell,
            "reported_at": timezone.now(),
            **fields,
        }
    )


def queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


# --- the overview -------------------------------------------------------------------------------------------------------


def test_the_overview_has_every_zone_grid_and_cell(town: Town, visitor: Client) -> None:
    answer = visitor.get("/grid/")
    links = {link["href"] for link in page(answer).select("#net a[href]")}
    for area in Area.objects.exclude(level=Area.Level.TOWN):
        assert f"/grid/{area.code}/" in links, area
    assert answer["Cache-Control"] == "public, no-cache"


def test_every_line_of_the_overview_is_found_from_the_map_by_its_key(town: Town, visitor: Client) -> None:
    read = page(visitor.get("/grid/"))
    for feature in visitor.get("/grid/net.geojson").json()["features"]:
        if feature["properties"]["kind"] == "cell":
            assert read.select_one(f'#net [id="{feature["id"]}"]'), feature["id"]


def test_open_public_cases_are_counted_where_they_lie_and_no_others(town: Town, visitor: Client) -> None:
    cell, neighbour = net.area(net.CELL), net.area(net.NEIGHBOUR)
    a_case(1, cell)
    a_case(2, cell)
    a_case(3, neighbour)
    a_case(4, neighbour, state=Case.State.REJECTED)
    a_case(5, neighbour, is_public=False)
    a_case(6, None)
    line = page(visitor.get("/grid/")).select_one(f"#grid-{net.GRID}")
    assert "3 open cases" in english_of(visitor, "/grid/", f"#grid-{net.GRID}")
    assert words(line.select_one(f"#cell-{net.CELL} .count")).startswith("2")
    assert words(line.select_one(f"#cell-{net.NEIGHBOUR} .count")).startswith("1")


def english_of(client: Client, address: str, selector: str) -> str:
    return words(page(client.get(address, headers={"accept-language": "en"})).select_one(selector))


def test_the_head_of_a_zone_is_whoever_acts_today(town: Town, visitor: Client) -> None:
    held = post(town, Post.Role.ZONE_HEAD, Area.objects.get(code=NORTH), town.mei)
    assert "梅芳" in main(visitor.get("/grid/"))
    away(held)
    assert "梅芳" not in main(visitor.get("/grid/"))
    deputy(held, town.lan)
    assert "兰心" in main(visitor.get("/grid/"))


def test_the_three_numbers_stand_in_red_until_they_are_zero(town: Town, visitor: Client) -> None:
    def figures() -> list[str]:
        read = page(visitor.get("/grid/"))
        section = read.find(id="zero").find_parent("section")
        return [
            f"{figure.b.get_text().strip()}{' bad' if 'bad' in figure['class'] else ''}"
            for figure in section.select(".figure")
        ]

    empty = Area.objects.of_level(Area.Level.CELL).count() + 2 + Road.objects.count()
    assert figures() == [f"{empty} bad", "0", "0"]
    for zone in Area.objects.of_level(Area.Level.ZONE):
        post(town, Post.Role.ZONE_HEAD, zone, town.mei)
    for cell in Area.objects.of_level(Area.Level.CELL):
        post(town, Post.Role.CELL_WORKER, cell, town.lu)
    for road in Road.objects.all():
        post(town, Post.Role.ROAD_CHIEF, road, town.lu, level=3)
    a_case(1, None)
    assert figures() == ["0", "0", "1 bad"]


@pytest.mark.parametrize("more", [1, 3, 30])
def test_the_queries_of_the_overview_do_not_grow(town: Town, visitor: Client, more: int) -> None:
    zone, box = Area.objects.get(code=NORTH), (120.18, 31.7, 120.19, 31.71)

    def grow(number: int) -> None:
        grid = lay_area(town, f"X{number}", Area.Level.GRID, zone, box, kind="community")
        cell = lay_area(town, f"X{number}-1", Area.Level.CELL, grid, box, kind="community")
        a_case(number, cell)
        other = lay_area(town, f"Z{number}", Area.Level.ZONE, zone.parent, box)
        deputy(away_post(other), town.lan)

    def away_post(place: Area) -> Post:
        held = post(town, Post.Role.ZONE_HEAD, place, town.mei)
        away(held)
        return held

    grow(0)
    few = queries(visitor, "/grid/")
    for number in range(1, more + 1):
        grow(number)
    assert queries(visitor, "/grid/") == few


def test_without_a_net_the_overview_says_so(town: Town, visitor: Client) -> None:
    Area.objects.update(until=timezone.localdate())
    Boundary.objects.update(until=timezone.localdate())
    answer = visitor.get("/grid/")
    assert page(answer).select_one(".empty")
    assert visitor.get("/grid/net.geojson").status_code == 200


# --- an area ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", [net.TOWN, NORTH, net.GRID, net.CELL])
def test_every_level_has_its_page(town: Town, visitor: Client, code: str) -> None:
    answer = visitor.get(f"/grid/{code}/")
    assert answer.status_code == 200
    assert words(page(answer).h1) == Area.objects.get(code=code).name


def test_the_way_up_stands_above(town: Town, visitor: Client) -> None:
    steps = [words(step) for step in page(visitor.get(f"/grid/{net.CELL}/")).select(".crumbs li")]
    assert steps[2:] == ["北片区", "玉祁社区", "玉祁社区第1网格"]


def test_nothing_by_this_code_is_not_there(town: Town, visitor: Client) -> None:
    for code in ("nowhere", "32020600500199", "0", "-"):
        assert visitor.get(f"/grid/{code}/").status_code == 404


def test_who_answers_and_nobodys_own_number(town: Town, visitor: Client) -> None:
    post(town, Post.Role.CELL_WORKER, net.area(net.CELL), town.lu, duty_phone="0510-83880099")
    assert town.lu.phone
    said = page(visitor.get(f"/grid/{net.CELL}/"))
    answering = words(said.select_one(".answering"))
    assert town.lu.name in answering
    assert "0510-83880099" in answering
    assert str(town.lu.phone) not in said.decode()


def test_who_is_away_is_named_with_who_stands_in(town: Town, visitor: Client) -> None:
    held = post(town, Post.Role.CELL_WORKER, net.area(net.CELL), town.lu)
    away(held)
    assert town.lu.name not in words(page(visitor.get(f"/grid/{net.CELL}/")).select_one(".answering"))
    deputy(held, town.dana)
    answering = words(page(visitor.get(f"/grid/{net.CELL}/")).select_one(".answering"))
    assert town.dana.name in answering
    assert Absence.objects.get().post == held


def test_no_other_day_tells_who_is_away_then_or_who_comes_next(town: Town, visitor: Client) -> None:
    """Walking through the days of a year must not give somebody's holidays."""
    held = post(town, Post.Role.CELL_WORKER, net.area(net.CELL), town.lu)
    deputy(held, town.dana)
    away(held, since=timezone.localdate() + timedelta(days=10), days=5)
    Post.objects.filter(pk=held.pk).update(until=timezone.localdate() + timedelta(days=40))
    post(town, Post.Role.CELL_WORKER, net.area(net.CELL), town.chen, since=timezone.localdate() + timedelta(days=40))

    told = {
        words(
            page(visitor.get(f"/grid/{net.CELL}/", {"on": timezone.localdate() + timedelta(days=ahead)})).select_one(
                ".answering"
            )
        )
        for ahead in (1, 9, 10, 12, 15, 41)
    }

    assert len(told) == 1
    assert town.lu.name in told.pop()


def test_a_page_without_anybody_in_office_says_so(town: Town, visitor: Client) -> None:
    assert page(visitor.get(f"/grid/{net.CELL}/")).select_one(".patch .state.bad")
    post(town, Post.Role.CELL_WORKER, net.area(net.CELL), town.lu)
    assert not page(visitor.get(f"/grid/{net.CELL}/")).select_one(".patch .state.bad")


def test_the_reward_of_a_card_stays_inside(town: Town, visitor: Client) -> None:
    words_of_card = {"extent": "从东到西", "duty": "巡查", "task": "每天两次", "reward": "geheime-praemie"}
    Card.objects.create(area=net.area(net.CELL), version=1, issued_by=town.admin, **words_of_card)
    assert "geheime-praemie" not in visitor.get(f"/grid/{net.CELL}/").content.decode()


def redraw(town: Town, days_ago: int) -> None:
    """The cell became half as large so many days ago."""
    since = timezone.localdate() - timedelta(days=days_ago)
    old = Boundary.objects.get(area__code=net.CELL)
    Boundary.objects.filter(pk=old.pk).update(until=since)
    middle = (old.west + old.east) / 2
    ring = [
        [old.west, old.south],
        [middle, old.south],
        [middle, old.north],
        [old.west, old.north],
        [old.west, old.south],
    ]
    shape = {"type": "Polygon", "coordinates": [ring]}
    box = {"west": old.west, "south": old.south, "east": middle, "north": old.north}
    Boundary.objects.create(area=old.area, shape=shape, since=since, drawn_by=town.admin, **box)


def test_yesterdays_outline_can_be_asked_for(town: Town, visitor: Client) -> None:
    def drawn(query: str = "") -> str:
        return str(page(visitor.get(f"/grid/{net.CELL}/{query}")).select_one(".sketch path.here")["d"])

    before = drawn()
    redraw(town, days_ago=10)
    assert drawn() != before
    assert drawn(f"?on={timezone.localdate() - timedelta(days=10)}") == drawn()
    assert drawn(f"?on={timezone.localdate() - timedelta(days=11)}") == before
    old = visitor.get(f"/grid/{net.CELL}/?on={timezone.localdate() - timedelta(days=11)}")
    assert page(old).select_one(".msg.want")
    assert f"net.geojson?on={timezone.localdate() - timedelta(days=11)}" in old.content.decode()
    shown = page(old).select(".outlines [aria-current]")
    assert len(page(old).select(".outlines li")) == 2
    assert [link["href"] for link in shown] == [f"/grid/{net.CELL}/?on=2024-01-01"]


def test_an_outline_that_never_stood_is_no_history(town: Town, visitor: Client) -> None:
    redraw(town, days_ago=10)
    redrawn = Boundary.objects.get(area__code=net.CELL, until=None)
    Boundary.objects.filter(pk=redrawn.pk).update(until=redrawn.since)
    Boundary.objects.filter(area__code=net.CELL).exclude(pk=redrawn.pk).update(until=None)
    assert len(page(visitor.get(f"/grid/{net.CELL}/")).select(".outlines li")) == 1


def test_an_area_that_stands_no_longer_keeps_its_page(town: Town, visitor: Client) -> None:
    Area.objects.filter(code=net.CELL).update(until=timezone.localdate())
    answer = visitor.get(f"/grid/{net.CELL}/")
    assert answer.status_code == 200
    assert page(answer).select_one(".kind .state.bad")
    assert not page(visitor.get(f"/grid/{net.CELL}/?on={long_ago()}")).select_one(".kind .state.bad")
    assert f"/grid/{net.CELL}/" not in visitor.get("/grid/").content.decode()


@pytest.mark.parametrize("query", ["?on=", "?on=x", "?on=2026-13-01", "?on=%00", "?on=99999-01-01", "?on=0000-00-00"])
def test_a_day_that_is_none_is_today_or_no_text(town: Town, visitor: Client, query: str) -> None:
    assert visitor.get(f"/grid/{net.CELL}/{query}").status_code in (200, 400)


@pytest.mark.parametrize("more", [1, 3, 30])
def test_the_queries_of_an_area_do_not_grow(town: Town, visitor: Client, more: int) -> None:
    zone = Area.objects.get(code=NORTH)
    post(town, Post.Role.ROAD_CHIEF, Road.objects.get(code="R001"), town.mei, level=3)
    a_case(999, None, road=Road.objects.get(code="R001"))
    few = queries(visitor, f"/grid/{NORTH}/")
    for number in range(more):
        grid = lay_area(town, f"X{number}", Area.Level.GRID, zone, (120.18, 31.7, 120.19, 31.71), kind="street")
        road = Road.objects.create(code=f"Q{number}", name="路", road_class="lane", since=long_ago(), grid=grid)
        post(town, Post.Role.ROAD_CHIEF, road, town.lu, level=3)
        a_case(number, None, road=road)
    assert queries(visitor, f"/grid/{NORTH}/") == few


def test_english_pages_mark_what_is_chinese(town: Town, visitor: Client) -> None:
    Area.objects.filter(code=net.CELL).update(name_en="")
    read = page(visitor.get(f"/grid/{net.CELL}/", headers={"accept-language": "en"}))
    assert read.h1["lang"] == "zh-Hans"
    assert "Unit cell" in words(read.main)
