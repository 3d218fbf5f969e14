"""Two at the same instant: one invitation, one answer. Each race has a twin without its guard that goes wrong."""

import threading
from typing import Any

import pytest
from django.db import IntegrityError

from events import locks, parties, posting
from events.models import Action, Party, Post
from kit import deeds
from kit.refusals import Refused
from tests import cast
from tests.cast import Town
from tests.events.test_races import at_once, meet

State = Party.State


@pytest.fixture
def careless(monkeypatch: pytest.MonkeyPatch) -> None:
    """Statement by statement, without locks, and nobody keeps a book or writes to anybody."""
    monkeypatch.setattr(deeds, "_in_one_transaction", deeds._with_its_end)
    monkeypatch.setattr(deeds, "before_commit", lambda _finish, _item: None)
    for told in ("invited", "answered"):
        monkeypatch.setattr(parties.messages, told, lambda *_: None)
    for lock in ("lock_action", "share_action"):
        monkeypatch.setattr(locks, lock, lambda pk: Action.objects.get(pk=pk))


def asked(town: Town) -> Party:
    return parties.invite(action=cast.announced(town), organisation=town.school, by=town.mei)


def invite_twice(town: Town, action: Action) -> list[Any]:
    return at_once(
        *(
            lambda by=by: parties.invite(action=action, organisation=town.school, asked_for=by.name, by=by)
            for by in (town.mei, town.admin)
        )
    )


def test_asked_by_two_at_once_it_is_one_invitation(committed: Town) -> None:
    one, other = invite_twice(committed, cast.announced(committed))
    assert one == other == Party.objects.get()
    assert one.asked_for == other.asked_for, "the second reads what the first wrote"


def test_twin_without_the_lock_the_database_refuses_the_second(
    committed: Town, careless: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    action = cast.announced(committed)
    both_have_looked = threading.Barrier(2)
    monkeypatch.setattr(parties, "_demand_not_over", lambda _action: meet(both_have_looked))

    answers = invite_twice(committed, action)

    assert sum(isinstance(answer, IntegrityError) for answer in answers) == 1
    assert Party.objects.count() == 1


def answer_and_take_back(town: Town, party: Party) -> list[Any]:
    return at_once(lambda: parties.accept(party=party, by=town.bo), lambda: parties.take_back(party=party, by=town.mei))


def test_a_yes_and_taking_back_at_once_only_one_of_them_holds(committed: Town) -> None:
    party = asked(committed)
    answers = answer_and_take_back(committed, party)
    (refusal,) = [answer for answer in answers if isinstance(answer, Refused)]
    held = Party.objects.get()
    assert (held.state, refusal.code) in {(State.JOINED, "answered"), (State.WITHDRAWN, "taken_back")}


def test_twin_without_the_lock_both_believe_it(
    committed: Town, careless: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    party = asked(committed)
    both_have_looked = threading.Barrier(2)

    def look(pk: int) -> Party:
        found = Party.objects.get(pk=pk)
        meet(both_have_looked)
        return found

    monkeypatch.setattr(locks, "lock_party", look)
    answers = answer_and_take_back(committed, party)
    assert not any(isinstance(answer, Refused) for answer in answers), "neither was told that it was too late"


def test_nothing_is_said_in_the_name_of_who_has_left(committed: Town) -> None:
    """Whoever is about to speak holds the partner; leaving waits, so the book has the post before the leaving."""
    party = parties.accept(party=asked(committed), by=committed.bo)
    answers = at_once(
        lambda: posting.post(action=party.action, text="我们到了", organisation=committed.school, by=committed.bo),
        lambda: parties.leave(party=party, by=committed.bo),
    )
    said, _left = answers
    assert Party.objects.get().state == State.LEFT
    if isinstance(said, Refused):
        assert said.code == "no_right"
        assert not Post.objects.exists()
    else:
        assert said.posted_at <= Party.objects.get().ended_at


def test_twin_without_the_lock_something_is_said_afterwards(
    committed: Town, careless: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(locks, "lock_party", lambda pk: Party.objects.get(pk=pk))
    party = parties.accept(party=asked(committed), by=committed.bo)
    has_looked, has_left = threading.Barrier(2), threading.Barrier(2)
    demand = posting._demand_voice
    monkeypatch.setattr(locks, "lock_partner", lambda *_: None)

    def look_then_wait(by: Any, action: Action, voice: Any) -> None:
        demand(by, action, voice)
        meet(has_looked)
        meet(has_left)

    def leave_in_between() -> None:
        meet(has_looked)
        parties.leave(party=party, by=committed.bo)
        meet(has_left)

    monkeypatch.setattr(posting, "_demand_voice", look_then_wait)
    said, _left = at_once(
        lambda: posting.post(action=party.action, text="我们到了", organisation=committed.school, by=committed.bo),
        leave_in_between,
    )
    assert said.posted_at > Party.objects.get().ended_at
