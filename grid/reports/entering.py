"""Reports that staff write down: what the hotline and the merchants' group say, what a patrol or a visit finds."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from communities.models import User
from communities.permits import Person
from grid.chain.answering import posts_in_office
from grid.models import Case, Post
from kit.refusals import Refused
from volunteers.panels import Line

Channel, Role = Case.Channel, Post.Role

CHANNELS: dict[str, tuple[Case.Channel, ...]] = {
    Role.ACCEPTOR: (Channel.HOTLINE, Channel.GROUP, Channel.VISIT),
    Role.SUPERVISOR: (Channel.HOTLINE, Channel.GROUP, Channel.VISIT),
    Role.CELL_WORKER: (Channel.PATROL, Channel.VISIT, Channel.GROUP),
    Role.ROAD_CHIEF: (Channel.PATROL, Channel.VISIT, Channel.GROUP),
    Role.MICRO_ROAD_CHIEF: (Channel.GROUP,),
}
"""By the post that one is in: the channels in which one writes reports down."""

IN_ORDER = (Channel.HOTLINE, Channel.GROUP, Channel.PATROL, Channel.VISIT)


def channels_of(person: Person) -> list[Case.Channel]:
    """The channels in which this person writes reports down today, in their order; the operator has all."""
    if not isinstance(person, User) or not person.is_active:
        return []
    if person.is_superuser:
        return list(IN_ORDER)
    roles = set(posts_in_office(person, timezone.localdate()).values_list("role", flat=True))
    own = {channel for role in roles for channel in CHANNELS.get(role, ())}
    return [channel for channel in IN_ORDER if channel in own]


def demand_channel(person: Person | None, channel: Case.Channel) -> None:
    """Raise ``Refused("no_right", 403)`` unless this person writes down what comes in by this channel."""
    if person is None or channel not in channels_of(person):
        raise Refused(
            "no_right",
            _("Only those who take reports in, and grid workers on their patrols, write reports down for others."),
            status=403,
        )


def own_lines(person: User) -> Iterator[Line]:
    """The way to it from the person's own page, for whoever may."""
    if channels_of(person):
        yield Line(reverse("grid:report_for_others"), "edit", _("Write a report down"))
