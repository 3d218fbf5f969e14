"""What the clock does: overdue cases climb once for each step, put-off ones go on, and the unit is reminded in time."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from grid.cases import climbing, clockwork, moving
from grid.cases.settling import TOP
from grid.chain import answering
from grid.models import Case, Post, Unit
from grid.rules import deadlines, dispatching
from grid.rules.transitions import Deed
from tests.cast import Town
from tests.grid import cases
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

    def test_a_clock_that_was_out_tells_one_step_after_the_other(self, scene: Scene) -> None:
        with time_machine.travel(MONDAY, tick=False) as clock:
            case = brought_to(scene, State.HANDLING)
            clock.move_to(at("2026-11-30 09:00"))
            for steps in range(1, 5):
                climbing.climb()
                assert case.steps.filter(deed=Deed.CLIMB).count() == steps

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
        case.due_at = at("2026-11-23 10:00")
        assert deadlines.climbs_at(case) == case.due_at
        case.climbed = 1
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

    def test_it_stands_where_it_was_handled(self, scene: Scene) -> None:
        with time_machine.travel(MONDAY, tick=False):
            case = brought_to(scene, State.FEEDBACK)
        assert deadlines.light(case, at("2026-12-23 15:01")) == "green"

    def test_without_a_deadline_there_is_none(self, scene: Scene) -> None:
        assert deadlines.light(a_case(scene), timezone.now()) is None
