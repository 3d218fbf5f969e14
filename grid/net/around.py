"""What the editor shows dim around the shape that is drawn: neighbours, and what it lies in."""

from datetime import date
from typing import Any

from django.db.models import Q

from grid.models import Area, Boundary, Segment, in_force

Collection = dict[str, Any]


def areas(level: str, parent: str, *, but: str, on: date) -> Collection:
    """The standing areas of a level, without the one that is drawn, and the area that it lies in."""
    wanted = Q(area__level=level) | Q(area__code=parent)
    standing = (
        Boundary.objects.filter(in_force(on), in_force(on, below="area"), wanted)
        .exclude(area__code=but)
        .select_related("area")
        .order_by("area__code")
    )
    return _collection(
        [
            _feature(each.shape, each.area.spoken_name, "whole" if each.area.code == parent else each.area.kind)
            for each in standing
        ]
    )


def roads(*, but: str, on: date) -> Collection:
    """The standing stretches, without the one that is drawn (*R001-2*), and the outline of the town."""
    town = Boundary.objects.filter(in_force(on), in_force(on, below="area"), area__level=Area.Level.TOWN)
    stretches = Segment.objects.filter(in_force(on), in_force(on, below="road")).select_related("road")
    return _collection(
        [_feature(each.shape, each.area.spoken_name, "whole") for each in town.select_related("area")]
        + [
            _feature(each.shape, each.road.spoken_name, "road")
            for each in stretches
            if f"{each.road.code}-{each.number}" != but
        ]
    )


def _feature(shape: dict[str, Any], name: str, role: str) -> dict[str, Any]:
    return {"type": "Feature", "geometry": shape, "properties": {"name": name, "role": role}}


def _collection(features: list[dict[str, Any]]) -> Collection:
    return {"type": "FeatureCollection", "features": features}
