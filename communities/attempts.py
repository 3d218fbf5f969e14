"""How often a password may be tried: ten times in ten minutes for one name from one address.

Counted in the cache, so on SQLite in each process and with Redis for the whole site. An attempt is counted before the
password is looked at: a hundred guesses sent in the same instant are ten guesses too.
"""

import hashlib
from datetime import datetime, timedelta

from django.core.cache import cache
from django.utils import timezone
from django.utils.translation import gettext as _

from kit.refusals import Refused

from .counting import counted

MOST = 10
WINDOW = timedelta(minutes=10)
"""Runs from the first wrong attempt; further ones do not prolong it."""


def begin(name: str, address: str) -> None:
    """Count an attempt to sign in as ``name`` from ``address``.

    Raises ``Refused`` ``too_many`` (429) with ``retry_after`` in seconds, for the right password too: otherwise one could
    go on guessing and see it by the answer.
    """
    key, now = _key(name, address), timezone.now()
    until = _window_ends(key, now)
    if counted(_count_of(key, until), WINDOW.total_seconds()) <= MOST:
        return
    # Said in whole minutes and never too early.
    again = timezone.localtime(until + timedelta(seconds=59)).replace(second=0, microsecond=0)
    raise Refused(
        "too_many",
        _("The password was wrong ten times. Please wait until %(time)s, then try again.") % {"time": f"{again:%H:%M}"},
        status=429,
        retry_after=max(1, round((again - now).total_seconds())),
    )


def forget(name: str, address: str) -> None:
    """Start from nothing: the password was right."""
    cache.delete(_key(name, address))


def _window_ends(key: str, now: datetime) -> datetime:
    until = now + WINDOW
    if cache.add(key, until, WINDOW.total_seconds()):
        return until
    # It may have run out, or been pushed out, between the two lines.
    kept: datetime = cache.get(key, until)
    return kept


def _count_of(key: str, until: datetime) -> str:
    # Each window has a count of its own: one that had to be set to nothing could lose what somebody counted meanwhile.
    return f"{key}:{until.timestamp()}"


def _key(name: str, address: str) -> str:
    # Hashed: names may hold what a cache key may not, and nobody who reads the cache should learn who tried.
    digest = hashlib.sha256(f"{name.strip().casefold()}\n{address}".encode("utf-8", "surrogatepass")).hexdigest()
    return f"sign-in:{digest[:40]}"
