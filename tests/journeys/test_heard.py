"""What a screen reader says: landmarks, headings, names of deeds, fields with their errors, the language of each part.

Read from the browser's own accessibility tree. That each part of each page says its language ``every_page`` asks.
"""

import itertools
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests import grounds
from tests.journeys import measuring
from tests.journeys.conftest import Enter

pytestmark = pytest.mark.journey

HEADING = re.compile(r'^\s*- heading "(?P<name>[^"]*)".*\[level=(?P<level>\d)\]', re.MULTILINE)

# Title, who looks, the address.
PAGES = (
    ("home", "", "/"),
    ("actions", "", "/actions/"),
    ("action", "", "{long}"),
    ("sign-up", "zhou", "{long}sign-up/"),
    ("signed-up", "zhou", "/my/sign-ups/{confirmed}/"),
    ("notice", "", "{notice}"),
    ("my-activities", "zhou", "/my/activities/"),
    ("desk", "mei", "/desk/{full_desk}/"),
)


@pytest.fixture(scope="module")
def ground() -> str:
    return grounds.with_stage()


@pytest.mark.parametrize(("title", "who", "path"), PAGES, ids=[title for title, _, _ in PAGES])
def test_a_page_is_told_in_order(enter: Enter, made: dict[str, object], title: str, who: str, path: str) -> None:
    page = enter(who).go(path.format(**made))
    said = page.locator("body").aria_snapshot()
    assert said.startswith('- link "跳到正文"'), "the way past the head comes first"
    for landmark in ("banner", "main", "contentinfo"):
        assert len(re.findall(rf"^- {landmark}\b", said, re.MULTILINE)) == 1, landmark
    levels = [int(each["level"]) for each in HEADING.finditer(page.locator("main").aria_snapshot())]
    assert levels[0] == 1
    assert levels.count(1) == 1
    steps = [(one, two) for one, two in itertools.pairwise(levels) if two > one + 1]
    assert steps == [], levels
    names = list(navigations(page))
    assert len(names) == len(set(names)), "two navigations of one name cannot be told apart"
    assert all(names)


def navigations(page: Page) -> Iterator[str]:
    for each in page.get_by_role("navigation").all():
        yield str(each.get_attribute("aria-label") or "")


def test_the_twin_hears_what_is_unmarked(enter: Enter) -> None:
    person = enter()
    person.context.add_cookies([{"name": "django_language", "value": "en", "url": person.site.url}])
    page = person.go("/")
    assert page.locator("[lang^=zh]").count()
    assert measuring.unmarked(page) == []
    # A name of two letters, among English words.
    page.locator("main h1").evaluate("each => each.append('梅芳')")
    assert measuring.unmarked(page) == ["not marked as Chinese: 梅芳"]


def test_the_main_deed_says_the_state(enter: Enter, made: dict[str, object]) -> None:
    visitor = enter()
    deed = visitor.go(str(made["long"])).get_by_role("region", name="可以做的事").locator(".btn:visible")
    expect(deed).to_have_accessible_name(re.compile("^我要报名"))
    deed = visitor.go(str(made["full"])).locator(".bar.deed .btn:visible")
    expect(deed).to_have_accessible_name(re.compile("候补"))
    deed = visitor.go(str(made["called_off"])).locator(".bar.deed .btn:visible")
    expect(deed).to_have_accessible_name(re.compile("叫停"))
    expect(deed).to_be_disabled()


def test_shifts_and_actions_are_lists(enter: Enter, made: dict[str, object]) -> None:
    page = enter().go(str(made["long"]))
    rows = page.get_by_role("listitem").filter(has=page.get_by_role("heading", level=3))
    assert rows.count() == 12
    # The same word twelve times: each is told apart by its hours.
    names = [button.inner_text() for button in rows.locator("a.btn:visible").all()]
    assert len(set(names)) == len(names) == 12
    page.goto(page.url.split("/actions/")[0] + "/actions/")
    cards = page.locator("main").get_by_role("listitem").filter(has=page.get_by_role("heading"))
    assert cards.count() > 3


def test_places_are_told_in_words(enter: Enter, made: dict[str, object]) -> None:
    """The stitches are for eyes; what they show stands beside them in words."""
    page = enter("mei").go(f"/desk/{made['full_desk']}/")
    assert page.locator("svg.stitches").count()
    for stitches in page.locator("svg.stitches").all():
        expect(stitches).to_have_attribute("aria-hidden", "true")
    expect(page.get_by_role("region", name="这一班").first).to_contain_text(re.compile(r"2 ?/ ?2|满"))


def test_news_does_not_interrupt(enter: Enter, made: dict[str, object]) -> None:
    page = enter("zhou").go(str(made["full"]))
    voices = page.locator("[role=status], [role=alert], [aria-live]")
    assert voices.count()
    for each in voices.all():
        assert each.get_attribute("role") == "status", each.evaluate("each => each.outerHTML")
        assert each.get_attribute("aria-live") in (None, "polite")


def test_an_error_belongs_to_its_field(enter: Enter) -> None:
    page = enter().go("/actions/")
    page.locator(".card-title a", has_text="振祁路夜间除雪防冻").first.click()
    page.locator(".bar.deed a.btn.main:visible").click()
    page.locator("dialog button[type=submit]").click()
    summary = page.get_by_role("alert")
    expect(summary).to_be_focused()
    expect(summary.get_by_role("link")).to_have_count(1)
    age = page.locator("[name=is_adult]")
    expect(age).to_have_attribute("aria-invalid", "true")
    expect(age).to_have_accessible_name(re.compile("18"))
    expect(age).to_have_accessible_description(re.compile("."))
    assert page.get_by_role("group").first.evaluate("each => each.querySelector('legend').innerText.trim()")


@pytest.mark.parametrize(
    ("who", "path"),
    [("", "/account/login/"), ("mei", "/desk/new/"), ("zhou", "/me/edit/"), ("mei", "/desk/{full_desk}/post/")],
)
def test_every_field_has_a_name_and_every_hint_is_read(
    enter: Enter, made: dict[str, object], who: str, path: str
) -> None:
    page = enter(who).go(path.format(**made))
    page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true; })")
    fields = page.locator("main").locator("input:not([type=hidden]), select, textarea")
    assert fields.count()
    for each in fields.all():
        expect(each).to_have_accessible_name(re.compile(r"\S"))
    hints = page.locator("main .field > .hint[id$=_helptext]")
    assert hints.count()
    for hint in hints.all():
        assert described_by(page, hint), hint.inner_text()


def described_by(page: Page, hint: Locator) -> int:
    return page.locator(f"[aria-describedby~='{hint.get_attribute('id')}']").count()
