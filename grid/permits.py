"""What somebody is to a case, and what follows from it: which cases one sees, and who sees who reported one.

The rule: in cases, rights come from posts in office on the day, from the right to handle cases in the unit it was sent to,
and from the case itself, which names its handler, inspector and reporter. The operator is everything but the clock and the
reporter. Nobody takes in or closes what he or she reported.

A complaint about people who work here is another matter: the desks of the town see it (:data:`AT_COMPLAINTS`), the unit that it
was sent to, and the operator. Nobody of the unit that is complained about ever does, whatever else he or she is. The operator
is excepted, for somebody must be left: whoever runs the site has founded its units and belongs to many.
"""

from collections.abc import Iterable
from datetime import date

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from communities import permits as organisation_permits
from communities.models import Membership, Organisation, User
from communities.permits import Person
from communities.roles import Right
from kit.refusals import Refused

from .chain.answering import posts_in_office
from .models import (
    Area,
    Case,
    CaseQuerySet,
    Photo,
    PhotoQuerySet,
    Post,
    Reporter,
    Road,
    Step,
    shown_to_everybody,
)
from .rules.transitions import Actor, Deed

Role = Post.Role

OVERSEEING = frozenset({Role.ZONE_HEAD, Role.LEADING_GROUP, Role.SUPERVISOR})
EVERYTHING_BUT = frozenset({Actor.CLOCK, Actor.REPORTER})
AT_COMPLAINTS = frozenset({Role.ACCEPTOR, Role.DISPATCHER, Role.SUPERVISOR})
"""The posts that see complaints about people who work here; grid workers, chiefs, zone heads and leaders may be whom it is about."""
KNOWS_REPORTERS = frozenset({Role.ACCEPTOR, Role.DISPATCHER, Role.SUPERVISOR})


def roles_toward(
    person: Person, case: Case, *, on: date | None = None, holds_receipt: bool = False
) -> frozenset[Actor]:
    """What this person is to this case on the day, today by default; ``holds_receipt`` where its receipt code was shown.

    A bounded number of queries, whatever the town holds.
    """
    is_reporter = holds_receipt or reported(person, case)
    roles = set(_roles_in_office(person, case, on or timezone.localdate()))
    if is_reporter:
        # Nobody decides about what he or she asked for.
        roles.discard(Actor.ACCEPTOR)
        roles.add(Actor.REPORTER)
    return frozenset(roles)


def reported(person: Person, case: Case) -> bool:
    """Is it this person's own report?"""
    return isinstance(person, User) and Reporter.objects.filter(case=case, person=person).exists()


def may_see(person: Person, case: Case, *, holds_receipt: bool = False) -> bool:
    """May this person see the case?"""
    return holds_receipt or cases_to_see(person).filter(pk=case.pk).exists()


def cases_to_see(person: Person) -> CaseQuerySet:
    """Which cases does this person see? The public ones, one's own, those of one's place, unit and hands.

    Those who take in, send out, supervise or lead for the whole town see all, but for complaints: see above.
    """
    public = shown_to_everybody()
    if not isinstance(person, User) or not person.is_active:
        return Case.objects.filter(public)
    if person.is_superuser:
        return Case.objects.all()
    own = units_of(person)
    handled = in_hands_of(person) | Q(unit__in=organisation_permits.organisations_where(person, Right.HANDLE_CASE))
    seen = public | Q(reporter__person=person) | unless_against(handled, own)
    seen |= unless_complaint(Q(inspector=person) | Q(dispatcher=person))
    for post in posts_in_office(person, timezone.localdate()):
        if post.area is not None:
            whole = post.area.level == Area.Level.TOWN
            seen |= as_holder(post, Q(pk__gt=0) if whole else lies_in(post.area), own)
        elif post.role == Role.ROAD_CHIEF:
            seen |= as_holder(post, Q(road=post.road), own)
    return Case.objects.filter(seen)


def photos_to_see(person: Person, case: Case, *, holds_receipt: bool = False) -> PhotoQuerySet:
    """The pictures on the page of a case that this person sees.

    What came by a channel that is open to everybody is shown to its reporter and to those who work on it until it is taken
    in: faces and number plates are nobody's business (domain 6.4).
    """
    if case.keeps_pictures_back and roles_toward(person, case, holds_receipt=holds_receipt) & SEES_WAITING:
        return case.photos.filter(is_public=True)
    return case.photos.public()


def may_see_photo(person: Person, photo: Photo, *, holds_receipt: bool = False) -> bool:
    """May this person, who sees its case, see the picture? Those who work on the case see the covered ones too.

    To the reporter it is what it is to everybody, once the case is taken in: a picture may have been hidden for what else
    is on it.
    """
    if photo.is_shown:
        return True
    roles = roles_toward(person, photo.case, holds_receipt=holds_receipt)
    return bool(roles & INSIDE) or (photo.is_public and bool(roles & SEES_WAITING))


# --- complaints about people who work here ----------------------------------------------------------------------------


def is_against(person: User, case: Case) -> bool:
    """Is it a complaint about a unit that the person belongs to?"""
    return case.is_complaint and case.against is not None and _belongs_to(person, case.against)


def units_of(person: User) -> frozenset[int]:
    """The organisations that the person belongs to, for :func:`unless_against`. One query."""
    return frozenset(Membership.objects.live().filter(person=person).values_list("organisation", flat=True))


def unless_complaint(cases: Q) -> Q:
    """Those of these that are no complaints."""
    return cases & Q(is_complaint=False)


def unless_against(cases: Q, units: frozenset[int]) -> Q:
    """Those of these that are no complaint about one of these units."""
    return cases & (Q(is_complaint=False) | Q(against__isnull=True) | ~Q(against__in=units)) if units else cases


def as_holder(post: Post, cases: Q, units: frozenset[int]) -> Q:
    """What the holder of a post, who belongs to these units, sees of the cases that the post answers for."""
    return unless_against(cases, units) if post.role in AT_COMPLAINTS else unless_complaint(cases)


def may_see_reporter(person: Person, case: Case) -> bool:
    """May this person see who reported it? Those who take in, send out and supervise; never the unit it was sent to.

    Whoever belongs to that unit or to one that is complained about, or handles the case, is kept out whatever post he or she
    holds, the operator not excepted; so are the units and handlers of its parts, of the case that it was joined to and of
    those it had before. Each look is logged by whoever shows it (:mod:`grid.desk.contacts`).
    """
    if not isinstance(person, User) or not person.is_active or _had_it_to_do(person, case):
        return False
    if is_against(person, case):
        return False
    if person.is_superuser:
        return True
    posts = posts_in_office(person, timezone.localdate())
    places = {area.pk for area in areas_of(case)}
    return any(post.role in KNOWS_REPORTERS and post.area_id in places for post in posts)


def may_follow_case(person: Person, key: str) -> bool:
    """``case:<number>`` is followed by whoever may see the case."""
    case = Case.objects.filter(number=key).first()
    return case is not None and may_see(person, case)


def may_follow_road(person: Person, key: str) -> bool:
    """Everybody may follow ``road:<code>``."""
    return Road.objects.filter(code=key).exists()


def may_follow_cases(person: Person, key: str) -> bool:
    """``cases`` is followed by whoever takes in, sends out, oversees or looks at cases, and by those who handle them.

    It says that something moved, and neither what nor where.
    """
    if key or not isinstance(person, User) or not person.is_active:
        return False
    if person.is_superuser:
        return True
    posts = posts_in_office(person, timezone.localdate()).exclude(role=Role.MICRO_ROAD_CHIEF)
    return posts.exists() or organisation_permits.may_anywhere(person, Right.HANDLE_CASE)


def demand_seen(person: Person, case: Case) -> None:
    """Raise ``Refused("no_right", status=403)`` unless :func:`may_see`."""
    if not may_see(person, case):
        raise Refused("no_right", _("This case is not open to you."), status=403)


def areas_of(case: Case) -> list[Area]:
    """Where it lies, from the cell up to the town. One query.

    Without a cell it is where its road lies; without a road either it is the town as a whole.
    """
    known = Area.objects.select_related("parent__parent__parent", "organisation")
    lowest = case.cell_id or (case.road.grid_id if case.road is not None else None)
    found = known.filter(pk=lowest).first() if lowest else None
    if found is None:
        return list(known.on(timezone.localdate()).of_level(Area.Level.TOWN).order_by("code"))
    areas: list[Area] = []
    area: Area | None = found
    while area is not None:
        areas.append(area)
        area = area.parent
    return areas


def _roles_in_office(person: Person, case: Case, on: date) -> Iterable[Actor]:
    if not isinstance(person, User) or not person.is_active:
        return
    if person.is_superuser:
        yield from set(Actor) - EVERYTHING_BUT
        return
    if is_against(person, case):
        return
    if case.unit is not None and organisation_permits.may(person, Right.HANDLE_CASE, case.unit):
        yield Actor.UNIT
    if case.handler_id == person.pk and case.unit is not None and _belongs_to(person, case.unit):
        yield Actor.HANDLER
    if case.inspector_id == person.pk and not case.is_complaint:
        yield Actor.INSPECTOR
    posts = [post for post in posts_in_office(person, on) if not case.is_complaint or post.role in AT_COMPLAINTS]
    places = {area.pk for area in areas_of(case)} if posts else set()
    for post in posts:
        if post.area_id in places:
            yield from actors_of_area(post)
        if post.road_id is not None and post.road_id == case.road_id and _answers_for_stretch(post, case):
            actor = actor_of_road(post)
            if actor is not Actor.NEIGHBOUR or case.is_shown:
                yield actor


def actors_of_area(post: Post) -> Iterable[Actor]:
    """What the holder of a post that answers for an area is to the cases in it."""
    match post.role:
        case Role.ACCEPTOR:
            yield Actor.ACCEPTOR
        case Role.DISPATCHER:
            yield Actor.DISPATCHER
        case Role.CELL_WORKER:
            yield Actor.INSPECTOR
        case role if role in OVERSEEING:
            yield Actor.OVERSEER


def actor_of_road(post: Post) -> Actor:
    """What the holder of a post that answers for a road is to the cases on it; a neighbour only to those all may see."""
    return Actor.INSPECTOR if post.role == Role.ROAD_CHIEF else Actor.NEIGHBOUR


def lies_in(area: Area) -> Q:
    """In the area or in one of its parts; a case without a cell lies where the grid of its road lies, and the town has all."""
    if area.level == Area.Level.TOWN:
        return Q(pk__gt=0)
    seen = Q(pk__in=())
    for way in ("cell", "road__grid"):
        inside = Q(**{way: area}) | Q(**{f"{way}__parent": area}) | Q(**{f"{way}__parent__parent": area})
        seen |= inside if way == "cell" else inside & Q(cell__isnull=True)
    return seen


def found_in(area: Area) -> Q:
    """For showing and finding: :func:`lies_in`, and what happens on the street fronts of a community.

    By office that concerns the street front alone, and none of the community's.
    """
    return lies_in(area) | Q(community=area)


def in_hands_of(person: User) -> Q:
    """The cases that the person handles: nobody handles what lies with a unit to which he or she no longer belongs."""
    return Q(handler=person, unit__in=organisation_permits.organisations_where(person, Right.BELONG))


def handler_of(case: Case) -> User | None:
    """Who handles it: as long as he or she is active and belongs to the unit with which it lies."""
    handler = case.handler
    is_one = handler is not None and case.unit is not None and _belongs_to(handler, case.unit)
    return handler if is_one else None


def _belongs_to(person: User, unit: Organisation) -> bool:
    return organisation_permits.may(person, Right.BELONG, unit)


def _had_it_to_do(person: User, case: Case) -> bool:
    """Does or did the person handle what this report is about, or belong to a unit to which it was sent? Two queries.

    The problem is one, whatever numbers it has: those of its parts, of its whole and of what it was joined to. The
    operator's rights everywhere are no membership.
    """
    also = Q(pk__in=[case.pk, case.into_id, case.part_of_id]) | Q(part_of__in=[case.pk, case.into_id])
    cases = Case.objects.filter(also)
    belongs = Membership.objects.live().filter(person=person).values("organisation")
    if cases.filter(Q(handler=person) | Q(unit__in=belongs)).exists():
        return True
    steps = Step.objects.filter(case__in=cases.values("pk"))
    was_sent = Q(deed__in=[Deed.DISPATCH, Deed.SPLIT, Deed.SOLVE_ON_THE_SPOT], to_unit__in=belongs)
    had_it = Q(deed__in=[Deed.TAKE, Deed.ASSIGN], to_person=person)
    did_it = Q(deed__in=[Deed.SUBMIT, Deed.SOLVE_ON_THE_SPOT], by=person)
    return steps.filter(was_sent | had_it | did_it).exists()


# --- at the desk --------------------------------------------------------------------------------------------------------

AT_DESK = frozenset(Actor) - {Actor.CLOCK, Actor.REPORTER}
"""Whoever is one of these to a case has something to do at its desk."""

INSIDE = AT_DESK - {Actor.NEIGHBOUR}
"""Those who work on a case read what colleagues say to each other; a neighbour confirms what everybody sees."""

SEES_WAITING = INSIDE | {Actor.REPORTER}
"""Who sees the pictures of a report that nobody has taken in yet."""

CHOOSES_PICTURES = frozenset({Actor.ACCEPTOR, Actor.DISPATCHER, Actor.OVERSEER})
COVERS = CHOOSES_PICTURES | {Actor.INSPECTOR, Actor.HANDLER, Actor.UNIT}


def may_blur(person: Person, case: Case) -> bool:
    """May this person cover parts of the pictures of the case?"""
    return not roles_toward(person, case).isdisjoint(COVERS)


def may_choose_pictures(person: Person, case: Case) -> bool:
    """May this person say which pictures of the case everybody sees?"""
    return not roles_toward(person, case).isdisjoint(CHOOSES_PICTURES)


def demand_working_on(person: Person, case: Case) -> None:
    """Raise ``Refused("no_right", status=403)`` for whoever is not among those who work on the case."""
    if roles_toward(person, case).isdisjoint(INSIDE):
        raise Refused("no_right", _("Only those who work on this case may do this."), status=403)


def _answers_for_stretch(post: Post, case: Case) -> bool:
    """Has the post the whole road, or the stretch on which the case lies, however that was drawn since?"""
    if post.segment is None:
        return True
    return case.segment is not None and case.segment.number == post.segment.number
