"""Whoever reported a problem adds a picture or a word while the case is open, for those who work on it.

It is a note without a name, and its pictures are kept inside: what becomes of them is chosen at the desk, as with every
other picture. Whose turn it is hears of it.
"""

from collections.abc import Sequence
from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from communities.models import User
from grid import permits
from grid.models import OPINION_LENGTH, Case, Note, Photo
from grid.reports.photographs import CleanPicture
from grid.rules import dispatching, ways
from grid.telling import book as telling
from grid.telling import follow_messages
from kit.deeds import deed
from kit.refusals import Refused, as_written

MOST_PICTURES = 3
MOST_ADDED = 10
"""How often something is added to one case: whoever has more to say is asked back."""

AGAIN = timedelta(minutes=10)
"""Within this time the same words with the same pictures are the same press of a button."""


def may_add(case: Case) -> bool:
    """May its reporter still add something?"""
    return case.state not in Case.ENDED


@deed
def add(*, case: Case, words: str = "", photos: Sequence[CleanPicture] = (), by: User | None) -> Note:
    """Add words, pictures or both to one's own report. ``by`` is None for whoever holds the receipt. Locks the case.

    The same again within :data:`AGAIN` is the same. Raises ``Refused``: ``no_right`` (403), ``ended`` for a case that is no
    longer open, ``too_many``; ``nothing_told``, ``words_too_long``, ``too_many_photos`` (422).
    """
    held = Case.objects.select_for_update(no_key=True).get(pk=case.pk)
    if by is not None and not permits.reported(by, held):
        raise Refused("no_right", _("Only whoever reported the case adds something to it."), status=403)
    words = as_written(words, most=OPINION_LENGTH, field="words")
    if not (words or photos):
        raise Refused(
            "nothing_told", _("Write what you would like to add, or choose a picture."), status=422, field="words"
        )
    if len(photos) > MOST_PICTURES:
        raise Refused(
            "too_many_photos",
            _("At most %(most)d pictures, please.") % {"most": MOST_PICTURES},
            status=422,
            field="photos",
        )
    added = added_to(held)
    if added and _is_same(added[0], words, photos):
        return added[0]
    if not may_add(held):
        raise Refused("ended", _("This case is no longer open. If the problem is still there, please report it anew."))
    if len(added) >= MOST_ADDED:
        raise Refused(
            "too_many",
            _("You have added something %(most)d times. Those who work on it ask you if they need more.")
            % {"most": MOST_ADDED},
        )
    note = Note.objects.create(case=held, words=words, by=None)
    ways.add_photos(held, photos, moment=Photo.Moment.BEFORE, is_public=False)
    follow_messages.added(note, dispatching.turn_of(held).people)
    telling.moved(held)
    return note


def added_to(case: Case) -> Sequence[Note]:
    """What its reporter added, the latest first."""
    return list(case.notes.filter(by=None).order_by("-id"))


def _is_same(last: Note, words: str, photos: Sequence[CleanPicture]) -> bool:
    if last.words != words or timezone.now() - last.at > AGAIN:
        return False
    kept = last.case.photos.filter(made_at__gte=last.at, step=None).order_by("id")
    return [_content(photo) for photo in kept] == [photo.picture for photo in photos]


def _content(photo: Photo) -> bytes:
    with photo.file.open("rb") as file:
        return bytes(file.read())
