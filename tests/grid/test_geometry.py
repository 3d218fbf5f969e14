"""Shapes: what is read, what is refused and why, and that measures agree with the Earth."""

import contextlib
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import LineString, Polygon

from grid.net import geometry
from kit.refusals import Refused

SQUARE = [[120.18, 31.71], [120.19, 31.71], [120.19, 31.72], [120.18, 31.72], [120.18, 31.71]]
BOW = [[120.18, 31.71], [120.19, 31.72], [120.19, 31.71], [120.18, 31.72], [120.18, 31.71]]

positions = st.tuples(st.floats(120.1, 120.25), st.floats(31.65, 31.78))


def great_circle(one: geometry.Position, other: geometry.Position) -> float:
    """The haversine on a sphere, by the book."""
    (x1, y1), (x2, y2) = ([math.radians(part) for part in each] for each in (one, other))
    half = math.sin((y2 - y1) / 2) ** 2 + math.cos(y1) * math.cos(y2) * math.sin((x2 - x1) / 2) ** 2
    return 2 * 6_371_008.8 * math.asin(math.sqrt(half))


def test_a_polygon_is_kept_with_six_decimals_and_turned_as_geojson_wants() -> None:
    clockwise = [[x + 0.00000049, y] for x, y in reversed(SQUARE)]
    kept = geometry.read_polygon({"type": "Polygon", "coordinates": [clockwise]})
    ring = kept["coordinates"][0]
    assert sorted(map(tuple, ring)) == sorted(map(tuple, SQUARE))
    assert Polygon(ring).exterior.is_ccw


@pytest.mark.parametrize(
    ("written", "code"),
    [
        (None, "unreadable"),
        ("POLYGON", "unreadable"),
        ({"type": "Point", "coordinates": [1, 2]}, "unreadable"),
        ({"type": "Polygon"}, "unreadable"),
        ({"type": "Polygon", "coordinates": 7}, "unreadable"),
        ({"type": "Polygon", "coordinates": [[["a", "b"], [1, 2], [3, 4], [5, 6]]]}, "unreadable"),
        ({"type": "Polygon", "coordinates": [[[0, 0], [math.nan, 2], [3, 4], [0, 0]]]}, "unreadable"),
        ({"type": "Polygon", "coordinates": [[[500, 0], [501, 0], [501, 1], [500, 0]]]}, "unreadable"),
        ({"type": "Polygon", "coordinates": [BOW]}, "crossing"),
        ({"type": "Polygon", "coordinates": []}, "empty"),
        ({"type": "Polygon", "coordinates": [[[i / 1e5, math.sin(i)] for i in range(6000)]]}, "too_many_points"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_outline_is_refused_with_its_reason(written: object, code: str) -> None:
    with pytest.raises(Refused) as refused:
        geometry.read_polygon(written)
    assert (refused.value.code, refused.value.status, refused.value.field) == (code, 422, "shape")


def test_a_crossing_outline_is_told_where_it_crosses() -> None:
    with pytest.raises(Refused, match=r"120\.185, 31\.715"):
        geometry.read_polygon({"type": "Polygon", "coordinates": [BOW]})


@given(st.lists(st.tuples(st.floats(0, 3e-5), st.floats(0, 3e-5)), min_size=3, max_size=7))
def test_rounding_never_lets_an_outline_cross_itself(corners: list[tuple[float, float]]) -> None:
    ring = [[120.18 + x, 31.71 + y] for x, y in [*corners, corners[0]]]
    kept = None
    with contextlib.suppress(Refused):  # it crosses itself, or is smaller than a hand
        kept = geometry.read_polygon({"type": "Polygon", "coordinates": [ring]})

    if kept is not None:
        assert geometry.drawn(kept).is_valid
        assert geometry.drawn(kept).area > 0
        assert geometry.read_polygon(kept) == kept


def test_a_spike_thinner_than_a_hand_is_cut_off() -> None:
    spiked = [*SQUARE[:2], [120.19, 31.715], [120.1950001, 31.7150001], [120.19, 31.7150002], *SQUARE[2:]]
    kept = geometry.read_polygon({"type": "Polygon", "coordinates": [spiked]})

    assert geometry.drawn(kept).is_valid
    assert geometry.size_of(geometry.drawn(kept)) == pytest.approx(geometry.size_of(Polygon(SQUARE)), rel=1e-6)


def test_a_line_needs_a_length() -> None:
    assert geometry.read_line({"type": "LineString", "coordinates": SQUARE[:2]})["coordinates"] == SQUARE[:2]
    with pytest.raises(Refused) as refused:
        geometry.read_line({"type": "LineString", "coordinates": [SQUARE[0], SQUARE[0]]})
    assert refused.value.code == "empty"


@given(positions, positions)
def test_distances_agree_with_the_great_circle(one: geometry.Position, other: geometry.Position) -> None:
    assert geometry.metres_between(one, other) == pytest.approx(great_circle(one, other), rel=1e-3, abs=0.01)


@given(positions)
def test_a_line_is_as_long_as_its_ends_are_apart_and_near_to_what_lies_on_it(start: geometry.Position) -> None:
    end = (start[0] + 0.004, start[1] + 0.003)
    line = LineString([start, end])
    assert geometry.length_of(line) == pytest.approx(great_circle(start, end), rel=1e-3)
    middle = ((start[0] + end[0]) / 2, (start[1] + end[1]) / 2)
    assert geometry.metres_to(line, middle) < 0.01


def test_a_square_is_as_large_as_its_sides_say() -> None:
    across = great_circle((120.18, 31.715), (120.19, 31.715))
    up = great_circle((120.18, 31.71), (120.18, 31.72))
    assert geometry.size_of(Polygon(SQUARE)) == pytest.approx(across * up, rel=1e-3)


@given(positions, st.floats(1, 1000))
def test_a_widened_box_holds_what_is_that_near_and_little_more(here: geometry.Position, metres: float) -> None:
    box = geometry.Box(*here, *here).widened(metres)
    aside = metres / (geometry.METRES_IN_A_DEGREE * math.cos(math.radians(here[1])))
    assert box.holds((here[0] + aside * 0.999, here[1]))
    assert not box.holds((here[0] + aside * 1.01, here[1]))


@given(positions)
def test_a_rounded_position_hides_where_within_its_square_one_was(here: geometry.Position) -> None:
    told = geometry.rounded(here, 100)
    assert great_circle(here, told) <= 71.5  # half a diagonal
    assert geometry.rounded(told, 100) == told
