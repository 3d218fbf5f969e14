"""Through whose hands a case went: those who sent it out, and those who handled it.

The case names the last of each; its steps name all. Whoever sent a case out once never closes it (监管分离, domain 1.2), and
nobody says of one's own work that it is done well.
"""

from django.db.models import Q

from grid.models import Case, Step

from .transitions import Deed

SENDING = (Deed.DISPATCH, Deed.SPLIT)
HANDLING = (Deed.SUBMIT, Deed.SOLVE_ON_THE_SPOT)


def senders(case: Case) -> set[int]:
    """Everybody who ever sent it out, or split it for several units. One query."""
    return _whoever(case, Q(deed__in=SENDING), case.dispatcher_id)


def workers(case: Case) -> set[int]:
    """Whoever handles it, and everybody who ever said that it is done. One query."""
    return _whoever(case, Q(deed__in=HANDLING), case.handler_id)


def both(case: Case) -> set[int]:
    """:func:`senders` and :func:`workers`. One query."""
    return _whoever(case, Q(deed__in=[*SENDING, *HANDLING]), case.dispatcher_id, case.handler_id)


def _whoever(case: Case, steps: Q, *named: int | None) -> set[int]:
    did = Step.objects.filter(steps, case=case).values_list("by", flat=True)
    return {pk for pk in (*did, *named) if pk is not None}
