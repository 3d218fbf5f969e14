"""Where something is, in the words of the net: in which cell, on which road, at which house.

Boxes are asked of the database, shapes are compared here: a town has a few hundred of them.
"""

from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry

from grid.models import Area, Boundary, Footprint, Road, Segment, in_force
from kit.refusals import Refused

from . import geometry
from .geometry import Position

Shape = TypeVar("Shape", bound=Footprint)

NEAR_A_ROAD = 40
"""Metres from its middle within which something lies on a road: a wide one with its footways and house fronts."""

BESIDE_THE_TOWN = 300
"""Metres outside its outline that still are the town: phones err, and the outline of a drawing more."""

FROM_THE_MIDDLE = 9.0
"""Metres from the middle of a road to the fronts of its houses, where nobody measured them."""


@dataclass(frozen=True)
class Place:
    """Where a position lies on a day. Whatever is not known is None.

    ``community`` is the community grid around it: on a street front another area than ``grid``, and not among ``areas``,
    because nobody of the community answers for the street; elsewhere the same.
    """

    town: Area | None
    zone: Area | None
    grid: Area | None
    cell: Area | None
    community: Area | None
    segment: Segment | None

    @property
    def road(self) -> Road | None:
        return self.segment.road if self.segment else None

    @property
    def areas(self) -> list[Area]:
        """From the cell up to the town."""
        return [area for area in (self.cell, self.grid, self.zone, self.town) if area is not None]


def place_at(position: Position, *, on: date) -> Place:
    """What lies at this position on this day. On the edge of two cells it is the one with the smaller code.

    A street-front cell lies over the community's cells and goes first: it was drawn for what happens on the street.
    Which community it runs through is told beside it, by the community's cell there or else by the community's own outline.
    Two queries.
    """
    found: dict[str, Area] = {}
    around: dict[str, Area] = {}
    for area in sorted(_areas_at(position, on), key=lambda area: (area.kind != Area.Kind.STREET, area.code)):
        found.setdefault(area.level, area)
        if area.kind == Area.Kind.COMMUNITY:
            around.setdefault(area.level, area)
    cell = found.get(Area.Level.CELL)
    if cell is not None and cell.parent is not None:
        # The chain of a cell is the chain of its grid, wherever a careless line has drawn the grid's edge.
        found[Area.Level.GRID] = cell.parent
        if cell.parent.parent is not None:
            found[Area.Level.ZONE] = cell.parent.parent
    in_community = around.get(Area.Level.CELL)
    return Place(
        town=found.get(Area.Level.TOWN),
        zone=found.get(Area.Level.ZONE),
        grid=found.get(Area.Level.GRID),
        cell=cell,
        community=in_community.parent if in_community is not None else around.get(Area.Level.GRID),
        segment=nearest_segment(position, on=on),
    )


def nearest_segment(position: Position, *, on: date, within: float = NEAR_A_ROAD) -> Segment | None:
    """The stretch of road nearest to the position on this day, if one lies within so many metres."""
    around = geometry.Box(*position, *position).widened(within)
    near = _touching(around, Segment.objects.filter(in_force(on), in_force(on, below="road")).select_related("road"))
    measured = [(geometry.metres_to(geometry.drawn(segment.shape), position), segment.pk, segment) for segment in near]
    best = min(measured, default=None)
    return best[2] if best is not None and best[0] <= within else None


def demand_in_town(position: Position, *, on: date) -> None:
    """Raise ``Refused("outside", 422)`` for a position that is not in the town, nor a little beside it.

    Without a town that was drawn nothing is outside.
    """
    demand_near(position, town_outline(on=on))


def demand_near(position: Position, outline: BaseGeometry | None) -> None:
    """The same, asked of the outline of the town."""
    if outline is None or geometry.metres_to(outline, position) <= BESIDE_THE_TOWN:
        return
    raise Refused(
        "outside",
        _("This place lies outside the town. Please choose it on the map, or tell road and house number."),
        status=422,
        field="position",
    )


def town_outline(*, on: date) -> BaseGeometry | None:
    """The outline of the town on this day, or None where nobody has drawn it."""
    boundary = (
        Boundary.objects.filter(in_force(on), in_force(on, below="area"), area__level=Area.Level.TOWN)
        .order_by("area__code")
        .first()
    )
    return geometry.drawn(boundary.shape) if boundary else None


def house_at(road: Road, number: int, *, on: date) -> tuple[Segment, Position] | None:
    """Where a house of the road stands, between the first and last number of its stretch; None where no stretch has it."""
    side = "odd" if number % 2 else "even"
    segment = (
        Segment.objects.filter(in_force(on), road=road, **{f"{side}_from__lte": number, f"{side}_to__gte": number})
        .select_related("road")
        .order_by("number")
        .first()
    )
    if segment is None:
        return None
    first, last = getattr(segment, f"{side}_from"), getattr(segment, f"{side}_to")
    share = (number - first) / (last - first) if last > first else 0.5
    is_left = (segment.odd_side == Segment.Side.LEFT) == bool(number % 2)
    return segment, _beside(segment, share, FROM_THE_MIDDLE if is_left else -FROM_THE_MIDDLE)


def middle_of(segment: Segment) -> Position:
    """The middle of a stretch of road."""
    return _beside(segment, 0.5, 0)


def _beside(segment: Segment, share: float, metres: float) -> Position:
    """The position at this share of the line, so many metres to its left (or, below 0, to its right)."""
    line = geometry.drawn(segment.shape)
    latitude = line.bounds[1]
    plane = geometry.flat(line, latitude=latitude)
    here = plane.interpolate(share, normalized=True)
    before, after = (plane.interpolate(min(1, max(0, share + step)), normalized=True) for step in (-0.01, 0.01))
    along_x, along_y = after.x - before.x, after.y - before.y
    length = (along_x**2 + along_y**2) ** 0.5 or 1
    x, y = here.x - along_y / length * metres, here.y + along_x / length * metres
    east, north = geometry.scale(latitude)
    return round(x / east, geometry.DECIMALS), round(y / north, geometry.DECIMALS)


def _areas_at(position: Position, on: date) -> list[Area]:
    point = geometry.Box(*position, *position)
    boundaries = _touching(
        point,
        Boundary.objects.filter(in_force(on), in_force(on, below="area")).select_related("area__parent__parent"),
    )
    return [boundary.area for boundary in boundaries if geometry.holds(geometry.drawn(boundary.shape), position)]


def _touching(box: geometry.Box, rows: QuerySet[Shape]) -> QuerySet[Shape]:
    """Those whose box touches this one."""
    return rows.filter(west__lte=box.east, east__gte=box.west, south__lte=box.north, north__gte=box.south)
