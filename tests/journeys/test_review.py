"""A notice on its way: written at a desk, looked at on a phone, returned, mended, approved, read by everybody."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import DESKTOP, WINDOWS, Enter, Person

pytestmark = pytest.mark.journey


def choose(person: Person, button: str) -> None:
    """Open the menu at the foot of the editor and press one of its buttons."""
    page = person.page
    expect(page.locator("footer")).to_be_visible()
    page.locator("footer").get_by_role("button", name="更多动作").click()
    page.get_by_role("button", name=button).click()


def draft(yan: Person, title: str) -> None:
    """yan writes a notice, in one step from the first page of the editor, and hands it in."""
    page = yan.go("/admin/")
    page.get_by_role("link", name="写公告").last.click()
    page.locator("[name=title]").fill(title)
    page.locator("[name=summary]").fill("周三上午九点到十二点。")
    yan.picture("editor")
    choose(yan, "提交给负责人审核")
    expect(page.get_by_text(title).first).to_be_visible()


@WINDOWS
def test_written_returned_mended_approved_and_read(enter: Enter, with_script: bool) -> None:
    kind = "script" if with_script else "plain"
    title, mended = f"湖西路停水通知 {kind}", f"湖西路停水通知（九点到十二点） {kind}"
    yan, mei = enter("yan", viewport=DESKTOP), enter("mei", script=with_script)
    draft(yan, title)

    # mei finds it among the messages of the phone, looks, and returns it; a forgotten word costs nothing.
    page = mei.go("/my/messages/")
    page.get_by_text(f"等您审核：{title}").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(title)
    preview = page.frame_locator(".review-preview")
    expect(preview.get_by_role("heading", level=1)).to_contain_text(title)
    page.locator("#return summary").click()
    page.locator("#return").get_by_role("button", name="退回").click()
    expect(page.get_by_text("请简单写明要改什么。").first).to_be_visible()
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
    # The console repeats the status of the answer to the forgotten word.
    assert [said for said in mei.complaints if "status of 422" not in said] == []
