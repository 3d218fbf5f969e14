"""What the reporter of a case writes: the receipt code, an answer, a rating, and why it must be handled again."""

from django import forms
from django.utils.translation import gettext_lazy as _

from grid.cases.adding import MOST_PICTURES
from grid.models import OPINION_LENGTH
from grid.reports.photographs import CleanPicture, clean
from kit.refusals import Refused
from kit.web import DeedForm

from .reporting import PicturesField, PicturesInput

TOO_LONG = {"max_length": _("Please say it in %(limit_value)d characters at most.")}

RATINGS = (
    (5, _("Very satisfied")),
    (4, _("Satisfied")),
    (3, _("So-so")),
    (2, _("Dissatisfied")),
    (1, _("Very dissatisfied")),
)


class FindForm(DeedForm):
    """The receipt code, in whatever way somebody writes it."""

    code = forms.CharField(
        label=_("Receipt code"),
        max_length=40,
        help_text=_("Eight letters and digits from your receipt. Small letters, blanks and dashes do not matter."),
        error_messages={
            "required": _("Write the eight letters and digits of your receipt."),
            "max_length": _("A receipt code has eight letters and digits."),
        },
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", "data-count": "off"}
        ),
    )


class AnswerForm(DeedForm):
    """The reporter's answer to a question, perhaps with a picture."""

    words = forms.CharField(
        label=_("Your answer"),
        max_length=OPINION_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Write your answer."), **TOO_LONG},
    )
    photo = forms.FileField(
        label=_("A picture"),
        required=False,
        help_text=_("Only those who work on the case see it."),
        error_messages={"empty": _("This file is empty. Please choose the picture once more.")},
        widget=forms.FileInput(attrs={"accept": "image/*"}),
    )

    def clean_photo(self) -> list[CleanPicture]:
        """The picture made anew; what is none is said beside the field."""
        upload = self.cleaned_data["photo"]
        if not upload:
            return []
        try:
            return [clean(upload, field="photo")]
        except Refused as refusal:
            raise forms.ValidationError(refusal.sentence) from refusal

    def field_of(self, refusal: Refused) -> str | None:
        return "photo" if refusal.field == "photos" else refusal.field


class AddForm(DeedForm):
    """Words, a picture or both; that it is something is said by the deed."""

    words = forms.CharField(
        label=_("What would you like to add?"),
        required=False,
        max_length=OPINION_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages=TOO_LONG,
    )
    photos = PicturesField(
        label=_("Pictures"),
        required=False,
        help_text=_("Three at most. Those who work on the case see them."),
        widget=PicturesInput(attrs={"accept": "image/*"}),
    )

    def clean_photos(self) -> list[CleanPicture]:
        """The pictures made anew; what is none is said beside the field. One too many is read, for the deed to refuse."""
        try:
            return [clean(upload) for upload in self.cleaned_data["photos"][: MOST_PICTURES + 1]]
        except Refused as refusal:
            raise forms.ValidationError(refusal.sentence) from refusal


class RateForm(DeedForm):
    """One to five, and a word with it."""

    rating = forms.TypedChoiceField(
        label=_("How satisfied are you with the answer?"),
        choices=RATINGS,
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Please choose one of the five answers."),
            "invalid_choice": _("Please choose one of the five answers."),
        },
    )
    word = forms.CharField(
        label=_("A word about it"),
        max_length=OPINION_LENGTH,
        required=False,
        help_text=_("For those who handled it; it is not published."),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages=TOO_LONG,
    )


class ReopenForm(DeedForm):
    """Why it must be handled again."""

    reason = forms.CharField(
        label=_("What is not right yet?"),
        max_length=OPINION_LENGTH,
        help_text=_("For those who handle it. This can be asked once."),
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Please say what is not right yet."), **TOO_LONG},
    )


class FollowForm(DeedForm):
    """The mail address of somebody without an account."""

    mail = forms.EmailField(
        label=_("Mail address"),
        max_length=254,
        help_text=_("Used for this alone; every mail carries a link that ends it."),
        error_messages={
            "required": _("Write your mail address."),
            "invalid": _("This is no mail address. It looks like name@example.cn."),
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email", "data-count": "off"}),
    )
