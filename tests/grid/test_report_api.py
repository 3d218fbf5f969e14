"""Programs report problems in the name of a person: once for each key, with pictures, and with words where it cannot be."""

import base64
import json
import uuid
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from communities import tokens
from communities.models import User
from grid.models import Case, DraftPhoto
from grid.reports import floods, receipts
from tests.cast import Town
from tests.grid import cases, pictures
from tests.grid.cases import Scene
from tests.grid.chains import ON_ROAD, OUTSIDE

CASES = "/api/v1/cases/"


@pytest.fixture
def scene(town: Town) -> Scene:
    return cases.set_up(town)


@pytest.fixture(autouse=True)
def _media(tmp_path: Path, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def post(person: User | None, told: Any, *, key: str = "", language: str = "en") -> Any:
    headers = {"accept-language": language}
    if person is not None:
        headers["authorization"] = f"Token {tokens.issue(person=person, name=uuid.uuid4().hex[:12])}"
    if key:
        headers["idempotency-key"] = key
    return Client().post(CASES, json.dumps(told), content_type="application/json", headers=headers)


def told(**changes: Any) -> dict[str, Any]:
    return {"description": "垃圾桶满了", "position": {"longitude": ON_ROAD[0], "latitude": ON_ROAD[1]}, **changes}


def in_letters(content: bytes) -> str:
    return base64.b64encode(content).decode()


def test_a_report_has_a_number_a_code_and_a_page(scene: Scene) -> None:
    category = scene.standard.category
    answer = post(scene.reporter, told(category=category.code, photos=[in_letters(pictures.jpeg())]))
    case = Case.objects.get()
    assert answer.status_code == 201
    body = answer.json()
    assert body == {"number": case.number, "receipt": body["receipt"], "url": f"http://testserver/cases/{case.number}/"}
    assert receipts.case_of(body["receipt"]) == case
    assert (case.channel, case.category, case.reporter.person) == ("api", category, scene.reporter)
    assert (case.road, case.photos.count()) == (scene.net.road, 1)


def test_large_pictures_go_in_parts(scene: Scene) -> None:
    headers = {"authorization": f"Token {tokens.issue(person=scene.reporter, name='parts')}"}
    content = pictures.jpeg() + b"\x00" * 3_000_000
    parts = {
        "description": "垃圾桶满了",
        "position.longitude": str(ON_ROAD[0]),
        "position.latitude": str(ON_ROAD[1]),
        "photos": [pictures.upload(content), pictures.upload(pictures.heic(), "b.heic", "image/heic")],
    }
    assert Client().post(CASES, parts, headers=headers).status_code == 201
    case = Case.objects.get()
    assert (case.road, case.photos.count()) == (scene.net.road, 2)
    wrong = Client().post(CASES, {**parts, "photos": [pictures.upload(b"<svg/>")]}, headers=headers)
    assert (wrong.status_code, wrong.json()["code"]) == (409, "not_a_photo")
    broken = Client().post(CASES, b"--x", content_type="multipart/form-data; boundary=x", headers=headers)
    assert (broken.status_code, broken.json()["code"]) == (409, "nothing_told")


def test_a_body_of_letters_is_not_larger_than_others(scene: Scene) -> None:
    answer = post(scene.reporter, told(photos=["A" * 2_000_000]))
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


def test_the_same_key_of_the_same_person_is_the_same_report(scene: Scene) -> None:
    first = post(scene.reporter, told(photos=[in_letters(pictures.jpeg())]), key="bin-17")
    again = post(scene.reporter, told(photos=[in_letters(pictures.jpeg((30, 30)))]), key="bin-17")
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert (Case.objects.count(), Case.objects.get().photos.count(), DraftPhoto.objects.count()) == (1, 1, 0)


def test_the_key_of_one_person_says_nothing_to_another(scene: Scene, visitor: Client) -> None:
    first = post(scene.reporter, told(), key="1")
    other = post(scene.town.dana, told(), key="1")
    assert other.status_code == 201
    assert other.json()["receipt"] != first.json()["receipt"]
    # Nor can somebody make up the key under which the page would tell the code.
    for made_up in (uuid.uuid5(uuid.NAMESPACE_URL, f"{scene.reporter.pk}:1"), uuid.UUID(int=scene.reporter.pk)):
        assert visitor.get(f"/report/{made_up}/").status_code == 404


def test_without_a_person_nothing_is_taken(scene: Scene) -> None:
    answer = post(None, told())
    assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in")
    assert not Case.objects.exists()


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"description": ""}, 409, "nothing_told"),
        ({"position": None}, 409, "place_missing"),
        ({"position": {"longitude": OUTSIDE[0], "latitude": OUTSIDE[1]}}, 409, "outside"),
        ({"position": {"longitude": 200, "latitude": 0}}, 422, "unreadable"),
        ({"position": [1, 2]}, 422, "unreadable"),
        ({"category": "E0000"}, 409, "category_unknown"),
        ({"road": "R-9"}, 409, "road_unknown"),
        ({"road": "R-1", "house_number": 7}, 409, "house_unknown"),
        ({"house_number": 0}, 422, "unreadable"),
        ({"description": "字" * 501}, 422, "unreadable"),
        ({"photos": ["@@@"]}, 409, "photo_unreadable"),
        ({"photos": ["aGFsbG8="] * 7}, 422, "unreadable"),
        ({"photos": [in_letters(b"hallo")]}, 409, "not_a_photo"),
        ({"is_dwelling": "perhaps"}, 422, "unreadable"),
    ],
)
def test_what_cannot_be_is_a_problem_with_a_sentence(
    scene: Scene, changes: dict[str, Any], status: int, code: str
) -> None:
    answer = post(scene.reporter, told(**changes))
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert len(answer.json()["detail"]) > 15
    assert (Case.objects.count(), DraftPhoto.objects.count()) == (0, 0)


@pytest.mark.parametrize("body", [[], "x", 7, None, {"photos": "x"}, {"position": "x"}])
def test_a_body_that_is_no_report_is_told_so(scene: Scene, body: Any) -> None:
    assert post(scene.reporter, body).status_code == 422


def test_what_is_wrong_in_a_part_is_named_by_the_way_to_it(scene: Scene) -> None:
    wrong = post(scene.reporter, told(position={"longitude": 200, "latitude": "x"}, photos=["aGFsbG8=", []]))
    errors = wrong.json()["errors"]
    assert sorted(errors) == ["photos.1", "position.latitude", "position.longitude"]
    assert all(isinstance(sentence, str) for sentences in errors.values() for sentence in sentences)


def test_a_key_that_is_none_is_told_so(scene: Scene) -> None:
    assert post(scene.reporter, told(), key="two words").status_code == 422


def test_a_flood_is_stopped_and_says_for_how_long(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(floods, "PER_PERSON", 1)
    post(scene.reporter, told())
    answer = post(scene.reporter, told())
    assert (answer.status_code, answer.json()["code"], answer.json()["retry_after"]) == (429, "too_many", 3600)
    assert not DraftPhoto.objects.exists()


def test_in_a_browser_it_takes_the_token_of_the_form(scene: Scene) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(scene.reporter)
    answer = client.post(CASES, json.dumps(told()), content_type="application/json")
    assert (answer.status_code, Case.objects.count()) == (403, 0)
