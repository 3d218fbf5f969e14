"""Pictures are made anew: place and moment are read, everything else stays behind, and nothing makes the site stumble."""

import io
import os
import struct
import subprocess
import sys
import tempfile
import zipfile
import zlib
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.utils import timezone
from PIL import Image, ImageCms, PngImagePlugin

from grid.reports import photographs
from grid.reports.photographs import LONGEST, MOST_BYTES, SMALL, CleanPicture
from kit.refusals import Refused
from tests.grid.pictures import LATITUDE, LONGITUDE, drawn, exif, heic, jpeg, written

MARK = b"geheime-spur"


def clean(content: bytes) -> CleanPicture:
    return photographs.clean(io.BytesIO(content))


def seen(picture: CleanPicture) -> Image.Image:
    return Image.open(io.BytesIO(picture.picture))


def refused(content: bytes) -> str:
    with pytest.raises(Refused) as caught:
        clean(content)
    assert (caught.value.status, caught.value.field) == (422, "photos")
    assert len(str(caught.value)) > 15
    return caught.value.code


# --- what is taken --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content",
    [jpeg(), written(drawn(), "PNG"), written(drawn(), "WEBP", lossless=True), heic()],
    ids=["jpeg", "png", "webp", "heic"],
)
def test_four_kinds_of_files_are_taken_and_become_jpegs(content: bytes) -> None:
    made = clean(content)
    assert (seen(made).format, seen(made).mode, seen(made).size) == ("JPEG", "RGB", (640, 480))
    assert (made.width, made.height) == (640, 480)
    red, white = seen(made).getpixel((100, 100)), seen(made).getpixel((600, 400))
    assert red[0] > 200
    assert red[1] < 60
    assert min(white) > 230


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "CMYK", "I;16", "I", "F"])
def test_whatever_the_colours_are_written_in_they_become_plain_ones(mode: str) -> None:
    image = drawn(mode="L").convert("I").point(lambda value: value * 256) if mode in {"I;16", "I", "F"} else drawn()
    form = "JPEG" if mode == "CMYK" else "TIFF" if mode in {"I", "F"} else "PNG"
    content = written(image.convert(mode), form)
    if form == "TIFF":
        assert refused(content) == "not_a_photo"
        return
    made = seen(clean(content))
    assert made.mode == "RGB"
    assert min(made.getpixel((600, 400))) > 225
    assert min(made.getpixel((100, 100))) < 120


def test_what_one_sees_through_is_white() -> None:
    made = seen(clean(written(Image.new("RGBA", (60, 60), (0, 0, 0, 0)), "PNG")))
    assert made.getpixel((30, 30)) == (255, 255, 255)


def test_it_is_no_larger_than_it_is_shown_and_never_made_larger() -> None:
    large = clean(jpeg((3000, 1500)))
    assert (large.width, large.height) == (LONGEST, LONGEST // 2)
    assert Image.open(io.BytesIO(large.small)).size == (SMALL, SMALL // 2)
    little = clean(jpeg((40, 30)))
    assert (little.width, little.height) == (40, 30)
    assert Image.open(io.BytesIO(little.small)).size == (40, 30)


@pytest.mark.parametrize(
    ("turned", "corner"),
    [(1, (0, 0)), (2, (1, 0)), (3, (1, 1)), (4, (0, 1)), (5, (0, 0)), (6, (1, 0)), (7, (1, 1)), (8, (0, 1))],
)
def test_it_stands_the_right_way_up(turned: int, corner: tuple[int, int]) -> None:
    """Where the red quarter must be for each of the eight ways in which a phone can be held."""
    made = clean(jpeg(turned=turned, position=None))
    assert (made.width, made.height) == ((640, 480) if turned < 5 else (480, 640))
    x, y = (20 if side == 0 else length - 20 for side, length in zip(corner, (made.width, made.height), strict=True))
    assert seen(made).getpixel((x, y))[1] < 60


def test_a_heic_is_turned_once() -> None:
    made = clean(heic(turned=6, position=None))
    assert (made.width, made.height) in {(480, 640), (640, 480)}
    again = clean(written(seen(made)))
    assert (again.width, again.height) == (made.width, made.height)


def test_of_an_animated_picture_the_first_image_is_taken() -> None:
    content = written(
        drawn(), "WEBP", save_all=True, append_images=[Image.new("RGB", (640, 480), "blue")], lossless=True
    )
    made = seen(clean(content))
    assert made.getpixel((600, 400))[0] > 230


def test_the_name_and_the_type_are_nobodys_promise() -> None:
    """A PNG that is called .jpg is a PNG."""
    file = io.BytesIO(written(drawn(), "PNG"))
    file.name = "photo.jpg"
    assert photographs.clean(file).width == 640


@pytest.mark.parametrize("size", [(2000, 1), (481, 1), (1, 3000), (1, 60000)])
@pytest.mark.parametrize("form", ["JPEG", "PNG"])
def test_of_the_narrowest_strip_something_is_kept(size: tuple[int, int], form: str) -> None:
    made = clean(written(Image.new("RGB", size), form))
    small = Image.open(io.BytesIO(made.small))
    assert (max(seen(made).size), min(seen(made).size)) == (min(max(size), LONGEST), 1)
    assert (max(small.size), min(small.size)) == (SMALL, 1)


# --- what is read and left behind -------------------------------------------------------------------------------------


@pytest.mark.parametrize("make", [jpeg, heic], ids=["jpeg", "heic"])
def test_place_and_moment_are_read(make: Callable[..., bytes]) -> None:
    made = clean(make(zone="+09:00"))
    assert made.position == pytest.approx((LONGITUDE, LATITUDE), abs=1e-5)
    assert made.taken_at == datetime(2026, 11, 19, 23, 30, tzinfo=UTC)


def test_without_a_zone_the_clock_is_the_sites() -> None:
    taken = clean(jpeg(position=None)).taken_at
    assert taken is not None
    assert timezone.localtime(taken).replace(tzinfo=None) == datetime(2026, 11, 20, 8, 30)


def test_south_and_west_are_below_zero() -> None:
    assert clean(jpeg(position=(-70.5, -33.25))).position == pytest.approx((-70.5, -33.25), abs=1e-5)


@pytest.mark.parametrize(
    "told",
    [
        {"position": (0.0, 0.0), "taken": "0000:00:00 00:00:00"},
        {"position": None, "taken": "1970:01:01 00:00:00"},
        {"position": None, "taken": "yesterday"},
        {"position": None, "taken": "2999:01:01 00:00:00"},
        {"position": None, "zone": "+99:99"},
    ],
)
def test_what_a_camera_cannot_know_is_not_known(told: dict[str, object]) -> None:
    made = clean(jpeg(**told))
    assert (made.position, made.taken_at) == (None, None)


def test_a_camera_that_writes_nonsense_spoils_no_picture() -> None:
    whole = jpeg()
    nonsense = b"Exif\x00\x00MM\x00*\xff\xff\xff\xff" + b"\xff" * 40
    block = b"\xff\xe1" + struct.pack(">H", len(nonsense) + 2) + nonsense
    made = clean(whole[:2] + block + whole[2:])
    assert (made.position, made.taken_at, made.width) == (None, None, 640)


def marked_jpeg() -> bytes:
    mark = MARK.decode()
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes() + MARK
    content = written(drawn(), exif=exif(words=mark), icc_profile=profile, comment=MARK, xmp=b"<x>" + MARK + b"</x>")
    return content + MARK + _archive()


def marked_png() -> bytes:
    told = PngImagePlugin.PngInfo()
    told.add_text("Comment", MARK.decode())
    told.add_itxt("XML:com.adobe.xmp", MARK.decode())
    return written(drawn(), "PNG", pnginfo=told, exif=exif(words=MARK.decode())) + MARK + _archive()


def marked_webp() -> bytes:
    return written(drawn(), "WEBP", exif=exif(words=MARK.decode()), xmp=b"<x>" + MARK + b"</x>") + MARK


def _archive() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("index.html", f"<script>{MARK.decode()}</script>")
    return file.getvalue()


@pytest.mark.parametrize("make", [marked_jpeg, marked_png, marked_webp])
def test_nothing_of_the_file_that_came_is_kept(make: Callable[[], bytes]) -> None:
    content = make()
    assert content.count(MARK) >= 3
    made = clean(content)
    for kept in (made.picture, made.small):
        assert MARK not in kept
        image = Image.open(io.BytesIO(kept))
        assert not image.getexif()
        assert {"exif", "icc_profile", "comment", "xmp", "XML:com.adobe.xmp"}.isdisjoint(image.info)
        assert kept.endswith(b"\xff\xd9")
        assert not zipfile.is_zipfile(io.BytesIO(kept))


# --- what is refused ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00" * 100,
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"%PDF-1.7\n%...",
        b"<html><body>photo</body></html>",
        b"GIF89a" + b"\x01\x00\x01\x00\x80\x00\x00" + b"\x00" * 20,
        written(drawn(), "BMP"),
        written(drawn(), "TIFF"),
        b"\xff\xd8\xff",
        b"RIFF\x00\x00\x00\x00WEBP",
        b"\x00\x00\x00\x18ftypheic" + b"\x00" * 40,
    ],
    ids=["empty", "zeros", "svg", "pdf", "html", "gif", "bmp", "tiff", "jpeg-head", "webp-head", "heic-head"],
)
def test_what_is_no_photo_is_refused_with_a_sentence(content: bytes) -> None:
    assert refused(content) in {"not_a_photo", "photo_broken"}


@pytest.mark.parametrize(
    "content",
    [jpeg((1600, 1200)), written(Image.effect_noise((300, 200), 90), "PNG"), written(drawn(), "WEBP"), heic()],
    ids=["jpeg", "png", "webp", "heic"],
)
@pytest.mark.parametrize("share", [0.02, 0.3, 0.9])
def test_one_that_arrived_in_part_is_refused(content: bytes, share: float) -> None:
    assert refused(content[: int(len(content) * share)]) in {"not_a_photo", "photo_broken"}


def test_too_many_bytes_are_refused_before_anything_is_read() -> None:
    class Watched(io.BytesIO):
        taken = 0

        def read(self, size: int | None = -1) -> bytes:
            piece = super().read(size)
            self.taken += len(piece)
            return piece

    file = Watched(jpeg() + b"\x00" * MOST_BYTES)
    with pytest.raises(Refused) as caught:
        photographs.clean(file)
    assert (caught.value.code, file.taken) == ("photo_too_large", 0)


def a_png(width: int, height: int) -> bytes:
    """A PNG that says it is so large and holds next to nothing."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress(b"\x00" * 1000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("width", "height"), [(4001, 4000), (8000, 8000), (60000, 60000), (10000, 9000), (2**31 - 1, 2**31 - 1)]
)
def test_too_many_pixels_are_refused_by_the_header(width: int, height: int) -> None:
    assert refused(a_png(width, height)) in {"photo_too_many_pixels", "not_a_photo"}


@pytest.mark.parametrize(
    ("form", "most"), [("PNG", 16), ("WEBP", 16), ("HEIF", 25), ("JPEG", 50)], ids=["png", "webp", "heic", "jpeg"]
)
def test_each_kind_of_file_has_its_own_limit_and_says_it(form: str, most: int) -> None:
    """A megapixel of one colour is a few bytes in all of them; how much it takes unpacked is not the same."""
    options: dict[str, Any] = {"lossless": True, "method": 0} if form == "WEBP" else {}
    with pytest.raises(Refused) as caught:
        clean(written(Image.new("L" if form == "JPEG" else "RGB", (1000 * most // 5 + 1, 5000)), form, **options))
    assert caught.value.code == "photo_too_many_pixels"
    assert f" {most * 100} 万像素" in caught.value.sentence


def test_a_jpeg_that_is_drawn_a_thousand_times_over_is_refused() -> None:
    content = written(drawn(), progressive=True)
    last = content.rindex(b"\xff\xda")
    assert refused(content[:-2] + content[last:-2] * 1000 + b"\xff\xd9") == "photo_too_many_pixels"


def test_words_that_unpack_to_a_hundred_megabytes_are_refused() -> None:
    whole = written(drawn(), "PNG")
    text = b"Comment\x00\x00" + zlib.compress(b"\x00" * 100_000_000)
    chunk = struct.pack(">I", len(text)) + b"zTXt" + text + struct.pack(">I", zlib.crc32(b"zTXt" + text))
    at = whole.index(b"IDAT") - 4
    assert refused(whole[:at] + chunk + whole[at:]) in {"not_a_photo", "photo_broken"}


@pytest.mark.parametrize(
    ("form", "mode", "size", "options"),
    [
        ("JPEG", "RGB", (7071, 7071), {"progressive": True}),
        ("HEIF", "RGB", (5000, 5000), {}),
        ("WEBP", "RGB", (4000, 4000), {"lossless": True, "method": 0}),
        ("PNG", "RGBA", (4000, 4000), {}),
    ],
    ids=["jpeg", "heic", "webp", "png"],
)
def test_the_largest_picture_of_each_kind_takes_no_more_than_it_may(
    form: str, mode: str, size: tuple[int, int], options: dict[str, Any]
) -> None:
    """A quarter of a gigabyte at most; measured in a process of its own, above what the process takes anyway."""
    program = """
import io, resource, sys
import django
django.setup()
from PIL import Image
from grid.reports import photographs
content = io.BytesIO(); Image.new("P", (10, 10)).save(content, "PNG"); photographs.clean(content)
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
photographs.clean(open(sys.argv[1], "rb"))
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""
    with tempfile.NamedTemporaryFile() as file:
        file.write(written(Image.new(mode, size), form, **options))
        file.flush()
        told = subprocess.run(
            [sys.executable, "-c", program, file.name],
            capture_output=True,
            text=True,
            check=True,
            env={**os.environ, "DJANGO_SETTINGS_MODULE": "portal.settings"},
        )
    assert int(told.stdout) < 270
