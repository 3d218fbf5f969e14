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
from kit.web import FORM_AND_DEED


@login_required
@require_http_methods(FORM_AND_DEED)
def invite(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask organisations to take part. ``do=find`` only looks for them, and keeps what is ticked."""
    action = doors.get_action_to_write_or_404(request.user, pk)
    is_search = request.POST.get("do") == "find"
    form = InviteForm(initial=request.POST.dict()) if is_search else InviteForm.of(request)
    shown = choices(request.POST.dict(), without=_known(action))
    if form.is_valid() and not shown.chosen:
        form.add_error(None, _("Tick at least one organisation."))
    if form.is_valid():
        with form.taking_refusals():
            parties.invite_all(
                action=action, organisations=shown.chosen, asked_for=form.cleaned_data["asked_for"], by=request.user
            )
            count = len(shown.chosen)
            said = ngettext("%(count)d organisation is asked.", "%(count)d organisations are asked.", count)
            messages.success(request, said % {"count": count})
            return redirect("events:desk", pk=pk)
    context = {"action": action, "title": title_at_desk(action), "form": form, "partners": shown}
    return render(request, "events/invite.html", context, status=form.status)


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
    form = LetGoForm.of(request)
    if form.is_valid():
        with form.taking_refusals():
            parties.let_go(party=party, word=form.cleaned_data["word"], by=request.user)
            messages.success(request, _("Done. The partner was told."))
            return redirect("events:desk", pk=pk)
    context = {"action": action, "title": title_at_desk(action), "party": party, "form": form}
    return render(request, "events/let_go.html", context, status=form.status)


def _known(action: Action) -> set[int]:
    """The host and whoever is asked or takes part."""
    return {action.host_id, *Party.objects.standing().filter(action=action).values_list("organisation_id", flat=True)}
