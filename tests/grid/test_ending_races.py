"""An area ends while somebody is appointed to it: no post outlives its place. The twin without the lock of the place has one."""

import threading
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from grid.chain import appointing, ending, places
from grid.models import Area, Post
from grid.net import drawing
from kit import deeds
from kit.refusals import Refused
from tests.cast import Town
from tests.events.test_races import at_once, meet
from tests.grid import chains
from tests.grid.chains import Net

Role = Post.Role


def end_and_appoint(town: Town, net: Net) -> list[Any]:
    day = timezone.localdate()

    def appoint() -> Post:
        return appointing.appoint(role=Role.CELL_WORKER, place=net.cell, person=town.lu, since=day, by=town.admin)

    return at_once(lambda: ending.end_area(area=net.cell, until=day, by=town.admin), appoint)


def outlive(net: Net) -> int:
    """How many posts are held at a cell that is there no longer."""
    ended = Area.objects.filter(pk=net.cell.pk, until__isnull=False)
    return Post.objects.filter(area__in=ended, until__isnull=True).count()


def test_no_post_outlives_its_place(committed: Town) -> None:
    net = chains.lay(committed)
    answers = end_and_appoint(committed, net)

    refusals = {answer.code for answer in answers if isinstance(answer, Refused)}
    # Whoever comes second is told; or the end finds the new post and takes it along.
    assert refusals <= {"not_standing", "changed"}
    assert [answer for answer in answers if isinstance(answer, Exception) and not isinstance(answer, Refused)] == []
    assert outlive(net) == 0


def test_twin_without_the_lock_of_the_place_one_does(committed: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    net = chains.lay(committed)
    both_have_looked = threading.Barrier(2)
    if connection.vendor == "sqlite":
        # There one deed waits for the other anyhow; without transactions none does.
        monkeypatch.setattr(deeds, "_in_one_transaction", deeds._with_its_end)
        monkeypatch.setattr(deeds, "before_commit", lambda _finish, _item: None)
    monkeypatch.setattr(places, "hold", lambda place: place)
    monkeypatch.setattr(drawing, "hold", lambda pk: Area.objects.get(pk=pk))
    demand, end = appointing._demand_free, drawing.put_end

    def look_then_go_on(post: Post) -> None:
        demand(post)
        meet(both_have_looked)

    def wait_then_end(area: Area, **how: Any) -> None:
        meet(both_have_looked)
        end(area, **how)

    monkeypatch.setattr(appointing, "_demand_free", look_then_go_on)
    monkeypatch.setattr(drawing, "put_end", wait_then_end)
    monkeypatch.setattr(drawing, "demand_no_posts", lambda _count: None)
    end_and_appoint(committed, net)
    assert outlive(net) == 1


def test_somebody_who_was_appointed_in_between_is_not_relieved_without_a_lock(
    committed: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    net = chains.lay(committed)
    hold = drawing.hold_below

    def appoint_then_hold(area: Area) -> Area:
        chains.post(committed, Role.CELL_WORKER, net.cell, committed.lu)
        return hold(area)

    monkeypatch.setattr(drawing, "hold_below", appoint_then_hold)
    with pytest.raises(Refused, check=lambda refusal: refusal.code == "changed"):
        ending.end_area(area=net.cell, until=timezone.localdate(), by=committed.admin)
    assert Area.objects.get(pk=net.cell.pk).until is None
