"""A joint action is drafted, rewritten and announced. The only writer of an action's words and of the state *announced*."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from django.utils import timezone
from django.utils.translation import gettext as _

from communities import permits as organisation_permits
from communities.models import Organisation, User
from communities.roles import Right, Role
from communities.words import as_address
from grid.models import Road
from kit.deeds import deed
from kit.refusals import Refused

from . import locks, permits, telling, whereabouts
from .kinds import Kind
from .models import CANCEL_HOURS, Action, ActionIndexPage, ActionPage

INDEX_RIGHTS: Mapping[Role, frozenset[str]] = MappingProxyType(
    {Role.COORDINATOR: frozenset({"change_page", "publish_page"})}
)
"""Pages of actions are made by the composer; coordinators may also mend their words in Wagtail's admin."""


@dataclass(frozen=True)
class Details:
    """Everything about an action that is neither its host nor its shifts.

    Without ``road`` it is the one that place or meeting point name, unless ``is_off_roads`` says that they name none.
    """

    kind: Kind
    title: str
    summary: str
    place: str = ""
    meeting_point: str = ""
    is_online: bool = False
    road: Road | None = None
    is_off_roads: bool = False
    risks: str = ""
    bring: str = ""
    adults_only: bool = False
    has_waiting_list: bool = True
    contact_name: str = ""
    contact_phone: str = ""
    cancel_hours: int = CANCEL_HOURS
    body: str = ""
    title_en: str = ""
    summary_en: str = ""


def make_index(organisation: Organisation) -> ActionIndexPage:
    """The index that every organisation's section gets for its actions (unsaved)."""
    return ActionIndexPage(title=f"{organisation.name} · 行动", slug="actions", show_in_menus=False)


@deed
def draft(*, host: Organisation, details: Details, by: User, key: uuid.UUID | None = None) -> Action:
    """Make a new action with its page, both unseen by the public. Raises ``Refused`` ``no_right`` (403) and ``road_gone``.

    ``key`` is the action's own; whoever gives one has made sure that it is free.
    """
    organisation_permits.demand(by, Right.COMPOSE_ACTION, host)
    key = key or uuid.uuid4()
    action = Action(host=host, key=key, made_by=by, year=timezone.localdate().year, slug=_slug(details.title))
    _write_details(action, details)
    action.save()
    index = ActionIndexPage.objects.child_of(host.section).get()
    page = ActionPage(translation_key=key, live=False, owner=by, slug=f"{action.slug}-{action.pk}")
    _write_words(page, details)
    index.add_child(instance=page)
    page.save_revision(user=by)
    return action


@deed
def revise(*, action: Action, details: Details, by: User) -> Action:
    """Rewrite an action. Of an announced one the page is published again at once; the address stays.

    Locks the action. Raises ``Refused``: ``no_right`` (403), ``over`` for a called off or closed action, ``road_gone`` for
    a road that stands no more and was not the action's before, or what :func:`announce` would miss in an announced one.
    """
    held = locks.lock_action(action.pk)
    permits.demand_compose(by, held)
    permits.demand_open(held)
    _write_details(held, details)
    if held.is_announced:
        _demand_whole(held)
    held.save()
    page = held.page.get_latest_revision_as_object()
    _write_words(page, details)
    revision = page.save_revision(user=by)
    if held.is_announced and held.page.live:
        revision.publish(user=by)
    held.__dict__.pop("page", None)
    if held.is_announced:
        telling.changed(held)
    return held


@deed
def announce(*, action: Action, by: User) -> Action:
    """Announce an action: its page goes live and sign-up is open, in one transaction. Again changes nothing.

    Locks the action. Raises ``Refused``: ``no_right`` (403), ``over``, ``unverified`` (403), ``risks_missing``,
    ``place_missing``, ``shift_missing`` or ``shift_begun``.
    """
    held = locks.lock_action(action.pk)
    organisation_permits.demand(by, Right.ANNOUNCE_ACTION, held.host)
    if held.is_announced:
        return held
    if held.state != Action.State.DRAFT:
        raise Refused("over", _("This action is over; make a new one from it."))
    if not held.host.is_verified:
        raise unverified(held.host)
    _demand_whole(held)
    if not held.shifts.filter(starts_at__gt=timezone.now()).exists():
        raise Refused("shift_begun", _("All shifts have begun already. Add one that lies ahead."), field="shifts")
    held.state = Action.State.ANNOUNCED
    held.announced_at = timezone.now()
    held.save(update_fields=["state", "announced_at"])
    page = held.page
    (page.get_latest_revision() or page.save_revision(user=by)).publish(user=by)
    held.__dict__.pop("page", None)
    telling.opened(held)
    return held


@deed
def hide(*, page: ActionPage) -> None:
    """The page of an action was taken offline: whoever follows the action without belonging to its host is let go.

    Wagtail did it and asked whether the person may; sign-ups stay, and sign-up closes by itself.
    """
    action = Action.objects.filter(key=page.translation_key).first()
    if action is not None:
        telling.hidden(action)


def unverified(host: Organisation) -> Refused:
    """The no to announcing in the name of a host that nobody has verified."""
    sentence = _("%(host)s is not verified yet. You can draft now and announce when the operator has verified it.")
    return Refused("unverified", sentence % {"host": host.spoken_name}, status=403)


def what_is_missing(*, risks: str, place: str, is_online: bool, has_shifts: bool) -> list[Refused]:
    """Everything that an announcement lacks, each with its field.

    What the public must be told (volunteering regulation of 2017, articles 12 and 13) and what a shift needs.
    """
    missing = []
    if not risks.strip():
        missing.append(
            Refused("risks_missing", _("Say what the risks are; people must know before they sign up."), field="risks")
        )
    if not is_online and not place.strip():
        missing.append(Refused("place_missing", _("Say where it is, or mark it as online."), field="place"))
    if not has_shifts:
        sentence = _("Add at least one shift, so that people can sign up.")
        missing.append(Refused("shift_missing", sentence, field="shifts"))
    return missing


def _demand_whole(action: Action) -> None:
    missing = what_is_missing(
        risks=action.risks, place=action.place, is_online=action.is_online, has_shifts=action.shifts.exists()
    )
    if missing:
        raise missing[0]


def _write_details(action: Action, details: Details) -> None:
    action.kind = details.kind
    for field in _ON_THE_ACTION:
        setattr(action, field, getattr(details, field))
    _write_whereabouts(action, details)


def _write_whereabouts(action: Action, details: Details) -> None:
    today = timezone.localdate()
    chosen = details.road
    if chosen is not None and chosen.pk != action.road_id and not Road.objects.on(today).filter(pk=chosen.pk).exists():
        sentence = _("%(road)s is not in force any more. Choose another road, or none.")
        raise Refused("road_gone", sentence % {"road": chosen.spoken_name}, field="road")
    found = whereabouts.NOWHERE
    if not details.is_online and not details.is_off_roads:
        found = whereabouts.on_the_net(details.place, details.meeting_point, on=today, chosen=chosen)
    action.road = found.road
    action.longitude, action.latitude = found.position or (None, None)


def _write_words(page: ActionPage, details: Details) -> None:
    for field in _ON_THE_PAGE:
        setattr(page, field, getattr(details, field))
    page.draft_title = details.title


_ON_THE_PAGE = ("title", "summary", "body", "title_en", "summary_en")
_ON_THE_ACTION = (
    "place",
    "meeting_point",
    "is_online",
    "risks",
    "bring",
    "adults_only",
    "has_waiting_list",
    "contact_name",
    "contact_phone",
    "cancel_hours",
)


def _slug(title: str) -> str:
    return as_address(title, most=48, otherwise="action")
