"""Which cases somebody has to do with, and as what: the same rule as :func:`grid.permits.roles_toward`, asked of all at once."""

from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q

from communities import permits as organisation_permits
from communities.models import User
from communities.roles import Right
from grid import permits
from grid.chain.answering import posts_in_office
from grid.models import Area, Case, CaseQuerySet, Post, shown_to_everybody
from grid.rules.transitions import Actor

NONE, ALL = Q(pk__in=()), Q(pk__gt=0)
"""An empty ``Q`` is no condition: joined to another by *or* it would vanish."""


@dataclass(frozen=True)
class Scope:
    """What a person is to which cases on a day."""

    person: User
    on: date
    of: dict[Actor, Q] = field(default_factory=dict)
    # Those for which the person may handle cases.
    units: frozenset[int] = frozenset()

    def cases(self, actor: Actor) -> Q:
        """The cases toward which the person is this; none where the person never is."""
        return self.of.get(actor, NONE)

    @property
    def everything(self) -> CaseQuerySet:
        """All cases toward which the person is anything at all."""
        any_of_them = NONE
        for cases in self.of.values():
            any_of_them |= cases
        return Case.objects.filter(any_of_them)

    @property
    def inside(self) -> Q:
        """The cases on which the person works; of the others no more is shown than everybody sees."""
        found = NONE
        for actor in permits.INSIDE & self.of.keys():
            found |= self.of[actor]
        return found

    @property
    def is_empty(self) -> bool:
        return not self.of


def scope_of(person: User, on: date) -> Scope:
    """Everything that the person has to do with. A bounded number of queries, whatever the town holds."""
    if not person.is_active:
        return Scope(person, on)
    units = frozenset(organisation_permits.organisations_where(person, Right.HANDLE_CASE).values_list("pk", flat=True))
    if person.is_superuser:
        return Scope(person, on, {actor: ALL for actor in Actor if actor not in permits.EVERYTHING_BUT}, units)
    of: dict[Actor, Q] = {}

    def add(actor: Actor, cases: Q) -> None:
        of[actor] = of[actor] | cases if actor in of else cases

    own = permits.units_of(person)
    for post in posts_in_office(person, on):
        for actor, cases in _of_post(post):
            add(actor, permits.as_holder(post, cases, own))
    if Actor.ACCEPTOR in of:
        of[Actor.ACCEPTOR] &= ~Q(reporter__person=person)
    if units and _has_cases(units, on):
        add(Actor.UNIT, permits.unless_against(Q(unit__in=units), own))
    in_hands = permits.unless_against(permits.in_hands_of(person), own)
    if Case.objects.filter(in_hands).exists():
        add(Actor.HANDLER, in_hands)
    if Case.objects.filter(inspector=person).exists():
        add(Actor.INSPECTOR, permits.unless_complaint(Q(inspector=person)))
    return Scope(person, on, of, units)


def _has_cases(units: frozenset[int], on: date) -> bool:
    """Does one of these organisations handle cases in this town? Every leader has the right, few have a use for it."""
    answers = Post.objects.on(on).filter(role=Post.Role.LINE_DEPARTMENT, organisation__in=units)
    return answers.exists() or Case.objects.filter(unit__in=units).exists()


def _of_post(post: Post) -> list[tuple[Actor, Q]]:
    if post.road_id is not None:
        along = Q(road=post.road_id)
        if post.segment is not None:
            along &= Q(segment__number=post.segment.number)
        actor = permits.actor_of_road(post)
        return [(actor, along & shown_to_everybody() if actor is Actor.NEIGHBOUR else along)]
    if post.area is None:
        return []
    # What lies nowhere belongs to the town as a whole.
    inside = ALL if post.area.level == Area.Level.TOWN else permits.lies_in(post.area)
    return [(actor, inside) for actor in permits.actors_of_area(post)]
