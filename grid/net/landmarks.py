"""Points of interest: what people name when they say where something is. All of it is the operator's."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db import IntegrityError
from django.utils.translation import gettext as _
from shapely import Point
from shapely.geometry.base import BaseGeometry

from communities import permits
from communities.models import User
from grid.models import PointOfInterest, Road
from kit.deeds import attempt, deed
from kit.refusals import Refused

from . import codes, coordinates, drawing, fitting, locating, sketches
from .coordinates import System
from .geometry import Position
from .paving import MOST_HOUSES


@dataclass(frozen=True)
class PointWords:
    """What is said of a point besides its code and where it is."""

    name: str
    name_en: str = ""
    kind: str = PointOfInterest.Kind.OTHER
    road: Road | None = None
    house_number: int | None = None


@deed
def found_point(
    *, code: str, words: PointWords, position: Position | None, since: date, by: User, system: System = System.WGS84
) -> PointOfInterest:
    """A point is there from ``since`` on; where only its house is known, at that house. Locks the road.

    Raises ``Refused``: ``operator_only`` (403); (422) ``code_unfit``, ``kind_unfit``, ``name_missing``, ``…_too_long``,
    ``house_unfit``, ``road_unfit`` for one that ends, ``position_missing``, ``outside``, ``wrong_system``, ``year_unlikely``; ``code_taken``.
    """
    permits.demand_operator(by)
    words = _holding_road(words)
    town = locating.town_outline(on=since)
    return put_point(code=code, words=words, position=position, since=since, system=system, town=town)


@deed
def change_point(
    *, point: PointOfInterest, words: PointWords, position: Position | None, by: User, system: System = System.WGS84
) -> PointOfInterest:
    """Say anew what a point is and where. Locks the road, then the point.

    Raises ``Refused`` as :func:`found_point`, and ``ended``.
    """
    permits.demand_operator(by)
    words = _holding_road(words)
    held = PointOfInterest.objects.select_for_update().get(pk=point.pk)
    put_change(held, words=words, position=position, system=system, town=locating.town_outline(on=held.since))
    return held


@deed
def end_point(*, point: PointOfInterest, until: date, by: User) -> PointOfInterest:
    """The point is no longer there from ``until`` on. Locks the point.

    Raises ``Refused``: ``operator_only`` (403), ``past`` and ``too_early`` (422), ``ended``.
    """
    permits.demand_operator(by)
    held = PointOfInterest.objects.select_for_update().get(pk=point.pk)
    put_end(held, until=until)
    return held


def put_point(
    *,
    code: str,
    words: PointWords,
    position: Position | None,
    since: date,
    system: System,
    town: BaseGeometry | None,
) -> PointOfInterest:
    """Write a point; part of a deed that asks and locks."""
    codes.demand_point_code(code)
    taken = Refused("code_taken", _("There is a point with this code already."), field="code")
    if PointOfInterest.objects.filter(code=code).exists():
        raise taken
    sketches.demand_day(since, field="since")
    fields = _fields(words, position, system, since, standing=None, town=town)
    try:
        with attempt():
            return PointOfInterest.objects.create(code=code, since=since, **fields)
    except IntegrityError as error:  # meanwhile
        raise taken from error


def put_change(
    point: PointOfInterest,
    *,
    words: PointWords,
    position: Position | None,
    system: System,
    town: BaseGeometry | None,
) -> None:
    """Write what a point is and where; part of a deed that asks and locks."""
    if point.until is not None:
        raise _ended(point, point.until)
    fields = _fields(words, position, system, point.since, standing=(point.longitude, point.latitude), town=town)
    for name, value in fields.items():
        setattr(point, name, value)
    point.save()


def put_end(point: PointOfInterest, *, until: date) -> None:
    """Write the end of a point; part of a deed that asks and locks."""
    if point.until == until:
        return
    if point.until is not None:
        raise _ended(point, point.until)
    sketches.demand_not_past(until, field="until")
    if until < point.since:
        raise drawing.too_early(point.since, field="until")
    point.until = until
    point.save(update_fields=["until"])


def words_of(point: PointOfInterest) -> PointWords:
    """What is said of a point now."""
    return PointWords(**{name: getattr(point, name) for name in PointWords.__dataclass_fields__})


def _holding_road(words: PointWords) -> PointWords:
    """The same, with the road as it stands now: nothing is put on one that somebody is ending."""
    if words.road is None:
        return words
    return replace(words, road=Road.objects.select_for_update(no_key=True).get(pk=words.road.pk))


def _fields(
    words: PointWords,
    position: Position | None,
    system: System,
    on: date,
    *,
    standing: Position | None,
    town: BaseGeometry | None,
) -> dict[str, Any]:
    name, name_en = sketches.read_names(words.name, words.name_en)
    if words.kind not in PointOfInterest.Kind.values:
        raise Refused("kind_unfit", _("Please choose what kind of place it is."), status=422, field="kind")
    if words.house_number is not None and (words.road is None or not 1 <= words.house_number <= MOST_HOUSES):
        raise Refused("house_unfit", _("A house number stands on a road."), status=422, field="house_number")
    if words.road is not None and words.road.until is not None:
        raise drawing.ends(words.road, words.road.until, code="road_unfit", field="road")
    longitude, latitude = _position(words, position, system, on, standing, town)
    read = replace(words, name=name, name_en=name_en)
    return {
        **{field: getattr(read, field) for field in PointWords.__dataclass_fields__},
        "longitude": longitude,
        "latitude": latitude,
    }


def _position(
    words: PointWords,
    position: Position | None,
    system: System,
    on: date,
    standing: Position | None,
    town: BaseGeometry | None,
) -> Position:
    if position is None:
        house = locating.house_at(words.road, words.house_number, on=on) if words.road and words.house_number else None
        if house is None:
            raise Refused(
                "position_missing",
                _("Say where it is: a position, or a road and a house number that stands on it."),
                status=422,
                field="longitude",
            )
        return house[1]
    if not (abs(position[0]) <= 180 and abs(position[1]) <= 90):  # also no to what is no number
        raise Refused("unreadable", _("This is no position on earth."), status=422, field="longitude")
    kept = coordinates.position_into_wgs84(position, system)
    otherwise = coordinates.position_into_wgs84(position, coordinates.mistaken_for(system))
    if kept != standing:
        fitting.demand_right_system(
            Point(kept), Point(otherwise), system, standing=Point(standing) if standing else None, town=town
        )
    fitting.demand_in_town(Point(kept), town=town)
    return kept


def _ended(point: PointOfInterest, until: date) -> Refused:
    return Refused(
        "ended",
        _("%(name)s ends on %(day)s and is drawn no more.")
        % {"name": point.spoken_name, "day": sketches.day_words(until)},
    )
