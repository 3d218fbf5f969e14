"""The forms of the lists: rules are written by their deeds, whose no stands beside its field; the others write their row."""

from datetime import date
from typing import Any, cast

from django import forms
from django.db import IntegrityError, transaction
from django.db.models import Model, ProtectedError, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.views import generic
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from communities.models import User
from grid.forms.rules import EndForm
from grid.models import Case, Category, FilingStandard
from grid.rules import revising
from kit.refusals import Refused
from kit.times import date_words
from kit.web import found_or_404


class OneRow:
    """The row of an address; a number that no row has finds nothing."""

    model: type[Model]
    kwargs: dict[str, Any]

    def get_object(self, queryset: QuerySet[Any] | None = None) -> Any:
        return found_or_404(self.model._default_manager.all(), self.kwargs["pk"])


class Doing:
    """A form that ends in a deed."""

    template_name = "grid/admin/form.html"

    def form_valid(self: Any, form: Any) -> HttpResponse:
        self.form = form
        try:
            self.object = self.do(form)
        except Refused as refusal:
            form.refuse(refusal)
            self.produced_error_code, self.produced_error_message = "validation_error", self.get_error_message()
            return self.form_invalid(form)
        return self.save_action()


class Writing:
    """A form that writes its own row; what somebody else has just written is said and not a breakdown."""

    template_name = "grid/admin/form.html"

    def form_valid(self: Any, form: Any) -> HttpResponse:
        try:
            with transaction.atomic():
                return super().form_valid(form)  # type: ignore[misc]
        except IntegrityError:
            form.add_error(None, _("Somebody else has just written the same. Please look at the list again."))
            self.produced_error_code, self.produced_error_message = "validation_error", self.get_error_message()
            return self.form_invalid(form)


class AddWords(Writing, generic.CreateView):
    """One more row."""


class EditWords(Writing, OneRow, generic.EditView):
    """A row is changed where it stands."""


class DeleteWords(OneRow, generic.DeleteView):
    """A row is taken away, where nothing depends on it."""

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            return super().form_valid(form)
        except ProtectedError:
            messages.error(
                self.request,
                _("“%(row)s” stays: other rules or cases refer to it.") % {"row": self.object},
            )
            return redirect(self.index_url_name)


class AddCategory(Doing, generic.CreateView):
    """A category opens on a day."""

    success_message = gettext_lazy("“%(object)s” is there. Give it a filing standard, so that it can be reported.")

    def do(self, form: Any) -> Category:
        said = form.cleaned_data
        return revising.open_category(
            big_class=said["big_class"], code=said["code"], told=form.told, day=said["day"], by=self.request.user
        )


class EditCategory(Doing, OneRow, generic.EditView):
    """Other words, or another name from a day on."""

    @property
    def note(self) -> str:
        """How many know it."""
        return reported_words(Case.objects.filter(category=self.object).count())

    def do(self, form: Any) -> Category:
        return revising.change_category(
            category=self.object, told=form.told, day=form.cleaned_data["day"], by=self.request.user
        )


class AddStandard(Doing, generic.CreateView):
    """A standard opens on a day."""

    def do(self, form: Any) -> FilingStandard:
        said = form.cleaned_data
        return revising.open_standard(category=said["category"], told=form.told, day=said["day"], by=self.request.user)


class EditStandard(Doing, OneRow, generic.EditView):
    """Otherwise from a day on."""

    @property
    def note(self) -> str:
        """How many keep it."""
        return filed_words(Case.objects.filter(standard=self.object).count())

    def do(self, form: Any) -> FilingStandard:
        return revising.change_standard(
            standard=self.object, told=form.told, day=form.cleaned_data["day"], by=self.request.user
        )

    def get_success_message(self) -> str:
        """From when it holds; until then it is as it was."""
        return _("“%(rule)s” holds so %(since)s. What was filed before keeps its standard and its deadline.") % {
            "rule": self.object,
            "since": since_words(self.object.since),
        }


class EndRule(OneRow, PermissionCheckedMixin, WagtailAdminTemplateMixin, FormView):
    """A rule ends on a day, or is taken back before it has begun."""

    permission_required = "delete"
    template_name = "grid/admin/form.html"
    form_class = EndForm
    model: Any = None
    permission_policy: Any = None
    index_url_name = ""
    delete_url_name = ""
    submit_button_active_label = gettext_lazy("Saving…")

    @cached_property
    def object(self) -> Any:
        return self.get_object()

    @property
    def has_begun(self) -> bool:
        return bool(self.object.since <= timezone.localdate())

    @property
    def page_title(self) -> str:
        return pgettext("a rule", "End") if self.has_begun else pgettext("a rule", "Take back")

    @property
    def submit_button_label(self) -> str:
        return self.page_title

    def get_page_subtitle(self) -> str:
        return f"{self.page_title}: {self.object}"

    def get_header_title(self) -> str:
        return self.get_page_subtitle()

    @property
    def note(self) -> str:
        """What will become of it."""
        if self.has_begun:
            return _("It is not deleted: cases that were filed under it keep it, with their deadlines.")
        return _("It has not begun yet. Taken back it never will, and what it was to follow goes on.")

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        index = {"url": reverse(self.index_url_name), "label": self.model._meta.verbose_name_plural}
        return [*self.breadcrumbs_items, index, {"url": "", "label": str(self.object)}]

    def get_form(self, form_class: Any = None) -> forms.Form:
        form: forms.Form = super().get_form(form_class)
        if not self.has_begun:
            del form.fields["day"]
        return form

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        shown: dict[str, Any] = super().get_context_data(**kwargs)
        labels = {"submit_button_label": self.submit_button_label, "media": shown["form"].media}
        here = reverse(self.delete_url_name, args=[self.object.pk])
        return {
            **shown,
            **labels,
            "action_url": here,
            "submit_button_active_label": self.submit_button_active_label,
            "object": self.object,
        }

    def form_valid(self, form: Any) -> HttpResponse:
        day = form.cleaned_data.get("day", self.object.since)
        try:
            self.end(day)
        except Refused as refusal:
            form.refuse(refusal)
            return self.form_invalid(form)
        rule = {"rule": self.object, "day": date_words(day, today=timezone.localdate())}
        ended = _("“%(rule)s” no longer holds from %(day)s on.") if self.has_begun else _("“%(rule)s” is taken back.")
        messages.success(self.request, ended % rule)
        return redirect(self.index_url_name)

    def end(self, day: date) -> None:
        raise NotImplementedError


class EndCategory(EndRule):
    """With its standards."""

    def end(self, day: date) -> None:
        revising.end_category(category=self.object, day=day, by=_operator(self.request))


class EndStandard(EndRule):
    """One of them."""

    def end(self, day: date) -> None:
        revising.end_standard(standard=self.object, day=day, by=_operator(self.request))


def reported_words(count: int) -> str:
    """How many cases are of this category."""
    return ngettext("%(count)d case is of this category.", "%(count)d cases are of this category.", count) % {
        "count": count
    }


def filed_words(count: int) -> str:
    """How many cases were filed under this standard."""
    return ngettext(
        "%(count)d case was filed under it and keeps it.", "%(count)d cases were filed under it and keep it.", count
    ) % {"count": count}


def since_words(day: date) -> str:
    """Since when, or from when on."""
    today = timezone.localdate()
    said = _("since %(day)s") if day <= today else _("from %(day)s on")
    return said % {"day": date_words(day, today=today)}


def _operator(request: HttpRequest) -> User:
    return cast("User", request.user)  # Wagtail has let nobody else in
