"""The colours of the light look, read from where all colours stand."""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

TOKENS = Path(__file__).parent.parent / "static" / "css" / "tokens.css"


@cache
def colours() -> Mapping[str, str]:
    """Name of a token → its colour, as the first block of ``tokens.css`` says it: a poster is light for everybody."""
    light = TOKENS.read_text(encoding="utf-8").partition(":root {")[2].partition("}")[0]
    return dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6});", light))
