"""Does a shape fit into the net? It lies in its parent, not on its neighbours, and where the town is.

Two surveys never agree to the hand's breadth, so what is narrower than :data:`SLIVER` is no overlap and no gap, and a part may
reach :data:`REACH` over the edge of what it lies in. What is asked here is asked of all days from one on: a boundary that
is drawn for next month must fit what is drawn for next month.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import NamedTuple

import shapely
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry

from grid.models import Area, Boundary
from kit.refusals import Refused

from . import coordinates, geometry, locating
from .coordinates import System
from .geometry import Position
from .sketches import standing_after

SLIVER = 1.0
"""Metres: two shapes that overlap, or leave a gap, on a narrower strip lie beside each other."""

REACH = 5.0
"""Metres that a part may reach over the edge of its parent."""

SHIFTED = (350, 650)
"""Metres between which something lies off that was given in the wrong system: in Yuqi it is 490 (domain 7.1)."""

MOST_OVERLAPS = 200

BETTER = 4
"""So many times nearer it must lie after converting to be called so given."""


class Overlap(NamedTuple):
    """Two areas of one level and kind that lie on the same ground."""

    one: Area
    other: Area
    square_metres: int
    at: Position


class Outside(NamedTuple):
    """An area of which a part lies outside its parent."""

    area: Area
    parent: Area
    square_metres: int
    at: Position


class Sheet(NamedTuple):
    """A boundary with its shape, read once."""

    boundary: Boundary
    shape: BaseGeometry

    @property
    def area(self) -> Area:
        return self.boundary.area


def sheets(boundaries: Iterable[Boundary]) -> list[Sheet]:
    """Boundaries with their shapes."""
    return [Sheet(boundary, geometry.drawn(boundary.shape)) for boundary in boundaries]


def standing_from(day: date) -> Q:
    """Boundaries that stand on this day or on a later one; what ended on its first day never stood."""
    return standing_after(day) & (Q(area__until__isnull=True) | Q(area__until__gt=day))


def strips(ground: BaseGeometry) -> list[BaseGeometry]:
    """The pieces of this ground that are no mere slivers."""
    if ground.is_empty:
        return []
    pieces = [piece for piece in shapely.get_parts(ground) if piece.geom_type == "Polygon"]
    return [piece for piece in pieces if not geometry.flat(piece).buffer(-SLIVER / 2).is_empty]


def overlaps(ours: Sequence[Sheet], others: Sequence[Sheet]) -> list[Overlap]:
    """Which of ``ours`` lie on which of ``others`` on some day, each pair once. Only one level and kind can get in its way.

    Of more than :data:`MOST_OVERLAPS` the first: a thousand copies of one outline are half a million pairs.
    """
    found: dict[tuple[str, str], Overlap] = {}
    looked_at: set[tuple[int | None, int | None]] = set()
    for mine, theirs in _touching(ours, others):
        if len(found) == MOST_OVERLAPS:
            break
        one, other = sorted((mine, theirs), key=lambda sheet: sheet.area.code)
        if not (_beside(one.area, other.area) and _at_one_time(one.boundary, other.boundary)):
            continue
        if (pair := (one.boundary.pk, other.boundary.pk)) in looked_at:
            continue
        looked_at.add(pair)
        common = strips(shapely.intersection(one.shape, other.shape))
        if common:
            size = round(sum(geometry.size_of(piece) for piece in common))
            found[one.area.code, other.area.code] = Overlap(one.area, other.area, size, position_in(common[0]))
    return [found[pair] for pair in sorted(found)]


def _touching(ours: Sequence[Sheet], others: Sequence[Sheet]) -> Iterator[tuple[Sheet, Sheet]]:
    tree = shapely.STRtree([sheet.shape for sheet in others])
    for mine in ours:
        yield from ((mine, others[at]) for at in tree.query(mine.shape, predicate="intersects"))


def outsiders(parts: Iterable[Sheet], parents: Iterable[Sheet]) -> list[Outside]:
    """Which parts reach over the edge of a parent's boundary of the same time."""
    of_area: dict[int, list[Sheet]] = {}
    for sheet in parents:
        of_area.setdefault(sheet.area.pk, []).append(sheet)
    found = []
    for part in parts:
        for parent in of_area.get(part.area.parent_id or 0, ()):
            beyond = beyond_edge(part.shape, parent.shape) if _at_one_time(part.boundary, parent.boundary) else None
            if beyond is not None:
                size = round(geometry.size_of(beyond))
                found.append(Outside(part.area, parent.area, size, position_in(beyond)))
    return found


def beyond_edge(part: BaseGeometry, whole: BaseGeometry) -> BaseGeometry | None:
    """What of the part lies further than :data:`REACH` outside the whole; None where nothing does."""
    if shapely.covers(whole, part):
        return None
    latitude = whole.centroid.y
    east, north = geometry.scale(latitude)
    over = geometry.flat(part, latitude=latitude) - geometry.flat(whole, latitude=latitude).buffer(REACH)
    return None if over.is_empty else shapely.transform(over, lambda points: points / (east, north))


def demand_fits(boundary: Boundary) -> None:
    """Does a boundary that was just written fit from its first day on?

    Raises ``Refused`` (409): ``outside_parent``, ``parts_outside``, ``overlaps``, each with the names.
    """
    ours = sheets([boundary])
    around = _near(ours[0].shape).filter(standing_from(boundary.since)).exclude(area=boundary.area)
    relatives = Boundary.objects.filter(standing_from(boundary.since)).select_related("area__parent")
    for outside in outsiders(ours, sheets(relatives.filter(area=boundary.area.parent))):
        raise Refused("outside_parent", outside_words(outside), field="shape")
    parts = sheets(relatives.filter(area__parent=boundary.area))
    if out := outsiders(parts, ours):
        raise Refused(
            "parts_outside",
            _("These would lie outside: %(names)s. Draw them anew first, or end them.") % {"names": names(out)},
            field="shape",
        )
    neighbours = around.filter(area__level=boundary.area.level, area__kind=boundary.area.kind)
    if lying := overlaps(ours, sheets(neighbours)):
        raise Refused("overlaps", " ".join(overlap_words(each) for each in lying), field="shape")


def demand_in_town(shape: BaseGeometry, *, town: BaseGeometry | None) -> None:
    """Raise ``Refused("outside", 422)`` for what has a corner that is not in the town, nor a little beside it."""
    for longitude, latitude in shapely.get_coordinates(shape):
        if town is not None and not geometry.holds(town, (longitude, latitude)):
            locating.demand_near((longitude, latitude), town)


def outside_words(outside: Outside) -> str:
    """How far an area lies outside its parent, in a sentence."""
    return _("%(name)s would lie outside %(parent)s, by %(size)d m² near %(where)s.") % {
        "name": outside.area.spoken_name,
        "parent": outside.parent.spoken_name,
        "size": outside.square_metres,
        "where": position_words(outside.at),
    }


def overlap_words(overlap: Overlap) -> str:
    """That two areas overlap, in a sentence."""
    return _("%(one)s and %(other)s would overlap on %(size)d m² near %(where)s.") % {
        "one": overlap.one.spoken_name,
        "other": overlap.other.spoken_name,
        "size": overlap.square_metres,
        "where": position_words(overlap.at),
    }


def position_words(position: Position) -> str:
    """A position as people type it into a map."""
    return f"{position[0]:.5f}, {position[1]:.5f}"


def names(outside: Iterable[Outside]) -> str:
    """Names of areas, each once."""
    return _(", ").join(dict.fromkeys(each.area.spoken_name for each in outside))


# ---------------------------------------------------------------------------------- given in the wrong system


def lies_shifted(kept: BaseGeometry, otherwise: BaseGeometry, standing: BaseGeometry) -> bool:
    """Does what comes instead of ``standing`` lie as far off as the wrong system puts it, and would fit in the other?"""
    latitude = standing.centroid.y
    plane = geometry.flat(standing, latitude=latitude)
    off = geometry.flat(kept, latitude=latitude).hausdorff_distance(plane)
    off_otherwise = geometry.flat(otherwise, latitude=latitude).hausdorff_distance(plane)
    return SHIFTED[0] <= off <= SHIFTED[1] and off_otherwise < off / BETTER


def lies_beside(kept: BaseGeometry, otherwise: BaseGeometry, whole: BaseGeometry) -> bool:
    """Does something new lie outside ``whole`` that would lie in it in the other system?"""
    return beyond_edge(kept, whole) is not None and beyond_edge(otherwise, whole) is None


def demand_right_system(
    kept: BaseGeometry,
    otherwise: BaseGeometry,
    system: System,
    *,
    standing: BaseGeometry | None,
    town: BaseGeometry | None = None,
) -> None:
    """Raise ``Refused("wrong_system", 422)`` for what looks as if it was written in the other system (:func:`lies_shifted`).

    ``kept`` is what was written as read in ``system``, ``otherwise`` as read in the other; without something ``standing``
    the outline of the ``town`` says where things lie.
    """
    if standing is not None:
        is_wrong = lies_shifted(kept, otherwise, standing)
    else:
        is_wrong = town is not None and lies_beside(kept, otherwise, town)
    if is_wrong:
        raise wrong_system(system)


def wrong_system(named: System) -> Refused:
    """The sentence that names the remedy."""
    meant = coordinates.mistaken_for(named)
    return Refused(
        "wrong_system",
        _(
            "This lies about 490 metres off: it looks like %(meant)s and not like %(named)s. Choose %(meant)s and try again."
        )
        % {"meant": meant.label, "named": named.label},
        status=422,
        field="source",
        meant=meant.value,
    )


def _beside(one: Area, other: Area) -> bool:
    return one.pk != other.pk and (one.level, one.kind) == (other.level, other.kind)


def _at_one_time(one: Boundary, other: Boundary) -> bool:
    first, last = max(one.since, other.since), min(_end(one), _end(other))
    return first < last


def _end(boundary: Boundary) -> date:
    ends = [end for end in (boundary.until, boundary.area.until) if end is not None]
    return min(ends, default=date.max)


def _near(shape: BaseGeometry) -> QuerySet[Boundary]:
    box = geometry.box_of(shape)
    return Boundary.objects.filter(
        west__lte=box.east, east__gte=box.west, south__lte=box.north, north__gte=box.south
    ).select_related("area__parent")


def position_in(shape: BaseGeometry) -> Position:
    """A position in the shape, to show where it is."""
    point = shape.representative_point()
    return round(point.x, geometry.DECIMALS), round(point.y, geometry.DECIMALS)
