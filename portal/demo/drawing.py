"""A sketch map for the demo town, drawn here: nobody's picture is used and nothing is fetched."""

import io
import itertools

from PIL import Image, ImageDraw

WIDTH, HEIGHT = 1600, 1000
GROUND, BLOCK, ROAD, LINE, CLOSED, WAY, WATER = (
    (245, 243, 236),
    (226, 235, 226),
    (255, 254, 251),
    (169, 164, 147),
    (163, 74, 8),
    (20, 84, 61),
    (164, 196, 212),
)


def detour(form: str) -> bytes:
    """Three roads and a river: half of one road is closed, the way round is a running stitch. ``form``: PNG or PDF."""
    picture = Image.new("RGB", (WIDTH, HEIGHT), GROUND)
    pen = ImageDraw.Draw(picture)
    for left in (80, 620, 1160):
        for top in (80, 400, 720):
            pen.rounded_rectangle((left, top, left + 380, top + 210), 24, fill=BLOCK)
    pen.line([(0, 980), (500, 955), (1000, 990), (WIDTH, 950)], fill=WATER, width=60, joint="curve")
    for y in (345, 665):
        pen.rectangle((0, y - 45, WIDTH, y + 45), fill=ROAD, outline=LINE, width=3)
    for x in (540, 1080):
        pen.rectangle((x - 50, 0, x + 50, 930), fill=ROAD, outline=LINE, width=3)
    pen.rectangle((543, 300, 588, 710), fill=(251, 232, 211))
    for y in range(310, 700, 40):
        pen.line([(545, y + 34), (586, y)], fill=CLOSED, width=9)
    way = [(540, 120), (540, 345), (1080, 345), (1080, 665), (540, 665), (540, 880)]
    for (x1, y1), (x2, y2) in itertools.pairwise(way):
        _stitched(pen, x1, y1, x2, y2)
    for x, y in (way[0], way[-1]):
        pen.ellipse((x - 24, y - 24, x + 24, y + 24), fill=WAY)
    written = io.BytesIO()
    picture.save(written, form, resolution=150)
    return written.getvalue()


def _stitched(pen: ImageDraw.ImageDraw, x1: int, y1: int, x2: int, y2: int) -> None:
    length = abs(x2 - x1) + abs(y2 - y1)
    for at in range(0, length, 56):
        begin, end = at / length, min(at + 34, length) / length
        pen.line(
            [(x1 + (x2 - x1) * begin, y1 + (y2 - y1) * begin), (x1 + (x2 - x1) * end, y1 + (y2 - y1) * end)],
            fill=WAY,
            width=14,
        )
