"""The directory: which organisations there are."""

from django.core.paginator import Page, Paginator
from django.db.models import F, Q

from .models import Organisation

ON_A_PAGE = 24


def listed(kind: str, number: str | int | None, asked: str = "") -> Page[Organisation]:
    """A page of the organisations whose own page is live, in the order of their verification; the unverified come last.

    An unknown ``kind`` means all of them, an unreadable ``number`` the nearest page there is; ``asked`` is a part of the
    name in either language.
    """
    organisations = Organisation.objects.public().select_related("section")
    if kind in Organisation.Kind.values:
        organisations = organisations.filter(kind=kind)
    if asked:
        organisations = organisations.filter(Q(name__icontains=asked) | Q(name_en__icontains=asked))
    ordered = organisations.order_by(F("verified_at").asc(nulls_last=True), "pk")
    return Paginator(ordered, ON_A_PAGE).get_page(number)


def kinds() -> list[str]:
    """The kinds of which there is at least one, in the order in which they are declared."""
    present = set(Organisation.objects.public().values_list("kind", flat=True).order_by().distinct())
    return [kind for kind in Organisation.Kind.values if kind in present]
