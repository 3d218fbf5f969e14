"""Pictures that people send: read with care, made anew, and nothing of the file that came is kept.

Place and moment are read out of what the camera wrote down, because they help to find the problem; then only what one sees
goes on, as a JPEG encoded here. So no serial number, no home position, no thumbnail of what was cut away and nothing
that somebody hid behind the picture stays. What is refused is refused with a sentence, whatever the bytes were.
"""

import io
import math
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import IO, Any

import pillow_heif
from django.utils import timezone
from django.utils.translation import gettext as _
from PIL import ExifTags, Image
from PIL.Image import Transpose

from grid.net.geometry import DECIMALS, Position
from kit.refusals import Refused

MOST_BYTES = 10 * 1024 * 1024
MOST_PIXELS: Mapping[str, int] = {
    "JPEG": 50_000_000,
    "MPO": 50_000_000,
    "HEIF": 25_000_000,
    "PNG": 16_000_000,
    "WEBP": 16_000_000,
}
"""As many as a phone makes in such a file. Asked of the header, before a single pixel is unpacked.

Of a JPEG only as much is unpacked as is kept; whatever else must be unpacked whole takes 7 bytes a pixel (HEIF) to 16 (WebP),
and a surface of one colour is a file of a few bytes.
"""
LONGEST, SMALL = 2048, 480
"""The longest side of what is kept, and of the small one that lists show."""
QUALITY, SMALL_QUALITY = 82, 76

FORMATS = ("JPEG", "PNG", "WEBP", "HEIF")
"""By what the bytes are; names and types that came with them are nobody's promise."""

MOST_SCANS = 100
"""In which a JPEG is drawn one over the other; a camera takes ten, and a file of tens of thousands takes hours."""

# A large picture unpacked takes 250 MB: however many arrive at once, one process unpacks one after the other.
_unpacking = threading.Lock()

Image.init()
pillow_heif.register_heif_opener(thumbnails=False)


@dataclass(frozen=True)
class CleanPicture:
    """A picture as it is kept. ``position`` and ``taken_at`` are what its camera said, or None."""

    picture: bytes
    small: bytes
    width: int
    height: int
    position: Position | None
    taken_at: datetime | None


def clean(upload: IO[bytes], *, field: str = "photos") -> CleanPicture:
    """Make a picture anew. Of an animated one its first image is taken.

    Raises ``Refused`` (422): ``photo_too_large``, ``photo_too_many_pixels``, ``not_a_photo`` for what is none of
    :data:`FORMATS`, ``photo_broken`` for one that arrived only in part or cannot be unpacked.
    """
    if upload.seek(0, io.SEEK_END) > MOST_BYTES:
        raise Refused(
            "photo_too_large",
            _("A picture may have at most 10 MB. Please send a smaller one, or take it again."),
            status=422,
            field=field,
        )
    upload.seek(0)
    opened = _opened(upload, field)
    position, taken_at = _written_by_the_camera(opened)
    with _unpacking:
        try:
            kept = _seen(opened)
            picture, small = written(kept)
        except Exception as error:
            raise Refused(
                "photo_broken",
                _("This picture arrived only in part, or is damaged. Please choose it again, or take another one."),
                status=422,
                field=field,
            ) from error
    return CleanPicture(picture, small, *kept.size, position=position, taken_at=taken_at)


def written(picture: Image.Image) -> tuple[bytes, bytes]:
    """A picture that was made here, in the two files in which it is kept: the large and the small one."""
    small = picture.copy()
    small.thumbnail((SMALL, SMALL))  # of the narrowest strip at least one pixel stays
    return _encoded(picture, QUALITY), _encoded(small, SMALL_QUALITY)


def _opened(upload: IO[bytes], field: str) -> Image.Image:
    """The picture with its header read and nothing unpacked."""
    try:
        opened = Image.open(upload, formats=FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many_pixels(max(MOST_PIXELS.values()), field) from error
    except Exception as error:  # a reader of broken bytes stumbles over whatever lies there
        raise Refused(
            "not_a_photo",
            _("This is no picture that can be read here. Please send a photo: JPEG, PNG, WebP or HEIC."),
            status=422,
            field=field,
        ) from error
    most = MOST_PIXELS[str(opened.format)]
    if opened.width * opened.height > most or _scans(upload, opened) > MOST_SCANS:
        raise _too_many_pixels(most, field)
    return opened


def _too_many_pixels(most: int, field: str) -> Refused:
    return Refused(
        "photo_too_many_pixels",
        _("This picture has more than %(most)d million pixels. Please send a smaller one, or take it again.")
        % {"most": most // 1_000_000},
        status=422,
        field=field,
    )


def _scans(upload: IO[bytes], opened: Image.Image) -> int:
    """How often a JPEG begins to be drawn: the mark of it never stands in what is drawn itself."""
    if opened.format not in {"JPEG", "MPO"}:
        return 1
    after = upload.tell()
    upload.seek(0)
    count = upload.read().count(b"\xff\xda")
    upload.seek(after)
    return count


def _seen(opened: Image.Image) -> Image.Image:
    """What one sees, the right way up, on white, no larger than it is kept. Raises whatever broken bytes make a reader raise."""
    try:
        turned = opened.getexif().get(ExifTags.Base.Orientation, 1)
    except Exception:  # noqa: BLE001 – a picture is none the worse for what a broken camera wrote beside it
        turned = 1
    # libheif turns by itself what its file says is turned.
    turn = _TURNS.get(turned) if opened.format != "HEIF" and isinstance(turned, int) else None
    opened.draft("RGB", (LONGEST, LONGEST))  # of a large JPEG only as much is unpacked as is kept
    opened.load()
    plain = _fit_to_shrink(opened)
    plain.thumbnail((LONGEST, LONGEST), reducing_gap=2.0)
    plain = _in_eight_bits(plain)
    if plain.mode != "RGB":
        plain = plain.convert("RGBA") if "transparency" in plain.info or plain.mode in _SEE_THROUGH else plain
        plain = plain.convert("RGB") if plain.mode != "RGBA" else plain
    # Onto a new sheet: whatever was tied to the old one (profile, comment, text) stays behind with it.
    sheet = Image.new("RGB", plain.size, "white")
    sheet.paste(plain, mask=plain if plain.mode == "RGBA" else None)
    return sheet.transpose(turn) if turn is not None else sheet


_SEE_THROUGH = frozenset({"RGBA", "LA", "PA", "RGBa", "La"})

_TURNS: Mapping[int, Transpose] = {
    2: Transpose.FLIP_LEFT_RIGHT,
    3: Transpose.ROTATE_180,
    4: Transpose.FLIP_TOP_BOTTOM,
    5: Transpose.TRANSPOSE,
    6: Transpose.ROTATE_270,
    7: Transpose.TRANSVERSE,
    8: Transpose.ROTATE_90,
}
"""How a picture is set upright, by what EXIF calls its orientation."""


def _fit_to_shrink(image: Image.Image) -> Image.Image:
    """A palette cannot be made smaller, nor can sixteen bits a pixel as they came."""
    if image.mode.startswith("I;16"):
        return image.convert("I")
    if image.mode in {"P", "PA"}:
        return image.convert("RGBA" if image.mode == "PA" or "transparency" in image.info else "RGB")
    return image


def _in_eight_bits(image: Image.Image) -> Image.Image:
    """Sixteen bits a pixel are more than a screen shows."""
    return image.point(lambda value: value / 256).convert("L") if image.mode in {"I", "F"} else image


def _encoded(image: Image.Image, quality: int) -> bytes:
    written = io.BytesIO()
    image.save(written, "JPEG", quality=quality, optimize=True, progressive=True)
    return written.getvalue()


# --- what the camera wrote down -----------------------------------------------------------------------------------------


def _written_by_the_camera(image: Image.Image) -> tuple[Position | None, datetime | None]:
    try:
        exif = image.getexif()
        where, how = exif.get_ifd(ExifTags.IFD.GPSInfo), exif.get_ifd(ExifTags.IFD.Exif)
        return _position(where), _moment(how)
    except Exception:  # noqa: BLE001 – a picture is none the worse for what a broken camera wrote beside it
        return None, None


def _position(told: Mapping[int, Any]) -> Position | None:
    latitude = _degrees(told.get(ExifTags.GPS.GPSLatitude), told.get(ExifTags.GPS.GPSLatitudeRef), "N", "S", 90)
    longitude = _degrees(told.get(ExifTags.GPS.GPSLongitude), told.get(ExifTags.GPS.GPSLongitudeRef), "E", "W", 180)
    # Where both are nothing the phone did not know it.
    if latitude is None or longitude is None or (latitude, longitude) == (0, 0):
        return None
    return round(longitude, DECIMALS), round(latitude, DECIMALS)


def _degrees(told: Any, side: Any, plus: str, minus: str, most: int) -> float | None:
    """Degrees, minutes and seconds as one number; None for what is none, or on no side of the earth."""
    try:
        degrees, minutes, seconds = (float(part) for part in told)
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    value = degrees + minutes / 60 + seconds / 3600
    letter = str(side).strip("\x00 ")[:1]
    if not (math.isfinite(value) and 0 <= value <= most) or letter not in {plus, minus}:
        return None
    return -value if letter == minus else value


OLDEST = datetime(2000, 1, 1)  # noqa: DTZ001 – a wall clock, as cameras have it
"""Before that no phone took pictures: a clock that was never set."""


def _moment(told: Mapping[int, Any]) -> datetime | None:
    """When it was taken, on the camera's clock; without a zone it is the site's. None for a clock that is plainly wrong."""
    written = str(told.get(ExifTags.Base.DateTimeOriginal, "")).strip("\x00 ")
    zone = str(told.get(ExifTags.Base.OffsetTimeOriginal, "")).strip("\x00 ")
    try:
        wall = datetime.strptime(written, "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007 – the zone stands elsewhere
        if wall < OLDEST:
            return None
        moment = datetime.strptime(f"{written} {zone}", "%Y:%m:%d %H:%M:%S %z") if zone else timezone.make_aware(wall)
    except (ValueError, OverflowError):
        return None
    return moment if moment <= timezone.now() + timedelta(days=1) else None
