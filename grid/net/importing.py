"""Bringing a file of the net in: first a rehearsal that says all that would change and all that is wrong, then all or nothing.

A file adds and changes; what it does not name stays. What it does to one thing it does by the parts of the deeds that do the
same by hand (:mod:`grid.net.drawing`, :mod:`grid.net.paving`, :mod:`grid.net.landmarks`); whether it fits is asked at the end, when the net
is as the file wants it, so that neighbours may move their common border in one file.
"""

import hashlib
import re
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import partial
from typing import Any, NamedTuple, TypeVar

from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy
from shapely.geometry.base import BaseGeometry

from communities import permits
from communities.models import Organisation, User
from grid.models import Area, Boundary, PointOfInterest, Road, Segment, SentFile
from kit.deeds import deed
from kit.refusals import Refused

from . import coordinates, drawing, files, fitting, gaps, geometry, landmarks, locating, paving, sketches
from .coordinates import System
from .exporting import What
from .files import File, Row
from .landmarks import PointWords
from .paving import RoadWords, SegmentWords
from .sketches import Sketch

Shaped = TypeVar("Shaped", Boundary, Segment)
Key = TypeVar("Key", bound=Hashable)

_DAY = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})", re.ASCII)
_NUMBER = re.compile(r"\d{1,9}", re.ASCII)
MOST_TROUBLES = 200
"""More than that nobody reads; the first say what is the matter."""

KEPT = timedelta(days=1)

YES, NO = {"是", "true", "1", "yes", "y"}, {"否", "", "false", "0", "no", "n"}

ORDER = [(What.AREA, level) for level in Area.Level] + [(what, "") for what in (What.ROAD, What.SEGMENT, What.POINT)]
"""What lies in or on another comes after it, wherever it stands in the file."""


class Become(StrEnum):
    """What becomes of a thing that a file names."""

    FOUND = "found"
    CHANGED = "changed"
    REDRAWN = "redrawn"
    ENDED = "ended"


BECOME_WORDS: dict[Become, Any] = {
    Become.FOUND: pgettext_lazy("of a thing in a file", "new"),
    Become.CHANGED: pgettext_lazy("of a thing in a file", "other words"),
    Become.REDRAWN: pgettext_lazy("of a thing in a file", "drawn anew"),
    Become.ENDED: pgettext_lazy("of a thing in a file", "ends"),
}


class Change(NamedTuple):
    """What becomes of the thing in a row; ``what`` and ``name`` say which it is."""

    row: int
    what: What
    name: str
    become: list[Become]

    @property
    def words(self) -> str:
        return _(", ").join(str(BECOME_WORDS[each]) for each in self.become)


class Trouble(NamedTuple):
    """What is wrong with a row, in a sentence; without a number it is the whole file."""

    row: int | None
    name: str
    sentence: str


@dataclass
class Report:
    """What a file does, or would do."""

    rows: int
    notes: list[str]
    changes: list[Change] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)
    # Overlaps, gaps and the like of the net as it would be from that day on.
    left: list[gaps.Line] = field(default_factory=list)
    done: bool = False

    @property
    def same(self) -> int:
        """How many rows change nothing."""
        others = {each.row for each in self.changes} | {each.row for each in self.troubles}
        return self.rows - len(others - {None})


def rehearse(*, content: bytes, system: System, since: date, by: User) -> Report:
    """Say what :func:`bring_in` would do, and do nothing. Raises ``Refused`` as it does."""
    return _tried(content=content, system=system, since=since, by=by, rehearsing=True)


def bring_in(*, content: bytes, system: System, since: date, by: User) -> Report:
    """Let the net be as the file says, new outlines from ``since`` on; where a single row is wrong, nothing at all.

    Locks all areas, roads and points in the order of their ids. The report says whether it is ``done``; it names at most
    :data:`MOST_TROUBLES` that are wrong. Raises ``Refused``: ``operator_only`` (403), ``past``, ``year_unlikely`` and
    ``wrong_system`` (422), and what :func:`files.read` refuses.
    """
    return _tried(content=content, system=system, since=since, by=by, rehearsing=False)


@deed
def keep(*, content: bytes, system: System, since: date, by: User) -> None:
    """Keep a file between the report on it and its confirmation: one for each operator, until it is in.

    Raises ``Refused``: ``operator_only`` (403).
    """
    permits.demand_operator(by)
    SentFile.objects.update_or_create(sent_by=by, defaults={"content": content, "source": system, "since": since})


@deed
def let_go(*, by: User) -> None:
    """What the operator has sent before is not to be confirmed any more."""
    SentFile.objects.filter(sent_by=by).delete()


def mark_of(content: bytes) -> str:
    """By what the confirmation knows the file that the report was about."""
    return hashlib.sha256(content).hexdigest()


@deed
def forget_old(*, now: datetime) -> None:
    """Let go of files that nobody has confirmed within :data:`KEPT`."""
    SentFile.objects.filter(sent_at__lt=now - KEPT).delete()


class _Undone(Exception):
    """Takes back what was written, and keeps what there is to say of it."""

    def __init__(self, report: Report) -> None:
        super().__init__()
        self.report = report


def _tried(*, content: bytes, system: System, since: date, by: User, rehearsing: bool) -> Report:
    permits.demand_operator(by)
    sketches.demand_not_past(since, field="since")
    # Before the deed: a large file takes its time, and meanwhile nobody else could write.
    file = files.read(content)
    if file.system not in (None, system):
        raise Refused(
            "wrong_system",
            _("The file says that it is in %(said)s. Choose that and try again.") % {"said": file.system},
            status=422,
            field="source",
        )
    try:
        return _brought_in(file=file, system=system, since=since, by=by, rehearsing=rehearsing)
    except _Undone as undone:
        return undone.report


@deed
def _brought_in(*, file: File, system: System, since: date, by: User, rehearsing: bool) -> Report:
    permits.demand_operator(by)
    work = _Work(system=system, since=since, by=by, report=Report(len(file.rows), list(file.notes)))
    for row in _in_order(work, file.rows):
        if len(work.report.troubles) == MOST_TROUBLES:
            raise _Undone(work.report)
        work.take(row)
    work.put_ends()
    work.look_at_whole()
    if rehearsing or work.report.troubles:
        raise _Undone(work.report)
    SentFile.objects.filter(sent_by=by).delete()
    work.report.done = True
    return work.report


def _in_order(work: "_Work", rows: list[Row]) -> list[Row]:
    """Rows that can be told apart, sorted so that each finds what it lies in."""
    first: dict[tuple[str, ...], int] = {}
    places: dict[tuple[str, str], int] = {(what, level): place for place, (what, level) in enumerate(ORDER)}
    known = []
    for row in rows:
        what, code = row.said.get("what", ""), row.said.get("code", "")
        key = (what, code, row.said.get("number", "") if what == What.SEGMENT else "")
        if what not in set(What):
            work.trouble(row, _("It does not say what it is: area, road, segment or point."))
        elif not code:
            work.trouble(row, _("It has no code."))
        elif "E+" in code.upper():
            work.trouble(
                row, _("A spreadsheet has rounded the code %(code)s. Let the column be text.") % {"code": code[:20]}
            )
        elif key in first:
            work.trouble(row, _("%(code)s stands in row %(row)d already.") % {"code": code[:30], "row": first[key]})
        else:
            first[key] = row.number
            known.append(row)

    def place(row: Row) -> tuple[int, str]:
        what, code = row.said["what"], row.said["code"]
        level = row.said.get("level") or (work.areas[code].level if code in work.areas else Area.Level.CELL)
        return places.get((what, level if what == What.AREA else ""), 0), code

    return sorted(known, key=place)


class _Work:
    """One file on its way into the net: what is there by code, and what was touched."""

    def __init__(self, *, system: System, since: date, by: User, report: Report) -> None:
        self.system, self.since, self.by, self.report = system, since, by, report
        self.areas = {area.code: area for area in Area.objects.select_for_update().order_by("pk")}
        self.roads = {road.code: road for road in Road.objects.select_for_update().order_by("pk")}
        self.points = {point.code: point for point in PointOfInterest.objects.select_for_update().order_by("pk")}
        self.organisations = {organisation.name: organisation for organisation in Organisation.objects.all()}
        by_id = {area.pk: area for area in self.areas.values()}
        for area in by_id.values():
            area.parent = by_id.get(area.parent_id or 0)
        self.outlines = _standing(Boundary.objects.order_by("since", "pk"), since, lambda each: each.area_id)
        self.stretches = _standing(
            Segment.objects.order_by("since", "pk"), since, lambda each: (each.road_id, each.number)
        )
        self.row_of_area: dict[int, Row] = {}
        self.row_of_segment: dict[int, Row] = {}
        self.shifted: list[Row] = []
        self.ends: list[tuple[Row, Callable[[], None]]] = []
        self._towns: dict[date, BaseGeometry | None] = {}

    def town(self, day: date) -> BaseGeometry | None:
        """The outline of the town on a day, asked once for all rows after the areas."""
        if day not in self._towns:
            self._towns[day] = locating.town_outline(on=day)
        return self._towns[day]

    def trouble(self, row: Row, sentence: str) -> None:
        self.report.troubles.append(Trouble(row.number, row.name[:60], sentence))

    def take(self, row: Row) -> None:
        """Do what a row says, or say why not."""
        takes: dict[str, Callable[[Row], list[Become]]] = {
            What.AREA: self._area,
            What.ROAD: self._road,
            What.SEGMENT: self._segment,
            What.POINT: self._point,
        }
        what = What(row.said["what"])
        try:
            become = takes[what](row)
        except Refused as refusal:
            if refusal.code == "wrong_system":
                self.shifted.append(row)
            else:
                self.trouble(row, refusal.sentence)
            return
        if become:
            self.report.changes.append(Change(row.number, what, row.name, become))

    def put_ends(self) -> None:
        """Write the ends that the rows have told: what lies in or on another ends before it."""
        for row, put_end in reversed(self.ends):
            try:
                put_end()
            except Refused as refusal:
                self.trouble(row, refusal.sentence)

    def look_at_whole(self) -> None:
        """Whether what was touched fits, and what the whole net is like afterwards."""
        self._tell_shifted()
        if self.row_of_area:
            self._tell_misfits()
        for segment in Segment.objects.filter(pk__in=self.row_of_segment).select_related("road"):
            try:
                paving.demand_own_numbers(segment)
            except Refused as refusal:
                self.trouble(self.row_of_segment[segment.pk], refusal.sentence)
        self.report.left = gaps.lines(gaps.report(self.since))
        self.report.changes.sort()
        self.report.troubles.sort(key=lambda trouble: trouble.row or 0)

    def _tell_shifted(self) -> None:
        """Said once: it is the file that is in the wrong system, not each of its rows."""
        if not self.shifted:
            return
        sentence = fitting.wrong_system(self.system).sentence
        which = _("%(count)d of %(rows)d rows, the first is row %(row)d (%(name)s).") % {
            "count": len(self.shifted),
            "rows": self.report.rows,
            "row": self.shifted[0].number,
            "name": self.shifted[0].name[:60],
        }
        self.report.troubles.append(Trouble(None, "", f"{sentence} {which}"))

    def _tell_misfits(self) -> None:
        touched = self.row_of_area.keys()
        standing = Boundary.objects.filter(area__in=touched, until=None)
        earliest = min((boundary.since for boundary in standing), default=self.since)
        net = fitting.sheets(
            Boundary.objects.filter(fitting.standing_from(earliest)).select_related("area__parent__parent")
        )
        ours = [sheet for sheet in net if sheet.area.pk in touched]
        for overlap in fitting.overlaps(ours, net):
            row = self.row_of_area.get(overlap.one.pk) or self.row_of_area[overlap.other.pk]
            self.trouble(row, fitting.overlap_words(overlap))
        parts = [sheet for sheet in net if sheet.area.pk in touched or sheet.area.parent_id in touched]
        for outside in fitting.outsiders(parts, net):
            row = self.row_of_area.get(outside.area.pk) or self.row_of_area[outside.parent.pk]
            self.trouble(row, fitting.outside_words(outside))

    # ---------------------------------------------------------------------------------------------- row by row

    def _area(self, row: Row) -> list[Become]:
        said, code = row.said, row.said["code"]
        area = self.areas.get(code)
        if area is None:
            return self._new_area(row)
        become = []
        for name, now in (
            ("level", area.level),
            ("kind", area.kind),
            ("parent", area.parent.code if area.parent else ""),
        ):
            if said.get(name, now) != now:
                raise Refused("fixed", _("Level, kind and parent of an area do not change: it takes a new one."))
        words: dict[str, Any] = {
            "name": said.get("name", area.name),
            "name_en": said.get("name_en", area.name_en),
            "organisation": self._organisation(said, "organisation", area.organisation),
            "is_schematic": _truth(said, "is_schematic", area.is_schematic),
        }
        if words != {name: getattr(area, name) for name in words}:
            drawing.put_words(area, **words)
            become.append(Become.CHANGED)
        shape = row.shape
        if shape is not None:
            sketch = Sketch(shape, self.system)
            if not sketches.read_outline(sketch).is_like(geometry.drawn(self.outlines[area.pk].shape)):
                drawing.put_boundary(area, sketch=sketch, since=self.since, by=self.by)
                if area.level == Area.Level.TOWN:
                    self._towns.clear()
                self.row_of_area[area.pk] = row
                become.append(Become.REDRAWN)
        return become + self._ended(row, area.until, lambda day: drawing.put_end(area, until=day))

    def _new_area(self, row: Row) -> list[Become]:
        said, code = row.said, row.said["code"]
        parent = self.areas.get(said.get("parent", ""))
        if said.get("parent") and parent is None:
            raise Refused("parent_unfit", _("There is no area with the code %(code)s.") % {"code": said["parent"][:30]})
        if row.written is None:
            raise Refused("shape_missing", _("A new area needs its outline."))
        since = _day(said, "since", None) or self.since
        boundary = drawing.put_area(
            code=code,
            name=said.get("name", ""),
            name_en=said.get("name_en", ""),
            level=said.get("level", ""),
            kind=said.get("kind", ""),
            parent=parent,
            organisation=self._organisation(said, "organisation", None),
            is_schematic=_truth(said, "is_schematic", False),
            sketch=Sketch(row.shape, self.system),
            since=since,
            by=self.by,
            town=self.town(since),
        )
        area = self.areas[code] = boundary.area
        if area.level == Area.Level.TOWN:
            self._towns.clear()
        self.row_of_area[area.pk] = row
        return [Become.FOUND, *self._ended(row, None, lambda day: drawing.put_end(area, until=day))]

    def _road(self, row: Row) -> list[Become]:
        said, code = row.said, row.said["code"]
        road = self.roads.get(code)
        now = paving.words_of(road) if road else RoadWords(name="", road_class="")
        words = replace(
            now,
            **{
                name: said.get(name, getattr(now, name))
                for name in ("name", "name_en", "road_class", "begins_at", "ends_at")
            },
            grid=self._street_front(said, now.grid),
            group=self._organisation(said, "group", now.group),
            is_pilot=_truth(said, "is_pilot", now.is_pilot),
            is_schematic=_truth(said, "is_schematic", now.is_schematic),
        )
        if road is None:
            since = _day(said, "since", None) or self.since
            road = self.roads[code] = paving.put_road(code=code, words=words, since=since)
            become = [Become.FOUND]
        elif words != now:
            paving.put_words(road, words)
            become = [Become.CHANGED]
        else:
            become = []
        found = road
        return become + self._ended(row, road.until, lambda day: paving.put_end(found, until=day))

    def _segment(self, row: Row) -> list[Become]:
        said = row.said
        road = self.roads.get(said["code"])
        if road is None:
            raise Refused("road_unfit", _("There is no road with the code %(code)s.") % {"code": said["code"][:30]})
        number = _number(said, "number", None) or 0
        standing = self.stretches.get((road.pk, number))
        if (
            standing is not None
            and standing.until is not None
            and standing.until <= self.since
            and not said.get("until")
        ):
            standing = None  # it ended; a file that names it without an end wants it again
        now = paving.words_of_segment(standing) if standing else SegmentWords(name="")
        sides = ("odd_from", "odd_to", "even_from", "even_to")
        numbers: dict[str, Any] = {name: _number(said, name, getattr(now, name)) for name in sides}
        words = replace(
            now,
            **{name: said.get(name, getattr(now, name)) for name in ("name", "name_en")},
            odd_side=said.get("odd_side") or now.odd_side,
            **numbers,
        )
        shape = row.shape
        if standing is None and shape is None:
            raise Refused("shape_missing", _("A new stretch needs its line."))
        sketch = Sketch(standing.shape) if standing and shape is None else Sketch(shape, self.system)
        if standing and words == now and sketches.read_way(sketch).is_like(geometry.drawn(standing.shape)):
            return self._end_of_segment(row, standing)
        since = self.since if standing else max(road.since, _day(said, "since", None) or self.since)
        town = self.town(since)
        drawn = paving.put_segment(road, number=number, words=words, sketch=sketch, since=since, town=town)
        self.row_of_segment[drawn.pk] = row
        return [Become.REDRAWN if standing else Become.FOUND, *self._end_of_segment(row, drawn)]

    def _end_of_segment(self, row: Row, segment: Segment) -> list[Become]:
        return self._ended(row, segment.until, lambda day: paving.put_end_of_segment(segment, until=day))

    def _point(self, row: Row) -> list[Become]:
        said, code = row.said, row.said["code"]
        point = self.points.get(code)
        now = landmarks.words_of(point) if point else PointWords(name="", kind="")
        words = replace(
            now,
            **{name: said.get(name, getattr(now, name)) for name in ("name", "name_en", "kind")},
            road=self._road_of(said, now.road),
            house_number=_number(said, "house_number", now.house_number),
        )
        position = _position(row)
        if point is None:
            since = _day(said, "since", None) or self.since
            town = self.town(since)
            point = landmarks.put_point(
                code=code, words=words, position=position, since=since, system=self.system, town=town
            )
            become = [Become.FOUND]
        else:
            become = self._change_point(point, words, position, has_other_words=words != now)
        found = point
        return become + self._ended(row, point.until, lambda day: landmarks.put_end(found, until=day))

    def _change_point(
        self, point: PointOfInterest, words: PointWords, position: geometry.Position | None, *, has_other_words: bool
    ) -> list[Become]:
        standing = (point.longitude, point.latitude)
        system = self.system if position else System.WGS84
        stays = position is None or coordinates.position_into_wgs84(position, system) == standing
        if stays and not has_other_words:
            return []
        town = self.town(point.since)
        landmarks.put_change(point, words=words, position=position or standing, system=system, town=town)
        moved = (point.longitude, point.latitude) != standing
        return [*([Become.CHANGED] if has_other_words else []), *([Become.REDRAWN] if moved else [])]

    def _ended(self, row: Row, now: date | None, put_end: Callable[[date], None]) -> list[Become]:
        until = _day(row.said, "until", now)
        if until is None or until == now:
            return []
        self.ends.append((row, partial(put_end, until)))
        return [Become.ENDED]

    def _organisation(self, said: dict[str, str], name: str, now: Organisation | None) -> Organisation | None:
        if name not in said:
            return now
        if said[name] and said[name] not in self.organisations:
            raise Refused(
                "organisation_unfit", _("There is no organisation called %(name)s.") % {"name": said[name][:60]}
            )
        return self.organisations.get(said[name])

    def _street_front(self, said: dict[str, str], now: Area | None) -> Area | None:
        if said.get("grid") and said["grid"] not in self.areas:
            raise Refused("grid_unfit", _("There is no area with the code %(code)s.") % {"code": said["grid"][:30]})
        return self.areas.get(said["grid"]) if "grid" in said else now

    def _road_of(self, said: dict[str, str], now: Road | None) -> Road | None:
        if said.get("road") and said["road"] not in self.roads:
            raise Refused("road_unfit", _("There is no road with the code %(code)s.") % {"code": said["road"][:30]})
        return self.roads.get(said["road"]) if "road" in said else now


def _standing(rows: Iterable[Shaped], day: date, key: Callable[[Shaped], Key]) -> dict[Key, Shaped]:
    """Of each thing the shape that stands on the day, or the next that will; the last where it has ended."""
    found: dict[Key, Shaped] = {}
    for row in rows:
        before = found.get(key(row))
        if before is None or (before.until is not None and before.until <= max(day, before.since)):
            found[key(row)] = row
    return found


def _day(said: dict[str, str], name: str, now: date | None) -> date | None:
    """A day as programs and as spreadsheets write it; what the file does not name stays."""
    written = said.get(name, "")
    if not written:
        return now
    found = _DAY.fullmatch(written)
    try:
        return date(*(int(part) for part in found.groups())) if found else _no_day(written)
    except ValueError:
        return _no_day(written)


def _no_day(written: str) -> date:
    raise Refused("unreadable", _("%(written)s is no day such as 2026-12-31.") % {"written": written[:30]})


def _number(said: dict[str, str], name: str, now: int | None) -> int | None:
    written = said.get(name)
    if written is None:
        return now
    if not written:
        return None
    if not _NUMBER.fullmatch(written):
        raise Refused("unreadable", _("%(written)s is no whole number.") % {"written": written[:30]})
    return int(written)


def _truth(said: dict[str, str], name: str, now: bool) -> bool:
    written = said.get(name)
    if written is None:
        return now
    if written.lower() not in YES | NO:
        raise Refused("unreadable", _("%(written)s is neither yes nor no.") % {"written": written[:30]})
    return written.lower() in YES


def _position(row: Row) -> geometry.Position | None:
    """The position of a point, whatever it is; the deed says whether it is one on earth."""
    shape = row.shape
    if shape is None:
        return None
    found: Any = shape.get("coordinates") if isinstance(shape, Mapping) and shape.get("type") == "Point" else None
    is_pair = isinstance(found, list | tuple) and len(found) > 1 and all(type(each) in {int, float} for each in found)
    if not is_pair or not all(abs(each) <= 180 for each in found):  # nor what no float can hold
        raise Refused("unreadable", _("A point of interest has one position: longitude, then latitude."))
    return float(found[0]), float(found[1])
