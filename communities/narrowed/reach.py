"""How far somebody reaches in the admin: the pages, pictures and documents that the narrowed views let through."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from wagtail import hooks
from wagtail.documents.models import Document
from wagtail.documents.permissions import permission_policy as document_policy
from wagtail.images.models import Image
from wagtail.images.permissions import permission_policy as image_policy
from wagtail.models import Page
from wagtail.permissions import page_permission_policy

from kit.web import is_id

POLICIES: dict[type[Model], Any] = {Image: image_policy, Document: document_policy}
CHOOSES_A_PAGE = ("parent_page", "new_parent_page", "chooser")
"""Fields of Wagtail's forms in which a page is chosen to put something on."""


def own_pages(request: HttpRequest) -> QuerySet[Page]:
    """The pages that this person may do something to; never the root, on which Wagtail's deeds break down."""
    verbs = ["add", "change", "publish", "bulk_delete", "lock", "unlock"]
    found: QuerySet[Page] = page_permission_policy.instances_user_has_any_permission_for(request.user, verbs)
    return found.filter(depth__gt=1)


def choosable(request: HttpRequest, model: type[Model]) -> QuerySet[Any]:
    """What this person may put on a page: of pictures and documents those that may be chosen, of pages what the chooser shows."""
    if model in POLICIES:
        found: QuerySet[Any] = POLICIES[model].instances_user_has_permission_for(request.user, "choose")
        return found
    pages = Page.objects.all()
    for hook in hooks.get_hooks("construct_page_chooser_queryset"):
        pages = hook(pages, request)
    return pages


def demand_own_pages(request: HttpRequest, named: Iterable[str] = ()) -> None:
    """Raise ``PermissionDenied`` if an address names, or a form chooses, a page that this person may do nothing to."""
    chosen = [request.POST[name] for name in CHOOSES_A_PAGE if request.POST.get(name)]
    for pk in (*named, *chosen):
        if not is_id(pk) or not own_pages(request).filter(pk=pk).exists():
            raise PermissionDenied


def ask_for(request: HttpRequest, ids: Iterable[str]) -> None:
    """Let the request ask for these ids alone."""
    query = request.GET.copy()
    query.setlist("id", list(ids))
    request.GET = query  # type: ignore[assignment]
