"""What single people are told of cases. :mod:`grid.cases.moving` and the clock call this inside their deeds.

Whoever reported a case learns what becomes of it, in words that everybody may read. Those who work on it learn that it is
their turn. A message keeps the facts as they were when it was sent; its words are computed from them alone.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from communities.models import User
from communities.words import reads_english
from grid.models import Case, Reporter, Step
from grid.rules import dispatching
from grid.rules.transitions import Actor, Deed
from grid.rules.ways import Asked
from kit.times import lasting_date_words, written
from updates import messages
from updates.messages import Payload, Words
from updates.titles import unbroken

NEWS, YOUR_TURN, OVERDUE, SOON_DUE, URGED, DECIDED = (
    *("case_news", "case_your_turn", "case_overdue", "case_soon_due", "case_urged", "case_decided"),
)

OF_INTEREST = frozenset(
    {
        *(Deed.REJECT, Deed.MERGE, Deed.VOID, Deed.DISPATCH, Deed.RETURN, Deed.GRANT_DELAY, Deed.SUSPEND, Deed.RESUME),
        *(Deed.SUBMIT, Deed.SOLVE_ON_THE_SPOT, Deed.SEND_BACK, Deed.CLOSE, Deed.CLIMB, Deed.REOPEN, Deed.HIDE),
    }
)
"""What whoever reported it is told at once; the rest stands on the page of the case."""


# --- who is told ------------------------------------------------------------------------------------------------------


def to_reporters(asked: Asked) -> None:
    """Whoever reported it, or one that was joined to it, and has an account; not of what one did oneself."""
    if asked.deed not in OF_INTEREST:
        return
    case, step = asked.case, asked.step
    payload = {**_facts(case), "deed": asked.deed, "word": step.word, "until": _day(case.suspended_until)}
    if asked.other is not None:
        payload["into"] = asked.other.number
    reports = Reporter.objects.filter(person__isnull=False).select_related("case__category", "case__road")
    payloads = {
        reporter.person_id: {**payload, **_own_words(reporter.case, case), "number": reporter.case.number}
        for reporter in (*reports.filter(case__into=case), *reports.filter(case=case))
        if reporter.person_id is not None and (asked.by is None or reporter.person_id != asked.by.pk)
    }
    if asked.by is None and asked.role == Actor.REPORTER:
        return
    messages.send(kind=NEWS, about=_about(step), payloads=payloads)


def _own_words(reported: Case, case: Case) -> dict[str, str]:
    """Of one that is kept inside, those whose report was joined to it learn how it goes on, and nothing that stands in it."""
    if reported.pk == case.pk or case.is_shown:
        return {}
    return {**_what_and_where(reported), "word": ""}


def to_staff(asked: Asked) -> None:
    """Those whose turn it is now, and those who wait for what was decided."""
    case, step, deed = asked.case, asked.step, asked.deed
    if asked.row.after is not None or deed in (Deed.ASSIGN, Deed.CONFIRM):
        to_whose_turn_it_is(case, step, without=asked.by)
    elif deed in (Deed.URGE, Deed.SUPERVISE):
        _send(URGED, case, step, dispatching.turn_of(case).people, asked.by, opinion=step.opinion)
    elif deed is Deed.ASK_DELAY:
        people = dispatching.dispatchers(case) if asked.role == Actor.UNIT else dispatching.handlers(case)
        _send(DECIDED, case, step, people, asked.by, opinion=step.opinion)
    elif deed in (Deed.GRANT_DELAY, Deed.REFUSE_DELAY):
        _send(DECIDED, case, step, dispatching.at_the_unit(case), asked.by, opinion=step.opinion)
    elif deed is Deed.CLIMB:
        _send(OVERDUE, case, step, asked.told, None)


def to_whose_turn_it_is(case: Case, step: Step, *, without: User | None) -> None:
    """Everybody who may act now, but for whoever did the step."""
    turn = dispatching.turn_of(case)
    _send(YOUR_TURN, case, step, turn.people, without, vacant=turn.is_vacant)


def soon_due(case: Case) -> None:
    """Four fifths of the time are used: the unit hears of it, once for each deadline. Part of a deed."""
    payloads = {person.pk: _facts(case) for person in dispatching.at_the_unit(case)}
    messages.send(kind=SOON_DUE, about=about_soon_due(case), payloads=payloads)


def about_soon_due(case: Case) -> str:
    """What a reminder is about: the case and this deadline of it."""
    return f"case:{case.pk}:{case.due_at.timestamp():.0f}" if case.due_at else f"case:{case.pk}"


def _send(kind: str, case: Case, step: Step, people: Iterable[User], without: User | None, **facts: Any) -> None:
    payload = {**_facts(case), "deed": step.deed, **facts}
    told = {person.pk for person in people} - {without.pk if without else None}
    messages.send(kind=kind, about=_about(step, case), payloads=dict.fromkeys(sorted(told), payload))


def _about(step: Step, case: Case | None = None) -> str:
    return f"case:{case.pk if case else step.case_id}:{step.number}"


# --- the facts --------------------------------------------------------------------------------------------------------


def _what_and_where(case: Case) -> dict[str, str]:
    category, road = case.category, case.road
    return {
        "what": category.name if category else unbroken(case.description)[:30],
        "what_en": category.name_en if category else "",
        "road": road.name if road else "",
        "road_en": road.name_en if road else "",
    }


def _facts(case: Case) -> dict[str, Any]:
    unit = case.unit
    return {
        **_what_and_where(case),
        "number": case.number,
        "state": case.state,
        "unit": unit.name if unit else "",
        "unit_en": unit.name_en if unit else "",
        "due": written(case.due_at) if case.due_at else "",
    }


def _day(moment: datetime | None) -> str:
    return written(moment)[:10] if moment else ""


# --- in words ---------------------------------------------------------------------------------------------------------


def _news_words(payload: Payload, now: datetime | None) -> Words:
    told = _told(payload)
    title = {
        Deed.REJECT: _("Your report was not taken up: %(what)s"),
        Deed.MERGE: _("Your report was joined to another: %(what)s"),
        Deed.VOID: _("Your report was ended: %(what)s"),
        Deed.DISPATCH: _("Your report is with %(unit)s: %(what)s"),
        Deed.RETURN: _("Your report goes to another unit: %(what)s"),
        Deed.GRANT_DELAY: _("It takes longer: %(what)s"),
        Deed.SUSPEND: _("It is put off: %(what)s"),
        Deed.RESUME: _("Work goes on: %(what)s"),
        Deed.SUBMIT: _("It was handled and is now checked: %(what)s"),
        Deed.SOLVE_ON_THE_SPOT: _("It was solved on the spot and is now checked: %(what)s"),
        Deed.SEND_BACK: _("It is not good yet and is done again: %(what)s"),
        Deed.CLOSE: _("Your report has an answer: %(what)s"),
        Deed.CLIMB: _("It is overdue, and those above were told: %(what)s"),
        Deed.REOPEN: _("It is handled again: %(what)s"),
        Deed.HIDE: _("Something of your report was taken down: %(what)s"),
    }[Deed(payload["deed"])] % told
    return Words(title, " ".join(filter(None, (_news_text(payload) % told, payload["word"]))), _address(payload))


def _news_text(payload: Payload) -> str:
    match payload["deed"]:
        case Deed.DISPATCH if payload["due"]:
            return _("Case %(number)s, to be handled by %(due)s.")
        case Deed.RETURN:
            return _("Case %(number)s: the dispatcher sends it to the unit that it belongs to.")
        case Deed.GRANT_DELAY if payload["due"]:
            return _("Case %(number)s, now to be handled by %(due)s.")
        case Deed.SUSPEND:
            return _("Case %(number)s: work goes on by itself on %(until)s.")
        case Deed.MERGE:
            return _("Case %(number)s: others reported the same. What is done stands in case %(into)s.")
        case Deed.HIDE:
            return _("Case %(number)s goes on. Names and numbers of people are not for everybody to read.")
        case Deed.CLOSE:
            return _("Case %(number)s. Please say whether it is good so; within 30 days you may ask once more.")
    return _("Case %(number)s.")


def _your_turn_words(payload: Payload, now: datetime | None) -> Words:
    if payload.get("vacant"):
        text = _("Case %(number)s waits for somebody in office. Please see to it that the post is filled.")
        title = _("Nobody can go on with it: %(what)s")
        return Words(title % _told(payload), text % _told(payload), _address(payload), is_urgent=True)
    title = {
        Case.State.REPORTED: _("To take in: %(what)s"),
        Case.State.VERIFYING: _("Please go and see whether it is so: %(what)s"),
        Case.State.FILED: _("To send out: %(what)s"),
        Case.State.DISPATCHED: _("To take on: %(what)s"),
        Case.State.HANDLING: _("To handle: %(what)s"),
        Case.State.FEEDBACK: _("Handled, to be checked: %(what)s"),
        Case.State.CHECKING: _("Please go and see whether it is fixed: %(what)s"),
        Case.State.REWORK: _("To be done again: %(what)s"),
        Case.State.SUSPENDED: _("Put off: %(what)s"),
    }[Case.State(payload["state"])] % _told(payload)
    if payload["deed"] == Deed.CONFIRM:
        title = _("It is fixed, to be closed: %(what)s") % _told(payload)
    return Words(title, _due_words(payload), _address(payload), is_urgent=True)


def _overdue_words(payload: Payload, now: datetime | None) -> Words:
    return Words(
        _("Overdue: %(what)s") % _told(payload), _at_the_unit_words(payload), _address(payload), is_urgent=True
    )


def _soon_due_words(payload: Payload, now: datetime | None) -> Words:
    return Words(_("Soon due: %(what)s") % _told(payload), _due_words(payload), _address(payload), is_urgent=True)


def _urged_words(payload: Payload, now: datetime | None) -> Words:
    title = _("Supervised: %(what)s") if payload["deed"] == Deed.SUPERVISE else _("Please hurry: %(what)s")
    text = " ".join(filter(None, (_due_words(payload), payload["opinion"])))
    return Words(title % _told(payload), text, _address(payload), is_urgent=True)


def _decided_words(payload: Payload, now: datetime | None) -> Words:
    title = {
        Deed.ASK_DELAY: _("More time is asked for: %(what)s"),
        Deed.GRANT_DELAY: _("More time is granted: %(what)s"),
        Deed.REFUSE_DELAY: _("No more time: %(what)s"),
    }[Deed(payload["deed"])] % _told(payload)
    return Words(title, " ".join(filter(None, (_due_words(payload), payload["opinion"]))), _address(payload))


def _due_words(payload: Payload) -> str:
    text = _("Case %(number)s, due %(due)s.") if payload["due"] else _("Case %(number)s.")
    return text % _told(payload)


def _at_the_unit_words(payload: Payload) -> str:
    return _("Case %(number)s is with %(unit)s and was due %(due)s.") % _told(payload)


KINDS: Mapping[str, messages.Speak] = {
    NEWS: _news_words,
    YOUR_TURN: _your_turn_words,
    OVERDUE: _overdue_words,
    SOON_DUE: _soon_due_words,
    URGED: _urged_words,
    DECIDED: _decided_words,
}
"""What this room tells single people of cases, with its words."""


def _told(payload: Payload) -> dict[str, str]:
    """What and where, and the unit, in the reader's language; in Chinese where nobody has translated them."""
    is_english = reads_english()

    def spoken(key: str) -> str:
        return str(payload[f"{key}_en"] or payload[key]) if is_english else str(payload[key])

    what = spoken("what") or _("a problem")
    if payload["road"]:
        what = pgettext("a problem on a road", "%(what)s, %(road)s") % {"what": what, "road": spoken("road")}
    until = payload.get("until")
    return {
        "number": payload["number"],
        "what": what,
        "unit": spoken("unit"),
        "due": _moment_words(payload["due"]),
        "until": _date_words(date.fromisoformat(until)) if until else "",
        "into": payload.get("into", ""),
    }


def _moment_words(moment: str) -> str:
    if not moment:
        return ""
    at = datetime.fromisoformat(moment)
    return _("%(day)s %(time)s") % {"day": _date_words(at.date()), "time": f"{at:%H:%M}"}


def _date_words(day: date) -> str:
    return lasting_date_words(day, year=day.year)


def _address(payload: Payload) -> str:
    """The page of the case."""
    return reverse("grid:case", args=[payload["number"]])
