"""What all answers of the API have in common: lists in pages, and problems."""

from collections.abc import Callable
from typing import Any, TypeVar

from rest_framework import serializers
from rest_framework.pagination import PageNumberPagination

View = TypeVar("View", bound=Callable[..., Any])

LARGEST_ID = 2**63 - 1
"""Above this no database has a row."""

READ = ["GET", "HEAD"]
"""The methods of a view that only tells: REST framework's function views do not answer HEAD by themselves."""


class Pages(PageNumberPagination):
    """``{count, next, previous, results}``; ``page_size`` up to 200."""

    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 200


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
    """What a view answers, for the schema: ``told`` with these ``statuses``, and the errors it may raise."""
    return {
        **{(status, "application/json"): told for status in statuses},
        **{(status, "application/problem+json"): Problem for status in problems},
    }
