"""``manage.py search_index``: what the pages say is read anew, and the whole index is made anew."""

from typing import Any

from django.core.management.base import BaseCommand

from portal import searching


class Command(BaseCommand):
    help = "Read the words of all live pages anew and make the search index anew, the admin's included."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"The words of {searching.keep_all()} pages are in the index.")
