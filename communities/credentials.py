"""Who speaks on a connection that stays open: asked at the handshake, and again whenever rights have changed."""

from collections.abc import Callable, Mapping
from http.cookies import CookieError, SimpleCookie
from importlib import import_module

from django.conf import settings
from django.contrib import auth
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest

from kit.deeds import deed

from . import people, tokens
from .models import User
from .permits import Person

Credential = Callable[[], Person | None]


def of_handshake(headers: Mapping[str, str]) -> Credential:
    """The credential in the headers (names in small letters): a token, a session, or none.

    It is a function that asks the database who speaks by it now: the person; a visitor where nothing was shown; None
    where what was shown is no longer good, or never was.
    """
    scheme, _space, token = headers.get("authorization", "").strip().partition(" ")
    if scheme:
        return lambda: _of_token(scheme, token.strip())
    key = _session_key(headers.get("cookie", ""))
    if not key:
        return AnonymousUser
    return _Session(key).person


def end_session(request: HttpRequest) -> None:
    """Sign out; what else this session has open on the site closes too. Harmless for somebody who is not signed in."""
    # No deed: after the logout the request knows nobody any more, and a deed may be begun again.
    person = request.user.pk if isinstance(request.user, User) else None
    auth.logout(request)
    if person is not None:
        _say_that_it_ended(person=person)


@deed
def _say_that_it_ended(*, person: int) -> None:
    people.rights_changed(person)


class _Session:
    """A session that spoke for somebody must go on to speak for the same person; a visitor's may be what it likes."""

    def __init__(self, key: str) -> None:
        self.key = key
        self.spoke_for_somebody = False

    def person(self) -> Person | None:
        request = HttpRequest()
        request.session = import_module(settings.SESSION_ENGINE).SessionStore(self.key)
        person = auth.get_user(request)
        if isinstance(person, User):
            self.spoke_for_somebody = True
            return person
        return None if self.spoke_for_somebody else AnonymousUser()


def _of_token(scheme: str, written: str) -> Person | None:
    if scheme.lower() != "token":
        return None
    token = tokens.live_token(written.encode("utf-8", "surrogatepass"))
    if token is None:
        return None
    tokens.used(token)
    return token.person


def _session_key(cookies: str) -> str:
    try:
        morsel = SimpleCookie(cookies).get(settings.SESSION_COOKIE_NAME)
    except CookieError:
        return ""
    return morsel.value if morsel else ""
