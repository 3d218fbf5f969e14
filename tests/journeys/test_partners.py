"""Three organisations do an action together: asked in the composer on a phone, answered on another, seen live by a visitor."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.journeys.conftest import WINDOWS, Enter, Person

pytestmark = pytest.mark.journey

WANTED = "想请贵单位出十个人"


def compose_with_partners(mei: Person, title: str) -> str:
    """mei announces an action for tomorrow and asks school and company in the same form; the address of its page."""
    page = mei.go("/desk/new/?kind=snow")
    page.get_by_label("标题", exact=True).fill(title)
    page.locator("input[type=date]").first.fill((timezone.localdate() + timedelta(days=2)).isoformat())
    page.locator("input[type=time]").nth(0).fill("19:00")
    page.locator("input[type=time]").nth(1).fill("21:00")
    page.get_by_label("地点", exact=True).fill("海瑞路")
    page.get_by_text("邀请协办单位").click()
    page.get_by_role("checkbox", name="示范初级中学").check()
    page.get_by_role("checkbox", name="示范制造有限公司").check()
    page.get_by_label("希望对方做什么").fill(WANTED)
    mei.picture(f"composer-{title[-5:]}")
    page.get_by_role("button", name="发布", exact=True).click()
    expect(page.get_by_text("已发布").first).to_be_visible()
    expect(page.locator("#desk-parties")).to_contain_text("还没有答复")
    mei.picture(f"desk-asked-{title[-5:]}")
    page.get_by_role("link", name="公开页面").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(title)
    return page.url.removeprefix(mei.site.url)


def invitation(person: Person, title: str) -> Page:
    page = person.go("/me/")
    page.locator("main").get_by_role("link", name=re.compile("协办邀请")).click()
    page.get_by_role("link", name=title).click()
    expect(page.locator("main")).to_contain_text(WANTED)
    return page


@WINDOWS
def test_asked_answered_and_seen_live(enter: Enter, with_script: bool) -> None:
    kind = "script" if with_script else "plain"
    title = f"海瑞路一起扫雪 {kind}"
    mei = enter("mei", script=with_script)
    address = compose_with_partners(mei, title)

    # Somebody looks at the page meanwhile: nobody but the host is on it.
    visitor = enter()
    visitor.go(address)
    hosts = visitor.page.locator("[aria-labelledby=hosts]")
    expect(visitor.page.locator("live-line")).to_have_attribute("data-state", "live")
    expect(hosts).to_contain_text("玉祁社区")
    expect(visitor.page.locator("main")).not_to_contain_text("示范")

    # The company cannot come, and says why: that is for the host alone.
    qiang = enter("qiang", script=with_script)
    page = invitation(qiang, title)
    page.get_by_label("附言").fill("这周赶订单")
    page.get_by_role("button", name="这次不参加").click()
    expect(page.get_by_text("只有主办单位看得到").first).to_be_visible()

    # The school joins in with a word, and the open page shows it.
    bo = enter("bo", script=with_script)
    page = invitation(bo, title)
    bo.picture(f"invitation-{kind}")
    page.get_by_label("附言").fill("我们来二十人")
    page.get_by_role("button", name="答应协办").click()
    expect(page.get_by_text("已加入协办").first).to_be_visible()
    bo.picture(f"joined-{kind}")
    expect(hosts).to_contain_text("示范初级中学")
    news = visitor.page.locator(".feed-news button")
    if news.is_visible():
        news.click()
    expect(visitor.page.locator("live-feed")).to_contain_text("我们来二十人")
    visitor.picture(f"visitor-{kind}")

    # The no is nowhere on it, whoever opens it now; on the desk it stands with its reason.
    fresh = enter(script=False)
    fresh.go(address)
    for page in (visitor.page, fresh.page):
        expect(page.locator("main")).not_to_contain_text("示范制造有限公司")
        expect(page.locator("main")).not_to_contain_text("赶订单")
        expect(page.locator("main")).not_to_contain_text(WANTED)
    mei.go(address).get_by_role("link", name="工作台").first.click()
    expect(mei.page.locator("#desk-parties")).to_contain_text("这周赶订单")
    expect(mei.page.locator("#desk-parties")).to_contain_text("我们来二十人")
    mei.picture(f"desk-answered-{kind}")

    # The school speaks in its own name.
    bo.go(address).get_by_role("link", name="发布动态").first.click()
    bo.page.get_by_role("textbox").first.fill("老师到了")
    bo.page.get_by_role("button", name="发布", exact=True).click()
    expect(visitor.page.locator(".feed-news button:visible, .entries :text('老师到了')").first).to_be_visible()
    assert visitor.complaints == []
