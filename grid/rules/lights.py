"""How a case stands against its deadline, in a word and a tone, and until when: for lists in which many stand.

Of the handling it is :func:`grid.rules.deadlines.light`; the steps beside it have deadlines too, and are said alike.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import F, Value, When
from django.db.models.functions import Coalesce, Least
from django.utils import timezone
from django.utils.translation import gettext as _

from grid.models import Case, Limit
from kit.times import day_words

from . import deadlines
from .deadlines import YELLOW_FROM, Light
from .working_time import Calendar

State = Case.State

TONES = {Light.GREEN: "ok", Light.YELLOW: "want", Light.RED: "bad"}
"""As ``ui/_state.html`` has them; the word beside it says the same."""


@dataclass(frozen=True)
class Standing:
    """A word and its tone, the moment that it speaks of, and how that is said; all empty where nothing is waited for."""

    word: str = ""
    tone: str = ""
    due: datetime | None = None
    when: str = ""


@dataclass(frozen=True)
class Lamp:
    """What is asked once for any number of cases: the time, the days on which people work, the limits of the steps."""

    now: datetime
    calendar: Calendar
    limits: dict[str, timedelta]

    @classmethod
    def lit(cls, now: datetime) -> Self:
        """Two queries."""
        minutes = Limit.objects.values_list("step", "minutes")
        limits = {step: timedelta(minutes=limit) for step, limit in minutes}
        return cls(now, Calendar.beginning(timezone.localtime(now).date()), limits)

    def of(self, case: Case) -> Standing:
        """How one case stands; its ``standard`` is read with it."""
        due = deadline_of(case)
        if due is None:
            return Standing()
        if case.state == State.SUSPENDED:
            return Standing(_("put off"), "", due, _("until %(when)s") % {"when": day_words(due, now=self.now)})
        light = self._light(case, due)
        when = _("since %(when)s") if light == Light.RED else _("by %(when)s")
        return Standing(str(light.label), TONES[light], due, when % {"when": day_words(due, now=self.now)})

    def _light(self, case: Case, due: datetime) -> Light:
        if due < self.now:
            return Light.RED
        is_soon = case.state in Case.AT_WORK and deadlines.light(case, self.now, self.calendar) == Light.YELLOW
        return Light.YELLOW if is_soon or self._is_step_soon(case) else Light.GREEN

    def _is_step_soon(self, case: Case) -> bool:
        """Are four fifths used of the limit of the step that it waits for?"""
        step, due = deadlines.stage_of(case), case.step_due_at
        if step is None or due is None:
            return False
        limit = self.limits.get(step, timedelta())
        return self.calendar.worked(self.now, due) <= limit * (1 - YELLOW_FROM)


def deadline_of(case: Case) -> datetime | None:
    """What a case is waiting for now: its handling, or the step beside it; one that is put off, the day it goes on.

    With a unit that has not taken it on yet it is whichever comes first.
    """
    if case.state in Case.ENDED:
        return None
    if case.state == State.SUSPENDED:
        return case.suspended_until
    if case.state in Case.TO_BE_TAKEN:
        return min((due for due in (case.step_due_at, case.due_at) if due is not None), default=None)
    return case.due_at if case.state in Case.AT_WORK else case.step_due_at


def deadline_in_rows() -> models.Case:
    """The same for the database, to sort by."""
    return models.Case(
        When(state=State.SUSPENDED, then=F("suspended_until")),
        When(state__in=Case.TO_BE_TAKEN, then=Least(Coalesce("step_due_at", "due_at"), "due_at")),
        When(state__in=Case.AT_WORK, then=F("due_at")),
        When(state__in=Case.ENDED, then=Value(None)),
        default=F("step_due_at"),
        output_field=models.DateTimeField(),
    )
