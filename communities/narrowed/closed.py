"""Addresses of Wagtail's that lead somewhere else here, or nowhere."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils.http import urlencode
from wagtail.admin.auth import permission_denied
from wagtail.admin.views.reports.page_types_usage import PageTypesUsageReportView

from communities import permits


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
