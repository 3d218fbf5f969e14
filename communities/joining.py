"""A person asks to belong to an organisation, and its coordinator answers. And how one goes again."""

from collections.abc import Collection
from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from kit.deeds import deed
from kit.refusals import Refused, as_written

from . import membership, messages, people, permits
from .models import WORD_LENGTH, JoinRequest, Organisation, User
from .roles import Right, Role

A_DAY = 3
"""Requests of one person to one organisation in a day: each rings its coordinators."""


@deed
def ask(*, organisation: Organisation, by: User, note: str = "") -> JoinRequest:
    """Ask to belong. Again returns the request as it waits.

    Locks the person. Raises ``Refused``: ``note_too_long`` (422), ``belongs`` for who does already, or ``too_often`` (429).
    """
    note = as_written(note, most=WORD_LENGTH, field="note")
    person = people.hold_one(by)
    if membership.live(person, organisation).exists():
        raise Refused(
            "belongs", _("You belong to %(organisation)s already.") % {"organisation": organisation.spoken_name}
        )
    asked = JoinRequest.objects.filter(person=person, organisation=organisation)
    lately = asked.filter(answered_at__isnull=False, made_at__gt=timezone.now() - timedelta(days=1))
    if lately.count() >= A_DAY and not asked.open().exists():
        raise Refused("too_often", _("You asked several times today. Please wait until tomorrow."), status=429)
    request, is_new = JoinRequest.objects.open().get_or_create(
        person=person, organisation=organisation, defaults={"note": note}
    )
    if is_new:
        messages.asked_to_join(request)
    return request


@deed
def take_back(*, request: JoinRequest, by: User) -> JoinRequest:
    """The person does not want to any more. Again changes nothing, nor does it where the answer was quicker.

    Locks the person and the request. Raises ``Refused`` ``not_yours`` (403).
    """
    if request.person_id != by.pk:
        raise Refused("not_yours", _("Only who asked can take the request back."), status=403)
    held = _hold(request)
    if held.answered_at is None:
        held.answered_at = timezone.now()
        held.save(update_fields=["answered_at"])
    return held


@deed
def accept(*, request: JoinRequest, by: User, role: Role = Role.MEMBER) -> JoinRequest:
    """Take the person in. Again changes nothing.

    Locks the person and the request. Raises ``Refused``: ``no_right`` (403), ``answered`` for who was declined or took it
    back, or ``inactive``.
    """
    permits.demand(by, Right.MANAGE_MEMBERS, request.organisation)
    held = _hold(request)
    if held.was_accepted:
        return held
    if held.answered_at is not None:
        raise Refused("answered", _("This request is no longer open: it was declined or taken back."))
    membership.take_in_asked(held.person, held.organisation, role)
    _accepted(held, by)
    messages.join_accepted(held, role)
    return held


@deed
def decline(*, request: JoinRequest, word: str, by: User) -> JoinRequest:
    """Do not take the person in, and say why. Again changes nothing.

    Locks the person and the request. Raises ``Refused``: ``no_right`` (403), ``word_missing`` and ``word_too_long`` (422),
    or ``answered`` for who was accepted.
    """
    permits.demand(by, Right.MANAGE_MEMBERS, request.organisation)
    word = as_written(word, most=WORD_LENGTH, field="word", missing=_("Say in a word why."))
    held = _hold(request)
    if held.was_accepted:
        raise Refused("answered", _("This request was accepted before."))
    if held.answered_at is None:
        held.answered_at, held.answered_by, held.word = timezone.now(), by, word
        held.save(update_fields=["answered_at", "answered_by", "word"])
        messages.join_declined(held)
    return held


def settle(person: User, organisation: Organisation, by: User) -> None:
    """Who came in by another way has no open request any more. Part of a deed that has locked the person."""
    for request in JoinRequest.objects.open().filter(person=person, organisation=organisation):
        _accepted(request, by)


@deed
def assign(*, person: User, organisation: Organisation, roles: Collection[Role], by: User) -> None:
    """Give and take roles, and tell the person. Raises and locks as :func:`membership.give_roles`."""
    before = set(membership.live(person, organisation).values_list("role", flat=True))
    membership.give_roles(person=person, organisation=organisation, roles=roles, by=by)
    if before != set(roles) and by.pk != person.pk:
        messages.roles_given(organisation, person, sorted(set(roles), key=list(Role).index), by)


@deed
def leave(*, organisation: Organisation, by: User) -> None:
    """Go, with everything one is there. Raises and locks as :func:`membership.let_go`."""
    belonged = membership.live(by, organisation).exists()
    membership.let_go(person=by, organisation=organisation, by=by)
    if belonged:
        messages.left(organisation, by)


@deed
def let_go(*, person: User, organisation: Organisation, by: User) -> None:
    """End somebody else's membership, and tell the person. Raises and locks as :func:`membership.let_go`."""
    belonged = membership.live(person, organisation).exists()
    membership.let_go(person=person, organisation=organisation, by=by)
    if belonged and person.pk != by.pk:
        messages.let_go(organisation, person)


@deed
def hand_over(*, organisation: Organisation, to: User, by: User) -> None:
    """Make somebody else the coordinator, and tell them. Raises and locks as :func:`membership.hand_over`."""
    membership.hand_over(organisation=organisation, to=to, by=by)
    now = set(membership.live(to, organisation).values_list("role", flat=True))
    messages.roles_given(organisation, to, [role for role in Role if role in now], by)


def _hold(request: JoinRequest) -> JoinRequest:
    people.hold_one(request.person)
    return JoinRequest.objects.select_for_update(no_key=True).get(pk=request.pk)


def _accepted(request: JoinRequest, by: User) -> None:
    request.answered_at, request.answered_by, request.was_accepted = timezone.now(), by, True
    request.save(update_fields=["answered_at", "answered_by", "was_accepted"])
