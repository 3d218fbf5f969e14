"""Where a report says it is: by a position, by road and house number, or by words that name them.

Words are read with the town's own names: a road with a number behind it, a thing that everybody knows. What they do not
tell is not made up: whoever takes the report in sets it right.
"""

from dataclasses import dataclass, replace
from datetime import date

from django.utils.translation import gettext as _

from grid.models import ADDRESS_LENGTH, Area, Road, Segment
from grid.net import locating, mentions
from grid.net.geometry import Position
from kit.refusals import Refused, as_written


@dataclass(frozen=True)
class Spot:
    """Where it is, as it was told; all of it may be missing."""

    position: Position | None = None
    road: Road | None = None
    house_number: int | None = None
    words: str = ""


@dataclass(frozen=True)
class Placed:
    """Where it is, as the case keeps it."""

    position: Position | None
    road: Road | None
    segment: Segment | None
    house_number: int | None
    cell: Area | None
    community: Area | None
    words: str


def place(spot: Spot, *, by_picture: Position | None, on: date, may_be_missing: bool = False) -> Placed:
    """Find where a report lies on this day. What was said goes before what its first picture knows.

    With ``may_be_missing`` it may lie nowhere: what people do is no thing in a street.

    Raises ``Refused`` (422): ``outside`` for a position that is not in the town, ``house_unknown`` for a number that the
    road does not have, ``address_too_long``, ``place_missing``.
    """
    words = as_written(spot.words, most=ADDRESS_LENGTH, field="address")
    if spot.position is not None:
        locating.demand_in_town(spot.position, on=on)
    said = _read(replace(spot, words=words), on)
    segment, position = None, said.position
    if said.road is not None and said.house_number is not None:
        segment, standing = _house(said.road, said.house_number, on, is_certain=spot.house_number is not None)
        position = position or standing
    if position is None and said.road is None:
        position = _in_town(by_picture, on)
    if position is None and said.road is None and not words and not may_be_missing:
        raise Refused(
            "place_missing",
            _("Where is it? Say it in words, choose the road, or send a picture that knows its place."),
            status=422,
            field="address",
        )
    if position is None:
        return Placed(None, said.road, segment, said.house_number, None, None, words)
    found = locating.place_at(position, on=on)
    if said.road is not None and found.road != said.road:
        # What was chosen stands: a corner belongs to two roads, and phones err.
        return Placed(position, said.road, segment, said.house_number, found.cell, found.community, words)
    segment = segment or found.segment
    return Placed(position, found.road, segment, said.house_number, found.cell, found.community, words)


def words_for(position: Position, *, on: date) -> str:
    """Where a position lies, in words: the road and its stretch, and the cell; empty where the town has no name for it."""
    found = locating.place_at(position, on=on)
    named = [found.road.spoken_name, found.segment.spoken_name] if found.road and found.segment else []
    return " · ".join(filter(None, [*named, found.cell.spoken_name if found.cell else ""]))


def _read(spot: Spot, on: date) -> Spot:
    """Fill in what the words name and nothing else tells."""
    if not spot.words or spot.position is not None or spot.road is not None:
        return spot
    named = mentions.road_in(spot.words, on=on)
    if named is not None:
        return replace(spot, road=named.road, house_number=named.house_number)
    point = mentions.point_in(spot.words, on=on)
    if point is not None:
        return replace(spot, position=(point.longitude, point.latitude))
    return spot


def _house(road: Road, number: int, on: date, *, is_certain: bool) -> tuple[Segment | None, Position | None]:
    found = locating.house_at(road, number, on=on)
    if found is not None:
        return found
    if not is_certain:
        return None, None  # it was read out of words, and may be the number of something else
    raise Refused(
        "house_unknown",
        _("We know no number %(number)d on %(road)s. Leave the number out and say in words where it is.")
        % {"number": number, "road": road.spoken_name},
        status=422,
        field="house_number",
    )


def _in_town(position: Position | None, on: date) -> Position | None:
    """A picture may have been taken anywhere; of one from elsewhere nothing is learnt."""
    if position is None:
        return None
    try:
        locating.demand_in_town(position, on=on)
    except Refused:
        return None
    return position
