"""``manage.py holidays 2027``: the holidays of a year, as the State Council has announced them."""

import csv
from argparse import ArgumentParser
from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand, CommandError

from grid.rules import loading


class Command(BaseCommand):
    help = "Adds the holidays and make-up working days of these years; what stands there stays."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("years", nargs="+", type=int, metavar="YEAR")
        parser.add_argument("--print", action="store_true", dest="only_print", help="rows for standards/holidays.csv")

    def handle(self, *args: Any, years: list[int], only_print: bool, **options: Any) -> None:
        for year in years:
            try:
                if only_print:
                    self._print(year)
                    continue
                count = loading.add_holidays(apps.get_model, year=year)
            except ValueError as error:
                raise CommandError(f"{error}. Please enter them by hand when they are announced.") from error
            self.stdout.write(f"{year}: {count}")

    def _print(self, year: int) -> None:
        writer = csv.writer(self.stdout, lineterminator="\n")
        for row in loading.holidays_of(year):
            writer.writerow([row["day"], "yes" if row["is_working"] else "", row["name"]])
