"""What this room keeps about a person, and that it goes when the account is closed."""

from django.utils.translation import gettext as _

from communities.models import User
from communities.own_data import Line, Section

from .models import Volunteer


def told(person: User) -> list[Section]:
    """The profile, if there is one."""
    profile = Volunteer.objects.filter(person=person).first()
    if profile is None:
        return [Section("volunteer", _("As a volunteer"), [])]
    entry = [
        Line("emergency_name", _("Emergency contact"), profile.emergency_name),
        Line("emergency_phone", _("Phone of the emergency contact"), profile.emergency_phone),
        Line("adult_since", _("Declared to be of age"), profile.adult_since),
    ]
    return [Section("volunteer", _("As a volunteer"), [entry])]


def forget(person: User) -> None:
    """The profile goes. Part of the deed of closing."""
    Volunteer.objects.filter(person=person).delete()
