"""What happens to every request and every answer, whatever view is asked."""

from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import unquote_to_bytes

from csp.constants import SELF
from csp.middleware import CSPMiddleware, PolicyParts
from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.cache import patch_vary_headers

from kit.refusals import Refused
from kit.web import is_public
from portal import errors
from portal.front import REFUSAL
from portal.parsers import is_text

GetResponse = Callable[[HttpRequest], HttpResponseBase]

FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"


class SecurityHeaders:
    """Headers that Django has no setting for. They stand on every answer, static files and errors included."""

    PERMISSIONS = "camera=(), microphone=(), payment=(), usb=(), geolocation=(self)"

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("Permissions-Policy", self.PERMISSIONS)
        return response


class ContentSecurityPolicy(CSPMiddleware):
    """The strict policy everywhere; Wagtail's admin, which writes scripts into its pages, has one of its own."""

    def get_policy_parts(
        self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False
    ) -> PolicyParts:
        parts = super().get_policy_parts(request, response, report_only)
        if parts.config is None and not report_only and request.path_info.startswith("/admin/"):
            parts.config = settings.ADMIN_CONTENT_SECURITY_POLICY
        if parts.config is None and not report_only and getattr(request, "is_dummy", False):
            # The page that Wagtail makes up for its preview passes here under its public address, and ends in a frame.
            parts.config = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"] | {"frame-ancestors": [SELF]}
        return parts

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if request.path_info.startswith("/admin/"):
            response.headers["X-Frame-Options"] = "SAMEORIGIN"  # the editor shows its preview in a frame
        return super().process_response(request, response)


class PrivateByDefault:
    """``private, no-store`` unless the view is on the list (``kit.web.public``) and nobody is signed in.

    A page that was kept by mistake shows one person another's data; one that was not kept is only a little slower.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        marked = getattr(request, "public_view", False)
        if marked and "Cache-Control" in response.headers:
            return response  # the view answers everybody the same and said for how long
        kept = marked and self._may_be_kept(request, response)
        response.headers["Cache-Control"] = "public, no-cache" if kept else "private, no-store"
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Iterable[Any], kwargs: dict[str, Any]
    ) -> None:
        request.public_view = is_public(view)  # type: ignore[attr-defined]

    @staticmethod
    def _may_be_kept(request: HttpRequest, response: HttpResponseBase) -> bool:
        return (
            response.status_code in {200, 301, 304}
            and settings.SESSION_COOKIE_NAME not in request.COOKIES
            and "Authorization" not in request.headers
            and not response.cookies
        )


class CleanCookies:
    """A cookie that no database could look up is none of ours; it is dropped before the session asks for it."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        for name in [name for name, value in request.COOKIES.items() if not is_text(name + value)]:
            del request.COOKIES[name]
        return self.get_response(request)


class ReadableInput:
    """What cannot be read or kept is refused before any view sees it.

    NUL, lone surrogates and bytes that are not UTF-8 come from broken programs, never from a keyboard: 400. Bodies that
    are too large or never arrived were stopped in ``portal/front.py``; here they get their words.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if status := request.META.get("asgi.scope", {}).get(REFUSAL):
            return errors.answer(request, status)
        query = request.META.get("QUERY_STRING", "").encode("latin-1", "replace")
        # Django would decode with whatever codec the header names, and Python knows some that make no text at all.
        charset = (request.content_params or {}).get("charset", "utf-8").strip("\"' ").lower()
        if not (is_text(request.path_info) and _is_utf8(query) and charset in {"utf-8", "utf8"}):
            return errors.answer(request, 400)
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Iterable[Any], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        if request.method in {"GET", "HEAD", "OPTIONS"}:
            return None
        program = request.path_info.startswith("/api/")
        if request.content_type == FORM and not _is_utf8(request.body):
            return errors.answer(request, 422 if program else 400)
        # Programs send JSON, which portal/parsers.py reads; their parts are left for REST framework to accept or refuse.
        if request.content_type in {FORM, MULTIPART} and not program:
            texts = (text for name, values in request.POST.lists() for text in (name, *values))
            if not all(is_text(str(text)) for text in texts):
                return errors.answer(request, 400)
        return None


def _is_utf8(encoded: bytes) -> bool:
    try:
        text = unquote_to_bytes(encoded.replace(b"+", b" ")).decode("utf-8")
    except UnicodeDecodeError:
        return False
    return is_text(text)


class Language:
    """The person's own choice, else the cookie, else what the browser asks for, else Chinese."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        language = self._language(request)
        translation.activate(language)
        request.LANGUAGE_CODE = language
        try:
            response = self.get_response(request)
        finally:
            translation.deactivate()
        response.headers.setdefault("Content-Language", language)
        patch_vary_headers(response, ("Accept-Language", "Cookie"))
        return response

    @staticmethod
    def _language(request: HttpRequest) -> str:
        # Looking at the person costs a query; without a session cookie there is nobody to look at.
        if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
            chosen = request.user.language
            if chosen in dict(settings.LANGUAGES):
                return str(chosen)
        return translation.get_language_from_request(request)


class Refusals:
    """A :class:`Refused` that escapes a view is an answer, never a 500; so is what could not be decoded.

    A wrong method gets words too: Django's own 405 is an empty page, and whoever reloads after a form sees it.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if isinstance(response, HttpResponseNotAllowed) and not response.content:
            said = errors.answer(request, 405)
            said["Allow"] = response["Allow"]
            return said
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, Refused):
            return errors.refused(request, exception)
        if isinstance(exception, BadRequest):
            return errors.answer(request, 400)
        return None
