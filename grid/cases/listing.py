"""The public list of cases: what may be asked of it in its address, and its rows in plain values.

The map beside it shows the same rows. Queries do not grow with them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import NamedTuple
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef, Prefetch, Q
from django.http import QueryDict
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from communities.models import Organisation
from communities.words import local_text
from grid.models import Area, AreaQuerySet, BigClass, Case, CaseQuerySet, Photo, Road
from grid.telling.words import Place, Saying, address_of, place_of, state_of, title_of

OPEN, ANSWERED = "open", "answered"
GROUPS: dict[str, Promise] = {
    OPEN: pgettext_lazy("cases", "In work"),
    ANSWERED: pgettext_lazy("cases", "Answered"),
}
DAYS: dict[str, tuple[int, Promise]] = {
    "7": (7, _("Last 7 days")),
    "30": (30, _("Last 30 days")),
}
LONGEST_SEARCH = 40


class Chip(NamedTuple):
    """One filter as a link; a chosen one (``on``) is undone by its link."""

    label: str | Promise
    url: str
    on: bool


class Choice(NamedTuple):
    """One of several in a select."""

    value: str
    label: str
    lang: str = ""


class Thumbnail(NamedTuple):
    """A picture as a list shows it."""

    url: str
    width: int
    height: int


@dataclass(frozen=True)
class Row:
    """A case in a list; also what the map is told of it."""

    number: str
    url: str
    title: str
    place: Place
    state: Saying
    reported_at: datetime
    closed_at: datetime | None
    unit: Organisation | None
    supporters: int
    before: Thumbnail | None
    after: Thumbnail | None


@dataclass(frozen=True)
class Filters:
    """What is asked of the list. Everything unknown in the address was ignored when it was read."""

    state: str = ""
    road: str = ""
    cell: str = ""
    community: str = ""
    """A community grid; what happens on the street fronts in it is there too."""
    category: str = ""
    """A big class as its letter and number, ``E01``."""
    unit: str = ""
    days: str = ""
    words: str = ""

    @classmethod
    def read(cls, query: QueryDict) -> "Filters":
        """From the address ``?state=&road=&cell=&community=&class=&unit=&days=&q=``; a value that means nothing is as good as none."""
        names = ("state", "road", "cell", "community", "class", "unit", "days")
        asked = {name: query.get(name, "").strip() for name in names}
        return cls(
            state=asked["state"] if asked["state"] in GROUPS else "",
            road=asked["road"] if Road.objects.filter(code=asked["road"]).exists() else "",
            cell=asked["cell"] if Area.objects.of_level(Area.Level.CELL).filter(code=asked["cell"]).exists() else "",
            community=asked["community"] if _communities().filter(code=asked["community"]).exists() else "",
            category=asked["class"] if asked["class"] in _big_classes() else "",
            unit=asked["unit"] if Organisation.objects.filter(slug=asked["unit"]).exists() else "",
            days=asked["days"] if asked["days"] in DAYS else "",
            words=" ".join(query.get("q", "").split())[:LONGEST_SEARCH],
        )

    @property
    def are_set(self) -> bool:
        return self != Filters()

    @property
    def asked(self) -> dict[str, str]:
        """What stands in the address, by its names there; only what was chosen."""
        said = {
            "state": self.state,
            "road": self.road,
            "cell": self.cell,
            "community": self.community,
            "class": self.category,
            "unit": self.unit,
            "days": self.days,
            "q": self.words,
        }
        return {name: value for name, value in said.items() if value}

    @property
    def address(self) -> str:
        """The list with these filters, on its first page."""
        query = urlencode(self.asked)
        return reverse("grid:cases") + (f"?{query}" if query else "")

    def cases(self, now: datetime) -> CaseQuerySet:
        """The public cases asked for, the newest first. One that was joined to another is found at the other."""
        found = Case.objects.public().exclude(state=Case.State.MERGED)
        match self.state:
            case "open":
                found = found.open()
            case "answered":
                found = found.filter(state=Case.State.CLOSED)
        if self.road:
            found = found.filter(road__code=self.road)
        if self.cell:
            found = found.filter(cell__code=self.cell)
        if self.community:
            found = found.filter(community__code=self.community)
        if self.category:
            found = found.filter(category__code__startswith=self.category)
        if self.unit:
            found = found.filter(unit__slug=self.unit)
        if self.days:
            found = found.filter(reported_at__gte=now - timedelta(days=DAYS[self.days][0]))
        for word in self.words.split():
            found = found.filter(_holds(word))
        return found.order_by("-reported_at", "-id")

    def chips(self) -> list[Chip]:
        """The filters that are always in sight."""
        groups = [
            Chip(label, replace(self, state="" if self.state == group else group).address, self.state == group)
            for group, label in GROUPS.items()
        ]
        days = [
            Chip(label, replace(self, days="" if self.days == name else name).address, self.days == name)
            for name, (_days, label) in DAYS.items()
        ]
        return [*groups, *days]

    def rarer(self) -> int:
        """How many of the filters in the drawer are set."""
        return sum(
            bool(value) for value in (self.road, self.cell, self.community, self.category, self.unit, self.words)
        )

    def kept(self) -> list[tuple[str, str]]:
        """What the form in the drawer sends along: the filters that stand outside it."""
        return [(name, value) for name, value in self.asked.items() if name in ("state", "days")]

    def roads(self) -> list[Choice]:
        """Roads on which there is a public case."""
        return _choices(Road.objects.filter(_has_case("road")))

    def cells(self) -> list[Choice]:
        return _choices(Area.objects.of_level(Area.Level.CELL).filter(_has_case("cell")))

    def communities(self) -> list[Choice]:
        return _choices(_communities().filter(_has_case("community")))

    def classes(self) -> list[Choice]:
        return [Choice(code, name) for code, name in _big_classes().items()]

    def units(self) -> list[Choice]:
        found = Organisation.objects.filter(_has_case("unit")).order_by("name")
        return [Choice(unit.slug, unit.spoken_name) for unit in found]


def rows_of(cases: Iterable[Case], now: datetime) -> list[Row]:
    """The cases as lists show them; from :func:`with_all`."""
    return [_row(case, now) for case in cases]


def with_all(cases: CaseQuerySet, *, are_own: bool = False) -> CaseQuerySet:
    """The cases with all that a row says of them, in one query and one more for the pictures.

    ``are_own`` where they are all reports of whoever asks, who sees their pictures before they are taken in.
    """
    shown = Photo.objects.filter(is_public=True) if are_own else Photo.objects.public()
    pictures = shown.exclude(moment=Photo.Moment.DURING).order_by("id")
    return cases.select_related("category", "road", "cell", "unit").prefetch_related(
        Prefetch("photos", pictures, to_attr="shown_photos")
    )


def thumbnail_of(case: Case, photo: Photo) -> Thumbnail:
    """The small picture of a case under its address on this site, with the proportions of the large one."""
    return Thumbnail(reverse("grid:case_photo", args=[case.number, photo.pk, "small"]), photo.width, photo.height)


def _row(case: Case, now: datetime) -> Row:
    photos: Sequence[Photo] = vars(case)["shown_photos"]
    before = next((photo for photo in photos if photo.moment == Photo.Moment.BEFORE), None)
    after = next((photo for photo in photos if photo.moment == Photo.Moment.AFTER), None)
    return Row(
        number=case.number,
        url=address_of(case),
        title=title_of(case),
        place=place_of(case),
        state=state_of(case, now),
        reported_at=case.reported_at,
        closed_at=case.closed_at,
        unit=case.unit,
        supporters=case.supporters_count,
        before=thumbnail_of(case, before) if before else None,
        after=thumbnail_of(case, after) if after else None,
    )


def _holds(word: str) -> Q:
    """The word stands in what everybody may read of the case: so not in the address of a dwelling."""
    return (
        Q(number__icontains=word)
        | Q(description__icontains=word)
        | Q(answer__icontains=word, is_answer_withheld=False)
        | Q(address__icontains=word, is_dwelling=False)
        | Q(category__name__icontains=word)
        | Q(category__name_en__icontains=word)
        | Q(road__name__icontains=word)
        | Q(road__name_en__icontains=word)
    )


def _communities() -> AreaQuerySet:
    return Area.objects.of_level(Area.Level.GRID).filter(kind=Area.Kind.COMMUNITY)


def _has_case(field: str) -> Exists:
    return Exists(Case.objects.public().filter(**{field: OuterRef("pk")}))


def _choices(places: Iterable[Road | Area]) -> list[Choice]:
    return [Choice(place.code, place.spoken_name) for place in places]


def _big_classes() -> dict[str, str]:
    """Letter and number → name: how the codes of the categories below begin."""
    letter = {BigClass.Kind.COMPONENT: "C", BigClass.Kind.EVENT: "E"}
    return {
        f"{letter[BigClass.Kind(each.kind)]}{each.code}": local_text(each.name, each.name_en).text
        for each in BigClass.objects.order_by("kind", "code", "pk")
    }


def waiting_questions(cases: Iterable[Case]) -> set[str]:
    """The numbers of those of these cases whose reporter was asked something and has not answered."""
    open_ones = Case.objects.open().filter(pk__in=[case.pk for case in cases], questions__reply="")
    return set(open_ones.values_list("number", flat=True))
