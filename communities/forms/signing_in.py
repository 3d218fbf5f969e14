"""The forms with name and password."""

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm, SetPasswordForm
from django.utils.translation import gettext_lazy as _

from communities import attempts, numbers
from communities.models import User
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
        name.label, password.label = _("User name or mobile number"), _("Password")
        # How much may be written is no news to anybody here.
        name.widget.attrs.update({"data-count": "off", "autocapitalize": "none", "spellcheck": "false"})
        password.widget.attrs["data-count"] = "off"
        # Django would begin at the name; most people come by a number, whose field stands above. Who was chosen by name
        # lacks the password alone.
        name.widget.attrs.pop("autofocus", None)
        if self.initial.get("username"):
            password.widget.attrs["autofocus"] = True

    def clean(self) -> dict[str, Any]:
        name = self._account_name(self.cleaned_data.get("username"))
        address = self.request.META.get("REMOTE_ADDR", "") if self.request else ""
        if name and self.cleaned_data.get("password"):
            try:
                attempts.begin(name, address)
            except Refused as refusal:
                self.refusal = refusal
                raise forms.ValidationError(refusal.sentence, code=refusal.code) from refusal
        if name:
            self.cleaned_data["username"] = name
        cleaned: dict[str, Any] = super().clean()
        if self.get_user() is not None:
            attempts.forget(str(name), address)
        return cleaned

    @staticmethod
    def _account_name(written: str | None) -> str | None:
        """The user name; who came by a number never chose one and writes the number."""
        try:
            phone = numbers.mobile(written or "")
        except Refused:
            return written
        known = User.objects.filter(phone=phone).values_list("username", flat=True).first()
        # Unknown numbers are one name too, however they are spelt: attempts are counted by it.
        return known or phone


class NewPasswordForm(SetPasswordForm):
    """A first password, for somebody who came by a code."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _name_passwords(self)


class OtherPasswordForm(PasswordChangeForm):
    """Another password, for somebody who knows the old one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _name_passwords(self)
        self.fields["old_password"].label = _("Password until now")
        self.fields["old_password"].widget.attrs["data-count"] = "off"


def _name_passwords(form: forms.Form) -> None:
    first, second = form.fields["new_password1"], form.fields["new_password2"]
    first.label, second.label = _("New password"), _("The same once more")
    first.help_text = _("At least eight characters; not only digits, and no word that everybody uses.")
    second.help_text = ""
    for field in (first, second):
        field.widget.attrs["data-count"] = "off"
