"""What the clock does: overdue cases climb once for each step, put-off ones go on, and the unit is reminded in time."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from communities import membership
from communities.roles import Role
from grid.cases import climbing, clockwork, moving
from grid.chain import answering
from grid.desk.lists import lists_of
from grid.desk.scopes import scope_of
from grid.models import Case, Post, Unit
from grid.rules import deadlines, dispatching
from grid.rules.deadlines import TOP
from grid.rules.lights import Lamp
from grid.rules.transitions import Actor, Deed
from tests.cast import Town
from tests.grid import cases, chains
from tests.grid.cases import Scene, a_case, brought_to
from updates.models import Message

State = Case.State

MONDAY = "2026-11-23 09:00 +0800"


@pytest.fixture
def scene(town: Town) -> Scene:
    return cases.set_up(town)


def at(written: str) -> datetime:
    return timezone.make_aware(datetime.fromisoformat(written))


def who_was_told(case: Case, kind: str = "case_overdue") -> list[str]:
    rows = Message.objects.filter(kind=kind, payload__number=case.number).order_by("pk")
    return [row.person.username for row in rows]


class TestClimbing:
    def test_step_by_step_each_after_a_further_limit_and_nobody_twice(self, scene: Scene) -> None:
        handler = scene.handler.username
        with time_machine.travel(MONDAY, tick=False) as clock:
            case = brought_to(scene, State.HANDLING)  # four work hours: due at 15:00
            told = {}
            for moment in (
                *("2026-11-23 14:59", "2026-11-23 15:01", "2026-11-23 15:02", "2026-11-24 08:59"),
                *("2026-11-24 09:01", "2026-11-24 15:01", "2026-11-25 09:01", "2026-11-25 16:00", "2026-12-20 10:00"),
            ):
                clock.move_to(at(moment))
                climbing.climb()
                climbing.climb()
                told[moment[8:]] = who_was_told(case)
        unit = sorted([handler, "lu", "admin"])
        assert sorted(told["23 14:59"]) == []
        assert sorted(told["23 15:01"]) == sorted(told["23 15:02"]) == sorted(told["24 08:59"]) == unit
        assert told["24 09:01"][3:] == ["bo"]
        assert told["24 15:01"][3:] == ["bo", "lan"]
        assert told["25 09:01"][3:] == told["25 16:00"][3:] == told["20 10:00"][3:] == ["bo", "lan", "qiang"]
        case.refresh_from_db()
        assert case.climbed == TOP
        assert case.steps.filter(deed=Deed.CLIMB).count() == 4

    def test_a_clock_that_was_out_does_not_make_up_for_it_in_minutes(self, scene: Scene) -> None:
        counts = {}
        with time_machine.travel(MONDAY, tick=False) as clock:
            case = brought_to(scene, State.HANDLING)
            for moment in ("30 09:00", "30 09:01", "30 14:59", "30 15:00", "30 15:01"):
                clock.move_to(at(f"2026-11-{moment}"))
                climbing.climb()
                counts[moment] = case.steps.filter(deed=Deed.CLIMB).count()
        assert list(counts.values()) == [1, 1, 1, 2, 2]

    def test_what_waited_to_be_checked_is_no_time_in_which_it_climbs(self, scene: Scene) -> None:
        counts = {}
        with time_machine.travel(MONDAY, tick=False) as clock:
            case = brought_to(scene, State.HANDLING)  # due at 15:00
            clock.move_to(at("2026-11-23 16:00"))
            climbing.climb()
            case = moving.move(case=case, deed=Deed.SUBMIT, by=scene.handler, method="service", word="好")
            clock.move_to(at("2026-12-02 09:00"))
            moving.move(case=case, deed=Deed.SEND_BACK, by=scene.acceptor, reason="还在")
            for moment in ("09:00", "09:01", "14:59", "15:00", "15:01"):
                clock.move_to(at(f"2026-12-02 {moment}"))
                climbing.climb()
                counts[moment] = len(set(who_was_told(case)) & {"bo", "lan", "qiang"})
        assert list(counts.values()) == [0, 0, 0, 1, 1]

    def climbed(self, case: Case, times: int) -> None:
        for _ in range(times):
            case = Case.objects.get(pk=case.pk)
            moving.move(case=case, deed=Deed.CLIMB, actor_hint=Actor.CLOCK, at=deadlines.climbs_at(case))

    def test_who_leaves_office_is_a_step_less_and_nobody_is_left_out(self, scene: Scene) -> None:
        case = brought_to(scene, State.HANDLING)
        self.climbed(case, 2)
        assert who_was_told(case)[3:] == ["bo"]
        Post.objects.filter(role=Post.Role.CELL_WORKER).update(until=F("since"))
        self.climbed(case, 2)
        assert who_was_told(case)[3:] == ["bo", "lan", "qiang"]
        assert Case.objects.get(pk=case.pk).climbed == TOP

    def test_who_comes_into_office_is_a_step_more_and_nobody_hears_twice(self, scene: Scene) -> None:
        Post.objects.filter(role=Post.Role.CELL_WORKER).update(until=F("since"))
        case = brought_to(scene, State.HANDLING)
        self.climbed(case, 2)
        chains.post(scene.town, Post.Role.CELL_WORKER, scene.net.street_cell, scene.town.bo)
        # Who comes to the unit afterwards holds up nobody.
        membership.join(person=scene.town.dana, organisation=scene.unit, role=Role.LEADER, by=scene.town.admin)
        assert scene.town.dana in dispatching.at_the_unit(case)
        self.climbed(case, 2)
        assert who_was_told(case)[3:] == ["lan", "bo", "qiang"]

    def test_of_a_new_deadline_everybody_hears_anew(self, scene: Scene) -> None:
        case = brought_to(scene, State.HANDLING)
        self.climbed(case, 4)
        assert deadlines.climbs_at(Case.objects.get(pk=case.pk)) is None
        Case.objects.filter(pk=case.pk).update(delay_asked_at=timezone.now(), due_at=timezone.now())
        case = moving.move(case=case, deed=Deed.GRANT_DELAY, by=scene.dispatcher)
        assert (case.climbed, case.climbed_at, case.told_late.count()) == (0, None, 0)
        self.climbed(case, 2)
        assert who_was_told(case)[-1] == "bo"

    def test_the_reporter_sees_that_it_climbs(self, scene: Scene) -> None:
        with time_machine.travel(MONDAY, tick=False) as clock:
            case = brought_to(scene, State.HANDLING)
            clock.shift(timedelta(days=1))
            climbing.climb()
        assert case.steps.order_by("number").last().by is None
        assert Message.objects.filter(person=scene.reporter, payload__deed="climb").exists()

    @pytest.mark.parametrize(
        ("unit", "amount", "second"),
        [
            (Unit.URGENT_HOUR, 2, timedelta(hours=2)),
            (Unit.URGENT_HOUR, 90, timedelta(days=1)),
            (Unit.NATURAL_DAY, 2, timedelta(days=1)),
            (Unit.WORK_DAY, 15, timedelta(days=1)),
        ],
    )
    def test_the_next_hears_after_one_limit_and_at_most_a_day(
        self, scene: Scene, unit: Unit, amount: int, second: timedelta
    ) -> None:
        case = brought_to(scene, State.HANDLING)
        case.standard = cases.a_standard("E9903", unit=unit, amount=amount)
        case.clock_since, case.due_at = at("2026-11-23 09:00"), at("2026-11-23 10:00")
        assert deadlines.climbs_at(case) == case.due_at
        case.climbed, case.climbed_at = 1, case.due_at
        assert deadlines.climbs_at(case) == case.due_at + second

    @pytest.mark.parametrize("state", [State.FEEDBACK, State.CHECKING, State.SUSPENDED, State.FILED, State.CLOSED])
    def test_where_the_clock_stands_nothing_climbs(self, scene: Scene, state: Case.State) -> None:
        case = brought_to(scene, state)
        Case.objects.filter(pk=case.pk).update(due_at=timezone.now() - timedelta(days=9))
        climbing.climb()
        assert who_was_told(case) == []
        assert not Case.objects.overdue(timezone.now()).exists()

    def test_with_more_time_it_begins_anew(self, scene: Scene) -> None:
        with time_machine.travel(MONDAY, tick=False) as clock:
            case = brought_to(scene, State.HANDLING)
            moving.move(case=case, deed=Deed.ASK_DELAY, by=scene.unit_person, reason="等")
            clock.move_to(at("2026-11-23 16:00"))
            climbing.climb()
            case = moving.move(case=case, deed=Deed.GRANT_DELAY, by=scene.dispatcher)
            assert case.climbed == 0

    def test_one_case_that_fails_does_not_hold_up_the_others(
        self, scene: Scene, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with time_machine.travel(MONDAY, tick=False) as clock:
            first, second = brought_to(scene, State.HANDLING), brought_to(scene, State.HANDLING)
            clock.shift(timedelta(days=2))
            move = moving.move

            def falls(*, case: Case, **how: Any) -> Case:
                if case.pk == first.pk:
                    raise RuntimeError
                return move(case=case, **how)

            monkeypatch.setattr(moving, "move", falls)
            climbing.climb()
        assert (who_was_told(first), bool(who_was_told(second))) == ([], True)

    def test_it_climbs_to_no_merchant(self, scene: Scene) -> None:
        """zhou is the micro road chief of the very road, and nobody else of the chain is there but the leading group."""
        with time_machine.travel(MONDAY, tick=False) as clock:
            others = Post.objects.exclude(role__in=[Post.Role.MICRO_ROAD_CHIEF, Post.Role.LEADING_GROUP])
            others.filter(role__in=answering.OF_THE_CHAIN).update(until=timezone.localdate())
            case = brought_to(scene, State.HANDLING)
            chain = dispatching.chain_of(case)
            assert [each.person for each in chain.micro_road_chiefs] == [scene.town.zhou]
            assert [each.person for step in answering.climbing_order(chain) for each in step] == [scene.town.qiang]
            for _each in range(9):
                clock.shift(timedelta(days=3))
                climbing.climb()
        case.refresh_from_db()
        assert case.climbed == TOP
        assert "qiang" in who_was_told(case)
        assert not Message.objects.filter(person=scene.town.zhou, payload__number=case.number).exists()

    def test_one_pass_looks_at_so_many_and_the_next_goes_on(
        self, scene: Scene, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(clockwork, "LOOKED_AT", 2)
        monkeypatch.setattr(climbing, "CLIMBING", clockwork.Round[Case]())
        monkeypatch.setattr(climbing, "REMINDING", clockwork.Round[Case]())
        with time_machine.travel(MONDAY, tick=False) as clock:
            found = [brought_to(scene, State.HANDLING) for _each in range(5)]
            clock.move_to(at("2026-11-23 14:30"))
            told = []
            for _minute in range(4):
                climbing.remind()
                told.append(sum(bool(who_was_told(case, "case_soon_due")) for case in found))
            assert told == [2, 4, 5, 5]
            clock.move_to(at("2026-11-23 15:01"))
            told = []
            for _minute in range(4):
                climbing.climb()
                told.append(sum(bool(who_was_told(case)) for case in found))
        assert told == [2, 4, 5, 5]

    def test_those_that_always_fail_do_not_hold_up_the_others(
        self, scene: Scene, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(clockwork, "LOOKED_AT", 2)
        monkeypatch.setattr(climbing, "CLIMBING", clockwork.Round[Case]())
        with time_machine.travel(MONDAY, tick=False) as clock:
            failing = [brought_to(scene, State.HANDLING) for _each in range(3)]
            last = brought_to(scene, State.HANDLING)
            clock.shift(timedelta(days=2))
            move = moving.move

            def falls(*, case: Case, **how: Any) -> Case:
                if case in failing:
                    raise RuntimeError
                return move(case=case, **how)

            monkeypatch.setattr(moving, "move", falls)
            climbing.climb()
            assert who_was_told(last) == []
            climbing.climb()
        assert who_was_told(last)

    @pytest.mark.parametrize("rows", [1, 3, 12])
    def test_a_minute_in_which_nothing_is_due_asks_little(
        self, scene: Scene, rows: int, django_assert_num_queries: Any
    ) -> None:
        with time_machine.travel(MONDAY, tick=False) as clock:
            for _ in range(rows):
                brought_to(scene, State.DISPATCHED)
            clock.shift(timedelta(minutes=5))
            with django_assert_num_queries(4):
                climbing.go_on()
                climbing.climb()
                climbing.remind()


class TestGoingOn:
    def test_what_was_put_off_goes_on_by_itself(self, scene: Scene) -> None:
        case, later = brought_to(scene, State.SUSPENDED), brought_to(scene, State.SUSPENDED)
        Case.objects.filter(pk=later.pk).update(suspended_until=timezone.now() + timedelta(days=30))
        with time_machine.travel(timezone.now() + timedelta(days=10), tick=False):
            climbing.go_on()
            climbing.go_on()
        case.refresh_from_db()
        later.refresh_from_db()
        assert (case.state, later.state) == (State.HANDLING, State.SUSPENDED)
        step = case.steps.order_by("number").last()
        assert (step.deed, step.by, step.by_role) == ("resume", None, "clock")


class TestReminding:
    def test_once_when_four_fifths_are_used(self, scene: Scene) -> None:
        with time_machine.travel(MONDAY, tick=False) as clock:
            case = brought_to(scene, State.HANDLING)  # 4 hours from 9:00: four fifths at 14:12
            counts = {}
            for clock_time in ("14:11", "14:13", "14:30", "15:30"):
                clock.move_to(at(f"2026-11-23 {clock_time}"))
                climbing.remind()
                counts[clock_time] = len(who_was_told(case, "case_soon_due"))
        assert counts == {"14:11": 0, "14:13": 3, "14:30": 3, "15:30": 3}

    def test_of_a_new_deadline_anew(self, scene: Scene) -> None:
        with time_machine.travel(MONDAY, tick=False) as clock:
            case = brought_to(scene, State.HANDLING)
            clock.move_to(at("2026-11-23 14:30"))
            climbing.remind()
            moving.move(case=case, deed=Deed.ASK_DELAY, by=scene.unit_person, reason="等")
            moving.move(case=case, deed=Deed.GRANT_DELAY, by=scene.dispatcher)
            climbing.remind()
            assert len(who_was_told(case, "case_soon_due")) == 3
            clock.move_to(at("2026-11-23 17:30"))  # due on Tuesday at 9, after eight hours
            climbing.remind()
            assert len(who_was_told(case, "case_soon_due")) == 6


class TestTheLight:
    @pytest.mark.parametrize(
        ("moment", "light"),
        [
            ("2026-11-23 09:00", "green"),
            ("2026-11-23 14:11", "green"),
            ("2026-11-23 14:12", "yellow"),
            ("2026-11-23 15:00", "yellow"),
            ("2026-11-23 15:01", "red"),
        ],
    )
    def test_green_yellow_red(self, scene: Scene, moment: str, light: str) -> None:
        with time_machine.travel(MONDAY, tick=False):
            case = brought_to(scene, State.HANDLING)
        assert deadlines.light(case, at(moment)) == light

    def test_sent_anew_or_opened_again_it_is_green_however_often_time_was_granted(self, scene: Scene) -> None:
        with time_machine.travel(MONDAY, tick=False) as clock:
            returned, reopened = brought_to(scene, State.DISPATCHED), brought_to(scene, State.HANDLING)
            for case in (returned, reopened):
                for _ in range(2):
                    moving.move(
                        case=case, deed=Deed.ASK_DELAY, by=scene.unit_person, reason="等", actor_hint=Actor.UNIT
                    )
                    moving.move(case=case, deed=Deed.GRANT_DELAY, by=scene.dispatcher)
                    clock.shift(timedelta(minutes=11))
            assert Case.objects.get(pk=returned.pk).clock_limits == 3
            own = {"reason": "不是", "proposed_unit": scene.town.yuqi}
            returned = moving.move(case=returned, deed=Deed.RETURN, by=scene.unit_person, **own)
            returned = moving.move(case=returned, deed=Deed.DISPATCH, by=scene.dispatcher, unit=scene.unit)
            for deed, by, given in list(cases.path_to(scene, State.CLOSED))[3:]:
                reopened = moving.move(case=reopened, deed=deed, by=by, **given)
            reopened = moving.move(case=reopened, deed=Deed.REOPEN, by=scene.reporter, reason="还在")
            for case in (returned, reopened):
                assert deadlines.used_share(case, timezone.now()) == 0
            clock.shift(timedelta(minutes=30))
            for case in (returned, reopened):
                assert deadlines.light(case, timezone.now()) == "green"

    def test_one_that_is_to_be_checked_and_one_that_is_to_be_closed_have_their_own_limits(self, scene: Scene) -> None:
        with time_machine.travel(MONDAY, tick=False) as clock:
            case = brought_to(scene, State.CHECKING)
            assert case.step_due_at == at("2026-11-24 09:00")  # a day of work to check
            tones = []
            for moment in ("23 09:01", "23 17:15", "23 17:30"):  # four fifths of eight hours at 17:24
                clock.move_to(at(f"2026-11-{moment}"))
                tones.append(Lamp.lit(timezone.now()).of(case).tone)
            assert tones == ["ok", "ok", "want"]
            clock.move_to(at("2026-11-24 08:00"))
            case = moving.move(case=case, deed=Deed.CONFIRM, by=scene.worker)
            assert case.step_due_at == at("2026-11-24 12:00")  # four hours to close
            tones = []
            for moment in ("08:01", "11:10", "11:20", "12:01"):
                clock.move_to(at(f"2026-11-24 {moment}"))
                tones.append(Lamp.lit(timezone.now()).of(case).tone)
        assert tones == ["ok", "ok", "want", "bad"]

    def test_what_the_unit_has_not_taken_on_is_late_before_its_deadline(self, scene: Scene) -> None:
        with time_machine.travel(MONDAY, tick=False) as clock:
            case = brought_to(scene, State.DISPATCHED)  # an hour to take it on, four to handle it
            tones = []
            for moment in ("09:01", "09:50", "10:01"):
                clock.move_to(at(f"2026-11-23 {moment}"))
                tones.append(Lamp.lit(timezone.now()).of(case).tone)
            lists = lists_of(scope_of(scene.town.lan, timezone.localdate()), timezone.now())
            assert case in Case.objects.filter(next(each.cases for each in lists if each.code == "overdue"))
            taken = moving.move(case=case, deed=Deed.TAKE, by=scene.unit_person)
            assert Lamp.lit(timezone.now()).of(taken).tone == "ok"
        assert tones == ["ok", "want", "bad"]

    def test_it_stands_where_it_was_handled(self, scene: Scene) -> None:
        with time_machine.travel(MONDAY, tick=False):
            case = brought_to(scene, State.FEEDBACK)
        assert deadlines.light(case, at("2026-12-23 15:01")) == "green"

    @pytest.mark.parametrize("lost", ["due_at", "clock_since"])
    def test_with_a_unit_there_is_always_a_clock(self, scene: Scene, lost: str) -> None:
        case = brought_to(scene, State.SUSPENDED)
        with pytest.raises(IntegrityError), transaction.atomic():
            Case.objects.filter(pk=case.pk).update(**{lost: None})

    def test_without_a_deadline_there_is_none(self, scene: Scene) -> None:
        assert deadlines.light(a_case(scene), timezone.now()) is None
