"""How many may come in: sockets for each person, address and process, and handshakes in a second."""

import asyncio
from collections import Counter, deque
from typing import TypeVar

from django.conf import settings

K = TypeVar("K", str, int)

TOO_MANY = 4429
"""Close code: this person or this address has too many sockets open; close one, or ask over HTTP."""
FULL = 4503
"""Close code: this process serves as many as it may; try again later."""


class Gate:
    """Counts who is in, on one loop, which is in one process. The limits stand in the settings."""

    def __init__(self) -> None:
        self.all = 0
        self.by_address: Counter[str] = Counter()
        self.by_person: Counter[int] = Counter()
        self.line: deque[asyncio.Future[None]] = deque()
        self.turn_at = 0.0
        self.usher: asyncio.Task[None] | None = None

    async def pace(self) -> None:
        """Wait for one's turn: a crowd that comes back all at once is let in one after the other, and none is refused.

        Turns are ``1 / LIVE_HANDSHAKES`` seconds apart, so that between the handshakes pages are answered. Whoever is
        cancelled while waiting takes no turn.
        """
        now = asyncio.get_running_loop().time()
        if not self.line and now >= self.turn_at:
            self._take_turn(now)
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.line.append(turn)
        if self.usher is None:
            self.usher = asyncio.ensure_future(self._let_in())
        await turn

    async def _let_in(self) -> None:
        loop = asyncio.get_running_loop()
        while self.line:
            await asyncio.sleep(max(0.0, self.turn_at - loop.time()))
            while self.line:
                turn = self.line.popleft()
                if not turn.done():
                    turn.set_result(None)
                    self._take_turn(loop.time())
                    break
        self.usher = None

    def _take_turn(self, now: float) -> None:
        self.turn_at = now + 1 / settings.LIVE_HANDSHAKES

    def enter(self, address: str, person: int | None) -> int | None:
        """Count one in, or return the code with which to close it."""
        if self.all >= settings.LIVE_SOCKETS:
            return FULL
        if self.by_address[address] >= settings.LIVE_SOCKETS_PER_ADDRESS:
            return TOO_MANY
        if person is not None and self.by_person[person] >= settings.LIVE_SOCKETS_PER_PERSON:
            return TOO_MANY
        self.all += 1
        self.by_address[address] += 1
        if person is not None:
            self.by_person[person] += 1
        return None

    def leave(self, address: str, person: int | None) -> None:
        """Count one out that came in."""
        self.all -= 1
        _subtract(self.by_address, address)
        if person is not None:
            _subtract(self.by_person, person)


def _subtract(counter: "Counter[K]", key: K) -> None:
    counter[key] -= 1
    if not counter[key]:
        del counter[key]  # whoever is gone leaves no row behind
