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
    whole = whole_of(standard) * (1 + case.delays)
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
    """When the next in the chain hears that the case is overdue; None where no deadline can pass.

    At the deadline the first, and after each further limit, of at most a day, the next. ``calendar`` saves the query where
    many are asked; it begins no later than the deadline.
    """
    standard, due = case.standard, case.due_at
    if standard is None or due is None or case.state not in Case.AT_WORK:
        return None
    if not case.climbed:
        return due
    day = 24 if standard.unit == Unit.URGENT_HOUR else int(working_time.day_length() / timedelta(hours=1))
    most = {Unit.URGENT_HOUR: day, Unit.WORK_HOUR: day, Unit.WORK_DAY: 1, Unit.NATURAL_DAY: 1}
    step = min(standard.amount, most[Unit(standard.unit)])
    calendar = calendar or working_time.calendar_for(due, standard.unit)
    return calendar.deadline(due, case.climbed * step, standard.unit)
