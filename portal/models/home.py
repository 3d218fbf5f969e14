"""The first page of the site."""

from typing import Any, ClassVar

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import RichTextField
from wagtail.models import Page

from communities.models import KnownByItsTitle
from portal import home


class HomePage(KnownByItsTitle, Page):
    """The first page of the site. There is one, directly below the root."""

    intro = models.CharField(
        _("introduction"),
        max_length=200,
        blank=True,
        help_text=_("One sentence below the site's name: what can be done here."),
    )
    body = RichTextField(_("text"), blank=True, features=["h2", "h3", "bold", "ol", "ul", "link"])
    title_en = models.CharField(_("title in English"), max_length=255, blank=True)
    intro_en = models.CharField(_("introduction in English"), max_length=300, blank=True)
    body_en = RichTextField(_("text in English"), blank=True, features=["h2", "h3", "bold", "ol", "ul", "link"])

    content_panels: ClassVar[list[Any]] = [
        *Page.content_panels,
        FieldPanel("intro"),
        FieldPanel("body"),
        MultiFieldPanel(
            [FieldPanel("title_en"), FieldPanel("intro_en"), FieldPanel("body_en")],
            heading=_("English"),
            classname="collapsed",
        ),
    ]
    parent_page_types: ClassVar[list[str]] = ["wagtailcore.Page"]
    max_count = 1
    template = "portal/home.html"

    class Meta:
        verbose_name = _("home page")
        verbose_name_plural = _("home pages")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context(request, *args, **kwargs), **home.context(request)}
