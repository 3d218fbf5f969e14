"""Shapes as people write them: a corner on each line, *120.18286, 31.71771*, longitude first; an empty line between two rings.

A ring that lies in another is a hole in it. What begins with a brace is GeoJSON, pasted from another program.
"""

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.translation import gettext as _
from shapely import get_coordinates, get_parts
from shapely.errors import ShapelyError
from shapely.geometry import MultiPolygon, Polygon, mapping
from shapely.geometry.base import BaseGeometry

from kit.refusals import Refused

from . import geometry
from .geometry import Position

# Between the two a sign or blanks: one way to read each, so that a line of blanks is not tried over and over.
_CORNER = re.compile(r"(-?\d{1,3}(?:\.\d{1,15})?)(?:\s*[,，;]\s*|\s+)(-?\d{1,3}(?:\.\d{1,15})?)", re.ASCII)
_LEAST_CORNERS = 3


def as_text(shape: BaseGeometry) -> str:
    """A polygon, a line or a point, corner by corner; the last corner of a ring, which is its first, is left out."""
    return "\n\n".join("\n".join(f"{x:.6f}, {y:.6f}" for x, y in corners) for corners in _runs(shape))


def outline(text: str) -> object:
    """A polygon of what was written, to be read further. Raises ``Refused`` (422): ``unreadable`` with the line, ``too_many_points``."""
    if _is_json(text):
        return _from_json(text)
    rings = _read(text)
    geometry.demand_few_points(sum(len(ring) for ring in rings))
    if not rings or any(len(ring) < _LEAST_CORNERS for ring in rings):
        raise _unreadable(_("An outline has at least three corners, each on a line of its own."))
    return mapping(_nested(rings)) if len(rings) > 1 else {"type": "Polygon", "coordinates": [_closed(rings[0])]}


def line(text: str) -> object:
    """A line of what was written. Raises ``Refused("unreadable", 422)``."""
    if _is_json(text):
        return _from_json(text)
    runs = _read(text)
    if len(runs) != 1 or len(runs[0]) < 2:
        raise _unreadable(
            _("A line has at least two corners, each on a line of its own, and no empty line between them.")
        )
    return {"type": "LineString", "coordinates": runs[0]}


def position(text: str) -> Position | None:
    """A position of what was written, or None of nothing. Raises ``Refused("unreadable", 422)``."""
    runs = _read(text)
    if not runs:
        return None
    if len(runs) != 1 or len(runs[0]) != 1:
        raise _unreadable(_("One position: longitude, then latitude, such as 120.18286, 31.71771."))
    return runs[0][0]


def _runs(shape: BaseGeometry) -> Iterator[Any]:
    for part in get_parts(shape):
        if isinstance(part, Polygon):
            for ring in (part.exterior, *part.interiors):
                yield get_coordinates(ring)[:-1]
        else:
            yield get_coordinates(part)


def _read(text: str) -> list[list[Position]]:
    runs: list[list[Position]] = [[]]
    for number, written in enumerate(text.splitlines(), 1):
        if not written.strip():
            runs.append([])
            continue
        found = _CORNER.fullmatch(written.strip())
        if found is None:
            raise _unreadable(_("Line %(number)d is no position such as 120.18286, 31.71771.") % {"number": number})
        runs[-1].append((float(found[1]), float(found[2])))
    return [run for run in runs if run]


def _nested(rings: Sequence[list[Position]]) -> BaseGeometry:
    """Each ring in an odd number of others is a hole in the smallest of them."""
    try:
        sized = sorted((Polygon(ring) for ring in rings), key=lambda ring: -ring.area)
        around = [[other for other in sized[:place] if other.contains(ring)] for place, ring in enumerate(sized)]
    except ShapelyError as error:
        raise _unreadable(_("One of the rings crosses itself.")) from error
    holes: dict[int, list[Any]] = {}
    for ring, outer in zip(sized, around, strict=True):
        if len(outer) % 2:
            holes.setdefault(id(outer[-1]), []).append(ring.exterior)
    parts = [
        Polygon(ring.exterior, holes.get(id(ring)))
        for ring, outer in zip(sized, around, strict=True)
        if len(outer) % 2 == 0
    ]
    return parts[0] if len(parts) == 1 else MultiPolygon(parts)


def _closed(ring: list[Position]) -> list[Position]:
    return ring if ring[0] == ring[-1] else [*ring, ring[0]]


def _is_json(text: str) -> bool:
    return text.lstrip().startswith("{")


def _from_json(text: str) -> object:
    """A geometry, or the only feature that somebody drew."""
    try:
        told = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _unreadable(_("This is no GeoJSON that can be read.")) from error
    if told.get("type") == "FeatureCollection":
        features = told.get("features")
        told = features[0] if isinstance(features, list) and len(features) == 1 else {}
    if isinstance(told, dict) and told.get("type") == "Feature":
        told = told.get("geometry")
    return told


def _unreadable(sentence: str) -> Refused:
    return Refused("unreadable", sentence, status=422, field="shape")


MOST = geometry.MOST_POINTS * 40
"""Characters of a shape: more corners than that are not read."""
