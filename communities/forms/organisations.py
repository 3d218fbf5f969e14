"""What an organisation is: as it is applied for, decided, and described by its own people."""

from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from communities import numbers
from communities.models import (
    ABOUT_LENGTH,
    INTRO_EN_LENGTH,
    INTRO_LENGTH,
    ORGANISATION_NAME_EN_LENGTH,
    ORGANISATION_NAME_LENGTH,
    Organisation,
)
from kit.web import DeedForm


def _phone_field() -> forms.CharField:
    return forms.CharField(
        label=_("Public phone"),
        help_text=_("A duty number, not a private one: everybody can read it."),
        required=False,
        max_length=numbers.MOST,
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "off"}),
    )


def _english_name_field() -> forms.CharField:
    return forms.CharField(label=_("Name in English"), required=False, max_length=ORGANISATION_NAME_EN_LENGTH)


def _name_field() -> forms.CharField:
    return forms.CharField(
        label=_("Name of the organisation"),
        help_text=_("As it stands on the seal or the door plate."),
        max_length=ORGANISATION_NAME_LENGTH,
        error_messages={"required": _("An organisation needs a name.")},
    )


def _badge_field() -> forms.CharField:
    return forms.CharField(
        label=_("Badge"),
        help_text=_("One character that stands for the name. Left empty, it is the first one."),
        max_length=1,
        required=False,
        widget=forms.TextInput(attrs={"data-count": "off"}),
    )


def _kind_field() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("What kind?"),
        choices=lambda: [(kind.value, capfirst(str(kind.label))) for kind in Organisation.Kind],
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Please choose what kind it is.")),
    )


class ApplyForm(DeedForm):
    """An organisation that wants to come in."""

    name = _name_field()
    kind = _kind_field()
    about = forms.CharField(
        label=_("Who are you, and how can we tell?"),
        help_text=_("What you do there, and whom the operator may call to make sure. No documents are needed."),
        max_length=ABOUT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Say in a few words who you are.")},
    )
    phone = _phone_field()
    name_en = _english_name_field()


class RenameForm(DeedForm):
    """The operator says anew what an organisation is called, and what it is."""

    name = _name_field()
    short = _badge_field()
    kind = _kind_field()

    @property
    def wanted(self) -> dict[str, Any]:
        """What :func:`renaming.rename` takes."""
        return {**self.cleaned_data, "kind": Organisation.Kind(self.cleaned_data["kind"])}


class AcceptForm(DeedForm):
    """The operator takes an organisation in."""

    name = _name_field()
    short = _badge_field()
    is_verified = forms.BooleanField(
        label=_("I have made sure that it is what it says: verify it at once."), required=False
    )


class DescribeForm(DeedForm):
    """What the organisation's own page says."""

    intro = forms.CharField(
        label=_("Who we are"),
        help_text=_("What you do, when somebody is there, and whom one may ask."),
        required=False,
        max_length=INTRO_LENGTH,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    phone = _phone_field()
    name_en = _english_name_field()
    intro_en = forms.CharField(
        label=_("Who we are, in English"),
        required=False,
        max_length=INTRO_EN_LENGTH,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
