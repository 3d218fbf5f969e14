"""What the clock does with rows, one after the other."""

from collections.abc import Callable, Iterable
from typing import TypeVar

import structlog
from django.db.models import Model

log = structlog.get_logger(__name__)

Row = TypeVar("Row", bound=Model)


def each_alone(rows: Iterable[Row], do: Callable[[Row], object]) -> None:
    """Do it with every row. One that always fails is logged and must not hold up, minute after minute, those behind it."""
    for row in rows:
        try:
            do(row)
        except Exception:
            log.exception("clock_row_failed", job=do.__name__, row=f"{type(row).__name__} {row.pk}")
