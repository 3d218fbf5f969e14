"""Wagtail's own admin views, narrowed to what the person may see.

Found by walking every address of the admin as the editor of one organisation, looking for the draft of another: these
few ask no permission and have no hook. They stand at Wagtail's addresses, before Wagtail's.
"""

from collections.abc import Iterable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, resolve_url
from django.utils.http import urlencode
from wagtail import hooks
from wagtail.admin.auth import permission_denied
from wagtail.admin.views.chooser import ChosenMultipleView
from wagtail.admin.views.reports.page_types_usage import PageTypesUsageReportView
from wagtail.documents.views.chooser import viewset as document_chooser
from wagtail.images.permissions import permission_policy as image_policy
from wagtail.images.views.chooser import viewset as image_chooser
from wagtail.models import Page

from kit.web import is_id

from . import permits


class ChosenPages(ChosenMultipleView):
    """The titles of pages that were ticked in the chooser: only of those that the chooser would show."""

    def get(self, request: HttpRequest) -> HttpResponse:
        pages = Page.objects.filter(pk__in=filter(is_id, request.GET.getlist("id")), depth__gt=1)
        for hook in hooks.get_hooks("construct_page_chooser_queryset"):
            pages = hook(pages, request)
        _ask_for(request, map(str, pages.values_list("pk", flat=True)))
        return super().get(request)


def chosen_images(request: HttpRequest) -> HttpResponse:
    """Pictures that were ticked; Wagtail itself leaves out those that the person may not choose."""
    _ask_for(request, filter(is_id, request.GET.getlist("id")))
    return image_chooser.chosen_multiple_view(request)


def chosen_documents(request: HttpRequest) -> HttpResponse:
    """Documents, likewise."""
    _ask_for(request, filter(is_id, request.GET.getlist("id")))
    return document_chooser.chosen_multiple_view(request)


def _ask_for(request: HttpRequest, ids: Iterable[str]) -> None:
    query = request.GET.copy()
    query.setlist("id", list(ids))
    request.GET = query  # type: ignore[assignment]


def image_format(request: HttpRequest, image_id: int) -> HttpResponse:
    """How a picture is put into the text: only one that this person may choose."""
    choosable = image_policy.instances_user_has_permission_for(request.user, "choose")
    get_object_or_404(choosable, pk=image_id)
    response: HttpResponse = image_chooser.select_format_view(request, image_id=image_id)
    return response


def page_types_usage(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    """Which kinds of page there are, each with the page that was edited last, whoever's that is: for the operator."""
    if not permits.is_operator(request.user):
        return permission_denied(request)
    return PageTypesUsageReportView.as_view(**kwargs)(request)


def to_login(request: HttpRequest) -> HttpResponse:
    """Every other door of the house leads to the one where wrong passwords are counted; it looks at ``next`` itself."""
    target = request.GET.get("next", "")
    return redirect(resolve_url("communities:login") + (f"?{urlencode({'next': target})}" if target else ""))


def nothing_here(request: HttpRequest) -> HttpResponse:
    """Wagtail lets every editor look at its error pages; one of them is a real error."""
    raise Http404
