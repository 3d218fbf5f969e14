"""The six lists of the rules, as Wagtail's admin has them: for the operator alone."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.urls import URLPattern
from django.utils.translation import gettext_lazy as _
from wagtail.admin.viewsets.model import ModelViewSet, ModelViewSetGroup
from wagtail.permission_policies.base import BasePermissionPolicy

from communities import permits
from communities.models import User
from grid.forms.rules import BigClassForm, CategoryForm, HolidayForm, LimitForm, StandardForm, TemplateForm
from grid.models import BigClass, Category, FilingStandard, Holiday, Limit, ReplyTemplate
from grid.rules.revising import MARKS

from . import changing, lists


class OperatorsOnly(BasePermissionPolicy):
    """Whoever runs the site may do everything to these rows, and nobody else anything."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        return permits.is_operator(user)

    def users_with_any_permission(self, actions: Iterable[str]) -> QuerySet[User]:
        return permits.operators()


class WordList(ModelViewSet):
    """A list with a form; no copies, and no pages of history and usage: who changed what stands in the site's history."""

    add_to_reference_index = False  # the database itself keeps what a case refers to
    copy_view_enabled = False
    list_per_page = 50
    add_view_class = changing.AddWords
    edit_view_class = changing.EditWords
    delete_view_class = changing.DeleteWords
    form: Any = None

    @property
    def permission_policy(self) -> OperatorsOnly:
        return OperatorsOnly(self.model)

    @property
    def url_prefix(self) -> str:
        return f"rules/{self.name}"

    @property
    def url_namespace(self) -> str:
        return f"rules_{self.name}"

    def get_form_class(self, for_update: bool = False) -> Any:
        return self.form

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_common_view_kwargs(history_url_name=None, usage_url_name=None, **kwargs)

    def get_urlpatterns(self) -> list[URLPattern]:
        return [each for each in super().get_urlpatterns() if each.name in NAMES]

    def register_permissions(self) -> None:
        """There are none to give: groups are not made in Wagtail's admin."""


NAMES = frozenset({"index", "index_results", "add", "edit", "delete"})


class Categories(WordList):
    model = Category
    name = "categories"
    icon = "tag"
    form = CategoryForm
    index_view_class = lists.CategoryIndex
    add_view_class = changing.AddCategory
    edit_view_class = changing.EditCategory
    delete_view_class = changing.EndCategory
    filterset_class = lists.CategoryFilter
    search_fields = ("code", "name", "name_en", "plain_name", "plain_name_en", "lead")
    list_export = (
        *("code", "big_class.scheme", "big_class.kind", "big_class.code", "name", "name_en", "lead", "lead_en"),
        *("picture", "plain_name", "plain_name_en", *MARKS, "since", "until"),
    )


class Standards(WordList):
    model = FilingStandard
    name = "standards"
    icon = "clipboard-list"
    form = StandardForm
    index_view_class = lists.StandardIndex
    add_view_class = changing.AddStandard
    edit_view_class = changing.EditStandard
    delete_view_class = changing.EndStandard
    filterset_class = lists.StandardFilter
    search_fields = ("category__code", "category__name", "category__name_en", "filing", "filing_en")
    list_export = (
        *("category.code", "category.name", "number", "filing", "filing_en", "closing", "closing_en"),
        *("amount", "unit", "since", "until"),
    )


class BigClasses(WordList):
    model = BigClass
    name = "big-classes"
    icon = "folder"
    form = BigClassForm
    index_view_class = lists.BigClassIndex
    search_fields = ("code", "name", "name_en", "scheme")
    list_filter = ("kind",)
    list_export = ("scheme", "kind", "code", "name", "name_en")


class Limits(WordList):
    model = Limit
    name = "limits"
    icon = "time"
    form = LimitForm
    index_view_class = lists.LimitIndex
    list_export = ("step", "minutes")


class Holidays(WordList):
    model = Holiday
    name = "holidays"
    icon = "calendar"
    form = HolidayForm
    index_view_class = lists.HolidayIndex
    filterset_class = lists.HolidayFilter
    ordering = "-day"
    search_fields = ("name",)
    list_export = ("day", "is_working", "name")


class Templates(WordList):
    model = ReplyTemplate
    name = "reply-templates"
    icon = "openquote"
    form = TemplateForm
    index_view_class = lists.TemplateIndex
    search_fields = ("title", "words", "categories")
    list_export = ("title", "words", "categories")


class Rulebook(ModelViewSetGroup):
    """The group of the menu; who may open none of the lists does not see it."""

    items = (Categories, Standards, BigClasses, Limits, Holidays, Templates)
    menu_label = _("Handling rules")
    menu_name = "rules"
    menu_icon = "list-ol"
    menu_order = 450
