"""Bulk data for load tests: organisations, actions, notices, roads with cases, and people whose tokens go into a file."""

import logging
import os
import time
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django_tasks import DEFAULT_TASK_BACKEND_ALIAS, task_backends
from django_tasks.backends.immediate import ImmediateBackend
from wagtail.signal_handlers import disable_reference_index_auto_update

from communities import crowd as people_and_organisations
from communities import permits
from communities.models import Organisation, User
from events import crowd as actions
from grid import crowd as grid
from kit.deeds import deed
from portal import crowd as notices
from volunteers import crowd as volunteers

AT_THE_DESK = 2
"""People beside the coordinators: who takes reports in and who sends them out, where nobody does yet."""

PEOPLE_AT_ONCE = 250
"""So many accounts are written in one transaction, a fraction of a second, so that a running site goes on meanwhile."""


class Command(BaseCommand):
    """Add a crowd to the site, beside whatever is there; each further run adds another one."""

    help = (
        "Add a crowd for load tests: organisations, actions, notices, cases, people with tokens."
        " It works beside a running site."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--organisations", type=how_many, default=50, metavar="N")
        parser.add_argument("--actions", type=how_many, default=500, metavar="N")
        parser.add_argument("--notices", type=how_many, default=200, metavar="N")
        parser.add_argument("--cases", type=how_many, default=300, metavar="N")
        parser.add_argument("--people", type=how_many, default=5000, metavar="N")
        parser.add_argument(
            "--tokens",
            type=Path,
            default=Path(settings.VAR) / "crowd.tokens",
            metavar="FILE",
            help="gets a line “username,token” for each person; only you can read it (default: %(default)s)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("This site is in production; a crowd of invented people has no place there.")
        wanted = {name: options[name] for name in ("people", "organisations", "actions", "notices", "cases")}
        if wanted["actions"] and not wanted["organisations"]:
            raise CommandError("Actions need a host: ask for at least one organisation (--organisations).")
        if wanted["organisations"] and not wanted["people"]:
            raise CommandError("An organisation needs a coordinator: ask for at least one person (--people).")
        self.began = time.monotonic()
        with nothing_put_off():
            self._gather(wanted, options["tokens"])

    def _gather(self, wanted: dict[str, int], tokens: Path) -> None:
        number = people_and_organisations.next_number()
        with private_file(tokens) as file:
            first = self._people(number, wanted["people"], wanted["organisations"] + AT_THE_DESK, file)
        coordinators, others = first[: wanted["organisations"]], first[wanted["organisations"] :]
        self._tell(f"{wanted['people']} people; their tokens are in {tokens}")
        hosts = list(
            people_and_organisations.organisations(
                number=number, count=wanted["organisations"], coordinators=coordinators
            )
        )
        self._tell(f"{len(hosts)} organisations, verified")
        made = sum(1 for _action in actions.actions(number=number, count=wanted["actions"], hosts=hosts))
        self._tell(f"{made} actions, announced, each with one empty shift of {actions.PLACES} places in two weeks")
        if wanted["notices"] and not hosts:
            self.stdout.write(f"Skipped: {wanted['notices']} notices, because no organisation was asked for.")
        else:
            issued = sum(1 for _notice in notices.issue(number=number, count=wanted["notices"], hosts=hosts))
            self._tell(f"{issued} notices")
        self._cases(number, wanted["cases"], hosts, others)

    def _cases(
        self, number: int, count: int, hosts: Sequence[tuple[Organisation, User]], others: Sequence[User]
    ) -> None:
        """Roads in proportion, with chiefs, and the cases on them."""
        operator = permits.operators().first()
        if not count or not hosts or operator is None:
            if count:
                self.stdout.write(f"Skipped: {count} cases, because no organisation was asked for.")
            return
        people = [coordinator for _organisation, coordinator in hosts]
        wanted = -(-count // grid.CASES_ON_A_ROAD)
        laid = list(grid.roads(number=number, count=wanted, chiefs=[*people[1:], *people[:1]], by=operator))
        if not laid:
            self.stdout.write(f"Skipped: {count} cases, because no town is drawn, or all numbers of roads are taken.")
            return
        self._tell(f"{len(laid)} roads, each with a chief")
        desk = grid.desk(people=others, by=operator)
        units = [organisation for organisation, _coordinator in hosts]
        made = sum(1 for _case in grid.cases(count=count, on=laid, units=units, reporters=people, desk=desk))
        self._tell(f"{made} cases on them, in all states from reported to answered")

    def _people(self, number: int, count: int, coordinators: int, file: IO[str]) -> list[User]:
        """Write accounts and tokens; return the first few accounts."""
        first: list[User] = []
        for start in range(1, count + 1, PEOPLE_AT_ONCE):
            arrived = arrive(number, range(start, min(start + PEOPLE_AT_ONCE, count + 1)))
            file.writelines(f"{person.username},{token}\n" for person, token in arrived)
            file.flush()
            first += [person for person, _token in arrived[: coordinators - len(first)]]
        return first

    def _tell(self, sentence: str) -> None:
        self.stdout.write(f"{time.monotonic() - self.began:6.1f} s  {sentence}")


@contextmanager
def nothing_put_off() -> Iterator[None]:
    """Write the search index at once instead of leaving thousands of tasks to the worker of a running site.

    The pages refer to nothing, so that Wagtail's index of references has nothing to keep of them.
    """
    usual = task_backends[DEFAULT_TASK_BACKEND_ALIAS]
    log = logging.getLogger("django_tasks")
    level = log.level
    task_backends[DEFAULT_TASK_BACKEND_ALIAS] = ImmediateBackend(DEFAULT_TASK_BACKEND_ALIAS, {})
    log.setLevel(logging.WARNING)  # it would tell of each of them three times
    try:
        with disable_reference_index_auto_update():
            yield
    finally:
        log.setLevel(level)
        task_backends[DEFAULT_TASK_BACKEND_ALIAS] = usual


@deed
def arrive(number: int, places: range) -> list[tuple[User, str]]:
    """Make accounts that have everything a sign-up asks for, in one transaction."""
    arrived = people_and_organisations.arrive(number=number, places=places)
    volunteers.come_of_age(people=[person for person, _token in arrived])
    return arrived


def how_many(text: str) -> int:
    """A number of things; raises ``ArgumentTypeError`` unless it is between 0 and 99,999."""
    if not (text.isascii() and text.isdigit() and len(text) < 10 and int(text) <= people_and_organisations.MOST_PEOPLE):
        raise ArgumentTypeError(f"{text!r} is not a number from 0 to {people_and_organisations.MOST_PEOPLE}")
    return int(text)


@contextmanager
def private_file(path: Path) -> Iterator[IO[str]]:
    """A new or emptied file that only its owner can read; raises ``CommandError`` where there can be none."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)
    except OSError as error:
        raise CommandError(f"The tokens cannot be written to {path}: {error.strerror}.") from error
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        # Before the first line: a file that was there already may have been open to others.
        os.fchmod(descriptor, 0o600)
        os.ftruncate(descriptor, 0)
        yield file
