"""Two organisations founded in the same instant, with one name or with names of one sound. And the twins without a guard."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection

from communities import founding
from communities.models import Organisation, OrganisationIndexPage, User
from kit import deeds
from kit.refusals import Refused
from tests.cast import Town
from tests.events.test_races import at_once, meet


@pytest.fixture
def both_have_looked(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nobody writes before both have found an address that is free, unless something keeps them apart."""
    both, look = threading.Barrier(2), founding._free_slug

    def look_then_meet(name: str) -> str:
        free = look(name)
        meet(both)
        return free

    monkeypatch.setattr(founding, "_free_slug", look_then_meet)
    return


def found_both(town: Town, *names: str) -> list[Any]:
    def work(name: str, coordinator: User) -> Organisation:
        return founding.found(name=name, kind=Organisation.Kind.COMMUNITY, coordinator=coordinator, by=town.admin)

    return at_once(
        *(lambda name=name, who=who: work(name, who) for name, who in zip(names, (town.dana, town.zhou), strict=True))
    )


def test_one_name_is_one_organisation(committed: Town, both_have_looked: None) -> None:
    answers = found_both(committed, "民主社区", "民主社区")
    assert [answer.code for answer in answers if isinstance(answer, Refused)] == ["name_taken"]
    assert [answer.name for answer in answers if isinstance(answer, Organisation)] == ["民主社区"]


def test_names_of_one_sound_are_two_addresses(committed: Town, both_have_looked: None) -> None:
    answers = found_both(committed, "民主社区", "民柱社区")
    assert {answer.slug for answer in answers} == {"min-zhu-she-qu", "min-zhu-she-qu-2"}


def test_twin_without_the_directorys_lock_one_of_them_fails(
    committed: Town, both_have_looked: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(founding, "_held_directory", OrganisationIndexPage.objects.get)
    if connection.vendor == "sqlite":  # its one pen is a lock as well
        monkeypatch.setattr(deeds, "_in_one_transaction", deeds._with_its_end)
    answers = found_both(committed, "民主社区", "民柱社区")
    assert sum(isinstance(answer, Refused) and answer.code == "name_taken" for answer in answers) == 1
