"""Joint actions and sign-ups as people see them: plain values, fetched for a whole list at once, so that no template asks
the database.

Words for states are made here and nowhere else: the list, the page, the sheet and *My activities* must say the same.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import add
from typing import NamedTuple
from urllib.parse import urlencode

from django.db.models import Count, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from communities.models import Organisation, User
from communities.permits import Person
from kit.times import day_words

from . import permits
from .models import Action, ActionPage, LocalText, Shift, SignUp, SignUpQuerySet, attach_pages


class State(NamedTuple):
    """A state in a word, with the tone that the mark before it takes: want, ok, bad or none."""

    word: str
    tone: str = ""


class Places(NamedTuple):
    """The places of a shift, or of several together. Whoever holds an offer is counted in ``taken``."""

    taken: int = 0
    capacity: int = 0
    waiting: int = 0
    free: int = 0
    """What somebody who comes now would get: a place that is free while people stand in line for it is theirs."""

    def state(self, *, has_line: bool) -> State:
        """*3 more wanted*, *Full, 2 waiting* …"""
        if self.free:
            return State(
                ngettext("%(count)s more wanted", "%(count)s more wanted", self.free) % {"count": self.free}, "want"
            )
        if self.waiting:
            return State(
                ngettext("Full, %(count)s waiting", "Full, %(count)s waiting", self.waiting) % {"count": self.waiting}
            )
        return State(_("Full; you can join the waiting list") if has_line else _("Full"))


def places_of(shift: Shift) -> Places:
    """The places of a shift that was fetched ``with_places()``."""
    known = vars(shift)
    taken, capacity, waiting = known["taken"] or 0, known["capacity"] or 0, known["waiting"]
    return Places(taken, capacity, waiting, 0 if waiting else max(0, capacity - taken))


def sum_of_places(shifts: Iterable[Shift]) -> Places:
    return reduce(lambda whole, part: Places(*map(add, whole, part)), map(places_of, shifts), Places())


# --- my own -----------------------------------------------------------------------------------------------------------


def with_turn(sign_ups: SignUpQuerySet) -> SignUpQuerySet:
    """With ``turn``: the place in the waiting list, from 1, as :func:`events.seats.position` says it for a single one."""
    up_to_mine = (
        SignUp.objects.filter(shift=OuterRef("shift"), state=SignUp.State.WAITING, offered_until__isnull=True)
        .filter(Q(queued_at__lt=OuterRef("queued_at")) | Q(queued_at=OuterRef("queued_at"), pk__lte=OuterRef("pk")))
        .order_by()
        .values("shift")
        .annotate(turn=Count("pk"))
        .values("turn")
    )
    return sign_ups.annotate(turn=Subquery(up_to_mine))


def own_state(sign_up: SignUp, now: datetime) -> State:
    """How I stand. ``sign_up`` was fetched :func:`with_turn` and with its shift."""
    if sign_up.state == SignUp.State.CANCELLED:
        return State(
            {
                SignUp.Cause.SELF: _("You cancelled"),
                SignUp.Cause.DECLINED: _("You declined the place"),
                SignUp.Cause.LAPSED: _("The offer ran out"),
                SignUp.Cause.CALLED_OFF: _("The action was called off"),
            }[SignUp.Cause(sign_up.cause)]
        )
    if sign_up.state == SignUp.State.CONFIRMED:
        return State(_("Done"), "ok") if sign_up.shift.ends_at <= now else State(_("Signed up"), "ok")
    if sign_up.shift.starts_at <= now:
        return State(_("No place came free"))
    if sign_up.offered_until is not None:
        return State(_("A place is waiting for your answer"), "want")
    return State(_("Number %(turn)s on the waiting list") % {"turn": vars(sign_up)["turn"]})


def _of_first_concern(sign_up: SignUp) -> tuple[int, datetime]:
    if sign_up.offered_until is not None:
        return 0, sign_up.offered_until
    return (1 if sign_up.state == SignUp.State.CONFIRMED else 2), sign_up.shift.starts_at


def own_sign_ups(person: Person, actions: Iterable[Action]) -> dict[int, list[SignUp]]:
    """The person's live sign-ups for these actions by action; what wants an answer first, then what is confirmed."""
    if not isinstance(person, User):
        return {}
    live = SignUp.objects.live().filter(person=person, shift__action__in=[action.pk for action in actions])
    found = defaultdict(list)
    for sign_up in sorted(with_turn(live).select_related("shift"), key=_of_first_concern):
        found[sign_up.shift.action_id].append(sign_up)
    return found


# --- lists ------------------------------------------------------------------------------------------------------------


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


def cards_of(actions: Iterable[Action], *, person: Person, now: datetime) -> list[Card]:
    """The actions as cards, with three queries for all of them. Their hosts were fetched with them."""
    actions = attach_pages(actions)
    shifts = defaultdict(list)
    for shift in Shift.objects.filter(action__in=[action.pk for action in actions]).with_places():
        shifts[shift.action_id].append(shift)
    mine = own_sign_ups(person, actions)
    return [_card(action, shifts[action.pk], mine.get(action.pk, []), now) for action in actions]


def _card(action: Action, shifts: list[Shift], mine: list[SignUp], now: datetime) -> Card:
    phase = action.phase(now)
    ahead = [shift for shift in shifts if shift.starts_at > now]
    is_off = phase in _OVER
    # One shift, not the whole period: nobody should think that he is wanted from nine to nine.
    following = _next_one(ahead) or next((shift for shift in shifts if shift.ends_at > now), None)
    start, end = action.starts_at, action.ends_at
    if following and not is_off:
        start, end = following.starts_at, following.ends_at
    places = sum_of_places(shifts if is_off or not ahead else ahead)
    state = _state_of_action(action, places, has_ahead=bool(ahead), now=now)
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
        parties=[action.host],
        taken=places.taken,
        capacity=0 if phase == Action.State.CALLED_OFF else places.capacity,
        waiting=places.waiting,
        word=state.word,
        tone=state.tone,
        note=action.reason if phase == Action.State.CALLED_OFF else "",
        mark=own_state(mine[0], now).word if mine and not is_off else "",
        off=is_off,
    )


def _next_one(ahead: Sequence[Shift]) -> Shift | None:
    """The shift that somebody who comes now would take: the first with a place, else the first."""
    return next((shift for shift in ahead if places_of(shift).free), ahead[0] if ahead else None)


def _kind_words(action: Action, shifts: int) -> str:
    kind = action.get_kind_display()
    if shifts < 2:
        return kind
    return ngettext("%(kind)s · %(count)s shift", "%(kind)s · %(count)s shifts", shifts) % {
        "kind": kind,
        "count": shifts,
    }


_OVER = frozenset({Action.State.CALLED_OFF.value, Action.State.CLOSED.value, "past"})


def place_of(action: Action) -> str:
    return _("Online") if action.is_online else action.place


def _state_of_action(action: Action, places: Places, *, has_ahead: bool, now: datetime) -> State:
    match action.phase(now):
        case Action.State.DRAFT:
            return State(_("Draft"))
        case Action.State.CALLED_OFF:
            return State(_("Called off"), "bad")
        case Action.State.CLOSED | "past":
            return State(pgettext("action", "Over"))
    if not has_ahead:
        return State(_("Under way"), "ok")
    return places.state(has_line=action.has_waiting_list)


# --- the page of an action --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Deed:
    """The one main button: its words are the state. Without an address nothing can be done, and the words say why."""

    label: str
    note: str = ""
    url: str = ""
    is_sheet: bool = False


@dataclass(frozen=True)
class ShiftPiece:
    """A shift on the page of its action, with the small button that leads to it."""

    pk: int
    start: datetime
    end: datetime
    task: str
    least: int
    places: Places
    state: State
    is_over: bool
    button: Deed | None
    is_mine: bool = False


@dataclass(frozen=True)
class ActionFace:
    """Everything that the page of an action shows to one person."""

    action: Action
    title: LocalText
    summary: LocalText
    body: LocalText
    place: str
    shifts: Sequence[ShiftPiece]
    places: Places
    state: State
    is_wanting: bool
    """Is there a place for whoever comes now?"""
    deed: Deed
    is_public: bool
    is_off: bool
    has_contact: bool
    """Did this person sign up, and so gets the number of whom to call?"""
    next_start: datetime | None
    may_run: bool
    may_compose: bool


def face_of(action: Action, *, person: Person, now: datetime) -> ActionFace:
    """The action as its page shows it to ``person``; its host was fetched with it."""
    page = _page_to_show(action)
    is_public = page.live and action.state != Action.State.DRAFT
    mine = own_sign_ups(person, [action]).get(action.pk, [])
    by_shift = {sign_up.shift_id: sign_up for sign_up in mine}
    shifts = list(action.shifts.with_places())
    is_open = is_public and action.is_announced
    ahead = [shift for shift in shifts if shift.starts_at > now]
    places = sum_of_places(ahead or shifts)
    off = action.phase(now) in _OVER
    return ActionFace(
        action=action,
        title=page.local_title,
        summary=page.local_summary,
        body=page.local_body,
        place=place_of(action),
        shifts=[_piece(action, shift, by_shift.get(shift.pk), is_open=is_open, now=now) for shift in shifts],
        places=places,
        state=_state_of_action(action, places, has_ahead=bool(ahead), now=now),
        is_wanting=is_open and bool(ahead) and bool(places.free) and not off,
        deed=_main_deed(action, places, mine, has_ahead=bool(ahead), is_open=is_open, now=now),
        is_public=is_public,
        is_off=off,
        has_contact=bool(mine) or permits.may_run(person, action),
        next_start=following.starts_at if (following := _next_one(ahead)) else None,
        may_run=permits.may_run(person, action),
        may_compose=permits.may_compose(person, action) and not off,
    )


def _page_to_show(action: Action) -> ActionPage:
    """The page; of a draft as it was last saved, because nothing of it is published yet."""
    page = action.page
    if not page.live and action.state == Action.State.DRAFT:
        newest: ActionPage = page.get_latest_revision_as_object()
        return newest
    return page


def _piece(action: Action, shift: Shift, mine: SignUp | None, *, is_open: bool, now: datetime) -> ShiftPiece:
    places = places_of(shift)
    if mine is not None:
        button: Deed | None = Deed(_("View"), url=reverse("events:signed_up", args=[mine.pk]))
        state = own_state(mine, now)
    else:
        button = _sign_up_button(action, shift, places) if is_open and shift.starts_at > now else None
        state = _state_of_shift(action, shift, places, now)
    return ShiftPiece(
        pk=shift.pk,
        start=shift.starts_at,
        end=shift.ends_at,
        task=shift.task,
        least=shift.least,
        places=places,
        state=state,
        is_over=shift.ends_at <= now or action.phase(now) in _OVER,
        button=button,
        is_mine=mine is not None,
    )


def _state_of_shift(action: Action, shift: Shift, places: Places, now: datetime) -> State:
    if action.state == Action.State.CALLED_OFF:
        return State(_("Called off"), "bad")
    if shift.ends_at <= now:
        return State(pgettext("shift", "Over"))
    if shift.starts_at <= now:
        return State(_("Under way"), "ok")
    return places.state(has_line=action.has_waiting_list)


def _sign_up_button(action: Action, shift: Shift, places: Places) -> Deed | None:
    if not places.free and not action.has_waiting_list:
        return None
    label = _("Take this shift") if places.free else _("Join the waiting list")
    return Deed(label, url=sign_up_address(action, shift.pk), is_sheet=True)


def sign_up_address(action: Action, shift: int | None = None) -> str:
    address = reverse("events:sign_up", kwargs={"year": action.year, "slug": action.slug, "pk": action.pk})
    return f"{address}?{urlencode({'shift': shift})}" if shift else address


def _main_deed(
    action: Action, places: Places, mine: list[SignUp], *, has_ahead: bool, is_open: bool, now: datetime
) -> Deed:
    if mine:
        return _own_deed(mine[0], now)
    if not is_open or not has_ahead:
        return Deed(_why_closed(action, now))
    if places.free:
        return Deed(_("Sign up"), places.state(has_line=True).word, url=sign_up_address(action), is_sheet=True)
    if action.has_waiting_list:
        ahead = ngettext("%(count)s before you", "%(count)s before you", places.waiting) % {"count": places.waiting}
        return Deed(
            _("Join the waiting list"), ahead if places.waiting else "", url=sign_up_address(action), is_sheet=True
        )
    return Deed(_("Full"))


def _own_deed(sign_up: SignUp, now: datetime) -> Deed:
    address = reverse("events:signed_up", args=[sign_up.pk])
    state = own_state(sign_up, now)
    if sign_up.state == SignUp.State.CONFIRMED and sign_up.shift.ends_at > now:
        return Deed(state.word, _("view"), url=address)
    return Deed(state.word, url=address)


def _why_closed(action: Action, now: datetime) -> str:
    match action.phase(now):
        case Action.State.DRAFT:
            return _("Draft")
        case Action.State.CALLED_OFF:
            return _("Called off")
        case Action.State.CLOSED | "past":
            return pgettext("action", "Over")
    return _("Sign-up has ended")


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
    until = sign_up.shift.cancel_until
    if now <= until:
        return _("You can cancel until %(when)s without giving a reason.") % {"when": day_words(until, now=now)}
    return _("It begins soon: you can still cancel, but please write why.")
