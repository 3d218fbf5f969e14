"""What the composer fills in by itself: the texts of a kind, and where and with whom a host was last."""

from django.conf import settings
from django.db.models import OuterRef, Subquery
from django.utils import translation

from communities.models import Organisation, OrganisationQuerySet, User
from events.kinds import STARTING_TEXTS, Kind
from events.models import Action

KEPT = ("place", "meeting_point", "contact_name", "contact_phone")


def texts_of(kind: Kind) -> dict[str, str]:
    """The starting texts of a kind, in the language in which residents read first, whatever language the form is in."""
    text = STARTING_TEXTS[kind]
    with translation.override(settings.LANGUAGE_CODE):
        return {
            "summary": str(text.summary),
            "risks": str(text.risks),
            "bring": str(text.bring),
            "adults_only": "on" if text.adults_only else "",
        }


def last_places(hosts: OrganisationQuerySet, person: User) -> dict[int, dict[str, str]]:
    """By host: the place and the contact of its newest action; of a host without one, ``person`` and its own phone."""
    newest = Action.objects.filter(host=OuterRef("pk"), place__gt="").order_by("-made_at", "-pk").values("pk")[:1]
    last = Action.objects.filter(pk__in=hosts.order_by().annotate(newest=Subquery(newest)).values("newest"))
    by_host = {action.host_id: action for action in last.only("host", *KEPT)}
    return {host.pk: _kept(by_host.get(host.pk) or _first_of(host, person)) for host in hosts}


def _first_of(host: Organisation, person: User) -> Action:
    return Action(contact_name=person.name, contact_phone=host.phone)


def _kept(action: Action) -> dict[str, str]:
    return {name: str(getattr(action, name)) for name in KEPT}
