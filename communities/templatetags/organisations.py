"""What the pages of organisations show besides their own words."""

from typing import Any, NamedTuple

from django import template
from django.http import HttpRequest
from django.template.context import Context
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from wagtail.models import Page

from communities import directory
from communities.models import Organisation, OrganisationPage
from communities.panels import organisation_panels

register = template.Library()


class LocalText(NamedTuple):
    """Words and the language they are written in, for the ``lang`` attribute."""

    text: str
    lang: str


@register.filter
def local_name(organisation: Organisation) -> LocalText:
    """The name in the reader's language; in Chinese, and marked so, where nobody has translated it."""
    return _local(organisation.name, organisation.name_en)


@register.filter
def local_intro(page: OrganisationPage) -> LocalText:
    """Who they are, likewise."""
    return _local(page.intro, page.intro_en)


def _local(chinese: str, english: str) -> LocalText:
    if english and (get_language() or "").startswith("en"):
        return LocalText(english, "en")
    return LocalText(chinese, "zh-Hans")


@register.simple_tag(takes_context=True)
def panels(context: Context, organisation: Organisation) -> list[SafeString]:
    """What upper rooms have to say about the organisation."""
    return organisation_panels.of(context["request"], organisation)


@register.simple_tag(takes_context=True)
def organisation_list(context: Context) -> dict[str, Any]:
    """A page of the directory (``listed``), and its kinds to choose from (``chips``, empty where there is one only)."""
    request: HttpRequest = context["request"]
    kind = request.GET.get("kind", "")
    kinds = directory.kinds()
    address = request.path
    chips = [{"label": _("All"), "url": address, "on": kind not in kinds}] + [
        {
            "label": capfirst(Organisation.Kind(each).label),
            "url": address if each == kind else f"{address}?kind={each}",
            "on": each == kind,
        }
        for each in kinds
    ]
    return {"listed": directory.listed(kind, request.GET.get("page")), "chips": chips if len(kinds) > 1 else []}


@register.simple_tag(takes_context=True)
def edit_address(context: Context, page: Page) -> str:
    """Where this person may edit the page; empty for everybody else."""
    person = context["request"].user
    if not person.is_authenticated or not page.permissions_for_user(person).can_edit():
        return ""
    return reverse("wagtailadmin_pages:edit", args=[page.pk])
