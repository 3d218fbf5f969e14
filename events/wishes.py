"""A sign-up that somebody chose before signing in: done when the person is known (:mod:`communities.kept`)."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from communities.models import User
from kit.refusals import Refused
from volunteers import profiles

from . import permits, seats
from .models import Shift

SIGN_UP = "sign_up"


def sign_up(_request: HttpRequest, person: User, wish: dict[str, Any]) -> str:
    """Take the place that was chosen (``shift``, ``is_adult``, ``request_key``) and return the page of the sign-up.

    Raises ``Refused`` as :func:`seats.sign_up`, and ``gone`` for a shift that was taken away since, or hidden.
    """
    if wish["is_adult"]:
        # The person's own word. It stands whatever becomes of the place.
        profiles.declare_adult(person=person)
    shift = Shift.objects.filter(pk=wish["shift"], action__in=permits.actions_to_see(person)).first()
    if shift is None:
        raise Refused("gone", _("This shift is not there any more. Please choose another one."), field="shift")
    made = seats.sign_up(person=person, shift=shift, request_key=wish["request_key"]).sign_up
    return reverse("events:signed_up", args=[made.pk])
