"""Invitations as those read them who are asked, and partners as the desk sees them: plain values for the templates."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from communities.models import Organisation
from communities.permits import Person

from . import permits
from .desks import title_at_desk
from .models import Action, Party, PartyQuerySet, attach_pages
from .states import OVER, State, place_of


@dataclass(frozen=True)
class Asked:
    """An invitation in the list of those who were asked, and on its own page."""

    party: Party
    url: str
    title: str
    """Empty where the action is none of their business any more: a draft from which they are out."""
    kind: str
    kind_label: str
    start: datetime | None
    end: datetime | None
    place: str
    host: Organisation
    state: State
    is_waiting: bool
    is_in: bool
    """Takes part, and may still leave."""


def waiting(person: Person, now: datetime) -> PartyQuerySet:
    """What waits for this person's answer: the action that begins soonest first."""
    return _known(permits.parties_to_answer(person).asked().filter(_not_over(now))).order_by(
        "action__starts_at", "invited_at", "pk"
    )


def answered(person: Person, now: datetime) -> PartyQuerySet:
    """What was answered, taken back, or is over: the newest first."""
    return _known(permits.parties_to_answer(person).exclude(Q(state=Party.State.INVITED) & _not_over(now))).order_by(
        "-pk"
    )


def count_waiting(person: Person) -> int:
    """How many invitations wait for this person's answer."""
    return permits.parties_to_answer(person).asked().filter(_not_over(timezone.now())).count()


def tabs(current: str, counts: Mapping[str, int]) -> list[dict[str, Any]]:
    """The two halves of the list."""
    address = reverse("events:invitations")
    return [
        {"label": label, "url": f"{address}{query}", "current": tab == current, "count": counts[tab]}
        for tab, label, query in (
            ("waiting", _("Waiting for your answer"), ""),
            ("answered", _("Answered, or over"), "?tab=answered"),
        )
    ]


def as_asked(parties: Iterable[Party], now: datetime) -> list[Asked]:
    """These invitations, fetched with organisation, action and host, with one query for all their pages."""
    parties = list(parties)
    attach_pages(party.action for party in parties)
    return [_asked(party, now) for party in parties]


def own_at(person: Person, action: Action) -> list[Party]:
    """For whom this person could answer here: the organisations that were asked or take part in this action."""
    return list(
        permits.parties_to_answer(person).standing().filter(action=action).select_related("organisation").order_by("pk")
    )


@dataclass(frozen=True)
class Partner:
    """A partner at the desk: how it stands, its word, and who signed."""

    party: Party
    state: State
    word: str
    signed_by: str
    at: datetime
    is_asked: bool
    is_in: bool


def partners_at_desk(action: Action, now: datetime) -> list[Partner]:
    """Everybody who was asked, each as it stands now; whom the host asked no longer is left out. One query."""
    named = ("organisation", "invited_by", "answered_by", "ended_by")
    newest = {party.organisation_id: party for party in action.parties.select_related(*named).order_by("pk")}
    shown = [party for party in newest.values() if party.state != Party.State.WITHDRAWN]
    return [_partner(party, is_over=action.phase(now) in OVER) for party in shown]


def _partner(party: Party, *, is_over: bool) -> Partner:
    is_left = party.state == Party.State.LEFT
    signed_by = party.ended_by if is_left else party.answered_by or party.invited_by
    return Partner(
        party=party,
        state={
            Party.State.INVITED: State(_("Not answered") if is_over else _("Has not answered yet")),
            Party.State.JOINED: State(_("Takes part"), "ok"),
            Party.State.DECLINED: State(_("Said no")),
            Party.State.LEFT: State(_("No longer takes part")),
        }[Party.State(party.state)],
        word=party.parting if is_left else party.word,
        signed_by=signed_by.name if signed_by else "",
        at=party.ended_at or party.answered_at or party.invited_at,
        is_asked=party.state == Party.State.INVITED and not is_over,
        is_in=party.state == Party.State.JOINED and not is_over,
    )


def _asked(party: Party, now: datetime) -> Asked:
    action = party.action
    is_over = action.phase(now) in OVER
    is_standing = party.state in (Party.State.INVITED, Party.State.JOINED)
    is_known = is_standing or (action.state != Action.State.DRAFT and action.page.live)
    return Asked(
        party=party,
        url=reverse("events:invitation", args=[party.pk]),
        title=title_at_desk(action) if is_known else "",
        kind=action.kind,
        kind_label=action.get_kind_display(),
        start=action.starts_at if is_known else None,
        end=action.ends_at if is_known else None,
        place=place_of(action) if is_known else "",
        host=action.host,
        state=_state(party, is_over=is_over),
        is_waiting=party.state == Party.State.INVITED and not is_over,
        is_in=party.state == Party.State.JOINED and not is_over,
    )


def _state(party: Party, *, is_over: bool) -> State:
    """How the invitation stands for those who were asked."""
    if party.state == Party.State.INVITED and is_over:
        return State(pgettext("invitation", "Over, not answered"))
    return {
        Party.State.INVITED: State(_("Waits for your answer"), "want"),
        Party.State.JOINED: State(_("You take part"), "ok"),
        Party.State.DECLINED: State(_("You said no")),
        Party.State.LEFT: State(_("You no longer take part")),
        Party.State.WITHDRAWN: State(_("Taken back by the host")),
    }[Party.State(party.state)]


def _known(parties: PartyQuerySet) -> PartyQuerySet:
    return parties.select_related("organisation", "action__host")


def _not_over(now: datetime) -> Q:
    """As ``phase`` says it: a draft is never over, an announced action when its last shift is."""
    return Q(action__state=Action.State.DRAFT) | Q(action__state=Action.State.ANNOUNCED, action__ends_at__gt=now)
