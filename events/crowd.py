"""A crowd's actions for load tests, each made and announced by the deeds that people use.

The deeds take some fifty milliseconds for an action with its page, revision and places; whatever would write these rows
faster would be a second way to announce, and would have to be kept like the first.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from django.utils import timezone

from communities.models import Organisation, User
from kit.deeds import deed

from . import publishing, shifts
from .kinds import STARTING_TEXTS, Kind
from .models import Action
from .publishing import Details
from .shifts import Hours

AHEAD = timedelta(days=14)
LENGTH = timedelta(minutes=30)
"""Shifts follow each other without a gap, so that one person may be signed up for any number of them."""

PLACES = 50
KINDS = [kind for kind in Kind if STARTING_TEXTS[kind].risks]


def actions(*, number: int, count: int, hosts: Sequence[tuple[Organisation, User]]) -> Iterator[Action]:
    """Announce ``count`` actions of crowd ``number``, one transaction each, by the hosts in turn.

    Each has one shift of 50 places, empty, open to everybody; the first begins in two weeks, and no two overlap.
    """
    begins = _next_half_hour(timezone.now() + AHEAD)
    for place in range(1, count + 1):
        host, coordinator = hosts[place % len(hosts)]
        yield announce(host=host, by=coordinator, details=_details(number, place), begins=begins + (place - 1) * LENGTH)


@deed
def announce(*, host: Organisation, by: User, details: Details, begins: datetime) -> Action:
    """Draft, fill and announce one action in one transaction. Raises ``Refused`` as its three deeds do."""
    action = publishing.draft(host=host, details=details, by=by)
    shifts.add(action=action, hours=Hours(begins, begins + LENGTH, PLACES), by=by)
    return publishing.announce(action=action, by=by)


def _details(number: int, place: int) -> Details:
    kind = KINDS[place % len(KINDS)]
    text = STARTING_TEXTS[kind]
    return Details(
        kind=kind,
        title=f"{kind.label} · 演练 {number}-{place:03}",
        summary=str(text.summary),
        place=f"演练路 {place} 号",
        meeting_point="大门口",
        risks=str(text.risks),
        bring=str(text.bring),
    )


def _next_half_hour(moment: datetime) -> datetime:
    whole = moment.replace(minute=0, second=0, microsecond=0)
    return whole + timedelta(minutes=30 if moment.minute < 30 else 60)
