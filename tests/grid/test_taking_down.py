"""What was published is taken down in every state, by those who take in and oversee: nobody else reads it from then on."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import translation

from communities.models import User
from grid.cases import moving
from grid.models import Case, FormerWords, Photo, Step, Subscription
from grid.rules.transitions import Deed
from grid.telling import messages as case_messages
from kit.refusals import Refused
from tests.cast import Town
from tests.grid import cases
from tests.grid.cases import Scene, a_picture, brought_to
from tests.reading import main, sent
from updates.models import Message

State = Case.State

SECRET = "张三 13900000000"
WHY = "写了别人的电话"


@pytest.fixture
def scene(town: Town) -> Scene:
    return cases.set_up(town)


def as_(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def hide(case: Case, by: User, **what: Any) -> Case:
    return moving.move(case=case, deed=Deed.HIDE, by=by, **{"reason": WHY, **what})


def everywhere(case: Case) -> str:
    """All that is said of the case to somebody who is not signed in."""
    visitor = Client()
    addresses = (
        *(f"/cases/{case.number}/", "/cases/", "/feeds/cases/", "/api/v1/cases/", f"/api/v1/cases/{case.number}/"),
        *(f"/roads/{case.road.code}/" if case.road else "/", "/cases/?q=13900000000"),
    )
    return " ".join(visitor.get(address).content.decode().replace("?q=13900000000", "") for address in addresses)


@pytest.mark.parametrize("state", [state for state in State if state not in Case.THROWN_OUT])
@pytest.mark.parametrize("who", ["mei", "lan"])
def test_in_every_state_words_and_pictures_are_taken_down(scene: Scene, state: Case.State, who: str) -> None:
    case = brought_to(scene, state, description=f"乱堆 {SECRET}")
    photo = Photo(case=case, width=8, height=6, file="a.jpg", small="b.jpg")
    photo.save()
    assert SECRET in everywhere(case)

    case = hide(case, scene.town.people[who], description="乱堆", no_pictures=True)

    assert case.state == state
    assert SECRET not in everywhere(case)
    assert "乱堆" in main(Client().get(f"/cases/{case.number}/"))
    assert Client().get(f"/cases/{case.number}/photos/{photo.pk}/small/").status_code == 404
    step = case.steps.order_by("-number")[0]
    assert (step.deed, step.opinion, step.word) == ("hide", WHY, "")
    assert FormerWords.objects.get(step=step).description == f"乱堆 {SECRET}"


def test_the_words_of_steps_and_the_answer_too_and_they_may_be_shown_again(scene: Scene) -> None:
    case = brought_to(scene, State.FEEDBACK)
    case = moving.move(case=case, deed=Deed.CLOSE, by=scene.acceptor, word=f"请找{SECRET}", reason="看过")
    number = case.steps.order_by("-number")[0].number
    assert SECRET in everywhere(case)

    case = hide(case, scene.acceptor, withheld=[number])

    assert SECRET not in everywhere(case)
    with translation.override("en"):
        shown = main(Client(headers={"accept-language": "en"}).get(f"/cases/{case.number}/"))
    assert shown.count("What was written here was taken down.") == 2  # the answer, and its step
    assert "Something that stood here was taken down" in shown
    assert WHY not in shown
    assert "清理好了" in shown  # what the unit wrote stays
    assert SECRET in as_(scene.unit_person).get(f"/cases/desk/{case.number}/").content.decode()

    case = moving.move(case=case, deed=Deed.SHOW, by=scene.acceptor, reason="本人同意")
    assert SECRET in everywhere(case)


def test_an_answer_that_is_written_anew_is_read_again(scene: Scene) -> None:
    case = brought_to(scene, State.CLOSED)
    hide(case, scene.acceptor, withheld=[case.steps.order_by("-number")[0].number])
    assert Case.objects.get(pk=case.pk).is_answer_withheld
    case = moving.move(case=case, deed=Deed.REOPEN, by=scene.reporter, reason="还在")
    for deed, by, given in list(cases.path_to(scene, State.CLOSED))[2:]:
        case = moving.move(case=case, deed=deed, by=by, **given)
    assert not case.is_answer_withheld


def test_the_whole_report_leaves_a_page_that_says_so(scene: Scene) -> None:
    case = brought_to(scene, State.HANDLING, description=SECRET)
    never_public = cases.a_case(scene, is_public=False)
    case = hide(case, scene.acceptor, whole=True)

    answer = Client(headers={"accept-language": "en"}).get(f"/cases/{case.number}/")
    assert answer.status_code == 410
    assert "This report was taken down" in main(answer)
    assert SECRET not in everywhere(case)
    assert case.road is not None
    assert case.road.spoken_name not in main(answer)
    assert Client().get(f"/cases/{never_public.number}/").status_code == 404
    assert as_(scene.reporter).get(f"/cases/{case.number}/").status_code == 200
    assert as_(scene.unit_person).get(f"/cases/desk/{case.number}/").status_code == 200

    moving.move(case=case, deed=Deed.SHOW, by=scene.town.lan, reason="可以公开")
    assert Client().get(f"/cases/{case.number}/").status_code == 200


def test_what_it_said_before_is_read_inside_only(scene: Scene) -> None:
    case = hide(brought_to(scene, State.FEEDBACK, description=SECRET), scene.acceptor, description="有人占道")
    read = {name: as_(scene.town.people[name]).get(f"/cases/desk/{case.number}/") for name in ("bo", "lu", "zhou")}
    assert {name: SECRET in answer.content.decode() for name, answer in read.items()} == {
        "bo": True, "lu": True, "zhou": False,
    }  # fmt: skip
    assert SECRET not in as_(scene.reporter).get(f"/cases/{case.number}/").content.decode()


def test_parts_say_what_the_whole_says(scene: Scene) -> None:
    whole = brought_to(scene, State.FILED, description=SECRET)
    whole = moving.move(case=whole, deed=Deed.SPLIT, by=scene.dispatcher, units=[scene.town.yuqi])
    part = whole.parts.get()
    with pytest.raises(Refused) as no:
        hide(part, scene.acceptor, description="有人占道")
    assert no.value.code == "is_a_part"

    hide(whole, scene.acceptor, description="有人占道")
    part.refresh_from_db()
    assert part.description == "有人占道"
    assert part.steps.order_by("-number")[0].deed == "hide"
    assert SECRET not in everywhere(part)

    hide(whole, scene.acceptor, whole=True, reason="整件不宜公开")
    assert Client().get(f"/cases/{part.number}/").status_code == 410


def test_the_reporter_hears_of_it_and_nobody_who_follows(scene: Scene) -> None:
    case = brought_to(scene, State.HANDLING)

    Subscription.objects.create(case=case, person=scene.town.dana)
    hide(case, scene.acceptor, description="已改写")
    told = Message.objects.filter(payload__deed="hide")
    assert [message.person for message in told] == [scene.reporter]
    for language in ("en", "zh-hans"):
        with translation.override(language):
            said = case_messages.KINDS[told[0].kind](told[0].payload, None)
        assert case.number in said.text
        assert WHY not in f"{said.title} {said.text}"


@pytest.mark.parametrize("what", [{}, {"description": "垃圾没人收"}, {"withheld": [1, 99]}, {"no_pictures": True}])
def test_nothing_is_not_taken_down(scene: Scene, what: dict[str, Any]) -> None:
    case = brought_to(scene, State.HANDLING)
    steps = Step.objects.count()
    with pytest.raises(Refused) as no:
        hide(case, scene.acceptor, **what)
    assert (no.value.code, no.value.status, no.value.field) == ("nothing_to_hide", 422, "withheld")
    assert Step.objects.count() == steps


def test_taken_down_twice_in_one_minute_is_two_steps_where_it_is_something_else(scene: Scene) -> None:
    case = brought_to(scene, State.HANDLING)
    moving.move(case=case, deed=Deed.SUBMIT, by=scene.handler, method="service", word="好", photos_after=[a_picture()])
    number = case.steps.order_by("-number")[0].number
    for what in ({"description": "一"}, {"description": "二"}, {"withheld": [number]}, {"no_pictures": True}):
        hide(case, scene.acceptor, **what)
    hide(case, scene.acceptor, description="二")
    assert case.steps.filter(deed=Deed.HIDE).count() == 4
    hide(case, scene.acceptor, whole=True)
    assert case.steps.filter(deed=Deed.HIDE).count() == 5


def test_what_is_taken_down_is_not_public_in_the_database_either(scene: Scene) -> None:
    case = hide(brought_to(scene, State.HANDLING), scene.acceptor, whole=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.filter(pk=case.pk).update(is_public=True)


def test_the_form_lists_what_is_published(scene: Scene) -> None:
    case = brought_to(scene, State.CLOSED)
    client, address = as_(scene.acceptor), f"/cases/desk/{case.number}/hide/"
    words = sent(client.get(address)).select("[name=withheld]")
    assert [box["value"] for box in words] == ["6", "5"]
    answer = client.post(address, {"description": case.description, "reason": WHY})
    assert answer.status_code == 422
    typed = {"description": case.description, "reason": WHY, "withheld": ["6"]}
    assert client.post(address, typed).status_code == 302
    case.refresh_from_db()
    assert (case.withheld, case.is_answer_withheld, case.is_public) == ([6], True, True)
    assert [box["value"] for box in sent(client.get(address)).select("[name=withheld]")] == ["5"]
    assert client.post(address, {**typed, "withheld": ["²", "9" * 30]}).status_code == 422
