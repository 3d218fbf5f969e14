"""The grid team, for the operator: who belongs, who has a place, taking in and letting go."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from communities import doors as account_doors
from communities.requests import SignedInRequest
from grid.chain import doors as post_doors
from grid.chain import integrity, team
from grid.forms.posts import TakeInForm
from grid.models import TeamMember, in_force
from kit.web import FORM_AND_DEED

A_PAGE = 30


@login_required
@require_http_methods(FORM_AND_DEED)
def members(request: SignedInRequest) -> HttpResponse:
    """Who belongs, and who has no place yet; somebody is taken in."""
    account_doors.demand_operator_or_404(request.user)
    today = timezone.localdate()
    form = TakeInForm.of(request, initial={"person": request.GET.get("person", "")})
    if form.is_valid():
        with form.taking_refusals():
            member = team.take_in(person=form.cleaned_data["person"], by=request.user)
            messages.success(request, _("%(person)s belongs to the grid team.") % {"person": member.person.name})
            return redirect("grid:team")
    found = TeamMember.objects.filter(in_force(today)).select_related("person").order_by("person__pk")
    page = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    without = set(integrity.people_without_a_place(today).values_list("pk", flat=True))
    context = {"form": form, "page": page, "without": without}
    return render(request, "grid/team.html", context, status=form.status)


@login_required
@require_POST
def let_go(request: SignedInRequest, pk: int) -> HttpResponse:
    """Somebody no longer belongs; the posts stay."""
    member = post_doors.get_member_or_404(request.user, pk)
    team.let_go(member=member, by=request.user)
    messages.success(request, _("%(person)s no longer belongs to the grid team.") % {"person": member.person.name})
    return redirect("grid:team")
