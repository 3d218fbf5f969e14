"""Several cases are sent out at once: each to its own unit, each in a transaction of its own."""

from collections.abc import Iterable
from dataclasses import dataclass

from communities.models import Organisation, User
from grid import permits
from grid.cases.moving import move
from grid.models import Case
from grid.rules.transitions import Actor, Deed
from kit.refusals import Refused

from . import suggesting

MOST = 20
"""At once: each asks who answers for its place, and whoever confirms reads them all."""


@dataclass(frozen=True)
class Choice:
    """A case that may be sent out, the unit that is proposed for it, and why."""

    case: Case
    unit: Organisation | None
    because: str


@dataclass(frozen=True)
class Outcome:
    """What became of one: nothing in ``why_not`` means that it was sent."""

    case: Case
    unit: Organisation | None
    why_not: str = ""


def chosen(numbers: Iterable[str], by: User) -> list[Choice]:
    """The cases with these numbers that this person may send out, each with the likeliest unit. Others are not in it."""
    cases = Case.objects.filter(number__in=list(numbers)[:MOST]).select_related(
        "category", "standard", "road", "segment", "cell", "unit"
    )
    return [_choice(case) for case in cases.order_by("pk") if Actor.DISPATCHER in permits.roles_toward(by, case)]


def send_out(orders: Iterable[tuple[Case, Organisation | None]], by: User) -> list[Outcome]:
    """Send each case to its unit; what is refused is told with its reason and holds up none of the others.

    Not a deed: each case is one.
    """
    return [_sent(case, unit, by) for case, unit in orders]


def _sent(case: Case, unit: Organisation | None, by: User) -> Outcome:
    try:
        move(case=case, deed=Deed.DISPATCH, by=by, unit=unit)
    except Refused as refusal:
        return Outcome(case, unit, refusal.sentence)
    return Outcome(case, unit)


def _choice(case: Case) -> Choice:
    proposed = suggesting.units_for(case)
    best = proposed[0] if proposed else None
    return Choice(case, best.organisation if best else None, best.because if best else "")
