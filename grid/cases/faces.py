"""The page of a case, as one person sees it: plain values, so that the template asks nothing of the database.

Everybody reads the same public words. Its reporter, known by account or receipt code, also reads what was asked of him or
her and may answer, rate and ask again; who that is stands nowhere.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from communities.models import Organisation
from grid import permits
from grid.models import Case, Note, Photo, PhotoQuerySet, Question, Step, Unit
from grid.reports import supporting
from grid.rules import working_time
from grid.rules.transitions import Deed
from grid.telling import subscribing
from grid.telling.subscribing import Thing, What
from grid.telling.words import (
    Mark,
    Place,
    Saying,
    Told,
    address_of,
    day_of,
    due_words,
    place_of,
    state_of,
    title_of,
    told,
    way_of,
)
from updates import book

from . import adding, moving
from . import doors as case_doors

State = Case.State


@dataclass(frozen=True)
class Picture:
    """A picture of the case under its addresses on this site."""

    small: str
    large: str
    width: int
    height: int
    words: str


class Due(NamedTuple):
    """A deadline: when it is, and how much of its own time is left, or since when it is over."""

    when: str
    left: str
    is_over: bool


class Link(NamedTuple):
    """Another case that this one names; without an address where it is not public."""

    number: str
    url: str


@dataclass(frozen=True)
class Entry:
    """One step on the time line, with the pictures that came with it."""

    told: Told
    pictures: Sequence[Picture] = ()


@dataclass(frozen=True)
class OwnPart:
    """What only the reporter sees."""

    questions: Sequence[Question]
    may_answer: bool
    added: Sequence[Note]
    may_add: bool
    may_rate: bool
    may_reopen: bool
    by_receipt: bool
    """Known by the receipt code alone: this browser can be told to forget it."""


@dataclass(frozen=True)
class CaseFace:
    """Everything that the page of a case shows to one person."""

    case: Case
    number: str
    url: str
    title: str
    state: Saying
    place: Place
    is_public: bool
    way: Sequence[Mark]
    waits_for: str
    """Who has to do something now; empty where nobody has."""
    due: Due | None
    entries: Sequence[Entry]
    """What was done, the newest first; the report itself stands below them."""
    before: Sequence[Picture]
    after: Sequence[Picture]
    pictures_wait: bool
    """There are some, and only the reporter and those who work on it see them yet."""
    unit: Organisation | None
    into: Link | None
    part_of: Link | None
    joined: Sequence[Link]
    parts: Sequence[Link]
    put_off_until: str
    thing: Thing | None
    """What may be followed; nothing while the case is not public, nor when it was joined to another."""
    follows: bool
    supports: bool
    may_support: bool
    own: OwnPart | None
    follow: str
    """What the page follows, as JSON; empty for whoever may not listen: a receipt code opens the page, not the book."""


def face_of(case: Case, *, request: HttpRequest, now: datetime) -> CaseFace:
    """The case as its page shows it to whoever asks; it comes through its door. A constant number of queries."""
    topic = f"case:{case.number}"
    listens = permits.may_follow_case(request.user, case.number)
    heads = book.heads([topic]) if listens else {}
    # Behind the numbers from which the page goes on live.
    case = case_doors.read_again(case)
    public = case.is_shown
    steps = list(case.steps.select_related("to_unit").order_by("number"))
    proven = case_doors.holds_receipt(request, case)
    pictures = pictures_of(case, permits.photos_to_see(request.user, case, holds_receipt=proven))
    thing = Thing(What.CASE, case) if public and case.state != State.MERGED else None
    own = _own_part(case, request, now)
    return CaseFace(
        case=case,
        number=case.number,
        url=address_of(case),
        title=title_of(case),
        state=state_of(case, now),
        place=place_of(case),
        is_public=public,
        way=way_of(case, steps),
        waits_for=_waits_for(case),
        due=due_of(case, now),
        entries=_entries(case, steps, pictures, now),
        before=_of(pictures, Photo.Moment.BEFORE),
        after=_of(pictures, Photo.Moment.AFTER),
        pictures_wait=bool(pictures) and case.keeps_pictures_back,
        unit=case.unit,
        into=_link(case.into),
        part_of=_link(case.part_of),
        joined=_links(case.joined.all()),
        parts=_links(case.parts.all()),
        put_off_until=day_of(case.suspended_until, now) if case.state == State.SUSPENDED else "",
        thing=thing,
        follows=thing is not None and subscribing.follows(request.user, thing),
        supports=supporting.supports(request.user, case),
        may_support=public and own is None and case.state not in Case.ENDED,
        own=own,
        follow=json.dumps(dict(heads)) if listens else "",
    )


def pictures_of(case: Case, photos: PhotoQuerySet) -> list[tuple[Photo, Picture]]:
    """These pictures of it in the order in which they came. One query."""
    found = []
    numbers: dict[str, int] = {}
    for photo in photos.order_by("id"):
        numbers[photo.moment] = numbers.get(photo.moment, 0) + 1
        words = _("%(moment)s, picture %(number)s") % {
            "moment": photo.get_moment_display(),
            "number": numbers[photo.moment],
        }
        small, large = (reverse("grid:case_photo", args=[case.number, photo.pk, size]) for size in ("small", "large"))
        found.append((photo, Picture(small, large, photo.width, photo.height, words)))
    return found


def due_of(case: Case, now: datetime) -> Due | None:
    """By when somebody has to do what is being waited for; None while nothing is, or no limit is set.

    In hand it is the handling deadline; what is left is said on the clock of the standard it was filed under, elsewhere in
    working time.
    """
    if case.state in Case.AT_WORK:
        due, unit = case.due_at, case.standard.unit if case.standard else Unit.WORK_HOUR
    elif case.state in (*Case.ENDED, State.SUSPENDED):
        return None
    else:
        due, unit = case.step_due_at, Unit.WORK_HOUR
    if due is None:
        return None
    if due < now:
        return Due(due_words(due, now), _("over"), is_over=True)
    left = working_time.passed(unit, now, due, working_time.calendar_for(now, unit))
    return Due(due_words(due, now), left_words(left, unit), is_over=False)


def left_words(left: timedelta, unit: str) -> str:
    """How much time is left on the clock of this unit, in its two largest parts."""
    is_working = not working_time.runs_always(unit)
    day = working_time.day_length() if is_working else timedelta(days=1)
    days, rest = divmod(left, day)
    hours, rest = divmod(rest, timedelta(hours=1))
    minutes = rest // timedelta(minutes=1)
    parts = []
    if days and is_working:
        parts.append(ngettext("%(count)s working day", "%(count)s working days", days) % {"count": days})
    elif days:
        parts.append(ngettext("%(count)s day", "%(count)s days", days) % {"count": days})
    if hours:
        parts.append(ngettext("%(count)s hour", "%(count)s hours", hours) % {"count": hours})
    if not days and (minutes or not hours):
        parts.append(ngettext("%(count)s minute", "%(count)s minutes", minutes) % {"count": minutes})
    words = " ".join(parts)
    if is_working and not days:
        return _("%(time)s of working time left") % {"time": words}
    return _("%(time)s left") % {"time": words}


def _waits_for(case: Case) -> str:
    unit = case.unit.spoken_name if case.unit else ""
    match case.state:
        case State.REPORTED:
            return _("The acceptors look at it and take it in")
        case State.VERIFYING:
            return _("A grid worker goes there to see")
        case State.FILED:
            return _("The dispatcher sends it to the unit that answers for it")
        case State.DISPATCHED:
            return _("%(unit)s takes it on") % {"unit": unit}
        case State.HANDLING:
            return _("%(unit)s handles it") % {"unit": unit}
        case State.REWORK:
            return _("%(unit)s does it again") % {"unit": unit}
        case State.FEEDBACK | State.CHECKING if case.checked_at is not None:
            return _("Seen on the spot; the acceptors write the answer")
        case State.FEEDBACK:
            return _("Handled; it is checked before the answer")
        case State.CHECKING:
            return _("A grid worker checks whether it is fixed")
    return ""


def _entries(
    case: Case, steps: Sequence[Step], pictures: Sequence[tuple[Photo, Picture]], now: datetime
) -> list[Entry]:
    by_step: dict[int, list[Picture]] = {}
    numbers = {step.pk: step.number for step in steps}
    for photo, picture in pictures:
        if photo.step_id in numbers and photo.moment != Photo.Moment.BEFORE:
            by_step.setdefault(numbers[photo.step_id], []).append(picture)
    return [Entry(step, by_step.get(step.number, ())) for step in reversed(told(case, steps, now))]


def _of(pictures: Sequence[tuple[Photo, Picture]], moment: Photo.Moment) -> list[Picture]:
    return [picture for photo, picture in pictures if photo.moment == moment]


def _link(case: Case | None) -> Link | None:
    if case is None:
        return None
    return Link(case.number, address_of(case)) if case.is_shown else Link("", "")


def _links(cases: Iterable[Case]) -> list[Link]:
    return [Link(case.number, address_of(case)) for case in cases if case.is_shown]


def _own_part(case: Case, request: HttpRequest, now: datetime) -> OwnPart | None:
    proven = case_doors.holds_receipt(request, case)
    by_account = permits.reported(request.user, case)
    if not proven and not by_account:
        return None
    may = moving.allowed(request.user, case, now, holds_receipt=proven)
    return OwnPart(
        questions=list(case.questions.order_by("-id")),
        may_answer=case.state not in Case.ENDED,
        added=adding.added_to(case),
        may_add=adding.may_add(case),
        may_rate=Deed.RATE in may,
        may_reopen=Deed.REOPEN in may,
        by_receipt=proven and not by_account,
    )
