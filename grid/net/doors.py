"""Fetching through the door: what a person may not see is not there (404). The net is everybody's."""

from django.http import Http404

from grid.models import Area, Road


def get_area_or_404(code: str) -> Area:
    """The area with its parents and its organisation; also one that stands no longer: its history is asked for."""
    area = Area.objects.select_related("organisation__section", "parent__parent__parent").filter(code=code).first()
    if area is None:
        raise Http404
    return area


def get_road_or_404(code: str) -> Road:
    """The road with its grid and its group; also one that stands no longer."""
    road = Road.objects.select_related("grid__parent__parent", "group__section").filter(code=code).first()
    if road is None:
        raise Http404
    return road
