"""An action ends: called off before, or closed after it has happened."""

from django.utils import timezone
from django.utils.translation import gettext as _

from communities.models import User
from kit.deeds import deed
from kit.refusals import Refused, as_written

from . import locks, messages, permits, seats, telling
from .models import REASON_LENGTH, Action


@deed
def call_off(*, action: Action, reason: str, by: User) -> Action:
    """Call an announced action off; sign-ups for what is not over yet end. The page stays and says so.

    What has been done stays done. Again changes nothing.

    Locks the action, for which every sign-up waits. Raises ``Refused``: ``no_right`` (403), ``reason_missing`` (422),
    ``reason_too_long`` (422), ``not_announced`` or ``past``.
    """
    held = locks.lock_action(action.pk)
    if not permits.may_announce(by, held):
        raise Refused(
            "no_right",
            _("Only coordinators of %(host)s may call it off.") % {"host": held.host.spoken_name},
            status=403,
        )
    if held.state == Action.State.CALLED_OFF:
        return held
    missing = _("Say in a word why; everybody who signed up reads it.")
    reason = as_written(reason, most=REASON_LENGTH, field="reason", missing=missing)
    if not held.is_announced:
        raise Refused("not_announced", _("Only an announced action can be called off."))
    now = timezone.now()
    if held.ends_at is not None and held.ends_at <= now:
        raise Refused("past", _("This action is over already."))
    held.state, held.reason = Action.State.CALLED_OFF, reason
    held.ended_at, held.ended_by = now, by
    held.save(update_fields=["state", "reason", "ended_at", "ended_by"])
    people = seats.release_all(held, now)
    messages.called_off(held, people)
    messages.called_off_for_partners(held, without={*people, by.pk})
    telling.called_off(held)
    return held


@deed
def close(*, action: Action, by: User) -> Action:
    """Settle an action that has happened. Again changes nothing.

    Locks the action. Raises ``Refused``: ``no_right`` (403), ``not_announced`` or ``not_over``.
    """
    held = locks.lock_action(action.pk)
    if not permits.may_run(by, held):
        raise Refused(
            "no_right", _("Only leaders of %(host)s may close it.") % {"host": held.host.spoken_name}, status=403
        )
    if held.state == Action.State.CLOSED:
        return held
    if not held.is_announced:
        raise Refused("not_announced", _("Only an announced action can be closed."))
    now = timezone.now()
    if held.ends_at is None or held.ends_at > now:
        raise Refused("not_over", _("The last shift is not over yet."))
    held.state, held.ended_at, held.ended_by = Action.State.CLOSED, now, by
    held.save(update_fields=["state", "ended_at", "ended_by"])
    telling.closed(held)
    return held
