"""Places: who gets one, who waits, who is next."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from communities.models import User
from events import calling_off, publishing, seats, shifts
from events.models import Allotment, Shift, SignUp
from kit.refusals import Refused
from tests.cast import Town, a_shift, announced, draft, in_hours, put_back, sign_up

State = SignUp.State


def taken(shift: Shift) -> int:
    return Allotment.objects.get(shift=shift).taken


def standing(shift: Shift) -> list[tuple[str, str]]:
    """Everybody on the shift with the state, in the order of signing up."""
    return [(row.person.username, row.state) for row in SignUp.objects.filter(shift=shift).select_related("person")]


def refused(code: str, **facts: object):
    """The deed inside says no with this code."""
    return pytest.raises(Refused, check=lambda no: no.code == code and facts.items() <= no.facts.items())


class TestSigningUp:
    def test_a_free_place_is_taken(self, town: Town) -> None:
        shift = a_shift(town, capacity=2)

        asked = seats.sign_up(person=town.chen, shift=shift)

        assert asked.is_new
        assert (asked.sign_up.state, seats.position(asked.sign_up), taken(shift)) == (State.CONFIRMED, None, 1)

    def test_a_full_shift_has_a_line_in_order(self, town: Town) -> None:
        shift = a_shift(town, capacity=1)
        sign_up(town.chen, shift)

        line = [sign_up(person, shift) for person in (town.lan, town.zhou, town.dana)]

        assert [(row.state, seats.position(row)) for row in line] == [(State.WAITING, n) for n in (1, 2, 3)]
        assert taken(shift) == 1

    def test_the_same_again_changes_nothing(self, town: Town) -> None:
        shift = a_shift(town, capacity=1)
        first = seats.sign_up(person=town.chen, shift=shift)
        waiting = seats.sign_up(person=town.lan, shift=shift)

        assert seats.sign_up(person=town.chen, shift=shift) == (first.sign_up, False)
        assert seats.sign_up(person=town.lan, shift=shift) == (waiting.sign_up, False)
        assert (SignUp.objects.count(), taken(shift)) == (2, 1)

    def test_a_key_stands_for_one_request_even_after_cancelling(self, town: Town) -> None:
        shift = a_shift(town)
        first = seats.sign_up(person=town.chen, shift=shift, request_key="tap-1").sign_up
        seats.cancel(sign_up=first, by=town.chen)

        late_repetition = seats.sign_up(person=town.chen, shift=shift, request_key="tap-1")
        new_wish = seats.sign_up(person=town.chen, shift=shift, request_key="tap-2")

        assert (late_repetition.sign_up.pk, late_repetition.sign_up.state) == (first.pk, State.CANCELLED)
        assert new_wish.is_new
        assert taken(shift) == 1

    def test_a_key_cannot_stand_for_two_shifts_but_for_two_people(self, town: Town) -> None:
        one, other = a_shift(town), a_shift(town, begin=100)
        seats.sign_up(person=town.chen, shift=one, request_key="key")

        with refused("other_request"):
            seats.sign_up(person=town.chen, shift=other, request_key="key")

        assert seats.sign_up(person=town.lan, shift=other, request_key="key").is_new

    def test_without_a_list_full_is_full(self, town: Town) -> None:
        shift = a_shift(town, capacity=1, has_waiting_list=False)
        sign_up(town.chen, shift)

        with refused("full"):
            sign_up(town.lan, shift)

        assert standing(shift) == [("chen", State.CONFIRMED)]

    def test_two_at_the_same_time_are_refused_and_the_other_one_is_named(self, town: Town) -> None:
        first = a_shift(town, begin=50, length=2, title="扫雪")
        second = a_shift(town, begin=51, length=2)
        after = a_shift(town, begin=52, length=2)
        sign_up(town.chen, first)

        with refused("overlap", other=first.pk) as no:
            sign_up(town.chen, second)

        assert "扫雪" in str(no.value)
        assert sign_up(town.chen, after).state == State.CONFIRMED

    def test_waiting_elsewhere_is_no_overlap(self, town: Town) -> None:
        full, other = a_shift(town, begin=50, capacity=1), a_shift(town, begin=50)
        sign_up(town.lan, full)
        sign_up(town.chen, full)

        assert sign_up(town.chen, other).state == State.CONFIRMED

    def test_adults_only_asks_for_the_word(self, town: Town) -> None:
        shift = a_shift(town, adults_only=True)
        town.dana.volunteer.delete()

        with refused("adults_only"):
            sign_up(town.dana, shift)

        assert sign_up(town.chen, shift).state == State.CONFIRMED

    def test_only_what_is_open_can_be_signed_up_for(self, town: Town) -> None:
        hidden = draft(town)
        shifts.add(action=hidden, hours=in_hours(50), by=town.mei)
        begun, off, unpublished = (announced(town) for _ in range(3))
        put_back(begun, timedelta(hours=73))
        calling_off.call_off(action=off, reason="雨", by=town.mei)
        unpublished.page.unpublish()

        for action, code in ((hidden, "closed"), (begun, "begun"), (off, "called_off"), (unpublished, "closed")):
            with refused(code):
                sign_up(town.chen, action.shifts.get())
        assert not SignUp.objects.exists()

    def test_a_closed_account_gets_nothing(self, town: Town) -> None:
        shift = a_shift(town)
        type(town.dana).objects.filter(pk=town.dana.pk).update(is_active=False)

        with refused("inactive"):
            sign_up(town.dana, shift)


class TestLeaving:
    def test_the_place_goes_to_the_first_in_line(self, town: Town) -> None:
        shift = a_shift(town, capacity=1)
        first = sign_up(town.chen, shift)
        for person in (town.lan, town.zhou):
            sign_up(person, shift)

        seats.cancel(sign_up=first, by=town.chen)

        assert standing(shift) == [("chen", State.CANCELLED), ("lan", State.CONFIRMED), ("zhou", State.WAITING)]
        assert taken(shift) == 1

    def test_whom_it_now_overlaps_is_passed_over_and_keeps_the_turn(self, town: Town) -> None:
        shift, elsewhere = a_shift(town, begin=50, capacity=1), a_shift(town, begin=51)
        first = sign_up(town.chen, shift)
        lan = sign_up(town.lan, shift)
        sign_up(town.zhou, shift)
        sign_up(town.lan, elsewhere)

        seats.cancel(sign_up=first, by=town.chen)

        assert standing(shift) == [("chen", State.CANCELLED), ("lan", State.WAITING), ("zhou", State.CONFIRMED)]
        assert seats.position(lan) == 1

    def test_nobody_overtakes_people_in_line_for_a_place_that_is_free(self, town: Town) -> None:
        shift = a_shift(town, capacity=1)
        first = sign_up(town.chen, shift)
        sign_up(town.lan, shift)
        # As after three changes of the head of the list in one instant: free, and not passed on yet.
        SignUp.objects.filter(pk=first.pk).delete()
        Allotment.objects.filter(shift=shift).update(taken=0)

        dana = sign_up(town.dana, shift)

        assert standing(shift) == [("lan", State.CONFIRMED), ("dana", State.WAITING)]
        assert (dana.state, seats.position(dana)) == (State.WAITING, 1)

    def test_who_comes_last_to_a_line_that_moves_is_told_how_it_ended(self, town: Town) -> None:
        shift = a_shift(town, capacity=2)
        first = sign_up(town.chen, shift)
        sign_up(town.zhou, shift)
        sign_up(town.lan, shift)
        SignUp.objects.exclude(person=town.lan).delete()
        Allotment.objects.filter(shift=shift).update(taken=0)

        assert sign_up(town.dana, shift).state == State.CONFIRMED
        assert (standing(shift), taken(shift)) == ([("lan", State.CONFIRMED), ("dana", State.CONFIRMED)], 2)
        assert not SignUp.objects.filter(pk=first.pk).exists()

    def test_an_account_that_was_closed_meanwhile_does_not_join_a_line_that_moves(self, town: Town) -> None:
        shift = a_shift(town, capacity=1)
        sign_up(town.chen, shift)
        sign_up(town.lan, shift)
        SignUp.objects.filter(person=town.chen).delete()
        Allotment.objects.filter(shift=shift).update(taken=0)
        User.objects.filter(pk=town.dana.pk).update(is_active=False)

        with refused("inactive"):
            sign_up(town.dana, shift)  # the person as read before

        assert standing(shift) == [("lan", State.WAITING)]

    def test_leaving_the_line_frees_nothing(self, town: Town) -> None:
        shift = a_shift(town, capacity=1)
        sign_up(town.chen, shift)
        waiting = sign_up(town.lan, shift)
        last = sign_up(town.zhou, shift)

        seats.cancel(sign_up=waiting, by=town.lan)

        assert (taken(shift), seats.position(last)) == (1, 1)

    def test_again_changes_nothing(self, town: Town) -> None:
        shift = a_shift(town, capacity=2)
        mine = sign_up(town.chen, shift)
        sign_up(town.lan, shift)

        once = seats.cancel(sign_up=mine, by=town.chen)
        twice = seats.cancel(sign_up=mine, by=town.chen, reason="really")

        assert (twice.cancelled_at, twice.reason, taken(shift)) == (once.cancelled_at, "", 1)

    def test_late_it_takes_a_reason(self, town: Town) -> None:
        shift = a_shift(town, begin=1.5)
        mine = sign_up(town.chen, shift)

        with refused("reason_needed"):
            seats.cancel(sign_up=mine, by=town.chen, reason="  ")
        seats.cancel(sign_up=mine, by=town.chen, reason="孩子发烧")

        mine.refresh_from_db()
        assert (mine.state, mine.cause, mine.reason, taken(shift)) == (State.CANCELLED, "self", "孩子发烧", 0)

    def test_a_reason_is_not_cut_behind_ones_back(self, town: Town) -> None:
        mine = sign_up(town.chen, a_shift(town))

        with refused("reason_too_long") as no:
            seats.cancel(sign_up=mine, by=town.chen, reason="雪" * 201)
        seats.cancel(sign_up=mine, by=town.chen, reason=f" {'雪' * 200} ")

        mine.refresh_from_db()
        assert (no.value.field, no.value.status, mine.reason) == ("reason", 422, "雪" * 200)

    def test_once_it_has_begun_it_is_too_late(self, town: Town) -> None:
        action = announced(town, in_hours(3))
        mine = sign_up(town.chen, action.shifts.get())
        put_back(action, timedelta(hours=4))

        with refused("begun"):
            seats.cancel(sign_up=mine, by=town.chen, reason="x")

    def test_only_the_person_may(self, town: Town) -> None:
        mine = sign_up(town.chen, a_shift(town))

        for person in (town.dana, town.mei, town.admin):
            with refused("not_yours"):
                seats.cancel(sign_up=mine, by=person)
        assert SignUp.objects.get().state == State.CONFIRMED


class TestOffers:
    """From two hours before the beginning a place is offered, not given."""

    @pytest.fixture
    def shift(self, town: Town) -> Shift:
        shift = a_shift(town, begin=1, capacity=1)
        first = sign_up(town.chen, shift)
        for person in (town.lan, town.zhou):
            sign_up(person, shift)
        seats.cancel(sign_up=first, by=town.chen, reason="病了")
        return shift

    def of(self, shift: Shift, person: object) -> SignUp:
        return SignUp.objects.get(shift=shift, person=person)

    def test_the_offer_holds_the_place_for_one(self, town: Town, shift: Shift) -> None:
        lan, zhou = self.of(shift, town.lan), self.of(shift, town.zhou)

        assert lan.state == State.WAITING
        assert lan.offered_until is not None
        assert lan.offered_until <= timezone.now() + timedelta(minutes=20)
        assert (zhou.offered_until, taken(shift), seats.position(lan), seats.position(zhou)) == (None, 1, None, 1)
        assert sign_up(town.dana, shift).state == State.WAITING

    def test_yes(self, town: Town, shift: Shift) -> None:
        once = seats.accept(sign_up=self.of(shift, town.lan), by=town.lan)
        twice = seats.accept(sign_up=self.of(shift, town.lan), by=town.lan)

        assert once.state == twice.state == State.CONFIRMED
        assert taken(shift) == 1

    def test_no_offers_it_to_the_next(self, town: Town, shift: Shift) -> None:
        seats.decline(sign_up=self.of(shift, town.lan), by=town.lan)

        assert (self.of(shift, town.lan).state, self.of(shift, town.lan).cause) == (State.CANCELLED, "declined")
        assert self.of(shift, town.zhou).offered_until is not None
        assert taken(shift) == 1

    def test_silence_passes_it_on(self, town: Town, shift: Shift) -> None:
        SignUp.objects.filter(person=town.lan).update(offered_until=timezone.now() - timedelta(seconds=1))

        with refused("offer_gone"):
            seats.accept(sign_up=self.of(shift, town.lan), by=town.lan)
        seats.pass_places_on()
        seats.pass_places_on()

        assert (self.of(shift, town.lan).state, self.of(shift, town.lan).cause) == (State.CANCELLED, "lapsed")
        assert self.of(shift, town.zhou).offered_until is not None
        assert taken(shift) == 1

    def test_who_has_gone_elsewhere_cannot_say_yes(self, town: Town, shift: Shift) -> None:
        elsewhere = a_shift(town, begin=1.5)
        sign_up(town.lan, elsewhere)

        with refused("overlap", other=elsewhere.pk):
            seats.accept(sign_up=self.of(shift, town.lan), by=town.lan)

    def test_only_an_offer_can_be_declined_and_only_by_its_owner(self, town: Town, shift: Shift) -> None:
        with refused("not_offered"):
            seats.decline(sign_up=self.of(shift, town.zhou), by=town.zhou)
        for deed in (seats.accept, seats.decline):
            with refused("not_yours"):
                deed(sign_up=self.of(shift, town.lan), by=town.zhou)


class TestSize:
    def test_more_places_go_to_the_line_at_once(self, town: Town) -> None:
        shift = a_shift(town, capacity=1)
        for person in (town.chen, town.lan, town.zhou, town.dana):
            sign_up(person, shift)

        seats.resize(shift=shift, capacity=3, by=town.mei)

        assert [state for _, state in standing(shift)] == [State.CONFIRMED] * 3 + [State.WAITING]
        assert taken(shift) == 3

    def test_it_cannot_go_below_those_in(self, town: Town) -> None:
        shift = a_shift(town, capacity=3)
        for person in (town.chen, town.lan):
            sign_up(person, shift)

        with refused("below_taken", taken=2) as no:
            seats.resize(shift=shift, capacity=1, by=town.mei)

        assert "2" in str(no.value)
        assert Allotment.objects.get(shift=shift).capacity == 3
        assert seats.resize(shift=shift, capacity=2, by=town.mei).capacity == 2

    def test_strangers_and_the_wrong_role_may_not(self, town: Town) -> None:
        shift = a_shift(town)

        for person in (town.dana, town.yan, town.bo):
            with refused("no_right"):
                seats.resize(shift=shift, capacity=99, by=person)
        assert Allotment.objects.get(shift=shift).capacity == 10

    def test_the_right_is_asked_of_the_action_as_it_stands(self, town: Town) -> None:
        action = draft(town)
        shift = shifts.add(action=action, hours=in_hours(72), by=town.mei)
        read_before = Shift.objects.select_related("action__host").get(pk=shift.pk)
        publishing.announce(action=action, by=town.mei)

        with refused("no_right"):
            seats.resize(shift=read_before, capacity=99, by=town.yan)  # an editor: drafts only

        assert Allotment.objects.get(shift=shift).capacity == 10


class TestTheDatabaseRefuses:
    """What no deed would do, the tables do not take either."""

    def test_more_than_there_is(self, town: Town) -> None:
        shift = a_shift(town, capacity=1)
        for taken_places in (2, -1):
            with pytest.raises(IntegrityError), transaction.atomic():
                Allotment.objects.filter(shift=shift).update(taken=taken_places)

    def test_two_live_sign_ups_of_one_person(self, town: Town) -> None:
        mine = sign_up(town.chen, a_shift(town))
        with pytest.raises(IntegrityError), transaction.atomic():
            SignUp.objects.create(person=town.chen, shift=mine.shift, state=State.WAITING, queued_at=timezone.now())

    @pytest.mark.parametrize(
        "nonsense",
        [
            {"state": "perhaps"},
            {"confirmed_at": None},
            {"cancelled_at": timezone.now()},
            {"cause": "self"},
            {"state": State.CANCELLED, "cancelled_at": timezone.now(), "cause": "bored"},
            {"state": State.CANCELLED, "cause": "self"},
        ],
    )
    def test_a_state_without_what_belongs_to_it(self, town: Town, nonsense: dict[str, object]) -> None:
        mine = sign_up(town.chen, a_shift(town))
        with pytest.raises(IntegrityError), transaction.atomic():
            SignUp.objects.filter(pk=mine.pk).update(**nonsense)

    def test_an_offer_on_what_is_confirmed(self, town: Town) -> None:
        mine = sign_up(town.chen, a_shift(town))
        with pytest.raises(IntegrityError), transaction.atomic():
            SignUp.objects.filter(pk=mine.pk).update(offered_until=timezone.now())


class TestTheClockGoesOn:
    """What fails with one row is not a reason to leave all the others waiting, minute after minute."""

    def test_to_the_next_offer(self, town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
        offers = []
        for begin in (1.0, 1.5):
            shift = a_shift(town, begin=begin, length=0.4, capacity=1)
            first, offer = sign_up(town.chen, shift), sign_up(town.lan, shift)
            seats.cancel(sign_up=first, by=town.chen, reason="发烧")
            offers.append(offer.pk)
        SignUp.objects.filter(pk__in=offers).update(offered_until=timezone.now() - timedelta(minutes=1))
        lapse = seats._lapse

        def breaks_at_the_first(offer: SignUp) -> SignUp:
            if offer.pk == offers[0]:
                raise RuntimeError("a row that always fails")
            return lapse(offer)

        monkeypatch.setattr(seats, "_lapse", breaks_at_the_first)
        seats.pass_places_on()
        states = [SignUp.objects.get(pk=pk).state for pk in offers]
        assert states == [SignUp.State.WAITING, SignUp.State.CANCELLED]

    def test_to_the_next_free_place(self, town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
        waiting = []
        for begin in (30, 60):
            shift = a_shift(town, begin=begin, capacity=1)
            sign_up(town.chen, shift)
            waiting.append(sign_up(town.lan, shift))
            Allotment.objects.filter(shift=shift).update(capacity=2)
        fill = seats._fill

        def breaks_at_the_first(shift: Shift) -> None:
            if shift == waiting[0].shift:
                raise RuntimeError("a row that always fails")
            fill(shift)

        monkeypatch.setattr(seats, "_fill", breaks_at_the_first)
        seats.pass_places_on()
        states = [SignUp.objects.get(pk=mine.pk).state for mine in waiting]
        assert states == [SignUp.State.WAITING, SignUp.State.CONFIRMED]
