"""What stands on the home page: where hands are wanted now, what is mine next, and a few honest numbers."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Case, Exists, F, IntegerField, OuterRef, Sum, Value, When
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from communities import permits
from communities.models import Organisation, User
from communities.permits import Person
from communities.roles import Right
from events import listing
from events.cards import OwnCard, cards_of, following, own_cards
from events.listing import Filters
from events.models import Action, ActionQuerySet, Allotment, SignUp
from events.states import with_turn
from portal.models.notices import NoticePage
from portal.notice_list import rows_of, urgent
from updates import book

SHOWN = 6
"""Actions on the home page; the others are one tap away."""
NOTICES, URGENT = 4, 2
"""Notices below them, and warnings above everything."""


@dataclass(frozen=True)
class Figure:
    """A number that the database knows, and the list behind it if there is one."""

    value: int
    label: str
    url: str = ""
    tone: str = ""


def context(request: HttpRequest) -> dict[str, Any]:
    """The context of the home page for whoever asks. Its number of queries does not grow with the rows."""
    now = timezone.now()
    person = request.user
    heads = book.heads(["town"])  # before what is shown
    wanted = listing.coming(now).with_free_places(now)
    many = wanted.count()
    shown = cards_of(_ordered(wanted if many else listing.coming(now), person)[:SHOWN], person=person, now=now)
    return {
        "wanted": many,
        "cards": shown,
        "follow": following(shown),
        "has_distances": any(card.position for card in shown),
        "all_coming": listing.coming(now).count(),
        "mine_next": _mine_next(person, now),
        "figures": _figures(now),
        **_notices(request, timezone.localdate(now), heads),
    }


def _notices(request: HttpRequest, today: date, heads: Mapping[str, int]) -> dict[str, Any]:
    """The warnings that hold today, the newest of the others, and from where they go on live."""
    shown = NoticePage.objects.shown()
    warnings = list(urgent(shown, today)[:URGENT])
    others = shown.newest_first(today).exclude(pk__in=[warning.pk for warning in warnings])[:NOTICES]
    rows = rows_of([*warnings, *others], request, today)
    return {
        "urgent": rows[: len(warnings)],
        "notices": rows[len(warnings) :],
        "follow_notices": json.dumps(dict(heads)),
    }


def _ordered(actions: ActionQuerySet, person: Person) -> ActionQuerySet:
    """The organisations one belongs to first, then the soonest."""
    own = (
        permits.organisations_where(person, Right.BELONG)
        if isinstance(person, User) and not person.is_superuser
        else None
    )
    ordered = actions.select_related("host")
    if own is None:
        return ordered.order_by("starts_at", "id")
    nearness = Case(When(host__in=own, then=Value(0)), default=Value(1), output_field=IntegerField())
    return ordered.order_by(nearness, "starts_at", "id")


def _mine_next(person: Person, now: datetime) -> OwnCard | None:
    """What the person should see first: an offer that waits for an answer, else the next shift."""
    if not isinstance(person, User):
        return None
    mine = SignUp.objects.filter(listing.in_tab(listing.COMING, now), person=person)
    first = with_turn(mine).select_related("shift__action__host").order_by(*listing.SOONEST).first()
    return own_cards([first], now)[0] if first else None


def _figures(now: datetime) -> list[Figure]:
    public = Action.objects.public()
    open_places = Allotment.objects.filter(shift__starts_at__gt=now, shift__action__in=public.announced())
    wanted = open_places.aggregate(free=Sum(F("capacity") - F("taken")))["free"] or 0
    hosts = Organisation.objects.filter(Exists(public.filter(host=OuterRef("pk"))))
    people = SignUp.objects.confirmed().filter(shift__action__in=public).values("person").distinct()
    return [
        Figure(wanted, _("hands still wanted"), Filters(free=True).address, "want" if wanted else ""),
        Figure(people.count(), _("people signed up")),
        Figure(public.count(), _("actions announced"), Filters().address),
        Figure(hosts.count(), _("organisations taking part")),
    ]
