"""What the deeds of this room say in the book, one function for each announcement. Called inside deeds only.

``action:<id>`` hears everything about an action, ``desk:<id>`` too; the organisation and the town hear the news and never
the counts, whose every change would make the whole town wait for one row. No name and no phone is in any of it: the desk
reads its people from the database.
"""

from datetime import datetime
from functools import partial
from typing import Any

from communities.models import Organisation, User
from kit.times import written
from updates.publish import audience_changed, publish, withdraw

from . import permits
from .models import Action, ActionPage, Party, Post, Shift

OPENED, MOVED, CALLED_OFF, CLOSED, POSTED = "opened", "moved", "called_off", "closed", "posted"
PARTY_JOINED, PARTY_LEFT = "party_joined", "party_left"
"""News: a feed tells them, in the words of ``events/updates/_<verb>.html``."""
CHANGED, PLACES = "changed", "places"
"""No news: the page shows them where they belong."""


def opened(action: Action) -> None:
    """The action was announced."""
    publish(_everywhere(action), OPENED, _about(action), actor=_host_of(action))


def changed(action: Action) -> None:
    """Words, or the number or task of its shifts, are others now."""
    publish(_own(action), CHANGED, {"action": {"id": action.pk}}, once=f"changed:{action.pk}")


def hidden(action: Action) -> None:
    """The public may no longer see the action, and no longer follow it; the desk sees that it is so."""
    audience_changed([f"action:{action.pk}"])
    publish([f"desk:{action.pk}"], CHANGED, {"action": {"id": action.pk}})


def moved(action: Action, shift: Shift, before: tuple[datetime, datetime]) -> None:
    """A shift has other hours."""
    hours = {"starts_at": written(shift.starts_at), "ends_at": written(shift.ends_at)}
    was = {"starts_at": written(before[0]), "ends_at": written(before[1])}
    payload = {**_about(action), "shift": shift.pk, "task": shift.task, **hours, "was": was}
    publish(_everywhere(action), MOVED, payload, actor=_host_of(action))


def called_off(action: Action) -> None:
    """The action does not take place."""
    publish(_everywhere(action), CALLED_OFF, {**_about(action), "reason": action.reason}, actor=_host_of(action))


def closed(action: Action) -> None:
    """The action is done and settled."""
    publish(_everywhere(action), CLOSED, _about(action), actor=_host_of(action))


def posted(post: Post, action: Action, by: User) -> None:
    """Somebody of the host or of a partner tells how it goes."""
    payload = {**_about(action), "post": str(post.key), "text": post.text}
    publish(_everywhere(action), POSTED, payload, actor=_signed(post.organisation, by), speaker=by, key=post.key)


def taken_back(post: Post, action: Action) -> None:
    """What was posted is withdrawn, wherever it was said."""
    withdraw(post.key, actor=_host_of(action))


def party_joined(party: Party, action: Action, by: User) -> None:
    """A partner has said yes; it signs with its name and the person's."""
    payload = {**_about(action), "party": _named(party.organisation), "word": party.word}
    publish(_everywhere(action, party), PARTY_JOINED, payload, actor=_signed(party.organisation, by), speaker=by)


def party_left(party: Party, action: Action, by: User, *, speaker: Organisation) -> None:
    """A partner is no longer in it; ``speaker`` ended it: the partner itself or the host."""
    payload = {**_about(action), "party": _named(party.organisation), "word": party.parting}
    publish(_everywhere(action, party), PARTY_LEFT, payload, actor=_signed(speaker, by), speaker=by)


def asked(action: Action) -> None:
    """A partner was asked, asked no longer, or said no: the desk shows it, and nobody else hears of it."""
    publish([f"desk:{action.pk}"], CHANGED, {"action": {"id": action.pk}}, once=f"asked:{action.pk}")


def places(shift: Shift) -> None:
    """Somebody came, went or moved up: how the places of this shift stand at the commit."""
    topics = (f"action:{shift.action_id}", f"desk:{shift.action_id}")
    publish(topics, PLACES, partial(_places_of, shift.pk), once=f"places:{shift.pk}")


def _places_of(pk: int) -> dict[str, int]:
    counts = vars(Shift.objects.with_places().get(pk=pk))
    return {"shift": pk, **{name: counts[name] or 0 for name in ("capacity", "taken", "waiting")}}


def _own(action: Action) -> tuple[str, ...]:
    return f"action:{action.pk}", f"desk:{action.pk}"


def _everywhere(action: Action, party: Party | None = None) -> tuple[str, ...]:
    """What is hidden from the public is told only to those who follow the action itself.

    ``party`` hears it in any case: who has just left is no longer among those who take part.
    """
    if not permits.is_public(action):
        return _own(action)
    partners = {*Party.objects.joined().filter(action=action).values_list("organisation_id", flat=True)}
    if party is not None:
        partners.add(party.organisation_id)
    return (*_own(action), *(f"organisation:{pk}" for pk in (action.host_id, *sorted(partners))), "town")


def _about(action: Action) -> dict[str, Any]:
    page = ActionPage.objects.get(translation_key=action.key)
    return {
        "action": {
            "id": action.pk,
            "kind": action.kind,
            "title": page.title,
            "title_en": page.title_en,
            "url": action.get_absolute_url(),
        }
    }


def _host_of(action: Action) -> dict[str, Any]:
    return action.host.as_actor


def _signed(organisation: Organisation, by: User) -> dict[str, Any]:
    return {**organisation.as_actor, "person": by.name}


def _named(organisation: Organisation) -> dict[str, Any]:
    return {"id": organisation.pk, "name": organisation.name, "name_en": organisation.name_en}
