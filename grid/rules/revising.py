"""Rules change from a day on: the old row ends and a new one begins, so what was filed before keeps what it was filed under.

Today things are filed under the rules of today, so a change begins tomorrow at the earliest. What has not begun yet is
changed where it stands, or taken back: then what it was to follow goes on. What is only said in other words (:data:`WORDS`)
changes where it stands, too.

Each of these deeds locks all big classes, in the order of their ids, and nothing else: the rules are changed by one or two
people, and only together can it be seen whether two rows want the same code. ``by`` is the operator; None is whoever brings
in the files (:mod:`grid.rules.loading`). Rows may be those of a migration.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any, TypeVar

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from communities import permits
from communities.models import User
from grid.models import BigClass, Category, FilingStandard, Unit, in_force
from grid.net import sketches
from kit.deeds import deed
from kit.refusals import Refused
from kit.times import date_words

Rule = TypeVar("Rule", Category, FilingStandard)

MARKS = ("is_dangerous", "is_about_staff")
WORDS = ("name_en", "lead", "lead_en", "picture", "plain_name", "plain_name_en", *MARKS)
"""What may be said of a category in other words while it stays the same."""

RULE = ("filing", "filing_en", "closing", "closing_en", "amount", "unit")
"""What makes a standard: with any of it changed it is another one."""

MOST = 999
"""So many of its unit a limit has at most; more is a slip of the hand."""

LETTERS = {BigClass.Kind.COMPONENT: "C", BigClass.Kind.EVENT: "E"}
"""With what the code of a category begins, before the code of its big class."""


@deed
def open_category(
    *, big_class: BigClass, code: str, told: Mapping[str, Any], day: date, by: User | None = None
) -> Category:
    """A new category from ``day`` on; ``told`` is its ``name`` and its :data:`WORDS`. The same again is the same category.

    It is reported and filed under when it has a standard, too. Raises ``Refused``: ``operator_only`` (403); (422)
    ``day_too_early``, ``year_unlikely``, ``code_unfit``, ``name_missing``; (409) ``code_taken`` where another one holds this
    code on that day or later.
    """
    _begin(by)
    _demand_ahead(day)
    _demand_fitting(code, big_class)
    _demand_name(told)
    rivals = Category.objects.filter(Q(until=None) | Q(until__gt=day), code=code)
    same = rivals.filter(big_class=big_class, since=day, until=None).first()
    if same is not None and not differs(same, told):
        return same
    taken = rivals.first()
    if taken is not None:
        raise Refused(
            "code_taken",
            _("“%(category)s” has this code on that day. End it first, or choose another code.")
            % {"category": taken.spoken_name},
            field="code",
        )
    return _kept(Category(big_class=big_class, code=code, since=day, **told), by)


@deed
def change_category(*, category: Category, told: Mapping[str, Any], day: date, by: User | None = None) -> Category:
    """Say of a category what ``told`` says: its ``name`` and its :data:`WORDS`. Returns the row that says so.

    Other words are written where it stands, at once. Another name is another thing under the same code: the old category
    ends on ``day`` and a new one begins, with the standards that hold then. Nothing happens where it says so already. Raises
    ``Refused``: ``operator_only`` (403); (422) ``name_missing``, ``day_too_early``, ``year_unlikely``, ``ends_before``; (409)
    ``rule_over`` for what holds no longer.
    """
    _begin(by)
    _demand_name(told)
    held = _read_again(category)
    if not differs(held, told):
        return held
    if held.name == told["name"]:
        _demand_not_over(held)
        return _written(held, told, by)
    _demand_ahead(day)
    following = type(held).objects.filter(big_class_id=held.big_class_id, code=held.code, since=day).first()
    if held.until == day and following is not None and not differs(following, told):
        return following
    _demand_holding(held, day)
    new = _from_day_on(held, told, day, by)
    if new.pk != held.pk:
        _take_along(held, new, day)
    return new


@deed
def end_category(*, category: Category, day: date, by: User) -> None:
    """From ``day`` on it is neither reported nor filed under; its standards end with it. One that has not begun is taken back.

    Raises ``Refused``: ``operator_only`` (403); (422) ``day_too_early``, ``year_unlikely``, ``ends_before``; (409)
    ``rule_over``.
    """
    _begin(by)
    held = _read_again(category)
    if held.since > timezone.localdate():
        _take_category_back(held, by)
    elif held.until != day:
        _demand_ahead(day)
        _demand_holding(held, day)
        for standard in held.standards.filter(Q(until=None) | Q(until__gt=day)):
            _end_or_drop(standard, day)
        _end(held, day, by)


@deed
def open_standard(*, category: Category, told: Mapping[str, Any], day: date, by: User | None = None) -> FilingStandard:
    """One more standard of this category from ``day`` on, with the next number; ``told`` is its :data:`RULE`.

    The same again is the same standard. Raises ``Refused``: ``operator_only`` (403); (422) ``day_too_early``,
    ``year_unlikely``, ``limit_unfit``, ``filing_missing``, ``closing_missing``; (409) ``category_over`` where the category
    does not hold on that day.
    """
    _begin(by)
    _demand_ahead(day)
    _demand_rule(told)
    held = Category.objects.filter(in_force(day), pk=category.pk).first()
    if held is None:
        raise Refused(
            "category_over", _("This category does not hold on that day. Please choose another one."), field="category"
        )
    known = FilingStandard.objects.filter(category=held)
    same = next((each for each in known.filter(since=day) if not differs(each, told)), None)
    if same is not None:
        return same
    number = max(known.values_list("number", flat=True), default=0) + 1
    return _kept(FilingStandard(category=held, number=number, since=day, until=held.until, **told), by)


@deed
def change_standard(
    *, standard: FilingStandard, told: Mapping[str, Any], day: date, by: User | None = None
) -> FilingStandard:
    """From ``day`` on, this standard is as ``told`` says: its :data:`RULE`. Returns the row that holds then.

    What is filed until then, and its deadline, stays under the old row. Nothing happens where it says so already. Raises
    ``Refused``: ``operator_only`` (403); (422) ``day_too_early``, ``year_unlikely``, ``limit_unfit``, ``filing_missing``,
    ``closing_missing``, ``ends_before``; (409) ``rule_over``.
    """
    _begin(by)
    _demand_rule(told)
    held = _read_again(standard)
    if not differs(held, told):
        return held
    _demand_ahead(day)
    following = type(held).objects.filter(category_id=held.category_id, number=held.number, since=day).first()
    if held.until == day and following is not None and not differs(following, told):
        return following
    _demand_holding(held, day)
    return _from_day_on(held, told, day, by)


@deed
def end_standard(*, standard: FilingStandard, day: date, by: User) -> None:
    """From ``day`` on nothing is filed under it. One that has not begun is taken back. Raises as :func:`end_category`."""
    _begin(by)
    held = _read_again(standard)
    if held.since > timezone.localdate():
        before = FilingStandard.objects.filter(category_id=held.category_id, number=held.number, until=held.since)
        _take_back(held, before.exclude(pk=held.pk).first(), by)
    elif held.until != day:
        _demand_ahead(day)
        _demand_holding(held, day)
        _end(held, day, by)


def differs(row: Any, told: Mapping[str, Any]) -> bool:
    """Does the row say anything otherwise than ``told``?"""
    return any(getattr(row, name) != value for name, value in told.items())


def code_of(big_class: BigClass) -> str:
    """With what the codes of the categories of a big class begin."""
    return LETTERS[BigClass.Kind(big_class.kind)] + big_class.code


# --- what is asked first ----------------------------------------------------------------------------------------------


def _begin(by: User | None) -> None:
    if by is not None:
        permits.demand_operator(by)
    list(BigClass.objects.select_for_update().order_by("pk").values_list("pk"))


def _read_again(row: Rule) -> Rule:
    found: Rule | None = type(row).objects.filter(pk=row.pk).first()
    if found is None:
        raise Refused("rule_gone", _("Somebody has taken this back meanwhile. Please look again."))
    return found


def _demand_ahead(day: date) -> None:
    if day <= timezone.localdate():
        raise Refused(
            "day_too_early",
            _("Rules change from tomorrow on at the earliest: today things are filed under the old ones."),
            status=422,
            field="day",
        )
    sketches.demand_day(day, field="day")


def _demand_not_over(row: Rule) -> None:
    if row.until is not None and row.until <= timezone.localdate():
        raise Refused(
            "rule_over", _("This no longer holds and stays as it was, for the cases that were filed under it.")
        )


def _demand_holding(row: Rule, day: date) -> None:
    _demand_not_over(row)
    if row.until is not None and row.until <= day:
        raise Refused(
            "ends_before",
            _("This ends on %(day)s. Choose an earlier day, or change what comes after it.")
            % {"day": date_words(row.until, today=timezone.localdate())},
            status=422,
            field="day",
        )


def _demand_fitting(code: str, big_class: BigClass) -> None:
    begins = code_of(big_class)
    small = code.removeprefix(begins)
    if len(small) != 2 or small == code or not (small.isascii() and small.isdigit()):
        raise Refused(
            "code_unfit",
            _("In this big class a code is %(begins)s and two digits.") % {"begins": begins},
            status=422,
            field="code",
        )


def _demand_name(told: Mapping[str, Any]) -> None:
    if not told["name"]:
        raise Refused("name_missing", _("What is it called?"), status=422, field="name")


def _demand_rule(told: Mapping[str, Any]) -> None:
    for name, sentence in (("filing", _("When is it filed?")), ("closing", _("When may it be closed?"))):
        if not told[name]:
            raise Refused(f"{name}_missing", sentence, status=422, field=name)
    if not 1 <= told["amount"] <= MOST or told["unit"] not in Unit.values:
        raise Refused(
            "limit_unfit", _("A limit is 1 to %(most)d of its unit.") % {"most": MOST}, status=422, field="amount"
        )


# --- what is written --------------------------------------------------------------------------------------------------


def _kept(row: Rule, by: User | None) -> Rule:
    row.from_file = by is None
    row.save()
    _note(row, "wagtail.create", by)
    return row


def _written(row: Rule, told: Mapping[str, Any], by: User | None) -> Rule:
    for name, value in told.items():
        setattr(row, name, value)
    row.from_file = by is None
    row.save(update_fields=[*told, "from_file"])
    _note(row, "wagtail.edit", by)
    return row


def _from_day_on(held: Rule, told: Mapping[str, Any], day: date, by: User | None) -> Rule:
    """The row that says so from that day on: a new one, or the same where it does not begin before."""
    if held.since >= day:
        return _written(held, told, by)
    same = {each.attname: getattr(held, each.attname) for each in held._meta.concrete_fields if not each.primary_key}
    new = type(held)(**{**same, **told, "since": day})
    held.until = day
    held.save(update_fields=["until"])
    new.from_file = by is None
    new.save()
    _note(new, "wagtail.edit", by)
    return new


def _take_along(old: Category, new: Category, day: date) -> None:
    """The standards of a category go on under the one that follows it."""
    for standard in old.standards.filter(Q(until=None) | Q(until__gt=day)):
        if standard.since >= day:
            standard.category = new
            standard.save(update_fields=["category"])
        else:
            going_on = type(standard)(**{name: getattr(standard, name) for name in RULE})
            going_on.category, going_on.number, going_on.from_file = new, standard.number, standard.from_file
            going_on.since, going_on.until = day, standard.until
            standard.until = day
            standard.save(update_fields=["until"])
            going_on.save()


def _end(row: Rule, day: date, by: User) -> None:
    row.until = day
    row.save(update_fields=["until"])
    _note(row, "wagtail.edit", by)


def _end_or_drop(standard: FilingStandard, day: date) -> None:
    if standard.since >= day:  # nothing was ever filed under it
        standard.delete()
    else:
        standard.until = day
        standard.save(update_fields=["until"])


def _take_category_back(held: Category, by: User) -> None:
    before = Category.objects.filter(big_class_id=held.big_class_id, code=held.code, until=held.since)
    old = before.exclude(pk=held.pk).first()
    for standard in held.standards.all():
        went_on = old.standards.filter(number=standard.number, until=held.since).first() if old is not None else None
        if old is None or went_on is not None:
            standard.delete()
        else:
            standard.category = old
            standard.save(update_fields=["category"])
        if went_on is not None:
            went_on.until = standard.until
            went_on.save(update_fields=["until"])
    _take_back(held, old, by)


def _take_back(row: Rule, before: Rule | None, by: User) -> None:
    """It never begins; what it was to follow goes on in its place."""
    _note(row, "wagtail.delete", by)
    row.delete()
    if before is not None:
        before.until = row.until
        before.save(update_fields=["until"])


def _note(row: Rule, action: str, by: User | None) -> None:
    """For the history of the site that the operator reads."""
    if by is not None:
        log(instance=row, action=action, user=by)
