"""Finding a case again by its receipt code: how often one may try from one address.

Counted in the cache, as wrong passwords are, before the code is looked at: right and wrong ones cost the same. Eight of 32
letters are a trillion codes; twenty tries in ten minutes are for fingers that slip.
"""

import hashlib
from datetime import datetime, timedelta

from django.core.cache import cache
from django.utils import timezone
from django.utils.translation import gettext as _

from communities.counting import counted
from grid.models import Case
from kit.refusals import Refused

from . import receipts

MOST = 20
WINDOW = timedelta(minutes=10)
"""Runs from the first try; further ones do not prolong it."""


def find(written: str, *, address: str) -> Case:
    """The case that this receipt code opens.

    Raises ``Refused``: ``too_many`` (429) with ``retry_after`` in seconds, and ``wrong_code`` (422, field ``code``) for
    whatever opens none, readable or not.
    """
    _count(address)
    case = receipts.case_of(written)
    if case is None:
        raise Refused(
            "wrong_code",
            _(
                "No report has this receipt code. It has eight letters and digits; please compare it with your receipt "
                "once more."
            ),
            status=422,
            field="code",
        )
    return case


def _count(address: str) -> None:
    now = timezone.now()
    key = f"receipt:{hashlib.sha256(address.encode()).hexdigest()[:40]}"
    until = now + WINDOW
    if not cache.add(key, until, WINDOW.total_seconds()):
        kept: datetime = cache.get(key, until)
        until = kept
    if counted(f"{key}:{until.timestamp()}", WINDOW.total_seconds()) <= MOST:
        return
    again = timezone.localtime(until + timedelta(seconds=59)).replace(second=0, microsecond=0)
    raise Refused(
        "too_many",
        _(
            "Receipt codes were tried too often from here. Please wait until %(time)s, then try again; or call 12345 with "
            "the number of your case."
        )
        % {"time": f"{again:%H:%M}"},
        status=429,
        field="code",
        retry_after=max(1, round((again - now).total_seconds())),
    )
