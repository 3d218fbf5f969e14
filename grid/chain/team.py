"""The town's grid team (网格管理队伍): who belongs to it must have a place to answer for."""

from datetime import date, timedelta

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from communities import people, permits
from communities.models import User
from grid.models import TeamMember
from kit.deeds import deed
from kit.refusals import Refused

from . import messages as post_messages

FURTHEST = timedelta(days=366)
"""How far from today a membership may begin or end."""


@deed
def take_in(*, person: User, by: User, since: date | None = None) -> TeamMember:
    """The person belongs to the team, from today or another day on; again changes nothing. The person is told.

    Locks the person. Raises ``Refused``: ``operator_only`` (403), ``inactive``, ``too_far`` (422), ``taken`` where the
    person left on a later day.
    """
    permits.demand_operator(by)
    first = since or timezone.localdate()
    held = people.hold_one(person)
    if not held.is_active:
        raise Refused("inactive", _("The account of %(person)s is closed or suspended.") % {"person": held.name})
    _demand_near(first)
    standing = TeamMember.objects.filter(person=held).filter(Q(until__isnull=True) | Q(until__gt=first)).first()
    if standing is not None and standing.until is None:
        return standing
    if standing is not None:
        raise Refused("taken", _("%(person)s belongs to the team on that day already.") % {"person": held.name})
    member = TeamMember.objects.create(person=held, since=first, taken_in_by=by)
    post_messages.in_team(member, by)
    return member


@deed
def let_go(*, member: TeamMember, by: User, until: date | None = None) -> TeamMember:
    """The person no longer belongs, from today or another day on; again changes nothing. The person is told; posts stay.

    Locks the person. Raises ``Refused``: ``operator_only`` (403), ``too_far`` and ``ends_before`` (422).
    """
    permits.demand_operator(by)
    people.hold([member.person_id])
    held = TeamMember.objects.select_related("person").get(pk=member.pk)
    if held.until is not None:
        return held
    last = until or max(timezone.localdate(), held.since)
    _demand_near(last)
    if last < held.since:
        raise Refused("ends_before", _("This cannot end before it begins."), status=422, field="until")
    held.until = last
    held.save(update_fields=["until"])
    post_messages.out_of_team(held, by)
    return held


def leave(person: User, on: date) -> None:
    """Part of closing, which has locked the person."""
    for member in TeamMember.objects.filter(person=person).filter(Q(until__isnull=True) | Q(until__gt=on)):
        member.until = max(on, member.since)
        member.save(update_fields=["until"])


def _demand_near(day: date) -> None:
    if abs(day - timezone.localdate()) > FURTHEST:
        raise Refused("too_far", _("Please choose a day within a year."), status=422, field="since")
