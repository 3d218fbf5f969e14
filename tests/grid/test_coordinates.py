"""WGS-84 and GCJ-02: there and back, how far they lie apart, and what others have published."""

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from grid.net import coordinates, geometry
from grid.net.coordinates import System

YUQI = (120.18286, 31.71771)

IN_CHINA = st.tuples(st.floats(72.1, 137.7), st.floats(0.9, 55.7))
IN_YUQI = st.tuples(st.floats(120.1, 120.3), st.floats(31.6, 31.8))
ABROAD = st.one_of(
    st.tuples(st.floats(-180, 72), st.floats(-90, 90)), st.tuples(st.floats(-180, 180), st.floats(56, 90))
)


@given(IN_CHINA)
def test_there_and_back_is_where_one_was(position: tuple[float, float]) -> None:
    back = coordinates.from_gcj02(coordinates.to_gcj02(position))

    assert back == pytest.approx(position, abs=1e-6)
    assert geometry.metres_between(position, back) < 1


@given(IN_CHINA)
def test_nowhere_further_than_a_kilometre_and_never_nothing(position: tuple[float, float]) -> None:
    assert 0 < geometry.metres_between(position, coordinates.to_gcj02(position)) < 1000


@given(IN_YUQI, st.floats(1e-5, 0.05))
def test_what_lies_further_east_or_north_still_does(position: tuple[float, float], step: float) -> None:
    longitude, latitude = position
    here = coordinates.to_gcj02(position)

    assert coordinates.to_gcj02((longitude + step, latitude))[0] > here[0]
    assert coordinates.to_gcj02((longitude, latitude + step))[1] > here[1]


@given(ABROAD)
def test_abroad_nothing_is_shifted(position: tuple[float, float]) -> None:
    assert coordinates.to_gcj02(position) == position
    assert coordinates.from_gcj02(position) == position


def test_in_yuqi_it_lies_447_metres_east_and_209_south() -> None:
    east, north = geometry.scale(YUQI[1])
    longitude, latitude = coordinates.to_gcj02(YUQI)

    assert (longitude - YUQI[0]) * east == pytest.approx(447, abs=5)
    assert (latitude - YUQI[1]) * north == pytest.approx(-209, abs=5)


@pytest.mark.parametrize(
    ("wgs84", "gcj02"),
    [
        (YUQI, (120.18760, 31.71584)),
        ((121.5272106, 31.1774276), (121.531541859215, 31.17530398364597)),  # Shanghai
        ((113.912316, 22.543847), (113.9171764808363, 22.540796131694766)),  # Shenzhen
        ((116.377817, 39.911954), (116.38404722455657, 39.91334545536069)),  # Beijing
    ],
)
def test_it_says_what_is_published(wgs84: tuple[float, float], gcj02: tuple[float, float]) -> None:
    assert coordinates.to_gcj02(wgs84) == pytest.approx(gcj02, abs=1e-5)


def test_whole_shapes_go_through_at_the_edges() -> None:
    square = shapely.box(120.18, 31.70, 120.19, 31.71)

    there = coordinates.out_of_wgs84(square, System.GCJ02)
    back = coordinates.into_wgs84(there, System.GCJ02)

    assert there.distance(shapely.Point(coordinates.to_gcj02((120.18, 31.70)))) < 1e-9
    assert shapely.hausdorff_distance(square, back) < 1e-8
    assert coordinates.into_wgs84(square, System.CGCS2000) == square == coordinates.out_of_wgs84(square, System.WGS84)
