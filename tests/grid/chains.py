"""A small net and posts on it, written as rows: what the deeds make of it has tests of its own.

It lies a degree east of the demo town's net, which the cast knows too, and its town comes first by its code.

Two zones, north and south of latitude 31.71; in the north a community grid with the cell ``N-1`` and over its middle the
street-front grid of a road with the cell ``S-1``. Road ``R-1`` runs east through it in two stretches.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from communities.models import User
from grid.models import Absence, Area, Boundary, Deputy, Post, Road, Segment
from grid.net import geometry
from tests.cast import Town

WEST, EAST, SOUTH, MIDDLE, NORTH = 121.170, 121.190, 31.700, 31.710, 31.720

IN_CELL = (121.172, 31.718)
"""In ``N-1``, far from the road."""
ON_ROAD = (121.178, 31.715)
"""In ``S-1``, on the first stretch of ``R-1``."""
IN_SOUTH = (121.180, 31.705)
"""In the southern zone, where no cell is."""
OUTSIDE = (121.300, 31.800)


@dataclass(frozen=True)
class Net:
    town: Area
    north: Area
    south: Area
    community: Area
    cell: Area
    street: Area
    street_cell: Area
    road: Road
    first: Segment
    second: Segment


def long_ago() -> date:
    return timezone.localdate() - timedelta(days=400)


def lay(people: Town) -> Net:
    """Lay the net, a year old."""
    town = area(people, "0-YQ", Area.Level.TOWN, None, (WEST, SOUTH, EAST, NORTH), organisation=people.chengguan)
    north = area(people, "0-YQ-N", Area.Level.ZONE, town, (WEST, MIDDLE, EAST, NORTH))
    south = area(people, "0-YQ-S", Area.Level.ZONE, town, (WEST, SOUTH, EAST, MIDDLE))
    box = (WEST, MIDDLE, EAST, NORTH)
    community = area(people, "N", Area.Level.GRID, north, box, kind=Area.Kind.COMMUNITY, organisation=people.yuqi)
    cell = area(people, "N-1", Area.Level.CELL, community, box, kind=Area.Kind.COMMUNITY)
    strip = (WEST, 31.7145, EAST, 31.7155)
    street = area(people, "S", Area.Level.GRID, north, strip, kind=Area.Kind.STREET)
    street_cell = area(people, "S-1", Area.Level.CELL, street, strip, kind=Area.Kind.STREET)
    road = a_road("R-1", grid=street, name="示范路", name_en="Model Road")
    return Net(
        town, north, south, community, cell, street, street_cell, road, *(_stretch(road, number) for number in (1, 2))
    )


def area(
    people: Town, code: str, level: Area.Level, parent: Area | None, box: tuple[float, ...], **fields: Any
) -> Area:
    made = Area.objects.create(
        code=code, name=f"区{code}", level=level, parent=parent, **{"since": long_ago(), **fields}
    )
    west, south, east, north = box
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    Boundary.objects.create(
        area=made,
        shape={"type": "Polygon", "coordinates": [ring]},
        west=west,
        south=south,
        east=east,
        north=north,
        since=made.since,
        drawn_by=people.admin,
    )
    return made


def a_road(code: str, **fields: Any) -> Road:
    described = {"name": f"路{code}", "road_class": Road.Class.MAIN, "since": long_ago(), **fields}
    return Road.objects.create(code=code, **described)


def _stretch(road: Road, number: int) -> Segment:
    west = WEST + (number - 1) * 0.01
    line = {"type": "LineString", "coordinates": [[west, 31.715], [west + 0.01, 31.715]]}
    box = geometry.box_of(geometry.drawn(line))
    return Segment.objects.create(
        road=road, number=number, name=f"{number} 段", length=950, shape=line, since=road.since, **box._asdict()
    )


def post(people: Town, role: Post.Role, place: Area | Road, person: User | None = None, **fields: Any) -> Post:
    """A post since a month ago, without end."""
    where = {"area": place} if isinstance(place, Area) else {"road": place}
    since = timezone.localdate() - timedelta(days=30)
    return Post.objects.create(
        **{"role": role, "person": person, "since": since, "appointed_by": people.admin, **where, **fields}
    )


def away(held: Post, *, days: int = 3, since: date | None = None) -> Absence:
    """From today, or that day, for so many days."""
    first = since or timezone.localdate()
    return Absence.objects.create(
        post=held, since=first, until=first + timedelta(days=days), told_by=held.person or held.appointed_by
    )


def deputy(held: Post, person: User, **fields: Any) -> Deputy:
    return Deputy.objects.create(**{"post": held, "person": person, "since": held.since, "named_by": person, **fields})
