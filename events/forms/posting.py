"""Telling those who follow an action how it goes."""

import uuid
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from communities.models import Organisation, OrganisationQuerySet
from events.identifiers import key_in
from events.models import POST_LENGTH
from kit.refusals import Refused
from kit.web import DeedForm


class VoiceField(forms.ModelChoiceField):
    """One of the organisations in whose names the person may speak."""

    def label_from_instance(self, obj: Organisation) -> str:
        return obj.spoken_name


class PostForm(DeedForm):
    """What to tell. ``key`` stands for one showing of the form: however often it is sent, it is posted once."""

    text = forms.CharField(
        label=_("What should people know?"),
        max_length=POST_LENGTH,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={
            "required": _("Write what people should know."),
            "max_length": _("Please say it in %(limit_value)d characters at most."),
        },
    )
    organisation = VoiceField(
        label=_("In whose name?"),
        queryset=Organisation.objects.none(),
        empty_label=None,
        widget=forms.RadioSelect,
        required=False,
        error_messages={"invalid_choice": _("Please choose one of your own organisations.")},
    )
    key = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, voices: OrganisationQuerySet, typed: Mapping[str, Any] | None = None) -> None:
        """``typed`` is what was sent; a key that is none of ours is replaced by a new one.

        ``voices`` are those in whose names the person may speak; who has only one is not asked.
        """
        found = list(voices)
        sent = str(typed.get("key", "")) if typed is not None else ""
        self.request_key = key_in(sent) or uuid.uuid4()
        if typed is not None:
            only = str(found[0].pk) if len(found) == 1 else ""
            voice = typed.get("organisation", "") or only
            typed = {"text": typed.get("text", ""), "key": str(self.request_key), "organisation": voice}
        first = found[0].pk if found else None
        super().__init__(typed, initial={"key": str(self.request_key), "organisation": first})
        self.fields["organisation"].queryset = voices  # type: ignore[attr-defined]
        if len(found) < 2:
            self.fields["organisation"].widget = forms.HiddenInput()

    @property
    def post_key(self) -> uuid.UUID:
        """The key of this post. A form that comes back by the back button with another text or name is another."""
        said = self.cleaned_data
        voice = said["organisation"]
        return uuid.uuid5(self.request_key, f"{voice.pk if voice else ''}:{said['text']}")

    def refuse(self, refusal: Refused) -> None:
        """As every form; a key that was used up is replaced."""
        if refusal.code == "other_request":
            self.data = {**self.data, "key": str(uuid.uuid4())}
        super().refuse(refusal)
