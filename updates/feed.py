"""The feed: what the book tells as news, in plain values for templates.

A page shows what is written already, and ``<live-feed>`` adds what comes. Both are drawn by the same templates: the
browser clones a blank entry of each verb, whose places to fill are marked by ``updates/templatetags/feed.py``.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import get_language

from kit import times

from . import verbs
from .models import Topic, Update

MOST = 100
"""Entries that a browser keeps; older ones are a page further down."""

MOST_TOPICS = 50
"""Topics of one feed."""


@dataclass(frozen=True)
class Entry:
    """One piece of news. A blank one, without ``at``, is what the browser clones."""

    verb: str
    template: str
    topic: str = ""
    seq: int = 0
    ref: str = ""
    at: datetime | None = None
    actor: Mapping[str, Any] = field(default_factory=dict)
    payload: Mapping[str, Any] = field(default_factory=dict)

    @property
    def about(self) -> str:
        """Under which name its payload holds what it is about."""
        return verbs.get(self.verb).about

    @property
    def title(self) -> str:
        """Where in the payload the title of that stands."""
        return f"{self.about}.title"

    @property
    def url(self) -> str:
        """Where its address stands."""
        return f"{self.about}.url"

    @property
    def is_withdrawn(self) -> bool:
        """Was it taken back? Its payload was emptied then."""
        return self.verb == verbs.WITHDRAWN or (self.at is not None and not self.payload)


@dataclass(frozen=True)
class Page:
    """Some entries, the newest first, and from where the older ones go on: empty where there are none."""

    entries: Sequence[Entry]
    older: str = ""


@dataclass(frozen=True)
class Feed:
    """A feed as ``updates/_feed.html`` shows it."""

    entries: Sequence[Entry]
    older: str
    follow: str
    """Topics with the number up to which they are shown, as JSON; empty for a page of older news, which stands still."""
    names_subject: bool = False
    """Are the entries about different actions and notices, so that each says which?"""
    withdraw_from: str = ""
    """Whoever may withdraw posts here comes back to this page afterwards; empty for everybody else."""
    withdraws_of: Sequence[int] = ()
    """The organisations whose posts alone may be withdrawn here; empty where it is all of them."""

    @property
    def blanks(self) -> Sequence[Entry]:
        """One blank entry for each verb that is news, and one for what was taken back."""
        news = [Entry(verb.name, verb.template) for verb in verbs.registered() if verb.is_news]
        return [*news, Entry(verbs.WITHDRAWN, "")]

    @property
    def verbs(self) -> str:
        return " ".join(verbs.news())

    @property
    def stamps(self) -> Mapping[str, str]:
        """The words of times, for the browser."""
        return times.stamp_patterns()

    @property
    def zone(self) -> str:
        return timezone.get_current_timezone_name()

    @property
    def most(self) -> int:
        return MOST


def entries(topics: Collection[str], *, limit: int, before: int | None = None) -> Page:
    """The news of these topics, the newest first, with two queries: each piece once, however many topics heard it.

    ``before`` is what an earlier page gave as ``older``.
    """
    own = dict(Topic.objects.filter(name__in=list(topics)[:MOST_TOPICS]).values_list("pk", "name"))
    news = Update.objects.filter(topic__in=list(own), verb__in=verbs.news())
    again = news.filter(key=OuterRef("key"), verb=OuterRef("verb"), pk__gt=OuterRef("pk"))
    lines = news.filter(~Exists(again)).order_by("-pk")
    if before is not None:
        lines = lines.filter(pk__lt=before)
    found = list(lines[: limit + 1])
    shown = found[:limit]
    return Page([_entry(line, own) for line in shown], str(shown[-1].pk) if len(found) > limit else "")


def live(
    page: Page,
    heads: Mapping[str, int],
    *,
    names_subject: bool = False,
    withdraw_from: str = "",
    withdraws_of: Sequence[int] = (),
    is_still: bool = False,
) -> Feed:
    """The feed of a page of entries that goes on from ``heads``, which were read before them."""
    follow = "" if is_still else json.dumps(dict(heads))
    return Feed(page.entries, page.older, follow, names_subject, withdraw_from, withdraws_of)


def in_language(words: Mapping[str, Any], name: str) -> tuple[str, str]:
    """The words called ``name`` in the reader's language if there are any, and the language they are in."""
    translated = str(words.get(f"{name}_en") or "") if (get_language() or "").startswith("en") else ""
    return (translated, "en") if translated else (str(words.get(name) or ""), "zh-Hans")


def _entry(line: Update, own: Mapping[int, str]) -> Entry:
    return Entry(
        verb=line.verb,
        template=verbs.get(line.verb).template,
        topic=own[line.topic_id],
        seq=line.seq,
        ref=str(line.key),
        at=line.at,
        actor=line.actor or {},
        payload=line.payload,
    )
