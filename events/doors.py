"""Fetching through the door: what a person may not see is not there (404); what is seen and not allowed is 403."""

import uuid

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext as _

from communities import permits as organisation_permits
from communities.models import OrganisationQuerySet, User
from communities.permits import Person
from communities.roles import Right
from kit.web import found_or_404

from . import permits
from .models import Action, Party, Post, Shift, SignUp


def get_action_or_404(person: Person, pk: int) -> Action:
    """The action with its host, if ``person`` may see it: everybody a public one, the host's own people a hidden one."""
    return found_or_404(permits.actions_to_see(person).select_related("host", "road"), pk)


def get_own_sign_up_or_404(person: User, pk: int) -> SignUp:
    """A sign-up of one's own, with its shift, action and host. Other people's are not there, whoever asks."""
    return found_or_404(SignUp.objects.filter(person=person).select_related("shift__action__host"), pk)


def get_desk_or_404(person: User, pk: int) -> Action:
    """The action with its host, for whoever stands at its desk: those who run it, and who composes while it is a draft.

    It is not there for people outside the host, public or not; its other members are told what they lack (403).
    """
    action = _own_action_or_404(person, pk)
    if not permits.actions_to_run(person).filter(pk=action.pk).exists():
        raise PermissionDenied(
            _("You belong to %(host)s, but only those who run its actions may open the desk. Ask a coordinator.")
            % {"host": action.host.spoken_name}
        )
    return action


def get_action_to_write_or_404(person: User, pk: int) -> Action:
    """The action with its host, for whoever may rewrite it; 404 and 403 as :func:`get_desk_or_404`."""
    action = _own_action_or_404(person, pk)
    if not permits.may_compose(person, action):
        raise PermissionDenied(
            _("Only coordinators of %(host)s may change an action that is announced.")
            % {"host": action.host.spoken_name}
            if action.state != Action.State.DRAFT
            else _("You belong to %(host)s, but you may not draft its actions. Ask a coordinator.")
            % {"host": action.host.spoken_name}
        )
    return action


def read_again(action: Action) -> None:
    """The action and its host as they stand now: behind the numbers from which a page goes on live. 404 if it is gone."""
    vars(action).pop("page", None)
    try:
        action.refresh_from_db(from_queryset=Action.objects.select_related("host__section", "road"))
    except Action.DoesNotExist as gone:
        raise Http404 from gone


def get_shift_or_404(action: Action, pk: int) -> Shift:
    """A shift of this action with its places; those of other actions are not there."""
    found = found_or_404(Shift.objects.with_places().filter(action=action), pk)
    found.action = action
    return found


def get_sign_up_at_desk_or_404(action: Action, pk: int) -> SignUp:
    """A sign-up for a shift of this action, with its person; those of other actions are not there."""
    signed_up = SignUp.objects.select_related("person", "shift").filter(shift__action=action)
    found = found_or_404(signed_up, pk)
    found.shift.action = action
    return found


def get_action_to_speak_for_or_404(person: User, pk: int) -> Action:
    """The action with its host, for whoever may post about it: those who run it, and leaders of partners that take part.

    For everybody else as :func:`get_desk_or_404`.
    """
    found = found_or_404(Action.objects.select_related("host"), pk)
    if permits.voices(person, found).exists():
        return found
    return get_desk_or_404(person, pk)


def get_post_to_withdraw_or_404(person: User, pk: int, key: uuid.UUID) -> Post:
    """A post with its action, for whoever may take it back; for everybody else as :func:`get_desk_or_404`."""
    found = Post.objects.select_related("action__host", "organisation").filter(action__pk=pk, key=key).first()
    if found is not None and permits.may_withdraw(person, found):
        return found
    get_desk_or_404(person, pk)
    raise Http404


def get_invitation_or_404(person: User, pk: int) -> Party:
    """An invitation with everything it names, for whoever answers for the organisation that is asked.

    It is not there for people outside that organisation; its other members are told what they lack (403).
    """
    own = organisation_permits.organisations_where(person, Right.BELONG)
    named = ("organisation", "action__host__section", "invited_by", "answered_by", "ended_by")
    invitations = Party.objects.filter(organisation__in=own).select_related(*named)
    found = found_or_404(invitations, pk)
    if not permits.may_answer(person, found):
        raise PermissionDenied(
            _("Invitations to %(organisation)s are answered by its coordinators.")
            % {"organisation": found.organisation.spoken_name}
        )
    return found


def get_party_at_desk_or_404(action: Action, pk: int) -> Party:
    """A partner of this action, asked or taking part or no longer; those of other actions are not there."""
    found = found_or_404(Party.objects.select_related("organisation").filter(action=action), pk)
    found.action = action
    return found


def hosts_or_403(person: User) -> OrganisationQuerySet:
    """The organisations for which this person may draft actions; at least one, else 403."""
    hosts = organisation_permits.organisations_where(person, Right.COMPOSE_ACTION)
    if not hosts.exists():
        raise PermissionDenied(
            _("Joint actions are posted by the staff of an organisation. Ask its coordinator to give you the right.")
        )
    return hosts


def _own_action_or_404(person: User, pk: int) -> Action:
    own = organisation_permits.organisations_where(person, Right.BELONG)
    return found_or_404(Action.objects.filter(host__in=own).select_related("host"), pk)
