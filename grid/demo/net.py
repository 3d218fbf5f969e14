"""Draws the plan: cuts the outline into grids and cells, lays the roads, and founds it all by the operator's deeds."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from functools import partial

import shapely
from shapely.geometry import LineString, Point, Polygon
from shapely.geometry.base import BaseGeometry

from communities.models import Organisation, User
from grid.models import Area, Road
from grid.net import drawing, geometry, landmarks, paving
from grid.net.landmarks import PointWords
from grid.net.paving import RoadWords, SegmentWords
from grid.net.sketches import Sketch
from kit.deeds import deed

from . import plan
from .plan import GridPlan, RoadPlan

SINCE = date(2024, 1, 1)
"""The day from which the demo town has its net."""

STEP = 10**-geometry.DECIMALS
"""Corners lie on this raster, so that those of neighbours are the same after rounding."""

FRONT = 25
"""Metres from the middle of a road to the edge of its street-front cells."""

HOUSE_EVERY = 11
"""Metres along a road from one house to the next."""

OVERSHOOT = 2 * STEP
"""Degrees by which a line that divides a grid reaches over its edge, so that it meets it on the raster too."""


@deed
def tell() -> None:
    """Tell the net where it is not there yet, and let each part find its organisation as soon as that is there."""
    operator = User.objects.get(username="admin")
    if not Area.objects.filter(code=plan.TOWN).exists():
        _tell_areas(operator)
        _tell_roads(operator)
        _tell_points(operator)
    _link(operator)


def _tell_areas(by: User) -> None:
    cells = _cells()
    found = partial(drawing.found_area, since=SINCE, is_schematic=True, by=by)
    shapes = {number: shapely.union_all(parts) for number, parts in cells.items()}
    whole = _sketch(shapely.union_all(list(shapes.values())))
    town = found(code=plan.TOWN, name="玉祁街道", name_en="Yuqi Subdistrict", level=Area.Level.TOWN, sketch=whole)
    zones = {}
    for letter, (code, name, name_en) in plan.ZONES.items():
        outline = _sketch(shapely.union_all([shapes[grid.number] for grid in plan.GRIDS if grid.zone == letter]))
        level = Area.Level.ZONE
        zones[letter] = found(code=code, name=name, name_en=name_en, level=level, parent=town, sketch=outline)
    for each in plan.GRIDS:
        part = partial(found, kind=Area.Kind.COMMUNITY)
        code, outline = f"{plan.TOWN}{each.number:03}", _sketch(shapes[each.number])
        level, zone = Area.Level.GRID, zones[each.zone]
        grid = part(name=each.name, name_en=each.name_en, code=code, level=level, parent=zone, sketch=outline)
        for serial, cell in enumerate(cells[each.number], 1):
            part(
                code=f"{code}{serial:02}",
                name=f"{each.name}第{serial}网格",
                name_en=f"{each.name_en}, cell {serial}",
                level=Area.Level.CELL,
                parent=grid,
                sketch=_sketch(cell),
            )
    _tell_street_fronts(zones["N"], by)


def _tell_street_fronts(zone: Area, by: User) -> None:
    taken: BaseGeometry = Polygon()
    found = partial(drawing.found_area, since=SINCE, is_schematic=True, by=by, kind=Area.Kind.STREET)
    for road in (road for road in plan.ROADS if road.merchants):
        fronts = []
        for line, _begin, _end in _stretches(road):
            fronts.append(shapely.difference(_beside(line, FRONT), taken, grid_size=STEP))
            taken = shapely.union(taken, fronts[-1], grid_size=STEP)
        code = f"{plan.TOWN}R{road.number:03}"
        grid = found(
            code=code,
            name=f"{road.name}街面",
            name_en=f"{road.name_en} fronts",
            level=Area.Level.GRID,
            parent=zone,
            sketch=_sketch(shapely.union_all(fronts, grid_size=STEP)),
        )
        for serial, front in enumerate(fronts, 1):
            found(
                code=f"{code}{serial:02}",
                name=f"{road.name}街面第{serial}段",
                name_en=f"{road.name_en} fronts, stretch {serial}",
                level=Area.Level.CELL,
                parent=grid,
                sketch=_sketch(front),
            )


def _tell_roads(by: User) -> None:
    grids = {area.code: area for area in Area.objects.filter(kind=Area.Kind.STREET, level=Area.Level.GRID)}
    english = {road.name: road.name_en for road in plan.ROADS} | plan.ENDS_IN_ENGLISH
    for each in plan.ROADS:
        words = RoadWords(
            name=each.name,
            name_en=each.name_en,
            road_class=each.road_class,
            begins_at=each.way[0][0],
            ends_at=each.way[-1][0],
            grid=grids.get(f"{plan.TOWN}R{each.number:03}"),
            is_pilot=bool(each.merchants),
            is_schematic=True,
        )
        road = paving.found_road(code=f"R{each.number:03}", words=words, since=SINCE, by=by)
        house = 1
        for number, (line, begin, end) in enumerate(_stretches(each), 1):
            last = house + 2 * max(0, round(geometry.length_of(line)) // HOUSE_EVERY - 1)
            stretch = SegmentWords(
                name=f"{begin}—{end}",
                name_en=f"{english[begin]} to {english[end]}",
                odd_from=house,
                odd_to=last,
                even_from=house + 1,
                even_to=last + 1,
            )
            paving.draw_segment(road=road, number=number, words=stretch, sketch=_sketch(line), since=SINCE, by=by)
            house = last + 2


def _tell_points(by: User) -> None:
    roads = {road.name: road for road in Road.objects.all()}
    for serial, each in enumerate(plan.POINTS, 1):
        words = PointWords(each.name, each.name_en, each.kind, roads[each.road], each.house_number)
        landmarks.found_point(code=f"P{serial:03}", words=words, position=None, since=SINCE, by=by)


def _link(by: User) -> None:
    """The organisations of the demo town come in two tellings, the net in one."""
    ours = {road.name: road.merchants for road in plan.ROADS if road.merchants}
    organisations = Organisation.objects.in_bulk(field_name="name")
    for area in Area.objects.filter(organisation=None, level__in=[Area.Level.TOWN, Area.Level.GRID]):
        unit = organisations.get("玉祁城管" if area.kind == Area.Kind.STREET else area.name)
        if unit is not None:
            drawing.change_area(
                area=area,
                name=area.name,
                name_en=area.name_en,
                organisation=unit,
                is_schematic=area.is_schematic,
                by=by,
            )
    for road in Road.objects.filter(group=None, name__in=ours):
        group = organisations.get(ours[road.name])
        if group is not None:
            paving.change_road(road=road, words=replace(paving.words_of(road), group=group), by=by)


def _cells() -> dict[int, list[BaseGeometry]]:
    """The unit cells of each grid, numbered from left to right and from top to bottom."""
    outline = LineString(plan.OUTLINE)
    between = [LineString(line) for line in (plan.EXPRESSWAY, *plan.BETWEEN_GRIDS)]
    grids = {grid.number: _piece_at(grid.at, _pieces([outline, *between])) for grid in plan.GRIDS}
    within = [line for grid in plan.GRIDS for line in _dividing(grid, grids[grid.number])]
    cells: dict[int, list[BaseGeometry]] = {number: [] for number in grids}
    for piece in _pieces([outline, *between, *within]):
        point = piece.representative_point()
        cells[next(number for number, shape in grids.items() if shape.contains(point))].append(piece)
    for grid in plan.GRIDS:
        cells[grid.number].sort(key=lambda cell: _place(cell, grid, grids[grid.number]))
    return cells


def _pieces(lines: Iterable[BaseGeometry]) -> list[BaseGeometry]:
    noded = shapely.union_all(list(lines), grid_size=STEP)
    return list(shapely.polygonize(list(shapely.get_parts(noded))).geoms)


def _piece_at(position: tuple[float, float], pieces: Iterable[BaseGeometry]) -> BaseGeometry:
    return next(piece for piece in pieces if piece.contains(Point(position)))


def _dividing(grid: GridPlan, shape: BaseGeometry) -> Iterator[BaseGeometry]:
    """The lines along which a grid is divided, cut off just behind its edge."""
    west, south, east, north = shape.bounds
    reach = shape.buffer(OVERSHOOT)
    for column in range(1, grid.columns):
        x = west + (east - west) * column / grid.columns
        yield shapely.intersection(LineString([(x, south - OVERSHOOT), (x, north + OVERSHOOT)]), reach)
    for row in range(1, grid.rows):
        y = south + (north - south) * row / grid.rows
        yield shapely.intersection(LineString([(west - OVERSHOOT, y), (east + OVERSHOOT, y)]), reach)


def _place(cell: BaseGeometry, grid: GridPlan, shape: BaseGeometry) -> tuple[int, int]:
    """In which row and column of its grid a cell stands."""
    west, south, east, north = shape.bounds
    point = cell.representative_point()
    return (
        int((north - point.y) / (north - south) * grid.rows),
        int((point.x - west) / (east - west) * grid.columns),
    )


def _stretches(road: RoadPlan) -> Iterator[tuple[BaseGeometry, str, str]]:
    """The segments of a road: the line, and what it begins and ends at."""
    begin, *further = road.way
    points = [begin[1:]]
    for name, *position in further:
        points.append((position[0], position[1]))
        if name:
            yield LineString(points), begin[0], name
            begin, points = (name, position[0], position[1]), [points[-1]]


def _beside(line: BaseGeometry, metres: float) -> BaseGeometry:
    """The strip along a line, so many metres to both sides."""
    latitude = line.centroid.y
    east, north = geometry.scale(latitude)
    strip = geometry.flat(line, latitude=latitude).buffer(metres, cap_style="flat", join_style="mitre")
    return shapely.set_precision(shapely.transform(strip, lambda points: points / (east, north)), STEP)


def _sketch(shape: BaseGeometry) -> Sketch:
    return Sketch(geometry.written_down(shape))
