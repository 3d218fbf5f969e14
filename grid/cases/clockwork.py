"""What the clock does with rows: so many a minute, one after the other."""

from collections.abc import Callable, Iterable
from typing import Generic, TypeVar

import structlog
from django.db.models import Model, QuerySet

log = structlog.get_logger(__name__)

Row = TypeVar("Row", bound=Model)

LOOKED_AT = 500
"""Rows that one pass of a job looks at. A deed takes some 30 ms, so that a pass in which all of them are due ends within a minute."""


class Round(Generic[Row]):
    """Goes round all rows of a job, a part of them each minute, and begins where it left off.

    Whatever there is, one pass reads and does no more than :data:`LOOKED_AT`, and none waits longer than a whole round: rows
    that stay, or always fail, hold up nobody behind them. Where it is, is kept in the process of the clock alone; one that
    begins anew begins at the first row.
    """

    def __init__(self) -> None:
        self.after = 0

    def next_part(self, rows: QuerySet[Row]) -> list[Row]:
        """The next of these rows, in the order of their ids. One query, or two where the round comes past its beginning."""
        by_id = rows.order_by("pk")
        part = list(by_id.filter(pk__gt=self.after)[:LOOKED_AT])
        if self.after and len(part) < LOOKED_AT:
            part += by_id.filter(pk__lte=self.after)[: LOOKED_AT - len(part)]
        self.after = part[-1].pk if len(part) == LOOKED_AT else 0
        return part


def each_alone(rows: Iterable[Row], do: Callable[[Row], object]) -> None:
    """Do it with every row. One that always fails is logged and must not hold up, minute after minute, those behind it."""
    for row in rows:
        try:
            do(row)
        except Exception:
            log.exception("clock_row_failed", job=do.__name__, row=f"{type(row).__name__} {row.pk}")
