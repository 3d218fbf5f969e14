"""Faces and number plates are covered: what is served afterwards shows nothing of them, and the file that came is gone."""

import functools
import io
import random
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.test import Client
from PIL import Image, ImageChops, ImageDraw

from communities.models import User
from grid.desk import blurring
from grid.models import Case, Photo
from grid.reports import covering, photographs
from grid.reports.covering import Box
from kit.refusals import Refused
from tests.cast import Town
from tests.grid import cases
from tests.grid.cases import Scene, State, brought_to
from tests.reading import page

PLATE = Box(25, 40, 30, 15)
SIZE = (640, 480)


@pytest.fixture
def scene(town: Town) -> Scene:
    return cases.set_up(town)


def as_(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


@functools.cache
def _empty_street() -> Image.Image:
    noise = Image.effect_noise(SIZE, 60).convert("RGB")
    return ImageChops.multiply(noise, Image.linear_gradient("L").resize(SIZE).convert("RGB"))


def a_street(plate: str) -> Image.Image:
    """The same street, with this number plate."""
    picture = _empty_street().copy()
    pen = ImageDraw.Draw(picture)
    pen.rectangle((170, 200, 340, 255), fill="white")
    pen.text((180, 210), plate, fill="black", font_size=40)
    return picture


def a_photo(case: Case, picture: Image.Image) -> Photo:
    written = io.BytesIO()
    picture.save(written, "JPEG", quality=92)
    clean = photographs.clean(written)
    photo = Photo(case=case)
    photo.file.save("street.jpg", ContentFile(clean.picture, name="street.jpg"), save=False)
    photo.small.save("street.jpg", ContentFile(clean.small, name="street.jpg"), save=False)
    photo.save()
    return photo


def files() -> set[str]:
    return {str(path.relative_to(settings.MEDIA_ROOT)) for path in Path(settings.MEDIA_ROOT).rglob("*.jpg")}


# --- the picture ---------------------------------------------------------------------------------------------------------


def test_what_is_put_there_does_not_know_what_was_there() -> None:
    """Two pictures that differ below the box only become the same picture, byte for byte."""
    one, other = a_street("苏B12345"), a_street("苏B12345")
    ImageDraw.Draw(other).rectangle(covering.pixels_of(PLATE, SIZE)[:2] + (351, 271), fill="red")
    assert one.tobytes() != other.tobytes()
    assert covering.cover(one, [PLATE]).tobytes() == covering.cover(other, [PLATE]).tobytes()


def test_a_mosaic_of_the_pictures_own_colours_would_know_it() -> None:
    """The twin: what others do gives away what was there."""

    def mosaic(picture: Image.Image) -> Image.Image:
        left, top, right, bottom = covering.pixels_of(PLATE, SIZE)
        part = picture.crop((left, top, right, bottom))
        picture.paste(part.resize((7, 3), Image.Resampling.BOX).resize(part.size), (left, top))
        return picture

    one, other = a_street("苏B12345"), a_street("苏B12345")
    ImageDraw.Draw(other).rectangle((180, 200, 260, 250), fill="red")
    assert mosaic(one).tobytes() != mosaic(other).tobytes()


def test_boxes_over_each_other_and_at_the_edge_know_nothing_either() -> None:
    boxes = [Box(0, 0, 30, 30), Box(20, 20, 30, 30), Box(90, 90, 40, 40), Box(50.1, 10, 0.2, 0.2)]
    one, other = a_street("苏A1"), a_street("苏A1")
    for box in boxes:
        other.paste("blue", covering.pixels_of(box, SIZE))
    assert covering.cover(one, boxes).tobytes() == covering.cover(other, boxes).tobytes()


def test_the_whole_picture_can_be_covered() -> None:
    covered = covering.cover(a_street("苏A1"), [Box(0, 0, 100, 100)])
    assert len(covered.getcolors(100) or []) == 2


def test_outside_nothing_changes() -> None:
    street = a_street("苏A1")
    changed = ImageChops.difference(street, covering.cover(street, [PLATE])).getbbox()
    left, top, right, bottom = covering.pixels_of(PLATE, SIZE)
    assert changed is not None
    assert left <= changed[0] <= changed[2] <= right
    assert top <= changed[1] <= changed[3] <= bottom


# --- the deed ------------------------------------------------------------------------------------------------------------


def test_what_is_served_afterwards_has_no_trace_of_it(scene: Scene, django_capture_on_commit_callbacks: object) -> None:
    case = brought_to(scene, State.HANDLING)
    served = []
    for plate in ("苏B12345", "沪A98765"):
        photo = a_photo(case, a_street(plate))
        before = {str(photo.file.name), str(photo.small.name)}
        with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
            blurring.blur(photo=photo, boxes=[PLATE], by=scene.unit_person)
        assert not before & files()
        for size in ("large", "small"):
            answer = as_(scene.acceptor).get(f"/cases/{case.number}/photos/{photo.pk}/{size}.jpg")
            served.append(Image.open(io.BytesIO(b"".join(answer.streaming_content))).convert("RGB"))
    for one, other in ((served[0], served[2]), (served[1], served[3])):
        inside = Box(PLATE.left + 1, PLATE.top + 2, PLATE.width - 2, PLATE.height - 4)
        left, top = int(inside.left * one.width / 100), int(inside.top * one.height / 100)
        right, bottom = left + int(inside.width * one.width / 100), top + int(inside.height * one.height / 100)
        parts = [picture.crop((left, top, right, bottom)) for picture in (one, other)]
        extrema = ImageChops.difference(*parts).getextrema()
        assert max(high for _, high in extrema) <= 12  # what compressing the noise around it leaves  # type: ignore[misc]


@pytest.mark.parametrize("is_kept", [False, True])
def test_the_file_that_came_is_kept_only_where_evidence_is(
    scene: Scene, django_capture_on_commit_callbacks: object, settings: object, is_kept: bool
) -> None:
    settings.EVIDENCE_KEPT = is_kept
    case = brought_to(scene, State.HANDLING)
    photo = a_photo(case, a_street("苏B12345"))
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        blurring.blur(photo=photo, boxes=[PLATE], by=scene.acceptor)
    kept = [name for name in files() if name.startswith("evidence/")]
    assert len([name for name in kept if case.number in name]) == int(is_kept)
    for name in kept:
        assert as_(scene.town.admin).get(f"/media/{name}").status_code == 404


@pytest.mark.parametrize(
    ("boxes", "code"),
    [
        ([], "boxes_missing"),
        ([Box(0, 0, 0, 10)], "box_outside"),
        ([Box(-1, 0, 10, 10)], "box_outside"),
        ([Box(100, 0, 10, 10)], "box_outside"),
        ([Box(float("nan"), 0, 10, 10)], "box_outside"),
        ([Box(0, 0, float("inf"), 10)], "box_outside"),
        ([Box(0, 0, 1e-300, 10)], "box_outside"),
        ([Box(0, 0, 10, 1e-300)], "box_outside"),
        ([Box(0, 0, 0.1, 10)], "box_outside"),
        ([Box(0, 0, 1, 1)] * 41, "too_many"),
    ],
)
def test_boxes_that_are_none_are_refused(scene: Scene, boxes: list[Box], code: str) -> None:
    photo = a_photo(brought_to(scene, State.HANDLING), a_street("苏A1"))
    with pytest.raises(Refused) as refused:
        blurring.blur(photo=photo, boxes=boxes, by=scene.acceptor)
    assert refused.value.code == code
    assert str(photo.file.name) in files()


def test_a_picture_full_of_noise_can_be_covered(scene: Scene, django_capture_on_commit_callbacks: object) -> None:
    """Without loss it would be larger than any picture that is taken."""
    side = photographs.LONGEST
    noise = Image.frombytes("RGB", (side, side), random.Random(1).randbytes(side * side * 3))
    lossless = io.BytesIO()
    noise.save(lossless, "PNG")
    assert len(lossless.getvalue()) > photographs.MOST_BYTES
    photo = a_photo(brought_to(scene, State.HANDLING), a_street("苏A1"))
    photo.file.save("noise.jpg", ContentFile(photographs.written(noise)[0], name="noise.jpg"))
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        made = blurring.blur(photo=photo, boxes=[Box(10, 10, 5, 5)], by=scene.acceptor)
    assert (made.width, made.height) == (side, side)


def test_what_two_people_cover_at_once_is_covered_both(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: object
) -> None:
    """While one's picture is worked on, the other's is put in its place."""
    before = files()
    photo = a_photo(brought_to(scene, State.HANDLING), Image.new("RGB", SIZE, "white"))
    one, other = Box(0, 0, 20, 20), Box(60, 60, 20, 20)

    def meanwhile(picture: Image.Image, boxes: object) -> Image.Image:
        monkeypatch.setattr(blurring, "cover", covering.cover)
        blurring.blur(photo=photo, boxes=[other], by=scene.dispatcher)
        return covering.cover(picture, [one])

    monkeypatch.setattr(blurring, "cover", meanwhile)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        made = blurring.blur(photo=photo, boxes=[one], by=scene.acceptor)
    with made.file.open() as file, Image.open(file) as picture:
        for box in (one, other):
            assert len(picture.crop(covering.pixels_of(box, SIZE)).getcolors(1 << 20) or []) > 1
    assert files() - before == {str(made.file.name), str(made.small.name)}


# --- the pages -----------------------------------------------------------------------------------------------------------


def test_four_numbers_are_enough_without_script(scene: Scene) -> None:
    case = brought_to(scene, State.HANDLING)
    photo = a_photo(case, a_street("苏A1"))
    address = f"/cases/desk/{case.number}/photos/{photo.pk}/blur/"
    client = as_(scene.worker)
    assert len(page(client.get(address)).select("blur-boxes input")) == 4
    answer = client.post(
        address, {"left": ["10", "50"], "top": ["10", "50"], "width": ["5", "9"], "height": ["5", "9"]}
    )
    assert answer.status_code == 302
    assert Photo.objects.get(pk=photo.pk).file.name != photo.file.name


@pytest.mark.parametrize("left", ["", "x", "-5", "1e999", "200"])
def test_numbers_that_are_none_get_a_sentence(scene: Scene, left: str) -> None:
    case = brought_to(scene, State.HANDLING)
    photo = a_photo(case, a_street("苏A1"))
    typed = {"left": left, "top": "1", "width": "5", "height": "5"}
    answer = as_(scene.worker).post(f"/cases/desk/{case.number}/photos/{photo.pk}/blur/", typed)
    assert answer.status_code == 422
    assert Photo.objects.get(pk=photo.pk).file.name == photo.file.name


@pytest.mark.parametrize(("who", "status"), [("zhou", 403), ("dana", 404), ("chen", 404)])
def test_nobody_else_covers_or_hides_anything(scene: Scene, who: str, status: int) -> None:
    case = brought_to(scene, State.HANDLING)
    photo = a_photo(case, a_street("苏A1"))
    client, name = as_(scene.town.people[who]), photo.file.name
    typed = {"left": "1", "top": "1", "width": "5", "height": "5"}
    for deed, data in (("blur", typed), ("show", {"is_public": "0"})):
        answer = client.post(f"/cases/desk/{case.number}/photos/{photo.pk}/{deed}/", data)
        assert answer.status_code == status
    photo.refresh_from_db()
    assert (photo.file.name, photo.is_public) == (name, True)


def test_a_hidden_picture_is_seen_by_those_who_work_on_it_only(scene: Scene) -> None:
    case = brought_to(scene, State.HANDLING)
    photo = a_photo(case, a_street("苏A1"))
    address = f"/cases/{case.number}/photos/{photo.pk}/small.jpg"
    assert Client().get(address).status_code == 200
    assert (
        as_(scene.acceptor).post(f"/cases/desk/{case.number}/photos/{photo.pk}/show/", {"is_public": "0"}).status_code
        == 302
    )
    assert Client().get(address).status_code == 404
    assert as_(scene.unit_person).get(address).status_code == 200


def test_a_picture_of_another_case_is_not_there(scene: Scene) -> None:
    one, other = brought_to(scene, State.HANDLING), brought_to(scene, State.HANDLING)
    photo = a_photo(one, a_street("苏A1"))
    assert as_(scene.acceptor).get(f"/cases/desk/{other.number}/photos/{photo.pk}/blur/").status_code == 404
