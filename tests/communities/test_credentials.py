"""Who speaks on a connection that stays open, asked at the handshake and again later."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from communities import credentials, membership, people, tokens
from communities.models import Membership, Token, User
from communities.roles import Role
from tests import listening
from tests.cast import Town
from tests.kit.test_deeds import conflict


def version_of(person: User) -> int:
    return User.objects.get(pk=person.pk).rights_version


def test_a_session_speaks_until_it_ends(town: Town, client: Client) -> None:
    client.force_login(town.chen)
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    who = credentials.of_handshake({"cookie": f"theme=dark; {settings.SESSION_COOKIE_NAME}={key}; x=y"})
    assert who() == town.chen
    client.post("/account/logout/")
    assert who() is None


@pytest.mark.parametrize("end", ["expired", "password", "inactive"])
def test_a_session_that_is_no_longer_good(town: Town, end: str) -> None:
    who = credentials.of_handshake({"cookie": listening.session_of(town.chen)})
    assert who() == town.chen
    match end:
        case "expired":
            Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
        case "password":
            town.chen.set_password("another one, please")
            town.chen.save()
        case "inactive":
            User.objects.filter(pk=town.chen.pk).update(is_active=False)
    assert who() is None


@pytest.mark.parametrize(
    "cookie", ["", "theme=dark", "sessionid=", "sessionid=unknown", "sessionid", "=;=", "sessionid=\x00"]
)
def test_without_a_session_one_is_a_visitor(town: Town, cookie: str) -> None:
    assert isinstance(credentials.of_handshake({"cookie": cookie})(), AnonymousUser)


def test_a_session_without_a_person_is_a_visitors(town: Town) -> None:
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session["x"] = 1
    session.save()
    who = credentials.of_handshake({"cookie": f"{settings.SESSION_COOKIE_NAME}={session.session_key}"})
    assert isinstance(who(), AnonymousUser)


def test_a_token_speaks_until_it_is_revoked(town: Town) -> None:
    token = tokens.issue(person=town.chen, name="x")
    who = credentials.of_handshake({"authorization": f"Token {token}"})
    assert who() == town.chen
    tokens.revoke(token=Token.objects.get())
    assert who() is None


def test_a_token_that_only_listens_is_used_too(town: Town) -> None:
    token = tokens.issue(person=town.chen, name="x")
    credentials.of_handshake({"authorization": f"Token {token}"})()
    assert Token.objects.get().last_used_at is not None


@pytest.mark.parametrize("written", ["Token", "Token x", "Bearer x", "Basic Y2hlbjp4", "Token 好", "Token a b"])
def test_a_wrong_token_is_nobody(town: Town, written: str) -> None:
    assert credentials.of_handshake({"authorization": written, "cookie": listening.session_of(town.chen)})() is None


class TestTheVersionOfTheRights:
    """Whatever may end a right raises it, and only for whom it concerns."""

    def test_logout(self, town: Town, client: Client) -> None:
        client.force_login(town.chen)
        before = version_of(town.chen), version_of(town.dana)
        client.post("/account/logout/")
        assert (version_of(town.chen), version_of(town.dana)) == (before[0] + 1, before[1])
        client.post("/account/logout/")
        assert version_of(town.chen) == before[0] + 1

    def test_logout_when_the_database_asks_for_it_again(
        self, committed: Town, client: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        client.force_login(committed.chen)
        before, changed, tries = version_of(committed.chen), people.rights_changed, []

        def locked_once(*ids: int) -> None:
            tries.append(ids)
            changed(*ids)
            if len(tries) == 1:
                raise conflict("40P01")

        monkeypatch.setattr(people, "rights_changed", locked_once)
        client.post("/account/logout/")
        assert tries == [(committed.chen.pk,)] * 2
        assert version_of(committed.chen) == before + 1

    def test_role_given_and_taken(self, town: Town) -> None:
        before = version_of(town.dana)
        for _again in range(2):
            membership.join(person=town.dana, organisation=town.yuqi, role=Role.LEADER, by=town.mei)
            assert version_of(town.dana) == before + 1
        joined = Membership.objects.live().get(person=town.dana)
        for _again in range(2):
            membership.end(membership=joined, by=town.mei)
            assert version_of(town.dana) == before + 2

    def test_token_revoked(self, town: Town) -> None:
        tokens.issue(person=town.chen, name="x")
        before = version_of(town.chen)
        for _again in range(2):
            tokens.revoke(token=Token.objects.get())
            assert version_of(town.chen) == before + 1

    def test_rights_repaired(self, town: Town) -> None:
        before = version_of(town.mei), version_of(town.dana)
        group = town.yuqi.role_groups.get(role=Role.COORDINATOR).group
        group.user_set.add(town.dana)
        assert membership.repair(town.yuqi)
        assert version_of(town.dana) == before[1] + 1, "who is thrown out of a group notices it"
        assert version_of(town.mei) == before[0] + 1
        assert membership.repair(town.yuqi) == []
        assert version_of(town.mei) == before[0] + 1
