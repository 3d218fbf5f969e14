"""How we may call somebody."""

import unicodedata

TURNS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Marks that turn the direction of the writing that follows them, on other people's pages too."""

BLANKS = frozenset("\u2800\u3164\uffa0\u115f\u1160")
"""Letters to Unicode, and nothing to the eye."""


def is_readable_name(name: str) -> bool:
    """Can a leader call somebody by it? There is something to see, and nothing that rewrites the line it stands in.

    Joiners inside a name are left alone (emoji and some scripts need them); control characters and the marks that turn
    the direction of writing are not.
    """
    if any((unicodedata.category(letter) == "Cc" and letter != "\t") or letter in TURNS for letter in name):
        return False
    return any(unicodedata.category(letter)[0] not in "CZ" and letter not in BLANKS for letter in name)
