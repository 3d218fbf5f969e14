"""The organisation's own page, written by its coordinator."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from communities import describing, doors
from communities.forms.organisations import DescribeForm
from communities.models import Organisation
from communities.requests import SignedInRequest
from kit.web import FORM_AND_DEED


@login_required
@require_http_methods(FORM_AND_DEED)
def describe(request: SignedInRequest, pk: int) -> HttpResponse:
    """Write who we are, and how we are reached."""
    organisation = doors.get_organisation_to_describe_or_404(request.user, pk)
    form = DescribeForm.of(request, initial=_as_it_is(organisation))
    if form.is_valid():
        with form.taking_refusals():
            describing.describe(organisation=organisation, by=request.user, **form.cleaned_data)
            messages.success(request, _("Saved."))
            return redirect(_back(organisation))
    context = {"organisation": organisation, "form": form, "back": _back(organisation)}
    return render(request, "communities/describe.html", context, status=form.status)


def _back(organisation: Organisation) -> str:
    """To the page itself; where it is offline, to oneself."""
    return organisation.public_url or "/me/"


def _as_it_is(organisation: Organisation) -> dict[str, str]:
    page = describing.page_as_written(organisation)
    return {
        "name_en": organisation.name_en,
        "phone": organisation.phone,
        "intro": page.intro if page else "",
        "intro_en": page.intro_en if page else "",
    }
