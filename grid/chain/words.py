"""What posts are called where they are spoken of."""

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from communities.words import local_text
from grid.models import Post

from . import places


def role_words(role: str, level: int = 0) -> str:
    """The role, with its level where it has one."""
    label = str(Post.Role(role).label)
    return _("%(role)s, level %(level)d") % {"role": label, "level": level} if level else label


def title_of(post: Post) -> str:
    """The role, as it stands at the beginning of a line."""
    return capfirst(role_words(post.role, post.level))


def place_words(name: str, name_en: str, stretch: int | None) -> str:
    """The place in the reader's language, with the number of the stretch where it is one only."""
    said = local_text(name, name_en).text
    return _("%(road)s, stretch %(number)d") % {"road": said, "number": stretch} if stretch else said


def place_of(post: Post) -> str:
    """What the post answers for, in the reader's language."""
    place = places.of_post(post)
    return place_words(place.name, place.name_en, post.segment.number if post.segment else None)


def holder_of(post: Post) -> str:
    """Who holds it: the person, or the department."""
    if post.person is not None:
        return post.person.name
    return post.organisation.spoken_name if post.organisation is not None else ""
