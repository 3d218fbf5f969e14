"""The operator's pages of areas: the tree, one area, its outline, a new one."""

import math
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from communities.doors import demand_operator_or_404
from communities.requests import SignedInRequest
from grid.chain import ending
from grid.forms.drawing import AreaWordsForm, EndForm, NewAreaForm, OutlineForm
from grid.models import Area
from grid.net import around, corners, drawing, geometry, sketches
from grid.net import operator_doors as net_doors
from kit.web import FORM_AND_DEED

LONGEST_QUESTION = 60
BELOW: dict[str | None, str] = {above: level for level, above in drawing.ABOVE.items()}
"""The level of what lies in an area of a level."""


@login_required
@require_safe
def areas(request: SignedInRequest) -> HttpResponse:
    """The town with its zones and grids, or what is called so; the unit cells stand on the pages of their grids."""
    demand_operator_or_404(request.user)
    asked = request.GET.get("q", "").strip()[:LONGEST_QUESTION]
    today = timezone.localdate()
    there = Area.objects.select_related("organisation").filter(sketches.standing_after(today))
    if asked:
        called = Q(code__icontains=asked) | Q(name__icontains=asked) | Q(name_en__icontains=asked)
        context: dict[str, Any] = {"asked": asked, "found": there.filter(called).order_by("code")[:100]}
    else:
        above = there.exclude(level=Area.Level.CELL)
        counted = above.annotate(cells=Count("parts", filter=Q(parts__level=Area.Level.CELL) & _standing_parts(today)))
        rows = list(counted.order_by("code"))
        context = {"asked": "", "towns": _tree(rows, None)}
    return render(request, "grid/drawing_areas.html", context)


@login_required
@require_safe
def area(request: SignedInRequest, code: str) -> HttpResponse:
    """One area: what it is, its parts, its outlines of all times, and what may be done with it."""
    demand_operator_or_404(request.user)
    return _area(request, net_doors.get_any_area_or_404(code))


@login_required
@require_POST
def change_area(request: SignedInRequest, code: str) -> HttpResponse:
    """Say anew what an area is called and whose it is."""
    demand_operator_or_404(request.user)
    wanted = net_doors.get_any_area_or_404(code)
    form = AreaWordsForm.of(request)
    if form.is_valid():
        with form.taking_refusals():
            drawing.change_area(area=wanted, by=request.user, **form.cleaned_data)
            messages.success(request, _("Saved."))
            return redirect("grid:drawing_area", code)
    return _area(request, wanted, words_form=form, status=form.status)


@login_required
@require_POST
def end_area(request: SignedInRequest, code: str) -> HttpResponse:
    """Let an area end on a day, and its posts with it."""
    demand_operator_or_404(request.user)
    wanted = net_doors.get_any_area_or_404(code)
    form = EndForm.of(request)
    if form.is_valid():
        with form.taking_refusals():
            ending.end_area(area=wanted, by=request.user, **form.cleaned_data)
            messages.success(request, _("%(name)s ends on that day.") % {"name": wanted.spoken_name})
            return redirect("grid:drawing_area", code)
    return _area(request, wanted, end_form=form, status=form.status)


@login_required
@require_http_methods(FORM_AND_DEED)
def outline(request: SignedInRequest, code: str) -> HttpResponse:
    """Draw the outline of an area anew."""
    demand_operator_or_404(request.user)
    wanted = net_doors.get_any_area_or_404(code)
    standing = wanted.boundaries.filter(until=None).first()
    form = OutlineForm.of(
        request, initial={"shape": corners.as_text(geometry.drawn(standing.shape)) if standing else ""}
    )
    if form.is_valid():
        with form.taking_refusals():
            drawing.redraw_area(area=wanted, sketch=form.sketch, since=form.cleaned_data["since"], by=request.user)
            messages.success(request, _("Drawn. What stood before stays on record."))
            return redirect("grid:drawing_area", code)
    context = {
        "area": wanted,
        "form": form,
        "standing": standing,
        "at": _asked_position(request),
        "area_around": _around(wanted.level, wanted.parent, but=wanted.code),
    }
    return render(request, "grid/drawing_outline.html", context, status=form.status)


@login_required
@require_http_methods(FORM_AND_DEED)
def new_area(request: SignedInRequest) -> HttpResponse:
    """Found an area in the one that the address names; without one, the town."""
    demand_operator_or_404(request.user)
    above = request.GET.get("in", "")
    parent = net_doors.get_any_area_or_404(above) if above else None
    level = BELOW.get(parent.level if parent else None)
    if level is None:
        return redirect("grid:drawing_area", above)
    form = NewAreaForm.of(request, level=level, parent=parent, initial=_like(parent))
    if form.is_valid():
        with form.taking_refusals():
            founded = drawing.found_area(level=level, parent=parent, by=request.user, **form.wanted)
            messages.success(request, _("%(name)s is here.") % {"name": founded.spoken_name})
            return redirect("grid:drawing_area", founded.code)
    context = {
        "parent": parent,
        "level": Area.Level(level),
        "form": form,
        "at": _asked_position(request),
        "area_around": _around(level, parent),
    }
    return render(request, "grid/drawing_new_area.html", context, status=form.status)


@login_required
@require_safe
def around_it(request: SignedInRequest) -> JsonResponse:
    """What lies around something that is drawn, for the editor: a FeatureCollection of dim shapes."""
    demand_operator_or_404(request.user)
    but, above = request.GET.get("but", ""), request.GET.get("in", "")
    match request.GET.get("of"):
        case "area":
            told = around.areas(request.GET.get("level", ""), above, but=but, on=timezone.localdate())
        case _:
            told = around.roads(but=but, on=timezone.localdate())
    return JsonResponse(told)


def _area(
    request: SignedInRequest,
    wanted: Area,
    *,
    words_form: AreaWordsForm | None = None,
    end_form: EndForm | None = None,
    status: int = 200,
) -> HttpResponse:
    names = AreaWordsForm.base_fields
    boundaries = list(wanted.boundaries.select_related("drawn_by").order_by("-since", "-pk"))
    standing = next((each for each in boundaries if each.until is None), None)
    context = {
        "area": wanted,
        "below": BELOW.get(wanted.level),
        "words_form": words_form or AreaWordsForm(initial={name: getattr(wanted, name) for name in names}),
        "end_form": end_form or EndForm(),
        "consequences": ending.consequences_of(wanted, on=timezone.localdate()),
        "parts": wanted.parts.filter(sketches.standing_after(timezone.localdate())).order_by("code"),
        "roads": wanted.roads.order_by("code"),
        "boundaries": boundaries,
        "hectares": geometry.size_of(geometry.drawn(standing.shape)) / 10_000 if standing else None,
    }
    return render(request, "grid/drawing_area.html", context, status=status)


def _around(level: str, parent: Area | None, *, but: str = "") -> str:
    return urlencode({"of": "area", "level": level, "in": parent.code if parent else "", "but": but})


def _tree(rows: list[Any], parent: int | None) -> list[dict[str, Any]]:
    return [{"area": row, "parts": _tree(rows, row.pk)} for row in rows if row.parent_id == parent]


def _standing_parts(day: Any) -> Q:
    return Q(parts__until__isnull=True) | Q(parts__until__gt=day)


def _like(parent: Area | None) -> dict[str, Any]:
    """What is likely of a new part: it is numbered in its town, and as much a drawing as what it lies in."""
    if parent is None:
        return {"is_schematic": True}
    above = parent.parent if parent.level == Area.Level.ZONE and parent.parent else parent
    return {"code": above.code, "is_schematic": parent.is_schematic}


def _asked_position(request: SignedInRequest) -> str:
    """Where to look first, as a line of the gap report says it; nothing that cannot be read."""
    try:
        at = [float(part) for part in request.GET.get("at", "").split(",")[:2]]
    except ValueError:
        return ""
    return ",".join(f"{part:.6f}" for part in at) if all(math.isfinite(part) for part in at) else ""
