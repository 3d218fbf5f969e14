"""Ringing from a view: the whole application on one loop, Django in its threads, and a reader on the websocket."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from channels.testing import WebsocketCommunicator
from django.http import HttpRequest, HttpResponse
from django.test import override_settings
from django.urls import path

from portal import errors
from portal.front import Front
from tests import listening
from tests.cast import Town
from tests.listening import Ear
from updates import bell, hub

Speak = Callable[..., None]


class View:
    """A page that says something, and then goes on working until it is told that this was heard (or not)."""

    def __init__(self, speak: Speak) -> None:
        self.speak = speak
        self.has_spoken, self.may_end = threading.Event(), threading.Event()
        self.was_released = False

    def __call__(self, request: HttpRequest) -> HttpResponse:
        self.speak("test:1")
        self.has_spoken.set()
        self.was_released = self.may_end.wait(listening.PATIENCE)
        return HttpResponse("done")


@pytest.fixture
def view(speak: Speak) -> Iterator[View]:
    page = View(speak)

    class Pages:
        urlpatterns = [path("works", page)]
        handler404 = staticmethod(errors.page_not_found)
        handler500 = staticmethod(errors.server_error)

    with listening.layer(listening.IN_MEMORY), override_settings(ROOT_URLCONF=Pages):
        yield page


@pytest.fixture
def front() -> Iterator[Front]:
    with listening.application(threads=2) as built:
        yield built


async def ask(front: Front, sent: list[dict[str, Any]]) -> None:
    """A request for the page, as a server would make it."""

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": "GET",
        "path": "/works",
        "query_string": b"",
        "headers": [(b"host", b"testserver")],
        "client": ["127.0.0.1", 1],
        "server": ["127.0.0.1", 80],
        "scheme": "http",
    }
    await front(scope, receive, send)


def a_reader(front: Front) -> Ear:
    ear = Ear()
    ear.socket = WebsocketCommunicator(front, "/ws/updates/", headers=ear.socket.scope["headers"])
    ear.socket.scope |= {"scheme": "ws", "client": ["127.0.0.1", 2]}
    return ear


def test_the_frame_is_there_while_the_view_still_works(committed: Town, view: View, front: Front) -> None:
    async def scenario() -> list[dict[str, Any]]:
        ear = await a_reader(front).open()
        await ear.follow("test:1")
        answer: list[dict[str, Any]] = []
        request = asyncio.create_task(ask(front, answer))
        await ear.until("test:1", 1)
        assert (answer, request.done()) == ([], False), "nobody was answered yet"
        view.may_end.set()
        await request
        await ear.close()
        return answer

    answer = asyncio.run(asyncio.wait_for(scenario(), 120))
    assert answer[0]["status"] == 200
    assert view.was_released


def test_twin_without_the_servers_loop_nobody_hears_it(
    committed: Town, view: View, front: Front, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is the bell that brought it, and not the end of the request or a look of the hub's own."""

    async def no_look(_hub: hub.Hub) -> None:
        pass

    async def scenario() -> None:
        monkeypatch.setattr(hub.Hub, "_look", no_look)
        monkeypatch.setattr(bell, "adopt_loop", lambda: None)
        monkeypatch.setattr(bell, "_servers_loop", None)
        ear = await a_reader(front).open()
        await ear.follow("test:1")
        request = asyncio.create_task(ask(front, []))
        await asyncio.to_thread(view.has_spoken.wait, listening.PATIENCE)
        assert await ear.is_silent()
        view.may_end.set()
        await request
        assert await ear.is_silent()
        await ear.close()

    asyncio.run(asyncio.wait_for(scenario(), 120))
