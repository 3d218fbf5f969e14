"""What one person must learn: said once, told to the person's browsers at once, and put on its way out of the site.

Only facts are stored. What a message says is computed from them when it is read, in the reader's language; what leaves the
site is written down when the deed decides, in the language of the person's account. The rooms register their kinds in
``apps.ready()``.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import IntegrityError
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from kit.deeds import attempt, deed

from . import verbs
from .models import Message, MessageQuerySet, Outgoing
from .parts import AT_ONCE, in_parts
from .publish import publish
from .topics import Person

Payload = Mapping[str, Any]

SEND_TRIES = 5


class Words(NamedTuple):
    """What a message says in the active language, and the address on this site that it leads to."""

    title: str
    text: str
    url: str
    is_urgent: bool = False
    """An answer is wanted, and soon."""
    unsubscribe: str = ""
    """Where the person may end what it belongs to; a mail names it to the mail program too."""


NAMES_SOMEBODY = {"person": ("note",), "by": ()}
"""Keys of a payload that hold somebody's name, each with what else stands there about the same person.

Beside the name ``<key>_id`` says whose it is, so that it can be forgotten. :func:`named` writes both.
"""

Speak = Callable[[Payload, datetime | None], Words]
"""The words of a payload as seen from a moment; from None, when nobody knows when it will be read, it says dates."""

_kinds: dict[str, Speak] = {}
_quiet: set[str] = set()


def register(kind: str, speak: Speak, *, is_quiet: bool = False) -> None:
    """Let messages of ``kind`` be sent, and told by ``speak``, which asks no database; the same kind again takes its place.

    No phone rings for a quiet one: outside this site it goes by mail or not at all.
    """
    _kinds[kind] = speak
    _quiet.discard(kind)
    if is_quiet:
        _quiet.add(kind)


def named(key: str, person: Any) -> dict[str, Any]:
    """The person's name as a fact of a message, and whose it is: it goes when the account is closed.

    Raises ``KeyError`` for a key that is not among ``NAMES_SOMEBODY``: it would stay.
    """
    if key not in NAMES_SOMEBODY:
        raise KeyError(key)
    return {key: person.name, f"{key}_id": person.pk}


def name_in(payload: Payload, key: str) -> str:
    """The name that stands in a message, or what stands where it was."""
    return str(payload[key]) or _("closed account")


def words(kind: str, payload: Payload, now: datetime | None) -> Words:
    """What a message says in the active language; raises ``KeyError`` for a kind that nobody registered."""
    return _kinds[kind](payload, now)


@deed
def send(*, kind: str, about: str, payloads: Mapping[int, Payload]) -> list[Message]:
    """Tell each of these people (id → payload) once, in the inbox and, where there is an address, by SMS or mail.

    Who was told the same (``kind`` and ``about``) before is not told again; returns the new messages. The queries grow by
    the hundred people. Locks nobody: a unique constraint decides between two who tell the same at the same time. Raises
    ``KeyError`` for a kind that nobody registered.
    """
    speak = _kinds[kind]
    new = [
        message
        for some in in_parts(sorted(payloads))
        for message in _say(kind, about, {person: payloads[person] for person in some})
    ]
    for message in new:
        publish([_topic_of(message.person_id)], verbs.MESSAGE, {"message": message.pk, "kind": kind})
    for some in in_parts(new):
        _put_on_its_way(some, speak)
    return new


@deed
def mark_read(*, message: Message) -> None:
    """The person has seen the message. Again changes nothing and says nothing."""
    _read(message.person_id, Message.objects.filter(pk=message.pk).unread())


@deed
def mark_all_read(*, by: Person, newest: int) -> None:
    """Somebody has seen all messages of his own up to this one; what came in since stays unread. Again changes nothing."""
    if by.pk is not None:
        _read(by.pk, Message.objects.filter(person=by.pk, pk__lte=newest).unread())


@deed
def write_to_number(*, number: str, body: str) -> Outgoing | None:
    """Put an SMS on its way to a number that is nobody's account, or no longer this person's.

    None on a site from which no SMS leave. Locks nobody.
    """
    if settings.SMS_CARRIER == "none":
        return None
    return Outgoing.objects.create(channel=Outgoing.Channel.SMS, address=number, body=body, due_at=timezone.now())


class Addressee(NamedTuple):
    """A mail address that need not be anybody's account, the language to write in, and what to tell it."""

    address: str
    language: str
    payload: Payload


@deed
def write_to_addresses(*, kind: str, addressees: Iterable[Addressee]) -> list[Outgoing]:
    """Put a mail of this kind on its way to each of these addresses; nothing on a site from which no mail leaves.

    Nobody reads these here, so whoever calls it sees to it that nothing is said twice. Locks nobody. Raises ``KeyError`` for
    a kind that nobody registered.
    """
    speak = _kinds[kind]
    if not mail_leaves():
        return []
    now = timezone.now()
    letters = []
    for each in addressees:
        with translation.override(each.language or settings.LANGUAGE_CODE):
            said = _mail(speak(each.payload, None))
        letters.append(Outgoing(channel=Outgoing.Channel.MAIL, address=each.address, due_at=now, **said))
    return Outgoing.objects.bulk_create(letters)


def mail_leaves() -> bool:
    """Can this site send mail at all?"""
    return bool(settings.MAIL_CARRIER != "none")


@deed
def forget_all(*, person: int, number: str = "") -> None:
    """Nothing is left of what was said to the person with this id, or to the number; nor of the name, to others.

    Part of closing. Messages to others stay without the name; letters that bore it and have left go.
    """
    Message.objects.filter(person=person).delete()
    if number:
        Outgoing.objects.filter(message__isnull=True, address=number).delete()
    for key, about in NAMES_SOMEBODY.items():
        naming = list(Message.objects.filter(**{f"payload__{key}_id": person}).order_by("pk"))
        for message in naming:
            known = {word: "" for word in (key, *about) if word in message.payload}
            message.payload = {**message.payload, **known, f"{key}_id": None}
        Message.objects.bulk_update(naming, ["payload"], batch_size=AT_ONCE)
        gone = Outgoing.objects.filter(message__in=[message.pk for message in naming])
        gone.exclude(state=Outgoing.State.DUE).delete()


def count_unread(person: int) -> int:
    """How many messages the person with this id has not read."""
    return Message.objects.filter(person=person).unread().count()


def _read(person: int, seen: MessageQuerySet) -> None:
    if seen.order_by().update(read_at=timezone.now()):
        # Counted under the lock of the topic: whatever comes in later is told later.
        publish([_topic_of(person)], verbs.READ, partial(_unread, person), once=f"read:{person}")


def _unread(person: int) -> dict[str, int]:
    return {"unread": count_unread(person)}


def _topic_of(person: int) -> str:
    return f"person:{person}"


def _say(kind: str, about: str, payloads: Mapping[int, Payload]) -> list[Message]:
    """Write the messages of those who were not told yet.

    Race: somebody else may tell them between our looking and our writing. Then the constraint undoes ours, having waited
    for the other's commit, and we look again.
    """
    for tries_left in reversed(range(SEND_TRIES)):
        told = set(
            Message.objects.filter(kind=kind, about=about, person__in=list(payloads))
            .order_by()
            .values_list("person_id", flat=True)
        )
        new = [
            Message(person_id=person, kind=kind, about=about, payload=dict(payload))
            for person, payload in payloads.items()
            if person not in told
        ]
        try:
            with attempt():
                return Message.objects.bulk_create(new)
        except IntegrityError:
            if not tries_left:
                raise
    raise AssertionError("unreachable")


def _put_on_its_way(messages: Sequence[Message], speak: Speak) -> None:
    accounts = get_user_model()._default_manager
    people = {
        row["pk"]: row
        for row in accounts.filter(pk__in=[message.person_id for message in messages], is_active=True)
        .order_by()
        .values("pk", "phone", "email", "language")
    }
    now = timezone.now()
    letters = []
    for message in messages:
        person = people.get(message.person_id)
        way = _way_to(person, is_quiet=message.kind in _quiet) if person else None
        if person and way:
            with translation.override(person["language"] or settings.LANGUAGE_CODE):
                letters.append(_letter(message, *way, speak(message.payload, None), now))
    Outgoing.objects.bulk_create(letters)


def _way_to(person: Mapping[str, Any], *, is_quiet: bool) -> tuple[Outgoing.Channel, str] | None:
    """How the person is reached outside this site; a phone rings sooner than a mail is read."""
    if person["phone"] and settings.SMS_CARRIER != "none" and not is_quiet:
        return Outgoing.Channel.SMS, person["phone"]
    if person["email"] and mail_leaves():
        return Outgoing.Channel.MAIL, person["email"]
    return None


def _letter(message: Message, channel: Outgoing.Channel, address: str, said: Words, now: datetime) -> Outgoing:
    if channel == Outgoing.Channel.MAIL:
        return Outgoing(message=message, channel=channel, address=address, due_at=now, **_mail(said))
    told = {"title": said.title, "text": said.text, "url": f"{settings.SITE_URL}{said.url}"}
    body = _("[Gongzhi] %(title)s. %(text)s %(url)s") % told
    return Outgoing(message=message, channel=channel, address=address, body=body, due_at=now)


def _mail(said: Words) -> dict[str, str]:
    """What stands in a mail, with the way out of it where there is one."""
    way_out = f"{settings.SITE_URL}{said.unsubscribe}" if said.unsubscribe else ""
    parts = [said.text, f"{settings.SITE_URL}{said.url}", _("Gongzhi")]
    if way_out:
        parts.append(_("To hear no more of this: %(url)s") % {"url": way_out})
    return {"subject": " ".join(said.title.split())[:200], "body": "\n\n".join(parts), "unsubscribe": way_out}
