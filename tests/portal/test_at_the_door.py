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

pytestmark = pytest.mark.load

PEOPLE = 200
PLACES = 50


class Answer(NamedTuple):
    status: int
    kind: str
    body: dict[str, Any]


def ask(site: running.Site, method: str, path: str, token: str = "") -> Answer:
    connection = HTTPConnection("127.0.0.1", site.port, timeout=120)
    try:
        headers = {"Accept-Language": "en"} | ({"Authorization": f"Token {token}"} if token else {})
        connection.request(method, path, headers=headers)
        answer = connection.getresponse()
        return Answer(answer.status, answer.getheader("Content-Type", ""), json.loads(answer.read()))
    finally:
        connection.close()


def all_at_once(site: running.Site, requests: list[tuple[str, str]]) -> list[Answer]:
    """POST every (path, token) at the same instant."""
    start = threading.Barrier(len(requests))

    def one(request: tuple[str, str]) -> Answer:
        start.wait(60)
        return ask(site, "POST", *request)

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
print([announced(town, in_hours(100 + late)).shifts.get().pk for late in (0, 1)])
"""


def test_one_person_on_two_overlapping_shifts_in_the_same_instant_gets_one(
    site: running.Site, tokens: list[str]
) -> None:
    two = json.loads(site.manage("shell", "--no-imports", "-c", MAKE_OVERLAPPING).strip().splitlines()[-1])

    for token in tokens[:5]:
        answers = all_at_once(site, [(f"/api/v1/shifts/{shift}/sign-up/", token) for shift in two])

        assert sorted(answer.status for answer in answers) == [201, 409]
        refusal = next(answer for answer in answers if answer.status == 409)
        assert (refusal.kind, refusal.body["code"]) == ("application/problem+json", "overlap")
