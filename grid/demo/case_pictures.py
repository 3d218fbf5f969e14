"""Sketches of problems and of how it looks afterwards, drawn here: nobody's picture is used and nothing is fetched."""

import io
import random
from collections.abc import Callable, Mapping

from PIL import Image, ImageDraw

from grid.reports import photographs
from grid.reports.photographs import CleanPicture

WIDTH, HEIGHT = 960, 720
SKY, WALL, PATH, STREET, LINE = (226, 232, 229), (236, 228, 211), (214, 208, 196), (158, 156, 150), (245, 243, 236)
DARK, GREEN, ORANGE, BLUE, WHITE = (58, 62, 60), (20, 84, 61), (163, 74, 8), (47, 111, 147), (252, 251, 246)

Pen = ImageDraw.ImageDraw


def drawn(what: str, *, fixed: bool = False, number: int = 0) -> io.BytesIO:
    """The sketch of a problem as the file of a JPEG; ``number`` makes each one a little different."""
    sheet = Image.new("RGB", (WIDTH, HEIGHT), SKY)
    pen = ImageDraw.Draw(sheet)
    chance = random.Random(f"{what}{number}")  # noqa: S311 – a sketch
    _street(pen, chance)
    SKETCHES[what](pen, chance, fixed)
    written = io.BytesIO()
    sheet.save(written, "JPEG", quality=85)
    written.seek(0)
    return written


def cleaned(what: str, *, fixed: bool = False, number: int = 0) -> CleanPicture:
    """The same as it is kept."""
    return photographs.clean(drawn(what, fixed=fixed, number=number))


def _street(pen: Pen, chance: random.Random) -> None:
    pen.rectangle((0, 150, WIDTH, 430), fill=WALL)
    for left in range(chance.randrange(20, 80), WIDTH, 220):
        pen.rectangle((left, 210, left + 130, 430), fill=chance.choice([BLUE, GREEN, ORANGE]))
        pen.rectangle((left + 14, 250, left + 116, 400), fill=SKY)
    pen.rectangle((0, 430, WIDTH, 560), fill=PATH)
    for x in range(0, WIDTH, 80):
        pen.line((x, 430, x - 30, 560), fill=LINE, width=2)
    pen.rectangle((0, 560, WIDTH, HEIGHT), fill=STREET)
    for x in range(chance.randrange(0, 80), WIDTH, 150):
        pen.rectangle((x, 640, x + 80, 650), fill=WHITE)


def _rubbish(pen: Pen, chance: random.Random, fixed: bool) -> None:
    pen.rounded_rectangle((560, 350, 680, 530), 12, fill=GREEN)
    pen.rectangle((548, 334, 692, 358), fill=DARK)
    for _ in range(0 if fixed else 9):
        x, y = chance.randrange(380, 820), chance.randrange(470, 560)
        size = chance.randrange(30, 60)
        pen.ellipse((x - size, y - size, x + size, y + size * 0.7), fill=chance.choice([DARK, ORANGE, WHITE, BLUE]))


def _manhole(pen: Pen, chance: random.Random, fixed: bool) -> None:
    x = chance.randrange(420, 560)
    pen.ellipse((x - 130, 590, x + 130, 700), fill=DARK)
    if fixed:
        pen.ellipse((x - 118, 598, x + 118, 692), fill=(112, 116, 114))
        for step in range(-80, 81, 40):
            pen.line((x + step, 612, x + step, 678), fill=DARK, width=6)
    else:
        pen.polygon([(x - 90, 600), (x + 150, 560), (x + 170, 600), (x - 60, 650)], fill=(112, 116, 114))


def _bikes(pen: Pen, chance: random.Random, fixed: bool) -> None:
    for number in range(6):
        x = 180 + number * 110 if fixed else chance.randrange(150, 800)
        y = 520 if fixed else chance.randrange(470, 640)
        lean = 0 if fixed else chance.randrange(-50, 50)
        for wheel in (0, 84):
            pen.ellipse(
                (x + wheel - 34, y - 34 + lean * wheel / 84, x + wheel + 34, y + 34 + lean * wheel / 84),
                outline=DARK,
                width=6,
            )
        pen.line([(x, y), (x + 30, y - 50), (x + 84, y + lean), (x + 66, y - 70)], fill=ORANGE, width=8)


def _posters(pen: Pen, chance: random.Random, fixed: bool) -> None:
    pen.rectangle((450, 60, 510, 600), fill=(126, 130, 128))
    for _ in range(0 if fixed else 12):
        x, y = chance.randrange(430, 470), chance.randrange(200, 520)
        pen.rectangle((x, y, x + 60, y + 44), fill=chance.choice([WHITE, (251, 232, 211), (226, 235, 226)]))
        for line in range(3):
            pen.line((x + 8, y + 12 + line * 10, x + 50, y + 12 + line * 10), fill=DARK, width=2)


SKETCHES: Mapping[str, Callable[[Pen, random.Random, bool], None]] = {
    "rubbish": _rubbish,
    "manhole": _manhole,
    "bikes": _bikes,
    "posters": _posters,
}
