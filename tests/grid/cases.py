"""A town in which cases can be moved: the small net, everybody in a post, and cases brought to where a test needs them.

玉祁城管 handles; lu answers there and a neighbour who is a member handles. mei takes in and yan sends out, bo is the grid worker,
lan the head of the zone, zhou the micro road chief of the road, qiang leads the town; chen reports.
"""

import io
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils import timezone
from PIL import Image

from communities import membership
from communities.models import Organisation, User
from communities.roles import Role
from grid.cases import moving, numbering
from grid.models import BigClass, Case, Category, FilingStandard, Post, Reporter, Unit
from grid.reports import receipts
from grid.rules.transitions import Deed
from tests.cast import Town
from tests.grid import chains
from tests.grid.chains import Net, post

State = Case.State


@dataclass(frozen=True)
class Clean:
    """A picture that was made anew, or what stands for one."""

    picture: bytes
    small: bytes
    width: int = 1
    height: int = 1


def a_picture() -> Clean:
    written = io.BytesIO()
    Image.new("RGB", (8, 6), "orange").save(written, "JPEG")
    return Clean(written.getvalue(), written.getvalue(), 8, 6)


@dataclass(frozen=True)
class Scene:
    town: Town
    net: Net
    standard: FilingStandard
    handler: User

    @property
    def acceptor(self) -> User:
        return self.town.mei

    @property
    def dispatcher(self) -> User:
        return self.town.yan

    @property
    def unit(self) -> Organisation:
        return self.town.chengguan

    @property
    def unit_person(self) -> User:
        return self.town.lu

    @property
    def worker(self) -> User:
        return self.town.bo

    @property
    def reporter(self) -> User:
        return self.town.chen


def set_up(town: Town) -> Scene:
    net = chains.lay(town)
    post(town, Post.Role.ACCEPTOR, net.town, town.mei)
    post(town, Post.Role.DISPATCHER, net.town, town.yan)
    post(town, Post.Role.CELL_WORKER, net.cell, town.bo)
    post(town, Post.Role.CELL_WORKER, net.street_cell, town.bo)
    post(town, Post.Role.ZONE_HEAD, net.north, town.lan)
    post(town, Post.Role.MICRO_ROAD_CHIEF, net.road, town.zhou)
    post(town, Post.Role.LEADING_GROUP, net.town, town.qiang)
    handler = next(town.neighbours())
    membership.join(person=handler, organisation=town.chengguan, role=Role.MEMBER, by=town.admin)
    return Scene(town, net, a_standard(), handler)


def a_standard(code: str = "E9901", *, amount: int = 4, unit: str = Unit.WORK_HOUR) -> FilingStandard:
    """A category of the tests' own with one standard, by default of four work hours."""
    big = BigClass.objects.get_or_create(scheme="test", kind=BigClass.Kind.EVENT, code="99", name="测试")[0]
    since = timezone.localdate() - timedelta(days=400)
    category = Category.objects.get_or_create(big_class=big, code=code, name=f"试验{code}", since=since)[0]
    number = category.standards.count() + 1
    return FilingStandard.objects.create(
        category=category, number=number, filing="看得见", closing="没有了", amount=amount, unit=unit, since=since
    )


def a_case(scene: Scene, *, reporter: User | None = None, anonymous: bool = False, **fields: Any) -> Case:
    """A new report by chen on the first stretch of the road."""
    now = timezone.now()
    described: dict[str, Any] = {
        "number": numbering.next_number(day=timezone.localdate(now)),
        "receipt": receipts.hashed(uuid.uuid4().hex),
        "description": "垃圾没人收",
        "road": scene.net.road,
        "segment": scene.net.first if fields.get("road", scene.net.road) == scene.net.road else None,
        "cell": scene.net.street_cell,
        "reported_at": now,
    }
    case = Case.objects.create(**{**described, **fields})
    Reporter.objects.create(case=case, person=None if anonymous else reporter or scene.reporter)
    return moving.begin(case=case, by=None if anonymous else reporter or scene.reporter)


def path_to(scene: Scene, state: State) -> Iterator[tuple[Deed, User, dict[str, Any]]]:
    """The deeds that bring a report to this state."""
    accept, send, unit, worker, handler = (
        *(scene.acceptor, scene.dispatcher, scene.unit_person, scene.worker, scene.handler),
    )
    filed = (Deed.FILE, accept, {"standard": scene.standard})
    sent = (Deed.DISPATCH, send, {"unit": scene.unit})
    taken = (Deed.TAKE, unit, {"person": handler})
    done = (Deed.SUBMIT, handler, {"method": Case.Method.SERVICE, "word": "清理好了"})
    ways: dict[State, list[tuple[Deed, User, dict[str, Any]]]] = {
        State.REPORTED: [],
        State.VERIFYING: [(Deed.VERIFY, accept, {"person": worker})],
        State.REJECTED: [(Deed.REJECT, accept, {"word": "不在本镇"})],
        State.FILED: [filed],
        State.DISPATCHED: [filed, sent],
        State.HANDLING: [filed, sent, taken],
        State.FEEDBACK: [filed, sent, taken, done],
        State.CHECKING: [filed, sent, taken, done, (Deed.CHECK, accept, {"person": worker})],
        State.REWORK: [filed, sent, taken, done, (Deed.SEND_BACK, accept, {"reason": "还在"})],
        State.SUSPENDED: [filed, sent, taken, (Deed.SUSPEND, send, {"word": "等雨停", "until": in_days(9)})],
        State.CLOSED: [filed, sent, taken, done, (Deed.CLOSE, accept, {"word": "修好了", "reason": "看过了"})],
        State.MERGED: [],
        State.VOID: [(Deed.VOID, accept, {"reason": "重复录入"})],
    }
    yield from ways[state]


def brought_to(scene: Scene, state: State, **fields: Any) -> Case:
    """A case that was brought to this state by deeds."""
    case = a_case(scene, **fields)
    for deed, by, particulars in path_to(scene, state):
        case = moving.move(case=case, deed=deed, by=by, **particulars)
    if state is State.MERGED:
        other = a_case(scene)
        case = moving.move(case=case, deed=Deed.MERGE, by=scene.acceptor, into=other)
    return case


def in_days(days: int) -> Any:
    return timezone.localdate() + timedelta(days=days)
