"""The four clocks: on whatever day a limit begins, it ends when people work, and what is worked is what was granted."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone
from hypothesis import given
from hypothesis import settings as how
from hypothesis import strategies as st

from grid.models import Holiday, Unit
from grid.rules import loading, working_time
from grid.rules.working_time import Calendar

BEGIN, END = datetime(2026, 1, 1), datetime(2027, 11, 30)
ALL_DAYS = {row["day"]: row for row in map(loading._holiday, loading.rows("holidays"))}
CALENDAR = Calendar(date(2025, 12, 31), {day: row["is_working"] for day, row in ALL_DAYS.items()})

moments = st.datetimes(BEGIN, END).map(timezone.make_aware)
work_units = st.sampled_from([Unit.WORK_HOUR, Unit.WORK_DAY])
amounts = st.integers(1, 30)


def at(written: str) -> datetime:
    return timezone.make_aware(datetime.fromisoformat(written))


def is_working_time(moment: datetime) -> bool:
    """Within a stretch of work, both its ends included."""
    local = timezone.localtime(moment)
    is_day = ALL_DAYS.get(local.date(), {"is_working": local.weekday() < 5})["is_working"]
    clock = local.time()
    return is_day and any(opens <= clock <= closes for opens, closes in settings.WORKING_HOURS)


class TestProperties:
    @given(moments, amounts, work_units)
    def test_it_never_ends_outside_working_time(self, start: datetime, amount: int, unit: Unit) -> None:
        assert is_working_time(CALENDAR.deadline(start, amount, unit))

    @given(moments, moments, amounts, st.sampled_from(list(Unit)))
    def test_who_begins_later_ends_no_earlier(self, one: datetime, two: datetime, amount: int, unit: Unit) -> None:
        first, second = sorted([one, two])
        assert CALENDAR.deadline(first, amount, unit) <= CALENDAR.deadline(second, amount, unit)

    @given(moments, amounts, amounts, st.sampled_from(list(Unit)))
    def test_one_limit_after_the_other_is_both_together(self, start: datetime, one: int, two: int, unit: Unit) -> None:
        together = CALENDAR.deadline(start, one + two, unit)
        assert CALENDAR.deadline(CALENDAR.deadline(start, one, unit), two, unit) == together

    @given(moments, amounts, work_units)
    def test_what_is_worked_until_then_is_the_limit(self, start: datetime, amount: int, unit: Unit) -> None:
        one = working_time.day_length() if unit == Unit.WORK_DAY else timedelta(hours=1)
        assert CALENDAR.worked(start, CALENDAR.deadline(start, amount, unit)) == amount * one

    @given(moments, moments, moments)
    def test_what_is_worked_adds_up(self, one: datetime, two: datetime, three: datetime) -> None:
        first, second, third = sorted([one, two, three])
        assert CALENDAR.worked(first, second) + CALENDAR.worked(second, third) == CALENDAR.worked(first, third)

    @given(moments, amounts)
    def test_urgent_hours_and_calendar_days_are_plain_addition(self, start: datetime, amount: int) -> None:
        assert CALENDAR.deadline(start, amount, Unit.URGENT_HOUR) == start + timedelta(hours=amount)
        assert CALENDAR.deadline(start, amount, Unit.NATURAL_DAY) == start + timedelta(days=amount)

    @given(moments, amounts, st.sampled_from(list(Unit)), st.integers(0, 60 * 24 * 20), st.integers(0, 60 * 24 * 60))
    @how(max_examples=60)
    def test_what_was_left_when_it_stopped_is_left_when_it_goes_on(
        self, start: datetime, amount: int, unit: Unit, after: int, pause: int
    ) -> None:
        due = CALENDAR.deadline(start, amount, unit)
        stopped = min(start + timedelta(minutes=after), due)
        resumed = stopped + timedelta(minutes=pause)
        goes_on = moved(unit, due, stopped, resumed)
        assert goes_on >= due
        if stopped < due:
            left = working_time.passed(unit, stopped, due, CALENDAR)
            assert working_time.passed(unit, resumed, goes_on, CALENDAR) == left


def moved(unit: Unit, due: datetime, stopped: datetime, resumed: datetime) -> datetime:
    """As :func:`working_time.goes_on` with the calendar of the files."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(working_time, "calendar_for", lambda _start, _unit: CALENDAR)
        return working_time.goes_on(unit, due, stopped=stopped, resumed=resumed)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("start", "amount", "unit", "end"),
    [
        ("2026-11-23 10:00", 2, Unit.WORK_HOUR, "2026-11-23 12:00"),
        ("2026-11-23 11:00", 2, Unit.WORK_HOUR, "2026-11-23 15:00"),
        ("2026-11-23 13:00", 1, Unit.WORK_HOUR, "2026-11-23 15:00"),
        ("2026-11-23 17:30", 1, Unit.WORK_HOUR, "2026-11-24 08:30"),
        ("2026-11-27 17:00", 4, Unit.WORK_HOUR, "2026-11-30 11:00"),  # over a weekend
        ("2026-11-28 09:00", 1, Unit.WORK_DAY, "2026-11-30 18:00"),  # begins on a Saturday
        ("2026-11-23 10:00", 5, Unit.WORK_DAY, "2026-11-30 10:00"),
        ("2026-09-18 17:00", 2, Unit.WORK_HOUR, "2026-09-20 09:00"),  # a Sunday on which people work
        ("2026-09-30 16:00", 1, Unit.WORK_DAY, "2026-10-08 16:00"),  # over the National Day week
        ("2026-10-09 17:00", 2, Unit.WORK_HOUR, "2026-10-10 09:00"),  # a Saturday on which people work
        ("2025-12-31 17:00", 2, Unit.WORK_HOUR, "2026-01-04 09:00"),  # New Year 2026, and the Sunday after it
        ("2026-12-31 17:00", 2, Unit.WORK_HOUR, "2027-01-04 09:00"),  # New Year 2027 is a Friday
        ("2027-02-04 17:00", 1, Unit.WORK_DAY, "2027-02-09 17:00"),  # Spring Festival 2027
        ("2026-12-31 23:00", 2, Unit.URGENT_HOUR, "2027-01-01 01:00"),
        ("2026-12-31 23:00", 2, Unit.NATURAL_DAY, "2027-01-02 23:00"),
    ],
)
def test_days_as_they_are(start: str, amount: int, unit: Unit, end: str) -> None:
    assert working_time.deadline(at(start), amount, unit) == at(end)


@pytest.mark.django_db
def test_a_day_that_the_operator_tells_counts_at_once() -> None:
    Holiday.objects.create(day=date(2027, 1, 4), is_working=False, name="雪灾停工")
    Holiday.objects.create(day=date(2027, 1, 9), is_working=True)

    assert working_time.deadline(at("2026-12-31 17:00"), 2, Unit.WORK_HOUR) == at("2027-01-05 09:00")
    assert working_time.working_minutes_between(at("2027-01-08 16:00"), at("2027-01-11 08:00")) == 120 + 480


@pytest.mark.django_db
@pytest.mark.parametrize("days", [1, 30, 300])
def test_it_asks_once_however_long_the_span(django_assert_num_queries: Any, days: int) -> None:
    with django_assert_num_queries(1):
        working_time.deadline(at("2026-02-10 10:00"), days, Unit.WORK_DAY)
    with django_assert_num_queries(1):
        working_time.working_minutes_between(at("2026-02-10 10:00"), at("2026-02-10 10:00") + timedelta(days=days))
    with django_assert_num_queries(0):
        working_time.deadline(at("2026-02-10 10:00"), days, Unit.NATURAL_DAY)


@pytest.fixture
def other_hours(settings: Any) -> None:
    settings.WORKING_HOURS = [(datetime(2026, 1, 1, 9).time(), datetime(2026, 1, 1, 17).time())]


@pytest.mark.django_db
def test_the_hours_are_a_setting(other_hours: None) -> None:
    assert working_time.deadline(at("2026-11-23 12:30"), 1, Unit.WORK_HOUR) == at("2026-11-23 13:30")
    assert working_time.deadline(at("2026-11-23 08:00"), 1, Unit.WORK_HOUR) == at("2026-11-23 10:00")


def test_before_the_calendar_begins_nothing_is_known() -> None:
    with pytest.raises(ValueError, match="before"):
        Calendar(date(2026, 5, 1), {}).worked(at("2026-04-30 10:00"), at("2026-05-04 10:00"))
