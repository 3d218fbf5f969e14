"""Tokens: what is kept of them, whom they speak for, and until when."""

from datetime import timedelta

import pytest
from django.core import serializers
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from communities import tokens
from communities.models import Token, User
from tests.cast import Town

PERSONAL = "/api/v1/shifts/1/sign-up/"
PUBLIC = "/api/v1/organisations/"
UNKNOWN = "This token is unknown or was revoked."
BADLY_WRITTEN = "Write the header as “Authorization: Token …”."


def ask(authorization: str | None, path: str = PERSONAL) -> HttpResponse:
    headers = {"accept-language": "en"} | ({} if authorization is None else {"authorization": authorization})
    return Client().get(path, headers=headers)


def is_let_in(answer: HttpResponse) -> bool:
    """There is no such shift: 404 says that the person was known, 401 that nobody was."""
    assert answer.status_code in {401, 404}
    assert answer.headers["Content-Type"] == "application/problem+json"
    return answer.status_code == 404


def test_a_token_is_shown_once_and_only_its_hash_is_kept(town: Town) -> None:
    token = tokens.issue(person=town.chen, name="phone")
    row = Token.objects.get()
    assert (row.person, row.name, row.last_used_at, row.revoked_at) == (town.chen, "phone", None, None)
    assert row.digest == tokens.digest(token)
    assert len(token) >= 43
    everything = serializers.serialize("json", [*Token.objects.all(), *User.objects.all()])
    assert row.digest in everything
    assert token not in everything


def test_no_two_are_alike(town: Town) -> None:
    assert len({tokens.issue(person=town.chen, name=f"phone {each}") for each in range(20)}) == 20


@pytest.mark.parametrize("word", ["Token", "token", "TOKEN"])
def test_a_token_speaks_for_its_person(word: str, town: Town) -> None:
    assert is_let_in(ask(f"{word} {tokens.issue(person=town.chen, name='phone')}"))


def test_nobody_without_one(db: None) -> None:
    answer = ask(None)
    assert not is_let_in(answer)
    assert (answer.headers["WWW-Authenticate"], answer.json()["detail"]) == (
        "Token",
        "Please sign in, or send a valid token.",
    )


@pytest.mark.parametrize("path", [PERSONAL, PUBLIC])
@pytest.mark.parametrize(
    ("authorization", "detail"),
    [
        ("Token", BADLY_WRITTEN),
        ("Token ", BADLY_WRITTEN),
        ("Token {token} {token}", BADLY_WRITTEN),
        ("Token {token}x", UNKNOWN),
        ("Token x{token}", UNKNOWN),
        ("Token {digest}", UNKNOWN),
        ("Token {token}\x00", UNKNOWN),
        ("Token \xff\xfe", UNKNOWN),
        ("Token " + "钥匙".encode().decode("latin-1"), UNKNOWN),  # as a server hands on what is not ASCII
        ("Token " + "x" * 20_000, UNKNOWN),
    ],
)
def test_a_token_that_is_none(authorization: str, detail: str, path: str, town: Town) -> None:
    token = tokens.issue(person=town.chen, name="phone")
    answer = ask(authorization.format(token=token, digest=tokens.digest(token)), path)
    assert (answer.status_code, answer.json()["detail"]) == (401, detail)
    assert answer.headers["WWW-Authenticate"] == "Token"
    assert Token.objects.get().last_used_at is None


@pytest.mark.parametrize("authorization", ["Bearer {token}", "Basic {token}", "{token}", "Tok en {token}", ""])
def test_other_ways_to_authorise_are_nobody(authorization: str, town: Town) -> None:
    written = authorization.format(token=tokens.issue(person=town.chen, name="phone"))
    assert not is_let_in(ask(written))
    assert ask(written, PUBLIC).status_code == 200


def test_a_revoked_token_is_worthless_and_the_others_are_not(town: Town) -> None:
    lost, kept = (tokens.issue(person=town.chen, name=name) for name in ("lost", "kept"))
    revoked = tokens.revoke(token=Token.objects.get(name="lost"))
    answer = ask(f"Token {lost}")
    assert (answer.status_code, answer.json()["detail"]) == (401, UNKNOWN)
    assert ask(f"Token {lost}", PUBLIC).status_code == 401
    assert is_let_in(ask(f"Token {kept}"))
    assert tokens.revoke(token=revoked).revoked_at == revoked.revoked_at


def test_a_closed_account_has_no_tokens(town: Town) -> None:
    token = tokens.issue(person=town.chen, name="phone")
    User.objects.filter(pk=town.chen.pk).update(is_active=False)
    answer = ask(f"Token {token}")
    assert (answer.status_code, answer.json()["detail"]) == (401, UNKNOWN)


def test_a_closed_account_has_no_session(town: Town) -> None:
    client = Client()
    client.force_login(town.dana)
    assert is_let_in(client.get(PERSONAL))
    User.objects.filter(pk=town.dana.pk).update(is_active=False)
    assert not is_let_in(client.get(PERSONAL))


def test_when_it_was_last_used_is_kept_to_ten_minutes(town: Town) -> None:
    token = tokens.issue(person=town.chen, name="phone")
    before = timezone.now()
    ask(f"Token {token}")
    first = Token.objects.get().last_used_at
    assert first is not None
    assert before <= first <= timezone.now()
    ask(f"Token {token}")
    assert Token.objects.get().last_used_at == first
    earlier = first - timedelta(minutes=11)
    Token.objects.update(last_used_at=earlier)
    ask(f"Token {token}")
    again = Token.objects.get().last_used_at
    assert again is not None
    assert again > earlier
