"""What is told to those who follow an action."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from communities.models import Organisation

from .actions import Action

POST_LENGTH = 500


class Post(models.Model):
    """What somebody of the host or of a partner told those who follow an action. Withdrawn ones stay here, and only here."""

    action = models.ForeignKey(Action, on_delete=models.PROTECT, related_name="posts")
    # In whose name: the host's, or that of a partner.
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, db_index=False, related_name="+", editable=False
    )
    # By it the update in each topic is found again; the form brings it, so that sending twice posts once.
    key = models.UUIDField(unique=True, editable=False)
    text = models.TextField(_("text"), max_length=POST_LENGTH)
    posted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False)
    posted_at = models.DateTimeField(auto_now_add=True)
    withdrawn_at = models.DateTimeField(null=True, editable=False)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", editable=False
    )

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(name="events_post_says_something", condition=~Q(text="")),
            models.CheckConstraint(
                name="events_post_withdrawn",
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.text[:40]
