"""Everyone watches an action live: mei posts and people sign up, and two other windows show it without being loaded anew."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests import running
from tests.journeys.conftest import DESKTOP, Cable, Enter, Person

pytestmark = pytest.mark.journey

TITLE = "振祁路夜间除雪防冻"
WAITING = ".feed-news button:not([hidden])"
"""The button behind which news waits."""
SHIFT = """
from django.utils import timezone
from events.models import ActionPage, Action, Shift
action = Action.objects.get(key=ActionPage.objects.get(title="{title}").translation_key)
shift = Shift.objects.with_places().filter(action=action, starts_at__gt=timezone.now()).order_by("-starts_at").first()
print(action.pk, action.get_absolute_url(), shift.pk, shift.taken, shift.capacity)
"""
SIGN_UP = """
from communities.models import User
from events import seats
from events.models import Shift
from volunteers import profiles
for name in {names!r}:
    person = User.objects.get(username=name)
    profiles.declare_adult(person=person)
    seats.sign_up(person=person, shift=Shift.objects.get(pk={shift}))
"""


class Stage:
    """The action that everybody looks at, and its last shift."""

    def __init__(self, site: running.Site) -> None:
        self.site = site
        self.read()

    def read(self) -> None:
        pk, self.address, shift, taken, capacity = self._shell(SHIFT.format(title=TITLE)).split()
        self.action, self.shift, self.taken, self.capacity = int(pk), int(shift), int(taken), int(capacity)

    def sign_up(self, *names: str) -> None:
        self._shell(SIGN_UP.format(names=names, shift=self.shift))
        self.taken += len(names)

    def count_on(self, page: Page) -> Locator:
        """The line of the shift on the page of its action."""
        return page.locator(f"#shift-{self.shift}")

    @property
    def count(self) -> re.Pattern[str]:
        return re.compile(rf"\b{self.taken} / {self.capacity}\b")

    def _shell(self, code: str) -> str:
        return self.site.tell(code).strip()


@pytest.fixture
def stage(site: running.Site) -> Stage:
    return Stage(site)


def stays(person: Person) -> None:
    """Remember this very page; :func:`is_still_there` says whether it was loaded anew since."""
    expect(person.page.locator("live-line")).to_have_attribute("data-state", "live")
    person.page.evaluate("window.neverReloaded = true")


def is_still_there(person: Person) -> bool:
    return bool(person.page.evaluate("window.neverReloaded === true"))


def post(mei: Person, text: str) -> None:
    """From the page of the action, with a thumb."""
    mei.page.get_by_role("link", name="发布动态").first.click()
    mei.page.locator("#sheet-body textarea").fill(text)
    mei.page.locator("#sheet-body button.btn.main").click()
    expect(mei.page.locator(".entries")).to_contain_text(text)


def texts_on(page: Page) -> list[str]:
    """What was posted, newest first, as the feed shows it; whatever waits is let in first."""
    button = page.locator(WAITING)
    if button.is_visible():
        button.click()
    return [text.strip() for text in page.locator(".entries .entry-text").all_inner_texts()]


def expect_posted(person: Person, *texts: str) -> None:
    """Each once and in this order, the newest on top, perhaps behind the button."""
    feed = person.page.locator("live-feed")
    feed.scroll_into_view_if_needed()
    newest = person.page.locator(".entries .entry-text").first
    button = person.page.locator(WAITING)
    expect(button.or_(newest.filter(has_text=texts[0])).first).to_be_visible()
    shown = texts_on(person.page)
    assert shown[: len(texts)] == list(texts)


def test_mei_posts_and_two_others_see_it_and_the_places(enter: Enter, stage: Stage) -> None:
    mei, visitor, chen = enter("mei"), enter(), enter("dana", viewport=DESKTOP)
    cables = [Cable(visitor), Cable(chen)]
    for watcher in (visitor, chen):
        watcher.go(stage.address)
        expect(stage.count_on(watcher.page)).to_contain_text(stage.count)
        stays(watcher)
    mei.go(stage.address)

    post(mei, "雪已经扫到海瑞路口。")
    stage.sign_up("zhou")
    for watcher in (visitor, chen):
        expect_posted(watcher, "雪已经扫到海瑞路口。")
        expect(stage.count_on(watcher.page)).to_contain_text(stage.count)

    # A tunnel: two more posts, three more people.
    for cable in cables:
        cable.cut()
    post(mei, "还缺两把铲子。")
    stage.sign_up("bo", "qiang", "lu")
    post(mei, "铲子到了，谢谢！")
    for cable in cables:
        cable.mend()
    for watcher in (visitor, chen):
        expect_posted(watcher, "铲子到了，谢谢！", "还缺两把铲子。", "雪已经扫到海瑞路口。")
        expect(stage.count_on(watcher.page)).to_contain_text(stage.count)
        assert is_still_there(watcher), "the page was never loaded anew"
        watcher.picture(f"live-{watcher.name or 'visitor'}")

    # The words are those of a page that is opened now.
    fresh = enter()
    fresh.go(stage.address)
    assert stage.count_on(visitor.page).inner_text() == stage.count_on(fresh.page).inner_text()


def test_what_was_wrong_is_taken_back_before_everybodys_eyes(enter: Enter, stage: Stage) -> None:
    mei, visitor = enter("mei"), enter()
    visitor.go(stage.address)
    stays(visitor)
    mei.go(stage.address)
    post(mei, "集合点改到桥南。")
    expect_posted(visitor, "集合点改到桥南。")

    mei.page.locator(".entries .entry").first.get_by_role("link", name="撤回").click()
    expect(mei.page.locator("#sheet-body")).to_contain_text("集合点改到桥南。")
    mei.page.locator("#sheet-body").get_by_role("button").last.click()

    for watcher in (mei, visitor):
        expect(watcher.page.locator(".entries .entry").first).to_contain_text("撤回")
        expect(watcher.page.locator("main")).not_to_contain_text("集合点改到桥南。")
    assert is_still_there(visitor)
    late = enter()
    expect(late.go(stage.address).locator("main")).not_to_contain_text("集合点改到桥南。")


def test_the_desk_shows_who_comes_while_one_looks(enter: Enter, stage: Stage) -> None:
    mei = enter("mei", viewport=DESKTOP)
    mei.go(f"/desk/{stage.action}/?shift={stage.shift}")
    stays(mei)
    expect(mei.page.locator(".roster")).not_to_contain_text("达娜")
    mei.page.locator(".roster .phone button").first.click()
    number = mei.page.locator(".roster .phone a[href^='tel:']")
    expect(number).to_be_visible()
    shown = number.inner_text()
    stage.sign_up("dana")
    expect(mei.page.locator(".roster").first).to_contain_text("达娜")
    assert number.inner_text() == shown, "a number that was looked up stays while the list moves"
    assert is_still_there(mei)


def test_a_promotion_reaches_the_page_the_badge_and_the_inbox(enter: Enter, site: running.Site) -> None:
    mine = site.tell(
        "from tests import cast; town = cast.gather();"
        "shift = cast.a_shift(town, capacity=1, begin=50, title='候补补位');"
        "cast.sign_up(town.qiang, shift); print(cast.sign_up(town.chen, shift).pk)",
    )
    chen, elsewhere = enter("chen"), enter("chen")
    chen.go(f"/my/sign-ups/{mine}/")
    elsewhere.go("/updates/")
    for window in (chen, elsewhere):
        stays(window)
    expect(chen.page.locator("h1")).to_contain_text("第 1 位")
    badge = elsewhere.page.locator("nav.bar live-count")
    before = int(badge.get_attribute("data-count") or 0)

    site.tell(
        "from tests import cast; from events import seats; from events.models import SignUp; town = cast.gather();"
        "seats.cancel(sign_up=SignUp.objects.confirmed().get(person=town.qiang, shift__sign_ups=" + mine + "),"
        "by=town.qiang, reason='x')",
    )

    expect(chen.page.locator("h1")).to_contain_text("报名成功")
    expect(badge).to_have_attribute("data-count", str(before + 1))
    assert is_still_there(chen)
    elsewhere.go("/my/messages/")
    expect(elsewhere.page.locator("#inbox li").first).to_contain_text("候补补位")
    elsewhere.picture("inbox")
    elsewhere.page.locator("#inbox li a").first.click()
    expect(chen.page.locator("nav.bar live-count, .head-nav live-count").first).to_have_attribute(
        "data-count", str(before)
    )
