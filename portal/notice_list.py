"""The lists of notices: the town's, an organisation's own, and the newest few elsewhere."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from communities.models import Organisation
from portal.models.notices import NoticePage, NoticeQuerySet, attach_organisations
from portal.notice_states import State, states
from updates import book

A_PAGE = 20

Kind = NoticePage.Kind

TABS: dict[str, tuple[Kind, ...]] = {
    "announcements": (Kind.ANNOUNCEMENT, Kind.WARNING),
    "works": (Kind.ROADWORKS, Kind.OUTAGE),
    "comments": (Kind.PUBLICITY, Kind.CONSULTATION, Kind.FEEDBACK),
    "policies": (Kind.POLICY, Kind.INTERPRETATION, Kind.REPORT),
    "news": (Kind.NEWS, Kind.CAMPAIGN),
}
"""The kinds, as people look for them; every kind stands under one tab."""


@dataclass(frozen=True)
class Row:
    """One notice in a list, in plain values."""

    notice: NoticePage
    url: str
    states: Sequence[State]
    is_on_top: bool

    @property
    def organisation(self) -> Organisation:
        return self.notice.organisation


@dataclass(frozen=True)
class Listing:
    """A page of notices, and what may be asked of it in its address."""

    tabs: list[dict[str, Any]]
    page: Page[NoticePage]
    rows: list[Row]
    follow: str
    tab: str = ""
    organisation: Organisation | None = None
    """Whose notices alone are shown."""
    is_own: bool = False
    """Is this the organisation's own address? Then there are no others to choose from."""

    @property
    def address(self) -> str:
        """The list without any choice."""
        return str(self.tabs[0]["url"]) if self.is_own else reverse("notices")

    @property
    def organisations(self) -> Iterable[Organisation]:
        """Those to choose from: who has made something known."""
        return Organisation.objects.filter(section__path__in=NoticePage.objects.shown().sections()).order_by("name")


def listing_of(request: HttpRequest, own: Organisation | None = None) -> Listing:
    """The list that is asked for with ``?tab=&by=&page=``; what means nothing there is as good as nothing.

    ``own`` is the organisation at whose address the list stands. Its number of queries does not grow with the rows.
    """
    asked = request.GET.get("tab", "")
    tab = asked if asked in TABS else ""
    organisation = own or _chosen(request.GET.get("by", ""))
    # Before what is shown: what happens in between is told again.
    topic = f"organisation:{own.pk}" if own else "town"
    follow = json.dumps(book.heads([topic]))
    today = timezone.localdate()
    notices = NoticePage.objects.shown()
    if organisation:
        notices = notices.of(organisation)
    if tab:
        notices = notices.filter(kind__in=TABS[tab])
    page = Paginator(notices.newest_first(today), A_PAGE).get_page(request.GET.get("page"))
    return Listing(
        tabs=_tabs(request.path if own else reverse("notices"), tab, "" if own else getattr(organisation, "slug", "")),
        page=page,
        rows=rows_of(page, request, today),
        follow=follow,
        tab=tab,
        organisation=organisation,
        is_own=own is not None,
    )


def rows_of(notices: Iterable[NoticePage], request: HttpRequest, today: date) -> list[Row]:
    """These notices (``newest_first``) as rows of a list, with one query for whose they are."""
    return [
        Row(
            notice,
            notice.get_url(request) or "",
            states(notice, today),
            notice.is_on_top,  # annotated by newest_first
        )
        for notice in attach_organisations(notices)
    ]


def newest(request: HttpRequest, most: int, *, organisation: Organisation | None = None) -> list[Row]:
    """The first few of the list."""
    today = timezone.localdate()
    notices = NoticePage.objects.shown()
    if organisation:
        notices = notices.of(organisation)
    return rows_of(notices.newest_first(today)[:most], request, today)


def urgent(notices: NoticeQuerySet, today: date) -> NoticeQuerySet:
    """Warnings that are kept on top and hold today: they come before everything else."""
    begun = notices.filter(kind=Kind.WARNING).exclude(valid_from__gt=today)
    return begun.newest_first(today).filter(is_on_top=True)


def _chosen(slug: str) -> Organisation | None:
    shown = Organisation.objects.public().select_related("section")
    return shown.filter(slug=slug).first() if slug else None


def _tabs(address: str, chosen: str, by: str) -> list[dict[str, Any]]:
    labels = {
        "": pgettext("notices", "All"),
        "announcements": _("Announcements"),
        "works": _("Works and outages"),
        "comments": _("For your comment"),
        "policies": _("Policies"),
        "news": _("At work"),
    }

    def url(tab: str) -> str:
        query = urlencode({name: value for name, value in (("tab", tab), ("by", by)) if value})
        return f"{address}?{query}" if query else address

    return [{"label": label, "url": url(tab), "current": tab == chosen} for tab, label in labels.items()]
