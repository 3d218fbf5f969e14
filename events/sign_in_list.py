"""The list that lies on the table when people arrive: who is expected for each shift, with room for a signature."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from communities.models import Membership, Organisation

from . import permits, rosters
from .models import Action, Shift, SignUp

SPARE = 5
"""Empty rows for people who come without having signed up."""
SPARE_OF_AN_EMPTY_LIST = 10


@dataclass(frozen=True)
class Line:
    """Somebody who is expected. ``phone`` is the whole number, to be masked where it is shown; empty once it is gone."""

    name: str
    phone: str
    organisation: str


@dataclass(frozen=True)
class SignInList:
    """The sheet of one shift."""

    shift: Shift
    coming: list[Line]
    waiting: list[Line]

    @property
    def spare(self) -> range:
        """The numbers of the empty rows."""
        first = len(self.coming) + 1
        return range(first, first + (SPARE if self.coming else SPARE_OF_AN_EMPTY_LIST))


def lists_of(action: Action, shifts: Iterable[Shift], now: datetime) -> list[SignInList]:
    """A sheet for each of these shifts of ``action``, with four queries for all of them."""
    held = rosters.rosters_of(shifts)
    people = {sign_up.person_id for roster in held.values() for sign_up in roster.everybody()}
    organisations = _organisations(action, people)

    def line(sign_up: SignUp) -> Line:
        is_kept = permits.phones_are_shown(sign_up.shift, now)
        return Line(
            sign_up.person.name,
            (sign_up.person.phone or "") if is_kept else "",
            organisations.get(sign_up.person_id, ""),
        )

    return [
        SignInList(shift, [line(each) for each in roster.coming], [line(each.sign_up) for each in roster.waiting])
        for shift, roster in held.items()
    ]


def _organisations(action: Action, people: Iterable[int]) -> Mapping[int, str]:
    """For which of the organisations that take part somebody comes; to what else people belong is their own."""
    partners = action.parties.joined().values("organisation")
    memberships = Membership.objects.live().filter(person__in=people).select_related("organisation")
    involved = memberships.filter(organisation__in=Organisation.objects.filter(pk__in=partners)) | memberships.filter(
        organisation=action.host_id
    )
    return {each.person_id: each.organisation.spoken_name for each in involved.order_by("-pk")}
