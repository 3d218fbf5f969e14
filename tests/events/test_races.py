"""Many at the same instant, with real commits. Every race has a twin without its guard, and the twin must go wrong.

The threads meet at a barrier inside the deed, at the point where the guard matters, so the twin's failure is no luck.
"""

import contextlib
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone

from communities import people
from communities.models import User
from events import seats
from events.models import Allotment, Shift, SignUp
from kit import deeds
from kit.refusals import Refused
from tests.cast import Town, a_shift, sign_up

State = SignUp.State


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


def meet(barrier: threading.Barrier) -> None:
    """Wait for the others, but not for ever: whom a guard holds back does not come."""
    with contextlib.suppress(threading.BrokenBarrierError):
        barrier.wait(1.5)


@pytest.fixture
def without_transactions(monkeypatch: pytest.MonkeyPatch) -> None:
    """Deeds as a careless house would do them: statement by statement, without locks, and nobody keeps a book."""
    monkeypatch.setattr(deeds, "_in_one_transaction", deeds._with_its_end)
    monkeypatch.setattr(deeds, "before_commit", lambda _finish, _item: None)
    monkeypatch.setattr(people, "hold", lambda ids: {one.pk: one for one in User.objects.filter(pk__in=list(ids))})
    monkeypatch.setattr(seats.locks, "share_action", lambda pk: seats.Action.objects.get(pk=pk))
    monkeypatch.setattr(seats.locks, "lock_action", lambda pk: seats.Action.objects.get(pk=pk))
    monkeypatch.setattr(seats.locks, "lock_places", lambda shift: Allotment.objects.get(shift=shift))


class TestManyForFewPlaces:
    PLACES, PEOPLE = 5, 14

    def rush(self, shift: Shift, everybody: list[User]) -> list[Any]:
        return at_once(*(lambda person=person: seats.sign_up(person=person, shift=shift) for person in everybody))

    def test_exactly_so_many_are_in_and_the_others_wait_in_order(self, committed: Town) -> None:
        shift = a_shift(committed, capacity=self.PLACES)

        answers = self.rush(shift, list(committed.neighbours()))

        told = [seats.position(answer.sign_up) for answer in answers if answer.sign_up.state == State.WAITING]
        assert len(told) == self.PEOPLE - self.PLACES
        line = SignUp.objects.filter(shift=shift).in_line()
        assert [seats.position(row) for row in line] == list(range(1, len(told) + 1))
        assert SignUp.objects.confirmed().filter(shift=shift).count() == self.PLACES
        assert Allotment.objects.get(shift=shift).taken == self.PLACES

    def test_the_turn_people_are_told_is_the_turn_they_have(
        self, committed: Town, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        shift = a_shift(committed, capacity=1)
        told: list[int | None] = []
        stand = seats._stand_in_line

        def standing(action: Any, of_shift: Shift, mine: SignUp) -> None:
            stand(action, of_shift, mine)
            told.append(seats.position(mine))

        monkeypatch.setattr(seats, "_stand_in_line", standing)

        self.rush(shift, list(committed.neighbours()))

        assert told == list(range(1, self.PEOPLE))

    def test_twin_without_the_allotments_lock_two_are_told_the_same_turn(
        self, committed: Town, without_transactions: None, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        shift = a_shift(committed, capacity=1)
        sign_up(committed.chen, shift)
        told: list[int | None] = []
        stand, save = seats._stand_in_line, SignUp.save
        somebody_waits, the_other_was_told = threading.Lock(), threading.Event()

        def slowly(mine: SignUp, **how: Any) -> None:
            """Who stands in line first has looked at the clock, and is written down after the second was told."""
            if mine.state == State.WAITING and somebody_waits.acquire(blocking=False):
                the_other_was_told.wait(30)
            save(mine, **how)

        def standing(action: Any, of_shift: Shift, mine: SignUp) -> None:
            stand(action, of_shift, mine)
            told.append(seats.position(mine))
            the_other_was_told.set()

        monkeypatch.setattr(SignUp, "save", slowly)
        monkeypatch.setattr(seats, "_stand_in_line", standing)

        self.rush(shift, [committed.lan, committed.zhou])

        assert told == [1, 1]

    def test_twin_read_then_write_sells_too_many(
        self, committed: Town, without_transactions: None, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        shift = a_shift(committed, capacity=self.PLACES)
        everybody_has_looked = threading.Barrier(self.PEOPLE)

        def look_then_take(of_shift: Shift, *, after_line: bool = False) -> bool:
            places = Allotment.objects.get(shift=of_shift)
            meet(everybody_has_looked)
            if places.free:
                Allotment.objects.filter(pk=places.pk).update(taken=places.taken + 1)
            return places.free > 0

        monkeypatch.setattr(seats, "_take_place", look_then_take)

        self.rush(shift, list(committed.neighbours()))

        assert SignUp.objects.confirmed().filter(shift=shift).count() > self.PLACES


class TestOnePersonInTwoPlaces:
    @pytest.fixture
    def two_shifts(self, committed: Town) -> tuple[Shift, Shift]:
        return a_shift(committed, begin=50), a_shift(committed, begin=51)

    @pytest.fixture
    def looked(self, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
        """Both threads have looked for an overlap before either writes, unless something keeps them apart."""
        both = threading.Barrier(2)
        demand = seats._demand_fits

        def demand_then_meet(person: User, action: Any, shift: Shift) -> None:
            demand(person, action, shift)
            meet(both)

        monkeypatch.setattr(seats, "_demand_fits", demand_then_meet)
        return

    def both(self, person: User, two_shifts: tuple[Shift, Shift]) -> list[Any]:
        return at_once(*(lambda shift=shift: seats.sign_up(person=person, shift=shift) for shift in two_shifts))

    def test_one_of_two_overlapping_shifts(
        self, committed: Town, two_shifts: tuple[Shift, Shift], looked: None
    ) -> None:
        answers = self.both(committed.chen, two_shifts)

        refusals = [answer for answer in answers if isinstance(answer, Refused)]
        assert [no.code for no in refusals] == ["overlap"]
        assert SignUp.objects.live().filter(person=committed.chen).count() == 1

    def test_twin_without_the_persons_lock_gets_both(
        self, committed: Town, two_shifts: tuple[Shift, Shift], without_transactions: None, looked: None
    ) -> None:
        self.both(committed.chen, two_shifts)

        assert SignUp.objects.confirmed().filter(person=committed.chen).count() == 2


class TestPromotedWhileSigningUpElsewhere:
    ROUNDS = 200

    @pytest.fixture
    def scene(self, committed: Town) -> tuple[Shift, Shift]:
        """chen has the only place of one shift; lan waits for it; another shift at the same time is free."""
        return a_shift(committed, begin=50, capacity=1), a_shift(committed, begin=51, capacity=5)

    def set_up(self, committed: Town, scene: tuple[Shift, Shift]) -> SignUp:
        SignUp.objects.all().delete()
        Allotment.objects.update(taken=0)
        place = sign_up(committed.chen, scene[0])
        sign_up(committed.lan, scene[0])
        return place

    def collide(self, committed: Town, scene: tuple[Shift, Shift], place: SignUp) -> list[Any]:
        return at_once(
            lambda: seats.cancel(sign_up=place, by=committed.chen),
            lambda: seats.sign_up(person=committed.lan, shift=scene[1]),
        )

    def test_ends_on_exactly_one_of_the_two(self, committed: Town, scene: tuple[Shift, Shift]) -> None:
        ends: list[tuple[int, ...]] = []
        for _round in range(self.ROUNDS):
            answers = self.collide(committed, scene, self.set_up(committed, scene))
            errors = [answer for answer in answers if isinstance(answer, Exception)]
            assert all(isinstance(error, Refused) and error.code == "overlap" for error in errors), errors
            confirmed = SignUp.objects.confirmed().filter(person=committed.lan)
            ends.append(tuple(row.shift_id for row in confirmed))
            for shift in scene:
                in_it = SignUp.objects.confirmed().filter(shift=shift).count()
                assert Allotment.objects.get(shift=shift).taken == in_it
        assert {len(end) for end in ends} == {1}

    def test_twin_without_the_locks_ends_on_both(
        self,
        committed: Town,
        scene: tuple[Shift, Shift],
        without_transactions: None,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        both_have_looked = threading.Barrier(2)
        look = seats._overlapping

        def look_then_meet(person: User, shift: Shift) -> SignUp | None:
            found = look(person, shift)
            meet(both_have_looked)
            return found

        place = self.set_up(committed, scene)
        monkeypatch.setattr(seats, "_overlapping", look_then_meet)

        self.collide(committed, scene, place)

        assert SignUp.objects.confirmed().filter(person=committed.lan).count() == 2


def leave_while_the_next_one_leaves(town: Town, monkeypatch: pytest.MonkeyPatch) -> tuple[Shift, list[list[int]]]:
    """chen gives the only place back; lan, who is next, leaves when the line was read and nobody is locked yet.

    Returns the shift, and who was at the head of the line each time it was read; zhou stands behind lan.
    """
    shift = a_shift(town, capacity=1)
    place = sign_up(town.chen, shift)
    first, _second = sign_up(town.lan, shift), sign_up(town.zhou, shift)
    heads = seats._heads
    reads: list[list[int]] = []

    def read_then_lose_the_first(of_shift: Shift, wanted: int) -> list[Any]:
        found = heads(of_shift, wanted)
        if not reads:
            # As another process would do it in between; a deed of its own would wait for this one's pen on SQLite.
            SignUp.objects.filter(pk=first.pk).update(
                state=State.CANCELLED, cause=SignUp.Cause.SELF, cancelled_at=timezone.now()
            )
        reads.append([head.person_id for head in found])
        return found

    monkeypatch.setattr(seats, "_heads", read_then_lose_the_first)

    seats.cancel(sign_up=place, by=town.chen)
    return shift, reads


def test_the_head_of_the_line_changes_while_a_place_is_freed(committed: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """It looks again and takes the second."""
    shift, reads = leave_while_the_next_one_leaves(committed, monkeypatch)

    assert reads == [[committed.lan.pk], [committed.zhou.pk]]
    assert SignUp.objects.confirmed().get(shift=shift).person == committed.zhou


def test_twin_who_looks_once_leaves_the_place_to_nobody(committed: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seats, "HEAD_TRIES", 1)
    shift, reads = leave_while_the_next_one_leaves(committed, monkeypatch)

    assert reads == [[committed.lan.pk]]
    assert not SignUp.objects.confirmed().filter(shift=shift).exists()
