"""Every answer that is not what was asked for: a page in the site's look, or a problem document under ``/api/``."""

import re
import sys
from typing import Any

import structlog
from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.template import TemplateDoesNotExist
from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.translation import get_language, gettext

from kit.refusals import Refused
from portal import problems

log = structlog.get_logger(__name__)

CSRF_REASON = "csrf"

READ_OUT = 8
"""How much of a request's number stands on the page: enough to find it in the log of a day, little enough for the telephone."""


def words(status: int) -> tuple[str, str]:
    """Return the title and the sentence for ``status``: what happened, what was kept, what to do."""
    texts = {
        400: (
            gettext("We could not read this"),
            gettext(
                "Something in the request is not readable text. Nothing was changed; please go back and try again."
            ),
        ),
        403: (
            gettext("This is not open to you"),
            gettext("You are signed in, but this belongs to others. Ask the coordinator of the organisation."),
        ),
        404: (
            gettext("There is nothing here"),
            gettext("The page was moved, or the address has a slip in it. Everything else is where it was."),
        ),
        405: (
            gettext("This does not work that way"),
            gettext("The address exists, but not for this kind of request. Please go back and use the button there."),
        ),
        422: (
            gettext("We could not read this"),
            gettext(
                "Something in the request is not readable text. Nothing was changed; please go back and try again."
            ),
        ),
        408: (
            gettext("The connection was too slow"),
            gettext("Your entry did not arrive whole, so nothing was changed. Please go back and send it again."),
        ),
        413: (
            gettext("This is too large"),
            gettext("Nothing was saved. Pictures may have up to 10 MB, attachments up to 20 MB; please send less."),
        ),
        429: (
            gettext("A little slower, please"),
            gettext("There were very many requests in a short time. Nothing is lost; please try again in a minute."),
        ),
        500: (
            gettext("Something broke on our side"),
            gettext(
                "What was saved before is safe. Please try once more; if it stays broken, tell us the number below."
            ),
        ),
        503: (
            gettext("We will be right back"),
            gettext("The site cannot reach its data at the moment. Nothing is lost; please try again in a minute."),
        ),
    }
    return texts.get(status, texts[400 if status < 500 else 500])


def answer(
    request: HttpRequest, status: int, *, code: str = "", title: str = "", sentence: str = "", **facts: Any
) -> HttpResponse:
    """Say no with ``status``: the page ``<status>.html`` in the site's look, or JSON for programs.

    Never raises. If even the page cannot be rendered (no database, no template), plain words are sent.
    """
    usual_title, usual = words(status)
    title, sentence = title or usual_title, sentence or usual
    if request.path_info.startswith("/api/"):
        response: HttpResponse = problems.problem(status, code or problems.code_for(status), sentence, **facts)
    else:
        context = {
            "status": status,
            "code": code,
            "title": title,
            "sentence": sentence,
            "request_id": request_id()[:READ_OUT],
        }
        response = HttpResponse(_page(request, status, context), status=status)
    if status in {429, 503}:
        response["Retry-After"] = str(facts.get("retry_after", 60))
    return response


def request_id() -> str:
    """Return the number under which this request stands in the log."""
    return str(structlog.contextvars.get_contextvars().get("request_id", ""))


def _page(request: HttpRequest, status: int, context: dict[str, Any]) -> str:
    # The shell asks who the person is; without a database it cannot know, and the page must come all the same.
    for attempt in (request, None):
        try:
            return render_to_string([f"{status}.html", "error.html"], context, request=attempt).strip()
        except TemplateDoesNotExist as missing:
            if missing.chain or str(missing) not in {f"{status}.html", "error.html"}:
                log.exception("error_page_failed", status=status)
            break
        except Exception:
            log.exception("error_page_failed", status=status)
    return _plain(context)


def _plain(context: dict[str, Any]) -> str:
    title, sentence, number = (escape(context[key]) for key in ("title", "sentence", "request_id"))
    return (
        f'<!doctype html><html lang="{get_language() or "zh-hans"}"><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{title}</title>'
        f"<h1>{title}</h1><p>{sentence}</p><p><small>{number}</small></p></html>"
    )


def refused(request: HttpRequest, refusal: Refused) -> HttpResponse:
    """Answer a :class:`Refused` that no view turned into a word beside a field."""
    return answer(request, refusal.status, code=refusal.code, sentence=refusal.sentence, **refusal.facts)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """``handler400``."""
    return answer(request, 413 if isinstance(exception, RequestDataTooBig) else 400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """``handler403``; a reason given by whoever raised it is shown."""
    return answer(request, 403, sentence=str(exception))


def page_not_found(request: HttpRequest, exception: Http404) -> HttpResponse:
    """``handler404``; the reason is not shown: it may name what this person may not see."""
    return answer(request, 404)


def nothing_here(request: HttpRequest) -> HttpResponse:
    """A view for addresses of libraries that are closed here."""
    raise Http404


def server_error(request: HttpRequest) -> HttpResponse:
    """``handler500``; 503 when it was the database that could not be reached."""
    unreachable = isinstance(sys.exc_info()[1], (OperationalError, InterfaceError))
    return answer(request, 503 if unreachable else 500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """``CSRF_FAILURE_VIEW``: a form that lay open too long, or one that another site sent."""
    log.warning("csrf_failure", reason=re.sub(r"[^ -~]", "", reason)[:200])
    return answer(
        request,
        403,
        code=CSRF_REASON,
        title=gettext("Please send this once more"),
        sentence=gettext("This form was open for too long, or cookies are switched off. Go back, reload, send again."),
    )
