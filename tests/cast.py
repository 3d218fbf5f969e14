"""The people and organisations of the tests: the demo town's own, made by deeds.

mei coordinates 玉祁社区, yan is its editor; lan leads and chen is a member of the volunteer group, whose coordinator is
admin, the operator; lu leads at 玉祁城管; bo coordinates the school, qiang the company; zhou has an account and no
organisation; dana is the stranger.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from communities.models import Organisation, User
from events import publishing, seats, shifts
from events.kinds import Kind
from events.models import Action, Shift, SignUp
from events.publishing import Details
from events.shifts import Hours
from portal import notices
from portal.models import NoticeIndexPage, NoticePage


@dataclass(frozen=True)
class Town:
    admin: User
    mei: User
    yan: User
    bo: User
    qiang: User
    lan: User
    chen: User
    lu: User
    zhou: User
    dana: User
    yuqi: Organisation
    chengguan: Organisation
    school: Organisation
    enterprise: Organisation
    group: Organisation

    @property
    def people(self) -> dict[str, User]:
        """All ten, by name."""
        return {name: value for name, value in vars(self).items() if isinstance(value, User)}

    def neighbours(self) -> Iterator[User]:
        """Fourteen more, of age and nothing else."""
        yield from User.objects.filter(username__startswith="neighbour").order_by("username")


def gather() -> Town:
    """The town as the database has it now, with fresh objects."""
    users = {user.username: user for user in User.objects.all()}
    organisations = {organisation.name: organisation for organisation in Organisation.objects.all()}
    names = ("admin", "mei", "yan", "bo", "qiang", "lan", "chen", "lu", "zhou", "dana")
    return Town(
        **{name: users[name] for name in names},
        yuqi=organisations["玉祁社区"],
        chengguan=organisations["玉祁城管"],
        school=organisations["示范初级中学"],
        enterprise=organisations["示范制造有限公司"],
        group=organisations["聚力暖橙志愿队"],
    )


def details(**changes: object) -> Details:
    """A whole description of an action; name what should be otherwise."""
    described: dict[str, object] = {
        "kind": Kind.CLEANUP,
        "title": "背街里巷清扫",
        "summary": "把没人管的角落清干净。",
        "place": "湖西路",
        "meeting_point": "湖西路北口",
        "risks": "有尖利的东西，戴手套。",
        "bring": "水杯",
        "contact_name": "梅芳",
        "contact_phone": "+8610000000002",
    }
    return Details(**{**described, **changes})


def in_hours(begin: float, length: float = 2, *, capacity: int = 10, least: int = 1, task: str = "") -> Hours:
    """Hours that begin so many hours from now."""
    starts_at = timezone.now().replace(microsecond=0) + timedelta(hours=begin)
    return Hours(starts_at, starts_at + timedelta(hours=length), capacity, least, task)


def draft(town: Town, *, host: Organisation | None = None, by: User | None = None, **changes: object) -> Action:
    """A draft of 玉祁社区 by mei, without a shift."""
    return publishing.draft(host=host or town.yuqi, details=details(**changes), by=by or town.mei)


def announced(
    town: Town,
    *hours: Hours,
    host: Organisation | None = None,
    by: User | None = None,
    **changes: object,
) -> Action:
    """An announced action of 玉祁社区 by mei, with these hours (by default one shift in three days, ten places)."""
    action = draft(town, host=host, by=by, **changes)
    for each in hours or (in_hours(72),):
        shifts.add(action=action, hours=each, by=by or town.mei)
    return publishing.announce(action=action, by=by or town.mei)


def a_shift(town: Town, *, begin: float = 72, length: float = 2, capacity: int = 10, **changes: object) -> Shift:
    """The only shift of an announced action."""
    return announced(town, in_hours(begin, length, capacity=capacity), **changes).shifts.get()


def sign_up(person: User, shift: Shift) -> SignUp:
    """The sign-up itself, without whether it is new."""
    return seats.sign_up(person=person, shift=shift).sign_up


def notice(
    town: Town,
    *,
    organisation: Organisation | None = None,
    by: User | None = None,
    on: datetime | None = None,
    **fields: Any,
) -> NoticePage:
    """A notice of 玉祁社区 by mei, live; name the fields that should be otherwise."""
    described = {"title": "雪天请让道", "summary": "把车停进车位，给除雪车让路。", **fields}
    return notices.issue(
        organisation=organisation or town.yuqi, notice=NoticePage(**described), by=by or town.mei, on=on
    )


def notice_draft(town: Town, *, organisation: Organisation | None = None, **fields: Any) -> NoticePage:
    """A notice that nobody has published yet."""
    page = NoticePage(**{"title": "还没写完", "summary": "草稿", "live": False, **fields})
    index = NoticeIndexPage.objects.child_of((organisation or town.yuqi).section).get()
    index.add_child(instance=page)
    page.save_revision()
    return page


def put_back(action: Action, by: timedelta) -> None:
    """Let time pass for an action: move it and its shifts into the past, past all deeds."""
    for shift in action.shifts.all():
        Shift.objects.filter(pk=shift.pk).update(starts_at=shift.starts_at - by, ends_at=shift.ends_at - by)
    Action.objects.filter(pk=action.pk).update(
        starts_at=_earlier(action.starts_at, by), ends_at=_earlier(action.ends_at, by)
    )


def _earlier(moment: datetime | None, by: timedelta) -> datetime | None:
    return moment - by if moment else None
