"""One's own report: found by its code, rated and asked for again once, asked and answered."""

import io
import threading
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone
from PIL import Image

from communities import own_data
from grid.cases import adding, moving, questions
from grid.desk import blurring
from grid.models import Case, Photo, Question, Reporter, Step
from grid.reports import finding, photographs, receipts
from grid.rules.transitions import Actor, Deed
from kit import deeds
from kit.refusals import Refused
from tests import reading
from tests.cast import Town
from tests.events.test_races import at_once, meet
from tests.grid import cases
from tests.grid.cases import Scene, a_case, brought_to, set_up
from updates.models import Message, Outgoing

State = Case.State

CODE = "ABCD1234"


@pytest.fixture
def scene(town: Town) -> Scene:
    return set_up(town)


def found(scene: Scene, state: Case.State, **fields: Any) -> tuple[Client, Case]:
    """A browser that has shown the code of a case without an account."""
    case = brought_to(scene, state, anonymous=True, receipt=receipts.hashed(CODE), **fields)
    client = Client()
    answer = client.post("/cases/find/", {"code": CODE})
    assert (answer.status_code, answer["Location"]) == (302, f"/cases/{case.number}/")
    return client, case


class TestFinding:
    @pytest.mark.parametrize("written", [CODE, "abcd-1234", " abcd 1234 ", "ABCDL234", "abcd–i234", "ａｂｃｄ１２３４"])
    def test_the_code_is_read_as_people_write_it(self, scene: Scene, written: str) -> None:
        case = a_case(scene, anonymous=True, receipt=receipts.hashed(CODE))
        answer = Client().post("/cases/find/", {"code": written})
        assert (answer.status_code, answer["Location"]) == (302, f"/cases/{case.number}/")

    @pytest.mark.parametrize("written", ["", "x", "ABCD1235", "U" * 8, "A" * 41, "😀" * 8])
    def test_what_is_wrong_gets_a_sentence_and_stays(self, scene: Scene, written: str) -> None:
        a_case(scene, receipt=receipts.hashed(CODE))
        answer = Client().post("/cases/find/", {"code": written})
        assert answer.status_code == 422
        assert reading.errors(answer, "code")
        if len(written) < 41:
            assert written in answer.content.decode()

    def test_a_case_that_is_not_public_is_found_by_its_code_alone(self, scene: Scene, visitor: Client) -> None:
        client, case = found(scene, State.REJECTED)
        assert client.get(f"/cases/{case.number}/").status_code == 200
        assert visitor.get(f"/cases/{case.number}/").status_code == 404
        assert CODE not in client.get(f"/cases/{case.number}/").content.decode()
        assert reading.titles(client.get("/my/cases/")) != []

    def test_the_browser_forgets_it_when_told(self, scene: Scene) -> None:
        client, case = found(scene, State.REJECTED)
        assert client.post("/cases/forget/").status_code == 302
        assert client.get(f"/cases/{case.number}/").status_code == 404

    def test_one_address_tries_twenty_times(self, scene: Scene) -> None:
        case = a_case(scene, anonymous=True, receipt=receipts.hashed(CODE))
        client = Client(REMOTE_ADDR="10.0.0.1")
        for _ in range(finding.MOST):
            assert client.post("/cases/find/", {"code": "ABCD1235"}).status_code == 422
        answer = client.post("/cases/find/", {"code": CODE})
        assert answer.status_code == 429
        assert int(answer["Retry-After"]) > 0
        assert reading.errors(answer, "code")
        other = Client(REMOTE_ADDR="10.0.0.2")
        assert other.post("/cases/find/", {"code": CODE})["Location"] == f"/cases/{case.number}/"

    def test_the_twin_without_the_count_one_goes_on_guessing(
        self, scene: Scene, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        a_case(scene, anonymous=True, receipt=receipts.hashed(CODE))
        monkeypatch.setattr(finding, "_count", lambda _where: None)
        client = Client(REMOTE_ADDR="10.0.0.1")
        for _ in range(finding.MOST):
            client.post("/cases/find/", {"code": "ABCD1235"})
        assert client.post("/cases/find/", {"code": CODE}).status_code == 302

    def test_right_and_wrong_codes_cost_the_same(self, scene: Scene, django_assert_num_queries: Any) -> None:
        a_case(scene, anonymous=True, receipt=receipts.hashed(CODE))
        for code in ("ABCD1235", "ABCD1236"):
            with django_assert_num_queries(1), pytest.raises(Refused):
                finding.find(code, address="a")
        with django_assert_num_queries(1):
            finding.find(CODE, address="a")
        cache.clear()


class TestRatingAndAskingAgain:
    def test_by_receipt_once(self, scene: Scene) -> None:
        client, case = found(scene, State.CLOSED)
        page = reading.page(client.get(f"/cases/{case.number}/"))
        assert page.find("a", href=f"/cases/{case.number}/rate/")
        assert client.post(f"/cases/{case.number}/rate/", {"rating": "2", "word": "zu spät"}).status_code == 302
        case.refresh_from_db()
        assert (case.satisfaction, case.satisfaction_word) == (2, "zu spät")
        assert client.post(f"/cases/{case.number}/rate/", {"rating": "5"}).status_code == 409
        page = reading.page(client.get(f"/cases/{case.number}/"))
        assert not page.find("a", href=f"/cases/{case.number}/rate/")
        case.refresh_from_db()
        assert case.satisfaction == 2

    def test_handled_again_once(self, scene: Scene) -> None:
        client, case = found(scene, State.CLOSED)
        address = f"/cases/{case.number}/again/"
        answer = client.post(address, {"reason": " "})
        assert (answer.status_code, bool(reading.errors(answer, "reason"))) == (422, True)
        assert client.post(address, {"reason": "noch da"}).status_code == 302
        case = Case.objects.get(pk=case.pk)
        assert (case.state, case.reopenings) == (State.REWORK, 1)
        for deed, by, particulars in list(cases.path_to(scene, State.CLOSED))[2:]:
            case = moving.move(case=case, deed=deed, by=by, **particulars)
        answer = client.post(address, {"reason": "immer noch"})
        assert answer.status_code == 409
        assert "immer noch" in answer.content.decode()

    def test_not_after_thirty_days(self, scene: Scene) -> None:
        client, case = found(scene, State.CLOSED)
        Case.objects.filter(pk=case.pk).update(closed_at=timezone.now() - timedelta(days=31))
        assert client.post(f"/cases/{case.number}/rate/", {"rating": "5"}).status_code == 409
        assert not reading.page(client.get(f"/cases/{case.number}/")).find("a", href=f"/cases/{case.number}/rate/")

    def test_nobody_else_may(self, scene: Scene, visitor: Client) -> None:
        case = brought_to(scene, State.CLOSED)
        for path in ("rate/", "again/"):
            assert visitor.post(f"/cases/{case.number}/{path}", {"rating": "5", "reason": "x"}).status_code == 404
        unit = Client()
        unit.force_login(scene.unit_person)
        assert unit.post(f"/cases/{case.number}/rate/", {"rating": "5"}).status_code == 404
        case.refresh_from_db()
        assert case.satisfaction is None

    def test_with_an_account_without_the_code(self, scene: Scene) -> None:
        case = brought_to(scene, State.CLOSED)
        client = Client()
        client.force_login(scene.reporter)
        assert reading.titles(client.get("/my/cases/"))
        assert client.post(f"/cases/{case.number}/rate/", {"rating": "5"}).status_code == 302
        assert Step.objects.get(case=case, deed=Deed.RATE).by == scene.reporter


class TestRaces:
    @pytest.fixture
    def careless(self, monkeypatch: pytest.MonkeyPatch) -> threading.Barrier:
        """Everybody has read before anybody writes; the test takes the lock of the case away."""
        if connection.vendor == "sqlite":
            # There one deed waits for the other anyhow; without transactions none does.
            monkeypatch.setattr(deeds, "_in_one_transaction", deeds._with_its_end)
            monkeypatch.setattr(deeds, "before_commit", lambda _finish, _item: None)
        return threading.Barrier(2)

    def test_asked_again_twice_at_once_it_is_done_once(self, committed: Town) -> None:
        scene = set_up(committed)
        case = brought_to(scene, State.CLOSED, anonymous=True)

        def again(reason: str) -> str:
            try:
                moving.move(case=case, deed=Deed.REOPEN, by=None, actor_hint=Actor.REPORTER, reason=reason)
            except Refused as refusal:
                return refusal.code
            return "done"

        said = at_once(lambda: again("eins"), lambda: again("zwei"))
        assert sorted(said) == ["done", "not_now"]
        assert Case.objects.get(pk=case.pk).reopenings == 1

    def test_the_twin_without_the_lock_nobody_is_told_that_it_was_done(
        self, committed: Town, careless: threading.Barrier, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        scene = set_up(committed)
        case = brought_to(scene, State.CLOSED, anonymous=True)

        def unlocked(*cases_: Case) -> dict[int, Case]:
            rows = {row.pk: row for row in Case.objects.filter(pk__in=[each.pk for each in cases_])}
            meet(careless)
            return rows

        monkeypatch.setattr(moving, "_held", unlocked)

        def again(reason: str) -> str:
            try:
                moving.move(case=case, deed=Deed.REOPEN, by=None, actor_hint=Actor.REPORTER, reason=reason)
            except Refused as refusal:
                return refusal.code
            return "done"

        said = at_once(lambda: again("eins"), lambda: again("zwei"))
        assert "not_now" not in said

    def test_answered_twice_at_once_one_answer_stands(self, committed: Town) -> None:
        scene = set_up(committed)
        case = brought_to(scene, State.HANDLING, anonymous=True)
        question = questions.ask_reporter(case=case, words="wo?", by=scene.unit_person)

        def answer(words: str) -> str:
            try:
                questions.answer_question(question=question, words=words, by=None)
            except Refused as refusal:
                return refusal.code
            return words

        said = at_once(lambda: answer("hier"), lambda: answer("dort"))
        assert sorted(each == "answered" for each in said) == [False, True]
        assert Question.objects.get().reply in said

    def test_the_twin_without_the_lock_two_answers_are_taken(
        self, committed: Town, careless: threading.Barrier, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        scene = set_up(committed)
        case = brought_to(scene, State.HANDLING, anonymous=True)
        question = questions.ask_reporter(case=case, words="wo?", by=scene.unit_person)
        monkeypatch.setattr(questions, "_held", lambda case: Case.objects.get(pk=case.pk))
        write = questions.timezone.now

        def when_both_have_read() -> Any:
            meet(careless)
            return write()

        monkeypatch.setattr(questions, "timezone", SimpleNamespace(now=when_both_have_read))
        said = at_once(
            *(lambda words=words: questions.answer_question(question=question, words=words, by=None) for words in "ab")
        )
        assert [isinstance(each, Question) for each in said] == [True, True]


class TestAdding:
    def test_words_and_pictures_reach_those_who_work_on_it_without_a_name(self, scene: Scene, visitor: Client) -> None:
        client, case = found(scene, State.HANDLING)
        address = f"/cases/{case.number}/add/"
        assert reading.page(client.get(f"/cases/{case.number}/")).find("a", href=address)
        typed = {"words": "现在堵得更厉害了", "photos": [_file("a.png"), _file("b.png")]}
        assert client.post(address, typed).status_code == 302
        note = case.notes.get()
        assert (note.words, note.by) == ("现在堵得更厉害了", None)
        assert [(photo.moment, photo.is_public) for photo in case.photos.all()] == [("before", False)] * 2
        told = Message.objects.get(person=scene.handler, kind="case_added")
        assert (told.payload["words"], told.payload["url"]) == (note.words, f"/cases/desk/{case.number}/")
        assert scene.reporter.name not in str(told.payload)
        assert "现在堵得更厉害了" in reading.main(client.get(f"/cases/{case.number}/"))
        unit = Client()
        unit.force_login(scene.unit_person)
        desk = reading.main(unit.get(f"/cases/desk/{case.number}/"))
        assert "现在堵得更厉害了" in desk
        assert scene.reporter.name not in desk
        for path in (f"/cases/{case.number}/", f"/api/v1/cases/{case.number}/", "/feeds/cases/"):
            page = visitor.get(path).content.decode()
            assert "现在堵得更厉害了" not in page
            assert f"/photos/{case.photos.first().pk}/" not in page

    def test_the_picture_is_everybodys_once_the_desk_shows_it(self, scene: Scene, visitor: Client) -> None:
        client, case = found(scene, State.HANDLING)
        assert client.post(f"/cases/{case.number}/add/", {"photos": _file("a.png")}).status_code == 302
        photo = case.photos.get()
        address = f"/cases/{case.number}/photos/{photo.pk}/small.jpg"
        assert (visitor.get(address).status_code, client.get(address).status_code) == (404, 404)
        blurring.show(photo=photo, is_public=True, by=scene.acceptor)
        assert visitor.get(address).status_code == 200

    def test_the_same_press_of_a_button_is_one(self, scene: Scene) -> None:
        _client, case = found(scene, State.HANDLING)
        made = photographs.clean(io.BytesIO(_png()))
        for _twice in range(2):
            adding.add(case=case, words="x", photos=[made], by=None)
        assert (case.notes.count(), case.photos.count()) == (1, 1)
        adding.add(case=case, words="x", by=None)
        adding.add(case=case, words="y", by=None)
        assert case.notes.count() == 3

    def test_a_mistake_loses_no_words(self, scene: Scene) -> None:
        client, case = found(scene, State.HANDLING)
        address = f"/cases/{case.number}/add/"
        answer = client.post(address, {"words": " "})
        assert (answer.status_code, bool(reading.errors(answer, "words"))) == (422, True)
        broken = SimpleUploadedFile("a.jpg", b"no picture", "image/jpeg")
        answer = client.post(address, {"words": "东门", "photos": broken})
        assert (answer.status_code, bool(reading.errors(answer, "photos"))) == (422, True)
        assert "东门" in reading.words(reading.page(answer).find("textarea"))
        many = [_file(f"{each}.png") for each in range(4)]
        answer = client.post(address, {"words": "东门", "photos": many})
        assert (answer.status_code, bool(reading.errors(answer, "photos"))) == (422, True)
        assert not case.notes.exists()

    def test_nothing_is_added_to_what_is_ended(self, scene: Scene) -> None:
        client, case = found(scene, State.CLOSED)
        address = f"/cases/{case.number}/add/"
        assert not reading.page(client.get(f"/cases/{case.number}/")).find("a", href=address)
        assert client.post(address, {"words": "x"}).status_code == 409

    def test_nobody_else_adds_anything(self, scene: Scene, visitor: Client) -> None:
        case = brought_to(scene, State.HANDLING)
        assert visitor.post(f"/cases/{case.number}/add/", {"words": "x"}).status_code == 404
        for person in (scene.acceptor, scene.unit_person, scene.town.dana):
            client = Client()
            client.force_login(person)
            assert client.post(f"/cases/{case.number}/add/", {"words": "x"}).status_code == 404
            with pytest.raises(Refused):
                adding.add(case=case, words="x", by=person)
        adding.add(case=case, words="dazu", by=scene.reporter)
        assert "dazu" in str(own_data.file_of(scene.reporter))
        assert scene.reporter.name not in str(Message.objects.get(kind="case_added").payload)

    def test_ten_times_are_enough(self, scene: Scene) -> None:
        _client, case = found(scene, State.HANDLING)
        for each in range(adding.MOST_ADDED):
            adding.add(case=case, words=str(each), by=None)
        with pytest.raises(Refused) as no:
            adding.add(case=case, words="noch", by=None)
        assert no.value.code == "too_many"


class TestQuestions:
    def test_asked_answered_told(self, scene: Scene) -> None:
        client, case = found(scene, State.HANDLING)
        question = questions.ask_reporter(case=case, words="东门还是西门？", by=scene.unit_person)
        assert "东门还是西门？" in reading.main(client.get(f"/cases/{case.number}/"))
        address = f"/cases/{case.number}/questions/{question.pk}/"
        answer = client.post(address, {"words": ""})
        assert (answer.status_code, bool(reading.errors(answer, "words"))) == (422, True)
        broken = SimpleUploadedFile("a.jpg", b"no picture", "image/jpeg")
        answer = client.post(address, {"words": "东门", "photo": broken})
        assert (answer.status_code, bool(reading.errors(answer, "photo"))) == (422, True)
        assert "东门" in reading.words(reading.page(answer).find("textarea"))
        picture = SimpleUploadedFile("a.png", _png(), "image/png")
        assert client.post(address, {"words": "东门", "photo": picture}).status_code == 302
        question.refresh_from_db()
        assert (question.reply, Photo.objects.get(case=case).is_public) == ("东门", False)
        told = Message.objects.get(person=scene.unit_person, kind="case_answered")
        assert told.payload["reply"] == "东门"
        assert scene.reporter.name not in str(told.payload)
        assert client.post(address, {"words": "西门"}).status_code == 409

    def test_one_with_an_account_is_told(self, scene: Scene) -> None:
        case = brought_to(scene, State.HANDLING)
        questions.ask_reporter(case=case, words="wo?", by=scene.unit_person)
        assert Message.objects.filter(person=scene.reporter, kind="case_asked").count() == 1
        client = Client()
        client.force_login(scene.reporter)
        assert client.get("/me/").status_code == 200
        assert "wo?" in client.get("/my/messages/").content.decode()

    def test_one_question_at_a_time_and_none_when_it_is_ended(self, scene: Scene) -> None:
        case = brought_to(scene, State.HANDLING)
        questions.ask_reporter(case=case, words="wo?", by=scene.unit_person)
        with pytest.raises(Refused) as refused:
            questions.ask_reporter(case=case, words="wann?", by=scene.acceptor)
        assert refused.value.code == "question_waits"
        with pytest.raises(Refused) as refused:
            questions.ask_reporter(case=brought_to(scene, State.CLOSED), words="wo?", by=scene.acceptor)
        assert refused.value.code == "ended"

    def test_it_is_asked_at_the_desk_and_answered_there(self, scene: Scene) -> None:
        client, case = found(scene, State.HANDLING)
        desk = f"/cases/desk/{case.number}/"
        unit, worker = Client(), Client()
        unit.force_login(scene.unit_person)
        worker.force_login(scene.worker)
        empty = unit.post(f"{desk}question/", {"question": " "})
        assert (empty.status_code, bool(reading.errors(empty, "question"))) == (422, True)
        assert unit.post(f"{desk}question/", {"question": "哪一棵树？"}).status_code == 302
        twice = unit.post(f"{desk}question/", {"question": "路口还是桥头？"})
        assert twice.status_code == 409
        assert "路口还是桥头？" in reading.words(reading.page(twice).find(id="id_question"))
        address = f"/cases/{case.number}/questions/{Question.objects.get().pk}/"
        assert client.post(address, {"words": "桥头第二棵"}).status_code == 302
        for colleague in (unit, worker):
            read = reading.main(colleague.get(desk))
            assert "哪一棵树？" in read
            assert "桥头第二棵" in read
            assert scene.reporter.name not in read
        told = Message.objects.get(person=scene.unit_person, kind="case_answered")
        assert told.payload["url"] == desk

    def test_who_only_looks_from_aside_reads_nothing_of_it(self, scene: Scene) -> None:
        case = brought_to(scene, State.FEEDBACK)
        questions.ask_reporter(case=case, words="geheimefrage", by=scene.unit_person)
        neighbour = Client()
        neighbour.force_login(scene.town.zhou)
        answer = neighbour.get(f"/cases/desk/{case.number}/")
        assert (answer.status_code, "geheimefrage" in answer.content.decode()) == (200, False)
        assert neighbour.post(f"/cases/desk/{case.number}/question/", {"question": "wo?"}).status_code == 403

    def test_a_part_asks_through_the_whole(self, scene: Scene) -> None:
        whole = brought_to(scene, State.FILED)
        moving.move(case=whole, deed=Deed.SPLIT, by=scene.dispatcher, units=[scene.town.school])
        part = Case.objects.get(part_of=whole)
        there = scene.town.bo
        assert questions.may_ask(there, part)
        question = questions.ask_reporter(case=part, words="wo genau?", by=there)
        assert (question.case, question.part) == (whole, part)
        client = Client()
        client.force_login(scene.reporter)
        assert "wo genau?" in reading.main(client.get(f"/cases/{whole.number}/"))
        picture = SimpleUploadedFile("a.png", _png(), "image/png")
        address = f"/cases/{whole.number}/questions/{question.pk}/"
        assert client.post(address, {"words": "hier", "photo": picture}).status_code == 302
        assert Photo.objects.get().case == part
        client.force_login(there)
        assert "hier" in reading.main(client.get(f"/cases/desk/{part.number}/"))

    def test_one_who_left_a_mail_address_is_written_to(self, scene: Scene, settings: Any) -> None:
        settings.MAIL_CARRIER = "console"
        case = brought_to(scene, State.HANDLING, anonymous=True)
        Reporter.objects.filter(case=case).update(mail="somebody@example.org")
        questions.ask_reporter(case=case, words="wo genau?", by=scene.unit_person)
        letter = Outgoing.objects.get(address="somebody@example.org")
        assert "wo genau?" in letter.body
        assert "/cases/find/" in letter.body

    def test_the_database_keeps_one_waiting_question(self, scene: Scene) -> None:
        case = brought_to(scene, State.HANDLING)
        Question.objects.create(case=case, words="wo?", asked_by=scene.unit_person)
        with pytest.raises(IntegrityError), transaction.atomic():
            Question.objects.create(case=case, words="wann?", asked_by=scene.unit_person)

    @pytest.mark.parametrize("who", ["dispatcher", "reporter", "worker"])
    def test_others_do_not_ask(self, scene: Scene, who: str) -> None:
        case = brought_to(scene, State.HANDLING)
        with pytest.raises(Refused) as refused:
            questions.ask_reporter(case=case, words="wo?", by=getattr(scene, who))
        assert (refused.value.code, refused.value.status) == ("no_right", 403)

    def test_nobody_else_reads_or_answers_it(self, scene: Scene, visitor: Client) -> None:
        case = brought_to(scene, State.HANDLING)
        question = questions.ask_reporter(case=case, words="geheimefrage", by=scene.unit_person)
        assert "geheimefrage" not in visitor.get(f"/cases/{case.number}/").content.decode()
        address = f"/cases/{case.number}/questions/{question.pk}/"
        assert visitor.get(address).status_code == 404
        assert visitor.post(address, {"words": "x"}).status_code == 404
        with pytest.raises(Refused):
            questions.answer_question(question=question, words="x", by=scene.town.dana)


def _file(name: str) -> SimpleUploadedFile:
    image = Image.new("RGB", (20, 20 + ord(name[0]) % 7), "white")
    written = io.BytesIO()
    image.save(written, "PNG")
    return SimpleUploadedFile(name, written.getvalue(), "image/png")


def _png() -> bytes:
    written = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(written, "PNG")
    return written.getvalue()
