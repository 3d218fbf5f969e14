"""Whose turn it is with a case, and which unit it should go to.

Every case has somebody who is to act, from the moment it is reported (件件有着落): each step names the next.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from communities import permits as organisation_permits
from communities.models import Organisation, User
from communities.roles import Right
from grid import permits
from grid.chain import answering
from grid.chain.answering import Chain
from grid.models import Case, Category, Post, Reporter, Step, TeamMember, in_force
from kit.refusals import Refused

from . import hands
from .transitions import Deed

REMEMBERED = timedelta(days=365)
"""How long a return of the same kind of problem speaks against a unit."""

OVERSEERS = (Post.Role.SUPERVISOR, Post.Role.ZONE_HEAD, Post.Role.LEADING_GROUP)

State = Case.State


@dataclass(frozen=True)
class Turn:
    """Who is to act now: the one named first, and all who may be told."""

    people: tuple[User, ...] = ()
    unit: Organisation | None = None
    is_vacant: bool = False
    """Nobody in office may go on with it: these see to it that somebody can."""

    @property
    def owner(self) -> User | None:
        return self.people[0] if self.people else None


def chain_of(case: Case) -> Chain:
    """The chain of where the case lies, today, with the departments of its category."""
    return answering.chain_of(
        area=case.cell,
        road=case.road,
        segment=case.segment,
        on=timezone.localdate(),
        category=case.category.code if case.category else None,
    )


def suggested_units(case: Case, *, most: int = 3) -> list[Organisation]:
    """Which units the case should go to, the likeliest first.

    First what a unit said itself that gave this case back; then the departments of the category, whose codes fit most
    closely first; then the organisation of the territory. A unit that gave back much of this kind goes down among them, and
    one that gave back this very case stands last.
    """
    chain = chain_of(case)
    returned_this = set(returners(Step.objects.filter(case=case)))
    said = Step.objects.filter(case=case, deed=Deed.RETURN, to_unit__isnull=False).select_related("to_unit")
    units = [step.to_unit for step in said.order_by("-number")]
    of_the_kind = [acting.post.organisation for acting in chain.departments if acting.post.categories]
    of_all = [acting.post.organisation for acting in chain.departments if not acting.post.categories]
    returns = _returns_of_kind(case.category) if case.category else Counter()
    ranked = sorted(of_the_kind, key=lambda unit: returns[unit.pk] if unit else 0)
    known = {unit.pk: unit for unit in [*units, *ranked, chain.territory, *of_all] if unit is not None}
    known.pop(case.against_id or 0, None)
    return sorted(known.values(), key=lambda unit: unit.pk in returned_this)[:most]


def demand_able(unit: Organisation, case: Case, *, field: str = "unit") -> None:
    """Raise ``Refused`` (422) for a unit that cannot have the case.

    ``complained_about`` where it is about its own people, ``unit_empty`` where nobody handles cases: it would lie there.
    """
    if unit.pk == case.against_id:
        raise Refused(
            "complained_about",
            _("It is about people who work at %(unit)s. Please send it to whoever supervises them.")
            % {"unit": unit.spoken_name},
            status=422,
            field=field,
        )
    if not organisation_permits.people_who_may(Right.HANDLE_CASE, unit).exists():
        raise Refused(
            "unit_empty",
            _("At %(unit)s nobody handles cases yet. Please choose another unit.") % {"unit": unit.spoken_name},
            status=422,
            field=field,
        )


def turn_of(case: Case) -> Turn:
    """Who is to act with the case as it stands; where nobody can, those who oversee its place."""
    turn = _turn_by_state(case)
    if turn.people or case.state in Case.ENDED:
        return turn
    return Turn(tuple(in_office(case, *OVERSEERS)), turn.unit, is_vacant=True)


def _turn_by_state(case: Case) -> Turn:
    match case.state:
        case State.REPORTED:
            return Turn(acceptors(case))
        case State.FEEDBACK | State.CHECKING if case.checked_at is not None:
            return Turn(closers(case))
        case State.VERIFYING | State.CHECKING if case.is_complaint:
            # Whoever was asked to go and look before it was known what it is, knows no more of it.
            return Turn(tuple(organisation_permits.operators()))
        case State.VERIFYING | State.CHECKING:
            return Turn((case.inspector,) if case.inspector and case.inspector.is_active else ())
        case State.FILED | State.SUSPENDED:
            return Turn(dispatchers(case))
        case State.DISPATCHED:
            return Turn(handlers(case), case.unit)
        case State.HANDLING:
            handler = permits.handler_of(case)
            return Turn(tuple(_fit([handler], case)) if handler else handlers(case), case.unit)
        case State.REWORK:
            return Turn(at_the_unit(case), case.unit)
        case State.FEEDBACK:
            return Turn(closers(case))
    return Turn()


def acceptors(case: Case) -> tuple[User, ...]:
    """Who takes this case in: those in office where it lies, but for whoever reported it.

    They take turns: the first of one case is the second of the next.
    """
    reporter = Reporter.objects.filter(case=case).values_list("person", flat=True).first()
    people = [person for person in _at_the_desk(Post.Role.ACCEPTOR, case) if person.pk != reporter]
    begin = case.pk % len(people) if people else 0
    return tuple(people[begin:] + people[:begin])


def closers(case: Case) -> tuple[User, ...]:
    """Who may close it: those who take it in, but for all through whose hands it went."""
    its_hands = hands.both(case)
    return tuple(person for person in acceptors(case) if person.pk not in its_hands)


def dispatchers(case: Case) -> tuple[User, ...]:
    """Who sends it out: whoever did it before first, then the others in office."""
    people = _at_the_desk(Post.Role.DISPATCHER, case)
    return tuple(sorted(people, key=lambda person: person.pk != case.dispatcher_id))


def handlers(case: Case) -> tuple[User, ...]:
    """Who handles cases in its unit; an operator, who may have founded it for others, comes last."""
    if case.unit is None:
        return ()
    people = organisation_permits.people_who_may(Right.HANDLE_CASE, case.unit)
    return tuple(sorted(_fit(people, case), key=lambda person: person.is_superuser))


def _at_the_desk(role: Post.Role, case: Case) -> list[User]:
    """Those in office who may know of the case; of a complaint about all of them it is the operator's turn."""
    people = _fit(in_office(case, role), case)
    return people or (list(organisation_permits.operators().order_by("pk")) if case.is_complaint else [])


def _fit(people: Iterable[User], case: Case) -> list[User]:
    """Without those who belong to a unit that is complained about; the operator is excepted."""
    return [person for person in people if person.is_superuser or not permits.is_against(person, case)]


def at_the_unit(case: Case) -> tuple[User, ...]:
    """Who has to do with it in its unit: its handler first, then those who handle cases there."""
    others, handler = handlers(case), permits.handler_of(case)
    if handler is None:
        return others
    return (*_fit([handler], case), *(person for person in others if person.pk != handler.pk))


def in_office(case: Case, *roles: Post.Role) -> list[User]:
    """Those who act in these roles where the case lies, whoever has the smallest area first."""
    rank = {area.pk: number for number, area in enumerate(permits.areas_of(case))}
    today = timezone.localdate()
    posts = Post.objects.on(today).filter(role__in=roles, area__in=rank)
    acting = sorted(answering.acting_in(posts, on=today), key=lambda each: rank[each.post.area_id or 0])
    return list({each.person.pk: each.person for each in acting if each.person is not None}.values())


def inspector_of(case: Case) -> User | None:
    """Who goes and looks: the grid worker of its place, or else the road chief who is there every day."""
    chain = chain_of(case)
    did_it = hands.workers(case)
    for acting in (chain.cell_worker, *chain.road_chiefs):
        if acting is not None and acting.person is not None and acting.person.pk not in did_it:
            return acting.person
    return None


def demand_on_staff(person: User) -> None:
    """Raise ``Refused("not_staff", 422)`` for somebody who has no post and is not of the town's grid team."""
    today = timezone.localdate()
    is_one = answering.posts_in_office(person, today).exists()
    if not is_one and not TeamMember.objects.filter(in_force(today), person=person).exists():
        raise Refused(
            "not_staff",
            _("%(person)s has no post in the grid. Please ask somebody who has.") % {"person": person.name},
            status=422,
            field="person",
        )


def ladder_of(case: Case) -> list[list[User]]:
    """Who hears of a case that is overdue, from the nearest to the highest: the unit, grid worker and road chief, zone head,
    leading group. A step in which there is nobody is left out. A complaint about people who work here climbs past all whom it
    may be about: to the shift supervisor, then to the operator.
    """
    steps = [list(at_the_unit(case))]
    if case.is_complaint:
        supervisors = _fit(in_office(case, Post.Role.SUPERVISOR), case)
        return [step for step in (*steps, supervisors, list(organisation_permits.operators().order_by("pk"))) if step]
    above = answering.climbing_order(chain_of(case))
    steps += [[acting.person for acting in step if acting.person is not None] for step in above]
    return [step for step in steps if step]


def _returns_of_kind(category: Category) -> Counter[int]:
    """How often each unit gave back problems of this kind in the last year."""
    since: datetime = timezone.now() - REMEMBERED
    return Counter(returners(Step.objects.filter(case__category__code=category.code, at__gte=since)))


def returners(steps: QuerySet[Step]) -> list[int]:
    """The units that gave back, once for each time: those to which the case had been sent just before."""
    sent = Step.objects.filter(
        case=OuterRef("case"),
        deed__in=[Deed.DISPATCH, Deed.SPLIT],
        to_unit__isnull=False,
        number__lt=OuterRef("number"),
    ).order_by("-number")
    returned = Step.objects.filter(pk__in=steps, deed=Deed.RETURN).annotate(
        returner=Subquery(sent.values("to_unit")[:1])
    )
    return [pk for pk in returned.order_by().values_list("returner", flat=True) if pk is not None]
