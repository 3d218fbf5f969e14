"""Every deed in one transaction, tried again when the database asks for it, announced when it is done."""

import functools
import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, ParamSpec, TypeVar

from django.db import OperationalError, connection, transaction

P = ParamSpec("P")
R = TypeVar("R")
T = TypeVar("T")

ATTEMPTS = 5
"""How often the outermost deed is begun before its deadlock or serialisation failure reaches the caller."""

# SQLite has one writer. Its own waiting is a polling sleep that serves sixteen threads badly (worst wait 1.2–2.8 s);
# one lock per process in front of the transaction hands the pen on at once. Other processes still wait in SQLite.
_pen = threading.Lock()
_here = threading.local()

# PostgreSQL: serialization_failure, deadlock_detected, lock_not_available.
_AGAIN = frozenset({"40001", "40P01", "55P03"})


def deed(function: Callable[P, R]) -> Callable[P, R]:
    """Make ``function`` a deed: all of it in one transaction, or nothing.

    The outermost deed of a thread opens the transaction; a deed called by a deed joins it. A deadlock or a
    serialisation failure rolls everything back and begins the outermost deed again, up to ``ATTEMPTS`` times, so a deed
    must have no effect outside the database except through :func:`on_commit`.

    Where somebody else has opened a transaction before – Wagtail around its workflows and publishing, a view that may
    have to take everything back, a test – the outermost deed joins that one. Then it is not begun again here, on SQLite it
    does not wait for the pen of this process, and all its locks, those on topics too, last until the other's commit.
    """

    @functools.wraps(function)
    def outermost_or_joined(*args: P.args, **kwargs: P.kwargs) -> R:
        if getattr(_here, "inside", False):
            with attempt():  # a refusal that the outer deed survives leaves nothing behind
                return function(*args, **kwargs)
        _here.inside = True
        try:
            return _perform(functools.partial(function, *args, **kwargs))
        finally:
            _here.inside = False

    return outermost_or_joined


@contextmanager
def attempt() -> Iterator[None]:
    """A part of a deed that may fail without it: on an exception everything since is undone and forgotten.

    Use it instead of ``transaction.atomic()``, which knows nothing of what waits for :func:`before_commit`.
    """
    asked = _here.asked
    before = len(asked)
    try:
        with transaction.atomic():
            yield
    except BaseException:
        del asked[before:]
        raise


def before_commit(finish: Callable[[list[T]], object], item: T) -> None:
    """Give ``item`` to ``finish`` in the transaction of the running deed, when all its other work is done.

    ``finish`` is called once for the outermost deed, with everything that it and the deeds inside it asked for, in that
    order: so it can take the last locks of the house in one order. What was asked for in a part that was rolled back is
    forgotten. Raises ``RuntimeError`` outside a deed.
    """
    if not getattr(_here, "inside", False):
        raise RuntimeError("There is no deed here whose end could be waited for.")
    _here.asked.append((finish, item))


def on_commit(announce: Callable[[], None]) -> None:
    """Run ``announce`` when the transaction of the running deed is committed; never, if it is rolled back.

    It must not wait for anything: on SQLite the next writer of this process stands behind it. What it raises is logged and
    goes no further: the deed is done, and nobody may be told that it failed.
    """
    transaction.on_commit(announce, robust=True)


def _perform(work: Callable[[], R]) -> R:
    if connection.in_atomic_block:
        # Somebody else's transaction, Wagtail's or a test's: it cannot be begun again from here.
        with transaction.atomic():
            return _with_its_end(work)
    for tries in range(1, ATTEMPTS + 1):
        try:
            return _in_one_transaction(work)
        except OperationalError as error:
            if tries == ATTEMPTS or not _worth_another_try(error):
                raise
        time.sleep(random.uniform(0, 0.02 * 2**tries))  # noqa: S311 – spreads out those who met
    raise AssertionError("unreachable")


def _in_one_transaction(work: Callable[[], R]) -> R:
    if connection.vendor != "sqlite":
        with transaction.atomic():
            return _with_its_end(work)
    with _pen, transaction.atomic():
        return _with_its_end(work)


def _with_its_end(work: Callable[[], R]) -> R:
    """Do the work, then what it put off until just before the commit."""
    _here.asked = []
    result = work()
    together: dict[Callable[[list[Any]], object], list[Any]] = {}
    for finish, item in _here.asked:
        together.setdefault(finish, []).append(item)
    for finish, items in together.items():
        finish(items)
    return result


def _worth_another_try(error: OperationalError) -> bool:
    cause = error.__cause__
    if connection.vendor == "sqlite":
        return "locked" in str(cause)
    return getattr(cause, "sqlstate", None) in _AGAIN
