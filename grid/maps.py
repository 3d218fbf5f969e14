"""A map on a page: what it shows, where it opens, and the operator's tiles below it if there are any."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from . import geometry, plan
from .geometry import Box, Position
from .plan import Feature
from .sketch import Sketch, sketch

AROUND = 60.0
"""Metres around what a map is about."""


@dataclass(frozen=True)
class MapFace:
    """Everything that ``grid/_map.html`` shows."""

    label: str
    """What it is a map of, for people who hear it."""
    sketch: Sketch
    net: str
    """The address of the plan as GeoJSON."""
    here: str
    """Keys of what stands out, with blanks between."""
    frame: Box
    is_schematic: bool
    tiles: str
    tiles_credit: str


def map_of(
    label: str,
    shown: Sequence[Feature],
    *,
    on: date,
    about: Collection[str] = (),
    marks: Sequence[Position] = (),
    is_schematic: bool = True,
) -> MapFace | None:
    """The map about the features with these keys, or about all of them; None where nothing was drawn yet.

    ``marks`` are the positions of the page's list in its order, from 1.
    """
    box = plan.box_around(shown, about) or plan.box_around(shown)
    if box is None:
        return None
    frame = box.widened(AROUND if about else 0)
    query = f"?on={on.isoformat()}" if on != timezone.localdate() else ""
    return MapFace(
        label=label,
        sketch=sketch(shown, frame, here=about, marks=marks),
        net=reverse("grid:net") + query,
        here=" ".join(about),
        frame=geometry.Box(*(round(degrees, plan.FINE) for degrees in frame)),
        is_schematic=is_schematic,
        tiles=settings.MAP_TILES,
        tiles_credit=settings.MAP_TILES_CREDIT,
    )
