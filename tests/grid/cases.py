"""A town in which cases can be moved: the small net, everybody in a post, and cases brought to where a test needs them.

玉祁城管 handles; lu leads there and is its only handler. mei takes in and yan sends out, bo is the grid worker, lan the head of
the zone, zhou the micro road chief of the road, qiang leads the town; chen reports.
"""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils import timezone

from communities.models import Organisation, User
from grid import moving, numbering, receipts
from grid.models import BigClass, Case, Category, FilingStandard, Limit, Post, Reporter, Unit
from grid.transitions import Actor, Deed
from tests.cast import Town
from tests.grid import chains
from tests.grid.chains import Net, post

State = Case.State

CODE = "ABCD1234"


@dataclass(frozen=True)
class Clean:
    """A picture that was made anew, or what stands for one."""

    picture: bytes
    small: bytes
    width: int = 1
    height: int = 1


def a_picture() -> Clean:
    return Clean(PIXEL, PIXEL)


@dataclass(frozen=True)
class Scene:
    town: Town
    net: Net
    standard: FilingStandard

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
    return Scene(town, net, a_standard())


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
        "segment": scene.net.first,
        "cell": scene.net.street_cell,
        "reported_at": now,
    }
    case = Case.objects.create(**{**described, **fields})
    Reporter.objects.create(case=case, person=None if anonymous else reporter or scene.reporter)
    return moving.begin(case=case, by=None if anonymous else reporter or scene.reporter)


def path_to(scene: Scene, state: State) -> Iterator[tuple[Deed, User, dict[str, Any]]]:
    """The deeds that bring a report to this state."""
    accept, send, unit, worker = scene.acceptor, scene.dispatcher, scene.unit_person, scene.worker
    filed = (Deed.FILE, accept, {"standard": scene.standard})
    sent = (Deed.DISPATCH, send, {"unit": scene.unit})
    taken = (Deed.TAKE, unit, {})
    done = (Deed.SUBMIT, unit, {"method": Case.Method.SERVICE, "word": "清理好了"})
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


def limits() -> None:
    """The limits of the stages, where no files were loaded."""
    for step in Limit.Step:
        Limit.objects.get_or_create(step=step, defaults={"minutes": 60})


CLOCK = Actor.CLOCK

PIXEL = bytes.fromhex(
    "ffd8ffe000104a46494600010100000100010000ffdb004300080606070605080707070909080a0c140d0c0b0b0c1912130f141d1a1f1e1d1a1c1c20242e2720222c231c1c2837292c30313434341f27393d38323c2e333432ffc0000b080001000101011100ffc4001f0000010501010101010100000000000000000102030405060708090a0bffc400b5100002010303020403050504040000017d01020300041105122131410613516107227114328191a1082342b1c11552d1f02433627282090a161718191a25262728292a3435363738393a434445464748494a535455565758595a636465666768696a737475767778797a838485868788898a92939495969798999aa2a3a4a5a6a7a8a9aab2b3b4b5b6b7b8b9bac2c3c4c5c6c7c8c9cad2d3d4d5d6d7d8d9dae1e2e3e4e5e6e7e8e9eaf1f2f3f4f5f6f7f8f9faffda0008010100003f00fbd0ffd9"
)
