"""Everything that the site keeps about one person, for that person (PIPL 45): to read, and as a file.

The rooms above register what they keep in ``apps.ready()``. A section asks a fixed number of queries, however much there is.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import registry as log_registry
from wagtail.models import PageLogEntry

from updates import inbox

from .models import Application, Invitation, User

Value = str | int | bool | datetime | None


class Line(NamedTuple):
    """One fact: its name in the file, its name on the page, and what it is."""

    key: str
    label: str
    value: Value


class Section(NamedTuple):
    """Facts of one kind: ``key`` in the file, ``title`` on the page, the newest entry first."""

    key: str
    title: str
    entries: list[list[Line]]


Tell = Callable[[User], list[Section]]

_registered: dict[str, Tell] = {}


def register(tell: Tell) -> None:
    """Let a room tell what it keeps about a person; the same function again takes its own place."""
    _registered[f"{tell.__module__}.{tell.__qualname__}"] = tell


def sections_of(person: User) -> list[Section]:
    """All that is kept about this person, in the active language; sections of which nothing is kept have no entries."""
    return [section for tell in (_own, *_registered.values(), _messages) for section in tell(person)]


def file_of(person: User) -> dict[str, Any]:
    """The same for a program: sections by key, each a list of entries."""
    return {
        section.key: [{line.key: _plain(line.value) for line in entry} for entry in section.entries]
        for section in sections_of(person)
    }


def _plain(value: Value) -> str | int | bool | None:
    return timezone.localtime(value).isoformat() if isinstance(value, datetime) else value


def _own(person: User) -> list[Section]:
    return [
        Section("account", _("Account"), [_account(person)]),
        Section("consents", _("Consents to the privacy notice"), list(_consents(person))),
        Section("memberships", _("Memberships"), list(_memberships(person))),
        Section("join_requests", _("Requests to belong"), list(_join_requests(person))),
        Section("invitations", _("Invitations"), list(_invitations(person))),
        Section("invitations_made", _("Invitations I made"), list(_invitations_made(person))),
        Section("applications", _("Applications for an organisation"), list(_applications(person))),
        Section("followings", _("Organisations followed"), list(_followings(person))),
        Section("tokens", _("Keys for programs"), list(_tokens(person))),
        Section("suspensions", _("Times when the account was suspended"), list(_suspensions(person))),
        Section("edits", _("What I did in the editor"), list(_edits(person))),
    ]


def _account(person: User) -> list[Line]:
    return [
        Line("username", _("User name"), person.username),
        Line("display_name", _("Name"), person.display_name),
        Line("phone", _("Mobile number"), person.phone),
        Line("email", _("E-mail"), person.email),
        Line("language", _("Language"), person.get_language_display()),
        Line("theme", _("Colours"), person.get_theme_display()),
        Line("mode", _("Size of print"), person.get_mode_display()),
        Line("has_password", _("Has a password"), person.has_usable_password()),
        Line("joined_at", _("Registered"), person.date_joined),
        Line("last_login_at", _("Last signed in"), person.last_login),
    ]


def _consents(person: User) -> Iterable[list[Line]]:
    for consent in person.consents.order_by("-id"):
        yield [
            Line("version", _("Version"), consent.version),
            Line("given_at", _("Given"), consent.given_at),
            Line("withdrawn_at", _("Withdrawn"), consent.withdrawn_at),
        ]


def _memberships(person: User) -> Iterable[list[Line]]:
    for membership in person.memberships.select_related("organisation").order_by("-id"):
        yield [
            Line("organisation", _("Organisation"), membership.organisation.spoken_name),
            Line("role", _("Role"), membership.get_role_display()),
            Line("began_at", _("Began"), membership.began_at),
            Line("ended_at", _("Ended"), membership.ended_at),
        ]


def _join_requests(person: User) -> Iterable[list[Line]]:
    for asked in person.join_requests.select_related("organisation").order_by("-id"):
        yield [
            Line("organisation", _("Organisation"), asked.organisation.spoken_name),
            Line("note", _("Your word"), asked.note),
            Line("made_at", _("Asked"), asked.made_at),
            Line("answered_at", _("Answered"), asked.answered_at),
            Line("was_accepted", _("Accepted"), asked.was_accepted),
            Line("word", _("Their word"), asked.word),
        ]


def _invitations(person: User) -> Iterable[list[Line]]:
    mine = Q(person=person) | Q(accepted_by=person)
    if person.phone:
        mine |= Q(phone=person.phone, accepted_by__isnull=True)
    for invitation in Invitation.objects.filter(mine).select_related("organisation").order_by("-id"):
        yield [
            Line("organisation", _("Organisation"), invitation.organisation.spoken_name),
            Line("role", _("Role"), invitation.get_role_display()),
            Line("made_at", _("Sent"), invitation.made_at),
            Line("accepted_at", _("Accepted"), invitation.accepted_at),
            Line("expires_at", _("Good until"), invitation.expires_at),
        ]


def _invitations_made(person: User) -> Iterable[list[Line]]:
    """Whom they were for is that person's own."""
    for invitation in Invitation.objects.filter(made_by=person).select_related("organisation").order_by("-id"):
        yield [
            Line("organisation", _("Organisation"), invitation.organisation.spoken_name),
            Line("role", _("Role"), invitation.get_role_display()),
            Line("made_at", _("Sent"), invitation.made_at),
        ]


def _edits(person: User) -> Iterable[list[Line]]:
    for entry in PageLogEntry.objects.filter(user=person).order_by("-timestamp", "-pk"):
        is_known = log_registry.action_exists(entry.action)
        yield [
            Line("page", _("Page"), entry.label),
            Line(
                "deed", _("What it was"), str(log_registry.get_action_label(entry.action) if is_known else entry.action)
            ),
            Line("at", _("When"), entry.timestamp),
        ]


def _applications(person: User) -> Iterable[list[Line]]:
    for application in Application.objects.filter(applicant=person).order_by("-id"):
        yield [
            Line("name", _("Organisation"), application.name),
            Line("phone", _("Phone"), application.phone),
            Line("about", _("Your word"), application.about),
            Line("made_at", _("Asked"), application.made_at),
            Line("decided_at", _("Answered"), application.decided_at),
            Line("word", _("Their word"), application.word),
        ]


def _followings(person: User) -> Iterable[list[Line]]:
    for following in person.followings.select_related("organisation").order_by("-id"):
        yield [
            Line("organisation", _("Organisation"), following.organisation.spoken_name),
            Line("since", _("Since"), following.since),
        ]


def _tokens(person: User) -> Iterable[list[Line]]:
    for token in person.tokens.order_by("-id"):
        yield [
            Line("name", _("Name"), token.name),
            Line("made_at", _("Made"), token.made_at),
            Line("last_used_at", _("Last used"), token.last_used_at),
            Line("revoked_at", _("Revoked"), token.revoked_at),
        ]


def _suspensions(person: User) -> Iterable[list[Line]]:
    for suspension in person.suspensions.order_by("-id"):
        yield [
            Line("reason", _("Reason"), suspension.reason),
            Line("began_at", _("Began"), suspension.began_at),
            Line("ended_at", _("Ended"), suspension.ended_at),
        ]


def _messages(person: User) -> list[Section]:
    now = timezone.now()
    entries = []
    for message in inbox.of(person).select_related("outgoing"):
        words = inbox.told(message, now).words
        letter = getattr(message, "outgoing", None)
        entries.append(
            [
                Line("title", _("Title"), words.title),
                Line("text", _("Text"), words.text),
                Line("made_at", _("Sent"), message.made_at),
                Line("read_at", _("Read"), message.read_at),
                Line("left_for", _("Also sent to"), letter.address if letter else None),
            ]
        )
    return [Section("messages", _("Messages"), entries)]
