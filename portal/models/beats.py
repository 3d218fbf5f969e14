"""The signs of life that the site's processes leave behind."""

from datetime import datetime

from django.db import models
from django.utils import timezone


class BeatQuerySet(models.QuerySet["Beat"]):
    def mark(self, name: str) -> None:
        """Note that ``name`` is alive now."""
        self.update_or_create(name=name, defaults={"at": timezone.now()})

    def silent_since(self, moment: datetime) -> "BeatQuerySet":
        return self.filter(at__lt=moment)


class Beat(models.Model):
    """When something last showed that it lives (a worker), or last did its rounds (a job of the clock)."""

    name = models.CharField(max_length=80, unique=True)
    at = models.DateTimeField(null=True)

    objects = BeatQuerySet.as_manager()

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name
