"""A leader looks up a volunteer's number, and that it was looked up is kept."""

from django.utils import timezone
from django.utils.translation import gettext as _

from communities.models import User
from kit.deeds import deed
from kit.refusals import Refused

from . import permits
from .models import PhoneLook, SignUp


@deed
def look_up(*, sign_up: SignUp, by: User) -> str:
    """The full number of whoever signed up, for the leaders of the action; every look is a row.

    Raises ``Refused``: ``no_right`` (403), ``phone_gone`` from 7 days after the shift, ``no_phone``.
    """
    if not permits.may_run(by, sign_up.shift.action):
        raise Refused("no_right", _("Only those who run this action may see phone numbers."), status=403)
    if not permits.may_see_phone(by, sign_up, timezone.now()):
        raise Refused("phone_gone", _("Seven days after the shift, numbers are no longer shown."), status=403)
    if not sign_up.person.phone:
        raise Refused("no_phone", _("%(person)s has not given a number.") % {"person": sign_up.person.name})
    PhoneLook.objects.create(sign_up=sign_up, looked_by=by)
    return sign_up.person.phone
