"""Tell the demo town: people, organisations, actions, notices."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from communities import demo as people_and_organisations
from events import demo as actions
from grid import demo as grid
from portal import demo as notices
from volunteers import demo as volunteers

PASSWORD = "gongzhi2026"  # noqa: S105 – public on purpose: the README names it


class Command(BaseCommand):
    """Fill an empty site with the demo town. Told twice on one day it changes nothing."""

    help = "Make the demo town: its people, organisations, actions and notices (again: only what a later day needs)."

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("This site is in production; the demo town is not told there.")
        password = settings.DEMO_PASSWORD or PASSWORD
        people_and_organisations.tell(password)
        people_and_organisations.tell_neighbours(password)
        volunteers.tell()
        grid.tell()
        actions.tell()
        notices.tell()
        self.stdout.write("The demo town is there. Log in with one of these names and the password " + password)
        for person in (*people_and_organisations.CAST, *people_and_organisations.DESK):
            self.stdout.write(f"  {person.username:<6} {person.display_name}")
