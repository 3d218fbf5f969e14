"""``manage.py serve``: the whole site – web, worker and clock – as one thing that starts, lives and ends together."""

import http.client
import signal
import subprocess
import sys
import threading
import time
from argparse import ArgumentParser
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import structlog
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from portal import lifeline

log = structlog.get_logger(__name__)

CANNOT_LISTEN = 3  # the exit status of `manage.py web` when its address is taken
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0  # seconds before a child that died is started again
STEADY = 60.0  # seconds after which a child's earlier deaths are forgotten
PATIENCE = 20.0  # seconds that the children get to end


@dataclass
class Child:
    """One of the site's processes, started again whenever it dies."""

    name: str
    command: list[str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    again_at: float = 0.0
    deaths: int = field(default=0)

    def start(self) -> None:
        # Its standard input is its lifeline: we never write, and the system closes it when we are gone.
        self.process = subprocess.Popen(self.command, stdin=subprocess.PIPE)
        self.started = time.monotonic()
        log.info("child_started", name=self.name, pid=self.process.pid)

    def look(self) -> int | None:
        """Return the exit status if it has just died, and note when to start it again."""
        if self.process is None or (status := self.process.poll()) is None:
            return None
        now = time.monotonic()
        self.deaths = 1 if now - self.started > STEADY else self.deaths + 1
        self.again_at = now + min(FIRST_PAUSE * 2 ** (self.deaths - 1), LONGEST_PAUSE)
        self.let_go()
        log.error("child_died", name=self.name, status=status, again_in=round(self.again_at - now, 1))
        return status

    def let_go(self) -> None:
        if self.process and self.process.stdin:
            self.process.stdin.close()
        self.process = None

    def tell(self, number: signal.Signals) -> None:
        if self.process and self.process.poll() is None:
            self.process.send_signal(number)


class Command(BaseCommand):
    help = "Run the site: web server, worker and clock, until it is told to end."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default=settings.HOST)
        parser.add_argument("--port", type=int, default=settings.PORT)

    def handle(self, *args: Any, **options: Any) -> None:
        host, port = options["host"], options["port"]
        # The checks speak of the address that is really used.
        settings.HOST = host
        self.check(databases=["default"])
        self._demand_migrated()
        python = [sys.executable, sys.argv[0]]
        children = [
            Child("web", [*python, "web", "--host", host, "--port", str(port), lifeline.OPTION]),
            Child("worker", [*python, "worker", lifeline.OPTION]),
            Child("clock", [*python, "clock", lifeline.OPTION]),
        ]
        address = f"http://{f'[{host}]' if ':' in host else host}:{port}/"
        self.stdout.write(f"共治 Gongzhi {settings.VERSION}: {address}")
        self.stdout.flush()
        ended = lifeline.End()
        ended.listen(signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
        threading.Thread(target=self._say_when_up, args=(host, port, address, ended), daemon=True).start()
        try:
            self._supervise(children, ended)
        finally:
            connection.close()
            end_all(children)

    def _supervise(self, children: list[Child], ended: lifeline.End) -> None:
        connection.close()  # the parent watches; it needs no data
        while not ended.is_told:
            for child in children:
                if child.process is None and time.monotonic() >= child.again_at:
                    child.start()
                elif child.look() == CANNOT_LISTEN and child.name == "web":
                    raise CommandError("The address is taken, or not one of this machine. Try another PORT.")
            ended.wait(lifeline.LOOK_EVERY)

    def _demand_migrated(self) -> None:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            raise CommandError("The database is older than the program: run `python manage.py migrate` first.")

    def _say_when_up(self, host: str, port: int, address: str, ended: lifeline.End) -> None:
        near = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
        while not ended.is_told:
            if answers(near, port):
                self.stdout.write(f"Ready / 已就绪: {address}")
                self.stdout.flush()
                return
            ended.wait(lifeline.LOOK_EVERY)


def answers(host: str, port: int) -> bool:
    """Say whether something at ``host:port`` answers HTTP."""
    connection = http.client.HTTPConnection(host, port, timeout=5)
    try:
        connection.request("GET", "/healthz", headers={"Host": f"{settings.ALLOWED_HOSTS[0].lstrip('.')}"})
        connection.getresponse().read()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    return True


def end_all(children: list[Child]) -> None:
    """Ask all children to end, together; after ``PATIENCE`` seconds stop asking."""
    signals: list[Callable[[Child], None]] = [
        lambda child: child.tell(signal.SIGTERM),
        lambda child: child.tell(signal.SIGKILL),
    ]
    for send in signals:
        for child in children:
            send(child)
        until = time.monotonic() + PATIENCE
        for child in children:
            if child.process:
                try:
                    child.process.wait(max(0.0, until - time.monotonic()))
                except subprocess.TimeoutExpired:
                    log.warning("child_hangs", name=child.name)
                else:
                    child.let_go()
