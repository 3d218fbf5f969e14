"""Pages of organisations: the directory, the face of each, and the task by which their words are approved."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page, Task


class OrganisationIndexPage(Page):
    """The directory of organisations; every organisation's section lies below it."""

    max_count = 1
    template = "communities/organisation_index_page.html"

    class Meta:
        verbose_name = _("directory of organisations")


class OrganisationPage(Page):
    """The root of an organisation's own section and its face. Which one it is, ``Organisation.section`` says."""

    intro = models.TextField(_("who we are"), max_length=400, blank=True)
    intro_en = models.TextField(_("who we are, in English"), max_length=800, blank=True)

    parent_page_types = ["communities.OrganisationIndexPage"]
    # Made by founding an organisation, never by the add button: a section without an organisation belongs to nobody.
    is_creatable = False
    template = "communities/organisation_page.html"

    content_panels = [*Page.content_panels, FieldPanel("intro"), FieldPanel("intro_en")]

    class Meta:
        verbose_name = _("page of an organisation")


class ReviewTask(Task):
    """The one step of the one workflow: whoever may approve pages of the page's organisation approves this one.

    There are no rows for organisations; :mod:`communities.review` fills in who may.
    """

    class Meta:
        verbose_name = _("approval by the organisation")
