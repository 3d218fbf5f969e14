"""The book: topics with their numbered updates. And what is said to one person: messages, and what leaves the site."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Topic(models.Model):
    """Something that can be followed, ``action:42`` or ``town``. Its row is the lock under which updates get their number."""

    name = models.CharField(max_length=80, unique=True)
    # The number of the last update; 0 where nothing was said yet.
    head = models.PositiveBigIntegerField(default=0)
    # Raised when somebody may no longer follow who might before; whoever serves readers then asks again.
    audience = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return f"{self.name} at {self.head}"


class Update(models.Model):
    """One line of the book. Numbers are given in the order of commits and without gaps; a line is never taken out."""

    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, db_index=False, related_name="updates")
    seq = models.PositiveBigIntegerField()
    verb = models.CharField(max_length=24)
    at = models.DateTimeField()
    # Who speaks, as everybody may read it; null for what no person wrote.
    actor: models.JSONField[Any, Any] = models.JSONField(null=True, blank=True)
    # Whose name stands in the actor, so that it can be forgotten; known to the book alone and told to nobody.
    speaker = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        db_index=False,
        related_name="+",
    )
    payload: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)
    # The same in all topics in which a deed said the same thing; by it a withdrawal finds them all.
    key = models.UUIDField(default=uuid.uuid4, db_index=True)

    class Meta:
        ordering = ["topic", "seq"]
        indexes = [
            models.Index(fields=["topic", "verb", "seq"], name="updates_update_verb"),
            models.Index(fields=["speaker"], name="updates_update_speaker", condition=Q(speaker__isnull=False)),
        ]
        constraints = [
            models.UniqueConstraint(fields=["topic", "seq"], name="updates_update_number"),
            models.CheckConstraint(name="updates_update_from_one", condition=Q(seq__gte=1) & ~Q(verb="")),
        ]

    def __str__(self) -> str:
        return f"{self.topic_id}#{self.seq} {self.verb}"


class MessageQuerySet(models.QuerySet["Message"]):
    def unread(self) -> "MessageQuerySet":
        return self.filter(read_at__isnull=True)


class Message(models.Model):
    """Something that one person must learn. What it says in words is computed from kind and payload when it is read."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, db_index=False, related_name="+")
    kind = models.CharField(max_length=24)
    # What it is about, in words of the program: the same is never said twice to the same person.
    about = models.CharField(max_length=120)
    payload: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)
    made_at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = MessageQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["person", "-id"], name="updates_message_inbox"),
            models.Index(fields=["person"], name="updates_message_unread", condition=Q(read_at__isnull=True)),
        ]
        constraints = [
            models.UniqueConstraint(fields=["person", "kind", "about"], name="updates_message_once"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.kind} {self.about}"


class Outgoing(models.Model):
    """A message on its way out of the site, by mail or SMS; its id is the key by which a carrier knows it again.

    A letter to a number or address that is nobody's account (any more) has no message: nobody could read it here.
    """

    class Channel(models.TextChoices):
        MAIL = "mail", _("mail")
        SMS = "sms", _("SMS")

    class State(models.TextChoices):
        DUE = "due", _("to be sent")
        SENT = "sent", _("sent")
        FAILED = "failed", _("given up")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    message = models.OneToOneField(Message, null=True, blank=True, on_delete=models.CASCADE, related_name="outgoing")
    made_at = models.DateTimeField(default=timezone.now, editable=False)
    channel = models.CharField(max_length=8, choices=Channel.choices)
    address = models.CharField(max_length=254)
    subject = models.CharField(max_length=200, blank=True)
    body = models.TextField()
    # The address that ends with one click what this mail belongs to (RFC 8058); empty where nothing can be ended.
    unsubscribe = models.CharField(max_length=200, blank=True, editable=False)
    state = models.CharField(max_length=8, choices=State.choices, default=State.DUE, editable=False)
    tries = models.PositiveSmallIntegerField(default=0, editable=False)
    due_at = models.DateTimeField()
    # Whoever carries it holds it until then; a carrier that died lets go of it by the clock.
    claimed_until = models.DateTimeField(null=True, blank=True, editable=False)
    sent_at = models.DateTimeField(null=True, blank=True, editable=False)
    # What the carrier answered: its reference, or why it did not take it.
    answer = models.CharField(max_length=200, blank=True, editable=False)

    class Meta:
        ordering = ["due_at", "id"]
        indexes = [models.Index(fields=["due_at"], name="updates_outgoing_due", condition=Q(state="due"))]
        constraints = [
            models.CheckConstraint(
                name="updates_outgoing_states",
                condition=Q(state="sent", sent_at__isnull=False) | Q(state__in=["due", "failed"], sent_at__isnull=True),
            ),
            models.CheckConstraint(name="updates_outgoing_addressed", condition=~Q(address="")),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.id}: {self.state}"
