"""Writing in the book: numbered in the order of commits, without gaps, and never what was rolled back."""

import threading
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import IntegrityError, connection, connections
from django.test.utils import CaptureQueriesContext

from kit import deeds
from kit.deeds import deed
from kit.refusals import Refused
from tests.cast import Town
from updates import bell, book, publish, verbs
from updates.models import Topic, Update

THREADS, EACH = 8, 6


@pytest.fixture(autouse=True)
def _words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(verbs._registered, "noted", verbs.Verb("noted"))
    monkeypatch.setitem(verbs._registered, "cried", verbs.Verb("cried", template="x.html"))


@pytest.fixture
def rung(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What the bell was told to say."""
    said: list[dict[str, Any]] = []
    monkeypatch.setattr(bell, "_strike", said.append)
    return said


def told(topic: str) -> list[tuple[int, str, dict[str, Any]]]:
    rows = Update.objects.filter(topic__name=topic).order_by("seq")
    return [(row.seq, row.verb, row.payload) for row in rows]


def say(*topics: str, verb: str = "noted", **options: Any) -> None:
    options.setdefault("payload", {"n": 1})
    deed(lambda: publish.publish(topics, verb, **options))()


def test_numbers_begin_at_one_in_each_topic(town: Town) -> None:
    say("b:1", payload={"n": 1})
    say("a:1", "b:1", payload={"n": 2})
    assert told("b:1") == [(1, "noted", {"n": 1}), (2, "noted", {"n": 2})]
    assert told("a:1") == [(1, "noted", {"n": 2})]
    assert book.heads(["a:1", "b:1", "c:1"]) == {"a:1": 1, "b:1": 2, "c:1": 0}


def test_what_was_rolled_back_was_never_said(committed: Town, rung: list[dict[str, Any]]) -> None:
    @deed
    def change_of_mind() -> None:
        publish.publish(["a:1"], "noted", {"n": 1})
        raise Refused("no", "no")

    say("a:1", payload={"n": 0})
    with pytest.raises(Refused):
        change_of_mind()
    say("a:1", payload={"n": 2})

    assert told("a:1") == [(1, "noted", {"n": 0}), (2, "noted", {"n": 2})]
    assert rung == [{"heads": {"a:1": 1}}, {"heads": {"a:1": 2}}]


def test_a_refusal_that_the_outer_deed_survives_takes_its_words_with_it(committed: Town) -> None:
    @deed
    def inner() -> None:
        publish.publish(["a:1"], "noted", {"n": "inner"})
        raise Refused("no", "no")

    def fails() -> None:
        with deeds.attempt():
            publish.publish(["a:1"], "noted", {"n": "attempt"})
            raise KeyError

    @deed
    def outer() -> None:
        publish.publish(["a:1"], "noted", {"n": "before"})
        with pytest.raises(Refused):
            inner()
        with pytest.raises(KeyError):
            fails()
        publish.publish(["a:1"], "noted", {"n": "after"})

    outer()
    assert [payload["n"] for _seq, _verb, payload in told("a:1")] == ["before", "after"]


def test_the_bell_rings_after_the_commit_and_not_before(committed: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []
    monkeypatch.setattr(bell, "_strike", lambda _said: seen.append(Update.objects.using("default").count()))

    @deed
    def two_things() -> None:
        publish.publish(["a:1"], "noted", {"n": 1})
        publish.publish(["b:1"], "noted", {"n": 2})
        assert seen == []

    two_things()
    assert seen == [2]  # once, when both were there


def test_of_several_with_the_same_name_the_last_is_said_as_things_stand_at_the_end(town: Town) -> None:
    state = {"taken": 1}

    @deed
    def changes() -> None:
        publish.publish(["a:1"], "noted", lambda: dict(state), once="places:1")
        publish.publish(["a:1"], "noted", {"n": "between"})
        publish.publish(["a:1"], "noted", lambda: dict(state), once="places:1")
        state["taken"] = 7

    changes()
    assert told("a:1") == [(1, "noted", {"n": "between"}), (2, "noted", {"taken": 7})]


def test_news_in_several_topics_can_be_known_again(town: Town) -> None:
    key = uuid.uuid4()
    say("a:1", "town", verb="cried", key=key, actor={"name": "玉祁社区"})
    rows = Update.objects.filter(key=key)
    assert {(row.payload["ref"], row.actor["name"]) for row in rows} == {(str(key), "玉祁社区")}
    assert len({row.at for row in rows}) == 1


def test_who_said_it_is_told_to_nobody(town: Town) -> None:
    say("a:1", verb="cried", actor={"name": "玉祁社区", "person": "梅芳"}, speaker=town.mei)
    assert Update.objects.get().speaker == town.mei
    told_to_readers = book.since("a:1", 0, 10)
    assert told_to_readers is not None
    assert set(told_to_readers.lines[0].told) == {"seq", "verb", "at", "actor", "payload"}
    assert told_to_readers.lines[0].told["actor"] == {"name": "玉祁社区", "person": "梅芳"}


def test_taken_back_everywhere(town: Town, rung: list[dict[str, Any]]) -> None:
    key = uuid.uuid4()
    say("a:1")
    say("a:1", "town", verb="cried", key=key, payload={"text": "geheim"})

    for _again in range(2):
        deed(lambda: publish.withdraw(key, actor={"name": "x"}))()

    assert told("a:1") == [(1, "noted", {"n": 1}), (2, "cried", {}), (3, "withdrawn", {"seq": 2})]
    assert told("town") == [(1, "cried", {}), (2, "withdrawn", {"seq": 1})]
    assert "geheim" not in str(list(Update.objects.values()))


def test_news_are_about_something() -> None:
    with pytest.raises(ValueError, match="about"):
        verbs.register("sighed", template="x.html")


def test_nobody_says_what_is_not_registered_or_outside_a_deed(town: Town) -> None:
    with pytest.raises(KeyError):
        say("a:1", verb="mumbled")
    with pytest.raises(RuntimeError):
        publish.publish(["a:1"], "noted", {})
    assert not Topic.objects.filter(name="a:1").exists()


def test_topics_are_locked_at_the_end_and_in_order(committed: Town) -> None:
    @deed
    def work() -> None:
        publish.publish(["z:1"], "noted", {})
        publish.publish(["a:1", "m:1"], "noted", {})
        list(Topic.objects.filter(name="marker"))

    with CaptureQueriesContext(connection) as queries:
        work()
    statements = [query["sql"] for query in queries]
    marker = next(number for number, sql in enumerate(statements) if "marker" in sql)
    whole_rows = [number for number, sql in enumerate(statements) if sql.startswith("SELECT") and '"audience"' in sql]
    locking = next(number for number in whole_rows if number != marker)
    assert marker < locking
    assert "ORDER BY" in statements[locking]
    # On SQLite the transaction has the pen already.
    assert connection.vendor == "sqlite" or "FOR UPDATE" in statements[locking]


def test_the_number_of_queries_does_not_grow_with_what_is_said(town: Town) -> None:
    def count(sayings: int) -> int:
        @deed
        def work() -> None:
            for number in range(sayings):
                publish.publish([f"q{sayings}:{number}"], "noted", {"n": number})

        with CaptureQueriesContext(connection) as queries:
            work()
        return len(queries)

    assert count(1) == count(3) == count(30)


def all_at_once(work: Callable[[int], object]) -> list[object]:
    def and_let_go(number: int) -> object:
        try:
            return work(number)
        except Exception as error:  # noqa: BLE001 – what it was is asserted
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(and_let_go, range(THREADS)))


def test_many_speakers_leave_no_gap(committed: Town) -> None:
    def speak(thread: int) -> None:
        for number in range(EACH):
            # Opposite orders of the same topics: only one order of locking survives that.
            say(*(("a:1", "z:1") if thread % 2 else ("z:1", "a:1")), payload={"n": [thread, number]})

    assert all_at_once(speak) == [None] * THREADS
    for topic in ("a:1", "z:1"):
        rows = told(topic)
        assert [seq for seq, _verb, _payload in rows] == list(range(1, THREADS * EACH + 1))
        for thread in range(THREADS):
            own = [payload["n"][1] for _seq, _verb, payload in rows if payload["n"][0] == thread]
            assert own == list(range(EACH)), "each speaker's own words in their order"
    # What was said together stands in the same order in both.
    assert [payload for _s, _v, payload in told("a:1")] == [payload for _s, _v, payload in told("z:1")]


def test_twin_without_the_lock_two_get_the_same_number(committed: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    say("a:1")
    all_have_read = threading.Barrier(THREADS)
    said = publish._said

    def read_then_meet(*args: Any) -> Any:
        all_have_read.wait(60)
        return said(*args)

    monkeypatch.setattr(deeds, "_in_one_transaction", deeds._with_its_end)
    monkeypatch.setattr(Topic.objects.all().__class__, "select_for_update", lambda rows, **_options: rows)
    monkeypatch.setattr(publish, "_said", read_then_meet)

    answers = all_at_once(lambda _thread: say("a:1"))

    assert sum(isinstance(answer, IntegrityError) for answer in answers) == THREADS - 1, "the database refuses the rest"
