"""Requests as views know them: the methods of a page with a form, and the person behind a login."""

from django.http import HttpRequest

from .models import User

FORM_AND_DEED = ["GET", "HEAD", "POST"]
"""The methods of a page that shows a form and does what is sent with it."""


class SignedInRequest(HttpRequest):
    """A request whose person is known: what ``login_required`` lets through."""

    user: User
