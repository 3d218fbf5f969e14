"""What the privacy notice promises of periods is done by the clock, to the day."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from communities import closing, privacy
from communities.models import Consent, User
from tests.cast import Town


def at(*moment: int) -> datetime:
    return timezone.make_aware(datetime(*moment))


def closed(person: User, moment: datetime) -> User:
    closing.close(person=person)
    User.objects.filter(pk=person.pk).update(closed_at=moment)
    return person


@pytest.mark.parametrize(
    ("moment", "over"),
    [
        (at(2026, 11, 24, 18, 30), at(2029, 11, 24, 18, 30)),
        (at(2027, 2, 28, 12, 0), at(2030, 2, 28, 12, 0)),
        (at(2029, 2, 28, 12, 0), at(2032, 2, 28, 12, 0)),
    ],
)
def test_a_consent_is_kept_three_years_after_the_account_is_closed(
    town: Town, moment: datetime, over: datetime
) -> None:
    closed(town.chen, moment)
    others = Consent.objects.exclude(person=town.chen).count()
    privacy.forget_old(now=over - timedelta(microseconds=1))
    assert town.chen.consents.exists()
    assert privacy.forget_old(now=over) == 1
    assert not town.chen.consents.exists()
    assert Consent.objects.count() == others > 0


def test_on_the_day_that_only_leap_years_have(town: Town) -> None:
    closed(town.chen, at(2025, 2, 28, 12, 0))
    assert privacy.forget_old(now=at(2028, 2, 29, 12, 0)) == 1


def test_an_open_account_keeps_its_consents_however_old(town: Town) -> None:
    Consent.objects.update(given_at=at(2000, 1, 1))
    assert privacy.forget_old(now=at(2099, 1, 1)) == 0
