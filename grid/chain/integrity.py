"""People in every cell, everybody on a cell, every matter in a cell (格中有人、人在格上、事在格中).

Three numbers that must be zero, and the rows behind them. Whoever stands in counts as being there; a holder who is away
without anybody standing in does not.
"""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.db.models import Exists, OuterRef, Q, QuerySet

from grid.models import Area, Case, CaseQuerySet, Post, Road, Segment, TeamMember, in_force

from . import answering
from .answering import OF_THE_CHAIN, Acting
from .places import Place

Role = Post.Role

WANTED = {Area.Level.CELL: Role.CELL_WORKER, Area.Level.ZONE: Role.ZONE_HEAD}
"""Who every area of a level must have; every road must have a chief."""


@dataclass(frozen=True)
class EmptyPlace:
    """A place at which nobody acts on the day."""

    place: Place
    role: Post.Role
    # The post of whoever is away, where the place has one.
    held: Post | None


class Numbers(NamedTuple):
    """How many there are of each of the three; the public grid page may say them."""

    places: int
    people: int
    cases: int

    @property
    def are_zero(self) -> bool:
        return not any(self)


def numbers(on: date) -> Numbers:
    """The three numbers of this day. A bounded number of queries."""
    return Numbers(len(empty_places(on)), people_without_a_place(on).count(), cases_without_a_cell(on).count())


def empty_places(on: date) -> list[EmptyPlace]:
    """Cells without a worker, zones without a head, roads without a chief, in the order of their codes.

    A road has a chief where one acts for all of it, or for each of its stretches. Seven queries.
    """
    acting = answering.acting_in(Post.objects.on(on).filter(role__in=[*WANTED.values(), Role.ROAD_CHIEF]), on=on)
    filled = [each for each in acting if each.is_filled]
    away = {_key(each.post): each.post for each in acting if not each.is_filled}
    areas_filled = {_key(each.post) for each in filled}
    found = [
        EmptyPlace(area, role, away.get((role, area.pk)))
        for area in Area.objects.on(on).filter(level__in=WANTED).select_related("parent__parent")
        for role in [WANTED[Area.Level(area.level)]]
        if (role, area.pk) not in areas_filled
    ]
    without_chief = _roads_without(filled, on)
    return [
        *found,
        *(EmptyPlace(road, Role.ROAD_CHIEF, away.get((Role.ROAD_CHIEF, road.pk))) for road in without_chief),
    ]


def people_without_a_place(on: date) -> QuerySet[TeamMember]:
    """Those of the grid team who hold no post of the chain at a place that stands on this day.

    To stand in for somebody else is no place of one's own, and a desk of the town is none either.
    """
    standing = Q(in_force(on, below="area")) | Q(in_force(on, below="road"))
    posts = Post.objects.on(on).filter(standing, person=OuterRef("person"), role__in=OF_THE_CHAIN)
    members = TeamMember.objects.filter(in_force(on)).exclude(Exists(posts))
    return members.select_related("person").order_by("person__pk")


def cases_without_a_cell(on: date) -> CaseQuerySet:
    """Open cases that lie in no cell that stands on this day, the oldest first; complaints about staff lie nowhere."""
    in_cell = Q(cell__isnull=False) & in_force(on, below="cell")
    return (
        Case.objects.open()
        .filter(is_complaint=False)
        .exclude(in_cell)
        .select_related("category", "cell", "road")
        .order_by("reported_at", "pk")
    )


def _key(post: Post) -> tuple[str, int | None]:
    return post.role, post.area_id or post.road_id


def _roads_without(filled: list[Acting], on: date) -> list[Road]:
    chiefs = [each.post for each in filled if each.post.role == Role.ROAD_CHIEF]
    whole = {post.road_id for post in chiefs if post.segment_id is None}
    # By number: a stretch that was drawn anew is another row, and the same stretch.
    with_chief = {(post.road_id, post.segment.number) for post in chiefs if post.segment is not None}
    stretches: dict[int, set[tuple[int, int]]] = {}
    for road_id, number in Segment.objects.filter(in_force(on)).values_list("road", "number"):
        stretches.setdefault(road_id, set()).add((road_id, number))
    return [
        road
        for road in Road.objects.on(on).select_related("grid__parent")
        if road.pk not in whole and not (stretches.get(road.pk) and stretches[road.pk] <= with_chief)
    ]
