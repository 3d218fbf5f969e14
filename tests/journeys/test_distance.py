"""How far the actions are from me: asked by me alone, answered in my browser, and without anything moving under my eyes."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import measuring
from tests.journeys.conftest import DESKTOP, PHONE, Enter, Person
from tests.journeys.every_page import still

pytestmark = pytest.mark.journey

# The phone as a page knows it, with the moment of its answer in our hands.
PHONE_THAT_WAITS = """
  window.asked = 0;
  navigator.geolocation.getCurrentPosition = (tell, fail) => {
    window.asked += 1;
    window.tell = () => tell({ coords: { latitude: 31.7105, longitude: 120.1834 } });
    window.fail = (code) => fail({ code: code });
  };
"""
WHERE_ALL_IS = """() => Array.from(document.querySelectorAll("main .card, main .card-title, main h1, main .btn"), (each) => {
  const box = each.getBoundingClientRect();
  return [each.textContent.trim().slice(0, 8), Math.round(box.left), Math.round(box.top + scrollY)];
})"""
LISTS = pytest.mark.parametrize("path", ["/", "/actions/"])
LOOKS = pytest.mark.parametrize(
    ("viewport", "mode"), [(PHONE, "standard"), (PHONE, "elder"), (DESKTOP, "standard")], ids=["phone", "large", "desk"]
)


def waiting(person: Person, path: str) -> Page:
    still(person).page.add_init_script(PHONE_THAT_WAITS)
    page = person.go(path)
    expect(page.locator("[data-do=ask]")).to_be_visible()
    return page


def said(page: Page) -> list[str]:
    return [words for words in page.locator("#cards [data-distance]").all_inner_texts() if words]


@LISTS
def test_it_asks_only_when_it_is_told_to_and_sends_nothing(enter: Enter, path: str) -> None:
    page = waiting(enter(), path)
    page.wait_for_load_state("networkidle")
    assert page.evaluate("asked") == 0
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url))
    page.locator("[data-do=ask]").click()
    assert page.evaluate("asked") == 1
    assert said(page) == []
    page.evaluate("tell()")
    assert said(page)
    assert all(re.fullmatch(r"约 \d+(\.\d)? (米|公里)", words) for words in said(page))
    assert sent == []
    page.reload()
    expect(page.locator("[data-do=ask]")).to_be_visible()
    assert (page.evaluate("asked"), said(page)) == (0, [])


@LISTS
@LOOKS
@pytest.mark.parametrize("answer", ["tell()", "fail(1)", "fail(2)"], ids=["told", "refused", "failed"])
def test_nothing_moves_when_the_answer_comes(
    enter: Enter, path: str, viewport: dict[str, int], mode: str, answer: str
) -> None:
    page = waiting(enter(viewport=viewport), path)
    measuring.wear(page, "light", mode)
    page.locator("[data-do=ask]").click()
    before = page.evaluate(WHERE_ALL_IS)
    page.evaluate(answer)
    expect(page.locator("distance-to-me [role=status]")).not_to_have_text(
        page.locator("distance-to-me").get_attribute("data-waiting") or "?"
    )
    after = page.evaluate(WHERE_ALL_IS)
    assert moved(before, after) == []
    assert moved(before, [[words, x, y + 2] for words, x, y in after]), "it would be seen"


def moved(before: list[list[Any]], after: list[list[Any]]) -> list[tuple[list[Any], list[Any]]]:
    """What stands elsewhere now; half a pixel may be rounded this way or that. The button that is new then has room of its own."""
    old, new = ([place for place in places if place[0] != "近的排前面"] for places in (before, after))
    assert [place[0] for place in old] == [place[0] for place in new]
    return [(a, b) for a, b in zip(old, new, strict=True) if max(abs(a[1] - b[1]), abs(a[2] - b[2])) > 1]


def test_the_nearest_stand_first_and_those_nowhere_behind(enter: Enter) -> None:
    page = waiting(enter(), "/actions/")
    page.locator("[data-do=ask]").click()
    page.evaluate("tell()")
    page.locator("[data-do=sort]").click()
    away = [line.get_attribute("data-away") for line in page.locator("#cards > li").all()]
    known = [float(each) for each in away if each]
    assert known == sorted(known)
    assert len(known) > 2
    assert not any(away[len(known) :])


def test_a_list_that_goes_on_elsewhere_is_not_sorted(enter: Enter) -> None:
    """The nearest of six is not the nearest of all."""
    page = waiting(enter(), "/")
    page.locator("[data-do=ask]").click()
    page.evaluate("tell()")
    assert page.locator("[data-do=sort]").count() == 0


def test_a_list_that_is_fetched_anew_still_says_it(enter: Enter) -> None:
    page = waiting(enter(), "/actions/")
    page.locator("[data-do=ask]").click()
    page.evaluate("tell()")
    before = said(page)
    page.evaluate("document.querySelector('#cards').dataset.old = '1'")
    page.evaluate("document.dispatchEvent(new CustomEvent('live:wanted'))")
    expect(page.locator("#cards:not([data-old])")).to_be_attached()
    assert said(page) == before


def test_without_script_there_is_nothing_and_no_gap(enter: Enter) -> None:
    page = enter(script=False).go("/actions/")
    expect(page.locator(".card").first).to_be_visible()
    expect(page.locator("distance-to-me button").first).to_be_hidden()
    box = page.locator("distance-to-me").bounding_box()
    assert box is not None
    assert box["height"] < 8


@LISTS
@LOOKS
def test_axe_finds_nothing_once_it_is_said(enter: Enter, path: str, viewport: dict[str, int], mode: str) -> None:
    page = waiting(enter(viewport=viewport), path)
    page.locator("[data-do=ask]").click()
    page.evaluate("tell()")
    for theme in ("light", "dark"):
        measuring.wear(page, theme, mode)
        assert measuring.axe(page) == []
        found = measuring.in_looks(page, {mode: (theme, mode)}, cutOff=None, smallTargets=measuring.LEAST)[mode]
        assert (found["cutOff"], found["smallTargets"]) == ([], [])
