"""Wagtail's views of one page: they say the title of any page, and take the number of anything for chosen."""

import contextlib
import functools
import json
import re
from collections.abc import Callable, Iterator
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import ForeignKey, Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from modelcluster.models import get_all_child_relations
from wagtail.admin.urls import pages as page_urls
from wagtail.blocks.field_block import ChooserBlock
from wagtail.documents.models import Document
from wagtail.fields import StreamField
from wagtail.images.models import Image
from wagtail.models import Page, get_page_models

from kit.web import is_id

from .reach import choosable, demand_own_pages

IN_TEXTS: dict[str, type[Model]] = {"IMAGE": Image, "DOCUMENT": Document, "LINK": Page}
NAMES_A_PAGE = ("page_id", "page_to_move_id")


def own_pages_only(name: str) -> Callable[..., HttpResponse]:
    """Wagtail's view of this name, for pages that the person may do something to and for things that may be chosen.

    By itself it says the title of any page: in its refusal, or beside the chooser of a form that it shows again. And it
    takes the number of any page, picture or document for chosen, whether the chooser would have shown it or not.
    """
    theirs = _view_of(page_urls, name)

    @functools.wraps(theirs)
    def narrowed(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        named = [str(kwargs[name]) for name in NAMES_A_PAGE if name in kwargs]
        demand_own_pages(request, named)
        _demand_choosable(request, named[0] if named else None)
        response: HttpResponse = theirs(request, **kwargs)
        return response

    return narrowed


def _demand_choosable(request: HttpRequest, page_id: str | None) -> None:
    """Whatever a form names must be what its chooser shows, or stand on the page already."""
    kept = ""
    if page_id is not None and request.method == "POST":
        revision = get_object_or_404(Page, pk=page_id).get_latest_revision()
        kept = json.dumps(revision.content) if revision else ""
    for model, name, pk in _chosen(request):
        stands_there = re.search(rf'"{name}\\*": "?{pk}\b|id=\\*"{pk}\\*"', kept)
        if not stands_there and not choosable(request, model).filter(pk=pk).exists():
            raise PermissionDenied


def _chosen(request: HttpRequest) -> Iterator[tuple[type[Model], str, str]]:
    """What a form of a page names by number: in fields, in blocks, and inside of texts."""
    for key, written in request.POST.items():
        name = key.rpartition("-")[2]
        model = _choosers().get(name)
        if model is not None and is_id(str(written)):
            yield model, name, str(written)
        if '"entityMap"' in str(written):
            # Somebody may write these letters in a plain field: then it is no text of the editor, and names nothing.
            with contextlib.suppress(ValueError, AttributeError, TypeError, KeyError):
                for entity in json.loads(str(written))["entityMap"].values():
                    pk = str(entity.get("data", {}).get("id") or "")
                    if entity.get("type") in IN_TEXTS and is_id(pk):
                        yield IN_TEXTS[entity["type"]], "id", pk


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
