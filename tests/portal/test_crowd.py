"""The crowd for load tests: what it brings, that it is like what people make, and that it harms nothing."""

import stat
from datetime import timedelta
from io import StringIO
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_tasks import task_backends
from django_tasks_db import DatabaseBackend
from django_tasks_db.models import DBTaskResult
from wagtail.models import ReferenceIndex

from communities import founding, membership, tokens
from communities.models import Organisation, Token, User
from events import publishing, shifts
from events.models import Action, ActionPage, Allotment, Shift, SignUp
from events.publishing import Details
from events.shifts import Hours
from grid.cases import moving, numbering
from grid.chain import answering
from grid.models import Boundary, Case, Post, Reporter
from grid.rules import dispatching
from grid.rules.transitions import ROW, Deed, State
from tests.cast import Town
from volunteers import profiles
from volunteers.models import Volunteer


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "tokens"


def crowd(
    file: Path, *, organisations: int = 2, actions: int = 5, people: int = 7, notices: int = 3, cases: int = 0
) -> str:
    """Run the command as it is typed; return what it says."""
    said = StringIO()
    call_command(
        *("crowd", "--organisations", str(organisations), "--actions", str(actions), "--notices", str(notices)),
        *("--people", str(people), "--tokens", str(file), "--cases", str(cases)),
        stdout=said,
    )
    return said.getvalue()


def written(file: Path) -> dict[str, str]:
    return dict(line.split(",") for line in file.read_text("utf-8").splitlines())


def fields(row: Model, *but: str) -> dict[str, Any]:
    """All columns of a row except those that must differ."""
    return {
        field.attname: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if field.attname not in {"id", *but}
    }


# --- what it brings -----------------------------------------------------------------------------------------------------


def test_it_brings_what_was_asked_for_and_says_what_it_skips(town: Town, file: Path) -> None:
    before = (User.objects.count(), Organisation.objects.count(), Action.objects.count())
    said = crowd(file)
    after = (User.objects.count(), Organisation.objects.count(), Action.objects.count())
    assert [new - old for old, new in zip(before, after, strict=True)] == [7, 2, 5]
    assert [line.rpartition(" s  ")[2] for line in said.splitlines()] == [
        f"7 people; their tokens are in {file}",
        "2 organisations, verified",
        "5 actions, announced, each with one empty shift of 50 places in two weeks",
        "3 notices",
    ]


def test_every_person_has_a_token_and_everything_a_sign_up_asks(town: Town, file: Path) -> None:
    crowd(file)
    people = {person.username: person for person in User.objects.filter(username__startswith="crowd1-")}
    assert list(written(file)) == list(people) == [f"crowd1-{place:05}" for place in range(1, 8)]
    for name, token in written(file).items():
        person = people[name]
        assert Token.objects.get(person=person).digest == tokens.digest(token)
        assert person.phone == f"+86100001{name[-5:]}"
        assert profiles.is_adult(person)
        assert not person.has_usable_password()
        assert (person.is_demo, person.is_active, person.is_staff, person.is_superuser) == (True, True, False, False)


def test_the_tokens_open_and_one_person_may_have_all_the_shifts(town: Town, file: Path) -> None:
    crowd(file)
    client = Client(headers={"authorization": f"Token {written(file)['crowd1-00007']}"})
    listed = client.get("/api/v1/shifts/").json()["results"]
    assert [(shift["capacity"], shift["taken"], shift["waiting"], shift["open"]) for shift in listed] == [
        (50, 0, 0, True)
    ] * 5
    answers = [client.post(f"/api/v1/shifts/{shift['id']}/sign-up/") for shift in listed]
    assert [(answer.status_code, answer.json()["state"]) for answer in answers] == [(201, "confirmed")] * 5


def test_shifts_begin_in_two_weeks_and_follow_each_other(town: Town, file: Path) -> None:
    now = timezone.now()
    crowd(file)
    made = list(Shift.objects.order_by("starts_at"))
    assert all(Action.objects.get(pk=shift.action_id).shifts.count() == 1 for shift in made)
    assert timedelta(days=14) <= made[0].starts_at - now <= timedelta(days=14, hours=1)
    assert all(earlier.ends_at == later.starts_at for earlier, later in pairwise(made))
    assert SignUp.objects.count() == 0


def test_rights_are_what_memberships_say(town: Town, file: Path) -> None:
    crowd(file, organisations=3, people=2)
    founded = Organisation.objects.filter(name__startswith="演练团队")
    assert [organisation.is_verified for organisation in founded] == [True] * 3
    for organisation in founded:
        assert [str(difference) for difference in membership.differences(organisation)] == []
        coordinator = organisation.memberships.get().person
        assert coordinator.username.startswith("crowd1-")
    call_command("rights", "--check")


def test_pages_are_live_and_found_by_a_search_and_nothing_is_left_to_the_worker(town: Town, file: Path) -> None:
    before = DBTaskResult.objects.count()
    crowd(file)
    assert DBTaskResult.objects.count() == before
    pages = ActionPage.objects.filter(translation_key__in=Action.objects.values("key"))
    assert [page.live for page in pages] == [True] * 5
    assert Client().get(Action.objects.all()[0].get_absolute_url()).status_code == 200
    found = ActionPage.objects.search(pages[0].title.split(" · ")[0])
    assert pages[0].pk in {page.pk for page in found}


def test_its_pages_refer_to_nothing(town: Town, file: Path) -> None:
    crowd(file)
    before = ReferenceIndex.objects.count()
    for page in ActionPage.objects.all():
        ReferenceIndex.create_or_update_for_object(page)
    for organisation in Organisation.objects.filter(name__startswith="演练团队"):
        ReferenceIndex.create_or_update_for_object(organisation.section.specific)
    assert ReferenceIndex.objects.count() == before


def test_afterwards_tasks_are_put_off_again(town: Town, file: Path) -> None:
    crowd(file, actions=0)
    with pytest.raises(CommandError):
        crowd(file, people=0)
    assert isinstance(task_backends["default"], DatabaseBackend)


# --- like what people make ----------------------------------------------------------------------------------------------


def test_a_person_is_like_one_made_singly(town: Town, file: Path) -> None:
    crowd(file, people=1)
    made = User.objects.create_user("single", phone="+8610099999999", display_name="单", is_demo=True)
    profiles.declare_adult(person=made)
    tokens.issue(person=made, name="crowd")
    of_crowd = User.objects.get(username="crowd1-00001")
    # The one of the crowd coordinates its organisation, and so has got rights once.
    own = ("username", "display_name", "phone", "password", "date_joined", "rights_version")
    assert fields(of_crowd, *own) == fields(made, *own)
    assert of_crowd.password[0] == made.password[0] == "!"
    assert fields(Volunteer.objects.get(person=of_crowd), "person_id", "adult_since") == fields(
        Volunteer.objects.get(person=made), "person_id", "adult_since"
    )
    token_own = ("person_id", "digest", "made_at")
    assert fields(Token.objects.get(person=of_crowd), *token_own) == fields(Token.objects.get(person=made), *token_own)


def test_an_action_is_like_one_made_step_by_step(town: Town, file: Path) -> None:
    crowd(file, actions=1)
    made = Action.objects.get()
    words = made.page
    hours = made.shifts.get()
    details = Details(
        kind=made.kind,
        title=words.title,
        summary=words.summary,
        place=made.place,
        meeting_point=made.meeting_point,
        risks=made.risks,
        bring=made.bring,
    )
    by = made.made_by
    stepwise = publishing.draft(host=made.host, details=details, by=by)
    shifts.add(action=stepwise, hours=Hours(hours.starts_at, hours.ends_at, 50), by=by)
    stepwise = publishing.announce(action=stepwise, by=by)

    assert fields(made, "key", "made_at", "announced_at") == fields(stepwise, "key", "made_at", "announced_at")
    assert fields(hours, "action_id") == fields(stepwise.shifts.get(), "action_id")
    pools = [Allotment.objects.get(shift__action=action) for action in (made, stepwise)]
    assert fields(pools[0], "shift_id") == fields(pools[1], "shift_id")
    own = ("page_ptr_id", "path", "slug", "url_path", "translation_key", "live_revision_id", "latest_revision_id")
    times = ("first_published_at", "last_published_at", "latest_revision_created_at")
    assert fields(words, *own, *times) == fields(stepwise.page, *own, *times)
    assert words.live
    assert words.live_revision_id == words.latest_revision_id
    assert words.revisions.count() == stepwise.page.revisions.count() == 1
    assert words.get_parent() == stepwise.page.get_parent()


# --- cases --------------------------------------------------------------------------------------------------------------


def test_its_cases_lie_on_roads_of_their_own_in_all_states(town: Town, file: Path) -> None:
    said = crowd(file, actions=0, notices=0, cases=40)
    assert [line.rpartition(" s  ")[2] for line in said.splitlines()][-2:] == [
        "4 roads, each with a chief",
        "40 cases on them, in all states from reported to answered",
    ]
    found = list(Case.objects.select_related("road").order_by("pk"))
    assert len({case.number for case in found}) == 40
    wanted = {"reported", "verifying", "rejected", "filed", "dispatched", "handling", "feedback", "checking", "rework"}
    assert {case.state for case in found} == wanted | {"closed"}
    assert sum(case.state == "closed" for case in found) == 14
    assert {case.road.name.startswith("演练路 1-") for case in found if case.road} == {True}
    for case in found:
        assert case.cell is not None
        chief = answering.chain_of(road=case.road, on=timezone.localdate()).road_chiefs[0].person
        assert chief is not None
        assert chief.username.startswith("crowd1-")
        now = State.REPORTED
        for step in case.steps.order_by("number")[1:]:
            row = ROW[Deed(step.deed)]
            assert step.before == now
            assert now in row.before
            now = State(step.after)
            assert row.after in (None, now)
            assert step.by_role in row.by
            assert step.at < timezone.now()
        assert case.state == now
    for case in found:
        if case.state == "closed":
            hands = dict(case.steps.values_list("deed", "by"))
            assert len({hands["dispatch"], hands["close"], hands["submit"]}) == 3


@pytest.mark.parametrize("place", range(9))
def test_a_case_is_like_one_that_was_moved_by_deeds(town: Town, file: Path, place: int) -> None:
    crowd(file, actions=0, notices=0, cases=9)
    made = list(Case.objects.order_by("pk"))[place]
    by_deeds = Case.objects.create(
        **{
            name: getattr(made, name)
            for name in (
                *(
                    "category",
                    "description",
                    "longitude",
                    "latitude",
                    "road",
                    "segment",
                    "cell",
                    "is_urgent",
                    "reported_at",
                ),
            )
        },
        number=numbering.next_number(day=timezone.localdate(made.reported_at)),
        receipt="another",
    )
    steps = list(made.steps.select_related("by", "to_person").order_by("number"))
    Reporter.objects.create(case=by_deeds, person=made.reporter.person)
    by_deeds = moving.begin(case=by_deeds, by=steps[0].by)
    for step in steps[1:]:
        given: dict[str, Any] = {"reason": step.opinion, "word": step.word, "method": step.method}
        match step.deed:
            case Deed.FILE:
                given["standard"] = made.standard
            case Deed.DISPATCH:
                given["unit"] = made.unit
        given = {name: value for name, value in given.items() if value}
        by_deeds = moving.move(case=by_deeds, deed=Deed(step.deed), by=step.by, at=step.at, **given)

    own = ("number", "receipt", "request_key")
    assert fields(made, *own) == fields(Case.objects.get(pk=by_deeds.pk), *own)
    acceptors = len(dispatching.in_office(made, Post.Role.ACCEPTOR))
    turns = ("to_person_id",) if acceptors > 1 else ()
    for step, other in zip(steps, by_deeds.steps.order_by("number"), strict=True):
        assert fields(step, "case_id", *turns) == fields(other, "case_id", *turns), step.deed


def test_pages_ask_the_same_whatever_a_crowd_brings(town: Town, file: Path, settings: LazySettings) -> None:
    paths = ("/cases/", "/grid/", "/roads/", "/roads/R001/", "/feeds/cases/", "/api/v1/cases/", "/cases/desk/?list=all")
    client = Client()
    client.force_login(town.admin)

    def asked() -> dict[str, int]:
        counts = {}
        for path in paths:
            client.get(path)
            with CaptureQueriesContext(connection) as heard:
                assert client.get(path).status_code == 200, path
            counts[path] = len(heard)
        return counts

    crowd(file, actions=0, notices=0, cases=30)
    before = asked()
    crowd(file, actions=0, notices=0, cases=120)
    assert asked() == before


def test_without_a_town_or_an_organisation_its_cases_are_skipped(town: Town, file: Path) -> None:
    said = crowd(file, organisations=0, actions=0, notices=0, people=1, cases=5)
    assert "Skipped: 5 cases, because no organisation was asked for." in said
    Boundary.objects.all().delete()
    assert "Skipped: 5 cases, because no town is drawn" in crowd(file, actions=0, notices=0, cases=5)
    assert not Case.objects.exists()


# --- again, and where it is refused -------------------------------------------------------------------------------------


def test_again_adds_another_crowd(town: Town, file: Path) -> None:
    crowd(file)
    first = written(file)
    crowd(file)
    second = written(file)
    assert list(second) == [f"crowd2-{place:05}" for place in range(1, 8)]
    assert first.keys().isdisjoint(second)
    assert Organisation.objects.filter(name__startswith="演练团队").count() == 4
    assert Action.objects.public().count() == 10
    assert Client(headers={"authorization": f"Token {first['crowd1-00001']}"}).get("/api/v1/").status_code == 200


def test_many_come_in_several_turns(town: Town, file: Path) -> None:
    crowd(file, organisations=0, actions=0, people=501)
    assert list(written(file)) == [f"crowd1-{place:05}" for place in range(1, 502)]
    assert Volunteer.objects.filter(person__username__startswith="crowd1-").count() == 501


def test_only_the_owner_can_read_the_tokens(town: Town, file: Path) -> None:
    file.write_text("something older and longer\n" * 99)
    file.chmod(0o644)
    crowd(file, organisations=0, actions=0, people=1)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert list(written(file)) == ["crowd1-00001"]


def test_without_an_operator_it_makes_one_that_nobody_can_be(town: Town, file: Path) -> None:
    User.objects.filter(is_superuser=True).update(is_superuser=False)
    crowd(file)
    operator = User.objects.get(is_superuser=True)
    assert (operator.username, operator.has_usable_password(), operator.tokens.count()) == ("crowd1-operator", False, 0)
    assert operator.is_demo
    crowd(file)
    assert User.objects.get(is_superuser=True) == operator


def test_nobody_of_it_is_offered_at_the_login(town: Town, file: Path) -> None:
    crowd(file)
    assert "crowd1-" not in Client().get("/account/login/").content.decode()


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"organisations": 0}, "Actions need a host"),
        ({"people": 0}, "An organisation needs a coordinator"),
        ({"people": -1}, "'-1' is not a number from 0 to 99999"),
        ({"people": 100_000}, "'100000' is not a number from 0 to 99999"),
        ({"notices": "many"}, "'many' is not a number from 0 to 99999"),
    ],
)
def test_what_cannot_be_is_refused_before_anything_is_made(
    options: dict[str, Any], sentence: str, town: Town, file: Path
) -> None:
    with pytest.raises(CommandError, match=sentence):
        crowd(file, **options)
    assert not file.exists()
    assert not User.objects.filter(username__startswith="crowd").exists()


def test_a_file_that_cannot_be_written(town: Town, tmp_path: Path) -> None:
    for file in (tmp_path, tmp_path / "nowhere" / "tokens"):
        with pytest.raises(CommandError, match="The tokens cannot be written to"):
            crowd(file)
    assert not User.objects.filter(username__startswith="crowd").exists()


def test_not_in_production(town: Town, file: Path, settings: LazySettings) -> None:
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="in production"):
        crowd(file)
    assert not User.objects.filter(username__startswith="crowd").exists()


def test_a_name_that_only_looks_like_a_crowds_is_no_crowd(town: Town, file: Path) -> None:
    for name in ("crowd", "crowd-7", "crowdx-1", "crowd41-00001"):
        User.objects.create_user(name)
    founding.found(name="演练团队 1-001x", kind=Organisation.Kind.GROUP, coordinator=town.zhou, by=town.admin)
    crowd(file, actions=0)
    assert next(iter(written(file))) == "crowd42-00001"
