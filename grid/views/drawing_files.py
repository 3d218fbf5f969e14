"""The operator's pages of the whole net: what is missing in it, files that go out and come in."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from communities.doors import demand_operator_or_404
from communities.requests import SignedInRequest
from grid.forms.drawing import DayForm, ExportForm, SendForm
from grid.net import exporting, gaps, importing
from grid.net import operator_doors as net_doors
from grid.net.coordinates import System
from grid.net.importing import Report
from kit.refusals import Refused
from kit.web import FORM_AND_DEED

SHOWN = 200
"""Lines of one kind that a report shows; there may be thousands, and the first say what is the matter."""


@login_required
@require_safe
def gap_report(request: SignedInRequest) -> HttpResponse:
    """Overlaps, gaps, what lies outside and roads without a cell, of the net of a day."""
    demand_operator_or_404(request.user)
    form = DayForm(request.GET if "on" in request.GET else None)
    found = gaps.report(form.day)
    lines = gaps.lines(found)
    context = {
        "form": form if form.is_bound else DayForm(),
        "report": found,
        "lines": lines[:SHOWN],
        "more": max(0, len(lines) - SHOWN),
        "sorts": gaps.SORT_WORDS,
    }
    return render(request, "grid/drawing_gaps.html", context)


@login_required
@require_safe
def gap_table(request: SignedInRequest) -> HttpResponse:
    """The same report as a table for a spreadsheet."""
    demand_operator_or_404(request.user)
    day = DayForm(request.GET if "on" in request.GET else None).day
    head = [pgettext("head of a table", "What"), _("Sentence"), "m²", _("Longitude"), _("Latitude"), _("Codes")]
    rows = [
        [
            str(gaps.SORT_WORDS[line.sort]),
            line.sentence,
            line.square_metres,
            *(line.at or ("", "")),
            " ".join([*(area.code for area in line.areas), *([line.road.code] if line.road else [])]),
        ]
        for line in gaps.lines(gaps.report(day))
    ]
    return _file(exporting.table([head, *rows]), "text/csv; charset=utf-8", f"net-gaps-{day}.csv")


@login_required
@require_http_methods(FORM_AND_DEED)
def files(request: SignedInRequest) -> HttpResponse:
    """Send a file and read what it would do; and take the net away as one."""
    demand_operator_or_404(request.user)
    form = SendForm(request.POST, request.FILES) if request.method == "POST" else SendForm()
    if form.is_valid():
        with form.taking_refusals():
            system, since = System(form.cleaned_data["source"]), form.cleaned_data["since"]
            content = form.cleaned_data["file"].read()
            report = importing.rehearse(content=content, system=system, since=since, by=request.user)
            if report.changes and not report.troubles:
                importing.keep(content=content, system=system, since=since, by=request.user)
                return _report(request, report, name=form.cleaned_data["file"].name, mark=importing.mark_of(content))
            importing.let_go(by=request.user)
            return _report(request, report, name=form.cleaned_data["file"].name)
    context = {"form": form, "export_form": ExportForm()}
    return render(request, "grid/drawing_files.html", context, status=form.status)


@login_required
@require_POST
def bring_in(request: SignedInRequest) -> HttpResponse:
    """Do what the report said; where something has changed since, or another file was sent, say so and do nothing."""
    demand_operator_or_404(request.user)
    sent = net_doors.sent_file(request.user)
    if sent is None:
        messages.info(request, _("No file is waiting: it is in already, or was let go. Here is the net as it is now."))
        return redirect("grid:drawing_gaps")
    if request.POST.get("file") != importing.mark_of(bytes(sent.content)):
        messages.error(
            request, _("Another file was sent since this report. Nothing was changed; please send this one again.")
        )
        return redirect("grid:drawing_files")
    try:
        report = importing.bring_in(
            content=bytes(sent.content), system=System(sent.source), since=sent.since, by=request.user
        )
    except Refused as refusal:
        messages.error(request, refusal.sentence)
        return redirect("grid:drawing_files")
    if not report.done:
        return _report(request, report, name="", status=409)
    messages.success(request, _("The file is in: %(count)d changes.") % {"count": len(report.changes)})
    return redirect("grid:drawing_gaps")


@login_required
@require_safe
def export(request: SignedInRequest) -> HttpResponse:
    """The net of a day as a file."""
    demand_operator_or_404(request.user)
    form = ExportForm(request.GET)
    if not form.is_valid():
        context = {"form": SendForm(), "export_form": form}
        return render(request, "grid/drawing_files.html", context, status=form.status)
    system, day = System(form.cleaned_data["source"]), form.cleaned_data["on"]
    told = exporting.records(day, form.subjects)
    name = f"net-{day}-{system}"
    if form.cleaned_data["form"] == ExportForm.CSV:
        return _file(exporting.as_table(told, system=system), "text/csv; charset=utf-8", f"{name}.csv")
    content = exporting.as_geojson(told, day=day, system=system)
    return _file(content, "application/geo+json", f"{name}.geojson")


def _report(request: SignedInRequest, report: Report, *, name: str, mark: str = "", status: int = 200) -> HttpResponse:
    context: dict[str, Any] = {
        "report": report,
        "mark": mark,
        "name": name,
        "troubles": report.troubles[:SHOWN],
        "changes": report.changes[:SHOWN],
        "left": report.left[:SHOWN],
        "what": {
            "area": pgettext("in a file of the net", "area"),
            "road": pgettext("in a file of the net", "road"),
            "segment": pgettext("in a file of the net", "stretch"),
            "point": pgettext("in a file of the net", "point"),
        },
        "sorts": gaps.SORT_WORDS,
    }
    return render(
        request, "grid/drawing_report.html", context, status=422 if report.troubles and status == 200 else status
    )


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})
