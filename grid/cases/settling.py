"""How a case comes to its end: checked, sent back, closed with an answer, rated, and once opened again; and what hastens it."""

from datetime import timedelta

from django.utils.translation import gettext as _

from grid.models import Photo, Step
from grid.rules import deadlines, dispatching, hands
from grid.rules.deadlines import TOP
from grid.rules.transitions import Actor, Deed
from grid.rules.ways import Asked, Way, Ways, demand_others_hands, keep_photos
from kit.refusals import Refused

from . import taking_in

OPEN_TO_REPORTER = timedelta(days=30)
"""How long after the answer whoever reported it may rate it, and ask once that it is handled again."""


def _check(asked: Asked) -> None:
    case = asked.case
    if asked.given.person is not None:
        dispatching.demand_on_staff(asked.given.person)
    case.inspector, case.checked_at = asked.given.person or dispatching.inspector_of(case), None
    taking_in.demand_inspector(case)
    if case.inspector_id in hands.workers(case):
        raise Refused(
            "own_work", _("Whoever handled it cannot check it. Please name somebody else."), status=422, field="person"
        )


def _confirm(asked: Asked) -> None:
    asked.case.checked_at = asked.now


def _send_back(asked: Asked) -> None:
    """Everything that was said and shown stays; what was left of the limit is left (返工)."""
    case = asked.case
    case.reworks += 1
    if case.handled_at is not None:
        deadlines.go_on(case, asked.now, stopped=case.handled_at)
    case.handled_at, case.checked_at = None, None


def _demand_closable(asked: Asked) -> None:
    """Those who send out and those who close are two (监管分离), however often it was sent; nobody closes one's own work."""
    case, by = asked.case, asked.by
    if by is not None and by.pk in hands.senders(case):
        raise Refused(
            "dispatched_it", _("You sent this case out, so somebody else closes it: these are two hands."), status=403
        )
    demand_others_hands(asked)
    taking_in.demand_no_open_parts(asked)


def _close(asked: Asked) -> None:
    """With an answer that everybody can read. Somebody looked, a picture shows it, or it is said why neither is needed."""
    case = asked.case
    if not asked.given.reason and not _is_shown(asked):
        raise Refused(
            "not_checked",
            _("Nobody has confirmed it and no picture shows it. Have it checked, or say why it can be closed without."),
            status=422,
            field="reason",
        )
    case.answer, case.is_answer_withheld, case.closed_at = asked.given.word, False, asked.now


def _is_shown(asked: Asked) -> bool:
    """Was it confirmed since it was last handled, or is there a picture of it since then?"""
    done = Step.objects.filter(case=asked.case, deed__in=[Deed.SUBMIT, Deed.SOLVE_ON_THE_SPOT]).order_by("-number")
    last = done.values_list("number", flat=True).first() or 0
    if asked.given.photos_after or Step.objects.filter(case=asked.case, deed=Deed.CONFIRM, number__gt=last).exists():
        return True
    return Photo.objects.filter(case=asked.case, moment=Photo.Moment.AFTER, step__number__gte=last).exists()


def _supervise(asked: Asked) -> None:
    asked.case.is_supervised = True


def _demand_overdue(asked: Asked) -> None:
    at = deadlines.climbs_at(asked.case)
    if at is None or asked.now < at:
        raise Refused("not_yet", _("It is not yet time to tell those above."))


def _climb(asked: Asked) -> None:
    """Those of the next step of the chain hear of it who have not; at the top it stays.

    People come and go, so who was told is kept, and not how many steps there were. The unit is told at the deadline: who
    comes to it later holds up nobody above.
    """
    case = asked.case
    told = set(case.told_late.values_list("pk", flat=True))
    if case.climbed:
        told |= {person.pk for person in dispatching.at_the_unit(case)}
    unheard = [[person for person in step if person.pk not in told] for step in dispatching.ladder_of(case)]
    left = [step for step in unheard if step]
    if left:
        asked.told = left[0]
        asked.step.to_person = left[0][0]
        case.told_late.add(*left[0])
        told |= {person.pk for person in left[0]}
    is_top = all(person.pk in told for step in left for person in step)
    case.climbed, case.climbed_at = TOP if is_top else case.climbed + 1, asked.now


def _demand_fresh(asked: Asked) -> None:
    """The reporter has a month from the answer on."""
    closed = asked.case.closed_at
    if asked.role == Actor.REPORTER and closed is not None and asked.now > closed + OPEN_TO_REPORTER:
        raise Refused(
            "too_late",
            _("It was closed more than 30 days ago. If the problem is there again, please report it anew."),
        )


def _demand_unrated(asked: Asked) -> None:
    _demand_fresh(asked)
    rated, closed = asked.case.satisfied_at, asked.case.closed_at
    if rated is not None and closed is not None and rated >= closed:
        raise Refused("rated", _("You have rated this answer already. Thank you."))


def _rate(asked: Asked) -> None:
    case = asked.case
    case.satisfaction, case.satisfaction_word, case.satisfied_at = asked.given.rating, asked.given.word, asked.now


def _demand_reopenable(asked: Asked) -> None:
    """Once for the reporter, and once for those who take in: neither uses up what the other has."""
    _demand_fresh(asked)
    if asked.case.reopenings if asked.role == Actor.REPORTER else asked.case.staff_reopenings:
        raise Refused("reopened_before", _("It was handled again once already. Please report it anew."))


def _reopen(asked: Asked) -> None:
    """The unit has its whole limit once more."""
    case = asked.case
    if asked.role == Actor.REPORTER:
        case.reopenings += 1
    else:
        case.staff_reopenings += 1
    case.handled_at, case.checked_at, case.closed_at = None, None, None
    deadlines.start(case, asked.now)


WAYS: Ways = {
    Deed.CHECK: Way(_check, taking_in.demand_no_complaint),
    Deed.CONFIRM: Way(_confirm, demand_others_hands, keep_photos),
    Deed.SEND_BACK: Way(_send_back, after=keep_photos),
    Deed.CLOSE: Way(_close, _demand_closable, keep_photos),
    Deed.URGE: Way(),
    Deed.SUPERVISE: Way(_supervise),
    Deed.CLIMB: Way(_climb, _demand_overdue),
    Deed.RATE: Way(_rate, _demand_unrated),
    Deed.REOPEN: Way(_reopen, _demand_reopenable, keep_photos),
}
