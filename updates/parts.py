"""Long lists in parts: the number of parameters that a database takes in one question has an end."""

from collections.abc import Collection, Iterator
from typing import TypeVar

T = TypeVar("T")

AT_ONCE = 500
"""Names, people or rows in one query; SQLite takes fewer than PostgreSQL, and this is well below."""


def in_parts(items: Collection[T]) -> Iterator[list[T]]:
    """``items`` in their order, ``AT_ONCE`` at most in each part; nothing of nothing."""
    ordered = list(items)
    return (ordered[start : start + AT_ONCE] for start in range(0, len(ordered), AT_ONCE))
