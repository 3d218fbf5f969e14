"""Shifts: added, moved, resized, removed."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client, RequestFactory
from django.utils import timezone

from events import calling_off, composing, seats, shifts
from events.composing import Row
from events.models import Action, Allotment, Shift, SignUp
from events.panels import own_record
from events.shifts import MOST_SHIFTS, Hours, WouldOverlap
from events.states import state_of_shift, sum_of_seats
from kit.refusals import Refused
from tests.cast import Town, a_shift, announced, details, draft, in_hours, put_back, sign_up
from updates.models import Message


def refused(code: str):
    return pytest.raises(Refused, check=lambda no: no.code == code)


def hours_of(shift: Shift, **changes: object) -> Hours:
    stored: dict[str, object] = {
        "starts_at": shift.starts_at,
        "ends_at": shift.ends_at,
        "capacity": shift.allotments.get().capacity,
        "least": shift.least,
        "task": shift.task,
    }
    return Hours(**{**stored, **changes})


def moved(shift: Shift, by: timedelta) -> Hours:
    return hours_of(shift, starts_at=shift.starts_at + by, ends_at=shift.ends_at + by)


class TestAdding:
    def test_the_action_spans_all_its_shifts(self, town: Town) -> None:
        action = draft(town)
        late = shifts.add(action=action, hours=in_hours(80), by=town.mei)
        early = shifts.add(action=action, hours=in_hours(50), by=town.mei)

        action.refresh_from_db()
        assert (action.starts_at, action.ends_at) == (early.starts_at, late.ends_at)

    @pytest.mark.parametrize(
        ("hours", "code", "field"),
        [
            (in_hours(50, 0), "ends_before_it_begins", "ends_at"),
            (in_hours(50, -1), "ends_before_it_begins", "ends_at"),
            (in_hours(50, 25), "too_long", "ends_at"),
            (in_hours(-1), "begun", "starts_at"),
            (in_hours(50, capacity=3, least=4), "least_above_capacity", "least"),
        ],
    )
    def test_nonsense_is_refused_beside_its_field(self, town: Town, hours: Hours, code: str, field: str) -> None:
        action = draft(town)

        with refused(code) as no:
            shifts.add(action=action, hours=hours, by=town.mei)

        assert no.value.field == field
        assert not Shift.objects.exists()

    def test_who_may(self, town: Town) -> None:
        plan, open_action = draft(town), announced(town)

        shifts.add(action=plan, hours=in_hours(50), by=town.yan)
        for action, person in ((plan, town.dana), (plan, town.bo), (open_action, town.yan), (open_action, town.lan)):
            with refused("no_right"):
                shifts.add(action=action, hours=in_hours(50), by=person)
        assert (plan.shifts.count(), open_action.shifts.count()) == (1, 1)


class TestMoving:
    def test_places_are_kept_and_leaving_is_free_for_a_day(self, town: Town) -> None:
        shift = a_shift(town, begin=50)
        mine = sign_up(town.chen, shift)

        after = shifts.change(shift=shift, hours=moved(shift, timedelta(hours=-48.5)), by=town.mei)

        mine.refresh_from_db()
        assert (mine.state, after.starts_at) == ("confirmed", shift.starts_at - timedelta(hours=48.5))
        # It begins in an hour and a half: too late to leave without a reason, had it not been moved.
        assert seats.cancel(sign_up=mine, by=town.chen).state == "cancelled"

    def test_an_empty_shift_moves_without_that_grace(self, town: Town) -> None:
        shift = a_shift(town, begin=50)
        assert shifts.change(shift=shift, hours=moved(shift, timedelta(hours=1)), by=town.mei).free_until is None

    def test_who_would_overlap_is_listed_before_it_is_saved(self, town: Town) -> None:
        shift, other = a_shift(town, begin=50), a_shift(town, begin=60)
        both, only_one = sign_up(town.chen, shift), sign_up(town.lan, shift)
        sign_up(town.chen, other)
        to_the_other = moved(shift, timedelta(hours=10))

        with pytest.raises(WouldOverlap) as no:
            shifts.change(shift=shift, hours=to_the_other, by=town.mei)

        assert [overlap.sign_up for overlap in no.value.overlaps] == [both]
        assert no.value.overlaps[0].other.shift == other
        assert Shift.objects.get(pk=shift.pk).starts_at == shift.starts_at
        with pytest.raises(WouldOverlap):
            shifts.change(shift=shift, hours=to_the_other, by=town.mei, seen=[only_one.pk])
        assert (
            shifts.change(shift=shift, hours=to_the_other, by=town.mei, seen=[both.pk]).starts_at
            == to_the_other.starts_at
        )

    def test_everything_or_nothing(self, town: Town) -> None:
        shift = a_shift(town, capacity=3)
        for person in (town.chen, town.lan):
            sign_up(person, shift)

        with refused("below_taken"):
            shifts.change(
                shift=shift,
                hours=hours_of(shift, capacity=1, starts_at=shift.starts_at - timedelta(hours=1), task="new"),
                by=town.mei,
            )

        again = Shift.objects.get(pk=shift.pk)
        assert (again.starts_at, again.task, Allotment.objects.get(shift=shift).capacity) == (shift.starts_at, "", 3)

    def test_what_has_begun_or_is_over_stays(self, town: Town) -> None:
        begun, off = announced(town, in_hours(3)), announced(town)
        put_back(begun, timedelta(hours=4))
        calling_off.call_off(action=off, reason="雨", by=town.mei)

        for action, code in ((begun, "begun"), (off, "over")):
            shift = action.shifts.get()
            with refused(code):
                shifts.change(shift=shift, hours=moved(shift, timedelta(hours=48)), by=town.mei)
            assert Shift.objects.get(pk=shift.pk).starts_at == shift.starts_at

    def test_a_draft_is_moved_by_whoever_drafts_even_after_its_day(self, town: Town) -> None:
        plan = draft(town, by=town.yan)
        shift = shifts.add(action=plan, hours=in_hours(3), by=town.yan)
        put_back(plan, timedelta(hours=30))
        shift.refresh_from_db()

        after = shifts.change(shift=shift, hours=moved(shift, timedelta(hours=80)), by=town.yan)

        assert after.starts_at == shift.starts_at + timedelta(hours=80)


class TestHowMany:
    """The composer cannot show more of them than it takes, so nobody may add more elsewhere."""

    def test_one_too_many_is_refused_at_the_desk_too(self, town: Town, client: Client) -> None:
        action = announced(town, *(in_hours(24 + 3 * number) for number in range(MOST_SHIFTS)))
        with refused("too_many_shifts"):
            shifts.add(action=action, hours=in_hours(100), by=town.mei)
        client.force_login(town.mei)
        day = timezone.localdate() + timedelta(days=9)
        sent = {"date": f"{day}", "starts": "09:00", "ends": "11:00", "capacity": "5", "least": "1"}
        answer = client.post(f"/desk/{action.pk}/shifts/new/", sent)
        assert answer.status_code == 422
        assert "最多 12 班。" in answer.content.decode()
        assert action.shifts.count() == MOST_SHIFTS

    def test_twelve_of_a_draft_are_made_anew_in_one_go(self, town: Town) -> None:
        plan = draft(town)
        for number in range(MOST_SHIFTS):
            shifts.add(action=plan, hours=in_hours(24 + 3 * number), by=town.mei)
        rows = [Row(in_hours(200 + 3 * number), each) for number, each in enumerate(plan.shifts.all())]
        composing.recompose(action=plan, details=details(), rows=rows, announce=False, by=town.mei)
        assert plan.shifts.count() == MOST_SHIFTS
        rows = [Row(in_hours(300))]
        with refused("too_many_shifts") as no:
            composing.recompose(action=plan, details=details(), rows=rows, announce=False, by=town.mei)
        assert no.value.field == "shifts"
        assert plan.shifts.count() == MOST_SHIFTS


class TestRemoving:
    def test_an_empty_one_goes(self, town: Town) -> None:
        action = announced(town, in_hours(50), in_hours(60))
        first, last = action.shifts.all()

        shifts.remove(shift=last, by=town.mei)

        action.refresh_from_db()
        assert ([*action.shifts.all()], action.ends_at) == ([first], first.ends_at)

    def test_one_that_somebody_ever_signed_up_for_stays(self, town: Town) -> None:
        action = announced(town, in_hours(50), in_hours(60))
        first, _last = action.shifts.all()
        seats.cancel(sign_up=sign_up(town.chen, first), by=town.chen)

        with refused("has_sign_ups"):
            shifts.remove(shift=first, by=town.mei)

    def test_an_announced_action_keeps_one(self, town: Town) -> None:
        shift = a_shift(town)

        with refused("last_shift"):
            shifts.remove(shift=shift, by=town.mei)
        with refused("no_right"):
            shifts.remove(shift=shift, by=town.dana)
        assert Shift.objects.filter(pk=shift.pk).exists()


class TestEnding:
    def test_calling_off_ends_every_sign_up_and_says_why(self, town: Town) -> None:
        action = announced(town, in_hours(50, capacity=1))
        shift = action.shifts.get()
        for person in (town.chen, town.lan):
            sign_up(person, shift)

        off = calling_off.call_off(action=action, reason=" 大雾 ", by=town.mei)

        assert (off.state, off.reason, off.ended_by) == ("called_off", "大雾", town.mei)
        assert set(SignUp.objects.values_list("state", "cause")) == {("cancelled", "called_off")}
        assert Allotment.objects.get(shift=shift).taken == 0
        assert calling_off.call_off(action=action, reason="again", by=town.mei).reason == "大雾"

    def test_what_is_done_stays_done_and_what_runs_is_broken_off(self, town: Town, client: Client) -> None:
        action = announced(town, in_hours(1), in_hours(31), in_hours(60))
        done, running, ahead = action.shifts.all()
        worked, waited_in_vain = sign_up(town.chen, done), sign_up(town.dana, done)
        SignUp.objects.filter(pk=waited_in_vain.pk).update(state=SignUp.State.WAITING, confirmed_at=None)
        Allotment.objects.filter(shift=done).update(taken=1)
        there, coming = sign_up(town.lan, running), sign_up(town.chen, ahead)
        put_back(action, timedelta(hours=32))

        calling_off.call_off(action=Action.objects.get(pk=action.pk), reason="大雾", by=town.mei)

        states = [SignUp.objects.get(pk=one.pk).state for one in (worked, waited_in_vain, there, coming)]
        assert states == ["confirmed", "waiting", "cancelled", "cancelled"]
        assert [shift.allotments.get().taken for shift in action.shifts.all()] == [1, 0, 0]
        told = Message.objects.filter(kind="called_off")
        assert {message.person: message.payload["sign_up"] for message in told} == {
            town.lan: there.pk,
            town.chen: coming.pk,
        }
        now, off = timezone.now(), Action.objects.get(pk=action.pk)
        shown = [state_of_shift(off, each, sum_of_seats([each]), now).word for each in off.shifts.with_places()]
        assert shown == ["已结束", "已叫停", "已叫停"]
        client.force_login(town.chen)
        listed = client.get("/my/activities/?tab=done").content.decode()
        assert off.page.title in listed
        record = own_record(RequestFactory().get("/"), town.chen)
        assert ("<b>1</b>" in record, "<b>2</b>" in record) == (True, True)

    def test_who_may_call_off_and_when(self, town: Town) -> None:
        action, plan, over = announced(town), draft(town), announced(town)
        put_back(over, timedelta(hours=100))

        for person in (town.dana, town.yan, town.bo, town.lan):
            with refused("no_right"):
                calling_off.call_off(action=action, reason="x", by=person)
        with refused("reason_missing"):
            calling_off.call_off(action=action, reason="  ", by=town.mei)
        with refused("not_announced"):
            calling_off.call_off(action=plan, reason="x", by=town.mei)
        with refused("past"):
            calling_off.call_off(action=over, reason="x", by=town.mei)
        assert set(Action.objects.values_list("state", flat=True)) == {"announced", "draft"}

    @pytest.mark.parametrize(
        "nonsense",
        [{"reason": ""}, {"ended_by": None}, {"ended_at": None}, {"state": "announced"}, {"cancel_hours": 73}],
    )
    def test_the_database_refuses_half_an_end(self, town: Town, nonsense: dict[str, object]) -> None:
        off = calling_off.call_off(action=announced(town), reason="大雾", by=town.mei)

        with pytest.raises(IntegrityError), transaction.atomic():
            Action.objects.filter(pk=off.pk).update(**nonsense)

    def test_it_is_closed_when_it_is_over_by_who_runs_it(self, town: Town) -> None:
        action = announced(town, host=town.group, by=town.admin)

        with refused("not_over"):
            calling_off.close(action=action, by=town.lan)
        put_back(action, timedelta(hours=100))
        with refused("no_right"):
            calling_off.close(action=action, by=town.chen)
        closed = calling_off.close(action=action, by=town.lan)

        assert (closed.state, closed.ended_by) == ("closed", town.lan)
        assert closed.ended_at
