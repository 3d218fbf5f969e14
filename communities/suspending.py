"""The operator keeps a person out, and lets the person in again."""

from django.utils import timezone
from django.utils.translation import gettext as _

from kit.deeds import deed
from kit.refusals import Refused, as_written

from . import people, permits
from .models import Suspension, User

REASON_LENGTH = 200


@deed
def suspend(*, person: User, reason: str, by: User) -> Suspension:
    """Close the account until it is reinstated: sessions, tokens and open connections of the person end.

    Places that the person holds stay, so that the leaders see who was expected; nobody is promoted into them by this.
    Again changes nothing and returns the suspension as it stands. Locks the person. Raises ``Refused``: ``operator_only``
    (403), ``reason_missing`` (422), ``reason_too_long`` (422), ``oneself``, ``operator`` for another operator, or ``closed``
    for an account that its person has closed: there is nobody to be kept out.
    """
    permits.demand_operator(by)
    reason = as_written(reason, most=REASON_LENGTH, field="reason", missing=_("Say in a word why."))
    held = people.hold_one(person)
    if held.pk == by.pk:
        raise Refused("oneself", _("You cannot keep yourself out."))
    if held.is_superuser:
        raise Refused("operator", _("%(person)s runs this site too and cannot be suspended.") % {"person": held.name})
    if held.closed_at is not None:
        raise Refused("closed", _("This account was closed; nobody can come in by it."))
    standing = held.suspensions.live().first()
    if standing is not None:
        return standing
    held.is_active = False
    held.save(update_fields=["is_active"])
    people.rights_changed(held.pk)
    return Suspension.objects.create(person=held, reason=reason, began_by=by)


@deed
def reinstate(*, person: User, by: User) -> User:
    """Open a suspended account again; one that is not suspended stays as it is, and one that was closed meanwhile closed.

    Locks the person. Raises ``Refused`` ``operator_only`` (403).
    """
    permits.demand_operator(by)
    held = people.hold_one(person)
    standing = held.suspensions.live().first()
    if standing is not None:
        standing.ended_at, standing.ended_by = max(timezone.now(), standing.began_at), by
        standing.save(update_fields=["ended_at", "ended_by"])
        held.is_active = held.closed_at is None
        held.save(update_fields=["is_active"])
        people.rights_changed(held.pk)
    return held
