"""Cases for programs that read feeds: Atom, all of them, of a road, of a cell, of a unit. Public words only.

An entry is a case as it stands; each step makes it new, and its address is its name for ever.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.db.models import Max, Q
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from communities.models import Organisation
from grid.models import Area, Case, CaseQuerySet, Road
from grid.telling import words as case_words
from grid.telling.subscribing import Thing, What
from kit.web import public
from updates.titles import unbroken

from . import listing as case_listing

LATEST = 50
"""Entries of a feed."""

# What XML cannot hold; no keyboard writes it.
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


@dataclass(frozen=True)
class Entry:
    """A case as it stands in a feed."""

    title: str
    text: str
    address: str
    author: str
    published: datetime
    updated: datetime


class CasesFeed(Feed):
    """All public cases, those first with which something was done last."""

    feed_type = Atom1Feed

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Thing | None:
        return None

    def title(self, thing: Thing | None) -> str:
        if thing is None:
            return _("Gongzhi: problems and answers")
        return _clean(_("Gongzhi: problems and answers, %(name)s") % {"name": thing.name})

    def link(self, thing: Thing | None) -> str:
        return settings.SITE_URL + reverse("grid:cases")

    def feed_url(self, thing: Thing | None) -> str:
        return settings.SITE_URL + (reverse("grid:cases_feed") if thing is None else thing.feed)

    def items(self, thing: Thing | None) -> list[Entry]:
        return _entries(_cases_of(thing))

    def item_title(self, item: Entry) -> str:
        return item.title

    def item_description(self, item: Entry) -> str:
        return escape(item.text)  # Atom takes a summary for HTML

    def item_link(self, item: Entry) -> str:
        return item.address

    def item_guid(self, item: Entry) -> str:
        return item.address

    def item_author_name(self, item: Entry) -> str:
        return item.author

    def item_pubdate(self, item: Entry) -> datetime:
        return item.published

    def item_updateddate(self, item: Entry) -> datetime:
        return item.updated


class ThingFeed(CasesFeed):
    """Those of one road, area or unit; not there (404) where everybody knows of none."""

    def __init__(self, what: What) -> None:
        self.what = what

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Thing | None:
        found = Thing.found(self.what, kwargs["key"])
        if found is None:
            raise Http404
        return found

    def link(self, thing: Thing | None) -> str:
        if thing is None or thing.what is What.AREA:
            return super().link(thing)
        return f"{super().link(thing)}?{thing.what}={thing.key}"


def _cases_of(thing: Thing | None) -> CaseQuerySet:
    cases = Case.objects.public()
    match thing.row if thing else None:
        case Road() as road:
            return cases.filter(road=road)
        case Organisation() as unit:
            return cases.filter(unit=unit)
        case Area() as area:
            return cases.filter(case_listing.lies_in(area))
    return cases


def _entries(cases: CaseQuerySet) -> list[Entry]:
    now = timezone.now()
    # Only what everybody hears of makes an entry new.
    told = Max("steps__at", filter=Q(steps__deed__in=list(case_words.TOLD)))
    latest = cases.select_related("category", "road", "cell", "unit").annotate(touched=Coalesce(told, "reported_at"))
    return [_entry(case, now) for case in latest.order_by("-touched", "-pk")[:LATEST]]


def _entry(case: Case, now: datetime) -> Entry:
    state = case_words.state_of(case, now).word
    place = case_words.place_of(case).words
    answer = case.answer if case.state == Case.State.CLOSED else ""
    return Entry(
        title=_clean(_("%(title)s – %(news)s") % {"title": case_words.title_of(case), "news": state}),
        text=_clean(" · ".join(filter(None, (place, case.description, answer)))),
        address=settings.SITE_URL + case_words.address_of(case),
        author=_clean(case.unit.spoken_name) if case.unit else "",
        published=case.reported_at,
        updated=vars(case)["touched"],
    )


def _clean(text: str) -> str:
    return _CONTROLS.sub("", unbroken(text))


cases = public(require_safe(CasesFeed()))
road = public(require_safe(ThingFeed(What.ROAD)))
area = public(require_safe(ThingFeed(What.AREA)))
unit = public(require_safe(ThingFeed(What.UNIT)))
