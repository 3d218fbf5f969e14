"""The lists: what stands in their columns, how one narrows them, and what is said above them."""

from datetime import date
from typing import Any

import django_filters
from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column
from wagtail.admin.views import generic
from wagtail.admin.widgets.button import Button

from communities.words import local_text
from grid.forms.rules import big_class_words
from grid.models import BigClass, Case, Category, FilingStandard, Holiday, in_force
from grid.rules import announced
from kit.times import date_words

HOLDS = (
    ("now", pgettext_lazy("of a rule", "in force")),
    ("later", pgettext_lazy("of a rule", "planned")),
    ("over", pgettext_lazy("of a rule", "ended")),
)


def holding(rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
    """Those that hold now, are yet to begin, or have ended."""
    today = timezone.localdate()
    return rows.filter({"now": in_force(today), "later": Q(since__gt=today), "over": Q(until__lte=today)}[value])


def period_words(row: Any) -> str:
    """From when and until when a rule holds, in days as people write them in tables."""
    today = timezone.localdate()
    since = (_("since %(day)s") if row.since <= today else _("from %(day)s on")) % {"day": row.since}
    if row.until is None:
        return since
    until = (_("ended on %(day)s") if row.until <= today else _("no longer from %(day)s")) % {"day": row.until}
    return f"{since}, {until}"


def is_over(row: Any) -> bool:
    """Does it hold no longer?"""
    return row.until is not None and row.until <= timezone.localdate()


def limit_words(standard: FilingStandard) -> str:
    """Its limit with its unit."""
    return f"{standard.amount} {standard.get_unit_display()}"


class WordIndex(generic.IndexView):
    """A list of the operator's, with what is to be said above it."""

    template_name = "grid/admin/list.html"
    note: Any = ""

    @property
    def troubles(self) -> list[str]:
        """What is missing in the list, in full sentences."""
        return []

    def title(self, row: Any) -> str:
        """What a row is called, in the reader's language."""
        return str(row)

    def other_columns(self) -> list[Column]:
        """What stands beside the title."""
        return []

    @cached_property
    def columns(self) -> list[Column]:
        """The title, which leads to the form, and the others."""
        title = self._get_title_column("__str__")
        title.label, title.accessor = self.title_label, self.title
        return [title, *self.other_columns()]

    title_label: Any = pgettext_lazy("list of rules", "Name")


class RuleIndex(WordIndex):
    """Rows with a time in which they hold: they are ended, not deleted, and what is over stays as it is."""

    def get_edit_url(self, instance: Any) -> str | None:
        """Nowhere for what is over."""
        return None if is_over(instance) else super().get_edit_url(instance)

    def get_list_more_buttons(self, instance: Any) -> list[Button]:
        """To the form, and to the end."""
        if is_over(instance):
            return []
        buttons = [Button(_("Edit"), url=self.get_edit_url(instance), icon_name="edit", priority=10)]
        end = pgettext("a rule", "End") if instance.since <= timezone.localdate() else pgettext("a rule", "Take back")
        return [*buttons, Button(end, url=self.get_delete_url(instance), icon_name="time", priority=20)]


def big_classes() -> list[tuple[int, str]]:
    """The big classes to choose from."""
    return [(row.pk, big_class_words(row)) for row in BigClass.objects.order_by("scheme", "kind", "code")]


class CategoryFilter(WagtailFilterSet):
    """By big class, and by when they hold."""

    big_class = django_filters.ChoiceFilter(label=gettext_lazy("Big class"), choices=big_classes)
    holds = django_filters.ChoiceFilter(label=gettext_lazy("Holds"), choices=HOLDS, method=holding)

    class Meta:
        model = Category
        fields: list[str] = []


class StandardFilter(WagtailFilterSet):
    """By the big class of their category, and by when they hold."""

    big_class = django_filters.ChoiceFilter(
        label=gettext_lazy("Big class"), field_name="category__big_class", choices=big_classes
    )
    holds = django_filters.ChoiceFilter(label=gettext_lazy("Holds"), choices=HOLDS, method=holding)

    class Meta:
        model = FilingStandard
        fields: list[str] = []


class CategoryIndex(RuleIndex):
    """Kinds of problems, with how many standards hold for them, and how many cases there are of them."""

    title_label = gettext_lazy("Category")
    note = gettext_lazy(
        "What residents and staff may report. A category is reported and filed under while it holds and has a filing"
        " standard that holds. Another name makes it another category from a day on; other words change at once."
    )

    @property
    def troubles(self) -> list[str]:
        """Categories that nobody can report."""
        today = timezone.localdate()
        without = Category.objects.on(today).exclude(pk__in=Category.objects.reportable(today).values("pk")).count()
        if not without:
            return []
        return [
            ngettext(
                "%(count)d category holds without a filing standard: nobody can report it.",
                "%(count)d categories hold without a filing standard: nobody can report them.",
                without,
            )
            % {"count": without}
        ]

    def get_base_queryset(self) -> QuerySet[Category]:
        """With what is counted of each."""
        today = timezone.localdate()
        holding_now = FilingStandard.objects.filter(in_force(today), category=OuterRef("pk"))
        return Category.objects.select_related("big_class").annotate(
            filed=_count(Case.objects.filter(category=OuterRef("pk"))), held_standards=_count(holding_now)
        )

    def title(self, row: Any) -> str:
        """Code and name."""
        return f"{row.code} {row.spoken_name}"

    def other_columns(self) -> list[Column]:
        """Big class, lead, standards, cases, time."""
        return [
            Column("big_class", label=_("Big class"), accessor=lambda row: big_class_words(row.big_class)),
            Column("lead", label=_("Lead by rule"), accessor=lambda row: local_text(row.lead, row.lead_en).text),
            Column(
                "standards",
                label=pgettext("list of rules", "Filing standards"),
                accessor=lambda row: row.held_standards or _("none: not reported"),
            ),
            Column("filed", label=pgettext("list of rules", "Cases"), accessor="filed"),
            Column("period", label=_("Holds"), accessor=period_words, sort_key="since"),
        ]


class StandardIndex(RuleIndex):
    """When something is filed, how long it may take, when it may be closed."""

    title_label = gettext_lazy("Filing standard")
    note = gettext_lazy(
        "When a problem is filed, how long it may then take, and when it may be closed. A change holds from a day on: what"
        " was filed before keeps its old standard and its deadline."
    )

    def get_base_queryset(self) -> QuerySet[FilingStandard]:
        """With how many cases were filed under each."""
        filed = _count(Case.objects.filter(standard=OuterRef("pk")))
        return (
            FilingStandard.objects.select_related("category")
            .annotate(filed=filed)
            .order_by("category__code", "number", "-since")
        )

    def title(self, row: Any) -> str:
        """Code, number, and what is filed."""
        return f"{row} {row.category.spoken_name}"

    def other_columns(self) -> list[Column]:
        """Conditions, limit, cases, time."""
        return [
            Column(
                "filing", label=_("Filing condition"), accessor=lambda row: local_text(row.filing, row.filing_en).text
            ),
            Column(
                "closing",
                label=_("Closing condition"),
                accessor=lambda row: local_text(row.closing, row.closing_en).text,
            ),
            Column("limit", label=_("Limit"), accessor=limit_words),
            Column("filed", label=pgettext("list of rules", "Cases"), accessor="filed"),
            Column("period", label=_("Holds"), accessor=period_words, sort_key="since"),
        ]


class BigClassIndex(WordIndex):
    """Into what the standard sorts components and events."""

    note = gettext_lazy(
        "Into what the standard sorts components and events; the codes of categories begin with theirs."
    )

    def get_base_queryset(self) -> QuerySet[BigClass]:
        """With how many categories belong to each."""
        return BigClass.objects.annotate(belonging=Count("categories")).order_by("scheme", "kind", "code")

    def title(self, row: Any) -> str:
        """Code and name."""
        return big_class_words(row)

    def other_columns(self) -> list[Column]:
        """Kind, scheme, categories."""
        return [
            Column("kind", label=pgettext("list of rules", "Kind"), accessor="get_kind_display"),
            Column("scheme", label=_("Scheme"), accessor="scheme", sort_key="scheme"),
            Column("belonging", label=_("Categories"), accessor="belonging"),
        ]

    def get_delete_url(self, instance: Any) -> str | None:
        """Nowhere while categories belong to it."""
        return None if instance.belonging else super().get_delete_url(instance)


class LimitIndex(WordIndex):
    """How long the steps beside the handling may take."""

    title_label = gettext_lazy("Step")
    note = gettext_lazy(
        "How long each step beside the handling may take, in minutes of working time. A change holds for steps that begin"
        " afterwards; a step without a row has no limit."
    )

    def title(self, row: Any) -> str:
        """The step."""
        return row.get_step_display()

    def other_columns(self) -> list[Column]:
        """The minutes."""
        return [Column("minutes", label=_("Minutes of working time"), accessor="minutes", sort_key="minutes")]


class HolidayFilter(WagtailFilterSet):
    """By year, and by what kind of day it is."""

    year = django_filters.NumberFilter(
        label=gettext_lazy("Year"), field_name="day__year", min_value=2000, max_value=2199
    )
    is_working = django_filters.ChoiceFilter(
        label=pgettext_lazy("list of rules", "Kind"),
        choices=(("False", gettext_lazy("holidays")), ("True", gettext_lazy("make-up days"))),
    )

    class Meta:
        model = Holiday
        fields: list[str] = []


class HolidayIndex(WordIndex):
    """The days that are otherwise than their weekday says; above them up to when the table is complete."""

    title_label = pgettext_lazy("list of rules", "Day")

    @property
    def note(self) -> str:
        """Up to which year the table is complete, and what it is for."""
        year = announced.complete_until()
        what = _(
            "Days on which people do not work, and weekends on which they work instead. Deadlines that are counted from now"
            " on heed a change; those of cases that have one already stay."
        )
        if year is None:
            return " ".join((_("The table is not complete for any year yet."), what))
        return " ".join((_("The table is complete up to the end of %(year)d.") % {"year": year}, what))

    @property
    def troubles(self) -> list[str]:
        """Years that are missing."""
        return announced.warnings(timezone.localdate())

    def title(self, row: Any) -> str:
        """The day, with its weekday."""
        return day_words(row.day)

    def other_columns(self) -> list[Column]:
        """What kind of day, and its name."""
        return [
            Column(
                "is_working",
                label=pgettext("list of rules", "Kind"),
                accessor=lambda row: _("make-up day: people work") if row.is_working else _("holiday"),
                sort_key="is_working",
            ),
            Column("name", label=pgettext("list of rules", "Name"), accessor="name"),
        ]


class TemplateIndex(WordIndex):
    """Words with which answers begin."""

    title_label = pgettext_lazy("list of rules", "Title")
    note = gettext_lazy("Words with which an answer begins; whoever answers changes them.")

    def other_columns(self) -> list[Column]:
        """For what, and the words."""
        return [
            Column(
                "categories",
                label=pgettext("list of rules", "For"),
                accessor=lambda row: row.categories or pgettext("reply template", "all"),
                sort_key="categories",
            ),
            Column("words", label=pgettext("list of rules", "Words"), accessor="words"),
        ]


def day_words(day: date) -> str:
    """The day with its year, and its weekday."""
    return date_words(day, today=date(1, 1, 1))


def _count(rows: QuerySet[Any]) -> Coalesce:
    """How many there are beside each row; without joining them, so that nothing else is counted twice."""
    counted = rows.order_by().values(beside=OuterRef("pk")).annotate(many=Count("pk")).values("many")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)
