"""``manage.py advisories``: is a pinned package known to be unsafe?

The table is kept by hand from what projects publish, so the check needs no network and says the same everywhere; it carries
the day on which it was last gone through. CONTRIBUTING says how.
"""

import csv
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from packaging.specifiers import SpecifierSet

from portal import pins
from portal.pins import Pin

TABLE = settings.BASE_DIR / "docs" / "advisories.csv"
DATED = "# gone through on "
OLD = timedelta(days=60)


class Advisory(NamedTuple):
    """What a project or a database of weaknesses made known: which versions of which package, and where to read it.

    ``accepted`` says why an affected version may stay all the same; it is empty where it may not.
    """

    package: str
    affected: SpecifierSet
    number: str
    published: date
    summary: str
    source: str
    accepted: str

    def concerns(self, pin: Pin) -> bool:
        """Is this pin one of the affected versions? Those that were published for trial count as well."""
        return self.package == pin.name and self.affected.contains(pin.version, prereleases=True)


class Command(BaseCommand):
    help = "Compare the pins with docs/advisories.csv; exit status 1 if one of them is known to be unsafe."

    def handle(self, *args: Any, **options: Any) -> None:
        day, known = read(TABLE.read_text("utf-8"))
        pinned = [*pins.packages(), *pins.packages(pins.WORK), *pins.vendored()]
        found = sorted(set(unsafe(pinned, known)))
        if found:
            raise CommandError("Known to be unsafe:\n" + "\n".join(found))
        accepted = sum(bool(advisory.accepted) for advisory in known)
        self.stdout.write(
            f"{len(known)} advisories, gone through on {day}: none of {len(pinned)} pins is unsafe, {accepted} are accepted."
        )
        if timezone.localdate() - day > OLD:
            self.stderr.write("That is long ago. Please go through them again (CONTRIBUTING, Libraries).")


def read(table: str) -> tuple[date, list[Advisory]]:
    """The day on which the table was gone through, and its lines."""
    first, _, rest = table.partition("\n")
    lines = [
        Advisory(
            row["package"],
            SpecifierSet(row["affected"]),
            row["id"],
            date.fromisoformat(row["published"]),
            row["summary"],
            row["source"],
            row["accepted"],
        )
        for row in csv.DictReader(rest.splitlines(), strict=True)
    ]
    return date.fromisoformat(first.removeprefix(DATED)), lines


def unsafe(pinned: Iterable[Pin], known: list[Advisory]) -> Iterator[str]:
    """A line for every pin that an advisory concerns which is not accepted."""
    for pin in pinned:
        for advisory in known:
            if advisory.concerns(pin) and not advisory.accepted:
                yield f"{pin.name} {pin.version}: {advisory.number} ({advisory.affected}) {advisory.summary}"
