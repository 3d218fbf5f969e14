"""Errors below ``/api/``: one form, a code for programs, a sentence in the person's language."""

from typing import Any

import pytest
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.test import Client, override_settings
from django.urls import path
from rest_framework import serializers
from rest_framework.decorators import api_view, permission_classes
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import AnonRateThrottle, UserRateThrottle

from kit.refusals import Refused
from portal import errors
from tests.cast import Town


class Wish(serializers.Serializer[Any]):
    number = serializers.IntegerField()


@api_view(["GET", "POST"])
def wish(request: Request) -> Response:
    if request.method == "POST":
        Wish(data=request.data).is_valid(raise_exception=True)
    return Response({})


@api_view(["GET"])
@permission_classes([IsAuthenticated])
def mine(request: Request) -> Response:
    return Response({})


@api_view(["GET"])
def goes_wrong(request: Request, how: str) -> Response:
    raise {
        "refused": Refused("full", "满了。", free=0),
        "forbidden": PermissionDenied("不是你的。"),
        "missing": Http404("secret"),
        "broken": RuntimeError("secret"),
    }[how]


class Pages:
    urlpatterns = [
        path("api/v1/wish/", wish),
        path("api/v1/mine/", mine),
        path("api/v1/wrong/<how>/", goes_wrong),
    ]
    handler404 = staticmethod(errors.page_not_found)
    handler500 = staticmethod(errors.server_error)


pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _pages() -> Any:
    with override_settings(ROOT_URLCONF=Pages):
        yield


@pytest.fixture
def program() -> Client:
    return Client(raise_request_exception=False)


@pytest.mark.parametrize(
    ("method", "where", "more", "status", "code"),
    [
        ("get", "wrong/refused/", {}, 409, "full"),
        ("get", "wrong/forbidden/", {}, 403, "forbidden"),
        ("get", "wrong/missing/", {}, 404, "not_found"),
        ("get", "wrong/broken/", {}, 500, "error"),
        ("get", "nowhere/", {}, 404, "not_found"),
        ("delete", "wish/", {}, 405, "method_not_allowed"),
        ("get", "wish/", {"headers": {"Accept": "text/csv"}}, 406, "not_acceptable"),
        ("post", "wish/", {"data": "<a/>", "content_type": "text/xml"}, 415, "unsupported_media_type"),
        ("post", "wish/", {"data": "{", "content_type": "application/json"}, 422, "unreadable"),
        ("post", "wish/", {"data": '{"number": "x"}', "content_type": "application/json"}, 422, "unreadable"),
        ("get", "mine/", {}, 401, "not_signed_in"),
        ("get", "mine/", {"headers": {"Authorization": "Token wrong"}}, 401, "bad_token"),
    ],
)
@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_every_error_is_a_problem(
    program: Client, method: str, where: str, more: dict[str, Any], status: int, code: str, language: str
) -> None:
    headers = {"Accept-Language": language, **more.get("headers", {})}
    answer = getattr(program, method)(f"/api/v1/{where}", **{**more, "headers": headers})
    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"
    document = answer.json()
    assert {"type", "title", "status", "code", "detail"} <= set(document)
    assert (document["status"], document["code"]) == (status, code)
    assert "secret" not in answer.content.decode()
    chinese = any("\u4e00" <= letter <= "\u9fff" for letter in document["detail"])
    assert chinese or language == "en", document["detail"]


def test_a_field_that_cannot_be_read_is_named(program: Client) -> None:
    answer = program.post("/api/v1/wish/", {"number": "x"}, content_type="application/json")
    assert list(answer.json()["errors"]) == ["number"]


def test_who_signs_in_wrongly_is_told_how(program: Client) -> None:
    answer = program.get("/api/v1/mine/")
    assert answer["WWW-Authenticate"] == "Token"


@pytest.mark.parametrize("signed_in", [False, True])
def test_too_much_is_too_much_for_the_person_or_the_address(
    program: Client, town: Town, monkeypatch: pytest.MonkeyPatch, *, signed_in: bool
) -> None:
    monkeypatch.setattr(AnonRateThrottle, "THROTTLE_RATES", {"user": "3/min", "anon": "3/min"})
    monkeypatch.setattr(UserRateThrottle, "THROTTLE_RATES", {"user": "3/min", "anon": "3/min"})
    cache.clear()
    if signed_in:
        program.force_login(town.chen)
    answers = [program.get("/api/v1/wish/") for _ in range(5)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429, 429]
    assert answers[-1].json()["code"] == "too_many_requests"
    assert int(answers[-1]["Retry-After"]) > 0
    other = Client(REMOTE_ADDR="10.9.8.7")
    assert other.get("/api/v1/wish/").status_code == 200
    if signed_in:
        # A school is one address: its pupils do not use up each other's share.
        other.force_login(town.lan)
        assert other.get("/api/v1/wish/").status_code == 200
