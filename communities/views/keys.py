"""Keys with which one's own programs speak for one: made, shown this once, ended."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from communities import doors, tokens
from communities.forms.keys import KeyForm
from communities.requests import SignedInRequest
from kit.web import FORM_AND_DEED


@login_required
@require_http_methods(FORM_AND_DEED)
@sensitive_variables("made")
def keys(request: SignedInRequest) -> HttpResponse:
    """The keys that hold, and a form for another.

    The answer to the form is the only page that shows the new key: a redirect would have to keep it somewhere on the way.
    Loaded again it is told that a key of that name is there.
    """
    form = KeyForm.of(request)
    made, name = "", ""
    if form.is_valid():
        with form.taking_refusals():
            name = form.cleaned_data["name"]
            made = tokens.issue(person=request.user, name=name)
            form = KeyForm()
    context = {"form": form, "made": made, "name": name, "keys": tokens.live_ones(request.user)}
    return render(request, "communities/keys.html", context, status=201 if made else form.status)


@login_required
@require_POST
def revoke(request: SignedInRequest, pk: int) -> HttpResponse:
    """End a key of one's own."""
    token = tokens.revoke(token=doors.get_own_token_or_404(request.user, pk))
    messages.success(
        request, _("The key “%(name)s” has ended. Programs that use it are shut out.") % {"name": token.name}
    )
    return redirect("communities:keys")
