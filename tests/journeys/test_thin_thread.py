"""The main job, on a phone, with and without script: an action is posted, found, signed up for, and passed on."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.journeys.conftest import WINDOWS, Enter, Person

pytestmark = pytest.mark.journey

NAMES = {"lan": "兰心", "lu": "陆平", "bo": "柏川", "qiang": "强立"}


def compose(mei: Person, title: str, begin: datetime, *, most: int, script: bool) -> str:
    """mei posts two hours of snow clearing; returns the address of the action's page."""
    page = mei.go("/desk/")
    page.get_by_role("link", name="发起行动").first.click()
    page.get_by_role("radio", name="除雪防冻").check()
    if not script:
        page.get_by_role("button", name="用这一类的现成文字").click()
    page.get_by_label("标题", exact=True).fill(title)
    fill_in_hours(page, begin, script=script)
    page.get_by_label("最多人数").first.fill(str(most))
    page.get_by_label("地点", exact=True).fill("海瑞路")
    page.get_by_label("集合地点").fill("玉祁社区党群服务中心门口")
    expect(page.get_by_label("风险")).to_have_value(re.compile("路滑"))
    mei.picture(f"composer-{'script' if script else 'plain'}")
    page.get_by_role("button", name="发布", exact=True).click()
    expect(page.get_by_text("已发布").first).to_be_visible()
    mei.picture(f"announced-{'script' if script else 'plain'}")
    page.get_by_role("link", name="公开页面").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(title)
    return page.url.removeprefix(mei.site.url)


def fill_in_hours(page: Page, begin: datetime, *, script: bool) -> None:
    """With script one tap on 今晚 fills day and hours; then ours are typed, because tonight may begin in a minute."""
    day = page.locator("input[type=date]").first
    starts, ends = page.locator("input[type=time]").nth(0), page.locator("input[type=time]").nth(1)
    if script:
        page.get_by_role("button", name=re.compile("^今晚")).first.click()
        for field in (day, starts, ends):
            expect(field).not_to_have_value("")
    day.fill(f"{begin:%Y-%m-%d}")
    starts.fill(f"{begin:%H:%M}")
    ends.fill(f"{begin + timedelta(hours=2):%H:%M}")


def tomorrow_evening() -> datetime:
    return (timezone.localtime() + timedelta(days=1)).replace(hour=19, minute=0)


def in_ninety_minutes() -> datetime:
    return timezone.localtime() + timedelta(minutes=90)


@pytest.mark.parametrize(
    ("with_script", "begin", "first", "second"),
    [
        pytest.param(True, tomorrow_evening, "zhou", "lan", id="tomorrow-script"),
        pytest.param(False, tomorrow_evening, "dana", "lu", id="tomorrow-plain"),
        pytest.param(True, in_ninety_minutes, "dana", "bo", id="soon-script"),
        pytest.param(False, in_ninety_minutes, "yan", "qiang", id="soon-plain"),
    ],
)
def test_posted_found_signed_up_and_passed_on(
    enter: Enter, with_script: bool, begin: Callable[[], datetime], first: str, second: str
) -> None:
    is_soon = begin is in_ninety_minutes
    kind = f"{'soon' if is_soon else 'tomorrow'}-{'script' if with_script else 'plain'}"
    title = f"海瑞路除雪 {kind}"
    mei = enter("mei", script=with_script)
    address = compose(mei, title, begin(), most=1, script=with_script)

    # Somebody without an account finds it in the list; the choice is kept while one signs in.
    volunteer = enter(first, script=with_script, logged_in=False)
    volunteer.go("/actions/").get_by_role("link", name=title).click()
    volunteer.page.locator(".bar.deed a.btn.main:visible").click()
    next_step = volunteer.page.get_by_role("button", name=re.compile("^下一步"))
    expect(next_step).to_be_visible()
    volunteer.page.locator("[name=is_adult]").check()
    volunteer.picture(f"sheet-{kind}")
    next_step.click()
    expect(volunteer.page).to_have_url(re.compile("/account/login/"))
    volunteer.fill_in_login()
    expect(volunteer.page.get_by_role("heading", name=re.compile("报上|报名成功|已报名")).first).to_be_visible()
    volunteer.picture(f"signed-up-{kind}")

    # Full: the next one waits, and knows the turn.
    next_one = enter(second, script=with_script)
    two_taps(next_one, address, with_script=with_script)
    expect(next_one.page.locator("main")).to_contain_text(re.compile("第 ?1 位"))
    next_one.picture(f"waiting-{kind}")

    # The volunteer cannot come after all, and within two hours of the beginning says why.
    volunteer.go("/my/activities/").get_by_role("link", name=title).first.click()
    volunteer.page.get_by_role("link", name=re.compile("取消")).first.click()
    reason = volunteer.page.locator("[name=reason]")
    expect(reason).to_have_count(int(is_soon))
    if is_soon:
        reason.fill("孩子发烧")
    volunteer.picture(f"cancel-{kind}")
    volunteer.page.locator("main form button[type=submit]").last.click()
    expect(volunteer.page.locator("main")).to_contain_text("已取消")

    # The next one has the place, or within two hours of the beginning the offer of it.
    page = next_one.go("/my/activities/")
    expect(page.locator("main")).to_contain_text(title)
    accept = page.get_by_role("button", name=re.compile("我来|接受|确认"))
    expect(accept).to_have_count(int(is_soon))
    if is_soon:
        accept.click()
        expect(page).to_have_url(re.compile("/my/sign-ups/"))
    page.goto(f"{next_one.site.url}/my/activities/")
    expect(page.locator("main li", has_text=title).first).to_contain_text(re.compile("已报名|已报上"))
    next_one.picture(f"passed-on-{kind}")

    # The desk says the same.
    mei.go("/desk/").get_by_role("link", name=title).first.click()
    expect(mei.page.locator("main")).to_contain_text(NAMES[second])
    mei.picture(f"desk-{kind}")
    if with_script:
        assert [person.complaints for person in (mei, volunteer, next_one)] == [[], [], []]


def two_taps(person: Person, address: str, *, with_script: bool) -> None:
    """Tap one opens the sheet with a shift chosen, tap two takes the place or the turn."""
    person.go(address)
    person.page.locator(".bar.deed a.btn.main:visible").click()
    button = person.page.locator("#sheet-body button.btn.main").last
    expect(button).to_be_visible()
    if with_script:
        assert "/sign-up/" not in person.page.url, "the sheet opens over the page"
    button.click()
    expect(person.page).to_have_url(re.compile("/my/sign-ups/"))


@WINDOWS
def test_the_stranger_gets_into_none_of_the_coordinators_pages(enter: Enter, with_script: bool) -> None:
    mei, dana = enter("mei", script=with_script), enter("dana", script=with_script)
    mei.go("/desk/").get_by_role("link", name="振祁路夜间除雪防冻").first.click()
    desk = mei.page.url.removeprefix(mei.site.url).split("?")[0]
    pages = [desk, f"{desk}edit/", f"{desk}call-off/", f"{desk}shifts/new/", "/admin/pages/"]

    assert [mei.status_of(page) for page in pages[:4]] == [200] * 4
    for page in pages:
        dana.go(page)
        text = dana.page.locator("body").inner_text()
        assert "孙平" not in text, page
        assert "100****0101" not in text, page
    assert [dana.status_of(page) for page in pages[:4]] == [404] * 4
    dana.go(desk)
    dana.picture(f"stranger-{'script' if with_script else 'plain'}")
    expect(dana.go("/").get_by_role("link", name="工作台")).to_have_count(0)
