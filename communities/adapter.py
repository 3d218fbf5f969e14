"""What django-allauth asks of this site: how a number finds its person, and how a code leaves.

allauth's own pages are not served: ours stand at ``/account/`` and use its processes, its limits and its way of signing in.
"""

import uuid
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from updates import carriers
from updates.carriers import Letter
from updates.models import Outgoing

from .models import User


class Adapter(DefaultAccountAdapter):
    """allauth's adapter for the one user model. A number is on an account only after its code was right."""

    def get_client_ip(self, request: HttpRequest) -> str:
        """Who asks: ``portal/front.py`` has put the true client there."""
        return str(request.META.get("REMOTE_ADDR", ""))

    def get_user_by_phone(self, phone: str) -> User | None:
        return User.objects.filter(phone=phone).first()

    def get_phone(self, user: User) -> tuple[str, bool] | None:
        return (user.phone, True) if user.phone else None

    def set_phone(self, user: User, phone: str, verified: bool) -> None:
        user.phone = phone
        user.save(update_fields=["phone"])

    def set_phone_verified(self, user: User, phone: str) -> None:
        self.set_phone(user, phone, verified=True)

    def send_verification_code_sms(self, user: User | None, phone: str, code: str, **kwargs: Any) -> None:
        """Hand the code to the carrier at once: a code that waits in a queue is no code. Raises what the carrier raises."""
        body = _("%(code)s is your code for Gongzhi. It is good for five minutes. Do not give it to anybody.") % {
            "code": code
        }
        channel = Outgoing.Channel.SMS
        carriers.carrier_for(channel).carry(Letter(str(uuid.uuid4()), channel, phone, "", body))

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Our pages say themselves what happened."""

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:
        """Kept out between the code and the login; the next try says so."""
        return redirect("communities:login")
