"""A newcomer with nothing but a phone: from 我要报名 to the place, by a number, a code and a name."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import DESKTOP, WINDOWS, Enter, want_to_come

pytestmark = pytest.mark.journey


@WINDOWS
def test_a_newcomer_signs_up_by_number_code_and_name(enter: Enter, with_script: bool) -> None:
    kind = "script" if with_script else "plain"
    somebody = enter(script=with_script)
    page = somebody.go("/actions/")
    page.locator("main .card-title > a").first.click()
    title = page.get_by_role("heading", level=1).inner_text()
    want_to_come(page)

    expect(page.locator("main")).to_contain_text("已经留着")
    somebody.picture(f"number-{kind}")
    page.locator("[name=phone]").fill("100 1234 5678" if with_script else "10012345679")
    page.get_by_role("button", name="获取验证码").click()

    code = page.locator("[data-demo-code] .code-shown").inner_text()
    somebody.picture(f"code-{kind}")
    page.locator("[name=code]").fill("000000" if code != "000000" else "111111")
    page.get_by_role("button", name="继续").click()
    expect(page.locator("#errors")).to_contain_text("验证码不对")
    somebody.picture(f"wrong-code-{kind}")
    page.locator("[name=code]").fill(code)
    page.get_by_role("button", name="继续").click()

    expect(page.get_by_role("heading", name="欢迎")).to_be_visible()
    somebody.picture(f"welcome-{kind}")
    page.locator("[name=display_name]").fill(f"新来的 {kind}")
    page.locator("[name=agrees]").check()
    page.get_by_role("button", name="注册并登录").click()

    expect(page).to_have_url(re.compile(r"/my/sign-ups/\d+/"))
    expect(page.locator("main")).to_contain_text(title)
    somebody.picture(f"signed-up-{kind}")
    page = somebody.go("/me/data/")
    for words in ("+86100123456", f"新来的 {kind}", title):
        expect(page.locator("main")).to_contain_text(words)
    somebody.picture(f"my-data-{kind}")
    somebody.go("/me/")
    somebody.picture(f"me-{kind}")

    somebody.go("/me/close/")
    somebody.picture(f"close-{kind}")
    page.locator("[name=is_sure]").check()
    page.get_by_role("button", name="注销账号").click()
    expect(page.locator("body")).to_contain_text("账号已注销")
    assert somebody.status_of("/me/data/") == 302
    if with_script:
        assert somebody.complaints_besides(422) == []


def test_who_comes_back_is_in_with_the_code_alone(enter: Enter) -> None:
    chen = enter("chen", logged_in=False)
    page = chen.go("/account/login/?next=/my/activities/")
    chen.picture("door")
    page.locator("[name=phone]").fill("10000000007")
    page.get_by_role("button", name="获取验证码").click()
    page.locator("[name=code]").fill(page.locator("[data-demo-code] .code-shown").inner_text())
    page.get_by_role("button", name="继续").click()
    expect(page).to_have_url(re.compile("/my/activities/"))


@WINDOWS
def test_a_key_for_a_program(enter: Enter, with_script: bool) -> None:
    """Made on the phone, copied, used by a program, ended: the program is shut out."""
    dana = enter("dana", script=with_script)
    page = dana.go("/me/data/")
    page.get_by_role("link", name="程序密钥").click()
    page.locator("[name=name]").fill("脚本" if with_script else "另一个脚本")
    page.get_by_role("button", name="生成密钥").click()
    key = page.locator("#key").input_value()
    dana.picture(f"key-{'script' if with_script else 'plain'}")
    if with_script:
        dana.context.grant_permissions(["clipboard-read", "clipboard-write"])
        page.get_by_role("button", name="复制密钥").click()
        expect(page.get_by_role("status", name="").filter(has_text="已复制")).to_be_visible()
        assert page.evaluate("navigator.clipboard.readText()") == key

    def asked() -> int:
        shift = dana.context.request.get(f"{dana.site.url}/api/v1/shifts/?when=upcoming").json()["results"][-1]["id"]
        program = page.context.browser.new_context(extra_http_headers={"Authorization": f"Token {key}"})
        answer = program.request.get(f"{dana.site.url}/api/v1/shifts/{shift}/sign-up/").status
        program.close()
        return answer

    assert asked() == 404  # known, and signed up nowhere
    page = dana.go("/me/keys/")
    assert key not in page.content()
    held = page.locator("main li", has_text="脚本" if with_script else "另一个脚本")
    expect(held).to_contain_text("最近使用")
    held.locator("summary").click()
    held.get_by_role("button", name="确定停用").click()
    expect(page.locator("body")).to_contain_text("已停用")
    assert asked() == 401
    if with_script:
        assert dana.complaints == []


def test_the_pages_of_an_account_can_be_read(enter: Enter) -> None:
    chen = enter("chen", viewport=DESKTOP)
    for path in (
        "/privacy/",
        "/account/phone/",
        "/account/password/",
        "/me/data/",
        "/me/keys/",
        "/me/edit/",
        "/me/close/",
        "/me/",
    ):
        page = chen.go(path)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        chen.picture(f"desktop{path.replace('/', '-')}")
    visitor = enter()
    visitor.go("/privacy/")
    visitor.picture("privacy-phone")


def test_the_page_behind_the_door_is_whole(enter: Enter) -> None:
    """What the composer has of its own, a style sheet and scripts, comes with it though the login form led there."""
    mei = enter("mei", logged_in=False)
    page = mei.go("/desk/new/")
    expect(page).to_have_url(re.compile("/account/login/"))
    mei.fill_in_login()

    expect(page).to_have_url(re.compile("/desk/new/$"))
    expect(page.locator(".shift-gone").first).to_be_hidden()
    day = page.locator("[name=shifts-0-date]")
    expect(day).to_have_value("")
    page.get_by_role("button", name=re.compile("明早")).first.click()
    expect(day).not_to_have_value("")
    assert page.locator("head title").count() == 1
    assert mei.complaints == []
