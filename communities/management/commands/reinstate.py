"""``manage.py reinstate NAME``: let somebody in again whom the operator kept out."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from communities import suspending

from .suspend import operator_called, person_called


class Command(BaseCommand):
    help = "Open a suspended account again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="the name with which the person signs in")
        parser.add_argument("--by", default="", metavar="NAME", help="which operator (default: the first one)")

    def handle(self, *args: Any, **options: Any) -> None:
        person = suspending.reinstate(person=person_called(options["name"]), by=operator_called(options["by"]))
        state = "may sign in" if person.is_active else "is closed for another reason"
        self.stdout.write(f"{person.username} {state}.")
