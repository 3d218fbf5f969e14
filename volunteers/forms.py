"""What a person writes about himself or herself."""

from django import forms
from django.utils.translation import gettext_lazy as _

from communities import numbers
from communities.names import NAME_LENGTH
from kit.web import DeedForm


class ProfileForm(DeedForm):
    """Name, language and emergency contact. The mobile number is not here: it is what one will sign in with."""

    display_name = forms.CharField(
        label=_("Your name"),
        max_length=NAME_LENGTH,
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
        max_length=NAME_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    emergency_phone = forms.CharField(
        label=_("Phone of the emergency contact"),
        required=False,
        max_length=numbers.MOST,
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "off"}),
    )
