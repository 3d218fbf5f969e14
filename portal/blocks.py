"""What the text of a page is made of, each block with a partial of its own."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.images.blocks import ImageChooserBlock

INLINE = ["bold", "ol", "ul", "link", "document-link"]


class HeadingBlock(blocks.CharBlock):
    """A heading inside the text, below the title."""

    class Meta:
        icon = "title"
        label = _("heading")
        template = "portal/blocks/_heading.html"


class ParagraphBlock(blocks.RichTextBlock):
    """Sentences, lists and links."""

    class Meta:
        icon = "pilcrow"
        label = _("text")
        template = "portal/blocks/_paragraph.html"


class FactBlock(blocks.StructBlock):
    """One line of a list of facts: what, and how it is."""

    name = blocks.CharBlock(label=_("what"), max_length=40)
    value = blocks.CharBlock(label=_("how it is"), max_length=400)


class FactsBlock(blocks.ListBlock):
    """When, where, who: facts that one looks for at a glance."""

    class Meta:
        icon = "list-ul"
        label = _("facts")
        template = "portal/blocks/_facts.html"


class PictureBlock(blocks.StructBlock):
    """A picture with what it shows."""

    image = ImageChooserBlock(label=_("picture"))
    alt = blocks.CharBlock(
        label=_("what it shows"),
        max_length=160,
        help_text=_("Read aloud to those who do not see it."),
    )
    caption = blocks.CharBlock(label=_("line below"), max_length=160, required=False)

    class Meta:
        icon = "image"
        label = _("picture")
        template = "portal/blocks/_picture.html"


class CalloutBlock(blocks.StructBlock):
    """A few sentences that must not be missed."""

    title = blocks.CharBlock(label=_("title"), max_length=60, required=False)
    text = blocks.RichTextBlock(label=_("text"), features=INLINE)

    class Meta:
        icon = "warning"
        label = _("set apart")
        template = "portal/blocks/_callout.html"


class BodyBlock(blocks.StreamBlock):
    """The text of a page."""

    heading = HeadingBlock(max_length=80)
    paragraph = ParagraphBlock(features=INLINE)
    facts = FactsBlock(FactBlock())
    picture = PictureBlock()
    callout = CalloutBlock()
