"""Somebody who has never been here scans a code, gets another one on the phone, and ends signed up and belonging."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import WINDOWS, Enter

pytestmark = pytest.mark.journey


def prove_number(page: Page, number: str, name: str) -> None:
    """The number, the code that the demonstration shows, and for a newcomer the name and the consent."""
    page.locator("[name=phone]").fill(number)
    page.get_by_role("button", name="获取验证码").click()
    page.locator("[name=code]").fill(page.locator("[data-demo-code] .code-shown").inner_text())
    page.get_by_role("button", name="继续").click()
    page.locator("[name=display_name]").fill(name)
    page.locator("[name=agrees]").check()
    page.get_by_role("button", name="注册并登录").click()


@WINDOWS
def test_by_the_code_of_an_action_to_a_place(enter: Enter, with_script: bool) -> None:
    mei, newcomer = enter("mei", script=with_script), enter(script=with_script)
    page = mei.go("/desk/")
    page.get_by_role("link", name=re.compile("振祁路夜间除雪防冻")).first.click()
    page.get_by_role("link", name="分享").click()
    code = page.locator("img.code")
    expect(code).to_be_visible()
    assert mei.status_of(str(code.get_attribute("src"))) == 200
    address = page.locator(".address").inner_text()
    mei.picture(f"code-{'script' if with_script else 'plain'}")

    page = newcomer.page
    page.goto(address)
    page.locator(".bar.deed a.btn.main:visible").click()
    go_on = page.get_by_role("button", name=re.compile("^下一步"))
    expect(go_on).to_be_visible()
    if (age := page.locator("[name=is_adult]")).count():
        age.check()
    go_on.click()
    prove_number(page, "10055550001" if with_script else "10055550002", "新邻居")
    expect(page).to_have_url(re.compile(r"/my/sign-ups/\d+/"))
    expect(page.locator("main")).to_contain_text("振祁路夜间除雪防冻")
    newcomer.picture(f"signed-up-{'script' if with_script else 'plain'}")


@WINDOWS
def test_by_the_code_of_an_invitation_into_the_organisation(enter: Enter, with_script: bool) -> None:
    number = "10055550003" if with_script else "10055550004"
    mei, newcomer = enter("mei", script=with_script), enter(script=with_script)
    page = mei.go("/me/")
    page.get_by_role("link", name="成员与邀请").click()
    page.get_by_role("link", name="邀请成员").click()
    page.locator("[name=to]").fill(number)
    page.get_by_role("button", name="生成链接和二维码").click()
    address = page.locator(".address").inner_text()

    page = newcomer.page
    page.goto(address)
    page.locator("main").get_by_role("link", name="登录并接受邀请").click()
    prove_number(page, number, "新成员")
    expect(page).to_have_url(address)
    page.get_by_role("button", name="接受邀请，加入").click()
    expect(page.get_by_text("欢迎！你已加入玉祁社区。")).to_be_visible()
