"""The net as programs read it."""

from datetime import timedelta
from typing import Any

import pytest
import shapely
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from grid.models import Area, Post, Road
from tests.cast import Town
from tests.grid import net
from tests.grid.chains import a_road, post
from tests.grid.chains import area as lay_area

API = "/api/v1"
KINDS = ("zones", "cells", "roads")


def told(client: Client, path: str, status: int = 200, **query: object) -> Any:
    answer = client.get(f"{API}/{path}", query)
    assert answer.status_code == status, answer.content
    return answer.json()


def test_a_zone_is_told_whole(town: Town, visitor: Client) -> None:
    zone = Area.objects.get(code=f"{net.TOWN}-N")
    assert told(visitor, f"zones/{zone.pk}/") == {
        "id": zone.pk,
        "url": f"http://testserver/grid/{zone.code}/",
        "code": zone.code,
        "name": "北片区",
        "name_en": "North zone",
        "cells": Area.objects.filter(level="cell", parent__parent=zone).count(),
        "since": "2024-01-01",
        "is_schematic": True,
        "shape": None,
    }


def test_a_cell_is_told_whole(town: Town, visitor: Client) -> None:
    cell = net.area(net.CELL)
    assert cell.parent is not None
    assert told(visitor, f"cells/{cell.pk}/") == {
        "id": cell.pk,
        "url": f"http://testserver/grid/{cell.code}/",
        "code": cell.code,
        "name": "玉祁社区第1网格",
        "name_en": "Yuqi Community, cell 1",
        "kind": "community",
        "grid": cell.parent_id,
        "zone": cell.parent.parent_id,
        "since": "2024-01-01",
        "is_schematic": True,
        "shape": None,
    }


def test_a_road_is_told_whole(town: Town, visitor: Client) -> None:
    road = Road.objects.select_related("grid").get(code="R001")
    assert road.grid is not None
    assert told(visitor, f"roads/{road.pk}/") == {
        "id": road.pk,
        "url": "http://testserver/roads/R001/",
        "code": "R001",
        "name": "振祁路",
        "name_en": "Zhenqi Road",
        "class": "main",
        "begins_at": road.begins_at,
        "ends_at": road.ends_at,
        "length": sum(road.segments.values_list("length", flat=True)),
        "is_pilot": True,
        "grid": road.grid_id,
        "zone": road.grid.parent_id,
        "since": "2024-01-01",
        "is_schematic": True,
        "shape": None,
    }


@pytest.mark.parametrize("kind", KINDS)
def test_lists_tell_the_same_and_shapes_on_request(town: Town, visitor: Client, kind: str) -> None:
    plain, drawn = told(visitor, f"{kind}/")["results"], told(visitor, f"{kind}/", shape=1)["results"]
    assert [row | {"shape": None} for row in drawn] == plain
    assert all(shapely.from_geojson(json_of(row["shape"])).is_valid for row in drawn)
    first = drawn[0]
    assert told(visitor, f"{kind}/{first['id']}/", shape="true") == first


def json_of(shape: dict[str, Any]) -> str:
    return str(shape).replace("'", '"')


@pytest.mark.parametrize(
    ("path", "query", "expected"),
    [
        ("cells", {"kind": "street"}, {"level": "cell", "kind": "street"}),
        ("cells", {"zone": "S"}, {"level": "cell", "parent__parent__code": f"{net.TOWN}-S"}),
        (
            "cells",
            {"zone": "N", "kind": "community"},
            {"level": "cell", "kind": "community", "parent__parent__code": f"{net.TOWN}-N"},
        ),
        ("cells", {"zone": 2**62}, {"pk": 0}),
    ],
)
def test_cells_may_be_narrowed(
    town: Town, visitor: Client, path: str, query: dict[str, Any], expected: dict[str, Any]
) -> None:
    zones = {"N": Area.objects.get(code=f"{net.TOWN}-N").pk, "S": Area.objects.get(code=f"{net.TOWN}-S").pk}
    asked = {name: zones.get(value, value) for name, value in query.items()}
    found = told(visitor, f"{path}/", **asked)
    assert [row["code"] for row in found["results"]] == list(
        Area.objects.filter(**expected).values_list("code", flat=True)
    )


def test_roads_may_be_narrowed(town: Town, visitor: Client) -> None:
    north = Area.objects.get(code=f"{net.TOWN}-N")

    def codes(**query: object) -> set[str]:
        return {row["code"] for row in told(visitor, "roads/", page_size=200, **query)["results"]}

    assert codes(**{"class": "lane"}) == set(Road.objects.filter(road_class="lane").values_list("code", flat=True))
    assert codes(zone=north.pk) == set(Road.objects.filter(grid__parent=north).values_list("code", flat=True))
    assert codes() == set(Road.objects.values_list("code", flat=True))


@pytest.mark.parametrize(
    "query",
    ["cells/?kind=square", "cells/?zone=x", "cells/?zone=0", "roads/?class=boulevard", "roads/?class=", "zones/?page=0"]
    + ["zones/?shape=perhaps", "roads/?class=main&class=lane", "zones/1/?shape=perhaps", f"cells/?zone={2**63}"],
)
def test_what_cannot_be_read_is_a_problem(town: Town, visitor: Client, query: str) -> None:
    answer = visitor.get(f"{API}/{query}")
    assert answer.status_code == 422
    assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("kind", KINDS)
def test_what_stands_no_longer_or_is_something_else_is_not_there(town: Town, visitor: Client, kind: str) -> None:
    rows = told(visitor, f"{kind}/")["results"]
    first = rows[0]["id"]
    model = Road if kind == "roads" else Area
    model.objects.filter(pk=first).update(until=timezone.localdate())
    told(visitor, f"{kind}/{first}/", status=404)
    assert told(visitor, f"{kind}/")["count"] == len(rows) - 1
    told(visitor, f"{kind}/{2**63}/", status=404)
    if kind != "roads":
        other = Area.objects.filter(level=Area.Level.GRID)[0]
        told(visitor, f"{kind}/{other.pk}/", status=404)


def test_a_cell_of_tomorrow_is_not_counted_today(town: Town, visitor: Client) -> None:
    zone = Area.objects.get(code=f"{net.TOWN}-N")
    before = told(visitor, f"zones/{zone.pk}/")["cells"]
    grid = Area.objects.filter(parent=zone)[0]
    lay_area(
        town,
        "SOON",
        Area.Level.CELL,
        grid,
        (120.1, 31.7, 120.2, 31.8),
        kind="community",
        since=timezone.localdate() + timedelta(days=1),
    )
    assert told(visitor, f"zones/{zone.pk}/")["cells"] == before


def test_nobody_is_named(town: Town, visitor: Client) -> None:
    for road in Road.objects.all():
        post(town, Post.Role.ROAD_CHIEF, road, town.lu, level=3, duty_phone="0510-83880012")
    for kind in KINDS:
        said = visitor.get(f"{API}/{kind}/?shape=1").content.decode()
        assert town.lu.name not in said
        assert "83880012" not in said


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("more", [1, 3, 30])
def test_queries_do_not_grow(town: Town, visitor: Client, kind: str, more: int) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            told(visitor, f"{kind}/", shape=1, page_size=200)
        return len(asked)

    few = queries()
    top = Area.objects.get(level=Area.Level.TOWN)
    box = (120.18, 31.7, 120.19, 31.71)
    for number in range(more):
        zone = lay_area(town, f"Z{number}", Area.Level.ZONE, top, box)
        grid = lay_area(town, f"G{number}", Area.Level.GRID, zone, box, kind="street")
        lay_area(town, f"C{number}", Area.Level.CELL, grid, box, kind="street")
        a_road(f"W{number}", grid=grid)
    assert queries() == few


@pytest.mark.parametrize("kind", KINDS)
def test_reading_may_be_kept_by_caches(town: Town, visitor: Client, client: Client, kind: str) -> None:
    assert visitor.get(f"{API}/{kind}/")["Cache-Control"] == "public, no-cache"
    client.force_login(town.mei)
    assert client.get(f"{API}/{kind}/")["Cache-Control"] == "private, no-store"
