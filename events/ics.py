"""A shift as a file for the calendar of the person who signed up."""

from datetime import timedelta
from urllib.parse import urlsplit

import icalendar
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from updates.titles import unbroken

from .models import Action, SignUp
from .states import where_of

ALARM = timedelta(hours=-2)
"""When the calendar reminds, seen from the beginning of the shift."""

_STATUS = {
    SignUp.State.CONFIRMED: "CONFIRMED",
    SignUp.State.WAITING: "TENTATIVE",
    SignUp.State.CANCELLED: "CANCELLED",
}


def file_of(sign_up: SignUp) -> bytes:
    """The calendar file (RFC 5545) of a sign-up that was fetched with shift, action and host.

    The UID stays the same however often it is fetched, so a calendar mends its entry instead of making another; a
    cancelled sign-up strikes it out.
    """
    shift, action = sign_up.shift, sign_up.shift.action
    zone = timezone.get_default_timezone()
    title = unbroken(action.page.local_title.text)
    event = icalendar.Event()
    event.add("uid", f"sign-up-{sign_up.pk}@{urlsplit(settings.SITE_URL).hostname}")
    event.add("dtstamp", timezone.now())
    event.add("dtstart", shift.starts_at.astimezone(zone))
    event.add("dtend", shift.ends_at.astimezone(zone))
    event.add("summary", title)
    event.add("location", _where(action))
    event.add("description", _words(sign_up))
    event.add("url", settings.SITE_URL + reverse("events:signed_up", args=[sign_up.pk]))
    event.add("status", _STATUS[SignUp.State(sign_up.state)])
    if sign_up.is_live:
        event.add_component(_alarm(title))
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//Gongzhi//gongzhi//")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(event)
    calendar.add_missing_timezones()
    return calendar.to_ical()


def _alarm(title: str) -> icalendar.Alarm:
    alarm = icalendar.Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", title)
    alarm.add("trigger", ALARM)
    return alarm


def _where(action: Action) -> str:
    match where_of(action):
        case [place, point]:
            return _("%(place)s, %(meeting_point)s") % {"place": place, "meeting_point": point}
        case parts:
            return "".join(parts)


def _words(sign_up: SignUp) -> str:
    shift, action = sign_up.shift, sign_up.shift.action
    bring = _("Bring: %(things)s") % {"things": action.bring} if action.bring else ""
    whom = _("On the day call %(name)s, %(phone)s") % {"name": action.contact_name, "phone": action.contact_phone}
    parts = [action.host.spoken_name, shift.task, bring, whom if action.contact_phone and sign_up.is_live else ""]
    return "\n".join(part for part in parts if part)
