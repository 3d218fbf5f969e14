"""What Wagtail's admin may not do to the land of organisations, and what of it one may see there.

Wagtail knows rights on subtrees and nothing of organisations: without these hooks its delete, move and copy buttons
would pull a section from under its organisation (the database then refuses, as a 500), and its choosers would show
everybody's drafts.
"""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from rest_framework.request import Request
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.api.views import PagesAdminAPIViewSet
from wagtail.api.v2.router import WagtailAPIRouter
from wagtail.documents.api.admin.views import DocumentsAdminAPIViewSet
from wagtail.documents.models import Document
from wagtail.documents.permissions import permission_policy as document_policy
from wagtail.images.api.admin.views import ImagesAdminAPIViewSet
from wagtail.images.models import Image
from wagtail.images.permissions import permission_policy as image_policy
from wagtail.models import Page, PageQuerySet

from kit.web import is_id

from . import ground, in_use, permits
from .models import Organisation, OrganisationPage
from .refusing import refuse, still_shown


class Found:
    """An id that no row can have finds nothing; Wagtail answers it with a 500."""

    def find_object(self, queryset: QuerySet[Any], request: Request) -> Any:
        written = request.GET.get("id")
        if written is not None and not is_id(written):
            return None
        return super().find_object(queryset, request)  # type: ignore[misc]


class ReadingPages(Found, PagesAdminAPIViewSet):
    """The admin's own API for its menu of pages, without deeds: they would pass by all hooks."""

    actions: dict[str, Any] = {}


class OwnImages(Found, ImagesAdminAPIViewSet):
    """Pictures that the person may choose; Wagtail lists everybody's here."""

    def get_queryset(self) -> QuerySet[Image]:
        return super().get_queryset() & image_policy.instances_user_has_permission_for(self.request.user, "choose")


class OwnDocuments(Found, DocumentsAdminAPIViewSet):
    """Documents, likewise."""

    def get_queryset(self) -> QuerySet[Document]:
        return super().get_queryset() & document_policy.instances_user_has_permission_for(self.request.user, "choose")


@hooks.register("construct_admin_api", order=100)  # after Wagtail's own
def narrow_api(router: WagtailAPIRouter) -> None:
    router.register_endpoint("pages", ReadingPages)
    router.register_endpoint("images", OwnImages)
    router.register_endpoint("documents", OwnDocuments)


@hooks.register("before_serve_page")
def section_without_organisation(page: Page, request: HttpRequest, args: Any, kwargs: Any) -> None:
    """A page of an organisation that is none of ours is not there."""
    if isinstance(page, OrganisationPage) and not Organisation.objects.filter(section_id=page.pk).exists():
        raise Http404


@hooks.register("before_delete_page")
def keep_the_ground(request: HttpRequest, page: Page) -> HttpResponse | None:
    if ground.is_load_bearing(page):
        return refuse(request, page, _kept(page))
    return None


@hooks.register("before_move_page")
def stay_at_home(request: HttpRequest, page: Page, destination: Page) -> HttpResponse | None:
    # Wagtail shows both titles before it asks whether this person may see either.
    if not page.permissions_for_user(request.user).can_move_to(destination):
        raise PermissionDenied
    return _moved(request, [page], destination)


@hooks.register("before_copy_page")
def copies_stay_at_home(request: HttpRequest, page: Page) -> HttpResponse | None:
    if ground.is_load_bearing(page):
        return refuse(request, page, _("This page belongs to an organisation's section; there can be no copy of it."))
    if request.method != "POST":
        return None
    chosen = request.POST.get("new_parent_page", "")
    destination = Page.objects.filter(pk=chosen).first() if is_id(chosen) else None
    if destination is not None and ground.leaves_its_organisation(page, destination):
        return refuse(request, page, _("A page is copied within its own organisation only."))
    if request.POST.get("alias") and ground.owner(page) is not None:
        # It would change with the original and go live past all approval.
        return refuse(
            request, page, _("A page that changes together with another one is not made here; copy it instead.")
        )
    return None


@hooks.register("before_unpublish_page")
def ground_stays_in_sight(request: HttpRequest, page: Page) -> HttpResponse | None:
    if ground.is_load_bearing(page) and not permits.is_operator(request.user):
        return refuse(request, page, _hidden(page))
    return None


@hooks.register("before_bulk_action")
def not_in_bulk_either(
    request: HttpRequest, action_type: str, objects: Iterable[Any], bulk_action: Any
) -> HttpResponse | None:
    pages = [page for page in objects if isinstance(page, Page)]
    if action_type == "delete" and pages:
        bearing = next((page for page in pages if ground.is_load_bearing(page)), None)
        return refuse(request, bearing, _kept(bearing)) if bearing else None
    if action_type == "delete":
        return _still_shown(request, objects)
    if action_type == "unpublish" and not permits.is_operator(request.user):
        bearing = next((page for page in pages if ground.is_load_bearing(page)), None)
        return refuse(request, bearing, _hidden(bearing)) if bearing else None
    if action_type == "move":
        return _moved(request, pages, bulk_action.cleaned_form.cleaned_data["chooser"])
    return None


@hooks.register("construct_page_chooser_queryset")
def own_and_live_pages(pages: PageQuerySet, request: HttpRequest) -> PageQuerySet:
    """Whoever looks for a page to link to finds live ones and those of the own section, drafts included."""
    visible = ground.own(request.user) | Q(live=True)
    # The chooser heads its list with the page that is asked for, whoever's it is.
    asked_for = request.resolver_match.kwargs.get("parent_page_id") if request.resolver_match else None
    if asked_for is not None and not Page.objects.filter(visible, pk=asked_for).exists():
        raise Http404
    return pages.filter(visible)


def _moved(request: HttpRequest, pages: Iterable[Page], destination: Page) -> HttpResponse | None:
    for page in pages:
        if ground.is_load_bearing(page) or ground.leaves_its_organisation(page, destination):
            sentence = _("“%(page)s” stays in its organisation: it cannot be moved away.") % {
                "page": page.get_admin_display_title()
            }
            return refuse(request, page, sentence)
    return None


def _still_shown(request: HttpRequest, objects: Iterable[Any]) -> HttpResponse | None:
    """Of pictures and documents none is thrown away while a page shows one of them."""
    shown = next((thing for thing in objects if isinstance(thing, Image | Document) and in_use.is_shown(thing)), None)
    if shown is None:
        return None
    messages.error(request, still_shown(shown))
    return redirect("wagtailimages:index" if isinstance(shown, Image) else "wagtaildocs:index")


def _hidden(page: Page) -> str:
    return _("“%(page)s” holds up an organisation's section; only the operator of the site takes it offline.") % {
        "page": page.get_admin_display_title()
    }


def _kept(page: Page) -> str:
    return _("“%(page)s” holds up an organisation's section and cannot be deleted.") % {
        "page": page.get_admin_display_title()
    }
