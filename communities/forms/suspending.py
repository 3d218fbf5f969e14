"""Keeping somebody out."""

from django import forms
from django.utils.translation import gettext_lazy as _

from communities.suspending import REASON_LENGTH
from kit.web import DeedForm


class SuspendForm(DeedForm):
    """Why the account is closed."""

    reason = forms.CharField(
        label=_("Why is the account suspended?"),
        help_text=_("Kept with the account; only operators read it."),
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Say in a word why.")},
    )
