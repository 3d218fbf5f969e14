"""``manage.py rights_document``: the tables of ``docs/rights.md``, computed from what the site asks."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from portal import rights


class Command(BaseCommand):
    help = "Write the tables of docs/rights.md from roles, sections, permits and topics; --check only compares."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="exit status 1 if the document says something else")

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        written = rights.DOCUMENT.read_text("utf-8")
        rendered = rights.render(written)
        if rendered == written:
            self.stdout.write("docs/rights.md says what is so.")
        elif check:
            raise CommandError("docs/rights.md says something else. Write it with: manage.py rights_document")
        else:
            rights.DOCUMENT.write_text(rendered, "utf-8")
            self.stdout.write("docs/rights.md is written.")
