"""The desk's partners: asking organisations, asking no longer, and going on without one."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from communities.requests import SignedInRequest
from events import doors, parties
from events.desks import title_at_desk
from events.forms.partners import InviteForm, LetGoForm, choices
from events.models import Action, Party
from kit.refusals import Refused

FORM_AND_DEED = ["GET", "HEAD", "POST"]


@login_required
@require_http_methods(FORM_AND_DEED)
def invite(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask organisations to take part. ``do=find`` only looks for them, and keeps what is ticked."""
    action = doors.get_action_to_write_or_404(request.user, pk)
    is_sent = request.method == "POST"
    form = InviteForm(request.POST if is_sent else None)
    shown = choices(request.POST.dict(), without=_known(action))
    status = 200
    if is_sent and request.POST.get("do") != "find":
        status = 422
        if form.is_valid() and not shown.chosen:
            form.add_error(None, _("Tick at least one organisation."))
        elif form.is_valid():
            try:
                parties.invite_all(
                    action=action, organisations=shown.chosen, asked_for=form.cleaned_data["asked_for"], by=request.user
                )
            except Refused as refusal:
                form.add_error("asked_for" if refusal.field == "asked_for" else None, refusal.sentence)
                status = refusal.status
            else:
                count = len(shown.chosen)
                said = ngettext("%(count)d organisation is asked.", "%(count)d organisations are asked.", count)
                messages.success(request, said % {"count": count})
                return redirect("events:desk", pk=pk)
    context = {"action": action, "title": title_at_desk(action), "form": form, "partners": shown}
    return render(request, "events/invite.html", context, status=status)


@login_required
@require_POST
def take_back(request: SignedInRequest, pk: int, party_pk: int) -> HttpResponse:
    """Ask an organisation no longer."""
    action = doors.get_action_to_write_or_404(request.user, pk)
    party = doors.get_party_at_desk_or_404(action, party_pk)
    try:
        parties.take_back(party=party, by=request.user)
    except Refused as refusal:
        messages.warning(request, refusal.sentence)
    else:
        messages.success(request, _("The invitation is taken back."))
    return redirect("events:desk", pk=pk)


@login_required
@require_http_methods(FORM_AND_DEED)
def let_go(request: SignedInRequest, pk: int, party_pk: int) -> HttpResponse:
    """Go on without a partner that takes part, and say why."""
    action = doors.get_action_to_write_or_404(request.user, pk)
    party = doors.get_party_at_desk_or_404(action, party_pk)
    if party.state != Party.State.JOINED:
        messages.info(request, parties.how_it_stands(party))
        return redirect("events:desk", pk=pk)
    form = LetGoForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                parties.let_go(party=party, word=form.cleaned_data["word"], by=request.user)
            except Refused as refusal:
                form.add_error("word" if refusal.field else None, refusal.sentence)
                status = refusal.status
            else:
                messages.success(request, _("Done. The partner was told."))
                return redirect("events:desk", pk=pk)
    context = {"action": action, "title": title_at_desk(action), "party": party, "form": form}
    return render(request, "events/let_go.html", context, status=status)


def _known(action: Action) -> set[int]:
    """The host and whoever is asked or takes part."""
    return {action.host_id, *Party.objects.standing().filter(action=action).values_list("organisation_id", flat=True)}
