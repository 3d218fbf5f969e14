"""``manage.py suspend NAME --reason …``: keep somebody out, as the operator."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from communities import permits, suspending
from communities.models import User
from kit.refusals import Refused


class Command(BaseCommand):
    help = "Close an account: its sessions, tokens and open connections end. `reinstate` opens it again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="the name with which the person signs in")
        parser.add_argument("--reason", required=True, help="kept with the suspension")
        parser.add_argument("--by", default="", metavar="NAME", help="which operator (default: the first one)")

    def handle(self, *args: Any, **options: Any) -> None:
        person, operator = person_called(options["name"]), operator_called(options["by"])
        try:
            suspending.suspend(person=person, reason=options["reason"], by=operator)
        except Refused as refusal:
            raise CommandError(refusal.sentence) from refusal
        self.stdout.write(f"{person.username} is suspended.")


def person_called(name: str) -> User:
    """The account with this name; raises ``CommandError``."""
    person = User.objects.filter(username__iexact=name).first()
    if person is None:
        raise CommandError(f"There is no account called {name!r}.")
    return person


def operator_called(name: str) -> User:
    """The operator with this name, or the first one; raises ``CommandError``."""
    operators = permits.operators()
    operator = (operators.filter(username__iexact=name) if name else operators).first()
    if operator is None:
        raise CommandError("There is no such operator. Make one with `manage.py createsuperuser`.")
    return operator
