"""How the site looks for this person – theme, mode, language – and what its shell needs to know."""

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.functional import SimpleLazyObject
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from communities import permits
from communities.models import User
from communities.roles import Right
from portal import errors
from updates import book, inbox

THEMES = ("auto", "light", "dark")
MODES = ("standard", "elder")
YEAR = 365 * 24 * 3600  # seconds


@dataclass(frozen=True)
class Look:
    """The three choices that stand on ``<html>``."""

    theme: str
    mode: str
    language: str


@dataclass(frozen=True)
class Inbox:
    """What the badge of a signed-in person begins with: how many messages are unread, and what it follows from there."""

    unread: int
    follow: str


def look_of(request: HttpRequest) -> Look:
    """Return the look this browser asked for; what it made up is ignored."""
    theme, mode = request.COOKIES.get("theme"), request.COOKIES.get("mode")
    return Look(
        theme=theme if theme in THEMES else THEMES[0],
        mode=mode if mode in MODES else MODES[0],
        language=get_language() or settings.LANGUAGE_CODE,
    )


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context of every page: ``look``, ``site_facts``, ``may_compose``, ``inbox``, ``demo``, ``version``."""
    return {
        "look": look_of(request),
        "site_facts": settings.SITE_FACTS,
        "may_compose": SimpleLazyObject(lambda: _may_compose(request)),
        "inbox": SimpleLazyObject(lambda: _inbox(request)),
        "demo": settings.DEMO,
        "debug": settings.DEBUG,
        "version": settings.VERSION,
    }


def _may_compose(request: HttpRequest) -> bool:
    # An error page may be shown before anybody knows who is asking.
    person = getattr(request, "user", None)
    return person is not None and permits.may_anywhere(person, Right.COMPOSE_ACTION)


def _inbox(request: HttpRequest) -> Inbox:
    """For a signed-in person only; the book is read before the count, so that nothing falls in between."""
    heads = book.heads([f"person:{request.user.pk}"])
    return Inbox(unread=inbox.unread_of(request.user), follow=json.dumps(heads))


@csrf_exempt
@require_POST
def change(request: HttpRequest) -> HttpResponse:
    """Remember ``theme``, ``mode`` or ``language`` and return to ``next``.

    The form carries no token, so that cached pages may hold it; a form on another site is refused by its origin.
    """
    if not _from_here(request):
        return errors.csrf_failure(request, "look: foreign origin")
    response = HttpResponseRedirect(_next(request))
    for name, allowed in (("theme", THEMES), ("mode", MODES)):
        if (choice := request.POST.get(name)) in allowed:
            _remember(response, name, str(choice))
    language = request.POST.get("language")
    if language in dict(settings.LANGUAGES):
        _remember(response, settings.LANGUAGE_COOKIE_NAME, str(language))
        if request.user.is_authenticated:
            User.objects.filter(pk=request.user.pk).update(language=language)
    return response


def _from_here(request: HttpRequest) -> bool:
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
        return False
    origin = request.headers.get("Origin")
    if origin is None:
        return True
    try:
        return urlsplit(origin).netloc == request.get_host()
    except ValueError:  # half an IPv6 address
        return False


def _next(request: HttpRequest) -> str:
    target = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return target if safe else "/"


def _remember(response: HttpResponse, name: str, value: str) -> None:
    response.set_cookie(name, value, max_age=YEAR, secure=settings.HTTPS, httponly=True, samesite="Lax")
