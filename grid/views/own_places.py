"""My places: what one answers for, with whom, and how one tells that one is away."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from communities.requests import SignedInRequest
from grid.chain import appointers, own_places, standing_in
from grid.chain import doors as post_doors
from grid.forms.posts import AbsenceForm
from grid.models import Post
from kit.web import FORM_AND_DEED


@login_required
@require_safe
def my_places(request: SignedInRequest) -> HttpResponse:
    """Everything that the person answers for now and soon, and for whom he or she stands in."""
    today = timezone.localdate()
    context = {
        "face": own_places.face_of(request.user, today),
        "may_fill": appointers.may_fill_anything(request.user, today),
        "may_see_board": appointers.may_see_board(request.user, today),
    }
    return render(request, "grid/my_places.html", context)


@login_required
@require_http_methods(FORM_AND_DEED)
def away(request: SignedInRequest) -> HttpResponse:
    """Away from all of one's places at once."""
    form = AbsenceForm.of(request, initial={"since": timezone.localdate()})
    if form.is_valid():
        with form.taking_refusals():
            standing_in.tell_absence_everywhere(
                since=form.cleaned_data["since"], until=form.cleaned_data["until"], by=request.user
            )
            messages.success(request, _("Noted. Whoever stands in is told."))
            return redirect("grid:my_places")
    return render(request, "grid/absence.html", {"form": form, "is_own": True}, status=form.status)


@login_required
@require_POST
def there_again(request: SignedInRequest) -> HttpResponse:
    """There again at all of one's places."""
    standing_in.come_back_everywhere(by=request.user)
    messages.success(request, _("Noted: there again."))
    return redirect("grid:my_places")


@login_required
@require_http_methods(FORM_AND_DEED)
def absence(request: SignedInRequest, pk: int) -> HttpResponse:
    """The holder tells it, or whoever fills the post."""
    post = post_doors.get_post_to_leave_or_404(request.user, pk)
    form = AbsenceForm.of(request, initial={"since": timezone.localdate()})
    if form.is_valid():
        with form.taking_refusals():
            told = standing_in.tell_absence(
                post=post, since=form.cleaned_data["since"], until=form.cleaned_data["until"], by=request.user
            )
            messages.success(request, _("Noted. Whoever stands in is told."))
            return _back_to(request, told.post)
    context = {"post": post, "form": form, "is_own": post.person_id == request.user.pk}
    return render(request, "grid/absence.html", context, status=form.status)


@login_required
@require_POST
def come_back(request: SignedInRequest, pk: int) -> HttpResponse:
    """The holder is there again, earlier than was said."""
    told = post_doors.get_absence_or_404(request.user, pk)
    standing_in.come_back(absence=told, by=request.user)
    messages.success(request, _("Noted: there again."))
    return _back_to(request, told.post)


def _back_to(request: SignedInRequest, post: Post) -> HttpResponse:
    """The holder to the own places, others to the page of the post."""
    if post.person_id == request.user.pk:
        return redirect("grid:my_places")
    return redirect("grid:post", pk=post.pk)
