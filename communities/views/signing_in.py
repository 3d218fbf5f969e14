"""The one door: by a code to one's number, or by name and password; and out again."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import auth
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.urls import Resolver404, resolve
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from communities import arriving, codes, inviting, kept, numbers
from communities.credentials import end_session
from communities.forms.numbers import NumberForm
from communities.forms.signing_in import LoginForm
from communities.models import Membership, User
from kit.refusals import Refused
from kit.web import FORM_AND_DEED, with_retry

HOW_MANY_OF_THE_CAST = 12
LONGEST_NAME = 150


@sensitive_post_parameters("password")
@require_http_methods(FORM_AND_DEED)
def login(request: HttpRequest) -> HttpResponse:
    """The page with both ways in; name and password are sent here, and the person goes on."""
    target = arriving.target_of(request)
    if request.method == "POST":
        form = LoginForm(request, data=request.POST)
        if form.is_valid():
            auth.login(request, form.get_user())
            return redirect(arriving.go_on(request, form.get_user(), target))
        return _page(request, target, password=form, refusal=form.refusal, status=422)
    if request.user.is_authenticated and not target:
        return redirect("volunteers:profile")
    return _page(request, target)


@require_http_methods(FORM_AND_DEED)
def ask_code(request: HttpRequest) -> HttpResponse:
    """A code leaves for a number. For every number the same is done and answered, whoever has it."""
    target = arriving.target_of(request)
    if request.method != "POST":
        return redirect("communities:login")
    form = NumberForm.of(request)
    if form.is_valid():
        with form.taking_refusals():
            purpose = codes.NumberProcess.COME_IN
            codes.NumberProcess.begin(request, phone=form.cleaned_data["phone"], purpose=purpose, target=target)
            return redirect("communities:code")
    return _page(request, target, number=form, refusal=form.refusal, status=form.status)


@require_POST
def logout(request: HttpRequest) -> HttpResponse:
    """Sign out. Somebody who is not signed in may press the button too."""
    end_session(request)
    return redirect(settings.LOGOUT_REDIRECT_URL)


def _page(
    request: HttpRequest,
    target: str,
    *,
    number: NumberForm | None = None,
    password: LoginForm | None = None,
    refusal: Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    name = request.GET.get("name", "")[:LONGEST_NAME]
    context: dict[str, Any] = {
        "number_form": number or NumberForm(initial={"phone": _number_invited(target)}),
        "form": password or LoginForm(request, initial={"username": name}),
        "next": target,
        "back": resolve_url(settings.LOGOUT_REDIRECT_URL),
        "may_send": codes.may_send(),
        "is_kept": kept.is_waiting(request),
        # Whoever has just used a password, or plays somebody of the demonstration, need not look for the fields.
        "by_password": bool(password or name or settings.DEMO or not codes.may_send()),
    }
    if settings.DEMO:
        context["cast"] = _cast()
    response = render(request, "communities/login.html", context, status=refusal.status if refusal else status)
    return with_retry(response, refusal)


def _number_invited(target: str) -> str:
    """The number that was sent an invitation by SMS, for somebody who comes by its link."""
    try:
        found = resolve(urlsplit(target).path)
    except Resolver404:
        return ""
    if found.view_name != "communities:invited":
        return ""
    return numbers.as_people_write(inviting.number_of(found.kwargs["code"]))


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
