"""The desk of cases: what waits for me, and several sent out at once."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from communities.models import Organisation
from communities.requests import SignedInRequest
from grid import permits
from grid.desk import batches, counting, suggesting
from grid.desk import doors as desk_doors
from grid.desk import lists as desk_lists
from grid.desk import words as staff_words
from grid.desk.lists import Filters, List
from grid.models import Case
from grid.rules.lights import Lamp, Standing
from grid.telling import book as telling
from grid.telling.words import kind_of
from kit.web import FORM_AND_DEED, is_id
from updates import book

ON_A_PAGE = 30


class Row:
    """A case in a list, with everything that is said of it; from :func:`grid.desk.lists.rows`."""

    def __init__(self, case: Case, lamp: Lamp) -> None:
        self.case = case
        self.url = reverse("grid:case_at_desk", args=[case.number])
        self.kind = kind_of(case)
        self.place = staff_words.place_of(case, inside=vars(case)["is_inside"])
        self.standing: Standing = lamp.of(case)
        self.who = case.handler or case.inspector
        self.age = _age(case.reported_at, lamp.now)


def _age(since: datetime, now: datetime) -> str:
    """How old something is, in its largest unit."""
    minutes = int((now - since) / timedelta(minutes=1))
    if minutes < 60:
        return ngettext("%(count)d minute old", "%(count)d minutes old", minutes) % {"count": minutes}
    if minutes < 48 * 60:
        return ngettext("%(count)d hour old", "%(count)d hours old", minutes // 60) % {"count": minutes // 60}
    days = minutes // (24 * 60)
    return ngettext("%(count)d day old", "%(count)d days old", days) % {"count": days}


@login_required
@require_safe
def case_desk(request: SignedInRequest) -> HttpResponse:
    """What waits for this person, in lists by role, narrowed and searched."""
    scope = desk_doors.get_scope_or_403(request.user)
    heads = book.heads([telling.CASES]) if permits.may_follow_cases(request.user, "") else {}
    now = timezone.now()
    lists = desk_lists.lists_of(scope, now)
    counts = desk_lists.counts(lists)
    filters = Filters.asked(request.GET)
    shown = _shown(lists, counts, request.GET.get("list", ""), filters)
    page = Paginator(desk_lists.rows(shown, filters, now, inside=scope.inside), ON_A_PAGE).get_page(
        request.GET.get("page")
    )
    lamp = Lamp.lit(now)
    context = {
        "shown": shown,
        "tabs": [_tab(each, counts, shown) for each in lists if counts.get(each.code) or each in (shown, lists[-1])],
        "filters": filters,
        "choices": desk_lists.choices_for(shown, timezone.localdate(now)),
        "states": Case.State.choices,
        "late_now": desk_lists.LATE_NOW,
        "page": page,
        "rows": [Row(case, lamp) for case in page],
        "figures": counting.figures(scope, now),
        "follow": json.dumps(heads),
        "may_send": shown.is_batch,
        "most": batches.MOST,
    }
    return render(request, "grid/case_desk.html", context)


@login_required
@require_http_methods(FORM_AND_DEED)
def send_out(request: SignedInRequest) -> HttpResponse:
    """Several cases at once: a unit is proposed for each, one press sends them, and what was refused is told."""
    desk_doors.get_scope_or_403(request.user)
    sent = request.POST if request.method == "POST" else request.GET
    numbers = sent.getlist("number")
    choices = batches.chosen(numbers, request.user)
    if request.method != "POST" or not choices:
        return _batch_page(request, choices, too_many=len(numbers) > batches.MOST)
    wanted = {each.case.pk: request.POST.get(f"unit-{each.case.number}", "") for each in choices}
    units = Organisation.objects.in_bulk([int(pk) for pk in wanted.values() if is_id(pk)])
    chosen = {case: units.get(int(pk)) if is_id(pk) else None for case, pk in wanted.items()}
    orders = [(each.case, chosen[each.case.pk]) for each in choices]
    outcomes = batches.send_out(orders, request.user)
    done = [outcome for outcome in outcomes if not outcome.why_not]
    if done:
        messages.success(
            request,
            ngettext("%(count)d case is sent out.", "%(count)d cases are sent out.", len(done)) % {"count": len(done)},
        )
    if len(done) == len(outcomes):
        return redirect(_list("send"))
    return _batch_page(request, choices, outcomes=outcomes)


def _batch_page(
    request: SignedInRequest,
    choices: Iterable[batches.Choice],
    *,
    outcomes: Iterable[batches.Outcome] = (),
    too_many: bool = False,
) -> HttpResponse:
    refused = {outcome.case.pk: outcome for outcome in outcomes if outcome.why_not}
    rows = [_batch_row(each, refused.get(each.case.pk)) for each in choices if not outcomes or each.case.pk in refused]
    units = {unit.pk: unit for unit in suggesting.units_of_town()}
    units |= {row.chosen.pk: row.chosen for row in rows if row.chosen is not None}
    context = {
        "rows": rows,
        "units": units.values(),
        "refused": len(refused),
        "too_many": too_many,
        "most": batches.MOST,
    }
    return render(request, "grid/send_out.html", context, status=409 if refused else 200)


@dataclass(frozen=True)
class BatchRow:
    """A case that is about to go out, and what is chosen for it."""

    case: Case
    title: str
    because: str
    chosen: Organisation | None
    why_not: str


def _batch_row(choice: batches.Choice, refused: batches.Outcome | None) -> BatchRow:
    return BatchRow(
        case=choice.case,
        title=staff_words.title_of(choice.case),
        because=choice.because,
        chosen=refused.unit if refused else choice.unit,
        why_not=refused.why_not if refused else "",
    )


def _shown(lists: list[List], counts: dict[str, int], wanted: str, filters: Filters) -> List:
    """The list that was asked for, or the first in which something waits; a search without a list looks into all."""
    for each in lists:
        if each.code == wanted:
            return each
    if not filters.is_empty:
        return lists[-1]
    return next((each for each in lists if counts.get(each.code)), lists[0])


def _tab(of: List, counts: dict[str, int], shown: List) -> dict[str, Any]:
    return {"label": of.label, "url": _list(of.code), "current": of is shown, "count": counts.get(of.code, 0)}


def _list(code: str) -> str:
    return f"{reverse('grid:case_desk')}?{urlencode({'list': code})}"
