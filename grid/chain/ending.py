"""An area, a road or a stretch ends, and with it ends that somebody answers for it.

What people expect of it, and why it is done so:

* Its posts end on the day on which it ends, in the same deed, and their holders are told as by every other end of a post. One
  that was to begin later never does. Nobody is asked to appoint somebody anew: there is no place to answer for.
* Its card is in force as long as it is (:mod:`grid.chain.cards`): there is no second day that could contradict the first.
* Whoever loses the last place stays in the grid team. A line on a map dismisses nobody; the second number of
  :mod:`grid.chain.integrity` shows the operator who has no place now.
* Open cases stay where they are, for what is broken is still broken, and whoever is above answers for them: head of the zone,
  leading group, the desks of the town. The third number shows those that lie in no cell now. Only where nobody at all
  would answer is the end refused: to leave reports to nobody is never what was meant, and the way out is one appointment away.
* Who follows it goes on following, and hears how what is open there ends; nothing new can come.

A file of the net (:mod:`grid.net.importing`) ends nothing for which somebody answers: relieving people is no side effect of a file.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils.translation import gettext as _

from communities import people, permits
from communities.models import User
from grid.models import Area, Case, CaseQuerySet, Deputy, Post, PostQuerySet, Road, Segment
from grid.net import drawing, paving, sketches
from kit.deeds import deed
from kit.refusals import Refused

from . import answering, standing_in
from . import messages as post_messages

SHOWN = 5
"""Open cases and posts that are named before somebody decides; of the others the number is said."""

Ending = Area | Road | Segment

NO_DESK = (Post.Role.MICRO_ROAD_CHIEF, Post.Role.LINE_DEPARTMENT)
"""Neighbours, and those who wait until a case is sent to them."""


@dataclass(frozen=True)
class Consequences:
    """What an end would do, for whoever is about to decide."""

    posts: list[Post]
    posts_count: int
    cases: list[Case]
    cases_count: int


def consequences_of(place: Ending, *, on: date) -> Consequences:
    """The posts that would end with the place from this day on, and the open cases that lie there. Four queries."""
    posts, cases = _posts_of(place, on), _open_cases_in(place)
    return Consequences(
        posts=list(posts.select_related("person", "organisation", "segment")[:SHOWN]),
        posts_count=posts.count(),
        cases=list(cases.select_related("category", "road").order_by("reported_at", "pk")[:SHOWN]),
        cases_count=cases.count(),
    )


@deed
def end_area(*, area: Area, until: date, by: User) -> Area:
    """The area is no longer there from ``until`` on, and its posts end on that day; the holders are told.

    Locks the holders and their deputies, then the parent, then the area. Raises ``Refused``: ``operator_only`` (403); (422)
    ``past``, ``too_early``, ``year_unlikely``; (409) ``ended``, ``still_needed`` while parts of it or a road along it stand
    on that day, ``unanswered`` where nobody would answer for the open cases in it, and ``changed`` where somebody was
    appointed in the same moment.
    """
    permits.demand_operator(by)
    held_people = _hold_people_of(area, until)
    held = drawing.hold_below(area)
    _end_posts(held, until=until, by=by, known=held_people)
    drawing.put_end(held, until=until)
    _demand_answered(held, until)
    return held


@deed
def end_road(*, road: Road, until: date, by: User) -> Road:
    """The road and its stretches are no longer there from ``until`` on, and its posts end on that day; the holders are told.

    Locks the holders and their deputies, then the road. Raises ``Refused`` as :func:`end_area`; ``still_needed`` while a
    point of interest stands on it.
    """
    permits.demand_operator(by)
    held_people = _hold_people_of(road, until)
    held = Road.objects.select_for_update().get(pk=road.pk)
    _end_posts(held, until=until, by=by, known=held_people)
    paving.put_end(held, until=until)
    _demand_answered(held, until)
    return held


@deed
def end_segment(*, segment: Segment, until: date, by: User) -> Segment:
    """The stretch is no longer there from ``until`` on, and posts for it alone end; those for the whole road go on.

    Locks the holders and their deputies, then the road. Raises ``Refused`` as :func:`end_road`.
    """
    permits.demand_operator(by)
    held_people = _hold_people_of(segment, until)
    Road.objects.select_for_update().get(pk=segment.road_id)
    held = Segment.objects.select_related("road").get(pk=segment.pk)
    _end_posts(held, until=until, by=by, known=held_people)
    paving.put_end_of_segment(held, until=until)
    _demand_answered(held, until)
    return held


def _posts_of(place: Ending, day: date) -> PostQuerySet:
    """The posts for it that are held on this day or would be later."""
    match place:
        case Area():
            own = Q(area=place)
        case Road():
            own = Q(road=place)
        case _:
            # By its number: a stretch that was drawn anew is another row, and the same stretch.
            own = Q(segment__road=place.road_id, segment__number=place.number)
    return Post.objects.filter(own, sketches.standing_after(day)).order_by("pk")


def _open_cases_in(place: Ending) -> CaseQuerySet:
    match place:
        case Area(level=Area.Level.TOWN):
            lying = Q(pk__gt=0)
        case Area():
            lying = Q(pk__in=())
            for way in ("cell", "road__grid"):
                inside = Q(**{way: place}) | Q(**{f"{way}__parent": place}) | Q(**{f"{way}__parent__parent": place})
                lying |= inside if way == "cell" else inside & Q(cell__isnull=True)
        case Road():
            lying = Q(road=place)
        case _:
            lying = Q(road=place.road_id, segment__number=place.number)
    return Case.objects.open().filter(lying)


def _hold_people_of(place: Ending, until: date) -> set[int]:
    posts = _posts_of(place, until)
    deputies = Deputy.objects.filter(sketches.standing_after(until), post__in=posts)
    wanted = {pk for pk in posts.values_list("person", flat=True) if pk is not None}
    return set(people.hold(wanted | set(deputies.values_list("person", flat=True))))


def _end_posts(place: Ending, *, until: date, by: User, known: set[int]) -> None:
    """End the posts as they stand under the lock of the place; whose people are locked already is ``known``."""
    posts = list(_posts_of(place, until).select_related("area", "road", "segment", "person", "organisation"))
    if {post.person_id for post in posts if post.person_id is not None} - known:
        raise Refused("changed", _("Somebody was appointed here in this moment. Please look again, then decide."))
    for post in posts:
        # One that has not begun never will.
        post.until = max(until, post.since)
        post.save(update_fields=["until"])
        standing_in.end_deputies(post, post.until, by)
        post_messages.relieved(post, by)
    if known:
        people.rights_changed(*known)


def _demand_answered(place: Ending, until: date) -> None:
    """Raise ``Refused("unanswered")`` where an open case would lie where nobody acts, from the road up to the town.

    Five queries, however many cases there are.
    """
    lying = _open_cases_in(place).order_by().values_list("cell", "road__grid", "road").distinct()
    where = {(cell or grid, road) for cell, grid, road in lying}
    if not where:
        return
    in_office = answering.acting_in(Post.objects.on(until).exclude(role__in=NO_DESK), on=until)
    acting = [each.post for each in in_office if each.person is not None]
    areas, roads = {post.area_id for post in acting}, {post.road_id for post in acting}
    above = dict(Area.objects.values_list("pk", "parent"))
    towns = set(Area.objects.on(until).of_level(Area.Level.TOWN).values_list("pk", flat=True))
    for lowest, road in where:
        answered = (road is not None and road in roads) or not areas.isdisjoint(_upwards(lowest, above) or towns)
        if not answered:
            raise Refused(
                "unanswered",
                _(
                    "Open cases lie here, and from that day on nobody would answer for them. Appoint somebody above first."
                ),
                field="until",
            )


def _upwards(lowest: int | None, above: dict[int, int | None]) -> Iterable[int]:
    found: set[int] = set()
    while lowest is not None:
        found.add(lowest)
        lowest = above[lowest]
    return found
