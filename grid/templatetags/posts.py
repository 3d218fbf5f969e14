"""What pages say of posts: the role, the place and the holder, each in its language."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from communities.models import Organisation
from communities.words import local_text
from grid.chain import places
from grid.chain import words as post_words
from grid.models import Post

register = template.Library()


@register.filter
def role_title(post: Post) -> str:
    """The role with its level, as it begins a line."""
    return post_words.title_of(post)


@register.simple_tag
def post_place(post: Post) -> SafeString:
    """What the post answers for, in a ``<span>`` that says in which language its name is."""
    place = places.of_post(post)
    name = local_text(place.name, place.name_en)
    said = format_html('<span lang="{}">{}</span>', name.lang, name.text)
    if post.segment is None:
        return said
    return format_html(_("{road}, stretch {number}"), road=said, number=post.segment.number)


@register.filter
def post_place_words(post: Post) -> str:
    """The same without a tag: for titles and attributes."""
    return post_words.place_of(post)


@register.simple_tag
def post_holder(post: Post) -> SafeString:
    """Who holds it: people have Chinese names."""
    if post.person is None and post.organisation is not None:
        return _organisation(post.organisation)
    return format_html('<span lang="zh-Hans">{}</span>', post_words.holder_of(post))


@register.simple_tag
def post_organisation(post: Post) -> SafeString:
    """The organisation for which a person is there."""
    return _organisation(post.organisation) if post.organisation is not None else SafeString()


def _organisation(organisation: Organisation) -> SafeString:
    name = local_text(organisation.name, organisation.name_en)
    return format_html('<span lang="{}">{}</span>', name.lang, name.text)
