"""A person asks to belong, takes it back, follows, leaves."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from communities import belongings, doors, following, joining
from communities.forms.belonging import AskForm
from communities.models import Organisation
from communities.requests import SignedInRequest
from kit.refusals import Refused
from kit.web import FORM_AND_DEED


@login_required
@require_http_methods(FORM_AND_DEED)
def ask(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask to belong, with a word about oneself."""
    organisation = doors.get_public_organisation_or_404(pk)
    if request.method != "POST" and belongings.member(request.user, organisation):
        return redirect("communities:members", pk=pk)
    form = AskForm.of(request)
    if form.is_valid():
        with form.taking_refusals():
            joining.ask(organisation=organisation, by=request.user, note=form.cleaned_data["note"])
            messages.success(request, _("Asked. The answer comes into your messages."))
            return redirect(_page_of(organisation))
    context = {
        "organisation": organisation,
        "form": form,
        "standing": belongings.requests_of(request.user).filter(organisation=organisation).first(),
        "back": _page_of(organisation),
    }
    return render(request, "communities/ask.html", context, status=form.status)


@login_required
@require_POST
def take_back(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take one's request back."""
    asked = doors.get_own_join_request_or_404(request.user, pk)
    held = joining.take_back(request=asked, by=request.user)
    if held.was_accepted:
        messages.success(request, _("The answer was quicker: you belong already."))
    else:
        messages.success(request, _("Your request is taken back."))
    return redirect(_page_of(held.organisation))


@login_required
@require_POST
def follow(request: SignedInRequest, pk: int) -> HttpResponse:
    """Hear of what the organisation does."""
    organisation = doors.get_public_organisation_or_404(pk)
    following.follow(organisation=organisation, by=request.user)
    messages.success(request, _("You follow it now: its news stands among your updates."))
    return redirect(_page_of(organisation))


@login_required
@require_POST
def unfollow(request: SignedInRequest, pk: int) -> HttpResponse:
    """Hear of it no more."""
    organisation = doors.get_public_organisation_or_404(pk)
    following.unfollow(organisation=organisation, by=request.user)
    messages.success(request, _("You no longer follow it."))
    return redirect(_page_of(organisation))


@login_required
@require_http_methods(FORM_AND_DEED)
def leave(request: SignedInRequest, pk: int) -> HttpResponse:
    """Go, after a second thought."""
    organisation = doors.get_own_organisation_or_404(request.user, pk)
    mine = belongings.member(request.user, organisation)
    if mine is None:  # the operator sees everything and belongs nowhere
        return redirect("communities:members", pk=pk)
    refusal = None
    if request.method == "POST":
        try:
            joining.leave(organisation=organisation, by=request.user)
        except Refused as no:
            refusal = no
        else:
            messages.success(request, _("You have left. Thank you for what you did."))
            return redirect("volunteers:profile")
    context = {"organisation": organisation, "mine": mine, "refusal": refusal}
    return render(request, "communities/leave.html", context, status=refusal.status if refusal else 200)


def _page_of(organisation: Organisation) -> str:
    return organisation.public_url or "/"
