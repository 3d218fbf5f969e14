"""Partners: whom to ask, and what they answer.

Whom to ask is ticked in a list that fits a phone: a dozen organisations at a time, those that are ticked always among them,
and a field to look for others by name. Each box has a name of its own, so that what is typed stays a flat mapping.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy

from communities.models import Organisation
from events import parties
from events.models import WORD_LENGTH
from kit.web import DeedForm

SHOWN = 12
"""Organisations in the list at once."""

BOX = re.compile(r"partner-([1-9]\d{0,17})")

LONGEST_LOOKED_FOR = 80
"""Characters of a name that are looked for."""

LOOKED_FOR = "partners_query"
"""The name of the field with what is looked for."""


class Choice(NamedTuple):
    """An organisation to tick."""

    name: str
    organisation: Organisation
    is_on: bool


@dataclass(frozen=True)
class Choices:
    """The organisations that can be asked, as the form shows them."""

    shown: Sequence[Choice]
    query: str
    is_searched: bool
    """Are there more than fit, so that one may look for others?"""

    longest = LONGEST_LOOKED_FOR

    @property
    def chosen(self) -> list[Organisation]:
        return [choice.organisation for choice in self.shown if choice.is_on]


def boxes_in(typed: Mapping[str, str]) -> list[str]:
    """The names of the boxes that are ticked among what was typed; no more than an action may have partners."""
    return [name for name, value in typed.items() if value and BOX.fullmatch(name)][: parties.MOST]


def choices(typed: Mapping[str, str], *, without: Collection[int] = ()) -> Choices:
    """Whom one can ask: the ticked ones first, then those that were looked for, by name. ``without`` are in it already."""
    query = typed.get(LOOKED_FOR, "").strip()[:LONGEST_LOOKED_FOR]
    ticked = [int(name.removeprefix("partner-")) for name in boxes_in(typed)]
    to_be_asked = parties.to_be_asked().exclude(pk__in=without).order_by("name")
    on = list(to_be_asked.filter(pk__in=ticked))
    others = to_be_asked.exclude(pk__in=ticked)
    found = list(others.filter(Q(name__icontains=query) | Q(name_en__icontains=query))[: SHOWN + 1])
    shown = [Choice(f"partner-{one.pk}", one, is_on=True) for one in on]
    shown += [Choice(f"partner-{one.pk}", one, is_on=False) for one in found[:SHOWN]]
    return Choices(shown, query, is_searched=bool(query) or len(found) > SHOWN)


def asked_for_field() -> forms.CharField:
    return forms.CharField(
        label=gettext_lazy("What is wanted of them"),
        max_length=WORD_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("People, tools, a room … Only those you ask read it."),
    )


def _word_field(**options: object) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 3})
    return forms.CharField(max_length=WORD_LENGTH, widget=widget, **options)  # type: ignore[arg-type]


class InviteForm(DeedForm):
    """What is wanted of those who are ticked."""

    asked_for = asked_for_field()


class AnswerForm(DeedForm):
    """The word that goes with an answer."""

    word = _word_field(label=gettext_lazy("A word with it"), required=False)


class LetGoForm(DeedForm):
    """Why one goes on without a partner."""

    word = _word_field(
        label=gettext_lazy("Why do you go on without them?"),
        error_messages={
            "required": gettext_lazy("Say in a word why; the partner and everybody who follows the action read it.")
        },
    )
