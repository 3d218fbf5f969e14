"""What is done with a report until it is a case: verify, file, reject, join to another, void; or solve it on the spot."""

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from grid.models import Area, Case, FilingStandard, Reporter, Segment, Subscription, Supporter, in_force
from grid.net import locating
from grid.rules import deadlines, dispatching
from grid.rules.transitions import Deed
from grid.rules.ways import Asked, Way, Ways, keep_photos
from kit.refusals import Refused

from . import handling

CORRECTED = frozenset(
    {
        *("category", "description", "longitude", "latitude", "address", "road", "segment", "house_number", "cell"),
        *("is_dwelling", "is_public", "is_urgent", "is_complaint", "against"),
    }
)
"""What may be set right before it is sent out."""


def _correct(asked: Asked) -> None:
    """What is named is written. A new position without a cell or a road brings its own, and always its community; a road named
    without a stretch the one on which its house stands, or none.

    A cell of a community that is named without a position brings its community too; one of a street front leaves it.
    """
    case, given = asked.case, asked.given
    named = CORRECTED & given.named
    for name in named:
        setattr(case, name, getattr(given, name))
    case.is_complaint = case.is_complaint or ("against" in named and given.against is not None)
    keep_inside(case)
    if "cell" in named and given.cell is not None and given.cell.kind == Area.Kind.COMMUNITY:
        case.community = given.cell.parent
    if given.longitude is not None and given.latitude is not None:
        today = timezone.localdate()
        position = (given.longitude, given.latitude)
        locating.demand_in_town(position, on=today)
        place = locating.place_at(position, on=today)
        case.community = place.community
        if "cell" not in named:
            case.cell = place.cell
        if not {"road", "segment"} & named:
            case.road, case.segment = place.road, place.segment
    if "road" in named and "segment" not in named:
        case.segment = _stretch_of(case)
    if case.segment is not None and case.segment.road_id != case.road_id:
        raise Refused("stretch_elsewhere", _("This stretch belongs to another road."), status=422, field="segment")
    if case.standard is not None and case.category_id != case.standard.category_id:
        raise Refused(
            "filed_otherwise",
            _("It is filed under another kind of problem. Give it back to the acceptor to file it anew."),
            field="category",
        )


def _stretch_of(case: Case) -> Segment | None:
    if case.road is None or case.house_number is None:
        return None
    found = locating.house_at(case.road, case.house_number, on=timezone.localdate())
    return found[0] if found is not None else None


def keep_inside(case: Case) -> None:
    """What is about people who work here – it was said, or the category says so – is no longer shown, nor told to who followed it."""
    by_kind = case.category is not None and case.category.is_about_staff
    case.is_complaint = case.is_complaint or by_kind
    if not case.is_complaint:
        case.against = None
        return
    case.is_public = False
    Subscription.objects.filter(case=case).delete()


def demand_no_complaint(asked: Asked) -> None:
    """Raise ``Refused("complaint")`` where others would come to know of a complaint about people who work here."""
    if asked.case.is_complaint:
        raise Refused(
            "complaint",
            _("It is about people who work here: nobody on the spot is asked, and it is joined to nothing."),
        )


def _verify(asked: Asked) -> None:
    case = asked.case
    if asked.given.person is not None:
        dispatching.demand_on_staff(asked.given.person)
    case.inspector = asked.given.person or dispatching.inspector_of(case)
    demand_inspector(case)


def demand_inspector(case: Case) -> None:
    """Raise ``Refused("person_missing", 422)`` where nobody answers for the place and nobody was named."""
    if case.inspector is None:
        raise Refused(
            "person_missing",
            _("Nobody answers for this place yet. Please say who goes and looks."),
            status=422,
            field="person",
        )


def _file(asked: Asked) -> None:
    file_under(asked.case, asked.given.standard, asked)


def file_under(case: Case, standard: FilingStandard | None, asked: Asked) -> None:
    """File it: its category is that of the standard, and the standard's limit holds for it from now on, whatever changes."""
    if standard is None:
        raise ValueError("filed under nothing")
    today = timezone.localdate()
    holds = FilingStandard.objects.filter(in_force(today), in_force(today, below="category"), pk=standard.pk)
    if not holds.exists():
        raise Refused(
            "standard_ended",
            _("This standard no longer holds. Please choose the one that holds today."),
            status=422,
            field="standard",
        )
    case.standard, case.category, case.filed_at = standard, standard.category, asked.now
    keep_inside(case)


def _demand_mergeable(asked: Asked) -> None:
    demand_no_complaint(asked)
    if Case.objects.filter(part_of=asked.case).exists():
        raise Refused("has_parts", _("It was split for several units, so it cannot be joined to another."))


def _merge(asked: Asked) -> None:
    case, other = asked.case, asked.other
    if other is None:
        raise ValueError("joined to nothing")
    if case.pk in (other.pk, other.part_of_id) or case.part_of_id == other.pk:
        raise Refused("into_itself", _("Please choose another case."), status=422, field="into")
    if other.is_complaint or other.state in Case.ENDED:
        # Of a complaint one is not even told that it is there.
        raise Refused(
            "into_ended", _("That case is no longer open. Please choose one that is."), status=422, field="into"
        )
    case.into = other


def _move_to_the_other(asked: Asked) -> None:
    """Whoever stands behind the joined case, or waits to hear of it, stands behind the other; what was joined to it too."""
    case, other = asked.case, asked.other
    if other is None:
        raise ValueError("joined to nothing")
    Case.objects.filter(into=case).update(into=other)
    theirs = Supporter.objects.filter(case=other)
    known = Q(person__in=theirs.exclude(person=None).values("person")) | Q(
        mark__in=theirs.exclude(mark=None).values("mark")
    )
    Supporter.objects.filter(pk__in=[*case.supporters.exclude(known).values_list("pk", flat=True)]).update(case=other)
    reporter = Reporter.objects.filter(case=case, person__isnull=False).exclude(case__reporter__person=None).first()
    is_the_others = Reporter.objects.filter(case=other, person=reporter.person if reporter else None).exists()
    if reporter is not None and reporter.person is not None and not is_the_others:
        Supporter.objects.bulk_create([Supporter(case=other, person=reporter.person)], ignore_conflicts=True)
    followed = Subscription.objects.filter(case=other)
    doubled = Q(person__in=followed.exclude(person=None).values("person")) | Q(
        mail__in=followed.exclude(mail="").values("mail")
    )
    # Somebody typed the address there once and nobody said yes; here its owner did.
    said_yes = Subscription.objects.filter(case=case, person=None, confirmed_at__isnull=False).values("mail")
    followed.filter(mail__in=said_yes, confirmed_at=None).update(confirmed_at=asked.now)
    moving = Subscription.objects.filter(case=case).exclude(doubled)
    Subscription.objects.filter(pk__in=[*moving.values_list("pk", flat=True)]).update(case=other)
    other.supporters_count = Supporter.objects.filter(case=other).count()
    other.save(update_fields=["supporters_count"])


def _demand_voidable(asked: Asked) -> None:
    demand_no_open_parts(asked)
    _demand_nothing_joined(asked)


def _demand_nothing_joined(asked: Asked) -> None:
    """Whoever reported what was joined to it waits here for the answer, and finds none behind what is not shown."""
    if Case.objects.filter(into=asked.case).exists():
        raise Refused(
            "others_joined",
            _("Other reports were joined to it, and wait here for their answer. Join it to another case, or close it."),
        )


def demand_no_open_parts(asked: Asked) -> None:
    """Raise ``Refused("parts_open")`` while other units have parts of it to do."""
    if Case.objects.open_parts_of(asked.case).exists():
        raise Refused("parts_open", _("Parts of it are still open at other units. They end first."))


def _solve(asked: Asked) -> None:
    """Found, fixed and shown in one go (现场办结): filed and handled at the same moment."""
    case, given = asked.case, asked.given
    handling.demand_milder_first(asked)
    file_under(case, given.standard, asked)
    if given.unit is not None:
        dispatching.demand_able(given.unit, case)
    case.unit, case.handler, case.method = given.unit, asked.by, given.method
    case.dispatched_at = case.handled_at = asked.now
    deadlines.start(case, asked.now)
    asked.step.to_unit = given.unit


WAYS: Ways = {
    Deed.CORRECT: Way(_correct),
    Deed.VERIFY: Way(_verify, demand_no_complaint),
    Deed.REPORT_VERIFIED: Way(after=keep_photos),
    Deed.FILE: Way(_file),
    Deed.REJECT: Way(demand=_demand_nothing_joined),
    Deed.MERGE: Way(_merge, _demand_mergeable, _move_to_the_other),
    Deed.VOID: Way(demand=_demand_voidable),
    Deed.SOLVE_ON_THE_SPOT: Way(_solve, after=keep_photos),
}
