"""What the clock does with cases: put-off ones go on, the unit is reminded, and overdue ones climb the chain step by step.

Each pass looks at a bounded number of them and goes on with the others in the next minute (:class:`grid.cases.clockwork.Round`).
"""

from django.utils import timezone

from grid.models import Case
from grid.rules import deadlines
from grid.rules.deadlines import TOP
from grid.rules.transitions import Actor, Deed
from grid.rules.working_time import Calendar
from grid.telling import messages as case_messages
from kit.deeds import deed
from kit.refusals import Refused
from updates.models import Message

from . import moving
from .clockwork import Round, each_alone

State = Case.State

GOING_ON, CLIMBING, REMINDING = Round[Case](), Round[Case](), Round[Case]()


def go_on() -> None:
    """Cases that were put off until now are handled again."""
    put_off = Case.objects.filter(state=State.SUSPENDED, suspended_until__lte=timezone.now())
    each_alone(GOING_ON.next_part(put_off), _resume)


def climb() -> None:
    """Of every overdue case the next in the chain hears, once: the unit, grid worker and road chief, zone head, leading group.

    Reads first; a transaction is opened for each case whose moment has come, and decides under its lock.
    """
    now = timezone.now()
    overdue = CLIMBING.next_part(Case.objects.overdue(now).filter(climbed__lt=TOP).select_related("standard"))
    calendar = _calendar_of(overdue)
    due = [case for case in overdue if (at := deadlines.climbs_at(case, calendar)) is not None and at <= now]
    each_alone(due, _climb)


def remind() -> None:
    """The unit hears once of each deadline of which four fifths are used."""
    now = timezone.now()
    at_work = Case.objects.filter(state__in=Case.AT_WORK, due_at__gt=now)
    running = REMINDING.next_part(at_work.select_related("standard"))
    if not running:
        return
    calendar = Calendar.beginning(timezone.localdate(now))
    soon = [case for case in running if deadlines.light(case, now, calendar) == deadlines.Light.YELLOW]
    told = set(
        Message.objects.filter(
            kind=case_messages.SOON_DUE, about__in=[case_messages.about_soon_due(case) for case in soon]
        ).values_list("about", flat=True)
    )
    each_alone([case for case in soon if case_messages.about_soon_due(case) not in told], _remind)


def _resume(case: Case) -> None:
    _by_the_clock(case, Deed.RESUME)


def _climb(case: Case) -> None:
    _by_the_clock(case, Deed.CLIMB)


def _by_the_clock(case: Case, what: Deed) -> None:
    """Somebody may have been quicker, another clock or a person: then there is nothing left to do."""
    try:
        moving.move(case=case, deed=what, actor_hint=Actor.CLOCK)
    except Refused as refusal:
        if refusal.code not in ("not_now", "not_yet"):
            raise


@deed
def _remind(case: Case) -> None:
    """Locks the case, so that nobody is reminded of what is just being handed in."""
    held = Case.objects.select_for_update(no_key=True).get(pk=case.pk)
    if deadlines.light(held, timezone.now()) == deadlines.Light.YELLOW and held.state in Case.AT_WORK:
        case_messages.soon_due(held)


def _calendar_of(cases: list[Case]) -> Calendar | None:
    """One calendar for all of them."""
    first = min((case.due_at for case in cases if case.due_at is not None), default=None)
    return Calendar.beginning(timezone.localdate(first)) if first is not None else None
