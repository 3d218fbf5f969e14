"""What a page says of itself to those that show a link to it, and to machines."""

import contextlib
import json
import unicodedata
from collections.abc import Mapping
from typing import Any

from django import template
from django.conf import settings
from django.template.context import Context
from django.templatetags.static import static
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext
from wagtail.blocks import StreamValue
from wagtail.images.models import SourceImageIOError

register = template.Library()

TITLE_WIDTH = 25
"""Han characters of a page's own title in ``<title>``: with the name of the site they are at most 30, as WeChat shows."""
DESCRIPTION_LENGTH = 120
LEAST_PICTURE = 300  # pixels, wide and high: WeChat takes no smaller one

# As Django's json_script: no value can end the element or begin one.
_ESCAPES = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}


@register.filter
def for_title(text: str) -> str:
    """A title that fits into ``<title>``: cut with … after so many Han characters or twice as many letters."""
    text = " ".join(str(text).split())
    width = 0.0
    for place, character in enumerate(text):
        width += 1 if unicodedata.east_asian_width(character) in "WFA" else 0.5
        if width > TITLE_WIDTH:
            return text[: place - 1].rstrip() + "…"
    return text


@register.inclusion_tag("ui/_sharing.html", takes_context=True)
def sharing(
    context: Context, title: str = "", description: str = "", picture: str = "", kind: str = "website", path: str = ""
) -> dict[str, Any]:
    """Open Graph and the page's one address. ``picture`` is the address of one that is at least 300 px wide and high.

    Without a title the page is shown as the site; ``path`` is its address where that is not the one asked for.
    """
    request = context.get("request")
    description = " ".join(str(description).split())
    return {
        "title": " ".join(str(title).split()) or gettext("Gongzhi"),
        "description": description[: DESCRIPTION_LENGTH - 1] + "…"
        if len(description) > DESCRIPTION_LENGTH
        else description,
        "kind": kind,
        "address": settings.SITE_URL + (path or (request.path if request else "/")),
        "picture": _whole(picture or static("img/share.png")),
        "language": "en_GB" if getattr(context.get("look"), "language", "") == "en" else "zh_CN",
    }


@register.filter
def picture_to_share(body: StreamValue) -> str:
    """The address of the first picture of a body that is large enough to be shown beside a link; else empty."""
    for block in body:
        image = block.value["image"] if block.block_type == "picture" else None
        if image is not None and min(image.width, image.height) >= LEAST_PICTURE:
            # A file that was lost takes its picture from the page, not the page.
            with contextlib.suppress(SourceImageIOError):
                return str(image.get_rendition("max-1200x1200|format-jpeg").url)
    return ""


@register.inclusion_tag("ui/_json_ld.html")
def json_ld(data: Mapping[str, Any]) -> dict[str, SafeString]:
    """Data for machines in a block that no browser runs."""
    return {"data": mark_safe(json.dumps(data, ensure_ascii=False).translate(_ESCAPES))}  # noqa: S308 – nothing in it is markup any more


def _whole(address: str) -> str:
    return address if address.startswith(("http://", "https://")) else settings.SITE_URL + address
