"""A person closes the account: what names the person goes, what counts stays.

It takes several transactions, because a place that is given back is passed on under the locks of its own deed, whose next
people in line are others each time; held all at once, the locks could not be taken in the order of the house. So:

1. what would refuse is asked before anything is given up;
2. the rooms above give back what others wait for, each in deeds of their own (``before``);
3. one deed closes, under the person's lock. It asks again, and begins anew at 2 if something was taken up meanwhile.

A room that keeps something about people registers in ``apps.ready()``.
"""

from collections.abc import Callable

from django.contrib.auth.hashers import make_password
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import ModelLogEntry
from wagtail.users.models import UserProfile

from kit.deeds import deed
from kit.refusals import Refused
from updates import messages
from updates.publish import forget_signatures

from . import membership, people, privacy
from .models import Application, Following, Invitation, JoinRequest, Token, User

ROUNDS = 3

Before = Callable[[User], None]
"""Give back what the person holds and others wait for, in deeds. Runs before the account is closed, perhaps again."""

Within = Callable[[User], None]
"""Remove what names the person; part of the deed, whose person is locked. Raises :class:`NotYet` if ``Before`` must run again."""

_before: list[Before] = []
_within: list[Within] = []


class NotYet(Exception):
    """The person took something up while we were giving back."""


def register(*, before: Before | None = None, within: Within | None = None) -> None:
    """Let a room do its part; the same function twice is one."""
    if before is not None and before not in _before:
        _before.append(before)
    if within is not None and within not in _within:
        _within.append(within)


def close(*, person: User) -> User:
    """Close the account of ``person`` for good; again changes nothing. Several transactions, see the module.

    Raises ``Refused``: ``operator`` for who runs the site, ``last_coordinator`` before anything was given up, or
    ``busy`` (409) if the person signs up for things in the same moment.
    """
    demand_may_close(person)
    for _round in range(ROUNDS):
        for give_back in _before:
            give_back(person)
        try:
            return _close(person=person)
        except NotYet:
            continue
    raise Refused("busy", _("Something was changed in another window. Please try once more."))


def demand_may_close(person: User) -> None:
    """Raise ``Refused`` if this account may not be closed: ``operator``, ``last_coordinator``."""
    if person.is_superuser:
        raise Refused("operator", _("You run this site. Let somebody else take over first."))
    for each in person.memberships.live().select_related("organisation"):
        membership.demand_another(each)


@deed
def _close(*, person: User) -> User:
    held = people.hold_one(person)
    if held.closed_at is not None:
        return held
    demand_may_close(held)
    for remove in _within:
        remove(held)
    # Their organisations are locked one after the other, always in the same order.
    for each in held.memberships.live().select_related("organisation").order_by("organisation_id", "pk"):
        membership.end(membership=each, by=held)
    now = timezone.now()
    Token.objects.live().filter(person=held).update(revoked_at=now)
    Token.objects.filter(person=held).update(name="")
    privacy.withdraw_all(held)
    JoinRequest.objects.open().filter(person=held).update(answered_at=now)
    Application.objects.open().filter(applicant=held).update(
        decided_at=now, decided_by=held, word=_("Taken back: the account was closed.")
    )
    _forget_words(held)
    _forget_invitations(held)
    Following.objects.filter(person=held).delete()
    forget_signatures(
        person=held.pk, name=held.name, organisations=held.memberships.values_list("organisation_id", flat=True)
    )
    messages.forget_all(person=held.pk, number=held.phone or "")
    UserProfile.objects.filter(user=held).delete()
    # Wagtail's history of accounts writes down what each was called.
    ModelLogEntry.objects.for_instance(held).update(label=f"closed-{held.pk}")
    held.closed_at, held.is_active, held.is_staff = now, False, False
    held.phone, held.email, held.display_name, held.first_name, held.last_name = None, "", "", "", ""
    held.language, held.theme, held.mode = "", "", ""
    held.username, held.password = f"closed-{held.pk}", make_password(None)
    held.save()
    people.rights_changed(held.pk)
    return held


def _forget_words(person: User) -> None:
    """What the person wrote about himself or herself goes, and what was answered to it by name."""
    JoinRequest.objects.filter(person=person).update(note="", word="")
    Application.objects.filter(applicant=person).update(about="", phone="")


def _forget_invitations(person: User) -> None:
    """Open ones end; those to the number forget it."""
    now = timezone.now()
    Invitation.objects.open().filter(person=person).update(revoked_at=now)
    if person.phone:
        to_number = Invitation.objects.filter(phone=person.phone)
        to_number.filter(accepted_at__isnull=True).delete()
        to_number.update(phone="")
    Invitation.objects.filter(Q(accepted_by=person) & ~Q(phone="")).update(phone="")
