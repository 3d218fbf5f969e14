"""Wagtail's admin is for words and pictures: what it offers besides is taken out of its menus."""

from collections.abc import Collection

from django.http import HttpRequest
from django.templatetags.static import static
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_noop, ngettext_lazy, pgettext_lazy
from wagtail import hooks
from wagtail.admin.menu import MenuItem

# Accounts, memberships and rights have one writer each, and it is not a form of Wagtail's.
NOT_HERE = frozenset({"users", "groups", "collections", "sites", "workflows", "workflow-tasks"})
# Reports about workflows nobody has, and a list of page types for programmers.
NO_REPORT = frozenset({"workflows", "workflow-tasks", "page-types-usage"})
# Wagtail's Chinese word for its pages is the one for turning them.
PAGES = pgettext_lazy("pages of the site", "Pages")

# What Wagtail's own Chinese leaves in English on its first page; our catalogue comes before Wagtail's.
gettext_noop("Search all pages…")
gettext_noop("Wagtail %(current_version)s editor guide")
ngettext_lazy(
    '%(total)s Page <span class="w-sr-only">created in %(site_name)s</span>',
    '%(total)s Pages <span class="w-sr-only">created in %(site_name)s</span>',
)
ngettext_lazy(
    '%(total)s Image <span class="w-sr-only">created in %(site_name)s</span>',
    '%(total)s Images <span class="w-sr-only">created in %(site_name)s</span>',
)
ngettext_lazy(
    '%(total)s Document <span class="w-sr-only">created in %(site_name)s</span>',
    '%(total)s Documents <span class="w-sr-only">created in %(site_name)s</span>',
)


def _without(items: list[MenuItem], names: Collection[str]) -> None:
    items[:] = [item for item in items if item.name not in names]


@hooks.register("construct_main_menu")
def say_pages(request: HttpRequest, items: list[MenuItem]) -> None:
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
