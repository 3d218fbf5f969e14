"""Cases at the desk: a grid worker solves one on the spot with a phone, a dispatcher sends two out, a merchant says that it is fixed."""

import io
import re
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.journeys.conftest import WINDOWS, Enter

pytestmark = pytest.mark.journey


def a_picture(folder: Path, name: str, colour: str) -> Path:
    """A photo as a phone takes it."""
    written = io.BytesIO()
    Image.new("RGB", (1600, 1200), colour).save(written, "JPEG")
    path = folder / f"{name}.jpg"
    path.write_bytes(written.getvalue())
    return path


@WINDOWS
def test_a_grid_worker_solves_it_on_the_spot(enter: Enter, tmp_path: Path, with_script: bool) -> None:
    lu = enter("lu", script=with_script)
    problem = "路边有两袋垃圾" if with_script else "灯杆上贴了收旧家电的广告"
    page = lu.go(f"/cases/desk/?list=all&q={problem}")
    page.locator("[data-number] a").first.click()
    page.locator("a[href$='/solve-on-the-spot/']:visible").first.click()
    page.locator("#photos_before_file").set_input_files(a_picture(tmp_path, "before", "brown"))
    page.locator("#photos_after_file").set_input_files(a_picture(tmp_path, "after", "white"))
    send = page.locator(".sheet-foot button")
    expect(page.locator("form[aria-busy=true]")).to_have_count(0)
    # The word was forgotten: nothing is lost, the pictures neither.
    send.click()
    expect(page.locator("#errors")).to_contain_text("做了什么")
    expect(page.locator(".report-shown img")).to_have_count(2)
    lu.picture(f"spot-{'script' if with_script else 'plain'}")
    page.get_by_label("做了什么").fill("两袋垃圾已拎走，地面扫净。")
    send.click()
    expect(page.locator("main")).to_contain_text(problem)
    expect(page.locator("#case-history")).to_contain_text("两袋垃圾已拎走")
    expect(page.locator("#case-pictures img")).to_have_count(3 if with_script else 2)
    lu.picture(f"solved-{'script' if with_script else 'plain'}")
    # What was kept for the form is asked for once more while the page is left, and gone by then.
    assert lu.complaints_besides(404, 422) == []


def test_a_dispatcher_sends_out_by_keyboard_and_sees_new_cases_come(enter: Enter) -> None:
    admin = enter("admin")
    page = admin.go("/cases/desk/?list=send")
    rows = page.locator("[data-number]")
    expect(rows.first).to_be_visible()
    before = rows.count()
    expect(page.locator("live-line")).to_have_attribute("data-state", "live")
    for key in ("j", "x", "j", "x"):
        page.keyboard.press(key)
    expect(page.locator("input[name=number]:checked")).to_have_count(2)

    # Meanwhile another case is filed: a line says so, and what is ticked stays where it is.
    other = enter("admin")
    other.go("/cases/desk/?list=take_in").locator("[data-number] a").first.click()
    other.page.locator("a[href$='/file/']:visible").first.click()
    other.page.locator("[name=standard]").first.check()
    other.page.locator(".sheet-foot button").click()
    expect(other.page.get_by_text("已完成").first).to_be_visible()
    new = page.locator("new-cases button")
    expect(new).to_contain_text("新到")
    expect(rows).to_have_count(before)
    new.click()
    expect(rows).to_have_count(before + 1)
    expect(page.locator("input[name=number]:checked")).to_have_count(2)

    page.get_by_role("button", name="派遣勾选的").click()
    expect(page.locator("select")).to_have_count(2)
    admin.picture("send-out")
    page.get_by_role("button", name=re.compile("派出 ?2 ?件")).click()
    expect(page.get_by_text(re.compile("已派出 ?2 ?件"))).to_be_visible()
    expect(rows).to_have_count(before - 1)
    assert admin.complaints == []


@WINDOWS
def test_a_merchant_says_that_it_is_fixed(enter: Enter, with_script: bool) -> None:
    zhou = enter("zhou", script=with_script)
    page = zhou.go("/me/")
    page.get_by_role("link", name="案卷办理").click()
    waiting = page.locator("[data-number]")
    before = waiting.count()
    waiting.first.get_by_role("link").click()
    page.locator("a[href$='/confirm/']:visible").first.click()
    page.get_by_label("给同事的话").fill("我从店里看得到，干净了。")
    page.locator(".sheet-foot button").click()
    expect(page.get_by_text("已完成").first).to_be_visible()
    zhou.go("/cases/desk/?list=fixed")
    expect(waiting).to_have_count(before - 1)
    assert zhou.complaints == []


def test_a_face_is_covered_with_the_finger(enter: Enter) -> None:
    admin = enter("admin")
    page = admin.go("/cases/desk/?list=all&q=路边有两袋垃圾")
    page.locator("[data-number] a").first.click()
    page.get_by_role("link", name="打码").first.click()
    stage = page.locator(".blur-picture")
    box = stage.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 40, box["y"] + 40)
    page.mouse.down()
    page.mouse.move(box["x"] + 140, box["y"] + 120)
    page.mouse.up()
    expect(page.locator(".blur-box")).to_have_count(1)
    page.get_by_role("button", name="加一个框").click()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowDown")
    expect(page.locator(".blur-box")).to_have_count(2)
    page.keyboard.press("Delete")
    expect(page.locator(".blur-box")).to_have_count(1)
    admin.picture("boxes")
    page.get_by_role("button", name="永久打码").click()
    expect(page.get_by_text("已打码")).to_be_visible()
    admin.picture("covered")
    assert admin.complaints == []
