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
from communities.models import Mode, Theme, User
from communities.roles import Right
from portal import errors
from updates import book, inbox

CHOICES = (("theme", Theme), ("mode", Mode))
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
    """The look in which this page is shown: the person's own choice, else the browser's; what it made up is ignored.

    So on a computer that several people use, everybody finds the own look, and who signs out leaves the browser's.
    """
    person = _person(request)
    theme, mode = (
        getattr(person, name, "") or next((each for each in kind.values if each == request.COOKIES.get(name)), "")
        for name, kind in CHOICES
    )
    return Look(
        theme=theme or Theme.AUTO.value,
        mode=mode or Mode.STANDARD.value,
        language=get_language() or settings.LANGUAGE_CODE,
    )


def _person(request: HttpRequest) -> User | None:
    """Who is signed in. Without a session cookie nobody is, and an error page may be shown before anybody knows."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return None
    person = getattr(request, "user", None)
    return person if person is not None and person.is_authenticated else None


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context of every page: ``look``, ``site_facts``, ``may_compose``, ``inbox``, ``demo``, ``debug``, ``version``."""
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
    """Remember ``theme``, ``mode`` or ``language`` in the browser, and with the person who is signed in; go to ``next``.

    The form carries no token, so that cached pages may hold it; a form on another site is refused by its origin.
    """
    if not _from_here(request):
        return errors.csrf_failure(request, "look: foreign origin")
    response = HttpResponseRedirect(_next(request))
    allowed = {**{name: kind.values for name, kind in CHOICES}, "language": list(dict(settings.LANGUAGES))}
    chosen = {name: request.POST[name] for name, values in allowed.items() if request.POST.get(name) in values}
    for name, value in chosen.items():
        _remember(response, settings.LANGUAGE_COOKIE_NAME if name == "language" else name, value)
    if chosen and (person := _person(request)):
        User.objects.filter(pk=person.pk).update(**chosen)
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
