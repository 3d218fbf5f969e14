"""Pictures among the words of an action, as an editor chooses them; Wagtail finds this file by its name.

As in a notice: cut to several widths, of which a browser takes the one that it shows, and fetched when it comes near.
"""

from typing import Any

from django.utils.html import escape
from django.utils.safestring import SafeString
from wagtail.images.formats import FORMATS_BY_NAME, Format, register_image_format, unregister_image_format
from wagtail.images.models import AbstractImage, Filter, ResponsiveImage
from wagtail.images.shortcuts import get_renditions_or_not_found

WIDTHS = "width-{400,800,1344}"
SIZES = "(min-width: 64em) 42em, 100vw"


class InManyWidths(Format):
    """One of Wagtail's own formats, with its name, its label and its place in the text."""

    def image_to_html(
        self, image: AbstractImage, alt_text: str, extra_attributes: dict[str, Any] | None = None
    ) -> SafeString:
        renditions = get_renditions_or_not_found(image, [Filter(spec) for spec in Filter.expand_spec(WIDTHS)])
        told = {"alt": escape(alt_text), "class": escape(self.classname), "sizes": SIZES}
        return ResponsiveImage(
            renditions, {**(extra_attributes or {}), **told, "loading": "lazy", "decoding": "async"}
        ).__html__()


for name in ("fullwidth", "left", "right"):
    usual = FORMATS_BY_NAME[name]
    unregister_image_format(name)
    register_image_format(InManyWidths(usual.name, usual.label, usual.classname, usual.filter_spec))
