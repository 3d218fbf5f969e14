"""``manage.py worker``: does the tasks that were put off, carries letters out, and shows every few seconds that it lives."""

import logging
import os
import socket
import time
from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

import structlog
from django.core.management.base import BaseCommand
from django.db import close_old_connections
from django.utils import timezone
from django.utils.crypto import get_random_string
from django_tasks_db.management.commands.db_worker import Worker

from portal import health, lifeline
from portal.models import Beat
from updates import delivery

log = structlog.get_logger(__name__)

BETWEEN_BEATS = timedelta(seconds=15)


class BeatingWorker(Worker):
    """The library's worker, one task and one letter at a time, with a beat in between.

    The beat comes from the loop that does the work: a worker that hangs in a task falls silent and is missed.
    """

    def __init__(self, *, interval: float) -> None:
        super().__init__(
            queue_names=["*"],
            excluded_queue_names=[],
            interval=interval,
            batch=True,
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id=get_random_string(32),
        )
        self.name = f"{health.WORKER}:{socket.gethostname()[:40]}:{os.getpid()}"
        self.beaten = timezone.now() - BETWEEN_BEATS

    def run(self) -> None:
        """Work until told to end."""
        while self.running:
            self.beat()
            done = self._run_tasks
            self.max_tasks = done + 1
            super().run()
            is_idle = not self.deliver() and self._run_tasks == done
            if self.running and is_idle:
                time.sleep(self.interval)

    def deliver(self) -> bool:
        """Carry a letter that is due, if there is one. Whatever goes wrong, the tasks go on."""
        try:
            return delivery.deliver_due(timezone.now(), limit=1) > 0
        except Exception:
            log.exception("delivery_failed")
            close_old_connections()
            return False

    def beat(self) -> None:
        now = timezone.now()
        if now - self.beaten >= BETWEEN_BEATS:
            Beat.objects.mark(self.name)
            self.beaten = now


class Command(BaseCommand):
    help = "Do the tasks that were put off, and send what is to leave the site."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--interval", type=float, default=1, help="seconds between looks (default: %(default)s)")
        parser.add_argument(lifeline.OPTION, action="store_true", help="end when standard input is closed")

    def handle(self, *args: Any, **options: Any) -> None:
        logging.getLogger("django_tasks_db").setLevel(logging.ERROR)  # it tells of every look into the empty queue
        worker = BeatingWorker(interval=options["interval"])
        worker.configure_signals()
        if options["lifeline"]:
            lifeline.hold()
        worker.run()
