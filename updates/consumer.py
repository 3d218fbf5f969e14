"""One websocket: its handshake, what it asks for, and the queue of frames that it still gets.

A plain ASGI application: Channels' consumers hop to a thread before every message of every watcher, which is most of what
a watcher costs them. The rules – who may follow, what comes after N – are not here.
"""

import asyncio
import contextlib
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Mapping, MutableMapping
from typing import Any

from django.conf import settings
from django.utils.translation import get_supported_language_variant
from django.utils.translation.trans_real import parse_accept_lang_header

from . import frames, hub, origins, topics
from .hub import SIGNED_OUT
from .topics import Person

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

Credential = Callable[[], Person | None]
"""Who speaks by what came with the handshake; None if that is no longer good. Asks the database, in a thread."""
Identify = Callable[[Mapping[str, str]], Credential]
"""The credential that lies in the headers of a handshake."""

LARGEST_FRAME = 16 * 1024  # bytes
MOST_TOPICS = 100
"""Topics that one socket may follow; the longest page of ours has a third of that."""
BURST, PER_SECOND = 200, 50
"""Frames that a client may send besides acknowledgements: so many at once, so many in a second for long."""

# Of the standard codes Daphne lets an application say none but 1000; a frame that is too long, or no UTF-8, the servers
# themselves end with 1009 and 1007 before we see it.
UNREADABLE_DATA = 4400
TOO_TALKATIVE = 4408
TOO_BIG = 4413


class Consumer:
    """The application at ``/ws/updates/``; ``identify`` says who opens a socket."""

    def __init__(self, identify: Identify) -> None:
        self.identify = identify

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if (await receive())["type"] != "websocket.connect":
            return
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        if not origins.is_welcome(scope, headers):
            await send({"type": "websocket.close", "code": hub.NOT_ALLOWED})  # before accept: HTTP 403
            return
        gate = hub.here().gate
        if await _is_gone_before(gate.pace(), receive):
            return
        socket = Socket(send, self.identify(headers), _language(headers.get("accept-language", "")))
        person = await hub.here().ask(socket.ask_again)
        address = str((scope.get("client") or ["unknown"])[0])
        await send({"type": "websocket.accept"})
        if person is None:
            await send({"type": "websocket.close", "code": SIGNED_OUT})
            return
        refusal = gate.enter(address, person.pk)
        if refusal is not None:
            await send({"type": "websocket.close", "code": refusal})
            return
        try:
            await socket.serve(person, receive)
        finally:
            gate.leave(address, person.pk)


class Socket:
    """One open connection; a :class:`updates.hub.Reader`."""

    person: Person

    def __init__(self, send: Send, credential: Credential, language: str) -> None:
        self.send = send
        self.ask_again = credential
        self.language = language
        self.outbox: deque[str] = deque()
        self.code: int | None = None
        self.has_mail = asyncio.Event()
        self.allowance, self.refilled_at = float(BURST), 0.0

    # --- for the hub --------------------------------------------------------------------------------------------------

    def hand(self, text: str) -> None:
        if self.code is None:  # the hub may still be handing out when somebody is shown the door
            self.outbox.append(text)
            self.has_mail.set()

    def hang_up(self, code: int) -> None:
        if self.code is None:
            self.code = code
            self.outbox.clear()
            self.has_mail.set()

    # --- the connection -----------------------------------------------------------------------------------------------

    async def serve(self, person: Person, receive: Receive) -> None:
        """Listen and speak until either side hangs up."""
        self.person = person
        self.language = getattr(person, "language", "") or self.language
        hub.here().enter(self)
        writer = asyncio.ensure_future(self._write())
        listener = asyncio.ensure_future(self._listen(receive))
        try:
            await asyncio.wait((writer, listener), return_when=asyncio.FIRST_COMPLETED)
        finally:
            # Both at once: whichever went on while we wait for the other would still ask the hub for something.
            writer.cancel()
            listener.cancel()
            hub.here().leave(self)
            await asyncio.gather(writer, listener, return_exceptions=True)

    async def _write(self) -> None:
        """Send frame after frame at the client's own speed; the hub gives no more than its window holds."""
        while self.code is None:
            await self.has_mail.wait()
            self.has_mail.clear()
            while self.outbox:
                await self.send({"type": "websocket.send", "text": self.outbox.popleft()})
        await self.send({"type": "websocket.close", "code": self.code})

    async def _listen(self, receive: Receive) -> None:
        while True:
            message = await receive()
            if message["type"] == "websocket.disconnect":
                return
            text = message.get("text")
            if text is None:
                self.hang_up(UNREADABLE_DATA)
            elif len(text) > LARGEST_FRAME or len(text.encode()) > LARGEST_FRAME:
                self.hang_up(TOO_BIG)
            elif self.code is None:
                await self._hear(text)

    async def _hear(self, text: str) -> None:
        try:
            asked = frames.read(text)
        except frames.Unreadable:
            asked = frames.Asked("unreadable")
        if asked.type != "ack" and not self._may_speak():
            self.hang_up(TOO_TALKATIVE)
            return
        here = hub.here()
        match asked.type:
            case "ack":
                here.acknowledge(self, asked.topic, asked.number)
            case "follow":
                await self._follow(asked.topic, asked.number)
            case "unfollow":
                here.unfollow(self, asked.topic)
            case "ping":
                self.hand(frames.pong())
            case _:
                self.hand(frames.refused("unreadable", self.language))

    async def _follow(self, topic: str, after: int) -> None:
        here = hub.here()
        followed = here.places[self]
        if topic not in followed and len(followed) >= MOST_TOPICS:
            self.hand(frames.refused("too_many", self.language, topic))
        elif await here.ask(lambda: topics.may_follow(self.person, topic)):
            here.follow(self, topic, after)
        else:
            self.hand(frames.refused("not_found", self.language, topic))

    def _may_speak(self) -> bool:
        now = asyncio.get_running_loop().time()
        self.allowance = min(float(BURST), self.allowance + (now - self.refilled_at) * PER_SECOND)
        self.refilled_at = now
        self.allowance -= 1
        return self.allowance >= 0


async def _is_gone_before(wait: Coroutine[Any, Any, None], receive: Receive) -> bool:
    """Wait, unless the client goes away first. Before it is let in, that is all it can say."""
    waiting, leaving = asyncio.ensure_future(wait), asyncio.ensure_future(receive())
    try:
        await asyncio.wait((waiting, leaving), return_when=asyncio.FIRST_COMPLETED)
        return leaving.done()  # perhaps both: what it said was heard, and will not be said again
    finally:
        for task in (waiting, leaving):
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task


def _language(accepted: str) -> str:
    """The first language of an Accept-Language header that the site speaks, else the site's own."""
    for code, _quality in parse_accept_lang_header(accepted):
        with contextlib.suppress(LookupError):
            return get_supported_language_variant(code)
    return settings.LANGUAGE_CODE
