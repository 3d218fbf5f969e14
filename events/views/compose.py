"""The composer: one form for a new action and for a change of one."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from communities.models import Organisation, OrganisationQuerySet, User
from communities.requests import SignedInRequest
from events import composing, desks, doors, permits
from events.forms import composing as forms
from events.forms.composing import Composer
from events.forms.typed import chips, press
from events.identifiers import ids_in
from events.models import Action, Party, Shift
from events.shifts import MOST_SHIFTS, Overlap, WouldOverlap
from kit.refusals import Refused
from kit.times import stamp_words
from kit.web import FORM_AND_DEED

WRITING = ("draft", "announce", "save")
"""The buttons that do the deed; the others change the form and show it again."""


class Sheet(NamedTuple):
    """What the form is about: whose it is, for which hosts, and which action it changes (None: a new one)."""

    person: User
    hosts: OrganisationQuerySet
    action: Action | None = None

    @property
    def why_not_announce(self) -> str:
        return desks.why_not_announce(self.person, self.hosts)

    def shifts(self) -> Sequence[Shift]:
        return () if self.action is None else list(Shift.objects.with_places().filter(action=self.action))

    def asked(self) -> list[int]:
        """The organisations that are asked already, or take part."""
        standing = Party.objects.standing().filter(action=self.action)
        return [] if self.action is None else list(standing.values_list("organisation_id", flat=True))


@login_required
@require_http_methods(FORM_AND_DEED)
def compose(request: SignedInRequest) -> HttpResponse:
    """Write a new action. ``?host=`` and ``?kind=`` choose beforehand."""
    sheet = Sheet(request.user, doors.hosts_or_403(request.user))
    if request.method == "POST":
        return _pressed(request, sheet)
    return _reopened(request, sheet) or _page(request, sheet, _fresh(request, sheet))


@login_required
@require_http_methods(FORM_AND_DEED)
def revise(request: SignedInRequest, pk: int) -> HttpResponse:
    """Rewrite an action and its shifts."""
    action = doors.get_action_to_write_or_404(request.user, pk)
    try:
        permits.demand_open(action)
    except Refused as refusal:
        messages.warning(request, refusal.sentence)
        return redirect("events:desk", pk=pk)
    sheet = Sheet(request.user, Organisation.objects.filter(pk=action.host_id), action)
    if request.method == "POST":
        return _pressed(request, sheet)
    return _reopened(request, sheet) or _page(
        request, sheet, forms.of_action(sheet.hosts, action, sheet.shifts(), sheet.asked())
    )


@login_required
@require_POST
def autosave_new(request: SignedInRequest) -> HttpResponse:
    """Keep what was typed for a new action."""
    doors.hosts_or_403(request.user)
    return _kept(request, None)


@login_required
@require_POST
def autosave(request: SignedInRequest, pk: int) -> HttpResponse:
    """Keep what was typed for a change of this action."""
    return _kept(request, doors.get_action_to_write_or_404(request.user, pk))


def _kept(request: SignedInRequest, action: Action | None) -> JsonResponse:
    kept = composing.keep_typed(action=action, typed=forms.typed_in(request.POST), by=request.user)
    if kept is None:
        return JsonResponse({"saved_at": None, "is_sent": True})
    return JsonResponse({"saved_at": stamp_words(kept.typed_at, timezone.now()), "is_sent": False})


def _pressed(request: SignedInRequest, sheet: Sheet) -> HttpResponse:
    button = request.POST.get("do", "draft")
    if button == "restart":
        composing.forget_typed(action=sheet.action, by=sheet.person)
        return redirect(request.path)
    if button in WRITING:
        return _written(request, sheet, announce=button == "announce")
    typed = press(forms.typed_in(request.POST), button, timezone.now())
    composing.keep_typed(action=sheet.action, typed=typed, by=sheet.person)
    return _page(request, sheet, forms.as_typed(sheet.hosts, typed, sheet.person, sheet.asked(), action=sheet.action))


def _written(request: SignedInRequest, sheet: Sheet, *, announce: bool) -> HttpResponse:
    composer = forms.sent(sheet.hosts, request.POST, sheet.person, sheet.asked(), action=sheet.action)
    if not composer.is_valid(whole=announce):
        return _page(request, sheet, composer, status=422)
    try:
        action = _do(request, sheet, composer, announce=announce)
    except WouldOverlap as refusal:
        composer.show(refusal)
        return _page(request, sheet, composer, status=refusal.status, overlapping=refusal.overlaps)
    except Refused as refusal:
        composer.show(refusal)
        return _page(request, sheet, composer, status=refusal.status)
    return redirect("events:desk", pk=action.pk)


def _do(request: SignedInRequest, sheet: Sheet, composer: Composer, *, announce: bool) -> Action:
    form = composer.form
    if sheet.action is None:
        composed = composing.compose(
            key=form.cleaned_data["key"],
            host=form.cleaned_data["host"],
            details=form.details(),
            rows=composer.written_rows(),
            announce=announce,
            by=sheet.person,
            asking=composer.asking(),
        )
        _say(request, composed.action, is_new=composed.is_new)
        return composed.action
    was_announced = sheet.action.is_announced
    action = composing.recompose(
        action=sheet.action,
        details=form.details(),
        rows=composer.written_rows(sheet.shifts()),
        announce=announce and not was_announced,
        by=sheet.person,
        seen=ids_in(request.POST.getlist("seen")),
        asking=composer.asking(),
        edition=form.cleaned_data["edition"],
    )
    if was_announced:
        messages.success(request, _("Changed. Everybody sees it now."))
    else:
        _say(request, action)
    return action


def _say(request: SignedInRequest, action: Action, *, is_new: bool = True) -> None:
    if not is_new:
        messages.info(request, _("This form was sent before; this is the action that it made."))
    elif action.is_announced:
        messages.success(request, _("Announced. Sign-up is open."))
    else:
        messages.success(request, _("Saved as a draft. Only your organisation sees it."))


def _fresh(request: SignedInRequest, sheet: Sheet) -> Composer:
    hosts = {str(host.pk): host for host in sheet.hosts}
    host = hosts.get(request.GET.get("host", "")) or next(iter(hosts.values()))
    return forms.fresh(sheet.hosts, host, sheet.person, request.GET.get("kind", ""))


def _reopened(request: SignedInRequest, sheet: Sheet) -> HttpResponse | None:
    """The form as it was left, if something was typed and not sent."""
    kept = composing.typed_before(sheet.person, sheet.action)
    if kept is None:
        return None
    composer = forms.as_typed(sheet.hosts, kept.typed, sheet.person, sheet.asked(), action=sheet.action)
    return _page(request, sheet, composer, kept_at=kept.typed_at)


def _page(
    request: SignedInRequest,
    sheet: Sheet,
    composer: Composer,
    *,
    status: int = 200,
    kept_at: Any = None,
    overlapping: Sequence[Overlap] = (),
) -> HttpResponse:
    now = timezone.now()
    context = {
        "composer": composer,
        "form": composer.form,
        "action": sheet.action,
        "is_announced": sheet.action is not None and sheet.action.is_announced,
        "why_not_announce": sheet.why_not_announce,
        "wrong": composer.wrong(),
        "kept_at": kept_at,
        "kept_words": stamp_words(kept_at, now) if kept_at else "",
        "overlapping": overlapping,
        "chips": chips(now),
        "most_shifts": MOST_SHIFTS,
    }
    return render(request, "events/compose.html", context, status=status)
