"""Areas and roads as what somebody answers for: found by what people call them, held while that is decided, named."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Q

from grid.models import Area, Post, Road

Place = Area | Road


def hold(place: Place) -> Place:
    """The place as it stands now, locked until the end of the deed: after people, before cases.

    Rows that merely name it do not wait.
    """
    if isinstance(place, Area):
        return Area.objects.select_for_update(no_key=True).get(pk=place.pk)
    return Road.objects.select_for_update(no_key=True).get(pk=place.pk)


def hold_all(wanted: Iterable[Place]) -> None:
    """:func:`hold` for several: areas first, each kind in id order."""
    for place in sorted(set(wanted), key=lambda each: (isinstance(each, Road), each.pk)):
        hold(place)


def of_post(post: Post) -> Place:
    """What the post answers for: a road, or an area."""
    place = post.road or post.area
    if place is None:
        raise ValueError("Every post has a place.")
    return place


def called(words: str, *, on: date, most: int) -> list[Place]:
    """The places that stand on this day or will, and are called so: by code, by whole name, or else by a part of the name."""
    words = words.strip()
    if not words:
        return []
    exact = Q(code__iexact=words) | Q(name=words) | Q(name_en__iexact=words)
    return _places(exact, on, most) or _places(Q(name__icontains=words) | Q(name_en__icontains=words), on, most)


def zones_of(place: Place) -> set[int]:
    """The zone that the place is, or lies in; empty for the town, and for a road without a street-front grid."""
    area: Area | None = place if isinstance(place, Area) else place.grid
    while area is not None:
        if area.level == Area.Level.ZONE:
            return {area.pk}
        area = area.parent
    return set()


def _places(condition: Q, on: date, most: int) -> list[Place]:
    standing = Q(until__isnull=True) | Q(until__gt=on)
    areas = list(Area.objects.filter(condition, standing)[:most])
    return [*areas, *Road.objects.filter(condition, standing)[: most - len(areas)]] if len(areas) < most else [*areas]
