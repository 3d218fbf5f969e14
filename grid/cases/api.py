"""Cases for programs: public words, rounded places of dwellings, and what the token's person may do. Never who reported one."""

from datetime import datetime
from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import api_view, parser_classes, permission_classes
from rest_framework.permissions import IsAuthenticatedOrReadOnly
from rest_framework.request import Request
from rest_framework.response import Response

from communities.models import Organisation
from grid import permits
from grid.models import Area, Case, CaseQuerySet, Category, Photo, Road
from grid.rules.transitions import Deed
from grid.telling import words as case_words
from kit.contract import READ, Moment, PageAsked, Pages, answers, asked, in_pages
from kit.web import public

from . import moving, report_api

SHOWN = [state for state in Case.State if state not in Case.THROWN_OUT]


# --- what goes out ------------------------------------------------------------------------------------------------------


class CaseCategorySerializer(serializers.ModelSerializer[Category]):
    """What kind of problem it is."""

    class Meta:
        model = Category
        fields = read_only_fields = ("code", "name", "name_en")


class CaseRoadSerializer(serializers.ModelSerializer[Road]):
    """The road on which it is."""

    class Meta:
        model = Road
        fields = read_only_fields = ("code", "name", "name_en")


class CaseCellSerializer(serializers.ModelSerializer[Area]):
    """The unit cell in which it is."""

    class Meta:
        model = Area
        fields = read_only_fields = ("code", "name", "name_en")


class CaseCommunitySerializer(serializers.ModelSerializer[Area]):
    """The community in which it lies, on a street front too."""

    class Meta:
        model = Area
        fields = read_only_fields = ("code", "name", "name_en")


class CaseUnitSerializer(serializers.ModelSerializer[Organisation]):
    """The unit that handles it."""

    class Meta:
        model = Organisation
        fields = read_only_fields = ("id", "name", "name_en")


class CaseSerializer(serializers.ModelSerializer[Case]):
    """A problem from the report to the answer."""

    url = serializers.SerializerMethodField(help_text="Its page for people.")
    category = CaseCategorySerializer(allow_null=True)
    road = CaseRoadSerializer(allow_null=True)
    cell = CaseCellSerializer(allow_null=True)
    community = CaseCommunitySerializer(allow_null=True)
    unit = CaseUnitSerializer(allow_null=True)
    place = serializers.SerializerMethodField(help_text="Where it is, in words; of a dwelling only road and cell.")
    position = serializers.SerializerMethodField(
        help_text="Longitude and latitude (WGS-84); of a dwelling rounded to about a hundred metres."
    )
    is_rounded = serializers.BooleanField(source="is_dwelling", help_text="Whether the position is rounded.")
    answer = serializers.SerializerMethodField(
        help_text="The answer that everybody reads; empty once it was taken down."
    )
    due_at = serializers.SerializerMethodField(help_text="The handling deadline, while the case is in hand.")
    supporters = serializers.IntegerField(source="supporters_count", help_text="How many more have it too.")
    into: serializers.SlugRelatedField[Case] = serializers.SlugRelatedField(
        slug_field="number", read_only=True, allow_null=True, help_text="The case that it was joined to."
    )

    class Meta:
        model = Case
        fields = read_only_fields = (
            *("id", "number", "url", "state", "category", "description", "place", "position", "is_rounded", "road"),
            *(
                "cell",
                "community",
                "unit",
                "is_urgent",
                "reported_at",
                "filed_at",
                "dispatched_at",
                "handled_at",
                "closed_at",
            ),
            *("due_at", "answer", "satisfaction", "supporters", "into"),
        )

    def get_url(self, case: Case) -> str:
        return str(self.context["request"].build_absolute_uri(case_words.address_of(case)))

    def get_answer(self, case: Case) -> str:
        return case_words.answer_of(case)

    def get_place(self, case: Case) -> str:
        return case_words.place_of(case).words

    @extend_schema_field(serializers.ListField(child=serializers.FloatField(), allow_null=True))
    def get_position(self, case: Case) -> list[float] | None:
        position = case_words.place_of(case).position
        return list(position) if position else None

    def get_due_at(self, case: Case) -> datetime | None:
        return timezone.localtime(case.due_at) if case.state in Case.AT_WORK and case.due_at else None


class CaseStepSerializer(serializers.Serializer[Any]):
    """One step, as everybody may read it; what is said among those who work on a case is in none."""

    number = serializers.IntegerField(source="step.number")
    deed = serializers.ChoiceField(choices=[Deed(deed).value for deed in case_words.TOLD])
    state = serializers.ChoiceField(source="step.after", choices=Case.State.values, help_text="The state after it.")
    at = serializers.DateTimeField(source="step.at")
    unit = CaseUnitSerializer(allow_null=True, help_text="With whom the case lay then.")
    word = serializers.SerializerMethodField(help_text="What was written for everybody.")
    due_at = serializers.DateTimeField(source="after", allow_null=True, help_text="The handling deadline after it.")

    def get_word(self, then: case_words.Then) -> str:
        return case_words.word_of(then.step)


class CasePhotoSerializer(serializers.ModelSerializer[Photo]):
    """A public picture of a case."""

    small = serializers.SerializerMethodField(help_text="At most 480 pixels wide and high.")
    large = serializers.SerializerMethodField(help_text="At most 2048 pixels wide and high.")

    class Meta:
        model = Photo
        fields = read_only_fields = ("id", "moment", "small", "large", "width", "height")

    def get_small(self, photo: Photo) -> str:
        return self._address(photo, "small")

    def get_large(self, photo: Photo) -> str:
        return self._address(photo, "large")

    def _address(self, photo: Photo, size: str) -> str:
        address = reverse("grid:case_photo", args=[self.context["number"], photo.pk, size])
        return str(self.context["request"].build_absolute_uri(address))


class CaseDetailSerializer(CaseSerializer):
    """A case with its steps and pictures, and what the caller may do with it."""

    steps = serializers.SerializerMethodField()
    photos = serializers.SerializerMethodField()
    allowed = serializers.SerializerMethodField(help_text="What the token's person may do with it now.")

    class Meta(CaseSerializer.Meta):
        fields = read_only_fields = (*CaseSerializer.Meta.fields, "steps", "photos", "allowed")  # type: ignore[assignment]  # a longer tuple

    @extend_schema_field(CaseStepSerializer(many=True))
    def get_steps(self, case: Case) -> Any:
        steps = case.steps.select_related("to_unit").order_by("number")
        told = [then for then in case_words.in_turn(steps) if then.deed in case_words.TOLD]
        return CaseStepSerializer(told, many=True, context=self.context).data

    @extend_schema_field(CasePhotoSerializer(many=True))
    def get_photos(self, case: Case) -> Any:
        photos = permits.photos_to_see(self.context["request"].user, case).order_by("id")
        return CasePhotoSerializer(photos, many=True, context={**self.context, "number": case.number}).data

    @extend_schema_field(serializers.ListField(child=serializers.ChoiceField(choices=Deed.values)))
    def get_allowed(self, case: Case) -> list[str]:
        return [deed.value for deed in moving.allowed(self.context["request"].user, case)]


# --- what comes in ------------------------------------------------------------------------------------------------------


class CaseFilter(PageAsked):
    """What the list may be narrowed to."""

    road = serializers.SlugField(required=False, help_text="Code of the road.")
    cell = serializers.SlugField(required=False, help_text="Code of the unit cell.")
    community = serializers.SlugField(
        required=False, help_text="Code of the community's grid; what is on its street fronts is there too."
    )
    category = serializers.SlugField(
        required=False, max_length=8, help_text="Code of the category, or how it begins: E01 is a whole class."
    )
    state = serializers.ChoiceField(choices=SHOWN, required=False)
    since = Moment(required=False, help_text="Reported at this moment or later.")


# --- reading ------------------------------------------------------------------------------------------------------------


@public
@in_pages
@extend_schema(methods=["GET"], parameters=[CaseFilter], responses=answers(CaseSerializer(many=True), 404, 422))
@extend_schema(**report_api.SCHEMA)
@api_view([*READ, "POST"])
@parser_classes(report_api.PARSERS)
@permission_classes([IsAuthenticatedOrReadOnly])
@parser_classes(report_api.PARSERS)
def cases(request: Request) -> Response:
    """All public cases, the newest first; and where a problem is reported."""
    if request.method == "POST":
        return report_api.report(request)
    wanted = asked(CaseFilter, request)
    pages = Pages()
    page = pages.paginate_queryset(_named(Case.objects.public().filter(_as(wanted))), request) or []
    return pages.get_paginated_response(CaseSerializer(page, many=True, context={"request": request}).data)


@public
@extend_schema(responses=answers(CaseDetailSerializer, 404))
@api_view(READ)
def case(request: Request, number: str) -> Response:
    """One case that the caller may see."""
    found = _named(permits.cases_to_see(request.user)).filter(number=number).first()
    if found is None:
        raise Http404
    return Response(CaseDetailSerializer(found, context={"request": request}).data)


def _named(cases: CaseQuerySet) -> CaseQuerySet:
    into: QuerySet[Case] = Case.objects.public()
    named = cases.select_related("category", "road", "cell", "community", "unit")
    named = named.prefetch_related(Prefetch("into", into))
    return named.order_by("-reported_at", "-id")


def _as(wanted: dict[str, Any]) -> Q:
    narrowed = Q()
    for name, field in (
        ("road", "road__code"),
        ("cell", "cell__code"),
        ("community", "community__code"),
        ("state", "state"),
        ("since", "reported_at__gte"),
    ):
        if name in wanted:
            narrowed &= Q(**{field: wanted[name]})
    if "category" in wanted:
        narrowed &= Q(category__code__startswith=wanted["category"])
    return narrowed
