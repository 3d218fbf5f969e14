"""For whom else a case is a problem: a person, or a browser that carries a random mark."""

import uuid

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from communities.models import User
from communities.permits import Person
from grid.models import Case, Supporter

from . import floods, similar

MARK, YEAR = "gongzhi_also", 365 * 24 * 3600
"""The cookie by which a browser says *me too* once only."""


def say(case: Case, request: HttpRequest, *, is_own: bool) -> tuple[bool, uuid.UUID | None]:
    """Count whoever asks; say whether it was not counted before, and the mark that the browser keeps, if it needs one.

    ``is_own`` where it is the report of whoever asks: he or she said so first, and is not counted once more. Raises
    ``Refused`` as :func:`grid.reports.similar.support`, and ``too_many`` (429).
    """
    if is_own:
        return False, None
    floods.demand_room_for_support(source=request.META.get("REMOTE_ADDR", ""))
    if isinstance(request.user, User):
        return similar.support(case=case, by=request.user), None
    mark = _mark_in(request)
    return similar.support(case=case, mark=mark), mark


def keep(answer: HttpResponse, mark: uuid.UUID | None) -> HttpResponse:
    """The answer, with the mark that the browser keeps."""
    if mark is not None:
        secure = settings.SESSION_COOKIE_SECURE
        answer.set_cookie(MARK, str(mark), max_age=YEAR, httponly=True, samesite="Lax", secure=secure)
    return answer


def supports(person: Person, case: Case) -> bool:
    """Has this person said that it is a problem for them too? Of a browser's mark a page that caches keep says nothing."""
    return isinstance(person, User) and Supporter.objects.filter(case=case, person=person).exists()


def _mark_in(request: HttpRequest) -> uuid.UUID:
    """The mark of this browser; a new one where it has none, or one that is none of ours."""
    try:
        return uuid.UUID(hex=request.COOKIES.get(MARK, ""))
    except ValueError:
        return uuid.uuid4()
