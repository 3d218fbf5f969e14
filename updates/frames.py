"""The JSON frames of the websocket in both directions; docs/live.md shows each of them."""

import json
import re
from collections.abc import Iterable
from typing import Any, NamedTuple

from django.utils.translation import gettext, override
from django.utils.translation import gettext_noop as _

from .book import Line

LARGEST_SEQ = 2**53 - 1
"""What a browser can count to; no topic will ever get there."""

TOPIC = re.compile(r"[\x20-\x7e]{1,80}")
"""What may be repeated to who wrote it; whether there is such a topic is another question."""


class Unreadable(ValueError):
    """A frame that is none of ours."""


class Asked(NamedTuple):
    """A frame of a client: ``follow``, ``unfollow``, ``ack`` or ``ping``."""

    type: str
    topic: str = ""
    number: int = 0


def read(text: str) -> Asked:
    """What the client asks for. Raises :class:`Unreadable`."""
    try:
        said = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Unreadable from error
    if not isinstance(said, dict):
        raise Unreadable
    match said.get("type"):
        case "ping":
            return Asked("ping")
        case "follow":
            return Asked("follow", _topic(said), _number(said.get("after", 0)))
        case "unfollow":
            return Asked("unfollow", _topic(said))
        case "ack":
            return Asked("ack", _topic(said), _number(said.get("seq")))
    raise Unreadable


def updates(topic: str, lines: Iterable[Line], last: int) -> str:
    """What comes next, and how far the book has come."""
    return _written({"type": "updates", "topic": topic, "updates": [line.told for line in lines], "last": last})


def reload(topic: str) -> str:
    """Too much is missing: start anew from a fresh page."""
    return _written({"type": "reload", "topic": topic})


REFUSALS = {
    # There is no such topic, or the person may not follow it: the answer is the same.
    "not_found": _("There is nothing to follow here, or it is not for you."),
    "too_many": _("One page cannot follow so many things at once."),
    "unreadable": _("This frame could not be read."),
}


def refused(code: str, language: str, topic: str = "") -> str:
    """No, and why, in the language of the person."""
    with override(language):
        detail = gettext(REFUSALS[code])
    return _written({"type": "refused", "topic": topic, "code": code, "detail": detail})


def pong() -> str:
    return _written({"type": "pong"})


def _topic(said: dict[str, Any]) -> str:
    topic = said.get("topic")
    if not isinstance(topic, str) or not TOPIC.fullmatch(topic):
        raise Unreadable
    return topic


def _number(number: object) -> int:
    if not isinstance(number, int) or isinstance(number, bool) or not 0 <= number <= LARGEST_SEQ:
        raise Unreadable
    return number


def _written(said: dict[str, Any]) -> str:
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"))
