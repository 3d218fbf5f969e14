"""Naming a key for a program."""

from django import forms
from django.utils.translation import gettext_lazy as _

from communities.models import TOKEN_NAME_LENGTH
from kit.web import DeedForm


class KeyForm(DeedForm):
    """What a new key is called; the deed says what is wrong with a name."""

    name = forms.CharField(
        label=_("What is it for?"),
        help_text=_("A name by which you know it again, as in “calendar on my computer”."),
        max_length=TOKEN_NAME_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Say what the key is for, so that you know it again.")},
    )
