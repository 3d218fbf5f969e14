"""Notices at addresses of their own; the pages themselves lie where their organisations do, and Wagtail serves them."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_safe

from kit.web import found_or_404, public
from portal.models import NoticePage
from portal.notice_list import listing_of


@public
@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    """The town's notices, of all organisations."""
    return render(request, "portal/notices.html", {"listing": listing_of(request)})


@public
@require_safe
def notice(request: HttpRequest, pk: int) -> HttpResponse:
    """The short address of a notice, as printed and told: it stays when the page gets another one."""
    found = found_or_404(NoticePage.objects.shown(), pk)
    return HttpResponseRedirect(found.get_url(request) or "/")
