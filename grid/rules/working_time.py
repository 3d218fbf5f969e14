"""When people work, and by which of the four clocks a limit runs (domain 1.4).

Working time is :data:`settings.WORKING_HOURS` of every working day: Monday to Friday, but for the days that
:class:`grid.models.Holiday` tells otherwise – holidays, and weekends on which people work instead (调休). A work day is
as long as the hours of one day, so limits in work days and in work hours run by one clock.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Self

from django.conf import settings
from django.utils import timezone

from grid.models import Holiday, Unit

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
SATURDAY = 5


@dataclass(frozen=True)
class Calendar:
    """The days that are otherwise than their weekday says, from a day on: read once, asked as often as one likes."""

    since: date
    exceptions: dict[date, bool]

    @classmethod
    def beginning(cls, day: date) -> Self:
        """What is known of this day and all later ones. One query, however long the span."""
        rows = Holiday.objects.filter(day__gte=day).order_by().values_list("day", "is_working")
        return cls(day, dict(rows))

    def is_working_day(self, day: date) -> bool:
        """Do people work on this day? Raises ``ValueError`` for a day before those that were read."""
        if day < self.since:
            raise ValueError(f"{day} is before {self.since}")
        return self.exceptions.get(day, day.weekday() < SATURDAY)

    def deadline(self, start: datetime, amount: int, unit: str) -> datetime:
        """When a limit that begins at ``start`` ends; in hours and days of work never outside working time.

        Urgent hours run on at night, on weekends and holidays. Calendar days end on the clock time on which they began.
        """
        if unit == Unit.URGENT_HOUR:
            return start + timedelta(hours=amount)
        if unit == Unit.NATURAL_DAY:
            return start + amount * DAY
        return self.after(start, amount * (day_length() if unit == Unit.WORK_DAY else timedelta(hours=1)))

    def after(self, start: datetime, work: timedelta) -> datetime:
        """The moment at which so much working time since ``start`` is over; of none the first moment of work."""
        left = work
        for begin, end in self._stretches(start):
            if left <= end - begin:
                return begin + left
            left -= end - begin
        raise AssertionError("unreachable: working time does not end")

    def worked(self, start: datetime, end: datetime) -> timedelta:
        """How much working time lies between two moments; none where the second is not later."""
        total = timedelta()
        for begin, until in self._stretches(start):
            if begin >= end:
                break
            total += min(until, end) - begin
        return total

    def _stretches(self, start: datetime) -> Iterator[tuple[datetime, datetime]]:
        """The stretches of working time from ``start`` on, the first one begun where ``start`` lies in it; without end."""
        start = timezone.localtime(start)
        day = start.date()
        while True:
            if self.is_working_day(day):
                for opens, closes in settings.WORKING_HOURS:
                    begin, end = _at(day, opens), _at(day, closes)
                    if end > start:
                        yield max(begin, start), end
            day += DAY


def deadline(start: datetime, amount: int, unit: str) -> datetime:
    """:meth:`Calendar.deadline` with a calendar of its own: one query, and none for clocks that never stop."""
    return calendar_for(start, unit).deadline(start, amount, unit)


def calendar_for(start: datetime, unit: str) -> Calendar:
    """The calendar from ``start`` on, or an empty one where the clock of this unit asks for none."""
    day = timezone.localtime(start).date()
    return Calendar(day, {}) if runs_always(unit) else Calendar.beginning(day)


def working_minutes_between(start: datetime, end: datetime) -> int:
    """Whole minutes of working time between two moments. One query."""
    return Calendar.beginning(timezone.localtime(start).date()).worked(start, end) // MINUTE


def runs_always(unit: str) -> bool:
    """Does the clock of this unit run at night and on holidays too?"""
    return unit in (Unit.URGENT_HOUR, Unit.NATURAL_DAY)


def day_length() -> timedelta:
    """How long people work on a working day."""
    day = date(2000, 1, 1)
    return sum((_at(day, closes) - _at(day, opens) for opens, closes in settings.WORKING_HOURS), timedelta())


def passed(unit: str, start: datetime, end: datetime, calendar: Calendar) -> timedelta:
    """How much of the clock of this unit runs between two moments."""
    if runs_always(unit):
        return max(end - start, timedelta())
    return calendar.worked(start, end)


def goes_on(unit: str, due: datetime, *, stopped: datetime, resumed: datetime) -> datetime:
    """The deadline of a clock that stood still between two moments: what was left when it stopped is left when it goes on.

    A deadline that had passed already stays where it was. One query.
    """
    if due <= stopped or resumed <= stopped:
        return due
    if runs_always(unit):
        return due + (resumed - stopped)
    calendar = calendar_for(stopped, unit)
    return calendar.after(resumed, calendar.worked(stopped, due))


def _at(day: date, clock: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, clock))
