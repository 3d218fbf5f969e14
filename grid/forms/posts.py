"""Filling posts: appointing, handing over, ending, naming a deputy, telling an absence, taking into the grid team."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from communities.models import Organisation
from communities.numbers import MOST as PHONE_LENGTH
from communities.words import reads_english
from grid.chain import appointing
from grid.models import Post, Road, Segment, in_force
from grid.models.chain import CARD_TEXT_LENGTH, PREFIX_LENGTH
from kit.refusals import Refused
from kit.web import DeedForm

from .picking import (
    PickingForm,
    day_field,
    people_called,
    person_key,
    person_label,
    place_key,
    place_label,
    places_called,
)

Role = Post.Role

LONGEST_NAME = 60


def _person_field(label: Any, *, required: bool = False, hint: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=hint or _("Name, user name or whole mobile number."),
        required=required,
        max_length=LONGEST_NAME,
        widget=forms.TextInput(attrs={"autocomplete": "off", "data-count": "off"}),
        error_messages={"required": _("Please say who it is.")},
    )


def _phone_field() -> forms.CharField:
    return forms.CharField(
        label=_("Duty phone"),
        help_text=_("Stands on the notice board. A number of the office, not somebody's own."),
        required=False,
        max_length=PHONE_LENGTH,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off", "data-count": "off"}),
    )


def _organisation_field(label: Any, hint: Any) -> forms.ModelChoiceField[Organisation]:
    return forms.ModelChoiceField(
        label=label,
        help_text=hint,
        queryset=Organisation.objects.verified().order_by("name"),
        required=False,
        empty_label=_("none"),
        error_messages={"invalid_choice": _("Please choose one of these organisations.")},
    )


class _NamesOrganisations(PickingForm):
    """Organisations are offered by their names in the reader's language."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields.get("organisation")
        if isinstance(field, forms.ModelChoiceField) and reads_english():
            field.label_from_instance = _spoken_name  # type: ignore[method-assign,assignment]

    def clean(self) -> dict[str, Any]:
        """``person`` is the account that was meant."""
        cleaned: dict[str, Any] = super().clean() or {}
        if words := cleaned.get("person"):
            cleaned["person"] = self.picked("person", people_called(words), person_key, person_label)
        elif "person" in cleaned:
            cleaned["person"] = None
        return cleaned


def _spoken_name(organisation: Organisation) -> str:
    return organisation.spoken_name


class AppointForm(_NamesOrganisations):
    """Who answers for which place in which role, from when."""

    role = forms.ChoiceField(
        label=_("Role"),
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Please choose a role.")),
    )
    level = forms.TypedChoiceField(
        label=_("Level"),
        help_text=_("Of road chiefs: 1 leads and coordinates, 2 supervises, 3 is there every day."),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", "–"), ("1", "1"), ("2", "2"), ("3", "3")],
        error_messages={"invalid_choice": _("A road chief is of level 1, 2 or 3.")},
    )
    place = forms.CharField(
        label=_("Place"),
        help_text=_("Name or code of the area or road; a part of the name will do."),
        max_length=LONGEST_NAME,
        widget=forms.TextInput(attrs={"autocomplete": "off", "data-count": "off"}),
        error_messages={"required": _("Please say for which place.")},
    )
    stretch = forms.IntegerField(
        label=_("Only for one stretch of the road"),
        help_text=_("Its number; leave it empty for the whole road."),
        required=False,
        min_value=1,
        max_value=32767,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value"), _("Please write the number of the stretch, such as 2.")
        ),
    )
    person = _person_field(_("Who"))
    organisation = _organisation_field(
        _("Organisation"), _("The line department; of a person, the organisation for which he or she is there.")
    )
    categories = forms.CharField(
        label=_("Kinds of problems"),
        help_text=_("Of line departments: the beginning of the codes, as in E04. Empty for everything."),
        required=False,
        max_length=PREFIX_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "data-count": "off"}),
    )
    since = day_field(_("In office from"))
    until = day_field(_("No longer from"), required=False, hint=_("Leave it empty where no end is set."))
    duty_phone = _phone_field()

    def __init__(self, *args: Any, roles: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [  # type: ignore[attr-defined]
            (role, capfirst(str(Role(role).label))) for role in roles
        ]

    def clean(self) -> dict[str, Any]:
        """``place`` and ``segment`` too."""
        cleaned = super().clean()
        if words := cleaned.get("place"):
            found = places_called(words)
            fitting = appointing.fitting(cleaned.get("role", ""), found)
            cleaned["place"] = self.picked("place", fitting or found, place_key, place_label)
        number, place = cleaned.get("stretch"), cleaned.get("place")
        cleaned["segment"] = None
        if number and isinstance(place, Road):
            day = cleaned.get("since") or timezone.localdate()
            cleaned["segment"] = Segment.objects.filter(in_force(day), road=place, number=number).first()
            if cleaned["segment"] is None:
                self.add_error("stretch", gettext("This road has no stretch of this number."))
        return cleaned

    @property
    def wanted(self) -> dict[str, Any]:
        """What :func:`appointing.appoint` takes."""
        cleaned = self.cleaned_data
        names = (
            *("role", "place", "segment", "person", "organisation", "categories"),
            *("since", "until", "duty_phone"),
        )
        return {**{name: cleaned[name] for name in names}, "level": cleaned["level"] or 0}


class HandOverForm(_NamesOrganisations):
    """Who takes over, from when, and what there is to know."""

    person = _person_field(_("Who takes over"))
    organisation = _organisation_field(_("Organisation"), "")
    since = day_field(_("From which day"))
    handover = forms.CharField(
        label=_("What there is to know"),
        help_text=_("Read by the two of them and by those above."),
        required=False,
        max_length=CARD_TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    duty_phone = _phone_field()

    def __init__(self, *args: Any, is_department: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_department:
            del self.fields["person"]


class RelieveForm(DeedForm):
    """From which day on the holder no longer answers."""

    until = day_field(_("No longer from"))


class DeputyForm(_NamesOrganisations):
    """Who stands in whenever the holder is away."""

    person = _person_field(_("Who stands in"), required=True)


class AbsenceForm(DeedForm):
    """From when until when; never why."""

    since = day_field(_("Away from"))
    until = day_field(_("Back on"), hint=_("The first day on which you, or the holder, are there again."))


class PhoneForm(DeedForm):
    """The number on the board."""

    duty_phone = _phone_field()


class TakeInForm(_NamesOrganisations):
    """Who belongs to the grid team."""

    person = _person_field(_("Who joins the grid team"), required=True)

    def field_of(self, refusal: Refused) -> str | None:
        """All that is refused is said of the person."""
        return "person"
