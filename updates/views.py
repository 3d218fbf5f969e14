"""The inbox: what was said to me."""

import json
from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kit.web import is_id

from . import book, inbox, messages

A_PAGE = 20


@dataclass(frozen=True)
class Tab:
    """One of the pages that tell what happened."""

    label: str
    url: str
    current: bool = False
    count: int = 0


@login_required
@require_safe
def show_inbox(request: HttpRequest) -> HttpResponse:
    """All messages of one's own, the newest first; it goes on live."""
    topic = f"person:{request.user.pk}"
    follow = book.heads([topic])  # before anything that is shown
    newest, unread = inbox.newest_of(request.user), inbox.unread_of(request.user)
    page = Paginator(inbox.of(request.user), A_PAGE).get_page(request.GET.get("page"))
    now = timezone.now()
    context = {
        "follow": json.dumps(follow),
        "unread": unread,
        "page": page,
        "newest": newest,
        "entries": [inbox.told(message, now) for message in page],
        "tabs": [
            Tab(_("Updates"), reverse("stream")),
            Tab(pgettext("inbox", "Messages"), reverse("updates:inbox"), current=True, count=unread),
        ],
    }
    return render(request, "updates/inbox.html", context)


@login_required
@require_http_methods(["GET", "POST"])  # a HEAD is no reader
def open_message(request: HttpRequest, pk: int) -> HttpResponse:
    """Go where the message leads; it counts as read from now on."""
    message = inbox.get_own_message_or_404(request.user, pk)
    messages.mark_read(message=message)
    return redirect(inbox.told(message, timezone.now()).words.url)


@login_required
@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """All that stood on the page is read; ``newest`` says what that was."""
    newest = request.POST.get("newest", "")
    if is_id(newest):
        messages.mark_all_read(by=request.user, newest=int(newest))
    return redirect("updates:inbox")
