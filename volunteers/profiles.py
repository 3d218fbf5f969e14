"""A person keeps his or her own profile."""

from django.utils import timezone
from django.utils.translation import gettext as _

from communities import numbers, people
from communities.models import User
from communities.names import NAME_LENGTH, as_name
from kit.deeds import deed
from kit.refusals import Refused, as_written

from .models import Volunteer


def profile_of(person: User) -> Volunteer:
    """The profile of a person; an unsaved empty one for somebody who has written nothing yet."""
    return Volunteer.objects.filter(person=person).first() or Volunteer(person=person)


@deed
def keep(*, person: User, display_name: str, language: str, emergency_name: str, emergency_phone: str) -> Volunteer:
    """Write down name, language and emergency contact as the person gives them. Locks the person.

    Raises ``Refused`` (422): ``display_name_missing``, ``…_too_long``, ``emergency_phone_unreadable``, or ``half_contact``
    if only one half of the emergency contact is given.
    """
    display_name = as_name(display_name)
    emergency_name = as_written(emergency_name, most=NAME_LENGTH, field="emergency_name")
    emergency_phone = numbers.as_callable(emergency_phone, field="emergency_phone")
    if emergency_name and not emergency_phone:
        sentence = _("Please add the phone, or leave both empty.")
        raise Refused("half_contact", sentence, status=422, field="emergency_phone")
    if emergency_phone and not emergency_name:
        sentence = _("Please add the name, or leave both empty.")
        raise Refused("half_contact", sentence, status=422, field="emergency_name")
    held = people.hold_one(person)
    held.display_name, held.language = display_name, language
    held.save(update_fields=["display_name", "language"])
    profile, _is_new = Volunteer.objects.update_or_create(
        person=held, defaults={"emergency_name": emergency_name, "emergency_phone": emergency_phone}
    )
    return profile


@deed
def declare_adult(*, person: User) -> Volunteer:
    """The person says to be 18 or older; the first time counts. Locks the person."""
    profile, _is_new = Volunteer.objects.get_or_create(person=people.hold_one(person))
    if not profile.is_adult:
        profile.adult_since = timezone.now()
        profile.save(update_fields=["adult_since"])
    return profile


def is_adult(person: User) -> bool:
    """Did this person declare to be of age?"""
    return Volunteer.objects.filter(person=person, adult_since__isnull=False).exists()
