"""Entries of a feed: every tag writes a value and marks its place, so that a browser fills a blank entry the same way.

``data-field="action.title"``  a text out of the payload, or with ``actor.`` of who speaks; the English one where there is one
``data-at="starts_at"``        a time; ``data-as`` says how: stamp, dated, or clock (dated too if the day is not ``data-since``'s)
``data-of="3 5"``              what is there only where one of these organisations speaks
``data-fill="0=action.id"``    an address whose parts are replaced
"""

from datetime import datetime
from typing import Any

from django import template
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.html import format_html
from django.utils.safestring import SafeString

from kit import times
from updates.feed import Entry, in_language
from updates.titles import unbroken

register = template.Library()


def _held(entry: Entry, path: str) -> tuple[dict[str, Any], str]:
    """What holds the last step of ``path``, and that step."""
    *way, last = path.split(".")
    held: Any = entry.payload
    if way[:1] == ["actor"]:
        held, way = entry.actor, way[1:]
    for step in way:
        held = held.get(step) or {}
    return held, last


@register.simple_tag
def told(entry: Entry, path: str, css: str = "") -> SafeString:
    """The words at ``path`` in a ``<span>`` that carries their language."""
    words, lang = in_language(*_held(entry, path))
    if path.endswith("title"):
        words = unbroken(words)
    return format_html(
        '<span{} data-field="{}" lang="{}">{}</span>', format_html(' class="{}"', css) if css else "", path, lang, words
    )


@register.simple_tag
def told_at(entry: Entry, path: str, shape: str = "stamp", since: str = "") -> SafeString:
    """The time at ``path`` (``at``: when it was told) in a ``<time>``."""
    moment = entry.at if path == "at" else _moment(entry, path)
    written = timezone.localtime(moment).isoformat(timespec="milliseconds") if path == "at" and moment else ""
    began = _moment(entry, since) if since else None
    return format_html(
        '<time data-at="{}" data-as="{}"{} datetime="{}">{}</time>',
        path,
        shape,
        format_html(' data-since="{}"', since) if since else "",
        written or _held_words(entry, path),
        _words(moment, shape, began) if moment else "",
    )


@register.simple_tag
def told_url(entry: Entry, path: str) -> SafeString:
    """``href`` of a link to the address at ``path``."""
    held, last = _held(entry, path)
    return format_html('href="{}" data-href="{}"', held.get(last, ""), path)


def _held_words(entry: Entry, path: str) -> str:
    held, last = _held(entry, path)
    return str(held.get(last, ""))


def _moment(entry: Entry, path: str) -> datetime | None:
    return parse_datetime(_held_words(entry, path))


def _words(moment: datetime, shape: str, began: datetime | None) -> str:
    now = timezone.now()
    if shape == "stamp":
        return times.stamp_words(moment, now)
    if began is not None and timezone.localdate(began) == timezone.localdate(moment):
        return f"{timezone.localtime(moment):%H:%M}"
    return times.dated_words(moment, now)
