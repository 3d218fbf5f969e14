"""The page of an action, as one person sees it: plain values, so that the template asks nothing of the database."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from communities.models import Organisation, User
from communities.permits import Person
from communities.words import LocalText
from updates import book, feed
from updates.feed import Feed

from . import doors, invitations, permits
from .cards import LivePlaces, When, whens_of
from .models import Action, ActionPage, Party, Shift, SignUp
from .states import (
    OVER,
    Saying,
    Seats,
    State,
    follows_places,
    own_sign_ups,
    own_state,
    place_of,
    sayings_of,
    seats_of,
    sentences,
    shift_follows_places,
    state_of_action,
    state_of_shift,
    sum_of_seats,
    why_closed,
)

NEWS_SHOWN = 10
"""Entries of the feed on the page; the older ones are a tap away."""


@dataclass(frozen=True)
class Deed:
    """The one main button: its words are the state. Without an address nothing can be done, and the words say why.

    ``case`` names the cases of the places in which it is shown, with blanks between; empty where it always is.
    """

    label: str
    note: str = ""
    url: str = ""
    is_sheet: bool = False
    case: str = ""
    is_hidden: bool = False
    note_saying: Saying | None = None
    """Where the note changes with the places: in which of the cases it is said, and with which figures."""


@dataclass(frozen=True)
class ShiftPiece:
    """A shift on the page of its action, with the small buttons that lead to it, of which at most one is shown."""

    pk: int
    start: datetime
    end: datetime
    task: str
    least: int
    places: Seats
    state: State
    sayings: Sequence[Saying]
    is_over: bool
    buttons: Sequence[Deed]


@dataclass(frozen=True)
class ActionFace:
    """Everything that the page of an action shows to one person."""

    action: Action
    title: LocalText
    summary: LocalText
    body: LocalText
    place: str
    shifts: Sequence[ShiftPiece]
    places: Seats
    state: State
    sayings: Sequence[Saying]
    """What is said of the places in each case, in the order of ``state``; empty where the state is not theirs."""
    wanting: Sequence[Saying]
    """The same above the title, where a free place is *hands wanted*."""
    deeds: Sequence[Deed]
    whens: Sequence[When]
    """The next shift: the hours of each that may be it."""
    is_public: bool
    is_off: bool
    was_moved: bool
    """Is a shift at another hour than when people signed up for it?"""
    is_open: bool
    """May somebody who has no place ask for one?"""
    has_choice: bool
    """Is there a shift ahead to choose, or one of one's own to look at?"""
    has_contact: bool
    """Did this person sign up, and so gets the number of whom to call?"""
    may_run: bool
    may_compose: bool
    may_post: bool
    """In the host's name, or in that of a partner that takes part."""
    partners: Sequence[Organisation]
    """Who takes part besides the host; whoever has not answered is not shown."""
    own_parties: Sequence[Party]
    """Organisations for which this person answers here: asked, or taking part."""
    follow: str
    """What the page follows, as JSON: topic → number of the last update that it shows."""
    live: LivePlaces
    feed: Feed | None


def face_of(action: Action, *, person: Person, now: datetime, before: int | None = None) -> ActionFace:
    """The action as its page shows it to ``person``; its host was fetched with it.

    ``before`` turns the pages of its feed.
    """
    heads = book.heads(_topics(action, person))
    doors.read_again(action)
    page = _page_to_show(action)
    is_public = page.live and action.state != Action.State.DRAFT
    mine = own_sign_ups(person, [action]).get(action.pk, [])
    by_shift = {sign_up.shift_id: sign_up for sign_up in mine}
    shifts = list(action.shifts.with_places())
    is_open = not why_closed(action, is_public=is_public, now=now)
    ahead = [shift for shift in shifts if shift.starts_at > now]
    places = sum_of_seats(ahead or shifts)
    off = action.phase(now) in OVER
    is_by_places = follows_places(action, has_ahead=bool(ahead), now=now)
    said = sentences(has_line=action.has_waiting_list)
    hands = State(_("Hands wanted"), "want") if is_open else said["free"]
    may_run = permits.may_run(person, action)
    voices = [voice.pk for voice in permits.voices(person, action)]
    joined = action.parties.joined().select_related("organisation__section").order_by("answered_at", "pk")
    return ActionFace(
        action=action,
        title=page.local_title,
        summary=page.local_summary,
        body=page.local_body,
        place=place_of(action),
        shifts=[_piece(action, shift, by_shift.get(shift.pk), is_public=is_public, now=now) for shift in shifts],
        places=places,
        state=state_of_action(action, places, has_ahead=bool(ahead), now=now),
        sayings=sayings_of(places, said) if is_by_places else (),
        wanting=sayings_of(places, said | {"free": hands}) if is_by_places else (),
        deeds=_main_deeds(action, places, mine, has_ahead=bool(ahead), is_open=is_open, now=now),
        whens=whens_of(ahead),
        is_public=is_public,
        is_off=off,
        was_moved=any(shift.free_until for shift in shifts),
        is_open=is_open and bool(ahead) and not off and not mine,
        has_choice=bool(mine) or (is_open and bool(ahead)),
        has_contact=bool(mine) or may_run,
        may_run=may_run,
        may_compose=permits.may_compose(person, action) and not off,
        may_post=bool(voices),
        partners=[party.organisation for party in joined],
        own_parties=invitations.own_at(person, action),
        follow=json.dumps(dict(heads)),
        live=LivePlaces.of(action, ahead or shifts, heads, "action", mine),
        feed=_feed(action, heads, before, _withdraws(person, action)) if action.state != Action.State.DRAFT else None,
    )


def _topics(action: Action, person: Person) -> list[str]:
    own = [f"person:{person.pk}"] if isinstance(person, User) else []
    return [f"action:{action.pk}", *own]


def _withdraws(person: Person, action: Action) -> Collection[int] | None:
    """Whose posts this person may take back: those of these organisations, or all of them (None)."""
    return None if permits.may_run(person, action) else permits.own_posts_of(person, action)


def _feed(action: Action, heads: Mapping[str, int], before: int | None, withdraws: Collection[int] | None) -> Feed:
    topic = f"action:{action.pk}"
    return feed.live(
        feed.entries([topic], limit=NEWS_SHOWN, before=before),
        {topic: heads[topic]},
        withdraw_from="page" if withdraws is None or withdraws else "",
        withdraws_of=tuple(withdraws or ()),
        is_still=before is not None,
    )


def _page_to_show(action: Action) -> ActionPage:
    """The page; of a draft as it was last saved, because nothing of it is published yet."""
    page = action.page
    if not page.live and action.state == Action.State.DRAFT:
        newest: ActionPage = page.get_latest_revision_as_object()
        return newest
    return page


def _piece(action: Action, shift: Shift, mine: SignUp | None, *, is_public: bool, now: datetime) -> ShiftPiece:
    places = seats_of(shift)
    sayings: Sequence[Saying] = ()
    buttons: Sequence[Deed] = ()
    if mine is not None:
        buttons = [Deed(_("View"), url=reverse("events:signed_up", args=[mine.pk]))]
        state = own_state(mine, now)
    else:
        state = state_of_shift(action, shift, places, now)
        if not why_closed(action, shift, is_public=is_public, now=now):
            buttons = _sign_up_buttons(action, shift, places)
        if shift_follows_places(action, shift, now):
            sayings = sayings_of(places, sentences(has_line=action.has_waiting_list))
    return ShiftPiece(
        pk=shift.pk,
        start=shift.starts_at,
        end=shift.ends_at,
        task=shift.task,
        least=shift.least,
        places=places,
        state=state,
        sayings=sayings,
        is_over=shift.ends_at <= now or action.phase(now) in OVER,
        buttons=buttons,
    )


def _sign_up_buttons(action: Action, shift: Shift, places: Seats) -> list[Deed]:
    """Both are in the page, and the places decide which is shown; without a waiting list there is only the first."""
    address = sign_up_address(action, shift.pk)
    take = Deed(_("Take this shift"), url=address, is_sheet=True, case="free", is_hidden=not places.free)
    wait = Deed(
        _("Join the waiting list"), url=address, is_sheet=True, case="waiting full", is_hidden=bool(places.free)
    )
    return [take, wait] if action.has_waiting_list else [take]


def sign_up_address(action: Action, shift: int | None = None) -> str:
    address = reverse("events:sign_up", kwargs={"year": action.year, "slug": action.slug, "pk": action.pk})
    return f"{address}?{urlencode({'shift': shift})}" if shift else address


def _main_deeds(
    action: Action, places: Seats, mine: list[SignUp], *, has_ahead: bool, is_open: bool, now: datetime
) -> list[Deed]:
    """One button, or while the places decide, one for each case of theirs, of which one is shown."""
    if mine:
        return [_own_deed(mine[0], now)]
    if not is_open or not has_ahead:
        return [Deed(_why_closed(action, now))]
    address = sign_up_address(action)
    wanted = sentences(has_line=True)["free"]
    in_line = State(ngettext("%(count)s before you", "%(count)s before you", 2) % {"count": "{waiting}"})
    sign_up = Deed(
        _("Sign up"),
        url=address,
        is_sheet=True,
        case="free",
        is_hidden=places.case != "free",
        note_saying=sayings_of(places, {"free": wanted})[0],
    )
    if not action.has_waiting_list:
        return [sign_up, Deed(_("Full"), case="waiting full", is_hidden=places.case == "free")]
    return [
        sign_up,
        Deed(
            _("Join the waiting list"),
            url=address,
            is_sheet=True,
            case="waiting full",
            is_hidden=places.case == "free",
            note_saying=sayings_of(places, {"waiting": in_line})[0],
        ),
    ]


def _own_deed(sign_up: SignUp, now: datetime) -> Deed:
    address = reverse("events:signed_up", args=[sign_up.pk])
    state = own_state(sign_up, now)
    if sign_up.state == SignUp.State.CONFIRMED and sign_up.shift.ends_at > now:
        return Deed(state.word, _("view"), url=address)
    return Deed(state.word, url=address)


def _why_closed(action: Action, now: datetime) -> str:
    match action.phase(now):
        case Action.Phase.DRAFT:
            return _("Draft")
        case Action.Phase.CALLED_OFF:
            return _("Called off")
        case Action.Phase.CLOSED | Action.Phase.PAST:
            return pgettext("action", "Over")
    return _("Sign-up has ended")
