"""What a page says, as searching compares it."""

from typing import Any, ClassVar

from django.db import models
from wagtail.models import Page
from wagtail.search import index


class PageText(index.Indexed, models.Model):
    """The words of a live page, normalised (NFKC, case folded) and without tags. Kept by ``portal/searching/`` alone."""

    page = models.OneToOneField(Page, on_delete=models.CASCADE, primary_key=True, related_name="page_text")
    # In both languages; ``text`` begins with it.
    title = models.TextField()
    text = models.TextField()

    search_fields: ClassVar[list[Any]] = [index.SearchField("text")]
    # Written together with the row, not by a worker some time later.
    search_auto_update = False

    def __str__(self) -> str:
        return self.title
