"""How the processes of ``manage.py serve`` learn that it is time to end: by a signal, or because the parent is gone."""

import os
import signal
import sys
import threading
import time
from types import FrameType

import structlog

log = structlog.get_logger(__name__)

OPTION = "--lifeline"
LAST_WORDS = 15.0  # seconds between asking ourselves to end and ending
LOOK_EVERY = 0.2  # seconds


class End:
    """Whether this process was told to end.

    A ``threading.Event`` would not do: a signal may come while the main thread holds the event's own lock in ``wait``, and
    setting it then would wait for that lock for ever.
    """

    def __init__(self) -> None:
        self.is_told = False

    def listen(self, *numbers: signal.Signals) -> None:
        """Take these signals for being told."""
        for number in numbers:
            signal.signal(number, self._tell)

    def wait(self, seconds: float) -> bool:
        """Sleep so long, or until told; return whether it was."""
        until = time.monotonic() + seconds
        while not self.is_told and (left := until - time.monotonic()) > 0:
            time.sleep(min(LOOK_EVERY, left))
        return self.is_told

    def _tell(self, number: int, frame: FrameType | None) -> None:
        self.is_told = True


def hold() -> None:
    """End this process soon after the other end of standard input is closed.

    The parent keeps that end and says nothing into it. The system closes it with the parent, SIGKILL included, on every
    platform; asking for the parent's id now and then, or for Linux's death signal, covers less.
    """
    threading.Thread(target=_wait, name="lifeline", daemon=True).start()


def _wait() -> None:
    while os.read(sys.stdin.fileno(), 1024):
        pass
    log.info("parent_gone")
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(LAST_WORDS)
    os._exit(1)
