"""The first page of the editor: what waits for me, what I wrote and how it stands, what happens today."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any, NamedTuple

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.admin.ui.components import Component
from wagtail.models import Page, TaskState, WorkflowState
from wagtail.permission_policies.pages import PagePermissionPolicy

from communities import permits, reviews
from communities.models import User
from communities.roles import Right
from events import rosters
from events.models import attach_pages
from grid.rules import announced
from portal.models import NoticePage

MOST = 10


class Written(NamedTuple):
    """A notice of mine, and how it stands."""

    page: Page
    url: str
    word: str
    note: str


class Missing(Component):
    """What the operator must add before the site counts deadlines wrongly."""

    template_name = "portal/admin/_missing.html"
    order = 5

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        is_operator = permits.is_operator(_person(parent_context))
        return {"missing": announced.warnings(timezone.localdate()) if is_operator else []}


class Waiting(Component):
    """What I may approve, the newest first."""

    template_name = "portal/admin/_waiting.html"
    order = 10

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        person = _person(parent_context)
        may_approve = permits.may_anywhere(person, Right.APPROVE_PAGES)
        states = reviews.to_approve(person) if may_approve else TaskState.objects.none()
        waiting = reviews.reviews(states[: MOST + 1])
        return {"may_approve": may_approve, "waiting": waiting[:MOST], "has_more": len(waiting) > MOST}


class Mine(Component):
    """What I wrote, or was the last to change, where I may still write; what was edited last first."""

    template_name = "portal/admin/_mine.html"
    order = 20

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        person = _person(parent_context)
        mine = Page.objects.type(NoticePage).filter(
            Q(owner=person) | Q(latest_revision__user=person),
            # Who has left an organisation reads no longer what is written there.
            pk__in=PagePermissionPolicy().instances_user_has_permission_for(person, "change").order_by().values("pk"),
        )
        last = mine.order_by("-latest_revision_created_at", "-pk").prefetch_workflow_states()
        return {"written": [_written(page) for page in last.annotate_approved_schedule()[:MOST]]}


class Today(Component):
    """The actions of my organisations that happen today."""

    template_name = "portal/admin/_today.html"
    order = 30

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        now = timezone.localtime()
        begins = timezone.make_aware(datetime.combine(now.date(), time()))
        today = rosters.coming_first(rosters.actions_at_desk(_person(parent_context)), now)
        actions = list(today.filter(starts_at__lt=begins + timedelta(days=1))[:MOST])
        attach_pages(actions)
        return {"actions": actions}


def _written(page: Page) -> Written:
    state = page.current_workflow_state
    step = state.current_task_state if state is not None else None
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    if state is not None and step is not None and state.status == WorkflowState.STATUS_IN_PROGRESS:
        return Written(page, reverse("communities:review", args=[step.pk]), _("waits for approval"), "")
    if step is not None:
        return Written(page, address, _("returned for changes"), step.comment)
    return Written(page, address, _word(page), "")


def _word(page: Page) -> str:
    if page.approved_schedule:
        return _("goes live later")
    if page.live:
        return _("live, with changes not handed in yet") if page.has_unpublished_changes else _("live")
    if page.expired:
        return _("over and offline")
    return _("taken offline") if page.first_published_at else _("draft")


def _person(parent_context: Mapping[str, Any] | None) -> User:
    person: User = (parent_context or {})["request"].user
    return person
