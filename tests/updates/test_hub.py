"""The hub with real rows, on both channel layers: in order, each once, at the reader's own speed."""

import asyncio
import threading
from collections.abc import Callable
from typing import Any

import pytest
from channels.layers import get_channel_layer
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kit.deeds import deed
from tests import listening
from tests.cast import Town
from tests.listening import Ear, do, run
from updates import bell, book, hub, publish
from updates.models import Topic, Update

Speak = Callable[..., None]

pytestmark = pytest.mark.usefixtures("committed", "layer")


def numbers(updates: list[dict[str, Any]]) -> list[int]:
    return [update["seq"] for update in updates]


def test_first_load_live_and_resume_are_one(speak: Speak) -> None:
    async def scenario() -> None:
        await do(speak, "test:1", 3)
        ear = await Ear().open()
        answer = await ear.follow("test:1", after=1)
        assert answer["type"] == "updates"
        assert (numbers(answer["updates"]), answer["last"]) == ([2, 3], 3)
        first = answer["updates"][0]
        assert (first["verb"], first["actor"], first["payload"]) == ("noted", None, {"number": 2})
        assert set(first) == {"seq", "verb", "at", "actor", "payload"}
        assert first["at"].endswith("+08:00")

        await do(speak, "test:1", 2)
        assert numbers(await ear.until("test:1", 5)) == [2, 3, 4, 5]
        await ear.close()

        await do(speak, "test:1", 2)
        again = await Ear().open()
        assert numbers((await again.follow("test:1", after=5))["updates"]) == [6, 7]
        await again.close()

    run(scenario())


def test_to_follow_is_answered_even_where_nothing_was_said(speak: Speak) -> None:
    async def scenario() -> None:
        ear = await Ear().open()
        assert await ear.follow("test:new") == {"type": "updates", "topic": "test:new", "updates": [], "last": 0}
        await do(speak, "test:new")
        assert numbers(await ear.until("test:new", 1)) == [1]
        await ear.close()

    run(scenario())


def test_each_in_order_and_once_for_every_watcher(speak: Speak) -> None:
    async def scenario() -> None:
        ears = [await Ear().open() for _ in range(12)]
        for number, ear in enumerate(ears):
            await ear.follow("test:1")
            if number % 2:
                await ear.follow("test:2")
        await asyncio.gather(
            *(do(speak, topic, 30, first=first) for topic in ("test:1", "test:2") for first in (0, 100)),
            *(ear.until("test:1", 60) for ear in ears),
        )
        for number, ear in enumerate(ears):
            if number % 2:
                await ear.until("test:2", 60)
            assert numbers(ear.heard("test:1")) == list(range(1, 61))
            assert numbers(ear.heard("test:2")) == (list(range(1, 61)) if number % 2 else [])
            await ear.close()

    run(scenario())


def test_who_does_not_acknowledge_is_paused_at_64_and_goes_on_where_it_stopped(speak: Speak) -> None:
    async def scenario() -> None:
        quick, slow = await Ear().open(), await Ear().open()
        await quick.follow("test:1")
        await slow.follow("test:1")
        await do(speak, "test:1", 150)
        assert len(await quick.until("test:1", 150)) == 150

        await slow.until("test:1", hub.WINDOW, acknowledging=False)
        assert await slow.is_silent()
        assert numbers(slow.heard("test:1")) == list(range(1, 65))

        # An old number, nothing, and what was never sent change nothing for the worse.
        for seq in (0, 1, 0):
            await slow.acknowledge("test:1", seq)
        assert numbers(await slow.until("test:1", 65, acknowledging=False)) == list(range(1, 66))
        await slow.acknowledge("test:1", 10_000)
        assert numbers(await slow.until("test:1", 150)) == list(range(1, 151))
        await quick.close()
        await slow.close()

    run(scenario())


def test_more_than_a_thousand_behind_starts_anew(committed: Town) -> None:
    async def scenario() -> None:
        await do(a_long_book)
        ear = await Ear().open()
        assert await ear.follow("town", after=4) == {"type": "reload", "topic": "town"}
        assert len((await ear.follow("town", after=5))["updates"]) == hub.WINDOW
        # A number from a book that was put back to an older state.
        assert (await ear.follow("town", after=5000))["type"] == "reload"
        await ear.close()

    def a_long_book() -> None:
        topic = Topic.objects.create(name="town", head=1005)
        Update.objects.bulk_create(
            Update(topic=topic, seq=seq, verb="noted", at="2026-11-24T00:00Z") for seq in range(1, 1006)
        )

    run(scenario())


def test_a_deed_that_was_rolled_back_is_never_heard(speak: Speak) -> None:
    @deed
    def changes_its_mind() -> None:
        publish.publish(["test:1"], "noted", {"number": "secret"})
        raise ZeroDivisionError

    async def scenario() -> None:
        ear = await Ear().open()
        await ear.follow("test:1")
        await do(speak, "test:1")
        with pytest.raises(ZeroDivisionError):
            await do(changes_its_mind)
        await do(speak, "test:1", first=2)
        heard = await ear.until("test:1", 2)
        assert [update["payload"]["number"] for update in heard] == [1, 2]
        assert "secret" not in str(ear.frames)
        await ear.close()

    run(scenario())


def test_rung_from_a_thread_that_goes_on_working(speak: Speak) -> None:
    """The frame is there while the request that wrote it is still under way: nothing waits for its end."""
    arrived, was_heard = threading.Event(), []

    def view() -> None:
        speak("test:1")
        was_heard.append(arrived.wait(listening.PATIENCE))

    async def scenario() -> None:
        ear = await Ear().open()
        await ear.follow("test:1")
        working = asyncio.create_task(do(view))
        await ear.until("test:1", 1)
        assert not working.done()
        arrived.set()
        await working
        await ear.close()

    run(scenario())
    assert was_heard == [True]


def test_what_no_bell_announced_is_found_by_looking(speak: Speak, monkeypatch: pytest.MonkeyPatch) -> None:
    async def scenario() -> None:
        ear = await Ear().open()
        await ear.follow("test:1")
        monkeypatch.setattr(bell, "_strike", lambda _said: None)
        await do(speak, "test:1", 2)
        assert numbers(await ear.until("test:1", 2)) == [1, 2]
        await ear.close()

    run(scenario())


def test_twin_without_looking_a_lost_bell_loses_the_update(speak: Speak, monkeypatch: pytest.MonkeyPatch) -> None:
    async def no_look(_hub: hub.Hub) -> None:
        looks.set()

    async def scenario() -> None:
        ear = await Ear().open()
        await ear.follow("test:1")
        monkeypatch.setattr(bell, "_strike", lambda _said: None)
        monkeypatch.setattr(hub.Hub, "_look", no_look)
        await do(speak, "test:1")
        for _ in range(2):
            looks.clear()
            await asyncio.wait_for(looks.wait(), listening.PATIENCE)
        assert await ear.is_silent()
        await ear.close()

    looks = asyncio.Event()
    run(scenario())


def test_a_bell_that_promises_more_than_there_is_does_no_harm(speak: Speak) -> None:
    async def scenario() -> None:
        ear = await Ear().open()
        await ear.follow("test:1")
        hub.here().hear({"heads": {"test:1": 99, "test:other": 4}})
        await do(speak, "test:1")
        assert numbers(await ear.until("test:1", 1)) == [1]
        assert await ear.is_silent()
        await ear.close()

    run(scenario())


def test_one_reading_and_one_text_for_all_who_stand_together(speak: Speak, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[dict[Any, int]] = []
    passages = book.passages

    def counted(wanted: dict[Any, int]) -> Any:
        read.append(wanted)
        return passages(wanted)

    async def scenario() -> None:
        ears = [await Ear().open() for _ in range(20)]
        for ear in ears:
            await ear.follow("test:1")
        read.clear()
        monkeypatch.setattr(book, "passages", counted)
        await do(speak, "test:1")
        for ear in ears:
            await ear.until("test:1", 1, acknowledging=False)
        # Once for the bell; the look may have come in between, but never once for each.
        assert 1 <= len(read) <= 2
        assert all(list(wanted) == [("test:1", 0)] or list(wanted) == [("test:1", 1)] for wanted in read)
        for ear in ears:
            await ear.close()

    run(scenario())


def test_a_look_costs_the_same_whatever_is_followed(committed: Town) -> None:
    def queries(count: int) -> int:
        for number in range(count):
            Topic.objects.get_or_create(name=f"test:{number}")
        with CaptureQueriesContext(connection) as captured:
            book.look([f"test:{number}" for number in range(count)], list(range(count)))
        return len(captured)

    assert queries(1) == queries(3) == queries(300) == 2


def test_the_database_away_for_a_while(speak: Speak, monkeypatch: pytest.MonkeyPatch) -> None:
    passages = book.passages
    broken = threading.Event()

    def fails_while_broken(wanted: dict[Any, int]) -> Any:
        if broken.is_set():
            failed.set()
            raise RuntimeError("planted: the database is away")
        return passages(wanted)

    async def scenario() -> None:
        ear = await Ear().open()
        await ear.follow("test:1")
        monkeypatch.setattr(book, "passages", fails_while_broken)
        broken.set()
        await do(speak, "test:1", 3)
        await asyncio.to_thread(failed.wait, listening.PATIENCE)
        broken.clear()
        assert numbers(await ear.until("test:1", 3)) == [1, 2, 3]
        await ear.close()

    failed = threading.Event()
    run(scenario())


def test_nobody_left_no_task_left(speak: Speak) -> None:
    async def scenario() -> None:
        ear = await Ear().open()
        await ear.follow("test:1")
        here = hub.here()
        tasks = list(here.tasks)
        assert [task.done() for task in tasks] == [False, False, False]
        await ear.close()
        await asyncio.wait_for(asyncio.gather(*tasks, return_exceptions=True), listening.PATIENCE)
        assert (here.followed, dict(here.places), dict(here.people), here.tasks) == ({}, {}, {}, [])
        # And the next one finds it as if nothing had been.
        again = await Ear().open()
        await again.follow("test:1")
        await do(speak, "test:1")
        assert numbers(await again.until("test:1", 1)) == [1]
        await again.close()

    run(scenario())


def test_the_layer_carries_only_that_there_is_something(speak: Speak) -> None:
    async def scenario() -> None:
        layer = get_channel_layer()
        channel = await layer.new_channel()
        await layer.group_add(bell.GROUP, channel)
        await do(speak, "test:1", 2)
        said = [await asyncio.wait_for(layer.receive(channel), listening.PATIENCE) for _ in range(2)]
        assert said == [{"type": "bell", "heads": {"test:1": head}} for head in (1, 2)]

    run(scenario())


def test_a_broker_that_hangs_holds_up_no_deed(speak: Speak, monkeypatch: pytest.MonkeyPatch) -> None:
    class Frozen:
        async def group_send(self, *_args: Any) -> None:
            await asyncio.Event().wait()

    async def scenario() -> None:
        ear = await Ear().open()
        await ear.follow("test:1")
        monkeypatch.setattr(bell, "get_channel_layer", Frozen)
        await asyncio.wait_for(do(speak, "test:1", 5), listening.PATIENCE)
        assert numbers(await ear.until("test:1", 5)) == [1, 2, 3, 4, 5]
        await ear.close()

    run(scenario())
