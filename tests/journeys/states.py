"""What a page becomes when something is done on it: a form that says what is missing in it, a sheet, a word of thanks."""

import re
from collections.abc import Callable
from typing import NamedTuple

from playwright.sync_api import Page, expect


class State(NamedTuple):
    """Title of the picture, who looks, the address (in braces: what ``views.stage`` made), and what is done there."""

    title: str
    who: str
    path: str
    act: Callable[[Page], None]


def refused(form: str = "main form:has(.field)", **values: str) -> Callable[[Page], None]:
    """Fill in these fields of the form, empty what is named with nothing, and send it: it comes back with its errors."""

    def send(page: Page) -> None:
        page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true; })")
        filled = page.locator(form).last
        for name, value in values.items():
            filled.locator(f"[name={name}]").fill(value)
        filled.locator("button:not([type=button]):visible").last.click()
        expect(page.locator("#errors")).to_be_visible()

    return send


def sent_without_age(page: Page) -> None:
    page.locator(".card-title a", has_text=re.compile("振祁路夜间除雪防冻|Zhenqi")).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(re.compile("振祁路|Zhenqi"))
    page.locator(".bar.deed a.btn.main:visible, .side a.btn.main:visible").first.click()
    expect(page.locator("dialog #sheet-title")).to_be_visible()
    page.locator("dialog button[type=submit]").click()
    expect(page.locator("#errors")).to_be_visible()


def without_roles(page: Page) -> None:
    """A member keeps no role at all."""
    kept = page.locator("main [name=roles]:checked")
    while kept.count():
        kept.first.uncheck(force=True)
    refused()(page)


def saved(page: Page) -> None:
    page.locator("main form button[type=submit]").first.click()
    expect(page.locator(".messages")).to_be_visible()


def key_made(page: Page) -> None:
    """The page is walked more than once, a name holds once: what holds already is ended first."""
    while (held := page.locator(".confirm")).count():
        held.first.locator("summary").click()
        held.first.locator("button").click()
        expect(page.locator(".messages")).to_be_visible()
    page.locator("main [name=name]").fill("脚本")
    page.get_by_role("button", name=re.compile("生成密钥|Make the key")).click()
    expect(page.locator("#made")).to_be_visible()


STATES = (
    State("login-errors", "", "/account/login/", refused("form[action$='/login/']", username="", password="")),
    State("login-number-errors", "", "/account/login/", refused("form[action$='/number/']", phone="12345")),
    State("sheet-errors", "", "/actions/", sent_without_age),
    State(
        "me-edit-errors", "zhou", "/me/edit/", refused(display_name="", emergency_name="", emergency_phone="call me")
    ),
    State("phone-errors", "zhou", "/account/phone/", refused(phone="12345")),
    State("password-errors", "zhou", "/account/password/", refused(new_password1="short", new_password2="other")),
    State("keys-errors", "zhou", "/me/keys/", refused(name="")),
    State("key-made", "dana", "/me/keys/", key_made),
    State("close-errors", "zhou", "/me/close/", refused()),
    State("apply-errors", "zhou", "/my/organisations/apply/", refused(name="", about="", phone="x")),
    State("decline-errors", "mei", "/my/organisations/{yuqi}/requests/{request}/decline/", refused()),
    State("member-errors", "mei", "/my/organisations/{yuqi}/members/{member}/", without_roles),
    State("invite-errors", "mei", "/my/organisations/{yuqi}/invite/", refused(to="nobody-of-this-name")),
    State("describe-errors", "mei", "/my/organisations/{yuqi}/page/", refused(phone="x")),
    State("rename-errors", "admin", "/operator/organisations/{yuqi}/", refused(name="")),
    State("refuse-errors", "admin", "/operator/applications/{application}/", refused("form[action*='refuse']")),
    State("suspend-errors", "admin", "/operator/people/{member}/", refused("form[action*='suspend']")),
    State("review-errors", "mei", "/review/{review}/", refused("#return form")),
    State("partners-errors", "mei", "/desk/{full_desk}/partners/", refused()),
    State("post-errors", "mei", "/desk/{full_desk}/post/", refused()),
    State("shift-errors", "mei", "/desk/{full_desk}/shifts/new/", refused(date="", starts="", capacity="0")),
    State("call-off-errors", "mei", "/desk/{full_desk}/call-off/", refused()),
    State("composer-change-errors", "mei", "/desk/{full_desk}/edit/", refused(title="", place="")),
    State("saved", "zhou", "/me/edit/", saved),
)
