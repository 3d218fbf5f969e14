"""What the site keeps about oneself, and the end of it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from communities import closing, own_data
from communities import privacy as notice
from communities.credentials import end_session
from communities.forms.numbers import CloseForm
from communities.requests import SignedInRequest
from kit.refusals import Refused
from kit.web import FORM_AND_DEED, public

SHOWN = 50
"""Entries of a section on the page; the file has them all."""


@public
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """The privacy notice in force."""
    return render(request, "communities/privacy.html", {"version": notice.VERSION})


@login_required
@require_safe
def data(request: SignedInRequest) -> HttpResponse:
    """All that is kept about the person who asks, to read."""
    told = own_data.sections_of(request.user)
    context = {
        "kept": [
            {"section": section, "entries": section.entries[:SHOWN], "more": max(0, len(section.entries) - SHOWN)}
            for section in told
            if section.entries
        ],
        "empty": [section for section in told if not section.entries],
    }
    return render(request, "communities/own_data.html", context)


@login_required
@require_safe
def data_file(request: SignedInRequest) -> HttpResponse:
    """The same as a file."""
    response = JsonResponse(own_data.file_of(request.user), json_dumps_params={"ensure_ascii": False, "indent": 2})
    response["Content-Disposition"] = 'attachment; filename="gongzhi-my-data.json"'
    return response


@login_required
@require_http_methods(FORM_AND_DEED)
def close(request: SignedInRequest) -> HttpResponse:
    """Close the account: the page says what will happen, and a tick says that it was read."""
    person = request.user
    form = CloseForm.of(request)
    status, hindrance = 200, ""
    try:
        closing.demand_may_close(person)
        if form.is_valid():
            closing.close(person=person)
            end_session(request)
            messages.success(request, _("Your account is closed. Thank you for what you did."))
            return redirect("/")
        status = 422 if form.errors else 200
    except Refused as refusal:
        hindrance = refusal.sentence
        status = refusal.status if request.method == "POST" else 200
    return render(request, "communities/close.html", {"form": form, "hindrance": hindrance}, status=status)
