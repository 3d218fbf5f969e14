"""A crowd for load tests, as volunteers: they bring whatever a sign-up asks for."""

from collections.abc import Iterable

from django.utils import timezone

from communities.models import User
from kit.deeds import deed

from .models import Volunteer


@deed
def come_of_age(*, people: Iterable[User]) -> None:
    """Every one of these new accounts declares to be of age."""
    now = timezone.now()
    Volunteer.objects.bulk_create(Volunteer(person=person, adult_since=now) for person in people)
