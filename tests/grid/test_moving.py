"""A case on its way: what each deed asks for, changes and leaves behind."""

import pytest

from grid.models import Case
from tests.cast import Town
from tests.grid import cases
from tests.grid.cases import Scene

State = Case.State


@pytest.fixture
def scene(town: Town) -> Scene:
    return cases.set_up(town)


@pytest.mark.parametrize("state", list(State))
def test_every_state_is_reached_by_deeds(scene: Scene, state: Case.State) -> None:
    case = cases.brought_to(scene, state)

    case.refresh_from_db()
    assert case.state == state
    steps = list(case.steps.order_by("number"))
    assert [step.number for step in steps] == list(range(1, len(steps) + 1))
    assert steps[-1].after == state
