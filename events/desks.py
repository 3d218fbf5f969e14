"""How an action stands at the desk: for the people who run it, who see drafts and hidden pages too."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from communities import permits as organisation_permits
from communities.models import Organisation, User
from communities.roles import Right

from . import publishing
from .cards import Card, LivePlaces, read_with_heads
from .models import Action, Shift
from .states import (
    OVER,
    State,
    partners_by_action,
    place_of,
    sayings_of,
    sentences,
    shifts_by_action,
    sum_of_seats,
    why_closed,
)


def cards_at_desk(actions: Iterable[Action], *, names_hosts: bool, now: datetime) -> list[Card]:
    """The actions as cards, with five queries for all of them, in their order."""
    actions, heads = read_with_heads("desk", actions)
    shifts = shifts_by_action(actions)
    partners = partners_by_action(actions)
    return [
        _card(action, shifts[action.pk], _parties(action, partners[action.pk], names_hosts), heads, now)
        for action in actions
    ]


def state_at_desk(action: Action, now: datetime) -> State:
    """The state as the host speaks of it."""
    return {
        Action.Phase.DRAFT: State(_("Draft")),
        Action.Phase.UPCOMING: State(_("Announced"), "ok"),
        Action.Phase.TODAY: State(_("Today"), "want"),
        Action.Phase.RUNNING: State(_("Running now"), "ok"),
        Action.Phase.PAST: State(_("Over")),
        Action.Phase.CLOSED: State(_("Closed")),
        Action.Phase.CALLED_OFF: State(_("Called off"), "bad"),
    }[action.phase(now)]


def places_at_desk(action: Action, shift: Shift, now: datetime) -> State:
    """Why nobody can sign up for a shift any more; no word while its places say it."""
    if action.state == Action.State.DRAFT:
        return State(_("Not announced"))
    if action.is_announced and shift.starts_at <= now < shift.ends_at:
        return State(_("Running now"), "ok")
    why = why_closed(action, shift, is_public=action.page.live, now=now)
    if why == "called_off" and shift.ends_at > now:
        return State(_("Called off"), "bad")
    return State(_("Sign-up is closed") if why else "")


def title_at_desk(action: Action) -> str:
    """The title as staff should see it: of a draft the one written last, which only revisions and the tree know."""
    page = action.page
    return page.local_title.text if action.state != Action.State.DRAFT else page.draft_title or page.title


def why_not_announce(person: User, hosts: Iterable[Organisation]) -> str:
    """An empty string where this person may announce for one of these hosts, else the sentence why not."""
    hosts = list(hosts)
    announcing = [host for host in hosts if organisation_permits.may(person, Right.ANNOUNCE_ACTION, host)]
    if not announcing and len(hosts) == 1:
        return _("A coordinator of %(host)s announces it.") % {"host": hosts[0].spoken_name}
    if not announcing:
        return _("You write drafts; a coordinator of the organisation announces them.")
    if not any(host.is_verified for host in announcing):
        return publishing.unverified(announcing[0]).sentence
    return ""


def _parties(action: Action, partners: list[Organisation], names_hosts: bool) -> list[Organisation]:
    """Whom a card names: who has one host knows who it is, as long as it is alone."""
    return [action.host, *partners] if partners or names_hosts else []


def _card(
    action: Action, shifts: list[Shift], parties: list[Organisation], heads: Mapping[str, int], now: datetime
) -> Card:
    """Its word is the state where that says more than the places."""
    phase = action.phase(now)
    places = sum_of_seats(shifts)
    state = state_at_desk(action, now)
    is_hidden = action.is_announced and not action.page.live
    word = State(_("Not public"), "bad") if is_hidden else state
    is_by_places = action.is_announced and phase != Action.Phase.PAST and not is_hidden
    if is_by_places:
        word = places.state(has_line=action.has_waiting_list)
    return Card(
        url=reverse("events:desk", args=[action.pk]),
        title=title_at_desk(action),
        lang="zh-Hans" if action.state == Action.State.DRAFT else action.page.local_title.lang,
        kind=action.kind,
        kind_label=action.get_kind_display(),
        start=action.starts_at,
        end=action.ends_at,
        place=place_of(action),
        parties=parties,
        taken=places.taken,
        capacity=places.capacity,
        waiting=places.waiting,
        word=word.word,
        tone=word.tone,
        mark=state.word if phase in (Action.Phase.TODAY, Action.Phase.RUNNING) else "",
        off=phase in OVER,
        live=LivePlaces.of(action, shifts, heads, "desk") if shifts and phase not in OVER else None,
        sayings=sayings_of(places, sentences(has_line=action.has_waiting_list)) if is_by_places else (),
    )
