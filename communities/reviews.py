"""What waits for my approval, what I handed in, and one of them looked at. Reading only."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from wagtail.models import Page, Revision, TaskState, WorkflowState, get_default_page_content_type

from kit.web import found_or_404

from . import ground, permits, reviewing
from .models import Organisation, ReviewTask, User
from .roles import Right

WAITING, RETURNED, APPROVED, ENDED = "waiting", "returned", "approved", "ended"

_STANDS = {
    TaskState.STATUS_IN_PROGRESS: WAITING,
    TaskState.STATUS_REJECTED: RETURNED,
    TaskState.STATUS_APPROVED: APPROVED,
}


@dataclass(frozen=True)
class Review:
    """Something that was handed in: the page, whose it is, by whom, and how it stands."""

    state: TaskState
    page: Page
    organisation: Organisation | None

    @property
    def title(self) -> str:
        return str(self.page.get_admin_display_title())

    @property
    def author(self) -> User | None:
        author: User | None = self.state.workflow_state.requested_by
        return author

    @property
    def stands(self) -> str:
        return _STANDS.get(self.state.status, ENDED)

    @property
    def is_waiting(self) -> bool:
        return self.stands == WAITING

    @property
    def is_change(self) -> bool:
        """Was something live already that this changes?"""
        first = self.page.first_published_at
        return bool(self.page.live) and (self.is_waiting or (first is not None and first < self.state.started_at))

    @property
    def revision(self) -> Revision:
        """The version that a decision is about: while it waits, the one that would be published."""
        if self.is_waiting and self.page.latest_revision is not None:
            return self.page.latest_revision
        return self.state.revision

    @property
    def goes_live(self) -> datetime | None:
        """The hour that was asked for, if it lies ahead."""
        moment = _moment(self.revision.content.get("go_live_at"))
        return moment if moment is not None and moment > timezone.now() else None

    @property
    def expires(self) -> datetime | None:
        return _moment(self.revision.content.get("expire_at"))

    @property
    def standing(self) -> str:
        return reviewing.standing(self.state)


def to_approve(person: User) -> QuerySet[TaskState]:
    """What waits for this person, the newest first."""
    return _with_all(reviewing.states_to_approve(person)).order_by("-started_at", "-pk")


def handed_in(person: User) -> QuerySet[TaskState]:
    """What this person handed in, the newest first: of each page the last step."""
    mine = WorkflowState.objects.filter(requested_by=person, base_content_type=get_default_page_content_type())
    states = TaskState.objects.filter(task__in=ReviewTask.objects.all())
    return _with_all(states.filter(pk__in=mine.values("current_task_state"))).order_by("-started_at", "-pk")


def count_to_approve(person: User) -> int:
    """How much waits for this person; without a query for those who approve nothing."""
    if not permits.may_anywhere(person, Right.APPROVE_PAGES):
        return 0
    return reviewing.states_to_approve(person).count()


def reviews(states: Iterable[TaskState]) -> list[Review]:
    """The states with their pages and organisations, in the order given, in two queries."""
    states = list(states)
    pages = Page.objects.select_related("latest_revision").in_bulk(
        [int(state.workflow_state.object_id) for state in states]
    )
    owners = ground.owners(pages.values())
    found = ((state, pages.get(int(state.workflow_state.object_id))) for state in states)
    return [Review(state, page, owners.get(page.pk)) for state, page in found if page is not None]


def get_review_or_404(person: User, pk: int) -> Review:
    """A review for whoever may decide it, and for who handed it in.

    It is not there for people outside the organisation; its other members are told what they lack (403).
    """
    states = _with_all(TaskState.objects.filter(task__in=ReviewTask.objects.all()))
    found = reviews([found_or_404(states, pk)])
    if not found:
        raise Http404
    review = found[0]
    if ground.may_approve(person, review.page):
        return review
    if review.organisation is None or not permits.may(person, Right.BELONG, review.organisation):
        raise Http404
    if review.author != person:
        raise PermissionDenied(
            _("You belong to %(organisation)s, but only its coordinators approve what is handed in.")
            % {"organisation": review.organisation.spoken_name}
        )
    return review


def demand_writer(person: User) -> None:
    """Raise ``PermissionDenied`` for people who neither write pages nor approve them."""
    if not person.has_perm("wagtailadmin.access_admin"):
        raise PermissionDenied(
            _(
                "Notices are written and approved by the staff of an organisation. Ask its coordinator to give you the right."
            )
        )


def _with_all(states: QuerySet[TaskState]) -> QuerySet[TaskState]:
    return states.select_related("workflow_state__requested_by", "revision", "finished_by")


def _moment(written: str | None) -> datetime | None:
    return parse_datetime(written) if written else None
