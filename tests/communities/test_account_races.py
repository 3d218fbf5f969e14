"""Two windows, one number, one instant: one account. With real commits, and with the twin that makes two."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import IntegrityError

from communities import accounts
from communities.models import Consent, User
from tests.cast import Town
from tests.events.test_races import at_once, meet

PHONE = "+8610012345678"


@pytest.fixture
def both_have_looked(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nobody writes before both have seen that nobody has the number, unless something keeps them apart."""
    both, look, seen = threading.Barrier(2), accounts._account_of, threading.local()

    def look_then_meet(phone: str) -> User | None:
        known = look(phone)
        if not getattr(seen, "once", False):
            seen.once = True
            meet(both)
        return known

    monkeypatch.setattr(accounts, "_account_of", look_then_meet)
    return


def open_both() -> list[Any]:
    return at_once(
        *(lambda name=name: accounts.open_account(phone=PHONE, display_name=name) for name in ("小新", "老旧"))
    )


def test_one_account_for_both(committed: Town, both_have_looked: None) -> None:
    first, second = open_both()
    assert first == second == User.objects.get(phone=PHONE)
    assert Consent.objects.filter(person=first).count() == 1


def test_twin_that_does_not_look_again_leaves_one_window_with_a_failure(
    committed: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(accounts, "_account_of", lambda _phone: None)
    answers = open_both()
    assert [type(answer) for answer in answers if not isinstance(answer, User)] == [IntegrityError]
