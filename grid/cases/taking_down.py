"""What everybody reads of a case is taken down, in whatever state it is, and shown again: words, pictures, or the whole report.

Somebody's name or number stands in it; it waits for nobody. What stood there is kept for those who work on it; everybody
reads that something was taken down, so that nothing vanishes without a trace.
"""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from grid.models import Case, FormerWords, Photo, Step
from grid.rules.transitions import Deed
from grid.rules.ways import Asked, Way, Ways
from grid.telling import book as telling
from kit.refusals import Refused

REWRITTEN = ("description", "address", "is_dwelling")
"""What of the report itself may be written anew."""


def _hide(asked: Asked) -> None:
    """The steps that are named keep their words to those inside; the report says from now on what is given instead."""
    case, given = asked.case, asked.given
    anew = {name: getattr(given, name) for name in REWRITTEN if name in given.named}
    anew = {name: value for name, value in anew.items() if value != getattr(case, name)}
    withheld = _with_words(case, given.withheld) - set(case.withheld)
    is_whole = given.whole and case.is_public
    if not (anew or withheld or is_whole or (given.no_pictures and _pictures(case).exists())):
        raise Refused(
            "nothing_to_hide",
            _("Please tick what is taken down, or write anew what it says."),
            status=422,
            field="withheld",
        )
    if case.part_of_id is not None and (anew or is_whole):
        raise Refused("is_a_part", _("What was reported is said in the whole case: please take it down there."))
    asked.former = {name: getattr(case, name) for name in ("description", "address") if name in anew}
    for name, value in anew.items():
        setattr(case, name, value)
    _withhold(case, withheld)
    if is_whole:
        case.is_public, case.taken_down_at = False, asked.now


def _withhold(case: Case, numbers: set[int]) -> None:
    case.withheld = sorted({*case.withheld, *numbers})
    answer = (
        Step.objects.filter(case=case, deed=Deed.CLOSE).order_by("-number").values_list("number", flat=True).first()
    )
    case.is_answer_withheld = answer in case.withheld


def _with_words(case: Case, numbers: Iterable[int]) -> set[int]:
    """Those of these steps in which something was written for everybody."""
    said = Step.objects.filter(case=case, number__in=list(numbers)).exclude(word="")
    return set(said.values_list("number", flat=True))


def _pictures(case: Case) -> Any:
    return Photo.objects.filter(case=case, is_public=True)


def _hidden(asked: Asked) -> None:
    """What stood there is kept with the step; the parts of the case say what it says."""
    if asked.former:
        FormerWords.objects.create(step=asked.step, **asked.former)
    if asked.given.no_pictures:
        _pictures(asked.case).update(is_public=False)
    _as_the_whole(asked)


def _demand_hidden(asked: Asked) -> None:
    case = asked.case
    if case.is_public and not case.withheld:
        raise Refused("nothing_hidden", _("Nothing of it is taken down."))


def _show(asked: Asked) -> None:
    """All words of its steps, and the report as it says now; pictures are chosen one by one."""
    case = asked.case
    case.withheld, case.is_answer_withheld = [], False
    case.is_public, case.taken_down_at = True, None


def _as_the_whole(asked: Asked) -> None:
    """Parts repeat what the whole says. Locks them, in id order; they came after it."""
    case, step = asked.case, asked.step
    for part in Case.objects.select_for_update(no_key=True).filter(part_of=case).order_by("pk"):
        was_shown = part.is_shown
        for name in (*REWRITTEN, "is_public", "taken_down_at"):
            setattr(part, name, getattr(case, name))
        part.save(update_fields=[*REWRITTEN, "is_public", "taken_down_at"])
        Step.objects.create(
            case=part,
            number=part.steps.count() + 1,
            deed=asked.deed,
            before=part.state,
            after=part.state,
            at=asked.now,
            by=asked.by,
            by_role=asked.role,
            opinion=step.opinion,
            due_at=part.due_at,
        )
        telling.moved(part, was_shown=was_shown)
        if was_shown and not part.is_shown:
            telling.hidden(part)


WAYS: Ways = {
    Deed.HIDE: Way(_hide, after=_hidden),
    Deed.SHOW: Way(_show, _demand_hidden, _as_the_whole),
}
