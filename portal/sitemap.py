"""What machines that read the whole site are told: which pages there are, and where there is nothing for them."""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe
from wagtail.models import Page

from communities.models import OrganisationIndexPage
from events.models import Action, ActionPage
from grid.models import Area, Road
from kit.web import public
from portal import searching
from portal.models import HomePage

MOST = 50_000
"""Addresses that one sitemap may have (sitemaps.org)."""

NOT_FOR_MACHINES = ("/account/", "/admin/", "/desk/", "/look/", "/me/", "/my/", "/search/")


class Address(NamedTuple):
    location: str
    changed: datetime | None


@public
@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """The public pages, each with the day of its last change. Its number of queries does not grow with them."""
    context = {"addresses": [*_lists(request), *_net(), *_pages(request)][:MOST]}
    return render(request, "portal/sitemap.xml", context, content_type="application/xml; charset=utf-8")


def _lists(request: HttpRequest) -> Iterator[Address]:
    for name in ("events:actions", "notices", "grid:overview", "grid:roads"):
        yield Address(f"{settings.SITE_URL}{reverse(name)}", None)
    for page_class in (HomePage, OrganisationIndexPage):
        for page in page_class.objects.live().public():
            yield _address(request, page)


def _net() -> Iterator[Address]:
    """The pages of the areas and roads of today; they change with what happens there, which nobody dates."""
    today = timezone.localdate()
    for name, things in (("grid:area", Area.objects.on(today)), ("grid:road", Road.objects.on(today))):
        for code in things.values_list("code", flat=True):
            yield Address(f"{settings.SITE_URL}{reverse(name, args=[code])}", None)


def _pages(request: HttpRequest) -> Iterator[Address]:
    for kind, page_class in searching.KINDS.items():
        pages = page_class.objects.filter(pk__in=searching.visible(kind).values("pk")).order_by("-pk")[:MOST]
        if page_class is ActionPage:
            yield from _actions(pages)
        else:
            for page in pages.defer_streamfields():
                yield _address(request, page)


def _actions(pages: list[ActionPage]) -> Iterator[Address]:
    changed = {page.translation_key: page.last_published_at for page in pages}
    for action in Action.objects.filter(key__in=changed).order_by("-pk"):
        moments = [moment for moment in (changed[action.key], action.ended_at) if moment]
        yield Address(f"{settings.SITE_URL}{action.get_absolute_url()}", max(moments, default=None))


def _address(request: HttpRequest, page: Page) -> Address:
    return Address(f"{settings.SITE_URL}{page.get_url(request) or '/'}", page.last_published_at)


@public
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Where there is nothing for machines, and where the sitemap is."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in NOT_FOR_MACHINES), ""]
    lines.append(f"Sitemap: {settings.SITE_URL}{reverse('sitemap')}")
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
