"""Organisations as programs read them."""

from typing import cast

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import api_view
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response
from wagtail.models import Page

from kit.contract import READ, Pages, answers, in_pages
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


@public
@in_pages
@extend_schema(responses=answers(OrganisationSerializer(many=True), 401, 404, 429))
@api_view(READ)
def organisations(request: Request) -> Response:
    """All organisations with a public page, the oldest first."""
    pages = Pages()
    page = pages.paginate_queryset(_public(), request)
    return pages.get_paginated_response(OrganisationSerializer(page, many=True, context={"request": request}).data)


@public
@extend_schema(responses=answers(OrganisationSerializer, 401, 404, 429))
@api_view(READ)
def organisation(request: Request, pk: int) -> Response:
    """One organisation."""
    found = get_object_or_404(_public(), pk=pk)
    return Response(OrganisationSerializer(found, context={"request": request}).data)


def _public() -> OrganisationQuerySet:
    return Organisation.objects.filter(section__live=True).select_related("section")
