"""What this room shows of cases on other pages: of roads, of areas, of organisations, and on a person's own."""

from collections.abc import Iterator

from django.db.models import Count, Q
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from communities.models import Organisation, User
from grid import permits
from grid.models import Area, Case, CaseQuerySet, Road
from grid.telling import subscribing
from grid.telling.subscribing import Thing, What
from volunteers.panels import Line

from . import listing as case_listing

MOST = 5


def history_of_road(request: HttpRequest, road: Road) -> SafeString:
    """What was reported on a road, the newest first, with before and after."""
    return _history(request, Case.objects.public().filter(road=road), What.ROAD, road.code, {"road": road.code})


def history_of_area(request: HttpRequest, area: Area) -> SafeString:
    """The same of an area of any level; of a community with its street fronts."""
    asked = {}
    if area.level == Area.Level.CELL:
        asked = {"cell": area.code}
    elif area.level == Area.Level.GRID and area.kind == Area.Kind.COMMUNITY:
        asked = {"community": area.code}
    return _history(request, Case.objects.public().filter(permits.found_in(area)), What.AREA, area.code, asked)


def cases_in_hand(request: HttpRequest, organisation: Organisation) -> SafeString:
    """What an organisation has in hand; nothing for one that never handled anything."""
    cases = Case.objects.public().filter(unit=organisation)
    counts = _counts(cases)
    if not any(counts.values()):
        return SafeString()
    in_work = case_listing.with_all(cases.open().order_by("-reported_at", "-id"))[:MOST]
    context = {
        "rows": case_listing.rows_of(in_work, timezone.now()),
        "counts": counts,
        "all_url": _list_of({"unit": organisation.slug}),
        **_following(request, Thing.found(What.UNIT, organisation.slug)),
    }
    return render_to_string("grid/_unit_cases.html", context, request=request)


def own_lines(person: User) -> Iterator[Line]:
    """The way to one's own reports, with how many questions wait there."""
    waiting = Case.objects.open().filter(reporter__person=person, questions__reply="").count()
    yield Line(reverse("grid:my_cases"), "camera", _("My reports"), waiting)


def _history(request: HttpRequest, cases: CaseQuerySet, what: What, key: str, asked: dict[str, str]) -> SafeString:
    shown = cases.exclude(state=Case.State.MERGED).order_by("-reported_at", "-id")
    context = {
        "rows": case_listing.rows_of(case_listing.with_all(shown)[:MOST], timezone.now()),
        "counts": _counts(cases),
        "all_url": _list_of(asked) if asked or what is What.ROAD else "",
        **_following(request, Thing.found(what, key, by=request.user)),
    }
    return render_to_string("grid/_case_history.html", context, request=request)


def _counts(cases: CaseQuerySet) -> dict[str, int]:
    """How many are in work and how many have an answer. One query."""
    in_work = ~Q(state__in=Case.ENDED)
    return cases.order_by().aggregate(open=Count("pk", in_work), answered=Count("pk", Q(state=Case.State.CLOSED)))


def _following(request: HttpRequest, thing: Thing | None) -> dict[str, object]:
    return {"thing": thing, "follows": thing is not None and subscribing.follows(request.user, thing)}


def _list_of(asked: dict[str, str]) -> str:
    return f"{reverse('grid:cases')}?{urlencode(asked)}"
