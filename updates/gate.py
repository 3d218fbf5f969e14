"""How many may come in: sockets for each person, address and process, and handshakes in a second."""

import asyncio
import time
from collections import Counter
from typing import TypeVar

from django.conf import settings

K = TypeVar("K", str, int)

TOO_MANY = 4429
"""Close code: this person or this address has too many sockets open; close one, or ask over HTTP."""
FULL = 4503
"""Close code: this process serves as many as it may; try again later."""


class Gate:
    """Counts who is in, in this process. The limits stand in the settings."""

    def __init__(self) -> None:
        self.all = 0
        self.by_address: Counter[str] = Counter()
        self.by_person: Counter[int] = Counter()
        self.next_handshake = 0.0

    async def pace(self) -> None:
        """Wait for one's turn: a crowd that comes back all at once is let in one after the other, and none is refused.

        Every turn is a stretch of ``1 / LIVE_HANDSHAKES`` seconds, so that between the handshakes pages are answered.
        """
        now = time.monotonic()
        turn = max(now, self.next_handshake)
        self.next_handshake = turn + 1 / settings.LIVE_HANDSHAKES
        if turn > now:
            await asyncio.sleep(turn - now)

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


gate = Gate()
