"""What is done with a case until a unit has it: send out, split for several, back to the acceptor, “not ours”."""

import uuid

from django.utils.translation import gettext as _

from communities.models import Organisation
from grid.models import Case
from grid.reports import receipts
from grid.rules import deadlines, dispatching
from grid.rules.transitions import Deed
from grid.rules.ways import Asked, Way, Ways
from kit.refusals import Refused


def _dispatch(asked: Asked) -> None:
    """The handling clock starts: the limit is that of the standard it was filed under."""
    unit = asked.given.unit
    if unit is None:
        raise ValueError("sent to nobody")
    dispatching.demand_able(unit, asked.case)
    case = asked.case
    case.dispatcher, asked.step.to_unit = asked.by, unit
    start_clock(case, unit, asked)


def start_clock(case: Case, unit: Organisation, asked: Asked) -> None:
    """From now on it is the unit's, and the limit runs."""
    case.unit, case.handler = unit, None
    case.dispatched_at, case.handled_at = asked.now, None
    deadlines.start(case, asked.now)


def _demand_whole(asked: Asked) -> None:
    if Case.objects.open_parts_of(asked.case).exists():
        raise Refused("parts_open", _("Parts of it are at other units already, so it stays filed."))


def _hand_back(asked: Asked) -> None:
    """It is a report again, and filed anew: under what, the acceptor decides."""
    asked.case.standard, asked.case.filed_at = None, None


def _demand_no_part(asked: Asked) -> None:
    if asked.case.part_of_id is not None:
        raise Refused("is_a_part", _("It is a part of another case; that one can be split further."))


def _split(asked: Asked) -> None:
    """Each of the other units gets a part with a number and a deadline of its own (协调件).

    The case itself is then sent to the unit that leads, and is closed when its parts have ended.
    """
    case = asked.case
    units = list({unit.pk: unit for unit in asked.given.units}.values())
    having = set(Case.objects.open_parts_of(case).values_list("unit", flat=True))
    for unit in units:
        dispatching.demand_able(unit, case, field="units")
        if unit.pk in having:
            raise Refused(
                "part_there",
                _("%(unit)s has a part of it already.") % {"unit": unit.spoken_name},
                status=422,
                field="units",
            )
    case.business = Case.Business.COORDINATED
    asked.parts = [_part(case, unit, asked) for unit in units]


def _part(case: Case, unit: Organisation, asked: Asked) -> Case:
    """A part of the case for this unit; who reported it stays with the whole, and no receipt opens it."""
    kept = (
        *("channel", "category", "standard", "description", "longitude", "latitude", "address", "road", "segment"),
        *(
            "house_number",
            "cell",
            "community",
            "is_dwelling",
            "is_public",
            "is_urgent",
            "is_complaint",
            "against",
            "reported_at",
            "filed_at",
            "business",
        ),
    )
    part = Case(
        **{name: getattr(case, name) for name in kept},
        receipt=receipts.hashed(uuid.uuid4().hex),
        part_of=case,
        dispatcher=asked.by,
    )
    start_clock(part, unit, asked)
    return part


def _return(asked: Asked) -> None:
    """Back to whoever sent it out, with whose it is instead; the clock starts anew with the next unit."""
    case, proposed = asked.case, asked.given.proposed_unit
    if proposed is not None and proposed.pk == case.unit_id:
        raise Refused("own_unit", _("Please name another unit than your own."), status=422, field="proposed_unit")
    case.unit, case.handler, case.delay_asked_at = None, None, None
    deadlines.end(case)
    asked.step.to_unit = proposed


WAYS: Ways = {
    Deed.DISPATCH: Way(_dispatch),
    Deed.HAND_BACK: Way(_hand_back, _demand_whole),
    Deed.SPLIT: Way(_split, _demand_no_part),
    Deed.RETURN: Way(_return),
}
