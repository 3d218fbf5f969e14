"""What is said of an action at every hour: whether one may still sign up, and which phase it is in."""

from datetime import timedelta

import pytest

from events import calling_off
from events.models import Action
from events.states import OVER, WHY_CLOSED, why_closed
from tests import cast
from tests.cast import Town


@pytest.mark.parametrize(
    ("state", "is_public", "after", "code"),
    [
        ("announced", True, -1, ""),
        ("announced", True, 0, "begun"),
        ("announced", False, -1, "closed"),
        ("draft", True, -1, "closed"),
        ("closed", True, 1, "closed"),
        ("called_off", True, -1, "called_off"),
        ("called_off", False, 1, "called_off"),
    ],
)
def test_why_nobody_can_sign_up(town: Town, state: str, is_public: bool, after: int, code: str) -> None:
    shift = cast.a_shift(town)
    action, now = Action(state=state), shift.starts_at + timedelta(minutes=after)
    assert why_closed(action, shift, is_public=is_public, now=now) == code
    assert why_closed(action, is_public=is_public, now=now) == (code if code != "begun" else "")
    assert code == "" or str(WHY_CLOSED[code])


def test_the_phases_go_with_the_clock_until_somebody_ends_it(town: Town) -> None:
    action = cast.announced(town)
    assert action.starts_at is not None
    assert action.ends_at is not None
    at = [action.starts_at - timedelta(days=2), action.starts_at, action.ends_at]
    assert [action.phase(now) for now in at] == ["upcoming", "running", "past"]
    assert not action.is_settled
    off = calling_off.call_off(action=action, reason="雪停了", by=town.mei)
    assert {off.phase(now) for now in at} == {Action.Phase.CALLED_OFF} <= OVER
    assert off.is_settled
