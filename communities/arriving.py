"""Somebody has shown who it is: the session begins, what was kept is done, and the person goes on."""

import time
from urllib.parse import urlencode

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from django.conf import settings
from django.http import HttpRequest
from django.shortcuts import resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from kit.refusals import Refused

from . import kept, privacy
from .models import User

PROVEN_KEY = "proven_number"
PROVEN_FOR = 30 * 60
"""Seconds for which a number that was shown to be one's own waits for a name."""


def target_of(request: HttpRequest) -> str:
    """Where the person was going (``next``), if that is an address on this site; otherwise nothing.

    A bare word would be taken for the name of a view, and there is none of that name.
    """
    target = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return target if is_ours and target.startswith(("/", "http://", "https://")) else ""


def come_in(request: HttpRequest, person: User, *, phone: str, is_new: bool = False) -> None:
    """Begin the person's session, whose number has just been proven, by allauth's way; the session's key is a new one.

    Raises ``Refused`` ``inactive`` (403) for somebody who is kept out.
    """
    if not person.is_active:
        raise Refused("inactive", _("This account is closed. Ask the operator of the site why."), status=403)
    request.session.pop(PROVEN_KEY, None)
    record_authentication(request, person, method="code", phone=phone)
    perform_login(request, Login(user=person, redirect_url="/", phone=phone, signup=is_new))


def go_on(request: HttpRequest, person: User, target: str, *, ask: bool = True) -> str:
    """Where somebody who is signed in goes now: to a new privacy notice, once; to what was kept, which is done here; on."""
    if ask and not privacy.has_agreed(person):
        return resolve_url("communities:consent") + (f"?{urlencode({'next': target})}" if target else "")
    return kept.finish(request, person) or target or resolve_url(settings.LOGIN_REDIRECT_URL)


def prove(request: HttpRequest, phone: str, target: str) -> None:
    """Nobody has this number yet: it waits for a name."""
    request.session[PROVEN_KEY] = {"phone": phone, "target": target, "at": time.time()}


def proven(request: HttpRequest) -> tuple[str, str] | None:
    """The number that waits for a name in this session, and where its owner was going."""
    waiting = request.session.get(PROVEN_KEY)
    if not isinstance(waiting, dict) or time.time() - waiting["at"] > PROVEN_FOR:
        return None
    return waiting["phone"], waiting["target"]
