"""Joint actions, shifts and sign-up as programs read and ask for them.

The serialisers are the contract; whatever changes something calls the deed that people's forms call too. Counts are
public, people are not: no name, no phone of a contact, nobody else's sign-up is in any answer.
"""

from datetime import datetime, timedelta
from typing import Any, cast

from django.db.models import Prefetch, Q
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import api_view, parser_classes, permission_classes
from rest_framework.exceptions import ParseError
from rest_framework.generics import get_object_or_404
from rest_framework.parsers import FormParser, MultiPartParser
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from wagtail.models import Page

from communities.models import Organisation, User
from grid.models import Road
from kit.contract import READ, REQUEST_KEY, PageAsked, Pages, answers, asked, in_pages, request_key_of
from kit.refusals import Refused
from kit.web import LARGEST_ID, public

from . import permits, seats
from .kinds import Kind
from .models import (
    REASON_LENGTH,
    Action,
    ActionQuerySet,
    Party,
    Shift,
    ShiftQuerySet,
    SignUp,
    SignUpQuerySet,
    attach_pages,
)
from .states import why_closed

PHASES = [phase.value for phase in Action.Phase if phase != Action.Phase.DRAFT]


# --- what goes out ------------------------------------------------------------------------------------------------------


class HostSerializer(serializers.ModelSerializer[Organisation]):
    """The organisation that answers for an action."""

    class Meta:
        model = Organisation
        fields = read_only_fields = ("id", "name")


class PartnerSerializer(serializers.ModelSerializer[Organisation]):
    """An organisation that does the action together with the host."""

    url = serializers.SerializerMethodField(help_text="Its page for people.")

    class Meta:
        model = Organisation
        fields = read_only_fields = ("id", "name", "url")

    def get_url(self, organisation: Organisation) -> str:
        request = self.context["request"]
        section = cast(Page, organisation.section)  # only those with a live one come here
        return request.build_absolute_uri(section.get_url(request._request))


class ActionRoadSerializer(serializers.ModelSerializer[Road]):
    """The road on which an action takes place."""

    class Meta:
        model = Road
        fields = read_only_fields = ("code", "name", "name_en")


class ShiftSerializer(serializers.ModelSerializer[Shift]):
    """A stretch of time in which hands are wanted."""

    url = serializers.SerializerMethodField(help_text="The page of its action, for people.")
    action = serializers.IntegerField(source="action_id")
    capacity = serializers.IntegerField()
    taken = serializers.IntegerField(help_text="Places given, and those held by an offer that stands.")
    waiting = serializers.IntegerField(help_text="People on the waiting list.")
    open = serializers.SerializerMethodField(help_text="Whether people can ask for a place now, if only on the list.")

    class Meta:
        model = Shift
        fields = read_only_fields = (
            "id",
            "url",
            "action",
            "starts_at",
            "ends_at",
            "task",
            "least",
            "capacity",
            "taken",
            "waiting",
            "open",
        )

    def get_url(self, shift: Shift) -> str:
        return self.context["request"].build_absolute_uri(shift.action.get_absolute_url())

    def get_open(self, shift: Shift) -> bool:
        # Only shifts of public actions come here.
        return not why_closed(shift.action, shift, is_public=True, now=self.context["now"])


class ActionSerializer(serializers.ModelSerializer[Action]):
    """A joint action with its shifts."""

    url = serializers.SerializerMethodField(help_text="Its page for people.")
    title = serializers.CharField(source="page.title")
    title_en = serializers.CharField(source="page.title_en", help_text="Empty where nobody has translated it.")
    summary = serializers.CharField(source="page.summary")
    summary_en = serializers.CharField(source="page.summary_en")
    phase = serializers.SerializerMethodField(help_text="The state, and while announced where the clock stands.")
    host = HostSerializer()
    partners = serializers.SerializerMethodField(help_text="Organisations that said yes and still take part.")
    road = ActionRoadSerializer(allow_null=True)
    position = serializers.SerializerMethodField(
        help_text="Longitude and latitude (WGS-84) of the house or point on the road that its place names."
    )
    shifts = ShiftSerializer(many=True)

    class Meta:
        model = Action
        fields = read_only_fields = (
            *("id", "url", "title", "title_en", "summary", "summary_en", "kind", "state", "phase", "host"),
            *(
                "partners",
                "starts_at",
                "ends_at",
                "place",
                "meeting_point",
                "road",
                "position",
                "is_online",
                "adults_only",
                "risks",
                "bring",
                "shifts",
            ),
        )

    def get_url(self, action: Action) -> str:
        return self.context["request"].build_absolute_uri(action.get_absolute_url())

    @extend_schema_field(PartnerSerializer(many=True))
    def get_partners(self, action: Action) -> Any:
        partners = [party.organisation for party in action.parties.all()]  # prefetched: those who take part
        return PartnerSerializer(partners, many=True, context=self.context).data

    @extend_schema_field(serializers.ListField(child=serializers.FloatField(), allow_null=True))
    def get_position(self, action: Action) -> list[float] | None:
        if action.longitude is None or action.latitude is None:
            return None
        return [action.longitude, action.latitude]

    @extend_schema_field(serializers.ChoiceField(choices=PHASES))
    def get_phase(self, action: Action) -> str:
        return action.phase(self.context["now"])


class SignUpSerializer(serializers.ModelSerializer[SignUp]):
    """The caller's own sign-up as it stands."""

    shift = serializers.IntegerField(source="shift_id")
    position = serializers.SerializerMethodField(help_text="The turn in the waiting list, from 1.")
    offered_until = serializers.DateTimeField(
        allow_null=True, help_text="While waiting: a place is held for you until then. Accept it in “My activities”."
    )

    class Meta:
        model = SignUp
        fields = read_only_fields = ("id", "shift", "state", "position", "offered_until")

    def get_position(self, sign_up: SignUp) -> int | None:
        return seats.position(sign_up)


# --- what comes in ------------------------------------------------------------------------------------------------------


class TimeFilter(PageAsked):
    """What every list of things with a period may be narrowed to."""

    when = serializers.ChoiceField(
        choices=("upcoming", "today", "running", "past", "all"),
        default="all",
        help_text="By the clock alone, whatever the state: not begun, on this day, now, over.",
    )


class ShiftFilter(TimeFilter):
    """What the list of shifts may be narrowed to."""

    action = serializers.IntegerField(required=False, min_value=1, max_value=LARGEST_ID, help_text="Id of the action.")


class ActionFilter(TimeFilter):
    """What the list of actions may be narrowed to."""

    kind = serializers.ChoiceField(choices=Kind.choices, required=False)
    host = serializers.IntegerField(
        required=False, min_value=1, max_value=LARGEST_ID, help_text="Id of the organisation."
    )
    road = serializers.SlugField(required=False, help_text="Code of the road.")
    free = serializers.BooleanField(default=False, help_text="Only with a place free in a shift that lies ahead.")


class Cancelling(serializers.Serializer[dict[str, Any]]):
    """The body with which a place is given back; it may be left out while cancelling is free."""

    reason = serializers.CharField(
        max_length=REASON_LENGTH,
        allow_blank=True,
        default="",
        help_text="Needed after the hour until which cancelling is free.",
    )


# --- reading ------------------------------------------------------------------------------------------------------------


@public
@in_pages
@extend_schema(parameters=[ActionFilter], responses=answers(ActionSerializer(many=True), 404, 422))
@api_view(READ)
def actions(request: Request) -> Response:
    """All public actions by their beginning, those that are past, closed or called off included."""
    now = timezone.now()
    wanted = asked(ActionFilter, request)
    found = Action.objects.public().filter(_while(wanted["when"], now))
    if wanted["free"]:
        found = found.with_free_places(now)
    for field in ("kind", "host"):
        if field in wanted:
            found = found.filter(**{field: wanted[field]})
    if "road" in wanted:
        found = found.filter(road__code=wanted["road"])
    pages = Pages()
    page = attach_pages(pages.paginate_queryset(_with_shifts(found), request) or ())
    return pages.get_paginated_response(ActionSerializer(page, many=True, context=_context(request, now)).data)


@public
@extend_schema(responses=answers(ActionSerializer, 404))
@api_view(READ)
def action(request: Request, pk: int) -> Response:
    """One public action."""
    found = get_object_or_404(_with_shifts(Action.objects.public()), pk=pk)
    return Response(ActionSerializer(found, context=_context(request)).data)


@public
@in_pages
@extend_schema(parameters=[ShiftFilter], responses=answers(ShiftSerializer(many=True), 404, 422))
@api_view(READ)
def shifts(request: Request) -> Response:
    """All shifts of public actions by their beginning."""
    now = timezone.now()
    wanted = asked(ShiftFilter, request)
    found = _public_shifts().filter(_while(wanted["when"], now))
    if "action" in wanted:
        found = found.filter(action=wanted["action"])
    pages = Pages()
    page = pages.paginate_queryset(found, request)
    return pages.get_paginated_response(ShiftSerializer(page, many=True, context=_context(request, now)).data)


@public
@extend_schema(responses=answers(ShiftSerializer, 404))
@api_view(READ)
def shift(request: Request, pk: int) -> Response:
    """One shift of a public action."""
    found = get_object_or_404(_public_shifts(), pk=pk)
    return Response(ShiftSerializer(found, context=_context(request)).data)


# --- one's own sign-up --------------------------------------------------------------------------------------------------


@extend_schema(methods=["GET"], responses=answers(SignUpSerializer, 404))
@extend_schema(
    methods=["POST"],
    request=None,
    parameters=[
        OpenApiParameter(
            "Idempotency-Key",
            {"type": "string", "pattern": f"^{REQUEST_KEY.pattern}$"},
            OpenApiParameter.HEADER,
            description="Up to 80 visible ASCII characters; the same key again is the same request again.",
        )
    ],
    responses=answers(SignUpSerializer, 403, 404, 409, 415, 422, statuses=(200, 201)),
)
@extend_schema(
    methods=["DELETE"],
    request=Cancelling,
    responses=answers(SignUpSerializer, 403, 404, 409, 415, 422),
)
@api_view([*READ, "POST", "DELETE"])
@permission_classes([IsAuthenticated])
# An empty form is how some programs and every page without script send nothing.
@parser_classes([*APIView.parser_classes, FormParser, MultiPartParser])
def sign_up(request: Request, pk: int) -> Response:
    """Ask for a place, see what became of it, give it back."""
    person = cast(User, request.user)  # nobody else gets past IsAuthenticated
    match request.method:
        case "POST":
            return _ask_for_place(request, person, pk)
        case "DELETE":
            return _give_place_back(request, person, pk)
    return _as_it_stands(_own_sign_ups(person, pk).order_by("-pk").first())


def _ask_for_place(request: Request, person: User, pk: int) -> Response:
    request_key = request_key_of(request)
    _read_body(serializers.Serializer, request)  # nothing is asked for, but what cannot be read is not passed over
    shift = get_shift_to_join_or_404(person, pk)
    asked = seats.sign_up(person=person, shift=shift, request_key=request_key)
    return _as_it_stands(asked.sign_up, status=201 if asked.is_new else 200)


def _give_place_back(request: Request, person: User, pk: int) -> Response:
    reason = _read_body(Cancelling, request)["reason"]
    mine = _own_sign_ups(person, pk).live().first()
    if mine is None:
        raise Http404
    return _as_it_stands(seats.cancel(sign_up=mine, by=person, reason=reason))


def get_shift_to_join_or_404(person: User, pk: int) -> Shift:
    """The shift, if this person may see its action; whoever signed up for it still does when the page is hidden."""
    found = get_object_or_404(Shift.objects.select_related("action__host"), pk=pk)
    if not permits.may_see(person, found.action) and not _own_sign_ups(person, pk).exists():
        raise Http404
    return found


def _own_sign_ups(person: User, shift: int) -> SignUpQuerySet:
    return SignUp.objects.filter(person=person, shift__pk=shift)


def _as_it_stands(mine: SignUp | None, status: int = 200) -> Response:
    if mine is None:
        raise Http404
    return Response(SignUpSerializer(mine).data, status=status)


# --- reading what was sent ----------------------------------------------------------------------------------------------


def _read_body(form: type[serializers.Serializer[Any]], request: Request) -> dict[str, Any]:
    try:
        typed = request.data
    except ParseError as error:
        raise Refused("unreadable", _("The body is not readable JSON."), status=422) from error
    filled_in = form(data=typed)
    filled_in.is_valid(raise_exception=True)
    return filled_in.validated_data


# --- which, and in which order ------------------------------------------------------------------------------------------


def _while(when: str, now: datetime) -> Q:
    """Those whose period lies so to the clock; actions and shifts have the same two fields."""
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    match when:
        case "upcoming":
            return Q(starts_at__gt=now)
        case "today":
            return Q(starts_at__lt=midnight + timedelta(days=1), ends_at__gt=midnight)
        case "running":
            return Q(starts_at__lte=now, ends_at__gt=now)
        case "past":
            return Q(ends_at__lte=now)
    return Q()


def _with_shifts(found: ActionQuerySet) -> ActionQuerySet:
    # Whose page was taken offline is not named by a link that leads nowhere, so not at all.
    joined = Party.objects.joined().filter(organisation__section__live=True).order_by("answered_at", "pk")
    parties = Prefetch("parties", joined.select_related("organisation__section"))
    return found.select_related("host", "road").prefetch_related(
        Prefetch("shifts", Shift.objects.with_places()), parties
    )


def _public_shifts() -> ShiftQuerySet:
    return Shift.objects.with_places().filter(action__in=Action.objects.public()).select_related("action")


def _context(request: Request, now: datetime | None = None) -> dict[str, Any]:
    return {"request": request, "now": now or timezone.now()}
