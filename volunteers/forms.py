"""What a person writes about himself or herself."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from communities import numbers
from communities.models import User
from communities.names import is_readable_name
from kit.web import DeedForm

from .models import Volunteer


class ProfileForm(DeedForm):
    """Name, language and emergency contact. The mobile number is not here: it is what one will sign in with."""

    display_name = forms.CharField(
        label=_("Your name"),
        max_length=User._meta.get_field("display_name").max_length,
        help_text=_("So the leader on site calls you."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Please write how we may call you.")},
    )
    language = forms.ChoiceField(
        label=_("Language"),
        choices=[("zh-hans", "中文"), ("en", "English")],
        widget=forms.RadioSelect,
        # Django's own sentence repeats whatever was sent, however long, in the page.
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Please choose a language.")),
    )
    emergency_name = forms.CharField(
        label=_("Name of the emergency contact"),
        required=False,
        max_length=Volunteer._meta.get_field("emergency_name").max_length,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    emergency_phone = forms.CharField(
        label=_("Phone of the emergency contact"),
        required=False,
        max_length=Volunteer._meta.get_field("emergency_phone").max_length,
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "off"}),
    )

    def clean_display_name(self) -> str:
        name: str = self.cleaned_data["display_name"]
        if not is_readable_name(name):
            raise forms.ValidationError(self.fields["display_name"].error_messages["required"])
        return name

    def clean_emergency_phone(self) -> str:
        number: str = self.cleaned_data["emergency_phone"]
        if number and not numbers.can_be_called(number):
            raise forms.ValidationError(
                _("Please write a phone number: digits, with spaces or dashes if you like."), code="invalid"
            )
        return number

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        name, phone = cleaned.get("emergency_name"), cleaned.get("emergency_phone")
        if name and not phone and "emergency_phone" not in self.errors:
            self.add_error("emergency_phone", _("Please add the phone, or leave both empty."))
        if phone and not name and "emergency_name" not in self.errors:
            self.add_error("emergency_name", _("Please add the name, or leave both empty."))
        return cleaned
