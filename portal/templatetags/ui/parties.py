"""Organisations and their badges."""

from collections.abc import Iterable
from typing import Any

from django import template
from django.utils.translation import get_language

register = template.Library()


def _told(organisation: Any) -> dict[str, str]:
    """An organisation's badge and its name in the active language; a Chinese name among English words is marked."""
    english = (get_language() or "").startswith("en")
    translated = getattr(organisation, "name_en", "") if english else ""
    return {
        "thread": str(organisation.kind),
        "short": str(organisation.short)[:1],
        "name": translated or organisation.name,
        "lang": "zh-Hans" if english and not translated else "",
    }


@register.inclusion_tag("ui/_party.html")
def party(organisation: Any, size: str = "", wait: bool = False, named: bool = False) -> dict[str, Any]:
    """The badge of an organisation (``short``, ``name``, ``kind``). ``wait``: promised, not here yet (dashed).

    The name is read out by screen readers; ``named`` shows it beside the badge.
    """
    return {"party": _told(organisation), "size": size, "wait": wait, "named": named}


@register.inclusion_tag("ui/_parties.html")
def parties(organisations: Iterable[Any], size: str = "s", most: int = 6, counted: bool = False) -> dict[str, Any]:
    """Organisations sewn to each other, the host first; one alone stands with its name.

    Beyond ``most`` they are a number; ``counted`` says at the end of the row how many are in it together.
    """
    told = [_told(organisation) for organisation in organisations]
    return {
        "parties": told[:most],
        "more": 0 if counted else max(0, len(told) - most),
        "size": size,
        "alone": len(told) == 1,
        "together": len(told) if counted and len(told) > 1 else 0,
    }
