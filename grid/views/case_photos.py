"""Pictures of a case: parts of them are covered, and it is chosen which of them everybody sees."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from communities.requests import SignedInRequest
from grid import permits
from grid.desk import blurring
from grid.desk import doors as desk_doors
from grid.forms.blurring import BlurForm
from kit.refusals import Refused
from kit.web import FORM_AND_DEED


@login_required
@require_http_methods(FORM_AND_DEED)
def blur(request: SignedInRequest, number: str, pk: int) -> HttpResponse:
    """The picture, with boxes to draw over what nobody should recognise."""
    case = desk_doors.get_case_at_desk_or_404(request.user, number)
    photo = desk_doors.get_photo_or_404(case, pk)
    if not permits.may_blur(request.user, case):
        raise PermissionDenied(_("Only those who work on this case may cover parts of its pictures."))
    form = BlurForm.of(request)
    if form.is_valid():
        with form.taking_refusals():
            blurring.blur(photo=photo, boxes=form.boxes, by=request.user)
            messages.success(request, _("Covered. What was there is gone from the file."))
            return redirect("grid:case_photo_blur", number=number, pk=pk)
    context = {
        "case": case,
        "photo": photo,
        "form": form,
        "back": reverse("grid:case_at_desk", args=[number]),
    }
    return render(request, "grid/blur.html", context, status=form.status)


@login_required
@require_POST
def show(request: SignedInRequest, number: str, pk: int) -> HttpResponse:
    """Show a picture to everybody, or keep it inside."""
    case = desk_doors.get_case_at_desk_or_404(request.user, number)
    photo = desk_doors.get_photo_or_404(case, pk)
    is_public = request.POST.get("is_public") == "1"
    try:
        blurring.show(photo=photo, is_public=is_public, by=request.user)
    except Refused as refusal:
        raise PermissionDenied(refusal.sentence) from refusal
    messages.success(
        request, _("Everybody sees this picture now.") if is_public else _("Only those who work on it see it now.")
    )
    return redirect("grid:case_at_desk", number=number)
