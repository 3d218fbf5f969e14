"""The board of the three numbers, and the lists behind them."""

from datetime import date

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from communities import permits as organisation_permits
from communities.models import User
from communities.requests import SignedInRequest
from grid import permits
from grid.chain import appointers, integrity
from grid.chain import doors as post_doors
from grid.chain.integrity import EmptyPlace
from grid.desk.scopes import scope_of
from grid.models import Case, TeamMember
from grid.rules import announced
from grid.telling.words import address_of

A_PAGE = 30

LISTS = integrity.Numbers._fields


@login_required
@require_safe
def board(request: SignedInRequest) -> HttpResponse:
    """Three numbers; one of them is opened, and each row says how it is mended."""
    post_doors.demand_board_or_404(request.user)
    today = timezone.localdate()
    empty = integrity.empty_places(today)
    people, cases = integrity.people_without_a_place(today), integrity.cases_without_a_cell(today)
    numbers = integrity.Numbers(len(empty), people.count(), cases.count())
    asked = request.GET.get("list", "")
    which = (
        asked if asked in LISTS else next((name for name, many in zip(LISTS, numbers, strict=True) if many), LISTS[0])
    )
    rows: dict[str, list[EmptyPlace] | QuerySet[TeamMember] | QuerySet[Case]] = {
        "places": empty,
        "people": people,
        "cases": cases,
    }
    page = Paginator(rows[which], A_PAGE).get_page(request.GET.get("page"))
    may_fill = appointers.filler(request.user, today)
    is_operator = organisation_permits.is_operator(request.user)
    context = {
        "numbers": numbers,
        "which": which,
        "page": page,
        "may_mend": {row.place.code for row in page if isinstance(row, EmptyPlace) and may_fill(row.role, row.place)},
        "way_to": _ways_to([row for row in page if isinstance(row, Case)], request.user, today),
        "may_fill": appointers.may_fill_anything(request.user, today),
        "is_operator": is_operator,
        "missing_days": announced.warnings(today) if is_operator else [],
    }
    return render(request, "grid/integrity.html", context)


def _ways_to(cases: list[Case], person: User, today: date) -> dict[str, str]:
    """Where these cases are opened, by their numbers: at the desk for who has to do with them, else on their page if seen."""
    shown = Case.objects.filter(pk__in=[case.pk for case in cases])
    seen = shown.filter(pk__in=permits.cases_to_see(person).values("pk"))
    mine = shown.filter(pk__in=scope_of(person, today).everything.values("pk"))
    return {case.number: address_of(case) for case in seen} | {
        case.number: reverse("grid:case_at_desk", args=[case.number]) for case in mine
    }
