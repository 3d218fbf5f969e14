"""The form with which one signs in."""

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.utils.translation import gettext_lazy as _

from communities import attempts
from kit.refusals import Refused


class LoginForm(AuthenticationForm):
    """Name and password, tried at most so often (:mod:`communities.attempts`).

    ``refusal`` is set when it was too often: the view answers with its status.
    """

    error_messages = {
        "invalid_login": _("The name or the password is not right. Please look at both; capital letters count."),
        "inactive": _("This account is closed."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.refusal: Refused | None = None
        name, password = self.fields["username"], self.fields["password"]
        name.label, password.label = _("User name"), _("Password")
        # How much may be written is no news to anybody here.
        name.widget.attrs.update({"data-count": "off", "autocapitalize": "none", "spellcheck": "false"})
        password.widget.attrs["data-count"] = "off"

    def clean(self) -> dict[str, Any]:
        name = self.cleaned_data.get("username")
        address = self.request.META.get("REMOTE_ADDR", "") if self.request else ""
        if name and self.cleaned_data.get("password"):
            try:
                attempts.begin(name, address)
            except Refused as refusal:
                self.refusal = refusal
                raise forms.ValidationError(refusal.sentence, code=refusal.code) from refusal
        cleaned: dict[str, Any] = super().clean()
        if self.get_user() is not None:
            attempts.forget(str(name), address)
        return cleaned
