"""Random walks through the table: whatever people and the clock do in whatever order, the database agrees at every step."""

import random
from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from grid.cases import climbing, moving
from grid.models import Case, Step
from grid.rules import dispatching
from grid.rules.transitions import ROW, Actor, Deed
from kit.refusals import Refused
from tests.cast import Town
from tests.grid import cases
from tests.grid.cases import Scene, a_case
from tests.grid.test_transitions import particulars, whoever_is

State = Case.State

STEPS = 70

KNOWN = {
    *("no_right", "not_now", "own_work", "dispatched_it", "parts_open", "part_there", "is_a_part", "has_parts"),
    *("delay_asked", "no_delay_asked", "delayed_twice", "overdue", "suspended_before", "not_yet", "too_late"),
    *("rated", "reopened_before", "into_ended", "into_itself", "person_missing", "own_unit", "not_of_the_unit"),
    *("others_joined", "nothing_to_hide", "nothing_hidden"),
}
"""What may be refused on the way."""


def walked(scene: Scene, chance: random.Random) -> Iterator[tuple[Case, Deed, str]]:
    """Somebody does something, or time passes, or the clock does; the case, what was tried, and how it was refused."""
    case, others = a_case(scene), [a_case(scene) for _ in range(3)]
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for _ in range(STEPS):
            clock.shift(timedelta(minutes=chance.choice([1, 5, 45, 400, 3000])))
            for job in (climbing.go_on, climbing.climb, climbing.remind):
                job()
            case.refresh_from_db()
            deed, by, actor = _chosen(scene, case, chance)
            open_others = [other for other in others if other.state not in Case.ENDED]
            try:
                moving.move(
                    case=case,
                    deed=deed,
                    by=by,
                    actor_hint=actor,
                    **particulars(scene, deed, chance.choice(open_others or others)),
                )
            except Refused as refusal:
                yield case, deed, refusal.code
            else:
                yield case, deed, ""
            if Case.objects.get(pk=case.pk).state in Case.ENDED and chance.random() < 0.5:
                case = a_case(scene)


def _chosen(scene: Scene, case: Case, chance: random.Random) -> tuple[Deed, Any, Actor]:
    """Mostly something that is offered, sometimes anything at all."""
    actor = chance.choice([actor for actor in Actor if actor is not Actor.CLOCK])
    by = whoever_is(scene, actor)
    fitting = [
        (deed, someone, each)
        for each in Actor
        if each is not Actor.CLOCK and (someone := whoever_is(scene, each)) is not None
        for deed in moving.allowed(someone, case)
        if deed not in (Deed.VOID, Deed.MERGE, Deed.REJECT) or chance.random() < 0.1
    ]
    return chance.choice(fitting) if fitting and chance.random() < 0.8 else (chance.choice(list(Deed)), by, actor)


@pytest.mark.parametrize("seed", range(5))
def test_the_database_agrees_at_every_step(town: Town, seed: int) -> None:
    scene = cases.set_up(town)
    done: list[str] = []
    for case, deed, code in walked(scene, random.Random(seed)):
        assert code == "" or code in KNOWN or code.endswith("_missing"), (deed, code)
        before, now = case.state, Case.objects.get(pk=case.pk)
        if code:
            assert now.state == before
        else:
            done.append(deed)
            assert now.state == (ROW[deed].after or before) or before not in ROW[deed].before
        agrees(now)
    assert len(done) > STEPS / 3


def agrees(case: Case) -> None:
    """What stands in the row, in its steps and in the table is one story."""
    steps = list(Step.objects.filter(case=case).order_by("number"))
    assert [step.number for step in steps] == list(range(1, len(steps) + 1))
    assert steps[-1].after == case.state
    assert steps == sorted(steps, key=lambda step: step.at)
    for earlier, later in pairwise(steps):
        row = ROW[Deed(later.deed)]
        assert later.before == earlier.after
        assert later.before in row.before
        assert later.after == (row.after or later.before)
        assert Actor(later.by_role) in row.by
        assert (later.by is None) == (later.by_role == Actor.CLOCK)
    if case.state != State.VOID:  # void from wherever it was
        assert (case.unit is not None) == (case.state in WITH_UNIT)
    assert case.delays <= 2
    assert case.reopenings <= 1
    assert sum(step.deed == Deed.SUSPEND for step in steps) <= 1
    assert case.staff_reopenings <= 1
    assert bool(case.climbed) == (case.climbed_at is not None)
    assert case.climbed or not case.told_late.exists()
    if case.state in Case.AT_WORK:
        assert case.due_at is not None
        assert 1 <= case.clock_limits <= 3
        assert case.handled_at is None
    if case.state in (State.FEEDBACK, State.CHECKING, State.CLOSED):
        assert case.handled_at is not None
    if case.state == State.CLOSED:
        assert case.answer
        assert steps[-1].deed in (Deed.CLOSE, Deed.RATE)
        closer = next(step for step in reversed(steps) if step.deed == Deed.CLOSE).by
        assert closer not in {step.by for step in steps if step.deed in (Deed.DISPATCH, Deed.SPLIT, Deed.SUBMIT)}
    if case.state not in Case.ENDED:
        assert dispatching.turn_of(case).owner is not None


WITH_UNIT = {*Case.AT_WORK, State.FEEDBACK, State.CHECKING, State.SUSPENDED, State.CLOSED}
