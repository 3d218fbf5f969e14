"""What the sheet offers one person: the shifts of an action, each with what stands in its way."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from communities.models import User
from communities.permits import Person
from volunteers import profiles

from . import permits, states
from .models import Action, Shift, SignUp, attach_pages
from .states import State


@dataclass(frozen=True)
class Choice:
    """A shift on the sheet. One that cannot be taken stays in sight and says why."""

    pk: int
    start: datetime
    end: datetime
    task: str
    state: State
    hindrance: str
    is_full: bool

    @property
    def is_free(self) -> bool:
        return not self.hindrance and not self.is_full


@dataclass(frozen=True)
class Offer:
    """What this action offers to this person now."""

    action: Action
    shifts: Sequence[int]
    """All its shifts; whether one can be taken the deed decides."""
    choices: Sequence[Choice]
    """Those that are worth showing: a shift that has begun is not."""
    preselected: int | None
    asks_age: bool
    closed: str
    """Why nobody can sign up, or empty."""

    @property
    def can_be_taken(self) -> bool:
        return not self.closed and any(not choice.hindrance for choice in self.choices)

    @property
    def is_waiting_list_only(self) -> bool:
        return not any(choice.is_free for choice in self.choices)


def offer_to(person: Person, action: Action, *, wanted: str, now: datetime) -> Offer:
    """The shifts of ``action`` as ``person`` may choose them.

    ``wanted`` is the shift that the link named; it is chosen if it can be taken, else the first that is free and fits,
    else the first with a waiting list. For a visitor nothing of one's own stands in the way yet.
    """
    shifts = list(action.shifts.with_places())
    others = _at_the_same_time(person, shifts)
    mine = {sign_up.shift_id: sign_up for sign_up in states.own_sign_ups(person, [action]).get(action.pk, [])}
    ahead = [shift for shift in shifts if shift.starts_at > now]
    choices = [_choice(action, shift, mine.get(shift.pk), others, now) for shift in ahead]
    return Offer(
        action=action,
        shifts=[shift.pk for shift in shifts],
        choices=choices,
        preselected=_preselected(choices, wanted),
        asks_age=action.adults_only and not (isinstance(person, User) and profiles.is_adult(person)),
        closed=_closed(action, shifts, now),
    )


def _closed(action: Action, shifts: Sequence[Shift], now: datetime) -> str:
    if code := states.why_closed(action, is_public=permits.is_public(action), now=now):
        return str(states.WHY_CLOSED[code])
    if not any(shift.starts_at > now for shift in shifts):
        return _("All shifts have begun; sign-up is over.")
    return ""


def _choice(action: Action, shift: Shift, mine: SignUp | None, others: Sequence[SignUp], now: datetime) -> Choice:
    places = states.seats_of(shift)
    state, hindrance = places.state(has_line=action.has_waiting_list), ""
    if mine is not None:
        state = states.own_state(mine, now)
        hindrance = _("You have this one already.")
    elif not places.free and not action.has_waiting_list:
        hindrance = _("There is no waiting list.")
    elif other := next((one for one in others if one.shift_id != shift.pk and one.shift.overlaps(shift)), None):
        hindrance = _("At that time you are signed up for “%(title)s”.") % {
            "title": other.shift.action.page.local_title.text
        }
    return Choice(shift.pk, shift.starts_at, shift.ends_at, shift.task, state, hindrance, is_full=not places.free)


def _at_the_same_time(person: Person, shifts: Sequence[Shift]) -> list[SignUp]:
    """The person's places in whatever runs while one of these shifts does, with their pages."""
    if not shifts or not isinstance(person, User):
        return []
    first, last = min(shift.starts_at for shift in shifts), max(shift.ends_at for shift in shifts)
    own = SignUp.objects.confirmed().filter(person=person, shift__starts_at__lt=last, shift__ends_at__gt=first)
    found = list(own.select_related("shift__action").order_by("shift__starts_at"))
    attach_pages(sign_up.shift.action for sign_up in found)
    return found


def _preselected(choices: Sequence[Choice], wanted: str) -> int | None:
    able = [choice for choice in choices if not choice.hindrance]
    order = [
        *(choice for choice in able if str(choice.pk) == wanted),
        *(choice for choice in able if choice.is_free),
        *able,
    ]
    return order[0].pk if order else None
