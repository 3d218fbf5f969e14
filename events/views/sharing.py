"""The address of an action to show on a phone: as a code to scan, and in letters."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from communities import qr, short_codes
from communities.requests import SignedInRequest
from communities.short_codes import Thing
from events import doors, permits
from events.desks import title_at_desk
from events.models import Action


@login_required
@require_safe
def share(request: SignedInRequest, pk: int) -> HttpResponse:
    """A page for a phone held up: everybody around scans the address."""
    action = doors.get_desk_or_404(request.user, pk)
    context = {
        "action": action,
        "title": title_at_desk(action),
        "address": _address(request, action),
        "is_public": permits.is_public(action),
    }
    return render(request, "events/share.html", context)


@login_required
@require_safe
def code_svg(request: SignedInRequest, pk: int) -> HttpResponse:
    """The code as a drawing; dark on white whatever the page looks like."""
    return _drawn(request, pk, "svg")


@login_required
@require_safe
def code_png(request: SignedInRequest, pk: int) -> HttpResponse:
    """The code as a picture to save and print."""
    answer = _drawn(request, pk, "png")
    answer["Content-Disposition"] = f'attachment; filename="action-{pk}.png"'
    return answer


def _drawn(request: SignedInRequest, pk: int, kind: qr.Kind) -> HttpResponse:
    action = doors.get_desk_or_404(request.user, pk)
    return HttpResponse(qr.picture(_address(request, action), kind), content_type=qr.CONTENT_TYPES[kind])


def _address(request: SignedInRequest, action: Action) -> str:
    return request.build_absolute_uri(short_codes.path_of(Thing.ACTION, action.pk))
