"""What stands between the server and Django: no client, however slow, holds one of Django's few threads.

A request is read whole before a thread is taken, an answer is taken whole from the thread before it is sent. Half-sent
forms, readers that fall asleep and connections that die cost a file handle here and nothing behind.
"""

import asyncio
import re
import time
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass, field
from http import HTTPStatus
from tempfile import SpooledTemporaryFile
from typing import IO, Any
from urllib.parse import quote_from_bytes

import structlog
from django.conf import settings

from updates import bell

log = structlog.get_logger(__name__)

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]

BODY = "gongzhi.body"
"""Key of the scope that holds the request's body: a readable binary file, at its beginning."""
REFUSAL = "gongzhi.refusal"
"""Key of the scope under which the front says why it did not take the body: a status, or ``None``."""
IN_MEMORY = 256 * 1024  # bytes of a body that are kept in memory; the rest goes into a temporary file
PIECE = 64 * 1024  # bytes that are handed on at once
POLITE_DRAIN = 256 * 1024 * 1024  # bytes
"""How much of a body that is refused is still read, and thrown away: a browser shows no answer before it has sent all."""
GRACE = 60.0  # seconds that any body may take, however small its pieces
LEAST_RATE = 1024  # bytes per second that it must reach on average after that

NO_BODY_STATUS = frozenset({*range(100, 200), HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED})
FORWARDED = re.compile(rb"(x-)?forwarded(-.*)?|x-real-ip")


class ClientGone(Exception):
    """The browser went away before it had sent everything; there is nobody to answer."""


@dataclass
class Answer:
    """An answer taken from the application, to be sent at the client's own speed."""

    status: int = 0
    headers: Headers = field(default_factory=list)
    body: IO[bytes] = field(default_factory=lambda: SpooledTemporaryFile(max_size=IN_MEMORY))  # noqa: SIM115
    size: int = 0

    async def take(self, message: Message) -> None:
        """Stand in for the server's ``send``; never waits."""
        if message["type"] == "http.response.start":
            self.status, self.headers = message["status"], list(message.get("headers", ()))
        elif message["type"] == "http.response.body":
            self.size += self.body.write(message.get("body", b""))

    async def become_broken(self) -> None:
        """Forget what there was: the application failed before or in the middle of its answer."""
        self.body.seek(0)
        self.body.truncate()
        self.size = 0
        self.status = HTTPStatus.INTERNAL_SERVER_ERROR
        self.headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"cache-control", b"no-store")]
        await self.take({"type": "http.response.body", "body": b"500\n"})

    async def give(self, send: Send, *, method: str) -> None:
        """Send it all, with its length if the application did not know it."""
        names = {name.lower() for name, _ in self.headers}
        if b"content-length" not in names and self.status not in NO_BODY_STATUS:
            self.headers.append((b"content-length", str(self.size).encode()))
        await send({"type": "http.response.start", "status": self.status, "headers": self.headers})
        if method != "HEAD" and self.status not in NO_BODY_STATUS:
            self.body.seek(0)
            left = self.size
            while left > PIECE:
                piece = self.body.read(PIECE)
                left -= len(piece)
                await send({"type": "http.response.body", "body": piece, "more_body": True})
            await send({"type": "http.response.body", "body": self.body.read(), "more_body": False})
        else:
            await send({"type": "http.response.body", "body": b"", "more_body": False})


class Front:
    """The outermost ASGI application. ``application`` sees only whole requests; see the module."""

    def __init__(self, application: App) -> None:
        self.application = application
        self.busy: set[asyncio.Future[None]] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        bell.adopt_loop()  # Daphne has no start-up event; the first scope is as early as one can know the loop
        match scope["type"]:
            case "http":
                await self._request(cleaned(scope), receive, send)
            case "lifespan":
                await self._lifespan(receive, send)
            case _:
                await self.application(cleaned(scope), receive, send)

    async def finish(self, patience: float) -> None:
        """Wait until every whole request is answered, ``patience`` seconds at most."""
        if self.busy:
            await asyncio.wait(self.busy, timeout=patience)

    async def _request(self, scope: Scope, receive: Receive, send: Send) -> None:
        body: IO[bytes] = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 – closed where the work ends
        try:
            refusal = await read_body(scope, receive, body)
        except ClientGone:
            return
        answer = Answer()
        if task := asyncio.current_task():
            self.busy.add(task)
            task.add_done_callback(self.busy.discard)
        # Shielded: the server may give up on a client, but the thread at work goes on and must find somebody to hand
        # its answer to, or it would wait for ever and be lost to the pool.
        work = asyncio.ensure_future(self._work(scope, body, refusal, answer))
        self.busy.add(work)
        work.add_done_callback(self.busy.discard)
        await asyncio.shield(work)
        if refusal:
            answer.headers.append((b"connection", b"close"))  # the rest of the body may still be on the wire
        with answer.body:
            await answer.give(send, method=scope["method"])

    async def _work(self, scope: Scope, body: IO[bytes], refusal: int | None, answer: Answer) -> None:
        with body:
            if refusal:
                body.seek(0)
                body.truncate()
            length = body.seek(0, 2)
            body.seek(0)
            scope["headers"] = [*scope["headers"], (b"content-length", str(length).encode())]
            try:
                await self.application({**scope, BODY: body, REFUSAL: refusal}, nothing_more, answer.take)
            except Exception:
                log.exception("application_failed", path=scope["path"])
                answer.status = 0
            if not answer.status:
                await answer.become_broken()

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self.finish(patience=10)
        await send({"type": "lifespan.shutdown.complete"})


async def nothing_more() -> Message:
    """Stand in for the server's ``receive``: the body lies in the scope, and there is nothing else to say."""
    return {"type": "http.disconnect"}


async def read_body(scope: Scope, receive: Receive, body: IO[bytes]) -> int | None:
    """Read the whole request into ``body``; return the status with which it is refused, if it is: 408 or 413.

    Raises :class:`ClientGone` when there is nobody left to answer.
    """
    header = dict(scope["headers"])
    # The server has already decided where the body ends; its length is said anew when it is known.
    framing = {b"content-length", b"transfer-encoding"}
    scope["headers"] = [(name, value) for name, value in scope["headers"] if name not in framing]
    if framing.isdisjoint(header):
        return None
    uploads = scope["path"].startswith(settings.UPLOAD_PATHS)
    limit = settings.UPLOAD_LIMIT if uploads else settings.BODY_LIMIT
    declared = header.get(b"content-length", b"")
    if declared.isdigit() and int(declared) > limit and b"expect" in header:
        return 413  # the client asked before sending
    begun, size = time.monotonic(), 0
    while True:
        patience = min(settings.BODY_PATIENCE, begun + GRACE + size / LEAST_RATE - time.monotonic())
        try:
            message = await asyncio.wait_for(receive(), max(0.0, patience))
        except TimeoutError:
            return 408
        if message["type"] == "http.disconnect":
            raise ClientGone
        piece = message.get("body", b"")
        size += len(piece)
        if size <= limit:
            body.write(piece)
        if not message.get("more_body", False) or size > POLITE_DRAIN:
            return 413 if size > limit else None


def cleaned(scope: Scope) -> Scope:
    """Return the scope as Django may trust it.

    Names with underscores would look like other names in WSGI (CVE-2015-0219); what proxies say is believed for as many
    of them as are ours (``PROXIES``) and dropped otherwise; several Cookie lines become one; Daphne lets any client
    choose the root path.
    """
    headers: Headers = []
    cookies: list[bytes] = []
    forwarded: dict[bytes, bytes] = {}
    for name, value in scope.get("headers", ()):
        name = name.lower()  # noqa: PLW2901
        if b"_" in name:
            continue
        if name == b"cookie":
            cookies.append(value)
        elif FORWARDED.fullmatch(name):
            forwarded[name] = b",".join(filter(None, (forwarded.get(name), value)))
        else:
            headers.append((name, value))
    if cookies:
        headers.append((b"cookie", b"; ".join(cookies)))
    clean = {**scope, "headers": headers, "root_path": ""}
    clean["query_string"] = quote_from_bytes(scope.get("query_string", b""), safe=bytes(range(0x21, 0x7F))).encode()
    if settings.PROXIES:
        _believe(clean, forwarded)
    return clean


def _believe(scope: Scope, forwarded: dict[bytes, bytes]) -> None:
    hops = [hop.strip() for hop in forwarded.get(b"x-forwarded-for", b"").decode("latin-1").split(",")]
    if len(hops) >= settings.PROXIES and hops[-settings.PROXIES]:
        scope["client"] = [hops[-settings.PROXIES], 0]
    if forwarded.get(b"x-forwarded-proto", b"").rpartition(b",")[2].strip().lower() == b"https":
        scope["scheme"] = "wss" if scope["type"] == "websocket" else "https"
