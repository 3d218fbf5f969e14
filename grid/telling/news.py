"""What is told of a case to those who follow it, its road, its area or its unit: each step once to each of them."""

from collections.abc import Mapping, Sequence

from django.db.models import Q
from django.urls import reverse

from communities.models import User
from grid import permits
from grid.models import Case, Reporter, Step, Subscription
from updates import messages
from updates.messages import Addressee

from .follow_messages import FOLLOWED, facts_of
from .messages import OF_INTEREST
from .words import is_told

NAMED = ("case", "road", "area", "unit")


def tell(case: Case, step: Step) -> None:
    """Part of the deed that did the step, after everything else but the topics.

    Whoever follows both a case and its road hears it once; whoever did it, or is told as its reporter, not again; nobody
    hears of what is not public. A constant number of queries; the letters grow with the addresses. The step's own row decides that it is told once.
    """
    if not is_told(step) or not case.is_shown:
        return
    subscriptions = list(_hearing(case))
    facts = facts_of(case, step)
    knows = {step.by_id, *_told_as_reporters(case, step)}
    payloads: dict[int, Mapping[str, object]] = {}
    for subscription in subscriptions:
        if subscription.person_id is not None and subscription.person_id not in knows:
            payloads.setdefault(subscription.person_id, {**facts, "way_out": way_out(subscription)})
    messages.send(kind=FOLLOWED, about=f"case:{case.number}:{step.number}", payloads=payloads)
    if any(subscription.mail for subscription in subscriptions):
        messages.write_to_addresses(kind=FOLLOWED, addressees=_addressees(subscriptions, facts, {*payloads, *knows}))


def way_out(subscription: Subscription) -> str:
    """The address on this site that ends a subscription."""
    return reverse("grid:end_subscription", args=[subscription.key])


def _told_as_reporters(case: Case, step: Step) -> Sequence[int | None]:
    """Those who hear of this step because they reported the case, or one that was joined to it."""
    if step.deed not in OF_INTEREST:
        return []
    reported = Reporter.objects.filter(Q(case=case) | Q(case__into=case), person__isnull=False)
    return list(reported.values_list("person_id", flat=True))


def _hearing(case: Case) -> Sequence[Subscription]:
    """Those that hear of this case, the nearest first: by its link one ends what one meant."""
    areas = [*(area.pk for area in permits.areas_of(case)), *filter(None, [case.community_id])]
    heard = Q(case=case) | Q(area__in=areas)
    if case.road_id is not None:
        heard |= Q(road=case.road_id)
    if case.unit_id is not None:
        heard |= Q(unit=case.unit_id)
    asked_for = Q(person__isnull=False) | Q(confirmed_at__isnull=False)
    found = Subscription.objects.filter(heard, asked_for).order_by("pk")
    return sorted(found, key=_nearness)


def _nearness(subscription: Subscription) -> int:
    return next(place for place, name in enumerate(NAMED) if getattr(subscription, f"{name}_id") is not None)


def _addressees(
    subscriptions: Sequence[Subscription], facts: Mapping[str, object], told: set[int | None]
) -> list[Addressee]:
    """Each address once, and none that belongs to somebody who knows it from an account."""
    known = {
        mail.lower() for mail in User.objects.filter(pk__in=[pk for pk in told if pk]).values_list("email", flat=True)
    }
    found: dict[str, Addressee] = {}
    for subscription in subscriptions:
        address = subscription.mail
        if address and address.lower() not in known:
            payload = {**facts, "way_out": way_out(subscription)}
            found.setdefault(address, Addressee(address, subscription.language, payload))
    return list(found.values())
