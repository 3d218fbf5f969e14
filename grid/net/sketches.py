"""What somebody draws or sends in, before the site keeps it."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, NamedTuple, cast

import shapely
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from shapely.geometry import mapping, shape
from shapely.geometry.base import BaseGeometry

from communities.words import local_text
from grid.models.net import NAME_EN_LENGTH, NAME_LENGTH
from kit.refusals import Refused, as_written
from kit.times import lasting_date_words

from . import coordinates, geometry
from .coordinates import System

EARLIEST = date(1949, 10, 1)
FURTHEST = timedelta(days=2 * 366)
"""Nobody draws further ahead; a year that is further away was mistyped."""

SAME = 1.5 * 10**-geometry.DECIMALS
"""Degrees within which two shapes are one: what rounding and turning of rings do."""


class Sketch(NamedTuple):
    """A GeoJSON geometry as it came, and the system that its positions are said to be in."""

    shape: object
    system: System = System.WGS84


class Reading(NamedTuple):
    """What was drawn as the site keeps it, and as it would be if the other system had been meant."""

    kept: dict[str, Any]
    shape: BaseGeometry
    otherwise: BaseGeometry

    @property
    def footprint(self) -> dict[str, Any]:
        """The fields of a :class:`Footprint` that follow from the shape."""
        return {"shape": self.kept, **geometry.box_of(self.shape)._asdict()}

    def is_like(self, standing: BaseGeometry) -> bool:
        """Is it what stands already, wherever its rings begin?"""
        return shapely.equals_exact(self.shape.normalize(), standing.normalize(), SAME)


def read_outline(sketch: Sketch) -> Reading:
    """A polygon in whatever system, for the site. Raises ``Refused`` as :func:`geometry.read_polygon`."""
    return _read(sketch, geometry.read_polygon)


def read_way(sketch: Sketch) -> Reading:
    """A line in whatever system, for the site. Raises ``Refused`` as :func:`geometry.read_line`."""
    return _read(sketch, geometry.read_line)


def _read(sketch: Sketch, read: Callable[[object], dict[str, Any]]) -> Reading:
    kept = read(sketch.shape)
    raw = shape(cast(dict[str, Any], sketch.shape))  # it could be read; here with all its decimals
    meant = coordinates.mistaken_for(sketch.system)
    if sketch.system == System.GCJ02:
        kept = read(mapping(coordinates.into_wgs84(raw, sketch.system)))
    return Reading(kept, geometry.drawn(kept), coordinates.into_wgs84(raw, meant))


def read_names(name: str, name_en: str) -> tuple[str, str]:
    """The two names as they are kept. Raises ``Refused`` (422): ``name_missing``, ``…_too_long``, ``unreadable``."""
    return (
        read_word(name, field="name", missing=_("It needs a name.")),
        read_word(name_en, most=NAME_EN_LENGTH, field="name_en"),
    )


def read_word(text: str, *, field: str, most: int = NAME_LENGTH, missing: str = "") -> str:
    """A name or the like as it is kept: one line of what can be shown. Raises ``Refused`` as :func:`read_names`."""
    read = as_written(text, most=most, field=field, missing=missing)
    if not read.isprintable():  # nor can a database keep all of it
        raise Refused("unreadable", _("There are characters in it that cannot be shown."), status=422, field=field)
    return read


def demand_day(day: date, *, field: str) -> None:
    """Raise ``Refused("year_unlikely", 422)`` for a day that was mistyped."""
    if not EARLIEST <= day <= timezone.localdate() + FURTHEST:
        raise Refused("year_unlikely", _("Please check the year."), status=422, field=field)


def demand_not_past(day: date, *, field: str) -> None:
    """Raise ``Refused("past", 422)``: what was in force yesterday stays as it was."""
    demand_day(day, field=field)
    if day < timezone.localdate():
        raise Refused(
            "past",
            _("From today or a later day: what was in force before stays as it was."),
            status=422,
            field=field,
        )


def standing_after(day: date) -> Q:
    """What stands on this day or on a later one; what ended on its first day never stood."""
    return Q(until__isnull=True) | (Q(until__gt=day) & Q(until__gt=F("since")))


def day_words(day: date) -> str:
    """A day in a sentence that may be read much later."""
    return lasting_date_words(day, year=timezone.localdate().year)


def spoken(names: list[tuple[str, str]]) -> str:
    """Names in the reader's language, after one another."""
    return _(", ").join(local_text(name, name_en).text for name, name_en in names)
