"""The poster of a joint action: what somebody needs to know who gets it from a friend and has never seen the site.

It says nothing that will be untrue tomorrow: no *today*, no count of free places. Those stand on the page that it leads to.
"""

from collections.abc import Sequence

from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from communities.models import Organisation
from communities.templatetags.organisations import local_name
from events.models import Action, Shift
from events.states import OVER, partners_by_action, shifts_by_action, sum_of_seats, where_of
from kit.times import lasting_words
from portal.posters.sheet import Fact, Sheet, badge_of
from portal.templatetags.ui.marks import emblem_of

SHIFTS_SHOWN = 3
LINES_OF_HOURS = 4
BADGES_SHOWN = 4


def sheet_of(action: Action, *, address: str) -> Sheet:
    """What stands on the poster of ``action``, whose host was fetched with it, in the language of whoever asks."""
    shifts = list(shifts_by_action([action])[action.pk])
    parties = [action.host, *partners_by_action([action])[action.pk]]
    is_off, is_over = action.state == Action.State.CALLED_OFF, action.phase(timezone.now()) in OVER
    facts = [
        Fact(
            "clock",
            _hours(shifts) or _period(action),
            1,
            size=60,
            most=LINES_OF_HOURS,
            least=LINES_OF_HOURS,
            is_strong=True,
            is_struck=is_off,
            instead=_period(action),
        ),
        Fact("place", "\n".join(where_of(action)), 2, size=54, most=3, least=1),
        Fact("hand", "" if is_over else _wanted(shifts), 4, most=1),
        Fact("box", "" if is_over else action.bring, 5),
        Fact(
            "people",
            _who(parties),
            3,
            most=2,
            least=1,
            brief=local_name(action.host).text,
            badges=tuple(map(badge_of, parties[:BADGES_SHOWN])),
        ),
    ]
    return Sheet(
        emblem=emblem_of(action.kind),
        kind=capfirst(action.get_kind_display()),
        title=action.page.local_title.text,
        facts=tuple(facts),
        call=_("Scan to see why") if is_off else _("Scan to see how it went") if is_over else _("Scan to sign up"),
        address=address,
        stamp=_("Called off") if is_off else "",
    )


def _hours(shifts: Sequence[Shift]) -> str:
    """The hours of a few shifts, one by one; of many nothing."""
    if len(shifts) > SHIFTS_SHOWN:
        return ""
    now = timezone.now()
    return "\n".join(lasting_words(shift.starts_at, shift.ends_at, now=now) for shift in shifts)


def _period(action: Action) -> str:
    """From when to when, whatever lies between."""
    return lasting_words(action.starts_at, action.ends_at, now=timezone.now()) if action.starts_at else ""


def _wanted(shifts: Sequence[Shift]) -> str:
    """How many are wanted in all, which no sign-up changes."""
    count = sum_of_seats(shifts).capacity
    if not count:
        return ""
    hands = ngettext("%(count)s hand wanted", "%(count)s hands wanted", count) % {"count": count}
    if len(shifts) == 1:
        return hands
    return _("%(hands)s in %(count)s shifts") % {"hands": hands, "count": len(shifts)}


def _who(parties: Sequence[Organisation]) -> str:
    host = local_name(parties[0]).text
    if len(parties) == 1:
        return host
    return ngettext("%(host)s and %(count)s partner", "%(host)s and %(count)s partners", len(parties) - 1) % {
        "host": host,
        "count": len(parties) - 1,
    }
