"""Cases at the same instant, with real commits. Every race has a twin without its guard, and the twin must go wrong."""

import contextlib
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone

from grid.cases import climbing, moving, numbering
from grid.models import Case, Serial, Step
from grid.rules.transitions import Deed
from kit import deeds
from kit.refusals import Refused
from tests.cast import Town
from tests.grid import cases
from tests.grid.cases import Scene, a_case, brought_to
from updates.models import Message

State = Case.State


def at_once(*works: Callable[[], Any]) -> list[Any]:
    """Do all of this at the same time, each in a thread of its own; what each returned or raised, in order."""
    start = threading.Barrier(len(works))

    def one(work: Callable[[], Any]) -> Any:
        try:
            start.wait(30)
            return work()
        except Exception as error:  # noqa: BLE001 – whatever it is, the test looks at it
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(one, works))


def codes(answers: list[Any]) -> list[str]:
    return sorted(answer.code if isinstance(answer, Refused) else answer.state for answer in answers)


@pytest.fixture
def scene(committed: Town) -> Scene:
    return cases.set_up(committed)


@pytest.fixture
def met(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Two threads have read the case before either goes on, unless something keeps them apart."""
    both = threading.Barrier(2)
    held = moving._held

    def held_then_meet(*wanted: Case) -> dict[int, Case]:
        read = held(*wanted)
        with contextlib.suppress(threading.BrokenBarrierError):
            both.wait(1.5)
        return read

    monkeypatch.setattr(moving, "_held", held_then_meet)
    return


@pytest.fixture
def without_locks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Deeds as a careless house would do them: statement by statement, the case read without a lock, nobody keeps a book."""
    monkeypatch.setattr(deeds, "_in_one_transaction", deeds._with_its_end)
    monkeypatch.setattr(deeds, "before_commit", lambda _finish, _item: None)
    monkeypatch.setattr(moving, "_held", lambda *wanted: {case.pk: Case.objects.get(pk=case.pk) for case in wanted})
    monkeypatch.setattr(numbering, "_locked", lambda day: Serial.objects.get(day=day))
    # Even the numbers of steps are no guard here.
    monkeypatch.setattr(moving, "_next_number", lambda _case: next(NUMBERS))


NUMBERS = iter(range(1000, 100_000))


class TestTwoPeopleAtOneCase:
    def both(self, scene: Scene, case: Case) -> list[Any]:
        return at_once(
            lambda: moving.move(case=case, deed=Deed.TAKE, by=scene.unit_person),
            lambda: moving.move(
                case=case, deed=Deed.RETURN, by=scene.town.admin, reason="不是", proposed_unit=scene.town.yuqi
            ),
        )

    def test_one_of_the_two_finds_that_somebody_was_quicker(self, scene: Scene, met: None) -> None:
        case = brought_to(scene, State.DISPATCHED)
        answers = self.both(scene, case)
        assert codes(answers) in (["handling", "not_now"], ["filed", "not_now"], ["filed", "no_right"])
        assert Case.objects.get(pk=case.pk).state == Step.objects.filter(case=case).order_by("-number")[0].after
        assert Step.objects.filter(case=case).count() == 4

    def test_twin_without_the_cases_lock_both_are_done(self, scene: Scene, without_locks: None, met: None) -> None:
        case = brought_to_alone(scene, State.DISPATCHED)
        assert codes(self.both(scene, case)) == ["filed", "handling"]


def brought_to_alone(scene: Scene, state: Case.State) -> Case:
    """As :func:`brought_to`, where two always meet: the other one does nothing."""
    wait = threading.Barrier.wait
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(threading.Barrier, "wait", lambda *_how: 0)
        case = brought_to(scene, state)
    assert threading.Barrier.wait is wait
    return case


class TestTheSamePressOfAButton:
    def test_is_done_once(self, scene: Scene, met: None) -> None:
        case = brought_to_alone(scene, State.DISPATCHED)
        take = lambda: moving.move(case=case, deed=Deed.TAKE, by=scene.unit_person)  # noqa: E731
        assert codes(at_once(take, take)) == ["handling", "handling"]
        assert Step.objects.filter(case=case, deed=Deed.TAKE).count() == 1

    def test_twin_without_the_cases_lock_it_is_done_twice(self, scene: Scene, without_locks: None, met: None) -> None:
        case = brought_to_alone(scene, State.DISPATCHED)
        take = lambda: moving.move(case=case, deed=Deed.TAKE, by=scene.unit_person)  # noqa: E731
        at_once(take, take)
        assert Step.objects.filter(case=case, deed=Deed.TAKE).count() == 2


class TestTwoClocks:
    def overdue(self, scene: Scene) -> Case:
        case = brought_to_alone(scene, State.HANDLING)
        Case.objects.filter(pk=case.pk).update(due_at=timezone.now() - timedelta(seconds=5))
        return case

    def test_tell_those_above_once(self, scene: Scene, met: None) -> None:
        case = self.overdue(scene)
        at_once(climbing.climb, climbing.climb)
        assert Step.objects.filter(case=case, deed=Deed.CLIMB).count() == 1
        assert Case.objects.get(pk=case.pk).climbed == 1
        assert Message.objects.filter(kind="case_overdue").count() == 3

    def test_twin_without_the_cases_lock_they_tell_it_twice(self, scene: Scene, without_locks: None, met: None) -> None:
        case = self.overdue(scene)
        at_once(climbing.climb, climbing.climb)
        assert Step.objects.filter(case=case, deed=Deed.CLIMB).count() == 2


class TestTwoCasesJoinedToEachOther:
    def test_one_of_them_stays_open(self, scene: Scene) -> None:
        one, two = a_case(scene), a_case(scene)
        join = lambda case, other: moving.move(case=case, deed=Deed.MERGE, by=scene.acceptor, into=other)  # noqa: E731
        answers = at_once(lambda: join(one, two), lambda: join(two, one))
        assert codes(answers) in (["into_ended", "merged"], ["merged", "not_now"])
        assert Case.objects.open().count() == 1


class TestNumbers:
    MANY = 14

    def test_are_never_given_twice_and_have_no_gaps(self, committed: Town) -> None:
        day = timezone.localdate()
        given = at_once(*[lambda: numbering.next_number(day=day)] * self.MANY)
        assert sorted(given) == [f"YQ{day:%Y%m%d}{number:04d}" for number in range(1, self.MANY + 1)]

    def test_twin_read_then_write_gives_one_twice(self, committed: Town, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(deeds, "_in_one_transaction", deeds._with_its_end)
        everybody_has_looked = threading.Barrier(self.MANY)

        def looked(_serials: Any) -> Serial:
            row = Serial.objects.get_or_create(day=timezone.localdate())[0]
            with contextlib.suppress(threading.BrokenBarrierError):
                everybody_has_looked.wait(10)
            return row

        monkeypatch.setattr(numbering, "_locked", looked)
        given = at_once(*[lambda: numbering.next_number(day=timezone.localdate())] * self.MANY)
        assert len(set(given)) < self.MANY
