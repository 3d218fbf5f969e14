"""Keys for programs, as their person makes, sees and ends them."""

from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db import IntegrityError, connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from communities import own_data, tokens
from communities.models import Token, User
from tests.cast import Town
from tests.events.test_races import at_once
from tests.reading import main, page

KEYS = "/me/keys/"
PERSONAL = "/api/v1/shifts/1/sign-up/"


def as_(person: User) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(person)
    return client


def make(client: Client, name: str) -> HttpResponse:
    return client.post(KEYS, {"name": name})


def key_in(answer: HttpResponse) -> str:
    field = page(answer).main.select_one("#key")
    assert field is not None
    return str(field["value"])


def is_let_in(key: str) -> bool:
    """There is no such shift: 404 says that the person was known, 401 that nobody was."""
    return Client().get(PERSONAL, headers={"authorization": f"Token {key}"}).status_code == 404


def test_a_key_is_made_shown_once_used_and_ended(town: Town) -> None:
    chen = as_(town.chen)
    assert "None. You need none" in main(chen.get(KEYS))
    made = make(chen, "  calendar ")
    key = key_in(made)
    assert (made.status_code, made["Cache-Control"]) == (201, "private, no-store")
    assert is_let_in(key)
    later = chen.get(KEYS)
    assert "calendar" in main(later)
    assert key not in later.content.decode()
    assert all(key not in str(session.get_decoded()) for session in Session.objects.all())

    end = page(later).main.select_one(".confirm form")
    assert end is not None
    after = chen.post(end["action"], follow=True)
    assert not is_let_in(key)
    assert "has ended" in after.content.decode()
    assert "None. You need none" in main(after)
    assert [line.value for line in _lines(town.chen)] == ["calendar"]  # what was there stays among one's own data


def _lines(person: User) -> list[Any]:
    told = next(section for section in own_data.sections_of(person) if section.key == "tokens")
    return [line for entry in told.entries for line in entry if line.key == "name"]


def test_the_form_sent_again_makes_no_second_key_and_says_so(town: Town) -> None:
    chen = as_(town.chen)
    make(chen, "calendar")
    again = make(chen, "calendar")
    assert again.status_code == 409
    assert "You have a key of this name" in main(again)
    assert page(again).main.select_one("#key") is None
    assert Token.objects.count() == 1
    tokens.revoke(token=Token.objects.get())
    assert make(chen, "calendar").status_code == 201


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("", "Say what the key is for"),
        (" \t ", "Say what the key is for"),
        ("\u2800\u202e", "Say what the key is for"),
        ("x" * 61, "60 characters"),
    ],
)
def test_a_name_that_is_none(name: str, sentence: str, town: Town) -> None:
    answer = make(as_(town.chen), name)
    assert answer.status_code == 422
    assert sentence in main(answer)
    field = page(answer).main.select_one("[name=name]")
    assert field is not None
    assert field.get("value", "") == name
    assert not Token.objects.exists()


def test_twenty_hold_at_a_time(town: Town) -> None:
    for number in range(tokens.MOST):
        tokens.issue(person=town.chen, name=f"program {number}")
    chen = as_(town.chen)
    refused = make(chen, "one more")
    assert refused.status_code == 409
    assert "You have 20 keys" in main(refused)
    tokens.revoke(token=Token.objects.get(name="program 7"))
    assert make(chen, "one more").status_code == 201


def test_queries_do_not_grow_with_keys(town: Town) -> None:
    chen, counts = as_(town.chen), []
    for rows in (1, 3, tokens.MOST):
        for number in range(Token.objects.count(), rows):
            tokens.issue(person=town.chen, name=f"program {number}")
        chen.get(KEYS)  # what is asked once in the life of a process
        with CaptureQueriesContext(connection) as asked:
            shown = page(chen.get(KEYS)).main.select(".confirm")
        assert len(shown) == rows
        counts.append(len(asked))
    assert len(set(counts)) == 1, counts


def test_nobody_sees_or_ends_another_persons_key(town: Town) -> None:
    tokens.issue(person=town.chen, name="geheimer-name")
    theirs = Token.objects.get()
    for name in ("dana", "mei", "admin"):
        other = as_(town.people[name])
        assert "geheimer-name" not in other.get(KEYS).content.decode()
        assert other.post(f"{KEYS}{theirs.pk}/revoke/").status_code == 404
    theirs.refresh_from_db()
    assert theirs.revoked_at is None
    assert as_(town.chen).post(f"{KEYS}{theirs.pk}/revoke/").status_code == 302


def test_a_visitor_signs_in_first(db: None, visitor: Client) -> None:
    for answer in (visitor.get(KEYS), visitor.post(KEYS, {"name": "x"})):
        assert answer["Location"] == f"/account/login/?next={KEYS}"
    assert not Token.objects.exists()


def test_a_key_makes_no_keys(town: Town) -> None:
    key = tokens.issue(person=town.chen, name="calendar")
    answer = Client().post(KEYS, {"name": "another"}, headers={"authorization": f"Token {key}"})
    assert answer["Location"].startswith("/account/login/")
    assert Token.objects.count() == 1


def make_both(town: Town) -> list[Any]:
    return at_once(*(lambda: tokens.issue(person=town.chen, name="calendar") for _ in range(2)))


def test_sent_twice_in_one_instant_it_is_one_key(committed: Town) -> None:
    answers = make_both(committed)
    assert sorted(getattr(answer, "code", "made") for answer in answers) == ["made", "named_before"]
    assert Token.objects.count() == 1


def test_twin_that_does_not_look_is_stopped_by_the_database(committed: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tokens, "live_ones", lambda _person: Token.objects.none())
    assert [type(answer) for answer in make_both(committed) if not isinstance(answer, str)] == [IntegrityError]
    assert Token.objects.count() == 1
