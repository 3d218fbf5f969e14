"""The page of an action, as one person sees it: plain values, so that the template asks nothing of the database."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from communities.permits import Person

from . import permits
from .models import Action, ActionPage, LocalText, Shift, SignUp
from .states import (
    OVER,
    Places,
    State,
    next_one,
    own_sign_ups,
    own_state,
    place_of,
    places_of,
    state_of_action,
    state_of_shift,
    sum_of_places,
)


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
    off = action.phase(now) in OVER
    return ActionFace(
        action=action,
        title=page.local_title,
        summary=page.local_summary,
        body=page.local_body,
        place=place_of(action),
        shifts=[_piece(action, shift, by_shift.get(shift.pk), is_open=is_open, now=now) for shift in shifts],
        places=places,
        state=state_of_action(action, places, has_ahead=bool(ahead), now=now),
        is_wanting=is_open and bool(ahead) and bool(places.free) and not off,
        deed=_main_deed(action, places, mine, has_ahead=bool(ahead), is_open=is_open, now=now),
        is_public=is_public,
        is_off=off,
        has_contact=bool(mine) or permits.may_run(person, action),
        next_start=following.starts_at if (following := next_one(ahead)) else None,
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
        state = state_of_shift(action, shift, places, now)
    return ShiftPiece(
        pk=shift.pk,
        start=shift.starts_at,
        end=shift.ends_at,
        task=shift.task,
        least=shift.least,
        places=places,
        state=state,
        is_over=shift.ends_at <= now or action.phase(now) in OVER,
        button=button,
        is_mine=mine is not None,
    )


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
