"""The page of each deed: what it asks, what it says of what is missing, and that nothing that was typed is lost."""

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from communities.models import User
from grid.cases import moving
from grid.forms.moving import fields_of, needs_of
from grid.models import Case, Photo, Post, ReplyTemplate, Step
from grid.rules.particulars import MISSING
from grid.rules.transitions import ROW, TRANSITIONS, Actor, Deed
from tests.cast import Town
from tests.grid import cases, chains
from tests.grid.cases import Scene, State, a_case, brought_to, in_days
from tests.reading import errors, main, page, sent, words

BY_REPORTER_OR_CLOCK = {row.deed for row in TRANSITIONS if row.by <= {Actor.REPORTER, Actor.CLOCK}}
AT_DESK = [row.deed for row in TRANSITIONS if row.deed not in BY_REPORTER_OR_CLOCK]
WITH_NEEDS = [deed for deed in AT_DESK if needs_of(deed)]

FROM = {
    Deed.MERGE: State.REPORTED,
    Deed.VOID: State.REPORTED,
    Deed.SOLVE_ON_THE_SPOT: State.REPORTED,
    Deed.CORRECT: State.REPORTED,
    Deed.ASK_DELAY: State.HANDLING,
    Deed.GRANT_DELAY: State.HANDLING,
    Deed.REFUSE_DELAY: State.HANDLING,
    Deed.TAKE: State.DISPATCHED,
    Deed.GIVE_UP: State.HANDLING,
    Deed.SEND_BACK: State.FEEDBACK,
    Deed.CONFIRM: State.FEEDBACK,
    Deed.CLOSE: State.FEEDBACK,
    Deed.URGE: State.HANDLING,
    Deed.SUPERVISE: State.HANDLING,
    Deed.HIDE: State.CLOSED,
    Deed.SHOW: State.CLOSED,
}


@pytest.fixture
def scene(town: Town) -> Scene:
    return cases.set_up(town)


def as_(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def address(case: Case, deed: Deed) -> str:
    return f"/cases/desk/{case.number}/{deed.value.replace('_', '-')}/"


def ready_for(scene: Scene, deed: Deed) -> Case:
    """A case with which this deed may be done."""
    state = FROM.get(deed) or next(state for state in State if state in ROW[deed].before)
    case = brought_to(scene, state)
    if deed in (Deed.GRANT_DELAY, Deed.REFUSE_DELAY):
        case = moving.move(
            case=case, deed=Deed.ASK_DELAY, by=scene.unit_person, reason="要等配件", actor_hint=Actor.UNIT
        )
    if deed is Deed.SHOW:
        case = moving.move(case=case, deed=Deed.HIDE, by=scene.acceptor, reason="有名字", whole=True)
    return case


def doer(scene: Scene, deed: Deed) -> User:
    """Somebody whose part it is."""
    people = {
        Actor.ACCEPTOR: scene.acceptor,
        Actor.DISPATCHER: scene.dispatcher,
        Actor.UNIT: scene.unit_person,
        Actor.HANDLER: scene.handler,
        Actor.INSPECTOR: scene.worker,
        Actor.NEIGHBOUR: scene.town.zhou,
        Actor.OVERSEER: scene.town.lan,
    }
    return next(people[actor] for actor in Actor if actor in ROW[deed].by and actor in people)


def a_photo(name: str = "a.jpg", colour: str = "white") -> SimpleUploadedFile:
    written = io.BytesIO()
    Image.new("RGB", (64, 48), colour).save(written, "JPEG")
    return SimpleUploadedFile(name, written.getvalue(), "image/jpeg")


def rows() -> list[object]:
    return [*Case.objects.order_by("pk").values(), *Step.objects.order_by("pk").values(), *Photo.objects.values()]


def in_full(scene: Scene, deed: Deed) -> dict[str, Any]:
    """Everything that this deed asks, typed."""
    typed: dict[str, Any] = {
        "reason": "写给同事：先到现场看过",
        "word": "写给大家：已经处理好",
        "standard": str(scene.standard.pk),
        "unit": str(scene.unit.pk),
        "unit_other": str(scene.unit.pk),
        "proposed_unit": str(scene.town.yuqi.pk),
        "proposed_unit_other": str(scene.town.yuqi.pk),
        "units": [str(scene.town.yuqi.pk)],
        "method": Case.Method.MANAGEMENT,
        "until": f"{in_days(9)}",
        "description": "改过的描述",
    }
    if deed is Deed.MERGE:
        typed["into"] = a_case(scene).number
    if deed in (Deed.VERIFY, Deed.CHECK):
        typed["person"] = str(scene.worker.pk)
    if deed is Deed.ASSIGN:
        typed["person"] = str(scene.unit_person.pk)
    return typed


# --- every deed ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("deed", AT_DESK)
def test_each_deed_has_a_page_that_asks_what_it_needs(scene: Scene, deed: Deed) -> None:
    answer = as_(doer(scene, deed)).get(address(ready_for(scene, deed), deed))
    assert answer.status_code == 200
    form = page(answer).select_one("main form")
    assert form is not None
    asked = {str(each["name"]) for each in sent(answer).select("main [name]")}
    for name in fields_of(deed):
        assert name in asked or f"{name}_other" in asked, name


@pytest.mark.parametrize("deed", WITH_NEEDS)
def test_an_empty_form_says_everything_that_is_missing_at_once_and_does_nothing(scene: Scene, deed: Deed) -> None:
    case = ready_for(scene, deed)
    before = rows()
    answer = as_(doer(scene, deed)).post(address(case, deed), {})
    assert answer.status_code == 422
    for name in needs_of(deed):
        assert str(MISSING[name]) in errors(answer, name), name
    assert rows() == before


@pytest.mark.parametrize("deed", WITH_NEEDS)
def test_what_was_typed_survives_what_is_missing(scene: Scene, deed: Deed) -> None:
    case = ready_for(scene, deed)
    typed = in_full(scene, deed)
    for left_out in needs_of(deed):
        kept = {name: value for name, value in typed.items() if name.removesuffix("_other") != left_out}
        answer = as_(doer(scene, deed)).post(address(case, deed), kept)
        assert answer.status_code == 422, left_out
        read = sent(answer)
        for name in ("reason", "word"):
            if name in fields_of(deed) and name != left_out:
                assert words(read.find(id=f"id_{name}")) == kept[name]
        for name in ("standard", "method"):
            if name in needs_of(deed) and name != left_out:
                assert read.select_one(f'[name={name}][value="{kept[name]}"][checked], [name={name}] [selected]')


@pytest.mark.parametrize("deed", AT_DESK)
def test_in_full_it_is_done(scene: Scene, deed: Deed) -> None:
    case = ready_for(scene, deed)
    steps = case.steps.count()
    typed = in_full(scene, deed)
    if "photos_before" in needs_of(deed):
        typed |= {"photos_before": a_photo(), "photos_after": a_photo("b.jpg", "black")}
    answer = as_(doer(scene, deed)).post(address(case, deed), typed)
    assert answer.status_code == 302, main(answer)
    done = case.steps.order_by("-number")[0]
    assert (case.steps.count(), done.deed) == (steps + 1, deed)
    if "reason" in fields_of(deed):
        assert done.opinion == typed["reason"]
    if "word" in fields_of(deed):
        assert done.word == typed["word"]


@pytest.mark.parametrize("deed", AT_DESK)
def test_foreign_roles_do_nothing(scene: Scene, deed: Deed) -> None:
    case = ready_for(scene, deed)
    typed = in_full(scene, deed)
    before = rows()
    roles = {
        scene.acceptor: Actor.ACCEPTOR,
        scene.dispatcher: Actor.DISPATCHER,
        scene.worker: Actor.INSPECTOR,
        scene.town.zhou: Actor.NEIGHBOUR,
        scene.town.lan: Actor.OVERSEER,
    }
    for person, role in roles.items():
        if role not in ROW[deed].by:
            answer = as_(person).post(address(case, deed), typed)
            # A neighbour has nothing to do with what was taken down.
            sees = role is not Actor.NEIGHBOUR or Case.objects.get(pk=case.pk).is_shown
            assert answer.status_code == (403 if sees else 404), role
    assert as_(scene.town.dana).post(address(case, deed), typed).status_code == 404
    assert as_(scene.reporter).post(address(case, deed), typed).status_code == 404
    assert Client().post(address(case, deed), typed).status_code == 302
    assert rows() == before


@pytest.mark.parametrize("state", State)
def test_the_buttons_of_a_case_are_what_the_table_allows(scene: Scene, state: State) -> None:
    case = brought_to(scene, state)
    for person in (scene.acceptor, scene.dispatcher, scene.worker, scene.town.lan):
        answer = as_(person).get(f"/cases/desk/{case.number}/")
        offered = {
            str(each.get("href") or each.get("action")).rstrip("/").rpartition("/")[2].replace("-", "_")
            for each in page(answer).select(".case-deeds a, .case-deeds form")
        }
        assert offered == {deed.value for deed in moving.allowed(person, case)} - {"rate"}


# --- meanwhile ---------------------------------------------------------------------------------------------------------


def test_who_comes_too_late_reads_what_happened_and_keeps_what_was_typed(scene: Scene) -> None:
    case = brought_to(scene, State.FILED)
    client = as_(scene.dispatcher)
    seen = sent(client.get(address(case, Deed.DISPATCH))).find(id="id_seen")
    assert seen is not None
    moving.move(case=case, deed=Deed.URGE, by=scene.town.lan, reason="快一点")
    typed = {"unit": str(scene.unit.pk), "unit_other": str(scene.unit.pk), "reason": "请今天去", "seen": seen["value"]}
    answer = client.post(address(case, Deed.DISPATCH), typed)
    assert answer.status_code == 409
    assert "兰心" in main(answer)
    assert words(sent(answer).find(id="id_reason")) == "请今天去"
    case.refresh_from_db()
    assert case.state == State.FILED
    # Now it has been read: the same press does it.
    again = sent(answer).find(id="id_seen")
    assert again is not None
    assert client.post(address(case, Deed.DISPATCH), {**typed, "seen": again["value"]}).status_code == 302
    case.refresh_from_db()
    assert case.state == State.DISPATCHED


def test_the_same_press_twice_is_one_deed(scene: Scene) -> None:
    case, client = brought_to(scene, State.FILED), as_(scene.dispatcher)
    typed = {"unit": str(scene.unit.pk), "unit_other": str(scene.unit.pk), "seen": "2"}
    assert [client.post(address(case, Deed.DISPATCH), typed).status_code for _ in range(2)] == [302, 302]
    assert case.steps.filter(deed=Deed.DISPATCH).count() == 1


def test_a_deed_that_is_not_possible_now_says_how_the_case_stands(scene: Scene) -> None:
    case = brought_to(scene, State.HANDLING)
    answer = as_(scene.dispatcher).get(address(case, Deed.DISPATCH))
    assert answer.status_code == 200
    assert page(answer).select_one("main form") is None
    assert case.get_state_display() in main(answer)


# --- fields ------------------------------------------------------------------------------------------------------------


def test_a_standard_says_by_when_it_would_be_handled(scene: Scene) -> None:
    case = a_case(scene, category=scene.standard.category)
    card = page(as_(scene.acceptor).get(address(case, Deed.FILE))).select_one(".choice-body")
    assert "看得见" in words(card)
    assert ":" in words(card and card.select_one(".because"))


def test_units_are_proposed_with_the_reason(scene: Scene) -> None:
    chains.post(scene.town, Post.Role.LINE_DEPARTMENT, scene.net.town, organisation=scene.unit, categories="E99")
    case = brought_to(scene, State.FILED)
    first = page(as_(scene.dispatcher).get(address(case, Deed.DISPATCH))).select_one(".choice-body")
    assert "玉祁城管" in words(first)
    assert "E99" in words(first)


def test_a_template_fills_the_answer_and_nothing_is_asked_yet(scene: Scene) -> None:
    template = ReplyTemplate.objects.create(title="办结", words="您反映的{what}（{number}）已处理。")
    case = brought_to(scene, State.FEEDBACK)
    answer = as_(scene.acceptor).post(
        address(case, Deed.CLOSE), {"do": "fill", "template": str(template.pk), "reason": "看过"}
    )
    assert answer.status_code == 200
    read = sent(answer)
    assert words(read.find(id="id_word")) == f"您反映的试验E9901（{case.number}）已处理。"
    assert words(read.find(id="id_reason")) == "看过"
    assert not errors(answer, "word")


def test_pictures_are_kept_when_something_else_is_missing(scene: Scene) -> None:
    case, client = a_case(scene), as_(scene.worker)
    typed = in_full(scene, Deed.SOLVE_ON_THE_SPOT)
    del typed["word"]
    answer = client.post(address(case, Deed.SOLVE_ON_THE_SPOT), {**typed, "photos_before": a_photo()})
    assert answer.status_code == 422
    assert page(answer).select(".report-shown img")
    key = sent(answer).find(id="id_key")
    assert key is not None
    again = {**typed, "word": "当场扶正了", "key": key["value"], "photos_after": a_photo("b.jpg", "black")}
    assert client.post(address(case, Deed.SOLVE_ON_THE_SPOT), again).status_code == 302
    assert sorted(case.photos.values_list("moment", flat=True)) == ["after", "before"]


def test_a_file_that_is_no_picture_gets_a_sentence(scene: Scene) -> None:
    case = a_case(scene)
    typed = in_full(scene, Deed.SOLVE_ON_THE_SPOT)
    fake = SimpleUploadedFile("a.jpg", b"<script>", "image/jpeg")
    answer = as_(scene.worker).post(
        address(case, Deed.SOLVE_ON_THE_SPOT), {**typed, "photos_before": fake, "photos_after": a_photo()}
    )
    assert answer.status_code == 422
    assert errors(answer, "photos_before")
    assert not Photo.objects.exists()


def test_correcting_writes_only_what_is_otherwise(scene: Scene) -> None:
    case = a_case(scene, address="老地方", description="旧的")
    typed = {"description": "新的", "address": "老地方", "road": str(scene.net.road.pk), "is_public": "on"}
    assert as_(scene.acceptor).post(address(case, Deed.CORRECT), typed).status_code == 302
    case.refresh_from_db()
    assert (case.description, case.address, case.segment) == ("新的", "老地方", scene.net.first)
    assert case.is_public


@pytest.mark.parametrize(
    "typed",
    [{"unit": "x"}, {"unit": "99999999999999999999"}, {"standard": "0"}, {"until": "31.2."}, {"key": "x", "seen": "y"}],
)
@pytest.mark.parametrize("deed", [Deed.FILE, Deed.DISPATCH, Deed.SUSPEND])
def test_what_nobody_could_type_is_no_error_of_the_site(scene: Scene, deed: Deed, typed: dict[str, str]) -> None:
    case = ready_for(scene, deed)
    before = rows()
    assert as_(doer(scene, deed)).post(address(case, deed), typed).status_code == 422
    assert rows() == before


@pytest.mark.parametrize("written", ["nothing", "rate", "climb", "report"])
def test_what_is_no_deed_of_the_desk_is_not_there(scene: Scene, written: str) -> None:
    case = brought_to(scene, State.CLOSED)
    assert as_(scene.acceptor).get(f"/cases/desk/{case.number}/{written}/").status_code in (403, 404)
