"""QR codes of addresses: dark on white whatever the look of the page, with the margin that every scanner needs (ISO 18004)."""

from collections.abc import Iterable, Iterator
from io import BytesIO
from itertools import groupby
from typing import Literal

import segno
from django.utils.html import format_html
from django.utils.safestring import SafeString

Kind = Literal["svg", "png"]

CONTENT_TYPES: dict[Kind, str] = {"svg": "image/svg+xml", "png": "image/png"}
QUIET_ZONE = 4
"""Modules of white around the code."""
SCALES: dict[Kind, int] = {"svg": 8, "png": 16}
"""Pixels of a module: sharp on a poster, where it cannot be drawn anew."""


def picture(address: str, kind: Kind) -> bytes:
    """The code of ``address`` as a file of this kind."""
    drawn = BytesIO()
    _code(address).save(drawn, kind=kind, scale=SCALES[kind], border=QUIET_ZONE, dark="#000", light="#fff")
    return drawn.getvalue()


def inline(address: str) -> SafeString:
    """The code of ``address`` as a drawing inside a page, of class ``qr``."""
    modules = rows(address)
    return format_html('<svg viewBox="0 0 {0} {0}" class="qr"><path d="{1}"/></svg>', len(modules), path(modules))


def rows(address: str) -> list[list[int]]:
    """The modules of the code of ``address`` with its quiet zone, row by row; dark ones are 1."""
    return [list(row) for row in _code(address).matrix_iter(border=QUIET_ZONE)]


def path(modules: list[list[int]]) -> str:
    """The dark modules as the path of an SVG, one unit each."""
    return "".join(
        f"M{start} {y}h{length}v1h-{length}z" for y, row in enumerate(modules) for start, length in _dark_runs(row)
    )


def _dark_runs(row: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Where dark modules begin that stand side by side, and how many they are."""
    start = 0
    for is_dark, run in groupby(row):
        length = len(list(run))
        if is_dark:
            yield start, length
        start += length


def _code(address: str) -> segno.QRCode:
    return segno.make(address, error="m", micro=False)
