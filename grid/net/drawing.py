"""Drawing the town: areas are founded, named, and drawn anew from a day on; they end in :mod:`grid.chain.ending`.

All of it is the operator's. The row of the parent is locked, then the row of the area: parts of one parent come one after
another, so that two who draw at the same time cannot both take the same ground. What is written is looked at from its first
day on (:mod:`grid.net.fitting`), and a refusal takes it back.
"""

from datetime import date
from typing import Any

from django.db import IntegrityError
from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry

from communities import permits
from communities.models import Organisation, User
from grid.models import Area, Boundary, Post, Road
from kit.deeds import attempt, deed
from kit.refusals import Refused

from . import codes, fitting, geometry, locating, sketches
from .fitting import demand_right_system
from .sketches import Sketch

Level, Kind = Area.Level, Area.Kind

ABOVE: dict[str, str | None] = {
    Level.TOWN: None,
    Level.ZONE: Level.TOWN,
    Level.GRID: Level.ZONE,
    Level.CELL: Level.GRID,
}
"""In what an area of each level lies."""


@deed
def found_area(
    *,
    code: str,
    name: str,
    level: str,
    sketch: Sketch,
    since: date,
    by: User,
    kind: str = "",
    parent: Area | None = None,
    name_en: str = "",
    organisation: Organisation | None = None,
    is_schematic: bool = False,
) -> Area:
    """An area is there from ``since`` on, with its first outline. Locks the parent.

    Raises ``Refused``: ``operator_only`` (403); (422) ``level_unfit``, ``parent_unfit``, ``kind_unfit``, ``code_unfit``,
    ``name_missing``, ``…_too_long``, ``year_unlikely``, ``wrong_system`` and what :func:`geometry.read_polygon` refuses;
    (409) ``code_taken``, ``outside_parent``, ``overlaps``.
    """
    permits.demand_operator(by)
    held = hold(parent.pk) if parent is not None else None
    boundary = put_area(
        code=code,
        name=name,
        level=level,
        sketch=sketch,
        since=since,
        by=by,
        kind=kind,
        parent=held,
        name_en=name_en,
        organisation=organisation,
        is_schematic=is_schematic,
        town=locating.town_outline(on=since),
    )
    fitting.demand_fits(boundary)
    return boundary.area


@deed
def change_area(
    *, area: Area, name: str, name_en: str, organisation: Organisation | None, is_schematic: bool, by: User
) -> Area:
    """Say anew what an area is called and whose it is. Its code, level and parent stay. Locks the area.

    Raises ``Refused``: ``operator_only`` (403), ``name_missing`` and ``…_too_long`` (422).
    """
    permits.demand_operator(by)
    held = hold(area.pk)
    put_words(held, name=name, name_en=name_en, organisation=organisation, is_schematic=is_schematic)
    return held


@deed
def redraw_area(*, area: Area, sketch: Sketch, since: date, by: User) -> Boundary:
    """The area has this outline from ``since`` on; the one before ends on that day and stays on record.

    One that was to begin on the same day never stands. The same outline again changes nothing. Locks the parent, then the
    area. Raises ``Refused``: ``operator_only`` (403); (422) ``past``, ``too_early``, ``year_unlikely``,
    ``wrong_system`` and what :func:`geometry.read_polygon` refuses; (409) ``ended``, ``outside_parent``,
    ``parts_outside``, ``overlaps``.
    """
    permits.demand_operator(by)
    boundary = put_boundary(hold_below(area), sketch=sketch, since=since, by=by)
    fitting.demand_fits(boundary)
    return boundary


def put_area(
    *,
    code: str,
    name: str,
    level: str,
    sketch: Sketch,
    since: date,
    by: User,
    kind: str = "",
    parent: Area | None = None,
    name_en: str = "",
    organisation: Organisation | None = None,
    is_schematic: bool = False,
    town: BaseGeometry | None,
) -> Boundary:
    """Write an area and its first outline, whether it fits beside the others or not; part of a deed that asks and locks.

    ``town`` is its outline of the first day, where there is one.
    """
    _demand_place(level, kind, parent, since)
    codes.demand_area_code(code, level=level, kind=kind, parent=parent)
    taken = Refused("code_taken", _("There is an area with this code already."), field="code")
    if Area.objects.filter(code=code).exists():
        raise taken
    name, name_en = sketches.read_names(name, name_en)
    sketches.demand_day(since, field="since")
    reading = sketches.read_outline(sketch)
    if level != Level.TOWN:
        demand_right_system(reading.shape, reading.otherwise, sketch.system, standing=None, town=town)
    try:
        with attempt():
            area = Area.objects.create(
                code=code,
                name=name,
                name_en=name_en,
                level=level,
                kind=kind,
                parent=parent,
                organisation=organisation,
                since=since,
                is_schematic=is_schematic,
            )
    except IntegrityError as error:  # meanwhile
        raise taken from error
    return Boundary.objects.create(area=area, since=since, source=sketch.system.value, drawn_by=by, **reading.footprint)


def put_words(area: Area, *, name: str, name_en: str, organisation: Organisation | None, is_schematic: bool) -> None:
    """Write what an area is called; part of a deed that asks and locks."""
    area.name, area.name_en = sketches.read_names(name, name_en)
    area.organisation, area.is_schematic = organisation, is_schematic
    area.save(update_fields=["name", "name_en", "organisation", "is_schematic"])


def put_boundary(area: Area, *, sketch: Sketch, since: date, by: User) -> Boundary:
    """Write the outline from a day on, whether it fits beside the others or not; part of a deed that asks and locks."""
    _demand_standing(area)
    sketches.demand_not_past(since, field="since")
    standing = area.boundaries.get(until=None)
    if since < standing.since:
        raise too_early(standing.since)
    reading = sketches.read_outline(sketch)
    before = geometry.drawn(standing.shape)
    if reading.is_like(before):
        return standing
    demand_right_system(reading.shape, reading.otherwise, sketch.system, standing=before)
    standing.until = since
    standing.save(update_fields=["until"])
    return Boundary.objects.create(area=area, since=since, source=sketch.system.value, drawn_by=by, **reading.footprint)


def put_end(area: Area, *, until: date) -> None:
    """Write the end of an area and of its outline; part of a deed that asks and locks. Again changes nothing.

    Raises ``Refused("still_needed")`` while parts of it, posts for it or a road along it stand on that day: a deed that ends
    the posts too does so before.
    """
    if area.until == until:
        return
    _demand_standing(area)
    sketches.demand_not_past(until, field="until")
    if until < area.since:
        raise too_early(area.since, field="until")
    _demand_unneeded(area, until)
    area.until = until
    area.save(update_fields=["until"])
    for boundary in area.boundaries.filter(until=None):
        boundary.until = max(until, boundary.since)
        boundary.save(update_fields=["until"])


def hold(pk: int) -> Area:
    """Take the row of an area, as it is now. On SQLite the transaction has the pen, and this only reads again."""
    return Area.objects.select_for_update().get(pk=pk)


def hold_below(area: Area) -> Area:
    """:func:`hold` of the parent's row first, then of the area's: whoever draws another part of the parent waits there."""
    parent = hold(area.parent_id) if area.parent_id is not None else None
    held = hold(area.pk)
    held.parent = parent
    return held


def _demand_place(level: str, kind: str, parent: Area | None, since: date) -> None:
    if level not in ABOVE:
        raise Refused("level_unfit", _("Town, zone, grid or unit cell?"), status=422, field="level")
    if level == Level.TOWN and Area.objects.of_level(Level.TOWN).filter(sketches.standing_after(since)).exists():
        raise Refused("level_unfit", _("The town is there already."), status=422, field="level")
    if (parent.level if parent else None) != ABOVE[level]:
        words: dict[str, Any] = {
            Level.TOWN: _("A town lies in no other area."),
            Level.ZONE: _("A zone lies in the town."),
            Level.GRID: _("A grid lies in a zone."),
            Level.CELL: _("A unit cell lies in a grid."),
        }
        raise Refused("parent_unfit", words[level], status=422, field="parent")
    if parent is not None and not (parent.since <= since and (parent.until is None or parent.until > since)):
        raise Refused(
            "parent_unfit",
            _("%(name)s does not stand on that day.") % {"name": parent.spoken_name},
            status=422,
            field="parent",
        )
    if parent is not None and parent.until is not None:
        raise ends(parent, parent.until, code="parent_unfit", field="parent")
    fits = {
        Level.GRID: kind in Kind.values,
        Level.CELL: parent is not None and kind == parent.kind,
    }.get(Level(level), kind == "")
    if not fits:
        raise Refused(
            "kind_unfit",
            _(
                "A grid is one of a community or of a street front, its unit cells are of the same kind, and others are of none."
            ),
            status=422,
            field="kind",
        )


def _demand_standing(area: Area) -> None:
    if area.until is not None:
        raise Refused(
            "ended",
            _("%(name)s ends on %(day)s and is drawn no more.")
            % {"name": area.spoken_name, "day": sketches.day_words(area.until)},
        )


def _demand_unneeded(area: Area, until: date) -> None:
    later = sketches.standing_after(until)
    parts = area.parts.filter(later).values_list("name", "name_en")
    roads = Road.objects.filter(later, grid=area).values_list("name", "name_en")
    if names := [*parts, *roads]:
        raise Refused(
            "still_needed",
            _("These still belong to it on that day: %(names)s.") % {"names": sketches.spoken(names)},
            field="until",
        )
    demand_no_posts(Post.objects.filter(later, area=area).count())


def demand_no_posts(count: int) -> None:
    """Raise ``Refused("still_needed")`` where somebody answers for what is to end."""
    if count:
        raise Refused(
            "still_needed",
            _("On that day somebody still answers for it. End or move the posts first (%(count)d).") % {"count": count},
            field="until",
        )


def ends(thing: Area | Road, until: date, *, code: str, field: str) -> Refused:
    """Nothing is founded in or on what is planned to end: it would stay behind."""
    return Refused(
        code,
        _("%(name)s ends on %(day)s. Please choose another one.")
        % {"name": thing.spoken_name, "day": sketches.day_words(until)},
        status=422,
        field=field,
    )


def too_early(day: date, *, field: str = "since") -> Refused:
    """What stands may end, but not before it began."""
    return Refused(
        "too_early",
        _("What stands, or is planned, begins on %(day)s: choose that day or a later one.")
        % {"day": sketches.day_words(day)},
        status=422,
        field=field,
    )
