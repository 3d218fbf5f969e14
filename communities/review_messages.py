"""What people are told of pages in review: to those who approve, that one waits; to who handed it in, what was decided."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from wagtail.models import Page, TaskState

from kit.times import day_words
from updates import messages
from updates.messages import Payload, Words, name_in, named
from updates.titles import unbroken

from .models import Organisation, User

ASKED, APPROVED, RETURNED = "review_asked", "review_approved", "review_returned"

DATES_ONLY = timedelta(days=7)
"""Seen from so long before, a day is said by its date."""


def asked(state: TaskState, page: Page, organisation: Organisation | None, people: Iterable[int], by: User) -> None:
    """Something waits for these people's approval."""
    payload = {**_facts(state, page), **_of(organisation), **named("by", by)}
    messages.send(kind=ASKED, about=f"review:{state.pk}", payloads=dict.fromkeys(people, payload))


def approved(state: TaskState, page: Page, to: User, by: User) -> None:
    """What somebody handed in is published, or will be at the hour that was asked for."""
    payload = {**_facts(state, page), **named("by", by), "word": state.comment, "goes_live": _future(page.go_live_at)}
    messages.send(kind=APPROVED, about=f"review:{state.pk}", payloads={to.pk: payload})


def returned(state: TaskState, page: Page, to: User, by: User) -> None:
    """What somebody handed in is to be mended first."""
    payload = {**_facts(state, page), **named("by", by), "word": state.comment}
    messages.send(kind=RETURNED, about=f"review:{state.pk}", payloads={to.pk: payload})


def _facts(state: TaskState, page: Page) -> dict[str, Any]:
    return {"review": state.pk, "title": unbroken(page.get_admin_display_title())}


def _of(organisation: Organisation | None) -> dict[str, str]:
    names = (organisation.name, organisation.name_en) if organisation else ("", "")
    return {"organisation": names[0], "organisation_en": names[1]}


def _future(moment: datetime | None) -> str:
    if moment is None or moment <= timezone.now():
        return ""
    return timezone.localtime(moment).isoformat(timespec="minutes")


def _asked_words(payload: Payload, now: datetime | None) -> Words:
    title = _("Waits for your approval: %(title)s") % payload
    is_english = (get_language() or "").startswith("en")
    name = payload["organisation_en"] or payload["organisation"] if is_english else payload["organisation"]
    if name:
        text = _("%(by)s handed it in for %(organisation)s. Have a look: approve it, or return it with a word.")
    else:
        text = _("%(by)s handed it in. Have a look: approve it, or return it with a word.")
    return Words(title, text % {"by": name_in(payload, "by"), "organisation": name}, _address(payload), is_urgent=True)


def _approved_words(payload: Payload, now: datetime | None) -> Words:
    goes_live = parse_datetime(payload["goes_live"]) if payload["goes_live"] else None
    if goes_live is not None:
        when = day_words(goes_live, now=now or goes_live - DATES_ONLY)
        title = _("Approved, goes live later: %(title)s") % payload
        text = _("%(by)s approved it; everybody can read it from %(when)s on.") % {
            "by": name_in(payload, "by"),
            "when": when,
        }
    else:
        title = _("Approved and published: %(title)s") % payload
        text = _("%(by)s approved it; everybody can read it now.") % {"by": name_in(payload, "by")}
    return Words(title, _with_word(text, payload), _address(payload))


def _returned_words(payload: Payload, now: datetime | None) -> Words:
    title = _("Returned for changes: %(title)s") % payload
    return Words(
        title,
        _("%(by)s writes: %(word)s") % {"by": name_in(payload, "by"), "word": payload["word"]},
        _address(payload),
        is_urgent=True,
    )


def _with_word(text: str, payload: Payload) -> str:
    return f"{text} {_('“%(word)s”') % payload}" if payload["word"] else text


KINDS: Mapping[str, messages.Speak] = {
    ASKED: _asked_words,
    APPROVED: _approved_words,
    RETURNED: _returned_words,
}
"""What is said of reviews, with its words."""


def _address(payload: Payload) -> str:
    return reverse("communities:review", args=[payload["review"]])
