"""A person's program asks for a place, looks what became of it, and gives it back."""

import json
import threading
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, connections
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation
from rest_framework.throttling import SimpleRateThrottle

from communities import tokens
from communities.models import User
from events import calling_off, seats
from events.models import Action, Allotment, Shift, SignUp
from kit.times import day_words
from tests import cast
from tests.cast import Town
from volunteers.models import Volunteer

PROBLEM = "application/problem+json"
TITLES = {401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed", 409: "Conflict"}
TITLES |= {415: "Unsupported Media Type", 422: "Unprocessable Entity", 429: "Too Many Requests"}


class Program:
    """A program with a person's token, speaking English."""

    def __init__(self, person: User | None = None) -> None:
        headers = {"accept-language": "en"}
        if person is not None:
            headers["authorization"] = f"Token {tokens.issue(person=person, name=f'test {uuid.uuid4()}')}"
        self.client = Client(headers=headers)

    def ask(self, shift: Shift, key: str | None = None, **extra: Any) -> HttpResponse:
        headers = {} if key is None else {"idempotency-key": key}
        return self.client.post(address(shift), headers=headers, **extra)

    def look(self, shift: Shift) -> HttpResponse:
        return self.client.get(address(shift))

    def give_back(self, shift: Shift, typed: object = None) -> HttpResponse:
        if typed is None:
            return self.client.delete(address(shift))
        return self.client.delete(address(shift), json.dumps(typed), content_type="application/json")


def address(shift: Shift) -> str:
    return f"/api/v1/shifts/{shift.pk}/sign-up/"


def told(sign_up: SignUp, state: str, position: int | None = None, offered_until: str | None = None) -> dict[str, Any]:
    return {
        "id": sign_up.pk,
        "shift": sign_up.shift_id,
        "state": state,
        "position": position,
        "offered_until": offered_until,
    }


def assert_problem(answer: HttpResponse, status: int, code: str, detail: str, **more: object) -> None:
    assert answer.headers["Content-Type"] == PROBLEM
    assert answer.json() == {
        "type": "about:blank",
        "title": TITLES[status],
        "status": status,
        "code": code,
        "detail": detail,
        **more,
    }
    assert answer.status_code == status
    assert answer.headers["Cache-Control"] == "private, no-store"


def the_sign_up(person: User, shift: Shift) -> SignUp:
    return SignUp.objects.get(person=person, shift=shift)


def taken(shift: Shift) -> int:
    return Allotment.objects.get(shift=shift).taken


@pytest.fixture
def shift(town: Town) -> Shift:
    """Two places, in three days."""
    return cast.a_shift(town, capacity=2)


@pytest.fixture
def chen(town: Town) -> Program:
    return Program(town.chen)


@pytest.fixture
def zhou(town: Town) -> Program:
    return Program(town.zhou)


# --- asking -------------------------------------------------------------------------------------------------------------


def test_a_place_is_given(town: Town, chen: Program, shift: Shift) -> None:
    answer = chen.ask(shift)
    assert (answer.status_code, answer.headers["Content-Type"]) == (201, "application/json")
    assert answer.json() == told(the_sign_up(town.chen, shift), "confirmed")
    assert taken(shift) == 1
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_again_is_the_sign_up_as_it_stands(chen: Program, shift: Shift) -> None:
    first = chen.ask(shift)
    again = chen.ask(shift)
    assert (again.status_code, again.json()) == (200, first.json())
    assert (SignUp.objects.count(), taken(shift)) == (1, 1)


def test_when_it_is_full_people_wait_in_order(town: Town, shift: Shift) -> None:
    answers = [Program(person).ask(shift) for person in (town.chen, town.zhou, town.dana, town.bo)]
    assert [answer.status_code for answer in answers] == [201] * 4
    assert [(answer.json()["state"], answer.json()["position"]) for answer in answers] == [
        ("confirmed", None),
        ("confirmed", None),
        ("waiting", 1),
        ("waiting", 2),
    ]
    assert Program(town.bo).ask(shift).json() == told(the_sign_up(town.bo, shift), "waiting", position=2)


def test_whoever_waited_is_in_when_a_place_is_given_back(town: Town, zhou: Program) -> None:
    shift = cast.a_shift(town, capacity=1)
    mine = cast.sign_up(town.chen, shift)
    assert zhou.ask(shift).json()["position"] == 1
    seats.cancel(sign_up=mine, by=town.chen)
    assert zhou.look(shift).json() == told(the_sign_up(town.zhou, shift), "confirmed")


def test_shortly_before_the_place_is_offered(town: Town, zhou: Program) -> None:
    shift = cast.a_shift(town, begin=1, capacity=1)
    mine = cast.sign_up(town.chen, shift)
    zhou.ask(shift)
    seats.cancel(sign_up=mine, by=town.chen, reason="发烧")
    until = the_sign_up(town.zhou, shift).offered_until
    assert until is not None
    expected = told(the_sign_up(town.zhou, shift), "waiting", offered_until=timezone.localtime(until).isoformat())
    assert zhou.look(shift).json() == expected
    assert (zhou.ask(shift).status_code, zhou.ask(shift).json()) == (200, expected)


def test_a_free_place_that_whoever_waits_cannot_take_is_given_at_once(town: Town, zhou: Program) -> None:
    """chen waits and is busy elsewhere by then, so the place that comes free stays free; zhou is next in line."""
    shift = cast.a_shift(town, capacity=1)
    first = cast.sign_up(town.dana, shift)
    cast.sign_up(town.chen, shift)
    elsewhere = cast.a_shift(town, begin=300)
    cast.sign_up(town.chen, elsewhere)
    Shift.objects.filter(pk=elsewhere.pk).update(starts_at=shift.starts_at, ends_at=shift.ends_at)
    seats.cancel(sign_up=first, by=town.dana)
    assert taken(shift) == 0
    answer = zhou.ask(shift)
    assert (answer.status_code, answer.json()) == (201, told(the_sign_up(town.zhou, shift), "confirmed"))
    assert zhou.look(shift).json() == answer.json()


# --- looking ------------------------------------------------------------------------------------------------------------


def test_one_sees_only_ones_own(town: Town, chen: Program, zhou: Program, shift: Shift) -> None:
    chen.ask(shift)
    assert chen.look(shift).json() == told(the_sign_up(town.chen, shift), "confirmed")
    nothing = "There is nothing here, or nothing that you may see."
    assert_problem(zhou.look(shift), 404, "not_found", nothing)
    assert_problem(Program(town.mei).look(shift), 404, "not_found", nothing)
    assert_problem(zhou.give_back(shift), 404, "not_found", nothing)
    assert the_sign_up(town.chen, shift).state == SignUp.State.CONFIRMED


def test_a_cancelled_one_is_still_told(town: Town, chen: Program, shift: Shift) -> None:
    chen.ask(shift)
    calling_off.call_off(action=shift.action, reason="大雨", by=town.mei)
    assert chen.look(shift).json() == told(the_sign_up(town.chen, shift), "cancelled")


# --- giving back --------------------------------------------------------------------------------------------------------


def test_a_place_is_given_back(town: Town, chen: Program, shift: Shift) -> None:
    chen.ask(shift)
    answer = chen.give_back(shift)
    mine = the_sign_up(town.chen, shift)
    assert (answer.status_code, answer.json()) == (200, told(mine, "cancelled"))
    assert (mine.cause, mine.reason, taken(shift)) == ("self", "", 0)


def test_nothing_to_give_back(chen: Program, shift: Shift) -> None:
    nothing = "There is nothing here, or nothing that you may see."
    assert_problem(chen.give_back(shift), 404, "not_found", nothing)
    chen.ask(shift)
    chen.give_back(shift)
    assert_problem(chen.give_back(shift), 404, "not_found", nothing)
    assert taken(shift) == 0


def test_after_giving_back_one_may_ask_again(chen: Program, shift: Shift) -> None:
    first = chen.ask(shift).json()
    chen.give_back(shift)
    again = chen.ask(shift)
    assert again.status_code == 201
    assert again.json() == {**first, "id": again.json()["id"]}
    assert again.json()["id"] != first["id"]
    assert taken(shift) == 1


def test_after_the_hour_a_reason_is_needed(town: Town, chen: Program) -> None:
    shift = cast.a_shift(town, begin=1)
    chen.ask(shift)
    for typed in (None, {}, {"reason": ""}, {"reason": "   "}):
        assert_problem(
            chen.give_back(shift, typed),
            422,
            "reason_needed",
            "It is short before the shift. Please write in a word why you cannot come; the leader sees it.",
        )
        assert taken(shift) == 1
    assert chen.give_back(shift, {"reason": " 孩子发烧 "}).json()["state"] == "cancelled"
    assert (the_sign_up(town.chen, shift).reason, taken(shift)) == ("孩子发烧", 0)


def test_not_after_it_has_begun(town: Town, chen: Program, shift: Shift) -> None:
    chen.ask(shift)
    cast.put_back(shift.action, timedelta(hours=73))
    assert_problem(
        chen.give_back(shift, {"reason": "太累"}),
        409,
        "begun",
        "This shift has begun. Please tell the leader on site if you cannot come.",
    )
    assert taken(shift) == 1


# --- refused ------------------------------------------------------------------------------------------------------------


def test_full_without_a_list(town: Town, chen: Program) -> None:
    shift = cast.a_shift(town, capacity=1, has_waiting_list=False)
    cast.sign_up(town.zhou, shift)
    assert_problem(chen.ask(shift), 409, "full", "This shift is full.")
    assert not SignUp.objects.filter(person=town.chen).exists()


def test_overlap_names_the_other_shift(town: Town, chen: Program, shift: Shift) -> None:
    other = cast.a_shift(town, begin=73, title="清雪")
    chen.ask(shift)
    when = day_words(shift.starts_at, shift.ends_at, now=timezone.now())
    answer = chen.ask(other)
    assert answer.json()["other"] == shift.pk
    assert (answer.status_code, answer.json()["code"]) == (409, "overlap")
    assert answer.json()["detail"].startswith("At that time you are already signed up for “背街里巷清扫”, ")
    assert when.split()[-1] in answer.json()["detail"]
    assert not SignUp.objects.filter(shift=other).exists()


def test_called_off(town: Town, chen: Program, shift: Shift) -> None:
    calling_off.call_off(action=shift.action, reason="大雨", by=town.mei)
    assert_problem(chen.ask(shift), 409, "called_off", "This action was called off.")


def test_begun(chen: Program, shift: Shift) -> None:
    cast.put_back(shift.action, timedelta(hours=72, minutes=1))
    assert_problem(chen.ask(shift), 409, "begun", "This shift has begun; sign-up is over.")


def test_closed(town: Town, chen: Program, shift: Shift) -> None:
    cast.put_back(shift.action, timedelta(days=9))
    calling_off.close(action=shift.action, by=town.mei)
    assert_problem(chen.ask(shift), 409, "closed", "Sign-up for this action is closed.")


def test_adults_only(town: Town, chen: Program) -> None:
    shift = cast.a_shift(town, adults_only=True)
    Volunteer.objects.filter(person=town.chen).update(adult_since=None)
    sentence = "This action is for people of 18 and older. Please confirm that you are."
    assert_problem(chen.ask(shift), 409, "adults_only", sentence)
    Volunteer.objects.filter(person=town.chen).update(adult_since=timezone.now())
    assert chen.ask(shift).status_code == 201


def test_a_draft_is_there_for_its_own_people_only(town: Town, chen: Program) -> None:
    draft = cast.draft(town)
    shift = cast.shifts.add(action=draft, hours=cast.in_hours(72), by=town.mei)
    nothing = "There is nothing here, or nothing that you may see."
    assert_problem(chen.ask(shift), 404, "not_found", nothing)
    assert_problem(Program(town.yan).ask(shift), 409, "closed", "Sign-up for this action is closed.")
    assert SignUp.objects.count() == 0


def test_a_hidden_page_closes_sign_up_and_cancels_nobody(
    town: Town, chen: Program, zhou: Program, shift: Shift
) -> None:
    chen.ask(shift)
    shift.action.page.unpublish()
    nothing = "There is nothing here, or nothing that you may see."
    assert_problem(zhou.ask(shift), 404, "not_found", nothing)
    assert (chen.ask(shift).status_code, chen.look(shift).json()["state"]) == (200, "confirmed")
    assert chen.give_back(shift).json()["state"] == "cancelled"
    assert_problem(chen.ask(shift), 409, "closed", "Sign-up for this action is closed.")


@pytest.mark.parametrize("number", ["999999", "9" * 30, "9" * 5000])
@pytest.mark.parametrize("method", ["get", "post", "delete"])
def test_no_such_shift(number: str, method: str, chen: Program) -> None:
    answer = getattr(chen.client, method)(f"/api/v1/shifts/{number}/sign-up/")
    assert (answer.status_code, answer.headers["Content-Type"], answer.json()["code"]) == (404, PROBLEM, "not_found")


# --- the same request again ---------------------------------------------------------------------------------------------


def test_the_same_key_again(town: Town, chen: Program, shift: Shift) -> None:
    first = chen.ask(shift, "k-1")
    again = chen.ask(shift, "k-1")
    assert (first.status_code, again.status_code, again.json()) == (201, 200, first.json())
    assert the_sign_up(town.chen, shift).request_key == "k-1"


def test_the_same_key_after_giving_back_is_still_that_request(town: Town, chen: Program, shift: Shift) -> None:
    chen.ask(shift, "k-1")
    chen.give_back(shift)
    again = chen.ask(shift, "k-1")
    assert (again.status_code, again.json()) == (200, told(the_sign_up(town.chen, shift), "cancelled"))
    assert taken(shift) == 0
    assert chen.ask(shift, "k-2").status_code == 201


def test_the_same_key_for_another_shift(town: Town, chen: Program, shift: Shift) -> None:
    other = cast.a_shift(town, begin=100)
    chen.ask(shift, "k-1")
    sentence = "This key was used for another sign-up. Take a new key for a new request."
    assert_problem(chen.ask(other, "k-1"), 422, "other_request", sentence)
    assert not SignUp.objects.filter(shift=other).exists()
    chen.give_back(shift)
    assert_problem(chen.ask(other, "k-1"), 422, "other_request", sentence)


def test_the_same_key_of_another_person(chen: Program, zhou: Program, shift: Shift) -> None:
    mine, others = chen.ask(shift, "k-1"), zhou.ask(shift, "k-1")
    assert (mine.status_code, others.status_code) == (201, 201)
    assert mine.json()["id"] != others.json()["id"]


def test_another_key_while_signed_up(chen: Program, shift: Shift) -> None:
    first, other, without = chen.ask(shift, "k-1"), chen.ask(shift, "k-2"), chen.ask(shift)
    assert (other.status_code, without.status_code) == (200, 200)
    assert first.json() == other.json() == without.json()


@pytest.mark.parametrize("key", ["!", "~" * 80, '"8e03978e-40d5-43dd-bc93-6894a57f9324"'])
def test_keys_that_can_be_read(key: str, chen: Program, shift: Shift) -> None:
    assert [chen.ask(shift, key).status_code for _ in range(2)] == [201, 200]


@pytest.mark.parametrize("key", ["", " ", "k" * 81, "k 1", "k\t1", "k\x07", "k\x7f", "k\x00", "k\xe9", "钥匙"])
def test_keys_that_cannot_be_read(key: str, chen: Program, shift: Shift) -> None:
    sentence = "A key has 1 to 80 visible ASCII characters, without spaces."
    assert_problem(
        chen.ask(shift, key),
        422,
        "unreadable",
        "Some fields could not be read; see “errors”.",
        errors={"Idempotency-Key": [sentence]},
    )
    assert SignUp.objects.count() == 0


@pytest.mark.parametrize("key", ["k-1", None])
def test_the_same_request_eight_times_in_the_same_instant(key: str | None, committed: Town) -> None:
    shift = cast.a_shift(committed, capacity=3)
    programs = [Program(committed.chen) for _ in range(8)]
    answers: list[HttpResponse] = []

    def ask(program: Program) -> None:
        try:
            answers.append(program.ask(shift, key))
        finally:
            connections.close_all()

    at_once([lambda program=program: ask(program) for program in programs])
    assert sorted(answer.status_code for answer in answers) == [200] * 7 + [201]
    assert all(answer.json() == answers[0].json() for answer in answers)
    assert (SignUp.objects.count(), taken(shift)) == (1, 1)


def at_once(works: list[Callable[[], None]]) -> None:
    gate = threading.Barrier(len(works))

    def go(work: Callable[[], None]) -> None:
        gate.wait()
        work()

    threads = [threading.Thread(target=go, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


# --- who asks -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["get", "post", "delete"])
def test_nobody(method: str, shift: Shift) -> None:
    answer = getattr(Program().client, method)(address(shift))
    assert_problem(answer, 401, "not_signed_in", "Please sign in, or send a valid token.")
    assert answer.headers["WWW-Authenticate"] == "Token"
    assert SignUp.objects.count() == 0


def test_a_session_needs_the_csrf_token(town: Town, shift: Shift) -> None:
    client = Client(enforce_csrf_checks=True, headers={"accept-language": "en"})
    client.force_login(town.dana)
    assert_problem(client.post(address(shift)), 403, "forbidden", "You may not do this.")
    client.cookies[settings.CSRF_COOKIE_NAME] = "c" * 32
    assert client.post(address(shift), headers={"x-csrftoken": "d" * 32}).status_code == 403
    assert SignUp.objects.count() == 0
    assert client.post(address(shift), headers={"x-csrftoken": "c" * 32}).status_code == 201
    assert client.delete(address(shift)).status_code == 403
    assert client.delete(address(shift), headers={"x-csrftoken": "c" * 32}).status_code == 200
    assert the_sign_up(town.dana, shift).state == SignUp.State.CANCELLED


def test_a_token_speaks_for_its_person_whoever_has_the_session(town: Town, chen: Program, shift: Shift) -> None:
    chen.client.force_login(town.dana)
    assert chen.ask(shift).json()["id"] == the_sign_up(town.chen, shift).pk
    assert not SignUp.objects.filter(person=town.dana).exists()


def test_a_person_has_a_limit_of_his_own(
    town: Town, chen: Program, zhou: Program, shift: Shift, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(SimpleRateThrottle, "THROTTLE_RATES", {"user": "2/min", "anon": "1/min"})
    assert [chen.ask(shift).status_code for _ in range(3)] == [201, 200, 429]
    refused = chen.ask(shift)
    assert_problem(refused, 429, "too_many_requests", "Too many requests; please wait a moment.")
    assert 1 <= int(refused.headers["Retry-After"]) <= 61
    assert zhou.ask(shift).status_code == 201  # from the same address


def test_who_is_not_signed_in_has_the_limit_of_the_address(
    chen: Program, shift: Shift, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(SimpleRateThrottle, "THROTTLE_RATES", {"user": "3/min", "anon": "3/min"})
    stranger, another = Program().client, Program().client
    statuses = [client.get("/api/v1/actions/").status_code for client in (stranger, another, stranger, another)]
    assert statuses == [200, 200, 200, 429]
    assert chen.ask(shift).status_code == 201


# --- what cannot be read ------------------------------------------------------------------------------------------------

UNREADABLE = "The body is not readable JSON."
BROKEN = [
    b"{",
    b'{"reason": "\\u0000"}',
    b'{"reason": "\\ud800"}',
    b'{"reason": "\xff"}',
    b'{"reason": NaN}',
    b"[" * 100_000,
]


@pytest.mark.parametrize("method", ["post", "delete"])
@pytest.mark.parametrize("typed", BROKEN, ids=range(len(BROKEN)))
def test_broken_json(method: str, typed: bytes, town: Town, chen: Program, shift: Shift) -> None:
    if method == "delete":
        chen.ask(shift)
    answer = getattr(chen.client, method)(address(shift), typed, content_type="application/json")
    assert_problem(answer, 422, "unreadable", UNREADABLE)
    live = SignUp.objects.live().filter(person=town.chen).count()
    assert live == (1 if method == "delete" else 0)


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        ({"reason": "x" * 201}, "reason", "Ensure this field has no more than 200 characters."),
        ({"reason": ["孩子发烧"]}, "reason", "Not a valid string."),
        ({"reason": {"a": 1}}, "reason", "Not a valid string."),
        ({"reason": True}, "reason", "Not a valid string."),
        ({"reason": None}, "reason", "This field may not be null."),
        ([], "non_field_errors", "Invalid data. Expected a dictionary, but got list."),
        ("reason", "non_field_errors", "Invalid data. Expected a dictionary, but got str."),
    ],
)
def test_wrong_types(typed: object, field: str, sentence: str, chen: Program, shift: Shift) -> None:
    chen.ask(shift)
    assert_problem(
        chen.give_back(shift, typed),
        422,
        "unreadable",
        "Some fields could not be read; see “errors”.",
        errors={field: [sentence]},
    )
    assert taken(shift) == 1


@pytest.mark.parametrize(
    ("method", "content_type"),
    [
        ("post", "text/plain"),
        ("post", "application/xml"),
        ("post", "x"),
        ("delete", "text/plain"),
        ("delete", "application/xml"),
    ],
)
def test_only_json_is_read(method: str, content_type: str, chen: Program, shift: Shift) -> None:
    answer = getattr(chen.client, method)(address(shift), b"reason=x", content_type=content_type)
    assert_problem(answer, 415, "unsupported_media_type", "Please send JSON (Content-Type: application/json).")
    assert SignUp.objects.count() == 0


def test_a_form_without_fields_and_an_empty_body_are_no_body(chen: Program, shift: Shift) -> None:
    assert chen.client.post(address(shift), {}).status_code == 201
    assert chen.client.post(address(shift), b"", content_type="text/plain").status_code == 200
    assert chen.client.post(address(shift), {}, content_type="application/json").status_code == 200
    assert chen.client.delete(address(shift), b"", content_type="text/plain").status_code == 200


@pytest.mark.parametrize("method", ["put", "patch"])
def test_other_methods(method: str, chen: Program, shift: Shift) -> None:
    answer = getattr(chen.client, method)(address(shift), {"state": "confirmed"}, content_type="application/json")
    assert_problem(answer, 405, "method_not_allowed", "This address does not answer that method.")
    assert SignUp.objects.count() == 0


def test_the_refusal_is_told_in_the_language_asked_for(town: Town, chen: Program) -> None:
    shift = cast.a_shift(town, capacity=1, has_waiting_list=False)
    cast.sign_up(town.zhou, shift)
    answer = chen.client.post(address(shift), headers={"accept-language": "zh-CN,zh;q=0.9"})
    with translation.override("zh-hans"):
        assert answer.json()["detail"] == translation.gettext("This shift is full.") != "This shift is full."
    assert answer.headers["Content-Language"] == "zh-hans"


# --- queries ------------------------------------------------------------------------------------------------------------


def test_queries_grow_neither_with_the_line_nor_with_the_persons_own(town: Town) -> None:
    """Asked for the last place in line of a shift with 2, 4 and 14 others; and the person has as many other shifts."""
    neighbours = list(town.neighbours())
    asking, looking = [], []
    for others in (2, 4, 14):
        shift = cast.a_shift(town, begin=400 + 4 * others, capacity=1)
        for person in neighbours[:others]:
            cast.sign_up(person, shift)
        for hour in range(others):
            cast.sign_up(town.chen, cast.a_shift(town, begin=1000 + 50 * others + 3 * hour))
        program = Program(town.chen)
        with CaptureQueriesContext(connection) as asked:
            assert program.ask(shift).json()["position"] == others
        with CaptureQueriesContext(connection) as looked:
            assert program.look(shift).json()["position"] == others
        asking.append(len(asked))
        looking.append(len(looked))
    assert asking[0] == asking[1] == asking[2]
    assert looking == [3, 3, 3]
    assert Action.objects.count() == 23
