"""The site as people meet it: ``manage.py serve`` with all its processes, on a port of its own."""

import contextlib
import io
import json
import os
import signal
import socket
import subprocess
import sys
import time
import traceback
import urllib.error
import urllib.request
from collections.abc import Callable
from functools import cached_property
from types import TracebackType
from typing import Self

from django.db import connections

from tests import grounds

PATIENCE = 90.0
"""Seconds to wait for a condition before giving up; generous, because it asserts nothing about time."""

STAGEHAND = "import django; django.setup(); from tests import running; running.wait_for_cues()"


class Site:
    """A running site on the database of this name. Use it as a context manager.

    ``command`` is what of ``manage.py`` runs: all of it, or ``web`` where nobody waits for the worker or the clock.
    """

    def __init__(self, database: str, command: str = "serve", **environment: str) -> None:
        self.database = database
        self.command = command
        self.port = _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.environment = {
            **grounds.environment(database),
            "PORT": str(self.port),
            **environment,
        }
        self.log = grounds.folder(database) / "serve.log"
        self._stagehand: subprocess.Popen[str] | None = None

    @cached_property
    def doors(self) -> dict[str, list[str]]:
        """The sessions that nobody has taken yet, of this copy of the demo town."""
        return grounds.doors(self.database)

    def __enter__(self) -> Self:
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", self.command, "--port", str(self.port)],
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
        if self._stagehand:
            self._stagehand.communicate(timeout=20)
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

    def tell(self, code: str) -> str:
        """Run this code beside the running site, in a process that is kept for the next time; what it printed.

        For what a command would start Django anew for. The process serves nobody.
        """
        if self._stagehand is None:
            self._stagehand = subprocess.Popen(
                [sys.executable, "-c", STAGEHAND],
                cwd=grounds.ROOT,
                env=self.environment,
                text=True,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
            )
        cues, answers = self._stagehand.stdin, self._stagehand.stdout
        cues.write(json.dumps(code) + "\n")
        cues.flush()
        answer: dict[str, str] = json.loads(answers.readline())
        if "error" in answer:
            raise RuntimeError(answer["error"])
        return answer["said"].strip()

    def _is_healthy(self) -> bool:
        if self.process.poll() is not None:
            raise RuntimeError(f"serve ended with {self.process.returncode}:\n{self.log.read_text()[-4000:]}")
        try:
            with urllib.request.urlopen(f"{self.url}/healthz", timeout=10) as answer:
                return bool(answer.status == 200)
        except urllib.error.HTTPError:
            return self.command == "web"  # it is up when it says that the others are missing
        except (urllib.error.URLError, OSError):
            return False


def wait_for_cues() -> None:
    """What the stagehand does: a line of JSON in, with the code, and one out, with what it printed or how it failed."""
    for cue in sys.stdin:
        said = io.StringIO()
        try:
            with contextlib.redirect_stdout(said):
                exec(json.loads(cue), {})  # noqa: S102 – a test says what
            answer = {"said": said.getvalue()}
        except Exception:  # noqa: BLE001 – the test shows it
            answer = {"error": traceback.format_exc()}
        connections.close_all()
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


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
