"""``manage.py clock``: the jobs of every minute and every day, until it is told to end."""

import signal
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from portal import clock, lifeline


class Command(BaseCommand):
    help = "Do what is due each minute: scheduled pages, offers that ran out; once a day tidy up."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="do what is due now, then end")
        parser.add_argument(lifeline.OPTION, action="store_true", help="end when standard input is closed")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["once"]:
            clock.tick(timezone.now())
            return
        ended = lifeline.End()
        ended.listen(signal.SIGTERM, signal.SIGINT)
        if options["lifeline"]:
            lifeline.hold()
        while not ended.is_told:
            clock.tick(timezone.now())
            now = timezone.now()
            ended.wait(60 - now.second - now.microsecond / 1_000_000 + 0.05)
