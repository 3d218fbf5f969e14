"""Letters leave the site: the only writer of an outgoing message's state.

A letter is claimed and the claim committed, then it is carried, then the answer is written down: three steps, none of which
holds the database while a provider is waited for. Whoever dies in between leaves the claim behind, which runs out, and the
letter is carried again under the same id. So none is lost, and one goes out twice only if we died after the provider took
it and before we wrote that down, and then the provider knows it by its id.
"""

import uuid
from datetime import datetime, timedelta

import structlog
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from kit.deeds import deed

from . import carriers
from .carriers import Letter, Rejected
from .models import Outgoing

log = structlog.get_logger(__name__)

CLAIM = timedelta(minutes=5)
"""How long a letter belongs to who claimed it; ten times what the slowest carrier takes."""

FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=30), timedelta(hours=1)
GIVEN_UP_AFTER = timedelta(days=1)
"""After that nobody wants to read it any more."""

KEPT = timedelta(days=29)
"""How long a letter that is done with can still be looked up, for somebody who says that nothing came. They are looked for
once a day, and the privacy notice says that none is older than thirty days."""

IN_SIGHT = 20
"""Letters that are looked at together; those that another worker holds are passed over."""

State = Outgoing.State


def deliver_due(now: datetime, limit: int) -> int:
    """Carry what is due at ``now``, ``limit`` letters at most; returns how many were tried. Not part of a deed.

    What a carrier raises is written down with the letter and never reaches the caller.
    """
    tried = 0
    due = Outgoing.objects.filter(_is_free(now)).order_by("due_at", "id")
    for pk in due.values_list("pk", flat=True)[: limit + IN_SIGHT]:
        if tried == limit:
            break
        if _claim(pk=pk):
            _deliver(pk)
            tried += 1
    return tried


@deed
def forget_old(*, now: datetime) -> int:
    """Delete letters that were sent or given up long ago: addresses are not kept longer than anybody asks about them.

    The messages in the inbox stay. Returns how many letters went.
    """
    before = now - KEPT
    old = Q(state=State.SENT, sent_at__lt=before) | Q(state=State.FAILED, due_at__lt=before)
    return Outgoing.objects.filter(old).delete()[0]


def _is_free(now: datetime) -> Q:
    nobodys = Q(claimed_until__isnull=True) | Q(claimed_until__lte=now)
    return nobodys & Q(state=State.DUE, due_at__lte=now)


@deed
def _claim(*, pk: uuid.UUID) -> bool:
    """Make a letter ours; of two workers who ask at the same moment one is told yes."""
    now = timezone.now()
    free = Outgoing.objects.filter(_is_free(now), pk=pk)
    return free.update(claimed_until=now + CLAIM, tries=F("tries") + 1) == 1


def _deliver(pk: uuid.UUID) -> None:
    letter = Outgoing.objects.select_related("message__person").get(pk=pk)
    about = {"outgoing": str(pk), "channel": letter.channel, "tries": letter.tries}
    try:
        reference = _carry(letter)
    except Exception as error:  # noqa: BLE001 – whatever ails a provider, the next letters and tasks must go on
        if isinstance(error, Rejected) or _is_too_old(letter):
            _give_up(letter=letter, why=_why(error))
            log.warning("outgoing_given_up", **about)
        else:
            _put_off(letter=letter, why=_why(error))
            log.warning("outgoing_put_off", **about)
    else:
        _record(letter=letter, reference=reference)


def _is_too_old(letter: Outgoing) -> bool:
    return timezone.now() - letter.made_at >= GIVEN_UP_AFTER


def _why(error: Exception) -> str:
    return str(error) if isinstance(error, Rejected) else f"{type(error).__name__}: {error}"


def _carry(letter: Outgoing) -> str:
    if letter.message is not None and not letter.message.person.is_active:
        raise Rejected("the account is closed")
    carrier = carriers.carrier_for(letter.channel)
    return carrier.carry(
        Letter(str(letter.pk), letter.channel, letter.address, letter.subject, letter.body, letter.unsubscribe)
    )


@deed
def _record(*, letter: Outgoing, reference: str) -> None:
    """The provider has it. True even if our claim has run out meanwhile."""
    due = Outgoing.objects.filter(pk=letter.pk, state=State.DUE)
    due.update(state=State.SENT, sent_at=timezone.now(), answer=_short(reference), claimed_until=None)


@deed
def _put_off(*, letter: Outgoing, why: str) -> None:
    """Try again later, after pauses that double."""
    pause = min(FIRST_PAUSE * 2 ** min(letter.tries - 1, 12), LONGEST_PAUSE)
    _ours(letter).update(due_at=timezone.now() + pause, answer=_short(why), claimed_until=None)


@deed
def _give_up(*, letter: Outgoing, why: str) -> None:
    """It will not be tried again; the row says why."""
    _ours(letter).update(state=State.FAILED, answer=_short(why), claimed_until=None)


def _ours(letter: Outgoing) -> QuerySet[Outgoing]:
    """The letter, as long as nobody else has claimed it since."""
    return Outgoing.objects.filter(pk=letter.pk, state=State.DUE, claimed_until=letter.claimed_until)


def _short(answer: str) -> str:
    return answer.replace("\x00", "")[:200]
