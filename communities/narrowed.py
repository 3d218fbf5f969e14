"""Wagtail's own admin views, narrowed to what the person may see.

Found by walking every address of the admin as the editor of one organisation, looking for the draft of another: these
few ask no permission and have no hook. They stand at Wagtail's addresses, before Wagtail's.
"""

import contextlib
import functools
import json
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import ForeignKey, Model, ProtectedError, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, resolve_url
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from modelcluster.models import get_all_child_relations
from taggit.models import Tag, TaggedItem
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.auth import permission_denied
from wagtail.admin.urls import pages as page_urls
from wagtail.admin.views.bulk_action import index as wagtails_bulk_action
from wagtail.admin.views.bulk_action.registry import bulk_action_registry
from wagtail.admin.views.chooser import ChosenMultipleView
from wagtail.admin.views.reports.page_types_usage import PageTypesUsageReportView
from wagtail.blocks.field_block import ChooserBlock
from wagtail.documents.models import Document
from wagtail.documents.permissions import permission_policy as document_policy
from wagtail.documents.views import documents
from wagtail.documents.views import multiple as several_documents
from wagtail.documents.views.chooser import viewset as document_chooser
from wagtail.documents.views.documents import DocumentsFilterSet
from wagtail.documents.views.documents import IndexView as DocumentIndexView
from wagtail.fields import StreamField
from wagtail.images.models import Image
from wagtail.images.permissions import permission_policy as image_policy
from wagtail.images.views import images
from wagtail.images.views import multiple as several_images
from wagtail.images.views.chooser import ImageChooseView
from wagtail.images.views.chooser import viewset as image_chooser
from wagtail.images.views.images import ImagesFilterSet
from wagtail.images.views.images import IndexView as ImageIndexView
from wagtail.models import Page, get_page_models
from wagtail.permissions import page_permission_policy

from kit.web import is_id

from . import in_use, permits
from .refusing import still_shown

POLICIES: dict[type[Model], Any] = {Image: image_policy, Document: document_policy}
IN_TEXTS: dict[str, type[Model]] = {"IMAGE": Image, "DOCUMENT": Document, "LINK": Page}
MOST_TAGS = 10


class ChosenPages(ChosenMultipleView):
    """The titles of pages that were ticked in the chooser: only of those that the chooser would show."""

    def get(self, request: HttpRequest) -> HttpResponse:
        pages = Page.objects.filter(pk__in=filter(is_id, request.GET.getlist("id")), depth__gt=1)
        for hook in hooks.get_hooks("construct_page_chooser_queryset"):
            pages = hook(pages, request)
        _ask_for(request, map(str, pages.values_list("pk", flat=True)))
        return super().get(request)


def chosen_images(request: HttpRequest) -> HttpResponse:
    """Pictures that were ticked; Wagtail itself leaves out those that the person may not choose."""
    _ask_for(request, filter(is_id, request.GET.getlist("id")))
    return image_chooser.chosen_multiple_view(request)


def chosen_documents(request: HttpRequest) -> HttpResponse:
    """Documents, likewise."""
    _ask_for(request, filter(is_id, request.GET.getlist("id")))
    return document_chooser.chosen_multiple_view(request)


def _ask_for(request: HttpRequest, ids: Iterable[str]) -> None:
    query = request.GET.copy()
    query.setlist("id", list(ids))
    request.GET = query  # type: ignore[assignment]


def image_format(request: HttpRequest, image_id: int) -> HttpResponse:
    """How a picture is put into the text: only one that this person may choose."""
    choosable = image_policy.instances_user_has_permission_for(request.user, "choose")
    get_object_or_404(choosable, pk=image_id)
    response: HttpResponse = image_chooser.select_format_view(request, image_id=image_id)
    return response


def deleting(
    model: type[Model], view: Callable[..., HttpResponse], number: str, back: str = ""
) -> Callable[..., HttpResponse]:
    """Wagtail's ``view`` that throws away the thing whose number it calls ``number``, unless readers see that thing.

    The refusal leads to the address named ``back``; the list of what was just uploaded has none and gets a 403. (It takes
    the number of anything, uploaded now or long ago.)
    """

    @functools.wraps(view)
    def narrowed(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        own = POLICIES[model].instances_user_has_permission_for(request.user, "delete")
        thing = own.filter(pk=kwargs[number]).first()
        if thing is None or not in_use.is_shown(thing):
            return _kept_where_used(view)(request, **kwargs)
        if not back:
            raise PermissionDenied
        messages.error(request, still_shown(thing))
        return redirect(back, thing.pk)

    return narrowed


delete_image = deleting(Image, images.DeleteView.as_view(), "image_id", "wagtailimages:edit")
delete_uploaded_image = deleting(Image, several_images.DeleteView.as_view(), "image_id")
delete_document = deleting(Document, documents.DeleteView.as_view(), "document_id", "wagtaildocs:edit")
delete_uploaded_document = deleting(Document, several_documents.DeleteView.as_view(), "doc_id")


def bulk(request: HttpRequest, app_label: str, model_name: str, action: str) -> HttpResponse:
    """A deed for many at once: of what the person may not touch, Wagtail lists the titles. People are not its business.

    Where all of a list are meant, they are named here one by one.
    """
    own = _in_bulk(request, app_label, model_name)
    ids = request.GET.getlist("id")
    if "all" in ids:
        deed = bulk_action_registry.get_bulk_action_class(app_label, model_name, action)
        listed_below = request.GET.get("childOf")
        if deed is None or not is_id(listed_below or "0"):
            raise Http404
        if own.model is Page and listed_below and not _own_pages(request).filter(pk=listed_below).exists():
            raise Http404
        ids = [str(pk) for pk in deed(request, own.model).get_all_objects_in_listing_query(listed_below)]
    _demand_own(request, [])
    _ask_for(request, map(str, own.filter(pk__in=filter(is_id, ids)).values_list("pk", flat=True)))
    return _kept_where_used(wagtails_bulk_action)(request, app_label, model_name, action)


def _in_bulk(request: HttpRequest, app_label: str, model_name: str) -> QuerySet[Any]:
    try:
        model = apps.get_model(app_label, model_name)
    except LookupError as error:
        raise Http404 from error
    if model is Page:
        return _own_pages(request)
    if model not in POLICIES:
        raise Http404
    found: QuerySet[Any] = POLICIES[model].instances_user_has_any_permission_for(request.user, ["change", "delete"])
    return found


def _own_pages(request: HttpRequest) -> QuerySet[Page]:
    """The pages that this person may do something to; never the root, on which Wagtail's deeds break down."""
    verbs = ["add", "change", "publish", "bulk_delete", "lock", "unlock"]
    found: QuerySet[Page] = page_permission_policy.instances_user_has_any_permission_for(request.user, verbs)
    return found.filter(depth__gt=1)


def own_tags(user: Any, *models: type[Image] | type[Document]) -> list[str]:
    """The words on pictures and documents that this person may choose; Wagtail offers everybody's."""
    mine = Q(pk__in=[])
    for model in models:
        choosable = POLICIES[model].instances_user_has_permission_for(user, "choose")
        tagged = TaggedItem.objects.filter(
            content_type=ContentType.objects.get_for_model(model), object_id__in=choosable.order_by().values("pk")
        )
        mine |= Q(pk__in=tagged.values("tag"))
    return list(Tag.objects.filter(mine).order_by("name").values_list("name", flat=True))


def tags(request: HttpRequest, app_name: str = "taggit", model_name: str = "tag") -> HttpResponse:
    """How the word that somebody begins to type may go on."""
    if (app_name, model_name) != ("taggit", "tag"):
        raise Http404
    term = request.GET.get("term", "").casefold()
    found = [tag for tag in own_tags(request.user, Image, Document) if term and tag.casefold().startswith(term)]
    return JsonResponse(found[:MOST_TAGS], safe=False)


class OwnTags:
    """A filter of a list that offers the person's own words alone."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        model = self._meta.model  # type: ignore[attr-defined]
        if "tag" in self.filters:  # type: ignore[attr-defined]
            own = own_tags(kwargs["request"].user, model)[:MOST_TAGS]
            self.filters["tag"].extra["choices"] = [(tag, tag) for tag in own]  # type: ignore[attr-defined]


class ImagesByOwnTags(OwnTags, ImagesFilterSet):
    """The filter beside the list of pictures."""


class DocumentsByOwnTags(OwnTags, DocumentsFilterSet):
    """The filter beside the list of documents."""


class ImageList(ImageIndexView):
    """Pictures."""

    filterset_class = ImagesByOwnTags


class DocumentList(DocumentIndexView):
    """Documents."""

    filterset_class = DocumentsByOwnTags


class ChooseImage(ImageChooseView):
    """The chooser of pictures, with its row of words to click."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        names = own_tags(self.request.user, Image)[:MOST_TAGS]
        return {**super().get_context_data(**kwargs), "popular_tags": [{"name": name} for name in names]}


choose_image = ChooseImage.as_view(**image_chooser.choose_view.view_initkwargs)

NAMES_A_PAGE = ("page_id", "page_to_move_id")
CHOOSES_A_PAGE = ("parent_page", "new_parent_page", "chooser")


def own_pages_only(name: str) -> Callable[..., HttpResponse]:
    """Wagtail's view of this name, for pages that the person may do something to and for things that may be chosen.

    By itself it says the title of any page: in its refusal, or beside the chooser of a form that it shows again. And it
    takes the number of any page, picture or document for chosen, whether the chooser would have shown it or not.
    """
    theirs = _view_of(page_urls, name)

    @functools.wraps(theirs)
    def narrowed(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        named = [str(kwargs[name]) for name in NAMES_A_PAGE if name in kwargs]
        _demand_own(request, named)
        _demand_choosable(request, named[0] if named else None)
        response: HttpResponse = theirs(request, **kwargs)
        return response

    return narrowed


def _demand_own(request: HttpRequest, named: list[str]) -> None:
    chosen = [request.POST[name] for name in CHOOSES_A_PAGE if request.POST.get(name)]
    for pk in named + chosen:
        if not is_id(pk) or not _own_pages(request).filter(pk=pk).exists():
            raise PermissionDenied


def _demand_choosable(request: HttpRequest, page_id: str | None) -> None:
    """Whatever a form names must be what its chooser shows, or stand on the page already."""
    kept = ""
    if page_id is not None and request.method == "POST":
        revision = get_object_or_404(Page, pk=page_id).get_latest_revision()
        kept = json.dumps(revision.content) if revision else ""
    for model, name, pk in _chosen(request):
        stands_there = re.search(rf'"{name}\\*": "?{pk}\b|id=\\*"{pk}\\*"', kept)
        if not stands_there and not _choosable(request, model).filter(pk=pk).exists():
            raise PermissionDenied


def _chosen(request: HttpRequest) -> Iterator[tuple[type[Model], str, str]]:
    """What a form of a page names by number: in fields, in blocks, and inside of texts."""
    for key, written in request.POST.items():
        name = key.rpartition("-")[2]
        model = _choosers().get(name)
        if model is not None and is_id(str(written)):
            yield model, name, str(written)
        if '"entityMap"' in str(written):
            with contextlib.suppress(ValueError, AttributeError):
                for entity in json.loads(str(written))["entityMap"].values():
                    pk = str(entity.get("data", {}).get("id") or "")
                    if entity.get("type") in IN_TEXTS and is_id(pk):
                        yield IN_TEXTS[entity["type"]], "id", pk


def _choosable(request: HttpRequest, model: type[Model]) -> QuerySet[Any]:
    if model in POLICIES:
        found: QuerySet[Any] = POLICIES[model].instances_user_has_permission_for(request.user, "choose")
        return found
    pages = Page.objects.all()
    for hook in hooks.get_hooks("construct_page_chooser_queryset"):
        pages = hook(pages, request)
    return pages


@functools.cache
def _choosers() -> dict[str, type[Model]]:
    """Every field and block of any page with which a page, a picture or a document is chosen, and which of the three."""
    found: dict[str, type[Model]] = {}
    for page_model in get_page_models():
        for model in (page_model, *(relation.related_model for relation in get_all_child_relations(page_model))):
            for field in model._meta.get_fields():
                if isinstance(field, StreamField):
                    found.update(_in_blocks(field.stream_block))
                elif isinstance(field, ForeignKey) and field.editable:
                    found.update(_one_of_three(field.name, field.related_model))
    return found


def _in_blocks(block: Any) -> Iterator[tuple[str, type[Model]]]:
    children = getattr(block, "child_blocks", None) or {}
    single = getattr(block, "child_block", None)
    for name, child in (*children.items(), *((("value", single),) if single else ())):
        if isinstance(child, ChooserBlock):
            yield from _one_of_three(name, child.target_model)
        yield from _in_blocks(child)


def _one_of_three(name: str, model: Any) -> Iterator[tuple[str, type[Model]]]:
    yield from ((name, kind) for kind in (Page, Image, Document) if issubclass(model, kind))


def _view_of(urls: Any, name: str) -> Callable[..., HttpResponse]:
    view: Callable[..., HttpResponse] = next(each.callback for each in urls.urlpatterns if each.name == name)
    return view


def _kept_where_used(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """``view``, saying so where the database keeps what should be deleted; Wagtail answers that with a 500."""

    @functools.wraps(view)
    def narrowed(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            with transaction.atomic():
                return view(request, *args, **kwargs)
        except ProtectedError as error:
            sentence = _("This is still used on a page. Take it out there first.")
            if request.headers.get("x-requested-with") == "XMLHttpRequest":
                raise PermissionDenied(sentence) from error
            messages.error(request, sentence)
            return redirect("wagtailadmin_home")

    return narrowed


def page_types_usage(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    """Which kinds of page there are, each with the page that was edited last, whoever's that is: for the operator."""
    if not permits.is_operator(request.user):
        return permission_denied(request)
    return PageTypesUsageReportView.as_view(**kwargs)(request)


def to_login(request: HttpRequest) -> HttpResponse:
    """Every other door of the house leads to the one where wrong passwords are counted; it looks at ``next`` itself."""
    target = request.GET.get("next", "")
    return redirect(resolve_url("communities:login") + (f"?{urlencode({'next': target})}" if target else ""))


def nothing_here(request: HttpRequest) -> HttpResponse:
    """Wagtail lets every editor look at its error pages; one of them is a real error."""
    raise Http404
