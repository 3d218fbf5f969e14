"""Following a case, a road, an area or a unit, and ending it by the link in a mail."""

import uuid

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from communities.arriving import target_of
from communities.models import User
from grid.forms.own_case import FollowForm
from grid.models import Case
from grid.telling import subscribing
from grid.telling.subscribing import Thing
from grid.telling.words import address_of
from kit.web import FORM_AND_DEED, with_retry
from updates.messages import mail_leaves


@require_http_methods(FORM_AND_DEED)
def follow(request: HttpRequest, what: str, key: str) -> HttpResponse:
    """Follow it: with an account by one button, without one by a mail address; and end it again."""
    thing = Thing.found(what, key, by=request.user)
    if thing is None:
        raise Http404
    back = _back(request, thing)
    if isinstance(request.user, User):
        if request.method == "POST":
            return _with_account(request, thing, back)
        context = {"thing": thing, "back": back, "follows": subscribing.follows(request.user, thing)}
        return render(request, "grid/follow.html", context)
    form = FollowForm.of(request)
    if form.is_valid():
        with form.taking_refusals():
            subscribing.ask_by_mail(
                thing=thing,
                mail=form.cleaned_data["mail"],
                language=translation.get_language() or settings.LANGUAGE_CODE,
                address=request.META.get("REMOTE_ADDR", ""),
            )
            context = {"thing": thing, "back": back, "mail": form.cleaned_data["mail"]}
            return render(request, "grid/follow_asked.html", context)
    context = {"thing": thing, "back": back, "form": form, "mail_leaves": mail_leaves()}
    return with_retry(render(request, "grid/follow.html", context, status=form.status), form.refusal)


@require_http_methods(FORM_AND_DEED)
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """The owner of a mail address says yes. Looking at it says nothing: mail programs look at links by themselves."""
    subscription = subscribing.to_confirm(token)
    if subscription is not None and request.method == "POST":
        subscribing.confirm(subscription=subscription)
        return render(request, "grid/subscription_confirmed.html", {"thing": Thing.of(subscription)})
    context = {"thing": Thing.of(subscription) if subscription else None}
    return render(request, "grid/confirm_subscription.html", context, status=200 if subscription else 404)


@csrf_exempt  # a mail program posts here by itself (RFC 8058); whoever has the link may
@require_http_methods(FORM_AND_DEED)
def end(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Hear no more of it, without signing in. Looking at it ends nothing."""
    subscription = subscribing.with_key(key)
    if request.method == "POST":
        subscribing.end(key=key)
        return render(request, "grid/subscription_ended.html")
    return render(request, "grid/end_subscription.html", {"thing": Thing.of(subscription) if subscription else None})


def _with_account(request: HttpRequest, thing: Thing, back: str) -> HttpResponse:
    person = request.user
    assert isinstance(person, User)  # noqa: S101 – asked by the caller
    if request.POST.get("do") == "unfollow":
        subscribing.unfollow(thing=thing, by=person)
        messages.success(request, _("You hear no more of it."))
    else:
        subscribing.follow(thing=thing, by=person)
        messages.success(request, _("You follow it. What happens stands among your messages."))
    return redirect(back)


def _back(request: HttpRequest, thing: Thing) -> str:
    """Where the form came from, if that is on this site; else the thing itself, or the list."""
    elsewhere = address_of(thing.row) if isinstance(thing.row, Case) else "/"
    return target_of(request) or elsewhere
