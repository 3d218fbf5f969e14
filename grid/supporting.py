"""For whom else a case is a problem: a person, or a browser that carries a random mark in its session."""

import uuid

from django.http import HttpRequest

from communities.models import User

from .models import Case, Supporter

SESSION_KEY = "grid_supporter"


def mark_of(request: HttpRequest) -> uuid.UUID | None:
    """The mark of this browser, if it has one."""
    kept = request.session.get(SESSION_KEY)
    return uuid.UUID(kept) if isinstance(kept, str) else None


def given_mark(request: HttpRequest) -> uuid.UUID:
    """The mark of this browser; it gets one if it has none."""
    mark = mark_of(request) or uuid.uuid4()
    request.session[SESSION_KEY] = str(mark)
    return mark


def supports(request: HttpRequest, case: Case) -> bool:
    """Has whoever asks said that it is a problem for them too?"""
    if isinstance(request.user, User):
        return Supporter.objects.filter(case=case, person=request.user).exists()
    mark = mark_of(request)
    return mark is not None and Supporter.objects.filter(case=case, mark=mark).exists()
