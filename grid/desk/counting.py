"""A few figures for whoever heads the desk of cases; each opens the list that it counts."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from grid.models import Case, overdue
from grid.rules.transitions import Actor

from .lists import IN_TIME, LATE_NOW, closed_in, is_late
from .scopes import Scope

AIM = {Case.Method.SERVICE: 70, Case.Method.MANAGEMENT: 20, Case.Method.ENFORCEMENT: 10}
"""Per cent of what is handled: service first, management next, enforcement as supplement (721)."""

HEADS = (Actor.OVERSEER, Actor.ACCEPTOR, Actor.DISPATCHER)
"""Who sees the figures."""


@dataclass(frozen=True)
class Figure:
    """A number, what it counts, and the list behind it; as ``{% figures %}`` takes it."""

    value: str
    label: str
    url: str
    unit: str = ""
    tone: str = ""


def figures(scope: Scope, now: datetime) -> list[Figure]:
    """Overdue now; of what was closed this month how much was handled in time, and by which method. One query.

    Nothing for who heads no desk. What was closed without a method (solved before it was handled) is in none of the three.
    """
    if not any(actor in scope.of for actor in HEADS):
        return []
    month = f"{timezone.localtime(now):%Y-%m}"
    closed = closed_in(month)
    counted = scope.everything.aggregate(
        overdue=Count("pk", filter=overdue(now)),
        closed=Count("pk", filter=closed),
        late=Count("pk", filter=closed & is_late(now)),
        **{method.value: Count("pk", filter=closed & Q(method=method)) for method in AIM},
    )
    by_method = sum(counted[method.value] for method in AIM)
    return [
        Figure(
            str(counted["overdue"]), _("overdue now"), _list(late=LATE_NOW), tone="bad" if counted["overdue"] else ""
        ),
        Figure(
            _share(counted["closed"] - counted["late"], counted["closed"]),
            _("of %(count)s closed this month handled in time") % {"count": number_format(counted["closed"])},
            _list(closed=month, late=IN_TIME),
        ),
        *(
            Figure(
                _share(counted[method.value], by_method),
                _("%(method)s, aim %(aim)d %%") % {"method": method.label, "aim": aim},
                _list(closed=month, method=method.value),
            )
            for method, aim in AIM.items()
        ),
    ]


def _share(part: int, whole: int) -> str:
    return f"{round(100 * part / whole)} %" if whole else "–"


def _list(**filters: str) -> str:
    chosen = {name: value for name, value in filters.items() if value}
    return f"{reverse('grid:case_desk')}?{urlencode({'list': 'all', **chosen})}"
