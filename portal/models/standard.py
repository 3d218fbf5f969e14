"""Pages that say what must be said once: about the site, how things are done here."""

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.search import index

from communities.models import KnownByItsTitle
from portal.blocks import BodyBlock
from portal.models.translated import Translated


class StandardPage(Translated, KnownByItsTitle, Page):
    """A page of the whole site, written by its operator."""

    summary = models.CharField(_("in one sentence"), max_length=200, blank=True)
    body = StreamField(BodyBlock(), verbose_name=_("text"), blank=True)
    title_en = models.CharField(_("title in English"), max_length=255, blank=True)
    summary_en = models.CharField(_("summary in English"), max_length=400, blank=True)
    body_en = StreamField(BodyBlock(), verbose_name=_("text in English"), blank=True)

    content_panels: ClassVar[list[Any]] = [
        *Page.content_panels,
        FieldPanel("summary"),
        FieldPanel("body"),
        MultiFieldPanel(
            [FieldPanel("title_en"), FieldPanel("summary_en"), FieldPanel("body_en")],
            heading=_("English (optional)"),
            classname="collapsed",
        ),
    ]
    search_fields: ClassVar[list[Any]] = [
        *Page.search_fields,
        index.SearchField("summary"),
        index.SearchField("body"),
    ]
    parent_page_types: ClassVar[list[str]] = ["portal.HomePage", "portal.StandardPage"]
    template = "portal/standard_page.html"

    class Meta:
        verbose_name = _("page of the site")
