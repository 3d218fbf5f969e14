"""Who may fill posts, name deputies and write cards, and who sees how complete the chain is.

====================================  ==================================================================================
the operator                          all posts, the grid team, all cards
the head of a zone, or who stands in  the grid workers of the cells of the zone, their deputies and absences, their cards
the holder of a post                  tells his or her own absence, and when it ends earlier
holds any post                        sees the board that shows where somebody is missing
====================================  ==================================================================================

The town appoints those above; whom the head of a zone sends into which cell is his or her own business, and changes too
often to wait for the town.
"""

from collections.abc import Callable
from datetime import date

from django.db.models import Q
from django.utils.translation import gettext as _

from communities import permits
from communities.models import User
from communities.permits import Person
from grid.models import Area, Post, PostQuerySet
from kit.refusals import Refused

from . import places
from .answering import acting_in, posts_in_office
from .places import Place

Role = Post.Role


def may_fill(person: Person, role: str, place: Place, on: date) -> bool:
    """May this person fill the posts of this role at this place?"""
    return filler(person, on)(role, place)


def filler(person: Person, on: date) -> Callable[[str, Place], bool]:
    """:func:`may_fill` of this person for many places; it asks the database once."""
    if permits.is_operator(person):
        return lambda _role, _place: True
    zones = zones_headed(person, on)
    return lambda role, place: role == Role.CELL_WORKER and bool(places.zones_of(place) & zones)


def demand_fill(person: Person, role: str, place: Place, on: date) -> None:
    """Raise ``Refused("no_right", status=403)`` unless :func:`may_fill`."""
    if not may_fill(person, role, place, on):
        raise Refused(
            "no_right",
            _("Posts are filled by the operator; grid workers also by the head of their zone."),
            status=403,
        )


def may_fill_anything(person: Person, on: date) -> bool:
    """Is there a post that this person may fill?"""
    return permits.is_operator(person) or bool(zones_headed(person, on))


def posts_to_fill(person: Person, on: date) -> PostQuerySet:
    """The posts, past and to come among them, that this person may hand over and end."""
    if permits.is_operator(person):
        return Post.objects.all()
    zones = zones_headed(person, on)
    return Post.objects.filter(_in_zones(zones), role=Role.CELL_WORKER)


def may_tell_absence(person: Person, post: Post, on: date) -> bool:
    """May this person tell that the holder of this post is away: who fills it, and the holder."""
    return (isinstance(person, User) and person.is_active and post.person_id == person.pk) or may_fill(
        person, post.role, places.of_post(post), on
    )


def demand_tell_absence(person: Person, post: Post, on: date) -> None:
    """Raise ``Refused("no_right", status=403)`` unless :func:`may_tell_absence`."""
    if not may_tell_absence(person, post, on):
        raise Refused(
            "no_right", _("An absence is told by the holder of the post, or by whoever fills it."), status=403
        )


def may_write_card(person: Person, place: Place, on: date) -> bool:
    """May this person issue the responsibility card of this place?"""
    if permits.is_operator(person):
        return True
    is_cell = isinstance(place, Area) and place.level == Area.Level.CELL
    return is_cell and bool(places.zones_of(place) & zones_headed(person, on))


def demand_write_card(person: Person, place: Place, on: date) -> None:
    """Raise ``Refused("no_right", status=403)`` unless :func:`may_write_card`."""
    if not may_write_card(person, place, on):
        raise Refused(
            "no_right",
            _("Cards are issued by the operator; those of cells also by the head of their zone."),
            status=403,
        )


def may_read_whole_card(person: Person, place: Place, on: date) -> bool:
    """May this person read what is promised and threatened on the card? Who answers for the place, and who is above."""
    if permits.is_operator(person):
        return True
    above = _areas_above(place)
    return any(
        (post.road_id is not None and not isinstance(place, Area) and post.road_id == place.pk) or post.area_id in above
        for post in posts_in_office(person, on)
        if post.role != Role.MICRO_ROAD_CHIEF
    )


def may_see_board(person: Person, on: date) -> bool:
    """May this person see where somebody is missing: who holds a post that day, and the operator."""
    return permits.is_operator(person) or posts_in_office(person, on).exists()


def zones_headed(person: Person, on: date) -> set[int]:
    """The zones that this person heads on this day, or stands in for."""
    headed = posts_in_office(person, on).filter(role=Role.ZONE_HEAD)
    return {area for area in headed.values_list("area", flat=True) if area is not None}


def who_may_fill(post: Post, on: date) -> set[int]:
    """Those who must hear that nobody acts in this post: the operators, and for a cell the head of its zone and
    whoever stands in for that head.
    """
    people = set(permits.operators().values_list("pk", flat=True))
    if post.role == Role.CELL_WORKER:
        heads = Post.objects.on(on).filter(role=Role.ZONE_HEAD, area__in=places.zones_of(places.of_post(post)))
        for acting in acting_in(heads, on=on):
            people.update(person.pk for person in (acting.post.person, acting.person) if person is not None)
    return people


def _areas_above(place: Place) -> set[int]:
    area: Area | None = place if isinstance(place, Area) else place.grid
    found: set[int] = set()
    while area is not None:
        found.add(area.pk)
        area = area.parent
    if not found:
        found.update(Area.objects.of_level(Area.Level.TOWN).values_list("pk", flat=True))
    return found


def _in_zones(zones: set[int]) -> Q:
    return Q(area__parent__parent__in=zones)
