"""Errors as programs read them: ``application/problem+json`` with a short ``code`` and a translated ``detail``."""

from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, JsonResponse
from django.utils.translation import gettext
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from kit.refusals import Refused

CODES = {
    400: "unreadable",
    401: "not_signed_in",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    406: "not_acceptable",
    408: "too_slow",
    413: "too_large",
    415: "unsupported_media_type",
    422: "unreadable",
    429: "too_many_requests",
    500: "error",
    503: "unavailable",
}
CONTENT_TYPE = "application/problem+json"


def code_for(status: int) -> str:
    """Return the ``code`` of an answer that has no better one."""
    return CODES.get(status, "refused")


def body(status: int, code: str, detail: str, **extra: Any) -> dict[str, Any]:
    """Build the document: ``type``, ``title``, ``status``, ``code``, ``detail`` and what else is to be said."""
    return {
        **extra,
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        "detail": detail,
    }


def problem(status: int, code: str, detail: str, **extra: Any) -> JsonResponse:
    """Answer with a problem document from anywhere; inside API views raising is enough."""
    return JsonResponse(
        body(status, code, detail, **extra),
        status=status,
        content_type=CONTENT_TYPE,
        json_dumps_params={"ensure_ascii": False},
    )


def handler(error: Exception, context: Mapping[str, Any]) -> Response | None:
    """Turn what an API view raised into a problem document (REST framework's ``EXCEPTION_HANDLER``).

    Errors in the body are 422 with ``errors`` = field → sentences. What is nobody's fault but ours returns ``None`` and
    becomes a 500 in :mod:`portal.errors`.
    """
    headers: dict[str, str] = {}
    match error:
        case Refused():
            document = body(error.status, error.code, error.sentence, **error.facts)
        case Http404() | exceptions.NotFound():
            document = body(404, code_for(404), gettext("There is nothing here, or nothing that you may see."))
        case PermissionDenied():
            document = body(403, code_for(403), str(error) or gettext("You may not do this."))
        case exceptions.ValidationError():
            errors = error.detail if isinstance(error.detail, dict) else {"non_field_errors": error.detail}
            told = dict(_sentences(errors))
            document = body(422, code_for(422), gettext("Some fields could not be read; see “errors”."), errors=told)
        case exceptions.ParseError():
            document = body(422, code_for(422), gettext("The body is not readable JSON."))
        case exceptions.APIException():
            document, headers = _of_the_framework(error)
        case _:
            return None
    set_rollback()
    return Response(document, status=document["status"], headers=headers, content_type=CONTENT_TYPE)


def _sentences(errors: Mapping[str, Any], within: str = "") -> Iterator[tuple[str, list[Any]]]:
    """Field → sentences; a field of a part, or one of several, has the way to it in its name: ``position.latitude``."""
    for name, told in errors.items():
        if isinstance(told, Mapping):
            yield from _sentences(told, f"{within}{name}.")
        else:
            yield f"{within}{name}", told


def _of_the_framework(error: exceptions.APIException) -> tuple[dict[str, Any], dict[str, str]]:
    sentences = {
        401: gettext("Please sign in, or send a valid token."),
        403: gettext("You may not do this."),
        405: gettext("This address does not answer that method."),
        406: gettext("This address answers in JSON only."),
        415: gettext("Please send JSON (Content-Type: application/json)."),
        429: gettext("Too many requests; please wait a moment."),
    }
    headers = {}
    if challenge := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = challenge
    if wait := getattr(error, "wait", None):
        headers["Retry-After"] = str(int(wait) + 1)
    status = error.status_code
    # Whoever refuses a token says why; the rest of the framework's sentences are for programmers.
    if isinstance(error, exceptions.AuthenticationFailed):
        return body(status, str(error.get_codes()), str(error.detail)), headers
    return body(status, code_for(status), sentences.get(status, str(error.detail))), headers


def only_our_api(endpoints: list[tuple[str, str, str, Any]], **kwargs: Any) -> list[tuple[str, str, str, Any]]:
    """Keep Wagtail's own views out of the published schema (drf-spectacular's preprocessing hook)."""
    return [endpoint for endpoint in endpoints if endpoint[0].startswith("/api/v1/")]
