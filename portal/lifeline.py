"""How a child of ``manage.py serve`` learns that its parent is gone, however it went."""

import os
import signal
import sys
import threading
import time

import structlog

log = structlog.get_logger(__name__)

OPTION = "--lifeline"
LAST_WORDS = 15.0  # seconds between asking ourselves to end and ending


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
