"""A complaint about somebody who works here: kept from those whom it is about, and from everybody else who need not know."""

import uuid
from collections.abc import Iterator
from datetime import timedelta
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from communities import membership
from communities.models import Organisation, User
from communities.roles import Role
from grid import permits
from grid.cases import climbing, moving, reporting
from grid.chain import integrity
from grid.desk import contacts, scopes
from grid.models import Case, Category, FilingStandard, Photo, Post, Reporter, Subscription
from grid.reports.placing import Spot
from grid.rules import dispatching
from grid.rules.transitions import Actor, Deed
from grid.telling import subscribing
from grid.telling.subscribing import Thing, What
from kit.refusals import Refused
from tests import reading
from tests.cast import Town
from tests.grid import cases, chains
from tests.grid.cases import Scene, a_case, a_picture
from tests.grid.chains import ON_ROAD
from updates import topics
from updates.models import Message, Update

pytestmark = pytest.mark.django_db

State = Case.State
MARK = "KLAGE7781"
"""Stands in what was reported and nowhere else."""


@pytest.fixture
def scene(town: Town) -> Scene:
    return cases.set_up(town)


@pytest.fixture(autouse=True)
def _media(tmp_path: Path, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def complain(
    scene: Scene, *, against: Organisation | None = None, is_complaint: bool = True, **told: Any
) -> reporting.Reported:
    """What somebody without an account reports at the road."""
    described = {"request_key": uuid.uuid4(), "spot": Spot(ON_ROAD), "description": f"态度粗暴 {MARK}", **told}
    done = reporting.report(is_complaint=is_complaint, against=against, **described)
    photo = Photo(case=done.case)
    photo.small.save("s.jpg", ContentFile(a_picture().small), save=False)
    photo.file.save("l.jpg", ContentFile(a_picture().picture), save=False)
    photo.width = photo.height = 1  # the field forgets them where the file is not read again
    photo.save()
    return done


def supervising(scene: Scene) -> Organisation:
    """A unit that handles what is about 玉祁城管: the company, whose people take cases."""
    return scene.town.enterprise


def sent(scene: Scene, case: Case) -> Case:
    """Filed and sent to the supervising unit."""
    case = moving.move(case=case, deed=Deed.FILE, by=scene.acceptor, standard=scene.standard)
    return moving.move(case=case, deed=Deed.DISPATCH, by=scene.dispatcher, unit=supervising(scene))


def refused(code: str) -> Any:
    return pytest.raises(Refused, check=lambda refusal: refusal.code == code)


def client_of(person: User | None) -> Client:
    client = Client()
    if person is not None:
        client.force_login(person)
    return client


# --- the rule -----------------------------------------------------------------------------------------------------------


def everybody(scene: Scene) -> dict[str, User]:
    return {**scene.town.people, "handler": scene.handler}


class TestWhoSeesIt:
    @pytest.mark.parametrize(
        ("against", "seen_by"),
        [
            (None, {"admin", "mei", "yan", "bystander"}),
            ("chengguan", {"admin", "mei", "yan", "bystander"}),
            # mei and yan belong to 玉祁社区: the post does not help.
            ("yuqi", {"admin", "bystander"}),
        ],
    )
    def test_the_desks_of_the_town_and_never_the_unit(
        self, scene: Scene, against: str | None, seen_by: set[str]
    ) -> None:
        chains.post(scene.town, Post.Role.SUPERVISOR, scene.net.town, bystander := next(iter_strangers(scene)))
        case = complain(scene, against=getattr(scene.town, against) if against else None).case
        people = {**everybody(scene), "bystander": bystander}
        assert {name for name, person in people.items() if permits.may_see(person, case)} == seen_by
        assert {name for name, person in people.items() if topics.may_follow(person, f"case:{case.number}")} == seen_by
        assert not permits.may_see(AnonymousUser(), case)
        assert permits.may_see(AnonymousUser(), case, holds_receipt=True)

    def test_once_it_is_sent_the_supervising_unit_does_too(self, scene: Scene) -> None:
        case = sent(scene, complain(scene, against=scene.unit).case)
        seen_by = {name for name, person in everybody(scene).items() if permits.may_see(person, case)}
        assert seen_by == {"admin", "mei", "yan", "qiang"}
        assert Actor.UNIT in permits.roles_toward(scene.town.qiang, case)

    def test_who_belongs_to_both_is_kept_out(self, scene: Scene) -> None:
        case = sent(scene, complain(scene, against=scene.unit).case)
        membership.join(person=scene.town.qiang, organisation=scene.unit, role=Role.MEMBER, by=scene.town.admin)
        assert not permits.may_see(scene.town.qiang, case)
        assert scene.town.qiang not in dispatching.handlers(case)

    def test_its_reporter_sees_it_whoever_it_is(self, scene: Scene) -> None:
        case = complain(scene, against=scene.unit, by=scene.handler).case
        assert permits.may_see(scene.handler, case)
        assert permits.roles_toward(scene.handler, case) == {Actor.REPORTER}

    def test_one_by_one_and_all_at_once_it_is_the_same_rule(self, scene: Scene) -> None:
        """The twin for sets agrees with the rule for one, for everybody, every complaint, and every other case."""
        chains.post(scene.town, Post.Role.SUPERVISOR, scene.net.town, scene.town.lu)
        chains.post(scene.town, Post.Role.ROAD_CHIEF, scene.net.road, scene.handler, level=3)
        membership.join(person=scene.town.bo, organisation=scene.town.yuqi, role=Role.COORDINATOR, by=scene.town.admin)
        whom = (None, scene.unit, scene.town.yuqi, scene.town.enterprise)
        for against, by in product(whom, (None, scene.town.lu, scene.town.mei)):
            complain(scene, against=against, by=by)
            complain(scene, is_complaint=against is not None, against=against, by=by)
        for case in (complain(scene, against=scene.unit).case, complain(scene).case):
            sent(scene, case)
        a_case(scene, inspector=scene.town.bo)
        a_case(scene, inspector=scene.town.bo, is_complaint=True, is_public=False)
        a_case(scene, handler=scene.handler, is_complaint=True, is_public=False, against=scene.unit)

        found = list(Case.objects.all())
        assert len(found) > 25
        for name, person in everybody(scene).items():
            scope = scopes.scope_of(person, timezone.localdate())
            visible = set(permits.cases_to_see(person))
            for case in found:
                roles = permits.roles_toward(person, case) - {Actor.REPORTER}
                at_once = {actor for actor in Actor if Case.objects.filter(scope.cases(actor), pk=case.pk).exists()}
                if not person.is_superuser or at_once:
                    assert at_once == roles, (name, case.against, case.is_complaint)
                if case.is_complaint:
                    assert (case in visible) == bool(roles or permits.reported(person, case)), (name, case.against)

    def test_whoever_is_complained_about_learns_no_reporter(self, scene: Scene) -> None:
        case = complain(scene, against=scene.town.yuqi, contact=reporting.Contact(phone="13800138000")).case
        with refused("no_right"):
            contacts.look_up(case=case, by=scene.acceptor)


def iter_strangers(scene: Scene) -> Iterator[User]:
    """Neighbours who have nothing to do with the scene yet."""
    return (person for person in scene.town.neighbours() if person != scene.handler)


# --- every channel ------------------------------------------------------------------------------------------------------


def channels(scene: Scene, case: Case, key: uuid.UUID) -> dict[str, str]:
    """Addresses at which something of a case might stand, by what they are."""
    number, photo = case.number, case.photos.get()
    found = {
        "page": f"/cases/{number}/",
        "support": f"/cases/{number}/support/",
        "follow": f"/follow/case/{number}/",
        "receipt page": f"/report/{key}/",
        "small picture": f"/cases/{number}/photos/{photo.pk}/small.jpg",
        "large picture": f"/cases/{number}/photos/{photo.pk}/large.jpg",
        "list": "/cases/",
        "search of the list": f"/cases/?q={MARK}",
        "list of the road": f"/cases/?road={scene.net.road.code}",
        "list of the cell": f"/cases/?cell={scene.net.street_cell.code}",
        "road": f"/roads/{scene.net.road.code}/",
        "cell": f"/grid/{scene.net.street_cell.code}/",
        "town": f"/grid/{scene.net.town.code}/",
        "feed": "/feeds/cases/",
        "road feed": f"/feeds/cases/roads/{scene.net.road.code}/",
        "cell feed": f"/feeds/cases/areas/{scene.net.street_cell.code}/",
        "api list": "/api/v1/cases/",
        "api of the road": f"/api/v1/cases/?road={scene.net.road.code}",
        "api": f"/api/v1/cases/{number}/",
        "book": f"/api/v1/updates/case:{number}/?after=0",
        "book of the road": f"/api/v1/updates/road:{scene.net.road.code}/?after=0",
        "search": f"/search/?q={MARK}",
        "home": "/",
        "desk": "/cases/desk/?list=all",
        "search of the desk": f"/cases/desk/?list=all&q={MARK}",
        "case at the desk": f"/cases/desk/{number}/",
        "integrity": "/grid/integrity/",
    }
    for unit in (scene.unit, supervising(scene)):
        found |= {
            f"list of {unit.pk}": f"/cases/?unit={unit.slug}",
            f"feed of {unit.pk}": f"/feeds/cases/organisations/{unit.slug}/",
            f"page of {unit.pk}": unit.section.url if unit.section else f"/organisations/{unit.pk}/",
        }
    return found


def told_in(scene: Scene, person: User | None, case: Case, key: uuid.UUID) -> set[str]:
    """The channels in which this person finds anything of the case: its number, its words, or its picture."""
    client, found = client_of(person), set()
    for name, address in channels(scene, case, key).items():
        answer = client.get(address, follow=False)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        is_picture = answer.status_code == 200 and answer.headers["Content-Type"] == "image/jpeg"
        words = body.decode(errors="replace").replace(f"q={MARK}", "").replace(f'value="{MARK}"', "")
        is_echo = "search" in name and case.number not in words and words.count(MARK) and "态度粗暴" not in words
        if is_picture or case.number in words or (MARK in words and not is_echo):
            found.add(name)
    return found


class TestChannels:
    PUBLIC = frozenset(
        {
            *(
                "page",
                "support",
                "follow",
                "receipt page",
                "small picture",
                "large picture",
                "list",
                "search of the list",
            ),
            *("list of the road", "list of the cell", "road", "cell", "town", "feed", "road feed", "cell feed"),
            *("api list", "api of the road", "api", "book", "book of the road"),
        }
    )

    def test_twin_an_ordinary_case_stands_in_all_of_them(self, scene: Scene) -> None:
        """What could leak does, where nothing is kept inside: so the next tests can fail."""
        done = complain(scene, is_complaint=False)
        # Its picture waits until somebody has looked at it.
        waiting = self.PUBLIC - {"small picture", "large picture"}
        assert told_in(scene, None, done.case, done.case.request_key) == waiting
        assert told_in(scene, scene.town.bo, done.case, done.case.request_key) == self.PUBLIC | {
            *("desk", "search of the desk", "case at the desk")
        }
        unit = sent(scene, done.case).unit
        assert unit is not None
        also = {f"list of {unit.pk}", f"feed of {unit.pk}", f"page of {unit.pk}"}
        assert told_in(scene, None, done.case, done.case.request_key) == self.PUBLIC | also

    @pytest.mark.parametrize("is_sent", [False, True])
    @pytest.mark.parametrize("who", ["nobody", "dana", "lu", "handler", "bo", "lan", "zhou"])
    def test_a_complaint_stands_in_none(self, scene: Scene, who: str, is_sent: bool) -> None:
        done = complain(scene, against=scene.unit)
        case = sent(scene, done.case) if is_sent else done.case
        person = everybody(scene).get(who)
        assert told_in(scene, person, case, case.request_key) == set()
        assert not Update.objects.filter(topic__name=f"road:{scene.net.road.code}").exists()

    def test_leaders_see_it_only_as_the_unit_it_was_sent_to(self, scene: Scene) -> None:
        done = complain(scene, against=scene.unit)
        assert told_in(scene, scene.town.qiang, done.case, done.case.request_key) == set()

    def test_the_desks_and_the_receipt_show_it(self, scene: Scene) -> None:
        done = complain(scene, against=scene.unit)
        for person in (scene.acceptor, scene.dispatcher):
            found = told_in(scene, person, done.case, done.case.request_key)
            assert found >= {"page", "case at the desk", "search of the desk", "small picture", "api", "book"}
            assert not found & {"list", "feed", "road", "cell", "town", "api list", "book of the road", "integrity"}
        client = Client()
        opened = client.post("/cases/find/", {"code": done.receipt}, follow=True)
        assert MARK in reading.main(opened)
        assert client.get(f"/report/{done.case.request_key}/").status_code == 200

    def test_nothing_is_counted_where_others_count(self, scene: Scene) -> None:
        before = [reading.main(Client().get(path)) for path in ("/grid/", "/cases/", f"/roads/{scene.net.road.code}/")]
        complain(scene, against=scene.unit)
        complain(scene, spot=Spot())
        after = [reading.main(Client().get(path)) for path in ("/grid/", "/cases/", f"/roads/{scene.net.road.code}/")]
        assert after == before
        assert list(integrity.cases_without_a_cell(timezone.localdate())) == []

    def test_it_is_proposed_to_nobody_as_the_same(self, scene: Scene) -> None:
        complain(scene, against=scene.unit)
        answer = Client().post(
            "/report/",
            {
                "key": str(uuid.uuid4()),
                "description": "又是这样",
                "longitude": str(ON_ROAD[0]),
                "latitude": str(ON_ROAD[1]),
            },
        )
        assert answer.status_code == 302
        assert Case.objects.count() == 2

    def test_those_who_listen_for_cases_hear_nothing(self, scene: Scene) -> None:
        complain(scene, is_complaint=False)
        heard = Update.objects.filter(topic__name="cases").count()
        assert heard
        sent(scene, complain(scene, against=scene.unit).case)
        assert Update.objects.filter(topic__name="cases").count() == heard

    def test_who_follows_the_road_or_the_unit_is_told_nothing(self, scene: Scene) -> None:
        for what, key in ((What.ROAD, "R-1"), (What.AREA, "0-YQ"), (What.UNIT, supervising(scene).slug)):
            thing = Thing.found(what, key)
            assert thing is not None
            subscribing.follow(thing=thing, by=scene.town.dana)
        case = sent(scene, complain(scene, against=scene.unit).case)
        assert not Message.objects.filter(person=scene.town.dana).exists()
        assert set(Message.objects.filter(about__startswith=f"case:{case.pk}:").values_list("person", flat=True)) <= {
            person.pk for person in (scene.acceptor, scene.dispatcher, scene.town.qiang, scene.town.admin)
        }


# --- what is done with it -----------------------------------------------------------------------------------------------


class TestDeeds:
    def test_it_is_never_sent_to_the_unit_it_is_about(self, scene: Scene) -> None:
        case = complain(scene, against=scene.unit).case
        assert scene.unit not in dispatching.suggested_units(case)
        case = moving.move(case=case, deed=Deed.FILE, by=scene.acceptor, standard=scene.standard)
        with refused("complained_about"):
            moving.move(case=case, deed=Deed.DISPATCH, by=scene.dispatcher, unit=scene.unit)
        with refused("complained_about"):
            moving.move(case=case, deed=Deed.SPLIT, by=scene.dispatcher, units=[scene.unit])
        with pytest.raises(IntegrityError), transaction.atomic():
            Case.objects.filter(pk=case.pk).update(unit=scene.unit)

    def test_nor_is_it_in_the_form(self, scene: Scene) -> None:
        chains.post(scene.town, Post.Role.LINE_DEPARTMENT, scene.net.town, organisation=scene.unit)
        case = complain(scene, against=scene.unit).case
        other = complain(scene, is_complaint=False).case
        for each in (case, other):
            moving.move(case=each, deed=Deed.FILE, by=scene.acceptor, standard=scene.standard)
        client = client_of(scene.dispatcher)
        assert "玉祁城管" in reading.main(client.get(f"/cases/desk/{other.number}/dispatch/"))
        assert "玉祁城管" not in reading.main(client.get(f"/cases/desk/{case.number}/dispatch/"))

    def test_the_database_shows_none(self, scene: Scene) -> None:
        case = complain(scene).case
        with pytest.raises(IntegrityError), transaction.atomic():
            Case.objects.filter(pk=case.pk).update(is_public=True)
        with pytest.raises(IntegrityError), transaction.atomic():
            Case.objects.filter(pk=case.pk).update(is_complaint=False, against=scene.unit)

    def test_nobody_on_the_spot_is_asked_and_it_is_joined_to_nothing(self, scene: Scene) -> None:
        case, other = complain(scene).case, complain(scene, is_complaint=False).case
        with refused("complaint"):
            moving.move(case=case, deed=Deed.VERIFY, by=scene.acceptor, person=scene.worker)
        with refused("complaint"):
            moving.move(case=case, deed=Deed.MERGE, by=scene.acceptor, into=other)
        with refused("into_ended"):
            moving.move(case=other, deed=Deed.MERGE, by=scene.acceptor, into=case)
        assert not {Deed.VERIFY, Deed.MERGE} & set(moving.allowed(scene.acceptor, case))

    def test_the_whole_way_to_the_answer(self, scene: Scene) -> None:
        case = sent(scene, complain(scene, against=scene.unit).case)
        qiang = scene.town.qiang
        case = moving.move(case=case, deed=Deed.TAKE, by=qiang)
        with refused("not_of_the_unit"):
            moving.move(case=case, deed=Deed.ASSIGN, by=qiang, person=scene.handler)
        case = moving.move(case=case, deed=Deed.SUBMIT, by=qiang, method=Case.Method.MANAGEMENT, word="已核实")
        assert Deed.CHECK not in moving.allowed(scene.acceptor, case)
        case = moving.move(case=case, deed=Deed.CLOSE, by=scene.acceptor, word="已批评教育并道歉", reason="核实过")
        assert (case.state, case.is_public) == (State.CLOSED, False)
        assert told_in(scene, None, case, case.request_key) == set()

    def test_a_part_of_it_is_one_too(self, scene: Scene) -> None:
        case = moving.move(
            case=complain(scene, against=scene.unit).case, deed=Deed.FILE, by=scene.acceptor, standard=scene.standard
        )
        moving.move(case=case, deed=Deed.SPLIT, by=scene.dispatcher, units=[supervising(scene)])
        part = Case.objects.get(part_of=case)
        assert (part.is_complaint, part.against, part.is_public) == (True, scene.unit, False)
        assert not permits.may_see(scene.town.lu, part)

    def test_where_everybody_at_the_desk_is_of_the_unit_it_is_the_operators_turn(self, scene: Scene) -> None:
        case = complain(scene, against=scene.town.yuqi).case
        assert dispatching.turn_of(case).people == (scene.town.admin,)
        assert case.steps.get().to_person == scene.town.admin
        assert Message.objects.filter(kind="case_your_turn", person=scene.town.admin).count() == 1
        assert not Message.objects.filter(person__in=[scene.acceptor, scene.dispatcher]).exists()

    def test_it_climbs_past_those_it_may_be_about(self, scene: Scene) -> None:
        chains.post(scene.town, Post.Role.SUPERVISOR, scene.net.town, supervisor := next(iter_strangers(scene)))
        case = sent(scene, complain(scene, against=scene.unit).case)
        ladder = dispatching.ladder_of(case)
        assert ladder[0] == list(dispatching.handlers(case))
        assert ladder[1:] == [[supervisor], [scene.town.admin]]
        for _each in range(5):
            long_ago = timezone.now() - timedelta(days=60)
            Case.objects.filter(pk=case.pk).update(due_at=long_ago, clock_since=long_ago)
            Case.objects.filter(pk=case.pk, climbed_at__isnull=False).update(climbed_at=long_ago)
            climbing.climb()
        told = set(Message.objects.filter(kind="case_overdue").values_list("person__username", flat=True))
        assert told == {person.username for step in ladder for person in step}

    def test_an_acceptor_marks_what_the_reporter_did_not(self, scene: Scene) -> None:
        case = complain(scene, is_complaint=False, by=scene.reporter).case
        thing = Thing.found(What.CASE, case.number)
        assert thing is not None
        subscribing.follow(thing=thing, by=scene.town.dana)
        client = client_of(scene.acceptor)
        page = reading.page(client.get(f"/cases/desk/{case.number}/correct/"))
        typed = {str(field.get("name")): field.get("value", "") for field in page.select("form input[type=hidden]")} | {
            "description": case.description,
            "road": str(case.road_id),
            "is_public": "on",
            "against": str(scene.unit.pk),
        }
        chains.post(scene.town, Post.Role.LINE_DEPARTMENT, scene.net.town, organisation=scene.unit)
        answer = client.post(f"/cases/desk/{case.number}/correct/", typed)
        assert answer.status_code == 302, reading.main(answer)
        case.refresh_from_db()
        assert (case.is_complaint, case.against, case.is_public) == (True, scene.unit, False)
        assert not Subscription.objects.filter(case=case).exists()
        assert told_in(scene, scene.town.lu, case, case.request_key) == {"book of the road"}  # that it is gone
        assert permits.may_see(scene.reporter, case)

        moving.move(case=case, deed=Deed.CORRECT, by=scene.acceptor, is_public=True)
        case.refresh_from_db()
        assert not case.is_public
        moving.move(case=case, deed=Deed.CORRECT, by=scene.acceptor, is_complaint=False, is_public=True)
        case.refresh_from_db()
        assert (case.is_complaint, case.against, case.is_public) == (False, None, True)

    def test_a_kind_says_so(self, scene: Scene) -> None:
        kind = Category.objects.get(is_about_staff=True)
        case = complain(scene, is_complaint=False, category=kind).case
        assert (case.is_complaint, case.is_public) == (True, False)
        other = complain(scene, is_complaint=False).case
        standard = FilingStandard.objects.get(category=kind)
        other = moving.move(case=other, deed=Deed.FILE, by=scene.acceptor, standard=standard)
        assert (other.is_complaint, other.is_public) == (True, False)


# --- reporting one ------------------------------------------------------------------------------------------------------


class TestReporting:
    def test_the_form_takes_it_without_a_place_and_shows_nothing_near(self, scene: Scene) -> None:
        chains.post(scene.town, Post.Role.LINE_DEPARTMENT, scene.net.town, organisation=scene.unit)
        complain(scene, is_complaint=False)
        client = Client()
        form = reading.page(client.get("/report/"))
        assert form.select_one("details #id_is_complaint") is not None
        assert form.select_one(f"details #id_against option[value='{scene.unit.pk}']") is not None
        answer = client.post(
            "/report/",
            {
                "key": str(uuid.uuid4()),
                "description": "队员骂人",
                "is_complaint": "on",
                "against": str(scene.unit.pk),
            },
            follow=True,
        )
        case = Case.objects.get(description="队员骂人")
        assert (case.is_complaint, case.against, case.is_public, case.cell, case.road) == (
            *(True, scene.unit, False, None, None),
        )
        assert case.number in reading.main(answer)
        assert reading.words(reading.page(answer).select_one(".receipt"))

    def test_naming_a_unit_says_it_and_a_wrong_one_loses_nothing(self, scene: Scene) -> None:
        chains.post(scene.town, Post.Role.LINE_DEPARTMENT, scene.net.town, organisation=scene.unit)
        typed = {"key": str(uuid.uuid4()), "description": "队员骂人", "address": "示范路"}
        again = Client().post("/report/", {**typed, "against": "999999"})
        assert again.status_code == 422
        assert reading.errors(again, "against")
        assert "队员骂人" in again.content.decode()
        assert reading.page(again).select_one("details[open] #id_against") is not None
        assert Client().post("/report/", {**typed, "against": str(scene.unit.pk)}).status_code == 302
        assert Case.objects.get().against == scene.unit

    def test_without_it_a_place_is_asked_for(self, scene: Scene) -> None:
        answer = Client().post("/report/", {"key": str(uuid.uuid4()), "description": "一堆垃圾"})
        assert answer.status_code == 422
        assert reading.errors(answer, "address")

    def test_a_program_may_too(self, scene: Scene) -> None:
        client = client_of(scene.town.dana)
        body = {"description": MARK, "is_complaint": True, "against": scene.unit.pk}
        answer = client.post("/api/v1/cases/", body, content_type="application/json")
        assert answer.status_code == 201, answer.content
        case = Case.objects.get()
        assert (case.is_complaint, case.against) == (True, scene.unit)
        assert client.get(f"/api/v1/cases/{case.number}/").status_code == 200
        assert client_of(scene.town.lu).get(f"/api/v1/cases/{case.number}/").status_code == 404
        unknown = client.post("/api/v1/cases/", {**body, "against": 10**30}, content_type="application/json")
        assert unknown.status_code == 409

    def test_the_address_of_the_receipt_alone_opens_nothing(self, scene: Scene) -> None:
        case = complain(scene).case
        assert client_of(scene.town.dana).get(reverse("grid:reported", args=[case.request_key])).status_code == 404
        assert Reporter.objects.filter(case=case).exists()
