"""What every room's views need: a mark for public pages, and one template shown whole or in part."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers

View = TypeVar("View", bound=Callable[..., Any])

PUBLIC = "gongzhi_public"


def public(view: View) -> View:
    """Mark ``view`` as one whose answers hold nothing personal and may be kept by caches.

    Everything that is not marked is sent as ``private, no-store``; so is a marked answer to somebody with a session,
    unless the view sets ``Cache-Control`` itself because it answers everybody the same. Put it outermost, above the
    method decorators.
    """
    setattr(view, PUBLIC, True)
    return view


LONGEST_ID = 18
"""Digits that every database can look up."""


def is_id(written: str) -> bool:
    """Can a row be looked up by this? A number that somebody wrote may have any length."""
    return written.isascii() and written.isdigit() and len(written) <= LONGEST_ID


def is_public(view: Callable[..., Any]) -> bool:
    """Say whether ``view`` was marked with :func:`public`."""
    return getattr(view, PUBLIC, False) is True


def render_part(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any] | None = None,
    *,
    part: str,
    status: int = 200,
) -> HttpResponse:
    """Render the whole page, or only one part of it when the browser asks to replace that part.

    ``part`` is the id of the element on the page (htmx sends it as ``HX-Target``) and names the included template:
    ``events/actions.html`` with ``part="results"`` is answered by ``events/_results.html``. The part may stand in the
    page at any depth; what is shown is the same in both cases.
    """
    whole = request.headers.get("HX-Target") != part or request.headers.get("HX-Boosted") == "true"
    folder, _, _ = template.rpartition("/")
    name = template if whole else f"{folder}/_{part.replace('-', '_')}.html"
    response = render(request, name, dict(context or {}), status=status)
    # Without this a browser going back may show the part alone as if it were the page.
    patch_vary_headers(response, ("HX-Target", "HX-Boosted"))
    return response
