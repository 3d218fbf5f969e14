"""A person takes a place, sees to it, and gives it back."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from communities import kept
from communities.models import User
from communities.permits import Person
from communities.requests import SignedInRequest
from events import cards, doors, faces, ics, listing, permits, seats, sheet, states, wishes
from events.forms.signing_up import CancelForm, SignUpForm, new_key
from events.models import Action, SignUp
from kit.refusals import Refused
from kit.web import FORM_AND_DEED
from updates import book
from volunteers import profiles

A_PAGE = 20
MOST_LINES = 20
"""Waiting lists that *My activities* follows."""


# --- signing up -------------------------------------------------------------------------------------------------------


@require_http_methods(FORM_AND_DEED)
def sign_up(request: HttpRequest, year: int, slug: str, pk: int) -> HttpResponse:
    """The sheet: a shift is chosen already, one press confirms.

    A visitor chooses too: what was pressed is kept, and done as soon as the person is known.
    """
    person = request.user
    action = doors.get_action_or_404(person, pk)
    if request.method != "POST" and (year, slug) != (action.year, action.slug):
        return HttpResponsePermanentRedirect(faces.sign_up_address(action))
    offer = sheet.offer_to(person, action, wanted=request.GET.get("shift", ""), now=timezone.now())
    undone = kept.undone(request, wishes.SIGN_UP) if request.method != "POST" else None
    form = SignUpForm(
        _as_sent(undone.data) if undone else request.POST if request.method == "POST" else None,
        shifts=offer.shifts,
        asks_age=offer.asks_age,
        initial={"shift": offer.preselected, "request_key": new_key()},
    )
    is_valid = form.is_valid()
    if undone is not None:
        form.refuse(undone.refusal)
    elif is_valid:
        with form.taking_refusals():
            return redirect(_take_place(request, action, form))
    context = {**_of_sheet(person, offer, form), "undone": undone}
    return render(request, "events/sign_up.html", context, status=form.status)


def _take_place(request: HttpRequest, action: Action, form: SignUpForm) -> str:
    """The address to go on to: of the sign-up, or of the way to sign in with the choice kept."""
    wish = {
        "shift": form.cleaned_data["shift"],
        "is_adult": bool(form.cleaned_data.get("is_adult")),
        "request_key": form.key_for(form.cleaned_data["shift"]),
    }
    if isinstance(request.user, User):
        return wishes.sign_up(request, request.user, wish)
    kept.keep(request, wishes.SIGN_UP, wish, back=faces.sign_up_address(action))
    return f"{reverse('communities:login')}?{urlencode({'next': faces.sign_up_address(action, wish['shift'])})}"


def _as_sent(wish: dict[str, Any]) -> dict[str, Any]:
    """What was kept, as the sheet had sent it."""
    return {
        "shift": str(wish["shift"]),
        "request_key": wish["request_key"].partition("-")[0],
        **({"is_adult": "on"} if wish["is_adult"] else {}),
    }


def _of_sheet(person: Person, offer: sheet.Offer, form: SignUpForm) -> dict[str, Any]:
    own = {"person": person, "profile": profiles.profile_of(person)} if isinstance(person, User) else {}
    return {
        "offer": offer,
        "action": offer.action,
        "title": offer.action.page.local_title,
        "form": form,
        **own,
    }


# --- a sign-up of one's own -------------------------------------------------------------------------------------------


@login_required
@require_safe
def signed_up(request: SignedInRequest, pk: int) -> HttpResponse:
    """What became of it, and everything one needs to come."""
    return _show(request, doors.get_own_sign_up_or_404(request.user, pk))


def _show(request: SignedInRequest, sign_up: SignUp, *, refusal: Refused | None = None) -> HttpResponse:
    heads = book.heads([f"person:{sign_up.person_id}", f"action:{sign_up.shift.action_id}"])
    now = timezone.now()
    mine = states.with_turn(SignUp.objects.filter(pk=sign_up.pk)).select_related("shift__action__host").get()
    context = {
        "follow": json.dumps(heads),
        "card": cards.own_cards([mine], now)[0],
        "action": mine.shift.action,
        "is_public": permits.is_public(mine.shift.action),
        "again": faces.sign_up_address(mine.shift.action, mine.shift_id) if _may_ask_again(mine) else "",
        "offer_hours": seats.OFFER_FROM // timedelta(hours=1),
        "offer_minutes": seats.OFFER_STANDS // timedelta(minutes=1),
        "refusal": refusal,
    }
    return render(request, "events/signed_up.html", context, status=refusal.status if refusal else 200)


def _may_ask_again(sign_up: SignUp) -> bool:
    """Is a cancelled one worth another try?"""
    shift, action = sign_up.shift, sign_up.shift.action
    is_public = permits.is_public(action)
    return not sign_up.is_live and not states.why_closed(action, shift, is_public=is_public, now=timezone.now())


@login_required
@require_safe
def my_activities(request: SignedInRequest) -> HttpResponse:
    """To come, done, cancelled; what wants an answer stands on top."""
    person = request.user
    heads = book.heads([f"person:{person.pk}", *_lines_of(person)])
    now = timezone.now()
    mine = SignUp.objects.filter(person=person)
    wanted = request.GET.get("tab", "")
    tab = wanted if wanted in listing.TABS else listing.COMING
    rows = states.with_turn(mine.filter(listing.in_tab(tab, now))).select_related("shift__action__host")
    rows = rows.order_by(*(listing.SOONEST if tab == listing.COMING else listing.LATEST))
    counts = mine.aggregate(**{name: Count("pk", filter=listing.in_tab(name, now)) for name in listing.TABS})
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    own = cards.own_cards(page, now)
    context = {
        "tab": tab,
        "tabs": listing.tabs(tab, counts),
        "page": page,
        "cards": own,
        "has_others": any(not card.is_offer for card in own),
        "follow": json.dumps(heads),
    }
    return render(request, "events/my_activities.html", context)


def _lines_of(person: User) -> list[str]:
    """The actions in whose lines the person stands: the turn changes with every place there."""
    waiting = SignUp.objects.filter(person=person, state=SignUp.State.WAITING, shift__starts_at__gt=timezone.now())
    actions = waiting.order_by("shift__starts_at").values_list("shift__action", flat=True)
    return [f"action:{pk}" for pk in dict.fromkeys(actions[:MOST_LINES])]


@login_required
@require_http_methods(FORM_AND_DEED)
def cancel(request: SignedInRequest, pk: int) -> HttpResponse:
    """Give a place back: the page says what will happen and, shortly before the shift, asks why."""
    sign_up = doors.get_own_sign_up_or_404(request.user, pk)
    if not sign_up.is_live:
        return redirect("events:signed_up", pk=pk)
    form = CancelForm.of(request)
    if form.is_valid():
        with form.taking_refusals():
            seats.cancel(sign_up=sign_up, by=request.user, reason=form.cleaned_data["reason"])
            return redirect("events:signed_up", pk=pk)
    return render(request, "events/cancel.html", _of_cancel(sign_up, form), status=form.status)


def _of_cancel(sign_up: SignUp, form: CancelForm) -> dict[str, Any]:
    now = timezone.now()
    mine = states.with_turn(SignUp.objects.filter(pk=sign_up.pk)).select_related("shift__action__host").get()
    return {
        "card": cards.own_cards([mine], now)[0],
        "action": mine.shift.action,
        "form": form,
        "asks_why": mine.needs_reason(now) or "reason" in form.errors,
        "has_begun": mine.shift.starts_at <= now,
    }


@login_required
@require_http_methods(FORM_AND_DEED)
def accept(request: SignedInRequest, pk: int) -> HttpResponse:
    """Yes to an offered place."""
    return _answer_offer(request, pk, seats.accept)


@login_required
@require_http_methods(FORM_AND_DEED)
def decline(request: SignedInRequest, pk: int) -> HttpResponse:
    """No to an offered place; the next in line is asked."""
    return _answer_offer(request, pk, seats.decline)


def _answer_offer(request: SignedInRequest, pk: int, answer: Callable[..., SignUp]) -> HttpResponse:
    sign_up = doors.get_own_sign_up_or_404(request.user, pk)
    if request.method == "POST":
        try:
            answer(sign_up=sign_up, by=request.user)
        except Refused as refusal:
            return _show(request, sign_up, refusal=refusal)
    # A GET comes from the login, where the answer was lost: the page asks once more.
    return redirect("events:signed_up", pk=pk)


@login_required
@require_safe
def calendar(request: SignedInRequest, pk: int) -> HttpResponse:
    """The shift for one's own calendar."""
    sign_up = doors.get_own_sign_up_or_404(request.user, pk)
    response = HttpResponse(ics.file_of(sign_up), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="gongzhi-{sign_up.pk}.ics"'
    return response
