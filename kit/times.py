"""Times as people say them: tonight, tomorrow morning, Sat 5 Dec.

Everything here is told in the site's current time zone and in the active language. Moments are aware datetimes; a naive
one raises ``ValueError``.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext, pgettext

EVENING = 17
"""The hour from which a day is an evening."""
MORNING = range(5, 9)
"""The hours that are said as early morning; later ones are simply the day."""
NIGHT_ENDS = 4
"""Until this hour somebody who is still awake says "tomorrow morning" and means the morning about to come."""


def day_words(start: datetime, end: datetime | None = None, *, now: datetime) -> str:
    """Say when something is, seen from ``now``: *tonight 19:00–21:00*, *Sat 5 Dec 09:00–11:00*.

    A range that ends on a later day names both days, each as people would; one that ends at midnight ends at 24:00 of
    its own day. The year is said when it is not this one.
    """
    today = timezone.localtime(now).date()
    return _range_words(start, end, lambda moment: _day(moment, today))


def lasting_words(start: datetime, end: datetime | None = None, *, now: datetime) -> str:
    """The same for what is kept and passed on, where *tomorrow* would be wrong a day later: *Sat 5 Dec 09:00–11:00*."""
    year = timezone.localtime(now).year
    return _range_words(start, end, lambda moment: lasting_date_words(moment.date(), year=year))


def _range_words(start: datetime, end: datetime | None, say_day: Callable[[datetime], str]) -> str:
    start = timezone.localtime(start)
    end = timezone.localtime(end) if end else None
    is_one_day = end is None or end.date() == start.date() or _is_midnight_of(start, end)
    hours = hours_words(start, end) if end and is_one_day else f"{start:%H:%M}"
    first = gettext("%(day)s %(time)s") % {"day": say_day(start), "time": hours}
    if end is None or is_one_day:
        return first
    last = gettext("%(day)s %(time)s") % {"day": say_day(end), "time": f"{end:%H:%M}"}
    return gettext("%(start)s to %(end)s") % {"start": first, "end": last}


def hours_words(start: datetime, end: datetime) -> str:
    """Say from when to when, where the day is known: *19:00–21:00*. What ends at midnight ends at 24:00 of its own day."""
    start, end = timezone.localtime(start), timezone.localtime(end)
    return f"{start:%H:%M}–{'24:00' if _is_midnight_of(start, end) else f'{end:%H:%M}'}"


def _is_midnight_of(start: datetime, end: datetime) -> bool:
    return (end.hour, end.minute) == (0, 0) and end.date() == start.date() + timedelta(days=1)


def written(moment: datetime) -> str:
    """Write a moment for programs, to the minute, as the site's clock shows it: *2026-12-05T19:00+08:00*."""
    return timezone.localtime(moment).isoformat(timespec="minutes")


def date_words(day: date, *, today: date) -> str:
    """Say a date without a time: *today*, *tomorrow*, *yesterday*, *Sat 5 Dec*, *Sun 3 Jan 2027*."""
    match (day - today).days:
        case 0:
            return gettext("today")
        case 1:
            return gettext("tomorrow")
        case -1:
            return gettext("yesterday")
    return lasting_date_words(day, year=today.year)


def lasting_date_words(day: date, *, year: int) -> str:
    """Say a date so that it stays right: *Sat 5 Dec*, and *Sun 3 Jan 2027* where it is not in this ``year``."""
    parts = {
        "weekday": _weekdays()[day.weekday()],
        "day": day.day,
        "month": _months()[day.month - 1],
        "year": day.year,
    }
    if day.year == year:
        return gettext("%(weekday)s %(day)s %(month)s") % parts
    return gettext("%(weekday)s %(day)s %(month)s %(year)s") % parts


def stamp_words(moment: datetime, now: datetime) -> str:
    """Say when something was told: *18:32* today, *yesterday 18:32*, *23 Nov 18:32*, with the year when not this one."""
    moment, now = timezone.localtime(moment), timezone.localtime(now)
    patterns = stamp_patterns()
    match (now.date() - moment.date()).days:
        case 0:
            return _stamped(patterns["today"], moment)
        case 1:
            return _stamped(patterns["yesterday"], moment)
    return dated_words(moment, now)


def dated_words(moment: datetime, now: datetime) -> str:
    """Say a moment with its date, however near it is: *23 Nov 18:32*."""
    moment, now = timezone.localtime(moment), timezone.localtime(now)
    patterns = stamp_patterns()
    return _stamped(patterns["date" if moment.year == now.year else "year"], moment)


def stamp_patterns() -> dict[str, str]:
    """The words of :func:`stamp_words` for a browser, with ``{time}``, ``{day}``, ``{month}``, ``{year}``; and the months."""
    blanks = {"time": "{time}", "day": "{day}", "month": "{month}", "year": "{year}"}
    return {
        "today": "{time}",
        "yesterday": gettext("yesterday %(time)s") % blanks,
        "date": gettext("%(day)s %(month)s %(time)s") % blanks,
        "year": gettext("%(day)s %(month)s %(year)s %(time)s") % blanks,
        "months": " ".join(_months()),
    }


def _stamped(pattern: str, moment: datetime) -> str:
    values = {"time": f"{moment:%H:%M}", "day": moment.day, "month": _months()[moment.month - 1], "year": moment.year}
    return pattern.format(**values)


def tonight(now: datetime) -> tuple[datetime, datetime]:
    """Two hours this evening: 19:00–21:00, or from the next half-hour if 19:00 has passed."""
    now = timezone.localtime(now)
    start = now.replace(hour=19, minute=0, second=0, microsecond=0)
    if start < now:
        start = now.replace(minute=0, second=0, microsecond=0) + timedelta(minutes=30 if now.minute < 30 else 60)
    return start, start + timedelta(hours=2)


def tomorrow_morning(now: datetime) -> tuple[datetime, datetime]:
    """06:30–08:30 of the coming morning: tomorrow's, or today's for one who asks in the small hours."""
    now = timezone.localtime(now)
    day = now if now.hour < NIGHT_ENDS else now + timedelta(days=1)
    start = day.replace(hour=6, minute=30, second=0, microsecond=0)
    return start, start + timedelta(hours=2)


def _day(moment: datetime, today: date) -> str:
    distance = (moment.date() - today).days
    if moment.hour >= EVENING:
        match distance:
            case 0:
                return gettext("tonight")
            case 1:
                return gettext("tomorrow evening")
            case -1:
                return gettext("last night")
    elif moment.hour in MORNING:
        match distance:
            case 0:
                return gettext("this morning")
            case 1:
                return gettext("tomorrow morning")
    return date_words(moment.date(), today=today)


def _weekdays() -> tuple[str, ...]:
    return (
        pgettext("weekday", "Mon"),
        pgettext("weekday", "Tue"),
        pgettext("weekday", "Wed"),
        pgettext("weekday", "Thu"),
        pgettext("weekday", "Fri"),
        pgettext("weekday", "Sat"),
        pgettext("weekday", "Sun"),
    )


def _months() -> tuple[str, ...]:
    return (
        pgettext("month", "Jan"),
        pgettext("month", "Feb"),
        pgettext("month", "Mar"),
        pgettext("month", "Apr"),
        pgettext("month", "May"),
        pgettext("month", "Jun"),
        pgettext("month", "Jul"),
        pgettext("month", "Aug"),
        pgettext("month", "Sep"),
        pgettext("month", "Oct"),
        pgettext("month", "Nov"),
        pgettext("month", "Dec"),
    )
