"""Telling those who follow an action how it goes."""

import uuid
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from events.models import POST_LENGTH
from kit.refusals import Refused


class PostForm(forms.Form):
    """What to tell. ``key`` stands for one showing of the form: however often it is sent, it is posted once."""

    use_required_attribute = False

    text = forms.CharField(
        label=_("What should people know?"),
        max_length=POST_LENGTH,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={
            "required": _("Write what people should know."),
            "max_length": _("Please say it in %(limit_value)d characters at most."),
        },
    )
    key = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, typed: Mapping[str, Any] | None = None) -> None:
        """``typed`` is what was sent; a key that is none of ours is replaced by a new one."""
        sent = str(typed.get("key", "")) if typed is not None else ""
        self.request_key = _key(sent) or uuid.uuid4()
        if typed is not None:
            typed = {"text": typed.get("text", ""), "key": str(self.request_key)}
        super().__init__(typed, initial={"key": str(self.request_key)})

    @property
    def post_key(self) -> uuid.UUID:
        """The key of this post. A form that comes back by the back button with another text is another post."""
        return uuid.uuid5(self.request_key, self.cleaned_data["text"])

    def refuse(self, refusal: Refused) -> None:
        """Put the deed's sentence beside the text, or above the form; a key that was used up is replaced."""
        if refusal.code == "other_request":
            self.data = {**self.data, "key": str(uuid.uuid4())}
        self.add_error(refusal.field if refusal.field in self.fields else None, refusal.sentence)


def _key(written: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(written)
    except ValueError:
        return None
