"""Pieces of a page that hold others: patches, facts, lists, sheets."""

from collections.abc import Iterable
from typing import Any

from django import template
from django.template.context import Context
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from wagtail.images.models import AbstractImage

from portal.image_formats import responsive

register = template.Library()


@register.simple_block_tag
def patch(content: str, tone: str = "", title: str = "") -> SafeString:
    """A sewn-on piece of cloth. ``tone``: sewn (one a view), tint, warm; several separated by a space."""
    return render_to_string("ui/_patch.html", {"content": content, "tone": tone, "title": title})


@register.inclusion_tag("ui/_seam_head.html")
def seam_head(title: str, url: str = "", more: str = "", name: str = "") -> dict[str, str]:
    """The heading of a section, running out into a thread and perhaps a link; ``name`` is the heading's id."""
    return {"title": title, "url": url, "more": more, "name": name}


@register.simple_block_tag
def facts(content: str) -> SafeString:
    """A list of facts; its rows are ``{% fact %}``."""
    return render_to_string("ui/_facts.html", {"content": content})


@register.simple_block_tag
def fact(content: str, picture: str, term: str, note: str = "") -> SafeString:
    """One row of facts: icon, term, and what it is; ``note`` is the small line below."""
    return render_to_string("ui/_fact.html", {"content": content, "icon": picture, "term": term, "note": note})


@register.inclusion_tag("ui/_action_card.html")
def action_card(card: Any, level: int = 3) -> dict[str, Any]:
    """An action in a list (an ``<li>``): see ``ui/_action_card.html`` for what a card carries."""
    return {"card": card, "level": level}


@register.inclusion_tag("ui/_message.html")
def message(text: str, tone: str = "", live: bool = False) -> dict[str, Any]:
    """A message in the page that stays. ``tone``: ok, want, bad or nothing; ``live`` is read out when it appears."""
    return {"text": text, "tone": tone, "live": live, "icon": _message_icon(tone)}


@register.filter
def message_tone(tags: str) -> str:
    """The tone of a Django message's tags."""
    for name, tone in (("error", "bad"), ("warning", "want"), ("success", "ok")):
        if name in tags:
            return tone
    return ""


def _message_icon(tone: str) -> str:
    return {"bad": "warn", "want": "warn", "ok": "check"}.get(tone, "info")


@register.inclusion_tag("ui/_empty.html")
def empty_state(title: str, text: str = "", url: str = "", label: str = "") -> dict[str, str]:
    """Nothing here yet: what that means and, if there is one, the way on."""
    return {"title": title, "text": text, "url": url, "label": label}


@register.simple_tag
def picture(image: AbstractImage | None, alt: str) -> SafeString | str:
    """A picture in several widths; ``alt`` says what it shows. Nothing where it was deleted since it was chosen."""
    return responsive(image, alt) if image else ""


@register.inclusion_tag("ui/_figures.html")
def figures(items: Iterable[Any]) -> dict[str, Any]:
    """Numbers that open their lists: each ``value``, ``label``, perhaps ``unit``, ``url``, ``tone`` (want, bad)."""
    items = list(items)
    return {"items": items, "four": len(items) > 2}


@register.simple_block_tag
def bar_deed(content: str) -> SafeString:
    """The bottom bar of a page with one main deed."""
    return render_to_string("ui/_bar_deed.html", {"content": content})


@register.simple_block_tag
def sheet(content: str, title: str, back: str) -> SafeString:
    """A form page that may also open as a sheet over the page before it; ``back`` is that page's address."""
    return render_to_string("ui/_sheet.html", {"content": content, "title": title, "back": back})


@register.simple_block_tag(takes_context=True)
def confirm(
    context: Context,
    content: str,
    action: str,
    ask: str,
    button: str,
    question: str = "",
    tone: str = "danger",
    about: str = "",
) -> SafeString:
    """A deed that wants a second thought: ``ask`` opens the question, ``button`` posts to ``action``.

    What stands between the tags (a reason to fill in, what will happen) belongs to the form. In a list of several, ``about``
    says to who only hears which of them it is.
    """
    return render_to_string(
        "ui/_confirm.html",
        {
            "content": content,
            "action": action,
            "ask": ask,
            "about": about,
            "button": button,
            "question": question,
            "tone": tone,
            "csrf_token": context.get("csrf_token"),
        },
    )
