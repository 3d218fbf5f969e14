"""Somebody who has never been here scans a code, gets another one on the phone, and ends signed up and belonging."""

import io
import re

import pytest
import segno
from PIL import Image
from playwright.sync_api import Page, expect

from tests.journeys.conftest import WINDOWS, Enter, Person, invite, want_to_come

pytestmark = pytest.mark.journey


def ask_for_code(page: Page, number: str) -> str:
    """The number is typed and sent; the code that the demonstration shows."""
    page.locator("[name=phone]").fill(number)
    page.get_by_role("button", name="获取验证码").click()
    return page.locator("[data-demo-code] .code-shown").inner_text()


def prove_number(page: Page, number: str, name: str) -> None:
    """The number, the code, and for a newcomer the name and the consent."""
    code = ask_for_code(page, number)
    page.locator("[name=code]").fill(code)
    page.get_by_role("button", name="继续").click()
    page.locator("[name=display_name]").fill(name)
    page.locator("[name=agrees]").check()
    page.get_by_role("button", name="注册并登录").click()


def modules(picture: bytes) -> list[list[bool]]:
    """The dark and light squares of a code as it was drawn, without its margin."""
    drawn = Image.open(io.BytesIO(picture)).convert("1")
    dark = [[not drawn.getpixel((x, y)) for x in range(drawn.width)] for y in range(drawn.height)]
    top = next(y for y, row in enumerate(dark) if any(row))
    left = next(x for x, is_dark in enumerate(dark[top]) if is_dark)
    # The pattern that a scanner looks for begins with a bar of seven squares.
    size = next(x for x in range(left, drawn.width) if not dark[top][x]) - left
    step = size // 7
    end = drawn.width - left
    return [[dark[y][x] for x in range(left + step // 2, end, step)] for y in range(top + step // 2, end, step)]


def address_of_code(staff: Person) -> str:
    """The address below the code on this page, having seen that the code as it is drawn says just this."""
    picture = str(staff.page.locator("a[download]").get_attribute("href"))
    address = staff.page.locator(".address").inner_text()
    drawn = staff.context.request.get(staff.site.url + picture)
    assert drawn.ok
    said = [[bool(module) for module in row] for row in segno.make(address, error="m", micro=False).matrix]
    assert modules(drawn.body()) == said
    return address


@WINDOWS
def test_by_the_code_of_an_action_to_a_place(enter: Enter, with_script: bool) -> None:
    kind = "script" if with_script else "plain"
    mei, newcomer = enter("mei", script=with_script), enter(script=with_script)
    page = mei.go("/desk/")
    page.get_by_role("link", name=re.compile("振祁路夜间除雪防冻")).first.click()
    page.get_by_role("link", name="分享").click()
    expect(page.locator("img.code")).to_be_visible()
    mei.picture(f"code-{kind}")
    address = address_of_code(mei)

    page = newcomer.page
    page.goto(address)
    newcomer.picture(f"scanned-{kind}")
    want_to_come(page)
    prove_number(page, "10055550001" if with_script else "10055550002", "新邻居")
    expect(page).to_have_url(re.compile(r"/my/sign-ups/\d+/"))
    expect(page.locator("main")).to_contain_text("振祁路夜间除雪防冻")
    newcomer.picture(f"signed-up-{kind}")
    assert mei.complaints == newcomer.complaints == []


@WINDOWS
def test_by_the_code_of_an_invitation_into_the_organisation(enter: Enter, with_script: bool) -> None:
    kind = "script" if with_script else "plain"
    number = "10055550003" if with_script else "10055550004"
    mei, newcomer = enter("mei", script=with_script), enter(script=with_script)
    invite(mei, number)
    address = address_of_code(mei)

    page = newcomer.page
    page.goto(address)
    newcomer.picture(f"invited-{kind}")
    page.locator("main").get_by_role("link", name="登录并接受邀请").click()
    prove_number(page, number, "新成员")
    expect(page).to_have_url(address)
    page.get_by_role("button", name="接受邀请，加入").click()
    expect(page.get_by_text("欢迎！你已加入玉祁社区。")).to_be_visible()
    newcomer.picture(f"member-{kind}")
    mei.go("/me/").get_by_role("link", name="成员与邀请").click()
    expect(mei.page.locator("main")).to_contain_text("新成员")
    assert mei.complaints == newcomer.complaints == []


def test_the_network_is_lost_when_the_code_is_sent(enter: Enter) -> None:
    """What was typed is still there, what was chosen is kept, and one more tap goes on where it stopped."""
    newcomer = enter()
    page = newcomer.go("/actions/")
    page.locator("main .card-title > a").first.click()
    title = page.get_by_role("heading", level=1).inner_text()
    want_to_come(page)

    page.locator("[name=phone]").fill("10055550005")
    newcomer.context.set_offline(True)
    page.get_by_role("button", name="获取验证码").click()
    expect(page.get_by_text("网络断了，没有送出去")).to_be_visible()
    expect(page.locator("[name=phone]")).to_have_value("10055550005")
    newcomer.picture("number-lost")
    newcomer.context.set_offline(False)
    page.get_by_role("button", name="获取验证码").click()

    code = page.locator("[data-demo-code] .code-shown").inner_text()
    page.locator("[name=code]").fill(code)
    newcomer.context.set_offline(True)
    page.get_by_role("button", name="继续").click()
    expect(page.get_by_text("网络断了，没有送出去")).to_be_visible()
    expect(page.locator("[name=code]")).to_have_value(code)
    newcomer.picture("code-lost")
    newcomer.context.set_offline(False)
    page.get_by_role("button", name="继续").click()

    page.locator("[name=display_name]").fill("地铁里的人")
    page.locator("[name=agrees]").check()
    newcomer.context.set_offline(True)
    page.get_by_role("button", name="注册并登录").click()
    expect(page.get_by_text("网络断了，没有送出去")).to_be_visible()
    expect(page.locator("[name=display_name]")).to_have_value("地铁里的人")
    newcomer.context.set_offline(False)
    page.get_by_role("button", name="注册并登录").click()
    expect(page).to_have_url(re.compile(r"/my/sign-ups/\d+/"))
    expect(page.locator("main")).to_contain_text(title)
