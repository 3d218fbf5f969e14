"""Words that are put on pictures and documents: everybody finds only those on what may be chosen."""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from taggit.models import Tag, TaggedItem
from wagtail.documents.models import Document
from wagtail.documents.views.documents import DocumentsFilterSet
from wagtail.documents.views.documents import IndexView as DocumentIndexView
from wagtail.images.models import Image
from wagtail.images.views.chooser import ImageChooseView
from wagtail.images.views.chooser import viewset as image_chooser
from wagtail.images.views.images import ImagesFilterSet
from wagtail.images.views.images import IndexView as ImageIndexView

from .reach import choosable

MOST_TAGS = 10


def own_tags(request: HttpRequest, *models: type[Image] | type[Document]) -> list[str]:
    """The words on pictures and documents that this person may choose; Wagtail offers everybody's."""
    mine = Q(pk__in=[])
    for model in models:
        tagged = TaggedItem.objects.filter(
            content_type=ContentType.objects.get_for_model(model),
            object_id__in=choosable(request, model).order_by().values("pk"),
        )
        mine |= Q(pk__in=tagged.values("tag"))
    return list(Tag.objects.filter(mine).order_by("name").values_list("name", flat=True))


def tags(request: HttpRequest, app_name: str = "taggit", model_name: str = "tag") -> HttpResponse:
    """How the word that somebody begins to type may go on."""
    if (app_name, model_name) != ("taggit", "tag"):
        raise Http404
    term = request.GET.get("term", "").casefold()
    found = [tag for tag in own_tags(request, Image, Document) if term and tag.casefold().startswith(term)]
    return JsonResponse(found[:MOST_TAGS], safe=False)


class OwnTags:
    """A filter of a list that offers the person's own words alone."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        model = self._meta.model  # type: ignore[attr-defined]
        if "tag" in self.filters:  # type: ignore[attr-defined]
            own = own_tags(kwargs["request"], model)[:MOST_TAGS]
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
        names = own_tags(self.request, Image)[:MOST_TAGS]
        return {**super().get_context_data(**kwargs), "popular_tags": [{"name": name} for name in names]}


choose_image = ChooseImage.as_view(**image_chooser.choose_view.view_initkwargs)
