"""Who answers for what in the demo town: told through the deeds, once the organisations and people are there.

Every cell, road and zone has somebody, everybody of the grid team has a place. One holder is away and somebody stands in, and
one cell was handed over a month ago.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.utils import timezone

from communities.models import Organisation, User
from grid.chain import appointing, cards, standing_in, team
from grid.chain.places import Place
from grid.models import Area, Card, Post, Road
from kit.deeds import deed
from updates import messages
from updates.models import Message

from . import plan

Role = Post.Role

TERM = timedelta(days=200)
"""How long ago the terms began."""
HANDED_OVER = timedelta(days=30)
AWAY = timedelta(days=3)

LEADING_GROUP = ("colleague08", "colleague11", "colleague12")
ACCEPTOR, DISPATCHER, SUPERVISOR = "gu", "xu", "colleague08"
"""Of the subdistrict; who takes in and closes is another than who sends out (监管分离)."""

ZONE_HEADS = {"N": "colleague11", "S": "colleague12"}
TEAM_LEADER = "colleague13"
"""Leads the enforcement team: chief of level 2 of all roads."""

STREET_WORKERS = {1: "lu", 2: "colleague13", 3: "colleague14"}
"""Street-front grids, by the number of the road."""
GRID_WORKERS = {number: f"colleague{number + 14}" for number in range(1, 12)} | {12: "colleague25"}
"""Community grids, by their number."""
OWN_CELL_OF_LU = f"{plan.TOWN}00101"
HANDED_OVER_CELL, BEFORE = f"{plan.TOWN}00102", "colleague16"
WHO_IS_AWAY, WHO_STANDS_IN = "colleague14", "colleague13"

SOUTHERN_ROADS = frozenset({15})
"""By number: they cross the expressway; the others lie in the north."""
MICRO_ROAD_CHIEFS = {1: ("zhou", "colleague04"), 2: ("colleague05",), 3: ("colleague06",)}

DEPARTMENTS = (("玉祁城管", "E"), ("玉祁城管", "C"), ("玉祁交警中队", "E0407"))
"""Of the whole town."""
OF_COMMUNITIES = ("E0105", "E0138")
"""What communities see to in their own grids."""
OF_MERCHANTS = "E0604"
"""What the merchants of a street front see to themselves: what they promised for the ground before their doors."""


@deed
def tell() -> None:
    """Tell the chain, where it is not there and everybody who is needed is."""
    town = Area.objects.filter(code=plan.TOWN).first()
    organisations = Organisation.objects.in_bulk(field_name="name")
    people = User.objects.filter(is_demo=True).in_bulk(field_name="username")
    if town is None or "玉祁街道" not in organisations or "colleague25" not in people:
        return
    if not Post.objects.filter(area=town, role=Role.LEADING_GROUP).exists():
        _Telling(people, organisations).tell(town)


class _Telling:
    """One telling, by the operator."""

    def __init__(self, people: Mapping[str, User], organisations: Mapping[str, Organisation]) -> None:
        self.people, self.organisations = people, organisations
        self.by = people["admin"]
        self.today = timezone.localdate()
        self.since = self.today - TERM
        self.phones: dict[str, str] = {}

    def tell(self, town: Area) -> None:
        before = Message.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        self._tell_town(town)
        self._tell_cells()
        self._tell_roads()
        self._tell_absence()
        for username in sorted({*STREET_WORKERS.values(), *GRID_WORKERS.values()}):
            team.take_in(person=self.people[username], since=self.since, by=self.by)
        self._have_read(after=before)

    def _tell_town(self, town: Area) -> None:
        subdistrict = self.organisations["玉祁街道"]
        for username in LEADING_GROUP:
            self._appoint(Role.LEADING_GROUP, town, username, organisation=subdistrict)
        for role, username in (
            (Role.ACCEPTOR, ACCEPTOR), (Role.DISPATCHER, DISPATCHER), (Role.SUPERVISOR, SUPERVISOR),
        ):  # fmt: skip
            self._appoint(role, town, username, organisation=subdistrict)
        for name, categories in DEPARTMENTS:
            self._appoint(Role.LINE_DEPARTMENT, town, organisation=self.organisations[name], categories=categories)
        for letter, username in ZONE_HEADS.items():
            zone = Area.objects.get(code=plan.ZONES[letter].code)
            self._appoint(Role.ZONE_HEAD, zone, username, organisation=subdistrict)
        for grid in Area.objects.of_level(Area.Level.GRID).filter(kind=Area.Kind.COMMUNITY, organisation__isnull=False):
            for categories in OF_COMMUNITIES:
                self._appoint(Role.LINE_DEPARTMENT, grid, organisation=grid.organisation, categories=categories)

    def _tell_cells(self) -> None:
        for cell in Area.objects.of_level(Area.Level.CELL).select_related("parent"):
            self._issue(cell)
            if cell.code == HANDED_OVER_CELL:
                old = self._appoint(Role.CELL_WORKER, cell, BEFORE)
                appointing.hand_over(
                    post=old,
                    since=self.today - HANDED_OVER,
                    to=self.people[_worker_of(cell)],
                    note="菜场后门周三、周六早上容易堵，物业值班室的钥匙在门卫处；3号楼的张贴栏每周要清一次。",
                    duty_phone=self._phone(_worker_of(cell)),
                    by=self.by,
                )
            else:
                self._appoint(Role.CELL_WORKER, cell, _worker_of(cell))

    def _tell_roads(self) -> None:
        for road in Road.objects.select_related("group", "grid"):
            number = int(road.code.removeprefix("R"))
            head = ZONE_HEADS["S" if number in SOUTHERN_ROADS else "N"]
            self._issue(road)
            for level, username in ((1, head), (2, TEAM_LEADER), (3, _patrol_of(number))):
                team_of = self.organisations["玉祁街道" if level == 1 else "玉祁城管"]
                self._appoint(Role.ROAD_CHIEF, road, username, level=level, organisation=team_of)
            for username in MICRO_ROAD_CHIEFS.get(number, ()):
                self._appoint(Role.MICRO_ROAD_CHIEF, road, username, organisation=road.group)
            if road.grid is not None and road.group is not None:
                self._appoint(Role.LINE_DEPARTMENT, road.grid, organisation=road.group, categories=OF_MERCHANTS)

    def _tell_absence(self) -> None:
        for post in Post.objects.on(self.today).filter(person=self.people[WHO_IS_AWAY]):
            standing_in.name_deputy(post=post, person=self.people[WHO_STANDS_IN], by=self.by)
            standing_in.tell_absence(post=post, since=self.today, until=self.today + AWAY, by=self.people[WHO_IS_AWAY])

    def _have_read(self, after: int) -> None:
        """What they were told when they were appointed is half a year old to them."""
        told = Message.objects.filter(pk__gt=after)
        newest = told.order_by("-pk").values_list("pk", flat=True).first()
        for person in User.objects.filter(pk__in=told.values("person")):
            messages.mark_all_read(by=person, newest=newest or 0)

    def _appoint(self, role: Role, place: Place, username: str = "", **more: Any) -> Post:
        phone = self._phone(username or more["organisation"].name)
        person = self.people[username] if username else None
        return appointing.appoint(
            role=role, place=place, person=person, since=self.since, by=self.by, duty_phone=phone, **more
        )

    def _phone(self, who: str) -> str:
        """A duty phone of one's own for everybody; numbers beginning with 100 are nobody's."""
        return self.phones.setdefault(who, f"+86100000003{len(self.phones) + 1:02}")

    def _issue(self, place: Place) -> Card:
        return cards.issue(
            place=place, by=self.by, **(_road_card(place) if isinstance(place, Road) else _cell_card(place))
        )


def _worker_of(cell: Area) -> str:
    if cell.code == OWN_CELL_OF_LU:
        return "lu"
    grid = cell.code.removeprefix(plan.TOWN)[:-2]
    return STREET_WORKERS[int(grid[1:])] if grid.startswith("R") else GRID_WORKERS[int(grid)]


def _patrol_of(number: int) -> str:
    """Who is on a road every day: on the pilot roads the grid worker of its fronts, on the others by turns."""
    return STREET_WORKERS.get(number) or (*STREET_WORKERS.values(), "colleague15", "colleague17")[number % 5]


def _cell_card(cell: Area) -> dict[str, str]:
    if cell.kind == Area.Kind.STREET:
        return {
            "extent": f"{cell.name}：道路两侧沿街门店、人行道和公共设施，边界以网格图为准。",
            "duty": "市容环卫、门前五包、店外经营、非机动车停放、户外广告和招牌的日常管理。",
            "task": "每天上午、下午各巡一遍，发现问题当场处理或上报；每周走访一次沿街商户。",
            "reward": "每月按巡查、处置和群众评价打分，前三名表扬；问题超时未处置的，由片长约谈。",
        }
    return {
        "extent": f"{cell.name}：辖内楼栋、道路、绿地和公共场地，边界以网格图为准。",
        "duty": "环境卫生、乱堆乱放、毁绿占绿、私搭乱建的发现和上报，居民反映问题的答复。",
        "task": "每天巡查一遍，重点部位两遍；居民反映的问题当天联系，三个工作日内答复。",
        "reward": "每季度按群众满意度和处置率评比，优秀的表扬；漏报、瞒报的取消当季评优。",
    }


def _road_card(road: Road) -> dict[str, str]:
    return {
        "extent": f"{road.name}：{road.begins_at}至{road.ends_at}，道路红线内和两侧门前区域。",
        "duty": "路面保洁、停车秩序、占道经营、井盖路灯等设施的日常管理，牵头处置路上的问题。",
        "task": "三级路长每天巡一遍，二级路长每周查一次，一级路长每月带队看一次并现场协调。",
        "reward": "每月公布各路得分；连续两月第一的表扬，连续两月末位的由领导组约谈。",
    }
