"""What is kept about a person's reports, and what becomes of them when the account is closed."""

import uuid
from collections.abc import Iterable

from django.utils.translation import gettext as _

from communities.models import User
from communities.own_data import Line, Section
from grid.models import Reporter, Supporter


def told(person: User) -> list[Section]:
    """What the person reported, with the contact left for it; and where he or she said *me too*."""
    return [
        Section("reports", _("What I reported"), list(_reports(person))),
        Section("supported_cases", _("Where I said that I met it too"), list(_supported(person))),
    ]


def forget(person: User) -> None:
    """The reports stay, and nobody is named by them any more. Part of closing."""
    Reporter.objects.filter(person=person).update(person=None, name="", phone="", mail="")
    for supporter in Supporter.objects.filter(person=person):
        # Counted on, as somebody whom nobody knows.
        supporter.person, supporter.mark = None, uuid.uuid4()
        supporter.save(update_fields=["person", "mark"])


def _reports(person: User) -> Iterable[list[Line]]:
    for reporter in Reporter.objects.filter(person=person).select_related("case__category").order_by("-case_id"):
        case = reporter.case
        yield [
            Line("number", _("Case number"), case.number),
            Line("category", _("What it is"), case.category.spoken_plainly if case.category else ""),
            Line("description", _("What I wrote"), case.description),
            Line("address", _("Where"), case.address),
            Line("reported_at", _("When"), case.reported_at),
            Line("state", _("State"), case.get_state_display()),
            Line("name", _("Name"), reporter.name),
            Line("phone", _("Mobile number"), reporter.phone),
            Line("mail", _("Mail address"), reporter.mail),
        ]


def _supported(person: User) -> Iterable[list[Line]]:
    for supporter in Supporter.objects.filter(person=person).select_related("case").order_by("-id"):
        yield [
            Line("number", _("Case number"), supporter.case.number),
            Line("since", _("Since"), supporter.since),
        ]
