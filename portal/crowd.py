"""A crowd's notices for load tests, each made known by the deed that people use."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

from django.utils import timezone

from communities.models import Organisation, User
from portal import notices
from portal.models import NoticePage

Kind = NoticePage.Kind

ROADS = ("振祁路", "海瑞路", "湖西路", "祁北路", "民主路", "礼舍路", "堰玉路", "育才路")
MATTERS = (
    (Kind.ANNOUNCEMENT, "路灯检修", "夜里分段关灯检修，请结伴走，走有灯的一边。"),
    (Kind.ROADWORKS, "人行道翻修", "分两段铺新砖，店门口留出通道，盲道接通。"),
    (Kind.NEWS, "树池清理", "枯枝剪了，树池填平，落叶运走做堆肥。"),
    (Kind.PUBLICITY, "停车位名单公示", "抽签的结果贴在这里，公示七天，有不同意见请说。"),
    (Kind.CONSULTATION, "垃圾房改建征求意见", "门朝哪边开、几点收，请住在旁边的人先说。"),
    (Kind.CAMPAIGN, "楼道堆物清理", "先通知，再帮搬，搬不动的打电话，有人来抬。"),
    (Kind.POLICY, "临时摆摊的规矩", "哪里能摆、摆到几点、怎么收拾干净，写在一张纸上。"),
    (Kind.OUTAGE, "停水一天", "换阀门，早上八点到下午五点停水，请前一晚存好。"),
)


def issue(*, number: int, count: int, hosts: Sequence[tuple[Organisation, User]]) -> Iterator[NoticePage]:
    """Make ``count`` notices of crowd ``number`` known, one transaction each, by the organisations in turn."""
    for place in range(1, count + 1):
        organisation, coordinator = hosts[place % len(hosts)]
        yield notices.issue(organisation=organisation, notice=NoticePage(**_fields(number, place)), by=coordinator)


def _fields(number: int, place: int) -> dict[str, Any]:
    kind, matter, summary = MATTERS[place % len(MATTERS)]
    # So that neighbours in the list are about different roads, and a search for a road and a matter finds a few.
    road = ROADS[place // len(MATTERS) % len(ROADS)]
    today = timezone.localdate()
    asks = kind in {Kind.PUBLICITY, Kind.CONSULTATION}
    return {
        "kind": kind,
        "title": f"{road}{matter} · 演练 {number}-{place:03}",
        "slug": f"drill-{number}-{place}",
        "summary": f"{road}：{summary}",
        "meaning": f"住在{road}的：{summary}\n路过的：看到不对，说一声。",
        "publicity_from": today if asks else None,
        "publicity_until": today + timedelta(days=7) if asks else None,
        "body": [
            ("heading", "怎么做"),
            ("paragraph", f"<p>{road}上的事，先由住在旁边的人说，再由有办法的人做。{summary}</p>"),
            ("facts", [{"name": "地点", "value": f"{road} {place} 号"}, {"name": "负责", "value": "演练团队"}]),
            ("paragraph", f"<p>这是第 {number} 批第 {place} 份演练公告，用来试网站撑不撑得住，内容都是编的。</p>"),
        ],
    }
