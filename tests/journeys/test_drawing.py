"""A shape is drawn by mouse and by keyboard; the text of its corners says the same at every moment."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.conftest import Enter

pytestmark = pytest.mark.journey

CELL = "/operator/grid/areas/32020600500101/outline/"


def corners(page: Page) -> list[str]:
    return page.locator("#id_shape").input_value().strip().splitlines()


def drawn(page: Page) -> Locator:
    """The handles of the corners; the editor is there when they are."""
    handles = page.locator(".draw-handle.corner")
    expect(handles.first).to_be_visible()
    return handles


def drag(page: Page, handle: Locator, by: tuple[int, int]) -> None:
    handle.scroll_into_view_if_needed()
    box = handle.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + by[0] / 2, y + by[1] / 2, steps=4)
    page.mouse.move(x + by[0], y + by[1], steps=4)
    page.mouse.up()


def test_by_mouse_a_corner_is_moved_added_removed_and_taken_back(enter: Enter) -> None:
    admin = enter("admin")
    page = admin.go(CELL)
    handles, before = drawn(page), corners(page)
    expect(handles).to_have_count(6)

    drag(page, handles.nth(0), (-30, -20))
    moved = corners(page)
    assert moved[0] != before[0]
    assert moved[1:] == before[1:]

    page.locator(".draw-handle.middle").last.click()
    expect(handles).to_have_count(7)
    page.get_by_role("button", name="Remove this corner").or_(page.get_by_role("button", name="删除这个拐点")).click()
    expect(handles).to_have_count(6)
    assert corners(page) == moved

    undo = page.locator("[data-do=undo]")
    for _time in range(3):
        undo.click()
    expect(undo).to_be_disabled()
    assert corners(page) == before
    assert admin.complaints == []


def test_by_keyboard_a_corner_goes_a_metre_and_ten_and_away(enter: Enter) -> None:
    admin = enter("admin")
    page = admin.go(CELL)
    handles, before = drawn(page), corners(page)

    handles.nth(2).focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowUp")
    longitude, latitude = (float(part) for part in corners(page)[2].split(", "))
    was_longitude, was_latitude = (float(part) for part in before[2].split(", "))
    assert longitude - was_longitude == pytest.approx(0.0000106, abs=1e-6)
    assert latitude - was_latitude == pytest.approx(0.00009, abs=1e-6)
    expect(page.locator(".draw-handle.chosen")).to_be_focused()

    page.keyboard.press("Delete")
    expect(handles).to_have_count(5)
    assert before[2] not in corners(page)
    page.locator(".draw-handle.middle").first.press("Enter")
    expect(handles).to_have_count(6)
    assert admin.complaints == []


def test_on_a_phone_a_point_is_where_one_presses(enter: Enter) -> None:
    admin = enter("admin")
    page = admin.go("/operator/grid/points/P001/")
    drawn(page)
    before = page.locator("#id_shape").input_value()

    page.locator(".draw-ground").click(position={"x": 120, "y": 160})

    expect(page.locator("#id_shape")).not_to_have_value(before)
    expect(drawn(page)).to_have_count(1)
    assert admin.complaints == []


def test_what_is_written_is_drawn_and_what_cannot_be_read_is_said(enter: Enter) -> None:
    admin = enter("admin")
    page = admin.go(CELL)
    handles = drawn(page)

    page.locator("#id_shape").fill(
        "120.18, 31.71\n120.19, 31.71\n120.19, 31.72\n120.18, 31.72\n\n120.182, 31.712\n120.184, 31.712\n120.184, 31.714"
    )
    expect(handles).to_have_count(7)
    page.locator("#id_shape").fill("here and there")
    expect(handles).to_have_count(0)
    expect(page.locator(".draw-said")).not_to_be_empty()


def test_without_script_the_text_is_all_there_is_and_enough(enter: Enter) -> None:
    admin = enter("admin", script=False)
    page = admin.go(CELL)

    expect(page.locator(".draw-ground")).to_be_hidden()
    page.locator("#id_shape").fill("\n".join(corners(page)[:5]))
    page.locator("main form button[type=submit]").last.click()
    expect(page).to_have_url(f"{admin.site.url}/operator/grid/areas/32020600500101/")
