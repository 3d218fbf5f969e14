"""What waits for my approval, and the page on which it is decided."""

import json

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from communities import comparing, ground, reviewing, reviews
from communities.forms.reviewing import ReturnForm
from communities.requests import SignedInRequest
from communities.reviews import Review
from kit.web import FORM_AND_DEED
from updates import book

A_PAGE = 20


@login_required
@require_safe
def inbox(request: SignedInRequest) -> HttpResponse:
    """What waits for me, and what I handed in and how it stands."""
    reviews.demand_writer(request.user)
    follow = book.heads([f"person:{request.user.pk}"])  # before anything that is shown
    waiting = Paginator(reviews.to_approve(request.user), A_PAGE).get_page(request.GET.get("page"))
    mine = Paginator(reviews.handed_in(request.user), A_PAGE).get_page(request.GET.get("mine"))
    context = {
        "follow": json.dumps(follow),
        "waiting": reviews.reviews(waiting),
        "waiting_page": waiting,
        "mine": reviews.reviews(mine),
        "mine_page": mine,
    }
    return render(request, "communities/reviews.html", context)


@login_required
@require_http_methods(FORM_AND_DEED)
def review(request: SignedInRequest, pk: int) -> HttpResponse:
    """Look at what was handed in; approve it, or return it with a word."""
    found = reviews.get_review_or_404(request.user, pk)
    if request.method != "POST":
        return _review(request, found, ReturnForm())
    reviewing.demand_approver(request.user, found.page)
    looked_at = request.POST.get("looked_at", "")
    is_returned = request.POST.get("do") == "return"
    form = ReturnForm.of(request) if is_returned else ReturnForm()
    if is_returned and not form.is_valid():
        return _review(request, found, form)
    with form.taking_refusals():
        if is_returned:
            word = form.cleaned_data["word"]
            reviewing.send_back(state=found.state, by=request.user, word=word, looked_at=looked_at)
            messages.success(request, _("Returned. Whoever handed it in reads your word now."))
        else:
            decided = reviewing.approve(state=found.state, by=request.user, looked_at=looked_at)
            messages.success(request, _approved(decided))
        return redirect("communities:reviews")
    # As it stands now: somebody else may have been quicker.
    return _review(request, reviews.get_review_or_404(request.user, pk), form)


@login_required
@require_safe
def preview(request: SignedInRequest, pk: int) -> HttpResponseBase:
    """The page as it will look, for the frame on the page of the review."""
    found = reviews.get_review_or_404(request.user, pk)
    draft = found.revision.as_object()
    response: HttpResponseBase = draft.make_preview_request(request, draft.default_preview_mode)
    # Rendered as a page of its own, it has said already that no frame may hold it.
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response


def _approved(state: reviewing.TaskState) -> str:
    decided = reviews.reviews([state])[0]
    if decided.goes_live is not None:
        return _("Approved. It goes live at the hour that was asked for.")
    return _("Approved. Everybody can read it now.")


def _review(request: SignedInRequest, found: Review, form: ReturnForm) -> HttpResponse:
    live = found.page.specific if found.is_change else None
    may_decide = found.is_waiting and ground.may_approve(request.user, found.page)
    context = {
        "review": found,
        "looked_at": reviewing.seen(found.revision),
        "may_decide": may_decide,
        "is_own": found.author == request.user,
        "changes": comparing.changes(live, found.revision.as_object(), request) if live and found.is_waiting else None,
        "form": form,
        # Where the form that was sent is shown again, it says so itself.
        "refusal": None if may_decide and form.is_bound else form.refusal,
        "preview_url": reverse("communities:review_preview", args=[found.state.pk]),
        "live_url": found.page.specific.url if found.page.live else "",
    }
    return render(request, "communities/review.html", context, status=form.status)
