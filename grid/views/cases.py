"""What everybody sees of cases: the list, the page, the pictures; and “I have it too”."""

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from django.views.static import serve

from grid.cases import doors as case_doors
from grid.cases import faces as case_faces
from grid.cases import listing as case_listing
from grid.cases.listing import Filters
from grid.net import maps, plan
from grid.reports import supporting
from grid.telling.words import address_of, title_of
from kit.refusals import Refused
from kit.web import FORM_AND_DEED, public

A_PAGE = 20


@public
@require_safe
def cases(request: HttpRequest) -> HttpResponse:
    """The public list, with filters in the address, and the map of what it shows."""
    now = timezone.now()
    filters = Filters.read(request.GET)
    page = Paginator(case_listing.with_all(filters.cases(now)), A_PAGE).get_page(request.GET.get("page"))
    rows = case_listing.rows_of(page, now)
    today = timezone.localdate(now)
    positions = [row.place.position for row in rows if row.place.position is not None]
    context = {
        "filters": filters,
        "page": page,
        "rows": rows,
        "map": maps.map_of(_("Map of these cases"), plan.features(on=today), on=today, marks=positions),
    }
    return render(request, "grid/cases.html", context)


@public
@require_safe
def case(request: HttpRequest, number: str) -> HttpResponse:
    """The page of a case; for its reporter with what only he or she may do. Of one that was taken down it says so (410)."""
    try:
        found = case_doors.get_case_or_404(request, number)
    except Http404:
        if not case_doors.was_taken_down(number):
            raise
        return render(request, "grid/case_taken_down.html", {"number": number}, status=410)
    face = case_faces.face_of(found, request=request, now=timezone.now())
    return render(request, "grid/case.html", {"face": face, "case": face.case})


@public
@require_safe
def photo(request: HttpRequest, number: str, pk: int, size: str) -> HttpResponseBase:
    """A picture of a case, for whoever may see the case and the picture; asked anew each time whether that still is so."""
    if size not in ("small", "large"):
        raise Http404
    found = case_doors.get_photo_or_404(request, number, pk)
    file = found.small if size == "small" else found.file
    response = serve(request, str(file.name), document_root=str(settings.MEDIA_ROOT))
    if found.is_shown and found.case.is_shown:
        # The same for everybody, signed in or not; a case that is hidden later is asked for and not found.
        response.headers["Cache-Control"] = "public, no-cache"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    if isinstance(response, FileResponse):
        response.headers["Content-Disposition"] = "inline"
        response.headers["Content-Type"] = "image/jpeg"
    return response


@require_http_methods(FORM_AND_DEED)
def support(request: HttpRequest, number: str) -> HttpResponse:
    """It is a problem for somebody else too; a page of its own, because the page of the case is kept by caches."""
    found = case_doors.get_case_or_404(request, number)
    if request.method != "POST":
        context = {"number": found.number, "title": title_of(found), "back": address_of(found)}
        return render(request, "grid/support_case.html", context)
    answer = redirect("grid:case", number=number)
    try:
        is_new, mark = supporting.say(found, request, is_own=case_doors.is_reporter(request, found))
    except Refused as refusal:
        messages.error(request, refusal.sentence)
        return answer
    if is_new:
        messages.success(request, _("Thank you: it is counted that you met it too."))
    else:
        messages.info(request, _("You said so before; it counts once."))
    return supporting.keep(answer, mark)
