"""What the people who run an action look at: who comes, who waits, who cancelled; and all actions of their organisations."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F

from communities.models import User

from . import permits
from .models import Action, ActionQuerySet, Shift, SignUp


@dataclass(frozen=True)
class Waiting:
    """Somebody on the waiting list: the turn, from 1, or None while a place is on offer."""

    sign_up: SignUp
    turn: int | None


@dataclass(frozen=True)
class Roster:
    """The people of one shift. Who cancelled and signed up again is told only as what they are now."""

    coming: list[SignUp]
    waiting: list[Waiting]
    cancelled: list[SignUp]

    def everybody(self) -> Iterator[SignUp]:
        """All of them, one after the other."""
        yield from self.coming
        yield from (each.sign_up for each in self.waiting)
        yield from self.cancelled


def roster_of(shift: Shift) -> Roster:
    """Everybody who ever signed up for this shift, with one query."""
    return rosters_of([shift])[shift]


def rosters_of(shifts: Iterable[Shift]) -> dict[Shift, Roster]:
    """Everybody who ever signed up for each of these shifts, with one query for all of them, in their order."""
    shifts = list(shifts)
    people: dict[int, list[SignUp]] = {shift.pk: [] for shift in shifts}
    for sign_up in SignUp.objects.filter(shift__in=shifts).select_related("person"):
        people[sign_up.shift_id].append(sign_up)
    return {shift: _roster(shift, people[shift.pk]) for shift in shifts}


def _roster(shift: Shift, sign_ups: list[SignUp]) -> Roster:
    for sign_up in sign_ups:
        sign_up.shift = shift
    coming = [sign_up for sign_up in sign_ups if sign_up.state == SignUp.State.CONFIRMED]
    line = [sign_up for sign_up in sign_ups if sign_up.state == SignUp.State.WAITING]
    still = {sign_up.person_id for sign_up in (*coming, *line)}
    cancelled = {
        sign_up.person_id: sign_up
        for sign_up in sign_ups
        if sign_up.state == SignUp.State.CANCELLED and sign_up.person_id not in still
    }
    return Roster(
        coming=sorted(coming, key=lambda sign_up: (sign_up.confirmed_at or sign_up.made_at, sign_up.pk)),
        waiting=_in_order(line),
        cancelled=sorted(cancelled.values(), key=lambda sign_up: sign_up.cancelled_at or sign_up.made_at, reverse=True),
    )


def shift_to_look_at(shifts: Iterable[Shift], now: datetime) -> Shift | None:
    """The shift that runs or comes next; when all are over, the last one."""
    shifts = list(shifts)
    return next((shift for shift in shifts if shift.ends_at > now), shifts[-1] if shifts else None)


def actions_at_desk(person: User) -> ActionQuerySet:
    """The actions at this person's desk with their hosts."""
    return permits.actions_to_run(person).select_related("host")


def coming_first(actions: ActionQuerySet, now: datetime) -> ActionQuerySet:
    """Announced and not over: the next one first."""
    return actions.announced().ahead(now).order_by("starts_at", "pk")


def drafts(actions: ActionQuerySet) -> ActionQuerySet:
    """Not announced yet: the newest first."""
    return actions.filter(state=Action.State.DRAFT).order_by("-made_at", "-pk")


def past(actions: ActionQuerySet, now: datetime) -> ActionQuerySet:
    """Over, closed or called off: the latest first."""
    coming = coming_first(actions, now).values("pk")
    return actions.exclude(state=Action.State.DRAFT).exclude(pk__in=coming).order_by(F("starts_at").desc(), "-pk")


def _in_order(line: list[SignUp]) -> list[Waiting]:
    """Offers first, then the line in its order (time, id)."""
    line = sorted(line, key=lambda sign_up: (sign_up.offered_until is None, sign_up.queued_at, sign_up.pk))
    turns = iter(range(1, len(line) + 1))
    return [Waiting(sign_up, None if sign_up.offered_until else next(turns)) for sign_up in line]
