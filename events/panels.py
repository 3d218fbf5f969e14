"""What this room shows on pages of the rooms below: coming actions of an organisation, the own record of a person."""

from collections.abc import Iterator

from django.db.models import Count, DurationField, ExpressionWrapper, F, Q, Sum
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from communities import permits as organisation_permits
from communities.models import Organisation, User
from communities.roles import Right
from grid.models import Road
from volunteers.panels import Line

from . import cards, invitations, permits
from .listing import Filters, coming
from .models import Action, Party, SignUp

MOST_ACTIONS = 6
MOST_PARTNERS = 12
HOUR = 3600  # seconds


def coming_actions(request: HttpRequest, organisation: Organisation) -> SafeString:
    """The next actions of an organisation, as host or partner, that everybody may see, those called off among them."""
    now = timezone.now()
    hosted = Filters(host=organisation)
    context = {
        "all_url": hosted.address,
        "cards": cards.cards_of(hosted.actions(now)[:MOST_ACTIONS], person=request.user, now=now),
    }
    return render_to_string("events/_coming_actions.html", context, request=request)


def joint_with(request: HttpRequest, organisation: Organisation) -> SafeString:
    """With whom the organisation has done public actions, or does, and how many; those called off do not count.

    One query for its partners and one for the hosts whose partner it was.
    """
    done = Action.objects.public().exclude(state=Action.State.CALLED_OFF)
    joined = Q(parties__state=Party.State.JOINED)
    partners = Organisation.objects.filter(
        joined, parties__action__in=done.filter(host=organisation), section__live=True
    ).annotate(times=Count("parties", distinct=True))
    together = Q(actions__parties__state=Party.State.JOINED, actions__parties__organisation=organisation)
    hosts = Organisation.objects.filter(together, actions__in=done, section__live=True).annotate(
        times=Count("actions", distinct=True)
    )
    times: dict[int, int] = {}
    found: dict[int, Organisation] = {}
    for other in (*partners.select_related("section"), *hosts.select_related("section")):
        found.setdefault(other.pk, other)
        times[other.pk] = times.get(other.pk, 0) + vars(other)["times"]
    if not found:
        return SafeString()
    often = sorted(found.values(), key=lambda other: (-times[other.pk], other.name))
    context = {
        "others": [{"organisation": other, "times": times[other.pk]} for other in often[:MOST_PARTNERS]],
        "more": max(0, len(often) - MOST_PARTNERS),
    }
    return render_to_string("events/_joint_with.html", context, request=request)


def own_invitations(request: HttpRequest, person: User) -> SafeString:
    """How many invitations wait for the person's answer; nothing for who answers for nobody."""
    if not permits.answers_anywhere(person):
        return SafeString()
    context = {"waiting": invitations.count_waiting(person)}
    return render_to_string("events/_own_invitations.html", context, request=request)


def own_record(request: HttpRequest, person: User) -> SafeString:
    """How many shifts the person has done, and their hours as they stood in the plan."""
    done = SignUp.objects.confirmed().filter(person=person, shift__ends_at__lte=timezone.now())
    length = ExpressionWrapper(F("shift__ends_at") - F("shift__starts_at"), output_field=DurationField())
    record = done.aggregate(shifts=Count("pk"), length=Sum(length))
    seconds = record["length"].total_seconds() if record["length"] else 0
    context = {"shifts": record["shifts"], "hours": f"{seconds / HOUR:.1f}".removesuffix(".0")}
    return render_to_string("events/_own_record.html", context, request=request)


def own_lines(person: User) -> Iterator[Line]:
    """The ways to one's own sign-ups, and to the desk for who stands at one."""
    yield Line(reverse("events:my_activities"), "calendar", _("My activities"))
    if organisation_permits.may_anywhere(person, Right.COMPOSE_ACTION):
        yield Line(reverse("events:desks"), "desk", _("Desk"))


def actions_on_road(request: HttpRequest, road: Road) -> SafeString:
    """The next public actions on a road."""
    now = timezone.now()
    found = cards.cards_of(
        coming(now).filter(road=road).select_related("host").order_by("starts_at", "id")[:MOST_ACTIONS],
        person=request.user,
        now=now,
    )
    if not found:
        return SafeString()
    return render_to_string("events/_actions_on_road.html", {"cards": found}, request=request)
