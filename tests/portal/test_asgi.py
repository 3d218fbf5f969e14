"""Django behind the front: a few threads that stay, connections that are kept, and the same site on both servers."""

import asyncio
import http.client
import signal
import socket
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from django.core.signals import request_finished
from django.db import connection
from django.db.backends.signals import connection_created
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.test import override_settings
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from communities.models import Organisation
from portal import errors
from portal.front import Front, Message
from tests import grounds, listening, running

THREADS = 3
PASSWORD = connection.settings_dict.get("PASSWORD")


def asks_database(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"{threading.current_thread().name} {Organisation.objects.count()}")


def fails(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("planted")


def missing(request: HttpRequest) -> HttpResponse:
    raise Http404("planted")


def streams(request: HttpRequest) -> HttpResponseBase:
    return StreamingHttpResponse(f"{number}\n".encode() for number in range(1000))


def stream_breaks(request: HttpRequest) -> HttpResponseBase:
    def pieces() -> Iterator[bytes]:
        yield b"half a page"
        raise RuntimeError("planted")

    return StreamingHttpResponse(pieces())


@csrf_exempt
def echo(request: HttpRequest) -> HttpResponse:
    return HttpResponse(request.body, headers={"X-Query": request.GET.get("q", "").encode().hex()})


class Pages:
    urlpatterns = [
        path("database", asks_database),
        path("fails", fails),
        path("missing", missing),
        path("streams", streams),
        path("stream-breaks", stream_breaks),
        path("echo", echo),
    ]
    handler404 = staticmethod(errors.page_not_found)
    handler500 = staticmethod(errors.server_error)


@pytest.fixture
def pages() -> Iterator[None]:
    with override_settings(ROOT_URLCONF=Pages, ALLOWED_HOSTS=["testserver"]):
        yield


@pytest.fixture
def front() -> Iterator[Front]:
    with listening.application(threads=THREADS) as built:
        yield built


class Got(list[Message]):
    @property
    def status(self) -> int:
        return int(self[0]["status"])

    @property
    def headers(self) -> dict[str, str]:
        return {name.decode().lower(): value.decode() for name, value in self[0]["headers"]}

    @property
    def body(self) -> bytes:
        return b"".join(message["body"] for message in self[1:])


async def ask(front: Front, target: str, method: str = "GET", body: bytes = b"", **headers: str) -> Got:
    where, _, query = target.partition("?")
    got = Got()
    sends = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> Message:
        return sends.pop(0) if sends else {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        got.append(message)

    lines = {"host": "testserver", **headers, **({"content-length": str(len(body))} if body else {})}
    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": method,
        "path": where,
        "query_string": query.encode(),
        "headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in lines.items()],
        "client": ["127.0.0.1", 1],
        "server": ["127.0.0.1", 80],
        "scheme": "http",
    }
    await front(scope, receive, send)
    return got


def run(coroutine: Coroutine[Any, Any, Any]) -> Any:
    return asyncio.run(asyncio.wait_for(coroutine, 120))


# --------------------------------------------------------------------------------------------- in one process


@contextmanager
def counted_connections() -> Iterator[Counter[str]]:
    made: Counter[str] = Counter()

    def count(**kwargs: Any) -> None:
        made[threading.current_thread().name] += 1

    connection_created.connect(count)
    try:
        yield made
    finally:
        connection_created.disconnect(count)


@pytest.mark.usefixtures("pages", "committed")
def test_it_starts_no_thread_and_opens_no_connection_per_request(front: Front) -> None:
    async def many() -> tuple[set[str], list[int]]:
        answers: list[Got] = []
        counts = []
        for _ in range(5):
            answers += await asyncio.gather(*(ask(front, "/database") for _ in range(10)))
            counts.append(threading.active_count())
        assert {got.status for got in answers} == {200}
        return {got.body.decode().split()[0] for got in answers}, counts

    with counted_connections() as made:
        names, counts = run(many())
    assert len(names) <= THREADS
    assert len(set(counts)) == 1  # as many threads after fifty requests as after ten
    assert set(made) <= names
    assert set(made.values()) == {1}  # each thread connected once


@pytest.mark.skipif(not grounds.ON_POSTGRES, reason="SQLite is a file: there is no other end that could go")
@pytest.mark.usefixtures("pages", "committed")
def test_a_connection_that_broke_is_replaced(front: Front) -> None:
    """CONN_MAX_AGE keeps connections; the health check must notice when the database was restarted meanwhile."""

    def cut(**kwargs: Any) -> None:
        if connection.connection is not None:
            with psycopg.connect(connection.connection.info.dsn, password=PASSWORD, autocommit=True) as other:
                other.execute("SELECT pg_terminate_backend(%s)", [connection.connection.info.backend_pid])

    async def twice() -> list[int]:
        statuses = [(await ask(front, "/database")).status]
        request_finished.connect(cut)
        try:
            statuses += [(await ask(front, "/database")).status for _ in range(2 * THREADS)]
        finally:
            request_finished.disconnect(cut)
        return statuses

    assert set(run(twice())) == {200}


@pytest.mark.usefixtures("pages")
@pytest.mark.parametrize(("where", "status"), [("/fails", 500), ("/missing", 404), ("/nowhere", 404)])
def test_what_goes_wrong_is_a_page_of_ours(front: Front, where: str, status: int) -> None:
    got = run(ask(front, where))
    assert got.status == status
    assert b"planted" not in got.body
    assert b"<h1>" in got.body
    assert got.headers["cache-control"] == "private, no-store"
    assert "default-src 'self'" in got.headers["content-security-policy"]


@pytest.mark.usefixtures("pages")
def test_streams_arrive_whole_or_not_at_all(front: Front) -> None:
    got = run(ask(front, "/streams"))
    assert got.body == b"".join(f"{number}\n".encode() for number in range(1000))
    assert got.headers["content-length"] == str(len(got.body))
    broken = run(ask(front, "/stream-breaks"))
    assert (broken.status, b"half" in broken.body) == (500, False)


@pytest.mark.usefixtures("pages")
def test_bodies_and_queries_come_through(front: Front) -> None:
    body = bytes(range(256)) * 2000
    got = run(ask(front, "/echo?q=玉祁", "POST", body, content_type="application/octet-stream"))
    assert got.body == body
    assert bytes.fromhex(got.headers["x-query"]).decode() == "玉祁"


@pytest.mark.usefixtures("pages")
def test_head_is_get_without_the_body(front: Front) -> None:
    got = run(ask(front, "/streams", "HEAD"))
    assert (got.status, got.body) == (200, b"")


@pytest.mark.usefixtures("pages")
def test_too_large_is_said_in_the_language_of_the_person(front: Front) -> None:
    body = b"x" * (1024 * 1024 + 1)
    page = run(ask(front, "/echo", "POST", body, accept_language="en"))
    assert page.status == 413
    assert b"too large" in page.body
    problem = run(ask(front, "/api/v1/shifts/1/sign-up/", "POST", body, accept_language="zh-CN"))
    assert problem.status == 413
    assert problem.headers["content-type"] == "application/problem+json"
    assert "没有保存".encode() in problem.body


def test_a_websocket_is_refused_before_it_is_accepted(front: Front) -> None:
    got: list[Message] = []

    async def receive() -> Message:
        return {"type": "websocket.connect"}

    async def send(message: Message) -> None:
        got.append(message)

    run(front({"type": "websocket", "path": "/ws/nothing/", "headers": [], "query_string": b""}, receive, send))
    assert [message["type"] for message in got] == ["websocket.close"]


# ------------------------------------------------------------------------------------------- on real servers


@pytest.fixture(scope="module", params=["daphne", "uvicorn"])
def server(request: pytest.FixtureRequest) -> Iterator[tuple[str, int, subprocess.Popen[bytes]]]:
    name = f"web_{request.param}_{grounds.run_id()}_{grounds.worker()}"
    grounds.copy(grounds.with_cast(), name)
    port = running._free_port()
    environment = {**grounds.environment(name), "SERVER": request.param, "WEB_THREADS": "2", "BODY_PATIENCE": "30"}
    log = grounds.folder(name) / "web.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "web", "--port", str(port)],
            cwd=grounds.ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    try:
        running.wait_until(lambda: process.poll() is not None or _listens(port), f"it listens (see {log})")
        yield request.param, port, process
    finally:
        process.kill()
        process.wait(20)
        grounds.drop(name)


def _listens(port: int) -> bool:
    try:
        return _get(port, "/healthz")[0] in {200, 503}
    except OSError:
        return False


def _get(port: int, target: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    asking = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        asking.request("GET", target, headers={name.replace("_", "-"): value for name, value in headers.items()})
        answer = asking.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
    finally:
        asking.close()


def _raw(port: int, request: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", port), timeout=60) as wire:
        wire.sendall(request)
        return wire.recv(65536)


def test_half_sent_forms_stop_nobody(server: tuple[str, int, subprocess.Popen[bytes]]) -> None:
    """Two threads, eight forms that never end: the page comes all the same."""
    _, port, _ = server
    half = []
    try:
        for _ in range(8):
            wire = socket.create_connection(("127.0.0.1", port), timeout=60)
            wire.sendall(b"POST /account/login/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\nusername=")
            half.append(wire)
        status, headers, body = _get(port, "/nowhere/")
        assert status == 404
        assert "共治".encode() in body
        assert headers["cache-control"] == "private, no-store"
    finally:
        for wire in half:
            wire.close()


def test_readers_that_fall_asleep_stop_nobody(server: tuple[str, int, subprocess.Popen[bytes]]) -> None:
    """A file of 280 kB, asked for by more clients than there are threads, none of which reads a byte."""
    _, port, _ = server
    asleep = []
    try:
        for _ in range(6):
            wire = socket.socket()
            wire.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            wire.connect(("127.0.0.1", port))
            wire.sendall(b"GET /static/wagtailadmin/css/core.css HTTP/1.1\r\nHost: localhost\r\n\r\n")
            asleep.append(wire)
        assert _get(port, "/nowhere/")[0] == 404
    finally:
        for wire in asleep:
            wire.close()


def test_a_body_without_end_is_refused(server: tuple[str, int, subprocess.Popen[bytes]]) -> None:
    _, port, _ = server
    asking = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    asking.request("POST", "/account/login/", body=b"x" * 3_000_000, headers={"Accept-Language": "en"})
    answer = asking.getresponse()
    assert answer.status == 413
    assert b"too large" in answer.read()
    asking.close()


def test_a_chunked_body_is_counted_too(server: tuple[str, int, subprocess.Popen[bytes]]) -> None:
    _, port, _ = server
    asking = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    asking.request("POST", "/account/login/", body=iter([b"x" * 100_000] * 20), encode_chunked=True)
    assert asking.getresponse().status == 413
    asking.close()


@pytest.mark.parametrize(
    "request_line",
    [
        b"GET /actions/\xff\xfe HTTP/1.1",
        b"GET /actions/?q=\xe7\x8e HTTP/1.1",
        b"GET /actions/%00 HTTP/1.1",
        b"GET /actions/?q=%ED%A0%80 HTTP/1.1",
        b"GET //evil.example/ HTTP/1.1",
        b"GET /\xed\xa0\x80 HTTP/1.1",
        b"BREW / HTTP/1.1",
    ],
)
def test_odd_request_lines_are_the_clients_fault(
    server: tuple[str, int, subprocess.Popen[bytes]], request_line: bytes
) -> None:
    _, port, _ = server
    answer = _raw(port, request_line + b"\r\nHost: localhost\r\nConnection: close\r\n\r\n")
    status = int(answer.split(b" ")[1])
    assert 300 <= status < 500, answer[:200]


def test_no_client_chooses_the_root_path_or_its_address(server: tuple[str, int, subprocess.Popen[bytes]]) -> None:
    _, port, _ = server
    status, headers, _ = _get(
        port, "/my/activities/", Daphne_Root_Path="/my", X_Forwarded_Host="evil.example", X_Forwarded_Proto="https"
    )
    assert status == 302
    assert headers["location"] == "/account/login/?next=/my/activities/"


def test_an_unknown_websocket_is_refused(server: tuple[str, int, subprocess.Popen[bytes]]) -> None:
    _, port, _ = server
    answer = _raw(
        port,
        b"GET /ws/nothing/ HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
    )
    assert answer.split(b" ")[1] == b"403"


def test_an_address_that_is_taken_is_said_and_not_tried_for_ever(
    server: tuple[str, int, subprocess.Popen[bytes]],
) -> None:
    name, port, _ = server
    second = subprocess.run(
        [sys.executable, "manage.py", "web", "--port", str(port)],
        cwd=grounds.ROOT,
        env={**grounds.environment(f"web_{name}_{grounds.run_id()}_{grounds.worker()}"), "SERVER": name},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert second.returncode == 3


def test_it_ends_when_told_though_a_form_is_half_sent(server: tuple[str, int, subprocess.Popen[bytes]]) -> None:
    """The last test of its server."""
    _, port, process = server
    with socket.create_connection(("127.0.0.1", port), timeout=60) as wire:
        wire.sendall(b"POST /account/login/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\nusername=")
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0
