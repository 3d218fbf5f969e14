"""What was typed into the composer without a connection comes back as it was left."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from tests.journeys.conftest import Enter

pytestmark = pytest.mark.journey


def fill_in(row: Locator, begins: str, ends: str) -> None:
    row.locator("input[type=date]").fill((timezone.localdate() + timedelta(days=2)).isoformat())
    row.locator("input[type=time]").nth(0).fill(begins)
    row.locator("input[type=time]").nth(1).fill(ends)


def draft_with_two_shifts(page: Page) -> None:
    page.get_by_label("标题", exact=True).fill("断网时改的行动")
    page.get_by_label("地点", exact=True).fill("海瑞路")
    page.get_by_role("button", name="再加一班").click()
    rows = page.locator("fieldset[data-row]")
    expect(rows).to_have_count(2)
    fill_in(rows.nth(0), "09:00", "10:00")
    fill_in(rows.nth(1), "10:00", "11:00")
    page.get_by_role("button", name="存为草稿").click()
    expect(page.locator("#desk-run, #desk-head").first).to_be_visible()


def test_a_shift_that_was_marked_to_go_without_a_connection_is_shown_so_afterwards(enter: Enter) -> None:
    mei = enter("mei")
    page = mei.go("/desk/new/?kind=snow")
    draft_with_two_shifts(page)
    page.goto(f"{page.url.split('?')[0]}edit/")
    rows = page.locator("fieldset[data-row]")
    expect(rows).to_have_count(2)

    # Nothing that is typed reaches the site, so it stays on the phone and comes from there.
    page.route("**/autosave/", lambda asked: asked.abort())
    rows.nth(1).locator(".shift-remove").click()
    expect(page.locator("auto-save")).to_have_class(re.compile("offline"))
    page.goto(page.url)
    expect(page.locator("auto-save")).to_have_class(re.compile("offline"))
    expect(rows.nth(0)).not_to_have_class(re.compile("is-removed"))
    expect(rows.nth(1)).to_have_class(re.compile("is-removed"))
    expect(rows.nth(1).get_by_role("button", name="留着")).to_be_visible()
