"""Joint actions in a list, and one's own sign-ups: plain values, fetched for the whole list at once, so that no template
asks the database.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from communities.models import Organisation
from communities.permits import Person
from grid.net import plan
from grid.net.geometry import Position
from kit.times import day_words
from updates import book

from .models import Action, Shift, SignUp, attach_pages
from .states import (
    OVER,
    Saying,
    State,
    counts_of,
    follows_places,
    next_one,
    own_sign_ups,
    own_state,
    partners_by_action,
    place_of,
    sayings_of,
    sentences,
    shifts_by_action,
    state_of_action,
    sum_of_seats,
)


@dataclass(frozen=True)
class LivePlaces:
    """What ``<live-places>`` needs to keep the figures of an action right; the values are JSON."""

    action: int
    follow: str
    shifts: str
    mine: str
    """Shifts on which the person waits: their turn is no figure of the update, so the page is fetched anew."""

    @property
    def whole(self) -> str:
        """The scope of all its shifts together."""
        return f"{self.action}:*"

    @classmethod
    def of(
        cls,
        action: Action,
        shifts: Iterable[Shift],
        heads: Mapping[str, int],
        topic: str,
        mine: Iterable[SignUp] = (),
    ) -> "LivePlaces":
        """Of these shifts together, going on from ``heads``, which were read before them; ``mine`` are the person's own."""
        name = f"{topic}:{action.pk}"
        waits_on = [sign_up.shift_id for sign_up in mine if sign_up.state == SignUp.State.WAITING]
        return cls(action.pk, json.dumps({name: heads[name]}), json.dumps(counts_of(shifts)), json.dumps(waits_on))


class When(NamedTuple):
    """The hours of a shift that somebody who comes now might take; of several a card shows one."""

    shift: int
    start: datetime
    end: datetime
    is_hidden: bool


@dataclass(frozen=True)
class Card:
    """An action in a list; ``ui/_action_card.html`` shows it."""

    url: str
    title: str
    lang: str
    kind: str
    kind_label: str
    start: datetime | None
    end: datetime | None
    place: str
    parties: Sequence[Organisation]
    taken: int
    capacity: int
    waiting: int
    word: str
    tone: str
    note: str = ""
    mark: str = ""
    off: bool = False
    live: LivePlaces | None = None
    sayings: Sequence[Saying] = ()
    """Where the word is that of the places: what is said in each case."""
    whens: Sequence[When] = ()
    """Where another shift may become the next one: the hours of each."""
    position: Position | None = None
    """From where its distance is measured: the house or point that it names, else the middle of its road."""


def read_with_heads(topic: str, actions: Iterable[Action]) -> tuple[list[Action], dict[str, int]]:
    """The actions with host and page, and how far the book had come for each before they were read again."""
    pks = [action.pk for action in actions]
    heads = book.heads(f"{topic}:{pk}" for pk in pks)
    found = Action.objects.select_related("host").in_bulk(pks)
    return attach_pages(found[pk] for pk in pks if pk in found), heads


def following(cards: Iterable[Card]) -> str:
    """What a page with these cards follows, as JSON: topic → number of the last update that they show."""
    return json.dumps(
        {topic: seq for card in cards if card.live for topic, seq in json.loads(card.live.follow).items()}
    )


def whens_of(ahead: Sequence[Shift]) -> list[When]:
    """The hours of the shifts ahead, of which one is shown."""
    following = next_one(ahead)
    return [When(shift.pk, shift.starts_at, shift.ends_at, shift != following) for shift in ahead]


def cards_of(actions: Iterable[Action], *, person: Person, now: datetime) -> list[Card]:
    """The actions as cards, with seven queries for all of them, in their order."""
    actions, heads = read_with_heads("action", actions)
    shifts = shifts_by_action(actions)
    partners = partners_by_action(actions)
    mine = own_sign_ups(person, actions)
    cards = [
        _card(action, shifts[action.pk], partners[action.pk], mine.get(action.pk, []), heads, now) for action in actions
    ]
    found = _positions([action for action, card in zip(actions, cards, strict=True) if not card.off], now)
    return [replace(card, position=found.get(action.pk)) for action, card in zip(actions, cards, strict=True)]


def _positions(actions: Sequence[Action], now: datetime) -> dict[int, Position]:
    """Where these actions are, by their ids."""
    on_roads = {action.pk: action.road_id for action in actions if action.road_id is not None}
    middles = plan.middles_of_roads(set(on_roads.values()), on=timezone.localdate(now))
    found = {pk: middles[road] for pk, road in on_roads.items() if road in middles}
    for action in actions:
        if action.longitude is not None and action.latitude is not None:
            found[action.pk] = (action.longitude, action.latitude)
    return found


def _card(
    action: Action,
    shifts: list[Shift],
    partners: list[Organisation],
    mine: list[SignUp],
    heads: Mapping[str, int],
    now: datetime,
) -> Card:
    phase = action.phase(now)
    ahead = [shift for shift in shifts if shift.starts_at > now]
    is_off = phase in OVER
    # One shift, not the whole period: nobody should think that he is wanted from nine to nine.
    following = next_one(ahead) or next((shift for shift in shifts if shift.ends_at > now), None)
    start, end = action.starts_at, action.ends_at
    if following and not is_off:
        start, end = following.starts_at, following.ends_at
    counted = shifts if is_off or not ahead else ahead
    places = sum_of_seats(counted)
    is_by_places = follows_places(action, has_ahead=bool(ahead), now=now)
    state = state_of_action(action, places, has_ahead=bool(ahead), now=now)
    title = action.page.local_title
    return Card(
        url=action.get_absolute_url(),
        title=title.text,
        lang=title.lang,
        kind=action.kind,
        kind_label=_kind_words(action, len(shifts)),
        start=start,
        end=end,
        place=place_of(action),
        parties=[action.host, *partners],
        taken=places.taken,
        capacity=0 if phase == Action.Phase.CALLED_OFF else places.capacity,
        waiting=places.waiting,
        word=state.word,
        tone=state.tone,
        note=action.reason if phase == Action.Phase.CALLED_OFF else "",
        mark=own_state(mine[0], now).word if mine and not is_off else "",
        off=is_off,
        live=LivePlaces.of(action, counted, heads, "action") if counted and not is_off else None,
        sayings=sayings_of(places, sentences(has_line=action.has_waiting_list)) if is_by_places else (),
        whens=whens_of(ahead) if is_by_places and len(ahead) > 1 else (),
    )


def _kind_words(action: Action, shifts: int) -> str:
    kind = action.get_kind_display()
    if shifts < 2:
        return kind
    return ngettext("%(kind)s · %(count)s shift", "%(kind)s · %(count)s shifts", shifts) % {
        "kind": kind,
        "count": shifts,
    }


# --- my activities ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class OwnCard:
    """A sign-up of mine in my own list, and on its own page."""

    sign_up: SignUp
    url: str
    title: str
    lang: str
    kind: str
    kind_label: str
    start: datetime
    end: datetime
    task: str
    place: str
    meeting_point: str
    host: Organisation
    state: State
    is_offer: bool
    is_confirmed: bool
    is_waiting: bool
    is_over: bool
    turn: int | None
    cancel_words: str
    """Until when it may be given back and how; empty where nothing is left to give back."""


def own_cards(sign_ups: Iterable[SignUp], now: datetime) -> list[OwnCard]:
    """Sign-ups as cards, with one query for all their pages. Fetched :func:`with_turn`, with shift, action and host."""
    sign_ups = list(sign_ups)
    attach_pages(sign_up.shift.action for sign_up in sign_ups)
    return [_own_card(sign_up, now) for sign_up in sign_ups]


def _own_card(sign_up: SignUp, now: datetime) -> OwnCard:
    shift, action = sign_up.shift, sign_up.shift.action
    title = action.page.local_title
    has_begun = shift.starts_at <= now
    is_waiting = sign_up.state == SignUp.State.WAITING and not has_begun
    return OwnCard(
        sign_up=sign_up,
        url=reverse("events:signed_up", args=[sign_up.pk]),
        title=title.text,
        lang=title.lang,
        kind=action.kind,
        kind_label=action.get_kind_display(),
        start=shift.starts_at,
        end=shift.ends_at,
        task=shift.task,
        place=place_of(action),
        meeting_point=action.meeting_point,
        host=action.host,
        state=own_state(sign_up, now),
        is_offer=is_waiting and sign_up.offered_until is not None,
        is_confirmed=sign_up.state == SignUp.State.CONFIRMED,
        is_waiting=is_waiting and sign_up.offered_until is None,
        is_over=shift.ends_at <= now or not sign_up.is_live,
        turn=vars(sign_up)["turn"] if is_waiting and sign_up.offered_until is None else None,
        cancel_words=_cancel_words(sign_up, now) if sign_up.is_live and not has_begun else "",
    )


def _cancel_words(sign_up: SignUp, now: datetime) -> str:
    if sign_up.state == SignUp.State.WAITING:
        return _("You can leave the waiting list at any time.")
    if sign_up.needs_reason(now):
        return _("It begins soon: you can still cancel, but please write why.")
    until = day_words(sign_up.shift.cancel_until, now=now)
    return _("You can cancel until %(when)s without giving a reason.") % {"when": until}
