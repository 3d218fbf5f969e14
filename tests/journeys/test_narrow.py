"""On the narrowest phone and with everything twice as large: two journeys, and nothing ends beyond the edge.

320 CSS pixels (WCAG 1.4.10); a window of 1280 pixels enlarged to 200 % by the browser, which leaves 640; and letters
alone at 200 % on a phone (WCAG 1.4.4), as the browser's setting for them does it. What is on the narrowest phone in large print ``every_page`` tries.
"""

import re
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.journeys import measuring
from tests.journeys.conftest import NARROW, PHONE, Enter, Person
from tests.journeys.views import Look, dress

pytestmark = pytest.mark.journey


@dataclass(frozen=True)
class Size:
    viewport: dict[str, int]
    letters: str = ""

    def fits(self, person: Person, step: str) -> None:
        """Nothing on the page that is open sticks out or is cut off."""
        if self.letters:
            person.page.evaluate("size => { document.documentElement.style.fontSize = size; }", self.letters)
        assert not (found := measuring.cut_off(person.page)), f"{step}: {found}"
        person.picture(f"{step}-{self.viewport['width']}{'-letters' if self.letters else ''}")


SIZES = {
    "320px": Size(NARROW),
    "200-percent": Size({"width": 640, "height": 450}),
    "letters": Size(PHONE, letters="212.5%"),
}
ALL = pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
LANGUAGES = pytest.mark.parametrize("language", ["zh-hans", "en"])
VOLUNTEERS = {
    (size, language): name
    for (size, language), name in zip(
        [(size, language) for size in SIZES for language in ("zh-hans", "en")],
        ["zhou", "lan", "chen", "lu", "dana", "bo"],
        strict=True,
    )
}
ACTION = re.compile("振祁路夜间除雪防冻|Zhenqi")


@ALL
@LANGUAGES
def test_a_volunteer_signs_up(enter: Enter, size: Size, language: str) -> None:
    kind = next(name for name, each in SIZES.items() if each == size)
    person = enter(VOLUNTEERS[kind, language], logged_in=False, viewport=size.viewport)
    dress(person, Look("", size.viewport, language=language))
    page = person.go("/")
    size.fits(person, f"home-{language}")
    person.go("/actions/")
    size.fits(person, f"actions-{language}")
    page.locator(".card-title a", has_text=ACTION).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(ACTION)
    size.fits(person, f"action-{language}")
    page.locator(".bar.deed a.btn.main:visible").click()
    expect(page.locator("dialog #sheet-title")).to_be_visible()
    size.fits(person, f"sheet-{language}")
    page.locator("dialog button[type=submit]").click()
    expect(page.locator("#errors")).to_be_visible()
    size.fits(person, f"errors-{language}")
    page.locator("[name=is_adult]").check()
    page.locator("form button[type=submit].main").click()
    expect(page).to_have_url(re.compile("/account/login/"))
    size.fits(person, f"login-{language}")
    person.fill_in_login()
    expect(page).to_have_url(re.compile(r"/my/sign-ups/\d+/"))
    size.fits(person, f"signed-up-{language}")
    person.go("/my/activities/")
    size.fits(person, f"my-activities-{language}")
    assert person.complaints_besides(422) == []


@ALL
@LANGUAGES
def test_staff_post_an_action(enter: Enter, size: Size, language: str) -> None:
    mei = enter("mei", viewport=size.viewport)
    dress(mei, Look("", size.viewport, language=language))
    page = mei.go("/desk/")
    size.fits(mei, f"desks-{language}")
    mei.go("/desk/new/?kind=snow")
    size.fits(mei, f"composer-{language}")
    page.locator("[name=title]").fill("")
    page.locator("[name=do][value=announce]").click()
    expect(page.locator("#errors")).to_be_visible()
    size.fits(mei, f"composer-errors-{language}")
    page.locator("[name=title]").fill("窄屏上发布的扫雪")
    page.locator("input[type=date]").first.fill((timezone.localdate() + timedelta(days=2)).isoformat())
    page.locator("input[type=time]").nth(0).fill("19:00")
    page.locator("input[type=time]").nth(1).fill("21:00")
    page.locator("[name=place]").fill("海瑞路")
    page.locator("[name=do][value=announce]").click()
    expect(page).to_have_url(re.compile(r"/desk/\d+/"))
    expect(page.locator(".messages")).to_be_visible()
    size.fits(mei, f"desk-{language}")
    page.goto(page.url.split("?")[0] + "post/")
    size.fits(mei, f"post-{language}")
    assert mei.complaints_besides(422) == []


def test_what_sticks_out_is_noticed(enter: Enter) -> None:
    """The twins: a box that is too wide, and one that hides what is in it."""
    page = enter(viewport=SIZES["320px"].viewport).go("/")
    page.evaluate("document.querySelector('main').style.minWidth = '400px'")
    assert any("stick out" in each for each in measuring.cut_off(page))
    page.reload()
    page.evaluate("""() => {
        const main = document.querySelector("main"), wide = document.createElement("p");
        main.style.overflow = "hidden";
        wide.style.width = "900px";
        wide.textContent = "宽";
        main.append(wide);
    }""")
    assert any("hides" in each for each in measuring.cut_off(page))
