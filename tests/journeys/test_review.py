"""A notice on its way: written at a desk, looked at on a phone, returned, mended, approved, found and read by everybody."""

import re

import pytest
from playwright.sync_api import APIResponse, Page, Route, expect

from tests import running
from tests.journeys.conftest import DESKTOP, WINDOWS, Enter, Person

pytestmark = pytest.mark.journey

# A sentence for each window, and a word out of the middle of it: none of them stands anywhere in the demonstration.
SENTENCES = {
    True: ("当天上午湖西路两侧高层居民楼可能出现短时水压偏低请提前存水。", "水压偏低"),
    False: ("恢复供水以后物业管家会在当天晚饭之前逐户回访用水情况。", "逐户回访"),
}


def press(person: Person, button: str) -> None:
    """Open the menu at the foot of the editor and press one of its buttons."""
    page = person.page
    expect(page.locator("footer")).to_be_visible()
    page.locator("footer").get_by_role("button", name="更多动作").click()
    page.get_by_role("button", name=button).click()


def choose(person: Person, button: str) -> None:
    """The same, and wait for what comes of it: the list of pages."""
    press(person, button)
    expect(person.page).to_have_url(re.compile(r"/admin/pages/\d+/$"))


def write(yan: Person, title: str, text: str = "") -> None:
    """yan writes a notice, in one step from the first page of the editor, and hands it in."""
    page = yan.go("/admin/")
    page.get_by_role("link", name="写公告").last.click()
    page.locator("[name=title]").fill(title)
    page.locator("[name=summary]").fill("周三上午九点到十二点。")
    if text:
        page.locator("[id$=body-section]").first.locator("button.c-sf-add-button").first.click()
        page.get_by_role("option", name="正文").click()
        page.locator(".Draftail-Editor [contenteditable=true]").first.click()
        page.keyboard.insert_text(text)
        # What stands in the editor comes into the form a moment later.
        expect(page.locator("[name=body-0-value]")).to_have_value(re.compile(re.escape(text)))
    yan.picture("editor")
    choose(yan, "提交给负责人审核")


def test_handed_in_while_the_editor_saves_by_itself(enter: Enter) -> None:
    """Who writes fast and presses at once hands in one page, and not a second one beside the draft that was being saved."""
    title = "路灯维修通知"
    yan = enter("yan", viewport=DESKTOP)
    page = yan.go("/admin/")
    saves: list[tuple[Route, APIResponse]] = []

    def hold(route: Route) -> None:
        """The site has saved, and the editor has not heard of it yet."""
        if "application/json" in route.request.headers["accept"]:
            saves.append((route, route.fetch()))
        else:
            route.continue_()

    page.route(re.compile("/admin/pages/add/"), hold)
    page.get_by_role("link", name="写公告").last.click()
    page.locator("[name=title]").fill(title)
    summary = page.locator("[name=summary]")

    def goes_on_writing_until_it_saves() -> bool:
        """Wagtail begins to look some seconds after the page was opened."""
        summary.press_sequentially("修")
        return bool(saves)

    running.wait_until(goes_on_writing_until_it_saves, "the editor saves by itself")
    press(yan, "提交给负责人审核")
    route, answer = saves.pop()
    route.fulfill(response=answer)
    expect(page).to_have_url(re.compile(r"/admin/pages/\d+/$"))
    expect(page.get_by_role("link", name=title)).to_have_count(1)
    expect(yan.go("/review/").locator("main").get_by_role("link", name=title)).to_have_count(1)
    assert yan.complaints == []


def look_for(visitor: Person, word: str) -> Page:
    """Search as one does: by the glass at the head of the first page."""
    page = visitor.go("/")
    page.locator("header").get_by_role("link", name="搜索").click()
    page.get_by_role("searchbox").fill(word)
    page.get_by_role("searchbox").press("Enter")
    expect(page).to_have_url(re.compile(r"[?&]q="))
    return page


@WINDOWS
def test_written_approved_on_a_phone_and_found_in_the_middle_of_a_sentence(enter: Enter, with_script: bool) -> None:
    kind = "script" if with_script else "plain"
    title, (text, word) = f"二次供水设备检修 {kind}", SENTENCES[with_script]
    yan, mei, visitor = enter("yan", viewport=DESKTOP), enter("mei", script=with_script), enter(script=with_script)
    write(yan, title, text)

    # What nobody has approved is not found: neither the word nor the title.
    for looked_for in (word, title):
        page = look_for(visitor, looked_for)
        expect(page.locator("main")).to_contain_text("没有找到")
        expect(page.locator(".found")).to_have_count(0)
    visitor.picture(f"looked-for-in-vain-{kind}")

    page = mei.go("/review/")
    mei.picture(f"inbox-{kind}")
    page.get_by_role("link", name=title).first.click()
    expect(page.frame_locator(".review-preview").locator("main")).to_contain_text(text)
    mei.picture(f"review-{kind}")
    page.get_by_role("button", name="通过并发布").locator("visible=true").click()
    expect(page.get_by_text("已通过").first).to_be_visible()
    mei.picture(f"approved-{kind}")

    page = look_for(visitor, word)
    found = page.locator(".found")
    expect(found).to_have_count(1)
    expect(found.locator(".found-text mark")).to_have_text([word])
    expect(found.locator(".found-title mark")).to_have_count(0)
    visitor.picture(f"found-{kind}")
    found.get_by_role("link", name=title).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(title)
    expect(page.locator("main")).to_contain_text(text)
    visitor.picture(f"read-{kind}")
    assert yan.complaints == mei.complaints == visitor.complaints == []


@WINDOWS
def test_written_returned_mended_approved_and_read(enter: Enter, with_script: bool) -> None:
    kind = "script" if with_script else "plain"
    title, mended = f"湖西路停水通知 {kind}", f"湖西路停水通知（九点到十二点） {kind}"
    yan, mei = enter("yan", viewport=DESKTOP), enter("mei", script=with_script)
    write(yan, title)

    # mei finds it among the messages of the phone, looks, and returns it; a forgotten word costs nothing.
    page = mei.go("/my/messages/")
    page.get_by_text(f"等您审核：{title}").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(title)
    preview = page.frame_locator(".review-preview")
    expect(preview.get_by_role("heading", level=1)).to_contain_text(title)
    page.locator("#return summary").click()
    page.locator("#return").get_by_role("button", name="退回").click()
    expect(page.get_by_text("用一两句话写清楚。").first).to_be_visible()
    page.locator("[name=word]").fill("标题里写明几点到几点。")
    mei.picture(f"review-word-{kind}")
    page.locator("#return").get_by_role("button", name="退回").click()
    expect(page.get_by_text("已退回").first).to_be_visible()

    # yan reads why, on the first page of the editor, mends it and hands it in again.
    page = yan.go("/admin/")
    expect(page.get_by_text("标题里写明几点到几点。").first).to_be_visible()
    yan.picture("dashboard-yan")
    page.get_by_role("link", name=title).click()
    page.locator("[name=title]").fill(mended)
    choose(yan, "重新提交给负责人审核")

    page = mei.go("/review/")
    page.get_by_role("link", name=mended).first.click()
    page.get_by_role("button", name="通过并发布").locator("visible=true").click()
    expect(page.get_by_text("已通过").first).to_be_visible()
    mei.picture(f"reviews-{kind}")

    visitor = enter()
    page = yan.go("/my/messages/")
    page.get_by_text(re.compile(f"已通过并发布：{re.escape(mended)}")).first.click()
    read = page.get_by_role("link", name="看现在公开的").get_attribute("href")
    assert read is not None
    visitor.page.goto(yan.site.url + read if read.startswith("/") else read)
    expect(visitor.page.get_by_role("heading", level=1)).to_contain_text(mended)
    assert yan.complaints == []
    assert mei.complaints_besides(422) == []


def test_of_several_that_wait_each_opens_itself(enter: Enter) -> None:
    yan, mei = enter("yan", viewport=DESKTOP), enter("mei")
    titles = ("春节值班安排", "湖西路绿化养护")
    for title in titles:
        write(yan, title)
    for title in titles:
        page = mei.go("/review/")
        page.get_by_role("link", name=title).first.click()
        expect(page.get_by_role("heading", level=1)).to_contain_text(title)
    assert mei.complaints == []


@pytest.mark.parametrize("arrives", [False, True], ids=["tap-lost", "answer-lost"])
def test_the_network_is_lost_in_the_tap_that_approves(enter: Enter, arrives: bool) -> None:
    """Whether the tap or only the answer to it was lost, nobody can tell on the phone: tapped again, it is approved once."""
    title = f"电梯年检 {'到了' if arrives else '没到'}"
    yan, mei = enter("yan", viewport=DESKTOP), enter("mei")
    write(yan, title)
    page = mei.go("/review/")
    page.get_by_role("link", name=title).first.click()
    address = page.url
    approve = page.get_by_role("button", name="通过并发布").locator("visible=true")

    def lose(route: Route) -> None:
        if arrives:
            route.fetch()
        route.abort("internetdisconnected")

    page.route(address, lose)
    approve.click()
    expect(page.get_by_text("网络断了，没有送出去")).to_be_visible()
    mei.picture(f"lost-{'answer' if arrives else 'tap'}")
    page.unroute(address)
    approve.click()
    expect(page.get_by_text("已通过" if not arrives else "梅芳已审核通过").first).to_be_visible()
    mei.picture(f"lost-and-tapped-again-{'answer' if arrives else 'tap'}")

    expect(mei.go("/review/").locator("main")).not_to_contain_text(re.compile(f"待审核.*{title}"))
    page = yan.go("/my/messages/")
    expect(page.locator(".letter", has_text=f"已通过并发布：{title}")).to_have_count(1)
    book = yan.context.request.get(f"{yan.site.url}/api/v1/updates/town/?after=0").text()
    assert book.count(title) == 1
