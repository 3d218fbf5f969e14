"""Finding one's way: crumbs, chips, tabs, pages, the look."""

from collections.abc import Iterable
from typing import Any

from django import template
from django.core.paginator import Page
from django.http import QueryDict
from django.template.context import Context
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from communities.models import Mode, Theme

register = template.Library()


@register.simple_tag(takes_context=True)
def here(context: Context, address: str) -> SafeString:
    """`` aria-current="page"`` on a link of the navigation when the page lies below ``address``."""
    request = context.get("request")
    path = getattr(request, "path", "")
    found = path == address if address == "/" else path.startswith(address)
    return _current(found)


def _current(is_here: bool) -> SafeString:
    return format_html(' aria-current="{}"', "page") if is_here else SafeString()


@register.simple_tag(takes_context=True)
def here_among(context: Context, step: str) -> SafeString:
    """Likewise where ``step`` is anywhere in the address: the notices of an organisation are notices too."""
    return _current(step in getattr(context.get("request"), "path", ""))


@register.simple_block_tag
def crumbs(content: str) -> SafeString:
    """The way to this page; its steps are ``{% crumb %}``."""
    return render_to_string("ui/_crumbs.html", {"content": content})


@register.inclusion_tag("ui/_crumb.html")
def crumb(label: str, url: str = "", lang: str = "") -> dict[str, str]:
    """A step of the way; the last one, this page, has no address. ``lang``: of a title in another language."""
    return {"label": label, "url": url, "lang": lang}


@register.inclusion_tag("ui/_chips.html")
def chips(items: Iterable[Any], label: str = "") -> dict[str, Any]:
    """Filters: each ``label``, ``url``, ``on``. A chosen one carries a tick, and its link undoes it."""
    return {"items": items, "label": label}


@register.inclusion_tag("ui/_tabs.html")
def tabs(items: Iterable[Any], label: str = "") -> dict[str, Any]:
    """Views of one thing: each ``label``, ``url``, ``current``, perhaps ``count``. They wrap, they are never cut."""
    return {"items": items, "label": label}


@register.inclusion_tag("ui/_pager.html", takes_context=True)
def pager(context: Context, page: Page, name: str = "page", label: str = "") -> dict[str, Any]:
    """Earlier and later pages of a list, by link; other parameters of the address stay.

    Of several lists on a page each has a ``name`` of its own, by which its view reads it, and a ``label``.
    """
    request = context.get("request")
    asked = request.GET if request else QueryDict()
    return {
        "page": page,
        "label": label,
        "previous": _turned_to(asked, name, page.previous_page_number()) if page.has_previous() else "",
        "next": _turned_to(asked, name, page.next_page_number()) if page.has_next() else "",
    }


def _turned_to(asked: QueryDict, name: str, number: int) -> str:
    address = asked.copy()
    address[name] = str(number)
    return f"?{address.urlencode()}"


@register.inclusion_tag("ui/_switch.html", takes_context=True)
def look_switch(context: Context, name: str) -> dict[str, Any]:
    """All values of one choice of the look (theme, mode or language) as buttons; the one in force is pressed."""
    labels = {
        "theme": (gettext("Colours"), Theme.choices),
        "mode": (gettext("Size of print"), Mode.choices),
        "language": (gettext("Language"), [("zh-hans", "中文"), ("en", "English")]),
    }
    label, choices = labels[name]
    request = context.get("request")
    return {
        "name": name,
        "label": label,
        "choices": choices,
        "chosen": getattr(context.get("look"), name, ""),
        "next": request.get_full_path() if request else "/",
    }
