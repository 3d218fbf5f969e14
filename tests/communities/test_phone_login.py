"""Coming in by a code to one's number: the same form for who is known and who is not, and the same answers."""

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from communities import accounts, codes, privacy, suspending
from communities.models import Consent, User
from kit.refusals import Refused
from tests.cast import Town
from tests.reading import errors, main, page
from updates import carriers
from updates.carriers import Letter
from updates.models import Outgoing

LOGIN, NUMBER, CODE, AGAIN = "/account/login/", "/account/number/", "/account/code/", "/account/code/again/"
WELCOME = "/account/welcome/"
KNOWN, UNKNOWN = "10000000007", "10012345678"


@pytest.fixture(autouse=True)
def _own_cache(settings: Any) -> None:
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "codes"}}
    cache.clear()


@pytest.fixture(autouse=True)
def sent(monkeypatch: pytest.MonkeyPatch) -> list[Letter]:
    """What left by SMS."""
    letters: list[Letter] = []

    class Phone:
        def carry(self, letter: Letter) -> str:
            letters.append(letter)
            return "phone"

    monkeypatch.setitem(carriers.CARRIERS, "file", Phone)
    return letters


@pytest.fixture
def clock(time_machine: Any) -> Any:
    """The clock: it stands, and is moved on."""
    time_machine.move_to(datetime.now(UTC), tick=False)
    return time_machine


def code_in(letter: Letter) -> str:
    found = re.search(r"\d{6}", letter.body)
    assert found
    return found[0]


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06}"


def ask(client: Client, phone: str = KNOWN, **more: str) -> Any:
    return client.post(NUMBER, {"phone": phone, **more})


def come_in(client: Client, sent: list[Letter], phone: str = KNOWN, **more: str) -> Any:
    ask(client, phone, **more)
    return client.post(CODE, {"code": code_in(sent[-1])})


def who(client: Client) -> str | None:
    return client.session.get("_auth_user_id")


class TestTheDoor:
    def test_the_number_is_asked_for_first_and_the_password_is_there_too(self, visitor: Client, town: Town) -> None:
        forms = page(visitor.get(LOGIN)).select("main form")
        assert [[field["name"] for field in form.select("input:not([type=hidden])")] for form in forms] == [
            ["phone"],
            ["username", "password"],
        ]

    def test_with_the_code_one_is_in_and_goes_on(self, visitor: Client, town: Town, sent: list[Letter]) -> None:
        answer = come_in(visitor, sent, next="/my/activities/")
        assert (answer.status_code, answer["Location"]) == (302, "/my/activities/")
        assert who(visitor) == str(town.chen.pk)
        assert [letter.address for letter in sent] == ["+8610000000007"]

    def test_the_session_begins_anew_and_keeps_nothing_of_the_code(
        self, visitor: Client, town: Town, sent: list[Letter]
    ) -> None:
        ask(visitor)
        before = visitor.session.session_key
        visitor.post(CODE, {"code": code_in(sent[-1])})
        assert visitor.session.session_key != before
        assert codes.SESSION_KEY not in visitor.session

    @pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
    def test_no_way_leads_off_the_site(self, visitor: Client, town: Town, sent: list[Letter], target: str) -> None:
        assert come_in(visitor, sent, next=target)["Location"] == "/"

    @pytest.mark.parametrize("target", ["x", "-1", "communities:login", "actions/"])
    def test_a_bare_word_is_no_address(self, visitor: Client, town: Town, sent: list[Letter], target: str) -> None:
        assert come_in(visitor, sent, next=target)["Location"] == "/"
        assert visitor.post("/account/consent/", {"later": "1", "next": target})["Location"] == "/"

    @pytest.mark.parametrize("written", ["100 0000 0007", "+8610000000007", "１００００００００07"])
    def test_a_number_is_one_however_it_is_written(
        self, visitor: Client, town: Town, sent: list[Letter], written: str
    ) -> None:
        come_in(visitor, sent, written)
        assert who(visitor) == str(town.chen.pk)

    @pytest.mark.parametrize("written", ["", "mei", "1380000000", "0510-83880000", "1" * 40])
    def test_what_is_no_number_comes_back_with_a_sentence(
        self, visitor: Client, town: Town, sent: list[Letter], written: str
    ) -> None:
        answer = ask(visitor, written)
        assert answer.status_code == 422
        assert errors(answer, "phone")
        assert page(answer).select_one("[name=phone]")["value"] == written if written else True
        assert sent == []

    def test_digits_as_people_copy_them(self, visitor: Client, town: Town, sent: list[Letter]) -> None:
        ask(visitor)
        code = code_in(sent[-1])
        full_width = "".join(chr(ord(digit) + 0xFEE0) for digit in code)
        visitor.post(CODE, {"code": f" {full_width[:3]} {full_width[3:]} "})
        assert who(visitor) == str(town.chen.pk)

    def test_where_no_sms_leave_the_password_is_the_way(self, visitor: Client, town: Town, settings: Any) -> None:
        settings.SMS_CARRIER = "none"
        door = page(visitor.get(LOGIN))
        assert [form["action"] for form in door.select("main form")] == [LOGIN]
        answer = ask(visitor)
        assert answer.status_code == 503
        assert "本站还不能发验证码，请用用户名和密码登录。" in main(answer)

    def test_a_carrier_that_fails_is_said_and_nothing_can_be_guessed(
        self, visitor: Client, town: Town, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        class Broken:
            def carry(self, letter: Letter) -> str:
                raise OSError(letter.body)

        monkeypatch.setitem(carriers.CARRIERS, "file", Broken)
        assert ask(visitor).status_code == 503
        assert codes.SESSION_KEY not in visitor.session

    def test_the_page_shows_the_code_in_the_demonstration_only(
        self, visitor: Client, town: Town, sent: list[Letter], settings: Any
    ) -> None:
        settings.CODES_SHOWN = False
        ask(visitor)
        assert code_in(sent[-1]) not in visitor.get(CODE).content.decode()
        settings.CODES_SHOWN = True
        visitor.session.flush()
        ask(visitor, UNKNOWN)
        assert page(visitor.get(CODE)).select_one(".code-shown").get_text() == code_in(sent[-1])

    def test_a_number_is_enough_as_a_name_beside_the_password(self, visitor: Client, town: Town) -> None:
        accounts.set_password(person=town.chen, password="one-long-password")
        visitor.post(LOGIN, {"username": "100 0000 0007", "password": "one-long-password"})
        assert who(visitor) == str(town.chen.pk)


class TestNobodyLearnsWhoIsHere:
    def bare(self, answer: Any) -> str:
        """The page without what must differ: tokens, the code that was sent or typed, the end of the number."""
        text = answer.content.decode()
        text = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", text)
        text = re.sub(r'(code-shown">|value=")\d{6}', "", text)
        return re.sub(r"100\*{4}\d{4}", "", text)

    def test_known_and_unknown_numbers_get_the_same_bytes_and_the_same_work(
        self, town: Town, sent: list[Letter], clock: Any
    ) -> None:
        User.objects.filter(pk=town.lan.pk).update(is_active=False)
        told = {}
        for phone in (KNOWN, UNKNOWN, "10000000006"):
            client = Client()
            client.get(LOGIN)
            with CaptureQueriesContext(connection) as asked:
                first = ask(client, phone)
            seen = client.get(CODE)
            with CaptureQueriesContext(connection) as tried:
                no = client.post(CODE, {"code": wrong(code_in(sent[-1]))})
            told[phone] = (
                first.status_code,
                first["Location"],
                self.bare(seen),
                self.bare(no),
                len(asked),
                len(tried),
                [query["sql"] for query in (*asked, *tried) if "communities_user" in query["sql"]],
                re.sub(r"\d{6}", "", sent[-1].body),
            )
        assert told[KNOWN] == told[UNKNOWN] == told["10000000006"]
        assert told[KNOWN][6] == [], "whose number it is is asked only after the right code"

    @pytest.mark.parametrize("phone", [KNOWN, UNKNOWN])
    def test_every_later_step_is_alike_too(self, town: Town, sent: list[Letter], clock: Any, phone: str) -> None:
        """A wrong code, another code, and the same for a number that an account is to have."""

        def walk(number: str) -> list[tuple[int, str, int]]:
            client, told = Client(), []
            ask(client, number)
            client.force_login(town.dana)
            for address, data in (
                (CODE, {"code": "000000"}),
                (AGAIN, {}),
                ("/account/phone/", {"phone": number}),
                ("/account/phone/code/", {"code": "000000"}),
            ):
                with CaptureQueriesContext(connection) as queries:
                    answer = client.post(address, data)
                told.append((answer.status_code, answer.get("Location", ""), len(queries)))
            return told

        unknown = walk("10012345679")
        assert [status for status, _where, _queries in unknown] == [422, 409, 302, 422]
        assert walk(phone) == unknown

    def test_a_wrong_password_says_as_little(self, town: Town) -> None:
        """A number with an account, one without, a user name and one that nobody has."""

        def tried(name: str) -> tuple[int, int, str]:
            with CaptureQueriesContext(connection) as queries:
                answer = Client().post(LOGIN, {"username": name, "password": "wrong"})
            return answer.status_code, len(queries), main(answer).partition("体验账号")[0]

        assert tried(KNOWN) == tried(UNKNOWN)
        assert tried("chen") == tried("nobody")

    def test_a_suspended_person_is_told_after_the_right_code_only(
        self, visitor: Client, town: Town, sent: list[Letter]
    ) -> None:
        suspending.suspend(person=town.chen, reason="x", by=town.admin)
        answer = come_in(visitor, sent)
        assert answer.status_code == 403
        assert who(visitor) is None
        assert visitor.post(CODE, {"code": code_in(sent[-1])})["Location"] == LOGIN


class TestTheCode:
    def test_five_tries(self, visitor: Client, town: Town, sent: list[Letter]) -> None:
        ask(visitor)
        code = code_in(sent[-1])
        answers = [visitor.post(CODE, {"code": wrong(code)}) for _try in range(5)]
        assert [answer.status_code for answer in answers] == [422] * 5
        assert page(answers[-1]).select("[name=code]") == []
        assert visitor.post(CODE, {"code": code})["Location"] == LOGIN
        assert who(visitor) is None

    def test_tries_of_requests_that_know_nothing_of_each_other_are_counted_together(
        self, visitor: Client, town: Town, sent: list[Letter]
    ) -> None:
        """Two windows send guesses at the same moment: both begin with the session as it was."""
        ask(visitor)
        code, as_it_was = code_in(sent[-1]), dict(visitor.session[codes.SESSION_KEY])
        for _try in range(5):
            visitor.post(CODE, {"code": wrong(code)})
            session = visitor.session
            session[codes.SESSION_KEY] = dict(as_it_was)
            session.save()
        assert visitor.post(CODE, {"code": code}).status_code == 422
        assert who(visitor) is None

    def test_twin_without_the_count_outside_the_session_guesses_on(
        self, visitor: Client, town: Town, sent: list[Letter], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(codes.NumberProcess, "_counted", lambda _self, _what: 1)
        ask(visitor)
        code, as_it_was = code_in(sent[-1]), dict(visitor.session[codes.SESSION_KEY])
        for _try in range(20):
            visitor.post(CODE, {"code": wrong(code)})
            session = visitor.session
            session[codes.SESSION_KEY] = dict(as_it_was)
            session.save()
        visitor.post(CODE, {"code": code})
        assert who(visitor) == str(town.chen.pk)

    def test_nobody_reads_it_in_the_session(
        self, visitor: Client, town: Town, sent: list[Letter], settings: Any
    ) -> None:
        settings.CODES_SHOWN = False
        ask(visitor)
        assert code_in(sent[-1]) not in json.dumps(visitor.session[codes.SESSION_KEY])
        first = visitor.session[codes.SESSION_KEY]["code"]
        other = Client()
        ask(other, UNKNOWN)
        assert other.session[codes.SESSION_KEY]["code"] != first
        assert visitor.post(CODE, {"code": first}).status_code == 422
        assert visitor.post(CODE, {"code": code_in(sent[0])}).status_code == 302

    def test_it_runs_out_after_five_minutes(self, visitor: Client, town: Town, sent: list[Letter], clock: Any) -> None:
        ask(visitor)
        clock.shift(timedelta(minutes=4, seconds=58))
        assert visitor.get(CODE).status_code == 200
        clock.shift(timedelta(seconds=4))
        assert visitor.post(CODE, {"code": code_in(sent[-1])})["Location"] == LOGIN
        assert who(visitor) is None

    def test_where_one_was_going_outlives_the_code(
        self, visitor: Client, town: Town, sent: list[Letter], clock: Any
    ) -> None:
        ask(visitor, next="/actions/")
        assert page(visitor.get(CODE)).select_one('a[href="/account/login/?next=%2Factions%2F"]')
        clock.shift(timedelta(minutes=6))
        assert visitor.get(CODE)["Location"] == "/account/login/?next=%2Factions%2F"

    def test_it_is_bound_to_the_session_that_asked(self, visitor: Client, town: Town, sent: list[Letter]) -> None:
        ask(visitor)
        other = Client()
        ask(other, UNKNOWN)
        assert other.post(CODE, {"code": code_in(sent[0])}).status_code == 422
        assert who(other) is None

    def test_used_it_is_worthless(self, visitor: Client, town: Town, sent: list[Letter]) -> None:
        ask(visitor)
        state = dict(visitor.session[codes.SESSION_KEY])
        visitor.post(CODE, {"code": code_in(sent[-1])})
        visitor.post("/account/logout/")
        other = Client()
        other.get(LOGIN)
        ask(other, UNKNOWN)
        session = other.session
        session[codes.SESSION_KEY] = state
        session.save()
        assert other.post(CODE, {"code": code_in(sent[0])}).status_code == 422
        assert who(other) is None

    def test_another_one_may_be_had_after_a_minute_and_ends_the_first(
        self, visitor: Client, town: Town, sent: list[Letter], clock: Any
    ) -> None:
        ask(visitor)
        assert visitor.post(AGAIN).status_code == 409
        ask(visitor)
        assert len(sent) == 1, "pressed twice it is one code"
        clock.shift(timedelta(seconds=61))
        assert visitor.post(AGAIN)["Location"] == CODE
        first, second = map(code_in, sent)
        if first != second:
            assert visitor.post(CODE, {"code": first}).status_code == 422
        visitor.post(CODE, {"code": second})
        assert who(visitor) == str(town.chen.pk)

    def test_a_code_for_another_number_lets_nobody_in(self, town: Town, sent: list[Letter]) -> None:
        dana = Client()
        dana.force_login(town.dana)
        dana.post("/account/phone/", {"phone": KNOWN})
        assert dana.post(CODE, {"code": code_in(sent[-1])})["Location"] == LOGIN
        assert who(dana) == str(town.dana.pk)


class TestHowOften:
    def test_five_an_hour_and_ten_a_day_for_one_number(self, town: Town, sent: list[Letter], clock: Any) -> None:
        def answers(count: int) -> list[int]:
            return [ask(Client()).status_code for _each in range(count)]

        assert answers(6) == [302] * 5 + [429]
        assert ask(Client(), UNKNOWN).status_code == 302
        assert int(ask(Client())["Retry-After"]) > 0
        clock.shift(timedelta(hours=1, seconds=1))
        assert answers(6) == [302] * 5 + [429]
        clock.shift(timedelta(hours=1, seconds=1))
        assert answers(1) == [429]
        clock.shift(timedelta(days=1))
        assert answers(1) == [302]

    def test_sixty_an_hour_for_one_address(self, town: Town, sent: list[Letter]) -> None:
        told = [ask(Client(), f"100{number:08}").status_code for number in range(62)]
        assert told == [302] * 60 + [429] * 2
        elsewhere = Client(REMOTE_ADDR="10.1.1.1")
        assert ask(elsewhere, UNKNOWN).status_code == 302


class TestANewAccount:
    def test_a_name_and_a_consent_make_it(self, visitor: Client, town: Town, sent: list[Letter]) -> None:
        assert come_in(visitor, sent, UNKNOWN, next="/my/activities/")["Location"] == WELCOME
        assert page(visitor.get(WELCOME)).select_one('main a[href="/privacy/"]')
        answer = visitor.post(WELCOME, {"display_name": " 小新 ", "agrees": "on"})
        assert answer["Location"] == "/my/activities/"
        made = User.objects.get(phone="+8610012345678")
        assert (made.display_name, made.has_usable_password(), made.is_staff) == ("小新", False, False)
        assert [consent.version for consent in made.consents.all()] == [privacy.VERSION]
        assert who(visitor) == str(made.pk)
        assert visitor.get(WELCOME).status_code == 302

    @pytest.mark.parametrize(
        ("typed", "field"),
        [
            ({"display_name": "", "agrees": "on"}, "display_name"),
            ({"display_name": "\u202e小新", "agrees": "on"}, "display_name"),
            ({"display_name": "名" * 61, "agrees": "on"}, "display_name"),
            ({"display_name": "小新"}, "agrees"),
        ],
    )
    def test_without_them_nothing_is_made(
        self, visitor: Client, town: Town, sent: list[Letter], typed: dict[str, str], field: str
    ) -> None:
        come_in(visitor, sent, UNKNOWN)
        answer = visitor.post(WELCOME, typed)
        assert answer.status_code == 422
        assert errors(answer, field)
        assert not User.objects.filter(phone="+8610012345678").exists()
        assert who(visitor) is None

    def test_nobody_gets_there_without_a_code(self, visitor: Client, town: Town) -> None:
        ask(visitor, UNKNOWN)
        assert visitor.post(WELCOME, {"display_name": "小新", "agrees": "on"})["Location"] == LOGIN
        assert not User.objects.filter(phone="+8610012345678").exists()

    def test_the_proof_runs_out(self, visitor: Client, town: Town, sent: list[Letter], clock: Any) -> None:
        come_in(visitor, sent, UNKNOWN)
        clock.shift(timedelta(minutes=31))
        assert visitor.post(WELCOME, {"display_name": "小新", "agrees": "on"})["Location"] == LOGIN

    def test_a_second_window_gets_the_account_that_the_first_one_made(self, town: Town, sent: list[Letter]) -> None:
        first, second = Client(), Client()
        come_in(first, sent, UNKNOWN)
        come_in(second, sent, UNKNOWN)
        first.post(WELCOME, {"display_name": "小新", "agrees": "on"})
        second.post(WELCOME, {"display_name": "老旧", "agrees": "on"})
        assert User.objects.get(phone="+8610012345678").display_name == "小新"
        assert who(first) == who(second) is not None
        assert Consent.objects.filter(person_id=who(first)).count() == 1

    def test_whoever_runs_into_the_other_in_the_last_moment_gets_that_account_too(
        self, town: Town, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The looks of both come before the writes of both: the unique number decides."""
        look, looks = accounts._account_of, iter([None])
        made = accounts.open_account(phone="+8610012345678", display_name="小新")
        monkeypatch.setattr(accounts, "_account_of", lambda phone: next(looks, look(phone)))
        assert accounts.open_account(phone="+8610012345678", display_name="老旧") == made

    @pytest.mark.parametrize("name", ["", " ", "名" * 61, "\u2066x"])
    def test_the_deed_asks_for_a_name_too(self, town: Town, name: str) -> None:
        with pytest.raises(Refused) as no:
            accounts.open_account(phone="+8610012345678", display_name=name)
        assert no.value.field == "display_name"


class TestAnotherNumber:
    def test_the_code_goes_to_the_new_one(self, town: Town, sent: list[Letter]) -> None:
        chen = Client()
        chen.force_login(town.chen)
        assert chen.post("/account/phone/", {"phone": UNKNOWN})["Location"] == "/account/phone/code/"
        assert sent[-1].address == "+8610012345678"
        assert User.objects.get(pk=town.chen.pk).phone == "+8610000000007"
        chen.post("/account/phone/code/", {"code": code_in(sent[-1])})
        assert User.objects.get(pk=town.chen.pk).phone == "+8610012345678"

    def test_the_number_before_is_told(self, town: Town) -> None:
        accounts.change_phone(person=town.chen, phone="+8610012345678")
        letter = Outgoing.objects.get()
        assert (letter.channel, letter.address, letter.message) == ("sms", "+8610000000007", None)
        assert "10012345678" not in letter.body
        assert town.chen.display_name not in letter.body

    def test_a_first_number_and_the_same_again_tell_nobody(self, town: Town) -> None:
        User.objects.filter(pk=town.dana.pk).update(phone=None)
        for _again in range(2):
            accounts.change_phone(person=town.dana, phone="+8610012345678")
        assert not Outgoing.objects.exists()

    def test_a_number_that_is_taken_tells_nobody(self, town: Town) -> None:
        with pytest.raises(Refused):
            accounts.change_phone(person=town.dana, phone=town.chen.phone)
        assert not Outgoing.objects.exists()

    def test_somebody_elses_number_stays_theirs(self, town: Town, sent: list[Letter]) -> None:
        dana = Client()
        dana.force_login(town.dana)
        dana.post("/account/phone/", {"phone": KNOWN})
        answer = dana.post("/account/phone/code/", {"code": code_in(sent[-1])})
        assert answer.status_code == 409
        assert User.objects.get(pk=town.chen.pk).phone == "+8610000000007"
        assert User.objects.get(pk=town.dana.pk).phone == "+8610000000010"


class TestAPassword:
    def test_who_came_by_a_code_may_set_one_and_other_sessions_end(self, town: Town) -> None:
        User.objects.filter(pk=town.chen.pk).update(password="!")
        here, elsewhere = Client(), Client()
        for client in (here, elsewhere):
            client.force_login(User.objects.get(pk=town.chen.pk))
        assert [
            field["name"] for field in page(here.get("/account/password/")).select("main input[type=password]")
        ] == [
            "new_password1",
            "new_password2",
        ]
        typed = {"new_password1": "一个很长的口令 7", "new_password2": "一个很长的口令 7"}
        assert here.post("/account/password/", typed)["Location"] == "/me/"
        assert here.get("/me/data/").status_code == 200
        assert elsewhere.get("/me/data/").status_code == 302
        assert User.objects.get(pk=town.chen.pk).check_password("一个很长的口令 7")

    def test_who_has_one_must_know_it(self, town: Town) -> None:
        chen = Client()
        chen.force_login(town.chen)
        typed = {"old_password": "wrong", "new_password1": "another-long-one-9", "new_password2": "another-long-one-9"}
        assert chen.post("/account/password/", typed).status_code == 422


class TestTheNoticeChanges:
    def test_everybody_is_asked_once_at_the_next_login(
        self, visitor: Client, town: Town, sent: list[Letter], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(privacy, "VERSION", "2031-02")
        answer = come_in(visitor, sent, next="/my/activities/")
        assert answer["Location"] == "/account/consent/?next=%2Fmy%2Factivities%2F"
        assert visitor.get("/my/activities/").status_code == 200
        answer = visitor.post("/account/consent/", {"next": "/my/activities/", "agrees": "on"})
        assert answer["Location"] == "/my/activities/"
        assert town.chen.consents.filter(version="2031-02", withdrawn_at=None).count() == 1

    def test_not_now_is_an_answer(
        self, visitor: Client, town: Town, sent: list[Letter], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(privacy, "VERSION", "2031-02")
        come_in(visitor, sent)
        assert (
            visitor.post("/account/consent/", {"later": "1", "next": "/my/activities/"})["Location"]
            == "/my/activities/"
        )
        assert not town.chen.consents.filter(version="2031-02").exists()
