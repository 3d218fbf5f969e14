"""The websocket as it goes over the wire, under both servers, with the whole site behind it."""

import json
import urllib.parse
import urllib.request
from collections import deque
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin

from tests import grounds, running
from tests.grounds import PASSWORD

PATIENCE = 60.0


@pytest.fixture(scope="module", params=["daphne", "uvicorn"])
def served(request: pytest.FixtureRequest) -> Iterator[running.Site]:
    name = f"live_{request.param}_{grounds.run_id()}_{grounds.worker()}"
    grounds.copy(grounds.with_demo(), name)
    with running.Site(name, SERVER=request.param) as started:
        yield started
    grounds.drop(name)


class Browser:
    """Somebody with cookies, who opens a socket as a page of ours does."""

    def __init__(self, site: running.Site, name: str) -> None:
        self.site = site
        self.jar = urllib.request.HTTPCookieProcessor()
        self.opener = urllib.request.build_opener(self.jar)
        self.post("/account/login/", username=name, password=PASSWORD)

    def post(self, path: str, **fields: str) -> bytes:
        self.opener.open(f"{self.site.url}/account/login/").read()
        fields["csrfmiddlewaretoken"] = self.cookie("csrftoken")
        answer: bytes = self.opener.open(self.site.url + path, data=urllib.parse.urlencode(fields).encode()).read()
        return answer

    def cookie(self, name: str) -> str:
        return next((str(cookie.value) for cookie in self.jar.cookiejar if cookie.name == name), "")

    @property
    def cookies(self) -> str:
        return "; ".join(f"{cookie.name}={cookie.value}" for cookie in self.jar.cookiejar)


def socket(
    site: running.Site, *, cookies: str = "", origin: str | None = None, path: str = "/ws/updates/"
) -> ClientConnection:
    headers = {"Cookie": cookies} if cookies else {}
    address = f"ws://127.0.0.1:{site.port}{path}"
    return connect(
        address, origin=Origin(origin or site.url), additional_headers=headers, open_timeout=PATIENCE, proxy=None
    )


def say(line: ClientConnection, **frame: object) -> dict[str, Any]:
    line.send(json.dumps(frame))
    return hear(line)


def hear(line: ClientConnection) -> dict[str, Any]:
    frame: dict[str, Any] = json.loads(line.recv(timeout=PATIENCE))
    return frame


def closes_with(line: ClientConnection) -> int:
    with pytest.raises(ConnectionClosed) as closed:
        deque(iter(partial(line.recv, timeout=PATIENCE), None), maxlen=0)
    assert closed.value.rcvd is not None
    return closed.value.rcvd.code


def flood(line: ClientConnection) -> None:
    """So much that the server hangs up while it is still being sent; then its reason may be lost on the way."""
    line.send("x" * 2 * 1024 * 1024)
    line.recv(timeout=PATIENCE)


def shell(site: running.Site, code: str) -> str:
    return site.tell(code).strip()


def test_a_place_taken_over_the_api_is_heard_at_once(served: running.Site) -> None:
    made = shell(
        served,
        "from communities import tokens; from communities.models import User; from events.models import Shift;"
        "from django.utils import timezone;"
        "dana = User.objects.get(username='dana');"
        "shift = Shift.objects.with_places().filter(starts_at__gt=timezone.now(), action__adults_only=False,"
        " action__state='announced').order_by('-starts_at').first();"
        "print(tokens.issue(person=dana, name='x'), shift.pk, shift.action_id, shift.taken)",
    )
    token, shift, action, taken = made.split()
    with socket(served) as line:
        before = say(line, type="follow", topic=f"action:{action}", after=0)["last"]
        request = urllib.request.Request(
            f"{served.url}/api/v1/shifts/{shift}/sign-up/", method="POST", headers={"Authorization": f"Token {token}"}
        )
        with urllib.request.urlopen(request) as answer:
            assert answer.status == 201
        frame = hear(line)
        assert [(update["seq"], update["verb"]) for update in frame["updates"]] == [(before + 1, "places")]
        assert frame["updates"][0]["payload"]["shift"] == int(shift)
        assert frame["updates"][0]["payload"]["taken"] == int(taken) + 1
        assert frame["updates"][0]["actor"] is None


def test_foreign_pages_get_403_before_anything_is_said(served: running.Site) -> None:
    mei = Browser(served, "mei")
    for origin in ("http://evil.example", "null", "http://127.0.0.1.evil.example", "http://127.0.0.1:1"):
        with pytest.raises(InvalidStatus) as refusal:
            socket(served, cookies=mei.cookies, origin=origin)
        # Daphne itself refuses what is no origin at all.
        assert refusal.value.response.status_code in (400, 403), origin
    with pytest.raises(InvalidStatus) as refusal:
        socket(served, path="/ws/elsewhere/")
    assert refusal.value.response.status_code == 403


def test_what_is_too_big_or_no_text(served: running.Site) -> None:
    with socket(served) as other:
        # Which of the two notices it first, the server or the consumer, is all the same.
        too_big = (1009, 4413)
        for data, codes in (("x" * (16 * 1024 + 1), too_big), (b"\x00", (4400,))):
            with socket(served) as line:
                line.send(data)
                assert closes_with(line) in codes
        with socket(served) as line, pytest.raises(ConnectionClosed) as closed:
            flood(line)
        assert closed.value.rcvd is None or closed.value.rcvd.code in too_big
        with socket(served) as line:
            line.send(b"\xff\xfe\xfd", text=True)
            assert closes_with(line) == 1007
        assert say(other, type="ping") == {"type": "pong"}


def test_a_window_full_of_long_updates_goes_through(served: running.Site) -> None:
    """Autobahn would refuse to send more than it may receive, and say so to nobody."""
    action = shell(
        served,
        "from events import posting; from events.models import Action; from communities.models import User;"
        "action = Action.objects.public().announced().first(); mei = User.objects.get(username='admin');"
        "[posting.post(action=action, text='长' * 500, by=mei) for _ in range(64)]; print(action.pk)",
    )
    with socket(served) as line:
        heard = 0
        last: int = say(line, type="follow", topic=f"action:{action}", after=0)["last"]
        line.send(json.dumps({"type": "unfollow", "topic": f"action:{action}"}))
        frame = say(line, type="follow", topic=f"action:{action}", after=last - 64)
        while heard < 64:
            heard += len(frame["updates"])
            frame = hear(line) if heard < 64 else frame
        assert heard == 64


def test_signing_out_closes_what_the_session_had_open(served: running.Site) -> None:
    mei, other = Browser(served, "mei"), Browser(served, "chen")
    me = shell(served, "from communities.models import User; print(User.objects.get(username='mei').pk)")
    with socket(served, cookies=mei.cookies) as line, socket(served, cookies=other.cookies) as stays:
        assert say(line, type="follow", topic=f"person:{me}", after=0)["type"] == "updates"
        assert say(stays, type="follow", topic=f"person:{me}", after=0)["code"] == "not_found"
        mei.post("/account/logout/")
        assert closes_with(line) == 4401
        assert say(stays, type="ping") == {"type": "pong"}


def test_suspended_by_a_command_in_another_process(served: running.Site) -> None:
    lan = Browser(served, "lan")
    with socket(served, cookies=lan.cookies) as line:
        assert say(line, type="follow", topic="town", after=0)["type"] == "updates"
        served.manage("suspend", "lan", "--reason", "x")
        assert closes_with(line) == 4401
    served.manage("reinstate", "lan")
    with socket(served, cookies=Browser(served, "lan").cookies) as line:
        assert say(line, type="follow", topic="town", after=0)["type"] == "updates"
