"""What those who work on a case write: a note to each other, a question to whoever reported it."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from grid.models import OPINION_LENGTH
from kit.refusals import Refused
from kit.web import DeedForm


class NoteForm(DeedForm):
    """What colleagues should know."""

    words = forms.CharField(
        label=pgettext_lazy("for colleagues", "Note"),
        max_length=OPINION_LENGTH,
        required=False,  # the deed says what is missing
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Only those who work on the case read it. It stays as it is."),
        error_messages={"max_length": _("Please say it in %(limit_value)d characters or fewer.")},
    )


class QuestionForm(DeedForm):
    """What whoever reported it should tell."""

    question = forms.CharField(
        label=_("Ask whoever reported it"),
        max_length=OPINION_LENGTH,
        required=False,  # the deed says what is missing
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "Who that is you do not learn. Whoever left an address is told; others find it with their receipt."
        ),
        error_messages={"max_length": _("Please say it in %(limit_value)d characters or fewer.")},
    )

    def field_of(self, refusal: Refused) -> str | None:
        return "question" if refusal.field == "words" else refusal.field
