"""Shapes on the ground: read from GeoJSON, checked, measured.

Positions are ``(longitude, latitude)`` in WGS-84 degrees. Distances and lengths are metres, areas square metres, on a
plane laid at the shape: within a town of ten kilometres that errs by less than one part in a thousand.
"""

import math
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import shapely
from django.utils.translation import gettext as _
from shapely.geometry import mapping, shape
from shapely.geometry.base import BaseGeometry

from kit.refusals import Refused

DECIMALS = 6
"""Of what is kept: the sixth is a hand's breadth."""

MOST_POINTS = 5000
"""Of one shape: a town's outline needs a few hundred."""

# Metres in one degree of latitude, and of longitude at the equator (mean Earth, IUGG: radius 6 371 008.8 m).
METRES_IN_A_DEGREE = math.radians(1) * 6_371_008.8

Position = tuple[float, float]

# What reading a shape that somebody made up ends in: a number of four hundred digits is an OverflowError, brackets in
# brackets are a RecursionError.
_BROKEN = (
    *(ValueError, TypeError, LookupError, AttributeError, OverflowError, RecursionError),
    shapely.errors.ShapelyError,
)


class Box(NamedTuple):
    """The box that a shape lies in, in degrees."""

    west: float
    south: float
    east: float
    north: float

    def holds(self, position: Position) -> bool:
        longitude, latitude = position
        return self.west <= longitude <= self.east and self.south <= latitude <= self.north

    def widened(self, metres: float) -> "Box":
        """The box with so many metres more on every side."""
        up = metres / METRES_IN_A_DEGREE
        aside = up / math.cos(math.radians((self.south + self.north) / 2))
        return Box(self.west - aside, self.south - up, self.east + aside, self.north + up)


def read_polygon(written: object, *, field: str = "shape") -> dict[str, Any]:
    """A GeoJSON polygon or multipolygon as it is kept: whole, not crossing itself, its rings turned as RFC 7946 wants.

    Raises ``Refused`` (422): ``unreadable``, ``crossing`` with the place where it crosses, ``empty``, ``too_many_points``.
    """
    polygon = _read(written, {"Polygon", "MultiPolygon"}, field)
    if not polygon.is_valid:
        raise Refused(
            "crossing",
            _("The outline crosses itself near %(where)s. Move that corner so that no two sides cut each other.")
            % {"where": _where_it_crosses(polygon)},
            status=422,
            field=field,
        )
    kept = written_down(shapely.orient_polygons(polygon))
    if not drawn(kept).is_valid:
        # Rounded, a spike thinner than a hand lies on itself, or a ring is gone.
        polygon = shapely.set_precision(polygon, 10**-DECIMALS)
        kept = written_down(shapely.orient_polygons(polygon))
    if polygon.area == 0:
        raise Refused("empty", _("The outline encloses nothing."), status=422, field=field)
    return kept


def read_line(written: object, *, field: str = "shape") -> dict[str, Any]:
    """A GeoJSON line as it is kept. Raises ``Refused`` (422): ``unreadable``, ``empty``, ``too_many_points``."""
    kept = written_down(_read(written, {"LineString"}, field))
    if drawn(kept).length == 0:
        raise Refused("empty", _("The line has no length."), status=422, field=field)
    return kept


def drawn(kept: dict[str, Any]) -> BaseGeometry:
    """The shape of a kept GeoJSON geometry."""
    return shape(kept)


def written_down(geometry: BaseGeometry) -> dict[str, Any]:
    """A shape as GeoJSON with :data:`DECIMALS` decimals."""
    told = mapping(geometry)
    return {"type": told["type"], "coordinates": _rounded(told["coordinates"])}


def box_of(geometry: BaseGeometry) -> Box:
    """The box that a shape lies in."""
    return Box(*geometry.bounds)


def holds(geometry: BaseGeometry, position: Position) -> bool:
    """Does the shape hold this position? Its edge belongs to it."""
    return bool(shapely.intersects_xy(geometry, *position))


def metres_between(one: Position, other: Position) -> float:
    """How far two positions are apart, in metres."""
    return math.dist(*_on_plane([one, other], latitude=(one[1] + other[1]) / 2))


def length_of(line: BaseGeometry) -> float:
    """How long a line is, in metres."""
    return float(flat(line).length)


def size_of(polygon: BaseGeometry) -> float:
    """How large a polygon is, in square metres."""
    return float(flat(polygon).area)


def metres_to(geometry: BaseGeometry, position: Position) -> float:
    """How far a position is from a shape, in metres; 0 inside."""
    latitude = position[1]
    ((x, y),) = _on_plane([position], latitude=latitude)
    return float(flat(geometry, latitude=latitude).distance(shapely.Point(x, y)))


def flat(geometry: BaseGeometry, *, latitude: float | None = None) -> BaseGeometry:
    """The shape on a plane in metres, laid at ``latitude`` or at its middle."""
    at = (geometry.bounds[1] + geometry.bounds[3]) / 2 if latitude is None else latitude
    return shapely.transform(geometry, lambda points: points * scale(at))


def rounded(position: Position, metres: float) -> Position:
    """The middle of the square of so many metres that the position lies in: all in one square get the same answer."""
    longitude, latitude = position
    up = metres / METRES_IN_A_DEGREE
    low = math.floor(latitude / up) * up
    # The squares of one row are equally wide, however far north in the row one stands.
    aside = up / math.cos(math.radians(low + up / 2))
    left = math.floor(longitude / aside) * aside
    return round(left + aside / 2, DECIMALS), round(low + up / 2, DECIMALS)


def scale(latitude: float) -> tuple[float, float]:
    """Metres in one degree of longitude and of latitude, at this latitude."""
    return METRES_IN_A_DEGREE * math.cos(math.radians(latitude)), METRES_IN_A_DEGREE


def demand_few_points(count: int, *, field: str = "shape") -> None:
    """Raise ``Refused("too_many_points", 422)`` for a shape of more than :data:`MOST_POINTS` points."""
    if count > MOST_POINTS:
        raise Refused(
            "too_many_points",
            _("The shape has %(count)d points; at most %(most)d can be read.") % {"count": count, "most": MOST_POINTS},
            status=422,
            field=field,
        )


def _on_plane(positions: Iterable[Position], *, latitude: float) -> list[Position]:
    east, north = scale(latitude)
    return [(longitude * east, latitude_ * north) for longitude, latitude_ in positions]


def _read(written: object, types: set[str], field: str) -> BaseGeometry:
    unreadable = Refused(
        "unreadable", _("This is no shape that can be read: it takes a GeoJSON geometry."), status=422, field=field
    )
    kind = written.get("type") if isinstance(written, Mapping) else None
    if not isinstance(written, Mapping) or not isinstance(kind, str) or kind not in types:
        raise unreadable
    try:
        geometry = shape(dict(written))
        count = int(shapely.get_num_coordinates(geometry))
        points = shapely.get_coordinates(geometry)
    except _BROKEN as error:
        raise unreadable from error
    demand_few_points(count, field=field)
    if not all(abs(x) <= 180 and abs(y) <= 90 for x, y in points):  # also no to what is no number
        raise unreadable
    if geometry.is_empty:
        raise Refused("empty", _("The outline encloses nothing."), status=422, field=field)
    return shapely.force_2d(geometry)


def _where_it_crosses(polygon: BaseGeometry) -> str:
    """Read out of the reason: *Self-intersection[120.18 31.71]*."""
    reason = shapely.is_valid_reason(polygon)
    return reason.partition("[")[2].rstrip("]").replace(" ", ", ") or reason


def _rounded(coordinates: Any) -> Any:
    if isinstance(coordinates, float | int):
        return round(float(coordinates), DECIMALS)
    return [_rounded(each) for each in coordinates]
