"""What the deeds of this room say in the book. Called inside deeds only.

``case:<number>`` hears how the case stands, ``road:<code>`` too while everybody may see the case. Nobody's name, no opinion of
those who work on it and nothing of whoever reported it is in any of it. ``cases`` hears that something moved, and not what; of
complaints about people who work here it hears nothing, for those may be listening.
"""

from functools import partial
from typing import Any

from grid.models import Case, shown_to_everybody
from kit.times import written
from updates.publish import audience_changed, publish

CASE = "case"
"""No news: pages show it where it belongs."""

CASES = "cases"
"""The topic of those who work on cases, and the verb in it: something moved, and the lists of the desk are others."""


def moved(case: Case, *, was_shown: bool = False) -> None:
    """Something was done with the case: how it stands at the commit. Where it was shown it is said that it goes."""
    topics = [f"case:{case.number}"]
    if case.road is not None and (case.is_public or was_shown):
        topics.append(f"road:{case.road.code}")
    publish(topics, CASE, partial(_stands, case.pk), once=f"case:{case.pk}")
    if not case.is_complaint:
        publish([CASES], CASES, {"state": case.state}, once=CASES)


def hidden(case: Case) -> None:
    """Not everybody may see the case any longer, nor follow it."""
    audience_changed([f"case:{case.number}"])


def _stands(pk: int) -> dict[str, Any]:
    case = Case.objects.select_related("unit").get(pk=pk)
    if not Case.objects.filter(shown_to_everybody(), pk=pk).exists():
        # Its number and that it is gone: lists take it out.
        return {"case": case.number, "state": case.state, "unit": None, "due": None}
    unit = {"id": case.unit.pk, "name": case.unit.name, "name_en": case.unit.name_en} if case.unit else None
    return {
        "case": case.number,
        "state": case.state,
        "unit": unit,
        "due": written(case.due_at)[:10] if case.due_at else None,
        "supporters": case.supporters_count,
    }
