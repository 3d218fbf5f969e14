"""An organisation asks one person to take a role: by a link and its QR code, which say nothing and hold no secret.

The link carries the invitation's number, signed with the site's key. Whoever has it reads who invites into what; only the
person it is for, known by account or by mobile number, may accept, once and in time.
"""

from datetime import datetime, timedelta

from django.core.signing import BadSignature, Signer
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from kit.deeds import deed
from kit.refusals import Refused
from kit.web import is_id

from . import joining, membership, messages, people, permits
from .models import Invitation, Membership, Organisation, User
from .roles import Right, Role

DAYS = 7
LONGEST_DAYS = 30
KEPT = timedelta(days=29)
"""How long one that ended unused can still be looked up. They are looked for once a day, and the privacy notice says thirty."""
A_DAY = 3
"""Invitations of one organisation to one number, or to one account, in a day: each rings somebody who did not ask for it.

The two are counted apart. Counted together they would tell whose number it is.
"""


# --- deeds ------------------------------------------------------------------------------------------------------------


@deed
def invite(
    *, organisation: Organisation, role: Role, by: User, phone: str = "", person: User | None = None, days: int = DAYS
) -> Invitation:
    """Invite one person, by account or by mobile number (E.164), for so many days.

    Who has an account is told; to a number that has none the link goes by SMS. The same again prolongs the invitation that
    is open. Locks the organisation. Raises ``Refused``: ``no_right`` (403), ``nobody`` or ``unreadable`` (422), ``belongs``
    for who holds the role already, or ``too_often`` (429) for a number or an account that was invited again and again.
    """
    permits.demand(by, Right.MANAGE_MEMBERS, organisation)
    if bool(phone) == (person is not None):
        raise Refused("nobody", _("Give either a mobile number or a user name."), status=422, field="to")
    if not 1 <= days <= LONGEST_DAYS:
        raise Refused("unreadable", _("An invitation holds for 1 to 30 days."), status=422, field="days")
    Organisation.objects.held(organisation.pk)
    known = person or User.objects.filter(phone=phone, is_active=True).first()
    if known is not None and membership.live(known, organisation).filter(role=role).exists():
        raise Refused("belongs", _("This person holds the role already."), field="to")
    until = timezone.now() + timedelta(days=days)
    invitation = open_ones(organisation).filter(role=role, phone=phone, person=person).first()
    if invitation is None:
        _demand_not_too_often(organisation, phone, person)
        invitation = Invitation.objects.create(
            organisation=organisation, role=role, phone=phone, person=person, made_by=by, expires_at=until
        )
        if known is not None:
            messages.invited(invitation, known, code_of(invitation))
        else:
            messages.invited_by_number(invitation, _by_sms().sign(str(invitation.pk)))
    else:
        # Whoever invites now answers for it.
        invitation.expires_at, invitation.made_by = until, by
        invitation.save(update_fields=["expires_at", "made_by"])
    return invitation


@deed
def revoke(*, invitation: Invitation, by: User) -> Invitation:
    """Take an invitation back. Again changes nothing. Locks it.

    Raises ``Refused``: ``no_right`` (403), or ``used`` for one that was accepted: then there is a member to let go.
    """
    permits.demand(by, Right.MANAGE_MEMBERS, invitation.organisation)
    held = Invitation.objects.select_for_update(no_key=True).get(pk=invitation.pk)
    if held.accepted_at is not None:
        raise Refused("used", _("This invitation was accepted before."))
    if held.revoked_at is None:
        held.revoked_at = timezone.now()
        held.save(update_fields=["revoked_at"])
    return held


@deed
def accept(*, invitation: Invitation, by: User) -> Membership:
    """Take the role. Again returns the membership as it stands.

    Locks the person and whoever invites, in the order of the house, then the invitation. Raises ``Refused``: ``not_yours``
    (403), ``used``, ``revoked`` (also where whoever invited may not take in members any more), ``expired``, ``inactive``.
    """
    held_people = people.hold([by.pk, invitation.made_by_id])
    person = held_people[by.pk]
    held = Invitation.objects.select_for_update(no_key=True).select_related("organisation").get(pk=invitation.pk)
    standing = _came_before(held, person)
    if standing is not None:
        return standing
    hindrance = hindrance_of(held, person)
    if hindrance is not None:
        raise hindrance
    role = Role(held.role)
    taken_in = membership.take_in_asked(person, held.organisation, role)
    held.accepted_at, held.accepted_by = timezone.now(), person
    held.save(update_fields=["accepted_at", "accepted_by"])
    joining.settle(person, held.organisation, held.made_by)
    messages.invitation_accepted(held, person)
    permits.forget(by)
    return taken_in


@deed
def forget_old(*, now: datetime) -> int:
    """Delete invitations that nobody accepted and that ended ``KEPT`` before ``now``: most hold the number of a stranger.

    Returns how many went.
    """
    before = now - KEPT
    ended = Q(expires_at__lte=before) | Q(revoked_at__lte=before)
    return Invitation.objects.filter(ended, accepted_at__isnull=True).delete()[0]


# --- what may be asked ------------------------------------------------------------------------------------------------


def hindrance_of(invitation: Invitation, person: User) -> Refused | None:
    """Why this person cannot accept it now; None where nothing stands in the way."""
    if not is_for(invitation, person):
        sentence = _("This invitation is for somebody else. Are you signed in with the account that was invited?")
        return Refused("not_yours", sentence, status=403)
    return closed_because(invitation)


def closed_because(invitation: Invitation) -> Refused | None:
    """Why nobody can accept it any more; None while it is open."""
    if invitation.accepted_at is not None:
        return Refused("used", _("This invitation was used before. It is good once."))
    is_backed = permits.may(invitation.made_by, Right.MANAGE_MEMBERS, invitation.organisation)
    if invitation.revoked_at is not None or not is_backed:
        return Refused("revoked", _("This invitation was taken back. Please ask the organisation for a new one."))
    if invitation.expires_at <= timezone.now():
        return Refused("expired", _("This invitation has run out. Please ask the organisation for a new one."))
    return None


def is_for(invitation: Invitation, person: User) -> bool:
    """Is this the person whom the invitation names, or whose number it names?"""
    if invitation.person_id is not None:
        return invitation.person_id == person.pk
    return bool(invitation.phone) and invitation.phone == person.phone


def open_ones(organisation: Organisation) -> QuerySet[Invitation]:
    """The invitations of an organisation that somebody may still accept, the newest first."""
    return Invitation.objects.open().filter(organisation=organisation).order_by("-pk")


def _demand_not_too_often(organisation: Organisation, phone: str, person: User | None) -> None:
    lately = Invitation.objects.filter(organisation=organisation, made_at__gt=timezone.now() - timedelta(days=1))
    if lately.filter(phone=phone, person=person).count() < A_DAY:
        return
    if person is None:
        sentence = _(
            "This number was invited several times today. Please wait until tomorrow, or show the link yourself."
        )
    else:
        sentence = _("This person was invited several times today. Please wait until tomorrow.")
    raise Refused("too_often", sentence, status=429, field="to")


def _came_before(invitation: Invitation, person: User) -> Membership | None:
    if invitation.accepted_by_id != person.pk:
        return None
    return membership.live(person, invitation.organisation).filter(role=invitation.role).first()


# --- the link ---------------------------------------------------------------------------------------------------------


def code_of(invitation: Invitation) -> str:
    """What stands in the link."""
    return _signer().sign(str(invitation.pk))


def of_code(code: str) -> Invitation | None:
    """The invitation of a link; None for a code that this site did not write."""
    number = _unsigned(_signer(), code) or _unsigned(_by_sms(), code)
    if not is_id(number):
        return None
    return (
        Invitation.objects.select_related("organisation__section", "made_by", "person").filter(pk=int(number)).first()
    )


def number_of(code: str) -> str:
    """The mobile number to which this code went by SMS; empty for any other code, and where nobody can accept any more.

    A link that is shown or passed on says nothing of the number. Whoever has this one was sent it.
    """
    number = _unsigned(_by_sms(), code)
    invitation = of_code(code) if number else None
    return invitation.phone if invitation is not None and closed_because(invitation) is None else ""


def _unsigned(signer: Signer, code: str) -> str:
    try:
        return signer.unsign(code)
    except BadSignature:
        return ""


def _signer() -> Signer:
    return Signer(salt="gongzhi.invitation", sep=".")


def _by_sms() -> Signer:
    """Writes the codes that leave by SMS alone: having one shows that one has the number."""
    return Signer(salt="gongzhi.invitation.sms", sep=".")
