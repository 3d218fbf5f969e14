"""The privacy notice: which version is in force, and who agreed to it."""

from datetime import datetime

from django.utils import timezone

from kit.deeds import deed

from . import people
from .models import Consent, User

VERSION = "2026-11-27"
"""Change it with the words of the notice (``communities/_privacy_zh.html``, ``_privacy_en.html``): everybody is asked once more."""

CONSENT_KEPT = 3
"""Years for which a consent can still be shown after the account was closed, as the notice says."""


@deed
def agree(*, person: User) -> Consent:
    """The person agrees to the notice in force. Again changes nothing. Locks the person."""
    held = people.hold_one(person)
    consent, _is_new = Consent.objects.live().get_or_create(person=held, version=VERSION)
    return consent


def withdraw_all(person: User) -> None:
    """End every consent of a person whose lock is held. Part of the deed of closing."""
    for consent in Consent.objects.live().filter(person=person):
        consent.withdrawn_at = max(timezone.now(), consent.given_at)
        consent.save(update_fields=["withdrawn_at"])


@deed
def forget_old(*, now: datetime) -> int:
    """Delete the consents of people who closed their account ``CONSENT_KEPT`` years before ``now``; return how many."""
    return Consent.objects.filter(person__closed_at__lte=_years_before(now, CONSENT_KEPT)).delete()[0]


def _years_before(moment: datetime, years: int) -> datetime:
    moment = timezone.localtime(moment)
    try:
        return moment.replace(year=moment.year - years)
    except ValueError:  # the 29th of February
        return moment.replace(year=moment.year - years, day=28)


def has_agreed(person: User) -> bool:
    """Did this person agree to the notice as it stands?"""
    return Consent.objects.live().filter(person=person, version=VERSION).exists()
