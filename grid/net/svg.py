"""A drawing of the plan, made on the server: the map of a page without script, on paper, and until the browser has its own.

Shapes stand in a square frame in whole units; names and numbers are placed in percent of it, so that letters keep their
size on every screen. Which names have room is decided for the narrowest phone, once for usual and once for large print.
"""

import itertools
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from communities.words import local_text
from grid.models import Area, Road

from . import geometry, plan
from .geometry import Box, Position
from .plan import Feature

WIDTH, HEIGHT = 720, 720
PHONE = 330.0
"""Pixels of the frame's width on a narrow phone."""
PRINT, LARGE_PRINT = 14.0, 24.0
"""Pixels of the letters of a name."""
ROUND = 13.0
"""Pixels from the middle of a number's circle to its edge."""
MARGIN = 0.06
"""Of the frame, left free on every side."""

NAMED = (Area.Level.ZONE, Area.Level.GRID, Area.Level.CELL, plan.ROAD)


@dataclass(frozen=True)
class Line:
    """A shape as the path of an SVG, with the words of its class."""

    path: str
    css: str


@dataclass(frozen=True)
class Name:
    """A name and where its middle stands, in percent of the frame."""

    text: str
    lang: str
    x: float
    y: float
    css: str


@dataclass(frozen=True)
class Number:
    """The number of a position in the page's list."""

    number: int
    x: float
    y: float


@dataclass(frozen=True)
class Sketch:
    """The whole drawing."""

    lines: Sequence[Line]
    names: Sequence[Name]
    numbers: Sequence[Number]
    width: int = WIDTH
    height: int = HEIGHT


def sketch(
    shown: Sequence[Feature], around: Box, *, here: Collection[str] = (), marks: Sequence[Position] = ()
) -> Sketch:
    """Draw the features that lie in the box and a little around it; ``here`` are the keys of those that stand out."""
    frame = Frame(around)
    # What the page is about lies over its like.
    seen = sorted(plan.in_sight(shown, frame.box), key=lambda each: (plan.ORDER.index(each.kind), each.key in here))
    lines = [Line(frame.path(each.shape), _css(each, here)) for each in seen]
    numbers = [Number(number, *frame.percent(position)) for number, position in enumerate(marks, start=1)]
    return Sketch(lines, list(_names(frame, seen, here, numbers)), numbers)


class Frame:
    """Where a position lies in the drawing. A box of another shape than the frame's is widened, never stretched."""

    def __init__(self, box: Box) -> None:
        east, north = geometry.scale((box.south + box.north) / 2)
        high = max((box.north - box.south) * north, (box.east - box.west) * east * HEIGHT / WIDTH, 1.0)
        high /= 1 - 2 * MARGIN
        wide = high * WIDTH / HEIGHT
        middle = ((box.west + box.east) / 2, (box.south + box.north) / 2)
        self.left, self.top = middle[0] - wide / east / 2, middle[1] + high / north / 2
        self.across, self.down = WIDTH / (wide / east), HEIGHT / (high / north)
        self.box = Box(self.left, middle[1] - high / north / 2, middle[0] + wide / east / 2, self.top)

    def at(self, position: Sequence[float]) -> tuple[int, int]:
        return round((position[0] - self.left) * self.across), round((self.top - position[1]) * self.down)

    def percent(self, position: Position) -> tuple[float, float]:
        x, y = self.at(position)
        return round(100 * x / WIDTH, 1), round(100 * y / HEIGHT, 1)

    def path(self, shape: dict[str, Any]) -> str:
        """The path of a GeoJSON geometry."""
        coordinates = shape["coordinates"]
        match shape["type"]:
            case "Point":
                x, y = self.at(coordinates)
                return f"M{x} {y}h0"
            case "LineString":
                return self._run(coordinates)
            case "MultiLineString":
                return "".join(self._run(line) for line in coordinates)
            case "Polygon":
                return "".join(f"{self._run(ring)}z" for ring in coordinates)
            case _:
                return "".join(f"{self._run(ring)}z" for polygon in coordinates for ring in polygon)

    def has_room(self, feature: Feature, wide: float) -> bool:
        """Has a name of so many pixels room on its own shape, on a phone? That of a zone may stand beside it."""
        if feature.kind == Area.Level.ZONE:
            return True
        around = geometry.box_of(geometry.drawn(feature.shape))
        across = (around.east - around.west) * self.across / WIDTH * PHONE
        if feature.kind == plan.ROAD:
            return max(across, (around.north - around.south) * self.down / WIDTH * PHONE) > wide
        # Every cell bears the name of its grid: where there is little room, that of the grid is enough.
        return across > wide * (1.8 if feature.kind == Area.Level.CELL else 1)

    def _run(self, positions: Sequence[Sequence[float]]) -> str:
        points = [point for point, _again in itertools.groupby(self.at(position) for position in positions)]
        return "M" + "L".join(f"{x} {y}" for x, y in points)


def _css(feature: Feature, here: Collection[str]) -> str:
    return " ".join(filter(None, (feature.kind, feature.sort, "here" if feature.key in here else "")))


@dataclass
class Room:
    """What is taken already: boxes in pixels of a phone."""

    taken: list[tuple[float, float, float, float]] = field(default_factory=list)

    def take(self, x: float, y: float, wide: float, high: float) -> bool:
        """Take the room around a middle, if it lies in the frame and is free."""
        left, top, right, bottom = x - wide / 2, y - high / 2, x + wide / 2, y + high / 2
        if left < 0 or top < 0 or right > PHONE or bottom > PHONE * HEIGHT / WIDTH:
            return False
        if any(left < other[2] and right > other[0] and top < other[3] and bottom > other[1] for other in self.taken):
            return False
        self.taken.append((left, top, right, bottom))
        return True


def _names(frame: Frame, seen: Sequence[Feature], here: Collection[str], numbers: Sequence[Number]) -> Iterator[Name]:
    """The names that have room, the most important first; those without room in large print are marked."""
    usual, large = Room(), Room()
    for number in numbers:
        for room in (usual, large):
            room.take(number.x / 100 * PHONE, number.y / 100 * PHONE * HEIGHT / WIDTH, 2 * ROUND, 2 * ROUND)
    wanted = [each for each in seen if each.kind in NAMED]
    for feature in sorted(wanted, key=lambda each: _importance(each, here)):
        name = local_text(feature.name, feature.name_en)
        x, y = frame.percent(plan.middle_of(feature.shape))
        across, down = x / 100 * PHONE, y / 100 * PHONE * HEIGHT / WIDTH
        if feature.key not in here and not frame.has_room(feature, _width(name.text) * PRINT):
            continue
        if not usual.take(across, down, _width(name.text) * PRINT, PRINT * 1.4):
            continue
        css = _css(feature, here)
        if not large.take(across, down, _width(name.text) * LARGE_PRINT, LARGE_PRINT * 1.4):
            css += " not-elder"
        yield Name(name.text, name.lang, x, y, css)


def _importance(feature: Feature, here: Collection[str]) -> tuple[bool, int, int]:
    ranks = [Area.Level.ZONE, plan.ROAD, Area.Level.GRID, Area.Level.CELL]
    classes = Road.Class.values
    return (
        feature.key not in here,
        ranks.index(feature.kind),
        classes.index(feature.sort) if feature.sort in classes else 0,
    )


def _width(text: str) -> float:
    """In letters of full width: a Han character is as wide as two Latin ones."""
    return sum(1.0 if unicodedata.east_asian_width(each) in "WFA" else 0.56 for each in text) + 0.4
