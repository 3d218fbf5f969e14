"""Is every spot of the town in exactly one cell? What overlaps, what nobody answers for, and what lies outside.

不留死角: the net of a day is looked at as a whole, in as many queries as it has kinds of things.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

import shapely
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grid.models import Area, Boundary, Road, Segment, in_force

from . import fitting, geometry
from .fitting import Outside, Overlap, Sheet
from .geometry import Position

SORT_WORDS: dict[str, Any] = {
    "overlap": gettext_lazy("Overlap"),
    "gap": gettext_lazy("Gap"),
    "outside": gettext_lazy("Outside"),
    "road": gettext_lazy("Road without a cell"),
}
"""What is said of each sort of line."""


class Gap(NamedTuple):
    """Ground of the town that lies in no community's cell."""

    square_metres: int
    at: Position
    # The grid that it lies in, if it lies in one.
    grid: Area | None


class Report(NamedTuple):
    """What is wrong with the net of a day; nothing where it is whole."""

    day: date
    has_town: bool
    overlaps: list[Overlap]
    gaps: list[Gap]
    outsiders: list[Outside]
    # Roads of which no stretch touches a cell, and those without a stretch.
    roads_beside: list[Road]

    @property
    def is_whole(self) -> bool:
        return self.has_town and not (self.overlaps or self.gaps or self.outsiders or self.roads_beside)


class Line(NamedTuple):
    """One line of the report as people read it: of what sort, in a sentence, how large, where, and about what."""

    sort: str
    sentence: str
    square_metres: int | None
    at: Position | None
    areas: tuple[Area, ...] = ()
    road: Road | None = None

    @property
    def where(self) -> str:
        """The position as an address takes it."""
        return f"{self.at[0]:.6f},{self.at[1]:.6f}" if self.at else ""


def report(day: date) -> Report:
    """Look at the net of a day. Asks the database as often as there are kinds of things, whatever their number."""
    standing = fitting.sheets(
        Boundary.objects.filter(in_force(day), in_force(day, below="area"))
        .select_related("area__parent__parent")
        .order_by("area__code")
    )
    cells = [sheet for sheet in standing if sheet.area.level == Area.Level.CELL]
    town = next((sheet for sheet in standing if sheet.area.level == Area.Level.TOWN), None)
    return Report(
        day=day,
        has_town=town is not None,
        overlaps=fitting.overlaps(standing, standing),
        gaps=_gaps(town, cells, standing) if town else [],
        outsiders=fitting.outsiders(standing, standing),
        roads_beside=_roads_beside(day, cells),
    )


def lines(found: Report) -> list[Line]:
    """The report line by line, the gravest first."""
    told = [
        Line("overlap", _overlap_words(each), each.square_metres, each.at, (each.one, each.other))
        for each in sorted(found.overlaps, key=lambda each: -each.square_metres)
    ]
    told += [
        Line("gap", _gap_words(gap), gap.square_metres, gap.at, (gap.grid,) if gap.grid else ())
        for gap in sorted(found.gaps, key=lambda gap: -gap.square_metres)
    ]
    told += [
        Line("outside", _outside_words(each), each.square_metres, each.at, (each.area, each.parent))
        for each in sorted(found.outsiders, key=lambda each: -each.square_metres)
    ]
    told += [
        Line("road", _("%(road)s touches no cell.") % {"road": road.spoken_name}, None, None, road=road)
        for road in found.roads_beside
    ]
    return told


def _gaps(town: Sheet, cells: Sequence[Sheet], standing: Sequence[Sheet]) -> list[Gap]:
    covered = shapely.union_all([sheet.shape for sheet in cells if sheet.area.kind == Area.Kind.COMMUNITY])
    grids = [
        sheet for sheet in standing if sheet.area.level == Area.Level.GRID and sheet.area.kind == Area.Kind.COMMUNITY
    ]
    found = []
    for piece in fitting.strips(shapely.difference(town.shape, covered)):
        at = fitting.position_in(piece)
        grid = next((sheet.area for sheet in grids if geometry.holds(sheet.shape, at)), None)
        found.append(Gap(round(geometry.size_of(piece)), at, grid))
    return found


def _roads_beside(day: date, cells: Sequence[Sheet]) -> list[Road]:
    tree = shapely.STRtree([sheet.shape for sheet in cells])
    in_cells = {
        segment.road_id
        for segment in Segment.objects.filter(in_force(day))
        if len(tree.query(geometry.drawn(segment.shape), predicate="intersects"))
    }
    return [road for road in Road.objects.on(day) if road.pk not in in_cells]


def _overlap_words(each: Overlap) -> str:
    return _("%(one)s and %(other)s overlap.") % {"one": each.one.spoken_name, "other": each.other.spoken_name}


def _gap_words(gap: Gap) -> str:
    if gap.grid is None:
        return _("No grid and no cell covers this ground.")
    return _("No cell of %(grid)s covers this ground.") % {"grid": gap.grid.spoken_name}


def _outside_words(each: Outside) -> str:
    return _("%(area)s reaches beyond %(parent)s.") % {
        "area": each.area.spoken_name,
        "parent": each.parent.spoken_name,
    }
