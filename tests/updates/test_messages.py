"""What one person must learn: once each, with the deed or not at all, in the person's language on every way out."""

import threading
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from communities.models import User
from kit import deeds
from kit.deeds import deed
from tests.cast import Town
from tests.events.test_races import at_once, meet
from updates import book, messages
from updates.messages import Payload, Words
from updates.models import Message, Outgoing


def speak(payload: Payload, now: datetime | None) -> Words:
    language = translation.get_language()
    return Words(f"{language}: {payload['what']}", "dated" if now is None else "as seen now", "/somewhere/")


@pytest.fixture(autouse=True)
def _kind() -> Iterator[None]:
    messages.register("test", speak)
    yield
    del messages._kinds["test"]


@pytest.fixture(autouse=True)
def _ways(settings: Any) -> None:
    settings.SMS_CARRIER = settings.MAIL_CARRIER = "file"


def tell(*people: User, what: str = "snow", about: str = "a:1") -> list[Message]:
    return messages.send(kind="test", about=about, payloads={person.pk: {"what": what} for person in people})


def heard(person: User) -> list[tuple[str, dict[str, Any]]]:
    passage = book.since(f"person:{person.pk}", 0, 100)
    assert passage is not None
    return [(line.told["verb"], line.told["payload"]) for line in passage.lines]


def test_each_is_told_once_and_hears_it_once(town: Town) -> None:
    first = tell(town.chen, town.lan)
    again = tell(town.chen, town.lan, town.zhou)

    assert {message.person_id for message in first} == {town.chen.pk, town.lan.pk}
    assert [message.person_id for message in again] == [town.zhou.pk]
    for person in (town.chen, town.lan, town.zhou):
        mine = Message.objects.get(person=person)
        assert (mine.kind, mine.about, mine.payload, mine.read_at) == ("test", "a:1", {"what": "snow"}, None)
        assert heard(person) == [("message", {"message": mine.pk, "kind": "test"})]
        assert Outgoing.objects.filter(message=mine).count() == 1


def test_something_else_is_told_again(town: Town) -> None:
    tell(town.chen)
    tell(town.chen, about="a:2")

    assert Message.objects.filter(person=town.chen).count() == 2


def test_a_kind_that_nobody_registered_is_an_error(town: Town) -> None:
    with pytest.raises(KeyError):
        messages.send(kind="unheard", about="a:1", payloads={town.chen.pk: {}})


def test_a_name_that_nobody_would_forget_is_not_written_down(town: Town) -> None:
    assert messages.named("by", town.mei) == {"by": "梅芳", "by_id": town.mei.pk}
    with pytest.raises(KeyError):
        messages.named("leader", town.mei)


def test_nobody_to_tell_is_nothing_to_do(town: Town) -> None:
    assert tell() == []


def test_a_deed_that_is_undone_said_nothing(committed: Town) -> None:
    @deed
    def fails() -> None:
        tell(committed.chen)
        raise RuntimeError("planted")

    with pytest.raises(RuntimeError, match="planted"):
        fails()

    assert not Message.objects.exists()
    assert not Outgoing.objects.exists()
    assert heard(committed.chen) == []


def test_the_phone_first_then_the_mail_and_nothing_without_either(town: Town) -> None:
    User.objects.filter(pk=town.lan.pk).update(phone=None, email="lan@example.org")
    User.objects.filter(pk=town.zhou.pk).update(phone=None, email="")
    User.objects.filter(pk=town.dana.pk).update(is_active=False)

    tell(town.chen, town.lan, town.zhou, town.dana)

    assert set(Outgoing.objects.values_list("message__person", "channel", "address", "state")) == {
        (town.chen.pk, "sms", town.chen.phone, "due"),
        (town.lan.pk, "mail", "lan@example.org", "due"),
    }
    assert Message.objects.count() == 4  # the inbox has it all the same


def test_what_is_not_configured_is_no_way_out(town: Town, settings: Any) -> None:
    User.objects.filter(pk=town.lan.pk).update(email="lan@example.org")
    settings.SMS_CARRIER = "none"
    tell(town.chen, town.lan)
    assert list(Outgoing.objects.values_list("message__person", "channel")) == [(town.lan.pk, "mail")]

    settings.MAIL_CARRIER = "none"
    tell(town.lan, about="a:2")
    assert Outgoing.objects.count() == 1


def test_it_leaves_in_the_persons_language_with_dates_and_the_whole_address(town: Town, settings: Any) -> None:
    settings.SITE_URL = "https://town.example"
    User.objects.filter(pk=town.chen.pk).update(language="en", phone=None, email="chen@example.org")
    User.objects.filter(pk=town.lan.pk).update(language="zh-hans")

    with translation.override("fr"):
        tell(town.chen, town.lan, town.zhou)

    mail = Outgoing.objects.get(message__person=town.chen)
    assert mail.subject == "en: snow"
    assert mail.body.startswith("dated\n\nhttps://town.example/somewhere/")
    for person in (town.lan, town.zhou):  # who chose no language gets the site's
        body = Outgoing.objects.get(message__person=person).body
        assert "zh-hans: snow" in body
        assert body.endswith("https://town.example/somewhere/")
    # What is read here is said in the reader's language, as seen from now.
    with translation.override("en"):
        words = messages.words("test", {"what": "snow"}, timezone.now())
    assert words == Words("en: snow", "as seen now", "/somewhere/")


def test_a_title_of_two_lines_is_one_subject(town: Town) -> None:
    User.objects.filter(pk=town.chen.pk).update(phone=None, email="chen@example.org")

    tell(town.chen, what="snow\r\nBcc: all@example.org" + "x" * 300)

    subject = Outgoing.objects.get().subject
    assert "\n" not in subject
    assert "\r" not in subject
    assert len(subject) == 200


def test_ten_people_cost_no_more_queries_than_two(town: Town) -> None:
    def cost(people: list[User], about: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            tell(*people, about=about)
        return len(queries)

    crowd = list(town.neighbours())
    tell(*crowd, about="a:0")  # their topics are there from now on
    assert cost(crowd[:2], "a:1") == cost(crowd[:12], "a:2")


@pytest.mark.parametrize("has_guard", [True, False], ids=["guarded", "twin"])
def test_two_who_tell_the_same_at_once_tell_it_once(
    committed: Town, monkeypatch: pytest.MonkeyPatch, has_guard: bool
) -> None:
    """Both have looked before one of them writes; without the constraint it would be said twice."""
    if connection.vendor == "sqlite":
        monkeypatch.setattr(deeds, "_in_one_transaction", deeds._with_its_end)
    looked = threading.Barrier(2)
    write = Message.objects.bulk_create

    def after_both_looked(rows: list[Message]) -> list[Message]:
        meet(looked)
        if not has_guard:
            for row in rows:
                row.about += str(threading.get_ident())
        return write(rows)

    monkeypatch.setattr(type(Message.objects), "bulk_create", lambda _self, rows: after_both_looked(rows))
    works: list[Callable[[], Any]] = [lambda: tell(committed.chen, committed.lan)] * 2

    answers = at_once(*works)

    assert sorted(len(answer) for answer in answers) == ([0, 2] if has_guard else [2, 2])
    assert Message.objects.filter(person=committed.chen).count() == (1 if has_guard else 2)


class TestReading:
    def test_once_read_it_is_counted_and_told_once(self, town: Town) -> None:
        message, other = *tell(town.chen), *tell(town.chen, about="a:2")

        messages.mark_read(message=message)
        messages.mark_read(message=message)

        message.refresh_from_db()
        assert message.read_at is not None
        assert messages.count_unread(town.chen.pk) == 1
        assert heard(town.chen)[2:] == [("read", {"unread": 1})]
        other.refresh_from_db()
        assert other.read_at is None

    def test_all_up_to_what_was_seen_and_only_ones_own(self, town: Town) -> None:
        tell(town.chen, town.lan)
        seen = tell(town.chen, about="a:2")[0]
        later = tell(town.chen, about="a:3")[0]

        messages.mark_all_read(by=town.chen, newest=seen.pk)
        messages.mark_all_read(by=town.chen, newest=seen.pk)

        assert list(Message.objects.filter(person=town.chen).unread()) == [later]
        assert messages.count_unread(town.lan.pk) == 1
        assert heard(town.chen)[3:] == [("read", {"unread": 1})]
        assert [verb for verb, _payload in heard(town.lan)] == ["message"]
