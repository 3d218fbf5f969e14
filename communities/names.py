"""How we may call somebody."""

import unicodedata

from django.utils.translation import gettext as _

from kit.refusals import Refused, as_written

NAME_LENGTH = 60

TURNS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Marks that turn the direction of the writing that follows them, on other people's pages too."""

BLANKS = frozenset("\u2800\u3164\uffa0\u115f\u1160")
"""Letters to Unicode, and nothing to the eye."""


def as_name(text: str) -> str:
    """What somebody wants to be called. Raises ``Refused`` (422): ``display_name_missing``, ``display_name_too_long``.

    Where there is nothing that could be read, nothing was written.
    """
    missing = _("Please write how we may call you.")
    name = as_written(text, most=NAME_LENGTH, field="display_name", missing=missing)
    if not is_readable_name(name):
        raise Refused("display_name_missing", missing, status=422, field="display_name")
    return name


def is_readable_name(name: str) -> bool:
    """Can a leader call somebody by it? There is something to see, and nothing that rewrites the line it stands in.

    Joiners inside a name are left alone (emoji and some scripts need them); control characters and the marks that turn
    the direction of writing are not.
    """
    if any((unicodedata.category(letter) == "Cc" and letter != "\t") or letter in TURNS for letter in name):
        return False
    return any(unicodedata.category(letter)[0] not in "CZ" and letter not in BLANKS for letter in name)
