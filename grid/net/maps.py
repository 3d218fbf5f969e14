"""A map on a page: what it shows, where it opens, and the operator's tiles below it if there are any."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from . import plan
from .geometry import Box, Position
from .plan import Feature, System
from .svg import Sketch, sketch

AROUND = 60.0
"""Metres around what a map is about."""


def system_of_tiles() -> System:
    """In which system the map under the net is drawn: what is put on it must be moved likewise."""
    return System(settings.MAP_TILES_SYSTEM) if settings.MAP_TILES else System.WGS84


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
    """Where it opens, in the system of the tiles."""
    is_schematic: bool
    tiles: str
    tiles_credit: str
    is_shifted: bool
    """Is it drawn in GCJ-02, as its tiles are? What is put on it by hand must be moved likewise."""


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
    system = system_of_tiles()
    asked = {
        "on": on.isoformat() if on != timezone.localdate() else "",
        "system": system if system != System.WGS84 else "",
    }
    query = urlencode({name: value for name, value in asked.items() if value})
    west, south = plan.position_in((frame.west, frame.south), system)
    east, north = plan.position_in((frame.east, frame.north), system)
    return MapFace(
        label=label,
        sketch=sketch(shown, frame, here=about, marks=marks),
        net=reverse("grid:net") + (f"?{query}" if query else ""),
        here=" ".join(about),
        frame=Box(west, south, east, north),
        is_schematic=is_schematic,
        tiles=settings.MAP_TILES,
        tiles_credit=settings.MAP_TILES_CREDIT,
        is_shifted=system == System.GCJ02,
    )
