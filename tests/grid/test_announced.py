"""Up to which year the holidays are known, and when the operator is told that they are not."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from grid.models import Holiday
from grid.rules import announced
from tests.cast import Town

pytestmark = pytest.mark.django_db

OCTOBER, NOVEMBER, NEW_YEAR = date(2026, 10, 31), date(2026, 11, 1), date(2027, 1, 1)


@pytest.fixture(autouse=True)
def _two_years() -> None:
    """2025 and 2026 whole, as the files have them; nothing else."""
    Holiday.objects.filter(day__year__gte=2027).delete()


def off(year: int) -> None:
    Holiday.objects.create(day=date(year, 10, 1), name="国庆节")


def working(year: int) -> None:
    Holiday.objects.create(day=date(year, 10, 9), is_working=True, name="国庆节调休")


class TestTheTable:
    def test_is_complete_up_to_the_last_year_with_both(self) -> None:
        assert announced.complete_until() == 2026
        off(2027)
        assert announced.complete_until() == 2026
        working(2027)
        assert announced.complete_until() == 2027

    def test_is_not_complete_beyond_a_gap(self) -> None:
        off(2028)
        working(2028)
        assert announced.complete_until() == 2026

    def test_may_be_empty(self) -> None:
        Holiday.objects.all().delete()
        assert announced.complete_until() is None


class TestTheOperatorIsTold:
    def test_from_november_on_of_the_next_year(self) -> None:
        assert announced.warnings(OCTOBER) == []
        (sentence,) = announced.warnings(NOVEMBER)
        assert "没有 2027 年的节假日" in sentence

    def test_that_make_up_days_are_missing(self) -> None:
        off(2027)
        for day in (NOVEMBER, NEW_YEAR):
            (sentence,) = announced.warnings(day)
            assert "缺少 2027 年的调休上班日" in sentence
        working(2027)
        assert announced.warnings(NOVEMBER) == []
        assert announced.warnings(NEW_YEAR) == []

    @pytest.mark.parametrize("path", ["/grid/integrity/", "/admin/", "/admin/rules/holidays/"])
    def test_where_operators_look(self, town: Town, visitor: Client, time_machine: Any, path: str) -> None:
        time_machine.move_to(timezone.make_aware(timezone.datetime(2026, 11, 20, 9)))
        visitor.force_login(town.admin)
        said = visitor.get(path, headers={"accept-language": "en"}).content.decode()
        assert "There are no holidays of 2027 in the table" in said
        off(2027)
        working(2027)
        assert "of 2027 in the table" not in visitor.get(path, headers={"accept-language": "en"}).content.decode()

    @pytest.mark.parametrize("path", ["/grid/integrity/", "/admin/"])
    def test_and_nobody_else(self, town: Town, visitor: Client, time_machine: Any, path: str) -> None:
        time_machine.move_to(timezone.make_aware(timezone.datetime(2026, 11, 20, 9)))
        visitor.force_login(town.mei)
        assert "2027" not in visitor.get(path, headers={"accept-language": "en"}).content.decode()
