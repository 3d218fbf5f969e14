"""Who belongs where, read: for the pages of organisations and of people."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Case, Count, IntegerField, Min, QuerySet, Value, When
from django.utils.text import capfirst

from .models import JoinRequest, Membership, Organisation, User
from .permits import Person
from .roles import RIGHTS, Right, Role

ON_A_PAGE = 50
SPEAK_FOR_IT = (Role.COORDINATOR, Role.LEADER)
"""Whom the public may know, by the first character of the name."""


@dataclass(frozen=True)
class Belonging:
    """One person and one organisation, with everything that the person is there."""

    person: User
    organisation: Organisation
    roles: tuple[Role, ...]
    began_at: datetime

    @property
    def labels(self) -> list[str]:
        return [capfirst(str(role.label)) for role in self.roles]

    @property
    def manages(self) -> bool:
        return any(Right.MANAGE_MEMBERS in RIGHTS[role] for role in self.roles)


@dataclass(frozen=True)
class Headcount:
    """How many hold a role."""

    label: str
    count: int


def of(person: User) -> list[Belonging]:
    """What the person belongs to, in the order in which he or she came in."""
    rows = person.memberships.live().select_related("organisation__section").order_by("pk")
    return _put_together(rows, key="organisation_id")


def members_of(organisation: Organisation, number: str | int | None) -> Page[Belonging]:
    """A page of those who belong: coordinators first, then by what they may; in each role the oldest first."""
    rank = Case(
        *(When(memberships__role=role, then=Value(at)) for at, role in enumerate(Role)), output_field=IntegerField()
    )
    people = (
        User.objects.filter(memberships__organisation=organisation, memberships__ended_at__isnull=True)
        .annotate(rank=Min(rank), since=Min("memberships__began_at"))
        .order_by("rank", "since", "pk")
    )
    page: Page[Any] = Paginator(people, ON_A_PAGE).get_page(number)
    rows = organisation.memberships.live().select_related("person", "organisation").filter(person__in=list(page))
    told = {each.person.pk: each for each in _put_together(rows.order_by("pk"), key="person_id")}
    page.object_list = [told[person.pk] for person in page]
    return page


def member(person: User, organisation: Organisation) -> Belonging | None:
    """What the person is there, if anything."""
    rows = Membership.objects.live().filter(person=person, organisation=organisation)
    return next(
        iter(_put_together(rows.select_related("person", "organisation").order_by("pk"), key="person_id")), None
    )


def headcounts(organisation: Organisation) -> list[Headcount]:
    """How many there are in each role that somebody holds."""
    counted = organisation.memberships.live().order_by().values("role").annotate(count=Count("pk"))
    counts = {row["role"]: row["count"] for row in counted}
    return [Headcount(capfirst(str(role.label)), counts[role]) for role in Role if role in counts]


def spokespeople(organisation: Organisation) -> list[Belonging]:
    """The coordinators and leaders, the coordinators first."""
    rows = organisation.memberships.live().filter(role__in=SPEAK_FOR_IT).select_related("person", "organisation")
    told = _put_together(rows.order_by("pk"), key="person_id")
    return sorted(told, key=lambda each: list(Role).index(each.roles[0]))


def open_requests(organisation: Organisation) -> QuerySet[JoinRequest]:
    """Who waits for an answer, the longest first."""
    return organisation.join_requests.open().select_related("person").order_by("pk")


def requests_of(person: Person) -> QuerySet[JoinRequest]:
    """What the person asked for and has no answer to yet."""
    return JoinRequest.objects.open().filter(person_id=person.pk).select_related("organisation__section").order_by("pk")


def _put_together(rows: Iterable[Membership], *, key: str) -> list[Belonging]:
    held: defaultdict[int, list[Membership]] = defaultdict(list)
    for row in rows:
        held[getattr(row, key)].append(row)
    return [
        Belonging(
            each[0].person,
            each[0].organisation,
            tuple(role for role in Role if role in {row.role for row in each}),
            min(row.began_at for row in each),
        )
        for each in held.values()
    ]
