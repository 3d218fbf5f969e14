"""The plan of the town: what maps show of the net on a day, as plain values.

The GeoJSON for browsers and the drawing made on the server (:mod:`grid.net.svg`) come from here, so that both show the same.
"""

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import shapely
from django.urls import reverse

from grid.models import Area, Boundary, Case, Footprint, PointOfInterest, Segment, in_force

from . import coordinates, geometry
from .geometry import Box, Position

System = Footprint.Source

ROAD, POINT = "road", "point"
ORDER = (*Area.Level.values, ROAD, POINT)
"""From the ground upwards: what comes later is drawn over what came before."""

FINE = 5
"""Decimals of what is drawn: the fifth is a metre."""

ABOUT_A_DWELLING = 100.0
"""Metres to which a place at somebody's home is rounded before others see it."""


@dataclass(frozen=True)
class Feature:
    """A shape of the plan. ``sort`` is the kind of a grid, the class of a road, the kind of a point; empty for others."""

    kind: str
    code: str
    name: str
    name_en: str
    sort: str
    url: str
    shape: dict[str, Any]

    @property
    def key(self) -> str:
        """By which pages name it; the id of its line in a list: ``cell-32020600500101``."""
        return key_of(self.kind, self.code)


def key_of(kind: str, code: str) -> str:
    """The key of a feature, and the id of its line in the lists of pages."""
    return f"{kind}-{code}"


def features(*, on: date) -> list[Feature]:
    """All that stands on this day and has a shape, in :data:`ORDER`. Three queries, whatever the town holds."""
    found = [*_areas(on), *_roads(on), *_points(on)]
    return sorted(found, key=lambda feature: ORDER.index(feature.kind))


def as_geojson(shown: Iterable[Feature], *, system: System = System.WGS84) -> dict[str, Any]:
    """The plan as a GeoJSON collection (RFC 7946) for the page's map.

    The id of a feature is its key; ``at`` is where its name stands.
    """
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "id": feature.key,
                "properties": {
                    "kind": feature.kind,
                    "sort": feature.sort,
                    "name": feature.name,
                    "name_en": feature.name_en,
                    "url": feature.url,
                    "at": _coarser(position_in(middle_of(feature.shape), system)),
                },
                "geometry": _geometry_in(feature.shape, system),
            }
            for feature in shown
        ],
    }


def _geometry_in(shape: dict[str, Any], system: System) -> dict[str, Any]:
    if system != System.WGS84:
        shape = geometry.written_down(coordinates.out_of_wgs84(geometry.drawn(shape), system))
    return {"type": shape["type"], "coordinates": _coarser(shape["coordinates"])}


def written(collection: dict[str, Any]) -> tuple[bytes, str]:
    """A collection as it is sent, and the tag by which caches know it again."""
    body = json.dumps(collection, ensure_ascii=False, separators=(",", ":")).encode()
    return body, f'"{hashlib.sha256(body).hexdigest()[:20]}"'


def box_around(shown: Iterable[Feature], keys: Collection[str] = ()) -> Box | None:
    """The box in which these features lie, or those with these keys; None where there is none."""
    boxes = [geometry.box_of(geometry.drawn(each.shape)) for each in shown if not keys or each.key in keys]
    if not boxes:
        return None
    west, south, east, north = zip(*boxes, strict=True)
    return Box(min(west), min(south), max(east), max(north))


def public_position(thing: Case | PointOfInterest) -> Position | None:
    """Where everybody may see that it is: what lies at a dwelling is told to about 100 m. None where nobody knows."""
    if thing.longitude is None or thing.latitude is None:
        return None
    position = (thing.longitude, thing.latitude)
    if isinstance(thing, Case) and thing.is_dwelling:
        return geometry.rounded(position, ABOUT_A_DWELLING)
    return position


def position_in(position: Position, system: System) -> Position:
    """A position as it is written in this system, with the decimals of what is drawn."""
    moved = coordinates.to_gcj02(position) if system == System.GCJ02 else position
    return round(moved[0], geometry.DECIMALS), round(moved[1], geometry.DECIMALS)


def _areas(on: date) -> Iterator[Feature]:
    rows = Boundary.objects.filter(in_force(on), in_force(on, below="area")).select_related("area")
    for boundary in rows.order_by("area__code"):
        area = boundary.area
        yield Feature(
            area.level,
            area.code,
            area.name,
            area.name_en,
            area.kind,
            reverse("grid:area", args=[area.code]),
            boundary.shape,
        )


def _roads(on: date) -> Iterator[Feature]:
    """A road is drawn whole, of all its stretches."""
    rows = Segment.objects.filter(in_force(on), in_force(on, below="road")).select_related("road")
    lines: dict[str, list[Segment]] = {}
    for segment in rows.order_by("road__code", "number"):
        lines.setdefault(segment.road.code, []).append(segment)
    for code, stretches in lines.items():
        road = stretches[0].road
        shape = {"type": "MultiLineString", "coordinates": [each.shape["coordinates"] for each in stretches]}
        yield Feature(ROAD, code, road.name, road.name_en, road.road_class, reverse("grid:road", args=[code]), shape)


def _points(on: date) -> Iterator[Feature]:
    for point in PointOfInterest.objects.filter(in_force(on)).select_related("road").order_by("code"):
        shape = {"type": "Point", "coordinates": [point.longitude, point.latitude]}
        url = f"{reverse('grid:road', args=[point.road.code])}#{key_of(POINT, point.code)}" if point.road else ""
        yield Feature(POINT, point.code, point.name, point.name_en, point.kind, url, shape)


def _coarser(coordinates: Any) -> Any:
    if isinstance(coordinates, float | int):
        return round(float(coordinates), FINE)
    return [_coarser(each) for each in coordinates]


def middle_of(shape: dict[str, Any]) -> Position:
    """Where the name of a shape stands: inside an area, on the longest stretch of a road."""
    drawn = geometry.drawn(shape)
    if drawn.geom_type == "MultiLineString":
        drawn = max(shapely.get_parts(drawn), key=shapely.length)
    point = drawn.interpolate(0.5, normalized=True) if drawn.geom_type == "LineString" else drawn.representative_point()
    return point.x, point.y


def middles_of_roads(roads: Collection[int], *, on: date) -> dict[int, Position]:
    """Where the names of these roads stand on this day, by their ids; one that has no stretch then is left out. One query."""
    if not roads:
        return {}
    stretches: dict[int, list[Any]] = {}
    standing = Segment.objects.filter(in_force(on), road__in=roads)
    for road, shape in standing.order_by("road", "number").values_list("road", "shape"):
        stretches.setdefault(road, []).append(shape["coordinates"])
    return {road: middle_of({"type": "MultiLineString", "coordinates": lines}) for road, lines in stretches.items()}


def in_sight(shown: Sequence[Feature], frame: Box) -> list[Feature]:
    """Those that touch the frame."""
    return [each for each in shown if _touches(geometry.box_of(geometry.drawn(each.shape)), frame)]


def _touches(one: Box, other: Box) -> bool:
    return one.west <= other.east and one.east >= other.west and one.south <= other.north and one.north >= other.south
