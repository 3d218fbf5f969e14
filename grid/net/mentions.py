"""What a text says of the net: the road that it names, and the number behind the name."""

import re
from datetime import date
from typing import NamedTuple

from grid.models import PointOfInterest, Road, in_force

_NUMBER = re.compile(r"\s*(?:No\.?\s*)?([0-9]{1,5})")
"""What follows the name of a road where somebody writes an address: *振祁路88号*, *Zhenqi Road 88*."""


class Mention(NamedTuple):
    """A road that is named in a text, and the number that stands behind its name."""

    road: Road
    house_number: int | None


def road_in(words: str, *, on: date) -> Mention | None:
    """The first road of this day that ``words`` name in Chinese or English; of two that begin together the longer name."""
    if not words:
        return None
    named = [
        (found.start(), -len(name), road)
        for road in Road.objects.on(on)
        for name in (road.name, road.name_en)
        # Model Road 5 is not named by Model Road 51.
        if name and (found := re.search(re.escape(name) + r"(?![0-9])" * name[-1:].isdigit(), words))
    ]
    if not named:
        return None
    begins, length, road = min(named, key=lambda each: each[:2])
    number = _NUMBER.match(words, begins - length)
    return Mention(road, int(number[1]) if number else None)


def point_in(words: str, *, on: date, road: Road | None = None) -> PointOfInterest | None:
    """The point of interest of this day, along this road or anywhere, whose name ``words`` hold; of several the longest."""
    points = PointOfInterest.objects.filter(in_force(on))
    if road is not None:
        points = points.filter(road=road)
    named = [point for point in points if point.name in words]
    return max(named, key=lambda point: len(point.name), default=None)
