"""Who may see, compose, announce and run which action. An action has no rights of its own: it asks its host.

====================  =======================================================================
anybody               sees a public action
belongs to the host   knows that a draft or hidden action is there
composes for it       writes drafts; announced ones only together with the right to announce
announces for it      announces, moves, calls off
runs its actions      opens the desk, sees who comes and looks up a phone
====================  =======================================================================
"""

from datetime import datetime, timedelta

from django.db.models import Q

from communities import permits
from communities.permits import Person
from communities.roles import Right
from kit.web import is_id

from .models import Action, ActionPage, ActionQuerySet, SignUp

PHONES_STAY = timedelta(days=7)
"""How long after the end of a shift its leaders may still look up a number."""


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


def may_see_phone(person: Person, sign_up: SignUp, now: datetime) -> bool:
    """May this person look up the volunteer's number: runs the action, from sign-up until 7 days after the shift."""
    return may_run(person, sign_up.shift.action) and now <= sign_up.shift.ends_at + PHONES_STAY
