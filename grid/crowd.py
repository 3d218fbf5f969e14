"""A crowd's roads, posts and cases for load tests.

Roads and posts are made by the deeds that people use. Cases are written many at a time, with the steps that the table allows, in
the states that people leave them in; nobody is told of them, and no book is written. That each is like one that was moved by
deeds is what ``tests/portal/test_crowd.py`` compares.
"""

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

import shapely
from django.utils import timezone
from shapely.geometry.base import BaseGeometry

from communities.models import Organisation, User
from grid.cases import moving, numbering
from grid.chain import appointing
from grid.models import Area, Case, FilingStandard, Limit, Post, Reporter, Road, Segment, Step, in_force
from grid.net import geometry, locating, paving
from grid.net.paving import RoadWords, SegmentWords
from grid.net.sketches import Sketch
from grid.reports import receipts
from grid.rules import deadlines, dispatching, working_time
from grid.rules.transitions import ROW, Actor, Deed, Need
from grid.rules.working_time import Calendar
from kit.deeds import deed

State = Case.State

CASES_ON_A_ROAD = 10
MOST_ROADS = 999
"""Codes of roads have three digits."""
AT_ONCE = 250
"""So many cases are written in one transaction, so that a running site goes on meanwhile."""

DAYS = 30
"""Over so many days before now they were reported."""
STEP_EVERY = timedelta(minutes=20)
HALF_OF_A_ROAD = 0.002
"""Degrees: some two hundred metres, from one crossing to the next."""
EDGE = 0.0005
"""Degrees that a road keeps away from the edge of the town."""

TO_UNIT = (Deed.FILE, Deed.DISPATCH)
HANDLED = (*TO_UNIT, Deed.TAKE, Deed.SUBMIT)
CLOSED = (*HANDLED, Deed.CLOSE)
WAYS: tuple[tuple[Deed, ...], ...] = (
    *((), (Deed.FILE,), TO_UNIT, (*TO_UNIT, Deed.TAKE), HANDLED, (*HANDLED, Deed.CHECK), (Deed.REJECT,)),
    *((Deed.VERIFY,), (*HANDLED, Deed.SEND_BACK), CLOSED, CLOSED, CLOSED, CLOSED, CLOSED, CLOSED, CLOSED),
)
"""What was done with them, by turns: of sixteen seven have an answer."""

MATTERS = ("垃圾没人收", "路灯不亮", "井盖松了", "摊子占了人行道", "墙上贴满小广告", "共享单车乱停")
SAID: dict[Deed, dict[str, str]] = {
    Deed.REJECT: {"word": "不在本镇范围内，请向所在镇反映。"},
    Deed.SUBMIT: {"word": "已经处理好。"},
    Deed.SEND_BACK: {"reason": "还有一部分没有清完。"},
    Deed.CLOSE: {"word": "您好！您反映的问题已经处理，谢谢。", "reason": "电话问过"},
}


@dataclass(frozen=True)
class Desk:
    """Who takes in and who sends out in the town."""

    acceptors: Sequence[User]
    dispatchers: Sequence[User]


@dataclass(frozen=True)
class Place:
    """Where cases of the crowd lie, and who goes and looks there."""

    segment: Segment
    cell: Area | None
    position: geometry.Position
    inspector: User | None


def roads(*, number: int, count: int, chiefs: Sequence[User], by: User) -> Iterator[Road]:
    """Lay up to ``count`` roads of two stretches through the town, each with a chief who is there every day.

    Nothing where no town is drawn; fewer where the codes run out.
    """
    today = timezone.localdate()
    town = locating.town_outline(on=today)
    if town is None:
        return
    taken = set(Road.objects.values_list("code", flat=True))
    codes = (code for code in (f"R{each:03}" for each in range(1, MOST_ROADS + 1)) if code not in taken)
    for place, code in enumerate(islice(codes, count)):
        yield lay(
            code=code,
            words=f"演练路 {number}-{place + 1}",
            middle=_middle(town, place, count),
            chief=chiefs[place % len(chiefs)],
            by=by,
        )


@deed
def lay(*, code: str, words: str, middle: geometry.Position, chief: User, by: User) -> Road:
    """One road with its stretches and its chief, in one transaction. Raises ``Refused`` as the deeds of which it is made."""
    since = timezone.localdate()
    road = paving.found_road(code=code, words=RoadWords(words, is_schematic=True), since=since, by=by)
    longitude, latitude = middle
    for stretch, (begin, end) in enumerate(((-HALF_OF_A_ROAD, 0.0), (0.0, HALF_OF_A_ROAD)), 1):
        line = {"type": "LineString", "coordinates": [[longitude + begin, latitude], [longitude + end, latitude]]}
        drawn = SegmentWords(f"{words} {stretch} 段")
        paving.draw_segment(road=road, number=stretch, words=drawn, sketch=Sketch(line), since=since, by=by)
    appointing.appoint(role=Post.Role.ROAD_CHIEF, level=3, place=road, person=chief, since=since, by=by)
    return road


def desk(*, people: Sequence[User], by: User) -> Desk:
    """Those who take in and send out in the town; where nobody does, the first of these people who do nothing of it yet."""
    today = timezone.localdate()
    town = Area.objects.on(today).of_level(Area.Level.TOWN).order_by("code")[0]
    nowhere = Case(pk=0)
    found: dict[Post.Role, list[User]] = {}
    busy: set[int] = set()
    for role in (Post.Role.ACCEPTOR, Post.Role.DISPATCHER):
        found[role] = dispatching.in_office(nowhere, role)
        if not found[role]:
            person = next((each for each in people if each.pk not in busy), by)
            appointing.appoint(role=role, place=town, person=person, since=today, by=by)
            found[role] = dispatching.in_office(nowhere, role)
        busy |= {person.pk for person in found[role]}
    return Desk(found[Post.Role.ACCEPTOR], found[Post.Role.DISPATCHER])


def cases(
    *, count: int, on: Sequence[Road], units: Sequence[Organisation], reporters: Sequence[User], desk: Desk
) -> Iterator[Case]:
    """Write ``count`` cases on these roads, in the states in which people leave them; ``units`` handle them by turns."""
    if not on or not units:
        return
    writing = _Writing(on, units, reporters, desk)
    for start in range(0, count, AT_ONCE):
        yield from write(writing=writing, places=range(start, min(start + AT_ONCE, count)))


@deed
def write(*, writing: "_Writing", places: Sequence[int]) -> list[Case]:
    """Some of them, in one transaction. Locks the days whose numbers they have, in their order."""
    made = [_Made(writing, place) for place in places]
    days: dict[Any, list[_Made]] = {}
    for each in made:
        days.setdefault(timezone.localdate(each.reported_at), []).append(each)
    for day in sorted(days):
        for each, case_number in zip(days[day], numbering.next_numbers(day=day, count=len(days[day])), strict=True):
            each.values["number"] = case_number
    found = Case.objects.bulk_create(each.case() for each in made)
    Reporter.objects.bulk_create(
        Reporter(case=case, person=each.reporter) for each, case in zip(made, found, strict=True)
    )
    Step.objects.bulk_create(step for each, case in zip(made, found, strict=True) for step in each.steps_of(case))
    return found


class _Writing:
    """What all cases of a crowd share: read once."""

    def __init__(
        self, on: Sequence[Road], units: Sequence[Organisation], reporters: Sequence[User], desk: Desk
    ) -> None:
        self.now = timezone.now()
        self.today = timezone.localdate(self.now)
        self.desk, self.reporters = desk, reporters
        self.places = list(self._places(on))
        self.units = [(unit, people) for unit in units if (people := self._handlers(unit))]
        self.standards = list(
            FilingStandard.objects.filter(
                in_force(self.today), in_force(self.today, below="category"), category__is_about_staff=False
            )
            .select_related("category")
            .order_by("category__code", "number")
        )
        self.calendar = Calendar.beginning(self.today - timedelta(days=DAYS + 2))
        self.limits = {Limit.Step(step): minutes for step, minutes in Limit.objects.values_list("step", "minutes")}

    def _places(self, on: Sequence[Road]) -> Iterator[Place]:
        stretches = Segment.objects.filter(road__in=on, until=None).select_related("road__grid").order_by("pk")
        for segment in stretches:
            position = locating.middle_of(segment)
            cell = locating.place_at(position, on=self.today).cell
            lying = Case(pk=0, road=segment.road, segment=segment, cell=cell)
            yield Place(segment, cell, position, dispatching.inspector_of(lying))

    def _handlers(self, unit: Organisation) -> tuple[User, ...]:
        return dispatching.handlers(Case(unit=unit))

    def stage_due(self, state: Case.State, at: datetime) -> datetime | None:
        minutes = self.limits.get(deadlines.STAGES[state]) if state in deadlines.STAGES else None
        return self.calendar.after(at, timedelta(minutes=minutes)) if minutes is not None else None


class _Made:
    """One case before it is written: what became of it, deed by deed, and the steps that say so."""

    def __init__(self, writing: _Writing, place: int) -> None:
        self.writing, self.place = writing, place
        where = writing.places[place % len(writing.places)]
        # Not in step with the ways, so that each unit comes to each of them.
        self.unit, self.handlers = writing.units[(place + place // len(WAYS) + 1) % len(writing.units)]
        self.standard = writing.standards[place % len(writing.standards)]
        reporter = writing.reporters[place % len(writing.reporters)] if place % 2 and writing.reporters else None
        at_work = {person.pk for person in (*writing.desk.acceptors, *self.handlers)}
        self.reporter = reporter if reporter is not None and reporter.pk not in at_work else None
        self.inspector = where.inspector
        days = timedelta(days=1 + place % DAYS, minutes=place // DAYS % 360)
        self.reported_at = writing.now - days
        self.stands: Case.State = State.REPORTED
        self.values: dict[str, Any] = {
            "receipt": receipts.hashed(uuid.uuid4().hex),
            "category": self.standard.category,
            "description": f"{MATTERS[place % len(MATTERS)]}，编号 {place + 1}，演练用。",
            "longitude": where.position[0],
            "latitude": where.position[1],
            "road": where.segment.road,
            "segment": where.segment,
            "cell": where.cell,
            "is_urgent": self.standard.category.is_dangerous,
            "reported_at": self.reported_at,
            "touched_at": self.reported_at,
            "step_due_at": writing.stage_due(self.stands, self.reported_at),
        }
        self.done: list[tuple[Deed, Case.State, Case.State, datetime, User, datetime | None]] = []
        for number, each in enumerate(self._way(), 1):
            self._do(each, self.reported_at + number * STEP_EVERY)

    def _way(self) -> Sequence[Deed]:
        """What was done with it, but for what there are not hands enough for: who looks and who closes are others."""
        left_out = set()
        if self.inspector is None:
            left_out |= {Deed.VERIFY, Deed.CHECK}
        elif self.inspector.pk == self.handler.pk:
            left_out.add(Deed.CHECK)
        if self.acceptor.pk in (self.dispatcher.pk, self.handler.pk):
            left_out.add(Deed.CLOSE)
        return [each for each in WAYS[self.place % len(WAYS)] if each not in left_out]

    @property
    def handler(self) -> User:
        return self.handlers[0]

    @property
    def acceptor(self) -> User:
        return self.writing.desk.acceptors[0]

    @property
    def dispatcher(self) -> User:
        return next((each for each in self.writing.desk.dispatchers if each.pk != self.acceptor.pk), self.acceptor)

    def _do(self, what: Deed, at: datetime) -> None:
        row = ROW[what]
        if self.stands not in row.before:
            raise ValueError(f"no {what} while a case is {self.stands}")
        before, self.stands = self.stands, row.after or self.stands
        values, by = self.values, self.acceptor
        match what:
            case Deed.VERIFY | Deed.CHECK:
                values["inspector"] = self.inspector
            case Deed.FILE:
                values |= {"standard": self.standard, "filed_at": at}
            case Deed.DISPATCH:
                by = self.dispatcher
                due = self.writing.calendar.deadline(at, self.standard.amount, self.standard.unit)
                values |= {"unit": self.unit, "dispatcher": by, "dispatched_at": at, "due_at": due}
                values |= {"clock_since": at, "clock_limits": 1}
            case Deed.TAKE:
                by = self.handler
                values["handler"] = by
            case Deed.SUBMIT:
                by = self.handler
                values |= {"method": Case.Method.SERVICE, "handled_at": at}
            case Deed.SEND_BACK:
                stopped, due = values["handled_at"], values["due_at"]
                due = working_time.goes_on(self.standard.unit, due, stopped=stopped, resumed=at)
                values |= {"due_at": due, "clock_since": at, "reworks": 1, "handled_at": None}
            case Deed.CLOSE:
                values |= {"answer": SAID[what]["word"], "closed_at": at}
        values["touched_at"] = at
        due_at = values.get("due_at")
        values["step_due_at"] = due_at if self.stands == State.HANDLING else self.writing.stage_due(self.stands, at)
        self.done.append((what, before, self.stands, at, by, due_at))

    def case(self) -> Case:
        return Case(**self.values, state=self.stands)

    def steps_of(self, case: Case) -> Iterator[Step]:
        """The steps, once the case has its id: by that acceptors take turns."""
        begin = case.pk % len(self.writing.desk.acceptors)
        acceptors = [*self.writing.desk.acceptors[begin:], *self.writing.desk.acceptors[:begin]]
        unit, owner = self._turn(State.REPORTED, acceptors)
        yield Step(
            case=case,
            number=1,
            deed=moving.REPORT,
            after=State.REPORTED,
            at=self.reported_at,
            by=self.reporter,
            by_role=Actor.REPORTER,
            to_unit=unit,
            to_person=owner,
        )
        for number, (what, before, after, at, by, due_at) in enumerate(self.done, 2):
            said = SAID.get(what, {})
            unit, owner = self._turn(after, acceptors)
            yield Step(
                case=case,
                number=number,
                deed=what,
                before=before,
                after=after,
                at=at,
                by=by,
                by_role=next(actor for actor in Actor if actor in ROW[what].by),
                to_unit=unit,
                to_person=owner,
                opinion=said.get("reason", ""),
                word=said.get("word", ""),
                method=Case.Method.SERVICE if Need.METHOD in ROW[what].needs else "",
                due_at=due_at,
            )

    def _turn(self, state: Case.State, acceptors: Sequence[User]) -> tuple[Organisation | None, User | None]:
        """The unit and the person whose turn it is then."""
        match state:
            case State.REPORTED:
                return None, acceptors[0]
            case State.VERIFYING | State.CHECKING:
                return None, self.inspector
            case State.FILED:
                return None, self.writing.desk.dispatchers[0]
            case State.DISPATCHED | State.HANDLING | State.REWORK:
                return self.unit, self.handler
            case State.FEEDBACK:
                others = {self.dispatcher.pk, self.handler.pk}
                return None, next((each for each in acceptors if each.pk not in others), None)
        return None, None


def _middle(town: BaseGeometry, place: int, count: int) -> geometry.Position:
    """The middle of a road that lies in the town: one below the other from its north to its south."""
    west, south, east, north = town.bounds
    latitude = north - (north - south) * (place + 1) / (count + 1)
    across = shapely.intersection(town.buffer(-EDGE), shapely.LineString([(west, latitude), (east, latitude)]))
    widest = max(shapely.get_parts(across), key=lambda part: part.length, default=None)
    if widest is None or widest.length < 2 * HALF_OF_A_ROAD:
        inside = town.representative_point()
        return inside.x, inside.y
    middle = widest.interpolate(0.5, normalized=True)
    return middle.x, middle.y
