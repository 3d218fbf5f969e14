"""The form of a deed, made from its row of the table: a field for each thing that it needs, and what it may take besides.

What is missing is said with the deed's own sentence, all of it at once; the deed asks once more. Pictures are kept from
the moment they arrive, so a no costs nobody a photo.
"""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy

from communities.models import Organisation, User
from grid.desk import words as staff_words
from grid.forms.deed_fields import MAKE, OTHER, Before, Cards
from grid.models import Case, DraftPhoto, ReplyTemplate
from grid.net import locating
from grid.reports import drafts
from grid.rules.particulars import MISSING, Particulars
from grid.rules.transitions import ROW, Deed
from kit.refusals import Refused
from kit.web import DeedForm, is_id

BESIDES: Mapping[Deed, tuple[str, ...]] = {
    Deed.CORRECT: (
        "category", "description", "road", "house_number", "address", "is_dwelling", "is_urgent", "is_public",
        "is_complaint", "against", "reason",
    ),
    Deed.VERIFY: ("person", "reason"),
    Deed.REPORT_VERIFIED: ("photos_before", "photos_after"),
    Deed.SOLVE_ON_THE_SPOT: ("reason",),
    Deed.FILE: ("reason",),
    Deed.DISPATCH: ("reason",),
    Deed.ASSIGN: ("person", "reason"),
    Deed.SUBMIT: ("photos_before", "photos_after", "reason"),
    Deed.CHECK: ("person", "reason"),
    Deed.CONFIRM: ("photos_after", "reason"),
    Deed.SEND_BACK: ("photos_after",),
    Deed.CLOSE: ("photos_after", "reason"),
    Deed.REOPEN: ("photos_after",),
    Deed.GRANT_DELAY: ("reason",),
    Deed.SPLIT: ("reason",),
    Deed.MERGE: ("reason",),
    Deed.URGE: ("reason",),
    Deed.HIDE: ("withheld", "description", "address", "is_dwelling", "no_pictures", "whole"),
}  # fmt: skip
"""What a deed takes beside what it needs."""

NEEDED: Mapping[Deed, frozenset[str]] = {Deed.ASSIGN: frozenset({"person"})}
"""Of that, what it is nothing without."""

ORDER = (
    "photos_before", "photos_after", "category", "standard", "unit", "proposed_unit", "units", "into", "person", "until",
    "withheld", "description", "road", "house_number", "address", "method", "word", "is_dwelling", "is_urgent",
    "is_public", "is_complaint", "against", "no_pictures", "whole", "reason",
)  # fmt: skip
"""Pictures first, as on the spot; then from what is decided to what is only added."""

ANSWERS = frozenset({Deed.REJECT, Deed.CLOSE, Deed.SUSPEND})
"""Deeds for which there are templates of words."""

PICTURES = ("photos_before", "photos_after")

TEXTS = frozenset({"description", "address", "reason"})
"""What is empty and not None where nothing is written."""


def needs_of(deed: Deed) -> tuple[str, ...]:
    """The fields without which the deed is refused."""
    named = [name for need in ROW[deed].needs for name in Particulars.fields_of(need)]
    return (*named, *NEEDED.get(deed, ()))


def fields_of(deed: Deed) -> list[str]:
    """What the form of a deed asks, in its order."""
    asked = {*needs_of(deed), *BESIDES.get(deed, ())}
    return [name for name in ORDER if name in asked]


@dataclass(frozen=True)
class Shown:
    """A field as ``grid/_deed_field.html`` shows it; of pictures also those that are kept already."""

    field: forms.BoundField
    optional: bool
    has_cards: bool
    is_pictures: bool
    pictures: list[DraftPhoto]
    pictures_key: uuid.UUID


class MovingForm(DeedForm):
    """What one deed takes. Made with :meth:`to_do`; ``particulars`` is what goes to :func:`grid.cases.moving.move`."""

    # The number of the last step that whoever writes has seen; and the name of this showing of the form, for its pictures.
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    key = forms.CharField(widget=forms.HiddenInput, required=False)
    template: forms.ModelChoiceField[ReplyTemplate] = forms.ModelChoiceField(
        queryset=None, required=False, label=gettext_lazy("Begin with a template")
    )

    def __init__(
        self,
        before: Before,
        typed: QueryDict | None = None,
        files: MultiValueDict[str, UploadedFile] | None = None,
    ) -> None:
        self.before = before
        sent = _key_in(typed.get("key", "")) if typed is not None else None
        self.draft_key = sent or uuid.uuid4()
        if typed is not None:
            typed = typed.copy()
            typed["key"] = str(self.draft_key)  # one that is none of ours is replaced
        super().__init__(typed, files, initial={"key": str(self.draft_key), "seen": last_step(before.case)})
        templates = staff_words.templates_for(before.case) if before.deed in ANSWERS else ReplyTemplate.objects.none()
        self.fields["template"].queryset = templates  # type: ignore[attr-defined]
        if not templates.exists():
            del self.fields["template"]
        for name in fields_of(before.deed):
            for made_name, field in MAKE[name](before):
                self.fields[made_name] = field
        self.refused_pictures: dict[str, list[Refused]] = {}

    @property
    def shown(self) -> list[Shown]:
        """The fields that people see, in their order; the template stands with the word."""
        return [self._shown(name) for name in self.fields if name not in ("seen", "key", "template")]

    def _shown(self, name: str) -> Shown:
        needed = name.removesuffix("_other") in needs_of(self.before.deed)
        key = _key_for(self.draft_key, name)
        return Shown(
            field=self[name],
            optional=not needed and not isinstance(self.fields[name], forms.BooleanField),
            has_cards=isinstance(self.fields[name].widget, Cards),
            is_pictures=name in PICTURES,
            pictures=drafts.pictures_of(key) if name in PICTURES and self.is_bound else [],
            pictures_key=key,
        )

    @property
    def templates(self) -> list[tuple[ReplyTemplate, str]]:
        """The templates that may begin the word, each with its words for this case."""
        if "template" not in self.fields:
            return []
        case = self.before.case
        return [(each, staff_words.filled(each, case)) for each in self.fields["template"].queryset]  # type: ignore[attr-defined]

    @property
    def has_pictures(self) -> bool:
        return any(name in PICTURES for name in self.fields)

    # --- what was typed

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name in ("unit", "proposed_unit", "into"):
            if name in self.fields:
                self._settle(name, cleaned)
        for name in PICTURES:
            if name in self.fields:
                self._keep_pictures(name, cleaned.get(name) or [])
        for name in needs_of(self.before.deed):
            if not self._is_given(name, cleaned) and name not in self.errors:
                self.add_error(name, str(MISSING[name]))
        return cleaned

    def _settle(self, name: str, cleaned: dict[str, Any]) -> None:
        """The one that was proposed, or the one that was looked for instead."""
        other = cleaned.pop(f"{name}_other", None)
        chosen = cleaned.get(name)
        if isinstance(chosen, str):
            cleaned[name] = other if chosen in ("", OTHER) else self._found(name, chosen)

    def _found(self, name: str, chosen: str) -> Organisation | Case | None:
        rows = Case.objects.all() if name == "into" else Organisation.objects.all()
        return rows.filter(pk=int(chosen)).first()

    def _is_given(self, name: str, cleaned: Mapping[str, Any]) -> bool:
        if name in PICTURES:
            return bool(self.pictures(name))
        return bool(cleaned.get(name))

    # --- pictures

    def pictures(self, name: str) -> list[DraftPhoto]:
        """The pictures that are kept for this field."""
        return drafts.pictures_of(_key_for(self.draft_key, name))

    def _keep_pictures(self, name: str, files: Iterable[UploadedFile]) -> None:
        key = _key_for(self.draft_key, name)
        drop = [int(pk) for pk in self.data.getlist(f"{name}_drop") if is_id(pk)] if self.is_bound else []  # type: ignore[attr-defined]
        if drop:
            drafts.drop(key=key, photos=drop)
        uploads = [file.file for file in files if file.file is not None]
        refusals = drafts.keep(key=key, uploads=uploads, source=f"person:{self.before.by.pk}")
        for sentence in dict.fromkeys(refusal.sentence for refusal in refusals):
            self.add_error(name, sentence)

    def forget_pictures(self) -> None:
        """The deed has them now."""
        for name in PICTURES:
            if name in self.fields:
                key = _key_for(self.draft_key, name)
                drafts.drop(key=key, photos=[photo.pk for photo in drafts.pictures_of(key)])

    def see_again(self, case: Case) -> None:
        """What happened meanwhile is told now: whoever sends the form once more has read it."""
        data = self.data.copy()  # type: ignore[attr-defined]
        data["seen"] = str(last_step(case))
        self.data = data

    def particulars(self) -> dict[str, Any]:
        """What was given, by the names that deeds know."""
        given = {name: self.cleaned_data.get(name) for name in fields_of(self.before.deed)}
        for name in PICTURES:
            if name in given:
                given[name] = [Kept.of(photo) for photo in self.pictures(name)]
        if self.before.deed is Deed.CORRECT:
            return self._corrected(given)
        if self.before.deed is Deed.HIDE:
            return self._changed(given)
        return {name: value for name, value in given.items() if value not in (None, "", [])}

    def _changed(self, given: Mapping[str, Any]) -> dict[str, Any]:
        return {
            name: value or "" if name in TEXTS else value for name, value in given.items() if name in self.changed_data
        }

    def _corrected(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Only what is otherwise than before; a house of a road brings its stretch and its position."""
        changed = self._changed(given)
        road, number = given["road"], given["house_number"]
        if {"road", "house_number"} & changed.keys() and road is not None and number:
            found = locating.house_at(road, number, on=timezone.localdate(self.before.now))
            if found is not None:
                segment, (longitude, latitude) = found
                changed |= {"road": road, "segment": segment, "longitude": longitude, "latitude": latitude}
        return changed


@dataclass(frozen=True)
class Kept:
    """A picture of a draft, for the deed that takes it."""

    picture: bytes
    small: bytes
    width: int
    height: int

    @classmethod
    def of(cls, photo: DraftPhoto) -> "Kept":
        with photo.file.open("rb") as large, photo.small.open("rb") as small:
            return cls(large.read(), small.read(), photo.width, photo.height)


def to_do(
    deed: Deed,
    case: Case,
    by: User,
    *,
    typed: QueryDict | None = None,
    files: MultiValueDict[str, UploadedFile] | None = None,
) -> MovingForm:
    """The form of this deed for this case and person, as it was sent or empty."""
    return MovingForm(Before(deed, case, by, timezone.now()), typed, files)


def shown_again(form: MovingForm, typed: MultiValueDict[str, str]) -> MovingForm:
    """The same form with what was typed, as if it had not been sent: nobody is told yet what is missing."""
    before = form.before
    again = MovingForm(before)
    several = {name for name, field in again.fields.items() if isinstance(field, forms.ModelMultipleChoiceField)}
    again.initial = {name: typed.getlist(name) if name in several else typed.get(name, "") for name in again.fields}
    again.initial |= {"key": str(form.draft_key), "seen": typed.get("seen", "")}
    again.draft_key = form.draft_key
    return again


def asks_anything(deed: Deed) -> bool:
    """Is there anything to fill in? Without it one press does the deed."""
    return bool(fields_of(deed))


def last_step(case: Case) -> int:
    """The number of what was done last."""
    return case.steps.order_by("-number").values_list("number", flat=True).first() or 0


def _key_in(written: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(written)
    except ValueError:
        return None


def _key_for(key: uuid.UUID, name: str) -> uuid.UUID:
    return uuid.uuid5(key, name)
