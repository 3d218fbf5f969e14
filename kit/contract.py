"""What all of the API has in common: what may be asked, lists in pages, and problems."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, TypeVar

from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.pagination import PageNumberPagination
from rest_framework.request import Request

from .web import LARGEST_ID

View = TypeVar("View", bound=Callable[..., Any])

READ = ["GET", "HEAD"]
"""The methods of a view that only tells: REST framework's function views do not answer HEAD by themselves."""


REQUEST_KEY = re.compile(r"[!-~]{1,80}")
"""What an ``Idempotency-Key`` may be: visible ASCII, which every program and proxy hands on unchanged."""

EVERYWHERE = (400, 401, 429)
"""What any address may answer: to writing that cannot be read, a token that does not hold, and too much of everything."""


class Pages(PageNumberPagination):
    """``{count, next, previous, results}``; a view reads what was asked with a :class:`PageAsked` first."""

    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 200


class PageAsked(serializers.Serializer[dict[str, Any]]):
    """Which page of a list. Lists that may be narrowed inherit it."""

    page = serializers.IntegerField(default=1, min_value=1, max_value=LARGEST_ID)
    page_size = serializers.IntegerField(default=Pages.page_size, min_value=1, max_value=Pages.max_page_size)


class Moment(serializers.DateTimeField):
    """A moment that a database can be asked for. Without an offset it is one of the site's zone."""

    def enforce_timezone(self, value: datetime) -> datetime:
        try:
            return super().enforce_timezone(value).astimezone(UTC)
        except OverflowError:  # at the edges of the calendar
            self.fail("overflow")


def asked(form: type[serializers.Serializer[Any]], request: Request) -> dict[str, Any]:
    """What stands behind the question mark. Raises ``ValidationError`` (422) where it cannot be read.

    A name without a value and one that comes twice are not passed over: whoever wrote them meant something.
    """
    twice = [name for name, values in request.query_params.lists() if name in form().fields and len(values) > 1]
    if twice:
        raise serializers.ValidationError({name: [_("Please give it once.")] for name in twice})
    filled_in = form(data=request.query_params.dict())
    filled_in.is_valid(raise_exception=True)
    wanted: dict[str, Any] = filled_in.validated_data
    return wanted


def request_key_of(request: Request) -> str:
    """The ``Idempotency-Key`` of a request, empty without one. Raises ``ValidationError`` (422) for what is no key."""
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return ""
    if not REQUEST_KEY.fullmatch(key):
        raise serializers.ValidationError(
            {"Idempotency-Key": [_("A key has 1 to 80 visible ASCII characters, without spaces.")]}
        )
    return key


def in_pages(view: View) -> View:
    """Mark an API view as one that answers with :class:`Pages`, for the schema. Put it above ``api_view``."""
    view.cls.pagination_class = Pages  # type: ignore[attr-defined]
    return view


class Problem(serializers.Serializer[dict[str, Any]]):
    """An error as ``application/problem+json`` (RFC 9457) with a short ``code`` and a translated ``detail``."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    code = serializers.CharField(help_text="Short and stable, for programs.")
    detail = serializers.CharField(help_text="A full sentence in the language asked for, for people.")
    errors = serializers.DictField(  # type: ignore[assignment]  # the metaclass moves fields out of the way
        child=serializers.ListField(child=serializers.CharField()),
        required=False,
        help_text="With 422: the field and what is wrong with it.",
    )


def answers(told: Any, *problems: int, statuses: tuple[int, ...] = (200,)) -> dict[tuple[int, str], Any]:
    """What a view answers, for the schema: ``told`` with these ``statuses``, and the errors it may raise.

    Those that may come from ``EVERYWHERE`` are added.
    """
    return {
        **{(status, "application/json"): told for status in statuses},
        **{(status, "application/problem+json"): Problem for status in sorted({*EVERYWHERE, *problems})},
    }
