"""What a person writes about himself or herself."""

import re
import unicodedata
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from communities.models import User

from .models import Volunteer

# As people write them: landlines with an area code, extensions, foreign numbers.
PHONE = re.compile(r"^\+?[0-9][0-9 ()\-]{3,22}[0-9]$")


TURNS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Marks that turn the direction of the writing that follows them, on other people's pages too."""

BLANKS = frozenset("\u2800\u3164\uffa0\u115f\u1160")
"""Letters to Unicode, and nothing to the eye."""


class ProfileForm(forms.Form):
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
        validators=[
            RegexValidator(PHONE, _("Please write a phone number: digits, with spaces or dashes if you like."))
        ],
    )

    def clean_display_name(self) -> str:
        name: str = self.cleaned_data["display_name"]
        if not is_readable_name(name):
            raise forms.ValidationError(self.fields["display_name"].error_messages["required"])
        return name

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        name, phone = cleaned.get("emergency_name"), cleaned.get("emergency_phone")
        if name and not phone and "emergency_phone" not in self.errors:
            self.add_error("emergency_phone", _("Please add the phone, or leave both empty."))
        if phone and not name and "emergency_name" not in self.errors:
            self.add_error("emergency_name", _("Please add the name, or leave both empty."))
        return cleaned


def is_readable_name(name: str) -> bool:
    """Can a leader call somebody by it? There is something to see, and nothing that rewrites the line it stands in.

    Joiners inside a name are left alone (emoji and some scripts need them); control characters and the marks that turn
    the direction of writing are not.
    """
    if any((unicodedata.category(letter) == "Cc" and letter != "\t") or letter in TURNS for letter in name):
        return False
    return any(unicodedata.category(letter)[0] not in "CZ" and letter not in BLANKS for letter in name)
