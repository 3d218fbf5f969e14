"""The desk of cases: who finds what waiting there, in which order, and how it is narrowed."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from communities.models import User
from grid.cases import moving
from grid.models import Case, ContactLook, Note, Reporter
from grid.rules.transitions import Deed
from tests.cast import Town
from tests.grid import cases
from tests.grid.cases import Scene, State, a_case, brought_to
from tests.reading import main, page, words

DESK = "/cases/desk/"


@pytest.fixture
def scene(town: Town) -> Scene:
    return cases.set_up(town)


def as_(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def numbers(answer: object) -> list[str]:
    """The cases that the list shows, from the top."""
    return [str(row["data-number"]) for row in page(answer).select("[data-number]")]


def tabs(answer: object) -> list[str]:
    return [words(tab) for tab in page(answer).select("nav.tabs a")]


# --- who finds what ----------------------------------------------------------------------------------------------------


def test_each_finds_what_waits_for_him_or_her(scene: Scene) -> None:
    of = {state: brought_to(scene, state).number for state in State if state is not State.MERGED}
    lists = {
        scene.acceptor: {"take_in": State.REPORTED, "verifying": State.VERIFYING, "check": State.FEEDBACK},
        scene.dispatcher: {"send": State.FILED, "put_off": State.SUSPENDED},
        scene.unit_person: {"take": State.DISPATCHED, "rework": State.REWORK},
        scene.worker: {"look": State.VERIFYING, "recheck": State.CHECKING},
    }
    for person, found in lists.items():
        client = as_(person)
        for code, state in found.items():
            assert numbers(client.get(f"{DESK}?list={code}")) == [of[state]], (person, code)


def test_the_first_list_in_which_something_waits_is_shown(scene: Scene) -> None:
    case = brought_to(scene, State.FEEDBACK)
    answer = as_(scene.acceptor).get(DESK)
    assert numbers(answer) == [case.number]
    assert any(tab.endswith(" 1") for tab in tabs(answer))


def test_who_has_nothing_to_do_with_cases_is_told_why(scene: Scene) -> None:
    case = a_case(scene)
    answer = as_(scene.town.dana).get(DESK)
    assert answer.status_code == 403
    assert case.number not in answer.content.decode()


def test_a_unit_sees_its_own_cases_only(scene: Scene) -> None:
    own, filed = brought_to(scene, State.HANDLING), brought_to(scene, State.FILED)
    client = as_(scene.unit_person)
    assert numbers(client.get(f"{DESK}?list=all")) == [own.number]
    assert client.get(f"{DESK}{filed.number}/").status_code == 404


def test_a_case_is_closed_by_the_acceptor_as_soon_as_somebody_has_seen_it(scene: Scene) -> None:
    case = brought_to(scene, State.CHECKING)
    client = as_(scene.acceptor)
    assert numbers(client.get(f"{DESK}?list=close")) == []
    moving.move(case=case, deed=Deed.CONFIRM, by=scene.worker)
    assert numbers(client.get(f"{DESK}?list=close")) == [case.number]


def test_an_overseer_finds_what_is_overdue_in_the_own_zone(scene: Scene) -> None:
    late, other = brought_to(scene, State.HANDLING), brought_to(scene, State.HANDLING)
    Case.objects.filter(pk=late.pk).update(due_at=timezone.now() - timedelta(hours=3))
    answer = as_(scene.town.lan).get(f"{DESK}?list=overdue")
    assert numbers(answer) == [late.number]
    assert other.number in numbers(as_(scene.town.lan).get(f"{DESK}?list=open"))


def test_a_micro_road_chief_is_asked_whether_it_is_fixed_and_reads_no_opinions(scene: Scene) -> None:
    case = brought_to(scene, State.FEEDBACK)
    secret = "只给同事看的话"
    moving.move(case=case, deed=Deed.CHECK, by=scene.acceptor, reason=secret)
    Note.objects.create(case=case, words="内部便条", by=scene.acceptor)
    zhou = as_(scene.town.zhou)
    assert numbers(zhou.get(DESK)) == [case.number]
    shown = zhou.get(f"{DESK}{case.number}/").content.decode()
    assert "清理好了" in shown
    for hidden in (secret, "内部便条"):
        assert hidden not in shown
        assert hidden in as_(scene.worker).get(f"{DESK}{case.number}/").content.decode()


def test_a_micro_road_chief_finds_nothing_that_is_kept_inside_or_thrown_out(scene: Scene) -> None:
    inside, void = a_case(scene, is_public=False), brought_to(scene, State.VOID)
    shown = a_case(scene)
    zhou = as_(scene.town.zhou)
    assert numbers(zhou.get(f"{DESK}?list=all")) == [shown.number]
    for case in (inside, void):
        assert zhou.get(f"{DESK}{case.number}/").status_code == 404
        assert zhou.get(f"{DESK}{case.number}/confirm/").status_code == 404
    assert numbers(as_(scene.worker).get(f"{DESK}?list=all")) == [shown.number, void.number, inside.number]


def test_a_micro_road_chief_reads_of_a_dwelling_what_everybody_reads(scene: Scene) -> None:
    place = {"longitude": 121.17654321, "latitude": 31.71523456, "address": "3号楼2单元501", "house_number": 60606}
    case = brought_to(scene, State.FEEDBACK, is_dwelling=True, **place)
    pages = [DESK, f"{DESK}?list=all", f"{DESK}{case.number}/", f"{DESK}{case.number}/confirm/"]
    zhou, worker = as_(scene.town.zhou), as_(scene.worker)
    for address in pages:
        answer = zhou.get(address)
        assert answer.status_code == 200
        read = answer.content.decode()
        assert scene.net.road.spoken_name in read
        for exact in ("501", "60606", "121.1765", "31.7152"):
            assert exact not in read, (address, exact)
    assert "501" in worker.get(f"{DESK}?list=all").content.decode()
    assert "121.17654321" in worker.get(f"{DESK}{case.number}/").content.decode()
    assert numbers(zhou.get(f"{DESK}?list=all&q=2单元")) == []
    assert numbers(worker.get(f"{DESK}?list=all&q=2单元")) == [case.number]


# --- order, search, filters ----------------------------------------------------------------------------------------------


def test_what_is_due_first_comes_first_and_says_how_it_stands(scene: Scene) -> None:
    now = timezone.now()
    late, soon, later = (brought_to(scene, State.HANDLING) for _ in range(3))
    for case, due in (
        (late, now - timedelta(days=1)),
        (soon, now + timedelta(minutes=1)),
        (later, now + timedelta(days=9)),
    ):
        Case.objects.filter(pk=case.pk).update(due_at=due)
    answer = as_(scene.unit_person).get(f"{DESK}?list=handling")
    assert numbers(answer) == [late.number, soon.number, later.number]
    tones = [state["class"] for state in page(answer).select("[data-number] .state")]
    assert [tone[-1] for tone in tones] == ["bad", "want", "ok"]


@pytest.mark.parametrize(
    "asked", ["q={number}", "q=压坏的井盖", "road=zhenqi&q=井盖", "state=reported&q=井盖", "zone=north"]
)
def test_a_search_finds_it(scene: Scene, asked: str) -> None:
    wanted = a_case(scene, description="压坏的井盖")
    if "zone" not in asked:
        a_case(scene, description="别的")
    asked = (
        asked.format(number=wanted.number).replace("zhenqi", scene.net.road.code).replace("north", scene.net.north.code)
    )
    assert numbers(as_(scene.acceptor).get(f"{DESK}?{asked}")) == [wanted.number]


@pytest.mark.parametrize(
    "asked",
    [
        *("q=没有这个词", "state=closed", "late=now", "zone=nowhere", "road=x"),
        *("closed=2026-13", "closed=0001-01", "closed=9999-12"),
    ],
)
def test_a_filter_that_nothing_fits_finds_nothing(scene: Scene, asked: str) -> None:
    a_case(scene)
    answer = as_(scene.acceptor).get(f"{DESK}?list=take_in&{asked}")
    assert (answer.status_code, numbers(answer)) == (200, [])


@pytest.mark.parametrize(
    "asked",
    ["list=%F0%9F%92%A9", "page=9999999999999999999999", "q=%F0%9F%92%A9" * 40, "state=x", "late=2", "method=y"],
)
def test_what_cannot_be_read_narrows_nothing(scene: Scene, asked: str) -> None:
    assert as_(scene.acceptor).get(f"{DESK}?{asked}").status_code == 200


def test_many_stand_on_several_pages(scene: Scene) -> None:
    for _ in range(31):
        a_case(scene)
    client = as_(scene.acceptor)
    assert len(numbers(client.get(DESK))) == 30
    assert len(numbers(client.get(f"{DESK}?list=take_in&page=2"))) == 1


@pytest.mark.parametrize("who", ["mei", "yan", "lu", "lan", "admin"])
def test_the_queries_do_not_grow_with_the_rows(scene: Scene, who: str) -> None:
    client = as_(scene.town.people[who])
    asked = []
    for more in (1, 2, 27):
        for _ in range(more):
            for state in (State.REPORTED, State.FILED, State.HANDLING):
                brought_to(scene, state)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(DESK)
        asked.append(len(queries))
    assert asked[0] == asked[1] == asked[2]


# --- figures -------------------------------------------------------------------------------------------------------------


def figures(answer: object) -> list[tuple[str, str]]:
    """What each figure says, and the list behind it."""
    return [(words(each.b), str(each["href"])) for each in page(answer).select(".case-figures a")]


def test_each_figure_opens_the_list_that_it_counts(scene: Scene) -> None:
    for method, handled in (("service", -1), ("service", -1), ("service", 1), ("management", -1)):
        case = brought_to(scene, State.CLOSED)
        due = timezone.now()
        Case.objects.filter(pk=case.pk).update(method=method, due_at=due, handled_at=due + timedelta(hours=handled))
    late = brought_to(scene, State.HANDLING)
    Case.objects.filter(pk=late.pk).update(due_at=timezone.now() - timedelta(hours=1))
    old = brought_to(scene, State.CLOSED)
    Case.objects.filter(pk=old.pk).update(closed_at=timezone.now() - timedelta(days=40))
    for person in (scene.acceptor, scene.dispatcher, scene.town.lan, scene.town.admin):
        client = as_(person)
        told = figures(client.get(DESK))
        assert [value for value, _ in told] == ["1", "75 %", "75 %", "25 %", "0 %"]
        assert [len(numbers(client.get(address))) for _, address in told] == [1, 3, 3, 1, 0]
    assert not figures(as_(scene.unit_person).get(DESK))
    assert not figures(as_(scene.town.zhou).get(DESK))


# --- one case ------------------------------------------------------------------------------------------------------------


def test_a_case_tells_everything_to_those_who_work_on_it_but_not_who_reported_it(scene: Scene) -> None:
    case = brought_to(scene, State.HANDLING)
    Reporter.objects.filter(case=case).update(name="秘密的人", phone="+8613812345678")
    for person in (scene.unit_person, scene.worker, scene.acceptor):
        answer = as_(person).get(f"{DESK}{case.number}/").content.decode()
        assert "秘密的人" not in answer
        assert scene.reporter.name not in answer
        assert "13812345678" not in answer


def test_the_contact_is_looked_up_and_that_is_kept(scene: Scene) -> None:
    case = brought_to(scene, State.FILED)
    Reporter.objects.filter(case=case).update(name="王阿姨", phone="+8613812345678")
    answer = as_(scene.acceptor).post(f"{DESK}{case.number}/contact/")
    assert "138 1234 5678" in main(answer)
    assert ContactLook.objects.get().looked_by == scene.acceptor


@pytest.mark.parametrize(("who", "status"), [("lu", 403), ("bo", 403), ("zhou", 403), ("dana", 404)])
def test_nobody_else_learns_the_contact(scene: Scene, who: str, status: int) -> None:
    case = brought_to(scene, State.HANDLING)
    Reporter.objects.filter(case=case).update(phone="+8613812345678")
    answer = as_(scene.town.people[who]).post(f"{DESK}{case.number}/contact/")
    assert answer.status_code == status
    assert "5678" not in answer.content.decode()
    assert not ContactLook.objects.exists()


def test_a_note_is_kept_and_an_empty_one_is_asked_for(scene: Scene) -> None:
    case = brought_to(scene, State.HANDLING)
    client = as_(scene.unit_person)
    assert client.post(f"{DESK}{case.number}/note/", {"words": " "}).status_code == 422
    assert client.post(f"{DESK}{case.number}/note/", {"words": "井盖型号 700"}).status_code == 302
    assert [(note.words, note.by) for note in Note.objects.all()] == [("井盖型号 700", scene.unit_person)]
    assert "井盖型号 700" in main(as_(scene.acceptor).get(f"{DESK}{case.number}/"))


@pytest.mark.parametrize(("who", "status"), [("zhou", 403), ("dana", 404)])
def test_who_does_not_work_on_it_writes_no_note(scene: Scene, who: str, status: int) -> None:
    case = brought_to(scene, State.HANDLING)
    answer = as_(scene.town.people[who]).post(f"{DESK}{case.number}/note/", {"words": "我也说一句"})
    assert answer.status_code == status
    assert not Note.objects.exists()


def test_a_case_asks_as_much_with_thirty_steps_as_with_three(scene: Scene) -> None:
    case, client = brought_to(scene, State.HANDLING), as_(scene.dispatcher)
    asked = []
    for more in (1, 30):
        for number in range(more):
            moving.move(case=case, deed=Deed.URGE, by=scene.dispatcher, reason=f"第{more}{number}次")
        with CaptureQueriesContext(connection) as queries:
            client.get(f"{DESK}{case.number}/")
        asked.append(len(queries))
    assert asked[0] == asked[1]
