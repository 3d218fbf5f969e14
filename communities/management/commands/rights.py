"""``manage.py rights --check`` and ``--repair``: what memberships say, against what groups and grants say."""

from argparse import ArgumentParser
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from communities import membership
from communities.models import Organisation

Differences = Iterable[membership.Difference]

BATCH = 100
"""Organisations read at a time. What is compared of one of them takes the same queries however many belong to it."""


class Command(BaseCommand):
    help = "Compare stored rights with memberships and roles: --check lists the differences, --repair sets them right."

    def add_arguments(self, parser: ArgumentParser) -> None:
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("--check", action="store_true", help="list what differs; exit status 1 if anything does")
        what.add_argument("--repair", action="store_true", help="set right what differs, and list it")

    def handle(self, *args: Any, check: bool, repair: bool, **options: Any) -> None:
        if repair:
            mended = self._told(membership.repair, membership.repair_strays)
            self.stdout.write(f"{mended} mended." if mended else "Nothing to mend.")
            return
        found = self._told(membership.differences, membership.strays)
        if found:
            raise CommandError(f"{found} found. Set them right with: manage.py rights --repair", returncode=1)
        self.stdout.write("Rights are as the memberships say.")

    def _told(self, compare: Callable[[Organisation], Differences], look_elsewhere: Callable[[], Differences]) -> int:
        found = (difference for organisation in _organisations() for difference in compare(organisation))
        count = 0
        for difference in chain(look_elsewhere(), found):
            self.stdout.write(str(difference))
            count += 1
        return count


def _organisations() -> Iterator[Organisation]:
    # Not one long cursor: between two organisations things are mended.
    ids = list(Organisation.objects.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(ids), BATCH):
        yield from (
            Organisation.objects.filter(pk__in=ids[start : start + BATCH]).select_related("section").order_by("pk")
        )
