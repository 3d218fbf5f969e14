"""A case in residents' words: its state, its steps, its place. Whatever stands here anybody may read.

Who reported it, what those who work on it say to each other (``Step.opinion``, notes) and where exactly a dwelling lies is in
none of it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, pgettext, pgettext_lazy

from communities.models import Organisation
from grid.models import Case, Step
from grid.rules.transitions import Deed
from kit.times import day_words, lasting_date_words, lasting_words

State = Case.State

ROUGH = 3
"""Decimals of the position of a dwelling: about a hundred metres (domain 6.4)."""

TITLE_LENGTH = 24
"""Of a report that nobody has put into a category yet, so much of its own words stands for it."""


class Saying(NamedTuple):
    """A state in a word; ``tone`` is that of the ui: want, ok, bad or nothing."""

    word: str
    tone: str = ""


class Stage(models.TextChoices):
    """The way of every case, as it is drawn above its steps."""

    TAKE_IN = "take_in", pgettext_lazy("stage of a case", "Taken in")
    VERIFY = "verify", pgettext_lazy("stage of a case", "Verified")
    SEND = "send", pgettext_lazy("stage of a case", "Sent out")
    HANDLE = "handle", pgettext_lazy("stage of a case", "Handled")
    FEED_BACK = "feed_back", pgettext_lazy("stage of a case", "Reported back")
    CHECK = "check", pgettext_lazy("stage of a case", "Checked")
    ANSWER = "answer", pgettext_lazy("stage of a case", "Answered")
    RATE = "rate", pgettext_lazy("stage of a case", "Rated")


NOW_AT: Mapping[str, Stage] = {
    State.REPORTED: Stage.TAKE_IN,
    State.VERIFYING: Stage.VERIFY,
    State.FILED: Stage.SEND,
    State.DISPATCHED: Stage.HANDLE,
    State.HANDLING: Stage.HANDLE,
    State.REWORK: Stage.HANDLE,
    State.SUSPENDED: Stage.HANDLE,
    State.FEEDBACK: Stage.CHECK,
    State.CHECKING: Stage.CHECK,
    State.CLOSED: Stage.RATE,
}
"""What is being waited for in each state; the others have left the way."""


class Mark(NamedTuple):
    """A stage on the way of one case."""

    label: str
    is_done: bool
    is_now: bool


class Place(NamedTuple):
    """Where it is, as everybody may know it."""

    words: str
    position: tuple[float, float] | None
    """Longitude and latitude."""
    is_rough: bool


@dataclass(frozen=True)
class Told:
    """A step as it is told to everybody."""

    number: int
    deed: str
    words: str
    at: datetime
    word: str = ""
    """What whoever did it wrote for everybody."""
    is_withheld: bool = False
    """It was taken down."""


# --- the case ---------------------------------------------------------------------------------------------------------


def state_of(case: Case, now: datetime) -> Saying:
    """How it stands, in a few words."""
    if case.is_overdue(now):
        return Saying(_("Overdue, still being handled"), "bad")
    match case.state:
        case State.REPORTED:
            return Saying(_("Received, about to be taken in"), "want")
        case State.VERIFYING:
            return Saying(_("Somebody goes there to look"), "want")
        case State.REJECTED:
            return Saying(_("Not taken up"))
        case State.FILED:
            return Saying(_("Taken up, about to be sent out"), "want")
        case State.DISPATCHED:
            return Saying(_("Sent to the unit"), "want")
        case State.HANDLING:
            return Saying(_("Being handled"), "want")
        case State.REWORK:
            return Saying(_("Not fixed yet, is done again"), "want")
        case State.FEEDBACK:
            return Saying(_("Handled, waits for the check"), "want")
        case State.CHECKING:
            return Saying(_("Being checked on the spot"), "want")
        case State.SUSPENDED:
            return Saying(_("Put off until %(day)s") % {"day": day_of(case.suspended_until, now)})
        case State.CLOSED:
            return Saying(pgettext("case", "Answered"), "ok")
        case State.MERGED:
            return Saying(_("Joined to another report"))
    return Saying(case.get_state_display())


def kind_of(case: Case) -> str:
    """What is wrong: its category, or how its words begin."""
    if case.category is not None:
        return case.category.spoken_name
    return Truncator(" ".join(case.description.split())).chars(TITLE_LENGTH) or _("A problem")


def title_of(case: Case) -> str:
    """What is wrong and on which road, in the reader's language as far as it has one."""
    what = kind_of(case)
    if case.road is None:
        return what
    return _("%(road)s: %(what)s") % {"road": case.road.spoken_name, "what": what}


def place_of(case: Case) -> Place:
    """Where it is. Of a dwelling only the road and the cell are said, and its position to about a hundred metres.

    What the reporter wrote about the place of a dwelling is an address like any other, and is not said either.
    """
    position = None
    if case.longitude is not None and case.latitude is not None:
        position = (case.longitude, case.latitude)
    road = case.road.spoken_name if case.road else ""
    if case.is_dwelling:
        cell = case.cell.spoken_name if case.cell else ""
        words = " · ".join(filter(None, (road, cell))) or _("At a dwelling")
        rough = (round(position[0], ROUGH), round(position[1], ROUGH)) if position else None
        return Place(words, rough, is_rough=True)
    if road and case.house_number:
        road = _("%(road)s No. %(number)s") % {"road": road, "number": case.house_number}
    return Place(" · ".join(filter(None, (road, case.address))), position, is_rough=False)


def address_of(case: Case) -> str:
    """Its page on this site."""
    return reverse("grid:case", args=[case.number])


def way_of(case: Case, steps: Iterable[Step]) -> list[Mark]:
    """The stages that it has passed and has before it; nothing for one that has left the way.

    It is verified before it is filed only where somebody doubts it: afterwards that stage is there if it was.
    """
    here = NOW_AT.get(case.state)
    if here is None:
        return []
    order = list(Stage)
    was_verified = any(step.deed == Deed.VERIFY for step in steps)
    if order.index(here) > order.index(Stage.VERIFY) and not was_verified:
        order.remove(Stage.VERIFY)
    at = order.index(here)
    is_rated = here == Stage.RATE and case.satisfaction is not None
    return [
        Mark(str(stage.label), is_done=number < at or is_rated, is_now=number == at and not is_rated)
        for number, stage in enumerate(order)
    ]


# --- its steps --------------------------------------------------------------------------------------------------------


class Said(NamedTuple):
    """What a step's sentence may name."""

    unit: str
    """The unit with which it lay then."""
    before: datetime | None
    """The deadline before the step, and after it."""
    after: datetime | None
    now: datetime
    rating: int | None


def _delayed(said: Said) -> str:
    if said.before and said.after and said.before != said.after:
        # A limit of hours is moved within its day.
        days = {"before": lasting_words(said.before, now=said.now), "after": lasting_words(said.after, now=said.now)}
        return _("More time was given: until %(after)s instead of %(before)s") % days
    return _("More time was given")


def _put_off(said: Said) -> str:
    if said.before:
        return _("Put off; it was to be done by %(before)s") % {"before": day_of(said.before, said.now)}
    return _("Put off")


def _resumed(said: Said) -> str:
    if said.after:
        return _("It goes on, to be done by %(after)s") % {"after": day_of(said.after, said.now)}
    return _("It goes on")


def _rated(said: Said) -> str:
    if said.rating:
        return _("The reporter gave the answer %(rating)s of 5") % {"rating": said.rating}
    return _("The reporter has rated the answer")


def _plain(words: str) -> Callable[[Said], str]:
    return lambda said: _(words) % {"unit": said.unit or _("the unit")}


TOLD: Mapping[str, Callable[[Said], str]] = {
    Deed.VERIFY: _plain(gettext_noop("Somebody goes there to look")),
    Deed.REPORT_VERIFIED: _plain(gettext_noop("Looked at on the spot")),
    Deed.FILE: _plain(gettext_noop("Taken up")),
    Deed.REJECT: _plain(gettext_noop("Not taken up")),
    Deed.MERGE: _plain(gettext_noop("Joined to another report of the same problem")),
    Deed.SOLVE_ON_THE_SPOT: _plain(gettext_noop("Solved on the spot")),
    Deed.DISPATCH: _plain(gettext_noop("Sent to %(unit)s")),
    Deed.HAND_BACK: _plain(gettext_noop("Is looked at once more")),
    Deed.SPLIT: _plain(gettext_noop("Split: other units have a part of it to do")),
    Deed.RETURN: _plain(gettext_noop("%(unit)s says it is not theirs; it is sent on")),
    Deed.TAKE: _plain(gettext_noop("%(unit)s has taken it on")),
    Deed.GRANT_DELAY: _delayed,
    Deed.SUSPEND: _put_off,
    Deed.RESUME: _resumed,
    Deed.SUBMIT: _plain(gettext_noop("%(unit)s says it is done")),
    Deed.CHECK: _plain(gettext_noop("Somebody goes there to check")),
    Deed.CONFIRM: _plain(gettext_noop("Seen on the spot: it is fixed")),
    Deed.SEND_BACK: _plain(gettext_noop("Not fixed yet: %(unit)s does it again")),
    Deed.CLOSE: _plain(gettext_noop("Closed with an answer")),
    Deed.SUPERVISE: _plain(gettext_noop("Those above the unit watch over it now")),
    Deed.CLIMB: _plain(gettext_noop("Overdue: those above the unit were told")),
    Deed.HIDE: _plain(gettext_noop("Something that stood here was taken down")),
    Deed.SHOW: _plain(gettext_noop("What was taken down is shown again")),
    Deed.RATE: _rated,
    Deed.REOPEN: _plain(gettext_noop("Is handled once more")),
}
"""The steps that are told to everybody; what else is done with a case is said to those who work on it."""

ONLY_READ: frozenset[str] = frozenset({Deed.HIDE, Deed.SHOW})
"""What stands on the page of the case and is told to nobody who follows it: whoever did not read it need not look for it."""

WITHOUT_WORD: frozenset[str] = frozenset({Deed.RATE})
"""What the reporter wrote with these is for those who answered, and for the figures."""


def told(case: Case, steps: Iterable[Step], now: datetime) -> list[Told]:
    """Its steps as everybody may read them, in the order in which they were done; ``to_unit`` is fetched with them."""
    return [
        Told(
            number=then.step.number,
            deed=then.deed,
            words=TOLD[then.deed](_said(then, case, now)),
            at=then.step.at,
            word=word_of(then.step),
            is_withheld=then.step.number in case.withheld,
        )
        for then in in_turn(steps)
        if then.deed in TOLD
    ]


@dataclass(frozen=True)
class Then:
    """A step, and how the case stood then: with which unit it lay, and how its deadline was moved."""

    step: Step
    unit: Organisation | None
    before: datetime | None
    after: datetime | None

    @property
    def deed(self) -> str:
        return self.step.deed


def in_turn(steps: Iterable[Step]) -> Iterator[Then]:
    """The steps in their order, each with how the case stood then. Whose turn it is next is not with whom it lay."""
    unit: Organisation | None = None
    due: datetime | None = None
    for step in steps:
        # A part begins with the split; to the whole a split names no unit.
        if step.deed in (Deed.DISPATCH, Deed.SPLIT, Deed.SOLVE_ON_THE_SPOT):
            unit = step.to_unit or unit
        before, due = due, step.due_at or due
        yield Then(step, unit, before, due)
        if step.deed == Deed.RETURN:
            unit = None


def word_of(step: Step) -> str:
    """What whoever did it wrote for everybody, unless it was taken down; ``case`` is fetched with it."""
    return "" if step.deed in WITHOUT_WORD or step.number in step.case.withheld else step.word


def answer_of(case: Case) -> str:
    """The answer that everybody reads; nothing once it was taken down."""
    return "" if case.is_answer_withheld else case.answer


def is_told(step: Step) -> bool:
    """Is this step told to those who follow the case?"""
    return step.deed in TOLD and step.deed not in ONLY_READ


def _said(then: Then, case: Case, now: datetime) -> Said:
    return Said(then.unit.spoken_name if then.unit else "", then.before, then.after, now, case.satisfaction)


def day_of(moment: datetime | None, now: datetime) -> str:
    """A day as it stays right for who reads it later; empty where there is none."""
    if moment is None:
        return ""
    return lasting_date_words(timezone.localtime(moment).date(), year=timezone.localtime(now).year)


def due_words(moment: datetime | None, now: datetime) -> str:
    """A deadline, with its hour."""
    return day_words(moment, now=now) if moment else ""
