"""Several cases are sent out at once: what can go goes, and what cannot says why."""

import pytest
from django.test import Client

from communities.models import User
from grid.cases import moving
from grid.desk import batches
from grid.models import Case, Post
from grid.rules.transitions import Deed
from tests.cast import Town
from tests.grid import cases, chains
from tests.grid.cases import Scene, State, brought_to
from tests.reading import main, page, words

BATCH = "/cases/desk/send-out/"


@pytest.fixture
def scene(town: Town) -> Scene:
    made = cases.set_up(town)
    chains.post(town, Post.Role.LINE_DEPARTMENT, made.net.town, organisation=made.unit, categories="E99")
    return made


def as_(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def ordered(scene: Scene, *sent: Case, **others: str) -> dict[str, object]:
    units = {f"unit-{case.number}": str(scene.unit.pk) for case in sent}
    return {"number": [case.number for case in sent], **units, **others}


def states(*of: Case) -> list[str]:
    return [Case.objects.get(pk=case.pk).state for case in of]


def test_each_is_shown_with_the_unit_that_is_proposed(scene: Scene) -> None:
    one, other = (brought_to(scene, State.FILED) for _ in range(2))
    answer = as_(scene.dispatcher).get(BATCH, {"number": [one.number, other.number]})
    read = page(answer)
    assert [words(chosen) for chosen in read.select("select option[selected]")] == ["玉祁城管", "玉祁城管"]
    assert "E99" in words(read.select_one(".because"))
    assert states(one, other) == [State.FILED, State.FILED]


def test_one_press_sends_all_of_them(scene: Scene) -> None:
    sent = [brought_to(scene, State.FILED) for _ in range(3)]
    answer = as_(scene.dispatcher).post(BATCH, ordered(scene, *sent))
    assert answer.status_code == 302
    assert states(*sent) == [State.DISPATCHED] * 3


def test_what_is_refused_says_why_and_holds_up_none_of_the_others(scene: Scene) -> None:
    good, gone, nowhere, empty = (brought_to(scene, State.FILED) for _ in range(4))
    moving.move(case=gone, deed=Deed.HAND_BACK, by=scene.dispatcher, reason="再看看")
    scene.town.bo.groups.clear()  # the school has nobody any more who handles cases
    typed = ordered(scene, good, gone, nowhere, empty)
    typed |= {f"unit-{nowhere.number}": "", f"unit-{empty.number}": str(scene.town.school.pk)}
    answer = as_(scene.dispatcher).post(BATCH, typed)
    assert answer.status_code == 409
    assert states(good, gone, nowhere, empty) == [State.DISPATCHED, State.REPORTED, State.FILED, State.FILED]
    read = page(answer)
    told = {
        str(row.select_one("[name=number]")["value"]): words(row.select_one(".error"))
        for row in read.select("li.field")
    }
    assert told.keys() == {gone.number, nowhere.number, empty.number}
    assert all(told.values())
    assert "示范初级中学" in told[empty.number] or "Model" in told[empty.number]
    assert good.number not in main(answer)
    # What was chosen is still chosen.
    chosen = read.select_one(f'select[name="unit-{gone.number}"] option[selected]')
    assert words(chosen) == "玉祁城管"


@pytest.mark.parametrize("who", ["mei", "lu", "bo", "lan", "zhou"])
def test_who_does_not_send_out_sends_nothing(scene: Scene, who: str) -> None:
    case = brought_to(scene, State.FILED)
    answer = as_(scene.town.people[who]).post(BATCH, ordered(scene, case))
    assert answer.status_code in (200, 403)
    assert case.number not in answer.content.decode()
    assert states(case) == [State.FILED]


def test_a_stranger_is_kept_out(scene: Scene) -> None:
    case = brought_to(scene, State.FILED)
    assert as_(scene.town.dana).post(BATCH, ordered(scene, case)).status_code == 403
    assert Client().post(BATCH, ordered(scene, case)).status_code == 302
    assert states(case) == [State.FILED]


@pytest.mark.parametrize("unit", ["x", "-1", "9" * 40, "0", "２"])
def test_a_unit_that_is_none_is_asked_for(scene: Scene, unit: str) -> None:
    case = brought_to(scene, State.FILED)
    answer = as_(scene.dispatcher).post(BATCH, {"number": case.number, f"unit-{case.number}": unit})
    assert answer.status_code == 409
    assert states(case) == [State.FILED]


def test_no_more_than_a_desk_can_read_are_sent_at_once(scene: Scene) -> None:
    many = [brought_to(scene, State.FILED) for _ in range(batches.MOST + 1)]
    answer = as_(scene.dispatcher).get(BATCH, {"number": [case.number for case in many]})
    assert len(page(answer).select("select")) == batches.MOST
    assert str(batches.MOST) in main(answer)
