"""The hub: in each process it serves everybody who follows anything here.

It wakes at the bell, and once a second it looks at the heads of all followed topics by itself. Then it reads on, once for
all readers who stand at the same place, encodes each frame once, and hands the same text to all of them. A reader has at
most :data:`WINDOW` updates in flight that it has not acknowledged; one that stops reading is paused, not fed, and catches
up from the book.

Everything here happens on the server's loop but the questions to the database, which have threads of their own.
"""

import asyncio
import contextlib
import weakref
from collections import defaultdict
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Protocol, TypeVar

import structlog
from channels.layers import get_channel_layer
from django.db import close_old_connections, connections

from . import bell, book, frames, topics
from .gate import Gate
from .topics import Person

log = structlog.get_logger(__name__)

R = TypeVar("R")

WINDOW = 64
"""Updates that a reader may have in one topic without having acknowledged them."""

LOOK_EVERY = 1.0
"""Seconds between two looks at the heads; so long a lost bell delays what it should have announced."""

SIGNED_OUT = 4401
"""Close code: the session, the token or the account with which it was opened is no longer good."""
NOT_ALLOWED = 4403
"""Close code: the person may no longer follow something that this socket follows."""


class Reader(Protocol):
    """What the hub knows of a connection."""

    person: Person
    language: str

    def ask_again(self) -> Person | None:
        """Who speaks by this connection's credential now; None if it is no longer good. Asks the database."""

    def hand(self, text: str) -> None:
        """Send this frame, in its turn. Never waits."""

    def hang_up(self, code: int) -> None:
        """Close with this code and send nothing more. Never waits."""


@dataclass(eq=False)
class Follower:
    """One reader's place in one topic."""

    reader: Reader
    followed: "Followed"
    sent: int
    acknowledged: int
    owed: bool = True
    """The answer to ``follow`` is due, even if there is nothing to tell."""

    @property
    def room(self) -> int:
        return WINDOW - (self.sent - self.acknowledged)

    @property
    def wants(self) -> bool:
        return self.owed or (self.sent < self.followed.head and self.room > 0)


@dataclass(eq=False)
class Followed:
    """A topic that is followed here, and how far the book is known to have come."""

    name: str
    head: int = 0
    audience: int | None = None
    followers: set[Follower] = field(default_factory=set)


_hubs: "weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, Hub]" = weakref.WeakKeyDictionary()


def here() -> "Hub":
    """The hub of the running loop."""
    loop = asyncio.get_running_loop()
    if loop not in _hubs:
        _hubs[loop] = Hub()
    return _hubs[loop]


class Hub:
    """Serves the readers of one loop. See the module."""

    def __init__(self) -> None:
        self.followed: dict[str, Followed] = {}
        self.places: dict[Reader, dict[str, Follower]] = {}
        self.people: defaultdict[int, set[Reader]] = defaultdict(set)
        self.versions: dict[int, int] = {}
        self.due: set[Followed] = set()
        self.doubted_topics: set[Followed] = set()
        self.doubted_readers: set[Reader] = set()
        self.awake, self.in_doubt = asyncio.Event(), asyncio.Event()
        self.gate = Gate()
        self.tasks: list[asyncio.Task[None]] = []
        self.endings: set[asyncio.Task[None]] = set()
        self.looked: tuple[int | None, list[str], list[int]] = (None, [], [])
        # The book has a thread of its own, so that no question of rights delays what is told.
        self.librarian = _thread("book")
        self.porter = _thread("rights")

    # --- what connections ask -----------------------------------------------------------------------------------------

    def enter(self, reader: Reader) -> None:
        """A connection was opened; from now on its person's rights are watched."""
        self.places[reader] = {}
        if isinstance(pk := reader.person.pk, int):
            self.people[pk].add(reader)
            version = reader.person.rights_version  # type: ignore[union-attr]
            if self.versions.setdefault(pk, version) != version:
                # They changed after this one was asked, and were noticed because of another connection.
                self._doubt({reader})
        self._wake_up()

    def leave(self, reader: Reader) -> None:
        """A connection is gone."""
        for follower in self.places.pop(reader, {}).values():
            self._drop(follower)
        self.doubted_readers.discard(reader)
        if isinstance(pk := reader.person.pk, int) and pk in self.people:
            self.people[pk].discard(reader)
            if not self.people[pk]:
                del self.people[pk]
                self.versions.pop(pk, None)
        if not self.places:
            self._go_to_sleep()

    def follow(self, reader: Reader, topic: str, after: int) -> None:
        """Tell this reader everything after number ``after``. It was asked before whether the person may follow.

        One that has left while that was asked is told nothing.
        """
        if reader not in self.places:
            return
        self.unfollow(reader, topic)
        followed = self.followed.setdefault(topic, Followed(topic))
        follower = Follower(reader, followed, sent=after, acknowledged=after)
        followed.followers.add(follower)
        self.places[reader][topic] = follower
        self._make_due(followed)

    def unfollow(self, reader: Reader, topic: str) -> None:
        """Tell this reader nothing more of this topic."""
        if follower := self.places.get(reader, {}).pop(topic, None):
            self._drop(follower)

    def acknowledge(self, reader: Reader, topic: str, seq: int) -> None:
        """The reader has what came up to ``seq``. An old number, or one that was never sent, changes nothing wrong."""
        if follower := self.places.get(reader, {}).get(topic):
            follower.acknowledged = max(follower.acknowledged, min(seq, follower.sent))
            if follower.wants:
                self._make_due(follower.followed)

    def hear(self, said: dict[str, Any]) -> None:
        """The bell rang."""
        for topic, head in said.get("heads", {}).items():
            if followed := self.followed.get(topic):
                self._has_come_to(followed, head)
        self._doubt(followed={self.followed[name] for name in said.get("audience", ()) if name in self.followed})
        for pk in said.get("people", ()):
            self._doubt(self.people.get(pk, ()))

    async def ask(self, question: Callable[[], R]) -> R:
        """Ask the database about somebody's rights, in a thread."""
        return await asyncio.get_running_loop().run_in_executor(self.porter, _fresh, question)

    # --- the tasks ----------------------------------------------------------------------------------------------------

    async def _work(self) -> None:
        """Look and read on, in turn, so that neither keeps the other from being done."""
        loop = asyncio.get_running_loop()
        look_at = loop.time()
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout_at(look_at):
                    await self.awake.wait()
            self.awake.clear()
            try:
                if loop.time() >= look_at:
                    look_at = loop.time() + LOOK_EVERY
                    await self._look()
                if self.due:
                    await self._read_on()
                if self.due:
                    self.awake.set()
            except Exception:
                # The database is away: what is due stays due, and the next look is in a second.
                log.exception("hub_stumbled")
                look_at = loop.time() + LOOK_EVERY

    async def _listen(self) -> None:
        """Hear the bell. What it does not say is found by looking, so nothing here may end the work."""
        while True:
            layer, channel = get_channel_layer(), ""
            try:
                channel = await layer.new_channel()
                await layer.group_add(bell.GROUP, channel)
                while True:
                    self.hear(await layer.receive(channel))
            except Exception as error:  # noqa: BLE001 – whatever ails the broker
                log.warning("bell_deaf", error=repr(error))
                await asyncio.sleep(LOOK_EVERY)
            finally:
                with contextlib.suppress(Exception):
                    await layer.group_discard(bell.GROUP, channel)

    async def _look(self) -> None:
        """Find what no bell announced: updates of other processes, audiences, rights."""
        names, people = list(self.followed), list(self.people)
        standing = await self._in_library(self._standing, names, people)
        if standing is None:
            return
        for name, (head, audience) in standing.topics.items():
            if followed := self.followed.get(name):
                self._has_come_to(followed, head)
                # Also at the first look: it may have changed since somebody was let in.
                if followed.audience != audience:
                    self._doubt(followed={followed})
                followed.audience = audience
        for pk in people:
            version = standing.people.get(pk, -1)  # an account that is gone has no rights
            if pk in self.people and self.versions.get(pk) != version:
                self.versions[pk] = version
                self._doubt(self.people[pk])

    def _standing(self, names: list[str], people: list[int]) -> book.Standing | None:
        """How all of them stand; None where nothing can have changed since the last look."""
        changes = book.change_counter()
        if changes is not None and self.looked == (changes, names, people):
            return None
        standing = book.look(names, people)
        self.looked = changes, names, people
        return standing

    async def _ask(self) -> None:
        """Ask who may stay. Whoever is in doubt is told nothing meanwhile, and nobody else waits for the answer."""
        while True:
            await self.in_doubt.wait()
            self.in_doubt.clear()
            try:
                while self.doubted_readers:
                    await self._ask_reader(next(iter(self.doubted_readers)))
                while self.doubted_topics:
                    await self._ask_followers(next(iter(self.doubted_topics)))
            except Exception:
                log.exception("hub_stumbled")
                await asyncio.sleep(LOOK_EVERY)
                self.in_doubt.set()

    async def _ask_reader(self, reader: Reader) -> None:
        person = await self.ask(reader.ask_again)
        if person is None or person.pk != reader.person.pk:
            reader.hang_up(SIGNED_OUT)
        elif not await self._may_follow_all(person, reader):
            reader.hang_up(NOT_ALLOWED)
        else:
            reader.person = person
        self.doubted_readers.discard(reader)
        for follower in self.places.get(reader, {}).values():
            self._make_due(follower.followed)

    async def _may_follow_all(self, person: Person, reader: Reader) -> bool:
        """Also what was let in by an answer from before the change, and follows only since we began to ask."""
        asked: set[str] = set()
        while followed := set(self.places.get(reader, ())) - asked:
            if not await self.ask(partial(_may_follow_each, person, followed)):
                return False
            asked |= followed
        return True

    async def _ask_followers(self, followed: Followed) -> None:
        """Let go those who may no longer follow; one question for all visitors, one for each person."""
        followers = list(followed.followers)
        people = {follower.reader.person.pk: follower.reader.person for follower in followers}
        allowed = await self.ask(
            lambda: {pk for pk, person in people.items() if topics.may_follow(person, followed.name)}
        )
        for follower in followers:
            if follower.reader.person.pk not in allowed and follower in followed.followers:
                follower.reader.hand(frames.refused("not_found", follower.reader.language, followed.name))
                self.unfollow(follower.reader, followed.name)
        self.doubted_topics.discard(followed)
        if followed.followers:
            self._make_due(followed)

    async def _read_on(self) -> None:
        """Read once for each place at which anybody waits, and hand out what is there."""
        waiting: defaultdict[tuple[str, int], list[Follower]] = defaultdict(list)
        for followed in self.due - self.doubted_topics:
            for follower in followed.followers:
                if follower.wants and follower.reader not in self.doubted_readers:
                    waiting[followed.name, follower.sent].append(follower)
        self.due.clear()
        wanted = {place: max(each.room for each in group) for place, group in waiting.items()}
        known = {topic: self.followed[topic].head for topic, _after in wanted}
        try:
            passages = await self._in_library(book.passages, wanted)
        except Exception:
            self.due |= {follower.followed for group in waiting.values() for follower in group}
            raise
        for (topic, after), passage in passages.items():
            group = [each for each in waiting[topic, after] if each in each.followed.followers and each.sent == after]
            if passage is None:
                self._start_anew(topic, group)
            else:
                self._hand_out(topic, group, passage)
                self._is_at(topic, passage.last, known[topic])

    def _is_at(self, topic: str, last: int, known: int) -> None:
        """Take the book's own word for its head, unless the bell rang while it was read."""
        followed = self.followed.get(topic)
        if followed is None:
            return
        followed.head = last if followed.head == known else max(followed.head, last)
        if any(follower.wants for follower in followed.followers):
            self._make_due(followed)

    def _hand_out(self, topic: str, group: list[Follower], passage: book.Passage) -> None:
        texts: dict[int, str] = {}
        for follower in group:
            count = max(0, min(len(passage.lines), follower.room))
            if not count and not follower.owed:
                continue
            lines = passage.lines[:count]
            if count not in texts:
                texts[count] = frames.updates(topic, lines, passage.last)
            follower.reader.hand(texts[count])
            follower.owed = False
            follower.sent = lines[-1].seq if lines else follower.sent

    def _start_anew(self, topic: str, group: Iterable[Follower]) -> None:
        for follower in group:
            follower.reader.hand(frames.reload(topic))
            self.unfollow(follower.reader, topic)

    # --- keeping house --------------------------------------------------------------------------------------------------

    async def _in_library(self, question: Callable[..., R], *arguments: Any) -> R:
        return await asyncio.get_running_loop().run_in_executor(self.librarian, _fresh, question, *arguments)

    def _has_come_to(self, followed: Followed, head: int) -> None:
        if head > followed.head:
            followed.head = head
            self._make_due(followed)

    def _doubt(self, readers: Iterable[Reader] = (), followed: Iterable[Followed] = ()) -> None:
        self.doubted_readers.update(readers)
        self.doubted_topics.update(followed)
        if self.doubted_readers or self.doubted_topics:
            self.in_doubt.set()

    def _make_due(self, followed: Followed) -> None:
        self.due.add(followed)
        self._wake_up()

    def _drop(self, follower: Follower) -> None:
        followed = follower.followed
        followed.followers.discard(follower)
        if not followed.followers:
            self.followed.pop(followed.name, None)
            self.due.discard(followed)
            self.doubted_topics.discard(followed)

    def _wake_up(self) -> None:
        if not self.tasks:
            self.tasks = [asyncio.ensure_future(task()) for task in (self._work, self._listen, self._ask)]
        self.awake.set()

    def _go_to_sleep(self) -> None:
        """Nobody is left: let go of the tasks, the threads and their connections; :meth:`enter` takes new ones."""
        for task in self.tasks:
            ending = asyncio.ensure_future(_end(task))
            self.endings.add(ending)
            ending.add_done_callback(self.endings.discard)
        self.tasks = []
        for thread in (self.librarian, self.porter):
            thread.submit(connections.close_all)
            thread.shutdown(wait=False)
        self.librarian, self.porter = _thread("book"), _thread("rights")


async def _end(task: asyncio.Task[None]) -> None:
    """Cancel until it has ended: while it subscribes, the Redis client swallows a cancellation."""
    while not task.done():
        task.cancel()
        await asyncio.wait({task}, timeout=0.2)


def _may_follow_each(person: Person, names: Iterable[str]) -> bool:
    return all(topics.may_follow(person, name) for name in names)


def _thread(name: str) -> ThreadPoolExecutor:
    return ThreadPoolExecutor(1, thread_name_prefix=name)


def _fresh(question: Callable[..., R], *arguments: Any) -> R:
    """Ask on a connection that still works."""
    close_old_connections()
    return question(*arguments)
