"""Who is host, who comes and when: the demo town's actions seen from today."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from communities.demo import NEIGHBOURS
from events.publishing import Details
from events.shifts import Hours
from kit.times import tonight

from . import details

NEIGHBOURHOOD = tuple(person.username for person in NEIGHBOURS)


@dataclass(frozen=True)
class Asked:
    """A partner: who is asked for what, who answers for it, and with which word; an empty word is no answer yet."""

    organisation: str
    by: str
    word: str = ""
    asked_for: str = ""
    joins: bool = True


@dataclass(frozen=True)
class Story:
    """One action as it is told: who is host, who writes it, what it is, when, and who comes."""

    host: str
    by: str
    details: Details
    hours: tuple[Hours, ...]
    comers: tuple[tuple[str, ...], ...] = ()
    """For each shift who signs up, in this order."""
    partners: tuple[Asked, ...] = ()
    posts: tuple[str, ...] = ()
    """What the host tells of it."""
    called_off: str = ""
    """Why it does not take place."""


def yesterday(now: datetime) -> tuple[Story, timedelta]:
    """What has happened already: told as if it were to come, and by how much it is moved back then."""
    day = timezone.localdate(now) + timedelta(days=1)
    return (
        Story(
            "玉祁社区",
            "mei",
            details.LEAVES,
            (_hours(day, (14, 0), (16, 0), 16, 6, "从北口扫到海瑞路口"),),
            ((*NEIGHBOURHOOD[:12], "chen"),),
            posts=("昨天来了十三位，扫出十一袋落叶，十四个雨水篦子都露出来了。谢谢大家，喝口热的。",),
        ),
        timedelta(days=2),
    )


def opening(now: datetime) -> Sequence[Story]:
    """What lies ahead on the first day."""
    day = timezone.localdate(now)
    begin, end = tonight(now + timedelta(minutes=15))  # never a shift that begins while it is told
    late = end + timedelta(hours=2)
    return (
        Story(
            "玉祁社区",
            "mei",
            details.SNOW,
            (
                Hours(begin, end, 10, 6, "振祁路：湖西路口到海瑞路口，人行道和 4 处公交站"),
                Hours(end, late, 4, 3, "振祁路、海瑞路两座桥面，撒盐和铺草垫"),
                _hours(_morning_after(late), (5, 30), (7, 30), 12, 6, "学校门口、菜场和社区坡道"),
            ),
            ((*NEIGHBOURHOOD[:6], "chen"), (*NEIGHBOURHOOD[6:12], "lan"), NEIGHBOURHOOD[:3]),
            (
                Asked("示范初级中学", "bo", "校门口这一段我们来，值班老师六点半到。"),
                Asked("示范制造有限公司", "qiang", "出两台小铲车、十把铁锹，师傅都在。"),
            ),
            (
                "草垫和融雪剂已经送到党群服务中心门口，先到的先铺公交站。",
                "桥面两头都有人看着了，过桥请慢行。铲子还缺两把，家里有的带一把来。",
            ),
        ),
        Story(
            "玉祁城管",
            "admin",
            details.GATE,
            (_hours(day + timedelta(days=1), (16, 10), (17, 30), 6, 3, "南门两侧六十米"),),
            (("lu", "neighbour09", "neighbour13", "neighbour14", "neighbour02"),),
            (
                Asked("玉祁交警中队", "colleague07", "路口由我们指挥，志愿者只在人行道上。", "放学时段派一组警力。"),
                Asked("示范初级中学", "bo", "值日老师带学生走东侧。"),
            ),
        ),
        Story(
            "聚力暖橙志愿队",
            "admin",
            details.CARE,
            (_hours(day + timedelta(days=2), (5, 30), (8, 30), 6, 2, "海瑞路暖橙点：烧水、递热饮、收杯子"),),
            (("lan", "neighbour05", "neighbour08", "zhou"),),
            (Asked("海瑞路微路长商户组", "colleague05", "水果店让出一角，插座也有。"),),
        ),
        Story(
            "玉祁城管",
            "admin",
            details.SKY,
            (
                _hours(day + timedelta(days=3), (9, 0), (11, 0), 8, 4, "湖西路工地：看围挡、喷淋、渣土车"),
                _hours(day + timedelta(days=3), (18, 0), (20, 0), 6, 3, "振祁路餐饮店：看油烟和露天烧烤"),
            ),
            (("lu", "neighbour09", "neighbour10", "chen"), ("lu", "neighbour11")),
        ),
        Story(
            "玉鑫社区",
            "colleague03",
            details.CORNERS,
            (_hours(day + timedelta(days=4), (9, 0), (11, 0), 12, 5, "分三组，每组四个角落"),),
            (NEIGHBOURHOOD,),
            posts=("报名的比角落还多，排在后面的先候补；下月再来一次。",),
        ),
        Story(
            "平湖社区",
            "colleague01",
            details.FLOOD,
            (_hours(day + timedelta(days=5), (14, 0), (16, 30), 20, 8, "二号门地下车库坡道"),),
            (("chen", "lu", "neighbour04", "neighbour07", "neighbour12"),),
            (Asked("玉祁城管", "admin", "出两台抽水泵，带一位电工。", "借抽水泵。"),),
            ("沙袋到了二百只，空的，现场装。手机请装进防水袋。",),
        ),
        Story(
            "振祁路微路长商户组",
            "colleague04",
            details.SHOPS,
            (_hours(day + timedelta(days=6), (18, 30), (20, 0), 10, 5, "十家店，每家一位"),),
            (("zhou", "colleague05", "colleague06", "neighbour06", "neighbour01"),),
            (Asked("玉祁城管", "admin", "队长和陆平都来，带着户外招牌的规定。"), Asked("玉祁社区", "mei")),
        ),
        Story(
            "玉西社区",
            "colleague02",
            details.LANES,
            (
                _hours(day + timedelta(days=7), (9, 0), (11, 30), 12, 4, "铲小广告、补墙（大人）"),
                _hours(day + timedelta(days=7), (13, 30), (16, 30), 20, 5, "画画，孩子可以来"),
            ),
            (("neighbour03", "neighbour10"), ("neighbour14", "neighbour11", "chen")),
            (
                Asked("示范初级中学", "bo", "美术社团出图稿，带八位同学。"),
                Asked("示范制造有限公司", "qiang", "出涂料和两架梯子。"),
            ),
        ),
        Story(
            "示范制造有限公司",
            "qiang",
            details.MARKET,
            (_hours(day + timedelta(days=2), (7, 30), (9, 30), 8, 3, "海瑞路菜场门口"),),
            (("neighbour02", "neighbour03"),),
            (
                Asked(
                    "示范初级中学",
                    "bo",
                    "这周期中考试，老师都走不开，下回一定来。",
                    "想请几位老师帮忙引导家长车辆。",
                    joins=False,
                ),
            ),
            called_off="海瑞路这天铺新路面，路口封闭。改期会另发。",
        ),
    )


def drafts(now: datetime) -> Sequence[Story]:
    """What is still being written: the school looks for a room, the community for a day."""
    day = timezone.localdate(now)
    return (
        Story(
            "示范初级中学",
            "bo",
            details.FORUM,
            (_hours(day + timedelta(days=8), (15, 0), (16, 30), 10, 5),),
            partners=(Asked("玉祁社区", "mei", asked_for="请来两位熟悉校门口商户的同事，帮着把各家的难处记下来。"),),
        ),
        Story("玉西社区", "colleague02", details.DRAINS, (_hours(day + timedelta(days=9), (9, 0), (11, 0), 10, 3),)),
    )


def weekly(day: date) -> Sequence[Story]:
    """What comes round again; seen from any day all of it lies ahead."""
    return (
        Story(
            "玉祁社区",
            "mei",
            replace(details.CLEANUP, title=f"“犄角旮旯”清扫日（{day.month}月{day.day}日起）"),
            (_hours(day + timedelta(days=4), (14, 0), (16, 0), 24, 8, "社区二区北门集合，分三组"),),
            (("chen", "neighbour01", "neighbour12", "neighbour13"),),
        ),
        Story(
            "聚力暖橙志愿队",
            "admin",
            details.CARE,
            (_hours(day + timedelta(days=5), (5, 30), (8, 30), 6, 2, "海瑞路暖橙点：烧水、递热饮、收杯子"),),
        ),
        Story(
            "玉祁城管",
            "admin",
            details.SKY,
            (_hours(day + timedelta(days=6), (9, 0), (11, 0), 8, 4, "湖西路工地：看围挡、喷淋、渣土车"),),
        ),
    )


def _morning_after(moment: datetime) -> date:
    """The day on which it is half past five next. Told shortly before midnight, this evening is tomorrow's."""
    local = timezone.localtime(moment)
    return local.date() + timedelta(days=local.time() > time(5, 30))


def _hours(
    day: date, begin: tuple[int, int], end: tuple[int, int], capacity: int, least: int = 1, task: str = ""
) -> Hours:
    zone = timezone.get_current_timezone()
    return Hours(
        datetime.combine(day, time(*begin), zone), datetime.combine(day, time(*end), zone), capacity, least, task
    )
