"""Organisations that are asked to help with an action, and what they answered."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from communities.models import Organisation

from .actions import Action

WORD_LENGTH = 200


class PartyQuerySet(models.QuerySet["Party"]):
    def joined(self) -> "PartyQuerySet":
        """Those who said yes and are still with it: what everybody sees."""
        return self.filter(state=Party.State.JOINED)

    def asked(self) -> "PartyQuerySet":
        """Those who have not answered yet."""
        return self.filter(state=Party.State.INVITED)

    def standing(self) -> "PartyQuerySet":
        """Asked or joined: the organisation need not be asked again."""
        return self.filter(state__in=[Party.State.INVITED, Party.State.JOINED])


class Party(models.Model):
    """An organisation is asked to help with an action, and what it answered. Answered ones stay; asking again makes a row."""

    class State(models.TextChoices):
        INVITED = "invited", _("invited")
        JOINED = "joined", _("joined")
        DECLINED = "declined", _("declined")
        LEFT = "left", _("left")
        WITHDRAWN = "withdrawn", _("taken back")

    action = models.ForeignKey(Action, on_delete=models.PROTECT, db_index=False, related_name="parties")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, db_index=False, related_name="parties")
    state = models.CharField(max_length=16, choices=State.choices, default=State.INVITED, editable=False)
    asked_for = models.CharField(_("what is wanted of them"), max_length=WORD_LENGTH, blank=True)
    invited_at = models.DateTimeField(auto_now_add=True)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False)
    # The organisation's own word, with the person who signed for it.
    word = models.CharField(_("word"), max_length=WORD_LENGTH, blank=True)
    answered_at = models.DateTimeField(null=True, editable=False)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    # Left of its own will, or let go by the host; the word is of whoever ended it.
    parting = models.CharField(_("word at parting"), max_length=WORD_LENGTH, blank=True, editable=False)
    ended_at = models.DateTimeField(null=True, editable=False)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", editable=False
    )

    objects = PartyQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["action", "state"], name="events_party_action_state"),
            models.Index(fields=["organisation", "state"], name="events_party_organisation"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["action", "organisation"],
                condition=Q(state__in=["invited", "joined"]),
                name="events_party_one_standing",
            ),
            # Each state with what belongs to it, and no state besides.
            models.CheckConstraint(
                name="events_party_states",
                condition=Q(state="invited", answered_at__isnull=True, answered_by__isnull=True, ended_at__isnull=True)
                | Q(
                    state__in=["joined", "declined"],
                    answered_at__isnull=False,
                    answered_by__isnull=False,
                    ended_at__isnull=True,
                    ended_by__isnull=True,
                )
                | Q(
                    state="left",
                    answered_at__isnull=False,
                    answered_by__isnull=False,
                    ended_at__isnull=False,
                    ended_by__isnull=False,
                )
                | Q(state="withdrawn", answered_at__isnull=True, ended_at__isnull=False, ended_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} → {self.action_id}: {self.get_state_display()}"
