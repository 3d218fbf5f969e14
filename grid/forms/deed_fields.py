"""A field for each thing that a deed takes, made for the case as it stands: what is proposed, and why."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone
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
    FilingStandard,
    Road,
    in_force,
)
from grid.rules.transitions import Deed
from grid.rules.working_time import Calendar
from kit.times import day_words
from kit.web import is_id

OTHER = "other"
"""The choice that none of the proposed ones is it."""

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


@dataclass(frozen=True)
class Before:
    """What a form is made from: the deed, the case as it stands, who does it, and when."""

    deed: Deed
    case: Case
    by: User
    now: datetime


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
    # By its code: what it was reported as may have another name by now.
    code = before.case.category.code if before.case.category is not None else ""
    own = list(known.filter(category__code=code).order_by("number")) if code else []
    if not own:  # not known yet, or a kind of problem that is filed no more
        groups: dict[str, list[tuple[str, str]]] = {}
        for standard in known.order_by("category__code", "number"):
            name = f"{standard.category.code} {standard.category.spoken_name}"
            groups.setdefault(name, []).append((str(standard.pk), _filing(standard)))
        widget: forms.Widget = forms.Select()
        choices: list[Any] = [("", _("Choose what it is and how it stands"))]
        choices += groups.items()
    else:
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
    not_these = [each for each in (but.pk if but else None, before.case.against_id) if each is not None]
    rows = suggesting.units_of_town().exclude(pk__in=not_these)
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
    rows = suggesting.units_of_town().exclude(pk__in=[before.case.against_id] if before.case.against_id else [])
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

    def clean(self, value: Any) -> Any:
        """Django asks the database for any number, however long; some are longer than it can be asked for."""
        if not all(is_id(str(pk)) for pk in value or ()):
            raise forms.ValidationError(_("One of these units does not exist. Please choose again."))
        return super().clean(value)

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
    reportable = Category.objects.reportable(timezone.localdate(before.now))
    # What it is stays what it is, although nothing else is reported under it any more.
    rows = Category.objects.filter(Q(pk__in=reportable.values("pk")) | Q(pk=before.case.category_id)).order_by("code")
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


def _against(before: Before) -> Made:
    yield (
        "against",
        NamedField(
            label=_("Where do they work?"),
            required=False,
            queryset=suggesting.units_of_town(),
            initial=before.case.against_id,
            empty_label=_("Not known"),
            help_text=_("Nobody of this unit sees the case, and it is never sent there."),
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
    "is_complaint": partial(_tick, "is_complaint", gettext_lazy("It is about somebody who works here")),
    "against": _against,
}
"""The fields of each thing, by its name in :class:`grid.rules.particulars.Particulars`."""
