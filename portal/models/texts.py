"""What a page says, as searching compares it."""

from django.db import models
from wagtail.models import Page


class PageText(models.Model):
    """The words of a live page, normalised (NFKC, case folded) and without tags. Kept by ``portal/searching.py`` alone."""

    page = models.OneToOneField(Page, on_delete=models.CASCADE, primary_key=True, related_name="page_text")
    title = models.TextField()
    text = models.TextField()

    def __str__(self) -> str:
        return self.title
