"""What a person says about himself or herself as a volunteer."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from communities import numbers
from communities.names import NAME_LENGTH


class Volunteer(models.Model):
    """The volunteer's side of an account. Only what signing up needs (volunteering regulation of 2017, article 7)."""

    person = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="volunteer")
    emergency_name = models.CharField(_("emergency contact"), max_length=NAME_LENGTH, blank=True)
    emergency_phone = models.CharField(_("phone of the emergency contact"), max_length=numbers.MOST, blank=True)
    # The person's own word. A birth date would say more than anybody here has to know.
    adult_since = models.DateTimeField(_("declared to be of age"), null=True, blank=True, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="volunteers_volunteer_emergency_contact_whole",
                condition=Q(emergency_name="", emergency_phone="") | (~Q(emergency_name="") & ~Q(emergency_phone="")),
                violation_error_message=_("Please give both the name and the phone of the emergency contact."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.person)

    @property
    def is_adult(self) -> bool:
        return self.adult_since is not None
