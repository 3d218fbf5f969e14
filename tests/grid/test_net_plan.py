"""What maps show of the net: the plan for browsers, and the drawing made on the server."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from grid.models import Area, Boundary, Case, PointOfInterest, Road
from grid.net import coordinates, geometry, maps, plan
from grid.net.geometry import Box
from grid.net.plan import Feature
from grid.net.svg import HEIGHT, WIDTH, Frame, sketch
from tests.cast import Town
from tests.grid import net
from tests.grid.chains import area as lay_area

TODAY = timezone.localdate


def told(client: Client, query: str = "") -> dict[str, dict[str, Any]]:
    """The features by their keys."""
    collection = client.get(f"/grid/net.geojson{query}").json()
    assert collection["type"] == "FeatureCollection"
    return {feature["id"]: feature for feature in collection["features"]}


# --- the plan -----------------------------------------------------------------------------------------------------------


def test_everything_of_the_day_is_in_the_plan_from_the_ground_upwards(town: Town) -> None:
    kinds = [feature.kind for feature in plan.features(on=TODAY())]

    assert sorted(kinds, key=plan.ORDER.index) == kinds
    assert kinds.count("cell") == Area.objects.of_level(Area.Level.CELL).count()
    assert kinds.count("road") == Road.objects.count()  # a road of several stretches is one
    assert kinds.count("point") == PointOfInterest.objects.count()


def test_a_browser_gets_names_addresses_and_shapes(town: Town, visitor: Client) -> None:
    features = told(visitor)

    cell = features[f"cell-{net.CELL}"]
    assert {**cell["properties"], "at": None} == {
        "kind": "cell",
        "sort": "community",
        "name": "玉祁社区第1网格",
        "name_en": "Yuqi Community, cell 1",
        "url": f"/grid/{net.CELL}/",
        "at": None,
    }
    assert geometry.holds(geometry.drawn(cell["geometry"]), tuple(cell["properties"]["at"]))
    assert features["road-R001"]["geometry"]["type"] == "MultiLineString"
    assert features["point-P001"]["properties"]["url"].endswith("#point-P001")


def test_it_may_be_kept_and_is_known_again(town: Town, visitor: Client) -> None:
    answer = visitor.get("/grid/net.geojson")
    assert answer["Content-Type"] == "application/geo+json; charset=utf-8"
    assert answer["Cache-Control"] == "public, max-age=300"

    again = visitor.get("/grid/net.geojson", headers={"if-none-match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert visitor.get("/grid/net.geojson", headers={"if-none-match": '"other"'}).status_code == 200


def test_who_is_signed_in_gets_the_same_bytes(town: Town, visitor: Client, client: Client) -> None:
    client.force_login(town.mei)
    client.cookies["django_language"] = "en"
    mine, everybodys = client.get("/grid/net.geojson"), visitor.get("/grid/net.geojson")
    assert (mine.content, mine["Cache-Control"]) == (everybodys.content, everybodys["Cache-Control"])


def test_a_changed_outline_is_another_plan(town: Town, visitor: Client) -> None:
    before = visitor.get("/grid/net.geojson")
    Boundary.objects.filter(area__code=net.CELL).update(until=TODAY())
    after = visitor.get("/grid/net.geojson")
    assert before["ETag"] != after["ETag"]
    assert f"cell-{net.CELL}" not in told(visitor)
    assert f"cell-{net.CELL}" in told(visitor, f"?on={TODAY() - timedelta(days=1)}")


@pytest.mark.parametrize("query", ["?on=", "?on=x", "?on=2026-02-30", "?on=99999-01-01", "?system=BD-09", "?on=1"])
def test_what_means_nothing_is_as_good_as_none(town: Town, visitor: Client, query: str) -> None:
    assert visitor.get(f"/grid/net.geojson{query}").content == visitor.get("/grid/net.geojson").content


def test_before_there_was_a_net_it_is_empty(town: Town, visitor: Client) -> None:
    assert told(visitor, "?on=0001-01-01") == {}
    assert visitor.get("/grid/?on=0001-01-01").status_code == 200


def test_its_queries_and_its_weight(town: Town, visitor: Client) -> None:
    with CaptureQueriesContext(connection) as asked:
        answer = visitor.get("/grid/net.geojson")
    assert len(asked) == 3
    assert len(answer.content) < 60 * 1024


# --- the drawing --------------------------------------------------------------------------------------------------------


def square(kind: str, code: str, west: float, south: float, side: float = 0.01) -> Feature:
    ring = [[west, south], [west + side, south], [west + side, south + side], [west, south + side], [west, south]]
    return Feature(kind, code, f"名{code}", "", "", "", {"type": "Polygon", "coordinates": [ring]})


def test_a_frame_keeps_the_proportions_of_the_ground() -> None:
    frame = Frame(Box(120.17, 31.70, 120.19, 31.71))
    (left, top), (right, bottom) = frame.at((120.17, 31.71)), frame.at((120.19, 31.70))
    wide = geometry.metres_between((120.17, 31.71), (120.19, 31.71))
    high = geometry.metres_between((120.17, 31.71), (120.17, 31.70))
    assert (right - left) / (bottom - top) == pytest.approx(wide / high, rel=0.02)
    assert 0 < left < right < WIDTH
    assert 0 < top < bottom < HEIGHT
    assert frame.percent(((120.17 + 120.19) / 2, (31.70 + 31.71) / 2)) == (50.0, 50.0)


def test_a_point_alone_has_a_frame() -> None:
    assert Frame(Box(120.18, 31.71, 120.18, 31.71)).at((120.18, 31.71)) == (WIDTH / 2, HEIGHT / 2)


def test_what_is_out_of_sight_is_not_drawn_and_what_is_meant_lies_on_top() -> None:
    here, beside, far = (
        square("cell", "1", 120.17, 31.70),
        square("cell", "2", 120.18, 31.70),
        square("cell", "3", 121, 31),
    )
    drawn = sketch([here, beside, far], Box(120.17, 31.70, 120.18, 31.71), here=[here.key])
    assert [line.css for line in drawn.lines] == ["cell", "cell here"]
    assert all(re.fullmatch(r"(M-?\d+ -?\d+(L-?\d+ -?\d+)+z)+", line.path) for line in drawn.lines)


def test_names_lie_over_no_number_and_over_no_other_name() -> None:
    box = Box(120.17, 31.70, 120.18, 31.71)
    one, same = square("cell", "1", 120.17, 31.70), square("grid", "2", 120.17, 31.70)
    assert [name.text for name in sketch([one, same], box).names] == ["名2"]  # the grid is more important
    assert [name.text for name in sketch([one, same], box, here=[one.key]).names] == ["名1"]
    assert sketch([one], box, marks=[(120.175, 31.705)]).names == []
    assert [number.number for number in sketch([one], box, marks=[(120.175, 31.705)] * 2).numbers] == [1, 2]


def test_a_name_without_room_on_its_shape_stays_away_unless_it_is_meant() -> None:
    tiny, large = square("cell", "1", 120.171, 31.701, 0.0005), square("town", "0", 120.17, 31.70)
    box = Box(120.17, 31.70, 120.18, 31.71)
    assert sketch([large, tiny], box).names == []
    assert [name.text for name in sketch([large, tiny], box, here=[tiny.key]).names] == ["名1"]


def test_the_drawing_escapes_what_people_wrote(town: Town) -> None:
    Area.objects.filter(code=net.CELL).update(name='<b>"格"</b>')
    face = maps.map_of("图", plan.features(on=TODAY()), on=TODAY(), about=[f"cell-{net.CELL}"])
    assert face is not None
    drawn = render_to_string("grid/_sketch.html", {"sketch": face.sketch})
    assert "<b>" not in drawn
    assert "&lt;b&gt;" in drawn


def test_the_names_of_a_drawing_are_the_readers(town: Town) -> None:
    with translation.override("en"):
        face = maps.map_of("map", plan.features(on=TODAY()), on=TODAY())
    assert face is not None
    assert {"North zone", "South zone"} <= {name.text for name in face.sketch.names}
    assert {name.lang for name in face.sketch.names} == {"en"}


def test_nothing_drawn_is_no_map() -> None:
    assert maps.map_of("图", [], on=date(2026, 1, 1)) is None


# --- positions that others see ------------------------------------------------------------------------------------------


def test_a_case_at_a_dwelling_is_told_to_a_hundred_metres() -> None:
    exact = (120.183217, 31.718342)
    street = Case(longitude=exact[0], latitude=exact[1])
    home = Case(longitude=exact[0], latitude=exact[1], is_dwelling=True)
    assert plan.public_position(street) == exact
    told_to_others = plan.public_position(home)
    assert told_to_others is not None
    assert told_to_others != exact
    assert geometry.metres_between(told_to_others, exact) <= 71  # half the diagonal of the square
    neighbour = Case(longitude=told_to_others[0], latitude=told_to_others[1], is_dwelling=True)
    assert plan.public_position(neighbour) == told_to_others
    assert plan.public_position(Case()) is None


# --- tiles of an operator -----------------------------------------------------------------------------------------------

TILES = {
    "MAP_TILES": "https://tiles.example.org/{z}/{x}/{y}.png",
    "MAP_TILES_CREDIT": "示例地图 · 审图号 GS(2026)0001号",
    "MAP_TILES_SYSTEM": "GCJ-02",
}


def test_without_an_operators_tiles_nothing_is_fetched_from_elsewhere(town: Town, visitor: Client) -> None:
    answer = visitor.get("/grid/")
    assert "data-tiles" not in answer.content.decode()
    assert "img-src 'self' data:;" in f"{answer['Content-Security-Policy']};"


@override_settings(**TILES)
def test_tiles_of_another_system_move_everything_alike(town: Town, visitor: Client) -> None:
    page = visitor.get("/roads/R001/").content.decode()
    assert 'data-tiles="https://tiles.example.org/{z}/{x}/{y}.png"' in page
    assert TILES["MAP_TILES_CREDIT"] in page
    assert "/grid/net.geojson?system=GCJ-02" in page
    point = PointOfInterest.objects.get(code="P001")
    moved = coordinates.to_gcj02((point.longitude, point.latitude))
    assert f'data-lon="{point.longitude}" data-lat="{point.latitude}"' in page  # a phone says WGS-84
    assert f'data-map-lon="{round(moved[0], 6)}"' in page

    plain, other = told(visitor)[f"cell-{net.CELL}"], told(visitor, "?system=GCJ-02")[f"cell-{net.CELL}"]
    apart = geometry.metres_between(tuple(plain["properties"]["at"]), tuple(other["properties"]["at"]))
    assert 400 < apart < 600  # domain 7.1: about 490 m


def test_a_grid_that_lies_over_another_is_drawn_too(town: Town) -> None:
    parent = Area.objects.of_level(Area.Level.ZONE)[0]
    lay_area(town, "EXTRA", Area.Level.GRID, parent, (120.18, 31.71, 120.185, 31.715), kind=Area.Kind.STREET)
    assert "grid-EXTRA" in [feature.key for feature in plan.features(on=TODAY())]
