"""The map of the net: by keyboard, with a finger, without script; the list beside it always has the same."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import DESKTOP, Enter
from tests.journeys.test_keyboard import Keys

pytestmark = pytest.mark.journey

CELL = "32020600500101"
IN_CELL = {"latitude": 31.7105, "longitude": 120.1834}
"""Beside the first houses of 振祁路."""


def center(page: Page) -> list[float]:
    """Where the map's middle lies, told by what is drawn: the box of the town's outline."""
    box = page.locator(".map-live path.town").bounding_box()
    assert box is not None
    return [round(box[side]) for side in ("x", "y", "width", "height")]


def drawn(page: Page) -> None:
    page.locator("grid-map").scroll_into_view_if_needed()
    expect(page.locator("grid-map.is-live .map-live path.town")).to_be_attached()


def test_by_keyboard_it_is_moved_and_left_and_its_numbers_open_their_lines(enter: Enter) -> None:
    person = enter(viewport=DESKTOP)
    page, keys = person.go("/roads/R001/"), Keys(person.page)
    drawn(page)

    keys.tab_to("^跳过地图|Past the map", "a")
    page.keyboard.press("Tab")
    live = page.locator(".map-live")
    expect(live).to_be_focused()
    before = center(page)
    page.keyboard.press("+")
    page.wait_for_function(
        "width => document.querySelector('.map-live path.town').getBoundingClientRect().width > width * 1.5",
        arg=before[2],
    )
    nearer = center(page)
    page.keyboard.press("ArrowDown")
    page.wait_for_function(
        "y => document.querySelector('.map-live path.town').getBoundingClientRect().y < y - 20", arg=nearer[1]
    )
    page.keyboard.press("-")
    page.wait_for_function(
        "width => document.querySelector('.map-live path.town').getBoundingClientRect().width < width", arg=nearer[2]
    )

    page.keyboard.press("Tab")
    mark = page.locator(".map-live .map-number:focus")
    expect(mark).to_have_attribute("role", "button")
    said = mark.get_attribute("aria-label") or ""
    number = re.search(r"\d+", said)
    assert number
    page.keyboard.press("Enter")
    line = page.locator("#points > li:focus")
    expect(line.locator(".turn")).to_have_text(number[0])
    assert person.complaints == []


def test_the_link_past_the_map_leads_to_the_list(enter: Enter) -> None:
    person = enter(viewport=DESKTOP)
    page, keys = person.go("/grid/"), Keys(person.page)
    drawn(page)
    keys.tab_to("^跳过地图|Past the map", "a")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.getElementById('net').contains(document.activeElement)")


def test_a_tapped_cell_opens_its_line(enter: Enter) -> None:
    person = enter()
    page = person.go("/grid/")
    drawn(page)
    shape = page.locator(".map-live path.cell.community").first
    box = shape.bounding_box()
    assert box is not None
    shape.dispatch_event("click", {"clientX": box["x"] + box["width"] / 2, "clientY": box["y"] + box["height"] / 2})
    focused = page.locator("#net li[id^=cell-] a:focus")
    expect(focused).to_be_visible()
    focused.press("Enter")
    expect(page).to_have_url(re.compile(r"/grid/\d+/$"))
    expect(page.locator(".map-live path.cell.here")).to_be_attached()
    assert person.complaints == []


def test_the_buttons_move_the_map(enter: Enter) -> None:
    person = enter()
    page = person.go(f"/grid/{CELL}/")
    drawn(page)
    opened = center(page)
    page.locator("[data-map=out]").click()
    page.wait_for_function(
        "width => document.querySelector('.map-live path.town').getBoundingClientRect().width < width", arg=opened[2]
    )
    page.locator("[data-map=whole]").click()
    page.wait_for_function(
        "() => { const town = document.querySelector('.map-live path.town').getBoundingClientRect(),"
        " ground = document.querySelector('.map-ground').getBoundingClientRect();"
        " return town.top >= ground.top - 2 && town.bottom <= ground.bottom + 2; }"
    )


def test_without_script_the_drawing_and_the_list_are_there(enter: Enter) -> None:
    person = enter(script=False)
    page = person.go("/roads/R001/")
    expect(page.locator(".sketch")).to_be_visible()
    numbers = page.locator(".sketch .map-number text").all_text_contents()
    assert numbers == page.locator("#points .turn").all_inner_texts()
    expect(page.locator(".map-tools")).to_be_hidden()
    expect(page.locator("distance-to-me button").first).to_be_hidden()


def test_where_the_net_cannot_be_fetched_the_drawing_stays(enter: Enter) -> None:
    person = enter()
    person.page.route("**/net.geojson*", lambda route: route.abort())
    with person.page.expect_event("requestfailed"):
        page = person.go("/grid/")
    expect(page.locator(".sketch")).to_be_visible()
    expect(page.locator(".map-tools")).to_be_hidden()


def test_who_came_for_the_list_does_not_fetch_the_map(enter: Enter) -> None:
    person = enter()
    asked: list[str] = []
    person.page.on("request", lambda request: asked.append(request.url))
    page = person.go("/roads/R001/")
    page.wait_for_load_state("networkidle")
    assert not [url for url in asked if "leaflet.js" in url or "geojson" in url]
    drawn(page)
    assert [url for url in asked if "leaflet.js" in url]


def test_how_far_it_is_stays_in_the_browser(enter: Enter) -> None:
    person = enter()
    person.context.grant_permissions(["geolocation"])
    person.context.set_geolocation(IN_CELL)
    page = person.go("/roads/R001/")
    drawn(page)
    asked: list[str] = []
    first = page.locator("#points > li").first.get_attribute("id")
    expect(page.locator("#points [data-distance]").first).to_be_empty()
    page.on("request", lambda request: asked.append(request.url))
    page.locator("[data-do=ask]").click()
    expect(page.locator("#points [data-distance]").first).to_contain_text(re.compile(r"\d"))
    page.locator("[data-do=sort]").click()
    away = [int(line.get_attribute("data-away").split(".")[0]) for line in page.locator("#points > li").all()]
    assert away == sorted(away)
    assert asked == []
    assert first


def test_who_does_not_want_to_say_where_is_told_what_to_do(enter: Enter) -> None:
    person = enter()
    page = person.go("/roads/R001/")
    page.locator("[data-do=ask]").click()
    status = page.locator("distance-to-me [role=status]")
    expect(status).to_have_text(page.locator("distance-to-me").get_attribute("data-refused") or "?")
