"""Pages are handed in, approved, and returned with a word. Wagtail keeps the states; what is decided is decided here.

Wagtail's own workflow takes a decision from whoever comes first and publishes whatever was saved last. These deeds lock,
read again, and publish what was read: a text that changed while somebody read it is refused until it is looked at again.
"""

from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.db.models import CharField, QuerySet
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Page, Revision, TaskState, WorkflowState, get_default_page_content_type

from kit.deeds import deed
from kit.refusals import Refused, as_written

from . import ground, review_messages
from .models import REVIEW_WORD_LENGTH, ReviewTask, User

may_approve = ground.may_approve


def states_to_approve(person: User) -> QuerySet[TaskState]:
    """What waits for this person's decision; the operator may decide everything."""
    pages = Page.objects.filter(ground.to_approve(person)).order_by().annotate(written=Cast("pk", CharField()))
    return TaskState.objects.filter(
        status=TaskState.STATUS_IN_PROGRESS,
        task__in=ReviewTask.objects.all(),
        workflow_state__status=WorkflowState.STATUS_IN_PROGRESS,
        workflow_state__base_content_type=get_default_page_content_type(),
        workflow_state__object_id__in=pages.values("written"),
    )


def seen(revision: Revision) -> str:
    """What somebody has looked at: the version and its moment, for the editor saves into the same version again."""
    return f"{revision.pk}:{revision.created_at.isoformat()}"


@deed
def approve(*, state: TaskState, by: User, word: str = "", looked_at: str | None = None) -> TaskState:
    """Approve what was handed in: it is published, or at the hour that was asked for. Returns the state as decided.

    ``looked_at`` is what :func:`seen` said of the version that ``by`` has read; None where ``by`` has just saved it in the
    editor. Locks the page and the state. Raises ``Refused``: ``no_right`` (403), ``gone`` or ``decided`` when it does not
    wait any more, ``changed`` when it is not what was looked at, ``over`` when the day on which it goes offline has passed,
    ``incomplete`` when something that readers need is missing, ``word_too_long`` (422).
    """
    held = _hold(state, by)
    word = as_written(word, most=REVIEW_WORD_LENGTH, field="word")
    _demand_waiting(held)
    _demand_seen(held, looked_at)
    draft = held.latest.as_object()
    if draft.expire_at is not None and draft.expire_at <= timezone.now():
        raise Refused(
            "over", _("The day on which it was to go offline has passed. Return it, so that it is put right.")
        )
    try:
        draft.full_clean()
        held.state.approve(user=by, comment=word)
    except ValidationError as error:
        sentence = _("It cannot be published like this: %(faults)s")
        raise Refused("incomplete", sentence % {"faults": " ".join(error.messages)}) from error
    return held.state


@deed
def send_back(*, state: TaskState, by: User, word: str, looked_at: str | None = None) -> TaskState:
    """Return what was handed in, with a word on what to change. Nothing is published; returns the state as decided.

    Locks the page and the state. Raises ``Refused`` as :func:`approve`, and ``word_missing`` (422).
    """
    held = _hold(state, by)
    word = as_written(word, most=REVIEW_WORD_LENGTH, field="word", missing=_("Say it in a few words."))
    _demand_waiting(held)
    _demand_seen(held, looked_at)
    held.state.reject(user=by, comment=word)
    return held.state


@deed
def ask_approvers(*, state: TaskState, by: User | None) -> None:
    """Something was handed in: whoever may approve it is told, except who did it."""
    page = state.workflow_state.content_object
    author = by or state.workflow_state.requested_by
    if page is None or author is None:
        return
    people = ground.approvers(page).exclude(pk=author.pk).values_list("pk", flat=True)
    review_messages.asked(state, state.revision.as_object(), ground.owner(page), people, author)


@deed
def tell_author(*, workflow_state: WorkflowState, by: User | None) -> None:
    """What was handed in is decided: who handed it in is told, unless it was decided by the same person.

    A review that was ended because somebody with the right published the page is as good as an approval.
    """
    state, author = workflow_state.current_task_state, workflow_state.requested_by
    page = Page.objects.select_related("latest_revision").filter(pk=workflow_state.object_id).first()
    if state is None or page is None or page.latest_revision is None or author is None or by is None or by == author:
        return
    if author.closed_at is not None:
        return
    said = page.latest_revision.as_object()
    if workflow_state.status == WorkflowState.STATUS_NEEDS_CHANGES:
        review_messages.returned(state, said, author, by)
    elif workflow_state.status == WorkflowState.STATUS_APPROVED or _is_published(page):
        review_messages.approved(state, said, author, by)


def demand_approver(person: User, page: Page) -> None:
    """Raise ``Refused("no_right", status=403)`` for who may not decide about this page."""
    if not ground.may_approve(person, page):
        raise Refused(
            "no_right", _("Only those who may publish for the organisation of this page decide about it."), status=403
        )


def standing(state: TaskState) -> str:
    """How it stands with what was handed in, in a sentence."""
    by = state.finished_by.name if state.finished_by else ""
    if state.status == TaskState.STATUS_IN_PROGRESS:
        return _("It waits for approval.")
    if state.status == TaskState.STATUS_REJECTED:
        return _("%(person)s has returned it for changes.") % {"person": by}
    if state.status == TaskState.STATUS_APPROVED:
        return _("%(person)s has approved it.") % {"person": by}
    if by and state.finished_by_id != state.workflow_state.requested_by_id:
        return _("%(person)s has ended the review and taken the page over.") % {"person": by}
    return _("It was withdrawn before anybody decided.")


class _Held(NamedTuple):
    state: TaskState
    latest: Revision


def _hold(state: TaskState, by: User) -> _Held:
    """Ask, lock and read again: the page first, then the state, then the version that would be published."""
    page = state.workflow_state.content_object
    if page is None:
        raise _gone()
    demand_approver(by, page)
    locked = Page.objects.select_for_update(no_key=True, of=("self",)).filter(pk=page.pk).first()
    held = TaskState.objects.select_for_update(of=("self",)).filter(pk=state.pk).first()
    if locked is None or held is None or locked.latest_revision is None:
        raise _gone()
    return _Held(held, locked.latest_revision)


def _gone() -> Refused:
    return Refused("gone", _("The page is no longer there; nothing is left to decide."))


def _demand_waiting(held: _Held) -> None:
    if held.state.status != TaskState.STATUS_IN_PROGRESS:
        raise Refused("decided", standing(held.state))


def _demand_seen(held: _Held, looked_at: str | None) -> None:
    if looked_at is not None and looked_at != seen(held.latest):
        raise Refused("changed", _("The text was changed after you opened it. Please look at it once more."))


def _is_published(page: Page) -> bool:
    """Is the last version live, or bound to go live?"""
    latest = page.latest_revision
    return latest is not None and (page.live_revision_id == latest.pk or latest.approved_go_live_at is not None)
