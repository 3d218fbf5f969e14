"""How much one address or one person may report in an hour: a street full of people, and no machine.

Counted in the cache, so on SQLite in each process and with Redis for the whole site. A school or a carrier is one address.
Those who take reports in for others write down whatever they hear, and are not counted.
"""

from django.utils.translation import gettext as _

from communities.counting import counted
from communities.models import User
from communities.permits import Person
from kit.refusals import Refused

HOUR = 3600  # seconds
PER_ADDRESS, PER_PERSON = 60, 30
PICTURES_PER_ADDRESS, SUPPORTS_PER_ADDRESS = 360, 120


def demand_room(*, by: Person | None, source: str) -> None:
    """Count a new report of this person, or from this address. Raises ``Refused`` ``too_many`` (429) above the limit."""
    if isinstance(by, User):
        many, most = counted(f"report:person:{by.pk}", HOUR), PER_PERSON
    else:
        many, most = counted(f"report:address:{source}", HOUR), PER_ADDRESS
    if many > most:
        raise Refused(
            "too_many",
            _(
                "Very many reports came from here within an hour. Please send this one again in an hour: everything you "
                "wrote stays here. If it is dangerous, please call 110 or 119."
            ),
            status=429,
            retry_after=HOUR,
        )


def demand_room_for_picture(*, source: str) -> None:
    """Count a picture from this address. Raises ``Refused`` ``too_many`` (429) above the limit."""
    if counted(f"picture:address:{source}", HOUR) > PICTURES_PER_ADDRESS:
        raise Refused(
            "too_many",
            _("Very many pictures came from here within an hour. Please send the report without pictures, or later."),
            status=429,
            field="photos",
            retry_after=HOUR,
        )


def demand_room_for_support(*, source: str) -> None:
    """Count a *me too* from this address. Raises ``Refused`` ``too_many`` (429) above the limit."""
    if counted(f"support:address:{source}", HOUR) > SUPPORTS_PER_ADDRESS:
        raise Refused(
            "too_many",
            _("Very many came from here within an hour. Please try again later."),
            status=429,
            retry_after=HOUR,
        )
