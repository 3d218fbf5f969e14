"""The two answers to what was handed in."""

from django import forms
from django.utils.translation import gettext_lazy as _

from communities.models import REVIEW_WORD_LENGTH
from kit.web import DeedForm


class ReturnForm(DeedForm):
    """What should be changed."""

    word = forms.CharField(
        label=_("What should be changed?"),
        max_length=REVIEW_WORD_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={
            "required": _("Say it in a few words."),
            "max_length": _("Please say it in %(limit_value)d characters at most."),
        },
    )
