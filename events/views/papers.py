"""What is printed for the day: the list on which people sign."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from communities import qr
from communities.requests import SignedInRequest
from events import doors, permits
from events import sign_in_list as lists
from events.desks import title_at_desk
from events.models import Action, Shift


@login_required
@require_safe
def sign_in_list(request: SignedInRequest, pk: int) -> HttpResponse:
    """A sheet for each shift, or for the one that is asked for. Numbers are masked: paper is left lying about."""
    action = doors.get_desk_or_404(request.user, pk)
    own = list(Shift.objects.filter(action=action))
    asked = [shift for shift in own if str(shift.pk) == request.GET.get("shift", "")]
    may_run = permits.may_run(request.user, action)
    context = {
        "action": action,
        "title": title_at_desk(action),
        "title_lang": "zh-Hans" if action.state == Action.State.DRAFT else action.page.local_title.lang,
        "may_run": may_run,
        # Who may only go on writing a draft is shown nobody.
        "lists": lists.lists_of(action, asked or own, timezone.now()) if may_run else [],
        "has_more": len(own) > len(asked) > 0,
        "code": qr.inline(request.build_absolute_uri(reverse("events:desk", args=[action.pk]))),
    }
    return render(request, "events/sign_in_list.html", context)
