"""Following a case, a road, an area or a unit: with an account at once, with a mail address after its owner has said yes.

Nobody is written to who did not ask for it: the first mail asks, and only the button behind its link begins it. Each mail
carries the link that ends it, which needs no account either.
"""

import hashlib
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Self

from django.core import signing
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from communities.counting import counted
from communities.models import Organisation, User
from communities.permits import Person
from grid.models import Area, Case, Road, Subscription, in_force
from kit.deeds import deed
from kit.refusals import Refused
from updates import messages as letters

from . import follow_messages
from . import words as case_words

SALT = "grid.subscribing"
CONFIRM_WITHIN = timedelta(days=2)
"""How long the link that asks is good; what nobody confirmed is deleted after that."""

LONGEST_MAIL = 254
HOUR = 3600  # seconds
ASKS_TO_ONE_MAIL = 5
"""Mails that ask one address in an hour: somebody else may have typed it in."""
ASKS_FROM_ONE_ADDRESS = 30
"""The same from one place of the network; a school is one."""


class What(StrEnum):
    """What can be followed, as its addresses and the columns of a subscription call it."""

    CASE = "case"
    ROAD = "road"
    AREA = "area"
    UNIT = "unit"


@dataclass(frozen=True)
class Thing:
    """One thing to follow."""

    what: What
    row: Case | Road | Area | Organisation

    @classmethod
    def found(cls, what: str, key: str, *, by: Person | None = None) -> Self | None:
        """The thing that everybody may know of under this name; None where there is none.

        One that was joined to another is followed there: of it nothing more is told. A road or an area that stands no longer
        is there for those who still follow it: ``by`` who asks.
        """
        if what not in set(What):
            return None
        followed = {"subscriptions__person": by} if isinstance(by, User) else {"pk__in": ()}
        there = in_force(timezone.localdate()) | Q(**followed)
        rows: dict[What, QuerySet[Case] | QuerySet[Road] | QuerySet[Area] | QuerySet[Organisation]] = {
            What.CASE: Case.objects.public()
            .exclude(state=Case.State.MERGED)
            .filter(number=key)
            .select_related("category", "road"),
            What.ROAD: Road.objects.filter(there, code=key),
            What.AREA: Area.objects.filter(there, code=key),
            What.UNIT: Organisation.objects.public().filter(slug=key),
        }
        row = rows[What(what)].first()
        return cls(What(what), row) if row is not None else None

    @classmethod
    def of(cls, subscription: Subscription) -> Self:
        """What is followed by this subscription."""
        what = next(what for what in What if getattr(subscription, f"{what}_id") is not None)
        return cls(what, getattr(subscription, what))

    @property
    def key(self) -> str:
        """Its name in addresses."""
        match self.row:
            case Case():
                return self.row.number
            case Organisation():
                return self.row.slug
        return self.row.code

    @property
    def feed(self) -> str:
        """The address of the feed of its cases; a case by itself has none."""
        return "" if self.what is What.CASE else reverse(f"grid:{self.what}_cases_feed", args=[self.key])

    @property
    def name(self) -> str:
        """What it is called, in the reader's language."""
        return case_words.title_of(self.row) if isinstance(self.row, Case) else self.row.spoken_name


def follows(person: Person, thing: Thing) -> bool:
    """Does this person follow it?"""
    return isinstance(person, User) and Subscription.objects.filter(person=person, **_that(thing)).exists()


def followed_by(person: Person) -> list[Subscription]:
    """What this person follows, the newest first."""
    if not isinstance(person, User):
        return []
    named = ("case__category", "case__road", "road", "area", "unit")
    return list(Subscription.objects.filter(person=person).select_related(*named).order_by("-id"))


@deed
def follow(*, thing: Thing, by: User) -> Subscription:
    """Hear of it from now on. Again changes nothing; the unique index decides between two at once."""
    found, _is_new = Subscription.objects.get_or_create(person=by, **_that(thing))
    return found


@deed
def unfollow(*, thing: Thing, by: User) -> None:
    """Hear of it no more. Again changes nothing."""
    Subscription.objects.filter(person=by, **_that(thing)).delete()


@deed
def ask_by_mail(*, thing: Thing, mail: str, language: str, address: str) -> Subscription:
    """Ask the owner of a mail address whether it should hear of this; ``address`` is where the wish came from.

    Whether the address follows it already is told to nobody but its owner: the mail goes out in any case, and saying yes
    twice changes nothing. Asked again, one that nobody confirmed yet begins anew, in the language of now.

    Raises ``Refused``: ``no_mail`` (503) on a site from which no mail leaves, ``mail_unreadable`` (422, field ``mail``),
    ``too_many`` (429, field ``mail``) with ``retry_after``.
    """
    if not letters.mail_leaves():
        raise Refused(
            "no_mail",
            _("This site cannot send mail yet. With an account you find the news under “Messages”."),
            status=503,
            field="mail",
        )
    mail = _read_mail(mail)
    for key, most in ((f"mail:{mail}", ASKS_TO_ONE_MAIL), (f"from:{address}", ASKS_FROM_ONE_ADDRESS)):
        digest = hashlib.sha256(key.encode()).hexdigest()[:40]
        if counted(f"subscribing:{digest}", HOUR) > most:
            raise Refused(
                "too_many",
                _("Too many mails were asked for. Please wait an hour, then try again."),
                status=429,
                field="mail",
                retry_after=HOUR,
            )
    found, is_new = Subscription.objects.get_or_create(mail=mail, **_that(thing), defaults={"language": language})
    if not is_new and found.confirmed_at is None:
        # The link that goes out now is good as long as the mail says.
        found.since, found.language = timezone.now(), language
        found.save(update_fields=["since", "language"])
    follow_messages.confirm(found, name=thing.name, url=confirm_address(found))
    return found


def confirm_address(subscription: Subscription) -> str:
    """The address on this site at which the owner of the mail address says yes."""
    return reverse("grid:confirm_subscription", args=[signing.dumps(str(subscription.key), salt=SALT)])


def to_confirm(token: str) -> Subscription | None:
    """The subscription of a link from a mail; None for one that was changed, is too old, or was ended since."""
    try:
        key = signing.loads(token, salt=SALT, max_age=CONFIRM_WITHIN)
    except signing.BadSignature:
        return None
    return with_key(uuid.UUID(key))


@deed
def confirm(*, subscription: Subscription) -> None:
    """The owner of the address has said yes. Again changes nothing."""
    Subscription.objects.filter(pk=subscription.pk, confirmed_at__isnull=True).update(confirmed_at=timezone.now())


def with_key(key: uuid.UUID) -> Subscription | None:
    """The subscription that this link ends; None if it has ended."""
    named = ("case__category", "case__road", "road", "area", "unit")
    return Subscription.objects.filter(key=key).select_related(*named).first()


@deed
def end(*, key: uuid.UUID) -> None:
    """Nothing more is heard of it. Whoever has the link may; again changes nothing."""
    Subscription.objects.filter(key=key).delete()


@deed
def forget_unconfirmed(*, now: datetime) -> int:
    """Delete addresses whose owners did not say yes in time; the clock's job of the day. Returns how many."""
    asked = Subscription.objects.filter(person__isnull=True, confirmed_at__isnull=True)
    return asked.filter(since__lt=now - CONFIRM_WITHIN).delete()[0]


def _that(thing: Thing) -> dict[str, Any]:
    return {thing.what.value: thing.row}


def _read_mail(written: str) -> str:
    mail = written.strip().lower()
    try:
        validate_email(mail)
    except ValidationError as error:
        raise Refused(
            "mail_unreadable",
            _("This is no mail address. It looks like name@example.cn."),
            status=422,
            field="mail",
        ) from error
    if len(mail) > LONGEST_MAIL:
        raise Refused("mail_unreadable", _("This mail address is too long."), status=422, field="mail")
    return mail
