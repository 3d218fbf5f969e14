"""Shapes as people write them, there and back: holes, several parts, lines, positions, and GeoJSON that was pasted."""

import contextlib
import json
from typing import Any

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import LineString, MultiPolygon, Point, Polygon, mapping, shape

from grid.net import corners, geometry
from kit.refusals import Refused

SQUARE = Polygon([(120.18, 31.71), (120.19, 31.71), (120.19, 31.72), (120.18, 31.72)])
POND = Polygon([(120.183, 31.713), (120.187, 31.713), (120.187, 31.717), (120.183, 31.717)])
ISLAND = Polygon([(120.184, 31.714), (120.186, 31.714), (120.186, 31.716), (120.184, 31.716)])
AFAR = Polygon([(120.20, 31.71), (120.21, 31.71), (120.21, 31.72)])


@pytest.mark.parametrize(
    "drawn",
    [
        SQUARE,
        SQUARE - POND,
        (SQUARE - POND) | ISLAND,
        MultiPolygon([SQUARE, AFAR]),
        shapely.union_all([SQUARE - POND, AFAR]),
    ],
    ids=["plain", "hole", "island", "two", "two with a hole"],
)
def test_an_outline_comes_back_as_it_was(drawn: Any) -> None:
    back: Any = corners.outline(corners.as_text(drawn))

    assert shape(back).equals(drawn)
    assert back["type"] == drawn.geom_type
    geometry.read_polygon(back)


def test_a_line_and_a_position_too() -> None:
    line = LineString([(120.18, 31.71), (120.19, 31.72)])

    assert shape(corners.line(corners.as_text(line))) == line
    assert corners.position(corners.as_text(Point(120.18, 31.71))) == (120.18, 31.71)
    assert corners.position(" \n") is None


@pytest.mark.parametrize("between", [", ", " ", ",", "，", "\t", "; "])
def test_whatever_stands_between_the_two_numbers(between: str) -> None:
    assert corners.position(f"120.18{between}31.71") == (120.18, 31.71)


@pytest.mark.parametrize(
    "wrapped", [lambda told: told, lambda told: {"type": "Feature", "properties": {}, "geometry": told}]
)
def test_geojson_is_taken_as_it_is_pasted(wrapped: Any) -> None:
    told = wrapped(mapping(SQUARE))
    for pasted in (told, {"type": "FeatureCollection", "features": [wrapped(mapping(SQUARE))]}):
        assert shape(corners.outline(json.dumps(pasted))).equals(SQUARE)


@pytest.mark.parametrize(
    "written", ["1", "1, 2, 3", "north, east", "1e5, 2", "120.18, 31.71\n120.19, x", "{", '{"a": ' * 9000]
)
def test_what_is_no_shape_is_refused(written: str) -> None:
    for read in (corners.outline, corners.line):
        with pytest.raises(Refused) as refusal:
            geometry.read_polygon(read(written))
        assert refusal.value.status == 422


@given(
    st.lists(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=3, max_size=6), min_size=1, max_size=4)
)
def test_no_tangle_of_rings_is_more_than_a_sentence(rings: list[list[tuple[int, int]]]) -> None:
    text = "\n\n".join("\n".join(f"120.{x}, 31.{y}" for x, y in ring) for ring in rings)
    kept = None
    with contextlib.suppress(Refused):
        kept = geometry.read_polygon(corners.outline(text))

    assert kept is None or shapely.is_valid(geometry.drawn(kept))
