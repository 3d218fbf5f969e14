"""Somebody who works on a case looks up how to reach its reporter, and that it was looked up is kept."""

from django.utils.translation import gettext as _

from communities.models import User
from grid import permits
from grid.models import Case, ContactLook, Reporter
from kit.deeds import deed
from kit.refusals import Refused


@deed
def look_up(*, case: Case, by: User) -> Reporter:
    """What the reporter of the case has left to be reached by, for those who take in, send out and supervise.

    Every look is a row. The unit that handles the case never learns it; of an account that reported without leaving a
    contact nothing is told. Raises ``Refused``: ``no_right`` (403), ``no_contact``.
    """
    if not permits.may_see_reporter(by, case):
        raise Refused(
            "no_right", _("Only those who take cases in, send them out or supervise see who reported one."), status=403
        )
    reporter = reachable(case)
    if reporter is None:
        raise Refused("no_contact", _("Whoever reported it has left no contact."))
    ContactLook.objects.create(reporter=reporter, looked_by=by)
    return reporter


def reachable(case: Case) -> Reporter | None:
    """The reporter of the case, where a number or a mail address was left."""
    return Reporter.objects.filter(case=case).exclude(phone="", mail="").first()
