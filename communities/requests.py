"""Requests as views know them: the person behind a login."""

from django.http import HttpRequest

from .models import User


class SignedInRequest(HttpRequest):
    """A request whose person is known: what ``login_required`` lets through."""

    user: User
