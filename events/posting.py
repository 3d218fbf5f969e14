"""Staff tell how an action goes, and take back what was wrong."""

import uuid

from django.utils import timezone
from django.utils.translation import gettext as _

from communities.models import Organisation, User
from kit.deeds import deed
from kit.refusals import Refused, as_written

from . import locks, permits, telling
from .models import POST_LENGTH, Action, Post


@deed
def post(
    *, action: Action, text: str, by: User, key: uuid.UUID | None = None, organisation: Organisation | None = None
) -> Post:
    """Tell everybody who follows the action, in the host's name or in that of a partner that takes part (``organisation``).

    The same ``key`` again is the same post again, and is said once. Shares the action; a partner is locked, so that nothing
    is said in its name after it has left. Raises ``Refused``: ``no_right`` (403), ``draft``, ``text_missing`` (422),
    ``text_too_long`` (422), or ``other_request`` (422) for a key that was used for something else.
    """
    held = locks.share_action(action.pk)
    voice = held.host if organisation is None or organisation.pk == held.host_id else organisation
    if voice.pk != held.host_id:
        locks.lock_partner(held, voice)
    _demand_voice(by, held, voice)
    if held.state == Action.State.DRAFT:
        raise Refused("draft", _("Nobody follows a draft. Announce the action first."))
    text = as_written(text, most=POST_LENGTH, field="text", missing=_("Write what people should know."))
    made, is_new = Post.objects.get_or_create(
        key=key or uuid.uuid4(), defaults={"action": held, "organisation": voice, "text": text, "posted_by": by}
    )
    if (made.action_id, made.posted_by_id, made.organisation_id) != (held.pk, by.pk, voice.pk):
        raise Refused("other_request", _("This form was used for something else. Open it anew, please."), status=422)
    if is_new:
        telling.posted(made, held, by)
    return made


@deed
def withdraw(*, post: Post, by: User) -> Post:
    """Take a post back: it disappears wherever it was told, and stays in our records. Again changes nothing.

    Leaders of the host may, and those of the partner in whose name it was said, also after the partner has left.

    Shares the action, locks the post. Raises ``Refused`` ``no_right`` (403).
    """
    if not permits.may_withdraw(by, post):
        raise Refused(
            "no_right",
            _("Only leaders of %(host)s, and of who said it, may take this back.")
            % {"host": post.action.host.spoken_name},
            status=403,
        )
    action = locks.share_action(post.action_id)
    held = Post.objects.select_for_update().get(pk=post.pk)
    if held.withdrawn_at is None:
        held.withdrawn_at, held.withdrawn_by = timezone.now(), by
        held.save(update_fields=["withdrawn_at", "withdrawn_by"])
        telling.taken_back(held, action)
    return held


def _demand_voice(by: User, action: Action, voice: Organisation) -> None:
    if permits.voices(by, action).filter(pk=voice.pk).exists():
        return
    if voice.pk == action.host_id:
        raise Refused(
            "no_right",
            _("Only leaders of %(host)s may speak for this action.") % {"host": action.host.spoken_name},
            status=403,
        )
    raise Refused(
        "no_right",
        _("Only leaders of %(organisation)s may speak in its name, and only while it takes part.")
        % {"organisation": voice.spoken_name},
        status=403,
    )
