"""The stories of cases are told through the deeds that people use, each at its time; told twice nothing changes.

A case that is there is left alone, whatever became of it since: the key of its request says which story it is.
"""

import uuid
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from communities import permits as organisation_permits
from communities.models import Organisation, User
from communities.roles import Right
from grid.cases import moving, noting, questions, reporting
from grid.cases.reporting import Contact
from grid.models import Case, Category, FilingStandard, Post, Road
from grid.reports import drafts, similar
from grid.reports.placing import Spot
from grid.rules import deadlines, dispatching
from grid.rules.transitions import Actor, Deed
from grid.rules.working_time import Calendar
from kit.deeds import deed
from updates import messages
from updates.models import Message

from . import case_pictures, chain
from .case_stories import STORIES, Story

KEYS = uuid.UUID("6f3d3c0e-0d5c-4c57-9a7e-3a0f6b1f2c11")
"""The name under which the keys of these reports are made."""

SOME_DAYS = timedelta(days=120)
MORNING = time(9, 5)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
A_WHILE = 95 * MINUTE
"""How long people need to put something right, where they have that long."""

PHONE = "+8610000000301"
MORE_TIME, FURTHER = "配件要从厂家调，请多给一些时间。", 20 * DAY


@deed
def tell() -> None:
    """Tell the cases of the town, where the chain is there."""
    if not Post.objects.filter(role=Post.Role.DISPATCHER).exists():
        return
    keys = {story: uuid.uuid5(KEYS, f"{story.road}:{story.house}:{story.words}") for story in STORIES}
    known = set(Case.objects.filter(request_key__in=keys.values()).values_list("request_key", flat=True))
    if known:
        return
    before = Message.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    teller = _Teller(timezone.now())
    order = sorted(STORIES, key=lambda story: -story.ago)
    for number, story in enumerate(order):
        teller.tell(story, keys[story], number)
    _have_read(before)


def _have_read(before: int) -> None:
    """What people were told in those weeks they have read; the last few messages wait for them."""
    told = Message.objects.filter(pk__gt=before)
    for person in User.objects.filter(pk__in=told.values("person")):
        own = told.filter(person=person).order_by("-pk").values_list("pk", flat=True)
        older = own[3:4]
        if older:
            messages.mark_all_read(by=person, newest=older[0])


class _Teller:
    """One telling, seen from now."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.people = User.objects.filter(is_demo=True).in_bulk(field_name="username")
        self.roads = {int(road.code.removeprefix("R")): road for road in Road.objects.all()}
        today = timezone.localdate(now)
        self.categories = {category.code: category for category in Category.objects.on(today)}
        self.days = self._working_days()
        self.units: dict[str, Organisation] = {}
        self.handlers: dict[int, User] = {}

    def _working_days(self) -> list[date]:
        """The working days before today, the last one first."""
        today = timezone.localdate(self.now)
        calendar = Calendar.beginning(today - SOME_DAYS)
        days = (today - number * DAY for number in range(1, SOME_DAYS // DAY))
        return [day for day in days if calendar.is_working_day(day)]

    def person(self, username: str) -> User:
        return self.people[username]

    @property
    def acceptor(self) -> User:
        return self.person(chain.ACCEPTOR)

    @property
    def dispatcher(self) -> User:
        return self.person(chain.DISPATCHER)

    def unit_for(self, case: Case) -> Organisation:
        """The department for this kind of problem: the likeliest one everywhere, so it is asked for once."""
        code = case.category.code if case.category else ""
        if code not in self.units:
            self.units[code] = dispatching.suggested_units(case)[0]
        return self.units[code]

    def handler_at(self, unit: Organisation | None) -> User:
        """Who works there, lu where he does."""
        if unit is None:
            raise ValueError("nobody has it")
        if unit.pk not in self.handlers:
            people = list(organisation_permits.people_who_may(Right.HANDLE_CASE, unit))
            self.handlers[unit.pk] = next(
                (person for person in people if person.username == "lu"),
                # zhou looks whether it is fixed, and nobody looks at what he did himself.
                next(person for person in people if person.username != "zhou"),
            )
        return self.handlers[unit.pk]

    def tell(self, story: Story, key: uuid.UUID, number: int) -> None:
        """Report it, then let it go its way."""
        began = self._beginning(story, number)
        draft = uuid.uuid5(key, "pictures") if story.picture else None
        if draft is not None:
            drafts.keep(key=draft, uploads=[case_pictures.drawn(story.picture, number=number)], source="demo")
        told = reporting.report(
            request_key=key,
            spot=Spot(road=self.roads[story.road], house_number=story.house),
            description=story.words,
            category=self.categories.get(story.category),
            contact=Contact(name="王女士", phone=PHONE) if story.contact else None,
            channel=story.channel,
            draft=draft,
            by=self.person(story.by),
            at=began,
        )
        going = _Going(self, story, told.case, began, number)
        WAYS[story.way](going)

    def _beginning(self, story: Story, number: int) -> datetime:
        if story.ago == 0:
            return self.now - 2 * HOUR + (number % 6) * 4 * MINUTE
        morning = timezone.make_aware(datetime.combine(self.days[story.ago - 1], MORNING))
        return morning + (number % 6) * 25 * MINUTE


class _Going:
    """A case on its way, and the time it is there."""

    def __init__(self, teller: _Teller, story: Story, case: Case, at: datetime, number: int) -> None:
        self.teller, self.story, self.case, self.at, self.number = teller, story, case, at, number

    def do(self, what: Deed, by: User | None, after: timedelta, **particulars: Any) -> None:
        """Do this so much later, but not before now is over."""
        self.at = min(self.at + after, self.teller.now)
        self.case = moving.move(case=self.case, deed=what, by=by, at=self.at, **particulars)

    # --- parts of the way

    def file(self) -> None:
        category = self.case.category
        standard = FilingStandard.objects.get(category=category, number=self.story.standard, until=None)
        self.do(Deed.FILE, self.teller.acceptor, 12 * MINUTE, standard=standard)

    def send(self, unit: Organisation | None = None) -> None:
        self.do(Deed.DISPATCH, self.teller.dispatcher, 9 * MINUTE, unit=unit or self.teller.unit_for(self.case))

    def take(self) -> None:
        self.do(Deed.TAKE, self.handler, 20 * MINUTE)

    def submit(self, method: str = "", reason: str = "", late: bool = False) -> None:
        due = self.case.due_at or self.at
        half = (due - self.at) / 2
        after = due - self.at + 3 * HOUR if late else max(MINUTE, min(A_WHILE, half))
        pictures = (
            [case_pictures.cleaned(self.story.picture, fixed=True, number=self.number)] if self.story.picture else []
        )
        method = method or (Case.Method.MANAGEMENT if self.number % 4 == 1 else Case.Method.SERVICE)
        self.do(
            Deed.SUBMIT, self.handler, after, method=method, word=self.story.word, reason=reason, photos_after=pictures
        )

    def check(self) -> None:
        self.do(Deed.CHECK, self.teller.acceptor, 15 * MINUTE)

    def confirm(self) -> None:
        chief = self.teller.person("zhou")
        is_his = self.story.road == 1 and self.number % 2 == 0
        worker = self.case.inspector or dispatching.inspector_of(self.case)
        self.do(Deed.CONFIRM, chief if is_his else worker, 70 * MINUTE)

    def close(self) -> None:
        where = f"{self.case.road.name}{self.case.house_number}号" if self.case.road else ""
        self.do(
            Deed.CLOSE,
            self.teller.acceptor,
            30 * MINUTE,
            word=f"您好！您反映的{where}的问题已经处理：{self.story.word}感谢您的反映，请对处理结果作出评价。",
        )

    @property
    def handler(self) -> User:
        """Who works on it in the unit."""
        if self.case.handler is not None:
            return self.case.handler
        return self.teller.handler_at(self.case.unit)

    @property
    def head(self) -> User:
        return self.teller.person(chain.ZONE_HEADS["N"])


def _to_unit(going: _Going) -> None:
    going.file()
    going.send()


def _in_hand(going: _Going) -> None:
    _to_unit(going)
    going.take()


def _in_hand_and_asked(going: _Going) -> None:
    """The unit did not find the place, and asked."""
    _in_hand(going)
    question = questions.ask_reporter(case=going.case, words="大概在哪棵树上？靠近路口还是桥头？", by=going.handler)
    reporter = going.teller.person(going.story.by)
    questions.answer_question(question=question, words="靠近桥头，从路口数第二棵。", by=reporter)


def _handled(going: _Going) -> None:
    _in_hand(going)
    going.submit()


def _being_checked(going: _Going) -> None:
    _handled(going)
    going.check()


def _checked(going: _Going) -> None:
    _being_checked(going)
    going.confirm()


def _closed(going: _Going) -> None:
    """What a picture shows is closed without another look; elsewhere whoever passes by says that it is fixed."""
    _handled(going)
    if not going.story.picture:
        going.confirm()
    going.close()


def _closed_and_rated(going: _Going) -> None:
    _closed(going)
    rating = 3 + going.number % 3
    going.do(Deed.RATE, going.teller.person(going.story.by), DAY, rating=rating, word="处理得很快，谢谢。")


def _closed_and_reopened(going: _Going) -> None:
    _closed(going)
    going.do(Deed.REOPEN, going.teller.person(going.story.by), 3 * DAY, reason="过了两天又摆出来了。")
    going.take()
    going.submit()
    going.check()


def _closed_after_rework(going: _Going) -> None:
    _handled(going)
    going.do(Deed.SEND_BACK, going.teller.acceptor, 2 * HOUR, reason="照片里墙角还有一堆，没有清完。")
    going.take()
    going.submit()
    going.check()
    going.confirm()
    going.close()


def _closed_late(going: _Going) -> None:
    _in_hand(going)
    going.submit(late=True)
    going.confirm()
    going.close()


def _closed_by_enforcement(going: _Going) -> None:
    _in_hand(going)
    going.submit(method=Case.Method.ENFORCEMENT, reason="同一摊主本月已劝离两次，引导后仍返回。")
    going.confirm()
    going.close()


def _more_time(going: _Going) -> None:
    going.do(Deed.ASK_DELAY, going.handler, 30 * MINUTE, reason=MORE_TIME, actor_hint=Actor.UNIT)


def _delayed(going: _Going) -> None:
    _in_hand(going)
    _more_time(going)
    going.do(Deed.GRANT_DELAY, going.teller.dispatcher, 20 * MINUTE)


def _closed_after_delay(going: _Going) -> None:
    _delayed(going)
    going.submit()
    going.confirm()
    going.close()


def _delay_asked(going: _Going) -> None:
    _in_hand(going)
    _more_time(going)


def _suspended(going: _Going) -> None:
    _in_hand(going)
    until = timezone.localdate(going.teller.now) + FURTHER
    going.do(Deed.SUSPEND, going.teller.dispatcher, HOUR, word=going.story.word, until=until)


def _spot(going: _Going) -> None:
    """Found, fixed and shown in one go by the grid worker."""
    worker = going.teller.person(going.story.by)
    category = going.case.category
    going.do(
        Deed.SOLVE_ON_THE_SPOT,
        worker,
        8 * MINUTE,
        standard=FilingStandard.objects.get(category=category, number=going.story.standard, until=None),
        unit=going.teller.unit_for(going.case),
        method=Case.Method.SERVICE,
        word=going.story.word,
        photos_before=[case_pictures.cleaned(going.story.picture, number=going.number + 50)],
        photos_after=[case_pictures.cleaned(going.story.picture, fixed=True, number=going.number + 50)],
    )
    going.close()


def _overdue(going: _Going) -> None:
    """Nobody did anything until the deadline, and it climbed from one to the next."""
    _in_hand(going)
    while (at := deadlines.climbs_at(going.case)) is not None and at <= going.teller.now:
        before = going.case.climbed
        going.do(Deed.CLIMB, None, at - going.at, actor_hint=Actor.CLOCK)
        if going.case.climbed == before:
            break


def _overdue_and_supervised(going: _Going) -> None:
    _overdue(going)
    going.do(Deed.SUPERVISE, going.head, HOUR, reason="占道影响通行，请城管今天到场，处理结果报我。")
    noting.note(case=going.case, words="业主电话打不通，已在门上贴告知书。", by=going.handler)


def _rejected(going: _Going) -> None:
    going.do(Deed.REJECT, going.teller.acceptor, 25 * MINUTE, word=going.story.word)


def _void(going: _Going) -> None:
    going.do(Deed.VOID, going.teller.acceptor, 5 * MINUTE, reason="测试录入，没有实际问题。")


def _merged(going: _Going) -> None:
    other = Case.objects.open().exclude(pk=going.case.pk).filter(
        road=going.case.road, house_number=going.case.house_number
    ).first()  # fmt: skip
    going.do(Deed.MERGE, going.teller.acceptor, 10 * MINUTE, into=other)


def _split(going: _Going) -> None:
    going.file()
    units = [Organisation.objects.get(name="玉祁社区")]
    going.do(Deed.SPLIT, going.teller.dispatcher, 6 * MINUTE, units=units)
    going.send()


def _to_community(going: _Going) -> None:
    going.file()
    going.send(dispatching.chain_of(going.case).territory)


def _returned(going: _Going) -> None:
    _to_unit(going)
    police = Organisation.objects.get(name="玉祁交警中队")
    going.do(Deed.RETURN, going.handler, 15 * MINUTE, reason="车辆停在机动车道上，属交警管理。", proposed_unit=police)
    questions.ask_reporter(case=going.case, words="车子现在还停在那里吗？看得清车牌吗？", by=going.teller.acceptor)


def _verifying(going: _Going) -> None:
    going.do(Deed.VERIFY, going.teller.acceptor, 10 * MINUTE)


def _verified(going: _Going) -> None:
    _verifying(going)
    going.do(Deed.REPORT_VERIFIED, going.case.inspector, 25 * MINUTE, reason="到现场看过，情况属实。")


def _rework(going: _Going) -> None:
    _handled(going)
    going.do(Deed.SEND_BACK, going.teller.acceptor, 5 * MINUTE, reason="照片里人行道上还有一箱货。")


def _reported(going: _Going) -> None:
    """Two neighbours met it too."""
    for username in ("neighbour12", "neighbour13"):
        similar.support(case=going.case, by=going.teller.person(username))


WAYS: Mapping[str, Callable[[_Going], None]] = {
    "reported": _reported,
    "verifying": _verifying,
    "verified": _verified,
    "rejected": _rejected,
    "void": _void,
    "merged": _merged,
    "filed": _Going.file,
    "split": _split,
    "dispatched": _to_unit,
    "dispatched_community": _to_community,
    "returned": _returned,
    "handling": _in_hand,
    "handling_asked": _in_hand_and_asked,
    "delay_asked": _delay_asked,
    "delayed": _delayed,
    "suspended": _suspended,
    "overdue": _overdue,
    "overdue_supervised": _overdue_and_supervised,
    "feedback": _handled,
    "checking": _being_checked,
    "checked": _checked,
    "rework": _rework,
    "spot": _spot,
    "closed": _closed,
    "closed_rated": _closed_and_rated,
    "closed_reopened": _closed_and_reopened,
    "closed_reworked": _closed_after_rework,
    "closed_late": _closed_late,
    "closed_enforced": _closed_by_enforcement,
    "closed_delayed": _closed_after_delay,
}
"""From the report on."""
