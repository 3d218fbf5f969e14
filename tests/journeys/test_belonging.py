"""How somebody comes to belong: by a code that a coordinator shows, and by an organisation of one's own."""

import re

import pytest
from playwright.sync_api import expect

from tests import running
from tests.journeys.conftest import WINDOWS, Enter, invite

pytestmark = pytest.mark.journey

NUMBERS = {True: ("chen", "100 0000 0007"), False: ("zhou", "100-0000-0009")}


@WINDOWS
def test_a_number_is_invited_and_its_person_comes(site: running.Site, enter: Enter, with_script: bool) -> None:
    name, number = NUMBERS[with_script]
    mei, newcomer = enter("mei", script=with_script), enter(name, script=with_script, logged_in=False)

    invite(mei, number, "带队人")
    page = mei.page
    assert mei.status_of(page.locator(".invitation img").get_attribute("src")) == 200
    address = page.locator(".address").inner_text()
    assert address.startswith(site.url + "/join/")
    assert page.locator("copy-text button").is_visible() == with_script
    mei.picture(f"invitation-{name}")

    phone = newcomer.page
    phone.goto(address)
    expect(phone.get_by_role("heading", name="玉祁社区")).to_be_visible()
    newcomer.picture(f"invited-{name}")
    phone.locator("main").get_by_role("link", name="登录并接受邀请").click()
    newcomer.fill_in_login()
    expect(phone).to_have_url(address)
    phone.get_by_role("button", name="接受邀请，加入").click()
    expect(phone.get_by_text("欢迎！你已加入玉祁社区。")).to_be_visible()
    expect(phone.locator("main")).to_contain_text("梅芳")

    page = mei.go("/my/messages/")
    expect(page.locator(".letter").first).to_contain_text("已加入")
    phone.goto(address)
    expect(phone.get_by_text("你已接受这份邀请。")).to_be_visible()
    assert mei.complaints == newcomer.complaints == []


def test_an_organisation_is_applied_for_and_its_coordinator_drafts(enter: Enter) -> None:
    dana, admin = enter("dana"), enter("admin")

    page = dana.go("/me/")
    page.get_by_role("link", name="申请单位入驻").click()
    page.get_by_role("button", name="提交申请").click()
    expect(page.locator("#errors")).to_be_visible()
    page.locator("[name=name]").fill("湖西路商户组")
    page.locator("label", has_text="商户组").last.click()
    page.locator("[name=about]").fill("我在湖西路开面馆，可以打社区电话核实。")
    page.get_by_role("button", name="提交申请").click()
    expect(page.locator("main")).to_contain_text("等待答复")

    desk = admin.go("/my/messages/")
    desk.get_by_role("link", name=re.compile("湖西路商户组")).click()
    desk.get_by_label("我已核实，同时通过认证。").check()
    admin.picture("application")
    desk.get_by_role("button", name="同意入驻").click()
    expect(desk.locator(".messages")).to_contain_text("湖西路商户组已入驻")

    page = dana.go("/desk/new/")
    page.locator("[name=kind]").first.check(force=True)
    page.locator("[name=title]").fill("门前三包大家做")
    page.locator("[name=summary]").fill("各家门前各家扫。")
    page.locator("[name=do][value=draft]").first.click()
    expect(page.get_by_role("heading", name="门前三包大家做")).to_be_visible()
    assert dana.complaints_besides(422) == admin.complaints == []
