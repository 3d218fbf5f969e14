"""What a deed with a case consists of: whether it may be done now, and what it changes besides the state.

The files that are named for what people do – :mod:`taking_in <grid.taking_in>`, :mod:`sending_out <grid.sending_out>`,
:mod:`handling <grid.cases.handling>`, :mod:`settling <grid.cases.settling>` – hold one :class:`Way` for each deed; :mod:`grid.cases.moving`
walks them and writes the state.
"""

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.core.files.base import ContentFile
from django.utils.translation import gettext as _

from communities.models import User
from grid.models import Case, Photo, Step
from kit.refusals import Refused

from . import hands
from .particulars import MISSING, Particulars, Picture
from .transitions import Actor, Deed, Transition


@dataclass
class Asked:
    """A deed that somebody asks for: the case as it stands under its lock, and the step that will be written."""

    case: Case
    row: Transition
    by: User | None
    role: Actor
    now: datetime
    given: Particulars = field(default_factory=Particulars)
    step: Step = field(default_factory=Step)
    # Other cases that are locked with this one, and new ones that are made with it.
    other: Case | None = None
    parts: list[Case] = field(default_factory=list)
    # What the report said before, where it is written anew.
    former: dict[str, str] = field(default_factory=dict)
    # Who hears of it besides those whose turn it is.
    told: list[User] = field(default_factory=list)

    @property
    def deed(self) -> Deed:
        return self.row.deed

    def demand(self, name: str) -> None:
        """Raise ``Refused`` (422) where a field that this deed needs in this case was left empty."""
        if not getattr(self.given, name):
            raise Refused(f"{name}_missing", MISSING[name], status=422, field=name)


def whenever(asked: Asked) -> None:
    """The table says all there is to say."""


@dataclass(frozen=True)
class Way:
    """``demand`` raises ``Refused`` where the deed cannot be done now, whatever is given; ``do`` changes the case.

    ``do`` may refuse what was given, writes neither the state nor the rows of case and step, and is followed by ``after``
    when both have been written.
    """

    do: Callable[[Asked], None] = whenever
    demand: Callable[[Asked], None] = whenever
    after: Callable[[Asked], None] = whenever


Ways = Mapping[Deed, Way]


def demand_others_hands(asked: Asked) -> None:
    """Raise ``Refused("own_work", 403)`` for whoever handled it: nobody says of one's own work that it is done well."""
    if asked.by is not None and asked.by.pk in hands.workers(asked.case):
        raise Refused(
            "own_work", _("You handled this case yourself: somebody else looks whether it is fixed."), status=403
        )


def keep_photos(asked: Asked) -> None:
    """Keep the pictures that came with the step."""
    for moment, pictures in (
        (Photo.Moment.BEFORE, asked.given.photos_before),
        (Photo.Moment.AFTER, asked.given.photos_after),
    ):
        add_photos(asked.case, pictures, moment=moment, step=asked.step)


def add_photos(
    case: Case,
    pictures: Sequence[Picture],
    *,
    moment: Photo.Moment,
    step: Step | None = None,
    is_public: bool = True,
) -> None:
    """Keep pictures of a case; part of a deed."""
    for each in pictures:
        photo = Photo(case=case, step=step, moment=moment, is_public=is_public)
        name = uuid.uuid4().hex
        photo.small.save(f"{name}-small.jpg", ContentFile(each.small), save=False)
        photo.file.save(f"{name}.jpg", ContentFile(each.picture), save=False)
        photo.width, photo.height = each.width, each.height  # Django forgets them where the file is new
        photo.save()
