"""Invitations: made and shown by coordinators, read by whoever has the link, accepted by whom they are for."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from communities import codes, doors, inviting, qr
from communities.forms.belonging import InviteForm
from communities.models import Invitation, User
from communities.requests import SignedInRequest
from kit.refusals import Refused
from kit.web import FORM_AND_DEED


@login_required
@require_http_methods(FORM_AND_DEED)
def invite(request: SignedInRequest, pk: int) -> HttpResponse:
    """Invite one person; the answer is the page with the link and its code."""
    organisation = doors.get_organisation_to_manage_or_404(request.user, pk)
    form = InviteForm.of(request)
    if form.is_valid():
        with form.taking_refusals():
            invitation = inviting.invite(organisation=organisation, by=request.user, **form.wanted)
            return redirect("communities:invitation", pk=pk, invitation_pk=invitation.pk)
    context = {"organisation": organisation, "form": form}
    return render(request, "communities/invite.html", context, status=form.status)


@login_required
@require_safe
def invitation(request: SignedInRequest, pk: int, invitation_pk: int) -> HttpResponse:
    """An invitation as the coordinator shows it: code, address, and what became of it."""
    organisation = doors.get_organisation_to_manage_or_404(request.user, pk)
    return _invitation(request, doors.get_invitation_or_404(organisation, invitation_pk))


@login_required
@require_safe
def picture(request: SignedInRequest, pk: int, invitation_pk: int, kind: qr.Kind) -> HttpResponse:
    """The code as a picture of its own, to be kept, sent or printed."""
    organisation = doors.get_organisation_to_manage_or_404(request.user, pk)
    found = doors.get_invitation_or_404(organisation, invitation_pk)
    return HttpResponse(qr.picture(_address(request, found), kind), content_type=qr.CONTENT_TYPES[kind])


@login_required
@require_POST
def revoke(request: SignedInRequest, pk: int, invitation_pk: int) -> HttpResponse:
    """Take an invitation back."""
    organisation = doors.get_organisation_to_manage_or_404(request.user, pk)
    found = doors.get_invitation_or_404(organisation, invitation_pk)
    try:
        inviting.revoke(invitation=found, by=request.user)
    except Refused as refusal:
        return _invitation(request, found, refusal=refusal)
    messages.success(request, _("Taken back. The link leads nowhere now."))
    return redirect("communities:members", pk=pk)


@require_http_methods(FORM_AND_DEED)
def invited(request: HttpRequest, code: str) -> HttpResponse:
    """What the link leads to: who invites into what, and the button for the one person it is for."""
    found = doors.get_invitation_of_code_or_404(code)
    here = reverse("communities:invited", args=[code])
    if not isinstance(request.user, User):
        if request.method == "POST":
            return redirect(f"{reverse('communities:login')}?next={here}")
        return _invited(request, found, code, inviting.closed_because(found))
    if request.method != "POST":
        return _invited(request, found, code, inviting.hindrance_of(found, request.user))
    try:
        membership = inviting.accept(invitation=found, by=request.user)
    except Refused as refusal:
        return _invited(request, found, code, refusal, status=refusal.status)
    welcome = _("Welcome! You belong to %(organisation)s now.")
    messages.success(request, welcome % {"organisation": found.organisation.spoken_name})
    return redirect("communities:members", pk=membership.organisation_id)


def _invited(
    request: HttpRequest, found: Invitation, code: str, refusal: Refused | None, status: int = 200
) -> HttpResponse:
    # Whose was it? Only that person learns that it was used; everybody else reads that it is for somebody else.
    is_mine = isinstance(request.user, User) and found.accepted_by_id == request.user.pk
    context = {
        "invitation": found,
        "organisation": found.organisation,
        "code": code,
        "refusal": refusal,
        "is_mine": is_mine,
        "here": reverse("communities:invited", args=[code]),
    }
    return render(request, "communities/invited.html", context, status=status)


def _invitation(request: SignedInRequest, found: Invitation, *, refusal: Refused | None = None) -> HttpResponse:
    context = {
        "organisation": found.organisation,
        "invitation": found,
        "address": _address(request, found),
        "closed": inviting.closed_because(found),
        "sends_sms": codes.may_send(),
        "refusal": refusal,
    }
    return render(request, "communities/invitation.html", context, status=refusal.status if refusal else 200)


def _address(request: HttpRequest, found: Invitation) -> str:
    return request.build_absolute_uri(reverse("communities:invited", args=[inviting.code_of(found)]))
