"""Roads and their stretches: founded, named, drawn from crossing to crossing; they end in :mod:`grid.chain.ending`.

All of it is the operator's. The row of the road is locked, so that its stretches come one after another.
"""

from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

from django.db import IntegrityError
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry

from communities import permits
from communities.models import Organisation, User
from grid.models import Area, PointOfInterest, Post, Road, Segment
from kit.deeds import attempt, deed
from kit.refusals import Refused

from . import codes, drawing, fitting, geometry, locating, sketches
from .sketches import Sketch

MOST_SEGMENTS, MOST_HOUSES = 999, 99_999


@dataclass(frozen=True)
class RoadWords:
    """What is said of a road besides its code."""

    name: str
    name_en: str = ""
    road_class: str = Road.Class.BRANCH
    begins_at: str = ""
    ends_at: str = ""
    grid: Area | None = None
    group: Organisation | None = None
    is_pilot: bool = False
    is_schematic: bool = False


@dataclass(frozen=True)
class SegmentWords:
    """What is said of a stretch besides its number: names, and which houses stand on which side."""

    name: str
    name_en: str = ""
    odd_side: str = Segment.Side.LEFT
    odd_from: int | None = None
    odd_to: int | None = None
    even_from: int | None = None
    even_to: int | None = None


@deed
def found_road(*, code: str, words: RoadWords, since: date, by: User) -> Road:
    """A road is there from ``since`` on; its stretches are drawn next.

    Raises ``Refused``: ``operator_only`` (403); (422) ``code_unfit``, ``name_missing``, ``…_too_long``, ``year_unlikely``,
    ``class_unfit``, ``grid_unfit``; ``code_taken``.
    """
    permits.demand_operator(by)
    return put_road(code=code, words=words, since=since)


@deed
def change_road(*, road: Road, words: RoadWords, by: User) -> Road:
    """Say anew what a road is called and who looks after it. Locks the road. Raises ``Refused`` as :func:`found_road`."""
    permits.demand_operator(by)
    held = Road.objects.select_for_update().get(pk=road.pk)
    put_words(held, words)
    return held


@deed
def draw_segment(*, road: Road, number: int, words: SegmentWords, sketch: Sketch, since: date, by: User) -> Segment:
    """A stretch of the road is like this from ``since`` on; what it was before ends on that day and stays on record.

    The same again changes nothing; other words for the same line begin on that day too. Locks the road. Raises ``Refused``:
    ``operator_only`` (403); (422) ``number_unfit``, ``numbers_unfit``, ``name_missing``, ``…_too_long``, ``past``,
    ``too_early``, ``outside``, ``wrong_system`` and what :func:`geometry.read_line` refuses; (409) ``ended``, and
    ``numbers_taken`` where a house would stand on two stretches.
    """
    permits.demand_operator(by)
    held = Road.objects.select_for_update().get(pk=road.pk)
    town = locating.town_outline(on=since)
    segment = put_segment(held, number=number, words=words, sketch=sketch, since=since, town=town)
    demand_own_numbers(segment)
    return segment


def put_road(*, code: str, words: RoadWords, since: date) -> Road:
    """Write a road; part of a deed that asks and locks."""
    codes.demand_road_code(code)
    taken = Refused("code_taken", _("There is a road with this code already."), field="code")
    if Road.objects.filter(code=code).exists():
        raise taken
    sketches.demand_day(since, field="since")
    fields = _fields(_read(words))
    try:
        with attempt():
            return Road.objects.create(code=code, since=since, **fields)
    except IntegrityError as error:  # meanwhile
        raise taken from error


def put_words(road: Road, words: RoadWords) -> None:
    """Write what is said of a road; part of a deed that asks and locks."""
    for name, value in _fields(_read(words)).items():
        setattr(road, name, value)
    road.save()


def put_end(road: Road, *, until: date) -> None:
    """Write the end of a road and of its stretches; part of a deed that asks and locks. Again changes nothing.

    Raises ``Refused("still_needed")`` while a point of interest stands on it or somebody answers for it on that day.
    """
    if road.until == until:
        return
    if road.until is not None:
        raise _ended(road, road.until)
    sketches.demand_not_past(until, field="until")
    if until < road.since:
        raise drawing.too_early(road.since, field="until")
    later = sketches.standing_after(until)
    points = PointOfInterest.objects.filter(later, road=road).values_list("name", "name_en")
    if points:
        raise Refused(
            "still_needed",
            _("These still belong to it on that day: %(names)s.") % {"names": sketches.spoken(list(points))},
            field="until",
        )
    drawing.demand_no_posts(Post.objects.filter(later, Q(road=road) | Q(segment__road=road)).count())
    road.until = until
    road.save(update_fields=["until"])
    for segment in road.segments.filter(until=None):
        segment.until = max(until, segment.since)
        segment.save(update_fields=["until"])


def put_segment(
    road: Road, *, number: int, words: SegmentWords, sketch: Sketch, since: date, town: BaseGeometry | None
) -> Segment:
    """Write a stretch from a day on, whatever houses the others have; part of a deed that asks and locks.

    Where one of this number has an end ahead, the next begins on that day or later: two never stand at once.
    """
    if road.until is not None:
        raise _ended(road, road.until)
    if not 1 <= number <= MOST_SEGMENTS:
        raise Refused("number_unfit", _("Stretches are numbered from 1 along the road."), status=422, field="number")
    read = _read_segment(words)
    # In the order of their days: the last of them is the one that stands, if any does.
    ever = list(road.segments.filter(number=number).order_by("since", "pk"))
    standing = ever[-1] if ever and ever[-1].until is None else None
    if ever:
        sketches.demand_not_past(since, field="since")
    else:
        sketches.demand_day(since, field="since")
    begins = max([road.since, *(each.until or each.since for each in ever)])
    if since < begins:
        raise drawing.too_early(begins)
    reading = sketches.read_way(sketch)
    before = geometry.drawn(standing.shape) if standing is not None else None
    if standing is not None and before is not None and reading.is_like(before) and words_of_segment(standing) == read:
        return standing
    if before is None or not reading.is_like(before):
        fitting.demand_right_system(reading.shape, reading.otherwise, sketch.system, standing=before, town=town)
    fitting.demand_in_town(reading.shape, town=town)
    if standing is not None:
        standing.until = since
        standing.save(update_fields=["until"])
    drawn = Segment.objects.create(
        road=road,
        number=number,
        length=max(1, round(geometry.length_of(reading.shape))),
        since=since,
        source=sketch.system.value,
        **asdict(read),
        **reading.footprint,
    )
    # It is the same stretch: whoever answers for it goes on with it.
    _posts_of_stretch(drawn, since).update(segment=drawn)
    return drawn


def put_end_of_segment(segment: Segment, *, until: date) -> None:
    """Write the end of a stretch; part of a deed that asks and locks. Again changes nothing.

    Raises ``Refused("still_needed")`` while somebody answers for it on that day.
    """
    if segment.until == until:
        return
    if segment.until is not None:
        raise _ended(segment, segment.until)
    sketches.demand_not_past(until, field="until")
    if until < segment.since:
        raise drawing.too_early(segment.since, field="until")
    drawing.demand_no_posts(_posts_of_stretch(segment, until).count())
    segment.until = until
    segment.save(update_fields=["until"])


def _posts_of_stretch(segment: Segment, day: date) -> QuerySet[Post]:
    """Posts for this stretch on the day or later, in whichever of its rows they were written."""
    return Post.objects.filter(
        sketches.standing_after(day), segment__road=segment.road_id, segment__number=segment.number
    )


def demand_own_numbers(segment: Segment) -> None:
    """Raise ``Refused("numbers_taken")`` where a house of this stretch stands on another of the same road too."""
    others = segment.road.segments.filter(sketches.standing_after(segment.since)).exclude(number=segment.number)
    for side in ("odd", "even"):
        first, last = getattr(segment, f"{side}_from"), getattr(segment, f"{side}_to")
        if first is None:
            continue
        taken = others.filter(**{f"{side}_from__lte": last, f"{side}_to__gte": first}).first()
        if taken is not None:
            raise Refused(
                "numbers_taken",
                _("Houses %(first)d to %(last)d stand on stretch %(number)d (%(name)s) already.")
                % {
                    "first": max(first, getattr(taken, f"{side}_from")),
                    "last": min(last, getattr(taken, f"{side}_to")),
                    "number": taken.number,
                    "name": taken.spoken_name,
                },
                field=f"{side}_from",
            )


def words_of(road: Road) -> RoadWords:
    """What is said of a road now."""
    return RoadWords(**{name: getattr(road, name) for name in RoadWords.__dataclass_fields__})


def words_of_segment(segment: Segment) -> SegmentWords:
    """What is said of a stretch now."""
    return SegmentWords(**{name: getattr(segment, name) for name in SegmentWords.__dataclass_fields__})


def _fields(words: RoadWords) -> dict[str, Any]:
    """Field by field: ``dataclasses.asdict`` would copy the rows too."""
    return {name: getattr(words, name) for name in RoadWords.__dataclass_fields__}


def _read(words: RoadWords) -> RoadWords:
    name, name_en = sketches.read_names(words.name, words.name_en)
    if words.road_class not in Road.Class.values:
        raise Refused(
            "class_unfit", _("Main road, secondary road, branch road or back lane?"), status=422, field="road_class"
        )
    if words.grid is not None and (words.grid.level, words.grid.kind) != (Area.Level.GRID, Area.Kind.STREET):
        raise Refused("grid_unfit", _("A road belongs to a street-front grid."), status=422, field="grid")
    if words.grid is not None and words.grid.until is not None:
        raise drawing.ends(words.grid, words.grid.until, code="grid_unfit", field="grid")
    begins_at = sketches.read_word(words.begins_at, field="begins_at")
    ends_at = sketches.read_word(words.ends_at, field="ends_at")
    return replace(words, name=name, name_en=name_en, begins_at=begins_at, ends_at=ends_at)


def _read_segment(words: SegmentWords) -> SegmentWords:
    name, name_en = sketches.read_names(words.name, words.name_en)
    if words.odd_side not in Segment.Side.values:
        raise Refused("side_unfit", _("Left or right, along the line?"), status=422, field="odd_side")
    for side, remainder in (("odd", 1), ("even", 0)):
        _demand_numbers(getattr(words, f"{side}_from"), getattr(words, f"{side}_to"), side, remainder)
    return replace(words, name=name, name_en=name_en)


def _demand_numbers(first: int | None, last: int | None, side: str, remainder: int) -> None:
    if first is None and last is None:
        return
    if not (
        first is not None
        and last is not None
        and 1 <= first <= last <= MOST_HOUSES
        and first % 2 == last % 2 == remainder
    ):
        words = {
            "odd": _("Two odd numbers, the smaller one first, or none where there are no houses."),
            "even": _("Two even numbers, the smaller one first, or none where there are no houses."),
        }
        raise Refused("numbers_unfit", words[side], status=422, field=f"{side}_from")


def _ended(thing: Road | Segment, until: date) -> Refused:
    return Refused(
        "ended",
        _("%(name)s ends on %(day)s and is drawn no more.")
        % {"name": thing.spoken_name, "day": sketches.day_words(until)},
    )
