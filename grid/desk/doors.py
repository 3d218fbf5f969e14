"""Fetching cases through the door of the desk: a case with which somebody has nothing to do is not there (404)."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from communities.models import User
from grid import permits
from grid.models import Case, Photo
from grid.rules.transitions import Deed
from kit.web import found_or_404

from .scopes import Scope, scope_of


def get_scope_or_403(person: User) -> Scope:
    """What the person has to do with; whoever has neither post nor unit nor case in hand has no place at the desk (403)."""
    scope = scope_of(person, timezone.localdate())
    if scope.is_empty:
        raise PermissionDenied(
            _("Cases are handled by those who hold a post in the grid, and by the units that answer for them.")
        )
    return scope


def get_case_at_desk_or_404(person: User, number: str) -> Case:
    """The case with what its page says, for whoever has something to do with it; for all others it is not there."""
    case = (
        Case.objects.filter(number=number)
        .select_related(
            "category", "standard", "road", "segment", "cell__parent__parent", "unit", "handler", "inspector", "into",
            "part_of",
        )
        .first()
    )  # fmt: skip
    if case is None or permits.roles_toward(person, case).isdisjoint(permits.AT_DESK):
        raise Http404
    return case


def get_photo_or_404(case: Case, pk: int) -> Photo:
    """A picture of this case; those of other cases are not there."""
    photo = found_or_404(Photo.objects.filter(case=case), pk)
    photo.case = case
    return photo


def get_deed_or_404(written: str) -> Deed:
    """The deed that an address names, with hyphens."""
    name = written.replace("-", "_")
    if name not in Deed:
        raise Http404
    return Deed(name)
