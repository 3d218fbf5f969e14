"""What the desk of cases shows on pages of the rooms below: the way to it from one's own page."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from communities.models import User
from volunteers.panels import Line

from . import lists as desk_lists
from .scopes import scope_of

MINE = frozenset(
    {"look", "recheck", "fixed", "hand", "take_in", "check", "close", "send", "delay", "take", "rework", "overdue"}
)
"""The lists in which something waits for a person; the others are for looking."""


def own_lines(person: User) -> Iterator[Line]:
    """The desk of cases, for whoever has a place there, and in how many of them something is to be done."""
    now = timezone.now()
    scope = scope_of(person, timezone.localdate(now))
    if scope.is_empty:
        return
    lists = [each for each in desk_lists.lists_of(scope, now) if each.code in MINE]
    waiting = desk_lists.waiting_in(lists)
    yield Line(reverse("grid:case_desk"), "list", _("Cases to work on"), waiting)
