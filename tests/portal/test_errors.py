"""Error pages: in the site's look and the person's language, whatever is broken behind them."""

import re
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path
from django.utils.functional import SimpleLazyObject

from kit.refusals import Refused
from portal import errors

RAISED: dict[str, Exception] = {
    "400": SuspiciousOperation("secret"),
    "413": RequestDataTooBig("secret"),
    "403": PermissionDenied(),
    "429": Refused("too_often", "", status=429, retry_after=7),
    "500": RuntimeError("secret"),
    "503": OperationalError("secret"),
    "503-interface": InterfaceError("secret"),
}


def fails(request: HttpRequest, how: str) -> HttpResponse:
    raise RAISED[how]


def fails_for_somebody(request: HttpRequest) -> HttpResponse:
    """The database goes while a page for a signed-in person is made: nobody can be looked up any more."""

    def look_up() -> Any:
        raise OperationalError("secret")

    request.user = SimpleLazyObject(look_up)  # type: ignore[assignment]
    raise OperationalError("secret")


class Pages:
    urlpatterns = [
        path("somebody/", fails_for_somebody),
        path("fails/<how>/", fails),
        path("api/v1/fails/<how>/", fails),
    ]
    handler400 = staticmethod(errors.bad_request)
    handler403 = staticmethod(errors.permission_denied)
    handler404 = staticmethod(errors.page_not_found)
    handler500 = staticmethod(errors.server_error)


@pytest.fixture(autouse=True)
def _pages() -> Any:
    with override_settings(ROOT_URLCONF=Pages):
        yield


@pytest.fixture
def browser() -> Client:
    return Client(raise_request_exception=False)


@pytest.mark.parametrize("how", sorted(RAISED))
@pytest.mark.parametrize(("language", "word"), [("zh-CN", "zh-Hans"), ("en", "en")])
def test_every_error_has_its_page(browser: Client, how: str, language: str, word: str) -> None:
    """No test here has a database: none of these pages may need one."""
    answer = browser.get(f"/fails/{how}/", headers={"Accept-Language": language})
    status = int(how[:3])
    page = answer.content.decode()
    assert answer.status_code == status
    assert page.startswith("<!doctype html>")
    assert f'<html lang="{word}"' in page
    assert "secret" not in page
    assert "css/parts" in page
    assert ("Retry-After" in answer) == (status in {429, 503})


@pytest.mark.parametrize("how", sorted(RAISED))
def test_every_error_is_a_problem_for_programs(browser: Client, how: str) -> None:
    answer = browser.get(f"/api/v1/fails/{how}/")
    assert (answer.status_code, answer["Content-Type"]) == (int(how[:3]), "application/problem+json")
    assert "secret" not in answer.content.decode()
    assert answer.json()["detail"]


def test_the_number_on_the_page_is_the_one_in_the_log(browser: Client, caplog: pytest.LogCaptureFixture) -> None:
    page = browser.get("/fails/500/").content.decode()
    [entry] = [record.msg for record in caplog.records if "request_failed" in str(record.msg)]
    assert isinstance(entry, dict)
    told = re.search(r"data-error-number>[^<]*?([0-9a-f]{8})</p>", page)
    assert told is not None
    assert entry["request_id"].startswith(told[1])


def test_a_page_comes_even_if_nobody_can_be_looked_up(browser: Client) -> None:
    answer = browser.get("/somebody/")
    assert answer.status_code == 503
    assert answer.content.decode().startswith("<!doctype html>")


def test_words_come_even_if_no_template_does(browser: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: Any, **kwargs: Any) -> str:
        raise RuntimeError("secret")

    monkeypatch.setattr(errors, "render_to_string", broken)
    answer = browser.get("/fails/500/", headers={"Accept-Language": "en"})
    page = answer.content.decode()
    assert answer.status_code == 500
    assert "Something broke on our side" in page
    assert "secret" not in page


def test_a_form_of_another_site_gets_a_sentence() -> None:
    answer = Client(enforce_csrf_checks=True).post("/fails/500/", headers={"Accept-Language": "en"})
    assert answer.status_code == 403
    assert "open for too long" in answer.content.decode()
