"""A part of a picture is covered for good: nothing of what lay there goes into what is put in its place.

A mosaic of a picture's own colours can be worked back into letters by trying which letters give it. Ours is mixed from what
lies around the part, so there is nothing to work back; that it is a mosaic says honestly that something is hidden.
"""

import math
from collections.abc import Iterable
from typing import NamedTuple

from PIL import Image

CELLS = 7
"""Squares along the longer side of a covered part."""

WHOLE = 16
"""Pixels: a part is widened to whole blocks of this size, for JPEG smears what it compresses over its own block."""

BESIDE = 3
"""Pixels: as wide is the strip around a part from which its colours come."""

SHADE = 14
"""By how much every other square is darker, of 255: a surface of one colour would look as if nothing were hidden."""

UNKNOWN = (128, 128, 128)
"""What is put over a part with nothing around it: the whole picture."""

Colour = tuple[int, ...]


class Box(NamedTuple):
    """A part of a picture in per cent of its width and height, from its upper left corner."""

    left: float
    top: float
    width: float
    height: float


class Pixels(NamedTuple):
    """The same in pixels; right and bottom are the first that do not belong to it."""

    left: int
    top: int
    right: int
    bottom: int


def cover(picture: Image.Image, boxes: Iterable[Box]) -> Image.Image:
    """A copy of the picture in which these parts, each widened to whole blocks, show nothing of what they showed."""
    covered = picture.convert("RGB")
    parts = [pixels_of(box, covered.size) for box in boxes]
    for part in parts:
        covered.paste(UNKNOWN, part)  # first all of them: no colour for one part comes from another
    mosaics = [(part, _mosaic(covered, part)) for part in parts]
    for part, mosaic in mosaics:
        covered.paste(mosaic, part)
    return covered


def pixels_of(box: Box, size: tuple[int, int]) -> Pixels:
    """The part that is covered in a picture of this size."""
    width, height = size
    left, right = box.left * width / 100, (box.left + box.width) * width / 100
    top, bottom = box.top * height / 100, (box.top + box.height) * height / 100
    return Pixels(
        max(0, math.floor(left / WHOLE) * WHOLE),
        max(0, math.floor(top / WHOLE) * WHOLE),
        min(width, math.ceil(right / WHOLE) * WHOLE),
        min(height, math.ceil(bottom / WHOLE) * WHOLE),
    )


def _mosaic(picture: Image.Image, part: Pixels) -> Image.Image:
    width, height = part.right - part.left, part.bottom - part.top
    square = max(width, height) / CELLS
    columns, rows = max(1, round(width / square)), max(1, round(height / square))
    above = _strip(picture, (part.left, part.top - BESIDE, part.right, part.top), (columns, 1))
    below = _strip(picture, (part.left, part.bottom, part.right, part.bottom + BESIDE), (columns, 1))
    before = _strip(picture, (part.left - BESIDE, part.top, part.left, part.bottom), (1, rows))
    behind = _strip(picture, (part.right, part.top, part.right + BESIDE, part.bottom), (1, rows))
    cells = Image.new("RGB", (columns, rows))
    for row in range(rows):
        for column in range(columns):
            near = [
                (above[column] if above else (), row + 1),
                (below[column] if below else (), rows - row),
                (before[row] if before else (), column + 1),
                (behind[row] if behind else (), columns - column),
            ]
            cells.putpixel((column, row), _mixed(near, SHADE if (row + column) % 2 else 0))
    return cells.resize((width, height), Image.Resampling.NEAREST)


def _strip(picture: Image.Image, box: tuple[int, int, int, int], cells: tuple[int, int]) -> list[Colour]:
    """The mean colours of a strip beside a part, one for each cell; none where the picture ends."""
    left, top, right, bottom = box
    if left < 0 or top < 0 or right > picture.width or bottom > picture.height:
        return []
    small = picture.crop(box).resize(cells, Image.Resampling.BOX)
    return [small.getpixel((x, y)) for y in range(cells[1]) for x in range(cells[0])]  # type: ignore[misc]


def _mixed(near: Iterable[tuple[Colour, int]], shade: int) -> Colour:
    """The colours at so many cells' distance, each the weaker the further away."""
    weighed = [(colour, 1 / distance) for colour, distance in near if colour] or [(UNKNOWN, 1.0)]
    total = sum(weight for _, weight in weighed)
    means = (sum(colour[channel] * weight for colour, weight in weighed) / total for channel in range(3))
    return tuple(max(0, round(mean) - shade) for mean in means)
