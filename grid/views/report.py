"""Reporting a problem: one page, the similar ones near by, the receipt; and the same for those who write it down for others."""

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from communities.models import User
from communities.requests import SignedInRequest
from grid.cases import doors as case_doors
from grid.cases import reporting
from grid.forms.reporting import EntryForm, ReportForm, key_in, position_in
from grid.models import Case, DraftPhoto
from grid.net import locating, maps, plan
from grid.reports import drafts, entering, placing, similar, supporting
from grid.telling import words as case_words
from kit.refusals import Refused
from kit.web import FORM_AND_DEED, found_or_404, with_retry

EMERGENCY = ("110", "119", "120")


@require_http_methods(FORM_AND_DEED)
def report(request: HttpRequest) -> HttpResponse:
    """One page: pictures, what it is, where. Anybody may; whatever was typed or uploaded outlives a mistake."""
    form = ReportForm(request)
    return _shown_or_done(request, form, "grid/report.html")


@login_required
@require_http_methods(FORM_AND_DEED)
def report_for_others(request: SignedInRequest) -> HttpResponse:
    """The same for those who take reports in, and for grid workers: with the channel, and whom to call back."""
    channels = entering.channels_of(request.user)
    if not channels:
        raise PermissionDenied(
            _("Only those who take reports in, and grid workers on their patrols, write reports down for others.")
        )
    form = EntryForm(request, channels)
    return _shown_or_done(request, form, "grid/report_for_others.html")


@require_safe
def reported(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """The number; and the receipt code for its sender, in this browser or account: the address alone is passed on."""
    case = Case.objects.filter(request_key=key).select_related("category", "road").first()
    if case is None or (case.is_complaint and not case_doors.may_read_receipt(request, case)):
        raise Http404
    context = {
        "case": case,
        "receipt": reporting.receipt_of(case) if case_doors.may_read_receipt(request, case) else "",
        "address": case_words.address_of(case),
        "emergency": EMERGENCY,
        "pictures_wait": case.keeps_pictures_back and case.photos.filter(is_public=True).exists(),
        "for_others": case.channel in reporting.FOR_OTHERS,
        "channels": entering.channels_of(request.user),
    }
    return render(request, "grid/reported.html", context)


@require_POST
def same(request: HttpRequest) -> HttpResponse:
    """*Me too*: one of those that were shown is the same problem. What was begun is not needed any more."""
    case = found_or_404(Case.objects.public().filter(is_dwelling=False), _number_in(request.POST.get("case", "")))
    try:
        is_new, mark = supporting.say(case, request, is_own=case_doors.is_reporter(request, case))
    except Refused as refusal:
        messages.error(request, refusal.sentence)
        return redirect("grid:report")
    if (key := key_in(request.POST.get("key", ""))) is not None:
        drafts.throw_away_begun(key=key)
    messages.success(
        request,
        _("Thank you: it is counted that you met it too.") if is_new else _("You said so before; it counts once."),
    )
    return supporting.keep(redirect(case_words.address_of(case)), mark)


@require_safe
def draft_picture(_request: HttpRequest, key: uuid.UUID, pk: int) -> HttpResponseBase:
    """A picture that waits for its report, small, for whoever holds the key of the form."""
    photo = found_or_404(DraftPhoto.objects.filter(draft__key=key), pk)
    try:
        return FileResponse(photo.small.open(), content_type="image/jpeg")
    except FileNotFoundError as error:
        raise Http404 from error


@require_safe
def where(request: HttpRequest) -> JsonResponse:
    """A position in words, for the page that asked the phone for it or let somebody tap on the map.

    Answers 422 with the sentence as ``detail`` for what is no position, and for one that is not in the town.
    """
    today = timezone.localdate()
    position = position_in(request.GET.get("at", ""))
    if position is None:
        return JsonResponse({"detail": _("This is no position.")}, status=422)
    try:
        locating.demand_in_town(position, on=today)
    except Refused as refusal:
        return JsonResponse({"detail": refusal.sentence}, status=refusal.status)
    return JsonResponse({"words": placing.words_for(position, on=today)})


def _shown_or_done(request: HttpRequest, form: ReportForm, template: str) -> HttpResponse:
    near: list[similar.Near] = []
    if form.is_bound:
        is_valid = form.is_valid()
        if is_valid and (known := Case.objects.filter(request_key=form.request_key).first()) is not None:
            drafts.throw_away_begun(key=form.form_key)
            return _thanked_again(request, form, known)
        if is_valid and (sent := _sent_before(request, form)) is not None:
            messages.info(request, _("You sent just this a short time ago. It is here; it was not sent once more."))
            return _thanked_again(request, form, sent)
        if form.dropped:
            drafts.drop(key=form.form_key, photos=form.dropped)
        files = [upload.file for upload in form.cleaned_data.get("photos", []) if upload.file is not None]
        refusals = drafts.keep(key=form.form_key, uploads=files, source=_address(request))
        form.refuse_pictures(refusals)
        if is_valid and not refusals and "again" not in request.POST:
            with form.taking_refusals():
                near = _near(form)
                if not near:
                    case = _sent(request, form).case
                    case_doors.remember_sent(request, form.content_key, case)
                    return _thanked(request, case)
    today = timezone.localdate()
    context: dict[str, Any] = {
        "form": form,
        "map": maps.map_of(_("Map to choose the place on"), plan.features(on=today), on=today),
        "pictures": drafts.pictures_of(form.form_key) if form.is_bound else [],
        "most": drafts.MOST_PHOTOS,
        "near": near,
        "emergency": EMERGENCY,
        "kinds": form.kinds,
    }
    return with_retry(render(request, template, context, status=form.status), form.refusal)


def _thanked_again(request: HttpRequest, form: ReportForm, case: Case) -> HttpResponse:
    """It is there already; that it is at a home is not lost, although it was said only now."""
    if form.cleaned_data["is_dwelling"]:
        reporting.say_at_home(case=case)
    return _thanked(request, case)


def _thanked(request: HttpRequest, case: Case) -> HttpResponse:
    """On to number and code. Without an account it is this browser that knows the report as its own."""
    if case.channel not in reporting.FOR_OTHERS and not request.user.is_authenticated:
        case_doors.prove(request, case)
    return redirect("grid:reported", case.request_key)


def _sent_before(request: HttpRequest, form: ReportForm) -> Case | None:
    """The back button leads to a form with a new key and the old words. Another picture makes it another report, and so does
    whoever says that it is none of those that are shown.
    """
    said = form.cleaned_data
    if said["photos"] or said["is_another"] or drafts.pictures_of(form.form_key):
        return None
    return case_doors.sent_before(request, form.content_key, timezone.now())


def _near(form: ReportForm) -> list[similar.Near]:
    """Similar ones, unless they were shown already. What the report lacks is said before them."""
    told = reporting.read(**_told(form), is_complaint=form.is_about_staff)
    if form.cleaned_data["is_another"] or form.is_about_staff:
        return []
    return similar.near(told.placed.position, form.cleaned_data["category"], now=timezone.now())


def _sent(request: HttpRequest, form: ReportForm) -> reporting.Reported:
    return reporting.report(
        request_key=form.request_key,
        channel=form.channel,
        by=request.user if isinstance(request.user, User) else None,
        source=_address(request),
        is_urgent=bool(form.cleaned_data.get("is_urgent")),
        is_dwelling=form.cleaned_data["is_dwelling"],
        is_complaint=form.is_about_staff,
        against=form.cleaned_data["against"],
        **_told(form),
    )


def _told(form: ReportForm) -> dict[str, Any]:
    return {
        "spot": form.spot,
        "description": form.cleaned_data["description"],
        "category": form.cleaned_data["category"],
        "contact": form.contact,
        "draft": form.form_key,
        "seen_at": form.seen_position,
    }


def _address(request: HttpRequest) -> str:
    return str(request.META.get("REMOTE_ADDR", ""))


def _number_in(written: str) -> int:
    return int(written) if written.isascii() and written.isdigit() and len(written) < 19 else 0
