"""Faces and number plates in a picture of a case are covered by hand; a picture is shown to everybody or kept inside.

The covered picture takes the place of the one that came, in a file of another name, and the one that came is deleted: a
cache may hold the old name for a day, but it leads nowhere any more. Only a site that must keep evidence keeps it, in a
folder that no address leads to (``EVIDENCE_KEPT``).
"""

import math
from collections.abc import Sequence
from functools import partial
from pathlib import PurePosixPath

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


def blur(*, photo: Photo, boxes: Sequence[Box], by: User) -> Photo:
    """Cover these parts of the picture for good, in the large file and in the small one.

    The picture is worked on before the deed that puts it in its place: on SQLite nobody writes meanwhile. Where somebody
    covered another part in that time, these are covered in what he or she left. Raises ``Refused``: ``no_right`` (403),
    ``boxes_missing``, ``box_outside``, ``too_many`` (422), ``gone`` where the file is not there any more.
    """
    while True:
        photo = Photo.objects.select_related("case").get(pk=photo.pk)
        _demand_right(photo, by)
        _demand_sound(boxes, photo)
        before = _files(photo)
        large, small = _covered(photo, boxes)
        name = PurePosixPath(before[0]).name  # the storage makes it one that nothing has had
        # What has no name is no picture to Django, which would not ask how large it is.
        photo.file.save(name, ContentFile(large, name=name), save=False)
        photo.small.save(name, ContentFile(small, name=name), save=False)
        try:
            is_put = _put(photo=photo, before=before, by=by)
        except BaseException:
            _delete(_files(photo))
            raise
        if is_put:
            return photo
        _delete(_files(photo))


@deed
def _put(*, photo: Photo, before: tuple[str, str], by: User) -> bool:
    """Put the covered files in the place of those; False where others stand there by now. Locks the case."""
    Case.objects.select_for_update().get(pk=photo.case_id)
    held = Photo.objects.select_related("case").get(pk=photo.pk)
    _demand_right(held, by)
    if _files(held) != before:
        return False
    photo.save(update_fields=["file", "small", "width", "height"])
    kept = f"{EVIDENCE}/{held.case.number}-{PurePosixPath(before[0]).name}"
    on_commit(partial(_away_with, before, kept if settings.EVIDENCE_KEPT else ""))
    return True


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


def _demand_right(photo: Photo, by: User) -> None:
    if not permits.may_blur(by, photo.case):
        raise Refused("no_right", _("Only those who work on this case may cover parts of its pictures."), status=403)


def _demand_sound(boxes: Sequence[Box], photo: Photo) -> None:
    if not boxes:
        raise Refused("boxes_missing", _("Mark at least one part of the picture."), status=422)
    if len(boxes) > MOST_BOXES:
        raise Refused(
            "too_many", _("At most %(most)d parts at once; do the others next.") % {"most": MOST_BOXES}, status=422
        )
    for box in boxes:
        is_inside = all(map(math.isfinite, box)) and 0 <= box.left < 100 and 0 <= box.top < 100
        if not is_inside or box.width * photo.width < 100 or box.height * photo.height < 100:
            raise Refused(
                "box_outside",
                _(
                    "A part begins inside the picture, between 0 and 100 per cent, and is at least a pixel wide and high."
                ),
                status=422,
            )


def _covered(photo: Photo, boxes: Sequence[Box]) -> tuple[bytes, bytes]:
    try:
        with photo.file.open("rb") as file, Image.open(file) as picture:
            return photographs.written(cover(picture, boxes))
    except OSError as error:
        raise Refused("gone", _("The file of this picture is not there any more.")) from error


def _files(photo: Photo) -> tuple[str, str]:
    return str(photo.file.name), str(photo.small.name)


def _delete(names: tuple[str, str]) -> None:
    for name in names:
        default_storage.delete(name)


def _away_with(names: tuple[str, str], kept: str) -> None:
    if kept:
        with default_storage.open(names[0]) as file:
            default_storage.save(kept, file)
    _delete(names)
