"""What the unit does with a case: take it on, give it to somebody, ask for time, say that it is done; and what it is granted."""

from datetime import datetime, time, timedelta

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from communities import permits as organisation_permits
from communities.roles import Right
from grid import permits
from grid.models import Case, Step
from grid.rules import deadlines
from grid.rules.transitions import Actor, Deed
from grid.rules.ways import Asked, Way, Ways, keep_photos
from kit.refusals import Refused

MOST_DELAYS = 2
LONGEST_SUSPENSION = timedelta(days=365)

MILDER = (Case.Method.SERVICE, Case.Method.MANAGEMENT)
"""What comes before enforcement (domain 4.2)."""


def _take(asked: Asked) -> None:
    """Whoever takes it on handles it; whoever answers for the unit may give it to a colleague at once."""
    person = asked.given.person or asked.by
    if asked.role == Actor.HANDLER and person != asked.by:
        raise Refused("no_right", _("Only those who answer for the unit give it to somebody else."), status=403)
    asked.case.handler = person
    _demand_of_unit(asked)


def _assign(asked: Asked) -> None:
    asked.demand("person")
    asked.case.handler = asked.given.person
    _demand_of_unit(asked)


def _demand_of_unit(asked: Asked) -> None:
    """Raise ``Refused("not_of_the_unit", 422)`` for a handler who does not belong to the unit; the operator may be one."""
    unit, handler = asked.case.unit, asked.case.handler
    if unit is None or handler is None:
        raise ValueError("nobody has it")
    if not organisation_permits.may(handler, Right.BELONG, unit) or permits.is_against(handler, asked.case):
        raise Refused(
            "not_of_the_unit",
            _("%(person)s does not belong to %(unit)s.") % {"person": handler.name, "unit": unit.spoken_name},
            status=422,
            field="person",
        )
    asked.step.to_person = handler


def _give_up(asked: Asked) -> None:
    asked.case.handler = None


# --- more time --------------------------------------------------------------------------------------------------------


def _demand_delay_possible(asked: Asked) -> None:
    case = asked.case
    demand_in_time(asked)
    if case.delays >= MOST_DELAYS:
        raise Refused("delayed_twice", _("More time was granted twice already. There is no third time."))
    if case.delay_asked_at is not None:
        raise Refused("delay_asked", _("More time was asked for already; the dispatcher decides."))


def demand_in_time(asked: Asked) -> None:
    """Raise ``Refused("overdue")`` where the deadline has passed: then there is nothing left to be put off."""
    if asked.case.due_at is not None and asked.now > asked.case.due_at:
        raise Refused("overdue", _("The deadline has passed. More time can be asked for only before."))


def _ask_delay(asked: Asked) -> None:
    """Two levels: what the handler asks for reaches the unit, and what the unit asks for reaches the dispatcher."""
    if asked.role == Actor.UNIT:
        asked.case.delay_asked_at = asked.now


def _demand_delay_asked(asked: Asked) -> None:
    if asked.case.delay_asked_at is None:
        raise Refused("no_delay_asked", _("The unit has not asked for more time."))


def _grant_delay(asked: Asked) -> None:
    """The limit once more, from the deadline on."""
    case = asked.case
    deadlines.prolong(case, asked.now)
    case.delays += 1
    case.delay_asked_at = None


def _refuse_delay(asked: Asked) -> None:
    """It does not count as one of the two."""
    asked.case.delay_asked_at = None


# --- put off and go on ------------------------------------------------------------------------------------------------


def _demand_suspendable(asked: Asked) -> None:
    demand_in_time(asked)
    if asked.case.suspended_at is not None:
        raise Refused("suspended_before", _("It was put off once already. It cannot be put off again."))


def _suspend(asked: Asked) -> None:
    """The clock stops; everybody can read until when and why (承诺件)."""
    case, until = asked.case, asked.given.until
    today = timezone.localdate(asked.now)
    if until is None or not today < until <= today + LONGEST_SUSPENSION:
        raise Refused(
            "until_out_of_reach",
            _("Please choose a day from tomorrow on, within a year."),
            status=422,
            field="until",
        )
    case.suspended_at = asked.now
    case.suspended_until = timezone.make_aware(datetime.combine(until, time()))
    case.promised_for, case.business = until, Case.Business.PROMISED
    case.delay_asked_at = None


def _demand_resumable(asked: Asked) -> None:
    until = asked.case.suspended_until
    if asked.role == Actor.CLOCK and until is not None and asked.now < until:
        raise Refused("not_yet", _("It is put off until a later day."))


def _resume(asked: Asked) -> None:
    """What was left of the limit is left."""
    case = asked.case
    if case.suspended_at is not None:
        deadlines.go_on(case, asked.now, stopped=case.suspended_at)


# --- done -------------------------------------------------------------------------------------------------------------


def _submit(asked: Asked) -> None:
    """The clock stops."""
    case, given = asked.case, asked.given
    demand_milder_first(asked)
    case.method, case.handled_at, case.delay_asked_at = given.method, asked.now, None
    if case.handler is None:
        case.handler = asked.by


def demand_milder_first(asked: Asked) -> None:
    """Raise ``Refused("step_left_out", 422)`` for enforcement without a milder step before, unless it is said why
    (服务在先、管理在后、执法补充).
    """
    given = asked.given
    if given.method == Case.Method.ENFORCEMENT and not given.reason and not _was_milder_before(asked.case):
        raise Refused(
            "step_left_out",
            _("Nobody was advised or reminded here before. Please say why it was enforced at once."),
            status=422,
            field="reason",
        )


def _was_milder_before(case: Case) -> bool:
    """Was this case, or another at the same door, met with service or management before?"""
    if Step.objects.filter(case=case, method__in=MILDER).exists():
        return True
    here = Q(pk__in=())
    if case.road_id is not None and case.house_number is not None:
        here = Q(road=case.road_id, house_number=case.house_number)
    elif case.address:
        here = Q(address=case.address, road=case.road_id)
    return Case.objects.filter(here, method__in=MILDER).exclude(pk=case.pk).exists()


WAYS: Ways = {
    Deed.TAKE: Way(_take),
    Deed.ASSIGN: Way(_assign),
    Deed.GIVE_UP: Way(_give_up),
    Deed.ASK_DELAY: Way(_ask_delay, _demand_delay_possible),
    Deed.GRANT_DELAY: Way(_grant_delay, _demand_delay_asked),
    Deed.REFUSE_DELAY: Way(_refuse_delay, _demand_delay_asked),
    Deed.SUSPEND: Way(_suspend, _demand_suspendable),
    Deed.RESUME: Way(_resume, _demand_resumable),
    Deed.SUBMIT: Way(_submit, after=keep_photos),
}
