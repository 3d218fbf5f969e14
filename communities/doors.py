"""Fetching through the door: what a person may not see is not there (404); what is seen and not allowed is 403."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext as _

from kit.web import found_or_404

from . import inviting, permits
from .models import Application, Invitation, JoinRequest, Organisation, OrganisationQuerySet, Token, User
from .permits import Person
from .roles import Right


def get_public_organisation_or_404(pk: int) -> Organisation:
    """An organisation that everybody sees."""
    return found_or_404(_organisations().public(), pk)


def get_own_organisation_or_404(person: Person, pk: int) -> Organisation:
    """An organisation, for whoever belongs to it; who else is a member is nobody else's business."""
    found = found_or_404(_organisations(), pk)
    if not permits.may(person, Right.BELONG, found):
        raise Http404
    return found


def get_organisation_to_manage_or_404(person: Person, pk: int) -> Organisation:
    """An organisation, for whoever takes in its members; its other members are told what they lack (403)."""
    lacking = _("You belong to %(organisation)s, but only a coordinator takes in members and gives roles.")
    return _own_where(person, pk, Right.MANAGE_MEMBERS, lacking)


def get_organisation_to_describe_or_404(person: Person, pk: int) -> Organisation:
    """An organisation, for whoever writes its own page."""
    lacking = _("You belong to %(organisation)s, but only a coordinator writes its page.")
    return _own_where(person, pk, Right.DESCRIBE, lacking)


def get_member_or_404(organisation: Organisation, pk: int) -> User:
    """Somebody who belongs to the organisation now."""
    members = User.objects.filter(memberships__organisation=organisation, memberships__ended_at__isnull=True)
    return found_or_404(members, pk)


def get_join_request_or_404(organisation: Organisation, pk: int) -> JoinRequest:
    """A request to belong to this organisation."""
    requests = JoinRequest.objects.select_related("person", "organisation__section").filter(organisation=organisation)
    return found_or_404(requests, pk)


def get_own_token_or_404(person: User, pk: int) -> Token:
    """A key of one's own for a program, also one that has ended."""
    return found_or_404(Token.objects.filter(person=person), pk)


def get_own_join_request_or_404(person: User, pk: int) -> JoinRequest:
    """A request of one's own."""
    requests = JoinRequest.objects.select_related("organisation__section").filter(person=person)
    return found_or_404(requests, pk)


def get_invitation_or_404(organisation: Organisation, pk: int) -> Invitation:
    """An invitation that this organisation made."""
    invitations = Invitation.objects.select_related("organisation", "person", "made_by", "accepted_by")
    return found_or_404(invitations.filter(organisation=organisation), pk)


def get_invitation_of_code_or_404(code: str) -> Invitation:
    """The invitation of a link. A code that is none of ours leads nowhere."""
    found = inviting.of_code(code)
    if found is None:
        raise Http404
    return found


def demand_operator_or_404(person: Person) -> None:
    """The operator's pages are not there for anybody else."""
    if not permits.is_operator(person):
        raise Http404


def get_application_or_404(pk: int) -> Application:
    """An application; the operator was asked for before."""
    applications = Application.objects.select_related("applicant", "organisation__section", "decided_by")
    return found_or_404(applications, pk)


def get_person_or_404(pk: int) -> User:
    """Anybody's account; the operator was asked for before."""
    return found_or_404(User.objects.all(), pk)


def get_any_organisation_or_404(pk: int) -> Organisation:
    """Any organisation; the operator was asked for before."""
    return found_or_404(_organisations(), pk)


def _own_where(person: Person, pk: int, right: Right, lacking: str) -> Organisation:
    organisation = get_own_organisation_or_404(person, pk)
    if not permits.may(person, right, organisation):
        raise PermissionDenied(lacking % {"organisation": organisation.spoken_name})
    return organisation


def _organisations() -> OrganisationQuerySet:
    return Organisation.objects.select_related("section")
