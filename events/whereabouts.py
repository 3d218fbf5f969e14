"""On which road of the net an action takes place, and where there: chosen, or read out of the words in which its place is told."""

from datetime import date
from typing import NamedTuple

from grid.models import Road
from grid.net import locating, mentions
from grid.net.geometry import Position
from grid.net.mentions import Mention


class Whereabouts(NamedTuple):
    """A road, and a position on it where the words tell one; both may be unknown."""

    road: Road | None = None
    position: Position | None = None


NOWHERE = Whereabouts()


def on_the_net(place: str, meeting_point: str, *, on: date, chosen: Road | None = None) -> Whereabouts:
    """Where an action with these words lies on this day: on ``chosen``, or else on the first road that the words name.

    The place goes before the meeting point. The position is that of the house whose number stands behind the name of the
    road, or of a point of interest along it that the words name; of the road alone none is made up.
    """
    said = [mentions.road_in(words, on=on) for words in (place, meeting_point)]
    road = chosen or next((mention.road for mention in said if mention), None)
    if road is None:
        return NOWHERE
    return Whereabouts(road, _house(road, said, on) or _point(road, f"{place}\n{meeting_point}", on))


def _house(road: Road, said: list[Mention | None], on: date) -> Position | None:
    for mention in said:
        if mention and mention.road == road and mention.house_number:
            found = locating.house_at(road, mention.house_number, on=on)
            if found is not None:
                return found[1]
    return None


def _point(road: Road, words: str, on: date) -> Position | None:
    point = mentions.point_in(words, on=on, road=road)
    return (point.longitude, point.latitude) if point else None
