"""How actions, shifts and sign-ups stand, in words.

The words are made here and nowhere else: the list, the page, the sheet, the desk and *My activities* must say the same.
Nothing here asks the database for single rows: what it needs was fetched for the whole list.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import reduce
from operator import add
from typing import NamedTuple

from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from communities.models import Organisation, User
from communities.permits import Person

from .models import Action, Party, Shift, SignUp, SignUpQuerySet

OVER = frozenset({Action.Phase.CALLED_OFF, Action.Phase.CLOSED, Action.Phase.PAST})
"""The phases in which nothing more will happen."""


class State(NamedTuple):
    """A state in a word, with the tone that the mark before it takes: want, ok, bad or none."""

    word: str
    tone: str = ""


class Seats(NamedTuple):
    """The places of a shift, or of several together. Whoever holds an offer is counted in ``taken``."""

    taken: int = 0
    capacity: int = 0
    waiting: int = 0
    free: int = 0
    """What somebody who comes now would get: a place that is free while people stand in line for it is theirs."""

    @classmethod
    def of_shift(cls, taken: int, capacity: int, waiting: int) -> "Seats":
        """The places of one shift."""
        return cls(taken, capacity, waiting, 0 if waiting else max(0, capacity - taken))

    @property
    def case(self) -> str:
        """*free*: whoever comes now gets a place; *waiting*: nobody does, and there is a line; *full*: there is none."""
        return "free" if self.free else "waiting" if self.waiting else "full"

    def fill(self, pattern: str) -> str:
        """A sentence with ``{free}``, ``{taken}``, ``{capacity}`` or ``{waiting}``, as a browser fills it too."""
        for name, count in self._asdict().items():
            pattern = pattern.replace(f"{{{name}}}", str(count))
        return pattern

    def state(self, *, has_line: bool) -> State:
        """*3 more wanted*, *Full, 2 waiting* …"""
        said = sentences(has_line=has_line)[self.case]
        return State(self.fill(said.word), said.tone)


class Saying(NamedTuple):
    """What is said in some of the cases of :attr:`Seats.case`; a page holds all of them and shows one."""

    names: str
    """The cases, with blanks between."""
    word: str
    pattern: str
    """``word`` with its figures left open; empty where it has none."""
    tone: str
    is_hidden: bool


def sentences(*, has_line: bool) -> dict[str, State]:
    """What is said of places in each case, with the figures left open: their plural is the same for every number."""
    return {
        "free": State(ngettext("%(count)s more wanted", "%(count)s more wanted", 2) % {"count": "{free}"}, "want"),
        "waiting": State(ngettext("Full, %(count)s waiting", "Full, %(count)s waiting", 2) % {"count": "{waiting}"}),
        "full": State(_("Full; you can join the waiting list") if has_line else _("Full")),
    }


def sayings_of(places: Seats, said: Mapping[str, State]) -> list[Saying]:
    """The sentences of all cases for these places."""
    return [
        Saying(name, places.fill(state.word), state.word if "{" in state.word else "", state.tone, name != places.case)
        for name, state in said.items()
    ]


def seats_of(shift: Shift) -> Seats:
    """The places of a shift that was fetched ``with_places()``."""
    known = vars(shift)
    return Seats.of_shift(known["taken"] or 0, known["capacity"] or 0, known["waiting"])


def sum_of_seats(shifts: Iterable[Shift]) -> Seats:
    """The places of several shifts together. A line at one of them does not keep anybody from a free place at another."""
    return reduce(lambda whole, part: Seats(*map(add, whole, part)), map(seats_of, shifts), Seats())


def shifts_by_action(actions: Iterable[Action]) -> Mapping[int, list[Shift]]:
    """All shifts of these actions with their places, with one query; an empty list for an action without any."""
    shifts: defaultdict[int, list[Shift]] = defaultdict(list)
    for shift in Shift.objects.filter(action__in=[action.pk for action in actions]).with_places():
        shifts[shift.action_id].append(shift)
    return shifts


def partners_by_action(actions: Iterable[Action]) -> Mapping[int, list[Organisation]]:
    """The partners that take part in these actions, in the order in which they said yes, with one query."""
    partners: defaultdict[int, list[Organisation]] = defaultdict(list)
    joined = Party.objects.joined().filter(action__in=[action.pk for action in actions])
    for party in joined.select_related("organisation").order_by("answered_at", "pk"):
        partners[party.action_id].append(party.organisation)
    return partners


# --- actions and shifts -----------------------------------------------------------------------------------------------


WHY_CLOSED: dict[str, Promise] = {
    "called_off": gettext_lazy("This action was called off."),
    "closed": gettext_lazy("Sign-up for this action is closed."),
    "begun": gettext_lazy("This shift has begun; sign-up is over."),
}


def why_closed(action: Action, shift: Shift | None = None, *, is_public: bool, now: datetime) -> str:
    """Why nobody can ask for a place on this shift, or on any of the action: a code of :data:`WHY_CLOSED`.

    Empty where people can, if only for the waiting list. ``is_public``: may everybody see the action?
    """
    if action.state == Action.State.CALLED_OFF:
        return "called_off"
    if not action.is_announced or not is_public:
        return "closed"
    return "begun" if shift is not None and now >= shift.starts_at else ""


def follows_places(action: Action, *, has_ahead: bool, now: datetime) -> bool:
    """Is the state of the action that of its places, and so another one whenever somebody comes or goes?"""
    return action.is_announced and has_ahead and action.phase(now) not in OVER


def state_of_action(action: Action, places: Seats, *, has_ahead: bool, now: datetime) -> State:
    match action.phase(now):
        case Action.Phase.DRAFT:
            return State(_("Draft"))
        case Action.Phase.CALLED_OFF:
            return State(_("Called off"), "bad")
        case Action.Phase.CLOSED | Action.Phase.PAST:
            return State(pgettext("action", "Over"))
    if not has_ahead:
        return State(_("Under way"), "ok")
    return places.state(has_line=action.has_waiting_list)


def state_of_shift(action: Action, shift: Shift, places: Seats, now: datetime) -> State:
    if shift.ends_at <= now:
        return State(pgettext("shift", "Over"))
    if action.state == Action.State.CALLED_OFF:
        return State(_("Called off"), "bad")
    if shift.starts_at <= now:
        return State(_("Under way"), "ok")
    return places.state(has_line=action.has_waiting_list)


def shift_follows_places(action: Action, shift: Shift, now: datetime) -> bool:
    """Is the state of the shift that of its places?"""
    return action.state != Action.State.CALLED_OFF and shift.starts_at > now


def next_one(ahead: Sequence[Shift]) -> Shift | None:
    """The shift that somebody who comes now would take: the first with a place, else the first."""
    return next((shift for shift in ahead if seats_of(shift).free), ahead[0] if ahead else None)


def counts_of(shifts: Iterable[Shift]) -> dict[str, list[int]]:
    """For a browser: shift → [capacity, taken, waiting]."""
    return {str(shift.pk): [each.capacity, each.taken, each.waiting] for shift in shifts for each in [seats_of(shift)]}


def place_of(action: Action) -> str:
    return _("Online") if action.is_online else action.place


def where_of(action: Action) -> list[str]:
    """The place, and where people meet unless that says the same."""
    place, point = place_of(action), action.meeting_point
    return [point] if place and place in point else [part for part in (place, point) if part]


# --- my own -----------------------------------------------------------------------------------------------------------


def with_turn(sign_ups: SignUpQuerySet) -> SignUpQuerySet:
    """With ``turn``: the place in the waiting list, from 1, as :func:`events.seats.position` says it for a single one."""
    ahead = (
        SignUp.objects.filter(shift=OuterRef("shift"))
        .in_line()
        .ahead_of(OuterRef("queued_at"), OuterRef("pk"))
        .order_by()
        .values("shift")
        .annotate(people=Count("pk"))
        .values("people")
    )
    return sign_ups.annotate(turn=Coalesce(Subquery(ahead), 0) + 1)


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
