"""Notices as programs read them."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from communities.models import Organisation
from kit.contract import READ, PageAsked, Pages, answers, asked, in_pages
from kit.web import LARGEST_ID, found_or_404, public
from portal.models import NoticeAttachment, NoticePage, NoticeQuerySet, attach_organisations
from portal.notice_faces import text_of

PHASES = [phase.value for phase in NoticePage.Phase]


class IssuerSerializer(serializers.ModelSerializer[Organisation]):
    """Who makes it known."""

    class Meta:
        model = Organisation
        fields = read_only_fields = ("id", "name")


class AttachmentSerializer(serializers.ModelSerializer[NoticeAttachment]):
    """A file that belongs to a notice."""

    title = serializers.CharField(source="__str__")
    url = serializers.SerializerMethodField()
    type = serializers.CharField(source="document.file_extension", help_text="The ending of its name: pdf, xlsx …")
    size = serializers.IntegerField(source="document.file_size", allow_null=True, help_text="In bytes.")

    class Meta:
        model = NoticeAttachment
        fields = read_only_fields = ("title", "url", "type", "size")

    def get_url(self, attachment: NoticeAttachment) -> str:
        return str(self.context["request"].build_absolute_uri(attachment.document.url))


class NoticeSerializer(serializers.ModelSerializer[NoticePage]):
    """A notice with its words as plain text."""

    url = serializers.SerializerMethodField(help_text="Its page for people.")
    organisation = IssuerSerializer()
    published_at = serializers.DateTimeField(source="first_published_at")
    changed_at = serializers.DateTimeField(source="last_published_at")
    validity = serializers.SerializerMethodField(help_text="What was decided about it, else where the calendar stands.")
    replaced_by = serializers.SerializerMethodField(help_text="Id of the notice to read instead.")
    text = serializers.SerializerMethodField()
    text_en = serializers.SerializerMethodField(help_text="Empty where nobody has translated it.")
    attachments = AttachmentSerializer(many=True)

    class Meta:
        model = NoticePage
        fields = read_only_fields = (
            *("id", "url", "title", "title_en", "kind", "organisation", "issuer", "document_number", "index_number"),
            *("written_on", "published_at", "changed_at", "validity", "valid_from", "valid_until", "replaced_by"),
            *("publicity_from", "publicity_until", "summary", "summary_en", "meaning", "meaning_en", "text", "text_en"),
            "attachments",
        )

    def get_url(self, notice: NoticePage) -> str:
        request = self.context["request"]
        return str(request.build_absolute_uri(notice.get_url(request._request)))

    @extend_schema_field(serializers.ChoiceField(choices=PHASES))
    def get_validity(self, notice: NoticePage) -> str:
        return notice.phase(self.context["today"])

    def get_replaced_by(self, notice: NoticePage) -> int | None:
        # What replaces it may have been taken offline, or be a draft still.
        return notice.replaced_by_id if notice.replaced_by_id in self.context["shown"] else None

    def get_text(self, notice: NoticePage) -> str:
        return text_of(notice.body)

    def get_text_en(self, notice: NoticePage) -> str:
        return text_of(notice.body_en)


class NoticeFilter(PageAsked):
    """What the list may be narrowed to."""

    kind = serializers.ChoiceField(choices=NoticePage.Kind.choices, required=False)
    organisation = serializers.IntegerField(
        required=False, min_value=1, max_value=LARGEST_ID, help_text="Id of the organisation."
    )


@public
@in_pages
@extend_schema(parameters=[NoticeFilter], responses=answers(NoticeSerializer(many=True), 404, 422))
@api_view(READ)
def notices(request: Request) -> Response:
    """All public notices, the newest first; those that no longer hold are among them."""
    wanted = asked(NoticeFilter, request)
    found = _public()
    if "kind" in wanted:
        found = found.filter(kind=wanted["kind"])
    if "organisation" in wanted:
        # An organisation that is not there has made nothing known.
        pk = wanted["organisation"]
        issuer = Organisation.objects.filter(pk=pk).select_related("section").first()
        found = found.of(issuer) if issuer else found.none()
    pages = Pages()
    page: Any = pages.paginate_queryset(found, request) or ()
    return pages.get_paginated_response(_told(attach_organisations(page), request, many=True))


@public
@extend_schema(responses=answers(NoticeSerializer, 404))
@api_view(READ)
def notice(request: Request, pk: int) -> Response:
    """One public notice."""
    found: NoticePage = found_or_404(_public(), pk)
    return Response(_told(attach_organisations([found])[0], request))


def _public() -> NoticeQuerySet:
    shown: NoticeQuerySet = NoticePage.objects.shown()
    return shown.prefetch_related("attachments__document").order_by("-first_published_at", "-pk")


def _told(told: Any, request: Request, *, many: bool = False) -> Any:
    ids = [notice.replaced_by_id for notice in (told if many else [told])]
    shown = set(NoticePage.objects.shown().filter(pk__in=filter(None, ids)).values_list("pk", flat=True))
    context = {"request": request, "today": timezone.localdate(), "shown": shown}
    return NoticeSerializer(told, many=many, context=context).data
