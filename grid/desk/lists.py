"""What waits at the desk of cases, for whom: the lists by role, narrowed and searched, and how many stand in each."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

from django.db import models
from django.db.models import Count, F, Q, When
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from grid import permits
from grid.models import Area, Case, CaseQuerySet, Category, Road, overdue
from grid.rules.lights import deadline_in_rows
from grid.rules.transitions import Actor, State

from .scopes import NONE, Scope

LATE_NOW, IN_TIME = "now", "no"
"""Values of the filter ``late``: overdue now; closed, and handled by the deadline."""

NUMBER_BEGINS = 4
"""So much of a case number is looked for as one: YQ and two digits of a year are in all of them."""


@dataclass(frozen=True)
class List:
    """One list: for whom it is, its name, and what stands in it."""

    code: str
    actor: Actor
    label: str | Promise
    cases: Q
    # Where there is nothing: what that means.
    nothing: str | Promise
    is_batch: bool = False
    by_latest: bool = False


def lists_of(scope: Scope, now: datetime) -> list[List]:
    """The lists of this person, those of the most pressing work first; each within what the person has to do with."""
    mine = Q(handler=scope.person)
    asked = Q(inspector=scope.person) | Q(inspector__isnull=True)
    late_step = Q(step_due_at__lt=now) & ~Q(state__in=[State.HANDLING, *Case.ENDED, State.SUSPENDED])
    is_handled = Q(state__in=[State.FEEDBACK, State.CHECKING])
    is_open = ~Q(state__in=Case.ENDED)
    all_clear = _("Nothing waits here.")
    lists = [
        List("look", Actor.INSPECTOR, _("To look at"), Q(state=State.VERIFYING) & asked, all_clear),
        List("recheck", Actor.INSPECTOR, _("To check"), Q(state=State.CHECKING, checked_at=None) & asked, all_clear),
        List(
            "fixed", Actor.NEIGHBOUR, _("Is it fixed?"), Q(state__in=[State.FEEDBACK, State.CHECKING], checked_at=None),
            _("On your road nothing waits to be confirmed."),
        ),
        List("hand", Actor.HANDLER, _("In my hands"), Q(state__in=[State.HANDLING, State.REWORK]) & mine, all_clear),
        List(
            "take_in", Actor.ACCEPTOR, _("To take in"), Q(state=State.REPORTED),
            _("Everything that was reported is taken in."),
        ),
        List("verifying", Actor.ACCEPTOR, _("Being verified"), Q(state=State.VERIFYING), all_clear),
        List("check", Actor.ACCEPTOR, _("Handled, to be checked"), Q(state=State.FEEDBACK, checked_at=None), all_clear),
        List("close", Actor.ACCEPTOR, _("To close"), is_handled & Q(checked_at__isnull=False), all_clear),
        List("checking", Actor.ACCEPTOR, _("Being checked"), Q(state=State.CHECKING, checked_at=None), all_clear),
        List(
            "send", Actor.DISPATCHER, _("To send out"), Q(state=State.FILED),
            _("Everything that was filed is sent out."), is_batch=True,
        ),
        List("delay", Actor.DISPATCHER, _("More time asked for"), Q(delay_asked_at__isnull=False) & is_open, all_clear),
        List("put_off", Actor.DISPATCHER, _("Put off"), Q(state=State.SUSPENDED), all_clear),
        List("take", Actor.UNIT, _("To take on"), Q(state=State.DISPATCHED), all_clear),
        List("handling", Actor.UNIT, _("In hand"), Q(state__in=[State.HANDLING, State.SUSPENDED]), all_clear),
        List("rework", Actor.UNIT, _("To be done again"), Q(state=State.REWORK), all_clear),
        List(
            "overdue", Actor.OVERSEER, pgettext_lazy("cases", "Overdue"), overdue(now) | late_step,
            _("Nothing is overdue."),
        ),
        List("supervised", Actor.OVERSEER, _("Supervised"), Q(is_supervised=True) & is_open, all_clear),
        List("open", Actor.OVERSEER, _("All open ones"), is_open, all_clear),
    ]  # fmt: skip
    held = [each for each in lists if each.actor in scope.of]
    return [_within(each, scope.cases(each.actor)) for each in held] + [_everything(scope)]


def _within(each: List, cases: Q) -> List:
    return List(each.code, each.actor, each.label, each.cases & cases, each.nothing, each.is_batch, each.by_latest)


def _everything(scope: Scope) -> List:
    """What was, too: what the figures count and a search finds."""
    cases = NONE
    for each in scope.of.values():
        cases |= each
    return List("all", Actor.OVERSEER, _("All"), cases, _("There are no cases."), by_latest=True)


def counts(lists: Iterable[List]) -> dict[str, int]:
    """How many cases stand in each list. One query."""
    # Scopes reach over to the reporter's row, of which a case has one at most: nothing is counted twice.
    return Case.objects.aggregate(**{each.code: Count("pk", filter=each.cases) for each in lists if each.code != "all"})


def waiting_in(lists: Iterable[List]) -> int:
    """How many cases stand in at least one of these lists. One query."""
    cases = NONE
    for each in lists:
        cases |= each.cases
    return Case.objects.filter(cases).count()


@dataclass(frozen=True)
class Filters:
    """How a list is narrowed, as it stands behind the question mark. What cannot be read narrows nothing."""

    words: str = ""
    zone: str = ""
    road: str = ""
    category: str = ""
    state: str = ""
    method: str = ""
    late: str = ""
    closed: str = ""

    @classmethod
    def asked(cls, query: Mapping[str, str]) -> "Filters":
        return cls(
            words=" ".join(query.get("q", "").split())[:60],
            **{
                name: query.get(name, "").strip()[:24]
                for name in ("zone", "road", "category", "state", "method", "late", "closed")
            },
        )

    @property
    def is_empty(self) -> bool:
        return not any(vars(self).values())

    def narrow(self, cases: CaseQuerySet, now: datetime, *, inside: Q) -> CaseQuerySet:
        """Those of the cases that answer to all of it; in the words for the place only what is read is looked through."""
        if self.words:
            cases = cases.filter(self._found(inside))
        if self.zone:
            cases = cases.filter(self._in_zone())
        if self.road:
            cases = cases.filter(road__code=self.road)
        if self.category:
            cases = cases.filter(category__code=self.category)
        if self.state in State.values:
            cases = cases.filter(state=self.state)
        if self.method in Case.Method.values:
            cases = cases.filter(method=self.method)
        if self.late == LATE_NOW:
            cases = cases.overdue(now)
        elif self.late == IN_TIME:
            cases = cases.filter(state=State.CLOSED).exclude(is_late(now))
        if self.closed:
            cases = cases.filter(closed_in(self.closed))
        return cases

    def _found(self, inside: Q) -> Q:
        number = "".join(self.words.upper().split())
        found = Q(description__icontains=self.words)
        found |= Q(address__icontains=self.words) & (Q(is_dwelling=False) | inside)
        found |= Q(road__name__icontains=self.words) | Q(category__name__icontains=self.words)
        return found | Q(number__contains=number) if len(number) >= NUMBER_BEGINS and number.isalnum() else found

    def _in_zone(self) -> Q:
        zones = Area.objects.filter(code=self.zone, level=Area.Level.ZONE)
        zone = zones.first()
        return permits.lies_in(zone) if zone is not None else NONE


def is_late(now: datetime) -> Q:
    """Handled after its deadline, or not handled although the deadline has passed."""
    return Q(handled_at__gt=F("due_at")) | overdue(now)


def closed_in(month: str) -> Q:
    """Closed in this month, written *2026-11*; what is no month has no cases."""
    try:
        first = datetime.strptime(month, "%Y-%m")  # noqa: DTZ007 – the site's own zone comes next
    except ValueError:
        return NONE
    year, number = divmod(first.year * 12 + first.month, 12)
    try:
        # As the database is asked for them: at the edges of the calendar there is no such moment.
        begin = timezone.make_aware(first).astimezone(UTC)
        end = timezone.make_aware(datetime(year, number + 1, 1)).astimezone(UTC)  # noqa: DTZ001
    except (ValueError, OverflowError):
        return NONE
    return Q(state=State.CLOSED, closed_at__gte=begin, closed_at__lt=end)


def rows(of: List, filters: Filters, now: datetime, *, inside: Q) -> CaseQuerySet:
    """The cases of a list with everything that a row says; what is due first comes first.

    ``inside`` are those on which the reader works (``Scope.inside``).
    """
    cases = filters.narrow(Case.objects.filter(of.cases), now, inside=inside)
    cases = cases.select_related(
        "category", "standard", "road", "segment", "cell", "unit", "handler", "inspector"
    ).annotate(
        deadline=deadline_in_rows(),
        is_inside=models.Case(When(inside, then=True), default=False, output_field=models.BooleanField()),
    )
    return cases.order_by("-pk") if of.by_latest else cases.order_by(F("deadline").asc(nulls_last=True), "pk")


@dataclass(frozen=True)
class Choices:
    """What the filters are chosen from."""

    zones: list[Area]
    roads: list[Road]
    categories: list[Category]


def choices_for(of: List, day: date) -> Choices:
    """Zones and roads of the day, and the categories of which there is a case in the list. Three queries."""
    used = Case.objects.filter(of.cases).order_by().values("category")
    # A code that meant something else before stands once, as what it means now.
    by_code = {row.code: row for row in Category.objects.filter(pk__in=used).order_by("code", "since")}
    return Choices(
        zones=list(Area.objects.on(day).of_level(Area.Level.ZONE)),
        roads=list(Road.objects.on(day)),
        categories=list(by_code.values()),
    )
