"""What pages that Wagtail serves show besides their own words; the site's views say it themselves."""

from django import template
from django.template.context import Context

from communities import ground
from portal.models import NoticeIndexPage, NoticePage, StandardPage
from portal.notice_faces import NoticeFace, face_of
from portal.notice_list import Listing, listing_of

register = template.Library()


@register.simple_tag(takes_context=True)
def notice_face(context: Context, page: NoticePage) -> NoticeFace:
    """The page of a notice in plain values."""
    return face_of(page, context["request"])


@register.simple_tag(takes_context=True)
def own_notices(context: Context, page: NoticeIndexPage) -> Listing:
    """The list of the organisation in whose section this index lies, read once for all the blocks of the page."""
    kept = context.render_context
    if "own_notices" not in kept:
        kept["own_notices"] = listing_of(context["request"], own=ground.owner(page))
    listing: Listing = kept["own_notices"]
    return listing


@register.simple_tag
def site_pages() -> list[StandardPage]:
    """The pages of the whole site that stand at its foot."""
    return list(StandardPage.objects.live().in_menu().filter(depth=3).order_by("path"))
