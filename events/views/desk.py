"""The desk: all actions of my organisations, and one screen to run each of them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from communities.requests import SignedInRequest
from events import calling_off, doors, invitations, permits, phones, publishing, rosters, shifts
from events.cards import following
from events.desks import cards_at_desk, places_at_desk, state_at_desk, title_at_desk, why_not_announce
from events.forms.running import CallOffForm, ShiftForm, hours_of, values_of
from events.forms.typed import HOURS_OF_CHIP, chip, chips
from events.identifiers import id_in, ids_in
from events.models import Action, Shift, SignUp
from events.shifts import WouldOverlap
from events.states import OVER, State, sum_of_seats
from kit.refusals import Refused
from kit.web import FORM_AND_DEED
from updates import book, feed

ON_A_PAGE = 20
"""Actions of each list; what is shown and not over is followed, so it must be few."""
NEWS_SHOWN = 10


@dataclass(frozen=True)
class Look:
    """What came of asking for a number: the number, or why it is not shown."""

    number: str = ""
    refusal: str = ""

    def show_beside(self, sign_up: SignUp) -> None:
        """Hang it on the sign-up, where ``events/_phone.html`` finds it."""
        vars(sign_up).update(number=self.number, refusal=self.refusal)


@login_required
@require_safe
def desks(request: SignedInRequest) -> HttpResponse:
    """All actions of my organisations: what runs and comes, drafts, what is over."""
    hosts = doors.hosts_or_403(request.user)
    now = timezone.now()
    actions = rosters.actions_at_desk(request.user)
    coming = Paginator(rosters.coming_first(actions, now), ON_A_PAGE).get_page(request.GET.get("coming"))
    drafts = Paginator(rosters.drafts(actions), ON_A_PAGE).get_page(request.GET.get("drafts"))
    past = Paginator(rosters.past(actions, now), ON_A_PAGE).get_page(request.GET.get("page"))
    at_desk = partial(cards_at_desk, names_hosts=hosts.count() > 1, now=now)
    coming_cards, draft_cards = at_desk(coming), at_desk(drafts)
    context = {
        "coming": coming_cards,
        "coming_page": coming,
        "drafts": draft_cards,
        "drafts_page": drafts,
        "follow": following([*coming_cards, *draft_cards]),
        "past": at_desk(past),
        "past_page": past,
        "answers_anywhere": permits.answers_anywhere(request.user),
        "invitations_waiting": invitations.count_waiting(request.user),
    }
    return render(request, "events/desks.html", context)


@login_required
@require_safe
def desk(request: SignedInRequest, pk: int) -> HttpResponse:
    """One screen to run the evening."""
    return _desk(request, doors.get_desk_or_404(request.user, pk))


@login_required
@require_http_methods(FORM_AND_DEED)
def announce(request: SignedInRequest, pk: int) -> HttpResponse:
    """Announce a draft."""
    action = doors.get_desk_or_404(request.user, pk)
    if request.method == "POST":
        try:
            publishing.announce(action=action, by=request.user)
        except Refused as refusal:
            return _desk(request, action, refusal=refusal)
        messages.success(request, _("Announced. Sign-up is open."))
    return redirect("events:desk", pk=pk)


@login_required
@require_http_methods(FORM_AND_DEED)
def call_off(request: SignedInRequest, pk: int) -> HttpResponse:
    """Call an action off, with the reason that everybody reads."""
    action = doors.get_desk_or_404(request.user, pk)
    form = CallOffForm.of(request)
    if form.is_valid():
        with form.taking_refusals():
            calling_off.call_off(action=action, reason=form.cleaned_data["reason"], by=request.user)
            messages.success(request, _("Called off. The page says so, and sign-ups for what was not over have ended."))
            return redirect("events:desk", pk=pk)
    return render(request, "events/call_off.html", {"action": action, "form": form}, status=form.status)


@login_required
@require_http_methods(FORM_AND_DEED)
def close(request: SignedInRequest, pk: int) -> HttpResponse:
    """Settle an action that has happened."""
    action = doors.get_desk_or_404(request.user, pk)
    if request.method == "POST":
        try:
            calling_off.close(action=action, by=request.user)
        except Refused as refusal:
            return _desk(request, action, refusal=refusal)
        messages.success(request, _("Closed. Thank you all."))
    return redirect("events:desk", pk=pk)


@login_required
@require_http_methods(FORM_AND_DEED)
def add_shift(request: SignedInRequest, pk: int) -> HttpResponse:
    """Add a shift to an action."""
    action = doors.get_action_to_write_or_404(request.user, pk)
    form = _shift_form(request, {})
    if form.is_valid():
        with form.taking_refusals():
            added = shifts.add(action=action, hours=form.hours(), by=request.user)
            messages.success(request, _("The shift is added."))
            return _to_shift(added)
    return _shift_page(request, form, {"action": action})


@login_required
@require_http_methods(FORM_AND_DEED)
def change_shift(request: SignedInRequest, pk: int, shift_pk: int) -> HttpResponse:
    """Move or resize a shift. Who would be due in two places is shown first; ``seen`` carries who was shown."""
    action = doors.get_action_to_write_or_404(request.user, pk)
    shift = doors.get_shift_or_404(action, shift_pk)
    form = _shift_form(request, values_of(hours_of(shift)))
    context: dict[str, Any] = {"action": action, "shift": shift}
    if form.is_valid():
        with form.taking_refusals():
            shifts.change(shift=shift, hours=form.hours(), by=request.user, seen=ids_in(request.POST.getlist("seen")))
            messages.success(request, _("Saved. Everybody keeps the place."))
            return _to_shift(shift)
    if isinstance(form.refusal, WouldOverlap):
        context["overlapping"] = form.refusal.overlaps
    return _shift_page(request, form, context)


@login_required
@require_POST
def remove_shift(request: SignedInRequest, pk: int, shift_pk: int) -> HttpResponse:
    """Take away a shift that nobody signed up for."""
    action = doors.get_action_to_write_or_404(request.user, pk)
    shift = doors.get_shift_or_404(action, shift_pk)
    try:
        shifts.remove(shift=shift, by=request.user)
    except Refused as refusal:
        return _desk(request, action, refusal=refusal, shift=shift)
    messages.success(request, _("The shift is removed."))
    return redirect("events:desk", pk=pk)


@login_required
@require_http_methods(FORM_AND_DEED)
def phone(request: SignedInRequest, pk: int, sign_up_pk: int) -> HttpResponse:
    """Show the number of somebody who signed up; that it was looked up is kept."""
    action = doors.get_desk_or_404(request.user, pk)
    sign_up = doors.get_sign_up_at_desk_or_404(action, sign_up_pk)
    if request.method != "POST":
        return _to_shift(sign_up.shift)
    status = 200
    try:
        answer = Look(number=phones.look_up(sign_up=sign_up, by=request.user))
    except Refused as refusal:
        answer, status = Look(refusal=refusal.sentence), refusal.status
    answer.show_beside(sign_up)
    if request.headers.get("HX-Request") and not request.headers.get("HX-Boosted"):
        return render(request, "events/_phone.html", {"action": action, "sign_up": sign_up}, status=status)
    return _desk(request, action, shift=sign_up.shift, looks={sign_up.pk: answer}, status=status)


# --- what the pages show ----------------------------------------------------------------------------------------------


def _desk(
    request: SignedInRequest,
    action: Action,
    *,
    refusal: Refused | None = None,
    shift: Shift | None = None,
    looks: Mapping[int, Look] = MappingProxyType({}),
    status: int = 200,
) -> HttpResponse:
    heads = book.heads([f"desk:{action.pk}"])
    doors.read_again(action)
    now = timezone.now()
    person = request.user
    own = list(Shift.objects.with_places().filter(action=action))
    for each in own:
        each.action = action
    asked = str(shift.pk) if shift else request.GET.get("shift", "")
    current = next((each for each in own if str(each.pk) == asked), None) or rosters.shift_to_look_at(own, now)
    roster = rosters.roster_of(current) if current else None
    for sign_up in roster.everybody() if roster and looks else ():
        if sign_up.pk in looks:
            looks[sign_up.pk].show_beside(sign_up)
    may_write = permits.may_compose(person, action) and not action.is_settled
    context = {
        "action": action,
        "title": title_at_desk(action),
        "title_lang": "zh-Hans" if action.state == Action.State.DRAFT else action.page.local_title.lang,
        "is_off": action.phase(now) in OVER,
        "phase": action.phase(now),
        "state": state_at_desk(action, now),
        "shifts": own,
        "tabs": [_tab(each, current) for each in own],
        "shift": current,
        "roster": roster,
        "people": sum_of_seats(own).taken,
        "refusal": refusal,
        "phones_shown": current is not None and permits.phones_are_shown(current, now),
        "places": places_at_desk(action, current, now) if current else State(""),
        "why_not_announce": why_not_announce(person, [action.host]),
        "may_run": permits.may_run(person, action),
        "may_announce": permits.may_announce(person, action),
        "may_write": may_write,
        "may_invite": may_write and action.phase(now) not in OVER,
        "partners": invitations.partners_at_desk(action, now),
        "is_hidden": action.is_announced and not action.page.live,
        "has_begun": current is not None and current.starts_at <= now,
        "follow": json.dumps(heads),
        "feed": _feed(request, action, heads),
    }
    return render(request, "events/desk.html", context, status=refusal.status if refusal else status)


def _feed(request: SignedInRequest, action: Action, heads: Mapping[str, int]) -> feed.Feed | None:
    """What was told about the action; a draft has nothing to tell."""
    if action.state == Action.State.DRAFT:
        return None
    before = id_in(request.GET.get("before", ""))
    page = feed.entries(list(heads), limit=NEWS_SHOWN, before=before)
    withdraw_from = "desk" if permits.may_run(request.user, action) else ""
    return feed.live(page, heads, withdraw_from=withdraw_from, is_still=before is not None)


def _shift_form(request: SignedInRequest, now: dict[str, Any]) -> ShiftForm:
    """The form of a shift. A quick choice sends nothing, it only fills it in, where no script did it before."""
    if request.method != "POST":
        return ShiftForm(initial=now)
    quick, _dash, _number = request.POST.get("do", "").partition("-")
    if quick in HOURS_OF_CHIP:
        return ShiftForm(initial={**request.POST.dict(), **chip(quick, timezone.now()).typed})
    return ShiftForm(request.POST)


def _shift_page(request: SignedInRequest, form: ShiftForm, context: dict[str, Any]) -> HttpResponse:
    shift = context.get("shift")
    now = timezone.now()
    context |= {
        "form": form,
        "chips": chips(now),
        "has_begun": shift is not None and shift.starts_at <= now,
        "may_remove": shift is not None and not shift.sign_ups.exists(),
        "back": _desk_of(shift) if shift else reverse("events:desk", args=[context["action"].pk]),
    }
    return render(request, "events/change_shift.html", context, status=form.status)


def _to_shift(shift: Shift) -> HttpResponse:
    return redirect(_desk_of(shift))


def _desk_of(shift: Shift) -> str:
    return f"{reverse('events:desk', args=[shift.action_id])}?shift={shift.pk}"


def _tab(shift: Shift, current: Shift | None) -> dict[str, Any]:
    return {"shift": shift, "url": _desk_of(shift), "current": shift == current}
