"""What everybody sees of joint actions: the list and the page."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from events import cards, doors, faces, linked_data
from events.identifiers import id_in
from events.listing import Filters
from kit.web import public

A_PAGE = 20


@public
@require_safe
def actions(request: HttpRequest) -> HttpResponse:
    """The list of actions, with filters in the address."""
    now = timezone.now()
    filters = Filters.read(request.GET)
    page = Paginator(filters.actions(now), A_PAGE).get_page(request.GET.get("page"))
    shown = cards.cards_of(page, person=request.user, now=now)
    context = {"filters": filters, "page": page, "cards": shown, "follow": cards.following(shown)}
    context |= {"has_distances": any(card.position for card in shown), "is_whole": page.paginator.num_pages == 1}
    return render(request, "events/actions.html", context)


@public
@require_safe
def action(request: HttpRequest, year: int, slug: str, pk: int) -> HttpResponse:
    """The page of an action. An address with a slip in it leads to the right one."""
    found = doors.get_action_or_404(request.user, pk)
    if (year, slug) != (found.year, found.slug):
        return HttpResponsePermanentRedirect(found.get_absolute_url())
    before = id_in(request.GET.get("before", ""))
    face = faces.face_of(found, person=request.user, now=timezone.now(), before=before)
    context = {"face": face, "action": found, "event": linked_data.event_of(face)}
    return render(request, "events/action.html", context)
