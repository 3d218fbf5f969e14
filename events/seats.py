"""Places are taken, given back and passed on: the only writer of a sign-up's state and of an allotment's ``taken``.

Three things make it true, whatever happens at the same time:

* an allotment's CHECK refuses more than its capacity, and a conditional UPDATE takes a place only where one is free;
* a partial unique index allows one live sign-up per person and shift;
* whatever concerns a person (does it overlap?) is decided under the person's lock.

Locks, in this order: people in id order, the action shared, the allotment. A deed that frees a place must therefore know
the next people in line before it locks anything: it reads the head of the list, locks itself and them, looks again, and
begins anew if the head has changed. After three times it leaves the place to the clock (:func:`pass_places_on`).
"""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple, TypeVar

from django.db.models import Exists, F, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from communities import people
from communities.models import User
from grid.cases.clockwork import each_alone
from kit.deeds import attempt, deed
from kit.refusals import Refused, as_written
from kit.times import day_words
from volunteers import profiles

from . import locks, messages, permits, states, telling
from .models import REASON_LENGTH, Action, Allotment, Shift, SignUp

OFFER_FROM = timedelta(hours=2)
"""So shortly before a shift a place is offered instead of given: nobody should find out too late that he is in."""

OFFER_STANDS = timedelta(minutes=20)
"""How long an offer holds the place for one person before it goes to the next."""

HEAD_TRIES = 3

R = TypeVar("R")


class Asked(NamedTuple):
    """What became of asking for a place: the sign-up as it stands, and whether this request made it."""

    sign_up: SignUp
    is_new: bool


@deed
def sign_up(*, person: User, shift: Shift, request_key: str = "") -> Asked:
    """Take a place, or stand at the end of the waiting list.

    The same request again (same live sign-up, or the same ``request_key``) does nothing and returns the sign-up as it
    stands. Raises ``Refused``: ``closed``, ``called_off``, ``begun``, ``overlap`` (names the other shift),
    ``adults_only``, ``full`` where there is no waiting list, ``inactive`` (403), ``other_request`` (422) for a key that
    was used for something else.
    """
    if _line_moves(shift):
        # A place is free although people stand in line (their turn comes by the clock): nobody may overtake them.
        asked = _at_the_line(shift, {person.pk}, lambda places: _queue_up(places, person.pk, request_key))
        asked.sign_up.refresh_from_db()
        return asked
    held = people.hold_one(person)
    action = locks.share_action(shift.action_id)
    shift = Shift.objects.get(pk=shift.pk)
    known = _known_request(held, shift, request_key)
    if known is not None:
        return Asked(known, is_new=False)
    now = timezone.now()
    _demand_open(action, shift, now)
    _demand_fits(held, action, shift)
    # Insert first: the unique index throws a duplicate out before anybody waits for the allotment.
    mine = SignUp.objects.create(
        person=held,
        shift=shift,
        state=SignUp.State.CONFIRMED,
        queued_at=now,
        confirmed_at=now,
        request_key=request_key,
    )
    if not _take_place(shift, after_line=True):
        _stand_in_line(action, shift, mine)
    telling.places(shift)
    return Asked(mine, is_new=True)


@deed
def cancel(*, sign_up: SignUp, by: User, reason: str = "") -> SignUp:
    """Give the place back, or leave the waiting list; the place goes to the next in line in the same transaction.

    Again changes nothing. Raises ``Refused``: ``not_yours`` (403), ``begun``, ``reason_too_long`` (422), or ``reason_needed`` (422) once the hour
    until which cancelling is free has passed.
    """
    _demand_own(sign_up, by)

    def give_back(places: "_Places") -> SignUp:
        mine = SignUp.objects.get(pk=sign_up.pk)
        if not mine.is_live:
            return mine
        if places.now >= places.shift.starts_at:
            raise Refused("begun", _("This shift has begun. Please tell the leader on site if you cannot come."))
        mine.shift = places.shift
        why = as_written(reason, most=REASON_LENGTH, field="reason")
        if mine.needs_reason(places.now) and not why:
            raise Refused(
                "reason_needed",
                _("It is short before the shift. Please write in a word why you cannot come; the leader sees it."),
                status=422,
                field="reason",
            )
        return _end(places, mine, SignUp.Cause.SELF, why)

    return _at_the_line(sign_up.shift, {sign_up.person_id}, give_back)


@deed
def give_up(*, sign_up: SignUp) -> SignUp:
    """Give a place back because its person closes the account: no reason is asked, and the next in line gets it.

    A shift that has begun stays as it is: whoever was there is counted. Again changes nothing.
    """

    def give_back(places: "_Places") -> SignUp:
        mine = SignUp.objects.get(pk=sign_up.pk)
        if not mine.is_live or places.now >= places.shift.starts_at:
            return mine
        return _end(places, mine, SignUp.Cause.SELF)

    return _at_the_line(sign_up.shift, {sign_up.person_id}, give_back)


@deed
def accept(*, sign_up: SignUp, by: User) -> SignUp:
    """Say yes to an offered place. Again changes nothing.

    Locks the person and shares the action. Raises ``Refused``: ``not_yours`` (403), ``offer_gone``, ``overlap``.
    """
    _demand_own(sign_up, by)
    people.hold_one(by)
    action = locks.share_action(sign_up.shift.action_id)
    mine = SignUp.objects.select_related("shift").get(pk=sign_up.pk)
    if mine.state == SignUp.State.CONFIRMED:
        return mine
    now = timezone.now()
    _demand_open(action, mine.shift, now)
    if mine.state != SignUp.State.WAITING or mine.offered_until is None or mine.offered_until < now:
        raise Refused("offer_gone", _("The offer has run out; the place went to the next in line."))
    _demand_no_overlap(by, mine.shift)
    mine.state, mine.offered_until, mine.confirmed_at = SignUp.State.CONFIRMED, None, now
    mine.save(update_fields=["state", "offered_until", "confirmed_at"])
    telling.places(mine.shift)  # the counts stay, but the desk reads another list
    return mine


@deed
def decline(*, sign_up: SignUp, by: User) -> SignUp:
    """Say no to an offered place; it is offered to the next. Again changes nothing.

    Raises ``Refused``: ``not_yours`` (403), ``not_offered`` if there is a place already or only a turn in the line.
    """
    _demand_own(sign_up, by)

    def say_no(places: "_Places") -> SignUp:
        mine = SignUp.objects.get(pk=sign_up.pk)
        if not mine.is_live:
            return mine
        if mine.offered_until is None:
            raise Refused("not_offered", _("No place is on offer to you here."))
        return _end(places, mine, SignUp.Cause.DECLINED)

    return _at_the_line(sign_up.shift, {sign_up.person_id}, say_no)


@deed
def resize(*, shift: Shift, capacity: int, by: User) -> Allotment:
    """Set how many people a shift takes; new places go to the waiting list at once.

    Raises ``Refused``: ``no_right`` (403), ``over`` or ``below_taken``, which says how many are in.
    """

    def set_capacity(places: "_Places") -> Allotment:
        # Asked of the action as it stands: who may write a draft may not resize what was announced meanwhile.
        permits.demand_compose(by, places.action)
        permits.demand_open(places.action)
        if capacity < places.allotment.taken:
            raise Refused(
                "below_taken",
                ngettext(
                    "%(taken)d person is in already; the shift cannot be made smaller than that.",
                    "%(taken)d people are in already; the shift cannot be made smaller than that.",
                    places.allotment.taken,
                )
                % {"taken": places.allotment.taken},
                field="capacity",
                taken=places.allotment.taken,
            )
        if places.allotment.capacity != capacity:
            places.allotment.capacity = capacity
            places.allotment.save(update_fields=["capacity"])
            # A draft has nobody who follows its places.
            if places.action.is_announced:
                telling.places(places.shift)
        return places.allotment

    return _at_the_line(shift, set(), set_capacity, frees=max(0, capacity - shift.allotments.get().capacity))


def release_all(action: Action, now: datetime) -> set[int]:
    """End the live sign-ups of an action that is called off; its lock is held. Returns whose they were.

    What is over has been done and stays. A shift that runs is broken off like one that lies ahead: nobody may stand there
    alone, or still set out for it.
    """
    shifts = list(action.shifts.filter(ends_at__gt=now))
    live = SignUp.objects.live().filter(shift__in=shifts)
    people_gone = set(live.values_list("person_id", flat=True))
    live.update(state=SignUp.State.CANCELLED, cause=SignUp.Cause.CALLED_OFF, cancelled_at=now, offered_until=None)
    Allotment.objects.filter(shift__in=shifts).update(taken=0)
    for shift in shifts:
        telling.places(shift)
    return people_gone


def pass_places_on() -> None:
    """The clock's pass: unanswered offers lapse, and places that stayed free go to whoever is next in line.

    Reads first; a transaction is opened only where there is something to do. One that fails keeps none from the others.
    """
    now = timezone.now()
    lapsed = SignUp.objects.offered().filter(offered_until__lt=now, shift__starts_at__gt=now)
    each_alone(lapsed.select_related("shift").order_by("offered_until", "id"), _lapse)
    standing = SignUp.objects.filter(shift=OuterRef("shift")).in_line()
    open_shifts = Allotment.objects.filter(Exists(standing), taken__lt=F("capacity"), shift__starts_at__gt=now)
    each_alone(open_shifts.select_related("shift").order_by("shift__starts_at", "shift_id"), _give_free_places)


def position(sign_up: SignUp) -> int | None:
    """The turn in the waiting list, from 1; None for who has or is offered a place, or has left."""
    if sign_up.state != SignUp.State.WAITING or sign_up.offered_until is not None:
        return None
    line = SignUp.objects.filter(shift=sign_up.shift_id).in_line()
    return line.ahead_of(sign_up.queued_at, sign_up.pk).count() + 1


# --- the line ---------------------------------------------------------------------------------------------------------


class _Places(NamedTuple):
    """What a deed at the line holds: all locked, all read again."""

    people: Mapping[int, User]
    action: Action
    shift: Shift
    allotment: Allotment
    now: datetime


class _Head(NamedTuple):
    person_id: int
    may_come: bool


class _LineChanged(Exception):
    """Somebody stands at the head of the line whom we have not locked."""


def _at_the_line(shift: Shift, own: Collection[int], change: Callable[[_Places], R], *, frees: int = 1) -> R:
    """Do ``change`` and pass on the places it frees, at most ``frees`` more than are free now.

    Race: between reading the head of the line and locking its people, another deed may promote or remove them. Then
    everything is undone to the savepoint, which also gives the locks back, and the head is read anew.
    """
    for tries_left in reversed(range(HEAD_TRIES)):
        heads = [head.person_id for head in _heads(shift, _free(shift) + frees)]
        try:
            with attempt():
                held = people.hold([*own, *heads])
                action = locks.share_action(shift.action_id)
                again = Shift.objects.get(pk=shift.pk)
                again.action = action
                places = _Places(held, action, again, locks.lock_places(again), timezone.now())
                result = change(places)
                _give_to_line(places, is_last_try=tries_left == 0)
                return result
        except _LineChanged:
            continue
    raise AssertionError("unreachable")


def _heads(shift: Shift, wanted: int) -> list[_Head]:
    """The people at the head of the line until ``wanted`` of them may come, with those who are passed over."""
    if wanted <= 0:
        return []
    busy = SignUp.objects.confirmed().overlapping(shift).filter(person=OuterRef("person"))
    line = SignUp.objects.filter(shift=shift).in_line().annotate(is_busy=Exists(busy))
    heads: list[_Head] = []
    for person_id, is_busy in line.values_list("person_id", "is_busy").iterator(chunk_size=100):
        heads.append(_Head(person_id, not is_busy))
        wanted -= not is_busy
        if wanted == 0:
            break
    return heads


def _give_to_line(places: _Places, *, is_last_try: bool) -> None:
    """Give every free place to the first in line who may come; whom it now overlaps is passed over and keeps the turn."""
    allotment = Allotment.objects.get(pk=places.allotment.pk)
    if not allotment.free or _why_closed(places.action, places.shift, places.now):
        return
    line = SignUp.objects.filter(shift=places.shift).in_line()
    for waiting in line[: len(places.people) + 1]:
        if not allotment.free:
            return
        person = places.people.get(waiting.person_id)
        if person is None:
            if is_last_try:
                return  # the clock will do it
            raise _LineChanged
        if not person.is_active or _overlapping(person, places.shift) is not None:
            continue
        if not _take_place(places.shift):
            return
        allotment.taken += 1
        if places.shift.starts_at - places.now <= OFFER_FROM:
            waiting.offered_until = min(places.now + OFFER_STANDS, places.shift.starts_at)
        else:
            waiting.state, waiting.confirmed_at = SignUp.State.CONFIRMED, places.now
        waiting.save(update_fields=["state", "offered_until", "confirmed_at"])
        waiting.shift = places.shift
        if waiting.offered_until is None:
            messages.promoted(waiting)
        else:
            messages.offered(waiting)
        telling.places(places.shift)


def _line_moves(shift: Shift) -> bool:
    """Is a place free while somebody stands in line for it?"""
    return _free(shift) > 0 and SignUp.objects.filter(shift=shift).in_line().exists()


def _free(shift: Shift) -> int:
    return sum(allotment.free for allotment in Allotment.objects.filter(shift=shift))


@deed
def _lapse(offer: SignUp) -> SignUp:
    def run_out(places: _Places) -> SignUp:
        mine = SignUp.objects.get(pk=offer.pk)
        if mine.offered_until is None or mine.offered_until >= places.now:
            return mine
        return _end(places, mine, SignUp.Cause.LAPSED)

    return _at_the_line(offer.shift, {offer.person_id}, run_out)


def _give_free_places(allotment: Allotment) -> None:
    if any(head.may_come for head in _heads(allotment.shift, allotment.free)):
        _fill(allotment.shift)


@deed
def _fill(shift: Shift) -> None:
    _at_the_line(shift, set(), lambda _places: None, frees=0)


def _queue_up(places: _Places, pk: int, request_key: str) -> Asked:
    """Stand at the end of a line that is about to move; the deed gives out the free places in its order afterwards."""
    person = places.people[pk]
    known = _known_request(person, places.shift, request_key)
    if known is not None:
        return Asked(known, is_new=False)
    _demand_open(places.action, places.shift, places.now)
    _demand_fits(person, places.action, places.shift)
    mine = SignUp.objects.create(
        person=person,
        shift=places.shift,
        state=SignUp.State.WAITING,
        queued_at=places.now,
        request_key=request_key,
    )
    telling.places(places.shift)
    return Asked(mine, is_new=True)


def _stand_in_line(action: Action, shift: Shift, mine: SignUp) -> None:
    """No place was free. Under the allotment's lock the order of the line is the order in which people are answered.

    Race: somebody gave a place back between our UPDATE, which found none, and this lock. If nobody stands in line it is
    ours after all.
    """
    locks.lock_places(shift)
    if not SignUp.objects.filter(shift=shift).in_line().exists() and _take_place(shift):
        return
    if not action.has_waiting_list:
        raise Refused("full", _("This shift is full."))
    mine.state, mine.confirmed_at, mine.queued_at = SignUp.State.WAITING, None, timezone.now()
    mine.save(update_fields=["state", "confirmed_at", "queued_at"])


def _take_place(shift: Shift, *, after_line: bool = False) -> bool:
    """Take a free place, if there is one; with ``after_line`` only if nobody stands in line for it."""
    pool = Allotment.objects.filter(shift=shift, taken__lt=F("capacity"))
    if after_line:
        pool = pool.exclude(Exists(SignUp.objects.filter(shift=OuterRef("shift")).in_line()))
    return bool(pool.update(taken=F("taken") + 1))


def _end(places: _Places, sign_up: SignUp, cause: SignUp.Cause, reason: str = "") -> SignUp:
    """End a live sign-up and free the place it holds, if it holds one."""
    if sign_up.state == SignUp.State.CONFIRMED or sign_up.offered_until is not None:
        Allotment.objects.filter(shift=sign_up.shift_id).update(taken=F("taken") - 1)
    sign_up.state, sign_up.cause, sign_up.reason = SignUp.State.CANCELLED, cause, reason
    sign_up.cancelled_at, sign_up.offered_until = places.now, None
    sign_up.save(update_fields=["state", "cause", "reason", "cancelled_at", "offered_until"])
    telling.places(places.shift)
    return sign_up


# --- what is asked before -----------------------------------------------------------------------------------------------


def _known_request(person: User, shift: Shift, request_key: str) -> SignUp | None:
    if request_key:
        same_key = SignUp.objects.filter(person=person, request_key=request_key).first()
        if same_key is not None and same_key.shift_id != shift.pk:
            raise Refused(
                "other_request",
                _("This key was used for another sign-up. Take a new key for a new request."),
                status=422,
            )
        if same_key is not None:
            return same_key
    return SignUp.objects.live().filter(person=person, shift=shift).first()


def _why_closed(action: Action, shift: Shift, now: datetime) -> str:
    return states.why_closed(action, shift, is_public=permits.is_public(action), now=now)


def _demand_open(action: Action, shift: Shift, now: datetime) -> None:
    if code := _why_closed(action, shift, now):
        raise Refused(code, states.WHY_CLOSED[code])


def _demand_fits(person: User, action: Action, shift: Shift) -> None:
    if not person.is_active:
        raise Refused("inactive", _("Your account is closed."), status=403)
    if action.adults_only and not profiles.is_adult(person):
        raise Refused(
            "adults_only",
            _("This action is for people of 18 and older. Please confirm that you are."),
            field="is_adult",
        )
    _demand_no_overlap(person, shift)


def _demand_no_overlap(person: User, shift: Shift) -> None:
    other = _overlapping(person, shift)
    if other is not None:
        raise Refused(
            "overlap",
            _(
                "At that time you are already signed up for “%(title)s”, %(when)s. Cancel there first if you prefer this one."
            )
            % {
                "title": other.shift.action.page.local_title.text,
                "when": day_words(other.shift.starts_at, other.shift.ends_at, now=timezone.now()),
            },
            other=other.shift_id,
        )


def _overlapping(person: User, shift: Shift) -> SignUp | None:
    return (
        SignUp.objects.confirmed()
        .overlapping(shift)
        .filter(person=person)
        .select_related("shift__action")
        .order_by("shift__starts_at")
        .first()
    )


def _demand_own(sign_up: SignUp, by: User) -> None:
    if sign_up.person_id != by.pk:
        raise Refused("not_yours", _("Only the person who signed up may do this."), status=403)
