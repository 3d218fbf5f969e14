"""The numbers of cases: ``YQ``, the day and a number of that day, without gaps and never twice."""

from datetime import date

from django.db.models import F

from grid.models import Serial
from kit.deeds import deed

PREFIX = "YQ"


@deed
def next_number(*, day: date) -> str:
    """The next number of this day. Locks as :func:`next_numbers`."""
    return _taken(day, 1)[0]


@deed
def next_numbers(*, day: date, count: int) -> list[str]:
    """The next numbers of this day; they are given once the running deed is committed, and not lost if it is undone.

    Locks the day's row until then, so whoever reports next waits for a moment: taken after everything but the topics.
    """
    return _taken(day, count)


def _taken(day: date, count: int) -> list[str]:
    Serial.objects.bulk_create([Serial(day=day)], ignore_conflicts=True)
    serial = _locked(day)
    Serial.objects.filter(pk=serial.pk).update(last=F("last") + count)
    return [f"{PREFIX}{day:%Y%m%d}{number:04d}" for number in range(serial.last + 1, serial.last + count + 1)]


def _locked(day: date) -> Serial:
    return Serial.objects.select_for_update().get(day=day)
