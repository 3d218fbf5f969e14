"""Wagtail's signals, and the deeds that they call. The only place that listens to them."""

from typing import Any

from wagtail.models import Page, TaskState, WorkflowState
from wagtail.signals import (
    page_published,
    page_unpublished,
    task_submitted,
    workflow_approved,
    workflow_cancelled,
    workflow_rejected,
    workflow_submitted,
)

from communities import founding, reviewing
from communities.models import OrganisationPage, User
from events import publishing
from events.models import ActionPage
from portal import notices, searching
from portal.models import NoticePage


def connect() -> None:
    """Listen from now on."""
    page_unpublished.connect(_action_hidden, sender=ActionPage, dispatch_uid="gongzhi.action_hidden")
    page_unpublished.connect(_section_hidden, sender=OrganisationPage, dispatch_uid="gongzhi.section_hidden")
    page_published.connect(_notice_published, sender=NoticePage, dispatch_uid="gongzhi.notice_published")
    page_unpublished.connect(_notice_hidden, sender=NoticePage, dispatch_uid="gongzhi.notice_hidden")
    # Wagtail writes mails of its own to everybody who may approve something. It connects later than we do and leaves a
    # place that is taken: these are its names.
    workflow_submitted.connect(
        _handed_in_is_said_already,
        sender=WorkflowState,
        dispatch_uid="workflow_state_submitted_email_notification",
    )
    workflow_rejected.connect(_decided, sender=WorkflowState, dispatch_uid="workflow_state_rejected_email_notification")
    workflow_approved.connect(_decided, sender=WorkflowState, dispatch_uid="workflow_state_approved_email_notification")
    workflow_cancelled.connect(_decided, sender=WorkflowState, dispatch_uid="gongzhi.review_ended")
    task_submitted.connect(
        _handed_in, sender=TaskState, dispatch_uid="group_approval_task_submitted_email_notification"
    )
    for kind, page_class in searching.KINDS.items():
        page_published.connect(_words_kept, sender=page_class, dispatch_uid=f"gongzhi.words_kept.{kind}")
        page_unpublished.connect(_words_dropped, sender=page_class, dispatch_uid=f"gongzhi.words_dropped.{kind}")


def _handed_in_is_said_already(sender: type[WorkflowState], **kwargs: Any) -> None:
    """The step that begins with it tells the approvers; the workflow says nothing of its own."""


def _handed_in(sender: type[TaskState], instance: TaskState, user: User | None, **kwargs: Any) -> None:
    reviewing.ask_approvers(state=instance, by=user)


def _decided(sender: type[WorkflowState], instance: WorkflowState, user: User | None, **kwargs: Any) -> None:
    reviewing.tell_author(workflow_state=instance, by=user)


def _action_hidden(sender: type[Page], instance: ActionPage, **kwargs: Any) -> None:
    publishing.hide(page=instance)


def _section_hidden(sender: type[Page], instance: OrganisationPage, **kwargs: Any) -> None:
    founding.hide(section=instance)


def _notice_published(sender: type[Page], instance: NoticePage, **kwargs: Any) -> None:
    notices.tell(notice=instance)


def _notice_hidden(sender: type[Page], instance: NoticePage, **kwargs: Any) -> None:
    notices.withdraw(notice=instance)


def _words_kept(sender: type[Page], instance: Page, **kwargs: Any) -> None:
    searching.keep(page=instance)


def _words_dropped(sender: type[Page], instance: Page, **kwargs: Any) -> None:
    searching.drop(page=instance)
