"""The site as people meet it: ``manage.py serve`` with all its processes, on a port of its own."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from types import TracebackType
from typing import Self

from tests import grounds

PATIENCE = 90.0
"""Seconds to wait for a condition before giving up; generous, because it asserts nothing about time."""


class Site:
    """A running site on the database of this name. Use it as a context manager."""

    def __init__(self, database: str, **environment: str) -> None:
        self.database = database
        self.port = _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.environment = {
            **grounds.environment(database),
            "PORT": str(self.port),
            **environment,
        }
        self.log = grounds.folder(database) / "serve.log"

    def __enter__(self) -> Self:
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "serve", "--port", str(self.port)],
                cwd=grounds.ROOT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        wait_until(self._is_healthy, f"the site is up (see {self.log})")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGTERM)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(20)

    def manage(self, *arguments: str) -> str:
        """Run a command of manage.py beside the running site."""
        return grounds.manage(*arguments, database=self.database)

    def _is_healthy(self) -> bool:
        if self.process.poll() is not None:
            raise RuntimeError(f"serve ended with {self.process.returncode}:\n{self.log.read_text()[-4000:]}")
        try:
            with urllib.request.urlopen(f"{self.url}/healthz", timeout=10) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False


def wait_until(
    condition: Callable[[], bool], what: str, patience: float = PATIENCE, say: Callable[[], str] = str
) -> None:
    """Look again until ``condition`` holds; ``AssertionError`` if it does not within ``patience`` seconds.

    ``say`` tells how it stands then.
    """
    end = time.monotonic() + patience
    while not condition():
        assert time.monotonic() < end, f"waited in vain until {what}\n{say()}"
        time.sleep(0.1)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
