"""What the tests of the net draw with: squares in metres around the middle of the demo town."""

from typing import Any

import shapely

from grid.models import Area, Boundary, Road, Segment
from grid.net import geometry

TOWN = "320206005"
GRID, CELL, NEIGHBOUR = f"{TOWN}001", f"{TOWN}00101", f"{TOWN}00102"
"""玉祁社区, and the first two of its unit cells, which lie beside each other."""

MIDDLE = (120.183, 31.718)


def area(code: str) -> Area:
    return Area.objects.select_related("parent__parent").get(code=code)


def road(name: str) -> Road:
    return Road.objects.get(name=name)


def segment(name: str, number: int) -> Segment:
    return Segment.objects.select_related("road").get(road__name=name, number=number, until=None)


def shape_of(code: str) -> Any:
    """The outline that stands without an end."""
    return geometry.drawn(Boundary.objects.get(area__code=code, until=None).shape)


def written(shape: Any) -> dict[str, Any]:
    """As GeoJSON with all its decimals."""
    told: dict[str, Any] = shapely.geometry.mapping(shape)
    return told


def metres(shape: Any, east: float = 0, north: float = 0) -> Any:
    """The shape moved by so many metres."""
    aside, up = geometry.scale(MIDDLE[1])
    return shapely.transform(shape, lambda points: points + (east / aside, north / up))


def shrunk(shape: Any, by: float) -> Any:
    """The shape with its edge drawn in by so many metres, and back on the globe."""
    latitude = shape.centroid.y
    aside, up = geometry.scale(latitude)
    return shapely.transform(geometry.flat(shape, latitude=latitude).buffer(-by), lambda points: points / (aside, up))
