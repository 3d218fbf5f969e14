"""The one way in which a deed says no."""

from typing import Any

from django.utils.functional import Promise


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
