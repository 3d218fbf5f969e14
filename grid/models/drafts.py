"""Pictures that came before their report: nothing that was uploaded is lost because something else was not right yet."""

import uuid

from django.db import models
from django.db.models import Q


class ReportDraft(models.Model):
    """A report that was begun. Its key is a secret of the form that was filled in, and leads nobody else to it."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    touched_at = models.DateTimeField(auto_now=True, db_index=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return str(self.key)


class DraftPhoto(models.Model):
    """A picture of it, made anew already. Where it was taken helps until the report is sent, and goes with the draft."""

    draft = models.ForeignKey(ReportDraft, on_delete=models.CASCADE, related_name="photos")
    # Of the file as it came: sent again it is not kept twice.
    digest = models.CharField(max_length=64, editable=False)
    file = models.ImageField(upload_to="cases/%Y/%m/")
    small = models.ImageField(upload_to="cases/%Y/%m/")
    width = models.PositiveIntegerField(editable=False)
    height = models.PositiveIntegerField(editable=False)
    longitude = models.FloatField(null=True, blank=True, editable=False)
    latitude = models.FloatField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["draft", "digest"], name="grid_draftphoto_once"),
            models.CheckConstraint(
                name="grid_draftphoto_position",
                condition=Q(longitude__isnull=True, latitude__isnull=True)
                | Q(longitude__range=(-180, 180), latitude__range=(-90, 90)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.draft}: {self.file}"
