"""Asking to belong, answering, inviting, and who holds which role."""

from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from communities import inviting, numbers
from communities.models import WORD_LENGTH, User
from communities.roles import Role
from kit.refusals import Refused
from kit.web import DeedForm

MAY: dict[Role, Any] = {
    Role.COORDINATOR: _("takes in members, announces actions, answers for everything"),
    Role.EDITOR: _("writes notices and drafts of actions"),
    Role.LEADER: _("drafts actions, leads them and sees who comes"),
    Role.MEMBER: _("belongs and reads drafts"),
}
"""What a role may do, in a few words."""


def role_choices() -> list[tuple[str, str]]:
    """The roles with what they may, the plainest first."""
    return [
        (role.value, gettext("%(role)s: %(may)s") % {"role": capfirst(str(role.label)), "may": MAY[role]})
        for role in reversed(Role)
    ]


class AskForm(DeedForm):
    """A word about oneself."""

    note = forms.CharField(
        label=_("A word about yourself"),
        help_text=_("Where you live or work, and how they know you. Only the coordinators read it."),
        required=False,
        max_length=WORD_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class DeclineForm(DeedForm):
    """Why not; the person reads it."""

    word = forms.CharField(
        label=_("Why not?"),
        help_text=_("The person reads this sentence."),
        max_length=WORD_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say in a word why.")},
    )


class RolesForm(DeedForm):
    """What somebody is in an organisation."""

    roles = forms.MultipleChoiceField(
        label=_("Roles"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Choose at least one role, or let the person go."),
            "invalid_choice": _("There is no such role. Please choose from these."),
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["roles"].choices = role_choices()  # type: ignore[attr-defined]

    @property
    def chosen(self) -> list[Role]:
        return [Role(role) for role in self.cleaned_data["roles"]]


class InviteForm(DeedForm):
    """Whom to invite, by mobile number or user name, and into which role."""

    to = forms.CharField(
        label=_("Mobile number or user name"),
        help_text=_("Nobody but this person can use the invitation."),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "data-count": "off"}),
        error_messages={"required": _("Write a mobile number or a user name.")},
    )
    role = forms.ChoiceField(
        label=_("Role"),
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Please choose a role.")),
    )
    days = forms.TypedChoiceField(
        label=_("How long it holds"),
        coerce=int,
        widget=forms.Select,
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("An invitation holds for 1 to 30 days.")),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = role_choices()  # type: ignore[attr-defined]
        self.fields["days"].choices = [  # type: ignore[attr-defined]
            (1, gettext("1 day")),
            (inviting.DAYS, gettext("7 days")),
            (inviting.LONGEST_DAYS, gettext("30 days")),
        ]
        self.fields["role"].initial, self.fields["days"].initial = Role.MEMBER.value, inviting.DAYS

    def clean(self) -> dict[str, Any]:
        """``phone`` or ``person`` of what was written: what looks like a number is one."""
        cleaned: dict[str, Any] = super().clean() or {}
        written = cleaned.get("to", "")
        if not written:
            return cleaned
        person = User.objects.filter(username__iexact=written, is_active=True).first()
        if person is not None:
            cleaned["person"] = person
        elif any(letter.isalpha() for letter in written):
            self.add_error("to", _("There is no account with this name. Invite by mobile number instead."))
        else:
            try:
                cleaned["phone"] = numbers.mobile(written)
            except Refused as refusal:
                self.add_error("to", refusal.sentence)
        return cleaned

    @property
    def wanted(self) -> dict[str, Any]:
        """What :func:`inviting.invite` takes."""
        cleaned = self.cleaned_data
        return {
            "role": Role(cleaned["role"]),
            "days": cleaned["days"],
            "phone": cleaned.get("phone", ""),
            "person": cleaned.get("person"),
        }
