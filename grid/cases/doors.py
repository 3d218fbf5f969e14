"""Fetching cases through the door, and the proof by which somebody without an account is known as the reporter of one.

Whoever has shown the receipt code of a case is its reporter as long as the session lasts. The code itself is kept nowhere
and stands in no address, so the page of a case can be passed on as it is.
"""

import uuid
from datetime import datetime, timedelta

from django.http import Http404, HttpRequest

from communities.models import User
from grid import permits
from grid.models import Case, CaseQuerySet, Photo, Question
from kit.web import found_or_404, is_id

SESSION_KEY = "grid_receipts"
NAMED = ("category", "standard", "road", "cell", "unit__section", "into", "part_of")
"""What the page of a case names besides it."""

SENT_KEY = "grid_sent"
SENT_BEFORE = timedelta(hours=1)
"""Within this time what is sent once more word for word, in a form that came anew, is the same report."""

MOST_PROOFS = 30
"""Cases whose codes one session remembers; beyond that the first one is forgotten."""


def prove(request: HttpRequest, case: Case) -> None:
    """The receipt code of this case was shown in this session."""
    proofs = [pk for pk in _proofs(request) if pk != case.pk]
    request.session[SESSION_KEY] = [*proofs, case.pk][-MOST_PROOFS:]


def forget(request: HttpRequest) -> None:
    """This session knows no receipt any more."""
    request.session.pop(SESSION_KEY, None)
    request.session.pop(SENT_KEY, None)


def remember_sent(request: HttpRequest, content: uuid.UUID, case: Case) -> None:
    """What this session has sent last: the key of what was said, and the case that became of it."""
    request.session[SENT_KEY] = [str(content), case.pk]


def sent_before(request: HttpRequest, content: uuid.UUID, now: datetime) -> Case | None:
    """The open case of whoever asks that was reported in these words within :data:`SENT_BEFORE`; None where there is none."""
    last = request.session.get(SENT_KEY)
    if not isinstance(last, list) or last[:1] != [str(content)]:
        return None
    case = Case.objects.open().filter(pk=last[1], reported_at__gt=now - SENT_BEFORE).first()
    return case if case is not None and may_read_receipt(request, case) else None


def holds_receipt(request: HttpRequest, case: Case) -> bool:
    """Was the receipt code of this case shown in this session?"""
    return case.pk in _proofs(request)


def is_reporter(request: HttpRequest, case: Case) -> bool:
    """Is it the report of whoever asks, by account or by receipt code?"""
    return holds_receipt(request, case) or permits.reported(request.user, case)


def may_read_receipt(request: HttpRequest, case: Case) -> bool:
    """Is the receipt code told to whoever asks: the reporter, or whoever wrote the report down for somebody else?"""
    if is_reporter(request, case):
        return True
    return isinstance(request.user, User) and case.steps.filter(number=1, by=request.user).exists()


def own_cases(request: HttpRequest) -> CaseQuerySet:
    """What whoever asks has reported, by account or by the receipt codes that this session has shown."""
    found = Case.objects.filter(pk__in=_proofs(request))
    if isinstance(request.user, User):
        found |= Case.objects.filter(reporter__person=request.user)
    return found.distinct().order_by("-reported_at", "-id")


def get_case_or_404(request: HttpRequest, number: str) -> Case:
    """The case with all that its page names, for whoever may see it; for everybody else it is not there."""
    case = Case.objects.filter(number=number).select_related(*NAMED).first()
    if case is None or not permits.may_see(request.user, case, holds_receipt=holds_receipt(request, case)):
        raise Http404
    return case


def was_taken_down(number: str) -> bool:
    """Was the whole report of this number published, and taken down?"""
    return Case.objects.filter(number=number, taken_down_at__isnull=False).exists()


def read_again(case: Case) -> Case:
    """The case as it stands now: behind the numbers from which its page goes on live. 404 if it is gone."""
    found = Case.objects.filter(pk=case.pk).select_related(*NAMED).first()
    if found is None:
        raise Http404
    return found


def get_own_case_or_404(request: HttpRequest, number: str) -> Case:
    """The case, for its reporter; for everybody else it is not there."""
    case = Case.objects.filter(number=number).first()
    if case is None or not is_reporter(request, case):
        raise Http404
    return case


def get_question_or_404(case: Case, pk: int) -> Question:
    """A question about this case; those about others are not there."""
    return found_or_404(Question.objects.filter(case=case), pk)


def get_photo_or_404(request: HttpRequest, number: str, pk: int) -> Photo:
    """A picture that whoever asks may see; for everybody else it is not there."""
    if not is_id(str(pk)):
        raise Http404
    photo = Photo.objects.filter(pk=pk, case__number=number).select_related("case").first()
    if photo is None:
        raise Http404
    proven = holds_receipt(request, photo.case)
    if not permits.may_see(request.user, photo.case, holds_receipt=proven):
        raise Http404
    if not permits.may_see_photo(request.user, photo, holds_receipt=proven):
        raise Http404
    return photo


def _proofs(request: HttpRequest) -> list[int]:
    kept = request.session.get(SESSION_KEY)
    return [pk for pk in kept if isinstance(pk, int)] if isinstance(kept, list) else []
