"""What is said of a notice's state: a word first, colour second."""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from events.states import State
from portal.models.notices import NoticePage

Kind = NoticePage.Kind

# Papers that people look up later: whether they still hold is said even where nobody set a day.
PAPERS = frozenset({Kind.POLICY, Kind.INTERPRETATION})


def validity(notice: NoticePage, today: date) -> State:
    """Does it hold, seen from today?"""
    return {
        NoticePage.Phase.VALID: State(pgettext("notice", "In force"), "ok"),
        NoticePage.Phase.UPCOMING: State(pgettext("notice", "Not in force yet"), "want"),
        NoticePage.Phase.EXPIRED: State(pgettext("notice", "No longer in force")),
        NoticePage.Phase.AMENDED: State(pgettext("notice", "Amended"), "want"),
        NoticePage.Phase.REPEALED: State(pgettext("notice", "Repealed"), "bad"),
    }[notice.phase(today)]


def says_validity(notice: NoticePage) -> bool:
    """Is there anything to ask? News of yesterday's work neither holds nor runs out."""
    is_paper = notice.kind in PAPERS or bool(notice.document_number)
    return is_paper or bool(notice.valid_from or notice.valid_until) or notice.validity != NoticePage.Validity.VALID


def publicity(notice: NoticePage, today: date) -> State | None:
    """How long people may still comment; None where they are not asked."""
    asks = notice.kind == Kind.CONSULTATION
    match notice.publicity_phase(today):
        case "ahead":
            return State(_("Comments wanted soon") if asks else _("On display soon"), "want")
        case "over":
            return State(_("Comments closed") if asks else _("No longer on display"))
        case "open":
            days = (notice.publicity_until - today).days if notice.publicity_until else 0
            return State(_open(asks, days), "want")
    return None


def _open(asks: bool, days: int) -> str:
    if days == 0:
        return _("Comments wanted, today is the last day") if asks else _("On display, today is the last day")
    if asks:
        sentence = ngettext("Comments wanted, %(days)d more day", "Comments wanted, %(days)d more days", days)
    else:
        sentence = ngettext("On display, %(days)d more day", "On display, %(days)d more days", days)
    return sentence % {"days": days}


def states(notice: NoticePage, today: date) -> list[State]:
    """What a list says of it."""
    said = [validity(notice, today)] if says_validity(notice) else []
    asked = publicity(notice, today)
    return [*said, asked] if asked else said
