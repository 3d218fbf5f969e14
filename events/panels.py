"""What this room shows on pages of the rooms below: coming actions of an organisation, the own record of a person."""

from django.db.models import Count, DurationField, ExpressionWrapper, F, Sum
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString

from communities.models import Organisation, User

from . import cards
from .listing import Filters
from .models import Action, SignUp

MOST_ACTIONS = 6
HOUR = 3600  # seconds


def coming_actions(request: HttpRequest, organisation: Organisation) -> SafeString:
    """The next actions of an organisation that everybody may see, those called off before their day among them."""
    now = timezone.now()
    hosted = Filters(host=organisation)
    context = {
        "all_url": hosted.address,
        "cards": cards.cards_of(hosted.actions(now)[:MOST_ACTIONS], person=request.user, now=now),
    }
    return render_to_string("events/_coming_actions.html", context, request=request)


def own_record(request: HttpRequest, person: User) -> SafeString:
    """How many shifts the person has done, and their hours as they stood in the plan."""
    done = SignUp.objects.confirmed().filter(
        person=person,
        shift__ends_at__lte=timezone.now(),
        shift__action__state__in=[Action.State.ANNOUNCED, Action.State.CLOSED],
    )
    length = ExpressionWrapper(F("shift__ends_at") - F("shift__starts_at"), output_field=DurationField())
    record = done.aggregate(shifts=Count("pk"), length=Sum(length))
    seconds = record["length"].total_seconds() if record["length"] else 0
    context = {"shifts": record["shifts"], "hours": f"{seconds / HOUR:.1f}".removesuffix(".0")}
    return render_to_string("events/_own_record.html", context, request=request)
