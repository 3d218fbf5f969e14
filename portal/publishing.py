"""Wagtail's signals, and the deeds that they call. The only place that listens to them."""

from typing import Any

from wagtail.models import Page
from wagtail.signals import page_unpublished

from communities import founding
from communities.models import OrganisationPage
from events import publishing
from events.models import ActionPage


def connect() -> None:
    """Listen from now on."""
    page_unpublished.connect(_action_hidden, sender=ActionPage, dispatch_uid="gongzhi.action_hidden")
    page_unpublished.connect(_section_hidden, sender=OrganisationPage, dispatch_uid="gongzhi.section_hidden")


def _action_hidden(sender: type[Page], instance: ActionPage, **kwargs: Any) -> None:
    publishing.hide(page=instance)


def _section_hidden(sender: type[Page], instance: OrganisationPage, **kwargs: Any) -> None:
    founding.hide(section=instance)
