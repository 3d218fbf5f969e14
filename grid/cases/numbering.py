"""The numbers of cases: ``YQ``, the day and a number of that day, without gaps and never twice."""

from datetime import date

from django.db.models import F

from grid.models import Serial
from kit.deeds import deed

PREFIX = "YQ"


@deed
def next_number(*, day: date) -> str:
    """The next number of this day; it is given once the running deed is committed, and not lost if it is undone.

    Locks the day's row until then, so whoever reports next waits for a moment: taken after everything but the topics.
    """
    Serial.objects.bulk_create([Serial(day=day)], ignore_conflicts=True)
    serial = _locked(day)
    Serial.objects.filter(pk=serial.pk).update(last=F("last") + 1)
    return f"{PREFIX}{day:%Y%m%d}{serial.last + 1:04d}"


def _locked(day: date) -> Serial:
    return Serial.objects.select_for_update().get(day=day)
