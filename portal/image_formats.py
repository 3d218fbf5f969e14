"""Pictures among words: cut to several widths, of which a browser takes the one that it shows.

Wagtail finds this file by its name, and here what an editor chooses for the text of an action.
"""

from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail.images.formats import FORMATS_BY_NAME, Format, register_image_format, unregister_image_format
from wagtail.images.models import AbstractImage, Filter, ResponsiveImage
from wagtail.images.shortcuts import get_renditions_or_not_found

WIDTHS = "width-{400,800,1344}"
SIZES = "(min-width: 64em) 42em, 100vw"


def responsive(image: AbstractImage, alt: str, **attributes: Any) -> SafeString:
    """The picture in several widths, fetched when it comes near; of one whose file was lost only what it shows."""
    renditions = get_renditions_or_not_found(image, [Filter(spec) for spec in Filter.expand_spec(WIDTHS)])
    if not all(each.width for each in renditions.values()):
        return format_html('<img alt="{}">', alt)
    told = {"alt": alt, "sizes": SIZES, "loading": "lazy", "decoding": "async"}
    return ResponsiveImage(renditions, {**attributes, **told}).__html__()


class InManyWidths(Format):
    """One of Wagtail's own formats, with its name, its label and its place in the text."""

    def image_to_html(
        self, image: AbstractImage, alt_text: str, extra_attributes: dict[str, Any] | None = None
    ) -> SafeString:
        return responsive(image, alt_text, **{**(extra_attributes or {}), "class": self.classname})


for name in ("fullwidth", "left", "right"):
    usual = FORMATS_BY_NAME[name]
    unregister_image_format(name)
    register_image_format(InManyWidths(usual.name, usual.label, usual.classname, usual.filter_spec))
