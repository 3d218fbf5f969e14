"""A report has come in: those who take reports in today are told at once."""

from collections.abc import Mapping

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from communities.models import User
from communities.words import local_text
from updates import messages
from updates.messages import Payload, Words

from .answering import acting_in
from .models import Case, Post

REPORTED = "case_reported"


def address_of(number: str) -> str:
    """Where a case is followed."""
    return f"/cases/{number}/"


def tell(case: Case, *, by: User | None) -> None:
    """Tell everybody who acts as an acceptor today; whoever wrote the report down knows it. Part of a deed."""
    today = timezone.localdate(case.reported_at)
    acceptors = acting_in(Post.objects.on(today).filter(_takes_in(case)), on=today)
    people = {acting.person.pk for acting in acceptors if acting.person is not None} - {by.pk if by else 0}
    payload = _facts(case)
    messages.send(kind=REPORTED, about=f"case:{case.number}", payloads=dict.fromkeys(people, payload))


def _takes_in(case: Case) -> Q:
    """Acceptors of the whole town; those of a part only where the case lies in it, or nobody knows where it lies."""
    takes = Q(role=Post.Role.ACCEPTOR)
    if case.cell is None:
        return takes
    cell = case.cell
    zone = cell.parent.parent if cell.parent is not None else None
    above = [cell.pk, cell.parent_id, cell.parent.parent_id if cell.parent else None, zone.parent_id if zone else None]
    return takes & Q(area__in=[pk for pk in above if pk is not None])


def _facts(case: Case) -> dict[str, object]:
    """What it is and where; what somebody wrote stays with the case, it may name people."""
    category, road = case.category, case.road
    return {
        "number": case.number,
        "category": category.name if category else "",
        "category_en": category.name_en if category else "",
        "road": road.name if road else "",
        "road_en": road.name_en if road else "",
        "house_number": case.house_number if not case.is_dwelling else None,
        "is_urgent": case.is_urgent,
    }


def _reported_words(payload: Payload, _now: object) -> Words:
    what = local_text(payload["category"], payload["category_en"]).text or _("Something is wrong")
    where = local_text(payload["road"], payload["road_en"]).text
    if where and payload["house_number"]:
        where = _("%(road)s No. %(number)d") % {"road": where, "number": payload["house_number"]}
    title = _("Urgent report: %(what)s") if payload["is_urgent"] else _("New report: %(what)s")
    text = _("%(number)s, %(where)s. It waits to be taken in.") if where else _("%(number)s. It waits to be taken in.")
    return Words(
        title % {"what": what},
        text % {"number": payload["number"], "where": where},
        address_of(payload["number"]),
        is_urgent=bool(payload["is_urgent"]),
    )


KINDS: Mapping[str, messages.Speak] = {REPORTED: _reported_words}
"""What is told of arrivals, with its words."""
