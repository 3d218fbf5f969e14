"""The page of a road: plain values, so that the template asks nothing of the database."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from communities.words import LocalText, local_text
from grid.models import PointOfInterest, Road, Segment, in_force
from grid.net import maps, plan
from grid.net.maps import MapFace
from updates import book

from . import answering
from .answering import Chain


@dataclass(frozen=True)
class SideFace:
    """The houses on one side of a stretch: odd or even numbers, and on which hand they lie along the road."""

    is_odd: bool
    first: int
    last: int
    is_left: bool


@dataclass(frozen=True)
class Stretch:
    """A segment on the page of its road."""

    segment: Segment
    name: LocalText
    sides: Sequence[SideFace]


@dataclass(frozen=True)
class RoadFace:
    """Everything that the page of a road shows."""

    road: Road
    name: LocalText
    stands: bool
    length: int
    """Metres."""
    stretches: Sequence[Stretch]
    chain: Chain
    points: Sequence[PointOfInterest]
    map: MapFace | None
    follow: str
    """What the page follows, as JSON: topic → number of the last update that it shows."""


def road_face(road: Road, *, on: date) -> RoadFace:
    """The road as its page shows it on this day; its grid and group were fetched with it."""
    heads = book.heads([f"road:{road.code}"])  # before what is shown
    stretches = list(Segment.objects.filter(in_force(on), road=road).order_by("number"))
    points = list(PointOfInterest.objects.filter(in_force(on), road=road).order_by("house_number", "code"))
    return RoadFace(
        road=road,
        name=local_text(road.name, road.name_en),
        stands=road.since <= on and (road.until is None or road.until > on),
        length=sum(each.length for each in stretches),
        stretches=[Stretch(each, local_text(each.name, each.name_en), list(_sides(each))) for each in stretches],
        chain=answering.chain_of(road=road, on=on),
        points=points,
        map=maps.map_of(
            _("Map of %(name)s") % {"name": road.spoken_name},
            [each for each in plan.features(on=on) if each.kind != plan.POINT],
            on=on,
            about=[plan.key_of(plan.ROAD, road.code)],
            marks=[(each.longitude, each.latitude) for each in points],
        )
        if stretches
        else None,
        follow=json.dumps(heads),
    )


def _sides(segment: Segment) -> Iterator[SideFace]:
    odd_left = segment.odd_side == Segment.Side.LEFT
    for is_odd, first, last in (
        (True, segment.odd_from, segment.odd_to),
        (False, segment.even_from, segment.even_to),
    ):
        if first is not None and last is not None:
            yield SideFace(is_odd, first, last, is_left=odd_left == is_odd)
