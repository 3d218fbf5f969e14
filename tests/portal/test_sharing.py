"""What a link to a page shows elsewhere, and what machines read of an action."""

import io
import json
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.files.base import ContentFile
from django.template import engines
from django.test import Client
from django.utils import timezone
from PIL import Image
from wagtail.images.models import Image as WagtailImage

from events import calling_off, shifts
from events.models import Action
from events.shifts import Hours
from portal.models import StandardPage
from portal.templatetags.ui.sharing import for_title, json_ld, picture_to_share, sharing
from tests import cast
from tests.cast import Town, announced, draft, in_hours
from tests.reading import Answer, page, sent, words

ATTACK = '</script><script>alert("1")</script>&<b>'


def shared(answer: Answer) -> dict[str, str]:
    return {tag["property"].removeprefix("og:"): tag["content"] for tag in page(answer).select("meta[property]")}


def event(action: Action, client: Client | None = None) -> dict[str, Any]:
    (block,) = sent((client or Client()).get(action.get_absolute_url())).select('script[type="application/ld+json"]')
    return json.loads(block.string)


# --- Open Graph --------------------------------------------------------------------------------------------------------


def test_an_action_is_shown_by_its_words(town: Town, visitor: Client) -> None:
    action = announced(town, title="清扫|日", summary='把"角落"清干净 <i>')
    answer = visitor.get(f"{action.get_absolute_url()}?from=timeline")
    address = settings.SITE_URL + action.get_absolute_url()
    assert shared(answer) == {
        "site_name": "共治",
        "type": "article",
        "title": "清扫日",
        "description": '把"角落"清干净 <i>',
        "url": address,
        "image": f"{settings.SITE_URL}/static/img/share.png",
        "locale": "zh_CN",
    }
    assert page(answer).select_one("link[rel=canonical]")["href"] == address


def test_a_notice_is_shown_by_its_words(town: Town, visitor: Client) -> None:
    notice = cast.notice(town, title="雪天|停车", summary='先把"桥面"扫开 <i>')
    answer = visitor.get(f"{notice.url}?from=timeline")
    address = settings.SITE_URL + notice.url
    assert shared(answer) == {
        "site_name": "共治",
        "type": "article",
        "title": "雪天停车",
        "description": '先把"桥面"扫开 <i>',
        "url": address,
        "image": f"{settings.SITE_URL}/static/img/share.png",
        "locale": "zh_CN",
    }
    assert page(answer).select_one("link[rel=canonical]")["href"] == address


def test_an_organisation_and_the_site_are_too(town: Town, visitor: Client) -> None:
    assert shared(visitor.get("/"))["title"] == "共治"
    assert shared(visitor.get("/"))["url"] == f"{settings.SITE_URL}/"
    section = shared(visitor.get(town.yuqi.section.url))
    assert (section["title"], section["type"]) == ("玉祁社区", "profile")
    assert shared(Client(headers={"accept-language": "en"}).get("/"))["locale"] == "en_GB"


def test_the_picture_is_large_enough_and_there() -> None:
    with Image.open(str(finders.find("img/share.png"))) as picture:
        assert min(picture.size) >= 300


def test_a_page_may_bring_its_own_picture(rf: Any) -> None:
    shown = sharing({"request": rf.get("/x/?q=1")}, title=" 一\n二 ", description="字" * 300, picture="/media/a.jpg")
    assert shown["picture"] == f"{settings.SITE_URL}/media/a.jpg"
    assert shown["title"] == "一 二"
    assert shown["address"] == f"{settings.SITE_URL}/x/"
    assert len(shown["description"]) == 120
    assert sharing({}, picture="https://cdn.example/a.jpg")["picture"] == "https://cdn.example/a.jpg"


def test_the_first_picture_that_is_large_enough(town: Town) -> None:
    def picture(name: str, side: int) -> WagtailImage:
        drawn = io.BytesIO()
        Image.new("RGB", (side, side + 20)).save(drawn, "PNG")
        return WagtailImage.objects.create(title=name, file=ContentFile(drawn.getvalue(), f"{name}.png"))

    small, large = picture("small", 290), picture("large", 300)
    blocks = [
        {"type": "paragraph", "value": "<p>文字</p>"},
        *({"type": "picture", "value": {"image": each.pk, "alt": "图", "caption": ""}} for each in (small, large)),
    ]
    page_of = StandardPage(title="x", body=json.dumps(blocks))
    assert picture_to_share(page_of.body) == large.get_rendition("max-1200x1200|format-jpeg").url
    assert picture_to_share(StandardPage(title="x", body=json.dumps(blocks[:2])).body) == ""


def test_a_title_of_the_window_is_short(town: Town, visitor: Client) -> None:
    long = "玉祁社区、示范初级中学、聚力暖橙志愿队联合开展冬季背街里巷环境卫生整治与楼道堆物清理第十二次集中行动"
    title = words(page(visitor.get(announced(town, title=long).get_absolute_url())).title)
    assert len(title) <= 30
    assert title == "玉祁社区、示范初级中学、聚力暖橙志愿队联合开展冬… · 共治"
    assert for_title("短的标题") == "短的标题"
    assert for_title("A title in English of fifty letters, not one more.") == (
        "A title in English of fifty letters, not one more."
    )
    assert for_title("x" * 51) == "x" * 49 + "…"


# --- schema.org --------------------------------------------------------------------------------------------------------


def test_an_action_is_an_event(town: Town) -> None:
    action = announced(town, in_hours(72, 2), in_hours(80, 3), title="清扫|日", place="湖西路", meeting_point="北口")
    action.refresh_from_db()
    read = event(action)
    zone = timezone.get_default_timezone()
    assert read == {
        "@context": "https://schema.org",
        "@type": "Event",
        "name": "清扫日",
        "description": "把没人管的角落清干净。",
        "inLanguage": "zh-Hans",
        "url": settings.SITE_URL + action.get_absolute_url(),
        "startDate": action.starts_at.astimezone(zone).isoformat(timespec="minutes"),
        "endDate": action.ends_at.astimezone(zone).isoformat(timespec="minutes"),
        "eventStatus": "https://schema.org/EventScheduled",
        "eventAttendanceMode": "https://schema.org/OfflineEventAttendanceMode",
        "location": {"@type": "Place", "name": "湖西路", "address": "湖西路, 北口"},
        "organizer": {"@type": "Organization", "name": "玉祁社区"},
        "isAccessibleForFree": True,
    }
    assert read["startDate"].endswith("+08:00")


def test_what_became_of_it(town: Town) -> None:
    moved = announced(town)
    shift = moved.shifts.get()
    later = Hours(shift.starts_at + timedelta(days=1), shift.ends_at + timedelta(days=1), 10)
    cast.sign_up(town.chen, shift)
    shifts.change(shift=shift, hours=later, by=town.mei)
    assert event(moved)["eventStatus"] == "https://schema.org/EventRescheduled"
    off = announced(town)
    calling_off.call_off(action=off, reason="下雨", by=town.mei)
    assert event(off)["eventStatus"] == "https://schema.org/EventCancelled"
    online = event(announced(town, is_online=True, place=""))
    assert online["eventAttendanceMode"] == "https://schema.org/OnlineEventAttendanceMode"
    assert online["location"] == {"@type": "VirtualLocation", "url": online["url"]}


def test_what_is_not_public_is_no_event(town: Town, client: Client) -> None:
    drafted = draft(town)
    shifts.add(action=drafted, hours=in_hours(30), by=town.mei)
    client.force_login(town.mei)
    answer = client.get(drafted.get_absolute_url())
    assert answer.status_code == 200
    assert not sent(answer).select('script[type="application/ld+json"]')


def test_no_person_is_named(town: Town) -> None:
    action = announced(town, contact_name="暗号联系人", contact_phone="13900001122")
    cast.sign_up(town.chen, action.shifts.get())
    read = json.dumps(event(action), ensure_ascii=False)
    for secret in ("暗号联系人", "13900001122", "陈晨", "chen"):
        assert secret not in read


@pytest.mark.parametrize("where", ["title", "summary", "place", "meeting_point"])
def test_no_value_ends_the_block(town: Town, where: str) -> None:
    action = announced(town, **{where: ATTACK})
    answer = Client().get(action.get_absolute_url())
    assert b"<script>alert" not in answer.content
    assert b"</script>&" not in answer.content
    assert ATTACK in json.dumps(event(action), ensure_ascii=False).replace('\\"', '"')
    assert not [script for script in sent(answer).select("script:not([src])") if script.get("type") is None]


def test_the_block_is_data_to_the_policy(town: Town, visitor: Client) -> None:
    policy = visitor.get(announced(town).get_absolute_url())["Content-Security-Policy"]
    assert "unsafe-inline" not in policy
    assert "nonce" not in policy


def test_the_escapes_are_those_of_json() -> None:
    shown = engines["django"].get_template("ui/_json_ld.html").render(json_ld({"a": ATTACK}))
    assert shown.count("<") == 2
    assert json.loads(shown.partition(">")[2].rpartition("<")[0]) == {"a": ATTACK}
