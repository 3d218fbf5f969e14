"""Overlaps, gaps, what lies outside and roads without a cell, of the net of a day."""

from datetime import timedelta
from typing import Any

import pytest
import shapely
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from grid.models import Area, Boundary, Segment
from grid.net import drawing, gaps, geometry, paving
from grid.net.paving import RoadWords
from grid.net.sketches import Sketch
from tests.cast import Town
from tests.grid.net import CELL, GRID, NEIGHBOUR, area, metres, road, shape_of, shrunk, written

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate
DOWN = Area.Level.CELL


def put(code: str, shape: Any) -> None:
    """Past all deeds, as an older net may be."""
    kept = geometry.written_down(shape)
    Boundary.objects.filter(area__code=code, until=None).update(shape=kept, **geometry.box_of(shape)._asdict())


def test_the_demo_towns_net_is_whole(town: Town) -> None:
    found = gaps.report(TODAY())

    assert found.is_whole
    assert gaps.lines(found) == []


def test_an_overlap_is_measured_and_shown_where_it_is(town: Town) -> None:
    mine, theirs = shape_of(CELL), shape_of(NEIGHBOUR)
    strip = theirs & metres(mine, east=40)
    put(CELL, (mine | strip).buffer(0))

    (overlap,) = gaps.report(TODAY()).overlaps

    assert (overlap.one.code, overlap.other.code) == (CELL, NEIGHBOUR)
    assert overlap.square_metres == pytest.approx(geometry.size_of(strip), rel=0.01)
    assert shapely.intersects_xy(strip, *overlap.at)


def test_a_gap_is_measured_and_its_grid_is_named(town: Town) -> None:
    before = shape_of(CELL)
    drawing.redraw_area(
        area=area(CELL),
        sketch=Sketch(written(shrunk(before, 30))),
        since=TODAY() + timedelta(days=2),
        by=town.admin,
    )

    assert gaps.report(TODAY()).is_whole
    (gap,) = gaps.report(TODAY() + timedelta(days=2)).gaps
    assert gap.square_metres == pytest.approx(geometry.size_of(before - shrunk(before, 30)), rel=0.01)
    assert gap.grid == area(GRID)
    assert before.contains(shapely.Point(gap.at))


def test_what_lies_outside_its_parent(town: Town) -> None:
    put(GRID, shrunk(shape_of(GRID), 20))

    found = gaps.report(TODAY())

    assert {outside.area.parent for outside in found.outsiders} == {area(GRID)}
    assert len(found.outsiders) == 4
    assert [line.sort for line in gaps.lines(found)] == ["outside"] * 4


def test_a_road_without_a_stretch_and_one_outside_all_cells(town: Town) -> None:
    paving.found_road(code="R099", words=RoadWords("示范新路"), since=TODAY(), by=town.admin)
    lane = road("示范一巷")
    Segment.objects.filter(road=lane).update(
        shape={"type": "LineString", "coordinates": [[120.30, 31.70], [120.31, 31.70]]}
    )

    assert [each.name for each in gaps.report(TODAY()).roads_beside] == ["示范一巷", "示范新路"]
    assert gaps.report(TODAY() - timedelta(days=1)).roads_beside == [lane]


def test_without_a_town_it_says_so(town: Town) -> None:
    Boundary.objects.filter(area__level="town").delete()

    found = gaps.report(TODAY())

    assert not found.has_town
    assert not found.is_whole
    assert found.gaps == []


@pytest.mark.parametrize("cells", [1, 3, 29])
def test_it_asks_the_same_however_much_there_is(town: Town, cells: int) -> None:
    kept = Area.objects.of_level(DOWN).order_by("code").values_list("pk", flat=True)[:cells]
    Boundary.objects.filter(area__level=DOWN).exclude(area__in=list(kept)).delete()

    with CaptureQueriesContext(connection) as asked:
        found = gaps.report(TODAY())
        gaps.lines(found)

    assert found.gaps
    assert len(asked) == 3
