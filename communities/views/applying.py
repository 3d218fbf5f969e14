"""An organisation is applied for; the operator decides, verifies, and says what it is called."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from communities import applying, doors, founding, renaming
from communities.forms.belonging import DeclineForm
from communities.forms.organisations import AcceptForm, ApplyForm, RenameForm
from communities.models import Application, Membership, Organisation
from communities.requests import SignedInRequest
from communities.roles import Role
from kit.web import FORM_AND_DEED

A_PAGE = 20


@login_required
@require_http_methods(FORM_AND_DEED)
def apply(request: SignedInRequest) -> HttpResponse:
    """Apply for an organisation, and see what became of what one applied for."""
    form = ApplyForm.of(request)
    if form.is_valid():
        with form.taking_refusals():
            applying.apply(by=request.user, **form.cleaned_data)
            messages.success(request, _("Sent. You will read here and in your messages what becomes of it."))
            return redirect("communities:apply")
    own = request.user.applications.select_related("organisation__section").order_by("-pk")
    context = {"form": form, "applications": Paginator(own, A_PAGE).get_page(request.GET.get("page"))}
    return render(request, "communities/apply.html", context, status=form.status)


@login_required
@require_safe
def organisations(request: SignedInRequest) -> HttpResponse:
    """What waits for the operator: applications, organisations to verify; and those that are verified."""
    doors.demand_operator_or_404(request.user)
    waiting = Application.objects.open().select_related("applicant").order_by("pk")
    coordinators = Membership.objects.live().filter(role=Role.COORDINATOR).select_related("person").order_by("pk")
    with_coordinators = Organisation.objects.select_related("section", "application").prefetch_related(
        Prefetch("memberships", queryset=coordinators, to_attr="coordinators")
    )
    unverified = with_coordinators.filter(verified_at__isnull=True)
    verified = with_coordinators.verified().order_by("-verified_at", "-pk")
    context = {
        "applications": Paginator(waiting, A_PAGE).get_page(request.GET.get("waiting")),
        "unverified": Paginator(unverified, A_PAGE).get_page(request.GET.get("unverified")),
        "verified": Paginator(verified, A_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "communities/operator_organisations.html", context)


@login_required
@require_safe
def application(request: SignedInRequest, pk: int) -> HttpResponse:
    """One application, with the two answers to it."""
    doors.demand_operator_or_404(request.user)
    return _application(request, doors.get_application_or_404(pk))


@login_required
@require_POST
def accept(request: SignedInRequest, pk: int) -> HttpResponse:
    """Found the organisation."""
    doors.demand_operator_or_404(request.user)
    wanted = doors.get_application_or_404(pk)
    form = AcceptForm.of(request)
    if form.is_valid():
        with form.taking_refusals():
            organisation = applying.accept(application=wanted, by=request.user, **form.cleaned_data)
            messages.success(request, _("%(organisation)s is here.") % {"organisation": organisation.spoken_name})
            return redirect("communities:operator_organisations")
    return _application(request, wanted, accept_form=form, status=form.status)


@login_required
@require_POST
def refuse(request: SignedInRequest, pk: int) -> HttpResponse:
    """Say no, and why."""
    doors.demand_operator_or_404(request.user)
    wanted = doors.get_application_or_404(pk)
    form = DeclineForm.of(request)
    if form.is_valid():
        with form.taking_refusals():
            applying.refuse(application=wanted, by=request.user, word=form.cleaned_data["word"])
            messages.success(request, _("Refused. The applicant reads your sentence."))
            return redirect("communities:operator_organisations")
    return _application(request, wanted, refuse_form=form, status=form.status)


@login_required
@require_http_methods(FORM_AND_DEED)
def rename(request: SignedInRequest, pk: int) -> HttpResponse:
    """Name, badge and kind of an organisation, to be changed."""
    doors.demand_operator_or_404(request.user)
    organisation = doors.get_any_organisation_or_404(pk)
    form = RenameForm.of(request, initial={name: getattr(organisation, name) for name in ("name", "short", "kind")})
    if form.is_valid():
        with form.taking_refusals():
            renaming.rename(organisation=organisation, by=request.user, **form.wanted)
            messages.success(request, _("Saved."))
            return redirect("communities:operator_organisations")
    context = {"organisation": organisation, "form": form}
    return render(request, "communities/operator_rename.html", context, status=form.status)


@login_required
@require_POST
def verify(request: SignedInRequest, pk: int) -> HttpResponse:
    """Confirm that an organisation is what it says."""
    doors.demand_operator_or_404(request.user)
    organisation = founding.verify(organisation=doors.get_any_organisation_or_404(pk), by=request.user)
    messages.success(
        request,
        _("%(organisation)s is verified and may announce actions.") % {"organisation": organisation.spoken_name},
    )
    return redirect("communities:operator_organisations")


def _application(
    request: SignedInRequest,
    wanted: Application,
    *,
    accept_form: AcceptForm | None = None,
    refuse_form: DeclineForm | None = None,
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {
        "application": wanted,
        "accept_form": accept_form or AcceptForm(initial={"name": wanted.name, "short": wanted.name[:1]}),
        "refuse_form": refuse_form or DeclineForm(),
        "is_refusing": refuse_form is not None,
    }
    return render(request, "communities/operator_application.html", context, status=status)
