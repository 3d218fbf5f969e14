"""Shifts are added, moved and removed. The only writer of their hours and of the period of their action."""

import contextlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import Max, Min
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from communities import people
from communities.models import User
from kit.deeds import attempt, before_commit, deed
from kit.refusals import Refused

from . import locks, messages, permits, seats, telling
from .models import Action, Allotment, Shift, SignUp

FREE_AFTER_MOVE = timedelta(hours=24)
"""Whoever signed up for other hours may cancel without a reason for so long after they were moved."""

LONGEST = timedelta(hours=24)

MOST_SHIFTS = 12
"""More than these nobody takes in on one page; what needs more is several actions."""

LOCK_TRIES = 3


@dataclass(frozen=True)
class Hours:
    """What a shift is: its hours, its task, and how many people it takes at least and at most."""

    starts_at: datetime
    ends_at: datetime
    capacity: int
    least: int = 1
    task: str = ""


class Overlap(NamedTuple):
    """Somebody of a shift that is to be moved, and the other place that the person has at the new time."""

    sign_up: SignUp
    other: SignUp


class WouldOverlap(Refused):
    """Moving a shift would make somebody due in two places at once: ``overlaps`` says whom, and where else."""

    def __init__(self, overlaps: list[Overlap]) -> None:
        super().__init__(
            "would_overlap",
            ngettext(
                "%(count)d person has another shift at the new time. Look at the list, then save again.",
                "%(count)d people have another shift at the new time. Look at the list, then save again.",
                len(overlaps),
            )
            % {"count": len(overlaps)},
            field="starts_at",
        )
        self.overlaps = overlaps


@deed
def add(*, action: Action, hours: Hours, by: User) -> Shift:
    """Add a shift with its open pool of places.

    Locks the action. Raises ``Refused``: ``no_right`` (403), ``over``, ``ends_before_it_begins``, ``too_long``, ``begun``,
    ``least_above_capacity``, or at the end of the outermost deed, which may take others away, ``too_many_shifts`` (422).
    """
    held = _open_action(action, by)
    _demand_sensible(hours)
    if hours.starts_at <= timezone.now():
        raise Refused("begun", _("This time has passed already."), field="starts_at")
    shift = Shift.objects.create(
        action=held, starts_at=hours.starts_at, ends_at=hours.ends_at, task=hours.task, least=hours.least
    )
    Allotment.objects.create(shift=shift, capacity=hours.capacity)
    before_commit(_demand_few, held.pk)
    _keep_period(held)
    if held.is_announced:
        telling.changed(held)
    return shift


@deed
def change(*, shift: Shift, hours: Hours, by: User, seen: Collection[int] = ()) -> Shift:
    """Set hours, task and size of a shift. Places are kept; moved people may cancel freely for 24 hours.

    ``seen`` are the ids of the sign-ups that were shown to ``by`` as overlapping at the new time. Locks the people of
    the shift, then the action. Raises ``Refused``: as :func:`add`, ``below_taken``, and :class:`WouldOverlap` if
    somebody overlaps who was not shown.
    """
    _demand_sensible(hours)
    held = _open_action_with_people(shift, by)
    old = locks.lock_shift(shift.pk)
    # Nobody comes to a draft, so a draft whose day has passed may still be given another one.
    if held.is_announced and old.starts_at <= timezone.now():
        raise Refused("begun", _("This shift has begun; its hours can no longer be changed."), field="starts_at")
    before = old.starts_at, old.ends_at
    is_moved = before != (hours.starts_at, hours.ends_at)
    is_other = (old.task, old.least) != (hours.task, hours.least)
    if is_moved:
        _move(old, hours, seen)
    old.task, old.least = hours.task, hours.least
    old.save()
    seats.resize(shift=old, capacity=hours.capacity, by=by)
    _keep_period(held)
    if is_moved:
        _tell_moved(held, old, before, by)
    elif held.is_announced and is_other:
        telling.changed(held)
    return old


@deed
def remove(*, shift: Shift, by: User) -> None:
    """Take away a shift that nobody has ever signed up for.

    Locks the action. Raises ``Refused``: ``no_right`` (403), ``over``, ``has_sign_ups`` or ``last_shift``.
    """
    held = _open_action(shift.action, by)
    if shift.sign_ups.exists():
        raise Refused("has_sign_ups", _("People have signed up for this shift. Move it, or call the action off."))
    if held.is_announced and held.shifts.count() == 1:
        raise Refused("last_shift", _("An announced action keeps at least one shift."))
    shift.delete()
    _keep_period(held)
    if held.is_announced:
        telling.changed(held)


def too_many() -> Refused:
    """The no to more than :data:`MOST_SHIFTS` of one action."""
    sentence = _("There can be at most %(most)d shifts.") % {"most": MOST_SHIFTS}
    return Refused("too_many_shifts", sentence, status=422, field="shifts")


def who_would_overlap(shift: Shift, starts_at: datetime, ends_at: datetime) -> list[Overlap]:
    """Who of this shift has a place in another one at the time given?"""
    moved = Shift(pk=shift.pk, action_id=shift.action_id, starts_at=starts_at, ends_at=ends_at)
    mine = list(SignUp.objects.confirmed().filter(shift=shift).select_related("person").order_by("pk"))
    others = (
        SignUp.objects.confirmed()
        .overlapping(moved)
        .filter(person__in=[sign_up.person_id for sign_up in mine])
        .select_related("shift__action")
    )
    by_person = {other.person_id: other for other in others}
    return [Overlap(sign_up, by_person[sign_up.person_id]) for sign_up in mine if sign_up.person_id in by_person]


def _move(shift: Shift, hours: Hours, seen: Collection[int]) -> None:
    now = timezone.now()
    if hours.starts_at <= now:
        raise Refused("begun", _("This time has passed already."), field="starts_at")
    overlapping = who_would_overlap(shift, hours.starts_at, hours.ends_at)
    if any(overlap.sign_up.pk not in seen for overlap in overlapping):
        raise WouldOverlap(overlapping)
    shift.starts_at, shift.ends_at = hours.starts_at, hours.ends_at
    if shift.sign_ups.live().exists():
        shift.free_until = now + FREE_AFTER_MOVE


def _open_action(action: Action, by: User) -> Action:
    held = locks.lock_action(action.pk)
    permits.demand_compose(by, held)
    permits.demand_open(held)
    return held


class _SomebodyCame(Exception):
    """Somebody signed up for the shift whom we have not locked."""


def _open_action_with_people(shift: Shift, by: User) -> Action:
    """:func:`_open_action`, with everybody locked before who has or waits for a place on this shift.

    Race: somebody may sign up after the people were locked and before the action is. Unlocked he could take a place
    elsewhere, at the new time, while nobody is told. Then the savepoint gives all locks back, and they are taken anew;
    at last out of order, because a deadlock is begun again and an overlap is not.
    """
    for tries_left in reversed(range(LOCK_TRIES)):
        with contextlib.suppress(_SomebodyCame), attempt():
            locked = people.hold(_people_on(shift))
            held = _open_action(shift.action, by)
            late = _people_on(shift) - locked.keys()
            if late and tries_left:
                raise _SomebodyCame
            people.hold(late)
            return held
    raise AssertionError("unreachable")


def _tell_moved(action: Action, shift: Shift, before: tuple[datetime, datetime], by: User) -> None:
    people, now = _people_on(shift), timezone.now()
    if action.is_announced:
        telling.moved(action, shift, before)
        messages.moved(shift, before, people, now)
    # A partner may have said yes to a draft: to its hours as well.
    messages.moved_for_partners(shift, before, now, without={*people, by.pk})


def _people_on(shift: Shift) -> set[int]:
    return set(SignUp.objects.live().filter(shift=shift).values_list("person_id", flat=True))


def _demand_few(actions: list[int]) -> None:
    for action in set(actions):
        if Shift.objects.filter(action=action).count() > MOST_SHIFTS:
            raise too_many()


def _demand_sensible(hours: Hours) -> None:
    if hours.ends_at <= hours.starts_at:
        raise Refused("ends_before_it_begins", _("A shift must end after it begins."), status=422, field="ends_at")
    if hours.ends_at - hours.starts_at > LONGEST:
        raise Refused("too_long", _("A shift is 24 hours at most. Make several of it."), status=422, field="ends_at")
    if hours.least > hours.capacity:
        raise Refused(
            "least_above_capacity", _("The least number cannot be above the most."), status=422, field="least"
        )


def _keep_period(action: Action) -> None:
    period = action.shifts.aggregate(starts_at=Min("starts_at"), ends_at=Max("ends_at"))
    action.starts_at, action.ends_at = period["starts_at"], period["ends_at"]
    action.save(update_fields=["starts_at", "ends_at"])
