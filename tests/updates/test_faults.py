"""Redis dies, comes back empty, and the book is what everybody ends with. And what another process writes is heard here."""

import asyncio
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
import redis.exceptions

from events import posting
from events.models import Action
from tests import cast, grounds, listening
from tests.cast import Town
from tests.conftest import needs
from tests.listening import Ear, do, run
from tests.running import wait_until
from updates import hub
from updates.models import Update

POSTS, WATCHERS = 300, 50


class Broker:
    """A Redis of the test's own, that may be killed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        self.process = subprocess.Popen([*command, "--dir", str(self.folder)], stdout=subprocess.DEVNULL)
        wait_until(self.answers, "Redis answers")

    def answers(self) -> bool:
        with redis.Redis.from_url(self.url) as server:
            try:
                return bool(server.ping())
            except redis.exceptions.ConnectionError:
                return False

    def kill(self) -> None:
        if self.process:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()
            self.process = None


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    needs("redis-server", shutil.which("redis-server"))
    own = Broker(tmp_path)
    own.start()
    with listening.layer(listening.over_redis(own.url)):
        yield own
    own.kill()


def the_book(topic: str) -> list[tuple[int, str]]:
    return list(Update.objects.filter(topic__name=topic).order_by("seq").values_list("seq", "payload__text"))


def test_redis_is_killed_and_emptied_during_a_broadcast(committed: Town, broker: Broker) -> None:
    action = cast.announced(committed)
    topic = f"action:{action.pk}"

    def post(first: int, last: int) -> None:
        for number in range(first, last):
            posting.post(action=action, text=f"第 {number} 条", by=committed.mei)

    async def broadcast() -> None:
        await do(post, 0, 100)
        await asyncio.to_thread(broker.kill)
        await do(post, 100, 200)
        await asyncio.to_thread(broker.start)
        await do(post, 200, POSTS)

    async def scenario() -> list[list[tuple[int, str]]]:
        ears = [await Ear().open() for _ in range(WATCHERS)]
        for ear in ears:
            await ear.follow(topic)
        last = POSTS + 1  # the first line says that the action was opened
        await asyncio.gather(broadcast(), *(ear.until(topic, last) for ear in ears))
        heard = [[(update["seq"], update["payload"].get("text")) for update in ear.heard(topic)] for ear in ears]
        for ear in ears:
            await ear.close()
        return heard

    heard = run(scenario())
    book = the_book(topic)
    assert [seq for seq, _text in book] == list(range(1, POSTS + 2))
    assert [text for _seq, text in book[1:]] == [f"第 {number} 条" for number in range(POSTS)]
    for each in heard:
        assert each == book


ELSEWHERE = """
import sys
import django
django.setup()
from communities.models import User
from events import posting
from events.models import Action
action, by = Action.objects.get(pk=int(sys.argv[1])), User.objects.get(username="mei")
for number in range(int(sys.argv[2])):
    posting.post(action=action, text=f"{sys.argv[3]} {number}", by=by)
"""


def from_elsewhere(action: Action, count: int, word: str, **environment: str) -> subprocess.Popen[bytes]:
    """Post from another process, one that serves nobody."""
    return subprocess.Popen(
        [sys.executable, "-c", ELSEWHERE, str(action.pk), str(count), word],
        cwd=grounds.ROOT,
        env={**grounds.environment(_database()), **environment},
    )


def _database() -> str:
    return f"race_{grounds.run_id()}_{grounds.worker()}"


async def _looks_at_nothing(_hub: hub.Hub) -> None:
    """Only the bell is left."""


@pytest.mark.parametrize("way", ["bell", "look"])
def test_two_processes_write_in_one_book(
    committed: Town, broker: Broker, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    """Over Redis the bell is heard here; without it the look finds what the other process wrote."""
    if way == "bell":
        monkeypatch.setattr(hub.Hub, "_look", _looks_at_nothing)
    action = cast.announced(committed)
    topic = f"action:{action.pk}"
    shared = {"REDIS_URL": broker.url} if way == "bell" else {"REDIS_URL": ""}

    def post_here(count: int) -> None:
        for number in range(count):
            posting.post(action=action, text=f"here {number}", by=committed.mei)

    async def scenario() -> list[tuple[int, str]]:
        ear = await Ear().open()
        await ear.follow(topic)
        other = from_elsewhere(action, 20, "there", **shared)
        await asyncio.gather(do(post_here, 20), ear.until(topic, 41))
        assert await asyncio.to_thread(other.wait) == 0
        heard = [(update["seq"], update["payload"].get("text")) for update in ear.heard(topic)]
        await ear.close()
        return heard

    heard = run(scenario())
    assert heard == the_book(topic)
    for who in ("here", "there"):
        own = [text for _seq, text in heard if text and text.startswith(who)]
        assert own == [f"{who} {number}" for number in range(20)]


def test_a_process_killed_in_the_middle_leaves_no_half_sentence(committed: Town, broker: Broker) -> None:
    action = cast.announced(committed)
    topic = f"action:{action.pk}"

    async def scenario() -> None:
        ear = await Ear().open()
        await ear.follow(topic)
        other = from_elsewhere(action, 10_000, "there", REDIS_URL=broker.url)
        await ear.until(topic, 5)
        other.kill()
        await asyncio.to_thread(other.wait)
        await do(posting.post, action=action, text="here", by=committed.mei)
        head = await do(lambda: len(the_book(topic)))
        heard = await ear.until(topic, head)
        assert [update["seq"] for update in heard] == list(range(1, head + 1))
        await ear.close()

    run(scenario())
    assert [text for _seq, text in the_book(topic)].count("here") == 1
