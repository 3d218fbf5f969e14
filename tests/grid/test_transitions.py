"""The one table, cell by cell: in every state everybody tries everything. What the table allows is done, and nothing else."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from communities.models import User
from grid.cases import moving
from grid.models import Case, Step
from grid.rules.particulars import Particulars
from grid.rules.transitions import ROW, TRANSITIONS, Actor, Deed
from kit.refusals import Refused
from tests.cast import Town
from tests.grid import cases
from tests.grid.cases import Scene, a_picture

State = Case.State

WITH_A_UNIT = {*Case.AT_WORK, State.FEEDBACK, State.CHECKING, State.SUSPENDED, State.CLOSED}
WITH_A_HANDLER = WITH_A_UNIT - {State.DISPATCHED}


@contextmanager
def undone() -> Iterator[None]:
    """Whatever is done inside is tried only."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def whoever_is(scene: Scene, actor: Actor) -> User | None:
    return {
        Actor.ACCEPTOR: scene.acceptor,
        Actor.DISPATCHER: scene.dispatcher,
        Actor.UNIT: scene.unit_person,
        Actor.HANDLER: scene.handler,
        Actor.INSPECTOR: scene.worker,
        Actor.NEIGHBOUR: scene.town.zhou,
        Actor.OVERSEER: scene.town.lan,
        Actor.REPORTER: scene.reporter,
        Actor.CLOCK: None,
    }[actor]


def particulars(scene: Scene, deed: Deed, other: Case) -> dict[str, Any]:
    """Everything that the deed could ask for."""
    reason, word = {"reason": "有理由"}, {"word": "已告知"}
    described: dict[Deed, dict[str, Any]] = {
        Deed.CORRECT: {"address": "北口"},
        Deed.VERIFY: {},
        Deed.FILE: {"standard": scene.standard},
        Deed.REJECT: word,
        Deed.MERGE: {"into": other},
        Deed.SOLVE_ON_THE_SPOT: {
            "standard": scene.standard,
            "unit": scene.unit,
            "method": Case.Method.SERVICE,
            **word,
            "photos_before": [a_picture()],
            "photos_after": [a_picture()],
        },
        Deed.DISPATCH: {"unit": scene.unit},
        Deed.SPLIT: {"units": [scene.town.yuqi]},
        Deed.RETURN: {**reason, "proposed_unit": scene.town.yuqi},
        Deed.ASSIGN: {"person": scene.unit_person},
        Deed.SUSPEND: {**word, "until": cases.in_days(5)},
        Deed.SUBMIT: {"method": Case.Method.MANAGEMENT, **word},
        Deed.CLOSE: {**word, **reason},
        Deed.RATE: {"rating": 5},
        Deed.HIDE: {**reason, "description": "有人的名字，已隐去"},
    }
    return described.get(deed, reason)


def made_ready(case: Case, deed: Deed) -> None:
    """What must have happened before besides the state: time was asked for, time has passed."""
    now = timezone.now()
    rows = Case.objects.filter(pk=case.pk)
    if deed in (Deed.GRANT_DELAY, Deed.REFUSE_DELAY):
        rows.update(delay_asked_at=now)
    if deed is Deed.RESUME:
        rows.update(suspended_until=now - timedelta(minutes=1))
    if deed is Deed.SHOW:
        rows.update(withheld=[1])
    if deed is Deed.CLIMB:
        rows.update(due_at=now - timedelta(days=1))


def as_it_stands(case: Case) -> dict[str, Any]:
    fresh = Case.objects.get(pk=case.pk)
    fields = {field.name: field.value_from_object(fresh) for field in Case._meta.concrete_fields}
    return {**fields, "steps": Step.objects.filter(case=case).count(), "cases": Case.objects.count()}


def expected(state: State, deed: Deed, actor: Actor) -> str:
    """``""`` where the table allows it, or the code of the refusal."""
    has_role = state in {
        Actor.UNIT: WITH_A_UNIT,
        Actor.HANDLER: WITH_A_HANDLER,
        Actor.NEIGHBOUR: set(State) - set(Case.THROWN_OUT),
    }.get(actor, set(State))
    row = ROW[deed]
    if actor not in row.by or not has_role:
        return "no_right"
    return "" if state in row.before else "not_now"


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("actor", list(Actor))
def test_every_cell_of_the_table(town: Town, state: State, actor: Actor) -> None:
    scene = cases.set_up(town)
    case, other = cases.brought_to(scene, state), cases.a_case(scene)
    by = whoever_is(scene, actor)
    wrong = {}

    for deed in Deed:
        with undone():
            made_ready(case, deed)
            before = as_it_stands(case)
            code = ""
            try:
                moved = moving.move(case=case, deed=deed, by=by, actor_hint=actor, **particulars(scene, deed, other))
            except Refused as refusal:
                code = refusal.code if refusal.sentence else "speechless"
                changed = as_it_stands(case) != before
            else:
                changed = False
                last = moved.steps.order_by("-number").first()
                if as_it_stands(case) == before:  # the same press of a button, once more
                    assert (last.deed, last.by) == (deed, by)
                    code = "not_now"
                    continue
                assert (last.deed, last.before, last.by_role) == (deed, state, actor)
                assert Case.objects.get(pk=case.pk).state == last.after == (ROW[deed].after or state)
            if changed or code != expected(state, deed, actor):
                wrong[deed.value] = (code, expected(state, deed, actor))

    assert wrong == {}


@pytest.mark.parametrize("state", list(State))
def test_what_is_offered_is_what_is_allowed(town: Town, state: State) -> None:
    scene = cases.set_up(town)
    case = cases.brought_to(scene, state)
    for actor in set(Actor) - {Actor.CLOCK}:
        by = whoever_is(scene, actor)
        assert by is not None
        offered = set(moving.allowed(by, case))
        by_table = {deed for deed in Deed if not expected(state, deed, actor)}
        # Nobody has asked for more time, and nothing was taken down.
        assert offered == by_table - {Deed.GRANT_DELAY, Deed.REFUSE_DELAY, Deed.SHOW}, actor


@pytest.mark.parametrize("state", list(State))
def test_a_stranger_and_a_visitor_are_offered_nothing_and_get_nothing(town: Town, state: State) -> None:
    scene = cases.set_up(town)
    case, other = cases.brought_to(scene, state), cases.a_case(scene)
    before = as_it_stands(case)
    assert moving.allowed(town.dana, case) == []
    for deed in Deed:
        for by in (town.dana, None):
            with pytest.raises(Refused) as no:
                moving.move(case=case, deed=deed, by=by, **particulars(scene, deed, other))
            assert (no.value.code, no.value.status) == ("no_right", 403)
    assert as_it_stands(case) == before


def test_every_deed_has_one_row_and_one_way() -> None:
    assert [row.deed for row in TRANSITIONS] == list(ROW) == list(dict.fromkeys(ROW))
    assert set(ROW) == set(Deed) == set(moving.WAYS)


@pytest.mark.parametrize("deed", [row.deed for row in TRANSITIONS if row.needs])
def test_what_a_deed_needs_is_asked_for_by_its_field(town: Town, deed: Deed) -> None:
    scene = cases.set_up(town)
    row = ROW[deed]
    state = next(state for state in State if state in row.before)
    case, other = cases.brought_to(scene, state), cases.a_case(scene)
    actor = next(actor for actor in Actor if actor in row.by and not expected(state, deed, actor))
    given = particulars(scene, deed, other)
    needed = {field for need in row.needs for field in Particulars.fields_of(need)}
    for field in needed:
        with undone():
            made_ready(case, deed)
            before = as_it_stands(case)
            with pytest.raises(Refused) as no:
                moving.move(
                    case=case,
                    deed=deed,
                    by=whoever_is(scene, actor),
                    **{name: value for name, value in given.items() if name != field},
                )
            assert (no.value.code, no.value.status, no.value.field) == (f"{field}_missing", 422, field)
            assert as_it_stands(case) == before
