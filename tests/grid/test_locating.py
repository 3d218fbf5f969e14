"""Where a position lies: cells and their edges, streets over communities, yesterday's outline, houses along a road."""

from datetime import date, timedelta

import pytest

from communities.models import User
from grid.models import Area, Boundary, Road, Segment
from grid.net import geometry, locating
from kit.refusals import Refused
from tests.cast import Town

FIRST = date(2026, 1, 1)
TODAY = date(2026, 11, 27)

WEST, EAST = (0.0, 0.0, 0.01, 0.01), (0.01, 0.0, 0.02, 0.01)
"""Two squares side by side; corners are west, south, east, north, in degrees from the corner of the town."""
CORNER = (119.0, 30.0)


def square(west: float, south: float, east: float, north: float) -> dict[str, object]:
    x, y = CORNER
    corners = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [[[x + dx, y + dy] for dx, dy in corners]]}


def at(dx: float, dy: float) -> geometry.Position:
    return CORNER[0] + dx, CORNER[1] + dy


class Ground:
    """A small town beside the real one: a zone, a community grid with two cells, and a street-front cell over their edge."""

    def __init__(self, by: User) -> None:
        self.by = by
        self.town = self.area("900", Area.Level.TOWN, None, (0, 0, 0.02, 0.01))
        self.zone = self.area("9001", Area.Level.ZONE, self.town, (0, 0, 0.02, 0.01))
        self.grid = self.area("9001001", Area.Level.GRID, self.zone, (0, 0, 0.02, 0.01), Area.Kind.COMMUNITY)
        self.west = self.area("900100101", Area.Level.CELL, self.grid, WEST, Area.Kind.COMMUNITY)
        self.east = self.area("900100102", Area.Level.CELL, self.grid, EAST, Area.Kind.COMMUNITY)

    def area(
        self, code: str, level: Area.Level, parent: Area | None, corners: tuple[float, ...], kind: str = ""
    ) -> Area:
        area = Area.objects.create(code=code, name=code, level=level, parent=parent, kind=kind, since=FIRST)
        self.draw(area, corners)
        return area

    def draw(self, area: Area, corners: tuple[float, ...], since: date = FIRST, until: date | None = None) -> Boundary:
        shape = square(*corners)
        box = geometry.box_of(geometry.drawn(shape))
        return Boundary.objects.create(
            area=area, shape=shape, since=since, until=until, drawn_by=self.by, **box._asdict()
        )

    def road(self, *, until: date | None = None) -> Segment:
        """From west to east along the middle, odd numbers 1–99 on the left (north), even ones 2–50 on the right."""
        road = Road.objects.create(code="R900", name="试验路", road_class=Road.Class.LANE, since=FIRST, until=until)
        line = {"type": "LineString", "coordinates": [list(at(0, 0.005)), list(at(0.02, 0.005))]}
        drawn = geometry.drawn(line)
        return Segment.objects.create(
            road=road, number=1, name="全段", shape=line, length=round(geometry.length_of(drawn)), since=FIRST,
            odd_from=1, odd_to=99, even_from=2, even_to=50, **geometry.box_of(drawn)._asdict(),
        )  # fmt: skip


@pytest.fixture
def ground(town: Town) -> Ground:
    return Ground(town.admin)


def test_a_position_has_its_cell_and_everything_above_it(ground: Ground) -> None:
    place = locating.place_at(at(0.004, 0.002), on=TODAY)
    assert place.areas == [ground.west, ground.grid, ground.zone, ground.town]
    assert place.road is None


def test_on_the_edge_of_two_cells_it_is_the_one_with_the_smaller_code(ground: Ground) -> None:
    assert locating.place_at(at(0.01, 0.002), on=TODAY).cell == ground.west


def test_a_street_front_cell_goes_before_the_community_it_lies_over(ground: Ground) -> None:
    street = ground.area("900R01", Area.Level.GRID, ground.zone, (0, 0.004, 0.02, 0.006), Area.Kind.STREET)
    front = ground.area("900R0101", Area.Level.CELL, street, (0, 0.004, 0.02, 0.006), Area.Kind.STREET)
    place = locating.place_at(at(0.015, 0.005), on=TODAY)
    assert (place.cell, place.grid, place.zone) == (front, street, ground.zone)
    assert locating.place_at(at(0.015, 0.007), on=TODAY).cell == ground.east


def test_yesterdays_outline_can_be_asked_for(ground: Ground) -> None:
    """The eastern cell gives a strip to the western one, from today on."""
    strip = at(0.012, 0.002)
    Boundary.objects.filter(area__in=[ground.west, ground.east]).update(until=TODAY)
    ground.draw(ground.west, (0, 0, 0.013, 0.01), since=TODAY)
    ground.draw(ground.east, (0.013, 0, 0.02, 0.01), since=TODAY)
    assert locating.place_at(strip, on=TODAY - timedelta(days=1)).cell == ground.east
    assert locating.place_at(strip, on=TODAY).cell == ground.west


def test_what_has_ended_or_not_begun_is_not_found(ground: Ground) -> None:
    Area.objects.filter(pk=ground.west.pk).update(until=TODAY)
    assert locating.place_at(at(0.004, 0.002), on=TODAY).cell is None
    assert locating.place_at(at(0.004, 0.002), on=FIRST - timedelta(days=1)).areas == []


def test_a_place_near_a_road_lies_on_it_and_one_further_away_does_not(ground: Ground) -> None:
    segment = ground.road()
    metre = 1 / geometry.METRES_IN_A_DEGREE
    near, far = locating.NEAR_A_ROAD - 1, locating.NEAR_A_ROAD + 1
    assert locating.nearest_segment(at(0.004, 0.005 + near * metre), on=TODAY) == segment
    assert locating.nearest_segment(at(0.004, 0.005 + far * metre), on=TODAY) is None


def test_a_road_that_has_ended_has_no_places(ground: Ground) -> None:
    ground.road(until=TODAY)
    assert locating.nearest_segment(at(0.004, 0.005), on=TODAY) is None
    assert locating.nearest_segment(at(0.004, 0.005), on=TODAY - timedelta(days=1)) is not None


@pytest.mark.parametrize(
    ("number", "dx", "is_north"),
    [(1, 0.0, True), (99, 0.02, True), (51, 0.02 * 50 / 98, True), (2, 0.0, False), (50, 0.02, False)],
)
def test_a_house_stands_between_the_first_and_the_last_on_its_side(
    ground: Ground, number: int, dx: float, is_north: bool
) -> None:
    segment = ground.road()
    found = locating.house_at(segment.road, number, on=TODAY)
    assert found is not None
    stretch, position = found
    assert stretch == segment
    assert geometry.metres_between(position, (CORNER[0] + dx, position[1])) < 1
    assert (position[1] > CORNER[1] + 0.005) is is_north
    assert geometry.metres_between(position, (position[0], CORNER[1] + 0.005)) == pytest.approx(
        locating.FROM_THE_MIDDLE, abs=0.2
    )


def test_a_number_that_the_road_does_not_have_stands_nowhere(ground: Ground) -> None:
    road = ground.road().road
    assert locating.house_at(road, 52, on=TODAY) is None
    assert locating.house_at(road, 101, on=TODAY) is None


def test_a_place_outside_the_town_is_refused_and_one_at_its_edge_is_not(town: Town) -> None:
    Boundary.objects.all().delete()
    ground = Ground(town.admin)
    ground.road()
    metre = 1 / geometry.METRES_IN_A_DEGREE
    locating.demand_in_town(at(0.004, -(locating.BESIDE_THE_TOWN - 5) * metre), on=TODAY)
    with pytest.raises(Refused) as refused:
        locating.demand_in_town(at(0.004, -(locating.BESIDE_THE_TOWN + 5) * metre), on=TODAY)
    assert (refused.value.code, refused.value.status, refused.value.field) == ("outside", 422, "position")


def test_without_a_town_nothing_is_outside(town: Town) -> None:
    Boundary.objects.all().delete()
    locating.demand_in_town((0.0, 0.0), on=TODAY)


def test_finding_a_place_asks_as_much_in_a_large_net_as_in_a_small_one(
    ground: Ground, django_assert_num_queries: pytest.FixtureRequest
) -> None:
    ground.road()
    here = at(0.004, 0.005)
    with django_assert_num_queries(2):  # type: ignore[operator]
        locating.place_at(here, on=TODAY)
    for number in range(30):
        ground.area(f"90010012{number:02}", Area.Level.CELL, ground.grid, EAST, Area.Kind.COMMUNITY)
    with django_assert_num_queries(2):  # type: ignore[operator]
        locating.place_at(here, on=TODAY)
