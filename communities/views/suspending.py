"""The operator finds an account and keeps somebody out, or lets somebody in again."""

import contextlib

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from communities import belongings, doors, numbers, suspending
from communities.forms.suspending import SuspendForm
from communities.models import Suspension, User
from communities.requests import SignedInRequest
from kit.refusals import Refused

A_PAGE = 20
LONGEST_SEARCH = 60


@login_required
@require_safe
def people(request: SignedInRequest) -> HttpResponse:
    """Accounts by name or whole number; without a question, those that are suspended."""
    doors.demand_operator_or_404(request.user)
    asked = request.GET.get("q", "").strip()[:LONGEST_SEARCH]
    if asked:
        wanted = Q(username__icontains=asked) | Q(display_name__icontains=asked)
        with contextlib.suppress(Refused):
            wanted |= Q(phone=numbers.mobile(asked))
        found = User.objects.filter(wanted)
    else:
        found = User.objects.filter(suspensions__in=Suspension.objects.live())
    page = Paginator(found.order_by("pk"), A_PAGE).get_page(request.GET.get("page"))
    return render(request, "communities/operator_people.html", {"people": page, "asked": asked})


@login_required
@require_safe
def person(request: SignedInRequest, pk: int) -> HttpResponse:
    """One account: what the person is where, and the door."""
    doors.demand_operator_or_404(request.user)
    return _person(request, doors.get_person_or_404(pk))


@login_required
@require_POST
def suspend(request: SignedInRequest, pk: int) -> HttpResponse:
    """Keep the person out."""
    doors.demand_operator_or_404(request.user)
    found = doors.get_person_or_404(pk)
    form = SuspendForm.of(request)
    if form.is_valid():
        with form.taking_refusals():
            suspending.suspend(person=found, reason=form.cleaned_data["reason"], by=request.user)
            messages.success(request, _("Suspended. Whatever was open for this account is closed."))
            return redirect("communities:operator_person", pk=pk)
    return _person(request, found, form=form)


@login_required
@require_POST
def reinstate(request: SignedInRequest, pk: int) -> HttpResponse:
    """Let the person in again."""
    doors.demand_operator_or_404(request.user)
    suspending.reinstate(person=doors.get_person_or_404(pk), by=request.user)
    messages.success(request, _("Reinstated. The account is open again."))
    return redirect("communities:operator_person", pk=pk)


def _person(request: SignedInRequest, found: User, *, form: SuspendForm | None = None) -> HttpResponse:
    form = form or SuspendForm()
    context = {
        "person": found,
        "belongings": belongings.of(found),
        "suspensions": found.suspensions.select_related("began_by", "ended_by").order_by("-pk"),
        "standing": found.suspensions.live().first(),
        "form": form,
    }
    return render(request, "communities/operator_person.html", context, status=form.status)
