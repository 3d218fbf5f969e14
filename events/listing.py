"""The lists: what may be asked of them in their addresses. Of all actions, and of one's own sign-ups."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from communities.models import Organisation
from kit.times import EVENING

from .kinds import Kind
from .models import Action, ActionQuerySet, Party, Shift, SignUp

PAST = "past"
WHEN: dict[str, Promise] = {
    "today": _("Today"),
    "tonight": _("Tonight"),
    "weekend": _("This weekend"),
    "week": _("Within 7 days"),
    PAST: _("Over"),
}


@dataclass(frozen=True)
class Chip:
    """One filter as a link; a chosen one (``on``) is undone by its link."""

    label: str | Promise
    url: str
    on: bool


@dataclass(frozen=True)
class Filters:
    """What is asked of the list. Everything unknown in the address was ignored when it was read."""

    when: str = ""
    kind: str = ""
    host: Organisation | None = None
    """Host or partner: whoever asks for an organisation wants what it does, not what it answers for."""
    free: bool = False

    @classmethod
    def read(cls, query: QueryDict) -> "Filters":
        """From the address ``?when=&kind=&host=&free=``; a value that means nothing is as good as none."""
        when, kind, host = (query.get(name, "") for name in ("when", "kind", "host"))
        return cls(
            when=when if when in WHEN else "",
            kind=kind if kind in Kind.values else "",
            host=Organisation.objects.public().filter(slug=host).first() if host else None,
            free=query.get("free") == "1",
        )

    @property
    def are_set(self) -> bool:
        return self != Filters()

    @property
    def address(self) -> str:
        """The list with these filters, on its first page."""
        asked = {
            "when": self.when,
            "kind": self.kind,
            "host": self.host.slug if self.host else "",
            "free": "1" if self.free else "",
        }
        query = urlencode({name: value for name, value in asked.items() if value})
        return reverse("events:actions") + (f"?{query}" if query else "")

    def actions(self, now: datetime) -> ActionQuerySet:
        """The public actions asked for: the soonest first, past ones the latest first."""
        found = _at(self.when, now)
        if self.kind:
            found = found.filter(kind=self.kind)
        if self.host:
            found = found.filter(Q(host=self.host) | Q(pk__in=_joined_by(self.host)))
        if self.free:
            found = found.with_free_places(now)
        order = ("-ends_at", "-id") if self.when == PAST else ("starts_at", "id")
        return found.select_related("host").order_by(*order)

    def chips(self) -> list[Chip]:
        """The filters that are always in sight: places and times."""
        free = Chip(_("More hands wanted"), replace(self, free=not self.free).address, self.free)
        times = [
            Chip(label, replace(self, when="" if self.when == when else when).address, self.when == when)
            for when, label in WHEN.items()
        ]
        return [free, *times, *self._rarer_ones()]

    def _rarer_ones(self) -> Iterator[Chip]:
        """Kind and host stand among them only while they are chosen."""
        if self.kind:
            yield Chip(Kind(self.kind).label, replace(self, kind="").address, on=True)
        if self.host:
            yield Chip(self.host.spoken_name, replace(self, host=None).address, on=True)

    def kind_chips(self) -> list[Chip]:
        return [
            Chip(kind.label, replace(self, kind="" if self.kind == kind else kind.value).address, self.kind == kind)
            for kind in Kind
        ]

    def hosts(self) -> QuerySet[Organisation]:
        """The organisations to choose from: those that are host of something public, or take part in it."""
        hosted = Action.objects.public().filter(host=OuterRef("pk"))
        joined = Party.objects.joined().filter(organisation=OuterRef("pk"), action__in=Action.objects.public())
        return Organisation.objects.public().filter(Exists(hosted) | Exists(joined)).order_by("name")


def _joined_by(organisation: Organisation) -> QuerySet[Any, Any]:
    return Party.objects.joined().filter(organisation=organisation).values("action")


def coming(now: datetime) -> ActionQuerySet:
    """Public actions that are not over, the called off ones among them: nothing vanishes before its day."""
    return Action.objects.public().ahead(now)


def _at(when: str, now: datetime) -> ActionQuerySet:
    if when == PAST:
        return Action.objects.public().filter(ends_at__lte=now)
    if not when:
        return coming(now)
    begins, ends = _window(when, now)
    # Asked of the shifts: an action with one on Monday and one on Friday is not on Wednesday.
    then = Shift.objects.filter(action=OuterRef("pk"), starts_at__lt=ends, ends_at__gt=max(begins, now))
    return coming(now).filter(Exists(then))


def _window(when: str, now: datetime) -> tuple[datetime, datetime]:
    now = timezone.localtime(now)
    today = datetime.combine(now.date(), time(0), tzinfo=now.tzinfo)
    day = timedelta(days=1)
    match when:
        case "today":
            return today, today + day
        case "tonight":
            return today + timedelta(hours=EVENING), today + day
        case "weekend":
            saturday = today + day * (5 - now.weekday()) if now.weekday() < 5 else today - day * (now.weekday() - 5)
            return saturday, saturday + 2 * day
        case _:
            return today, today + 7 * day


# --- my activities ----------------------------------------------------------------------------------------------------

COMING, DONE, CANCELLED = "coming", "done", "cancelled"
TABS: dict[str, Promise] = {
    COMING: _("To come"),
    DONE: _("Done"),
    CANCELLED: pgettext_lazy("my activities", "Cancelled"),
}


SOONEST = (F("offered_until").asc(nulls_last=True), F("shift__starts_at").asc(), F("pk").asc())
"""What wants an answer first, then what begins soonest."""
LATEST = (F("shift__starts_at").desc(), F("pk").desc())


def in_tab(tab: str, now: datetime) -> Q:
    """Which sign-ups stand there. Whoever waited in vain finds it among the cancelled ones."""
    match tab:
        case "coming":
            return Q(state=SignUp.State.CONFIRMED, shift__ends_at__gt=now) | Q(
                state=SignUp.State.WAITING, shift__starts_at__gt=now
            )
        case "done":
            return Q(state=SignUp.State.CONFIRMED, shift__ends_at__lte=now)
        case _:
            return Q(state=SignUp.State.CANCELLED) | Q(state=SignUp.State.WAITING, shift__starts_at__lte=now)


def tabs(current: str, counts: Mapping[str, int]) -> list[dict[str, Any]]:
    address = reverse("events:my_activities")
    return [
        {
            "label": label,
            "url": address if tab == COMING else f"{address}?tab={tab}",
            "current": tab == current,
            "count": counts[tab],
        }
        for tab, label in TABS.items()
    ]
