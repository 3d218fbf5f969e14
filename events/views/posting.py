"""Staff tell those who follow an action how it goes, and take back what was wrong."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from communities.requests import SignedInRequest
from events import doors, permits, posting
from events.desks import title_at_desk
from events.forms.posting import PostForm
from events.models import Action
from kit.refusals import Refused
from kit.web import FORM_AND_DEED

PAGE = "page"
"""``next`` of whoever comes from the page of the action; everybody else goes back to the desk."""


@login_required
@require_http_methods(FORM_AND_DEED)
def post(request: SignedInRequest, pk: int) -> HttpResponse:
    """Post an update: one text, which everybody who follows the action reads at once."""
    action = doors.get_action_to_speak_for_or_404(request.user, pk)
    form = PostForm(permits.voices(request.user, action), request.POST if request.method == "POST" else None)
    if form.is_valid():
        with form.taking_refusals():
            posting.post(
                action=action,
                text=form.cleaned_data["text"],
                organisation=form.cleaned_data["organisation"],
                by=request.user,
                key=form.post_key,
            )
            messages.success(request, _("Posted. Everybody who follows this action reads it now."))
            return redirect(_back(request, action))
    context = {"action": action, "title": title_at_desk(action), "form": form, **_ways(request, action)}
    return render(request, "events/post.html", context, status=form.status)


@login_required
@require_http_methods(FORM_AND_DEED)
def withdraw(request: SignedInRequest, pk: int, key: uuid.UUID) -> HttpResponse:
    """Take a post back, after a look at what it says."""
    told = doors.get_post_to_withdraw_or_404(request.user, pk, key)
    action = told.action
    if told.withdrawn_at is not None:
        return redirect(_back(request, action))
    if request.method == "POST":
        try:
            posting.withdraw(post=told, by=request.user)
        except Refused as refusal:
            raise PermissionDenied(refusal.sentence) from refusal
        messages.success(request, _("Withdrawn. Nobody reads it any more."))
        return redirect(_back(request, action))
    context = {"action": action, "title": title_at_desk(action), "post": told, **_ways(request, action)}
    return render(request, "events/withdraw_post.html", context)


def _came_from(request: SignedInRequest) -> str:
    asked = request.POST.get("next") or request.GET.get("next", "")
    return PAGE if asked == PAGE else "desk"


def _back(request: SignedInRequest, action: Action) -> str:
    # Partners have no desk here: whatever they came from, they go back to the page.
    if _came_from(request) == PAGE or not permits.may_run(request.user, action):
        return action.get_absolute_url()
    return reverse("events:desk", args=[action.pk])


def _ways(request: SignedInRequest, action: Action) -> dict[str, str]:
    return {"next": _came_from(request), "back": _back(request, action)}
