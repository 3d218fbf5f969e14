"""The demo town's net: whole, without gaps, and told once however often it is told."""

from itertools import combinations, pairwise

import pytest
import shapely
from django.db.models import Count
from django.utils import timezone

from communities import demo as people
from communities.models import Organisation
from grid import demo
from grid.chain import answering, integrity
from grid.demo import plan
from grid.models import (
    Absence,
    Area,
    Boundary,
    Card,
    Deputy,
    PointOfInterest,
    Post,
    Road,
    Segment,
    TeamMember,
)
from grid.net import geometry, locating
from tests.cast import Town
from tests.grounds import PASSWORD
from updates.models import Message

pytestmark = pytest.mark.django_db


def shape_of(area: Area) -> shapely.Geometry:
    return geometry.drawn(Boundary.objects.get(area=area, until=None).shape)


@pytest.mark.parametrize("kind", Area.Kind.values)
def test_cells_of_a_kind_lie_beside_each_other(town: Town, kind: str) -> None:
    cells = [shape_of(area) for area in Area.objects.of_level(Area.Level.CELL).filter(kind=kind)]

    assert len(cells) > 5
    assert (
        max(
            geometry.size_of(shapely.intersection(one, other))
            for one, other in combinations(cells, 2)
            if one.intersects(other)
        )
        < 1
    )


def test_cells_of_communities_fill_the_town(town: Town) -> None:
    whole = shape_of(Area.objects.get(level=Area.Level.TOWN))
    cells = [shape_of(area) for area in Area.objects.of_level(Area.Level.CELL).filter(kind=Area.Kind.COMMUNITY)]

    assert geometry.size_of(shapely.symmetric_difference(whole, shapely.union_all(cells))) < 1
    assert 38e6 < geometry.size_of(whole) < 41e6  # 39.7 km² were looked up


def test_every_part_lies_in_the_one_above(town: Town) -> None:
    outside = {
        area.code: geometry.size_of(shapely.difference(shape_of(area), shape_of(area.parent)))
        for area in Area.objects.exclude(level=Area.Level.TOWN).exclude(level=Area.Level.GRID, kind=Area.Kind.STREET)
        if area.parent is not None
    }

    assert {code: size for code, size in outside.items() if size > 1} == {}


def test_grids_are_divided_as_planned(town: Town) -> None:
    cells = {f"{plan.TOWN}{grid.number:03}": grid.columns * grid.rows for grid in plan.GRIDS}

    assert cells == {area.code: area.parts.count() for area in Area.objects.filter(level="grid", kind="community")}


def test_roads_of_every_class_and_whole_numbers(town: Town) -> None:
    assert 21 <= Road.objects.count() <= 24
    assert set(Road.objects.values_list("road_class", flat=True)) == set(Road.Class.values)
    for road in Road.objects.all():
        numbers = list(road.segments.values_list("odd_from", "odd_to", "even_from", "even_to"))
        assert 1 <= len(numbers) <= 3
        assert all(later[0] == (earlier[1] or 0) + 2 for earlier, later in pairwise(numbers))


def test_points_stand_at_their_houses(town: Town) -> None:
    today = timezone.localdate()
    for point in PointOfInterest.objects.select_related("road"):
        place = locating.place_at((point.longitude, point.latitude), on=today)
        assert place.road == point.road
        assert place.cell is not None


def test_a_second_telling_changes_nothing_but_links_who_came_since(town: Town) -> None:
    def net() -> list[int]:
        return [model.objects.count() for model in (Area, Boundary, Road, Segment, PointOfInterest)]

    before = net()
    demo.tell()
    assert net() == before
    assert not Road.objects.exclude(group=None).exists()

    people.tell_neighbours(PASSWORD)
    demo.tell()

    assert net() == before
    assert set(Road.objects.filter(is_pilot=True).values_list("group__name", flat=True)) == {
        "振祁路微路长商户组",
        "海瑞路微路长商户组",
        "湖西路微路长商户组",
    }
    assert Area.objects.get(name="平湖社区").organisation == Organisation.objects.get(name="平湖社区")


def test_all_of_it_says_that_it_is_a_drawing(town: Town) -> None:
    assert not Area.objects.filter(is_schematic=False).exists()
    assert not Road.objects.filter(is_schematic=False).exists()


class TestTheChain:
    def test_every_place_has_somebody_and_everybody_a_place(self, town: Town) -> None:
        assert not Post.objects.exists(), "without the neighbouring organisations there is no chain yet"
        people.tell_neighbours(PASSWORD)
        demo.tell()
        today = timezone.localdate()

        assert integrity.numbers(today) == integrity.Numbers(0, 0, 0)
        assert Post.objects.on(today).filter(role=Post.Role.ROAD_CHIEF).count() == 3 * Road.objects.count()
        cells = Area.objects.of_level(Area.Level.CELL)
        assert cells.filter(cards__isnull=True).count() == Road.objects.filter(cards__isnull=True).count() == 0
        desk = dict(Post.objects.on(today).filter(role__in=["acceptor", "dispatcher"]).values_list("role", "person"))
        assert desk["acceptor"] != desk["dispatcher"]
        away = Post.objects.on(today).filter(absences__isnull=False)
        assert away.exists()
        assert all(acting.stands_in for acting in answering.acting_in(away, on=today))
        assert Post.objects.filter(follows__isnull=False).count() == 1

    def test_on_zhenqi_road_it_is_lu_and_zhou(self, town: Town) -> None:
        people.tell_neighbours(PASSWORD)
        demo.tell()
        house = locating.house_at(Road.objects.get(name="振祁路"), 66, on=timezone.localdate())
        assert house is not None
        chain = answering.chain_at(house[1], on=timezone.localdate(), category="E0407")

        assert chain.cell_worker is not None
        assert chain.cell_worker.person == town.lu
        assert town.zhou in [each.person for each in chain.micro_road_chiefs]
        assert [each.post.level for each in chain.road_chiefs] == [3, 2, 1]
        assert chain.department is not None
        assert chain.department.name == "玉祁交警中队"
        assert chain.territory == town.chengguan

    def test_a_second_telling_changes_nothing_and_nobody_has_a_pile_to_read(self, town: Town) -> None:
        people.tell_neighbours(PASSWORD)
        demo.tell()

        def told() -> list[int]:
            return [model.objects.count() for model in (Post, Card, Deputy, Absence, TeamMember, Message)]

        before = told()
        demo.tell()
        assert told() == before
        piles = Message.objects.unread().order_by().values("person").annotate(many=Count("pk"))
        assert max((pile["many"] for pile in piles), default=0) <= 3
