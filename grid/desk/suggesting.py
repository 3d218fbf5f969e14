"""What a form at the desk proposes, and why: units, people who go and look, other cases that may be the same."""

from collections.abc import Container, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from communities import permits as organisation_permits
from communities.models import Organisation, User
from communities.roles import Right
from grid.chain.answering import Chain
from grid.models import Area, Case, Post, Step, in_force
from grid.reports import similar
from grid.reports.similar import Near
from grid.rules import dispatching
from grid.rules.transitions import Deed

MOST_LISTED = 200
"""Of people in a select."""


@dataclass(frozen=True)
class Unit:
    """A unit that is proposed, and what speaks for it (or against it)."""

    organisation: Organisation
    because: str


def units_for(case: Case) -> list[Unit]:
    """Which units the case should go to, the likeliest first, each with the reason."""
    chain = dispatching.chain_of(case)
    steps = Step.objects.filter(case=case)
    named = set(steps.filter(deed=Deed.RETURN).values_list("to_unit", flat=True))
    returned = set(dispatching.returners(steps))
    return [Unit(unit, "; ".join(_because(unit, chain, named, returned))) for unit in dispatching.suggested_units(case)]


def units_of_town() -> QuerySet[Organisation]:
    """Every organisation that answers for a kind of problem or for a part of the town today."""
    today = timezone.localdate()
    departments = Post.objects.on(today).filter(role=Post.Role.LINE_DEPARTMENT).values("organisation")
    territories = Area.objects.on(today).filter(organisation__isnull=False).values("organisation")
    answering = Q(pk__in=departments) | Q(pk__in=territories)
    return Organisation.objects.filter(answering).order_by("name")


def people_to_look(case: Case) -> list[User]:
    """Who may be asked to go and look: whoever the place names first, then all grid workers and road chiefs in office."""
    first = dispatching.inspector_of(case)
    today = timezone.localdate()
    roles = [Post.Role.CELL_WORKER, Post.Role.ROAD_CHIEF]
    others = (
        User.objects.filter(in_force(today, below="posts"), is_active=True, posts__role__in=roles)
        .distinct()
        .order_by("display_name", "pk")[:MOST_LISTED]
    )
    return _once([*([first] if first else []), *others])


def people_to_handle(case: Case) -> list[User]:
    """Who may be given the case in its unit: those who handle cases there, and its other members."""
    if case.unit is None:
        return []
    able = organisation_permits.people_who_may(Right.HANDLE_CASE, case.unit)
    members = User.objects.filter(
        is_active=True, memberships__organisation=case.unit, memberships__ended_at__isnull=True
    ).order_by("display_name", "pk")[:MOST_LISTED]
    return _once([*able, *members])


def same_as(case: Case, now: datetime) -> list[Near]:
    """Other open cases that may be the same problem, the nearest first."""
    if case.longitude is None or case.latitude is None:
        return []
    found = similar.near((case.longitude, case.latitude), case.category, now=now)
    return [each for each in found if each.case.pk != case.pk]


def _because(unit: Organisation, chain: Chain, named: Container[int], returned: Container[int]) -> Iterable[str]:
    if unit.pk in returned:
        yield _("has given it back")
    if unit.pk in named:
        yield _("named by the unit that gave it back")
    codes = [acting.post.categories for acting in chain.departments if acting.post.organisation_id == unit.pk]
    if any(codes):
        yield _("line department for %(codes)s") % {"codes": ", ".join(sorted(filter(None, codes)))}
    elif codes:
        yield _("line department")
    if chain.territory is not None and chain.territory.pk == unit.pk:
        yield _("territory")


def _once(people: Iterable[User]) -> list[User]:
    return list({person.pk: person for person in people}.values())
