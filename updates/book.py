"""Reading the book: what comes after N. First load, live and resume, over websocket and over HTTP, read here."""

import uuid
from collections.abc import Collection, Iterable, Mapping
from typing import Any, NamedTuple

from django.contrib.auth import get_user_model
from django.db import connection
from django.utils import timezone

from .models import Topic, Update
from .parts import in_parts

TOO_FAR = 1000
"""Whoever is further behind starts anew from a fresh page instead of reading so much."""


class Line(NamedTuple):
    """An update as readers get it: its number, and all of it."""

    seq: int
    told: dict[str, Any]


class Passage(NamedTuple):
    """What comes after a number: the next lines, and the head of the topic at that moment."""

    lines: list[Line]
    last: int


class Standing(NamedTuple):
    """How the followed topics and people stand: name → (head, audience), id → version of the rights."""

    topics: dict[str, tuple[int, int]]
    people: dict[int, int]


def since(topic: str, after: int, limit: int) -> Passage | None:
    """The next lines of ``topic`` after number ``after``, ``limit`` at most; None where one must start anew.

    That is more than :data:`TOO_FAR` behind, or ahead of a book that was put back. With three queries at most.
    """
    head = heads([topic])[topic]
    if after > head or head - after > TOO_FAR:
        return None
    if after == head:
        return Passage([], head)
    lines = Update.objects.filter(topic__name=topic, seq__gt=after, seq__lte=head).order_by("seq")
    return Passage([Line(update.seq, _told(update)) for update in lines[:limit]], head)


def heads(names: Iterable[str]) -> dict[str, int]:
    """The number of the last update of each topic; 0 where nothing was said yet.

    A page that goes on live reads these *before* it reads what it shows: what happens in between is told again, and
    telling it twice does no harm; the other way round it would be missed.
    """
    found = dict.fromkeys(names, 0)
    found.update(Topic.objects.filter(name__in=list(found)).values_list("name", "head"))
    return found


def stands(key: uuid.UUID) -> bool | None:
    """Was something said under this key, and not taken back since? None if it was never said."""
    payloads = list(Update.objects.filter(key=key).values_list("payload", flat=True))
    return any(payloads) if payloads else None


def look(names: Collection[str], people: Collection[int]) -> Standing:
    """How all these topics and people stand now, with one query for each part of them."""
    topics = {
        name: (head, audience)
        for some in in_parts(names)
        for name, head, audience in Topic.objects.filter(name__in=some)
        .order_by()
        .values_list("name", "head", "audience")
    }
    accounts = get_user_model()._default_manager
    versions = {
        pk: version
        for some in in_parts(people)
        for pk, version in accounts.filter(pk__in=some).order_by().values_list("pk", "rights_version")
    }
    return Standing(topics, versions)


def change_counter() -> int | None:
    """SQLite's own count of what other connections have committed, as this connection sees it; None elsewhere."""
    if connection.vendor != "sqlite":
        return None
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA data_version")
        return int(cursor.fetchone()[0])


def passages(wanted: Mapping[tuple[str, int], int]) -> dict[tuple[str, int], Passage | None]:
    """:func:`since` for several readers' places at once: (topic, after) → limit."""
    return {(topic, after): since(topic, after, limit) for (topic, after), limit in wanted.items()}


def _told(update: Update) -> dict[str, Any]:
    return {
        "seq": update.seq,
        "verb": update.verb,
        "at": timezone.localtime(update.at).isoformat(timespec="milliseconds"),
        "actor": update.actor,
        "payload": update.payload,
    }
