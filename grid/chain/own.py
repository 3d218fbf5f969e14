"""What the chain keeps about a person, and what becomes of it when the account is closed."""

from collections.abc import Iterable

from django.utils import timezone
from django.utils.translation import gettext as _

from communities.models import User
from communities.own_data import Line, Section
from grid.models import Absence, Card, Deputy, Post, TeamMember

from . import appointing, standing_in, team
from .words import place_of, title_of

_WITH_PLACE = ("post__area", "post__road", "post__segment", "post__person")


def told(person: User) -> list[Section]:
    """Posts, for whom the person stands in, absences, the grid team, and the cards that the person issued."""
    return [
        Section("posts_held", _("What I answer for"), list(_posts(person))),
        Section("deputyships", _("For whom I stand in"), list(_deputyships(person))),
        Section("absences", _("When I was away"), list(_absences(person))),
        Section("grid_team", _("Grid team"), list(_team(person))),
        Section("cards_issued", _("Responsibility cards that I issued"), list(_cards(person))),
    ]


def forget(person: User) -> None:
    """Every post, deputyship and membership in the team ends today; those who fill the posts are told of the gaps.

    A town cannot keep somebody from leaving, so nothing is asked before: the gap shows on the board. The terms of the past
    stay without the name. Part of closing.
    """
    today = timezone.localdate()
    appointing.vacate(person, today)
    standing_in.resign_as_deputy(person, today)
    team.leave(person, today)


def _posts(person: User) -> Iterable[list[Line]]:
    held = Post.objects.filter(person=person).select_related("area", "road", "segment", "organisation")
    for post in held.order_by("-id"):
        yield [
            Line("role", _("Role"), title_of(post)),
            Line("place", _("Place"), place_of(post)),
            Line("since", _("From"), post.since.isoformat()),
            Line("until", _("No longer from"), post.until.isoformat() if post.until else None),
            Line("duty_phone", _("Duty phone"), post.duty_phone),
            Line("handover", _("Handover note"), post.handover),
        ]


def _deputyships(person: User) -> Iterable[list[Line]]:
    for deputy in Deputy.objects.filter(person=person).select_related(*_WITH_PLACE).order_by("-id"):
        yield [
            Line("role", _("Role"), title_of(deputy.post)),
            Line("place", _("Place"), place_of(deputy.post)),
            Line("since", _("From"), deputy.since.isoformat()),
            Line("until", _("No longer from"), deputy.until.isoformat() if deputy.until else None),
        ]


def _absences(person: User) -> Iterable[list[Line]]:
    for absence in Absence.objects.filter(post__person=person).select_related(*_WITH_PLACE).order_by("-id"):
        yield [
            Line("place", _("Place"), place_of(absence.post)),
            Line("since", _("Away from"), absence.since.isoformat()),
            Line("until", _("Back on"), absence.until.isoformat()),
        ]


def _team(person: User) -> Iterable[list[Line]]:
    for member in TeamMember.objects.filter(person=person).order_by("-id"):
        yield [
            Line("since", _("From"), member.since.isoformat()),
            Line("until", _("No longer from"), member.until.isoformat() if member.until else None),
        ]


def _cards(person: User) -> Iterable[list[Line]]:
    for card in Card.objects.filter(issued_by=person).select_related("area", "road").order_by("-id"):
        place = card.area or card.road
        yield [
            Line("place", _("Place"), place.spoken_name if place else ""),
            Line("version", _("Version"), card.version),
            Line("issued_at", _("Issued"), card.issued_at),
        ]
