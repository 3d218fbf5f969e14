"""Coming in by a number: the number, the code, and what a new account needs."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from communities import numbers
from communities.names import NAME_LENGTH
from kit.refusals import Refused
from kit.web import DeedForm


class NumberForm(DeedForm):
    """A mobile number; cleaned it is E.164."""

    phone = forms.CharField(
        label=_("Mobile number"),
        max_length=numbers.MOST,
        error_messages={"required": _("Please write your mobile number.")},
        widget=forms.TextInput(
            attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel", "data-count": "off"},
        ),
    )

    def clean_phone(self) -> str:
        try:
            return numbers.mobile(self.cleaned_data["phone"])
        except Refused as refusal:
            raise forms.ValidationError(refusal.sentence, code=refusal.code) from refusal


class CodeForm(DeedForm):
    """The code as it was typed; whether it is the one the process says."""

    code = forms.CharField(
        label=_("Code"),
        max_length=20,
        error_messages={"required": _("Please write the six digits of the message.")},
        widget=forms.TextInput(
            attrs={
                "inputmode": "numeric",
                "autocomplete": "one-time-code",
                "class": "code",
                "data-count": "off",
                "spellcheck": "false",
            }
        ),
    )


class ConsentForm(DeedForm):
    """The word that somebody has read the privacy notice and agrees."""

    agrees = forms.BooleanField(
        error_messages={
            "required": _("Without your consent we may not keep your number and name. Please tick the box.")
        }
    )

    def __init__(self, *args: Any, version: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agrees"].label = _("I have read the privacy notice (%(version)s) and agree.") % {
            "version": version
        }


class WelcomeForm(ConsentForm):
    """What a new account needs: a name to call somebody by, and consent."""

    display_name = forms.CharField(
        label=_("How may we call you?"),
        max_length=NAME_LENGTH,
        help_text=_("So the leader on site calls you. It need not be the name in your passport."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Please write how we may call you.")},
    )
    field_order = ("display_name", "agrees")


class CloseForm(DeedForm):
    """Closing wants a second thought: the tick."""

    is_sure = forms.BooleanField(
        label=_("I understand that this cannot be undone."),
        error_messages={"required": _("Please tick the box if you really want to close the account.")},
    )
