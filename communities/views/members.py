"""Who belongs to an organisation; coordinators take in, give roles, let go and hand over."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from communities import belongings, doors, inviting, joining, permits
from communities.forms.belonging import DeclineForm, RolesForm
from communities.models import Organisation, User
from communities.requests import SignedInRequest
from communities.roles import Right, Role
from kit.refusals import Refused
from kit.web import FORM_AND_DEED

A_PAGE = 20


@login_required
@require_safe
def members(request: SignedInRequest, pk: int) -> HttpResponse:
    """Who belongs, for those who do; for coordinators also who asks to and who is invited."""
    organisation = doors.get_own_organisation_or_404(request.user, pk)
    return _members(request, organisation)


@login_required
@require_http_methods(FORM_AND_DEED)
def member(request: SignedInRequest, pk: int, person_pk: int) -> HttpResponse:
    """What one member is here, to be changed."""
    organisation = doors.get_organisation_to_manage_or_404(request.user, pk)
    person = doors.get_member_or_404(organisation, person_pk)
    if request.method != "POST":
        return _member(request, organisation, person)
    form = RolesForm.of(request)
    if form.is_valid():
        with form.taking_refusals():
            joining.assign(person=person, organisation=organisation, roles=form.chosen, by=request.user)
            messages.success(request, _("Saved. %(person)s reads it in the messages.") % {"person": person.name})
            return redirect("communities:members", pk=pk)
    return _member(request, organisation, person, form=form, status=form.status)


@login_required
@require_POST
def let_go(request: SignedInRequest, pk: int, person_pk: int) -> HttpResponse:
    """End somebody's membership."""
    organisation = doors.get_organisation_to_manage_or_404(request.user, pk)
    person = doors.get_member_or_404(organisation, person_pk)
    try:
        joining.let_go(person=person, organisation=organisation, by=request.user)
    except Refused as refusal:
        return _member(request, organisation, person, refusal=refusal)
    messages.success(request, _("%(person)s no longer belongs.") % {"person": person.name})
    return _to_members(request, organisation)


@login_required
@require_POST
def hand_over(request: SignedInRequest, pk: int, person_pk: int) -> HttpResponse:
    """Make somebody else the coordinator and step back."""
    organisation = doors.get_organisation_to_manage_or_404(request.user, pk)
    person = doors.get_member_or_404(organisation, person_pk)
    try:
        joining.hand_over(organisation=organisation, to=person, by=request.user)
    except Refused as refusal:
        return _member(request, organisation, person, refusal=refusal)
    messages.success(
        request, _("Handed over: %(person)s is the coordinator now, and you are a member.") % {"person": person.name}
    )
    return redirect("communities:members", pk=pk)


@login_required
@require_POST
def accept(request: SignedInRequest, pk: int, request_pk: int) -> HttpResponse:
    """Take in who asked."""
    organisation = doors.get_organisation_to_manage_or_404(request.user, pk)
    asked = doors.get_join_request_or_404(organisation, request_pk)
    try:
        joining.accept(request=asked, by=request.user)
    except Refused as refusal:
        return _members(request, organisation, refusal=refusal)
    messages.success(request, _("%(person)s belongs now.") % {"person": asked.person.name})
    return redirect("communities:members", pk=pk)


@login_required
@require_http_methods(FORM_AND_DEED)
def decline(request: SignedInRequest, pk: int, request_pk: int) -> HttpResponse:
    """Say no to who asked, and why."""
    organisation = doors.get_organisation_to_manage_or_404(request.user, pk)
    asked = doors.get_join_request_or_404(organisation, request_pk)
    if asked.answered_at is not None and request.method != "POST":
        return redirect("communities:members", pk=pk)
    form = DeclineForm.of(request)
    if form.is_valid():
        with form.taking_refusals():
            joining.decline(request=asked, word=form.cleaned_data["word"], by=request.user)
            messages.success(request, _("Declined. The person reads your sentence."))
            return redirect("communities:members", pk=pk)
    context = {"organisation": organisation, "asked": asked, "form": form}
    return render(request, "communities/decline.html", context, status=form.status)


# --- what the pages show ----------------------------------------------------------------------------------------------


def _members(request: SignedInRequest, organisation: Organisation, *, refusal: Refused | None = None) -> HttpResponse:
    manages = permits.may(request.user, Right.MANAGE_MEMBERS, organisation)
    context: dict[str, Any] = {
        "organisation": organisation,
        "members": belongings.members_of(organisation, request.GET.get("page")),
        "headcounts": belongings.headcounts(organisation),
        "manages": manages,
        "mine": belongings.member(request.user, organisation),
        "refusal": refusal,
    }
    if manages:
        requests = belongings.open_requests(organisation)
        invitations = inviting.open_ones(organisation).select_related("person")
        context |= {
            "requests": Paginator(requests, A_PAGE).get_page(request.GET.get("asks")),
            "invitations": Paginator(invitations, A_PAGE).get_page(request.GET.get("invited")),
        }
    return render(request, "communities/members.html", context, status=refusal.status if refusal else 200)


def _member(
    request: SignedInRequest,
    organisation: Organisation,
    person: User,
    *,
    form: RolesForm | None = None,
    refusal: Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    theirs = belongings.member(person, organisation)
    mine = belongings.member(request.user, organisation)
    roles = [role.value for role in theirs.roles] if theirs else []
    context = {
        "organisation": organisation,
        "person": person,
        "theirs": theirs,
        "form": form or RolesForm(initial={"roles": roles}),
        "may_hand_over": mine is not None and Role.COORDINATOR in mine.roles and person.pk != request.user.pk,
        "is_oneself": person.pk == request.user.pk,
        "refusal": refusal,
    }
    return render(request, "communities/member.html", context, status=refusal.status if refusal else status)


def _to_members(request: SignedInRequest, organisation: Organisation) -> HttpResponse:
    """Who let himself go sees the list no more."""
    if permits.may(request.user, Right.BELONG, organisation):
        return redirect("communities:members", pk=organisation.pk)
    return redirect("volunteers:profile")
