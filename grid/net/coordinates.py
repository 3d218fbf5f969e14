"""Coordinate systems at the edges: what comes in becomes WGS-84, what goes out becomes what was asked for.

CGCS2000, China's national system, differs from WGS-84 by less than what a town can see and is treated as equal (domain 7.1).
GCJ-02 is what Chinese online maps draw in: in China it is shifted by some hundred metres, which change from place to place;
its formula is public and has no inverse in closed form.
"""

import math
from collections.abc import Callable
from typing import assert_never

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from grid.models import Footprint

from . import geometry
from .geometry import Position

System = Footprint.Source

# The ellipsoid of Krasovsky, which the formula uses: half of its longer axis, and its eccentricity squared.
_HALF_AXIS, _ECCENTRICITY = 6378245.0, 0.00669342162296594323

_CLOSE = 1e-9
"""Degrees between two guesses of the inverse that are as good as one: a tenth of a millimetre."""


def in_china(position: Position) -> bool:
    """Does the shift apply here? The box that the formula is published with."""
    longitude, latitude = position
    return 72.004 <= longitude <= 137.8347 and 0.8293 <= latitude <= 55.8271


def to_gcj02(position: Position) -> Position:
    """A position of WGS-84 as a Chinese online map has it; outside China the same."""
    if not in_china(position):
        return position
    aside, up = _shift(*position)
    return position[0] + aside, position[1] + up


def from_gcj02(position: Position) -> Position:
    """What :func:`to_gcj02` made this position from: guessed, and the guess put right until nothing changes any more."""
    if not in_china(position):
        return position
    guess = position
    for _turn in range(20):
        aside, up = _shift(*guess)
        better = position[0] - aside, position[1] - up
        if math.dist(guess, better) < _CLOSE:
            return better
        guess = better
    return guess


def into_wgs84(shape: BaseGeometry, system: System) -> BaseGeometry:
    """A shape that was written in this system, as the site keeps it."""
    return _moved(shape, system, from_gcj02)


def out_of_wgs84(shape: BaseGeometry, system: System) -> BaseGeometry:
    """A shape that the site keeps, as it is written in this system."""
    return _moved(shape, system, to_gcj02)


def position_into_wgs84(position: Position, system: System) -> Position:
    """A position that was written in this system, with the decimals that the site keeps."""
    ((longitude, latitude),) = shapely.get_coordinates(into_wgs84(shapely.Point(position), system))
    return round(float(longitude), geometry.DECIMALS), round(float(latitude), geometry.DECIMALS)


def mistaken_for(system: System) -> System:
    """The system that is meant where this one was named by mistake."""
    return System.WGS84 if system == System.GCJ02 else System.GCJ02


def _moved(shape: BaseGeometry, system: System, move: Callable[[Position], Position]) -> BaseGeometry:
    match system:
        case System.WGS84 | System.CGCS2000:
            return shape
        case System.GCJ02:
            return shapely.transform(shape, lambda points: np.array([move((x, y)) for x, y in points]))
        case _:
            assert_never(system)


def _shift(longitude: float, latitude: float) -> tuple[float, float]:
    """How far GCJ-02 lies from WGS-84 here, in degrees."""
    x, y = longitude - 105.0, latitude - 35.0
    swing = 20.0 * math.sin(6.0 * x * math.pi) + 20.0 * math.sin(2.0 * x * math.pi)
    up = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * math.sqrt(abs(x))
    up += (swing + 20.0 * math.sin(y * math.pi) + 40.0 * math.sin(y / 3.0 * math.pi)) * 2.0 / 3.0
    up += (160.0 * math.sin(y / 12.0 * math.pi) + 320 * math.sin(y * math.pi / 30.0)) * 2.0 / 3.0
    aside = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * math.sqrt(abs(x))
    aside += (swing + 20.0 * math.sin(x * math.pi) + 40.0 * math.sin(x / 3.0 * math.pi)) * 2.0 / 3.0
    aside += (150.0 * math.sin(x / 12.0 * math.pi) + 300.0 * math.sin(x / 30.0 * math.pi)) * 2.0 / 3.0
    radians = math.radians(latitude)
    bulge = 1 - _ECCENTRICITY * math.sin(radians) ** 2
    metres_up = _HALF_AXIS * (1 - _ECCENTRICITY) / bulge**1.5
    metres_aside = _HALF_AXIS / math.sqrt(bulge) * math.cos(radians)
    return math.degrees(aside / metres_aside), math.degrees(up / metres_up)
