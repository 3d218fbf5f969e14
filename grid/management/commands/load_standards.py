"""``manage.py load_standards``: the rules by which problems are handled, out of the files."""

from argparse import ArgumentParser
from datetime import date, timedelta
from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from grid.rules import loading


class Command(BaseCommand):
    help = "Loads categories, standards, limits, holidays and templates from grid/standards/; again changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--from", dest="day", type=date.fromisoformat, metavar="YYYY-MM-DD", help="changes hold from; tomorrow"
        )

    def handle(self, *args: Any, day: date | None, **options: Any) -> None:
        today = timezone.localdate()
        day = day or today + timedelta(days=1)
        if day <= today:
            raise CommandError(
                "Rules change from tomorrow on at the earliest: today things are filed under the old ones."
            )
        done = loading.load(apps.get_model, day=day)
        self.stdout.write(", ".join(f"{name}: {count}" for name, count in done.items() if count) or "Nothing to do.")
