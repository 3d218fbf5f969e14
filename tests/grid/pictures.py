"""Pictures as people send them, drawn here."""

import io
from typing import Any

import pillow_heif
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import ExifTags, Image

LONGITUDE, LATITUDE = 120.178, 31.715
"""On the first stretch of the road of ``chains``."""


def drawn(size: tuple[int, int] = (640, 480), mode: str = "RGB") -> Image.Image:
    """A picture whose left upper quarter is red, as far as its colours go."""
    image = Image.new("RGB", size, "white")
    image.paste("red", (0, 0, size[0] // 2, size[1] // 2))
    return image.convert(mode)


def written(image: Image.Image, form: str = "JPEG", **options: Any) -> bytes:
    file = io.BytesIO()
    image.save(file, form, **options)
    return file.getvalue()


def exif(
    *,
    position: tuple[float, float] | None = (LONGITUDE, LATITUDE),
    taken: str = "2026:11:20 08:30:00",
    zone: str = "",
    turned: int = 1,
    words: str = "",
) -> Image.Exif:
    """What a camera writes down."""
    told = Image.Exif()
    told[ExifTags.Base.Orientation] = turned
    if words:
        told[ExifTags.Base.Make] = words
        told[ExifTags.Base.ImageDescription] = words
    how = told.get_ifd(ExifTags.IFD.Exif)
    how[ExifTags.Base.DateTimeOriginal] = taken
    if zone:
        how[ExifTags.Base.OffsetTimeOriginal] = zone
    if position is not None:
        where = told.get_ifd(ExifTags.IFD.GPSInfo)
        where[ExifTags.GPS.GPSLatitudeRef] = "N" if position[1] >= 0 else "S"
        where[ExifTags.GPS.GPSLatitude] = _sixtieths(abs(position[1]))
        where[ExifTags.GPS.GPSLongitudeRef] = "E" if position[0] >= 0 else "W"
        where[ExifTags.GPS.GPSLongitude] = _sixtieths(abs(position[0]))
    return told


def jpeg(size: tuple[int, int] = (640, 480), **told: Any) -> bytes:
    """A JPEG with what a camera writes beside it, if anything is told."""
    return written(drawn(size), exif=exif(**told)) if told else written(drawn(size))


def heic(size: tuple[int, int] = (640, 480), **told: Any) -> bytes:
    file = io.BytesIO()
    made = pillow_heif.from_pillow(drawn(size))
    made.save(file, exif=exif(**told).tobytes() if told else None)
    return file.getvalue()


def upload(content: bytes | None = None, name: str = "photo.jpg", kind: str = "image/jpeg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, jpeg() if content is None else content, kind)


def _sixtieths(degrees: float) -> tuple[float, float, float]:
    whole = int(degrees)
    minutes = (degrees - whole) * 60
    return float(whole), float(int(minutes)), round((minutes - int(minutes)) * 60, 4)
