"""The front: whole requests only, in both directions, and nothing believed that a client made up."""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.test import override_settings

from portal.front import BODY, PIECE, REFUSAL, Front, Message, Receive, Scope, Send, cleaned


@dataclass
class Client:
    """The server's side of one request: what the client sends, and what it got."""

    sends: list[Message] = field(default_factory=list)
    got: list[Message] = field(default_factory=list)
    asked: int = 0
    last: Message | None = None

    async def receive(self) -> Message:
        self.asked += 1
        if self.sends:
            return self.sends.pop(0)
        if self.last is not None:
            return self.last
        await asyncio.Event().wait()
        raise AssertionError("unreachable")

    async def send(self, message: Message) -> None:
        self.got.append(message)

    @property
    def status(self) -> int | None:
        return self.got[0]["status"] if self.got else None

    @property
    def headers(self) -> dict[bytes, bytes]:
        return dict(self.got[0]["headers"])

    @property
    def body(self) -> bytes:
        return b"".join(message["body"] for message in self.got[1:])


def scope(
    method: str = "POST", path: str = "/", headers: list[tuple[bytes, bytes]] | None = None, **more: Any
) -> dict[str, Any]:
    return {
        "type": "http",
        "method": method,
        "path": path,
        "query_string": b"",
        "headers": headers or [],
        "client": ["10.0.0.1", 1],
        "scheme": "http",
        **more,
    }


def pieces(*bodies: bytes) -> list[Message]:
    return [
        {"type": "http.request", "body": body, "more_body": number < len(bodies)}
        for number, body in enumerate(bodies, start=1)
    ]


def length(size: int) -> list[tuple[bytes, bytes]]:
    return [(b"content-length", str(size).encode())]


@dataclass
class Echo:
    """An application that answers with the body it was given and remembers what it saw."""

    seen: list[Scope] = field(default_factory=list)
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.seen.append(scope)
        body = scope[BODY].read()
        status = scope[REFUSAL] or 200
        await send({"type": "http.response.start", "status": status, "headers": self.headers})
        for start in range(0, len(body), 1000):
            await send({"type": "http.response.body", "body": body[start : start + 1000], "more_body": True})
        await send({"type": "http.response.body", "body": b""})


def run(coroutine: Coroutine[Any, Any, Any]) -> Any:
    return asyncio.run(asyncio.wait_for(coroutine, 30))


# ------------------------------------------------------------------------------------------- what comes in


def test_a_body_arrives_whole_and_with_its_true_length() -> None:
    app, client = Echo(), Client(pieces(b"a" * 5000, b"b" * 5000))
    run(Front(app)(scope(headers=[(b"transfer-encoding", b"chunked")]), client.receive, client.send))
    assert client.status == 200
    assert client.body == b"a" * 5000 + b"b" * 5000
    assert (b"content-length", b"10000") in app.seen[0]["headers"]
    assert b"transfer-encoding" not in dict(app.seen[0]["headers"])


def test_a_request_without_a_body_is_not_waited_for() -> None:
    client = Client()
    run(Front(Echo())(scope("GET"), client.receive, client.send))
    assert (client.status, client.asked) == (200, 0)


@pytest.mark.parametrize("declared", [True, False])
@override_settings(BODY_LIMIT=1000)
def test_a_body_that_is_too_large_is_read_to_its_end_and_refused(declared: bool) -> None:
    app, client = Echo(), Client(pieces(b"x" * 600, b"x" * 600, b"x" * 600))
    headers = length(1800) if declared else [(b"transfer-encoding", b"chunked")]
    run(Front(app)(scope(headers=headers), client.receive, client.send))
    assert client.status == 413
    assert app.seen[0][REFUSAL] == 413
    assert client.body == b""  # nothing of it reached the application
    assert not client.sends  # a browser shows no answer before everything is sent
    assert client.headers[b"connection"] == b"close"


@override_settings(BODY_LIMIT=1000, UPLOAD_LIMIT=5000)
def test_pictures_may_be_larger_and_only_where_they_are_uploaded() -> None:
    for path, status in (("/admin/images/multiple/add/", 200), ("/admin/pages/", 413), ("/x/admin/images/", 413)):
        client = Client(pieces(b"x" * 4000))
        run(Front(Echo())(scope(path=path, headers=length(4000)), client.receive, client.send))
        assert client.status == status, path


@override_settings(BODY_LIMIT=1000)
def test_who_asks_before_sending_is_answered_before_sending() -> None:
    client = Client()
    headers = [*length(9999), (b"expect", b"100-continue")]
    run(Front(Echo())(scope(headers=headers), client.receive, client.send))
    assert (client.status, client.asked) == (413, 0)


@override_settings(BODY_PATIENCE=0.05)
def test_a_body_that_stops_coming_is_given_up() -> None:
    app, client = Echo(), Client([{"type": "http.request", "body": b"half", "more_body": True}])
    run(Front(app)(scope(headers=length(100)), client.receive, client.send))
    assert client.status == 408
    assert client.body == b""


def test_a_body_that_drips_is_given_up_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portal.front.GRACE", 0.2)
    monkeypatch.setattr("portal.front.LEAST_RATE", 10_000)

    async def drip() -> Message:
        await asyncio.sleep(0.01)
        return {"type": "http.request", "body": b"x", "more_body": True}

    client = Client()
    run(Front(Echo())(scope(headers=length(10_000)), drip, client.send))
    assert client.status == 408


def test_a_client_that_went_away_is_not_answered() -> None:
    app, client = Echo(), Client([*pieces(b"a", b"")[:1], {"type": "http.disconnect"}])
    run(Front(app)(scope(headers=length(100)), client.receive, client.send))
    assert (client.got, app.seen) == ([], [])


def test_half_sent_forms_hold_nothing_up() -> None:
    """Fifty clients that never finish, and one that only wants to read."""
    app, front = Echo(), None

    async def all_at_once() -> None:
        nonlocal front
        front = Front(app)
        half = [
            asyncio.ensure_future(front(scope(headers=length(100)), client.receive, client.send))
            for client in (Client([{"type": "http.request", "body": b"h", "more_body": True}]) for _ in range(50))
        ]
        await asyncio.sleep(0)
        reader = Client()
        await front(scope("GET"), reader.receive, reader.send)
        assert reader.status == 200
        assert len(app.seen) == 1  # none of the halves got any further
        for one in half:
            one.cancel()
        await asyncio.gather(*half, return_exceptions=True)

    run(all_at_once())


# ------------------------------------------------------------------------------------------ what goes out


def test_a_large_answer_is_sent_in_pieces_and_with_its_length() -> None:
    body = bytes(range(256)) * 3000
    client = Client(pieces(body))
    run(Front(Echo())(scope(headers=length(len(body))), client.receive, client.send))
    assert client.body == body
    assert client.headers[b"content-length"] == str(len(body)).encode()
    assert max(len(message["body"]) for message in client.got[1:]) <= PIECE
    assert [message["more_body"] for message in client.got[1:]].count(False) == 1


def test_head_has_the_length_and_not_the_body() -> None:
    client = Client(pieces(b"body"))
    run(Front(Echo())(scope("HEAD", headers=length(4)), client.receive, client.send))
    assert (client.body, client.headers[b"content-length"]) == (b"", b"4")


def test_304_has_neither() -> None:
    async def unchanged(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 304, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    client = Client()
    run(Front(unchanged)(scope("GET"), client.receive, client.send))
    assert (client.status, client.body, client.headers) == (304, b"", {})


def test_a_reader_that_falls_asleep_holds_no_work_up() -> None:
    """The thread (here: the application) is done although nobody takes the answer."""
    done = asyncio.Event()

    async def big(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        for _ in range(100):
            await send({"type": "http.response.body", "body": b"x" * PIECE, "more_body": True})
        await send({"type": "http.response.body", "body": b""})
        done.set()

    async def asleep(message: Message) -> None:
        await asyncio.Event().wait()

    async def ask() -> None:
        task = asyncio.ensure_future(Front(big)(scope("GET"), Client().receive, asleep))
        await asyncio.wait_for(done.wait(), 10)
        task.cancel()

    run(ask())


@pytest.mark.parametrize("begun", [False, True])
def test_an_application_that_fails_is_a_500_and_never_half_an_answer(begun: bool) -> None:
    async def broken(scope: Scope, receive: Receive, send: Send) -> None:
        if begun:
            await send({"type": "http.response.start", "status": 200, "headers": [(b"x-secret", b"1")]})
            await send({"type": "http.response.body", "body": b"half a page", "more_body": True})
        raise RuntimeError("planted")

    client = Client()
    run(Front(broken)(scope("GET"), client.receive, client.send))
    assert client.status == 500
    assert b"half" not in client.body
    assert b"x-secret" not in client.headers


def test_work_goes_on_when_the_server_gives_up_on_the_client() -> None:
    """The deed is done once; the thread that does it finds somebody to hand its answer to."""
    steps: list[str] = []

    async def slow(scope: Scope, receive: Receive, send: Send) -> None:
        await asyncio.sleep(0.05)
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"done"})
        steps.append("done")

    async def ask() -> None:
        front, client = Front(slow), Client()
        task = asyncio.ensure_future(front(scope("GET"), client.receive, client.send))
        await asyncio.sleep(0.01)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await front.finish(10)
        assert (steps, client.got) == (["done"], [])

    run(ask())


def test_finish_waits_for_what_was_begun_and_for_nothing_else() -> None:
    async def ask() -> None:
        front = Front(Echo())
        half = Client([{"type": "http.request", "body": b"h", "more_body": True}])
        task = asyncio.ensure_future(front(scope(headers=length(100)), half.receive, half.send))
        await asyncio.sleep(0)
        await asyncio.wait_for(front.finish(1000), 20)
        task.cancel()

    run(ask())


# ------------------------------------------------------------------------------------------- what is believed


def test_made_up_headers_are_dropped() -> None:
    clean = cleaned(
        scope(
            headers=[
                (b"Host", b"here"),
                (b"x_forwarded_proto", b"https"),
                (b"X-Forwarded-For", b"1.2.3.4"),
                (b"forwarded", b"for=1.2.3.4"),
                (b"cookie", b"a=1"),
                (b"cookie", b"b=2"),
            ],
            root_path="/evil",
        )
    )
    assert clean["headers"] == [(b"host", b"here"), (b"cookie", b"a=1; b=2")]
    assert (clean["root_path"], clean["client"], clean["scheme"]) == ("", ["10.0.0.1", 1], "http")


@pytest.mark.parametrize(
    ("proxies", "said", "client"),
    [
        (1, [b"6.6.6.6, 203.0.113.9"], "203.0.113.9"),
        (1, [b"6.6.6.6", b"203.0.113.9"], "203.0.113.9"),
        (2, [b"6.6.6.6, 203.0.113.9, 10.0.0.7"], "203.0.113.9"),
        (2, [b"10.0.0.7"], "10.0.0.1"),
        (1, [], "10.0.0.1"),
    ],
)
def test_of_the_forwarded_addresses_the_one_our_proxy_wrote_counts(
    proxies: int, said: list[bytes], client: str
) -> None:
    headers = [(b"x-forwarded-for", value) for value in said] + [(b"x-forwarded-proto", b"https")]
    with override_settings(PROXIES=proxies):
        clean = cleaned(scope(headers=headers))
    assert clean["client"][0] == client
    assert clean["scheme"] == "https"


def test_a_query_of_raw_bytes_becomes_ascii() -> None:
    clean = cleaned(scope(query_string="q=玉祁 x&a=%41".encode() + b"\xff"))
    assert clean["query_string"] == b"q=%E7%8E%89%E7%A5%81%20x&a=%41%FF"


# ------------------------------------------------------------------------------------------------ lifespan


def test_lifespan_begins_and_ends() -> None:
    client = Client([{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}])
    run(Front(Echo())({"type": "lifespan"}, client.receive, client.send))
    assert [message["type"] for message in client.got] == ["lifespan.startup.complete", "lifespan.shutdown.complete"]
