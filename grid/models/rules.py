"""By what rules problems are handled: categories, when to file and to close, how long it may take, when people work.

All of it is data with a time in which it holds, loaded from files and changed by the operator: limits are local. A case
keeps the row it was filed under, so a change never moves the deadline of a filed case.
"""

from datetime import date

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from communities.words import local_text

from .net import in_force, period

CODE_LENGTH = 8
SCHEME_LENGTH = 24
CONDITION_LENGTH = 200


class Unit(models.TextChoices):
    """The four clocks by which deadlines run (domain 1.4)."""

    URGENT_HOUR = "urgent_hour", _("urgent hours")
    WORK_HOUR = "work_hour", _("work hours")
    WORK_DAY = "work_day", _("work days")
    NATURAL_DAY = "natural_day", _("calendar days")


class BigClass(models.Model):
    """A big class of components or events. The bare code means nothing: schemes give the same to different things."""

    class Kind(models.TextChoices):
        COMPONENT = "component", _("component")
        EVENT = "event", _("event")

    scheme = models.CharField(_("scheme"), max_length=SCHEME_LENGTH)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    code = models.CharField(_("code"), max_length=CODE_LENGTH)
    name = models.CharField(_("name"), max_length=40)
    name_en = models.CharField(_("name in English"), max_length=80, blank=True)

    class Meta:
        ordering = ["scheme", "kind", "code"]
        verbose_name = _("big class")
        verbose_name_plural = _("big classes")
        constraints = [
            models.UniqueConstraint(fields=["scheme", "kind", "code"], name="grid_bigclass_once"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


GAS = ("E0502", "C0111", "C0149")
"""Codes of the national list that are about gas: a burst pipe, a manhole, a regulator."""


class CategoryQuerySet(models.QuerySet["Category"]):
    def on(self, day: date) -> "CategoryQuerySet":
        """Those that hold on this day."""
        return self.filter(in_force(day))

    def reportable(self, day: date) -> "CategoryQuerySet":
        """Those that hold on this day and by whose standards something can be filed."""
        return self.on(day).filter(Exists(FilingStandard.objects.filter(in_force(day), category=OuterRef("pk"))))


class Category(models.Model):
    """A small class: what kind of problem it is, and who leads by rule."""

    big_class = models.ForeignKey(BigClass, on_delete=models.PROTECT, related_name="categories")
    code = models.CharField(_("code"), max_length=CODE_LENGTH)
    name = models.CharField(_("name"), max_length=40)
    name_en = models.CharField(_("name in English"), max_length=80, blank=True)
    # By rule; who it is in this town says the chain's line departments.
    lead = models.CharField(_("lead unit by rule"), max_length=60, blank=True)
    lead_en = models.CharField(_("lead unit in English"), max_length=80, blank=True)
    # The picture under which residents find it, and what they call it; empty for those that only staff choose.
    picture = models.CharField(_("picture"), max_length=24, blank=True)
    plain_name = models.CharField(_("what residents call it"), max_length=40, blank=True)
    plain_name_en = models.CharField(_("what residents call it in English"), max_length=80, blank=True)
    is_dangerous = models.BooleanField(_("dangerous: the emergency numbers come first"), default=False)
    is_about_staff = models.BooleanField(_("about people who work here: kept inside"), default=False)
    # Whether loading the files may replace it; what the operator wrote is left alone.
    from_file = models.BooleanField(default=False, editable=False)
    since = models.DateField(_("in force from"))
    until = models.DateField(_("no longer from"), null=True, blank=True)

    objects = CategoryQuerySet.as_manager()

    class Meta:
        ordering = ["code", "since"]
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        constraints = [
            period("grid_category_period"),
            models.UniqueConstraint(fields=["big_class", "code", "since"], name="grid_category_once"),
            models.UniqueConstraint(
                fields=["big_class", "code"], condition=Q(until__isnull=True), name="grid_category_one_open"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    @property
    def spoken_name(self) -> str:
        """The name in the reader's language."""
        return local_text(self.name, self.name_en).text

    @property
    def is_about_gas(self) -> bool:
        """Whoever repairs gas pipes is called before anybody else."""
        return self.code in GAS

    @property
    def spoken_plainly(self) -> str:
        """What residents call it, in the reader's language; the name where they have no word of their own."""
        return local_text(self.plain_name or self.name, self.plain_name_en or self.name_en).text


class FilingStandard(models.Model):
    """When a category is filed, how long it may then take, and when it may be closed. Several for one category."""

    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="standards")
    number = models.PositiveSmallIntegerField(_("number"))
    filing = models.CharField(_("filing condition"), max_length=CONDITION_LENGTH)
    filing_en = models.CharField(_("filing condition in English"), max_length=CONDITION_LENGTH, blank=True)
    closing = models.CharField(_("closing condition"), max_length=CONDITION_LENGTH)
    closing_en = models.CharField(_("closing condition in English"), max_length=CONDITION_LENGTH, blank=True)
    amount = models.PositiveSmallIntegerField(_("limit"))
    unit = models.CharField(_("unit"), max_length=12, choices=Unit.choices)
    from_file = models.BooleanField(default=False, editable=False)
    since = models.DateField(_("in force from"))
    until = models.DateField(_("no longer from"), null=True, blank=True)

    class Meta:
        ordering = ["category", "number", "since"]
        verbose_name = _("filing standard")
        verbose_name_plural = _("filing standards")
        constraints = [
            period("grid_filingstandard_period"),
            models.CheckConstraint(
                name="grid_filingstandard_limit",
                condition=Q(unit__in=Unit.values, amount__gte=1),
            ),
            models.UniqueConstraint(fields=["category", "number", "since"], name="grid_filingstandard_once"),
            models.UniqueConstraint(
                fields=["category", "number"], condition=Q(until__isnull=True), name="grid_filingstandard_one_open"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.category.code}-{self.number}"


class Limit(models.Model):
    """How long a step beside the handling may take: taking in, verifying, sending out, checking, closing."""

    class Step(models.TextChoices):
        ACCEPT = "accept", _("taking in")
        VERIFY = "verify", _("verification")
        DISPATCH = "dispatch", _("dispatch")
        SIGN_IN = "sign_in", _("signing in at the department")
        CHECK = "check", _("check")
        CLOSE = "close", _("closing")

    step = models.CharField(_("step"), max_length=12, choices=Step.choices, unique=True)
    minutes = models.PositiveIntegerField(_("minutes of working time"))

    class Meta:
        ordering = ["id"]
        verbose_name = _("step limit")
        verbose_name_plural = _("step limits")
        constraints = [
            models.CheckConstraint(
                name="grid_limit_some",
                condition=Q(
                    minutes__gte=1,
                    step__in=[
                        "accept",
                        "verify",
                        "dispatch",
                        "sign_in",
                        "check",
                        "close",
                    ],
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_step_display()}: {self.minutes}"


class Holiday(models.Model):
    """A day that is otherwise than its weekday says: a holiday, or a weekend on which people work (调休)."""

    day = models.DateField(_("day"), unique=True)
    is_working = models.BooleanField(_("people work"), default=False)
    name = models.CharField(_("name"), max_length=40, blank=True)

    class Meta:
        ordering = ["day"]
        verbose_name = _("holiday or make-up day")
        verbose_name_plural = _("holidays and make-up days")

    def __str__(self) -> str:
        return f"{self.day} {self.name}"


class ReplyTemplate(models.Model):
    """Words with which an answer begins; whoever answers changes them."""

    title = models.CharField(_("title"), max_length=40, unique=True)
    words = models.TextField(_("words"), max_length=600)
    # For one kind of problem, by the beginning of its code; empty for all.
    categories = models.CharField(_("categories"), max_length=CODE_LENGTH, blank=True)

    class Meta:
        ordering = ["title"]
        verbose_name = _("reply template")
        verbose_name_plural = _("reply templates")

    def __str__(self) -> str:
        return self.title
