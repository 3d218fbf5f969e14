"""The inbox: what was said to me, and to nobody else."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from bs4 import Tag
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from communities.models import User
from tests.cast import Town
from tests.reading import main, page, words
from updates import book, inbox, messages
from updates.messages import Payload, Words
from updates.models import Message

ADDRESS = "/my/messages/"
READ_ALL = "/my/messages/read/"


def speak(payload: Payload, now: datetime | None) -> Words:
    language = translation.get_language()
    return Words(
        f"{payload['what']} ({language})", "So it is.", f"/there/{payload['what']}/", payload["what"] == "fire"
    )


@pytest.fixture(autouse=True)
def _kind() -> Iterator[None]:
    messages.register("test", speak)
    yield
    del messages._kinds["test"]


def tell(person: User, *whats: str) -> list[Message]:
    return [
        message
        for what in whats
        for message in messages.send(kind="test", about=what, payloads={person.pk: {"what": what}})
    ]


def pieces(answer: Any) -> list[Tag]:
    return list(page(answer).select("#inbox .letter"))


def test_one_signs_in_first(town: Town, visitor: Client) -> None:
    message = tell(town.chen, "snow")[0]

    for address in (ADDRESS, f"{ADDRESS}{message.pk}/"):
        answer = visitor.get(address)
        assert (answer.status_code, answer["Location"]) == (302, f"/account/login/?next={address}")
    assert visitor.post(READ_ALL).status_code == 302
    assert inbox.unread_of(AnonymousUser()) == 0
    assert inbox.unread_of(town.chen) == 1


def test_ones_own_the_newest_first_in_the_readers_language(town: Town, client: Client) -> None:
    tell(town.chen, "snow", "rain")
    tell(town.lan, "secret")
    client.force_login(town.chen)

    answer = client.get(ADDRESS, headers={"Accept-Language": "en"})

    links = [piece.a for piece in pieces(answer)]
    newest = Message.objects.filter(person=town.chen).order_by("-pk")
    assert [words(link) for link in links] == ["rain (en)", "snow (en)"]
    assert [link["href"] for link in links if link] == [f"{ADDRESS}{message.pk}/" for message in newest]
    assert "secret" not in answer.content.decode()
    assert answer["Cache-Control"] == "private, no-store"


def test_unread_is_said_in_a_word_and_counted_in_the_tab(town: Town, client: Client) -> None:
    old, _new = tell(town.chen, "snow", "fire")
    messages.mark_read(message=old)
    client.force_login(town.chen)

    answer = client.get(ADDRESS, headers={"Accept-Language": "en"})

    new, read = pieces(answer)
    assert [words(tag) for tag in new.select(".tag")] == ["Unread", "Wants an answer"]
    assert read.select(".tag") == []
    tab = page(answer).select_one("#inbox .tabs a[aria-current]")
    assert words(tab) == "Messages 1"
    other = page(answer).select_one("#inbox .tabs a:not([aria-current])")
    assert (words(other), other and other["href"]) == ("Updates", "/updates/")


def test_nothing_yet_is_said_in_words(town: Town, client: Client) -> None:
    client.force_login(town.chen)

    answer = client.get(ADDRESS, headers={"Accept-Language": "en"})

    assert "No messages yet" in main(answer)
    assert page(answer).select("#inbox form") == []


def test_opening_a_message_reads_it_and_leads_on(town: Town, client: Client) -> None:
    first, second = tell(town.chen, "snow", "rain")
    client.force_login(town.chen)

    for answer in (client.get(f"{ADDRESS}{first.pk}/"), client.post(f"{ADDRESS}{second.pk}/")):
        assert answer.status_code == 302

    assert client.get(f"{ADDRESS}{first.pk}/")["Location"] == "/there/snow/"
    assert inbox.unread_of(town.chen) == 0


def test_somebody_elses_message_is_not_there(town: Town, client: Client) -> None:
    message = tell(town.chen, "secret")[0]
    client.force_login(town.lan)

    for method in (client.get, client.post):
        for address in (f"{ADDRESS}{message.pk}/", f"{ADDRESS}{message.pk + 99}/"):
            answer = method(address)
            assert answer.status_code == 404
            assert "secret" not in answer.content.decode()
    assert inbox.unread_of(town.chen) == 1


def test_all_that_was_on_the_page_is_read_at_once(town: Town, client: Client) -> None:
    tell(town.chen, "snow", "rain")
    tell(town.lan, "secret")
    client.force_login(town.chen)
    form = page(client.get(ADDRESS)).select_one("#inbox form")
    assert form is not None
    newest = form.select_one("[name=newest]")
    assert newest is not None
    tell(town.chen, "fire")  # while the page was being read

    answer = client.post(str(form["action"]), {"newest": newest["value"]})

    assert (form["action"], answer.status_code, answer["Location"]) == (READ_ALL, 302, ADDRESS)
    assert [message.about for message in Message.objects.unread()] == ["fire", "secret"]


@pytest.mark.parametrize("written", ["", "all", "-1", "9" * 40, "²"])
def test_a_number_that_is_none_reads_nothing(town: Town, client: Client, written: str) -> None:
    tell(town.chen, "snow")
    client.force_login(town.chen)

    assert client.post(READ_ALL, {"newest": written}).status_code == 302
    assert client.get(READ_ALL).status_code == 405
    assert inbox.unread_of(town.chen) == 1


def test_twenty_on_a_page_and_all_read_from_any_of_them(town: Town, client: Client) -> None:
    tell(town.chen, *(f"no{number}" for number in range(25)))
    client.force_login(town.chen)

    assert len(pieces(client.get(ADDRESS))) == 20
    second = client.get(f"{ADDRESS}?page=2")
    assert len(pieces(second)) == 5
    newest = page(second).select_one("[name=newest]")
    assert newest is not None
    client.post(READ_ALL, {"newest": newest["value"]})
    assert inbox.unread_of(town.chen) == 0


def test_it_costs_the_same_with_one_three_and_thirty(town: Town, client: Client) -> None:
    client.force_login(town.chen)
    costs = []
    for more in (1, 2, 27):
        tell(town.chen, *(f"{more}.{number}" for number in range(more)))
        client.get(ADDRESS)
        with CaptureQueriesContext(connection) as queries:
            assert len(pieces(client.get(ADDRESS))) == min(20, Message.objects.count())
        costs.append(len(queries))

    assert len(set(costs)) == 1


def test_it_goes_on_from_what_it_shows(town: Town, client: Client) -> None:
    tell(town.chen, "snow", "rain")
    client.force_login(town.chen)

    soup = page(client.get(ADDRESS))

    part = soup.select_one("live-part[data-parts=inbox]")
    assert part is not None
    topic = f"person:{town.chen.pk}"
    assert json.loads(str(part["data-follow"])) == {topic: 2} == book.heads([topic])
    assert set(str(part["data-verbs"]).split()) == {"message", "read"}
    assert len(soup.select("#inbox")) == 1
