"""The form of a deed, made from its row of the table: a field for each thing that it needs, and what it may take besides.

What is missing is said with the deed's own sentence, all of it at once; the deed asks once more. Pictures are kept from
the moment they arrive, so a no costs nobody a photo.
"""

import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from communities.models import Organisation, User
from communities.words import local_text
from grid.desk import suggesting
from grid.desk import words as staff_words
from grid.forms.reporting import PicturesField, PicturesInput
from grid.models import (
    ADDRESS_LENGTH,
    DESCRIPTION_LENGTH,
    OPINION_LENGTH,
    Case,
    Category,
    DraftPhoto,
    FilingStandard,
    ReplyTemplate,
    Road,
    in_force,
)
from grid.net import locating
from grid.reports import drafts
from grid.rules.particulars import MISSING, Particulars
from grid.rules.transitions import ROW, Deed
from grid.rules.working_time import Calendar
from kit.refusals import Refused
from kit.times import day_words
from kit.web import DeedForm

OTHER = "other"
"""The choice that none of the proposed ones is it."""

BESIDES: Mapping[Deed, tuple[str, ...]] = {
    Deed.CORRECT: (
        "category", "description", "road", "house_number", "address", "is_dwelling", "is_urgent", "is_public", "reason",
    ),
    Deed.VERIFY: ("person", "reason"),
    Deed.REPORT_VERIFIED: ("photos_before", "photos_after"),
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
    "is_public", "no_pictures", "whole", "reason",
)  # fmt: skip
"""Pictures first, as on the spot; then from what is decided to what is only added."""

REASONS: Mapping[Deed, str | Promise] = {
    Deed.REPORT_VERIFIED: gettext_lazy("What did you find?"),
    Deed.ASK_DELAY: gettext_lazy("Why does it take longer?"),
    Deed.REFUSE_DELAY: gettext_lazy("Why is no more time given?"),
    Deed.RETURN: gettext_lazy("Why is it not yours?"),
    Deed.GIVE_UP: gettext_lazy("Why do you give it back?"),
    Deed.SEND_BACK: gettext_lazy("What is not fixed?"),
    Deed.HAND_BACK: gettext_lazy("What should the acceptor look at again?"),
    Deed.SUPERVISE: gettext_lazy("What do you expect, and by when?"),
    Deed.REOPEN: gettext_lazy("What is not as the answer says?"),
    Deed.VOID: gettext_lazy("Why is it void?"),
    Deed.HIDE: gettext_lazy("Why is it taken down?"),
    Deed.SHOW: gettext_lazy("Why may it be shown again?"),
}
WORDS: Mapping[Deed, str | Promise] = {
    Deed.REJECT: gettext_lazy("Answer: why it is not filed"),
    Deed.SUSPEND: gettext_lazy("Why it is put off, for everybody to read"),
    Deed.SUBMIT: gettext_lazy("What was done, for everybody to read"),
    Deed.SOLVE_ON_THE_SPOT: gettext_lazy("What was done, for everybody to read"),
    Deed.CLOSE: gettext_lazy("Answer to the reporter, for everybody to read"),
}
ANSWERS = frozenset({Deed.REJECT, Deed.CLOSE, Deed.SUSPEND})
"""Deeds for which there are templates of words."""

LADDER: Mapping[str, str | Promise] = {
    Case.Method.SERVICE: gettext_lazy("Helped, explained, put right together. Always the first step."),
    Case.Method.MANAGEMENT: gettext_lazy(
        "Reminded, or told to put it right by a day. When a good word was not enough."
    ),
    Case.Method.ENFORCEMENT: gettext_lazy(
        "Passed on for enforcement. When both were tried; if a step was left out, say why below."
    ),
}
"""The ladder of the 721 method, step by step."""

PICTURES = ("photos_before", "photos_after")

TEXTS = frozenset({"description", "address", "reason"})
"""What is empty and not None where nothing is written."""


class DayInput(forms.DateInput):
    """The browser's own date picker, whose value is ISO 8601 in every language."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class Cards(forms.RadioSelect):
    """Radio buttons with a small line below each: ``notes`` by value."""

    notes: Mapping[str, str] = {}

    def create_option(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(*args, **kwargs)
        return {**option, "note": self.notes.get(str(option["value"]), "")}


class NamedField(forms.ModelChoiceField):
    """Things whose name is said in the reader's language."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.name if isinstance(obj, User) else obj.spoken_name)


def needs_of(deed: Deed) -> tuple[str, ...]:
    """The fields without which the deed is refused."""
    named = [name for need in ROW[deed].needs for name in Particulars.fields_of(need)]
    return (*named, *NEEDED.get(deed, ()))


def fields_of(deed: Deed) -> list[str]:
    """What the form of a deed asks, in its order."""
    asked = {*needs_of(deed), *BESIDES.get(deed, ())}
    return [name for name in ORDER if name in asked]


@dataclass(frozen=True)
class Before:
    """What a form is made from: the deed, the case as it stands, who does it, and when."""

    deed: Deed
    case: Case
    by: User
    now: datetime


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
        drop = [int(pk) for pk in self.data.getlist(f"{name}_drop") if pk.isdigit()] if self.is_bound else []  # type: ignore[attr-defined]
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


# --- a field for each thing ---------------------------------------------------------------------------------------------

Made = Iterable[tuple[str, forms.Field]]


def _reason(before: Before) -> Made:
    label = REASONS.get(before.deed, _("A word to colleagues"))
    help_text = _("Only those who work on the case read it.")
    yield "reason", _text(label, help_text=help_text, rows=3)


def _word(before: Before) -> Made:
    yield (
        "word",
        _text(
            WORDS.get(before.deed, _("A word for everybody")), help_text=_("No names and no numbers of people."), rows=5
        ),
    )


def _description(before: Before) -> Made:
    field = _text(_("What is wrong"), most=DESCRIPTION_LENGTH, rows=3)
    field.initial = before.case.description
    yield "description", field


def _text(label: Any, *, help_text: Any = "", rows: int = 3, most: int = OPINION_LENGTH) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        max_length=most,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages={"max_length": _("Please say it in %(limit_value)d characters or fewer.")},
    )


def _standard(before: Before) -> Made:
    """The standards of the category, each with the moment by which it would have to be handled if it went out now."""
    day = timezone.localdate(before.now)
    known = FilingStandard.objects.filter(in_force(day), in_force(day, below="category")).select_related("category")
    calendar = Calendar.beginning(day)
    if before.case.category_id is None:
        groups: dict[str, list[tuple[str, str]]] = {}
        for standard in known.order_by("category__code", "number"):
            name = f"{standard.category.code} {standard.category.spoken_name}"
            groups.setdefault(name, []).append((str(standard.pk), _filing(standard)))
        widget: forms.Widget = forms.Select()
        choices: list[Any] = [("", _("Choose what it is and how it stands"))]
        choices += groups.items()
    else:
        own = list(known.filter(category=before.case.category))
        widget = Cards()
        widget.notes = {str(each.pk): _limit(each, before.now, calendar) for each in own}
        choices = [(str(standard.pk), _filing(standard)) for standard in own]
    yield (
        "standard",
        forms.TypedChoiceField(
            label=_("Standard"),
            required=False,
            choices=choices,
            coerce=partial(_row_of, known),
            empty_value=None,
            widget=widget,
            initial=choices[0][0] if len(choices) == 1 else None,
        ),
    )


def _row_of(rows: Any, pk: str) -> Any:
    return rows.get(pk=pk)


def _filing(standard: FilingStandard) -> str:
    return local_text(standard.filing, standard.filing_en).text


def _limit(standard: FilingStandard, now: datetime, calendar: Calendar) -> str:
    due = calendar.deadline(now, standard.amount, standard.unit)
    return _("by %(when)s (%(amount)d %(unit)s); closed when: %(closing)s") % {
        "when": day_words(due, now=now),
        "amount": standard.amount,
        "unit": standard.get_unit_display(),
        "closing": local_text(standard.closing, standard.closing_en).text,
    }


def _unit(before: Before) -> Made:
    return _one_unit("unit", pgettext_lazy("of a case", "Unit"), before)


def _proposed_unit(before: Before) -> Made:
    return _one_unit("proposed_unit", gettext_lazy("Whose is it instead?"), before, but=before.case.unit)


def _one_unit(name: str, label: Any, before: Before, *, but: Organisation | None = None) -> Made:
    proposed = [each for each in suggesting.units_for(before.case) if each.organisation != but]
    everybody = [each for each in suggesting.units_of_town() if each != but]
    cards = Cards()
    cards.notes = {str(each.organisation.pk): each.because for each in proposed}
    choices = [(str(each.organisation.pk), each.organisation.spoken_name) for each in proposed]
    if proposed:
        yield (
            name,
            forms.ChoiceField(
                label=label,
                required=False,
                choices=[*choices, (OTHER, _("Another one, see below"))],
                widget=cards,
                initial=choices[0][0],
            ),
        )
    rows = Organisation.objects.filter(pk__in=[each.pk for each in everybody]).order_by("name")
    yield (
        f"{name}_other" if proposed else name,
        NamedField(
            label=_("Another unit") if proposed else label,
            required=False,
            queryset=rows,
            empty_label=_("Choose a unit"),
        ),
    )


def _units(before: Before) -> Made:
    rows = Organisation.objects.filter(pk__in=[each.pk for each in suggesting.units_of_town()]).order_by("name")
    yield (
        "units",
        NamedChoices(
            label=_("The other units"),
            required=False,
            queryset=rows,
            widget=forms.CheckboxSelectMultiple,
            help_text=_("Each gets a part of its own, with its own deadline."),
        ),
    )


class NamedChoices(forms.ModelMultipleChoiceField):
    """Several organisations."""

    def label_from_instance(self, obj: Organisation) -> str:
        return obj.spoken_name


class CaseNumberField(forms.CharField):
    """A case by its number, as somebody wrote it."""

    def clean(self, value: Any) -> Case | None:
        number = "".join(super().clean(value).upper().split())
        if not number:
            return None
        found = Case.objects.filter(number=number).first()
        if found is None:
            raise forms.ValidationError(_("There is no case with this number."))
        return found


def _into(before: Before) -> Made:
    near = suggesting.same_as(before.case, before.now)
    if near:
        cards = Cards()
        cards.notes = {
            str(each.case.pk): _("%(metres)d m away, %(state)s")
            % {"metres": each.metres, "state": each.case.get_state_display()}
            for each in near
        }
        yield (
            "into",
            forms.ChoiceField(
                label=_("The other case"),
                required=False,
                choices=[
                    *((str(each.case.pk), f"{each.case.number} {staff_words.title_of(each.case)}") for each in near),
                    (OTHER, _("Another one, see below")),
                ],
                widget=cards,
            ),
        )
    yield (
        "into_other" if near else "into",
        CaseNumberField(
            label=_("Number of the other case"),
            required=False,
            max_length=24,
            widget=forms.TextInput(attrs={"data-count": "off"}),
        ),
    )


def _person(before: Before) -> Made:
    is_handler = before.deed is Deed.ASSIGN
    people = (suggesting.people_to_handle if is_handler else suggesting.people_to_look)(before.case)
    first = people[0] if people and not is_handler else None
    rows = User.objects.filter(pk__in=[person.pk for person in people]).order_by("display_name", "pk")
    yield (
        "person",
        NamedField(
            label=_("Who does it?") if is_handler else _("Who goes there?"),
            required=False,
            queryset=rows,
            initial=first,
            empty_label=_("Choose somebody") if is_handler else _("Whoever is in office there"),
        ),
    )


def _until(before: Before) -> Made:
    yield (
        "until",
        forms.DateField(
            label=_("Until"),
            required=False,
            widget=DayInput(),
            input_formats=["%Y-%m-%d"],
            help_text=_("On this day work goes on by itself; the deadline waits."),
            error_messages={"invalid": _("This day is not in the calendar.")},
        ),
    )


def _method(before: Before) -> Made:
    cards = Cards()
    cards.notes = {value: str(words) for value, words in LADDER.items()}
    yield (
        "method",
        forms.ChoiceField(
            label=_("How was it handled?"),
            required=False,
            choices=[(each.value, each.label) for each in Case.Method],
            widget=cards,
            initial=Case.Method.SERVICE,
        ),
    )


def _photos(name: str, label: Any, before: Before) -> Made:
    yield (
        name,
        PicturesField(
            label=label,
            required=False,
            widget=PicturesInput,
        ),
    )


def _category(before: Before) -> Made:
    rows = Category.objects.on(timezone.localdate(before.now)).order_by("code")
    yield (
        "category",
        NamedField(
            label=_("Category"),
            required=False,
            queryset=rows,
            initial=before.case.category_id,
            empty_label=_("Not known"),
        ),
    )


def _road(before: Before) -> Made:
    rows = Road.objects.on(timezone.localdate(before.now))
    yield (
        "road",
        NamedField(
            label=_("Road"),
            required=False,
            queryset=rows,
            initial=before.case.road_id,
            empty_label=_("On no road"),
        ),
    )


def _house_number(before: Before) -> Made:
    yield (
        "house_number",
        forms.IntegerField(
            label=_("House number"),
            required=False,
            min_value=1,
            max_value=99_999,
            initial=before.case.house_number,
            widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
            error_messages={"invalid": _("Please write a whole number, such as 20.")},
        ),
    )


def _address(before: Before) -> Made:
    yield (
        "address",
        forms.CharField(
            label=_("Where, in words"), required=False, max_length=ADDRESS_LENGTH, initial=before.case.address
        ),
    )


def _tick(name: str, label: Any, before: Before) -> Made:
    yield name, forms.BooleanField(label=label, required=False, initial=getattr(before.case, name, False))


def _withheld(before: Before) -> Made:
    """Every word that was written for everybody and still stands there."""
    steps = before.case.steps.exclude(word="").exclude(number__in=before.case.withheld).order_by("-number")
    yield (
        "withheld",
        forms.TypedMultipleChoiceField(
            label=_("Words that only those who work on it read from now on"),
            required=False,
            choices=[(str(step.number), f"{Deed(step.deed).label}: {step.word}") for step in steps],
            coerce=int,
            widget=forms.CheckboxSelectMultiple,
            help_text="" if steps else _("Nothing was written for everybody yet but the report itself."),
        ),
    )


MAKE: Mapping[str, Callable[[Before], Made]] = {
    "reason": _reason,
    "word": _word,
    "description": _description,
    "standard": _standard,
    "unit": _unit,
    "proposed_unit": _proposed_unit,
    "units": _units,
    "into": _into,
    "person": _person,
    "until": _until,
    "method": _method,
    "photos_before": partial(_photos, "photos_before", gettext_lazy("Pictures of before")),
    "photos_after": partial(_photos, "photos_after", gettext_lazy("Pictures of after")),
    "category": _category,
    "road": _road,
    "house_number": _house_number,
    "address": _address,
    "is_dwelling": partial(
        _tick, "is_dwelling", gettext_lazy("At a dwelling: everybody else sees the place only roughly")
    ),
    "is_urgent": partial(_tick, "is_urgent", gettext_lazy("Urgent")),
    "withheld": _withheld,
    "no_pictures": partial(_tick, "no_pictures", gettext_lazy("Take down all pictures")),
    "whole": partial(
        _tick, "whole", gettext_lazy("Take down the whole report: its page says only that it was taken down")
    ),
    "is_public": partial(_tick, "is_public", gettext_lazy("Everybody may see it")),
}
