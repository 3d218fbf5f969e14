"""Pictures: icons, emblems, the running stitch."""

from typing import Any

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from events.kinds import Kind

register = template.Library()

SPRITE = "img/emblems.svg"


TINTS: dict[str, str] = {Kind.SNOW: "cool", Kind.FLOOD: "cool", Kind.SKY: "cool", Kind.CARE: "warm"}
"""The cloth on which the emblem of a kind is sewn, where it is not the green one."""


def emblem_of(kind: str) -> str:
    """The symbol of a kind of action in the sprite: it has the code of the kind."""
    return f"e-{kind}"


def _use(symbol: str) -> str:
    return f"{static(SPRITE)}#{symbol}"


@register.simple_tag
def icon(name: str, size: str = "") -> SafeString:
    """A UI icon of the sprite; ``size="s"`` for the small one. Always decoration: the word stands beside it."""
    return format_html(
        '<svg class="i{}" aria-hidden="true"><use href="{}"/></svg>', f" {size}" if size else "", _use(f"i-{name}")
    )


@register.simple_tag
def symbol(name: str, css: str = "") -> SafeString:
    """Any other symbol of the sprite: ``mark``, ``unfinished``."""
    return format_html('<svg class="{}" aria-hidden="true"><use href="{}"/></svg>', css, _use(name))


@register.inclusion_tag("ui/_emblem.html")
def emblem(kind: str, size: str = "", off: bool = False) -> dict[str, Any]:
    """The emblem of a kind of action; ``size="big"``, ``off`` when it is over."""
    return {"use": _use(emblem_of(kind)), "tint": "off" if off else TINTS.get(kind, ""), "size": size}


@register.inclusion_tag("ui/_thread.html")
def thread(css: str = "") -> dict[str, str]:
    """A running stitch across the width."""
    return {"css": css}
