"""What somebody wanted to do when it turned out that one must sign in first: it is kept, and done right afterwards.

A room registers in ``apps.ready()`` how its deed is done. One thing is kept for a session, for half an hour; it is done once,
and if the deed refuses, the page on which it was begun gets everything back with the deed's sentence.
"""

import json
import time
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from django.http import HttpRequest

from kit.refusals import Refused

from .models import User

KEPT_FOR = 30 * 60
"""Seconds; a code by SMS and a name take two minutes, and tomorrow nobody remembers."""

MOST = 2_000
"""Characters of what is kept: a choice, no document."""

SESSION_KEY = "kept"
REFUSED_KEY = "kept_refused"

Do = Callable[[HttpRequest, User, dict[str, Any]], str]
"""Do it for the person who is signed in now; returns the address to go on to, or raises ``Refused``."""

_registered: dict[str, Do] = {}


class Undone(NamedTuple):
    """What was kept and then refused: the data as it was given, and the deed's own no."""

    data: dict[str, Any]
    refusal: Refused


def register(what: str, do: Do) -> None:
    """Let ``what`` be kept, and done by ``do``; the same name again takes its place."""
    _registered[what] = do


def keep(request: HttpRequest, what: str, data: Mapping[str, Any], *, back: str = "/") -> None:
    """Keep this until the person is signed in, instead of anything kept before.

    ``data`` is plain JSON; ``back`` is the page on this site that a refusal returns to, where it asks for :func:`undone`.
    Raises ``KeyError`` for what nobody registered, ``ValueError`` for more than is kept.
    """
    _registered[what]
    if len(json.dumps(data)) > MOST:
        raise ValueError("more than is kept")
    request.session[SESSION_KEY] = {"what": what, "data": dict(data), "back": back, "at": time.time()}


def is_waiting(request: HttpRequest) -> bool:
    """Is something kept that will be done after signing in?"""
    return _fresh(request.session.get(SESSION_KEY)) is not None


def finish(request: HttpRequest, person: User) -> str:
    """Do what was kept, once, and return the address to go on to; empty where nothing is kept."""
    kept = _fresh(request.session.pop(SESSION_KEY, None))
    if kept is None:
        return ""
    try:
        return _registered[kept["what"]](request, person, kept["data"])
    except Refused as refusal:
        request.session[REFUSED_KEY] = {
            **kept,
            "refusal": {
                "code": refusal.code,
                "sentence": refusal.sentence,
                "status": refusal.status,
                "field": refusal.field,
            },
        }
        return str(kept["back"])


def undone(request: HttpRequest, what: str) -> Undone | None:
    """What was kept under this name and refused, if this page has not been told yet."""
    kept = _fresh(request.session.get(REFUSED_KEY))
    if kept is None or kept["what"] != what:
        return None
    del request.session[REFUSED_KEY]
    return Undone(kept["data"], Refused(**kept["refusal"]))


def _fresh(kept: Any) -> dict[str, Any] | None:
    is_good = isinstance(kept, dict) and kept.get("what") in _registered and time.time() - kept["at"] <= KEPT_FOR
    return kept if is_good else None
