"""The net as a file, for those who draw with other programs: GeoJSON (RFC 7946), and tables that Excel opens.

A file holds what stands on a day. What it says of each thing is named in :data:`COLUMNS`; :mod:`grid.net.importing` reads the same
names, so that a file that was exported and comes back changes nothing.
"""

import csv
import io
import json
from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple

import shapely
from shapely.geometry import Point, mapping
from shapely.geometry.base import BaseGeometry

from grid.models import Area, Boundary, PointOfInterest, Road, Segment, in_force

from . import coordinates, geometry
from .coordinates import System


class Subject(StrEnum):
    """What can be exported by itself."""

    AREAS = "areas"
    ROADS = "roads"
    POINTS = "points"


class What(StrEnum):
    """What one feature, or one row of a table, is."""

    AREA = "area"
    ROAD = "road"
    SEGMENT = "segment"
    POINT = "point"


COLUMNS: dict[str, str] = {
    "what": "类别",
    "code": "代码",
    "number": "路段序号",
    "name": "名称",
    "name_en": "英文名称",
    "level": "层级",
    "kind": "类型",
    "parent": "上级代码",
    "organisation": "责任单位",
    "road_class": "道路等级",
    "begins_at": "起点",
    "ends_at": "止点",
    "grid": "街面网格代码",
    "group": "商户组",
    "is_pilot": "试点",
    "odd_side": "单号侧",
    "odd_from": "单号起",
    "odd_to": "单号止",
    "even_from": "双号起",
    "even_to": "双号止",
    "road": "道路代码",
    "house_number": "门牌号",
    "is_schematic": "示意",
    "since": "起始日",
    "until": "终止日",
    "longitude": "经度",
    "latitude": "纬度",
    "geometry": "图形",
}
"""The name of each column for programs, and for people; in a table both stand in its head, in this order."""

DECIMALS_SHIFTED = 8
"""Of GCJ-02: two more than the site keeps, so that converting back meets the same."""

BOM = "\ufeff"
YES, NO = "是", "否"

# A table opens in a spreadsheet, which takes what begins so for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "'")
# And a code of so many digits for a number, which it writes back as 3.20206E+13.
_ROUNDED_FROM = 12


class Record(NamedTuple):
    """One thing of the net: what is said of it, and its shape in WGS-84 (a road has none, its stretches have)."""

    what: What
    said: dict[str, Any]
    shape: BaseGeometry | None


def records(day: date, subjects: Iterable[Subject] = tuple(Subject)) -> list[Record]:
    """The net of a day, in an order in which it can be read in again: what lies in or on another comes after it."""
    wanted = set(subjects)
    told: list[Record] = []
    if Subject.AREAS in wanted:
        told += _areas(day)
    if Subject.ROADS in wanted:
        told += _roads(day)
    if Subject.POINTS in wanted:
        told += _points(day)
    return told


def as_geojson(told: Iterable[Record], *, day: date, system: System) -> bytes:
    """The records as one FeatureCollection, which says beside its features in which system and of which day it is."""
    features = [
        {
            "type": "Feature",
            "id": _identity(record),
            "geometry": _shape(record.shape, system),
            "properties": {"what": record.what.value, **record.said},
        }
        for record in told
    ]
    collection = {"type": "FeatureCollection", "system": system.value, "day": f"{day}", "features": features}
    return json.dumps(collection, ensure_ascii=False, allow_nan=False, default=str).encode()


def as_table(told: Iterable[Record], *, system: System) -> bytes:
    """The records as CSV: UTF-8 with BOM, CRLF, no cell that a spreadsheet would compute; shapes as WKT."""
    rows = [_row(record, system) for record in told]
    columns = [name for name in COLUMNS if any(name in row for row in rows)] or ["what", "code", "name"]
    return table(
        [[f"{name} {COLUMNS[name]}" for name in columns], *([row.get(name, "") for name in columns] for row in rows)]
    )


def table(rows: Iterable[Iterable[Any]]) -> bytes:
    """Rows as a CSV file that Excel in China opens rightly and computes nothing of."""
    written = io.StringIO(newline="")
    csv.writer(written, lineterminator="\r\n").writerows([[_cell(value) for value in row] for row in rows])
    return (BOM + written.getvalue()).encode()


def _cell(value: Any) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, int | float):
        return f"{value}"
    text = str(value)
    return f"'{text}" if text.startswith(_FORMULA) or (text.isdigit() and len(text) >= _ROUNDED_FROM) else text


def _row(record: Record, system: System) -> dict[str, Any]:
    row = {"what": record.what.value, **record.said}
    shape = _shape(record.shape, system)
    if shape is None:
        return row
    if record.what == What.POINT:
        longitude, latitude = shape["coordinates"]
        return {**row, "longitude": longitude, "latitude": latitude}
    return {**row, "geometry": shapely.to_wkt(shapely.geometry.shape(shape), rounding_precision=-1)}


def _shape(shape: BaseGeometry | None, system: System) -> dict[str, Any] | None:
    if shape is None:
        return None
    told = mapping(coordinates.out_of_wgs84(shape, system))
    decimals = DECIMALS_SHIFTED if system == System.GCJ02 else geometry.DECIMALS
    return {"type": told["type"], "coordinates": _rounded(told["coordinates"], decimals)}


def _rounded(nested: Any, decimals: int) -> Any:
    if isinstance(nested, float | int):
        return round(float(nested), decimals)
    return [_rounded(each, decimals) for each in nested]


def _identity(record: Record) -> str:
    number = record.said.get("number")
    return f"{record.said['code']}-{number}" if number is not None else record.said["code"]


def _areas(day: date) -> list[Record]:
    order = list(Area.Level)
    standing = Boundary.objects.filter(in_force(day), in_force(day, below="area")).select_related(
        "area__parent", "area__organisation"
    )
    in_order = sorted(standing, key=lambda each: (order.index(Area.Level(each.area.level)), each.area.code))
    return [Record(What.AREA, _of_area(each.area), geometry.drawn(each.shape)) for each in in_order]


def _of_area(area: Area) -> dict[str, Any]:
    return {
        "code": area.code,
        "name": area.name,
        "name_en": area.name_en,
        "level": area.level,
        "kind": area.kind,
        "parent": area.parent.code if area.parent else None,
        "organisation": area.organisation.name if area.organisation else None,
        "is_schematic": area.is_schematic,
        "since": area.since,
        "until": area.until,
    }


def _roads(day: date) -> list[Record]:
    stretches: dict[int, list[Segment]] = {}
    for segment in Segment.objects.filter(in_force(day), in_force(day, below="road")).order_by("number"):
        stretches.setdefault(segment.road_id, []).append(segment)
    told = []
    for road in Road.objects.on(day).select_related("grid", "group").order_by("code"):
        told.append(Record(What.ROAD, _of_road(road), None))
        told += [
            Record(What.SEGMENT, _of_segment(road, each), geometry.drawn(each.shape))
            for each in stretches.get(road.pk, ())
        ]
    return told


def _of_road(road: Road) -> dict[str, Any]:
    return {
        "code": road.code,
        "name": road.name,
        "name_en": road.name_en,
        "road_class": road.road_class,
        "begins_at": road.begins_at,
        "ends_at": road.ends_at,
        "grid": road.grid.code if road.grid else None,
        "group": road.group.name if road.group else None,
        "is_pilot": road.is_pilot,
        "is_schematic": road.is_schematic,
        "since": road.since,
        "until": road.until,
    }


def _of_segment(road: Road, segment: Segment) -> dict[str, Any]:
    return {
        "code": road.code,
        "number": segment.number,
        "name": segment.name,
        "name_en": segment.name_en,
        "odd_side": segment.odd_side,
        "odd_from": segment.odd_from,
        "odd_to": segment.odd_to,
        "even_from": segment.even_from,
        "even_to": segment.even_to,
        "since": segment.since,
        "until": segment.until,
    }


def _points(day: date) -> list[Record]:
    standing = PointOfInterest.objects.filter(in_force(day)).select_related("road").order_by("code")
    return [Record(What.POINT, _of_point(each), Point(each.longitude, each.latitude)) for each in standing]


def _of_point(point: PointOfInterest) -> dict[str, Any]:
    return {
        "code": point.code,
        "name": point.name,
        "name_en": point.name_en,
        "kind": point.kind,
        "road": point.road.code if point.road else None,
        "house_number": point.house_number,
        "since": point.since,
        "until": point.until,
    }
