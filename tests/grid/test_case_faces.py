"""What is said of a case to whom: public words only, wherever a case is shown; and that lists ask no more with every row."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from communities import tokens
from communities.models import User
from grid import permits
from grid.cases import moving, questions
from grid.models import Case, Note, Photo, Reporter
from grid.reports import receipts
from grid.rules.transitions import Deed
from tests import listening, reading
from tests.cast import Town
from tests.grid import cases
from tests.grid.cases import Scene, a_case, brought_to, set_up
from tests.listening import Ear

State = Case.State

NAME, PHONE, MAIL = "geheimername", "13911112222", "geheim@example.org"
OPINION, NOTE, HOME, QUESTION, RATING = (
    "geheimemeinung",
    "geheimenotiz",
    "geheimewohnung",
    "geheimefrage",
    "geheimeswort",
)
EXACT = (120.1781234, 31.7156789)
MARKS = (NAME, PHONE, MAIL, OPINION, NOTE, HOME, QUESTION, RATING, "120.17812", "31.71567")
PUBLIC = "fueralle"


@pytest.fixture
def scene(town: Town) -> Scene:
    return set_up(town)


def planted(scene: Scene) -> Case:
    """A closed case at a dwelling with a mark in everything that is nobody's business."""
    case = a_case(
        scene,
        is_dwelling=True,
        address=HOME,
        house_number=77,
        longitude=EXACT[0],
        latitude=EXACT[1],
        description=f"{PUBLIC} kaputt",
        receipt=receipts.hashed("ABCD1234"),
    )
    Reporter.objects.filter(case=case).update(name=NAME, phone=f"+86{PHONE}", mail=MAIL)
    for deed, by, particulars in cases.path_to(scene, State.CLOSED):
        if deed is Deed.CLOSE:
            question = questions.ask_reporter(case=case, words=QUESTION, by=scene.unit_person)
            questions.answer_question(question=question, words=QUESTION, by=scene.reporter)
        case = moving.move(case=case, deed=deed, by=by, **{**particulars, "reason": OPINION})
    case = moving.move(case=case, deed=Deed.RATE, by=scene.reporter, rating=2, word=RATING)
    Note.objects.create(case=case, words=NOTE, by=scene.acceptor)
    return case


def found_in(text: str) -> set[str]:
    return {mark for mark in MARKS if mark in text}


def everywhere(case: Case, scene: Scene) -> dict[str, str]:
    """Every address at which everybody reads of a case."""
    return {
        "page": f"/cases/{case.number}/",
        "list": "/cases/",
        "feed": "/feeds/cases/",
        "road feed": f"/feeds/cases/roads/{scene.net.road.code}/",
        "cell feed": f"/feeds/cases/areas/{scene.net.street_cell.code}/",
        "unit feed": f"/feeds/cases/organisations/{scene.unit.slug}/",
        "api list": "/api/v1/cases/",
        "api": f"/api/v1/cases/{case.number}/",
        "road": f"/roads/{scene.net.road.code}/",
        "area": f"/grid/{scene.net.street_cell.code}/",
        "follow": f"/follow/case/{case.number}/",
        "support": f"/cases/{case.number}/support/",
        "book": f"/api/v1/updates/case:{case.number}/",
    }


@pytest.mark.parametrize(("state", "is_asked"), [(State.HANDLING, True), (State.CLOSED, False)])
def test_only_an_open_case_asks_who_has_it_too(scene: Scene, visitor: Client, state: State, is_asked: bool) -> None:
    case = brought_to(scene, state)
    assert ("您也遇到了吗" in visitor.get(f"/cases/{case.number}/").content.decode()) == is_asked


class TestPublicWordsOnly:
    def test_no_mark_in_any_public_answer(self, scene: Scene, visitor: Client) -> None:
        case = planted(scene)
        for name, address in everywhere(case, scene).items():
            answer = visitor.get(address)
            assert answer.status_code == 200, name
            assert found_in(answer.content.decode()) == set(), name

    def test_the_twin_the_public_word_is_found_where_it_should_be(self, scene: Scene, visitor: Client) -> None:
        case = planted(scene)
        told = everywhere(case, scene)
        for name in ("page", "feed", "api", "api list"):
            assert PUBLIC in visitor.get(told[name]).content.decode(), name

    def test_the_twin_the_marks_stand_in_what_the_reporter_reads(self, scene: Scene) -> None:
        client = Client()
        client.force_login(scene.reporter)
        case = planted(scene)
        mine = client.get(f"/cases/{case.number}/").content.decode()
        assert {QUESTION, RATING} <= found_in(mine)
        assert found_in(client.get("/me/data.json").content.decode()) >= {NAME, MAIL, HOME}

    @pytest.mark.parametrize("who", ["unit_person", "dispatcher", "worker"])
    def test_whoever_works_on_it_does_not_learn_the_reporter_here(self, scene: Scene, who: str) -> None:
        case = planted(scene)
        person: User = getattr(scene, who)
        client = Client()
        client.force_login(person)
        for name in ("page", "list"):
            text = client.get(everywhere(case, scene)[name]).content.decode()
            assert found_in(text) & {NAME, PHONE, MAIL, scene.reporter.name} == set(), name
            assert scene.reporter.name not in text, name
        token = tokens.issue(person=person, name="test")
        answer = Client().get(f"/api/v1/cases/{case.number}/", headers={"Authorization": f"Token {token}"})
        assert found_in(answer.content.decode()) == set()
        assert scene.reporter.name not in answer.content.decode()
        assert not permits.may_see_reporter(scene.unit_person, case)

    def test_a_dwelling_is_not_found_by_its_address(self, scene: Scene, visitor: Client) -> None:
        planted(scene)
        assert reading.titles(visitor.get("/cases/", {"q": HOME})) == []
        assert len(reading.titles(visitor.get("/cases/", {"q": PUBLIC}))) == 1
        a_case(scene, address=HOME)
        assert len(reading.titles(visitor.get("/cases/", {"q": HOME}))) == 1

    def test_positions_of_dwellings_are_rounded_and_others_are_not(self, scene: Scene, visitor: Client) -> None:
        case = planted(scene)
        told = visitor.get(f"/api/v1/cases/{case.number}/").json()
        assert (told["position"], told["is_rounded"]) == ([120.178, 31.716], True)
        other = a_case(scene, longitude=EXACT[0], latitude=EXACT[1], house_number=77)
        told = visitor.get(f"/api/v1/cases/{other.number}/").json()
        assert (told["position"], told["is_rounded"]) == (list(EXACT), False)
        assert "77" in told["place"]

    def test_a_hidden_picture_is_shown_to_those_who_work_on_it_alone(self, scene: Scene, visitor: Client) -> None:
        case = brought_to(scene, State.HANDLING)
        shown, hidden = (_photo(case, is_public=is_public) for is_public in (True, False))

        def status(client: Client, photo: Photo) -> int:
            return int(client.get(f"/cases/{case.number}/photos/{photo.pk}/small.jpg").status_code)

        unit, reporter = Client(), Client()
        unit.force_login(scene.unit_person)
        reporter.force_login(scene.reporter)
        assert [status(client, shown) for client in (visitor, unit, reporter)] == [200, 200, 200]
        assert [status(client, hidden) for client in (visitor, unit, reporter)] == [404, 200, 404]

    def test_pictures_wait_in_every_channel_until_the_report_is_taken_in(
        self, scene: Scene, visitor: Client, django_capture_on_commit_callbacks: Any
    ) -> None:
        """Faces and number plates are nobody's business before somebody has looked (domain 6.4)."""
        case = a_case(scene, anonymous=True, receipt=receipts.hashed("ABCD1234"))
        photo, hidden = _photo(case), _photo(case, is_public=False)
        sender, worker, unit, neighbour = Client(), Client(), Client(), Client()
        assert sender.post("/cases/find/", {"code": "ABCD1234"}).status_code == 302
        worker.force_login(scene.acceptor)
        unit.force_login(scene.unit_person)
        neighbour.force_login(scene.town.zhou)

        def seen(client: Client, photo: Photo = photo) -> set[str]:
            """Where this picture is shown, or served."""
            name = f"/cases/{case.number}/photos/{photo.pk}/small.jpg"
            told = {
                "page": f"/cases/{case.number}/",
                "list": "/cases/",
                "own": "/my/cases/",
                "road": f"/roads/{scene.net.road.code}/",
                "area": f"/grid/{scene.net.street_cell.code}/",
                "feed": "/feeds/cases/",
                "api": f"/api/v1/cases/{case.number}/",
            }
            shown = {where for where, path in told.items() if name in client.get(path).content.decode()}
            served = {
                size
                for size in ("small", "large")
                if client.get(f"/cases/{case.number}/photos/{photo.pk}/{size}.jpg").status_code == 200
            }
            return shown | served

        assert [seen(each) for each in (visitor, unit, neighbour)] == [set(), set(), set()]
        assert seen(sender) == {"page", "own", "small", "large"}
        assert seen(worker) == {"page", "api", "small", "large"}
        assert [seen(each, hidden) for each in (visitor, sender, worker)] == [set(), set(), {"small", "large"}]
        address = f"/cases/{case.number}/photos/{photo.pk}/small.jpg"
        assert sender.get(address)["Cache-Control"] == "private, no-store"
        for state in (State.VERIFYING, State.MERGED):
            Case.objects.filter(pk=case.pk).update(state=state, into=a_case(scene) if state == State.MERGED else None)
            assert ("page" in seen(visitor)) == (state == State.MERGED)
        Case.objects.filter(pk=case.pk).update(state=State.REPORTED, into=None)
        moving.move(case=case, deed=Deed.FILE, by=scene.acceptor, standard=scene.standard)
        assert seen(visitor) == {"page", "list", "road", "area", "api", "small", "large"}
        assert seen(visitor, hidden) == set()

    @pytest.mark.parametrize(
        ("channel", "status"), [("web", 404), ("api", 404), ("patrol", 200), ("hotline", 200), ("group", 200)]
    )
    def test_what_staff_wrote_down_staff_has_seen(
        self, scene: Scene, visitor: Client, channel: str, status: int
    ) -> None:
        case = a_case(scene, channel=channel)
        assert visitor.get(f"/cases/{case.number}/photos/{_photo(case).pk}/small.jpg").status_code == status

    def test_pictures_of_a_case_that_is_not_public_are_not_served(self, scene: Scene, visitor: Client) -> None:
        case = brought_to(scene, State.HANDLING)
        photo = _photo(case)
        address = f"/cases/{case.number}/photos/{photo.pk}/large.jpg"
        answer = visitor.get(address)
        assert (answer.status_code, answer["Content-Type"], answer["Cache-Control"]) == (
            200,
            "image/jpeg",
            "public, no-cache",
        )
        Case.objects.filter(pk=case.pk).update(is_public=False)
        assert visitor.get(address).status_code == 404
        assert visitor.get(f"/media/images/../{photo.file.name}").status_code in (400, 404)
        assert visitor.get(f"/media/{photo.file.name}").status_code == 404

    def test_a_picture_of_another_case_is_not_there(self, scene: Scene, visitor: Client) -> None:
        photo = _photo(brought_to(scene, State.HANDLING))
        other = a_case(scene)
        assert visitor.get(f"/cases/{other.number}/photos/{photo.pk}/small.jpg").status_code == 404


def _photo(case: Case, *, is_public: bool = True) -> Photo:
    picture = cases.a_picture()
    photo = Photo(case=case, is_public=is_public, width=1, height=1)
    photo.small.save("s.jpg", ContentFile(picture.small), save=False)
    photo.file.save("l.jpg", ContentFile(picture.picture), save=False)
    photo.width = photo.height = 1
    photo.save()
    return photo


class TestNotPublic:
    @pytest.mark.parametrize("state", [State.REJECTED, State.VOID])
    def test_it_is_not_there_for_strangers_and_is_for_its_reporter(
        self, scene: Scene, visitor: Client, state: Case.State
    ) -> None:
        case = brought_to(scene, state)
        assert visitor.get(f"/cases/{case.number}/").status_code == 404
        assert visitor.get(f"/api/v1/cases/{case.number}/").status_code == 404
        assert visitor.get(f"/follow/case/{case.number}/").status_code == 404
        assert case.number not in visitor.get("/cases/").content.decode()
        assert case.number not in visitor.get("/feeds/cases/").content.decode()
        client = Client()
        client.force_login(scene.reporter)
        assert client.get(f"/cases/{case.number}/").status_code == 200

    def test_live_too(self, scene: Scene) -> None:
        case = a_case(scene)
        assert permits.may_follow_case(scene.town.dana, case.number)
        Case.objects.filter(pk=case.pk).update(is_public=False)
        assert not permits.may_follow_case(scene.town.dana, case.number)
        assert permits.may_follow_case(scene.reporter, case.number)


class TestTheTimeLine:
    def test_it_says_who_and_when_it_was_moved(self, scene: Scene, visitor: Client) -> None:
        case = brought_to(scene, State.HANDLING)
        before = case.due_at
        moving.move(case=case, deed=Deed.ASK_DELAY, by=scene.unit_person, reason=OPINION)
        case = moving.move(case=case, deed=Deed.GRANT_DELAY, by=scene.dispatcher)
        assert before is not None
        assert case.due_at is not None
        assert case.due_at > before
        words = reading.main(visitor.get(f"/cases/{case.number}/", headers={"Accept-Language": "en"}))
        assert scene.unit.name_en in words
        assert re.search(r"More time was given", words)
        steps = visitor.get(f"/api/v1/cases/{case.number}/").json()["steps"]
        assert [step["deed"] for step in steps] == ["file", "dispatch", "take", "grant_delay"]
        assert steps[-1]["due_at"] != steps[-2]["due_at"]
        assert OPINION not in words

    def test_put_off_with_its_day_and_word(self, scene: Scene, visitor: Client) -> None:
        case = brought_to(scene, State.SUSPENDED)
        words = reading.main(visitor.get(f"/cases/{case.number}/", headers={"Accept-Language": "en"}))
        assert "等雨停" in words
        assert "Put off until" in words

    def test_a_joined_case_points_to_the_other(self, scene: Scene, visitor: Client) -> None:
        case = brought_to(scene, State.MERGED)
        assert case.into is not None
        page = reading.page(visitor.get(f"/cases/{case.number}/"))
        assert page.find("a", href=f"/cases/{case.into.number}/")
        assert visitor.get(f"/api/v1/cases/{case.number}/").json()["into"] == case.into.number
        Case.objects.filter(pk=case.into.pk).update(is_public=False)
        answer = visitor.get(f"/cases/{case.number}/")
        assert case.into.number not in answer.content.decode()
        assert visitor.get(f"/api/v1/cases/{case.number}/").json()["into"] is None

    @pytest.mark.parametrize("state", list(State))
    @pytest.mark.parametrize("language", ["en", "zh-hans"])
    def test_every_state_has_a_page(self, scene: Scene, state: Case.State, language: str) -> None:
        client = Client(headers={"Accept-Language": language})
        client.force_login(scene.reporter)
        case = brought_to(scene, state)
        assert client.get(f"/cases/{case.number}/").status_code == 200
        assert client.get("/my/cases/").status_code == 200


class TestTheList:
    def test_filters(self, scene: Scene, visitor: Client) -> None:
        open_one = brought_to(scene, State.DISPATCHED, description="offen")
        done = brought_to(scene, State.CLOSED, description="fertig")
        old = a_case(scene, description="alt", road=None, cell=None)
        Case.objects.filter(pk=old.pk).update(reported_at=timezone.now() - timedelta(days=20))

        def listed(**asked: str) -> set[str]:
            page = reading.page(visitor.get("/cases/", asked))
            return {str(link["href"]).split("/")[2] for link in page.select(".card-title a")}

        assert listed() == {open_one.number, done.number, old.number}
        assert listed(state="open") == {open_one.number, old.number}
        assert listed(state="answered") == {done.number}
        assert listed(road=scene.net.road.code) == {open_one.number, done.number}
        assert listed(cell=scene.net.street_cell.code) == {open_one.number, done.number}
        assert listed(**{"class": "E99"}) == {open_one.number, done.number}
        assert listed(unit=scene.unit.slug) == {open_one.number, done.number}
        assert listed(days="7") == {open_one.number, done.number}
        assert listed(q="fertig") == {done.number}
        assert listed(q=done.number) == {done.number}
        assert listed(state="nonsense", road="?", days="x") == {open_one.number, done.number, old.number}

    def test_queries_do_not_grow(self, scene: Scene, visitor: Client) -> None:
        asked: dict[int, dict[str, int]] = {}
        for rows in (1, 3, 30):
            while Case.objects.count() < rows:
                case = a_case(scene, channel=Case.Channel.PATROL)
                _photo(case)
            for address in ("/cases/", "/feeds/cases/", "/api/v1/cases/", f"/roads/{scene.net.road.code}/"):
                asked.setdefault(rows, {})[address] = _queries(visitor, address)
        assert asked[1] == asked[3] == asked[30]

    def test_a_page_holds_twenty(self, scene: Scene, visitor: Client) -> None:
        for _ in range(21):
            a_case(scene)
        assert len(reading.titles(visitor.get("/cases/"))) == 20
        assert len(reading.titles(visitor.get("/cases/?page=2"))) == 1

    def test_it_may_be_kept_by_caches(self, scene: Scene, visitor: Client) -> None:
        case = a_case(scene)
        for address in ("/cases/", f"/cases/{case.number}/", "/feeds/cases/"):
            answer = visitor.get(address)
            assert answer["Cache-Control"] == "public, no-cache", address
            assert "csrfmiddlewaretoken" not in answer.content.decode(), address

    def test_the_rows_of_a_road_are_only_its_own(self, scene: Scene) -> None:
        a_case(scene)
        assert Case.objects.filter(permits.lies_in(scene.net.north)).count() == 1
        assert Case.objects.filter(permits.lies_in(scene.net.south)).count() == 0

    def test_without_a_cell_it_lies_where_its_road_does(self, scene: Scene, visitor: Client) -> None:
        on_the_road = a_case(scene, cell=None)
        nowhere = a_case(scene, cell=None, road=None)
        inside = {"north": {on_the_road}, "south": set(), "town": {on_the_road, nowhere}}
        for name, expected in inside.items():
            area = getattr(scene.net, name)
            fed = visitor.get(f"/feeds/cases/areas/{area.code}/").content.decode()
            assert {case for case in (on_the_road, nowhere) if case.number in fed} == expected, name
        assert on_the_road.number in visitor.get(f"/grid/{scene.net.north.code}/").content.decode()

    def test_the_feed_begins_with_what_was_touched_last(self, scene: Scene, visitor: Client) -> None:
        first, second = a_case(scene), a_case(scene)
        for deed, by, given in cases.path_to(scene, State.FILED):
            moving.move(case=first, deed=deed, by=by, **given)
        # What only those hear of who work on it makes nothing new.
        moving.move(case=second, deed=Deed.CORRECT, by=scene.acceptor, is_urgent=True)
        fed = visitor.get("/feeds/cases/").content.decode()
        assert fed.index(first.number) < fed.index(second.number)
        second.refresh_from_db()
        assert second.touched_at == second.reported_at


def _queries(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


class TestLive:
    def test_the_frames_hold_no_mark(self, committed: Town) -> None:
        with listening.layer(listening.IN_MEMORY):
            scene = set_up(committed)
            case = planted(scene)

            async def scenario() -> list[dict[str, Any]]:
                ear = await Ear().open()
                await ear.follow(f"case:{case.number}")
                frames = list(ear.frames)
                await ear.close()
                return frames

            frames = listening.run(scenario())
        assert sum(len(frame["updates"]) for frame in frames) >= 6
        assert found_in(str(frames)) == set()
        assert scene.reporter.name not in str(frames)
