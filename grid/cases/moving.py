"""The only writer of a case's state: one deed after the other, by the one table, under the case's lock."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from communities.models import User
from communities.permits import Person
from grid import permits
from grid.models import Case, Limit, Photo, Step
from grid.rules import deadlines, dispatching
from grid.rules.particulars import Particulars
from grid.rules.transitions import ROW, TRANSITIONS, Actor, Deed, Need, Transition
from grid.rules.ways import Asked, Ways
from grid.telling import book as telling
from grid.telling import messages as case_messages
from grid.telling import news as case_news
from grid.telling.words import is_told
from kit.deeds import deed as as_deed
from kit.refusals import Refused

from . import handling, numbering, sending_out, settling, taking_down, taking_in

State = Case.State

WAYS: Ways = {**taking_in.WAYS, **sending_out.WAYS, **handling.WAYS, **settling.WAYS, **taking_down.WAYS}

REPORT = "report"
"""The deed of the first step of every case, and of none that is in the table."""

AGAIN = timedelta(minutes=10)
"""Within this time the same deed with the same words, and nothing between, is the same press of a button."""


@as_deed
def move(
    *,
    case: Case,
    deed: Deed,
    by: User | None = None,
    actor_hint: Actor | None = None,
    at: datetime | None = None,
    **particulars: Any,
) -> Case:
    """Do this with the case, by the table, and return it as it stands then.

    ``by`` is None for the clock and for a reporter who shows the receipt code; then ``actor_hint`` says which of the two,
    and whoever calls has made sure of it. Somebody who is more than one thing to the case does it as what ``actor_hint``
    says, if that may do it. What was done already by the same person with the same words is not done again. ``at`` is when
    it was done, for what is written down afterwards; now by default.

    Locks the case, and before it those of it and ``into`` with the smaller id. Raises ``TypeError`` for particulars that no
    deed takes, and ``Refused``: ``no_right`` (403) for somebody who may not, ``not_now`` where the table has no such step
    from the state it is in, ``<field>_missing`` (422) for what the deed needs, ``<field>_too_long`` (422), and what the
    deeds refuse that are named in ``taking_in``, ``sending_out``, ``handling``, ``settling`` and ``taking_down``.
    """
    given = Particulars.of(particulars)
    held = _held(case, *([given.into] if given.into else []))
    asked = Asked(
        held[case.pk],
        ROW[deed],
        by,
        actor_hint or Actor.REPORTER,
        at or timezone.now(),
        given,
        other=_other(given, held),
    )
    asked.step = _step(asked)
    if _was_done(asked):
        return asked.case
    asked.role = _role(asked.row, by, actor_hint, asked.case)
    asked.step.by_role = asked.role
    _demand_now(asked)
    for need in sorted(asked.row.needs, key=list(Need).index):
        given.demand(need)
    WAYS[deed].do(asked)
    was_shown = _is_shown(asked.case)
    _write(asked)
    WAYS[deed].after(asked)
    _tell(asked, was_shown)
    return asked.case


def allowed(person: Person, case: Case, now: datetime | None = None, *, holds_receipt: bool = False) -> list[Deed]:
    """What this person may do with the case now, in the order of the table; whether what it needs is given shows later."""
    roles = permits.roles_toward(person, case, holds_receipt=holds_receipt)
    by = person if isinstance(person, User) else None
    possible = [row for row in TRANSITIONS if roles & row.by and case.state in row.before]
    return [row.deed for row in possible if _is_possible(row, roles, case, by, now or timezone.now())]


@as_deed
def begin(*, case: Case, by: User | None = None, by_role: Actor = Actor.REPORTER) -> Case:
    """The first step of a case that was just written: it has an owner from now on, who is told, as is everybody who may.

    Part of the deed of reporting. The case is new: nobody else can know it.
    """
    now = case.touched_at = case.reported_at
    case.step_due_at = deadlines.stage_due(Limit.Step.ACCEPT, now)
    case.save(update_fields=["step_due_at", "touched_at"])
    step = Step.objects.create(
        case=case,
        number=1,
        deed=REPORT,
        after=case.state,
        at=now,
        by=by,
        by_role=by_role,
        to_person=dispatching.turn_of(case).owner,
    )
    telling.moved(case)
    case_messages.to_whose_turn_it_is(case, step, without=by)
    return case


def _held(*cases: Case) -> dict[int, Case]:
    """These cases as they stand, locked in id order."""
    wanted = sorted({case.pk for case in cases})
    return {row.pk: row for row in Case.objects.select_for_update(no_key=True).filter(pk__in=wanted).order_by("pk")}


def _other(given: Particulars, held: dict[int, Case]) -> Case | None:
    return held[given.into.pk] if given.into else None


def _step(asked: Asked) -> Step:
    """The step that will be written, with what was given; the deed may add to it."""
    given = asked.given
    return Step(
        case=asked.case,
        deed=asked.deed,
        before=asked.case.state,
        at=asked.now,
        by=asked.by,
        opinion=given.reason,
        word=given.word,
        method=given.method if Need.METHOD in asked.row.needs else "",
    )


def _was_done(asked: Asked) -> bool:
    """Was the last thing that was done with the case just this, by the same person and with the same words?"""
    last = Step.objects.filter(case=asked.case).order_by("-number").first()
    if last is None or asked.row.by == {Actor.CLOCK}:
        return False
    step = asked.step
    is_same = (last.deed, last.by_id, last.opinion, last.word) == (step.deed, step.by_id, step.opinion, step.word)
    if not is_same or last.after != asked.case.state or _names_another(asked, last):
        return False
    return asked.now - last.at < AGAIN or asked.case.state not in asked.row.before


def _names_another(asked: Asked, last: Step) -> bool:
    """Is something else asked for than the last time: another unit, person, standard, case, day, rating or picture?"""
    given, case = asked.given, asked.case
    unit = given.unit or given.proposed_unit
    then_and_now = (
        (unit, last.to_unit_id),
        (given.person, last.to_person_id),
        (given.standard, case.standard_id),
        (given.into, case.into_id),
    )
    is_another = any(row is not None and row.pk != known for row, known in then_and_now)
    is_another |= not set(given.withheld) <= set(case.withheld) or (given.whole and case.is_public) or given.no_pictures
    is_another |= any(getattr(given, name) != getattr(case, name) for name in given.named & taking_in.CORRECTED)
    is_another |= given.until not in (None, case.promised_for) or given.rating not in (None, case.satisfaction)
    return is_another or _names_another_part(asked) or _shows_more(asked, last)


def _names_another_part(asked: Asked) -> bool:
    """Is there among the units one that was given no part yet?"""
    having = Case.objects.filter(part_of=asked.case).values_list("unit", flat=True) if asked.given.units else []
    return not {unit.pk for unit in asked.given.units} <= set(having)


def _shows_more(asked: Asked, last: Step) -> bool:
    """Is there among the pictures one that did not come with the last step?"""
    given = {each.picture for each in (*asked.given.photos_before, *asked.given.photos_after)}
    return bool(given) and not given <= {_content(photo) for photo in last.photos.all()}


def _content(photo: Photo) -> bytes:
    with photo.file.open("rb") as file:
        return bytes(file.read())


def _role(row: Transition, by: User | None, hint: Actor | None, case: Case) -> Actor:
    """As what it is done; raises ``Refused("no_right", 403)``."""
    if by is not None:
        roles = permits.roles_toward(by, case)
    else:
        roles = frozenset({hint}) if hint in (Actor.CLOCK, Actor.REPORTER) else frozenset[Actor]()
    fitting = [actor for actor in Actor if actor in roles & row.by]
    if not fitting:
        raise Refused("no_right", _may_not(row), status=403)
    return hint if hint in fitting else fitting[0]


def _may_not(row: Transition) -> str:
    who = ", ".join(str(actor.label) for actor in Actor if actor in row.by)
    return _("“%(deed)s” is not yours to do in this case; it is for: %(who)s.") % {"deed": row.deed.label, "who": who}


def _demand_now(asked: Asked) -> None:
    """Raises ``Refused("not_now")``, or what the deed itself says."""
    case, row = asked.case, asked.row
    if case.state not in row.before:
        raise Refused(
            "not_now",
            _("“%(deed)s” cannot be done while the case is “%(state)s”. Somebody may have gone on with it: look again.")
            % {"deed": row.deed.label, "state": case.get_state_display()},
            state=case.state,
        )
    WAYS[row.deed].demand(asked)


def _is_possible(row: Transition, roles: frozenset[Actor], case: Case, by: User | None, now: datetime) -> bool:
    role = next(actor for actor in Actor if actor in roles & row.by)
    try:
        WAYS[row.deed].demand(Asked(case, row, by, role, now))
    except Refused:
        return False
    return True


def _write(asked: Asked) -> None:
    """The state, the deadline of what is waited for next, and the step."""
    case, step = asked.case, asked.step
    if asked.row.after is not None:
        case.state = asked.row.after
    if asked.row.after is not None or asked.deed is Deed.CONFIRM:
        case.step_due_at = _step_due(asked)
    if is_told(step):
        case.touched_at = asked.now
    case.save()
    for part in asked.parts:
        part.state = State.DISPATCHED
        _begin_part(part, asked)
    turn = dispatching.turn_of(case)
    step.to_unit = step.to_unit or turn.unit
    step.to_person = step.to_person or turn.owner
    step.after, step.number, step.due_at = case.state, _next_number(case), case.due_at
    step.save()


def _begin_part(part: Case, asked: Asked) -> None:
    part.touched_at = asked.now
    part.step_due_at = deadlines.stage_due(Limit.Step.SIGN_IN, asked.now)
    part.number = numbering.next_number(day=timezone.localdate(asked.now))
    part.save()
    Step.objects.create(
        case=part,
        number=1,
        deed=asked.deed,
        after=part.state,
        at=asked.now,
        by=asked.by,
        by_role=asked.role,
        to_unit=part.unit,
        to_person=dispatching.turn_of(part).owner,
        opinion=asked.step.opinion,
        word=asked.step.word,
        due_at=part.due_at,
    )


def _step_due(asked: Asked) -> datetime | None:
    case = asked.case
    if case.state == State.HANDLING:
        return case.due_at
    stage = deadlines.stage_of(case)
    return deadlines.stage_due(stage, asked.now) if stage else None


def _next_number(case: Case) -> int:
    last = Step.objects.filter(case=case).order_by("-number").values_list("number", flat=True).first()
    return (last or 0) + 1


def _is_shown(case: Case) -> bool:
    return Case.objects.public().filter(pk=case.pk).exists()


def _tell(asked: Asked, was_shown: bool) -> None:
    """Everybody who follows it, whoever reported it, and whoever is to act next."""
    case = asked.case
    for each in (*asked.parts, *([asked.other] if asked.other else [])):
        telling.moved(each)
    telling.moved(case, was_shown=was_shown)
    case_messages.to_reporters(asked)
    case_news.tell(case, asked.step)
    case_messages.to_staff(asked)
    for part in asked.parts:
        case_messages.to_whose_turn_it_is(part, asked.step, without=asked.by)
    if (was_shown and not _is_shown(case)) or (case.is_complaint and asked.deed in (Deed.CORRECT, Deed.FILE)):
        telling.hidden(case)
