"""The page on which one searches."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page as ListPage
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_safe

from communities.models import Organisation, OrganisationPage
from events.listing import Chip
from grid.net import gazetteer
from grid.net.gazetteer import Found as Place
from kit.times import date_words
from kit.web import is_id, public
from portal import searching
from portal.models import NoticePage
from portal.searching import Filters, Query, Result
from portal.searching.marking import Marked, marked_title
from portal.searching.words import CHINESE, ENGLISH, Passage

PLACE = "place"
"""What the net knows by name: roads, grids, shops. They are no pages of the site, so they stand before what is found there."""
PLACES_SHOWN = 4
"""Places before the pages; the others are a tap away."""

KIND_LABELS: Mapping[str, str | Promise] = {
    "notice": pgettext_lazy("kind of thing", "Notices"),
    "action": pgettext_lazy("kind of thing", "Actions"),
    "organisation": pgettext_lazy("kind of thing", "Organisations"),
    "page": pgettext_lazy("pages of the site", "Pages"),
    PLACE: pgettext_lazy("kind of thing", "Places"),
}


@dataclass(frozen=True)
class Line:
    """A result as it stands on the page."""

    result: Result
    url: str
    label: str | Promise
    day: str
    """When an action is, when a page was first published; empty for an organisation."""


@dataclass(frozen=True)
class PlaceLine:
    """A place as it stands on the page, with the hits in its name in pieces of their own."""

    place: Place
    name: Marked


@public
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """What contains the words of ``?q=``, narrowed by ``kind``, ``of`` (an organisation) and ``year``.

    A value that means nothing is as good as none.
    """
    query = Query.read(request.GET.get("q", ""))
    filters = _filters(request.GET)
    found = searching.find(query, filters, request.GET.get("page"))
    places = _places(query, filters)
    if filters.kind == PLACE:
        page: ListPage[Any] = Paginator(places, searching.A_PAGE).get_page(request.GET.get("page"))
        shown = list(page)
    else:
        page = found.page
        shown = places[:PLACES_SHOWN] if page.number == 1 else []
    context = {
        "query": query,
        "filters": filters,
        "page": page,
        "count": page.paginator.count + (0 if filters.kind == PLACE else len(places)),
        "places": [_place_line(query, place) for place in shown],
        "all_places": _address(query, Filters(kind=PLACE)) if 0 < len(shown) < len(places) else "",
        "lines": [_line(request, result) for result in found.results],
        "chips": _chips(query, filters),
        "years": found.years if filters.year in {None, *found.years} else [filters.year, *found.years],
        "organisations": Organisation.objects.public().order_by("name"),
        "everything": _address(query, Filters()),
        "longest": searching.LONGEST_QUERY,
    }
    return render(request, "portal/search.html", context)


def _places(query: Query, filters: Filters) -> list[Place]:
    """They belong to no organisation and to no year: who asks for one of these asks for none of them."""
    if not query or filters.kind not in ("", PLACE) or filters.organisation is not None or filters.year is not None:
        return []
    return gazetteer.places_named([*query.runs, *query.signs], on=timezone.localdate())


def _place_line(query: Query, place: Place) -> PlaceLine:
    names = [Passage(place.name, CHINESE), Passage(place.name_en, ENGLISH)]
    return PlaceLine(place, marked_title(query, [name for name in names if name.text]))


def _filters(asked: QueryDict) -> Filters:
    kind, of, year = (asked.get(name, "") for name in ("kind", "of", "year"))
    return Filters(
        kind=kind if kind in KIND_LABELS else "",
        organisation=Organisation.objects.public().filter(slug=of).select_related("section").first() if of else None,
        year=int(year) if is_id(year) and 1900 < int(year) < 9999 else None,
    )


def _address(query: Query, filters: Filters) -> str:
    asked: dict[str, Any] = {
        "q": query.text,
        "kind": filters.kind,
        "of": filters.organisation.slug if filters.organisation else "",
        "year": filters.year or "",
    }
    return f"{reverse('search')}?{urlencode({name: value for name, value in asked.items() if value})}"


def _chips(query: Query, filters: Filters) -> Sequence[Chip]:
    everything = Chip(_("All"), _address(query, replace(filters, kind="")), not filters.kind)
    kinds = (
        Chip(label, _address(query, replace(filters, kind=kind)), filters.kind == kind)
        for kind, label in KIND_LABELS.items()
    )
    return [everything, *kinds]


def _line(request: HttpRequest, result: Result) -> Line:
    page, action = result.page, result.action
    if action is not None:
        return Line(result, action.get_absolute_url(), action.get_kind_display(), _day(action.starts_at))
    url = page.get_url(request) or "/"
    match page:
        case OrganisationPage():
            return Line(result, url, result.organisation.get_kind_display() if result.organisation else "", "")
        case NoticePage():
            return Line(result, url, page.get_kind_display(), _day(page.first_published_at))
    return Line(result, url, _("page of the site"), _day(page.first_published_at))


def _day(moment: datetime | None) -> str:
    return date_words(timezone.localdate(moment), today=timezone.localdate()) if moment else ""
