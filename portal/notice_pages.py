"""Notices at addresses of their own; the pages themselves lie where their organisations do, and Wagtail serves them."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_safe

from events.doors import LARGEST_ID
from kit.web import public
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
    found = NoticePage.objects.shown().filter(pk=pk).first() if pk <= LARGEST_ID else None
    if found is None:
        raise Http404
    return HttpResponseRedirect(found.get_url(request) or "/")
