"""The websocket at its door and its end: who comes in from where, what may be said, and with which code it closes."""

import asyncio
import json
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth import get_user
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpRequest
from django.test import override_settings
from django.utils import translation

from communities import credentials, membership, suspending, tokens
from communities.models import Membership, Token, User
from communities.roles import Role
from events import seats
from tests import cast, listening
from tests.cast import Town
from tests.listening import Ear, do, run
from tests.running import wait_until
from updates import bell, consumer, frames, gate, hub
from updates.models import Update

Speak = Callable[..., None]

pytestmark = pytest.mark.usefixtures("_in_memory")


@pytest.fixture
def _in_memory() -> Any:
    with listening.layer(listening.IN_MEMORY):
        yield


# --- where from ---------------------------------------------------------------------------------------------------------

OURS = "http://testserver"


@pytest.mark.parametrize("with_cookie", [True, False])
@pytest.mark.parametrize(
    ("origin", "is_welcome"),
    [
        (OURS, True),
        ("http://TestServer", True),
        ("http://testserver:80", True),
        ("http://partner.example", True),  # named in the settings
        ("null", False),
        ("", False),
        ("http://", False),
        ("https://testserver", False),
        ("ws://testserver", False),
        ("http://testserver:8080", False),
        ("http://testserver.evil.example", False),
        ("http://eviltestserver", False),
        ("http://sub.testserver", False),
        ("http://testserver@evil.example", False),
        ("http://evil.example#testserver", False),
        ("http://evil.example/testserver", False),
        ("http://testserver/", False),
        ("http://testserver\\@evil.example", False),
        ("http://[", False),
        ("http://localhost", False),  # a host of ours, but not the one that was asked
        ("file://testserver", False),
        ("http://testserver, http://evil.example", False),
    ],
)
def test_from_foreign_pages_nobody_gets_in(committed: Town, origin: str, is_welcome: bool, with_cookie: bool) -> None:
    async def scenario(cookie: str) -> None:
        ear = Ear(cookie=cookie)
        ear.socket.scope["headers"] = [
            (name, value) for name, value in ear.socket.scope["headers"] if name != b"origin"
        ] + [(b"origin", origin.encode())]
        await ear.open()
        assert ear.code == (None if is_welcome else hub.NOT_ALLOWED)
        assert ear.frames == []
        if is_welcome:
            await ear.close()

    with override_settings(LIVE_ORIGINS=["http://partner.example"]):
        run(scenario(listening.session_of(committed.chen) if with_cookie else ""))


@pytest.mark.parametrize("with_cookie", [True, False])
def test_only_programs_come_without_an_origin(committed: Town, with_cookie: bool) -> None:
    async def scenario(cookie: str) -> None:
        ear = await Ear(cookie=cookie, origin=None).open()
        assert ear.code == (hub.NOT_ALLOWED if with_cookie else None)
        if ear.code is None:
            await ear.close()

    run(scenario(listening.session_of(committed.chen) if with_cookie else ""))


def test_a_foreign_host_is_refused(committed: Town) -> None:
    async def scenario() -> None:
        ear = Ear(origin="http://evil.example")
        ear.socket.scope["headers"] = [(b"host", b"evil.example"), (b"origin", b"http://evil.example")]
        await ear.open()
        assert ear.code == hub.NOT_ALLOWED

    run(scenario())


# --- who ----------------------------------------------------------------------------------------------------------------


def test_topics_and_who_may_follow_them(committed: Town) -> None:
    action = cast.announced(committed)
    draft = cast.draft(committed, title="geheim")
    everybody = ["town", f"action:{action.pk}", f"organisation:{committed.yuqi.pk}"]
    may = {
        "": [*everybody],
        "dana": [*everybody, f"person:{committed.dana.pk}"],
        "chen": [*everybody, f"person:{committed.chen.pk}"],
        "yan": [*everybody, f"person:{committed.yan.pk}", f"action:{draft.pk}", f"desk:{draft.pk}"],
        "mei": [
            *everybody,
            f"person:{committed.mei.pk}",
            f"action:{draft.pk}",
            f"desk:{action.pk}",
            f"desk:{draft.pk}",
        ],
    }
    asked = sorted({topic for allowed in may.values() for topic in allowed})
    nowhere = ["action:999999", "action:1e3", "desk:", "town:1", "road:1", "person:0", "Action:1", "action:" + "9" * 40]

    async def scenario(name: str, cookie: str) -> list[str]:
        ear = await Ear(cookie=cookie).open()
        answers = {topic: await ear.follow(topic) for topic in [*asked, *nowhere]}
        refused = {topic: answer for topic, answer in answers.items() if answer["type"] == "refused"}
        assert {answer["code"] for answer in refused.values()} == {"not_found"}
        assert len({answer["detail"] for answer in refused.values()}) == 1, "what is not there and what is not for me"
        await ear.close()
        return [topic for topic, answer in answers.items() if answer["type"] == "updates"]

    for name, allowed in may.items():
        cookie = listening.session_of(committed.people[name]) if name else ""
        assert run(scenario(name, cookie)) == sorted(allowed), name


def test_a_token_speaks_for_its_person(committed: Town) -> None:
    token = tokens.issue(person=committed.chen, name="x")
    own = f"person:{committed.chen.pk}"

    async def scenario(token: str) -> dict[str, Any] | None:
        ear = await Ear(token=token, origin=None).open()
        try:
            await ear.say(type="follow", topic=own, after=0)
            return await ear.hear()
        finally:
            ended.append(ear.code)

    ended: list[int | None] = []
    answer = run(scenario(token))
    assert answer is not None
    assert answer["type"] == "updates"
    assert run(scenario("wrong")) is None
    assert ended == [None, hub.SIGNED_OUT]


# --- rights that end while the socket is open ------------------------------------------------------------------------------


def log_out(town: Town, cookie: str) -> None:
    request = HttpRequest()
    request.session = SessionStore(cookie.partition("=")[2])
    request.user = get_user(request)
    credentials.end_session(request)


ENDINGS: dict[str, tuple[Callable[[Town, str], object], int]] = {
    "logout": (log_out, hub.SIGNED_OUT),
    "suspension": (
        lambda town, _cookie: suspending.suspend(person=town.mei, reason="x", by=town.admin),
        hub.SIGNED_OUT,
    ),
    "role lost": (
        lambda town, _cookie: membership.end(
            membership=Membership.objects.live().get(person=town.mei, role=Role.COORDINATOR), by=town.admin
        ),
        hub.NOT_ALLOWED,
    ),
}


@pytest.mark.parametrize("is_heard", [True, False], ids=["bell", "look"])
@pytest.mark.parametrize("ending", ENDINGS)
def test_it_closes_and_not_one_further_update_comes(
    committed: Town, monkeypatch: pytest.MonkeyPatch, ending: str, is_heard: bool
) -> None:
    action = cast.announced(committed)
    end, code = ENDINGS[ending]
    # Somebody must remain, or the last coordinator could not go.
    membership.join(person=committed.lu, organisation=committed.yuqi, role=Role.COORDINATOR, by=committed.admin)
    cookie, other = listening.session_of(committed.mei), listening.session_of(committed.chen)
    shift = action.shifts.get()

    async def scenario() -> None:
        mei, chen = await Ear(cookie=cookie).open(), await Ear(cookie=other).open()
        desk, public = f"desk:{action.pk}", f"action:{action.pk}"
        assert (await mei.follow(desk, 1))["type"] == "updates"
        await chen.follow(public, 1)
        if not is_heard:
            monkeypatch.setattr(bell, "ring_rights", lambda _people: None)
            monkeypatch.setattr(bell, "_strike", lambda _said: None)
        await do(end, committed, cookie)
        assert await mei.until_closed() == code
        before = len(mei.frames)
        monkeypatch.undo()
        await do(cast.sign_up, committed.dana, shift)
        await chen.until(public, 2)
        assert len(mei.frames) == before
        await chen.close()

    run(scenario())


def test_a_revoked_token_closes_its_socket_and_no_other(committed: Town) -> None:
    revoked = tokens.issue(person=committed.chen, name="old")
    kept = tokens.issue(person=committed.chen, name="kept")

    async def scenario() -> None:
        one, other = await Ear(token=revoked, origin=None).open(), await Ear(token=kept, origin=None).open()
        for ear in (one, other):
            await ear.follow(f"person:{committed.chen.pk}")
        await do(lambda: tokens.revoke(token=Token.objects.get(name="old")))
        assert await one.until_closed() == hub.SIGNED_OUT
        assert await other.is_silent()
        await other.close()

    run(scenario())


def test_a_person_who_gains_a_right_stays_connected(committed: Town) -> None:
    cookie = listening.session_of(committed.dana)
    action = cast.announced(committed)

    async def scenario() -> None:
        dana = await Ear(cookie=cookie).open()
        assert (await dana.follow(f"desk:{action.pk}"))["code"] == "not_found"
        await do(
            membership.join, person=committed.dana, organisation=committed.yuqi, role=Role.LEADER, by=committed.mei
        )
        await listening.hub_has_looked()
        assert await dana.is_silent()
        assert (await dana.follow(f"desk:{action.pk}"))["type"] == "updates"
        await dana.close()

    run(scenario())


def test_who_is_in_doubt_hears_nothing_and_nobody_waits_for_the_answer(
    committed: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    action = cast.announced(committed)
    topic, shift = f"action:{action.pk}", action.shifts.get()
    cookie = listening.session_of(committed.dana)
    asked, may_answer = threading.Event(), threading.Event()
    of_session = credentials._Session.person

    def slow(session: Any) -> Any:
        if asked.is_set():
            return of_session(session)
        person = of_session(session)
        if hub_runs.is_set():
            asked.set()
            may_answer.wait(listening.PATIENCE)
        return person

    hub_runs = threading.Event()
    monkeypatch.setattr(credentials._Session, "person", slow)

    async def scenario() -> None:
        dana, visitor = await Ear(cookie=cookie).open(), await Ear().open()
        await dana.follow(topic, 1)
        await visitor.follow(topic, 1)
        hub_runs.set()
        await do(
            membership.join, person=committed.dana, organisation=committed.yuqi, role=Role.MEMBER, by=committed.mei
        )
        await asyncio.to_thread(asked.wait, listening.PATIENCE)
        await do(cast.sign_up, committed.chen, shift)
        await visitor.until(topic, 2)
        assert await dana.is_silent()
        may_answer.set()
        await dana.until(topic, 2)
        for ear in (dana, visitor):
            await ear.close()

    run(scenario())


def test_it_closes_in_the_middle_of_a_broadcast(committed: Town, monkeypatch: pytest.MonkeyPatch, speak: Speak) -> None:
    """The looking is not put off for as long as there is something to tell."""
    cookie = listening.session_of(committed.chen)
    is_over = threading.Event()

    def broadcast() -> None:
        while not is_over.is_set():
            speak("test:1")

    async def scenario() -> None:
        chen, other = await Ear(cookie=cookie).open(), await Ear().open()
        for ear in (chen, other):
            await ear.follow("test:1")
        monkeypatch.setattr(bell, "ring_rights", lambda _people: None)
        talking = asyncio.create_task(do(broadcast))
        await chen.until("test:1", 5)
        await do(suspending.suspend, person=committed.chen, reason="x", by=committed.admin)
        listener = asyncio.create_task(other.until("test:1", 10_000_000))
        try:
            assert await chen.until_closed() == hub.SIGNED_OUT
            assert not listener.done()
        finally:
            is_over.set()
            listener.cancel()
            await talking

    run(scenario())


def test_a_socket_that_knew_older_rights_than_another_one_is_asked_again(committed: Town) -> None:
    """The hub has seen the change because of the first socket, between the handshake and the entry of the second."""
    cookie = listening.session_of(committed.mei)
    action = cast.announced(committed)
    asked: list[int] = []

    async def scenario() -> None:
        first = await Ear(cookie=cookie).open()
        await first.follow(f"desk:{action.pk}", 1)
        here = hub.here()
        here.versions[committed.mei.pk] += 1
        ask_reader = here._ask_reader

        async def noted(reader: Any) -> None:
            asked.append(reader.person.pk)
            await ask_reader(reader)

        here._ask_reader = noted  # type: ignore[method-assign]
        second = await Ear(cookie=cookie).open()
        assert await second.is_silent()
        await listening.hub_has_looked()
        for ear in (first, second):
            await ear.close()

    run(scenario())
    assert committed.mei.pk in asked


def test_reinstated_and_let_in_again(committed: Town) -> None:
    suspending.suspend(person=committed.chen, reason="x", by=committed.admin)
    suspending.reinstate(person=committed.chen, by=committed.admin)
    cookie = listening.session_of(committed.chen)

    async def scenario() -> None:
        chen = await Ear(cookie=cookie).open()
        assert (await chen.follow(f"person:{committed.chen.pk}"))["type"] == "updates"
        await chen.close()

    run(scenario())


def test_once_shown_the_door_nothing_more_is_handed_over() -> None:
    """The hub may hand something over between the decision and the moment at which the writer wakes up."""
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def scenario() -> None:
        socket = consumer.Socket(send, AnonymousUser, "en")
        socket.hand("before")
        writer = asyncio.create_task(socket._write())
        await asyncio.sleep(0)
        socket.hand("waits to be sent")
        socket.hang_up(hub.SIGNED_OUT)
        socket.hand("after")
        await asyncio.wait_for(writer, listening.PATIENCE)

    asyncio.run(scenario())
    assert [message.get("text", message.get("code")) for message in sent] == ["before", hub.SIGNED_OUT]


def test_who_left_while_a_right_was_asked_leaves_nothing_behind(committed: Town) -> None:
    """The answer comes when the connection is gone: nobody is there who could be told anything."""

    async def scenario() -> None:
        ear, other = await Ear().open(), await Ear().open()
        await ear.follow("town")
        await other.follow("town")
        here = hub.here()
        gone = next(iter(here.places))
        await ear.close()
        here.follow(gone, "action:1", 0)
        here.acknowledge(gone, "town", 5)
        here.unfollow(gone, "town")
        assert (len(here.places), list(here.followed)) == (1, ["town"])
        assert (await other.follow("town"))["type"] == "updates"
        await other.close()

    run(scenario())


# --- how many -----------------------------------------------------------------------------------------------------------


@override_settings(LIVE_SOCKETS_PER_PERSON=2)
def test_so_many_sockets_for_one_person(committed: Town) -> None:
    cookie, other = listening.session_of(committed.chen), listening.session_of(committed.dana)

    async def scenario() -> None:
        first, second = await Ear(cookie=cookie).open(), await Ear(cookie=cookie).open()
        assert await (await Ear(cookie=cookie).open()).until_closed() == gate.TOO_MANY
        for own in (listening_ear := await Ear(cookie=other).open(), await Ear().open()):
            assert await own.is_silent()
        await first.close()
        again = await Ear(cookie=cookie).open()
        assert await again.is_silent()
        for ear in (second, again, listening_ear):
            await ear.close()

    run(scenario())


@override_settings(LIVE_SOCKETS_PER_ADDRESS=2)
def test_so_many_sockets_for_one_address(committed: Town) -> None:
    async def scenario() -> None:
        ears = [await Ear(address="10.0.0.1").open() for _ in range(2)]
        assert await (await Ear(address="10.0.0.1").open()).until_closed() == gate.TOO_MANY
        ears.append(await Ear(address="10.0.0.2").open())
        for ear in ears:
            assert await ear.is_silent()
            await ear.close()

    run(scenario())


@override_settings(LIVE_SOCKETS=1)
def test_so_many_sockets_for_one_process(committed: Town) -> None:
    async def scenario() -> None:
        ear = await Ear().open()
        assert await (await Ear().open()).until_closed() == gate.FULL
        await ear.close()
        assert (await Ear().open()).code is None

    run(scenario())


class Clock:
    """A loop's clock that moves only when somebody sleeps."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now, self.begun = 1000.0, 1000.0
        self.sleep = asyncio.sleep
        monkeypatch.setattr(gate.asyncio, "sleep", self.pass_by)

    async def pass_by(self, seconds: float) -> None:
        for _ in range(3):
            await self.sleep(0)  # whoever was let in before this is on its way first
        self.now += seconds

    def let_in(self, order: list[tuple[str, float]], own: gate.Gate) -> Callable[[str], asyncio.Task[None]]:
        async def knock(name: str) -> None:
            await own.pace()
            order.append((name, round(self.now - self.begun, 6)))

        return lambda name: asyncio.ensure_future(knock(name))


def test_handshakes_come_one_after_the_other_and_who_goes_away_takes_no_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    order: list[tuple[str, float]] = []

    async def scenario() -> None:
        clock = Clock(monkeypatch)
        monkeypatch.setattr(asyncio.get_running_loop(), "time", lambda: clock.now)
        knock = clock.let_in(order, gate.Gate())
        tasks = [knock(name) for name in "abcde"]
        await clock.sleep(0)
        tasks[2].cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    with override_settings(LIVE_HANDSHAKES=100):
        asyncio.run(scenario())
    assert order == [("a", 0.0), ("b", 0.01), ("d", 0.02), ("e", 0.03)]


def test_a_client_that_leaves_while_it_waits_is_never_let_in(committed: Town) -> None:
    async def scenario() -> None:
        here = hub.here()
        here.gate.turn_at = asyncio.get_running_loop().time() + 3600
        ear = Ear()
        opening = asyncio.create_task(ear.open())
        await asyncio.to_thread(wait_until, lambda: bool(here.gate.line), "it waits in line")
        await ear.socket.send_input({"type": "websocket.disconnect", "code": 1006})
        await ear.socket.wait(timeout=listening.PATIENCE)
        opening.cancel()
        assert (here.gate.all, [turn.done() for turn in here.gate.line]) == (0, [True])

    run(scenario())


# --- what is said -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "hello",
        "[]",
        "null",
        '"follow"',
        "{}",
        '{"type": "shout"}',
        '{"type": "follow"}',
        '{"type": "follow", "topic": 5}',
        '{"type": "follow", "topic": ""}',
        '{"type": "follow", "topic": "a\\u0000b"}',
        '{"type": "follow", "topic": "town", "after": -1}',
        '{"type": "follow", "topic": "town", "after": "5"}',
        '{"type": "follow", "topic": "town", "after": true}',
        '{"type": "follow", "topic": "town", "after": 1.5}',
        '{"type": "follow", "topic": "town", "after": 99999999999999999999}',
        '{"type": "follow", "topic": "town", "after": NaN}',
        '{"type": "ack", "topic": "town"}',
        '{"type": "unfollow"}',
        "[" * 8000,
        '{"type": "follow", "topic": "' + "x" * 81 + '"}',
    ],
)
def test_what_cannot_be_read_is_said_and_harms_nothing(committed: Town, text: str) -> None:
    async def scenario() -> None:
        ear = await Ear().open()
        await ear.socket.send_to(text_data=text)
        frame = await ear.hear()
        assert frame is not None
        assert (frame["type"], frame["code"], frame["topic"]) == ("refused", "unreadable", "")
        assert frame["detail"]
        assert (await ear.follow("town"))["type"] == "updates"
        await ear.close()

    run(scenario())


def test_large_frames_and_bytes_are_not_taken(committed: Town) -> None:
    async def scenario(**data: Any) -> int:
        ear = await Ear().open()
        await ear.socket.send_to(**data)
        return await ear.until_closed()

    largest = json.dumps({"type": "ping", "x": "y" * (16 * 1024 - 30)})
    assert run(scenario(text_data=largest + " " * (16 * 1024 - len(largest) + 1))) == consumer.TOO_BIG
    assert run(scenario(text_data="好" * 6000)) == consumer.TOO_BIG
    assert run(scenario(bytes_data=b"\xff\xfe")) == consumer.UNREADABLE_DATA


def test_a_flood_ends_the_flooder_and_nobody_else(speak: Speak, committed: Town) -> None:
    async def scenario() -> None:
        flooder, other = await Ear().open(), await Ear().open()
        await other.follow("test:1")
        for _ in range(2000):
            await flooder.say(type="ping")
        assert await flooder.until_closed() == consumer.TOO_TALKATIVE
        await do(speak, "test:1")
        await other.until("test:1", 1)
        # Acknowledging is never too much.
        for _ in range(2000):
            await other.acknowledge("test:1", 1)
        assert await other.is_silent()
        await other.close()

    run(scenario())


def test_one_socket_follows_a_hundred_topics_and_no_more(speak: Speak, committed: Town) -> None:
    async def scenario() -> None:
        ear = await Ear().open()
        for number in range(100):
            assert (await ear.follow(f"test:{number}"))["type"] == "updates"
        assert (await ear.follow("test:100"))["code"] == "too_many"
        assert (await ear.follow("test:5"))["type"] == "updates"  # one that is followed already
        await ear.say(type="unfollow", topic="test:7")
        assert (await ear.follow("test:100"))["type"] == "updates"
        await do(speak, "test:7")
        await do(speak, "test:100")
        await ear.until("test:100", 1)
        assert ear.heard("test:7") == []
        await ear.close()

    run(scenario())


def test_a_refusal_is_said_in_the_persons_language(committed: Town) -> None:
    User.objects.filter(pk=committed.dana.pk).update(language="en")
    cookie = listening.session_of(committed.dana)

    async def scenario(cookie: str) -> str:
        ear = await Ear(cookie=cookie).open()
        detail: str = (await ear.follow("action:0"))["detail"]
        await ear.close()
        return detail

    assert run(scenario(cookie)).startswith("There is nothing")
    with translation.override("zh-hans"):
        assert run(scenario("")) == translation.gettext(frames.REFUSALS["not_found"])


def test_nothing_of_anybody_stands_in_public_updates(committed: Town) -> None:
    """Who signs up, cancels and moves up is nobody's business: neither name nor phone nor id is in the book."""
    action = cast.announced(committed, cast.in_hours(72, capacity=1))
    shift = action.shifts.get()
    first = cast.sign_up(committed.chen, shift)
    cast.sign_up(committed.dana, shift)
    seats.cancel(sign_up=first, by=committed.chen, reason="geheim")
    rows = Update.objects.filter(topic__name__in=[f"action:{action.pk}", f"desk:{action.pk}"]).order_by("id")
    assert {row.actor is None for row in rows if row.verb == "places"} == {True}
    told = str([(row.actor, row.payload) for row in rows])
    for secret in (committed.chen.name, committed.dana.name, "geheim", str(committed.chen.phone), "chen", "dana"):
        assert secret not in told
    counts = [
        (row.payload["taken"], row.payload["waiting"])
        for row in rows
        if row.verb == "places" and row.topic.name.startswith("action")
    ]
    assert counts == [(1, 0), (1, 1), (1, 0)]
    assert not Update.objects.filter(topic__name="town", verb="places").exists()
