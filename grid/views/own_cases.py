"""One's own reports: found again by the receipt code, answered, rated, asked for once more."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from communities.models import User
from grid.cases import adding, moving, questions
from grid.cases import doors as case_doors
from grid.cases import listing as case_listing
from grid.forms.own_case import AddForm, AnswerForm, FindForm, RateForm, ReopenForm
from grid.models import Case
from grid.reports import finding
from grid.rules.transitions import Actor, Deed
from grid.telling import subscribing
from kit.web import FORM_AND_DEED, with_retry

A_PAGE = 20


@require_http_methods(FORM_AND_DEED)
def find(request: HttpRequest) -> HttpResponse:
    """Look a report up by its receipt code alone. The code goes into no address: this browser's session remembers it."""
    form = FindForm.of(request)
    if form.is_valid():
        with form.taking_refusals():
            found = finding.find(form.cleaned_data["code"], address=request.META.get("REMOTE_ADDR", ""))
            case_doors.prove(request, found)
            return redirect("grid:case", number=found.number)
    answer = render(request, "grid/find.html", {"form": form}, status=form.status)
    return with_retry(answer, form.refusal)


@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """What whoever asks has reported, and what he or she follows."""
    now = timezone.now()
    reported = case_listing.with_all(case_doors.own_cases(request), are_own=True)
    page = Paginator(reported, A_PAGE).get_page(request.GET.get("page"))
    followed = [
        {"thing": subscribing.Thing.of(subscription), "key": subscription.key}
        for subscription in subscribing.followed_by(request.user)
    ]
    rows = case_listing.rows_of(page, now)
    waiting = case_listing.waiting_questions(page)
    context = {
        "page": page,
        "rows": [{"row": row, "waits": row.number in waiting} for row in rows],
        "followed": followed,
        "by_receipt": not isinstance(request.user, User),
    }
    return render(request, "grid/my_cases.html", context)


@require_POST
def forget(request: HttpRequest) -> HttpResponse:
    """This browser is somebody else's too: it forgets the receipt codes that it has shown."""
    case_doors.forget(request)
    messages.success(
        request, _("This browser no longer knows your reports. With the receipt code you find them again.")
    )
    return redirect("grid:find_case")


@require_http_methods(FORM_AND_DEED)
def answer(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Answer a question about one's own report."""
    case = case_doors.get_own_case_or_404(request, number)
    question = case_doors.get_question_or_404(case, pk)
    form = AnswerForm(request.POST, request.FILES) if request.method == "POST" else AnswerForm()
    if form.is_valid():
        with form.taking_refusals():
            questions.answer_question(
                question=question,
                words=form.cleaned_data["words"],
                photos=form.cleaned_data["photo"],
                by=_account(request, case),
            )
            messages.success(request, _("Thank you. Your answer was handed on, without your name."))
            return redirect("grid:case", number=number)
    return render(
        request, "grid/answer_question.html", {"form": form, "case": case, "question": question}, status=form.status
    )


@require_http_methods(FORM_AND_DEED)
def add(request: HttpRequest, number: str) -> HttpResponse:
    """Add a picture or a word to one's own report."""
    case = case_doors.get_own_case_or_404(request, number)
    form = AddForm(request.POST, request.FILES) if request.method == "POST" else AddForm()
    if form.is_valid():
        with form.taking_refusals():
            adding.add(
                case=case,
                words=form.cleaned_data["words"],
                photos=form.cleaned_data["photos"],
                by=_account(request, case),
            )
            messages.success(request, _("Thank you. It was handed on, without your name."))
            return redirect("grid:case", number=number)
    return render(request, "grid/add_to_case.html", {"form": form, "case": case}, status=form.status)


@require_http_methods(FORM_AND_DEED)
def rate(request: HttpRequest, number: str) -> HttpResponse:
    """Rate the answer to one's own report, once."""
    case = case_doors.get_own_case_or_404(request, number)
    form = RateForm.of(request)
    if form.is_valid():
        with form.taking_refusals():
            moving.move(
                case=case,
                deed=Deed.RATE,
                by=_account(request, case),
                actor_hint=Actor.REPORTER,
                rating=form.cleaned_data["rating"],
                word=form.cleaned_data["word"],
            )
            messages.success(request, _("Thank you for your rating."))
            return redirect("grid:case", number=number)
    return render(request, "grid/rate_case.html", {"form": form, "case": case}, status=form.status)


@require_http_methods(FORM_AND_DEED)
def reopen(request: HttpRequest, number: str) -> HttpResponse:
    """Ask once that it is handled again."""
    case = case_doors.get_own_case_or_404(request, number)
    form = ReopenForm.of(request)
    if form.is_valid():
        with form.taking_refusals():
            moving.move(
                case=case,
                deed=Deed.REOPEN,
                by=_account(request, case),
                actor_hint=Actor.REPORTER,
                reason=form.cleaned_data["reason"],
            )
            messages.success(request, _("It is handled once more."))
            return redirect("grid:case", number=number)
    return render(request, "grid/reopen_case.html", {"form": form, "case": case}, status=form.status)


def _account(request: HttpRequest, case: Case) -> User | None:
    """The account in whose name it is done; None for whoever is known by the receipt alone."""
    if isinstance(request.user, User) and not case_doors.holds_receipt(request, case):
        return request.user
    return None
