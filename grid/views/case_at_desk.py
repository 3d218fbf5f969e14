"""A case at the desk: the whole of it, and one page for each deed."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from communities.requests import SignedInRequest
from grid import permits
from grid.cases import noting, questions
from grid.cases.moving import allowed, move
from grid.desk import contacts, faces
from grid.desk import doors as desk_doors
from grid.desk import history as desk_history
from grid.desk import words as staff_words
from grid.forms import moving as moving_forms
from grid.forms.moving import MovingForm
from grid.forms.noting import NoteForm, QuestionForm
from grid.models import Case, ReplyTemplate, Reporter
from grid.rules.lights import Lamp
from grid.rules.transitions import ROW, Actor, Deed
from grid.telling.words import kind_of
from kit.refusals import Refused
from kit.web import FORM_AND_DEED

MAIN = (
    Deed.FILE, Deed.DISPATCH, Deed.GRANT_DELAY, Deed.TAKE, Deed.SUBMIT, Deed.RESUME, Deed.REPORT_VERIFIED,
    Deed.SOLVE_ON_THE_SPOT,
)  # fmt: skip
"""Of the deeds that are possible, the first of these is the one that the case waits for."""

MAIN_CHECKED = (Deed.CLOSE,)
MAIN_UNCHECKED = (Deed.CONFIRM, Deed.CHECK, Deed.CLOSE)
"""Of one that is handled: as soon as somebody has seen it, it is closed."""

FOR_THE_REPORTER = frozenset(row.deed for row in ROW.values() if row.by == {Actor.REPORTER})
"""Done on the public page of the case."""

DANGEROUS = frozenset({Deed.REJECT, Deed.VOID})
"""The case ends with these."""


@dataclass(frozen=True)
class Way:
    """A deed that is possible, as a button."""

    deed: Deed
    label: str
    url: str
    is_main: bool
    # One press does it: there is nothing to fill in.
    at_once: bool
    is_dangerous: bool


@login_required
@require_safe
def case_at_desk(request: SignedInRequest, number: str) -> HttpResponse:
    """Everything about a case that this person may know, and what may be done with it now."""
    return _page(request, desk_doors.get_case_at_desk_or_404(request.user, number))


@login_required
@require_http_methods(FORM_AND_DEED)
def case_deed(request: SignedInRequest, number: str, deed: str) -> HttpResponse:
    """One deed: what it needs, and doing it."""
    case = desk_doors.get_case_at_desk_or_404(request.user, number)
    wanted = desk_doors.get_deed_or_404(deed)
    if wanted in FOR_THE_REPORTER or wanted not in ROW:
        raise PermissionDenied(_("This is done by whoever reported the case, on its own page."))
    _demand_role(request, case, wanted)
    is_sent = request.method == "POST"
    form = moving_forms.to_do(
        wanted, case, request.user, typed=request.POST if is_sent else None, files=request.FILES if is_sent else None
    )
    if is_sent and request.POST.get("do") == "fill":
        return _deed_page(request, case, wanted, _filled(request, form, case), status=200)
    if form.is_valid():
        with form.taking_refusals():
            _do(request, case, wanted, form)
            messages.success(request, _("Done: %(deed)s.") % {"deed": wanted.label})
            return redirect(_after(request, case))
    return _deed_page(request, case, wanted, form, status=form.status)


@login_required
@require_http_methods(FORM_AND_DEED)
def case_note(request: SignedInRequest, number: str) -> HttpResponse:
    """A note for those who work on the case."""
    case = desk_doors.get_case_at_desk_or_404(request.user, number)
    if request.method != "POST":
        return redirect("grid:case_at_desk", number=number)
    form = NoteForm(request.POST)
    if form.is_valid():
        with form.taking_refusals():
            noting.note(case=case, words=form.cleaned_data["words"], by=request.user)
            return redirect(f"{reverse('grid:case_at_desk', args=[number])}#notes")
    return _page(request, case, note=form, status=form.status)


@login_required
@require_http_methods(FORM_AND_DEED)
def case_question(request: SignedInRequest, number: str) -> HttpResponse:
    """A question to whoever reported it."""
    case = desk_doors.get_case_at_desk_or_404(request.user, number)
    if request.method != "POST":
        return redirect("grid:case_at_desk", number=number)
    form = QuestionForm(request.POST)
    if form.is_valid():
        with form.taking_refusals():
            questions.ask_reporter(case=case, words=form.cleaned_data["question"], by=request.user)
            messages.success(request, _("It is asked. The answer will stand here, and among your messages."))
            return redirect(f"{reverse('grid:case_at_desk', args=[number])}#questions")
    return _page(request, case, question=form, status=form.status)


@login_required
@require_POST
def case_contact(request: SignedInRequest, number: str) -> HttpResponse:
    """Show how the reporter is reached; that it was looked up is kept."""
    case = desk_doors.get_case_at_desk_or_404(request.user, number)
    try:
        reporter = contacts.look_up(case=case, by=request.user)
    except Refused as refusal:
        return _page(request, case, refusal=refusal, status=refusal.status)
    return _page(request, case, reporter=reporter)


# --- the deed -----------------------------------------------------------------------------------------------------------


def _do(request: SignedInRequest, case: Case, deed: Deed, form: MovingForm) -> None:
    """Raises ``Refused``: ``moved_meanwhile`` where others went on since the form was shown, and what the deed refuses."""
    seen = form.cleaned_data["seen"]
    happened = desk_history.happened_since(case, seen, but=(request.user, deed)) if seen is not None else ""
    if happened:
        # Whoever sends it once more has read it.
        form.see_again(case)
        raise Refused("moved_meanwhile", happened)
    move(case=case, deed=deed, by=request.user, **form.particulars())
    form.forget_pictures()


def _demand_role(request: SignedInRequest, case: Case, deed: Deed) -> None:
    roles = permits.roles_toward(request.user, case)
    if roles.isdisjoint(ROW[deed].by):
        who = ", ".join(str(actor.label) for actor in Actor if actor in ROW[deed].by)
        raise PermissionDenied(
            _("“%(deed)s” is not yours to do in this case; that may: %(who)s.") % {"deed": deed.label, "who": who}
        )


def _filled(request: SignedInRequest, form: MovingForm, case: Case) -> MovingForm:
    """The same form, with the words of the chosen template where nothing of one's own was written."""
    template = ReplyTemplate.objects.filter(pk=_number(request.POST.get("template", ""))).first()
    form.is_valid()  # its pictures are kept
    typed = request.POST.copy()
    if template is not None:
        typed["word"] = staff_words.filled(template, case)
    return moving_forms.shown_again(form, typed)


def _number(written: str) -> int:
    return int(written) if written.isascii() and written.isdigit() and len(written) < 10 else 0


def _after(request: SignedInRequest, case: Case) -> str:
    """Back to the case, or to the desk where one has nothing more to do with it."""
    fresh = Case.objects.select_related("unit", "road").get(pk=case.pk)
    if permits.roles_toward(request.user, fresh).isdisjoint(permits.AT_DESK):
        return reverse("grid:case_desk")
    return reverse("grid:case_at_desk", args=[case.number])


# --- what the pages show ------------------------------------------------------------------------------------------------


def _page(
    request: SignedInRequest,
    case: Case,
    *,
    note: NoteForm | None = None,
    question: QuestionForm | None = None,
    reporter: Reporter | None = None,
    refusal: Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    ways = _ways(request, case)
    context = {
        **faces.shown(case, person=request.user, now=timezone.now()),
        "main": next((way for way in ways if way.is_main), None),
        "others": [way for way in ways if not way.is_main],
        "note": note or NoteForm(),
        "question": question or QuestionForm(),
        "reporter": reporter,
        "refusal": refusal,
        "seen": moving_forms.last_step(case),
    }
    return render(request, "grid/case_at_desk.html", context, status=status)


def _ways(request: SignedInRequest, case: Case) -> list[Way]:
    """What is possible now, the main deed first."""
    possible = [deed for deed in allowed(request.user, case, timezone.now()) if deed not in FOR_THE_REPORTER]
    order_of_main = (*MAIN, *(MAIN_CHECKED if case.checked_at else MAIN_UNCHECKED))
    main = next((deed for deed in order_of_main if deed in possible), None)
    order = [*([main] if main else []), *(deed for deed in possible if deed != main)]
    return [
        Way(
            deed=deed,
            label=str(deed.label),
            url=address_of(case, deed),
            is_main=deed == main,
            at_once=not moving_forms.asks_anything(deed),
            is_dangerous=deed in DANGEROUS,
        )
        for deed in order
    ]


def address_of(case: Case, deed: Deed) -> str:
    """The page of a deed with a case."""
    return reverse("grid:case_deed", args=[case.number, deed.value.replace("_", "-")])


def _deed_page(request: SignedInRequest, case: Case, deed: Deed, form: MovingForm, *, status: int) -> HttpResponse:
    inside = not permits.roles_toward(request.user, case).isdisjoint(permits.INSIDE)
    context: dict[str, Any] = {
        "case": case,
        "deed": deed,
        "kind": kind_of(case),
        "place": staff_words.place_of(case, inside=inside),
        "standing": Lamp.lit(timezone.now()).of(case),
        "form": form,
        "is_dangerous": deed in DANGEROUS,
        "why_not": "" if deed in allowed(request.user, case, timezone.now()) else desk_history.stands_now(case),
        "back": reverse("grid:case_at_desk", args=[case.number]),
    }
    return render(request, "grid/case_deed.html", context, status=status)
