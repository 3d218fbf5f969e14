"""The one way in which a deed says no, and what it says of words that are missing or too many."""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _


class Refused(Exception):
    """A deed that was asked for and not done.

    Raised by deeds only, before anything was written (or inside the transaction that it rolls back).

    ``code``      short and stable, for programs: ``"full"``, ``"overlap"``, ``"too_late"`` …
    ``sentence``  full, kind and translated; it is shown as it is in HTML, JSON and on the websocket.
    ``status``    the HTTP status that fits: 409 by default, 403 where a right is missing, 422 for unreadable input.
    ``field``     the form field the sentence belongs to, if there is one.
    ``facts``     what a program may need besides the sentence (numbers, ids that the person may see anyway).
    """

    def __init__(
        self, code: str, sentence: str | Promise, *, status: int = 409, field: str | None = None, **facts: Any
    ) -> None:
        super().__init__(code)
        self.code = code
        self.sentence = str(sentence)
        self.status = status
        self.field = field
        self.facts = facts

    def __str__(self) -> str:
        return self.sentence


def as_written(text: str, *, most: int, field: str, missing: str = "") -> str:
    """What somebody wrote, without the blanks around it and with plain line ends; never cut behind one's back.

    Raises ``Refused`` (422), named after the field: ``<field>_too_long`` above ``most`` characters, and
    ``<field>_missing`` with the sentence ``missing``, where there is one and nothing was written.
    """
    text = text.replace("\r\n", "\n").strip()
    if missing and not text:
        raise Refused(f"{field}_missing", missing, status=422, field=field)
    if len(text) > most:
        sentence = _("Please say it in %(most)d characters or fewer.") % {"most": most}
        raise Refused(f"{field}_too_long", sentence, status=422, field=field)
    return text
