"""Posters at addresses of their own, and the pages that show them."""

from functools import lru_cache
from hashlib import sha256

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from communities import short_codes
from communities.models import OrganisationPage
from communities.short_codes import Thing
from communities.templatetags.organisations import local_name
from events.models import Action
from kit.web import found_or_404, public
from portal import short_links
from portal.models import NoticePage
from portal.posters import action, notice, organisation, sheet
from portal.posters.sheet import Sheet

KEPT = 32
"""Pictures that a process keeps: 4 to 8 MB. A poster is passed on to a whole group within minutes, and costs 0.2 s."""


@public
@require_safe
def action_poster(request: HttpRequest, pk: int) -> HttpResponse:
    """The poster of an action that everybody may see; 404 for others, whoever asks."""
    return _picture(request, _action_sheet(request, _action(pk)))


@public
@require_safe
def notice_poster(request: HttpRequest, pk: int) -> HttpResponse:
    """The poster of a notice that everybody may see; 404 for others, whoever asks."""
    return _picture(request, _notice_sheet(request, _notice(pk)))


@public
@require_safe
def organisation_poster(request: HttpRequest, pk: int) -> HttpResponse:
    """The poster of an organisation whose page everybody may see; 404 for others, whoever asks."""
    return _picture(request, _organisation_sheet(request, _organisation(pk)))


@public
@require_safe
def share_action(request: HttpRequest, pk: int) -> HttpResponse:
    """The poster of an action on a page, to be saved with a long press: WeChat's browser blocks downloads."""
    found = _action(pk)
    context = {
        "sheet": _action_sheet(request, found),
        "title": found.page.local_title,
        "picture": reverse("action_poster", args=[pk]),
        "back": found.get_absolute_url(),
        "back_words": _("Back to the action"),
    }
    return render(request, "portal/poster.html", context)


@public
@require_safe
def share_notice(request: HttpRequest, pk: int) -> HttpResponse:
    """The poster of a notice on a page."""
    found = _notice(pk)
    context = {
        "sheet": _notice_sheet(request, found),
        "title": found.local_title,
        "picture": reverse("notice_poster", args=[pk]),
        "back": found.get_url(request) or "/",
        "back_words": _("Back to the notice"),
    }
    return render(request, "portal/poster.html", context)


@public
@require_safe
def share_organisation(request: HttpRequest, pk: int) -> HttpResponse:
    """The poster of an organisation on a page."""
    found = _organisation(pk)
    context = {
        "sheet": _organisation_sheet(request, found),
        "title": local_name(found.organisation),
        "picture": reverse("organisation_poster", args=[pk]),
        "back": found.get_url(request) or "/",
        "back_words": _("Back to the organisation"),
    }
    return render(request, "portal/poster.html", context)


def _action(pk: int) -> Action:
    return found_or_404(Action.objects.public().select_related("host"), pk)


def _notice(pk: int) -> NoticePage:
    return found_or_404(NoticePage.objects.shown(), pk)


def _organisation(pk: int) -> OrganisationPage:
    return OrganisationPage.objects.get(pk=found_or_404(short_links.organisations(), pk).section_id)


def _action_sheet(request: HttpRequest, found: Action) -> Sheet:
    return action.sheet_of(found, address=request.build_absolute_uri(short_codes.path_of(Thing.ACTION, found.pk)))


def _notice_sheet(request: HttpRequest, found: NoticePage) -> Sheet:
    return notice.sheet_of(found, address=request.build_absolute_uri(short_codes.path_of(Thing.NOTICE, found.pk)))


def _organisation_sheet(request: HttpRequest, found: OrganisationPage) -> Sheet:
    path = short_codes.path_of(Thing.ORGANISATION, found.organisation.pk)
    return organisation.sheet_of(found, address=request.build_absolute_uri(path))


def _picture(request: HttpRequest, what: Sheet) -> HttpResponse:
    """The picture; whoever has it already is told so before anything is drawn."""
    # The same words make the same picture until another version of the site draws it.
    etag = quote_etag(sha256(f"{settings.VERSION} {what!r}".encode()).hexdigest()[:32])
    known = get_conditional_response(request, etag=etag)
    if isinstance(known, HttpResponse):
        return known
    return HttpResponse(_drawn(what), content_type="image/png", headers={"ETag": etag})


@lru_cache(maxsize=KEPT)
def _drawn(what: Sheet) -> bytes:
    return sheet.draw(what)
