"""The page of an area, and of the whole net: plain values, so that the template asks nothing of the database."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.urls import reverse
from django.utils.translation import gettext as _

from communities.words import LocalText, local_text
from grid.models import Area, Boundary, Post, Road
from grid.net import geometry, maps, plan
from grid.net.maps import MapFace

from . import answering, directory, integrity
from .answering import Acting, Chain
from .directory import Node, RoadLine

SQUARE_KILOMETRE = 1_000_000


@dataclass(frozen=True)
class Outline:
    """An outline that the area has or had."""

    since: date
    until: date | None
    size: float
    """Square kilometres."""
    is_shown: bool


@dataclass(frozen=True)
class AreaFace:
    """Everything that the page of an area shows."""

    area: Area
    name: LocalText
    above: Sequence[Area]
    """From the town down to the one it lies in."""
    on: date
    is_today: bool
    stands: bool
    """Does it stand on this day at all?"""
    node: Node
    size: float | None
    chain: Chain
    roads: Sequence[RoadLine]
    outlines: Sequence[Outline]
    map: MapFace | None


@dataclass(frozen=True)
class ZoneFace:
    """A zone in the overview, and who acts as its head; None where nobody does."""

    node: Node
    head: Acting | None


@dataclass(frozen=True)
class Figure:
    """A number that the database knows; its ``tone`` is bad where it must be another one."""

    value: int
    label: str
    url: str = ""
    tone: str = ""


@dataclass(frozen=True)
class NetFace:
    """The overview of the whole net."""

    on: date
    is_today: bool
    zones: Sequence[ZoneFace]
    figures: Sequence[Figure]
    must_be_zero: Sequence[Figure]
    roads: int
    map: MapFace | None


def net_face(*, on: date, today: date, opens_board: bool) -> NetFace:
    """The net as it stands on this day. Its number of queries does not grow with it.

    ``opens_board``: the reader may look at the lists behind the three numbers, which are those of today.
    """
    towns = directory.areas_below(None, on=on)
    zones = [zone for town in towns for zone in town.parts]
    seen = _seen_on(on, today)
    posts = Post.objects.on(seen.day).filter(role=Post.Role.ZONE_HEAD, area__in=[zone.area for zone in zones])
    heads = {
        acting.post.area_id: acting
        for acting in answering.acting_in(posts, on=seen.day, holders_only=seen.holders_only)
    }
    return NetFace(
        on=on,
        is_today=on == today,
        zones=[ZoneFace(zone, heads.get(zone.area.pk)) for zone in zones],
        figures=_figures(towns),
        must_be_zero=_must_be_zero(on, opens_board=opens_board) if on == today else [],
        roads=Road.objects.on(on).count(),
        map=maps.map_of(_("Map of the whole net"), plan.features(on=on), on=on),
    )


class _Seen(NamedTuple):
    """Of which day everybody sees who answers, and whether only holders, whoever acted for them."""

    day: date
    holders_only: bool


def _seen_on(on: date, today: date) -> _Seen:
    """Who will come is told to those whom it concerns; and the page of each day must not be a diary of absences."""
    return _Seen(min(on, today), holders_only=on != today)


def _figures(towns: Sequence[Node]) -> list[Figure]:
    zones = [zone for town in towns for zone in town.parts]
    return [
        Figure(len(zones), _("zones")),
        Figure(sum(len(zone.parts) for zone in zones), _("grids")),
        Figure(sum(town.cells for town in towns), _("unit cells")),
        Figure(sum(town.open_cases for town in towns), _("open cases")),
    ]


def _must_be_zero(on: date, *, opens_board: bool) -> list[Figure]:
    found = integrity.numbers(on)
    labels = (
        _("places without a person"),
        _("people of the team without a place"),
        _("open cases outside every cell"),
    )
    board = reverse("grid:integrity") if opens_board else ""
    return [
        Figure(number, label, f"{board}?list={name}" if board else "", "bad" if number else "")
        for name, number, label in zip(integrity.Numbers._fields, found, labels, strict=True)
    ]


def area_face(area: Area, *, on: date, today: date) -> AreaFace:
    """The area as its page shows it on this day; its parents and organisation were fetched with it."""
    outlines = list(Boundary.objects.filter(area=area).order_by("-since", "-pk"))
    current = next((each for each in outlines if each.since <= on and (each.until is None or each.until > on)), None)
    key = plan.key_of(area.level, area.code)
    seen = _seen_on(on, today)
    roads = directory.measured(Road.objects.on(on).filter(directory.within(area)), on=on).order_by("code")
    return AreaFace(
        area=area,
        name=local_text(area.name, area.name_en),
        above=_above(area),
        on=on,
        is_today=on == today,
        stands=area.since <= on and (area.until is None or area.until > on),
        node=directory.node_of(area, on=on),
        size=_size(current) if current else None,
        chain=answering.chain_of(area=area, on=seen.day, holders_only=seen.holders_only),
        roads=directory.lines_of(roads, on=seen.day, holders_only=seen.holders_only),
        outlines=[
            Outline(each.since, each.until, _size(each), is_shown=each is current)
            for each in outlines
            if each.until != each.since
        ],
        map=maps.map_of(_("Map of %(name)s") % {"name": area.spoken_name}, plan.features(on=on), on=on, about=[key])
        if current
        else None,
    )


def _above(area: Area) -> list[Area]:
    found: list[Area] = []
    while area.parent is not None:
        area = area.parent
        found.insert(0, area)
    return found


def _size(outline: Boundary) -> float:
    return geometry.size_of(geometry.drawn(outline.shape)) / SQUARE_KILOMETRE
