"""Who wants to hear of what happens to a case, on a road or in an area."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from communities.models import Organisation, User

from .cases import Case
from .net import Area, Road


class Subscription(models.Model):
    """A person, or a mail address that was confirmed, hears of one thing until it is ended by its link."""

    person = models.ForeignKey(User, null=True, blank=True, on_delete=models.CASCADE, related_name="subscriptions")
    mail = models.EmailField(_("mail address"), blank=True)
    # In which a mail to an address without an account is written.
    language = models.CharField(max_length=8, blank=True, editable=False)
    case = models.ForeignKey(Case, null=True, blank=True, on_delete=models.CASCADE, related_name="subscriptions")
    road = models.ForeignKey(Road, null=True, blank=True, on_delete=models.CASCADE, related_name="subscriptions")
    area = models.ForeignKey(Area, null=True, blank=True, on_delete=models.CASCADE, related_name="subscriptions")
    unit = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.CASCADE, related_name="subscriptions"
    )
    # The secret of the link that ends it with one click, without signing in.
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    since = models.DateTimeField(auto_now_add=True)
    confirmed_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="grid_subscription_somebody",
                condition=Q(person__isnull=False, mail="") | (Q(person__isnull=True) & ~Q(mail="")),
            ),
            models.CheckConstraint(
                name="grid_subscription_one_thing",
                condition=Q(case__isnull=False, road__isnull=True, area__isnull=True, unit__isnull=True)
                | Q(case__isnull=True, road__isnull=False, area__isnull=True, unit__isnull=True)
                | Q(case__isnull=True, road__isnull=True, area__isnull=False, unit__isnull=True)
                | Q(case__isnull=True, road__isnull=True, area__isnull=True, unit__isnull=False),
            ),
            *(
                models.UniqueConstraint(
                    fields=[who, what],
                    condition=Q(**{f"{what}__isnull": False}) & condition,
                    name=f"grid_subscription_{who}_{what}",
                )
                for what in ("case", "road", "area", "unit")
                for who, condition in (("person", Q(person__isnull=False)), ("mail", ~Q(mail="")))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person or self.mail}: {self.case or self.road or self.area or self.unit}"
