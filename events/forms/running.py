"""The forms of the desk: the hours and the size of a shift, and calling an action off."""

from datetime import date, datetime, time, timedelta
from typing import Any, cast

from django import forms
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from events.models import MOST_PEOPLE, REASON_LENGTH, Shift
from events.shifts import Hours
from kit.refusals import Refused
from kit.web import DeedForm

Day = date
"""The type of a day, for where a field is called ``date``."""

EARLIEST = date(2000, 1, 1)
FURTHEST = timedelta(days=2 * 366)
"""Nobody plans a shift further ahead; a year that is further away was mistyped."""

FIELD_OF = {"starts_at": "starts", "ends_at": "ends"}
"""Where the deeds speak of a moment, the form has a day and two times."""


def length_of(model: type[Model], field: str) -> int:
    """How many characters this field of a model takes; a form takes as many."""
    return cast(int, model._meta.get_field(field).max_length)  # type: ignore[union-attr]


class DateInput(forms.DateInput):
    """The browser's own date picker, whose value is ISO 8601 in every language."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        # The picker offers no day that will be refused; what is typed all the same gets its sentence from the server.
        today = timezone.localdate()
        bounds = {"min": f"{today}", "max": f"{today + FURTHEST}"}
        return super().get_context(name, value, {**bounds, **(attrs or {})})


class TimeInput(forms.TimeInput):
    """The browser's own time picker."""

    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


def _count(label: Any, initial: int) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        min_value=1,
        max_value=MOST_PEOPLE,
        initial=initial,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        error_messages={
            "invalid": gettext_lazy("Please write a whole number, such as 20."),
            "min_value": gettext_lazy("At least %(limit_value)s."),
            "max_value": gettext_lazy("At most %(limit_value)s."),
        },
    )


class ShiftForm(DeedForm):
    """One shift as people say it: a day, from, to, how many, and what they do. In the site's time zone."""

    date = forms.DateField(
        label=gettext_lazy("Day"),
        input_formats=["%Y-%m-%d"],
        widget=DateInput(),
        error_messages={
            "required": gettext_lazy("On which day?"),
            "invalid": gettext_lazy("This day is not in the calendar."),
        },
    )
    starts = forms.TimeField(
        label=gettext_lazy("From"),
        input_formats=["%H:%M", "%H:%M:%S"],
        widget=TimeInput(),
        error_messages={
            "required": gettext_lazy("From when?"),
            "invalid": gettext_lazy("Please write a time such as 19:00."),
        },
    )
    ends = forms.TimeField(
        label=gettext_lazy("Until"),
        input_formats=["%H:%M", "%H:%M:%S"],
        widget=TimeInput(),
        error_messages={
            "required": gettext_lazy("Until when?"),
            "invalid": gettext_lazy("Please write a time such as 21:00."),
        },
    )
    capacity = _count(gettext_lazy("Most people"), 20)
    least = _count(gettext_lazy("Least people"), 1)
    task = forms.CharField(
        label=gettext_lazy("What and where"),
        max_length=length_of(Shift, "task"),
        required=False,
        widget=forms.TextInput(attrs={"data-count": "off"}),
    )

    def clean_date(self) -> Day:
        day: Day = self.cleaned_data["date"]
        if not EARLIEST <= day <= timezone.localdate() + FURTHEST:
            raise forms.ValidationError(_("Please check the year."))
        return day

    def field_of(self, refusal: Refused) -> str | None:
        return FIELD_OF.get(refusal.field or "", refusal.field)

    def hours(self) -> Hours:
        """What was typed, as moments. An end that is not after the beginning is on the next day."""
        typed = self.cleaned_data
        day: Day = typed["date"]
        starts, ends = typed["starts"], typed["ends"]
        last_day = day + timedelta(days=1) if ends_next_day(starts, ends) else day
        return Hours(
            starts_at=_moment(day, starts),
            ends_at=_moment(last_day, ends),
            capacity=typed["capacity"],
            least=typed["least"],
            task=typed["task"],
        )

    @property
    def ends_next_day(self) -> str:
        """The time at which it ends if that is on the next day, as typed or filled in; else an empty string."""
        starts, ends = (_time(self[name].value()) for name in ("starts", "ends"))
        return f"{ends:%H:%M}" if starts and ends and ends_next_day(starts, ends) else ""


def ends_next_day(starts: time, ends: time) -> bool:
    """Is a shift from ``starts`` to ``ends`` one over midnight?"""
    return ends <= starts


def values_of(hours: Hours) -> dict[str, Any]:
    """What :class:`ShiftForm` shows for these hours."""
    starts_at, ends_at = timezone.localtime(hours.starts_at), timezone.localtime(hours.ends_at)
    return {
        "date": f"{starts_at:%Y-%m-%d}",
        "starts": f"{starts_at:%H:%M}",
        "ends": f"{ends_at:%H:%M}",
        "capacity": hours.capacity,
        "least": hours.least,
        "task": hours.task,
    }


def hours_of(shift: Shift) -> Hours:
    """What a shift is now; ``shift`` comes from ``with_places``."""
    return Hours(shift.starts_at, shift.ends_at, shift.capacity, shift.least, shift.task)  # type: ignore[attr-defined]


class CallOffForm(DeedForm):
    """Why an action does not take place; everybody who signed up reads it."""

    reason = forms.CharField(
        label=gettext_lazy("Why?"),
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Say in a word why; everybody who signed up reads it.")},
        help_text=gettext_lazy("Everybody who signed up reads this."),
    )


def _moment(day: date, at: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, at.replace(second=0)))


def _time(value: object) -> time | None:
    if isinstance(value, time):
        return value
    try:
        found = time.fromisoformat(str(value or ""))
    except ValueError:
        return None
    return None if found.tzinfo else found  # 19:00+08:00 is a time, but cannot be compared with one on the wall
