"""Drawing: shapes are SVG, set into pixels by resvg; type is set by Pillow upon them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Literal, NamedTuple
from xml.sax.saxutils import quoteattr

import resvg_py
from PIL import Image, ImageDraw, ImageText

from communities import qr
from portal.posters import typesetting
from portal.posters.tokens import colours

WIDTH, HEIGHT = 1080, 1920  # pixels
EMBLEMS = Path(__file__).parent.parent / "static" / "img" / "emblems.svg"
Anchor = Literal["ls", "ms", "rs", "mm"]
_SYMBOL = re.compile(r'<symbol id="([\w-]+)" viewBox="0 0 (\d+) \d+">(.*?)</symbol>', re.DOTALL)
_VARIABLE = re.compile(r"var\(--([\w-]+)(?:,\s*(\w+))?\)")


class Box(NamedTuple):
    """What something covers."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: "Box") -> bool:
        return (
            self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom
        )


@dataclass(frozen=True)
class Words:
    """A line of type; ``at`` is on its base line."""

    at: tuple[float, float]
    text: str
    size: int
    colour: str
    anchor: Anchor
    weight: float

    @property
    def box(self) -> Box:
        """What its ink covers."""
        left, top, right, bottom = typesetting.font(self.size).getbbox(self.text, anchor=self.anchor)
        return Box(self.at[0] + left, self.at[1] + top, self.at[0] + right, self.at[1] + bottom)


@dataclass
class Canvas:
    """A sheet to draw on, in pixels. Colours are names of tokens. What was said first lies below; words lie on top.

    Nothing is drawn before :meth:`png`: until then the sheet can say what lies where.
    """

    shapes: list[str] = field(default_factory=list)
    words: list[Words] = field(default_factory=list)
    codes: list[Box] = field(default_factory=list)
    symbols: list[Box] = field(default_factory=list)

    def field(self, box: tuple[float, float, float, float], colour: str, *, radius: float = 0) -> None:
        """A coloured field: ``box`` is left, top, width, height."""
        self.shapes.append(f'<rect {_box(box)} rx="{radius}" fill="{colours()[colour]}"/>')

    def seam(self, box: tuple[float, float, float, float], colour: str, *, radius: float, thick: float = 5) -> None:
        """Stitches along the edge of a field."""
        self.shapes.append(
            f'<rect {_box(box)} rx="{radius}" fill="none" stroke="{colours()[colour]}" stroke-width="{thick}"'
            f' stroke-linecap="round" stroke-dasharray="{thick * 4.4} {thick * 3.4}"/>'
        )

    def thread(self, start: tuple[float, float], end: tuple[float, float], colour: str, *, thick: float = 5) -> None:
        """A running stitch from here to there."""
        self.shapes.append(
            f'<path d="M{start[0]} {start[1]}L{end[0]} {end[1]}" stroke="{colours()[colour]}" stroke-width="{thick}"'
            f' stroke-linecap="round" stroke-dasharray="{thick * 4.4} {thick * 3.4}"/>'
        )

    def symbol(
        self, name: str, at: tuple[float, float], size: float, colour: str, *, dash: str = "", **others: str
    ) -> None:
        """A symbol of the site's sprite in a square of ``size``; ``others`` names tokens for its further colours.

        ``dash`` sews what is drawn through: lengths of stitch and gap in units of the symbol.
        """
        side, drawn = _symbols()[name]
        named = {**colours()} | {key.replace("_", "-"): colours()[token] for key, token in others.items()}
        drawn = _VARIABLE.sub(lambda found: named.get(found[1]) or found[2], drawn)
        self.symbols.append(Box(at[0], at[1], at[0] + size, at[1] + size))
        self.shapes.append(
            f'<g transform="translate({at[0]} {at[1]}) scale({size / side})" color="{colours()[colour]}" stroke-dasharray="{dash or "none"}">{drawn}</g>'
        )

    def code(self, address: str, at: tuple[float, float], most: int) -> int:
        """The QR code of ``address`` with its quiet zone, black on white, at most so large; return its side."""
        rows = qr.rows(address)
        module = most // len(rows)
        side = module * len(rows)
        self.codes.append(Box(at[0], at[1], at[0] + side, at[1] + side))
        self.shapes.append(
            f'<g transform="translate({at[0]} {at[1]}) scale({module})" shape-rendering="crispEdges">'
            f'<rect width="{len(rows)}" height="{len(rows)}" fill="{colours()["code-ground"]}"/>'
            f'<path fill="{colours()["code-ink"]}" d={quoteattr(qr.path(rows))}/></g>'
        )
        return side

    def write(
        self, at: tuple[float, float], text: str, size: int, colour: str, *, anchor: Anchor = "ls", weight: float = 0
    ) -> float:
        """Set one line; ``at`` is on its base line, ``weight`` makes it bolder (pixels). Return its width."""
        text = typesetting.printable(text)
        self.words.append(Words(at, text, size, colours()[colour], anchor, weight))
        return typesetting.font(size).getlength(text)

    def png(self) -> bytes:
        """The picture as a file."""
        svg = f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}">{"".join(self.shapes)}</svg>'
        ground = Image.open(BytesIO(resvg_py.svg_to_bytes(svg_string=svg, skip_system_fonts=True))).convert("RGB")
        draw = ImageDraw.Draw(ground)
        for words in self.words:
            text = ImageText.Text(words.text, typesetting.font(words.size))
            text.stroke(words.weight)
            draw.text(words.at, text, words.colour, anchor=words.anchor)
        out = BytesIO()
        ground.save(out, "PNG")
        return out.getvalue()


def _box(box: tuple[float, float, float, float]) -> str:
    return 'x="{}" y="{}" width="{}" height="{}"'.format(*box)


@cache
def _symbols() -> Mapping[str, tuple[int, str]]:
    sprite = EMBLEMS.read_text(encoding="utf-8")
    return {name: (int(side), drawn) for name, side, drawn in _SYMBOL.findall(sprite)}
