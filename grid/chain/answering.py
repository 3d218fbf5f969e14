"""Who answers for a place on a day: the chain from the grid worker up to the leading group, the departments, the territory.

It is read from posts in office. While a holder is away, or the account is suspended, the deputy acts; the holder keeps the
post and its rights. Each answer asks a bounded number of queries, whatever the town holds.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q

from communities.models import Organisation, User
from communities.permits import Person
from grid.models import Absence, Area, Deputy, Post, PostQuerySet, Road, Segment, in_force
from grid.net import locating
from grid.net.geometry import Position

Role = Post.Role

OF_THE_CHAIN = (
    Role.CELL_WORKER,
    Role.ROAD_CHIEF,
    Role.MICRO_ROAD_CHIEF,
    Role.ZONE_HEAD,
    Role.LEADING_GROUP,
    Role.LINE_DEPARTMENT,
)
"""The roles that answer for a place; the others have their part in every case of the town."""


@dataclass(frozen=True)
class Acting:
    """A post in office and who acts in it on the day: the holder, or whoever stands in, or nobody."""

    post: Post
    person: User | None

    @property
    def stands_in(self) -> bool:
        """Is it somebody else than the holder?"""
        return self.person is not None and self.person.pk != self.post.person_id

    @property
    def is_filled(self) -> bool:
        """Is there anybody to turn to? A department always is: its people see to that among themselves."""
        return self.person is not None or self.post.organisation_id is not None


@dataclass(frozen=True)
class Chain:
    """Those in office for one place on one day. Whoever is not there is not in it, or has nobody who acts."""

    on: date
    # From the smallest area up.
    areas: tuple[Area, ...]
    road: Road | None
    micro_road_chiefs: tuple[Acting, ...]
    # Level 3, who is there every day, first; of one level whoever answers for the stretch before whoever has the road.
    road_chiefs: tuple[Acting, ...]
    cell_worker: Acting | None
    zone_head: Acting | None
    leading_group: tuple[Acting, ...]
    # The best one first: whose codes fit most closely, and of those the one of the smallest area.
    departments: tuple[Acting, ...]

    @property
    def department(self) -> Organisation | None:
        """The department that the category falls to (条)."""
        return self.departments[0].post.organisation if self.departments else None

    @property
    def territory(self) -> Organisation | None:
        """The organisation of the territory (块): that of the smallest area that has one."""
        return next((area.organisation for area in self.areas if area.organisation is not None), None)


def chain_at(position: Position, *, on: date, category: str | None = None) -> Chain:
    """The chain of what lies at this position on this day; ``category`` is the code of the small class, see :func:`chain_of`."""
    place = locating.place_at(position, on=on)
    area = place.areas[0] if place.areas else None
    return chain_of(area=area, road=place.road, segment=place.segment, on=on, category=category)


def chain_of(
    *,
    on: date,
    area: Area | None = None,
    road: Road | None = None,
    segment: Segment | None = None,
    category: str | None = None,
    holders_only: bool = False,
) -> Chain:
    """The chain of an area, a road or a place on a road, as known by the case that lies there.

    A road without a cell has the chain of its street-front grid, or where it has none, of the zone that its middle lies in.
    ``category`` asks for the departments of one kind of problem; without it all of the place are told. ``holders_only`` as
    in :func:`acting_in`.
    """
    road = segment.road if segment is not None and road is None else road
    if area is None and road is not None:
        area = road.grid or _zone_around(road, on)
    areas = _areas_up(area, on)
    on_road = Q(road=road)
    if segment is not None:
        # By its number: a stretch that was drawn anew is another row, and the same stretch.
        on_road &= Q(segment__isnull=True) | Q(segment__number=segment.number)
    posts = Post.objects.on(on).filter(
        Q(area__in=areas) | (on_road if road is not None else Q(pk__in=())), role__in=OF_THE_CHAIN
    )
    rank = {each.pk: number for number, each in enumerate(areas)}
    of_role: dict[str, list[Acting]] = {}
    for acting in acting_in(posts, on=on, holders_only=holders_only):
        of_role.setdefault(acting.post.role, []).append(acting)
    return Chain(
        on=on,
        areas=tuple(areas),
        road=road,
        micro_road_chiefs=tuple(_sorted_by_place(of_role.get(Role.MICRO_ROAD_CHIEF, []))),
        road_chiefs=tuple(_sorted_by_place(of_role.get(Role.ROAD_CHIEF, []))),
        cell_worker=_nearest(of_role.get(Role.CELL_WORKER, []), rank),
        zone_head=_nearest(of_role.get(Role.ZONE_HEAD, []), rank),
        leading_group=tuple(of_role.get(Role.LEADING_GROUP, [])),
        departments=tuple(_departments(of_role.get(Role.LINE_DEPARTMENT, []), category, rank)),
    )


def climbing_order(chain: Chain) -> list[tuple[Acting, ...]]:
    """The steps by which an overdue case climbs, from the nearest to the highest; in each those who act and hear of it.

    Grid worker, road chiefs of level 3, 2 and 1, zone head, leading group. A step in which nobody acts is left out, and
    nobody hears of it twice: who acts in two posts stands in the lower step. Micro road chiefs are neighbours and have no
    say over a unit: no case climbs to them.
    """
    levels = {level: [each for each in chain.road_chiefs if each.post.level == level] for level in (3, 2, 1)}
    one = [[each] if each is not None else [] for each in (chain.cell_worker, chain.zone_head)]
    steps: list[tuple[Acting, ...]] = []
    told: set[int] = set()
    for acting in (one[0], *levels.values(), one[1], list(chain.leading_group)):
        step: dict[int, Acting] = {}
        for each in acting:
            if each.person is not None and each.person.pk not in told:
                step.setdefault(each.person.pk, each)
        told.update(step)
        if step:
            steps.append(tuple(step.values()))
    return steps


def posts_in_office(person: Person, on: date) -> PostQuerySet:
    """The posts in which this person may act on this day: held ones, and those whose holder is away and has named him or her.

    A holder who is away still holds the post. Departments are no persons: their people have their rights from the
    organisation. Nobody's, and a suspended person's, are none.
    """
    if not isinstance(person, User) or not person.is_active:
        return Post.objects.none()
    away = Absence.objects.filter(in_force(on), post=OuterRef("pk"))
    named = Deputy.objects.filter(in_force(on), post=OuterRef("pk"), person=person)
    stands_in = (Exists(away) | Q(person__is_active=False)) & Exists(named)
    return (
        Post.objects.on(on)
        .filter(Q(person=person) | stands_in)
        .select_related("area", "road", "segment", "person", "organisation")
    )


def who_acts(post: Post, on: date) -> User | None:
    """The person who acts in this post on this day; None where the holder is away and nobody stands in, and for departments.

    Whether the post is in office on the day is not asked.
    """
    return acting_in(Post.objects.filter(pk=post.pk), on=on)[0].person


def acting_in(posts: PostQuerySet, *, on: date, holders_only: bool = False) -> list[Acting]:
    """Who acts in each of these posts on this day, in their order. Three queries, however many there are.

    ``holders_only`` tells of no absence: on whatever day somebody was away, or will be, is nobody's business who only looks.
    """
    rows = list(posts.select_related("area", "road", "segment", "person", "organisation"))
    if holders_only:
        return [Acting(post, post.person) for post in rows]
    away = set(Absence.objects.filter(in_force(on), post__in=rows).values_list("post", flat=True))
    away.update(post.pk for post in rows if post.person is not None and not post.person.is_active)
    deputies = {
        deputy.post_id: deputy.person
        for deputy in Deputy.objects.filter(in_force(on), post__in=away, person__is_active=True).select_related(
            "person"
        )
    }
    return [Acting(post, deputies.get(post.pk) if post.pk in away else post.person) for post in rows]


def _zone_around(road: Road, on: date) -> Area | None:
    """The zone in which the middle stretch of the road lies."""
    stretches = list(road.segments.filter(in_force(on)))
    if not stretches:
        return None
    place = locating.place_at(locating.middle_of(stretches[len(stretches) // 2]), on=on)
    return place.zone or place.town


def _areas_up(area: Area | None, on: date) -> list[Area]:
    """The area and those above it, the smallest first, with their organisations; of nothing it is the town."""
    known = Area.objects.select_related(
        "organisation", "parent__organisation", "parent__parent__organisation", "parent__parent__parent__organisation"
    )
    lowest = (
        known.filter(pk=area.pk) if area is not None else known.on(on).of_level(Area.Level.TOWN).order_by("code")
    ).first()
    areas: list[Area] = []
    while lowest is not None:
        areas.append(lowest)
        lowest = lowest.parent
    return areas


def _sorted_by_place(acting: Iterable[Acting]) -> list[Acting]:
    """The nearest first: level 3 before 2 before 1, whoever answers for a stretch before whoever has the whole road."""
    return sorted(acting, key=lambda each: (-each.post.level, each.post.segment_id is None, each.post.pk))


def _nearest(acting: Iterable[Acting], rank: dict[int, int]) -> Acting | None:
    return min(acting, key=lambda each: (rank[each.post.area_id or 0], each.post.pk), default=None)


def _departments(acting: Iterable[Acting], category: str | None, rank: dict[int, int]) -> list[Acting]:
    return sorted(
        (each for each in acting if category is None or category.startswith(each.post.categories)),
        key=lambda each: (-len(each.post.categories), rank[each.post.area_id or 0], each.post.pk),
    )
