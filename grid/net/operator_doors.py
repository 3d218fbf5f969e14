"""Fetching parts of the net by their codes, for the operator, who was asked for before: also what has ended or is planned."""

from typing import TypeVar

from django.db.models import Model
from django.http import Http404

from communities.models import User
from grid.models import Area, PointOfInterest, Road, Segment, SentFile

Row = TypeVar("Row", bound=Model)


def get_any_area_or_404(code: str) -> Area:
    """An area with what it lies in."""
    return _found(Area.objects.select_related("parent__parent", "organisation").filter(code=code).first())


def get_any_road_or_404(code: str) -> Road:
    """A road with its grid and its merchants."""
    return _found(Road.objects.select_related("grid", "group").filter(code=code).first())


def get_standing_segment_or_404(road: Road, number: int) -> Segment:
    """The stretch of this number that has no end."""
    return _found(road.segments.filter(number=number, until=None).first())


def get_any_point_or_404(code: str) -> PointOfInterest:
    """A point of interest with its road."""
    return _found(PointOfInterest.objects.select_related("road").filter(code=code).first())


def sent_file(person: User) -> SentFile | None:
    """The file that this operator has sent and not brought in yet, if there is one."""
    return SentFile.objects.filter(sent_by=person).first()


def _found(row: Row | None) -> Row:
    if row is None:
        raise Http404
    return row
