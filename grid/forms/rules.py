"""What the operator writes of the rules, in Wagtail's admin: the fields of each list, and what cannot be said in them.

Categories and standards are written by their deeds (:mod:`grid.rules.revising`), from a day on; the forms of the other lists
write their own row.
"""

import re
from datetime import timedelta
from typing import Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from communities.words import local_text
from grid.models import BigClass, Category, FilingStandard, Holiday, Limit, ReplyTemplate
from grid.rules import revising
from grid.rules.working_time import SATURDAY
from kit.refusals import Refused

from .drawing import DayInput

PICTURES: dict[str, Any] = {
    "bike": pgettext_lazy("picture of a problem", "bicycles"),
    "bin": pgettext_lazy("picture of a problem", "rubbish bin"),
    "broom": pgettext_lazy("picture of a problem", "broom"),
    "cable": pgettext_lazy("picture of a problem", "hanging cable"),
    "car": pgettext_lazy("picture of a problem", "car"),
    "drain": pgettext_lazy("picture of a problem", "drain"),
    "falling": pgettext_lazy("picture of a problem", "something falling"),
    "fire": pgettext_lazy("picture of a problem", "fire"),
    "gas": pgettext_lazy("picture of a problem", "gas bottle"),
    "lamp": pgettext_lazy("picture of a problem", "street lamp"),
    "lane": pgettext_lazy("picture of a problem", "lane"),
    "manhole": pgettext_lazy("picture of a problem", "manhole cover"),
    "noise": pgettext_lazy("picture of a problem", "loudspeaker"),
    "paper": pgettext_lazy("picture of a problem", "small advertisements"),
    "road": pgettext_lazy("picture of a problem", "road"),
    "shopfront": pgettext_lazy("picture of a problem", "shop front"),
    "stall": pgettext_lazy("picture of a problem", "stall"),
    "water": pgettext_lazy("picture of a problem", "water"),
}
"""The pictures of the site under which residents find a kind of problem."""

MOST_MINUTES = 48_000
"""A hundred working days; more is a slip of the hand."""

PLACES = frozenset({"number", "what", "where", "unit"})
"""What a reply template may leave a place for, in braces; the rest is written by hand."""


def _count(label: Any, most: int, sentence: Any, *, help_text: Any = "") -> forms.IntegerField:
    """A number from 1 on; whatever else is written is answered with the same sentence."""
    names = ("invalid", "min_value", "max_value")
    return forms.IntegerField(
        label=label, min_value=1, max_value=most, help_text=help_text, error_messages=dict.fromkeys(names, sentence)
    )


class RuleForm(forms.ModelForm):
    """Words of one row, and the day from which they hold."""

    day = forms.DateField(
        label=_("Holds from"),
        input_formats=["%Y-%m-%d"],
        widget=DayInput(),
        error_messages={"required": _("From which day?"), "invalid": _("This day is not in the calendar.")},
    )
    told_fields: ClassVar[tuple[str, ...]] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["day"].initial = timezone.localdate() + timedelta(days=1)

    @property
    def told(self) -> dict[str, Any]:
        """What the deed is told."""
        return {name: self.cleaned_data[name] for name in self.told_fields}

    def refuse(self, refusal: Refused) -> None:
        """Put a sentence beside its field, or above the form."""
        self.add_error(refusal.field if refusal.field in self.fields else None, refusal.sentence)


class CategoryForm(RuleForm):
    """A category as it is opened or changed; its big class and code stay."""

    told_fields = ("name", *revising.WORDS)

    class Meta:
        model = Category
        fields = ("big_class", "code", "name", *revising.WORDS)
        labels: ClassVar[dict[str, Any]] = {"big_class": _("Big class")}
        widgets: ClassVar[dict[str, Any]] = {"picture": forms.Select}
        help_texts: ClassVar[dict[str, Any]] = {
            "code": _("E for an event or C for a component, the code of the big class, two digits: E0110."),
            "picture": _(
                "Only what has a picture is offered to residents; the others are for those who work on cases."
            ),
            "plain_name": _("Residents read this instead of the name."),
            "lead": _("By rule; who it is in this town is said by the posts of the departments."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        big_class: Any = self.fields["big_class"]
        big_class.label_from_instance = big_class_words
        shown = self.initial.get("picture")
        others = [(shown, shown)] if shown and shown not in PICTURES else []
        self.fields["picture"].widget.choices = [("", _("no picture")), *PICTURES.items(), *others]
        if self.instance.pk:
            self.fields["big_class"].disabled = self.fields["code"].disabled = True
            self.fields["code"].help_text = _("To give it another code, end it and add a new one.")
            self.fields["day"].help_text = _(
                "Only another name needs a day: with it the category becomes another one, which takes the standards along."
                " All other words change at once."
            )
        else:
            self.fields["day"].help_text = _("It is reported and filed under as soon as it has a filing standard, too.")

    def clean_picture(self) -> str:
        """One of the site's pictures, or the one that it has."""
        picture: str = self.cleaned_data["picture"]
        if picture and picture not in PICTURES and picture != self.initial.get("picture"):
            raise forms.ValidationError(_("There is no such picture. Please choose another."))
        return picture


class StandardForm(RuleForm):
    """A filing standard as it is opened or changed; its category stays."""

    told_fields = revising.RULE
    amount = _count(
        _("Limit: how many"),
        revising.MOST,
        format_lazy(_("Please write a number from 1 to {most}."), most=revising.MOST),
    )

    class Meta:
        model = FilingStandard
        fields = ("category", *revising.RULE)
        labels: ClassVar[dict[str, Any]] = {"category": _("Category"), "unit": _("of which unit")}
        help_texts: ClassVar[dict[str, Any]] = {
            "unit": _(
                "Urgent hours run on at night and on holidays, work hours and work days only while people work; calendar"
                " days count every day."
            ),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        category: Any = self.fields["category"]
        category.label_from_instance = lambda row: f"{row.code} {row.spoken_name}"
        if self.instance.pk:
            category.disabled = True
            self.fields["day"].help_text = _(
                "Until then the old row holds, and what was filed under it keeps it with its deadline."
            )
        else:
            category.queryset = Category.objects.filter(until=None).order_by("code", "since")


class EndForm(forms.Form):
    """From which day on a rule no longer holds."""

    day = forms.DateField(
        label=pgettext_lazy("a rule", "No longer from"),
        input_formats=["%Y-%m-%d"],
        widget=DayInput(),
        error_messages={"required": _("From which day?"), "invalid": _("This day is not in the calendar.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["day"].initial = timezone.localdate() + timedelta(days=1)

    def refuse(self, refusal: Refused) -> None:
        """Put a sentence beside its field, or above the form."""
        self.add_error(refusal.field if refusal.field in self.fields else None, refusal.sentence)


class BigClassForm(forms.ModelForm):
    """A big class. Once it is there, categories begin with its code, so only its names change."""

    class Meta:
        model = BigClass
        fields = ("scheme", "kind", "code", "name", "name_en")
        help_texts: ClassVar[dict[str, Any]] = {
            "scheme": _("The standard that gives the codes; two standards may mean different things by the same code."),
            "code": _("Two digits: with E or C before it, the codes of its categories begin with it."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            for name in ("scheme", "kind", "code"):
                self.fields[name].disabled = True

    def clean_code(self) -> str:
        """Two digits, or what it is already."""
        code: str = self.cleaned_data["code"]
        if not self.instance.pk and not re.fullmatch(r"[0-9]{2}", code):
            raise forms.ValidationError(_("Please write two digits, such as 07."))
        return code


class LimitForm(forms.ModelForm):
    """How long one of the six steps may take."""

    minutes = _count(
        _("minutes of working time"),
        MOST_MINUTES,
        format_lazy(
            _("Please write a number from 1 to {most}. A step that has no limit has no row here."), most=MOST_MINUTES
        ),
        help_text=_("It holds for steps that begin from now on; the time of those that have begun stays."),
    )

    class Meta:
        model = Limit
        fields = ("step", "minutes")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["step"].disabled = True


class HolidayForm(forms.ModelForm):
    """A day off, or a weekend on which people work instead."""

    class Meta:
        model = Holiday
        fields = ("day", "is_working", "name")
        labels: ClassVar[dict[str, Any]] = {"is_working": _("Make-up day: people work")}
        widgets: ClassVar[dict[str, Any]] = {"day": DayInput}
        help_texts: ClassVar[dict[str, Any]] = {
            "is_working": _("A Saturday or Sunday on which people work instead of another day (调休)."),
            "name": _("Such as 春节, or 春节调休."),
        }

    def clean(self) -> dict[str, Any]:
        """A make-up day lies on a weekend: on any other day people work anyway."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        day = said.get("day")
        if day is not None and said.get("is_working") and day.weekday() < SATURDAY:
            self.add_error("is_working", _("This is no Saturday or Sunday: people work on it anyway."))
        return said


class TemplateForm(forms.ModelForm):
    """Words with which an answer begins."""

    class Meta:
        model = ReplyTemplate
        fields = ("title", "words", "categories")
        help_texts: ClassVar[dict[str, Any]] = {
            "words": _(
                "{number}, {what}, {where} and {unit} are filled in from the case; leave ____ where whoever answers writes."
            ),
            "categories": _("The code of a category or its beginning, such as E0405 or E04; empty for all."),
        }

    def clean_words(self) -> str:
        """Nothing in braces that nobody fills in."""
        words: str = self.cleaned_data["words"]
        unknown = sorted(set(re.findall(r"\{([^{}\n]*)\}", words)) - PLACES)
        if unknown:
            raise forms.ValidationError(
                _now("Nobody fills in “{%(place)s}”. Known are {number}, {what}, {where} and {unit}.")
                % {"place": unknown[0]}
            )
        return words

    def clean_categories(self) -> str:
        """The beginning of a code that there is."""
        begins: str = self.cleaned_data["categories"].strip().upper()
        if begins and not Category.objects.filter(code__startswith=begins).exists():
            raise forms.ValidationError(_("No category has a code that begins so."))
        return begins


def big_class_words(row: BigClass) -> str:
    """Kind, code and name, in the reader's language: two big classes have the same code."""
    return f"{row.get_kind_display()} {row.code} {local_text(row.name, row.name_en).text}"
