"""Organisations as programs read them."""

from typing import cast

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import api_view
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response
from wagtail.models import Page

from kit.contract import READ, PageAsked, Pages, answers, asked, in_pages
from kit.web import public

from .models import Organisation, OrganisationQuerySet


class OrganisationSerializer(serializers.ModelSerializer[Organisation]):
    """A party of joint governance."""

    url = serializers.SerializerMethodField(help_text="Its page for people.")
    verified = serializers.BooleanField(source="is_verified", help_text="Only verified organisations announce actions.")

    class Meta:
        model = Organisation
        fields = read_only_fields = ("id", "url", "name", "short", "kind", "verified")

    def get_url(self, organisation: Organisation) -> str:
        request = self.context["request"]
        section = cast(Page, organisation.section)  # only those with a live one come here
        return request.build_absolute_uri(section.get_url(request._request))


class OrganisationFilter(PageAsked):
    """What the list may be narrowed to."""

    kind = serializers.ChoiceField(choices=Organisation.Kind.choices, required=False)


@public
@in_pages
@extend_schema(parameters=[OrganisationFilter], responses=answers(OrganisationSerializer(many=True), 404, 422))
@api_view(READ)
def organisations(request: Request) -> Response:
    """All organisations with a public page, the oldest first."""
    wanted = asked(OrganisationFilter, request)
    found = _public()
    if "kind" in wanted:
        found = found.filter(kind=wanted["kind"])
    pages = Pages()
    page = pages.paginate_queryset(found, request)
    return pages.get_paginated_response(OrganisationSerializer(page, many=True, context={"request": request}).data)


@public
@extend_schema(responses=answers(OrganisationSerializer, 404))
@api_view(READ)
def organisation(request: Request, pk: int) -> Response:
    """One organisation."""
    found = get_object_or_404(_public(), pk=pk)
    return Response(OrganisationSerializer(found, context={"request": request}).data)


def _public() -> OrganisationQuerySet:
    return Organisation.objects.public().select_related("section")
