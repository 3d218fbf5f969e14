"""Readers of live updates, speaking to the real consumer with real rows."""

import asyncio
import json
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, Self, TypeVar

import redis
from channels.testing import WebsocketCommunicator
from django.conf import settings
from django.db import connections
from django.test import Client, override_settings

from communities import credentials
from communities.models import User
from portal.asgi import build
from portal.front import Front
from tests import grounds
from updates import bell, hub
from updates.consumer import Consumer

R = TypeVar("R")

PATIENCE = 60.0
"""Seconds to wait for something before giving up; asserts nothing about time."""

HOST = "testserver"
IN_MEMORY = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}


def redis_url() -> str:
    """This worker's own database of Redis; empty where there is no Redis."""
    url = settings.REDIS_URL or grounds.own_redis("redis://127.0.0.1:6379/5")
    try:
        with redis.Redis.from_url(url, socket_connect_timeout=2) as server:
            server.ping()
    except redis.RedisError:
        return ""
    return url


def over_redis(url: str) -> dict[str, Any]:
    """The settings of the layer that several processes share."""
    config = {"hosts": [url], "prefix": settings.CHANNEL_PREFIX}
    return {"default": {"BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer", "CONFIG": config}}


@contextmanager
def layer(configuration: dict[str, Any]) -> Iterator[None]:
    """The channel layer of these settings, in a state of its own."""
    with override_settings(CHANNEL_LAYERS=configuration):
        yield


def run(scenario: Coroutine[Any, Any, R]) -> R:
    """Play a scenario on a loop of its own, which is the server's as long as it lasts."""

    async def on_the_servers_loop() -> R:
        bell.adopt_loop()
        return await asyncio.wait_for(scenario, 300)

    return asyncio.run(on_the_servers_loop())


async def do(deed: Callable[..., R], *args: Any, **kwargs: Any) -> R:
    """Do something with the database in a thread of its own, as a request would."""

    def and_let_go() -> R:
        try:
            return deed(*args, **kwargs)
        finally:
            connections.close_all()

    return await asyncio.to_thread(and_let_go)


def session_of(person: User) -> str:
    """A Cookie header with which this person is signed in."""
    client = Client()
    client.force_login(person)
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


class Ear:
    """One connection: it follows, acknowledges when told to, and keeps every frame that it got."""

    def __init__(
        self, *, cookie: str = "", token: str = "", origin: str | None = f"http://{HOST}", address: str = "127.0.0.1"
    ) -> None:
        headers = [
            ("host", HOST),
            ("cookie", cookie),
            ("authorization", token and f"Token {token}"),
            ("origin", origin),
        ]
        self.socket = WebsocketCommunicator(
            Consumer(credentials.of_handshake),
            "/ws/updates/",
            headers=[(name.encode(), value.encode()) for name, value in headers if value],
        )
        self.socket.scope["client"] = [address, 4711]
        self.socket.scope["scheme"] = "ws"
        self.frames: list[dict[str, Any]] = []
        self.code: int | None = None

    async def open(self) -> Self:
        """Knock; afterwards ``code`` says with what it was closed at once, if it was."""
        accepted, code = await self.socket.connect(timeout=PATIENCE)
        self.code = None if accepted else code
        return self

    async def say(self, **frame: Any) -> None:
        await self.socket.send_to(text_data=json.dumps(frame))

    async def follow(self, topic: str, after: int = 0) -> dict[str, Any]:
        """Follow and return the answer, which is the next frame about this topic."""
        await self.say(type="follow", topic=topic, after=after)
        return await self.next(lambda frame: frame.get("topic") == topic)

    async def acknowledge(self, topic: str, seq: int) -> None:
        await self.say(type="ack", topic=topic, seq=seq)

    async def hear(self) -> dict[str, Any] | None:
        """The next frame; None once it is closed, and then ``code`` is set."""
        message = await self.socket.receive_output(timeout=PATIENCE)
        if message["type"] == "websocket.close":
            self.code = message.get("code", 1000)
            return None
        frame: dict[str, Any] = json.loads(message["text"])
        self.frames.append(frame)
        return frame

    async def next(self, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """The next frame that is wanted."""
        while True:
            frame = await self.hear()
            assert frame is not None, f"closed with {self.code}"
            if wanted(frame):
                return frame

    async def until(self, topic: str, seq: int, *, acknowledging: bool = True) -> list[dict[str, Any]]:
        """Listen until update ``seq`` of this topic is there; return all that was heard of the topic."""
        while not any(update["seq"] >= seq for update in self.heard(topic)):
            frame = await self.hear()
            assert frame is not None, f"closed with {self.code}"
            if acknowledging and frame["type"] == "updates" and frame["updates"]:
                await self.acknowledge(frame["topic"], frame["updates"][-1]["seq"])
        return self.heard(topic)

    async def until_closed(self) -> int:
        """Listen until the server hangs up; return the code."""
        while await self.hear() is not None:
            pass
        assert self.code is not None
        return self.code

    def heard(self, topic: str) -> list[dict[str, Any]]:
        """Every update of this topic so far, in the order in which it came."""
        return [
            update
            for frame in self.frames
            if frame["type"] == "updates" and frame["topic"] == topic
            for update in frame["updates"]
        ]

    async def is_silent(self) -> bool:
        """Has nothing come, although everything that was asked before is answered? A ping goes the same way."""
        before = len(self.frames)
        await self.say(type="ping")
        await self.next(lambda frame: frame["type"] == "pong")
        return len(self.frames) == before + 1

    async def close(self) -> None:
        await self.socket.disconnect(timeout=PATIENCE)


@contextmanager
def application(*, threads: int) -> Iterator[Front]:
    """The whole application with so many threads for Django; afterwards their connections are closed."""
    built = build(threads=threads)
    yield built
    pool = built.application.application_mapping["http"].executor
    # Each thread closes its own connection; the barrier keeps one thread from doing it several times.
    together = threading.Barrier(threads)

    def close() -> None:
        together.wait(30)
        connections.close_all()

    for closing in [pool.submit(close) for _ in range(threads)]:
        closing.result(60)
    pool.shutdown(wait=True)


async def hub_has_looked() -> None:
    """Wait until the hub has looked once more at how everything stands."""
    here = hub.here()
    look, looked = here._look, asyncio.Event()

    async def look_and_tell() -> None:
        await look()
        looked.set()

    here._look = look_and_tell  # type: ignore[method-assign]
    try:
        await asyncio.wait_for(looked.wait(), PATIENCE)
    finally:
        del here._look
