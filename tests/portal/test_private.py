"""What may be kept by others: nothing, unless a view was marked and nobody is signed in."""

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path, reverse
from django.views.decorators.cache import cache_control

from kit.refusals import Refused
from kit.web import public
from portal import errors
from tests import cast
from tests.cast import Town

PRIVATE = "private, no-store"


def secret(request: HttpRequest) -> HttpResponse:
    return HttpResponse("secret")


@cache_control(public=True, max_age=600)
def careless(request: HttpRequest) -> HttpResponse:
    return HttpResponse("somebody thought this could be kept")


@public
def notice(request: HttpRequest) -> HttpResponse:
    return HttpResponse("for everybody")


@public
def sets_cookie(request: HttpRequest) -> HttpResponse:
    response = HttpResponse("for everybody")
    response.set_cookie("who", "you")
    return response


@public
def fails(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("planted")


@public
@cache_control(public=True, max_age=600)
def picture(request: HttpRequest) -> HttpResponse:
    return HttpResponse("the same for all")


def refuses(request: HttpRequest) -> HttpResponse:
    raise Refused("planted", "这一班满了。", status=409, free=0)


class Pages:
    urlpatterns = [
        path("secret", secret),
        path("careless", careless),
        path("notice", notice),
        path("sets-cookie", sets_cookie),
        path("fails", fails),
        path("picture", picture),
        path("refuses", refuses),
        path("api/v1/refuses", refuses),
    ]
    handler404 = staticmethod(errors.page_not_found)
    handler500 = staticmethod(errors.server_error)


pages = override_settings(ROOT_URLCONF=Pages)


@pytest.mark.parametrize(
    ("where", "kept"),
    [
        ("/secret", PRIVATE),
        ("/careless", PRIVATE),
        ("/notice", "public, no-cache"),
        ("/sets-cookie", PRIVATE),
        ("/fails", PRIVATE),
        ("/nowhere", PRIVATE),
        ("/refuses", PRIVATE),
    ],
)
@pages
def test_for_a_visitor_only_what_is_marked_may_be_kept(where: str, kept: str) -> None:
    answer = Client(raise_request_exception=False).get(where)
    assert answer["Cache-Control"] == kept
    assert "Cookie" in answer["Vary"]


@pages
def test_with_a_session_or_a_token_nothing_may_be_kept(visitor: Client, town: Town) -> None:
    assert visitor.get("/notice", headers={"Authorization": "Token x"})["Cache-Control"] == PRIVATE
    visitor.force_login(town.chen)
    assert visitor.get("/notice")["Cache-Control"] == PRIVATE


@pages
def test_what_is_the_same_for_all_says_so_itself(visitor: Client, town: Town) -> None:
    visitor.force_login(town.chen)
    assert visitor.get("/picture")["Cache-Control"] == "public, max-age=600"


# ------------------------------------------------------------------------------------- refusals that escape


@pages
def test_a_refusal_that_escapes_a_view_is_an_answer(visitor: Client) -> None:
    page = visitor.get("/refuses")
    assert page.status_code == 409
    assert "这一班满了。" in page.content.decode()
    problem = visitor.get("/api/v1/refuses")
    assert problem["Content-Type"] == "application/problem+json"
    assert problem.json() == {
        "type": "about:blank",
        "title": "Conflict",
        "status": 409,
        "code": "planted",
        "detail": "这一班满了。",
        "free": 0,
    }


# ------------------------------------------------------------------------------------------ unreadable input


@pytest.mark.django_db
@pytest.mark.parametrize("query", ["q=%00", "q=a%00b", "%00=1", "q=%FF", "q=%ED%A0%80", "q=%C3%28", "q=%B9%AB%B8%E6"])
def test_an_unreadable_query_is_the_clients_fault(visitor: Client, query: str) -> None:
    answer = visitor.get(f"/actions/?{query}")
    assert answer.status_code == 400
    assert "<h1>" in answer.content.decode()
    problem = visitor.get(f"/api/v1/actions/?{query}")
    assert (problem.status_code, problem.json()["code"]) == (400, "unreadable")


@pytest.mark.django_db
@pytest.mark.parametrize("body", [b"username=%00", b"username=a%00b", b"username=\x00", b"username=%FF", b"%00=1"])
def test_an_unreadable_form_is_the_clients_fault(visitor: Client, body: bytes) -> None:
    answer = visitor.post("/account/login/", body, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 400


@pytest.mark.django_db
@pytest.mark.parametrize("charset", ["gbk", "utf-7", "bogus", "rot13", "\xff"])
def test_a_form_in_another_encoding_is_no_failure_of_ours(visitor: Client, charset: str) -> None:
    kind = f"application/x-www-form-urlencoded; charset={charset}"
    answer = visitor.generic("POST", "/account/login/", b"username=a&password=b", content_type=kind)
    assert 400 <= answer.status_code < 500


@pytest.mark.django_db
def test_an_unreadable_form_of_a_program_is_the_programs_fault(visitor: Client) -> None:
    kind = "application/x-www-form-urlencoded"
    answer = visitor.post("/api/v1/shifts/1/sign-up/", b"reason=a%00b", content_type=kind)
    assert (answer.status_code, answer.json()["code"]) == (422, "unreadable")


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["username", "user\x00name"])
def test_an_unreadable_part_is_the_clients_fault(visitor: Client, name: str) -> None:
    assert visitor.post("/account/login/", {name: "a\x00b"}).status_code == 400


@pytest.mark.django_db
@pytest.mark.parametrize(
    "body", ['{"reason": "a\\u0000b"}', '{"reason": "\\ud800"}', '{"a\\u0000": [1]}', "[" * 100_000]
)
def test_unreadable_json_is_the_clients_fault(visitor: Client, town: Town, body: str) -> None:
    visitor.force_login(town.chen)
    answer = visitor.delete("/api/v1/shifts/1/sign-up/", body, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (422, "unreadable")
    assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.django_db
def test_readable_input_in_any_script_is_let_through(visitor: Client) -> None:
    assert visitor.get("/actions/", {"q": "玉祁 𬭚 👩‍🚒 ·"}).status_code == 200


@pytest.mark.django_db
def test_a_cookie_that_no_database_could_look_up_is_no_cookie(visitor: Client) -> None:
    for name in ("sessionid", "django_language", "theme", "csrftoken"):
        visitor.cookies[name] = '"\\000abcdefghijk"'
        assert visitor.get("/actions/").status_code == 200, name


# ------------------------------------------------------------------------------------------------- headers


@pytest.mark.django_db
@pytest.mark.parametrize("where", ["/actions/", "/nowhere/", "/api/v1/", "/healthz", "/static/css/tokens.css"])
def test_every_answer_is_guarded(visitor: Client, where: str) -> None:
    answer = visitor.get(where)
    policy = answer["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cross-Origin-Opener-Policy"] == answer["Cross-Origin-Resource-Policy"] == "same-origin"


@pytest.mark.django_db
@pytest.mark.parametrize("where", ["/", "/actions/", "/notices/", "/updates/", "/account/login/", "/nowhere/"])
def test_pages_take_scripts_styles_and_all_else_from_here_alone(visitor: Client, where: str) -> None:
    parts = [part.strip() for part in visitor.get(where)["Content-Security-Policy"].split(";") if part.strip()]
    assert sorted(parts) == [
        "base-uri 'none'",
        "default-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "img-src 'self' data:",
        "object-src 'none'",
    ]


def test_the_editor_may_frame_its_previews_and_nobody_else_may(town: Town, client: Client) -> None:
    client.force_login(town.mei)
    for where, ancestors in (("/admin/", "'self'"), ("/actions/", "'none'")):
        answer = client.get(where)
        assert answer.status_code == 200
        assert f"frame-ancestors {ancestors}" in answer["Content-Security-Policy"], where


@pytest.mark.django_db
def test_a_draft_shown_in_the_editors_frame_is_still_without_scripts_of_others(town: Town, client: Client) -> None:
    page = cast.draft(town).page
    client.force_login(town.mei)
    policy = client.get(reverse("wagtailadmin_pages:view_draft", args=[page.pk]))["Content-Security-Policy"]
    assert "frame-ancestors 'self'" in policy
    assert "unsafe" not in policy
