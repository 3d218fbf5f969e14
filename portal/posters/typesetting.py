"""Type: which characters can be drawn, and where a text breaks into lines."""

import re
import threading
import unicodedata
from collections.abc import Callable, Sequence
from functools import cache, lru_cache
from importlib import import_module
from itertools import accumulate, pairwise
from pathlib import Path
from typing import NamedTuple

from PIL import ImageFont
from PIL.ImageFont import FreeTypeFont

FONT = Path(__file__).parent.parent / "fonts" / "gongzhi-poster.otf"
MISSING = "〓"
"""What printers set in the place of a type that they do not have."""
_PROBE = 24  # pixels; large enough that no character looks like the mark of a missing one
_NOWHERE = "\U0010fffe"
"""A code point that is no character and in no font."""

# What may begin no line and what may end none (kinsoku, https://www.w3.org/TR/clreq/ 3.1.8).
_NOT_FIRST = "，。、；：？！）》〉」』】〕〗”’…—·％‰℃,.;:?!)]}%~～-–"
_NOT_LAST = "（《〈「『【〔〖“‘([{#￥$"
# A word of letters or digits stays whole; of other writing each character may stand alone.
_UNIT = re.compile(
    rf"[{re.escape(_NOT_LAST)}]*(?:[!-~–\u00a0-\u045f\u1e00-\u1eff]+|.)[{re.escape(_NOT_FIRST)}]*", re.DOTALL
)
_PHRASE_ENDS = "，、：；。？！,:;"
_BREAK = re.compile(r"[|｜]")
_BETWEEN_WORDS, _A_SHORT_WORD, _A_LINE, _WITHIN_A_WORD, _LONELY = 0.6, 0.9, 10, 12, 100
"""What weighs in the choice of breaks, against 4 for a line that is all but empty. A line is rather added than a word
broken. A word of one character leans on its neighbours: 海瑞 | 路 and 二 | 区 are one name for whoever reads them."""
_RATHER_THAN_CUT = 3
"""What the break in a word weighs where the text would not be whole otherwise."""
_lock = threading.Lock()


class Unit(NamedTuple):
    """What stays on one line, and how ill the line would end behind it."""

    text: str
    cost: float


class Setting(NamedTuple):
    """A text in lines."""

    lines: list[str]
    is_whole: bool
    """Nothing of it was cut."""
    keeps_words: bool
    """No line ends within a word."""


def font(size: int) -> FreeTypeFont:
    """The font in this size (pixels). Opening it reads only its tables, so each drawing opens its own."""
    return ImageFont.truetype(FONT, size, layout_engine=ImageFont.Layout.BASIC)


@lru_cache(maxsize=1)
def _probe() -> tuple[FreeTypeFont, bytes]:
    probe = font(_PROBE)
    return probe, _shape(probe, _NOWHERE)


def _shape(probe: FreeTypeFont, character: str) -> bytes:
    return bytes(probe.getmask(character))


@lru_cache(maxsize=50_000)
def is_there(character: str) -> bool:
    """Does the font have this character? Otherwise it would draw the empty box that stands for all it lacks."""
    with _lock:  # FreeType draws with one face for one thread at a time
        probe, nothing = _probe()
        return _shape(probe, character) != nothing


def printable(text: str) -> str:
    """The text as the font can set it: emoji and what is not seen are dropped, a letter that is missing becomes 〓."""
    text = " ".join(unicodedata.normalize("NFC", text).split())
    return " ".join("".join(map(_printable, text)).split())


def _printable(character: str) -> str:
    category = unicodedata.category(character)
    if category[0] == "C" or category in {"Mn", "Me"} or character in "\u2028\u2029":
        return ""
    if is_there(character):
        return character
    return MISSING if category[0] in "LN" else ""


def lines_of(text: str, *, size: int, width: float, most: int) -> list[str]:
    """``text`` in lines of at most ``width`` pixels, ``most`` of them; what is too long ends in ….

    It breaks where an author set ``|``, else after punctuation, else between words, and never before or after certain
    signs, so that the lines are of much the same length. No line is a single character unless the text is one.
    """
    return setting_of(text, size=size, width=width, most=most).lines


def setting_of(text: str, *, size: int, width: float, most: int) -> Setting:
    """The same, with what it cost."""
    set_in = font(size)
    units = [part for unit in _units(text) for part in _fitting(unit, set_in, width)]
    widths = [set_in.getlength(unit.text) for unit in units]
    bare = [set_in.getlength(unit.text.rstrip()) for unit in units]
    spans = _best(units, widths, bare, width)
    if len(spans) > most:
        spans = _best([unit._replace(cost=min(unit.cost, _RATHER_THAN_CUT)) for unit in units], widths, bare, width)
    lines = ["".join(unit.text for unit in units[start:end]).strip() for start, end in spans]
    keeps_words = all(units[end - 1].cost < _WITHIN_A_WORD for _, end in spans)
    if len(lines) <= most:
        return Setting(lines, is_whole=True, keeps_words=keeps_words)
    return Setting([*lines[: most - 1], _cut(lines[most - 1], set_in, width)], is_whole=False, keeps_words=keeps_words)


def _units(text: str) -> list[Unit]:
    """What stays together, and how ill a line would end behind it."""
    units: list[Unit] = []
    for phrase in filter(None, (printable(part) for part in _BREAK.split(text))):
        costs = _costs(_words()(phrase))
        at = 0
        for found in _UNIT.findall(phrase):
            at += len(found)
            if found == " " and units:
                units[-1] = Unit(f"{units[-1].text} ", _BETWEEN_WORDS)
                continue
            is_phrase = at == len(phrase) or found[-1] in _PHRASE_ENDS
            units.append(Unit(found, 0 if is_phrase else costs.get(at, _WITHIN_A_WORD)))
    return units


def _fitting(unit: Unit, set_in: FreeTypeFont, width: float) -> list[Unit]:
    """The unit, or its characters where it is wider than a line."""
    if set_in.getlength(unit.text.rstrip()) <= width:
        return [unit]
    return [*(Unit(character, _WITHIN_A_WORD) for character in unit.text[:-1]), Unit(unit.text[-1], unit.cost)]


def _costs(words: Sequence[str]) -> dict[int, float]:
    """For each place between two words, counted in characters, how ill a line would end there."""
    ends = accumulate(map(len, words))
    return {
        end: _BETWEEN_WORDS + _A_SHORT_WORD * (_is_short(word) + _is_short(following))
        for end, (word, following) in zip(ends, pairwise(words), strict=False)
    }


def _is_short(word: str) -> bool:
    return len(word) == 1 and word.isalpha()


@cache
def _words() -> Callable[[str], list[str]]:
    """What cuts Chinese into words. Its dictionary takes 33 MB and 0.2 s, so a process fetches it with its first poster."""
    cut: Callable[[str], list[str]] = import_module("rjieba").cut
    return cut


def _best(units: Sequence[Unit], widths: Sequence[float], bare: Sequence[float], width: float) -> list[tuple[int, int]]:
    """From where to where each line goes: of all ways the one with the fewest lines, the best breaks, the evenest ends."""
    before = [0.0, *accumulate(widths)]
    best: list[tuple[float, int]] = [(0.0, 0)]
    for end in range(1, len(units) + 1):
        ways = []
        for start in range(end - 1, -1, -1):
            long = before[end - 1] - before[start] + bare[end - 1]
            if long > width and start < end - 1:
                break
            is_lonely = start == end - 1 > 0 and len(units[start].text.strip()) == 1
            cost = _A_LINE + 4 * (1 - min(long / width, 1)) ** 2 + units[end - 1].cost + _LONELY * is_lonely
            ways.append((best[start][0] + cost, start))
        best.append(min(ways))
    spans: list[tuple[int, int]] = []
    end = len(units)
    while end:
        spans.append((best[end][1], end))
        end = best[end][1]
    return spans[::-1]


def _cut(line: str, set_in: FreeTypeFont, width: float) -> str:
    """The line with … behind it, as much of it as fits."""
    while line and set_in.getlength(f"{line}…") > width:
        line = line[:-1]
    return f"{line.rstrip(_NOT_LAST + _NOT_FIRST + ' ')}…"
