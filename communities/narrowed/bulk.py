"""One thing done to many pages, pictures or documents at once."""

from typing import Any

from django.apps import apps
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from wagtail.admin.views.bulk_action import index as wagtails_bulk_action
from wagtail.admin.views.bulk_action.registry import bulk_action_registry
from wagtail.models import Page

from kit.web import is_id

from .deleting import kept_where_used
from .reach import POLICIES, ask_for, demand_own_pages, own_pages


def bulk(request: HttpRequest, app_label: str, model_name: str, action: str) -> HttpResponse:
    """A deed for many at once: of what the person may not touch, Wagtail lists the titles. People are not its business.

    Where all of a list are meant, they are named here one by one.
    """
    own = _in_bulk(request, app_label, model_name)
    ids = request.GET.getlist("id")
    if "all" in ids:
        deed = bulk_action_registry.get_bulk_action_class(app_label, model_name, action)
        listed_below = request.GET.get("childOf")
        if deed is None or not is_id(listed_below or "0"):
            raise Http404
        if own.model is Page and listed_below and not own_pages(request).filter(pk=listed_below).exists():
            raise Http404
        ids = [str(pk) for pk in deed(request, own.model).get_all_objects_in_listing_query(listed_below)]
    demand_own_pages(request)
    ask_for(request, map(str, own.filter(pk__in=filter(is_id, ids)).values_list("pk", flat=True)))
    return kept_where_used(wagtails_bulk_action)(request, app_label, model_name, action)


def _in_bulk(request: HttpRequest, app_label: str, model_name: str) -> QuerySet[Any]:
    try:
        model = apps.get_model(app_label, model_name)
    except LookupError as error:
        raise Http404 from error
    if model is Page:
        return own_pages(request)
    if model not in POLICIES:
        raise Http404
    found: QuerySet[Any] = POLICIES[model].instances_user_has_any_permission_for(request.user, ["change", "delete"])
    return found
