"""What was ticked in a chooser, and how a picture is put into a text."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from wagtail.admin.views.chooser import ChosenMultipleView
from wagtail.documents.views.chooser import viewset as document_chooser
from wagtail.images.models import Image
from wagtail.images.views.chooser import viewset as image_chooser
from wagtail.models import Page

from kit.web import is_id

from .reach import ask_for, choosable


class ChosenPages(ChosenMultipleView):
    """The titles of pages that were ticked in the chooser: only of those that the chooser would show."""

    def get(self, request: HttpRequest) -> HttpResponse:
        pages = choosable(request, Page).filter(pk__in=filter(is_id, request.GET.getlist("id")), depth__gt=1)
        ask_for(request, map(str, pages.values_list("pk", flat=True)))
        return super().get(request)


def chosen_images(request: HttpRequest) -> HttpResponse:
    """Pictures that were ticked; Wagtail itself leaves out those that the person may not choose."""
    ask_for(request, filter(is_id, request.GET.getlist("id")))
    return image_chooser.chosen_multiple_view(request)


def chosen_documents(request: HttpRequest) -> HttpResponse:
    """Documents, likewise."""
    ask_for(request, filter(is_id, request.GET.getlist("id")))
    return document_chooser.chosen_multiple_view(request)


def image_format(request: HttpRequest, image_id: int) -> HttpResponse:
    """How a picture is put into the text: only one that this person may choose."""
    get_object_or_404(choosable(request, Image), pk=image_id)
    response: HttpResponse = image_chooser.select_format_view(request, image_id=image_id)
    return response
