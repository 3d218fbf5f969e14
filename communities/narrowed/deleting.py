"""Nothing that readers see is thrown away from under a page."""

import functools
from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Model, ProtectedError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.documents.models import Document
from wagtail.documents.views import documents
from wagtail.documents.views import multiple as several_documents
from wagtail.images.models import Image
from wagtail.images.views import images
from wagtail.images.views import multiple as several_images

from communities import in_use
from communities.refusing import still_shown

from .reach import POLICIES


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
            return kept_where_used(view)(request, **kwargs)
        if not back:
            raise PermissionDenied
        messages.error(request, still_shown(thing))
        return redirect(back, thing.pk)

    return narrowed


def kept_where_used(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
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


delete_image = deleting(Image, images.DeleteView.as_view(), "image_id", "wagtailimages:edit")
delete_uploaded_image = deleting(Image, several_images.DeleteView.as_view(), "image_id")
delete_document = deleting(Document, documents.DeleteView.as_view(), "document_id", "wagtaildocs:edit")
delete_uploaded_document = deleting(Document, several_documents.DeleteView.as_view(), "doc_id")
