"""What everybody sees of the net: the overview, the page of an area, the roads, and the plan that the map draws."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from grid.chain import appointers, area_faces, directory, road_faces
from grid.chain.directory import RoadFilters
from grid.models import Footprint
from grid.net import doors, plan
from grid.panels import area_panels, road_panels
from grid.telling import book as telling
from kit.web import public

MINUTES = 5 * 60  # seconds
"""How long a browser draws the plan that it has without asking; a new boundary may be seen so much later."""


@public
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """The whole net: the map, and zones, grids and cells with what is open in them."""
    today = timezone.localdate()
    opens_board = appointers.may_see_board(request.user, today)
    face = area_faces.net_face(on=_day_asked(request), today=today, opens_board=opens_board)
    return render(request, "grid/overview.html", {"face": face})


@public
@require_safe
def area(request: HttpRequest, code: str) -> HttpResponse:
    """The page of an area of any level; ``?on=`` shows it as it stood, or will stand, on another day."""
    found = doors.get_area_or_404(code)
    face = area_faces.area_face(found, on=_day_asked(request), today=timezone.localdate())
    context = {"face": face, "area": found, "panels": area_panels.of(request, found)}
    return render(request, "grid/area.html", context)


@public
@require_safe
def roads(request: HttpRequest) -> HttpResponse:
    """The list of roads, with filters in the address."""
    today = timezone.localdate()
    filters = RoadFilters.read(request.GET)
    page, lines = directory.page_of(filters.roads(on=today), request.GET.get("page"), on=today)
    context = {"filters": filters, "chips": filters.chips(on=today), "page": page, "lines": lines}
    return render(request, "grid/roads.html", context)


@public
@require_safe
def road(request: HttpRequest, code: str) -> HttpResponse:
    """The page of a road."""
    found = doors.get_road_or_404(code)
    face = road_faces.road_face(found, on=timezone.localdate())  # before its panels: from here the page goes on live
    context = {"face": face, "road": found, "panels": road_panels.of(request, found), "verb": telling.CASE}
    return render(request, "grid/road.html", context)


@public
@require_safe
def net(request: HttpRequest) -> HttpResponse:
    """The plan of the day as GeoJSON, the same for everybody; names in both languages.

    ``?system=GCJ-02`` gives the positions as Chinese online maps have them, for tiles of theirs.
    """
    asked = request.GET.get("system", "")
    system = Footprint.Source(asked) if asked in Footprint.Source.values else Footprint.Source.WGS84
    body, tag = plan.written(plan.as_geojson(plan.features(on=_day_asked(request)), system=system))
    answer = HttpResponse(body, content_type="application/geo+json; charset=utf-8")
    answer.headers["ETag"] = tag
    answer.headers["Cache-Control"] = f"public, max-age={MINUTES}"
    return get_conditional_response(request, etag=tag, response=answer) or answer


def _day_asked(request: HttpRequest) -> date:
    """The day behind ``?on=``; today where it is none."""
    try:
        return date.fromisoformat(request.GET.get("on", ""))
    except ValueError:
        return timezone.localdate()
