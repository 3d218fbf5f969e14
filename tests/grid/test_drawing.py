"""Areas are founded, named, drawn anew from a day on, and end; what does not fit is refused with the names."""

from datetime import date, timedelta
from typing import Any

import pytest
import shapely
from django.utils import timezone

from communities.models import User
from grid.chain import ending
from grid.models import Area, Boundary
from grid.net import coordinates, drawing, geometry, locating
from grid.net.coordinates import System
from grid.net.sketches import Sketch
from kit.refusals import Refused
from tests.cast import Town
from tests.grid.net import CELL, GRID, NEIGHBOUR, TOWN, area, metres, shape_of, shrunk, written

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate
A_WEEK = timedelta(days=7)


@pytest.fixture
def free(town: Town) -> Any:
    """Ground of 玉祁社区 on which no cell lies: its first one was drawn smaller today."""
    before = shape_of(CELL)
    west, south, east, _north = before.bounds
    smaller = before & shapely.box(west, south, east, before.centroid.y)
    drawing.redraw_area(area=area(CELL), sketch=Sketch(written(smaller)), since=TODAY(), by=town.admin)
    return shrunk(before - smaller, 2)


def found(by: User, shape: Any, **changes: Any) -> Area:
    described: dict[str, Any] = {
        "code": f"{TOWN}00109",
        "name": "新网格",
        "level": "cell",
        "kind": "community",
        "parent": area(GRID),
        "since": TODAY(),
    }
    return drawing.found_area(sketch=Sketch(written(shape)), by=by, **{**described, **changes})


def refused(code: str, *, match: str | None = None) -> Any:
    return pytest.raises(Refused, match=match, check=lambda refusal: refusal.code == code)


class TestFounding:
    def test_it_stands_from_its_day_on_and_is_found_there(self, town: Town, free: Any) -> None:
        new = found(town.admin, free, name_en="New cell", organisation=town.yuqi, since=TODAY() + A_WEEK)

        inside = free.representative_point()
        assert locating.place_at((inside.x, inside.y), on=TODAY()).cell is None
        place = locating.place_at((inside.x, inside.y), on=TODAY() + A_WEEK)
        assert (place.cell, place.grid, place.zone) == (new, area(GRID), area(f"{TOWN}-N"))
        assert (new.name_en, new.organisation) == ("New cell", town.yuqi)

    @pytest.mark.parametrize(
        ("changes", "code", "field"),
        [
            ({"code": f"{TOWN}00101"}, "code_taken", "code"),
            ({"code": f"{TOWN}00201"}, "code_unfit", "code"),
            ({"code": f"{TOWN}0011"}, "code_unfit", "code"),
            ({"code": f"{TOWN}0010001"}, "code_unfit", "code"),
            ({"level": "street"}, "level_unfit", "level"),
            ({"level": "town", "kind": "", "parent": None, "code": "320206006"}, "level_unfit", "level"),
            ({"level": "grid"}, "parent_unfit", "parent"),
            ({"parent": None}, "parent_unfit", "parent"),
            ({"kind": "street"}, "kind_unfit", "kind"),
            ({"kind": ""}, "kind_unfit", "kind"),
            ({"name": "  "}, "name_missing", "name"),
            ({"name": "网" * 61}, "name_too_long", "name"),
            ({"name": "a\0b"}, "unreadable", "name"),
            ({"since": date(1026, 1, 1)}, "parent_unfit", "parent"),
            ({"since": date(2206, 1, 1)}, "year_unlikely", "since"),
        ],
    )
    def test_what_is_wrong_is_said_beside_its_field(
        self, town: Town, free: Any, changes: dict[str, Any], code: str, field: str
    ) -> None:
        before = Area.objects.count(), Boundary.objects.count()
        with pytest.raises(Refused) as refusal:
            found(town.admin, free, **changes)

        assert (refusal.value.code, refusal.value.field) == (code, field)
        assert (Area.objects.count(), Boundary.objects.count()) == before

    def test_on_another_cell_it_is_refused_with_its_name(self, town: Town, free: Any) -> None:
        with pytest.raises(Refused) as refusal:
            found(town.admin, free | shrunk(shape_of(NEIGHBOUR), 100))

        assert refusal.value.code == "overlaps"
        assert "玉祁社区第2网格" in refusal.value.sentence
        assert "平方米" in refusal.value.sentence
        assert not Area.objects.filter(name="新网格").exists()

    def test_a_strip_that_two_surveys_leave_is_no_overlap(self, town: Town, free: Any) -> None:
        # Half a metre into the cell beside it; a metre and a half is too much.
        wider = shrunk(free, -2.4)
        assert found(town.admin, wider & shape_of(GRID)).name == "新网格"
        with refused("overlaps"):
            found(town.admin, shrunk(free, -4) & shape_of(GRID), code=f"{TOWN}00108")

    def test_in_a_grid_that_is_to_end_it_is_refused(self, town: Town, free: Any) -> None:
        Area.objects.filter(code=GRID).update(until=TODAY() + A_WEEK)
        with refused("parent_unfit"):
            found(town.admin, free)

    def test_outside_its_grid_it_is_refused(self, town: Town, free: Any) -> None:
        with refused("outside_parent", match="玉祁社区"):
            found(town.admin, metres(free, north=3000))

    def test_a_street_front_may_lie_over_the_cells_of_communities(self, town: Town) -> None:
        shape = shrunk(shape_of(CELL), 100)
        grid = found(town.admin, shape, code=f"{TOWN}R099", level="grid", kind="street", parent=area(f"{TOWN}-N"))
        cell = found(town.admin, shape, code=f"{TOWN}R09901", kind="street", parent=grid)

        inside = shape.representative_point()
        assert locating.place_at((inside.x, inside.y), on=TODAY()).cell == cell

    @pytest.mark.parametrize("who", ["mei", "lu", "dana"])
    def test_only_the_operator_draws(self, town: Town, free: Any, who: str) -> None:
        with refused("operator_only"):
            found(getattr(town, who), free)


class TestRedrawing:
    def test_yesterdays_outline_can_still_be_asked_for(self, town: Town) -> None:
        before = shape_of(CELL)
        corner = shapely.Point(before.bounds[0] + 0.0003, before.bounds[3] - 0.0006)
        assert before.contains(corner)
        tomorrow = TODAY() + timedelta(days=1)

        drawing.redraw_area(area=area(CELL), sketch=Sketch(written(shrunk(before, 100))), since=tomorrow, by=town.admin)

        where = (corner.x, corner.y)
        assert locating.place_at(where, on=TODAY()).cell == area(CELL)
        assert locating.place_at(where, on=tomorrow).cell is None
        assert locating.place_at(where, on=TODAY() - A_WEEK).cell == area(CELL)
        rows = list(Boundary.objects.filter(area__code=CELL).values_list("since", "until").order_by("since"))
        assert rows[0][1] == rows[1][0] == tomorrow

    def test_drawn_twice_on_one_day_the_first_never_stood(self, town: Town) -> None:
        before = shape_of(CELL)
        for by in (50, 100):
            drawing.redraw_area(
                area=area(CELL), sketch=Sketch(written(shrunk(before, by))), since=TODAY(), by=town.admin
            )

        rows = Boundary.objects.filter(area__code=CELL).order_by("pk")
        assert [row.until for row in rows] == [TODAY(), TODAY(), None]
        standing = shape_of(CELL)
        assert shapely.hausdorff_distance(standing, shrunk(before, 100)) < 1e-5

    def test_the_same_again_changes_nothing_wherever_it_begins(self, town: Town) -> None:
        shape = shape_of(CELL)
        ring = list(shape.exterior.coords)[:-1]
        turned = shapely.Polygon([*ring[2:], *ring[:2]][::-1])

        drawing.redraw_area(area=area(CELL), sketch=Sketch(written(turned)), since=TODAY(), by=town.admin)

        assert Boundary.objects.filter(area__code=CELL).count() == 1

    @pytest.mark.parametrize(("days", "code"), [(-1, "past"), (-3650, "past"), (2000, "year_unlikely")])
    def test_what_was_stays_as_it_was(self, town: Town, days: int, code: str) -> None:
        with refused(code):
            drawing.redraw_area(
                area=area(CELL),
                sketch=Sketch(written(shrunk(shape_of(CELL), 50))),
                since=TODAY() + timedelta(days=days),
                by=town.admin,
            )

    def test_not_before_what_is_planned(self, town: Town) -> None:
        def redraw(by: float, since: date) -> Boundary:
            sketch = Sketch(written(shrunk(shape_of(CELL), by)))
            return drawing.redraw_area(area=area(CELL), sketch=sketch, since=since, by=town.admin)

        redraw(50, TODAY() + A_WEEK)
        with refused("too_early"):
            redraw(20, TODAY() + timedelta(days=1))
        assert redraw(20, TODAY() + A_WEEK).until is None

    def test_over_a_neighbour_of_next_week_too(self, town: Town) -> None:
        mine, theirs = shape_of(CELL), shape_of(NEIGHBOUR)
        strip = theirs & metres(mine, east=60)
        next_week = TODAY() + A_WEEK
        drawing.redraw_area(
            area=area(NEIGHBOUR), sketch=Sketch(written(theirs - strip)), since=next_week, by=town.admin
        )
        wider = Sketch(written((mine | strip).buffer(0)))

        with refused("overlaps", match="玉祁社区第2网格"):
            drawing.redraw_area(area=area(CELL), sketch=wider, since=TODAY(), by=town.admin)
        assert drawing.redraw_area(area=area(CELL), sketch=wider, since=next_week, by=town.admin).since == next_week

    def test_a_grid_may_not_leave_its_cells_outside(self, town: Town) -> None:
        with refused("parts_outside", match="玉祁社区第4网格"):
            drawing.redraw_area(
                area=area(GRID), sketch=Sketch(written(shrunk(shape_of(GRID), 20))), since=TODAY(), by=town.admin
            )

    def test_crossing_itself_it_says_where(self, town: Town) -> None:
        bow = {
            "type": "Polygon",
            "coordinates": [[[120.18, 31.71], [120.19, 31.72], [120.19, 31.71], [120.18, 31.72], [120.18, 31.71]]],
        }
        with refused("crossing", match=r"120\.185"):
            drawing.redraw_area(area=area(CELL), sketch=Sketch(bow), since=TODAY(), by=town.admin)


class TestTheWrongSystem:
    def test_what_was_drawn_on_a_chinese_map_is_recognised(self, town: Town) -> None:
        shape = coordinates.out_of_wgs84(shrunk(shape_of(CELL), 10), System.GCJ02)

        with pytest.raises(Refused) as refusal:
            drawing.redraw_area(area=area(CELL), sketch=Sketch(written(shape)), since=TODAY(), by=town.admin)

        assert (refusal.value.code, refusal.value.field) == ("wrong_system", "source")
        assert "GCJ-02" in refusal.value.sentence
        boundary = drawing.redraw_area(
            area=area(CELL), sketch=Sketch(written(shape), System.GCJ02), since=TODAY(), by=town.admin
        )
        assert boundary.source == System.GCJ02
        assert shapely.hausdorff_distance(geometry.drawn(boundary.shape), shrunk(shape_of(CELL), 0)) < 1e-5

    def test_and_so_is_the_other_mistake(self, town: Town) -> None:
        sketch = Sketch(written(shrunk(shape_of(CELL), 10)), System.GCJ02)
        with refused("wrong_system", match="WGS-84"):
            drawing.redraw_area(area=area(CELL), sketch=sketch, since=TODAY(), by=town.admin)

    def test_a_corner_that_moves_by_490_metres_is_a_corner(self, town: Town, free: Any) -> None:
        before = shape_of(CELL)
        drawing.redraw_area(
            area=area(CELL),
            sketch=Sketch(written(before & metres(before, north=-300))),
            since=TODAY(),
            by=town.admin,
        )

        assert geometry.size_of(shape_of(CELL)) < geometry.size_of(before)

    def test_something_new_beside_the_town_that_would_lie_in_it(self, town: Town) -> None:
        # At the town's eastern edge: on a Chinese map it lies beyond it.
        edge = shapely.box(120.2005, 31.718, 120.2015, 31.7185)
        shifted = coordinates.out_of_wgs84(edge, System.GCJ02)
        described = {"code": f"{TOWN}00509", "parent": area(f"{TOWN}005")}

        with refused("wrong_system", match="GCJ-02"):
            found(town.admin, shifted, **described)


class TestEnding:
    def test_it_ends_with_its_outline(self, town: Town) -> None:
        inside = shrunk(shape_of(CELL), 60).representative_point()
        ending.end_area(area=area(CELL), until=TODAY() + A_WEEK, by=town.admin)

        assert locating.place_at((inside.x, inside.y), on=TODAY()).cell == area(CELL)
        assert locating.place_at((inside.x, inside.y), on=TODAY() + A_WEEK).cell is None
        ending.end_area(area=area(CELL), until=TODAY() + A_WEEK, by=town.admin)  # again: nothing more
        with refused("ended"):
            ending.end_area(area=area(CELL), until=TODAY(), by=town.admin)
        with refused("ended"):
            drawing.redraw_area(
                area=area(CELL), sketch=Sketch(written(inside.buffer(0.0001))), since=TODAY(), by=town.admin
            )

    def test_a_grid_with_cells_does_not_end(self, town: Town) -> None:
        with refused("still_needed", match="玉祁社区第1网格"):
            ending.end_area(area=area(GRID), until=TODAY(), by=town.admin)

    def test_nor_does_a_street_front_with_its_road(self, town: Town) -> None:
        for cell in Area.objects.filter(code__startswith=f"{TOWN}R0030"):
            ending.end_area(area=cell, until=TODAY(), by=town.admin)
        with refused("still_needed", match="湖西路"):
            ending.end_area(area=area(f"{TOWN}R003"), until=TODAY(), by=town.admin)

    def test_its_ground_is_free_then(self, town: Town) -> None:
        ground = shape_of(CELL)
        ending.end_area(area=area(CELL), until=TODAY(), by=town.admin)

        assert found(town.admin, ground).since == TODAY()


def test_what_it_is_called_changes_and_its_code_stays(town: Town) -> None:
    changed = drawing.change_area(
        area=area(CELL), name="东头网格", name_en="East end", organisation=town.yuqi, is_schematic=False, by=town.admin
    )

    assert (changed.code, area(CELL).name, area(CELL).organisation) == (CELL, "东头网格", town.yuqi)
    with refused("name_missing"):
        drawing.change_area(area=changed, name="", name_en="", organisation=None, is_schematic=True, by=town.admin)
    with refused("operator_only"):
        drawing.change_area(area=changed, name="我的", name_en="", organisation=None, is_schematic=True, by=town.mei)
