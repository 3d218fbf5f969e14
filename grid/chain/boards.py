"""The notice board of a road or an area (公示牌): names, what they answer for, and the number of the office.

The town publishes who answers for a road and a duty phone (domain 4.6); somebody's own number is never on it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from communities.models import Organisation
from grid.models import Area, Card, Road, in_force

from . import cards
from .answering import Acting, Chain
from .places import Place
from .words import title_of


@dataclass(frozen=True)
class Person:
    """A line of the board: the role, the holder's name or the department, who stands in, and the duty phone."""

    role: str
    name: str
    is_organisation: bool
    organisation: Organisation | None
    stretch: str
    stands_in: str
    phone: str


@dataclass(frozen=True)
class Board:
    """Everything that the board says."""

    place: Place
    people: Sequence[Person]
    micro_road_chiefs: int
    card: Card | None
    territory: Organisation | None
    group: Organisation | None
    length: int
    """Metres, of a road."""


def board_of(place: Place, on: date) -> Board:
    """What is said of the place on this day. A bounded number of queries."""
    chain = cards.chain_of(place, on)
    return Board(
        place=place,
        people=people_of(chain),
        micro_road_chiefs=len(chain.micro_road_chiefs),
        card=None if cards.is_over(place, on) else cards.versions_of(place).first(),
        territory=chain.territory,
        group=place.group if isinstance(place, Road) else None,
        length=_length_of(place, on) if isinstance(place, Road) else 0,
    )


def people_of(chain: Chain) -> list[Person]:
    """Those who answer for the place by name, from the nearest to the highest, departments last; micro road chiefs are a number."""
    return [_person(each) for each in _in_order(chain)]


def _length_of(road: Road, on: date) -> int:
    return sum(road.segments.filter(in_force(on)).values_list("length", flat=True))


def _in_order(chain: Chain) -> Iterator[Acting]:
    if chain.cell_worker is not None:
        yield chain.cell_worker
    yield from chain.road_chiefs
    if chain.zone_head is not None:
        yield chain.zone_head
    yield from chain.leading_group
    if chain.areas and chain.areas[0].level == Area.Level.CELL:
        return
    told: set[int | None] = set()
    for each in chain.departments:
        # What falls to whom is said by a case; here a department stands once.
        if each.post.organisation_id not in told:
            told.add(each.post.organisation_id)
            yield each


def _person(acting: Acting) -> Person:
    post = acting.post
    holder = post.person
    return Person(
        role=title_of(post),
        name=holder.name if holder is not None else post.organisation.spoken_name if post.organisation else "",
        is_organisation=holder is None,
        organisation=post.organisation,
        stretch=post.segment.spoken_name if post.segment is not None else "",
        stands_in=acting.person.name if acting.stands_in and acting.person is not None else "",
        phone=post.duty_phone,
    )
