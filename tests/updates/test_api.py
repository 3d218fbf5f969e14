"""The book over HTTP: the same updates, the same rights."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from communities import tokens
from tests import cast
from tests.cast import Town
from updates.models import Topic, Update

Speak = Callable[..., None]


def ask(client: Client, topic: str, **query: object) -> Any:
    return client.get(f"/api/v1/updates/{topic}/", query)


def test_what_comes_after_a_number(town: Town, visitor: Client, speak: Speak) -> None:
    speak("test:1", 3)
    answer = ask(visitor, "test:1", after=1).json()
    assert (answer["topic"], answer["last"]) == ("test:1", 3)
    assert [(update["seq"], update["payload"]) for update in answer["updates"]] == [
        (2, {"number": 2}),
        (3, {"number": 3}),
    ]
    assert set(answer["updates"][0]) == {"seq", "verb", "at", "actor", "payload"}
    assert ask(visitor, "test:1", after=3).json() == {"topic": "test:1", "updates": [], "last": 3}
    assert ask(visitor, "test:silent").json() == {"topic": "test:silent", "updates": [], "last": 0}


def test_two_hundred_at_once_and_the_rest_after_them(town: Town, visitor: Client, speak: Speak) -> None:
    speak("test:1", 201)
    first = ask(visitor, "test:1").json()
    assert [update["seq"] for update in first["updates"]] == list(range(1, 201))
    rest = ask(visitor, "test:1", after=200).json()
    assert [update["seq"] for update in rest["updates"]] == [201]


def test_more_than_a_thousand_behind_reads_the_thing_anew(town: Town, visitor: Client) -> None:
    topic = Topic.objects.create(name="town", head=1005)
    Update.objects.bulk_create(Update(topic=topic, seq=seq, verb="x", at="2026-11-24T00:00Z") for seq in range(1, 1006))
    assert ask(visitor, "town", after=4).json() == {"reload": True}
    assert len(ask(visitor, "town", after=5).json()["updates"]) == 200
    assert ask(visitor, "town", after=1006).json() == {"reload": True}


@pytest.mark.parametrize("after", ["-1", "x", "1.5", "9" * 30])
def test_an_unreadable_number_is_said(town: Town, visitor: Client, after: str) -> None:
    answer = ask(visitor, "town", after=after)
    assert answer.status_code == 422
    assert answer["Content-Type"] == "application/problem+json"
    assert list(answer.json()["errors"]) == ["after"]


def test_who_may_read_what(town: Town) -> None:
    draft = cast.draft(town)
    own, desk = f"person:{town.chen.pk}", f"desk:{draft.pk}"
    asked = (own, desk, f"action:{draft.pk}", "town", "road:1", "person:" + "9" * 60, "a b")
    may = {
        "": [404, 404, 404, 200, 404, 404, 404],
        "chen": [200, 404, 404, 200, 404, 404, 404],
        "yan": [404, 200, 200, 200, 404, 404, 404],
        "admin": [404, 200, 200, 200, 404, 404, 404],
    }
    for name, statuses in may.items():
        client = Client()
        if name:
            client.force_login(town.people[name])
        assert [ask(client, topic).status_code for topic in asked] == statuses, name


def test_a_token_reads_for_its_person(town: Town, visitor: Client) -> None:
    token = tokens.issue(person=town.chen, name="x")
    address = f"/api/v1/updates/person:{town.chen.pk}/"
    assert visitor.get(address, headers={"Authorization": f"Token {token}"}).json()["updates"] == []
    assert visitor.get(address, headers={"Authorization": "Token wrong"}).status_code == 401


def test_the_number_of_queries_is_the_same_for_one_and_for_many(town: Town, visitor: Client, speak: Speak) -> None:
    def queries(topic: str, count: int) -> int:
        speak(topic, count)
        with CaptureQueriesContext(connection) as captured:
            assert len(ask(visitor, topic).json()["updates"]) == count
        return len(captured)

    assert queries("test:1", 1) == queries("test:3", 3) == queries("test:30", 30)


def test_nothing_of_it_is_kept_by_caches(town: Town, visitor: Client) -> None:
    assert ask(visitor, "town")["Cache-Control"] == "private, no-store"
