"""The words of a five-fix responsibility card."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from grid.models.chain import CARD_TEXT_LENGTH
from kit.web import DeedForm


def _text(label: Any, hint: Any, missing: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=hint,
        max_length=CARD_TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": missing},
    )


class CardForm(DeedForm):
    """Area, duty, task, reward; the people stand in the chain."""

    extent = _text(_("Area"), _("From where to where it reaches."), _("Say from where to where it reaches."))
    duty = _text(_("Duty"), _("What one answers for."), _("Say what one answers for."))
    task = _text(_("Task"), _("What is done, and how often."), _("Say what is done, and how often."))
    reward = _text(
        _("Reward and penalty"),
        _("Not shown to everybody: only those who answer for the place and those above read it."),
        _("Say what is praised, and what follows where it is not done."),
    )
