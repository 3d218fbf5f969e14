"""What is shown of a page that was found: its title and a stretch of its text, with the hits in pieces of their own."""

import functools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from portal.searchbackend import WORD, fold

from .query import Query
from .words import CHINESE, Passage, normalised

SNIPPET = 90  # characters
LEAD = 18  # of them before the first hit


class Piece(NamedTuple):
    text: str
    is_hit: bool


@dataclass(frozen=True)
class Marked:
    """Words with the hits in pieces of their own; a template puts them into ``<mark>`` and escapes all of them."""

    pieces: Sequence[Piece] = ()
    lang: str = CHINESE


class Hit(NamedTuple):
    start: int
    end: int
    needle: str


def hits(query: Query, text: str) -> list[Hit]:
    """Where the text itself, not the normalised one, has what was asked for; in order, none over another."""
    folded, places = _folded_with_places(text)
    found = [
        Hit(places[match.start()], places[match.end() - 1] + 1, needle)
        for needle in (*query.runs, *query.signs)
        for match in _pattern(needle).finditer(folded)
    ]
    ordered: list[Hit] = []
    for hit in sorted(found, key=lambda each: (each.start, -each.end)):
        if not ordered or hit.start >= ordered[-1].end:
            ordered.append(hit)
    return ordered


def _pattern(needle: str) -> re.Pattern[str]:
    """A run as it may stand in a text: with or without blanks beside its words, and those whole."""
    letter = WORD.removesuffix("+")
    parts = [
        rf"(?<!{letter}){re.escape(part)}(?!{letter})" if re.fullmatch(WORD, part) else re.escape(part)
        for part in normalised(needle).split()
    ]
    return re.compile(r"[^\S\n]*".join(parts))


# A page has a few hundred different characters and thousands of them.
_fold_character = functools.lru_cache(maxsize=10_000)(fold)


def _folded_with_places(text: str) -> tuple[str, list[int]]:
    """The text folded character by character, and from which character of the text each of the folded ones comes."""
    folded: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        for each in _fold_character(character):
            folded.append(each)
            places.append(place)
    return "".join(folded), places


def marked(query: Query, text: str, lang: str = CHINESE) -> Marked:
    """The whole text with its hits."""
    return Marked(tuple(_pieces(text, hits(query, text), 0, len(text))), lang)


def marked_title(query: Query, titles: Sequence[Passage]) -> Marked:
    """The title in which there are most hits, the Chinese one where they are alike."""
    best = max(
        titles, key=lambda title: len({hit.needle for hit in hits(query, title.text)}), default=Passage("", CHINESE)
    )
    return marked(query, best.text, best.lang)


def snippet(query: Query, passages: Sequence[Passage]) -> Marked:
    """The stretch of the page with the most different hits; where only the title has any, how the page begins."""
    best = Marked(tuple(_window(passages[0].text, [], 0)), passages[0].lang) if passages else Marked()
    most = 0
    for passage in passages:
        found = hits(query, passage.text)
        for start, seen in _stretches(found):
            if seen > most:
                most, best = seen, Marked(tuple(_window(passage.text, found, start)), passage.lang)
    return best


def _stretches(found: Sequence[Hit]) -> Iterator[tuple[int, int]]:
    """Of each hit where a snippet with it would begin, and how many different needles that has."""
    first = 0
    for hit in found:
        start = max(0, hit.start - LEAD)
        while found[first].start < start:
            first += 1
        # A page may have thousands of hits; of those behind the first one no more than SNIPPET can stand in a snippet.
        near = found[first : first + SNIPPET]
        yield start, len({each.needle for each in near if each.end <= start + SNIPPET})


_SENTENCE = re.compile(r"[。！？；\n.!?;]\s*")


def _window(text: str, found: Sequence[Hit], start: int) -> Iterator[Piece]:
    """From about ``start``, better from the beginning of a sentence, so many characters that it reads as one or two lines."""
    first = next((hit.start for hit in found if hit.start >= start), start)
    begins = [match.end() for match in _SENTENCE.finditer(text, max(0, start - LEAD), first)]
    start = begins[-1] if begins else 0 if start <= LEAD else start
    end = min(len(text), start + SNIPPET)
    # No hit is shown by half.
    end = max([end, *(hit.end for hit in found if hit.start < end and hit.start >= start)])
    if start > 0:
        yield Piece("…", is_hit=False)
    yield from _pieces(text, found, start, end)
    if end < len(text):
        yield Piece("…", is_hit=False)


def _pieces(text: str, found: Sequence[Hit], start: int, end: int) -> Iterator[Piece]:
    at = start
    for hit in found:
        if hit.start < start or hit.end > end:
            continue
        if hit.start > at:
            yield Piece(text[at : hit.start], is_hit=False)
        yield Piece(text[hit.start : hit.end], is_hit=True)
        at = hit.end
    if at < end:
        yield Piece(text[at:end], is_hit=False)
