"""Responsibility cards and notice boards: what everybody reads of a road or an area, and what is printed of it."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from communities import qr, short_codes
from communities.requests import SignedInRequest
from communities.short_codes import Thing
from grid.chain import appointers, boards, cards
from grid.chain.places import Place
from grid.forms.cards import CardForm
from grid.models import Area, Card
from grid.net import doors
from kit.web import FORM_AND_DEED, is_id, public

TEXTS = ("extent", "duty", "task", "reward")


@public
@require_safe
def road_board(request: HttpRequest, code: str) -> HttpResponse:
    """The notice board of a road, for a screen and for A4."""
    return _board(request, doors.get_road_or_404(code), Thing.ROAD)


@public
@require_safe
def area_board(request: HttpRequest, code: str) -> HttpResponse:
    """The notice board of an area."""
    return _board(request, doors.get_area_or_404(code), Thing.CELL)


@public
@require_safe
def road_card(request: HttpRequest, code: str) -> HttpResponse:
    """The responsibility card of a road."""
    return _card(request, doors.get_road_or_404(code))


@public
@require_safe
def area_card(request: HttpRequest, code: str) -> HttpResponse:
    """The responsibility card of an area."""
    return _card(request, doors.get_area_or_404(code))


@login_required
@require_http_methods(FORM_AND_DEED)
def issue_road_card(request: SignedInRequest, code: str) -> HttpResponse:
    """Write the next version of a road's card."""
    return _issue(request, doors.get_road_or_404(code))


@login_required
@require_http_methods(FORM_AND_DEED)
def issue_area_card(request: SignedInRequest, code: str) -> HttpResponse:
    """Write the next version of an area's card."""
    return _issue(request, doors.get_area_or_404(code))


def _board(request: HttpRequest, place: Place, thing: Thing) -> HttpResponse:
    address = request.build_absolute_uri(short_codes.path_of(thing, place.pk))
    context = {
        **_of(place),
        "board": boards.board_of(place, timezone.localdate()),
        "address": address,
        "code": qr.inline(address),
    }
    return render(request, "grid/board.html", context)


def _card(request: HttpRequest, place: Place) -> HttpResponse:
    asked = request.GET.get("version", "")
    shown = cards.card_of(place, int(asked) if is_id(asked) else None)
    if shown is None and asked:
        raise Http404
    today = timezone.localdate()
    context = {
        **_of(place),
        "shown": shown,
        "people": boards.people_of(shown.chain) if shown else [],
        "versions": list(cards.versions_of(place)) if shown else [],
        "reads_whole": appointers.may_read_whole_card(request.user, place, today),
        "may_write": not cards.is_over(place, today) and appointers.may_write_card(request.user, place, today),
    }
    return render(request, "grid/card.html", context)


def _issue(request: SignedInRequest, place: Place) -> HttpResponse:
    if not appointers.may_write_card(request.user, place, timezone.localdate()):
        raise Http404
    newest: Card | None = cards.versions_of(place).first()
    form = CardForm.of(request, initial={name: getattr(newest, name) for name in TEXTS} if newest else {})
    if form.is_valid():
        with form.taking_refusals():
            card = cards.issue(place=place, by=request.user, **{name: form.cleaned_data[name] for name in TEXTS})
            messages.success(request, _("Issued: version %(version)d.") % {"version": card.version})
            return redirect("grid:area_card" if isinstance(place, Area) else "grid:road_card", code=place.code)
    return render(request, "grid/issue_card.html", {**_of(place), "form": form, "newest": newest}, status=form.status)


def _of(place: Place) -> dict[str, Any]:
    """What the templates ask of a place, whichever it is."""
    kind = "area" if isinstance(place, Area) else "road"
    return {
        "place": place,
        "is_over": cards.is_over(place, timezone.localdate()),
        "is_road": kind == "road",
        "page_url_name": f"grid:{kind}",
        "card_url_name": f"grid:{kind}_card",
        "board_url_name": f"grid:{kind}_board",
        "issue_url_name": f"grid:issue_{kind}_card",
    }
