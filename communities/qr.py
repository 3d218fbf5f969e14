"""QR codes of addresses: dark on white whatever the look of the page, with the margin that every scanner needs (ISO 18004)."""

from io import BytesIO
from typing import Literal

import segno
from django.utils.safestring import SafeString, mark_safe

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
    drawn = _code(address).svg_inline(border=QUIET_ZONE, omitsize=True, svgclass="qr")
    return mark_safe(drawn)  # noqa: S308 – drawn by the library, from modules alone


def _code(address: str) -> segno.QRCode:
    return segno.make(address, error="m", micro=False)
