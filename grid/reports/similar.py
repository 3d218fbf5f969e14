"""Open cases that may be the same problem, shown before a report is sent, and people for whom it is a problem too."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError
from django.db.models import F, Prefetch
from django.utils.translation import gettext as _

from communities.models import User
from communities.permits import Person
from grid.models import Case, Category, Photo, Subscription, Supporter
from grid.net import geometry
from grid.net.geometry import Position
from kit.deeds import attempt, deed
from kit.refusals import Refused

RECENT = timedelta(hours=24)
"""How long ago it was reported at most: later it is the same only if somebody looks (domain 1.2)."""
NEAR = 50
"""Metres between two reports of one big class, or of no kind at all: each phone errs by ten or twenty (domain 1.2)."""
SIDE_BY_SIDE = 30
"""Metres where the kinds are not of one big class. People call one heap by different names, but then it is one heap: what
is further away and something else is another problem."""
MOST = 3
"""Shown at once: whoever has to read ten sends the report."""


@dataclass(frozen=True)
class Near:
    """An open case, and how many metres away it lies."""

    case: Case
    metres: int

    @property
    def picture(self) -> Photo | None:
        """What everybody sees of it first."""
        photos: list[Photo] = vars(self.case)["shown_photos"]
        return photos[0] if photos else None


def near(position: Position | None, category: Category | None, *, now: datetime) -> list[Near]:
    """Public open cases that may be the same, the nearest first. Those at dwellings are told nobody so exactly."""
    if position is None:
        return []
    pictures = Photo.objects.public().filter(moment=Photo.Moment.BEFORE)
    around = geometry.Box(*position, *position).widened(NEAR)
    candidates = (
        Case.objects.public()
        .open()
        .filter(
            longitude__range=(around.west, around.east),
            latitude__range=(around.south, around.north),
            reported_at__gt=now - RECENT,
            is_dwelling=False,
        )
        .select_related("category", "road", "cell")
        .prefetch_related(Prefetch("photos", pictures, to_attr="shown_photos"))
        .order_by("-pk")
    )
    found = sorted(_measured(candidates, position, category), key=lambda each: (each.metres, -each.case.pk))
    return found[:MOST]


@deed
def support(*, case: Case, by: Person | None = None, mark: uuid.UUID | None = None) -> bool:
    """For somebody it is a problem too: counted once for each person, or for each ``mark`` of a browser.

    Says whether it is counted now. Whoever has an account hears of the case from then on. Locks the case. Raises
    ``Refused``: ``ended`` for a case that is no longer open, ``nobody`` (422) without a person and a mark.
    """
    person = by if isinstance(by, User) else None
    if person is None and mark is None:
        raise Refused("nobody", _("Your browser keeps no cookies. Please sign in, or report it yourself."), status=422)
    held = Case.objects.select_for_update().get(pk=case.pk)
    if held.state in Case.ENDED:
        raise Refused("ended", _("This problem is no longer open. If it is still there, please report it."))
    if not _added(held, person, mark if person is None else None):
        return False
    Case.objects.filter(pk=held.pk).update(supporters_count=F("supporters_count") + 1)
    if person is not None:
        Subscription.objects.get_or_create(person=person, case=held)
    return True


def _added(case: Case, person: User | None, mark: uuid.UUID | None) -> bool:
    try:
        with attempt():
            Supporter.objects.create(case=case, person=person, mark=mark)
    except IntegrityError:
        return False
    return True


def _measured(cases: Iterable[Case], position: Position, category: Category | None) -> Iterable[Near]:
    for case in cases:
        if case.longitude is None or case.latitude is None:
            continue
        metres = geometry.metres_between(position, (case.longitude, case.latitude))
        other = case.category
        is_one_kind = category is None or other is None or category.big_class_id == other.big_class_id
        if metres <= (NEAR if is_one_kind else SIDE_BY_SIDE):
            yield Near(case, round(metres))
