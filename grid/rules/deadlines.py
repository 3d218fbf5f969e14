"""The deadlines of a case: of the handling, from the standard it was filed under, and of the step that is waited for.

The handling clock starts when a case is sent out and stops when the unit says that it is done. It stands still while the
case is put off (domain 1.2, 1.4).
"""

from datetime import datetime, timedelta

from django.db import models
from django.utils import timezone
from django.utils.translation import pgettext_lazy

from grid.models import Case, FilingStandard, Limit, Unit

from . import working_time
from .working_time import Calendar

State = Case.State

STAGES: dict[Case.State, Limit.Step] = {
    State.REPORTED: Limit.Step.ACCEPT,
    State.VERIFYING: Limit.Step.VERIFY,
    State.FILED: Limit.Step.DISPATCH,
    State.DISPATCHED: Limit.Step.SIGN_IN,
    State.REWORK: Limit.Step.SIGN_IN,
    State.FEEDBACK: Limit.Step.CHECK,
    State.CHECKING: Limit.Step.CHECK,
}
"""How long a case may wait in a state; while it is handled its own deadline holds."""

TOP = 99
"""How far a case has climbed when there is nobody above any more."""

YELLOW_FROM = 0.8
"""The share of its time from which a case is in danger (domain 1.4)."""


class Light(models.TextChoices):
    """The traffic light of a case."""

    GREEN = "green", pgettext_lazy("deadline", "in time")
    YELLOW = "yellow", pgettext_lazy("deadline", "soon due")
    RED = "red", pgettext_lazy("deadline", "overdue")


def due_from(standard: FilingStandard, start: datetime) -> datetime:
    """When a case that is sent out at ``start`` must have been handled."""
    return working_time.deadline(start, standard.amount, standard.unit)


def start(case: Case, now: datetime) -> None:
    """The handling clock starts, for one limit; nobody was told that it is overdue. Part of a deed."""
    if case.standard is None:
        raise ValueError("not filed")
    case.due_at = due_from(case.standard, now)
    case.clock_since, case.clock_limits = now, 1
    forget_the_told(case)


def prolong(case: Case, now: datetime) -> None:
    """It gets the limit once more, from the deadline on. Part of a deed."""
    if case.standard is None or case.due_at is None:
        raise ValueError("no limit runs")
    case.due_at = due_from(case.standard, case.due_at)
    case.clock_limits += 1
    if case.due_at > now:
        forget_the_told(case)


def go_on(case: Case, now: datetime, *, stopped: datetime) -> None:
    """The handling clock, which stood still since ``stopped``, goes on; a deadline that had passed stays passed.

    Part of a deed.
    """
    if case.standard is None or case.due_at is None:
        raise ValueError("no limit runs")
    case.due_at = working_time.goes_on(case.standard.unit, case.due_at, stopped=stopped, resumed=now)
    case.clock_since = now
    if case.due_at > now:
        forget_the_told(case)


def end(case: Case) -> None:
    """No clock runs any more: the next one starts anew. Part of a deed."""
    case.due_at, case.clock_since, case.clock_limits = None, None, 0
    forget_the_told(case)


def forget_the_told(case: Case) -> None:
    """Of a new deadline nobody was told yet that it has passed."""
    case.climbed, case.climbed_at = 0, None
    if case.pk is not None:
        case.told_late.clear()


def stage_of(case: Case) -> Limit.Step | None:
    """Which limit runs for the step that the case waits for; none while it is handled. What was seen to be fixed is closed."""
    is_seen = case.state in (State.FEEDBACK, State.CHECKING) and case.checked_at is not None
    return Limit.Step.CLOSE if is_seen else STAGES.get(State(case.state))


def stage_due(step: Limit.Step, start: datetime) -> datetime | None:
    """When a step that begins at ``start`` must have been done; None where the operator has set no limit."""
    minutes = Limit.objects.filter(step=step).values_list("minutes", flat=True).first()
    if minutes is None:
        return None
    return Calendar.beginning(timezone.localtime(start).date()).after(start, timedelta(minutes=minutes))


def used_share(case: Case, now: datetime, calendar: Calendar | None = None) -> float | None:
    """How much of its time a case has used: 0 at the beginning, 1 from the deadline on; None where there is no deadline.

    ``calendar`` saves the query where many are asked; it begins no later than ``now`` and the moments of the case.
    """
    standard, due = case.standard, case.due_at
    if standard is None or due is None:
        return None
    at = _clock_of(case, now)
    if at >= due:
        return 1.0
    calendar = calendar or working_time.calendar_for(at, standard.unit)
    whole = whole_of(standard) * case.clock_limits
    return max(0.0, 1 - working_time.passed(standard.unit, at, due, calendar) / whole)


def light(case: Case, now: datetime, calendar: Calendar | None = None) -> Light | None:
    """Green, yellow when four fifths of the time are used, red when it is over; None where there is no deadline."""
    share = used_share(case, now, calendar)
    if share is None or case.due_at is None:
        return None
    if _clock_of(case, now) > case.due_at:
        return Light.RED
    return Light.YELLOW if share >= YELLOW_FROM else Light.GREEN


def _clock_of(case: Case, now: datetime) -> datetime:
    """What its clock shows: it stands where the case was put off, and where it was handled."""
    if case.state in Case.AT_WORK:
        return now
    stopped = case.suspended_at if case.state == Case.State.SUSPENDED else case.handled_at
    return stopped or now


def whole_of(standard: FilingStandard) -> timedelta:
    """The limit of a standard on its own clock."""
    match standard.unit:
        case Unit.NATURAL_DAY:
            one = timedelta(days=1)
        case Unit.WORK_DAY:
            one = working_time.day_length()
        case _:
            one = timedelta(hours=1)
    return standard.amount * one


def climbs_at(case: Case, calendar: Calendar | None = None) -> datetime | None:
    """When the next in the chain hears that the case is overdue; None where no deadline can pass, and at the top.

    At the deadline the first; the next when after that a further limit, of at most a day, has run on the clock: what waited
    to be checked, and the time in which the site was down, hastens nothing. ``calendar`` saves the query where many are
    asked; it begins no later than the deadline.
    """
    standard, due, since = case.standard, case.due_at, case.clock_since
    if standard is None or due is None or since is None or case.state not in Case.AT_WORK or case.climbed >= TOP:
        return None
    if case.climbed_at is None:
        return max(due, since)
    day = 24 if standard.unit == Unit.URGENT_HOUR else int(working_time.day_length() / timedelta(hours=1))
    most = {Unit.URGENT_HOUR: day, Unit.WORK_HOUR: day, Unit.WORK_DAY: 1, Unit.NATURAL_DAY: 1}
    step = min(standard.amount, most[Unit(standard.unit)])
    last = max(case.climbed_at, since)
    calendar = calendar or working_time.calendar_for(last, standard.unit)
    return calendar.deadline(last, step, standard.unit)
