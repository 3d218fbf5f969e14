"""Why somebody cannot come, why an action is called off: a sentence that others read."""

from django.utils.translation import gettext as _

from kit.refusals import Refused

from .models import REASON_LENGTH


def as_written(reason: str) -> str:
    """The reason without blanks around it. Raises ``Refused`` ``reason_too_long`` (422): it is never cut behind one's back."""
    reason = reason.strip()
    if len(reason) > REASON_LENGTH:
        raise Refused(
            "reason_too_long",
            _("Please say it in %(most)d characters or fewer.") % {"most": REASON_LENGTH},
            status=422,
            field="reason",
        )
    return reason
