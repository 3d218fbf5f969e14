"""Keys with which people's own programs speak for them: ``Authorization: Token …``."""

import hashlib
import secrets
from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from kit.deeds import deed
from kit.refusals import Refused, as_written

from . import people
from .models import TOKEN_NAME_LENGTH, Token, TokenQuerySet, User
from .names import is_readable_name

MOST = 20
"""Tokens of one person that hold at a time: more than anybody has programs, fewer than a list that nobody looks through."""

LAST_USED_IS_ENOUGH = timedelta(minutes=10)
"""How exactly ``last_used_at`` is kept: a row written by every request would be the busiest of the whole database."""


@deed
def issue(*, person: User, name: str) -> str:
    """Make a token and return it. It is shown this once: only its hash is kept, so nobody can read it again.

    Locks the person. Raises ``Refused``: ``name_missing``, ``name_too_long`` or ``name_unreadable`` (422); ``named_before``
    where a token of that name holds, which is also what the same request sent twice is told; ``too_many``; ``inactive`` (403).
    """
    missing = _("Say what the key is for, so that you know it again.")
    name = as_written(name, most=TOKEN_NAME_LENGTH, field="name", missing=missing)
    if not is_readable_name(name):
        raise Refused("name_unreadable", missing, status=422, field="name")
    held = people.hold_one(person)
    if not held.is_active:
        raise Refused("inactive", _("Your account is closed."), status=403)
    mine = live_ones(held)
    if mine.filter(name=name).exists():
        sentence = _("You have a key of this name. It was shown once; if you did not keep it, end it and make another.")
        raise Refused("named_before", sentence, field="name")
    if mine.count() >= MOST:
        raise Refused("too_many", _("You have %(most)d keys. End one that you do not need.") % {"most": MOST})
    token = secrets.token_urlsafe(32)
    Token.objects.create(person=held, name=name, digest=digest(token))
    return token


@deed
def revoke(*, token: Token) -> Token:
    """Make a token worthless from now on; again changes nothing. The row stays."""
    if Token.objects.live().filter(pk=token.pk).update(revoked_at=timezone.now()):
        people.rights_changed(token.person_id)
    token.refresh_from_db()
    return token


def live_ones(person: User) -> TokenQuerySet:
    """The person's tokens that were not revoked, the newest first."""
    return Token.objects.live().filter(person=person).order_by("-pk")


def digest(token: str) -> str:
    """What is stored of a token. Plain SHA-256 is enough: a token has 256 random bits, there is nothing to guess."""
    return hashlib.sha256(token.encode()).hexdigest()


def live_token(written: bytes) -> Token | None:
    """The token with its person, if it is known, was not revoked, and the person's account is open."""
    try:
        wanted = digest(written.decode("ascii"))
    except UnicodeDecodeError:
        return None
    return Token.objects.live().select_related("person").filter(digest=wanted, person__is_active=True).first()


def used(token: Token) -> None:
    """Write down that the token was used now, if that was not done a moment ago."""
    now = timezone.now()
    if token.last_used_at is None or token.last_used_at < now - LAST_USED_IS_ENOUGH:
        Token.objects.filter(pk=token.pk).update(last_used_at=now)


class TokenAuthentication(BaseAuthentication):
    """Who the token of the request speaks for."""

    keyword = b"token"

    def authenticate(self, request: Request) -> tuple[User, Token] | None:
        words = get_authorization_header(request).split()
        if not words or words[0].lower() != self.keyword:
            return None
        if len(words) != 2:
            raise AuthenticationFailed(_("Write the header as “Authorization: Token …”."), code="bad_token")
        token = live_token(words[1])
        if token is None:
            raise AuthenticationFailed(_("This token is unknown or was revoked."), code="bad_token")
        used(token)
        return token.person, token

    def authenticate_header(self, request: Request) -> str:
        return "Token"


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the schema describes the token."""

    target_class = "communities.tokens.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "`Authorization: Token …`; the token is shown once, when it is made.",
        }
