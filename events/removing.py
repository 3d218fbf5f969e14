"""A draft that nobody needs is thrown away. Everything else about an action stays for good."""

from django.utils.translation import gettext as _

from communities.models import User
from kit.deeds import deed
from kit.refusals import Refused

from . import locks, permits
from .models import Action, ActionPage, ComposerDraft, Party, Shift, SignUp


@deed
def remove(*, action: Action, by: User) -> None:
    """Throw a draft away with its shifts, its invitations, its page and what was typed for it. There is no way back.

    Locks the action. Raises ``Refused``: as :func:`demand_removable`.
    """
    held = demand_removable(action=action, by=by)
    page = ActionPage.objects.filter(translation_key=held.key).first()
    if page is not None:
        page.delete(user=by, skip_permission_checks=True)  # asked above: Wagtail knows no rights of editors here
    ComposerDraft.objects.filter(action=held).delete()
    Party.objects.filter(action=held).delete()
    Shift.objects.filter(action=held).delete()
    held.delete()


def demand_removable(*, action: Action, by: User) -> Action:
    """Lock the action and return it, if ``by`` may throw it away.

    Raises ``Refused``: ``no_right`` (403), ``has_sign_ups``, ``has_partners``, or ``not_draft`` for what was announced: people have read it,
    linked to it and perhaps told others; it is called off, not removed.
    """
    held = locks.lock_action(action.pk)
    if not permits.may_compose(by, held):
        raise Refused(
            "no_right",
            _("Only those who draft for %(host)s may throw its drafts away.") % {"host": held.host.spoken_name},
            status=403,
        )
    if SignUp.objects.filter(shift__action=held).exists():
        raise Refused(
            "has_sign_ups", _("People have signed up for this action. Call it off instead, so that they learn of it.")
        )
    if held.state != Action.State.DRAFT:
        raise Refused(
            "not_draft", _("This action was announced. It can be called off or unpublished, but not deleted.")
        )
    if Party.objects.joined().filter(action=held).exists():
        raise Refused(
            "has_partners", _("A partner has said yes already. Tell it first that you go on without it, at the desk.")
        )
    return held
