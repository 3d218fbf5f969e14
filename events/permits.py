"""Who may see, compose, announce and run which action. An action has no rights of its own: it asks its host.

====================  =======================================================================
anybody               sees a public action
belongs to the host   knows that a draft or hidden action is there
composes for it       writes drafts; announced ones only together with the right to announce
announces for it      announces, moves, calls off
runs its actions      opens the desk, sees who comes and looks up a phone
====================  =======================================================================

A partner has no right in an action but two: whoever answers invitations for it accepts, declines and leaves; and while it
takes part, whoever runs its own actions may post in its name. The desk, its people and their phones stay the host's.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db.models import Case, Q, When
from django.utils.translation import gettext as _

from communities import permits
from communities.models import Membership, Organisation, OrganisationQuerySet, User
from communities.permits import Person
from communities.roles import RIGHTS, Right
from kit.refusals import Refused
from kit.web import is_id

from .models import Action, ActionPage, ActionQuerySet, Party, PartyQuerySet, Post, Shift, SignUp

PHONES_STAY = timedelta(days=7)
"""How long after the end of a shift its leaders may still look up a number."""

_ANSWERING_ROLES = [role for role, rights in RIGHTS.items() if Right.ANSWER_INVITATION in rights]


def may_see(person: Person, action: Action) -> bool:
    """May this person see this action at all?"""
    return is_public(action) or permits.may(person, Right.BELONG, action.host)


def is_public(action: Action) -> bool:
    """May everybody see it? Announced at some time, and its page live."""
    if action.state == Action.State.DRAFT:
        return False
    return bool(ActionPage.objects.filter(translation_key=action.key, live=True).exists())


def actions_to_see(person: Person) -> ActionQuerySet:
    """Which actions may this person see?"""
    own = permits.organisations_where(person, Right.BELONG)
    public = Action.objects.public().values("pk")
    return Action.objects.filter(Q(pk__in=public) | Q(host__in=own))


def may_follow_action(person: Person, key: str) -> bool:
    """May this person follow ``action:<key>``: whoever sees the action."""
    return is_id(key) and actions_to_see(person).filter(pk=int(key)).exists()


def may_follow_desk(person: Person, key: str) -> bool:
    """May this person follow ``desk:<key>``: whoever stands there."""
    return is_id(key) and actions_to_run(person).filter(pk=int(key)).exists()


def may_compose(person: Person, action: Action) -> bool:
    """May this person rewrite this action?"""
    return permits.may(person, _right_to_compose(action), action.host)


def demand_compose(person: Person, action: Action) -> None:
    """Raise ``Refused("no_right", status=403)`` unless :func:`may_compose`."""
    permits.demand(person, _right_to_compose(action), action.host)


def _right_to_compose(action: Action) -> Right:
    return Right.COMPOSE_ACTION if action.state == Action.State.DRAFT else Right.ANNOUNCE_ACTION


def demand_open(action: Action) -> None:
    """Raise ``Refused("over")`` for an action that is called off or closed: nobody may change it any more."""
    if action.is_settled:
        raise Refused("over", _("This action is over; it can no longer be changed."))


def may_announce(person: Person, action: Action) -> bool:
    """May this person announce, move or call off this action?"""
    return permits.may(person, Right.ANNOUNCE_ACTION, action.host)


def may_run(person: Person, action: Action) -> bool:
    """May this person run the desk of this action?"""
    return permits.may(person, Right.RUN_ACTION, action.host)


def actions_to_run(person: Person) -> ActionQuerySet:
    """Which actions are at this person's desk: those to run, and the drafts to go on writing?"""
    running = permits.organisations_where(person, Right.RUN_ACTION)
    composing = permits.organisations_where(person, Right.COMPOSE_ACTION)
    return Action.objects.filter(Q(host__in=running) | Q(host__in=composing, state=Action.State.DRAFT))


def phones_are_shown(shift: Shift, now: datetime) -> bool:
    """Are numbers of this shift still shown to those who run it?"""
    return now <= shift.ends_at + PHONES_STAY


def may_see_phone(person: Person, sign_up: SignUp, now: datetime) -> bool:
    """May this person look up the volunteer's number: runs the action, from sign-up until 7 days after the shift."""
    return may_run(person, sign_up.shift.action) and phones_are_shown(sign_up.shift, now)


def may_answer(person: Person, party: Party) -> bool:
    """May this person answer for the organisation that is asked, and leave in its name?"""
    return permits.may(person, Right.ANSWER_INVITATION, party.organisation)


def parties_to_answer(person: Person) -> PartyQuerySet:
    """Which invitations, answered ones too, wait for this person?

    An operator may answer all of them, but is asked only by those to organisations he answers for by his role.
    """
    if not isinstance(person, User):
        return Party.objects.none()
    if not person.is_superuser:
        return Party.objects.filter(organisation__in=_organisations(person, Right.ANSWER_INVITATION))
    own = person.memberships.live().filter(role__in=_ANSWERING_ROLES)
    return Party.objects.filter(organisation__in=own.values_list("organisation", flat=True))


def who_answers_for_partners(action: Action, *, without: Collection[int] = ()) -> dict[int, Party]:
    """Who answers for the organisations that take part: person → party, the first one for whoever answers for several.

    Two queries, however many partners there are. The parties know the action itself.
    """
    parties = {party.organisation_id: party for party in action.parties.joined().select_related("organisation")}
    memberships = Membership.objects.live().filter(
        organisation__in=parties, role__in=_ANSWERING_ROLES, person__is_active=True
    )
    people: dict[int, Party] = {}
    for person, organisation in memberships.exclude(person__in=without).values_list("person", "organisation"):
        party = parties[organisation]
        people[person] = min(people.get(person, party), party, key=lambda each: each.pk)
    return people


def answers_anywhere(person: Person) -> bool:
    """Does this person answer invitations for any organisation?"""
    return permits.may_anywhere(person, Right.ANSWER_INVITATION)


def voices(person: Person, action: Action) -> OrganisationQuerySet:
    """In whose names may this person post about this action? The host first, then partners that take part."""
    joined = Party.objects.joined().filter(action=action).values("organisation")
    involved = Organisation.objects.filter(Q(pk=action.host_id) | Q(pk__in=joined))
    return involved.filter(pk__in=_organisations(person, Right.RUN_ACTION)).order_by(
        Case(When(pk=action.host_id, then=0), default=1), "pk"
    )


def may_withdraw(person: Person, post: Post) -> bool:
    """May this person take this post back: a leader of the host, or of the organisation in whose name it was said."""
    return may_run(person, post.action) or permits.may(person, Right.RUN_ACTION, post.organisation)


def own_posts_of(person: Person, action: Action) -> list[int]:
    """The organisations whose posts about this action this person may take back: asked ones may yet speak, and who has
    left spoke once.
    """
    own = Party.objects.filter(action=action, organisation__in=_organisations(person, Right.RUN_ACTION))
    return sorted(set(own.values_list("organisation_id", flat=True)))


def _organisations(person: Person, right: Right) -> OrganisationQuerySet:
    return permits.organisations_where(person, right).order_by()
