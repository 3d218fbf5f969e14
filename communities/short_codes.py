"""Short codes: a letter for what it is, its number, and a symbol that notices a slip. Made to be read out and typed.

The symbols are Douglas Crockford's base 32 (https://www.crockford.com/base32.html): no I, L, O or U, so what looks alike
is taken for the same. The last symbol is Luhn's check for an alphabet of any even length
(https://en.wikipedia.org/wiki/Luhn_mod_N_algorithm): it notices every single wrong symbol and nearly every pair that was
turned round.
"""

from enum import StrEnum

from django.urls import reverse

from kit.web import LARGEST_ID

SYMBOLS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_FORGIVEN = str.maketrans({"O": "0", "I": "1", "L": "1", "-": None})
_SHORTEST, _LONGEST = 3, 15
"""Symbols of a code: as many as the largest number that is looked up needs."""


class Thing(StrEnum):
    """What a code may lead to: its first letter, one that nobody takes for another."""

    ACTION = "A"
    NOTICE = "N"
    ORGANISATION = "G"
    ROAD = "R"
    # An area of any level; most codes on paper are those of unit cells.
    CELL = "C"


def code_of(thing: Thing, pk: int) -> str:
    """The code of the thing with this id."""
    digits = ""
    while pk:
        pk, digit = divmod(pk, len(SYMBOLS))
        digits = SYMBOLS[digit] + digits
    written = thing + (digits or SYMBOLS[0])
    return written + _check(written)


def path_of(thing: Thing, pk: int) -> str:
    """The short address on this site."""
    return reverse("short_link", args=[code_of(thing, pk)])


def read(typed: str) -> tuple[Thing, int] | None:
    """What somebody typed, small letters and look-alikes forgiven; None where it is no code, or one with a slip in it."""
    code = typed.upper().translate(_FORGIVEN)
    if not _SHORTEST <= len(code) <= _LONGEST or not set(code) <= set(SYMBOLS):
        return None
    written, check = code[:-1], code[-1]
    if written[0] not in set(Thing) or _check(written) != check:
        return None
    pk = int(written[1:].translate(_AS_PYTHON), len(SYMBOLS))
    return (Thing(written[0]), pk) if pk <= LARGEST_ID else None


_AS_PYTHON = str.maketrans(SYMBOLS, "0123456789ABCDEFGHIJKLMNOPQRSTUV")


def _check(written: str) -> str:
    base, total = len(SYMBOLS), 0
    for place, symbol in enumerate(reversed(written)):
        doubled = SYMBOLS.index(symbol) * (1 if place % 2 else 2)
        total += doubled // base + doubled % base
    return SYMBOLS[-total % base]
