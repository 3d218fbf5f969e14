"""Everything that can happen to the same few shifts happens at once; afterwards the numbers are right.

Whatever is refused is refused by :class:`kit.refusals.Refused`; a deadlock, a broken constraint or a missing row reaches
nobody. What must hold afterwards is asked of the database in plain SQL, and that it would be noticed is tried first.
"""

import random
import sys
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from django.db import connection, connections
from django.utils import timezone

from communities import people
from communities.models import User
from events import calling_off, seats, shifts
from events.models import Action, Allotment, Shift, SignUp
from events.shifts import Hours
from kit.refusals import Refused
from tests import cast
from tests.cast import Town, in_hours

THREADS = 16
DEEDS = 60
"""What each thread tries, one thing after the other."""
SEED = 20261127
STARTS = (1.0, 1.5, 50.0, 51.0, 51.5)
"""Hours from now at which shifts of two hours begin: most overlap another, and the first two offer instead of giving."""

FAULTS = {
    "taken is not confirmed and offered": """
        SELECT a.id FROM events_allotment a WHERE a.taken <> (
            SELECT count(*) FROM events_signup s WHERE s.shift_id = a.shift_id
            AND (s.state = 'confirmed' OR s.offered_until IS NOT NULL))""",
    "twice on one shift": """
        SELECT max(id) FROM events_signup WHERE state IN ('confirmed', 'waiting')
        GROUP BY person_id, shift_id HAVING count(*) > 1""",
    "an offer to somebody who does not wait": """
        SELECT id FROM events_signup WHERE offered_until IS NOT NULL AND state <> 'waiting'""",
    "signed up for what was called off": """
        SELECT s.id FROM events_signup s JOIN events_shift h ON h.id = s.shift_id JOIN events_action a ON a.id = h.action_id
        WHERE a.state = 'called_off' AND h.ends_at > a.ended_at AND s.state IN ('confirmed', 'waiting')""",
    "in two places at once": """
        SELECT s.id, t.id FROM events_signup s JOIN events_shift h ON h.id = s.shift_id
        JOIN events_signup t ON t.person_id = s.person_id AND t.id > s.id JOIN events_shift g ON g.id = t.shift_id
        WHERE s.state = 'confirmed' AND t.state = 'confirmed'
        AND h.starts_at < g.ends_at AND g.starts_at < h.ends_at AND h.id <> g.id""",
    "waits beside a free place": """
        SELECT s.id FROM events_signup s JOIN events_shift h ON h.id = s.shift_id JOIN events_action a ON a.id = h.action_id
        JOIN events_allotment p ON p.shift_id = h.id
        WHERE a.state = 'announced' AND s.state = 'waiting' AND s.offered_until IS NULL AND p.taken < p.capacity
        AND NOT EXISTS (SELECT 1 FROM events_signup t JOIN events_shift g ON g.id = t.shift_id
            WHERE t.person_id = s.person_id AND t.state = 'confirmed' AND g.id <> h.id
            AND h.starts_at < g.ends_at AND g.starts_at < h.ends_at)""",
}
"""What must not be there, and how to find it."""


def faults(accepted: set[int] = frozenset()) -> dict[str, list[tuple[int, ...]]]:  # type: ignore[assignment]
    """What is wrong in the database. ``accepted`` are sign-ups that were moved onto another one knowingly."""
    found = {}
    with connection.cursor() as cursor:
        for name, sql in FAULTS.items():
            cursor.execute(sql)
            if rows := [row for row in cursor.fetchall() if not accepted.intersection(row)]:
                found[name] = rows
    return found


@dataclass
class Storm:
    """So many threads, each doing so many things, one after the other, to the same few actions.

    The first thing of each is settled: two answer the offers that stand when it begins, the others sign up.
    """

    town: Town
    seed: int
    shifts: list[Shift]
    doomed: list[Action]
    accepted: set[int] = field(default_factory=set)
    done: dict[str, int] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    tally: threading.Lock = field(default_factory=threading.Lock)

    def rage(self, deeds: int, threads: int = THREADS) -> None:
        begun = threading.Barrier(threads)
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(lambda number: self._one(number, deeds, begun), range(threads)))

    def _one(self, number: int, deeds: int, begun: threading.Barrier) -> None:
        chance = random.Random(self.seed * 100 + number)
        sorts = (
            *[self.sign_up] * 8,
            *[self.cancel] * 5,
            *[self.answer] * 3,
            *[self.resize] * 2,
            *[self.move] * 3,
            self.let_offers_lapse,
            self.call_off,
        )
        try:
            self._try(self.answer if number < 2 else self.sign_up, chance)
            begun.wait(60)
            for _deed in range(deeds - 1):
                self._try(chance.choice(sorts), chance)
        finally:
            connections.close_all()

    def _try(self, deed: Callable[[random.Random], None], chance: random.Random) -> None:
        try:
            deed(chance)
        except Refused as refusal:
            self._count(f"{deed.__name__}: {refusal.code}")
        except Exception as error:  # noqa: BLE001 – every other one is what we are looking for
            self.errors.append(f"{deed.__name__}: {error!r}")
        else:
            self._count(deed.__name__)

    def _count(self, what: str) -> None:
        with self.tally:
            self.done[what] = self.done.get(what, 0) + 1

    def _somebody(self, chance: random.Random) -> User:
        return chance.choice(list(self.town.neighbours()))

    def _some_sign_up(self, chance: random.Random, **of: object) -> SignUp:
        rows = list(SignUp.objects.live().filter(**of).select_related("person", "shift__action"))
        if not rows:
            raise Refused("nobody", "There is nobody.")
        return chance.choice(rows)

    def _shift(self, chance: random.Random) -> Shift:
        return Shift.objects.select_related("action__host").get(pk=chance.choice(self.shifts).pk)

    def sign_up(self, chance: random.Random) -> None:
        key = chance.choice(["", f"{chance.randrange(50)}"])
        seats.sign_up(person=self._somebody(chance), shift=self._shift(chance), request_key=key)

    def cancel(self, chance: random.Random) -> None:
        mine = self._some_sign_up(chance)
        seats.cancel(sign_up=mine, by=mine.person, reason="x")

    def answer(self, chance: random.Random) -> None:
        mine = self._some_sign_up(chance, offered_until__isnull=False)
        chance.choice([seats.accept, seats.decline])(sign_up=mine, by=mine.person)

    def resize(self, chance: random.Random) -> None:
        seats.resize(shift=self._shift(chance), capacity=chance.randrange(1, 4), by=self.town.mei)

    def move(self, chance: random.Random) -> None:
        shift = self._shift(chance)
        at = in_hours(chance.choice(STARTS))
        seen = set(shift.sign_ups.live().values_list("pk", flat=True)) if chance.random() < 0.2 else set()
        with self.tally:
            self.accepted |= seen
        hours = Hours(at.starts_at, at.ends_at, chance.randrange(1, 4))
        shifts.change(shift=shift, hours=hours, by=self.town.mei, seen=seen)

    def let_offers_lapse(self, chance: random.Random) -> None:
        long_ago = timezone.now() - timedelta(minutes=1)
        offers = SignUp.objects.offered().filter(pk__gt=0)
        if chance.random() < 0.5:
            offers.update(offered_until=long_ago)
        seats.pass_places_on()

    def call_off(self, chance: random.Random) -> None:
        with self.tally:
            action = self.doomed.pop() if self.doomed and chance.random() < 0.3 else None
        if action:
            calling_off.call_off(action=action, reason="x", by=self.town.mei)


def gather_clouds(town: Town, seed: int) -> Storm:
    """Three actions that stay and four that will be called off, with small shifts at the same few times.

    On the first of them two places are on offer, to people who sign up for nothing else.
    """
    hours = [in_hours(begin, capacity=2) for begin in STARTS]
    staying = [cast.announced(town, *hours[:2]), cast.announced(town, *hours[2:4]), cast.announced(town, hours[4])]
    doomed = [cast.announced(town, hours[number], hours[4]) for number in range(4)]
    own = [shift for action in (*staying * 4, *doomed) for shift in action.shifts.all()]
    places = [cast.sign_up(person, own[0]) for person in (town.lan, town.zhou)]
    for person in (town.chen, town.bo):
        cast.sign_up(person, own[0])
    for place in places:
        seats.cancel(sign_up=place, by=place.person, reason="x")
    return Storm(town, seed, own, doomed)


def settle() -> None:
    """What the clock does every minute, as often as it finds something to do."""
    for _minute in range(10):
        seats.pass_places_on()


def test_after_a_storm_everything_adds_up(committed: Town) -> None:
    storm = gather_clouds(committed, seed=SEED)
    sys.stdout.write(f"seed {storm.seed}\n")  # shown when it fails

    storm.rage(DEEDS)

    settle()
    assert storm.errors == []
    assert faults(storm.accepted) == {}
    assert {"sign_up", "cancel", "answer", "resize", "move", "sign_up: overlap"} <= set(storm.done), storm.done


# --- who checks the checker -------------------------------------------------------------------------------------------


class TestTheCheckerFinds:
    @pytest.fixture
    def shift(self, committed: Town) -> Shift:
        return cast.a_shift(committed, begin=50, capacity=1)

    @staticmethod
    def drop(model: type[Allotment | SignUp], constraint: str) -> None:
        """Take the database's own guard away; that this would be a fault is the reason for it."""
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute(f"DROP INDEX IF EXISTS {constraint}")
                cursor.execute("PRAGMA ignore_check_constraints = ON")  # of this connection, which the fixture closes
            return
        found = next(each for each in model._meta.constraints if each.name == constraint)
        with connection.schema_editor() as editor:
            editor.remove_constraint(model, found)

    def test_nothing_where_nothing_is_wrong(self, committed: Town, shift: Shift) -> None:
        cast.sign_up(committed.chen, shift)
        cast.sign_up(committed.lan, shift)
        assert faults() == {}

    def test_a_place_that_was_never_given_back(self, committed: Town, shift: Shift) -> None:
        Allotment.objects.filter(shift=shift).update(taken=1)
        assert set(faults()) == {"taken is not confirmed and offered"}

    def test_somebody_twice(self, committed: Town, shift: Shift) -> None:
        self.drop(SignUp, "events_signup_one_live_per_person_and_shift")
        mine = cast.sign_up(committed.chen, shift)
        SignUp.objects.create(person=mine.person, shift=shift, state=SignUp.State.WAITING, queued_at=timezone.now())
        assert "twice on one shift" in faults()

    def test_an_offer_that_was_forgotten(self, committed: Town, shift: Shift) -> None:
        self.drop(SignUp, "events_signup_offer_only_while_waiting")
        SignUp.objects.filter(pk=cast.sign_up(committed.chen, shift).pk).update(offered_until=timezone.now())
        assert set(faults()) == {"an offer to somebody who does not wait"}

    def test_somebody_left_on_what_was_called_off(self, committed: Town, shift: Shift) -> None:
        cast.sign_up(committed.chen, shift)
        Action.objects.filter(pk=shift.action_id).update(
            state=Action.State.CALLED_OFF, ended_at=timezone.now(), ended_by=committed.mei, reason="大雾"
        )
        assert set(faults()) == {"signed up for what was called off"}

    def test_two_places_at_once_unless_accepted(self, committed: Town, shift: Shift) -> None:
        mine = cast.sign_up(committed.chen, shift)
        cast.sign_up(committed.chen, cast.a_shift(committed, begin=60))
        Shift.objects.exclude(pk=shift.pk).update(starts_at=shift.starts_at, ends_at=shift.ends_at)
        assert set(faults()) == {"in two places at once"}
        assert faults({mine.pk}) == {}

    def test_a_free_place_that_nobody_was_given(self, committed: Town, shift: Shift) -> None:
        cast.sign_up(committed.chen, shift)
        cast.sign_up(committed.lan, shift)
        Allotment.objects.filter(shift=shift).update(capacity=2)
        assert set(faults()) == {"waits beside a free place"}
        settle()
        assert faults() == {}


# --- a gap between two locks ------------------------------------------------------------------------------------------


def test_who_signs_up_while_the_shift_is_being_moved_is_locked_too(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """chen was not there when the people were read, and is when the action is held: both locks are taken anew."""
    shift = cast.a_shift(town, begin=50)
    cast.sign_up(town.chen, shift)
    on_it: Callable[[Shift], set[int]] = shifts._people_on
    reads: list[set[int]] = [set()]
    monkeypatch.setattr(shifts, "_people_on", lambda of: reads.pop() if reads else on_it(of))
    held: list[set[int]] = []
    hold = people.hold

    def hold_and_remember(ids: Iterable[int]) -> dict[int, User]:
        held.append(set(ids))
        return hold(held[-1])

    monkeypatch.setattr(people, "hold", hold_and_remember)
    at = in_hours(60)

    shifts.change(shift=shift, hours=Hours(at.starts_at, at.ends_at, 10), by=town.mei)

    assert held[:2] == [set(), {town.chen.pk}]
    shift.refresh_from_db()
    assert shift.starts_at == at.starts_at
