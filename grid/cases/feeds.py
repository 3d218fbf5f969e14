"""Cases for programs that read feeds: Atom, all of them, of a road, of a cell, of a unit. Public words only.

An entry is a case as it stands; each step that everybody hears of makes it new, and its address is its name for ever.
"""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from communities.models import Organisation
from grid import permits
from grid.models import Area, Case, CaseQuerySet, Road
from grid.telling import words as case_words
from grid.telling.subscribing import Thing, What
from kit.web import public
from updates.atom import LATEST, AtomFeed, Entry, clean


class CasesFeed(AtomFeed):
    """All public cases, those first with which something was done last."""

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Thing | None:
        return None

    def title(self, thing: Thing | None) -> str:
        if thing is None:
            return _("Gongzhi: problems and answers")
        return clean(_("Gongzhi: problems and answers, %(name)s") % {"name": thing.name})

    def link(self, thing: Thing | None) -> str:
        return settings.SITE_URL + reverse("grid:cases")

    def feed_url(self, thing: Thing | None) -> str:
        return settings.SITE_URL + (reverse("grid:cases_feed") if thing is None else thing.feed)

    def items(self, thing: Thing | None) -> list[Entry]:
        return _entries(_cases_of(thing))


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
            return cases.filter(permits.found_in(area))
    return cases


def _entries(cases: CaseQuerySet) -> list[Entry]:
    now = timezone.now()
    latest = cases.select_related("category", "road", "cell", "unit").order_by("-touched_at", "-pk")
    return [_entry(case, now) for case in latest[:LATEST]]


def _entry(case: Case, now: datetime) -> Entry:
    state = case_words.state_of(case, now).word
    place = case_words.place_of(case).words
    answer = case_words.answer_of(case) if case.state == Case.State.CLOSED else ""
    address = settings.SITE_URL + case_words.address_of(case)
    return Entry(
        title=clean(_("%(title)s – %(news)s") % {"title": case_words.title_of(case), "news": state}),
        text=clean(" · ".join(filter(None, (place, case.description, answer)))),
        address=address,
        key=address,
        author=clean(case.unit.spoken_name) if case.unit else "",
        published=case.reported_at,
        updated=case.touched_at,
    )


cases = public(require_safe(CasesFeed()))
road = public(require_safe(ThingFeed(What.ROAD)))
area = public(require_safe(ThingFeed(What.AREA)))
unit = public(require_safe(ThingFeed(What.UNIT)))
