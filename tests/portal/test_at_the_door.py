"""Hundreds of people at the same instant, over HTTP, against the site as it is served."""

import json
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests import running

PEOPLE = 200
PLACES = 50


class Answer(NamedTuple):
    status: int
    kind: str
    body: dict[str, Any]


def ask(site: running.Site, method: str, path: str, token: str = "", key: str = "") -> Answer:
    connection = HTTPConnection("127.0.0.1", site.port, timeout=120)
    try:
        headers = {"Accept-Language": "en"} | ({"Authorization": f"Token {token}"} if token else {})
        headers |= {"Idempotency-Key": key} if key else {}
        connection.request(method, path, headers=headers)
        answer = connection.getresponse()
        return Answer(answer.status, answer.getheader("Content-Type", ""), json.loads(answer.read()))
    finally:
        connection.close()


def all_at_once(site: running.Site, requests: list[tuple[str, str]], key: str = "") -> list[Answer]:
    """POST every (path, token) at the same instant."""
    return at_once(site, [("POST", *request, key) for request in requests])


def at_once(site: running.Site, requests: list[tuple[str, ...]]) -> list[Answer]:
    """Ask every (method, path, token, key) at the same instant."""
    start = threading.Barrier(len(requests))

    def one(request: tuple[str, ...]) -> Answer:
        start.wait(60)
        return ask(site, *request)

    with ThreadPoolExecutor(len(requests)) as pool:
        return list(pool.map(one, requests))


@pytest.fixture(scope="module")
def tokens(site: running.Site, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """A crowd beside the running site, with three actions of one empty shift each."""
    file = tmp_path_factory.mktemp("crowd") / "tokens"
    sizes = {"organisations": 1, "actions": 3, "notices": 0, "people": PEOPLE}
    site.manage("crowd", *(f"--{name}={size}" for name, size in sizes.items()), f"--tokens={file}")
    return [line.split(",")[1] for line in Path(file).read_text().splitlines()]


@pytest.fixture
def empty_shifts(site: running.Site, tokens: list[str]) -> list[dict[str, Any]]:
    shifts = ask(site, "GET", "/api/v1/shifts/?page_size=100").body["results"]
    return [shift for shift in shifts if (shift["capacity"], shift["taken"], shift["waiting"]) == (PLACES, 0, 0)]


def test_two_hundred_people_for_fifty_places(
    site: running.Site, tokens: list[str], empty_shifts: list[dict[str, Any]]
) -> None:
    shift = empty_shifts[0]["id"]

    answers = all_at_once(site, [(f"/api/v1/shifts/{shift}/sign-up/", token) for token in tokens])

    assert Counter(answer.status for answer in answers) == {201: PEOPLE}
    assert Counter(answer.body["state"] for answer in answers) == {"confirmed": PLACES, "waiting": PEOPLE - PLACES}
    positions = sorted(answer.body["position"] for answer in answers if answer.body["state"] == "waiting")
    assert positions == list(range(1, PEOPLE - PLACES + 1))
    now = ask(site, "GET", f"/api/v1/shifts/{shift}/").body
    assert (now["capacity"], now["taken"], now["waiting"]) == (PLACES, PLACES, PEOPLE - PLACES)


def test_the_same_request_twenty_times_at_once_is_one_sign_up(
    site: running.Site, tokens: list[str], empty_shifts: list[dict[str, Any]]
) -> None:
    shift = empty_shifts[-1]["id"]

    answers = all_at_once(site, [(f"/api/v1/shifts/{shift}/sign-up/", tokens[0])] * 20)

    assert Counter(answer.status for answer in answers) == {201: 1, 200: 19}
    assert len({answer.body["id"] for answer in answers}) == 1
    assert ask(site, "GET", f"/api/v1/shifts/{shift}/").body["taken"] == 1


MAKE_OVERLAPPING = """
from datetime import timedelta
from django.utils import timezone
from tests.cast import announced, gather, in_hours
town = gather()
print([announced(town, in_hours({begin} + late, capacity={capacity})).shifts.get().pk for late in (0, 1)])
"""


def two_overlapping(site: running.Site, *, begin: int, capacity: int) -> list[int]:
    """The ids of two shifts, one an hour after the other."""
    scene = MAKE_OVERLAPPING.format(begin=begin, capacity=capacity)
    ids: list[int] = json.loads(site.manage("shell", "--no-imports", "-c", scene).strip().splitlines()[-1])
    return ids


def test_one_person_on_two_overlapping_shifts_in_the_same_instant_gets_one(
    site: running.Site, tokens: list[str]
) -> None:
    two = two_overlapping(site, begin=100, capacity=10)

    for token in tokens[:5]:
        answers = all_at_once(site, [(f"/api/v1/shifts/{shift}/sign-up/", token) for shift in two])

        assert sorted(answer.status for answer in answers) == [201, 409]
        refusal = next(answer for answer in answers if answer.status == 409)
        assert (refusal.kind, refusal.body["code"]) == ("application/problem+json", "overlap")


class TestAWaitingPersonSignsUpElsewhereWhileBeingPromoted:
    ROUNDS = 200
    PAIRS = 20
    """So many pairs take turns: one person alone would meet the limit of requests a minute."""

    def test_ends_on_exactly_one_of_the_two(self, site: running.Site, tokens: list[str]) -> None:
        waited_for, elsewhere = (f"/api/v1/shifts/{shift}/" for shift in two_overlapping(site, begin=200, capacity=1))
        ends: Counter[str] = Counter()

        for number in range(self.ROUNDS):
            pair = 2 * (number % self.PAIRS)
            ends[self.one_round(site, tokens[pair], tokens[pair + 1], waited_for, elsewhere)] += 1

        assert set(ends) <= {"promoted", "elsewhere"}, ends
        assert ends.total() == self.ROUNDS

    @staticmethod
    def one_round(site: running.Site, first: str, waiting: str, waited_for: str, elsewhere: str) -> str:
        """Where the waiting person ended."""
        in_it = ask(site, "POST", f"{waited_for}sign-up/", first)
        in_line = ask(site, "POST", f"{waited_for}sign-up/", waiting)
        assert [(answer.status, answer.body["state"]) for answer in (in_it, in_line)] == [
            (201, "confirmed"),
            (201, "waiting"),
        ]

        left, signed_up = at_once(
            site,
            [
                ("DELETE", f"{waited_for}sign-up/", first),
                ("POST", f"{elsewhere}sign-up/", waiting),
            ],
        )

        assert left.status == 200, left
        assert (signed_up.status, signed_up.body.get("code")) in ((201, None), (409, "overlap")), signed_up
        here, there = (ask(site, "GET", f"{path}sign-up/", waiting) for path in (waited_for, elsewhere))
        confirmed = [answer.body.get("state") == "confirmed" for answer in (here, there)]
        taken = [ask(site, "GET", path, first).body["taken"] for path in (waited_for, elsewhere)]
        assert taken == [int(is_in) for is_in in confirmed]
        for path, answer in ((waited_for, here), (elsewhere, there)):
            if answer.body.get("state") in ("confirmed", "waiting"):
                assert ask(site, "DELETE", f"{path}sign-up/", waiting).status == 200
        return {(True, False): "promoted", (False, True): "elsewhere"}.get((confirmed[0], confirmed[1]), "wrong")


def test_a_form_that_twisted_cannot_read_is_answered_all_the_same(site: running.Site) -> None:
    """Twisted's own reading of forms failed here and dropped the connection without a word."""
    part = "Content-Disposition: form-data; name*=no-such-charset''%ff"
    connection = HTTPConnection("127.0.0.1", site.port, timeout=60)
    headers = {"Content-Type": "multipart/form-data; boundary=x"}

    connection.request("POST", "/look/", f"--x\r\n{part}\r\n\r\n1\r\n--x--\r\n", headers)

    assert connection.getresponse().status in (302, 400)
    connection.close()


def test_the_same_key_is_the_same_request_under_load_and_after_cancelling(
    site: running.Site, tokens: list[str], empty_shifts: list[dict[str, Any]]
) -> None:
    path = f"/api/v1/shifts/{empty_shifts[-1]['id']}/"
    token = tokens[-1]

    answers = all_at_once(site, [(f"{path}sign-up/", token)] * 10, key="one-and-the-same")

    assert Counter(answer.status for answer in answers) == {201: 1, 200: 9}
    (number,) = {answer.body["id"] for answer in answers}
    assert ask(site, "DELETE", f"{path}sign-up/", token).body["state"] == "cancelled"
    again = all_at_once(site, [(f"{path}sign-up/", token)] * 10, key="one-and-the-same")
    assert {(answer.status, answer.body["id"], answer.body["state"]) for answer in again} == {
        (200, number, "cancelled")
    }
    assert ask(site, "GET", path, token).body["taken"] == 0
    anew = ask(site, "POST", f"{path}sign-up/", token, key="another")
    assert (anew.status, anew.body["state"]) == (201, "confirmed")
    assert anew.body["id"] != number
