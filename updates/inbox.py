"""Reading what was said to oneself."""

from datetime import datetime
from typing import NamedTuple

from kit.web import found_or_404

from . import messages
from .messages import Words
from .models import Message, MessageQuerySet
from .topics import Person


class Entry(NamedTuple):
    """A message as its person reads it now."""

    message: Message
    words: Words


def unread_of(person: Person) -> int:
    """How many messages this person has not read; 0 for a visitor. One query."""
    return messages.count_unread(person.pk) if person.is_authenticated else 0


def of(person: Person) -> MessageQuerySet:
    """The messages of this person, the newest first."""
    return Message.objects.filter(person=person.pk).order_by("-id")


def newest_of(person: Person) -> int:
    """The number of this person's newest message; 0 where there is none."""
    return of(person).values_list("pk", flat=True).first() or 0


def told(message: Message, now: datetime) -> Entry:
    """The message with its words, in the active language and as seen from ``now``."""
    return Entry(message, messages.words(message.kind, message.payload, now))


def get_own_message_or_404(person: Person, pk: int) -> Message:
    """The door: nobody learns that somebody else has a message of this number."""
    return found_or_404(of(person), pk)
