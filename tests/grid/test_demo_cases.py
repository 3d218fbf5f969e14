"""The demo town's cases: in all states, each at its time, and told once."""

from collections import Counter

import pytest
from django.utils import timezone

from communities import demo as people
from grid import demo
from grid.demo import cases
from grid.demo.case_stories import STORIES
from grid.models import Case, Photo, Step
from tests.grounds import PASSWORD
from updates.models import Message, Update


@pytest.fixture
def told(town: object) -> None:
    people.tell(PASSWORD)
    people.tell_neighbours()
    demo.tell()


def rows() -> list[object]:
    return [list(model.objects.order_by("pk").values()) for model in (Case, Step, Photo, Message, Update)]


@pytest.mark.usefixtures("told")
def test_sixty_cases_stand_in_all_states_and_nothing_lies_ahead() -> None:
    states = Counter(Case.objects.values_list("state", flat=True))
    assert set(states) == set(Case.State)
    assert Case.objects.filter(part_of=None).count() == len(STORIES) == 60
    now = timezone.now()
    assert not Step.objects.filter(at__gt=now).exists()
    assert Case.objects.overdue(now).count() == 3
    assert Case.objects.filter(is_supervised=True).exists()
    for told_of in ("delays", "reworks", "reopenings", "climbed", "satisfaction"):
        assert Case.objects.filter(**{f"{told_of}__gt": 0}).exists(), told_of
    assert {*Case.objects.values_list("channel", flat=True)} >= {"web", "patrol", "group", "hotline"}
    assert {*Case.objects.values_list("method", flat=True)} >= {*Case.Method}
    assert Photo.objects.filter(moment=Photo.Moment.AFTER).count() >= 6
    for case in Case.objects.all():
        times = [step.at for step in case.steps.order_by("number")]
        assert times == sorted(times), case


@pytest.mark.usefixtures("told")
def test_told_twice_nothing_changes() -> None:
    before = rows()
    cases.tell()
    assert rows() == before


def test_without_the_chain_there_are_no_cases(town: object) -> None:
    cases.tell()
    assert not Case.objects.exists()
