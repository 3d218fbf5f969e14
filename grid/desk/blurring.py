"""Faces and number plates in a picture of a case are covered by hand; a picture is shown to everybody or kept inside.

The covered picture takes the place of the one that came, in a file of another name, and the one that came is deleted: a
cache may hold the old name for a day, but it leads nowhere any more. Only a site that must keep evidence keeps it, in a
folder that no address leads to (``EVIDENCE_KEPT``).
"""

import io
import math
from collections.abc import Sequence
from functools import partial
from pathlib import PurePosixPath
from typing import IO

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils.translation import gettext as _
from PIL import Image

from communities.models import User
from grid import permits
from grid.models import Case, Photo
from grid.reports import photographs
from grid.reports.covering import Box, cover
from kit.deeds import deed, on_commit
from kit.refusals import Refused

MOST_BOXES = 40
EVIDENCE = "evidence"


@deed
def blur(*, photo: Photo, boxes: Sequence[Box], by: User) -> Photo:
    """Cover these parts of the picture for good, in the large file and in the small one.

    Locks the case. Raises ``Refused``: ``no_right`` (403), ``boxes_missing``, ``box_outside``, ``too_many`` (422), ``gone``
    where the file is not there any more.
    """
    if not permits.may_blur(by, photo.case):
        raise Refused("no_right", _("Only those who work on this case may cover parts of its pictures."), status=403)
    _demand_sound(boxes)
    Case.objects.select_for_update().get(pk=photo.case_id)
    photo = Photo.objects.select_related("case").get(pk=photo.pk)
    before = (str(photo.file.name), str(photo.small.name))
    try:
        with photo.file.open("rb") as file, Image.open(file) as picture:
            covered = _as_file(cover(picture, boxes))
    except OSError as error:
        raise Refused("gone", _("The file of this picture is not there any more.")) from error
    made = photographs.clean(covered)
    name = PurePosixPath(before[0]).name  # the storage makes it one that nothing has had
    # What has no name is no picture to Django, which would not ask how large it is.
    photo.file.save(name, ContentFile(made.picture, name=name), save=False)
    photo.small.save(name, ContentFile(made.small, name=name), save=False)
    photo.save(update_fields=["file", "small", "width", "height"])
    kept = f"{EVIDENCE}/{photo.case.number}-{name}"
    on_commit(partial(_away_with, before, kept if settings.EVIDENCE_KEPT else ""))
    return photo


@deed
def show(*, photo: Photo, is_public: bool, by: User) -> Photo:
    """Show the picture to everybody who sees the case, or keep it for those who work on it.

    Raises ``Refused``: ``no_right`` (403).
    """
    if not permits.may_choose_pictures(by, photo.case):
        raise Refused("no_right", _("Only acceptor, dispatcher and overseer choose what everybody sees."), status=403)
    photo.is_public = is_public
    photo.save(update_fields=["is_public"])
    return photo


def _demand_sound(boxes: Sequence[Box]) -> None:
    if not boxes:
        raise Refused("boxes_missing", _("Mark at least one part of the picture."), status=422)
    if len(boxes) > MOST_BOXES:
        raise Refused(
            "too_many", _("At most %(most)d parts at once; do the others next.") % {"most": MOST_BOXES}, status=422
        )
    for box in boxes:
        is_inside = all(map(math.isfinite, box)) and 0 <= box.left < 100 and 0 <= box.top < 100
        if not is_inside or box.width <= 0 or box.height <= 0:
            raise Refused(
                "box_outside",
                _("A part begins inside the picture, between 0 and 100 per cent, and is wider and higher than 0."),
                status=422,
            )


def _as_file(picture: Image.Image) -> IO[bytes]:
    """Without loss: it is compressed once more, by whoever makes all pictures anew."""
    written = io.BytesIO()
    picture.save(written, "PNG")
    written.seek(0)
    return written


def _away_with(names: tuple[str, str], kept: str) -> None:
    if kept:
        with default_storage.open(names[0]) as file:
            default_storage.save(kept, file)
    for name in names:
        default_storage.delete(name)
