"""Places found by their names: roads, zones, grids and cells, and what stands along the roads."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.urls import reverse

from grid.models import Area, PointOfInterest, Road, in_force

from . import plan

MOST = 100
"""Of each kind of thing; whoever finds so many types another character."""


@dataclass(frozen=True)
class Found:
    """A place by its name, what it is, and where it is told of."""

    name: str
    name_en: str
    label: str
    """A main road, a unit cell, a bus stop."""
    where: str
    """The road along which a point stands; empty for the others."""
    url: str


def places_named(words: Sequence[str], *, on: date) -> list[Found]:
    """What stands on this day and has all of these words in its Chinese name, or all in its English one.

    Roads first, then areas from the large to the small, then points; of each those first that are called just so. Three
    queries. Nothing is called like no words.
    """
    if not words:
        return []
    chinese, english = Q(), Q()
    for word in words:
        chinese &= Q(name__icontains=word)
        english &= Q(name_en__icontains=word)
    found = [*_roads(chinese | english, on), *_areas(chinese | english, on), *_points(chinese | english, on)]
    whole = " ".join(words).lower()
    return sorted(found, key=lambda each: whole not in (each.name.lower(), each.name_en.lower()))


def _roads(named: Q, on: date) -> Iterator[Found]:
    for road in Road.objects.on(on).filter(named)[:MOST]:
        url = reverse("grid:road", args=[road.code])
        yield Found(road.name, road.name_en, road.get_road_class_display(), "", url)


def _areas(named: Q, on: date) -> Iterator[Found]:
    levels = Area.Level.values
    areas = Area.objects.on(on).filter(named)[:MOST]
    for area in sorted(areas, key=lambda each: (levels.index(each.level), each.code)):
        url = reverse("grid:area", args=[area.code])
        yield Found(area.name, area.name_en, area.get_level_display(), "", url)


def _points(named: Q, on: date) -> Iterator[Found]:
    # What stands along no road has no page on which it is told of.
    for point in PointOfInterest.objects.filter(in_force(on), named, road__isnull=False).select_related("road")[:MOST]:
        if point.road is not None:
            url = f"{reverse('grid:road', args=[point.road.code])}#{plan.key_of(plan.POINT, point.code)}"
            yield Found(point.name, point.name_en, point.get_kind_display(), point.road.spoken_name, url)
