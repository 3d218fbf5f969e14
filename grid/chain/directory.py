"""Which zones, grids, cells and roads there are: the lists, and what may be asked of them in their addresses."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import Count, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django.http import QueryDict
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from grid.models import Area, Case, Post, Road, RoadQuerySet, Segment, in_force

from . import answering
from .answering import Acting

ON_A_PAGE = 24
LONGEST_SEARCH = 60


# --- areas --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Node:
    """An area in the list, with its parts."""

    area: Area
    parts: Sequence["Node"]
    cells: int
    """Unit cells in it; of a cell itself 1."""
    open_cases: int
    """Public ones for which somebody still has something to do."""


def areas_below(parent: Area | None, *, on: date) -> list[Node]:
    """The parts of an area on this day, and their parts; of None the whole net from the towns down. Two queries."""
    children: dict[int | None, list[Area]] = {}
    for area in Area.objects.on(on).select_related("organisation__section").order_by("code"):
        children.setdefault(area.parent_id, []).append(area)
    return _nodes(children, parent.pk if parent else None, _open_cases_by_cell())


def node_of(area: Area, *, on: date) -> Node:
    """The area itself as a node: its parts, cells and open cases. At most three queries.

    A community has those on the street fronts in it among its cases; in the whole net they are counted once, on the street.
    """
    node = _node(area, areas_below(area, on=on), _open_cases_by_cell() if area.level == Area.Level.CELL else {})
    if area.level == Area.Level.GRID and area.kind == Area.Kind.COMMUNITY:
        inside = Q(cell__parent=area) | Q(community=area)
        return replace(node, open_cases=Case.objects.public().open().filter(inside).count())
    return node


def _nodes(children: Mapping[int | None, list[Area]], parent: int | None, cases: Mapping[int, int]) -> list[Node]:
    return [_node(area, _nodes(children, area.pk, cases), cases) for area in children.get(parent, ())]


def _node(area: Area, parts: Sequence[Node], cases: Mapping[int, int]) -> Node:
    return Node(
        area,
        parts,
        cells=sum(part.cells for part in parts) + (area.level == Area.Level.CELL),
        open_cases=sum(part.open_cases for part in parts) + cases.get(area.pk, 0),
    )


def _open_cases_by_cell() -> dict[int, int]:
    found = Case.objects.public().open().filter(cell__isnull=False).order_by()
    return dict(found.values_list("cell").annotate(Count("pk")))


# --- roads --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Chip:
    """One filter as a link; a chosen one (``on``) is undone by its link."""

    label: str | Promise
    url: str
    on: bool


@dataclass(frozen=True)
class RoadFilters:
    """What is asked of the list of roads. Everything unknown in the address was ignored when it was read."""

    road_class: str = ""
    zone: Area | None = None
    is_pilot: bool = False
    words: str = ""

    @classmethod
    def read(cls, query: QueryDict) -> "RoadFilters":
        """From the address ``?class=&zone=&pilot=&q=``; a value that means nothing is as good as none."""
        kind, zone = query.get("class", ""), query.get("zone", "")
        return cls(
            road_class=kind if kind in Road.Class.values else "",
            zone=Area.objects.of_level(Area.Level.ZONE).filter(code=zone).first() if zone else None,
            is_pilot=query.get("pilot") == "1",
            words=query.get("q", "").strip()[:LONGEST_SEARCH],
        )

    @property
    def are_set(self) -> bool:
        return self != RoadFilters()

    @property
    def address(self) -> str:
        """The list with these filters, on its first page."""
        asked = {
            "class": self.road_class,
            "zone": self.zone.code if self.zone else "",
            "pilot": "1" if self.is_pilot else "",
            "q": self.words,
        }
        query = urlencode({name: value for name, value in asked.items() if value})
        return reverse("grid:roads") + (f"?{query}" if query else "")

    def roads(self, *, on: date) -> RoadQuerySet:
        """The roads of this day that were asked for, by their names' codes."""
        found = Road.objects.on(on)
        if self.road_class:
            found = found.filter(road_class=self.road_class)
        if self.zone:
            found = found.filter(within(self.zone))
        if self.is_pilot:
            found = found.filter(is_pilot=True)
        if self.words:
            found = found.filter(Q(name__icontains=self.words) | Q(name_en__icontains=self.words))
        return found.order_by("-is_pilot", "code")

    def chips(self, *, on: date) -> list[Chip]:
        """Pilot roads, the classes, the zones of the day."""
        pilot = Chip(_("Pilot roads"), replace(self, is_pilot=not self.is_pilot).address, self.is_pilot)
        classes = [
            Chip(
                capfirst(each.label),
                replace(self, road_class="" if self.road_class == each else each.value).address,
                self.road_class == each,
            )
            for each in Road.Class
        ]
        zones = [
            Chip(zone.spoken_name, replace(self, zone=None if self.zone == zone else zone).address, self.zone == zone)
            for zone in Area.objects.on(on).of_level(Area.Level.ZONE)
        ]
        return [pilot, *classes, *zones]


def within(area: Area) -> Q:
    """Which roads lie in an area: those whose street-front grid it is, or lies in it; of the town all."""
    match area.level:
        case Area.Level.TOWN:
            return Q(grid__isnull=True) | Q(grid__parent__parent=area)
        case Area.Level.ZONE:
            return Q(grid__parent=area)
        case Area.Level.GRID:
            return Q(grid=area)
    return Q(pk__in=())


@dataclass(frozen=True)
class RoadLine:
    """A road in the list."""

    road: Road
    length: int
    """Metres."""
    open_cases: int
    chief: Acting | None
    """Who is there every day, or whoever of the chiefs is nearest to that."""


def page_of(roads: RoadQuerySet, number: str | int | None, *, on: date) -> tuple[Page[Road], list[RoadLine]]:
    """A page of these roads, with what a line says of each; an unreadable ``number`` means the nearest page."""
    listed = Paginator(measured(roads, on=on), ON_A_PAGE).get_page(number)
    return listed, lines_of(listed, on=on)


def lines_of(roads: Iterable[Road], *, on: date, holders_only: bool = False) -> list[RoadLine]:
    """What a line says of each of these :func:`measured` roads. Three queries for all of them.

    ``holders_only`` as in :func:`answering.acting_in`.
    """
    roads = list(roads)
    chiefs: dict[int | None, Acting] = {}
    posts = Post.objects.on(on).filter(role=Post.Role.ROAD_CHIEF, road__in=roads).order_by("-level", "segment", "pk")
    for acting in answering.acting_in(posts, on=on, holders_only=holders_only):
        if acting.is_filled:
            chiefs.setdefault(acting.post.road_id, acting)
    return [RoadLine(road, vars(road)["length"], vars(road)["open_cases"], chiefs.get(road.pk)) for road in roads]


def measured(roads: RoadQuerySet, *, on: date) -> RoadQuerySet:
    """The roads with their ``length`` on this day and their number of ``open_cases``, their grid and group."""
    stretches = Segment.objects.filter(in_force(on), road=OuterRef("pk")).order_by()
    length = stretches.values("road").annotate(metres=Sum("length")).values("metres")
    cases = Case.objects.public().open().filter(road=OuterRef("pk")).order_by()
    counted = cases.values("road").annotate(number=Count("pk")).values("number")
    return roads.annotate(
        length=Coalesce(Subquery(length), 0), open_cases=Coalesce(Subquery(counted), 0)
    ).select_related("grid__parent", "group__section")
