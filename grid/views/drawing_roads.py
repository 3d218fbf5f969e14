"""The operator's pages of roads with their stretches, and of points of interest."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count, Model, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from communities.doors import demand_operator_or_404
from communities.requests import SignedInRequest
from grid.chain import ending
from grid.forms.drawing import EndForm, PointForm, RoadForm, SegmentForm
from grid.models import PointOfInterest, Road, Segment
from grid.net import corners, geometry, landmarks, paving, sketches
from grid.net import operator_doors as net_doors
from grid.net.paving import SegmentWords
from kit.web import FORM_AND_DEED

A_PAGE = 40
LONGEST_QUESTION = 60


@login_required
@require_safe
def roads(request: SignedInRequest) -> HttpResponse:
    """The roads that stand or will, perhaps those that are called so."""
    demand_operator_or_404(request.user)
    counted = Road.objects.annotate(stretches=Count("segments", filter=Q(segments__until__isnull=True)))
    return _list(request, counted.select_related("group"), "grid/drawing_roads.html")


@login_required
@require_safe
def points(request: SignedInRequest) -> HttpResponse:
    """The points of interest that stand or will, perhaps those that are called so."""
    demand_operator_or_404(request.user)
    return _list(request, PointOfInterest.objects.select_related("road"), "grid/drawing_points.html")


@login_required
@require_http_methods(FORM_AND_DEED)
def new_road(request: SignedInRequest) -> HttpResponse:
    """Found a road; its stretches come next."""
    demand_operator_or_404(request.user)
    form = RoadForm.of(request)
    if form.is_valid():
        with form.taking_refusals():
            cleaned = form.cleaned_data
            road = paving.found_road(code=cleaned["code"], words=form.words, since=cleaned["since"], by=request.user)
            messages.success(request, _("%(name)s is here. Draw its stretches next.") % {"name": road.spoken_name})
            return redirect("grid:drawing_road", road.code)
    return render(request, "grid/drawing_road.html", {"form": form}, status=form.status)


@login_required
@require_http_methods(FORM_AND_DEED)
def road(request: SignedInRequest, code: str) -> HttpResponse:
    """One road with its stretches, and what is said of it, to be changed."""
    demand_operator_or_404(request.user)
    wanted = net_doors.get_any_road_or_404(code)
    form = RoadForm.of(request, road=wanted)
    if form.is_valid():
        with form.taking_refusals():
            paving.change_road(road=wanted, words=form.words, by=request.user)
            messages.success(request, _("Saved."))
            return redirect("grid:drawing_road", code)
    return _road(request, wanted, form=form, status=form.status)


@login_required
@require_POST
def end_road(request: SignedInRequest, code: str) -> HttpResponse:
    """Let a road end on a day, with its stretches."""
    demand_operator_or_404(request.user)
    wanted = net_doors.get_any_road_or_404(code)
    form = EndForm.of(request)
    if form.is_valid():
        with form.taking_refusals():
            ending.end_road(road=wanted, by=request.user, **form.cleaned_data)
            messages.success(request, _("%(name)s ends on that day.") % {"name": wanted.spoken_name})
            return redirect("grid:drawing_road", code)
    return _road(request, wanted, end_form=form, status=form.status)


@login_required
@require_http_methods(FORM_AND_DEED)
def segment(request: SignedInRequest, code: str, number: int) -> HttpResponse:
    """A stretch of a road, to be drawn anew; of a number that is not there yet, to be drawn."""
    demand_operator_or_404(request.user)
    wanted = net_doors.get_any_road_or_404(code)
    standing = wanted.segments.filter(number=number, until=None).first() if number <= paving.MOST_SEGMENTS else None
    form = SegmentForm.of(request, initial=_as_it_is(standing))
    if form.is_valid():
        with form.taking_refusals():
            since = form.cleaned_data["since"]
            paving.draw_segment(
                road=wanted, number=number, words=form.words, sketch=form.sketch, since=since, by=request.user
            )
            messages.success(request, _("Drawn. What stood before stays on record."))
            return redirect("grid:drawing_road", code)
    return _segment(request, wanted, number, standing, form=form, end_form=EndForm(), status=form.status)


@login_required
@require_POST
def end_segment(request: SignedInRequest, code: str, number: int) -> HttpResponse:
    """Let a stretch end on a day."""
    demand_operator_or_404(request.user)
    wanted = net_doors.get_any_road_or_404(code)
    standing = net_doors.get_standing_segment_or_404(wanted, number)
    form = EndForm.of(request)
    if form.is_valid():
        with form.taking_refusals():
            ending.end_segment(segment=standing, by=request.user, **form.cleaned_data)
            messages.success(request, _("%(name)s ends on that day.") % {"name": standing.spoken_name})
            return redirect("grid:drawing_road", code)
    form_of_words = SegmentForm(initial=_as_it_is(standing))
    return _segment(request, wanted, number, standing, form=form_of_words, end_form=form, status=form.status)


@login_required
@require_http_methods(FORM_AND_DEED)
def new_point(request: SignedInRequest) -> HttpResponse:
    """Found a point of interest."""
    demand_operator_or_404(request.user)
    form = PointForm.of(request)
    if form.is_valid():
        with form.taking_refusals():
            cleaned = form.cleaned_data
            founded = landmarks.found_point(
                code=cleaned["code"], since=cleaned["since"], by=request.user, **form.wanted
            )
            messages.success(request, _("%(name)s is here.") % {"name": founded.spoken_name})
            return redirect("grid:drawing_points")
    return render(request, "grid/drawing_point.html", {"form": form}, status=form.status)


@login_required
@require_http_methods(FORM_AND_DEED)
def point(request: SignedInRequest, code: str) -> HttpResponse:
    """A point of interest, to be changed."""
    demand_operator_or_404(request.user)
    wanted = net_doors.get_any_point_or_404(code)
    form = PointForm.of(request, point=wanted)
    if form.is_valid():
        with form.taking_refusals():
            landmarks.change_point(point=wanted, by=request.user, **form.wanted)
            messages.success(request, _("Saved."))
            return redirect("grid:drawing_points")
    context = {"point": wanted, "form": form, "end_form": EndForm()}
    return render(request, "grid/drawing_point.html", context, status=form.status)


@login_required
@require_POST
def end_point(request: SignedInRequest, code: str) -> HttpResponse:
    """Let a point of interest end on a day."""
    demand_operator_or_404(request.user)
    wanted = net_doors.get_any_point_or_404(code)
    form = EndForm.of(request)
    if form.is_valid():
        with form.taking_refusals():
            landmarks.end_point(point=wanted, by=request.user, **form.cleaned_data)
            messages.success(request, _("%(name)s ends on that day.") % {"name": wanted.spoken_name})
            return redirect("grid:drawing_points")
    context = {"point": wanted, "form": PointForm(point=wanted), "end_form": form}
    return render(request, "grid/drawing_point.html", context, status=form.status)


def _list(request: SignedInRequest, rows: QuerySet[Any, Model], template: str) -> HttpResponse:
    asked = request.GET.get("q", "").strip()[:LONGEST_QUESTION]
    there = rows.filter(sketches.standing_after(timezone.localdate())).order_by("code")
    if asked:
        called = Q(code__icontains=asked) | Q(name__icontains=asked) | Q(name_en__icontains=asked)
        there = there.filter(called)
    page = Paginator(there, A_PAGE).get_page(request.GET.get("page"))
    return render(request, template, {"rows": page, "asked": asked})


def _road(
    request: SignedInRequest,
    wanted: Road,
    *,
    form: RoadForm | None = None,
    end_form: EndForm | None = None,
    status: int,
) -> HttpResponse:
    segments = list(wanted.segments.filter(sketches.standing_after(timezone.localdate())).order_by("number", "since"))
    context = {
        "road": wanted,
        "form": form or RoadForm(road=wanted),
        "end_form": end_form or EndForm(),
        "consequences": ending.consequences_of(wanted, on=timezone.localdate()),
        "segments": segments,
        "next_number": max((each.number for each in segments), default=0) + 1,
    }
    return render(request, "grid/drawing_road.html", context, status=status)


def _segment(
    request: SignedInRequest,
    wanted: Road,
    number: int,
    standing: Segment | None,
    *,
    form: SegmentForm,
    end_form: EndForm,
    status: int,
) -> HttpResponse:
    context = {
        "road": wanted,
        "number": number,
        "standing": standing,
        "form": form,
        "end_form": end_form,
        "consequences": ending.consequences_of(standing, on=timezone.localdate()) if standing else None,
        "road_around": f"of=road&but={wanted.code}-{number}",
    }
    return render(request, "grid/drawing_segment.html", context, status=status)


def _as_it_is(standing: Segment | None) -> dict[str, Any]:
    if standing is None:
        return {}
    words = {name: getattr(standing, name) for name in SegmentWords.__dataclass_fields__}
    return {**words, "shape": corners.as_text(geometry.drawn(standing.shape))}
