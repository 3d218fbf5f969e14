"""Signing up and cancelling."""

import re
import uuid
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from events.models import SignUp
from kit.refusals import Refused
from kit.web import DeedForm

_KEY = re.compile(r"[0-9a-f]{32}")


def new_key() -> str:
    """A key for one showing of the sheet: however often it is sent, it is one request."""
    return uuid.uuid4().hex


class SignUpForm(DeedForm):
    """Which shift, and the person's word to be of age where the action asks for it and it was not given before."""

    shift = forms.TypedChoiceField(
        label=_("Which shift?"),
        coerce=int,
        error_messages={
            "required": _("Please choose a shift."),
            "invalid_choice": _("This shift does not belong to the action any more. Please choose one of these."),
        },
    )
    is_adult = forms.BooleanField(
        label=_("I am 18 or older."),
        error_messages={"required": _("This action is for people of 18 and older. Please confirm that you are.")},
    )
    request_key = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, shifts: Iterable[int], asks_age: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["shift"].choices = [(pk, pk) for pk in shifts]  # type: ignore[attr-defined]
        if not asks_age:
            del self.fields["is_adult"]

    @property
    def chosen(self) -> str:
        """The shift that is ticked, as the browser says it."""
        return str(self["shift"].value() or "")

    def key_for(self, shift: int) -> str:
        """The key of this request; what is no key of ours is none.

        A sheet that comes back by the back button and is sent for another shift is another request.
        """
        key = self.cleaned_data.get("request_key", "")
        return f"{key}-{shift}" if _KEY.fullmatch(key) else ""

    def field_of(self, refusal: Refused) -> str | None:
        return refusal.field or ("shift" if refusal.code in {"overlap", "begun", "full"} else None)


class CancelForm(DeedForm):
    """Why somebody cannot come; asked for shortly before the shift only, and the deed says when that is."""

    reason = forms.CharField(
        label=_("Why can you not come?"),
        help_text=_("A few words are enough; only those who lead the action see them."),
        max_length=SignUp._meta.get_field("reason").max_length,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
