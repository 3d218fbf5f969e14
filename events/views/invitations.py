"""What an organisation is asked: the list of its invitations, and one page to answer each."""

import json
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from communities.requests import SignedInRequest
from events import doors, invitations, parties, permits
from events.forms.partners import AnswerForm
from events.models import Action, Party, Shift
from updates import book

A_PAGE = 20

DEEDS: dict[str, Callable[..., Party]] = {
    "accept": parties.accept,
    "decline": parties.decline,
    "leave": parties.leave,
}
"""The buttons of the page."""


@login_required
@require_safe
def asked(request: SignedInRequest) -> HttpResponse:
    """All invitations to my organisations: what waits for an answer, and under ``?tab=answered`` what does not."""
    heads = book.heads([f"person:{request.user.pk}"])
    now = timezone.now()
    waiting, answered = invitations.waiting(request.user, now), invitations.answered(request.user, now)
    tab = "answered" if request.GET.get("tab") == "answered" else "waiting"
    page = Paginator(answered if tab == "answered" else waiting, A_PAGE).get_page(request.GET.get("page"))
    context = {
        "tabs": invitations.tabs(tab, {"waiting": waiting.count(), "answered": answered.count()}),
        "tab": tab,
        "asked_cards": invitations.as_asked(page, now),
        "page": page,
        "follow": json.dumps(heads),
        "answers_anywhere": permits.answers_anywhere(request.user),
    }
    return render(request, "events/invitations.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: SignedInRequest, pk: int) -> HttpResponse:
    """What is asked of us, and the answer."""
    party = doors.get_invitation_or_404(request.user, pk)
    form = AnswerForm.of(request)
    deed = DEEDS.get(request.POST.get("do", ""))
    if request.method == "POST" and deed is None:
        return _page(request, party, form, status=422)
    if deed is not None and form.is_valid():
        with form.taking_refusals():
            party = deed(party=party, by=request.user, word=form.cleaned_data["word"])
            messages.success(request, _said(party))
            return redirect("events:invitation", pk=pk)
        party = doors.get_invitation_or_404(request.user, pk)
    return _page(request, party, form, status=form.status)


def _said(party: Party) -> str:
    return {
        Party.State.JOINED: _("You take part. Everybody who follows the action reads it now."),
        Party.State.DECLINED: _("Answered. Only the host sees it."),
        Party.State.LEFT: _("You no longer take part. The host and everybody who follows the action know it."),
    }[Party.State(party.state)]


def _page(request: SignedInRequest, party: Party, form: AnswerForm, status: int) -> HttpResponse:
    asked = invitations.as_asked([party], timezone.now())[0]
    action = party.action
    is_public = permits.is_public(action)
    context: dict[str, Any] = {
        "asked": asked,
        "party": party,
        "action": action,
        "form": form,
        "is_public": is_public,
        "may_post": is_public and asked.is_in and permits.voices(request.user, action).exists(),
    }
    if asked.title:
        words = action.page.get_latest_revision_as_object() if action.state == Action.State.DRAFT else action.page
        context |= {"words": words, "shifts": list(Shift.objects.with_places().filter(action=action))}
    return render(request, "events/invitation.html", context, status=status)
