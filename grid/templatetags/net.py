"""What pages of the net say: names in the reader's language, and where something is for a map and for a distance."""

from collections.abc import Mapping

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from communities.models import User
from communities.words import LocalText, local_text
from grid.chain import words as post_words
from grid.desk.scopes import scope_of
from grid.models import Area, Case, PointOfInterest, Post, Road
from grid.net import maps, plan

register = template.Library()


@register.filter
def called(thing: Area | Road | PointOfInterest) -> LocalText:
    """The name in the reader's language; in Chinese, and marked so, where nobody has translated it."""
    return local_text(thing.name, thing.name_en)


@register.simple_tag
def name_in_net(thing: Area | Road | PointOfInterest) -> SafeString:
    """The same in a ``<span>`` that says in which language it is."""
    name = called(thing)
    return format_html('<span lang="{}">{}</span>', name.lang, name.text)


@register.filter
def post_title(post: Post) -> str:
    """What the post is called, at the beginning of a line."""
    return post_words.title_of(post)


@register.simple_tag
def whereabouts(thing: Case | PointOfInterest) -> SafeString:
    """Where it is, as attributes of its line: distances read them, and maps, which may be drawn in another system.

    At a dwelling to about 100 m; empty where nobody knows.
    """
    position = plan.public_position(thing)
    if position is None:
        return SafeString()
    said = format_html(' data-lon="{}" data-lat="{}"', *position)
    system = maps.system_of_tiles()
    if system != plan.System.WGS84:
        said += format_html(' data-map-lon="{}" data-map-lat="{}"', *plan.position_in(position, system))
    return said


@register.filter
def at(found: Mapping[str, str], key: str) -> str:
    """What was found under this key, or nothing."""
    return found.get(key, "")


@register.simple_tag(takes_context=True)
def works_on_cases(context: template.Context) -> bool:
    """Has the reader something to do at the desk of cases? Nothing is asked for who is not signed in."""
    person = getattr(context.get("request"), "user", None)
    return isinstance(person, User) and not scope_of(person, timezone.localdate()).is_empty


@register.filter
def length_words(metres: float) -> str:
    """A length as people say it: whole metres, from 1000 on kilometres with one decimal."""
    if metres >= 1000:
        return gettext("%(number)s km") % {"number": f"{metres / 1000:.1f}"}
    return gettext("%(number)s m") % {"number": round(metres)}


@register.filter
def square_words(square_kilometres: float) -> str:
    """A size as people say it: square kilometres with two digits, below a tenth of one in hectares."""
    if square_kilometres >= 0.1:
        return gettext("%(number)s km²") % {"number": f"{square_kilometres:.2g}"}
    return gettext("%(number)s ha") % {"number": f"{square_kilometres * 100:.1f}"}
