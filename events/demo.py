"""The demo town's actions, made by the deeds that people use.

The kinds of action and the places are the source article's; the words are our own. Told twice on one day it changes
nothing; on a later day it adds coming actions where fewer than three lie ahead and touches nothing that has happened.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from communities.demo import NEIGHBOURS, PARTIES
from communities.models import Organisation, User
from kit.times import tonight

from . import calling_off, parties, posting, publishing, seats, shifts
from .kinds import Kind
from .models import Action
from .publishing import Details
from .shifts import Hours

AHEAD = 3
"""So many announced actions lie ahead in a living town."""


@dataclass(frozen=True)
class Story:
    """One action as it is told: who is host, who writes it, what it is, when, and who comes."""

    host: str
    by: str
    details: Details
    hours: tuple[Hours, ...]
    comers: tuple[tuple[str, ...], ...] = ()
    """For each shift who signs up, in this order."""
    partners: tuple[tuple[str, str, str], ...] = ()
    """Who is asked, who answers for it, and with which word it joins in."""
    posts: tuple[str, ...] = ()
    """What the host tells of it."""


def tell() -> None:
    """Tell the town's actions from today's point of view."""
    now = timezone.now()
    if not Action.objects.filter(host__name__in=[party.name for party in PARTIES]).exists():
        for story in _opening(now):
            _announce(story)
        _forum(now)
        _parking(now)
    _keep_going(now)


def _keep_going(now: datetime) -> None:
    ahead = Action.objects.public().announced().filter(starts_at__gt=now).count()
    day = timezone.localdate(now)
    for story in _weekly(day)[: max(0, AHEAD - ahead)]:
        _announce(story)


def _opening(now: datetime) -> Sequence[Story]:
    day = timezone.localdate(now)
    begin, end = tonight(now + timedelta(minutes=15))  # never a shift that begins while it is told
    neighbours = tuple(person.username for person in NEIGHBOURS)
    return (
        Story(
            "玉祁社区",
            "mei",
            _SNOW,
            (
                Hours(begin, end, 10, 6, "振祁路：湖西路口到海瑞路口，人行道和 4 处公交站"),
                Hours(end, end + timedelta(hours=2), 4, 3, "振祁路、海瑞路两座桥面，撒盐和铺草垫"),
                _hours(day + timedelta(days=1), (5, 30), (7, 30), 12, 6, "学校门口、菜场和社区坡道"),
            ),
            (neighbours[:6] + ("chen",), neighbours[6:12] + ("lan",), neighbours[:3]),
            (
                ("示范初级中学", "bo", "校门口这一段我们来，值班老师六点半到。"),
                ("示范制造有限公司", "qiang", "出两台小铲车、十把铁锹，师傅都在。"),
            ),
            (
                "草垫和融雪剂已经送到党群服务中心门口，先到的先铺公交站。",
                "桥面两头都有人看着了，过桥请慢行。铲子还缺两把，家里有的带一把来。",
            ),
        ),
        Story(
            "聚力暖橙志愿队",
            "admin",
            _CARE,
            (_hours(day + timedelta(days=2), (5, 30), (8, 30), 6, 2, "海瑞路暖橙点：烧水、递热饮、收杯子"),),
            (("lan", "neighbour05", "neighbour08", "zhou"),),
        ),
        Story(
            "玉祁城管",
            "admin",
            _SKY,
            (
                _hours(day + timedelta(days=3), (9, 0), (11, 0), 8, 4, "湖西路工地：看围挡、喷淋、渣土车"),
                _hours(day + timedelta(days=3), (18, 0), (20, 0), 6, 3, "振祁路餐饮店：看油烟和露天烧烤"),
            ),
            (("lu", "neighbour09", "neighbour10", "chen"), ("lu", "neighbour11")),
        ),
    )


def _weekly(day: date) -> Sequence[Story]:
    """What comes round again; seen from any day all of it lies ahead."""
    return (
        Story(
            "玉祁社区",
            "mei",
            replace(_CLEANUP, title=f"“犄角旮旯”清扫日（{day.month}月{day.day}日起）"),
            (_hours(day + timedelta(days=4), (14, 0), (16, 0), 24, 8, "社区二区北门集合，分三组"),),
            (("chen", "neighbour01", "neighbour12", "neighbour13"),),
        ),
        Story(
            "聚力暖橙志愿队",
            "admin",
            _CARE,
            (_hours(day + timedelta(days=5), (5, 30), (8, 30), 6, 2, "海瑞路暖橙点：烧水、递热饮、收杯子"),),
        ),
        Story(
            "玉祁城管",
            "admin",
            _SKY,
            (_hours(day + timedelta(days=6), (9, 0), (11, 0), 8, 4, "湖西路工地：看围挡、喷淋、渣土车"),),
        ),
    )


def _forum(now: datetime) -> None:
    """A draft: the school is still looking for a room."""
    host, writer = Organisation.objects.get(name="示范初级中学"), User.objects.get(username="bo")
    action = publishing.draft(host=host, details=_FORUM, by=writer)
    day = timezone.localdate(now) + timedelta(days=8)
    shifts.add(action=action, hours=_hours(day, (15, 0), (16, 30), 10, 5), by=writer)
    asked_for = "请来两位熟悉校门口商户的同事，帮着把各家的难处记下来。"
    parties.invite(action=action, organisation=_organisation("玉祁社区"), asked_for=asked_for, by=writer)


def _parking(now: datetime) -> None:
    """Called off: the road is being resurfaced on that day."""
    day = timezone.localdate(now) + timedelta(days=2)
    action = _announce(
        Story(
            "示范制造有限公司",
            "qiang",
            _PARKING,
            (_hours(day, (7, 30), (9, 30), 8, 3, "海瑞路菜场门口"),),
            (("neighbour02", "neighbour03"),),
        )
    )
    host_writer = User.objects.get(username="qiang")
    asked = parties.invite(
        action=action,
        organisation=_organisation("示范初级中学"),
        asked_for="想请几位老师帮忙引导家长车辆。",
        by=host_writer,
    )
    parties.decline(party=asked, word="这周期中考试，老师都走不开，下回一定来。", by=User.objects.get(username="bo"))
    calling_off.call_off(action=action, reason="海瑞路这天铺新路面，路口封闭。改期会另发。", by=host_writer)


def _announce(story: Story) -> Action:
    host, writer = Organisation.objects.get(name=story.host), User.objects.get(username=story.by)
    action = publishing.draft(host=host, details=story.details, by=writer)
    made = [shifts.add(action=action, hours=hours, by=writer) for hours in story.hours]
    action = publishing.announce(action=action, by=writer)
    for name, username, word in story.partners:
        asked = parties.invite(action=action, organisation=_organisation(name), by=writer)
        parties.accept(party=asked, word=word, by=User.objects.get(username=username))
    for shift, comers in zip(made, story.comers, strict=False):
        for username in comers:
            seats.sign_up(person=User.objects.get(username=username), shift=shift)
    for text in story.posts:
        posting.post(action=action, text=text, by=writer)
    return action


def _organisation(name: str) -> Organisation:
    return Organisation.objects.get(name=name)


def _hours(
    day: date, begin: tuple[int, int], end: tuple[int, int], capacity: int, least: int = 1, task: str = ""
) -> Hours:
    zone = timezone.get_current_timezone()
    return Hours(
        datetime.combine(day, time(*begin), zone), datetime.combine(day, time(*end), zone), capacity, least, task
    )


_SNOW = Details(
    kind=Kind.SNOW,
    title="振祁路夜间除雪防冻",
    title_en="Clearing snow on Zhenqi Road tonight",
    summary="今晚有雪有冰。大家一起把振祁路扫出来，让明早上学、上班、赶早市的人走得稳。",
    summary_en="Snow and ice tonight. Together we clear Zhenqi Road so that everybody walks safely in the morning.",
    body="<p>雪铲、草垫和融雪剂由社区和城管准备。先清公交站和路口，再清人行道，最后清店门口。</p>"
    "<p>每组两人，组长手里有对讲机。冷了就到党群服务中心喝姜茶。</p>",
    place="振祁路",
    meeting_point="玉祁社区党群服务中心门口",
    risks="路滑、天冷、有车。桥面两人一组；看到裂缝、倒树、断线，先退开，再报告带队人。",
    bring="防滑鞋、手套。铲子和反光背心现场发。",
    adults_only=True,
    contact_name="梅芳",
    contact_phone="100 0000 0002",
)
_CARE = Details(
    kind=Kind.CARE,
    title="“聚力暖橙”热饮点值守",
    title_en="Warm Orange: hot drinks for street cleaners",
    summary="清早给环卫工人递一杯热的，陪他们坐一会儿。",
    summary_en="A hot cup and a seat for the people who clean our streets before we wake.",
    place="海瑞路",
    meeting_point="海瑞路暖橙点（水果店旁）",
    risks="有热水，天没亮。杯子放托盘里递；天黑时结伴回家。",
    bring="暖和的衣服。杯子、姜茶都有。",
    contact_name="兰心",
    contact_phone="100 0000 0006",
)
_SKY = Details(
    kind=Kind.SKY,
    title="湖西路工地扬尘联合巡查",
    title_en="Blue-sky check of building sites on Huxi Road",
    summary="和城管、社区一起走一遍工地和餐饮店，看扬尘、油烟和露天焚烧。",
    summary_en="We walk the sites and eateries together and look for dust, smoke and open burning.",
    place="湖西路",
    meeting_point="湖西路北口",
    risks="工地有车有机器。跟着队伍走，不越过围挡，安全帽现场发。",
    bring="方便走路的鞋、口罩，手机充好电。",
    adults_only=True,
    contact_name="陆平",
    contact_phone="100 0000 0008",
)
_CLEANUP = Details(
    kind=Kind.CLEANUP,
    title="“犄角旮旯”清扫日",
    title_en="Nooks and corners: clean-up day",
    summary="把楼道口、墙根、绿化带里没人管的角落清干净。",
    summary_en="We clean the corners that nobody looks after.",
    place="玉祁社区",
    meeting_point="社区二区北门",
    risks="可能有尖利的东西。戴手套，用夹子，不站到车道上。",
    bring="方便走路的鞋、水杯。手套、夹子、袋子现场发。",
    contact_name="严宁",
    contact_phone="100 0000 0003",
)
_FORUM = Details(
    kind=Kind.FORUM,
    title="校门口商户恳谈会",
    title_en="Forum with the merchants at the school gate",
    summary="请校门口十家店的老板坐下来，说说放学时段怎么摆、怎么停、怎么让。",
    place="示范初级中学",
    meeting_point="一楼会议室（待定）",
    risks="没有特别的风险。",
    bring="您的问题和建议，有照片更好。",
    contact_name="柏川",
    contact_phone="100 0000 0004",
)
_PARKING = Details(
    kind=Kind.PARKING,
    title="海瑞路菜场早高峰停车引导",
    title_en="Orderly parking at Hairui Road market",
    summary="早高峰帮忙指空位、摆正非机动车，让路口通得过。",
    place="海瑞路",
    meeting_point="菜场门口",
    risks="有车流。站在人行道上，穿背心；指挥交通只由交警来做。",
    bring="方便走路的鞋。反光背心现场发。",
    adults_only=True,
    contact_name="强立",
    contact_phone="100 0000 0005",
)
