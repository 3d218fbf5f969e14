"""Reporting as programs do it: a hotline's system, a bin that knows it is full. It is the deed of the page, for a person with a key."""

import base64
import binascii
import io
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import IO, Any, cast

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ParseError
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from communities.models import Organisation, User
from grid.models import ADDRESS_LENGTH, DESCRIPTION_LENGTH, Case, Category, Road
from grid.models.net import CODE_LENGTH
from grid.reports import drafts
from grid.reports.placing import Spot
from grid.telling import words as case_words
from kit.contract import REQUEST_KEY, answers, request_key_of
from kit.refusals import Refused
from kit.web import is_id

from . import reporting

MOST_HOUSE = 99_999


class Place(serializers.Serializer[dict[str, Any]]):
    """A position in WGS-84 degrees."""

    longitude = serializers.FloatField(min_value=-180, max_value=180)
    latitude = serializers.FloatField(min_value=-90, max_value=90)


class Report(serializers.Serializer[dict[str, Any]]):
    """What is wrong – a description, a category or a picture – and where: a position, a road or words."""

    description = serializers.CharField(
        max_length=DESCRIPTION_LENGTH, allow_blank=True, default="", trim_whitespace=False
    )
    category = serializers.CharField(
        max_length=CODE_LENGTH,
        allow_blank=True,
        default="",
        trim_whitespace=False,
        help_text="Code of a small class, such as E0110.",
    )
    position = Place(required=False, allow_null=True)
    road = serializers.CharField(
        max_length=CODE_LENGTH, allow_blank=True, default="", trim_whitespace=False, help_text="Code of the road."
    )
    house_number = serializers.IntegerField(min_value=1, max_value=MOST_HOUSE, required=False, allow_null=True)
    address = serializers.CharField(max_length=ADDRESS_LENGTH, allow_blank=True, default="", trim_whitespace=False)
    is_dwelling = serializers.BooleanField(default=False, help_text="At a home: the exact place is not shown.")
    is_complaint = serializers.BooleanField(
        default=False, help_text="It is about somebody who works here: shown to nobody but those who take reports in."
    )
    against = serializers.IntegerField(
        min_value=1, required=False, allow_null=True, help_text="Id of the organisation that they work for, if known."
    )
    photos = serializers.ListField(
        child=serializers.CharField(allow_blank=True),  # refused as what it is: no picture
        max_length=drafts.MOST_PHOTOS,
        default=list,
        help_text="Pictures in base 64: JPEG, PNG, WebP or HEIC. They are made anew. A body of more than 1 MB goes in parts.",
    )


@extend_schema_field(OpenApiTypes.BINARY)
class PictureField(serializers.FileField):
    """A picture as a file."""


class ReportInParts(Report):
    """The same as ``multipart/form-data``, with pictures as files; what is left out there is not written as null."""

    position = Place(required=False)
    house_number = serializers.IntegerField(min_value=1, max_value=MOST_HOUSE, required=False)
    against = serializers.IntegerField(min_value=1, required=False)
    photos = serializers.ListField(
        child=PictureField(allow_empty_file=True),  # refused as what it is: no picture
        max_length=drafts.MOST_PHOTOS,
        default=list,
        help_text="Files: JPEG, PNG, WebP or HEIC, at most 10 MB each. They are made anew.",
    )


class Receipt(serializers.Serializer[dict[str, Any]]):
    """The case that became of a report, and the code that opens it without an account."""

    number = serializers.CharField()
    receipt = serializers.CharField(help_text="Told to nobody else, and kept nowhere.")
    url = serializers.CharField(help_text="Its page for people.")


SCHEMA: Mapping[str, Any] = {
    "methods": ["POST"],
    "description": "Report a problem. The same key again is answered with the case as it stands.",
    "request": {"application/json": Report, "multipart/form-data": ReportInParts},
    "parameters": [
        OpenApiParameter(
            "Idempotency-Key",
            {"type": "string", "pattern": f"^{REQUEST_KEY.pattern}$"},
            OpenApiParameter.HEADER,
            description="Up to 80 visible ASCII characters; the same key again is the same report again.",
        )
    ],
    "responses": answers(Receipt, 403, 409, 413, 415, 422, statuses=(200, 201)),
}
"""How it is described; the list of cases has the same address."""

PARSERS = [*APIView.parser_classes, MultiPartParser]
"""Pictures may come in parts of the body, as they are."""


def report(request: Request) -> Response:
    """Report a problem, for a person who is signed in. The same key again is answered with the case as it stands."""
    person = cast(User, request.user)  # nobody else gets past the permission of the view
    written = request_key_of(request)
    told = _read(request)
    key = reporting.key_for(person, written) if written else uuid.uuid4()
    with _as_conflicts():
        done = reporting.report(
            request_key=key,
            spot=_spot(told),
            description=told["description"],
            category=_category(told["category"]),
            channel=Case.Channel.API,
            draft=_kept(key, told["photos"], request),
            by=person,
            is_dwelling=told["is_dwelling"],
            is_complaint=told["is_complaint"],
            against=_unit(told.get("against")),
        )
    body = {
        "number": done.case.number,
        "receipt": done.receipt,
        "url": request.build_absolute_uri(case_words.address_of(done.case)),
    }
    return Response(Receipt(body).data, status=201 if done.is_new else 200)


@contextmanager
def _as_conflicts() -> Iterator[None]:
    """What could be read and cannot be done is 409 to a program; 422 is what is not as described."""
    try:
        yield
    except Refused as refusal:
        if refusal.status == 422:
            refusal.status = 409
        raise


def _read(request: Request) -> dict[str, Any]:
    try:
        typed = request.data
    except ParseError as error:
        raise Refused("unreadable", _("The body is not readable JSON."), status=422) from error
    in_parts = (request.content_type or "").startswith("multipart/")
    filled_in = (ReportInParts if in_parts else Report)(data=typed)
    filled_in.is_valid(raise_exception=True)
    return dict(filled_in.validated_data)


def _spot(told: dict[str, Any]) -> Spot:
    place = told.get("position")
    road = _road(told["road"])
    return Spot(
        position=(place["longitude"], place["latitude"]) if place else None,
        road=road,
        house_number=told.get("house_number"),
        words=told["address"],
    )


def _category(code: str) -> Category | None:
    if not code:
        return None
    found = Category.objects.reportable(timezone.localdate()).filter(code=code).order_by("pk").first()
    if found is None:
        raise Refused("category_unknown", _("There is no such kind of problem."))
    return found


def _road(code: str) -> Road | None:
    if not code:
        return None
    found = Road.objects.on(timezone.localdate()).filter(code=code).first()
    if found is None:
        raise Refused("road_unknown", _("There is no such road."))
    return found


def _unit(pk: int | None) -> Organisation | None:
    if pk is None:
        return None
    found = Organisation.objects.public().filter(pk=pk).first() if is_id(str(pk)) else None
    if found is None:
        raise Refused("unit_unknown", _("There is no such organisation."))
    return found


def _kept(key: uuid.UUID, photos: list[Any], request: Request) -> uuid.UUID | None:
    """The key of the draft that holds the pictures; None without any, or where the report is known already."""
    if not photos or Case.objects.filter(request_key=key).exists():
        return None
    uploads = [_out_of_letters(photo) if isinstance(photo, str) else photo.file for photo in photos]
    for refusal in drafts.keep(key=key, uploads=uploads, source=str(request.META.get("REMOTE_ADDR", ""))):
        drafts.throw_away_begun(key=key)
        raise refusal
    return key


def _out_of_letters(photo: str) -> IO[bytes]:
    try:
        return io.BytesIO(base64.b64decode(photo, validate=True))
    except (binascii.Error, ValueError) as error:
        raise Refused("photo_unreadable", _("A picture is not readable base 64.")) from error
