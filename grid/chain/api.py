"""The net as programs read it: zones, cells and roads, with their shapes where they are asked for. No answer names a person."""

from datetime import date
from typing import Any

from django.db.models import Count, Prefetch, Q
from django.urls import reverse
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import api_view
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from grid.models import Area, AreaQuerySet, Boundary, Road, RoadQuerySet, Segment, in_force
from kit.contract import READ, PageAsked, Pages, answers, asked, in_pages
from kit.web import LARGEST_ID, public

from . import directory

CLASS = "class"
"""A field of this name cannot be written as an attribute of its serializer."""


class ShapeSerializer(serializers.Serializer[dict[str, Any]]):
    """A GeoJSON geometry, WGS-84, longitude first (RFC 7946)."""

    type = serializers.ChoiceField(choices=["Polygon", "MultiPolygon", "MultiLineString"])
    coordinates = serializers.ListField()


class ZoneSerializer(serializers.ModelSerializer[Area]):
    """A zone of the town."""

    url = serializers.SerializerMethodField(help_text="Its page for people.")
    cells = serializers.IntegerField(help_text="Unit cells in it.")
    shape = serializers.SerializerMethodField(help_text="With shape=1; else, and where nothing was drawn, null.")

    class Meta:
        model = Area
        fields = read_only_fields = ("id", "url", "code", "name", "name_en", "cells", "since", "is_schematic", "shape")

    def get_url(self, area: Area) -> str:
        return _page(self, "grid:area", area.code)

    @extend_schema_field(ShapeSerializer(allow_null=True))
    def get_shape(self, area: Area) -> Any:
        return next((boundary.shape for boundary in _drawn(self, area)), None)


class CellSerializer(serializers.ModelSerializer[Area]):
    """A unit cell, and the grid and the zone that it lies in."""

    url = serializers.SerializerMethodField(help_text="Its page for people.")
    grid = serializers.IntegerField(source="parent_id")
    zone = serializers.IntegerField(source="parent.parent_id")
    shape = serializers.SerializerMethodField(help_text="With shape=1; else, and where nothing was drawn, null.")

    class Meta:
        model = Area
        fields = read_only_fields = (
            *("id", "url", "code", "name", "name_en", "kind", "grid", "zone", "since", "is_schematic", "shape"),
        )

    def get_url(self, area: Area) -> str:
        return _page(self, "grid:area", area.code)

    @extend_schema_field(ShapeSerializer(allow_null=True))
    def get_shape(self, area: Area) -> Any:
        return next((boundary.shape for boundary in _drawn(self, area)), None)


class RoadSerializer(serializers.ModelSerializer[Road]):
    """A road; its length and its shape are those of all its stretches."""

    url = serializers.SerializerMethodField(help_text="Its page for people.")
    grid = serializers.IntegerField(source="grid_id", allow_null=True, help_text="Its street-front grid.")
    zone = serializers.SerializerMethodField()
    length = serializers.IntegerField(help_text="Metres.")
    shape = serializers.SerializerMethodField(help_text="With shape=1; else, and where nothing was drawn, null.")

    class Meta:
        model = Road
        fields = read_only_fields = (
            *("id", "url", "code", "name", "name_en", "begins_at", "ends_at", "length", "is_pilot", "grid", "zone"),
            *("since", "is_schematic", "shape"),
        )

    def get_fields(self) -> dict[str, Any]:
        kind = serializers.ChoiceField(source="road_class", choices=Road.Class.choices, read_only=True)
        return {**super().get_fields(), CLASS: kind}

    def get_url(self, road: Road) -> str:
        return _page(self, "grid:road", road.code)

    @extend_schema_field(serializers.IntegerField(allow_null=True))
    def get_zone(self, road: Road) -> int | None:
        return road.grid.parent_id if road.grid else None

    @extend_schema_field(ShapeSerializer(allow_null=True))
    def get_shape(self, road: Road) -> Any:
        lines = [segment.shape["coordinates"] for segment in _drawn(self, road)]
        return {"type": "MultiLineString", "coordinates": lines} if lines else None


class ShapeAsked(serializers.Serializer[dict[str, Any]]):
    """Whether the shape comes with it."""

    shape = serializers.BooleanField(default=False, help_text="With its shape as GeoJSON.")


class ZoneFilter(PageAsked, ShapeAsked):
    """Which page, and whether with shapes."""


class CellFilter(PageAsked, ShapeAsked):
    """What the list of cells may be narrowed to."""

    zone = serializers.IntegerField(required=False, min_value=1, max_value=LARGEST_ID, help_text="Id of the zone.")
    kind = serializers.ChoiceField(choices=Area.Kind.choices, required=False)


class RoadFilter(PageAsked, ShapeAsked):
    """What the list of roads may be narrowed to."""

    zone = serializers.IntegerField(required=False, min_value=1, max_value=LARGEST_ID, help_text="Id of the zone.")

    def get_fields(self) -> dict[str, Any]:
        return {**super().get_fields(), CLASS: serializers.ChoiceField(choices=Road.Class.choices, required=False)}


@public
@in_pages
@extend_schema(parameters=[ZoneFilter], responses=answers(ZoneSerializer(many=True), 404, 422))
@api_view(READ)
def zones(request: Request) -> Response:
    """The zones of today, by their codes."""
    wanted = asked(ZoneFilter, request)
    return _listed(request, ZoneSerializer, _zones(), wanted)


@public
@extend_schema(parameters=[ShapeAsked], responses=answers(ZoneSerializer, 404, 422))
@api_view(READ)
def zone(request: Request, pk: int) -> Response:
    """One zone of today."""
    return _one(request, ZoneSerializer, _zones(), pk)


@public
@in_pages
@extend_schema(parameters=[CellFilter], responses=answers(CellSerializer(many=True), 404, 422))
@api_view(READ)
def cells(request: Request) -> Response:
    """The unit cells of today, by their codes."""
    wanted = asked(CellFilter, request)
    found = _cells()
    if "zone" in wanted:
        found = found.filter(parent__parent=wanted["zone"])
    if "kind" in wanted:
        found = found.filter(kind=wanted["kind"])
    return _listed(request, CellSerializer, found, wanted)


@public
@extend_schema(parameters=[ShapeAsked], responses=answers(CellSerializer, 404, 422))
@api_view(READ)
def cell(request: Request, pk: int) -> Response:
    """One unit cell of today."""
    return _one(request, CellSerializer, _cells(), pk)


@public
@in_pages
@extend_schema(parameters=[RoadFilter], responses=answers(RoadSerializer(many=True), 404, 422))
@api_view(READ)
def roads(request: Request) -> Response:
    """The roads of today, by their codes."""
    wanted = asked(RoadFilter, request)
    found = _roads()
    if "zone" in wanted:
        found = found.filter(grid__parent=wanted["zone"])
    if CLASS in wanted:
        found = found.filter(road_class=wanted[CLASS])
    return _listed(request, RoadSerializer, found, wanted)


@public
@extend_schema(parameters=[ShapeAsked], responses=answers(RoadSerializer, 404, 422))
@api_view(READ)
def road(request: Request, pk: int) -> Response:
    """One road of today."""
    return _one(request, RoadSerializer, _roads(), pk)


def _zones() -> AreaQuerySet:
    today = timezone.localdate()
    cells = Q(parts__parts__level=Area.Level.CELL) & in_force(today, below="parts__parts")
    counted = Count("parts__parts", filter=cells, distinct=True)
    return Area.objects.on(today).of_level(Area.Level.ZONE).annotate(cells=counted).order_by("code")


def _cells() -> AreaQuerySet:
    cells = Area.objects.on(timezone.localdate()).of_level(Area.Level.CELL)
    return cells.select_related("parent").order_by("code")


def _roads() -> RoadQuerySet:
    today = timezone.localdate()
    return directory.measured(Road.objects.on(today), on=today).order_by("code")


def _with_shapes(rows: Any, today: date) -> Any:
    """Shapes are fetched for all rows at once, and only where they are asked for."""
    if rows.model is Area:
        return rows.prefetch_related(Prefetch("boundaries", Boundary.objects.filter(in_force(today)), to_attr="drawn"))
    stretches = Segment.objects.filter(in_force(today)).order_by("number")
    return rows.prefetch_related(Prefetch("segments", stretches, to_attr="drawn"))


def _drawn(serializer: serializers.BaseSerializer[Any], thing: Area | Road) -> list[Any]:
    return vars(thing)["drawn"] if serializer.context["shape"] else []


def _listed(request: Request, serializer: Any, rows: Any, wanted: dict[str, Any]) -> Response:
    pages = Pages()
    if wanted["shape"]:
        rows = _with_shapes(rows, timezone.localdate())
    page: Any = pages.paginate_queryset(rows, request)
    context = {"request": request, "shape": wanted["shape"]}
    return pages.get_paginated_response(serializer(page, many=True, context=context).data)


def _one(request: Request, serializer: Any, rows: Any, pk: int) -> Response:
    wanted = asked(ShapeAsked, request)
    if wanted["shape"]:
        rows = _with_shapes(rows, timezone.localdate())
    found = get_object_or_404(rows, pk=pk)
    return Response(serializer(found, context={"request": request, "shape": wanted["shape"]}).data)


def _page(serializer: serializers.BaseSerializer[Any], name: str, code: str) -> str:
    return str(serializer.context["request"].build_absolute_uri(reverse(name, args=[code])))
