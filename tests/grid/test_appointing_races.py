"""Two who fill the same post in the same moment: one has it, the other is told who. The twin without locks has both."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from grid.chain import appointing, places
from grid.models import Post
from kit import deeds
from kit.refusals import Refused
from tests.cast import Town
from tests.events.test_races import at_once, meet
from tests.grid import chains
from tests.grid.chains import Net

Role = Post.Role


def both_appoint(town: Town, net: Net) -> list[Any]:
    """For a fixed term: what no unique index notices."""
    day = timezone.localdate()

    def appoint(who: str) -> Post:
        return appointing.appoint(
            role=Role.CELL_WORKER,
            place=net.cell,
            person=town.people[who],
            since=day,
            until=day + timedelta(days=30),
            by=town.admin,
        )

    return at_once(lambda: appoint("lu"), lambda: appoint("chen"))


def test_of_two_appointments_one_stands(committed: Town) -> None:
    net = chains.lay(committed)
    answers = both_appoint(committed, net)
    assert sorted(type(answer).__name__ for answer in answers) == ["Post", "Refused"]
    assert next(answer for answer in answers if isinstance(answer, Refused)).code == "taken"
    assert Post.objects.filter(area=net.cell).count() == 1


def test_twin_without_the_lock_of_the_place_both_stand(committed: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    net = chains.lay(committed)
    both_have_looked = threading.Barrier(2)
    if connection.vendor == "sqlite":
        # There one deed waits for the other anyhow; without transactions none does.
        monkeypatch.setattr(deeds, "_in_one_transaction", deeds._with_its_end)
        monkeypatch.setattr(deeds, "before_commit", lambda _finish, _item: None)
    monkeypatch.setattr(places, "hold", lambda place: place)
    demand = appointing._demand_free

    def look_then_go_on(post: Post) -> None:
        demand(post)
        meet(both_have_looked)

    monkeypatch.setattr(appointing, "_demand_free", look_then_go_on)
    both_appoint(committed, net)
    assert Post.objects.filter(area=net.cell).count() == 2


def test_of_two_handovers_one_stands(committed: Town) -> None:
    net = chains.lay(committed)
    old = chains.post(committed, Role.CELL_WORKER, net.cell, committed.lu)
    day = timezone.localdate() + timedelta(days=1)

    def hand_over(who: str) -> Post:
        return appointing.hand_over(post=old, to=committed.people[who], since=day, by=committed.admin)

    answers = at_once(lambda: hand_over("chen"), lambda: hand_over("zhou"))
    assert sorted(type(answer).__name__ for answer in answers) == ["Post", "Refused"]
    assert Post.objects.on(day).filter(area=net.cell).count() == 1
