"""The demo town's cases: in all states, each at its time, and told once."""

import uuid
from collections import Counter

import pytest
from django.test import Client
from django.utils import timezone

from communities import demo as people
from grid import demo
from grid.demo import cases
from grid.demo.case_stories import STORIES
from grid.models import Case, FilingStandard, Photo, Road, Step
from tests import reading
from tests.grounds import PASSWORD
from updates.models import Message, Update


@pytest.fixture
def told(town: object) -> None:
    people.tell(PASSWORD)
    people.tell_neighbours(PASSWORD)
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


def entered(name: str) -> Client:
    """In the browser of somebody who has come in with the password that ``make run`` tells."""
    client = Client()
    assert client.login(username=name, password=PASSWORD), name
    return client


def do(name: str, case: Case, deed: str, **typed: str) -> None:
    """Open the form of a deed at the desk and send it as it is proposed, but for what is typed."""
    client, path = entered(name), f"/cases/desk/{case.number}/{deed}/"
    page = reading.page(client.get(path))
    proposed = {
        str(field["name"]): str(field.get("value", ""))
        for field in page.select("form input[type=hidden], form input[checked]")
        if field.get("name")
    }
    answer = client.post(path, {**proposed, **typed})
    assert answer.status_code == 302, reading.main(answer)


@pytest.mark.usefixtures("told")
def test_the_people_of_the_tour_lead_a_report_to_its_answer() -> None:
    """What the tour of the README says, with its names: nobody does two steps that must not be in one hand."""
    typed = {"description": "店门口堆着纸箱", "road": str(Road.objects.get(name="振祁路").pk), "house_number": "61"}
    assert entered("dana").post("/report/", {"key": str(uuid.uuid4()), **typed}).status_code == 302
    case = Case.objects.latest("pk")
    standard = FilingStandard.objects.get(category__code="E0604", until=None)

    do("gu", case, "file", standard=str(standard.pk))
    do("xu", case, "dispatch")  # to the unit that stands first
    case.refresh_from_db()
    assert case.unit is not None
    assert case.unit.name == "振祁路微路长商户组"
    assert entered("zhou").post(f"/cases/desk/{case.number}/take/").status_code == 302
    do("zhou", case, "submit", word="纸箱搬进店里了。")
    do("gu", case, "check")
    case.refresh_from_db()
    assert case.inspector is not None
    assert case.inspector.username == "lu"
    do("lu", case, "confirm")
    do("gu", case, "close", word="您好！店门口的纸箱已经清走，谢谢您的反映。")

    page = reading.main(entered("dana").get(f"/cases/{case.number}/"))
    assert "纸箱已经清走" in page
    hands = Step.objects.filter(case=case).order_by("number").values_list("deed", "by__username")
    assert list(hands) == [
        *(("report", "dana"), ("file", "gu"), ("dispatch", "xu"), ("take", "zhou"), ("submit", "zhou")),
        *(("check", "gu"), ("confirm", "lu"), ("close", "gu")),
    ]
