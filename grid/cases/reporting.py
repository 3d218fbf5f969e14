"""A problem is reported: by anybody, in under a minute, and however often it is sent it is one case.

The key of a request makes it one: the database holds each key once, and whoever sends it again gets the case as it
stands, with the same receipt code. The code is computed from the key and the site's secret, because only what it hashes to
is kept.
"""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from communities import numbers
from communities.models import Organisation, User
from grid.models import DESCRIPTION_LENGTH, Case, Category, DraftPhoto, Reporter
from grid.net.geometry import Position
from grid.reports import drafts, entering, floods, placing, receipts
from grid.reports.placing import Placed, Spot
from grid.rules.transitions import Actor
from kit.deeds import attempt, deed
from kit.refusals import Refused, as_written

from . import moving, numbering

FOR_OTHERS = frozenset({Case.Channel.HOTLINE, Case.Channel.GROUP, Case.Channel.VISIT})
"""Channels in which whoever writes it down is not who reports it."""

REPORTER_NAME_LENGTH, MAIL_LENGTH = 40, 254

CONTACT_KEPT = timedelta(days=365)
"""After closing (domain 6.5)."""


@dataclass(frozen=True)
class Contact:
    """How whoever reports it wants to be reached; all of it of one's own will."""

    name: str = ""
    phone: str = ""
    mail: str = ""


@dataclass(frozen=True)
class Told:
    """What was told, read and found whole."""

    description: str
    placed: Placed
    contact: Contact


@dataclass(frozen=True)
class Reported:
    """The case, the code that opens it without an account, and whether it was made now."""

    case: Case
    receipt: str
    is_new: bool


@deed
def report(
    *,
    request_key: uuid.UUID,
    spot: Spot,
    description: str = "",
    category: Category | None = None,
    contact: Contact | None = None,
    channel: Case.Channel = Case.Channel.WEB,
    draft: uuid.UUID | None = None,
    by: User | None = None,
    source: str = "",
    seen_at: Position | None = None,
    is_urgent: bool = False,
    is_dwelling: bool = False,
    is_complaint: bool = False,
    against: Organisation | None = None,
    at: datetime | None = None,
) -> Reported:
    """Make a case of what was told, with the pictures of the draft with this key; the same ``request_key`` again is the same case.

    ``at`` is when it was told, now by default: for what is written down afterwards. ``by`` is who sends it: the reporter,
    or in the channels :data:`FOR_OTHERS` whoever writes it down; ``source`` the address it comes from; ``seen_at`` where a
    picture was taken that had been made smaller on its way. ``is_complaint`` says that it is about somebody who works here, at
    the unit ``against`` if that was said, or the kind says so: then it is kept from that unit and from everybody else but
    those of :data:`grid.permits.AT_COMPLAINTS`, and may lie nowhere. Those who take reports in hear of it at once. Locks the draft and
    the day's number. Raises
    ``Refused``: ``no_right`` (403) for a channel that is not this person's, ``nothing_told``, ``outside``,
    ``house_unknown``, ``place_missing``, ``<field>_too_long``, ``phone_unreadable``, ``mail_unreadable``,
    ``contact_of_another`` for one that is left for what was found on patrol (422), and ``too_many`` (429) for a flood; then the draft keeps its pictures.
    """
    now = at or timezone.now()
    if channel not in Case.OPEN_TO_EVERYBODY:
        entering.demand_channel(by, channel)
    known = Case.objects.filter(request_key=request_key).first()
    if known is not None:
        return _again(known, draft, is_dwelling=is_dwelling)
    is_complaint = is_complaint or against is not None or (category is not None and category.is_about_staff)
    told = read(
        spot=spot,
        description=description,
        category=category,
        contact=contact,
        draft=draft,
        seen_at=seen_at,
        is_complaint=is_complaint,
    )
    placed, reporter = told.placed, told.contact
    if channel == Case.Channel.PATROL and reporter != Contact():
        raise Refused(
            "contact_of_another",
            _(
                "What you found on patrol is your own report. If somebody told you of it, please choose the visit instead."
            ),
            status=422,
            field="phone" if reporter.phone else "mail" if reporter.mail else "name",
        )
    if channel in Case.OPEN_TO_EVERYBODY:
        floods.demand_room(by=by, source=source)
    case = Case(
        receipt=receipts.hashed(_code(request_key, settings.SECRET_KEY)),
        request_key=request_key,
        channel=channel,
        category=category,
        description=told.description,
        address=placed.words,
        road=placed.road,
        segment=placed.segment,
        house_number=placed.house_number,
        cell=placed.cell,
        community=placed.community,
        is_dwelling=is_dwelling,
        is_complaint=is_complaint,
        is_public=not is_complaint,
        against=against,
        is_urgent=is_urgent or (category is not None and category.is_dangerous),
        reported_at=now,
    )
    if placed.position is not None:
        case.longitude, case.latitude = placed.position
    made = _made(case, now)
    if made is None:
        return _again(Case.objects.get(request_key=request_key), draft, is_dwelling=is_dwelling)
    is_own = channel not in FOR_OTHERS
    Reporter.objects.create(
        case=made, person=by if is_own else None, name=reporter.name, phone=reporter.phone, mail=reporter.mail
    )
    made = moving.begin(case=made, by=by, by_role=_role(channel))
    if draft is not None:
        drafts.hand_over(draft, made, made.steps.get())
    return Reported(made, receipt_of(made), is_new=True)


def read(
    *,
    spot: Spot,
    description: str,
    category: Category | None,
    contact: Contact | None,
    draft: uuid.UUID | None,
    seen_at: Position | None = None,
    is_complaint: bool = False,
) -> Told:
    """What was told, as a case would keep it; nothing is done yet. Raises what :func:`report` refuses with 422."""
    description = as_written(description, most=DESCRIPTION_LENGTH, field="description")
    pictures = drafts.pictures_of(draft) if draft is not None else []
    if not (description or pictures or category):
        raise Refused(
            "nothing_told",
            _("What is wrong? Send a picture, choose what it is, or say it in a few words."),
            status=422,
            field="description",
        )
    placed = placing.place(
        spot,
        by_picture=_position_of(pictures) or seen_at,
        on=timezone.localdate(),
        may_be_missing=is_complaint,
    )
    return Told(description, placed, _read(contact or Contact()))


def receipt_of(case: Case) -> str:
    """The receipt code of a case, for whoever holds the key with which it was reported; empty if it has got another since."""
    for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        code = _code(case.request_key, secret)
        if receipts.hashed(code, key=secret) == case.receipt:
            return code
    return ""


def key_of(name: uuid.UUID, *said: object) -> uuid.UUID:
    """The key of what was said in the form with this name: a form that comes back with something else in it is another report."""
    return uuid.uuid5(name, "\n".join(map(repr, said)))


def key_for(person: User, written: str) -> uuid.UUID:
    """The key of a program's request, among those of this person: nobody else can name it."""
    secret = salted_hmac("grid.reporting.key", f"{person.pk}:{written}", algorithm="sha256").digest()
    return uuid.UUID(bytes=secret[:16], version=4)


@deed
def forget_contacts(*, now: datetime) -> None:
    """Empty what reporters left to be reached by, a year after their case was closed or came to nothing."""
    since = now - CONTACT_KEPT
    ended = Q(case__state=Case.State.CLOSED, case__closed_at__lt=since) | (
        Q(case__state__in=set(Case.ENDED) - {Case.State.CLOSED}) & ~Q(case__steps__at__gte=since)
    )
    left = Reporter.objects.exclude(name="", phone="", mail="").filter(ended)
    Reporter.objects.filter(pk__in=list(left.values_list("pk", flat=True))).update(name="", phone="", mail="")


@deed
def say_at_home(*, case: Case) -> None:
    """Whoever sends a report once more says that it is at a home: everybody else sees its place only roughly from now on.

    That was never said too late, whatever became of the case meanwhile. Again changes nothing. Locks the case.
    """
    held = Case.objects.select_for_update().get(pk=case.pk)
    if not held.is_dwelling:
        held.is_dwelling = True
        held.save(update_fields=["is_dwelling"])


def _again(case: Case, draft: uuid.UUID | None, *, is_dwelling: bool) -> Reported:
    if is_dwelling:
        say_at_home(case=case)
    if draft is not None:
        drafts.throw_away(draft)
    return Reported(case, receipt_of(case), is_new=False)


def _made(case: Case, now: datetime) -> Case | None:
    """The case with a number; None where somebody sent the same at the same moment and was first: the unique key decides."""
    try:
        with attempt():
            case.number = numbering.next_number(day=timezone.localdate(now))
            case.save(force_insert=True)
    except IntegrityError:
        if not Case.objects.filter(request_key=case.request_key).exists():
            raise
        return None
    return case


def _code(request_key: uuid.UUID, secret: str) -> str:
    digest = salted_hmac("grid.reporting.receipt", request_key.bytes, secret=secret, algorithm="sha256").digest()
    number = int.from_bytes(digest[:8])
    base = len(receipts.ALPHABET)
    return "".join(receipts.ALPHABET[number // base**place % base] for place in range(receipts.LENGTH))


def _position_of(pictures: Iterable[DraftPhoto]) -> Position | None:
    """Where the first of these pictures that knows it was taken."""
    return next(
        (
            (picture.longitude, picture.latitude)
            for picture in pictures
            if picture.longitude is not None and picture.latitude is not None
        ),
        None,
    )


def _read(contact: Contact) -> Contact:
    mail = contact.mail.strip()
    try:
        if mail:
            validate_email(mail)
    except ValidationError as error:
        raise Refused(
            "mail_unreadable", _("This is no mail address, such as name@example.com."), status=422, field="mail"
        ) from error
    return Contact(
        name=as_written(contact.name, most=REPORTER_NAME_LENGTH, field="name"),
        phone=numbers.mobile(contact.phone) if contact.phone.strip() else "",
        mail=as_written(mail, most=MAIL_LENGTH, field="mail"),
    )


def _role(channel: Case.Channel) -> Actor:
    if channel in {Case.Channel.PATROL, Case.Channel.VISIT}:
        return Actor.INSPECTOR
    if channel in FOR_OTHERS:
        return Actor.ACCEPTOR
    return Actor.REPORTER
