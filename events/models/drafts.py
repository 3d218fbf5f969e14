"""What somebody has typed into the composer and not saved yet."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from .actions import Action


class ComposerDraft(models.Model):
    """What somebody has typed into the composer and not saved yet, just as it was typed. One per person and form."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    # Null: a new action.
    action = models.ForeignKey(Action, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    typed: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField()
    typed_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "action"], name="events_composerdraft_one_per_action"),
            # SQL holds two nulls for different, so the form of a new action needs a line of its own.
            models.UniqueConstraint(
                fields=["person"], condition=Q(action__isnull=True), name="events_composerdraft_one_new"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.action_id or 'new'}"
