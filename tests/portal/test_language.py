"""The language: the person's choice, else the cookie, else what the browser asks for, else Chinese."""

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path
from django.utils.translation import get_language

from communities.models import User
from portal import errors, look
from tests.cast import Town


def tell(request: HttpRequest) -> HttpResponse:
    return HttpResponse(get_language())


class Pages:
    urlpatterns = [path("tell", tell), path("look/", look.change, name="look")]
    handler404 = staticmethod(errors.page_not_found)
    handler500 = staticmethod(errors.server_error)


@pytest.fixture(autouse=True)
def _pages() -> object:
    with override_settings(ROOT_URLCONF=Pages):
        yield


def told(visitor: Client, **headers: str) -> str:
    answer = visitor.get("/tell", headers=headers)
    assert answer["Content-Language"] == answer.content.decode()
    return str(answer["Content-Language"])


@pytest.mark.parametrize(
    ("asked", "language"),
    [
        ("", "zh-hans"),
        ("en-GB,en;q=0.9", "en"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh-hans"),
        ("zh-TW", "zh-hans"),
        ("fr-FR", "zh-hans"),
        ("fr;q=0.9,en;q=0.5", "en"),
        ("x" * 5000, "zh-hans"),
        (",;q=,,", "zh-hans"),
    ],
)
def test_the_browser_is_asked_and_chinese_is_the_rest(visitor: Client, asked: str, language: str) -> None:
    assert told(visitor, Accept_Language=asked) == language


def test_the_cookie_is_stronger_than_the_browser(visitor: Client) -> None:
    visitor.cookies["django_language"] = "zh-hans"
    assert told(visitor, Accept_Language="en") == "zh-hans"


@pytest.mark.parametrize("made_up", ["xx", "../../etc", "x" * 1000, ""])
def test_a_made_up_cookie_is_ignored(visitor: Client, made_up: str) -> None:
    visitor.cookies["django_language"] = made_up
    assert told(visitor, Accept_Language="en") == "en"


def test_the_persons_choice_is_stronger_than_the_cookie(visitor: Client, town: Town) -> None:
    User.objects.filter(pk=town.chen.pk).update(language="en")
    visitor.force_login(town.chen)
    visitor.cookies["django_language"] = "zh-hans"
    assert told(visitor, Accept_Language="zh-CN") == "en"


def test_a_person_without_a_choice_is_as_any_visitor(visitor: Client, town: Town) -> None:
    User.objects.filter(pk=town.chen.pk).update(language="")
    visitor.force_login(town.chen)
    assert told(visitor, Accept_Language="en") == "en"


def test_one_request_s_language_does_not_stay_for_the_next(visitor: Client) -> None:
    before = get_language()
    assert told(visitor, Accept_Language="en") == "en"
    assert get_language() == before
    assert told(visitor) == "zh-hans"


def test_nobody_is_looked_up_without_a_session(visitor: Client) -> None:
    assert told(visitor) == "zh-hans"  # would fail: this test has no database


# ------------------------------------------------------------------------------------------------- the look


def test_the_look_is_remembered_and_the_person_returns(visitor: Client) -> None:
    answer = visitor.post("/look/", {"theme": "dark", "mode": "elder", "language": "en", "next": "/tell?x=1"})
    assert (answer.status_code, answer["Location"]) == (302, "/tell?x=1")
    assert {name: cookie.value for name, cookie in answer.cookies.items()} == {
        "theme": "dark",
        "mode": "elder",
        "django_language": "en",
    }
    assert all(cookie["httponly"] and cookie["samesite"] == "Lax" for cookie in answer.cookies.values())
    assert told(visitor) == "en"


@pytest.mark.parametrize("made_up", ["pink", "", "dark;x", "\u202edark"])
def test_a_look_that_does_not_exist_is_not_remembered(visitor: Client, made_up: str) -> None:
    answer = visitor.post("/look/", {"theme": made_up, "mode": made_up, "language": made_up})
    assert (answer.status_code, dict(answer.cookies)) == (302, {})


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "//evil.example/",
        "///evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "http:evil",
        "",
    ],
)
def test_nobody_is_sent_elsewhere(visitor: Client, elsewhere: str) -> None:
    assert visitor.post("/look/", {"theme": "dark", "next": elsewhere})["Location"] == "/"


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://testserver.evil.example"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_another_site_cannot_change_the_look(headers: dict[str, str]) -> None:
    answer = Client(enforce_csrf_checks=True).post("/look/", {"theme": "dark"}, headers=headers)
    assert (answer.status_code, dict(answer.cookies)) == (403, {})


@pytest.mark.parametrize("headers", [{}, {"Origin": "http://testserver"}, {"Sec-Fetch-Site": "same-origin"}])
def test_our_own_form_needs_no_token(headers: dict[str, str]) -> None:
    answer = Client(enforce_csrf_checks=True).post("/look/", {"theme": "dark"}, headers=headers)
    assert (answer.status_code, answer.cookies["theme"].value) == (302, "dark")


def test_a_signed_in_persons_choice_is_kept_with_the_person(visitor: Client, town: Town) -> None:
    visitor.force_login(town.chen)
    visitor.post("/look/", {"language": "en"})
    town.chen.refresh_from_db()
    assert town.chen.language == "en"
    assert told(visitor, Accept_Language="zh-CN") == "en"


def test_the_look_is_only_posted(visitor: Client) -> None:
    assert visitor.get("/look/").status_code == 405
