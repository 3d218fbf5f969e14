"""An action as machines read it (schema.org Event): for search engines and for programs that keep calendars."""

from typing import Any

from django.conf import settings

from kit.times import written
from updates.titles import unbroken

from .faces import ActionFace
from .models import Action
from .states import where_of

_SCHEMA = "https://schema.org"


def event_of(face: ActionFace) -> dict[str, Any] | None:
    """The action as an Event, in the language of the page; None for what is not public. It holds no name of a person."""
    action = face.action
    if not face.is_public or action.starts_at is None or action.ends_at is None:
        return None
    address = settings.SITE_URL + action.get_absolute_url()
    organiser = {"@type": "Organization", "name": action.host.spoken_name}
    if action.is_online:
        mode = "OnlineEventAttendanceMode"
        location = {"@type": "VirtualLocation", "url": address}
    else:
        mode = "OfflineEventAttendanceMode"
        location = {"@type": "Place", "name": action.place, "address": ", ".join(where_of(action))}
    return {
        "@context": _SCHEMA,
        "@type": "Event",
        "name": unbroken(face.title.text),
        "description": face.summary.text,
        "inLanguage": face.title.lang,
        "url": address,
        "startDate": written(action.starts_at),
        "endDate": written(action.ends_at),
        "eventStatus": f"{_SCHEMA}/{_status(face)}",
        "eventAttendanceMode": f"{_SCHEMA}/{mode}",
        "location": location,
        "organizer": organiser,
        "isAccessibleForFree": True,
    }


def _status(face: ActionFace) -> str:
    if face.action.state == Action.State.CALLED_OFF:
        return "EventCancelled"
    return "EventRescheduled" if face.was_moved else "EventScheduled"
