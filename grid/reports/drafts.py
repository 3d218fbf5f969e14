"""Pictures of a report are kept from the moment they arrive, whatever else is still missing.

A draft has the key of the form; the report takes its pictures over as they are. What nobody sent goes after a week.
"""

import hashlib
import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial
from typing import IO

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError
from django.utils.translation import gettext as _

from grid.models import Case, DraftPhoto, Photo, ReportDraft, Step
from kit.deeds import attempt, deed, on_commit
from kit.refusals import Refused

from . import floods, photographs

MOST_PHOTOS = 6
KEPT = timedelta(days=7)
PIECE = 256 * 1024  # bytes


def keep(*, key: uuid.UUID, uploads: Iterable[IO[bytes]], source: str) -> list[Refused]:
    """Keep these pictures for the report with this key; one that was kept already is not kept twice.

    Each is a deed of its own: what is wrong with one is in the answer and takes nothing from the others. What comes after
    the first :data:`MOST_PHOTOS` is refused unread, so a request unpacks no more than a report may hold.
    """
    refusals = []
    for place, upload in enumerate(uploads):
        try:
            if place >= MOST_PHOTOS:
                raise _too_many()
            _keep_one(key, upload, source)
        except Refused as refusal:
            refusals.append(refusal)
    return refusals


def pictures_of(key: uuid.UUID) -> list[DraftPhoto]:
    """The pictures that wait for the report with this key."""
    return list(DraftPhoto.objects.filter(draft__key=key))


@deed
def drop(*, key: uuid.UUID, photos: Iterable[int]) -> None:
    """Throw these pictures of a draft away; their files go with them. Again changes nothing."""
    _forget(list(DraftPhoto.objects.filter(draft__key=key, pk__in=list(photos))))


@deed
def forget_old(*, now: datetime) -> None:
    """Throw drafts away that nobody touched for a week, with their pictures."""
    old = ReportDraft.objects.filter(touched_at__lt=now - KEPT)
    _forget(list(DraftPhoto.objects.filter(draft__in=old)))
    old.delete()


@deed
def throw_away_begun(*, key: uuid.UUID) -> None:
    """Throw a draft away whose report was sent before, or is not wanted any more. Again changes nothing."""
    throw_away(key)


def hand_over(key: uuid.UUID, case: Case, step: Step) -> None:
    """Give the pictures of the draft to the case, file by file; the draft is no more. Part of a deed."""
    held = ReportDraft.objects.select_for_update().filter(key=key).first()
    if held is None:
        return
    Photo.objects.bulk_create(
        Photo(case=case, step=step, file=kept.file.name, small=kept.small.name, width=kept.width, height=kept.height)
        for kept in held.photos.all()
    )
    held.delete()


def throw_away(key: uuid.UUID) -> None:
    """The report was sent before: what came with it once more is not wanted. Part of a deed."""
    _forget(list(DraftPhoto.objects.filter(draft__key=key)))
    ReportDraft.objects.filter(key=key).delete()


def _forget(photos: list[DraftPhoto]) -> None:
    DraftPhoto.objects.filter(pk__in=[photo.pk for photo in photos]).delete()
    for name in (str(file.name) for photo in photos for file in (photo.file, photo.small)):
        on_commit(partial(default_storage.delete, name))


def _keep_one(key: uuid.UUID, upload: IO[bytes], source: str) -> None:
    digest = _digest(upload)
    held = set(DraftPhoto.objects.filter(draft__key=key).values_list("digest", flat=True))
    if digest in held:
        return
    # Asked again under the lock; here it spares unpacking what will not be kept.
    if len(held) >= MOST_PHOTOS:
        raise _too_many()
    floods.demand_room_for_picture(source=source)
    picture = photographs.clean(upload)
    name = f"{uuid.uuid4().hex}.jpg"
    row = DraftPhoto(digest=digest, width=picture.width, height=picture.height)
    if picture.position is not None:
        row.longitude, row.latitude = picture.position
    # Files know no transactions: they are written before it, and go again if it is not to be.
    row.file.save(name, ContentFile(picture.picture), save=False)
    row.small.save(f"small-{name}", ContentFile(picture.small), save=False)
    try:
        is_kept = _write(key=key, row=row)
    except BaseException:
        _delete_files(row)
        raise
    if not is_kept:
        _delete_files(row)


def _too_many() -> Refused:
    return Refused(
        "too_many_photos",
        _("A report takes at most %(most)d pictures; the first ones are kept.") % {"most": MOST_PHOTOS},
        status=422,
        field="photos",
    )


def _digest(upload: IO[bytes]) -> str:
    """What the file hashes to, read piece by piece: it may be larger than we take."""
    digest = hashlib.sha256()
    upload.seek(0)
    while piece := upload.read(PIECE):
        digest.update(piece)
    return digest.hexdigest()


@deed
def _write(*, key: uuid.UUID, row: DraftPhoto) -> bool:
    """Add a row to the draft; say whether it is new. Locks the draft."""
    ReportDraft.objects.get_or_create(key=key)
    draft = ReportDraft.objects.select_for_update().get(key=key)
    if draft.photos.filter(digest=row.digest).exists():
        return False
    if draft.photos.count() >= MOST_PHOTOS:
        raise _too_many()
    row.draft, row.pk = draft, None
    try:
        with attempt():
            row.save()
    except IntegrityError:
        return False
    draft.save(update_fields=["touched_at"])
    return True


def _delete_files(row: DraftPhoto) -> None:
    for file in (row.file, row.small):
        file.storage.delete(str(file.name))
