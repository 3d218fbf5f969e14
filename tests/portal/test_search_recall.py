"""A thousand pieces of what the demo town and forty notices say: search finds every page that has them and no other.

What is true is found out by reading the pages' own fields anew, tags taken out here, and looking for the piece with ``in``.
"""

import html
import json
import random
import re
from collections.abc import Iterator

import pytest
from django.db import connections, transaction
from django.test import Client
from django.utils import timezone
from wagtail.models import Page
from wagtail.search.backends import get_search_backend

from communities.models import Organisation, OrganisationPage
from events.models import Action, ActionPage
from grid.net import gazetteer
from portal import searching
from portal.models import NoticeIndexPage, NoticePage, PageText, StandardPage
from portal.searching import Filters, Query
from tests import grounds
from tests.reading import page, words

SEED = 20261124
PIECES = 1000
HAN = re.compile("[\u3400-\u9fff]{2,}")

WHERE = """湖西路 东塘河南岸 老街菜场 人民桥堍 玉祁中路 蓉湖新村北门 石油站对面 文化广场 第二小学门口 南环公园 工业园三号门
新桥头 公交首末站 老供销社 梧桐里弄堂 六号楼前 农贸市场西侧 滨河步道 社区卫生站 平安里""".split()
WHAT = """非机动车停放秩序 楼道堆放物 共享单车 店招店牌 绿化带补种 餐饮油烟 建筑垃圾清运 犄角旮旯卫生 电动自行车充电桩 雨水井盖
地面小广告 早点摊位 飞线充电 宠物粪便 高空抛物 生活垃圾分类 路灯照明 消防通道 河道漂浮物 积雪结冰""".split()
DEEDS = """将于下周起集中整治 由网格员逐户上门说明 请沿线商户自查自改 经居民代表会议讨论通过 已纳入微路长每日巡查
委托专业队伍分段实施 请车主提前挪车 期间提供临时停放点 完成后邀请居民现场验收 每月公布一次进展 交由楼组长负责跟进
联合城管与学校共同开展 采用错时施工减少噪声 对老人和行动不便者代办 欢迎志愿者就近参加""".split()
WHY = """天气转冷 居民多次反映 接到十二件来电 为了迎接文明城区复评 根据街道部署 经过两周试行 考虑到上学高峰 结合冬季防火要求
听取业委会意见后 为方便老人出行""".split()
TRAPS = (
    ("绿化", "化工", "绿化工"),
    ("社区联", "区联合", "社区联合"),
    ("清洁", "洁面", "清洁面"),
    ("消防通", "防通道", "消防通道"),
)
"""Of each: two pieces that stand in one notice, and what stands in it nowhere though its pairs all do."""


def blocks(dice: random.Random) -> list[dict[str, object]]:
    def sentence() -> str:
        return f"{dice.choice(WHY)}，{dice.choice(WHERE)}{dice.choice(WHAT)}{dice.choice(DEEDS)}。"

    emphasised = sentence()
    middle = dice.randrange(1, len(emphasised))
    return [
        {"type": "heading", "value": f"{dice.choice(WHERE)}{dice.choice(WHAT)}"},
        {
            "type": "paragraph",
            "value": f"<p>{sentence()}</p><p>{emphasised[:middle]}<b>{emphasised[middle:]}</b>{sentence()}</p>"
            f"<ul><li>{sentence()}</li><li>{dice.choice(DEEDS)}&amp;{dice.choice(WHY)}</li></ul>",
        },
        {"type": "facts", "value": [{"type": "item", "value": {"name": "地点", "value": dice.choice(WHERE)}}]},
        {"type": "callout", "value": {"title": dice.choice(WHAT), "text": f"<p>{sentence()}</p>"}},
    ]


def notice(organisation: Organisation, title: str, body: object, **words: str) -> NoticePage:
    index = NoticeIndexPage.objects.child_of(organisation.section).get()
    page = NoticePage(
        title=title, slug=f"recall-{NoticePage.objects.count()}", live=False, body=json.dumps(body), **words
    )
    index.add_child(instance=page)
    page.save_revision().publish()
    return page


def publish_notices(dice: random.Random) -> None:
    organisations = list(Organisation.objects.order_by("pk"))
    for number in range(44):
        where, what = dice.choice(WHERE), dice.choice(WHAT)
        notice(
            dice.choice(organisations),
            f"关于{where}{what}的通知",
            blocks(dice),
            summary=f"{where}：{dice.choice(DEEDS)}。",
            meaning=f"{dice.choice(WHY)}，{dice.choice(DEEDS)}。" if number % 3 else "",
            document_number=f"玉社〔2026〕{number}号",
        )
    for one, two, _absent in TRAPS:
        paragraph = {"type": "paragraph", "value": f"<p>{one}。{two}</p>"}
        notice(organisations[0], f"陷阱{one}", [paragraph], summary="甲。")


@pytest.fixture(scope="module")
def corpus(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    """The demo town and, beside it, forty-four notices made of so many turns of phrase."""
    name = f"recall_{grounds.run_id()}_{grounds.worker()}"
    own = connections["default"].settings_dict["NAME"]
    grounds.copy(grounds.with_demo(), name)
    with django_db_blocker.unblock():
        grounds.connect_to(name)
        with transaction.atomic():  # one commit instead of several hundred, which is most of the time on PostgreSQL
            publish_notices(random.Random(SEED))
        yield
        connections.close_all()
    connections["default"].settings_dict["NAME"] = own
    grounds.drop(name)


def plain(markup: str) -> str:
    return html.unescape(re.sub(r"<[^>]+>", "", re.sub(r"</(p|li|h\d)>|<br\s*/?>", "\n", markup)))


def strings(value: object) -> Iterator[str]:
    """All texts of a body as it is stored, whatever blocks it has."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, each in value.items():
            if name not in {"id", "type"}:
                yield from strings(each)
    elif isinstance(value, list):
        for each in value:
            yield from strings(each)


def read_anew() -> dict[int, list[str]]:
    """Every public page's fields, without tags."""
    said: dict[int, list[str]] = {}
    sections = {
        organisation.section.path: organisation for organisation in Organisation.objects.select_related("section")
    }
    public = {action.key: action for action in Action.objects.exclude(state="draft")}
    for page_class in (NoticePage, ActionPage, OrganisationPage, StandardPage):
        for each in page_class.objects.filter(live=True):
            if isinstance(each, ActionPage) and each.translation_key not in public:
                continue
            fields = [each.title]
            for field in (
                *("title_en", "summary", "summary_en", "meaning", "meaning_en", "intro", "intro_en"),
                *("document_number", "issuer", "body", "body_en"),
            ):
                value = getattr(each, field, "")
                fields += [value] if isinstance(value, str) else strings(list(value.raw_data))
            if isinstance(each, ActionPage):
                fields.append(public[each.translation_key].place)
            owner = next((sections[path] for path in sections if each.path.startswith(path)), None)
            fields += [owner.name, owner.name_en] if owner else []
            said[each.pk] = [plain(field) for field in fields]
    return said


def found(typed: str) -> list[int]:
    return [text.pk for text in searching.matching(Query.read(typed), Filters())]


@pytest.mark.usefixtures("corpus")
def test_recall_and_precision_are_whole() -> None:
    said = read_anew()
    runs = sorted({run for fields in said.values() for field in fields for run in HAN.findall(field)})
    assert len(runs) > 300
    dice = random.Random(SEED)
    pieces: set[str] = set()
    while len(pieces) < PIECES:
        run = dice.choice(runs)
        length = min(dice.randint(2, 12), len(run))
        start = dice.randint(0, len(run) - length)
        pieces.add(run[start : start + length])
    missed, invented = [], []
    for piece in sorted(pieces):
        truth = {pk for pk, fields in said.items() if any(piece in field for field in fields)}
        answer = found(piece)
        assert len(answer) == len(set(answer))
        missed += [(piece, pk) for pk in truth - set(answer)]
        invented += [(piece, pk) for pk in set(answer) - truth]
    assert (missed, invented) == ([], [])
    assert {len(piece) for piece in pieces} == set(range(2, 13))


@pytest.mark.usefixtures("corpus")
@pytest.mark.parametrize(("one", "two", "absent"), TRAPS)
def test_a_planted_false_positive(one: str, two: str, absent: str) -> None:
    """The index alone would find it: without the look at the text this is what everybody would read."""
    trap = Page.objects.get(title=f"陷阱{one}").pk
    assert trap in found(one)
    assert trap in found(two)
    candidates = get_search_backend().search(absent, PageText).get_queryset()
    assert trap in {text.pk for text in candidates}
    assert trap not in found(absent)
    assert trap in found(f"{one} {two}")


@pytest.mark.usefixtures("corpus")
def test_the_page_counts_what_was_found() -> None:
    said = read_anew()
    for piece in ("湖西路", "志愿", "居民", "第二小学门口", "非机动车停放秩序"):
        truth = sum(any(piece in field for field in fields) for fields in said.values())
        assert truth
        places = len(gazetteer.places_named([piece], on=timezone.localdate()))
        heading = page(Client().get("/search/", {"q": piece})).select_one(".main h2.small")
        assert re.findall(r"\d+", words(heading)) == [str(truth + places)]
