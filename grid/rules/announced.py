"""Which years' holidays are in the table, and what the operator must add before deadlines run into a year that is not.

The State Council announces the holidays of a year, with its make-up days, in the autumn before it. A year is complete when
the table has both: none so far was without make-up days.
"""

from datetime import date

from django.db.models import Count, Q
from django.db.models.functions import ExtractYear
from django.utils.translation import gettext as _

from grid.models import Holiday

FROM_MONTH = 11
"""From this month on, the next year is asked for."""


def complete_until() -> int | None:
    """Up to which year the table is complete, from the first complete one on without a gap; None where no year is. One query."""
    complete = sorted(year for year, (off, working) in _known().items() if off and working)
    return next((year for year in complete if year + 1 not in complete), None)


def warnings(today: date) -> list[str]:
    """What is missing in the table, in full sentences: of this year, and from November on of the next one. One query."""
    known = _known()
    years = [today.year, today.year + 1] if today.month >= FROM_MONTH else [today.year]
    return [sentence for year in years if (sentence := _missing(year, *known.get(year, (0, 0))))]


def _missing(year: int, off: int, working: int) -> str:
    if not off:
        return _(
            "There are no holidays of %(year)d in the table: deadlines run through them as through any working day."
        ) % {"year": year}
    if not working:
        return _(
            "The make-up work days of %(year)d are missing: the State Council announces them in the autumn before, and"
            " until they are entered deadlines run past them."
        ) % {"year": year}
    return ""


def _known() -> dict[int, tuple[int, int]]:
    """By year: how many days off it has, and how many make-up days."""
    rows = (
        Holiday.objects.order_by()
        .values(year=ExtractYear("day"))
        .annotate(off=Count("pk", filter=Q(is_working=False)), working=Count("pk", filter=Q(is_working=True)))
    )
    return {row["year"]: (row["off"], row["working"]) for row in rows}
