"""Wagtail's signals, and the deeds that they call. The only place that listens to them."""

from typing import Any

from wagtail.models import Page
from wagtail.signals import page_unpublished

from events import publishing
from events.models import ActionPage


def connect() -> None:
    """Listen from now on."""
    page_unpublished.connect(_hidden, sender=ActionPage, dispatch_uid="gongzhi.action_hidden")


def _hidden(sender: type[Page], instance: ActionPage, **kwargs: Any) -> None:
    publishing.hide(page=instance)
