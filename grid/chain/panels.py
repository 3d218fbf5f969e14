"""The ways to one's places, to the posts that one fills, and from the page of a road or an area to its card and board."""

from collections.abc import Iterator

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from communities.models import User
from grid.models import Area, Road
from volunteers.panels import Line

from . import appointers, own_places


def own_lines(person: User) -> Iterator[Line]:
    """For whoever holds a post or stands in, and for whoever fills posts."""
    today = timezone.localdate()
    if own_places.has_any(person, today):
        yield Line(reverse("grid:my_places"), "place", _("My places"))
    if appointers.may_fill_anything(person, today):
        yield Line(reverse("grid:posts"), "people", _("Who answers for what"))


def road_papers(request: HttpRequest, road: Road) -> SafeString:
    """From a road to its card and its board."""
    return _papers(request, "road", road.code)


def area_papers(request: HttpRequest, area: Area) -> SafeString:
    """From an area to its card and its board."""
    return _papers(request, "area", area.code)


def _papers(request: HttpRequest, kind: str, code: str) -> SafeString:
    context = {
        "card_url": reverse(f"grid:{kind}_card", args=[code]),
        "board_url": reverse(f"grid:{kind}_board", args=[code]),
    }
    return render_to_string("grid/_papers.html", context, request=request)
