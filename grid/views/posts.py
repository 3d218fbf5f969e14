"""Who answers for what, for those who fill posts: the list, and a page for each post with everything that is done to it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from communities import permits as organisation_permits
from communities.requests import SignedInRequest
from grid.chain import appointers, appointing, places, standing_in
from grid.chain import doors as post_doors
from grid.chain.listing import PostFilters, lines_of
from grid.chain.words import place_of, title_of
from grid.forms.posts import AppointForm, DeputyForm, HandOverForm, PhoneForm, RelieveForm
from grid.models import Post
from kit.web import FORM_AND_DEED, DeedForm

A_PAGE = 30

Role = Post.Role


@login_required
@require_safe
def posts(request: SignedInRequest) -> HttpResponse:
    """All posts that this person may fill, with filters in the address."""
    post_doors.demand_filling_or_404(request.user)
    today = timezone.localdate()
    filters = PostFilters.read(request.GET.dict())
    found = filters.of(appointers.posts_to_fill(request.user, today), today)
    page = Paginator(found.values_list("pk", flat=True), A_PAGE).get_page(request.GET.get("page"))
    order = {pk: number for number, pk in enumerate(page)}
    lines = sorted(lines_of(Post.objects.filter(pk__in=order), today), key=lambda line: order[line.post.pk])
    context = {
        "filters": filters,
        "page": page,
        "lines": lines,
        "roles": [Role(role) for role in _roles(request)],
        "is_operator": organisation_permits.is_operator(request.user),
    }
    return render(request, "grid/posts.html", context)


@login_required
@require_http_methods(FORM_AND_DEED)
def appoint(request: SignedInRequest) -> HttpResponse:
    """Somebody gets a post."""
    post_doors.demand_filling_or_404(request.user)
    asked = request.GET.dict()
    initial = {name: asked[name] for name in ("role", "level", "place", "person") if name in asked}
    form = AppointForm.of(request, roles=_roles(request), initial={"since": timezone.localdate(), **initial})
    if form.is_valid():
        with form.taking_refusals():
            post = appointing.appoint(by=request.user, **form.wanted)
            messages.success(request, _("Appointed: %(role)s of %(place)s.") % _named(post))
            return redirect("grid:post", pk=post.pk)
    return render(request, "grid/appoint.html", {"form": form}, status=form.status)


@login_required
@require_safe
def post(request: SignedInRequest, pk: int) -> HttpResponse:
    """One post: who holds it, who stands in, when somebody was away, and who held it before."""
    return _post(request, post_doors.get_post_to_fill_or_404(request.user, pk))


@login_required
@require_http_methods(FORM_AND_DEED)
def hand_over(request: SignedInRequest, pk: int) -> HttpResponse:
    """Somebody else takes it over."""
    found = post_doors.get_post_to_fill_or_404(request.user, pk)
    initial = {"since": timezone.localdate(), "duty_phone": found.duty_phone, "organisation": found.organisation}
    form = HandOverForm.of(request, is_department=found.role == Role.LINE_DEPARTMENT, initial=initial)
    if form.is_valid():
        with form.taking_refusals():
            new = appointing.hand_over(
                post=found,
                since=form.cleaned_data["since"],
                to=form.cleaned_data.get("person"),
                organisation=form.cleaned_data["organisation"],
                note=form.cleaned_data["handover"],
                duty_phone=form.cleaned_data["duty_phone"],
                by=request.user,
            )
            messages.success(request, _("Handed over: %(role)s of %(place)s.") % _named(new))
            return redirect("grid:post", pk=new.pk)
    return render(request, "grid/hand_over.html", {"post": found, "form": form}, status=form.status)


@login_required
@require_http_methods(FORM_AND_DEED)
def relieve(request: SignedInRequest, pk: int) -> HttpResponse:
    """The term ends on a day, or ends earlier than was said."""
    found = post_doors.get_post_to_fill_or_404(request.user, pk)
    form = RelieveForm.of(request, initial={"until": found.until or timezone.localdate()})

    def do() -> None:
        appointing.relieve(post=found, until=form.cleaned_data["until"], by=request.user)

    return _small_form(request, found, form, do, "grid/relieve.html", _("Saved. Everybody concerned is told."))


@login_required
@require_http_methods(FORM_AND_DEED)
def deputy(request: SignedInRequest, pk: int) -> HttpResponse:
    """Somebody stands in whenever the holder is away."""
    found = post_doors.get_post_to_fill_or_404(request.user, pk)
    form = DeputyForm.of(request)

    def do() -> None:
        standing_in.name_deputy(post=found, person=form.cleaned_data["person"], by=request.user)

    return _small_form(request, found, form, do, "grid/deputy.html", _("Saved. Everybody concerned is told."))


@login_required
@require_POST
def dismiss_deputy(request: SignedInRequest, pk: int) -> HttpResponse:
    """Nobody stands in any more."""
    standing_in.dismiss_deputy(post=post_doors.get_post_to_fill_or_404(request.user, pk), by=request.user)
    messages.success(request, _("Nobody stands in any more."))
    return redirect("grid:post", pk=pk)


@login_required
@require_http_methods(FORM_AND_DEED)
def duty_phone(request: SignedInRequest, pk: int) -> HttpResponse:
    """The number on the board is another one."""
    found = post_doors.get_post_to_fill_or_404(request.user, pk)
    form = PhoneForm.of(request, initial={"duty_phone": found.duty_phone})

    def do() -> None:
        appointing.set_duty_phone(post=found, duty_phone=form.cleaned_data["duty_phone"], by=request.user)

    return _small_form(request, found, form, do, "grid/duty_phone.html", _("Saved."))


# --- what the pages show ----------------------------------------------------------------------------------------------


def _post(request: SignedInRequest, found: Post) -> HttpResponse:
    today = timezone.localdate()
    (line,) = lines_of(Post.objects.filter(pk=found.pk), today)
    deputies = list(found.deputies.select_related("person").order_by("-pk"))
    place = places.of_post(found)
    context = {
        "post": found,
        "line": line,
        "place": place,
        "deputy": next((each for each in deputies if each.until is None), None),
        "absences": found.absences.filter(until__gt=today),
    }
    return render(request, "grid/post.html", context)


def _small_form(
    request: SignedInRequest, found: Post, form: DeedForm, do: Callable[[], None], template: str, said: str
) -> HttpResponse:
    if form.is_valid():
        with form.taking_refusals():
            do()
            messages.success(request, said)
            return redirect("grid:post", pk=found.pk)
    return render(request, template, {"post": found, "form": form}, status=form.status)


def _roles(request: SignedInRequest) -> list[str]:
    """What this person may appoint: the head of a zone grid workers only."""
    return list(Role.values) if organisation_permits.is_operator(request.user) else [Role.CELL_WORKER]


def _named(found: Post) -> dict[str, Any]:
    return {"role": title_of(found), "place": place_of(found)}
