"""A person keeps his or her own profile."""

from django.utils import timezone
from django.utils.translation import gettext as _

from communities import people
from communities.models import User
from kit.deeds import deed
from kit.refusals import Refused

from .models import Volunteer


def profile_of(person: User) -> Volunteer:
    """The profile of a person; an unsaved empty one for somebody who has written nothing yet."""
    return Volunteer.objects.filter(person=person).first() or Volunteer(person=person)


@deed
def keep(*, person: User, display_name: str, language: str, emergency_name: str, emergency_phone: str) -> Volunteer:
    """Write down name, language and emergency contact as the person gives them. Locks the person.

    Raises ``Refused`` ``half_contact`` if only one half of the emergency contact is given.
    """
    if bool(emergency_name) != bool(emergency_phone):
        raise Refused(
            "half_contact",
            _("Please give both the name and the phone of the emergency contact."),
            status=422,
            field="emergency_phone" if emergency_name else "emergency_name",
        )
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
