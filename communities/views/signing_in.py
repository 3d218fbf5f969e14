"""Coming in and going out."""

from typing import Any

from django.conf import settings
from django.contrib import auth
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from communities.credentials import end_session
from communities.forms.signing_in import LoginForm
from communities.models import Membership, User
from communities.narrowed import to_login

__all__ = ["login", "logout", "to_login"]

HOW_MANY_OF_THE_CAST = 12


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def login(request: HttpRequest) -> HttpResponse:
    """Sign in by name and password, then go where the person was going."""
    target = _target(request)
    if request.method == "POST":
        form = LoginForm(request, data=request.POST)
        if form.is_valid():
            auth.login(request, form.get_user())
            return redirect(target or resolve_url(settings.LOGIN_REDIRECT_URL))
        return _refuse(request, form, target)
    if request.user.is_authenticated and not target:
        return redirect("volunteers:profile")
    return _page(request, LoginForm(request, initial={"username": request.GET.get("name", "")[:150]}), target)


@require_POST
def logout(request: HttpRequest) -> HttpResponse:
    """Sign out. Somebody who is not signed in may press the button too."""
    end_session(request)
    return redirect(settings.LOGOUT_REDIRECT_URL)


def _refuse(request: HttpRequest, form: LoginForm, target: str) -> HttpResponse:
    response = _page(request, form, target, status=form.refusal.status if form.refusal else 422)
    if form.refusal:
        response["Retry-After"] = str(form.refusal.facts["retry_after"])
    return response


def _page(request: HttpRequest, form: LoginForm, target: str, status: int = 200) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "next": target, "back": resolve_url(settings.LOGOUT_REDIRECT_URL)}
    if settings.DEMO:
        context["cast"] = _cast()
    return render(request, "communities/login.html", context, status=status)


def _cast() -> list[User]:
    """The people of the demonstration whom a visitor may play, with what they are where."""
    roles = Membership.objects.live().select_related("organisation")
    people = User.objects.filter(is_demo=True, is_active=True).order_by("pk")
    # Extras of the demonstration have no password: there is nothing to sign in with.
    return list(
        people.exclude(password__startswith=UNUSABLE_PASSWORD_PREFIX).prefetch_related(
            Prefetch("memberships", queryset=roles, to_attr="roles")
        )[:HOW_MANY_OF_THE_CAST]
    )


def _target(request: HttpRequest) -> str:
    """Where the person was going, if that is on this site; otherwise nothing."""
    target = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return target if safe else ""
