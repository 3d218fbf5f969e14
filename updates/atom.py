"""What the feeds of all rooms have in common: Atom, entries in plain values, and words that XML can hold."""

import re
from dataclasses import dataclass
from datetime import datetime

from django.contrib.syndication.views import Feed
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape

from .titles import unbroken

LATEST = 50
"""Entries of a feed."""

# What XML cannot hold; no keyboard writes it.
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


@dataclass(frozen=True)
class Entry:
    """Something new as it stands in a feed; its texts went through :func:`clean`."""

    title: str
    text: str
    address: str
    key: str
    """Never another one: by it a reader knows what it has seen. The address of a notice changes with its slug."""
    author: str
    published: datetime
    updated: datetime


class AtomFeed(Feed):  # type: ignore[type-arg]  # generic for mypy only
    """Entries are fetched for the whole feed at once, by ``items``; their addresses hold outside this site."""

    feed_type = Atom1Feed

    def item_title(self, item: Entry) -> str:
        return item.title

    def item_description(self, item: Entry) -> str:
        return escape(item.text)  # Atom takes a summary for HTML

    def item_link(self, item: Entry) -> str:
        return item.address

    def item_guid(self, item: Entry) -> str:
        return item.key

    def item_author_name(self, item: Entry) -> str:
        return item.author

    def item_pubdate(self, item: Entry) -> datetime:
        return item.published

    def item_updateddate(self, item: Entry) -> datetime:
        return item.updated


def clean(text: str) -> str:
    """The text without what XML cannot hold, and without the marks where a title may break."""
    return _CONTROLS.sub("", unbroken(text))
