"""What a deed takes besides the case and whoever does it, and the sentence for what is missing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any, Protocol, Self

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from communities.models import Organisation, User
from grid.models import OPINION_LENGTH, Area, Case, Category, FilingStandard, Road, Segment
from kit.refusals import Refused, as_written

from .transitions import Need


class Picture(Protocol):
    """A picture that was made anew: the bytes of a JPEG and of a small one, and the size in pixels."""

    @property
    def picture(self) -> bytes: ...

    @property
    def small(self) -> bytes: ...

    @property
    def width(self) -> int: ...

    @property
    def height(self) -> int: ...


@dataclass(frozen=True)
class Particulars:
    """What was given; what was not stays as it stands here. Texts are without blanks around them and not too long."""

    reason: str = ""
    word: str = ""
    standard: FilingStandard | None = None
    unit: Organisation | None = None
    proposed_unit: Organisation | None = None
    units: Sequence[Organisation] = ()
    into: Case | None = None
    method: str = ""
    until: date | None = None
    rating: int | None = None
    person: User | None = None
    photos_before: Sequence[Picture] = ()
    photos_after: Sequence[Picture] = ()
    # What CORRECT sets right. What is named is written, empty or not.
    category: Category | None = None
    description: str = ""
    longitude: float | None = None
    latitude: float | None = None
    address: str = ""
    road: Road | None = None
    segment: Segment | None = None
    house_number: int | None = None
    cell: Area | None = None
    is_dwelling: bool = False
    is_public: bool = True
    is_urgent: bool = False
    is_complaint: bool = False
    against: Organisation | None = None
    # What HIDE takes down: the words of these steps, all pictures, the whole report.
    withheld: Sequence[int] = ()
    no_pictures: bool = False
    whole: bool = False
    named: frozenset[str] = frozenset()

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> Self:
        """Raises ``TypeError`` for what no deed takes, and ``Refused`` (422) for words that are too many."""
        if unknown := given.keys() - {field.name for field in fields(cls)}:
            raise TypeError(f"no deed takes {', '.join(sorted(unknown))}")
        taken = cls(**given, named=frozenset(given))
        return replace(
            taken,
            reason=as_written(taken.reason or "", most=OPINION_LENGTH, field="reason"),
            word=as_written(taken.word or "", most=OPINION_LENGTH, field="word"),
        )

    @staticmethod
    def fields_of(need: Need) -> tuple[str, ...]:
        """The fields in which this need is given: one, but for the two pictures."""
        return ("photos_before", "photos_after") if need is Need.BEFORE_AND_AFTER else (need.value,)

    def demand(self, need: Need) -> None:
        """Raise ``Refused`` (422) with the field and a sentence, where ``need`` was not given."""
        for field in self.fields_of(need):
            if not getattr(self, field):
                raise Refused(f"{field}_missing", MISSING[field], status=422, field=field)
        if need is Need.RATING and self.rating not in range(1, 6):
            raise Refused("rating_unknown", _("Please choose one of the five answers."), status=422, field="rating")
        if need is Need.METHOD and self.method not in Case.Method:
            raise Refused("method_unknown", MISSING["method"], status=422, field="method")


MISSING: Mapping[str, str | Promise] = {
    "reason": _("Please say why, so that whoever goes on with it understands."),
    "word": _("Please write a word that everybody can read, the reporter first."),
    "standard": _("Please choose the standard under which it is filed."),
    "unit": _("Please choose the unit that handles it."),
    "proposed_unit": _("Please say whose it is instead."),
    "units": _("Please choose the other units."),
    "into": _("Please choose the case that this one is joined to."),
    "method": _("Please say how it was handled: service, management or enforcement."),
    "until": _("Please choose the day on which work goes on."),
    "rating": _("Please choose one of the five answers."),
    "photos_before": _("Please add a picture of how it was before."),
    "photos_after": _("Please add a picture of how it is now."),
    "person": _("Please choose who does it."),
}
"""What is said of a field that a deed needs and nobody filled."""
