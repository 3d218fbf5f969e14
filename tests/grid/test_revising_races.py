"""Two operators change the same rule at the same instant, with real commits. The twin without the lock must go wrong."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError
from django.utils import timezone

from grid.models import FilingStandard
from grid.rules import revising
from kit import deeds
from kit.refusals import Refused
from tests.cast import Town
from tests.events.test_races import at_once, meet

CHANGED = "changed"


@pytest.fixture
def both_have_read(monkeypatch: pytest.MonkeyPatch) -> None:
    barrier, write = threading.Barrier(2), revising._from_day_on

    def writing(*asked: Any) -> Any:
        meet(barrier)
        return write(*asked)

    monkeypatch.setattr(revising, "_from_day_on", writing)


def rush(town: Town) -> list[Any]:
    standard = FilingStandard.objects.get(category__code="E0110", until=None)
    day = timezone.localdate() + timedelta(days=3)

    def change(amount: int) -> FilingStandard:
        told = {name: getattr(standard, name) for name in revising.RULE} | {"amount": amount}
        return revising.change_standard(standard=standard, told=told, day=day, by=town.admin)

    return at_once(lambda: change(6), lambda: change(9))


def outcome(answer: Any) -> str:
    if isinstance(answer, Refused):
        return answer.code
    return type(answer).__name__ if isinstance(answer, Exception) else CHANGED


def test_one_changes_it_and_the_other_is_told(committed: Town, both_have_read: None) -> None:
    assert sorted(outcome(answer) for answer in rush(committed)) == [CHANGED, "ends_before"]
    assert FilingStandard.objects.filter(category__code="E0110", until=None).count() == 1


def test_twin_without_the_lock_breaks_on_the_database(
    committed: Town, both_have_read: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deeds, "_in_one_transaction", deeds._with_its_end)
    monkeypatch.setattr(revising, "_begin", lambda *_asked: None)
    assert sorted(outcome(answer) for answer in rush(committed)) == sorted([CHANGED, IntegrityError.__name__])
