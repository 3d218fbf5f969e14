"""Two who draw at the same instant, with real commits. Each race has a twin without its lock, and the twin must go wrong."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError
from django.utils import timezone

from grid.chain import ending
from grid.models import Area, Boundary
from grid.net import drawing, fitting, gaps, sketches
from grid.net.sketches import Sketch
from kit import deeds
from kit.refusals import Refused
from tests.cast import Town
from tests.events.test_races import at_once, meet
from tests.grid.net import CELL, GRID, NEIGHBOUR, TOWN, area, metres, shape_of, shrunk, written

TODAY = timezone.localdate
CHANGED = "drawn"


@pytest.fixture
def without_locks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Deeds as a careless house would do them: statement by statement, and nobody takes a row."""
    monkeypatch.setattr(deeds, "_in_one_transaction", deeds._with_its_end)
    monkeypatch.setattr(drawing, "hold", lambda pk: area(Area.objects.get(pk=pk).code))


def outcome(answer: Any) -> str:
    if isinstance(answer, Refused):
        return answer.code
    return type(answer).__name__ if isinstance(answer, Exception) else CHANGED


class TestTheGroundBetweenTwo:
    """玉祁社区's first cell was drawn back from its neighbour; both want the strip between them."""

    @pytest.fixture
    def both_have_written(self, monkeypatch: pytest.MonkeyPatch) -> None:
        barrier, look = threading.Barrier(2), fitting.demand_fits

        def looking(boundary: Boundary) -> None:
            meet(barrier)
            look(boundary)

        monkeypatch.setattr(fitting, "demand_fits", looking)

    def rush(self, town: Town) -> list[str]:
        mine, theirs = shape_of(CELL), shape_of(NEIGHBOUR)
        strip = mine & metres(theirs, east=-60)
        drawing.put_boundary(area(CELL), sketch=Sketch(written(mine - strip)), since=TODAY(), by=town.admin)

        def draw(code: str, shape: Any) -> Boundary:
            return drawing.redraw_area(area=area(code), sketch=Sketch(written(shape)), since=TODAY(), by=town.admin)

        return [
            outcome(answer)
            for answer in at_once(lambda: draw(CELL, mine), lambda: draw(NEIGHBOUR, (theirs | strip).buffer(0)))
        ]

    def test_one_gets_it_and_the_other_is_told_who(self, committed: Town, both_have_written: None) -> None:
        assert sorted(self.rush(committed)) == [CHANGED, "overlaps"]
        assert gaps.report(TODAY()).overlaps == []

    def test_twin_without_the_parents_lock_both_have_it(
        self, committed: Town, without_locks: None, both_have_written: None
    ) -> None:
        self.rush(committed)

        assert len(gaps.report(TODAY()).overlaps) == 1


class TestOneAreaDrawnTwice:
    @pytest.fixture
    def both_have_looked(self, monkeypatch: pytest.MonkeyPatch) -> None:
        barrier, read = threading.Barrier(2), sketches.read_outline

        def reading(sketch: Sketch) -> sketches.Reading:
            meet(barrier)
            return read(sketch)

        monkeypatch.setattr(sketches, "read_outline", reading)

    def rush(self, town: Town) -> list[str]:
        shapes = [shrunk(shape_of(CELL), by) for by in (20, 40)]
        answers = at_once(
            *(
                lambda shape=shape: drawing.redraw_area(
                    area=area(CELL), sketch=Sketch(written(shape)), since=TODAY(), by=town.admin
                )
                for shape in shapes
            )
        )
        return [outcome(answer) for answer in answers]

    def test_they_come_one_after_the_other(self, committed: Town, both_have_looked: None) -> None:
        assert self.rush(committed) == [CHANGED, CHANGED]
        rows = Boundary.objects.filter(area__code=CELL).order_by("pk")
        assert [row.until for row in rows] == [TODAY(), TODAY(), None]

    def test_twin_without_the_lock_one_meets_the_database(
        self, committed: Town, without_locks: None, both_have_looked: None
    ) -> None:
        assert sorted(self.rush(committed)) == sorted([CHANGED, IntegrityError.__name__])


class TestAGridThatEndsWhileACellIsFounded:
    @pytest.fixture
    def both_have_looked(self, monkeypatch: pytest.MonkeyPatch) -> None:
        barrier, day = threading.Barrier(2), sketches.demand_day

        def asking(when: Any, *, field: str) -> None:
            day(when, field=field)
            if field == "since":
                meet(barrier)

        unneeded = drawing._demand_unneeded

        def looking(ending: Area, until: Any) -> None:
            unneeded(ending, until)
            meet(barrier)

        monkeypatch.setattr(sketches, "demand_day", asking)
        monkeypatch.setattr(drawing, "_demand_unneeded", looking)

    def rush(self, town: Town) -> list[str]:
        Boundary.objects.filter(area__parent__code=GRID).update(until=TODAY())
        Area.objects.filter(parent__code=GRID).update(until=TODAY())
        tomorrow = TODAY() + timedelta(days=1)

        def found() -> Area:
            return drawing.found_area(
                code=f"{TOWN}00177",
                name="新网格",
                level="cell",
                kind="community",
                parent=area(GRID),
                sketch=Sketch(written(shrunk(shape_of(GRID), 50))),
                since=tomorrow,
                by=town.admin,
            )

        return [
            outcome(answer)
            for answer in at_once(found, lambda: ending.end_area(area=area(GRID), until=tomorrow, by=town.admin))
        ]

    def test_one_of_them_is_refused(self, committed: Town, both_have_looked: None) -> None:
        assert sorted(self.rush(committed)) in (sorted([CHANGED, "still_needed"]), sorted([CHANGED, "parent_unfit"]))

    def test_twin_without_the_lock_a_cell_stands_in_a_grid_that_is_gone(
        self, committed: Town, without_locks: None, both_have_looked: None
    ) -> None:
        assert self.rush(committed) == [CHANGED, CHANGED]
