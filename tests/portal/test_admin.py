"""Wagtail's admin is for words and pictures, in the site's name and colours; what else it could do is closed."""

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from tests.cast import Town

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator(visitor: Client, town: Town) -> Client:
    visitor.force_login(town.admin)
    return visitor


def test_it_carries_our_name_and_colours(operator: Client) -> None:
    page = operator.get("/admin/").content.decode()
    assert "共治" in page
    assert "css/admin.css" in page
    assert page.index("wagtailadmin/css/core.css") < page.index("css/tokens.css") < page.index("css/admin.css")
    assert "- Wagtail</title>" not in page


def test_its_menu_has_no_people_groups_or_sites(operator: Client) -> None:
    page = operator.get("/admin/").content.decode()
    for name in ("users", "groups", "sites", "collections", "workflows"):
        assert f'"url": "/admin/{name}/' not in page, name
    assert '"/admin/images/"' in page


@pytest.mark.parametrize("where", ["users/", "users/add/", "users/1/", "groups/", "groups/new/"])
def test_accounts_and_groups_have_no_second_writer(operator: Client, where: str) -> None:
    assert operator.get(f"/admin/{where}").status_code == 404
    assert operator.post(f"/admin/{where}").status_code == 404


@pytest.mark.parametrize("where", ["/admin/login/", "/_util/login/"])
def test_there_is_one_place_to_sign_in(visitor: Client, where: str) -> None:
    answer = visitor.get(where, {"next": "/admin/"})
    assert (answer.status_code, answer["Location"]) == (302, "/account/login/?next=%2Fadmin%2F")


def test_who_is_not_signed_in_is_sent_there(visitor: Client) -> None:
    answer = visitor.get("/admin/pages/")
    assert (answer.status_code, answer["Location"]) == (302, "/account/login/?next=/admin/pages/")


@pytest.fixture
def picture(tmp_path: Path, settings: Any) -> Path:
    settings.MEDIA_ROOT = tmp_path
    for name in ("images/a.png", "original_images/a.png", "documents/a.pdf"):
        file = tmp_path / name
        file.parent.mkdir()
        file.write_bytes(b"\x89PNG")
    return tmp_path


@pytest.mark.usefixtures("picture")
def test_renditions_are_served_and_originals_and_documents_are_not(visitor: Client) -> None:
    answer = visitor.get("/media/images/a.png")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "image/png"
    assert answer["Cache-Control"] == "public, max-age=86400"
    assert "sandbox" in answer["Content-Security-Policy"]
    for hidden in (
        "original_images/a.png",
        "documents/a.pdf",
        "images/../documents/a.pdf",
        "images/%2e%2e/documents/a.pdf",
    ):
        assert visitor.get(f"/media/{hidden}").status_code in {400, 404}, hidden


def test_nothing_is_fetched_from_elsewhere() -> None:
    assert settings.WAGTAILEMBEDS_FINDERS == []
    assert settings.WAGTAIL_GRAVATAR_PROVIDER_URL is None
    assert not settings.WAGTAIL_ENABLE_UPDATE_CHECK
