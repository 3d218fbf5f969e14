"""Choosing a place or a person by what they are called, without script: who is meant is asked where several are called so."""

import contextlib
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from communities import numbers
from communities.models import User
from grid.chain import places
from grid.chain.places import Place
from grid.models import Area
from kit.refusals import Refused
from kit.web import DeedForm

MOST = 12
"""How many are offered to choose from; where more are called so, more has to be written."""

T = TypeVar("T")


class DateInput(forms.DateInput):
    """The browser's own date picker, whose value is ISO 8601 in every language."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class PickingForm(DeedForm):
    """A form in which something is named by words; ``<field>_pick`` is asked where the words fit several."""

    def picked(self, name: str, found: Sequence[T], key: Callable[[T], str], label: Callable[[T], str]) -> T | None:
        """The one that is meant by the field ``name``; None, with an error beside the field, where that is not clear."""
        if not found:
            self.add_error(name, _("Nothing of this name. Please look at the spelling."))
            return None
        if len(found) == 1:
            return found[0]
        pick = f"{name}_pick"
        self.fields[pick] = forms.ChoiceField(
            label=_("Which one do you mean?"),
            choices=[(key(each), label(each)) for each in found[:MOST]],
            widget=forms.RadioSelect,
            required=False,
        )
        chosen = self.data.get(pick)
        meant = next((each for each in found if key(each) == chosen), None)
        if meant is None:
            self.add_error(pick, _("Several are called so. Please choose one, or write more of the name."))
        return meant

    @property
    def picks(self) -> list[forms.BoundField]:
        """The questions that were added, each to be shown below its field."""
        return [self[name] for name in self.fields if name.endswith("_pick")]


def people_called(words: str) -> list[User]:
    """Open accounts of this user name, whole mobile number or name; failing that, with the words in their name."""
    words = words.strip()
    if not words:
        return []
    exact = Q(username__iexact=words) | Q(display_name=words)
    with contextlib.suppress(Refused):
        exact |= Q(phone=numbers.mobile(words))
    known = User.objects.filter(is_active=True)
    return list(known.filter(exact).order_by("pk")[: MOST + 1]) or list(
        known.filter(display_name__icontains=words).order_by("pk")[: MOST + 1]
    )


def person_key(person: User) -> str:
    return str(person.pk)


def person_label(person: User) -> str:
    return _("%(name)s (user name %(username)s)") % {"name": person.name, "username": person.username}


def place_key(place: Place) -> str:
    return f"{'area' if isinstance(place, Area) else 'road'}-{place.pk}"


def place_label(place: Place) -> str:
    return _("%(name)s (code %(code)s)") % {"name": place.spoken_name, "code": place.code}


def places_called(words: str) -> list[Place]:
    """The places that stand or will, by name or code."""
    return places.called(words, on=timezone.localdate(), most=100)


def day_field(label: Any, *, required: bool = True, hint: Any = "", missing: Any = "") -> forms.DateField:
    """A day, as the browser's picker writes it."""
    return forms.DateField(
        label=label,
        help_text=hint,
        required=required,
        input_formats=["%Y-%m-%d"],
        widget=DateInput(),
        error_messages={
            "required": missing or gettext_lazy("On which day?"),
            "invalid": gettext_lazy("This day is not in the calendar."),
        },
    )
