"""Wagtail's admin is for words and pictures: what it offers besides is taken out of its menus."""

from collections.abc import Collection, Iterable
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.templatetags.static import static
from django.urls import reverse_lazy
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop, ngettext_lazy, pgettext_lazy
from wagtail import hooks
from wagtail.admin.action_menu import ActionMenuItem, SubmitForModerationMenuItem
from wagtail.admin.menu import MenuItem
from wagtail.admin.site_summary import SummaryItem
from wagtail.admin.ui.components import Component
from wagtail.models import Page, WorkflowState

from communities import permits
from communities.refusing import refuse
from portal import dashboard, writing
from portal.models import NoticeIndexPage, NoticePage

# Accounts, memberships and rights have one writer each, and it is not a form of Wagtail's.
NOT_HERE = frozenset({"users", "groups", "collections", "sites", "workflows", "workflow-tasks"})
# Reports about workflows nobody has, and a list of page types for programmers.
NO_REPORT = frozenset({"workflows", "workflow-tasks", "page-types-usage"})
# Reports on the whole site, and a manual of Wagtail in English.
FOR_OPERATORS = frozenset({"reports", "help", "settings"})
# Wagtail's Chinese word for its pages is the one for turning them.
PAGES = pgettext_lazy("pages of the site", "Pages")

# What Wagtail's own Chinese leaves in English, or says oddly, on the ways that editors go; our catalogue comes before it.
gettext_noop("Search all pages…")
gettext_noop("Saved")
gettext_noop("Toggle checks")
gettext_noop("Go to the first error")
gettext_noop("Save your changes before leaving")
gettext_noop("Insert a block")
gettext_noop("Actions")
gettext_noop("Actions (footer)")
gettext_noop("Checks")
gettext_noop("Content metrics")
gettext_noop("Words")
gettext_noop("Reading time")
gettext_noop("Readability")
gettext_noop("This data explained")
gettext_noop("Exploring")
gettext_noop("Locking: ")
gettext_noop("Anyone can edit this %(model_name)s")
gettext_noop("This %(model_name)s is currently awaiting moderation.")
gettext_noop("Only reviewers for this task can edit the %(model_name)s.")
gettext_noop("%(label)s and Publish")
gettext_noop("by %(user)s")
gettext_noop("New: %(model_name)s")
gettext_noop("Grid layout")
gettext_noop("List layout")
gettext_noop("Oldest")
gettext_noop("Usage count: (low to high)")
gettext_noop("Usage count: (high to low)")
ngettext_lazy("Referenced %(count)s time", "Referenced %(count)s times")
ngettext_lazy(
    "This %(model_name)s is referenced %(usage_count)s time.",
    "This %(model_name)s is referenced %(usage_count)s times.",
)


def _without(items: list[MenuItem], names: Collection[str]) -> None:
    items[:] = [item for item in items if item.name not in names]


class WriteItem(MenuItem):
    """To a new notice in one step; for whoever has a section to write it in."""

    def is_shown(self, request: HttpRequest) -> bool:
        return writing.indexes(request.user).exists()


@hooks.register("register_admin_menu_item")
def write_a_notice() -> MenuItem:
    return WriteItem(
        gettext_lazy("Write a notice"), reverse_lazy("write_notice"), name="write", icon_name="edit", order=10
    )


@hooks.register("register_admin_menu_item")
def approvals() -> MenuItem:
    return MenuItem(
        gettext_lazy("Approvals"), reverse_lazy("communities:reviews"), name="reviews", icon_name="check", order=20
    )


@hooks.register("register_admin_menu_item")
def back_to_the_site() -> MenuItem:
    return MenuItem(
        gettext_lazy("To the site"), reverse_lazy("volunteers:profile"), name="site", icon_name="home", order=9000
    )


@hooks.register("construct_main_menu")
def short_menu(request: HttpRequest, items: list[MenuItem]) -> None:
    if not permits.is_operator(request.user):
        _without(items, FOR_OPERATORS)
    for item in items:
        if item.name == "explorer":
            item.label = PAGES


@hooks.register("construct_settings_menu")
def words_and_pictures_only(request: HttpRequest, items: list[MenuItem]) -> None:
    _without(items, NOT_HERE)


@hooks.register("construct_reports_menu")
def reports_for_people(request: HttpRequest, items: list[MenuItem]) -> None:
    _without(items, NO_REPORT)


@hooks.register("insert_global_admin_css")
def colours_of_the_site() -> SafeString:
    files = ("css/tokens.css", "css/admin.css")
    return format_html_join("", '<link rel="stylesheet" href="{}">', ((static(file),) for file in files))


class HandInItem(SubmitForModerationMenuItem):
    """Wagtail says “Submit to” and the name of the workflow, which is a row and has no other language; there is but one."""

    def get_context_data(self, parent_context: dict[str, Any]) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(parent_context)
        page = context.get("page")
        state = page.current_workflow_state if page else None
        is_again = state is not None and state.status == WorkflowState.STATUS_NEEDS_CHANGES
        return {**context, "label": _("Hand in again for approval") if is_again else _("Hand in for approval")}


@hooks.register("construct_page_action_menu")
def hand_in_for_approval(items: list[ActionMenuItem], request: HttpRequest, context: dict[str, Any]) -> None:
    items[:] = [
        HandInItem(order=item.order) if isinstance(item, SubmitForModerationMenuItem) else item for item in items
    ]


@hooks.register("construct_homepage_panels")
def what_waits(request: HttpRequest, panels: list[Component]) -> None:
    panels[:] = [dashboard.Missing(), dashboard.Waiting(), dashboard.Mine(), dashboard.Today()]


@hooks.register("construct_homepage_summary_items", order=100)  # after Wagtail's own
def no_figures(request: HttpRequest, items: list[SummaryItem]) -> None:
    """How many pages and pictures there are asks nothing of anybody."""
    items.clear()


@hooks.register("before_edit_page")
def indexes_stay_as_they_are(request: HttpRequest, page: Page) -> HttpResponse | None:
    """The address of an index stands in the addresses of all notices below it."""
    if isinstance(page, NoticeIndexPage) and not permits.is_operator(request.user):
        return refuse(request, page, _("This page only holds the notices; it is changed by nobody but the operator."))
    return None


@hooks.register("before_delete_page")
def keep_what_was_published(request: HttpRequest, page: Page) -> HttpResponse | None:
    return _refuse_to_delete(request, [page])


@hooks.register("before_bulk_action")
def keep_it_in_bulk_too(
    request: HttpRequest, action_type: str, objects: Iterable[Any], bulk_action: Any
) -> HttpResponse | None:
    pages = [thing for thing in objects if isinstance(thing, Page)]
    return _refuse_to_delete(request, pages) if action_type == "delete" else None


def _refuse_to_delete(request: HttpRequest, pages: list[Page]) -> HttpResponse | None:
    """What was made known once stays findable: people have read it and refer to it."""
    below = Q(pk__in=[])
    for page in pages:
        below |= Q(path__startswith=page.path)
    published = NoticePage.objects.filter(below, first_published_at__isnull=False).first()
    if published is None:
        return None
    sentence = _(
        "“%(page)s” was published and is not deleted: people have read it. Take it offline, or mark it as repealed."
    )
    return refuse(request, published, sentence % {"page": published.get_admin_display_title()})
