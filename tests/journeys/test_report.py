"""A resident without an account reports rubbish on 振祁路 with a picture: with script and without, and across a dead spot.

On a phone of 390 × 844. With script the network goes before the report is sent, the browser is closed, and when it is opened
again the report goes off by itself, once.
"""

import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Browser, FilePayload, Page, expect

from tests import running
from tests.journeys.conftest import PHONE, WINDOWS, Enter, Person

pytestmark = pytest.mark.journey

NUMBER = re.compile(r"^YQ\d{12}$")
CODE = re.compile(r"^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$")
SENT = re.compile(r"/report/[0-9a-f-]{36}/$")


def a_picture(shade: int = 0) -> FilePayload:
    """As a phone takes it: large, and turned."""
    image = Image.new("RGB", (3000, 2000), (120, 130 + shade, 100))
    ImageDraw.Draw(image).ellipse((900, 600, 1900, 1500), fill=(90, 60, 40))
    file = io.BytesIO()
    image.save(file, "JPEG")
    return {"name": f"IMG_{shade}.jpg", "mimeType": "image/jpeg", "buffer": file.getvalue()}


def many_cases(site: running.Site) -> dict[str, int]:
    """How many there are with these words, and how many pictures they have."""
    told = site.tell(
        "from grid.models import Case, Photo; cases = Case.objects.filter(description__contains='三袋垃圾');"
        "print(cases.count(), Photo.objects.filter(case__in=cases).count())"
    )
    cases, photos = map(int, told.split())
    return {"cases": cases, "photos": photos}


def fill_in(page: Page, words: str, *, photos: bool = True) -> None:
    if photos:
        page.locator("#album").set_input_files([a_picture(), a_picture(40)])
    page.locator("label", has_text="垃圾没人收").click()
    page.locator("#id_description").fill(words)
    page.locator("[name=road]").select_option(label="振祁路")
    page.locator("[name=house_number]").fill("88")


def send(page: Page) -> None:
    page.locator("#report-form .sheet-foot button").click()


def read_receipt(page: Page) -> tuple[str, str]:
    expect(page).to_have_url(SENT)
    number, code = page.locator(".receipt-code").all_text_contents()
    assert NUMBER.match(number.strip())
    assert CODE.match(code.strip())
    return number.strip(), code.strip()


@WINDOWS
def test_a_resident_reports_rubbish_in_one_page(enter: Enter, site: running.Site, with_script: bool) -> None:
    person = enter(script=with_script)
    name = "script" if with_script else "plain"
    page = person.go("/")
    page.locator("main a[href='/report/']").click()
    fill_in(page, f"门口堆了三袋垃圾（{name}）")
    if with_script:
        expect(page.locator("[data-pictures] canvas")).to_have_count(2)
    person.picture(f"filled-{name}")
    before = many_cases(site)
    # One slip first: nothing of what was typed or uploaded is lost.
    page.locator("details.report-contact summary").click()
    page.locator("[name=phone]").fill("12")
    send(page)
    expect(page.locator("#errors")).to_be_visible()
    expect(page.locator("[data-pictures] img")).to_have_count(2)
    expect(page.locator("#id_description")).to_have_value(f"门口堆了三袋垃圾（{name}）")
    person.picture(f"slip-{name}")
    assert many_cases(site) == before
    page.locator("[name=phone]").fill("13900000001")
    send(page)
    expect(page.locator("#similar, .receipt-code").first).to_be_visible()
    if page.locator("#similar").count():
        # The town has reports of its own, and the other window's.
        person.picture(f"similar-{name}")
        page.locator("#similar > p .btn.main").click()
    number, _code = read_receipt(page)
    person.picture(f"done-{name}")
    after = many_cases(site)
    assert (after["cases"], after["photos"]) == (before["cases"] + 1, before["photos"] + 2)
    expect(page.locator(f"main a[href='/cases/{number}/']")).to_be_visible()
    assert person.complaints_besides(422) == []
    if with_script:
        page = person.go("/report/")
        expect(page.locator("[data-pictures] li")).to_have_count(0)
        expect(page.locator("#id_description")).to_have_value("")


class Pocket:
    """A phone whose browser can be closed and opened again, with what it keeps."""

    def __init__(self, site: running.Site, browser: Browser, chromium: str, folder: Path, artefacts: Path) -> None:
        self.site, self.browser, self.artefacts = site, browser, artefacts
        self.how: dict[str, Any] = {
            "user_data_dir": str(folder),
            "executable_path": chromium,
            "args": ["--no-sandbox", "--disable-gpu"],
            "viewport": PHONE,
            "locale": "zh-CN",
        }
        self.open()

    def open(self) -> None:
        self.context = self.browser.browser_type.launch_persistent_context(**self.how)
        self.person = Person(self.site, self.context, self.artefacts, "")

    def close(self) -> None:
        self.context.close()


@pytest.fixture
def pocket(site: running.Site, browser: Browser, chromium: str, tmp_path: Path, artefacts: Path) -> Iterator[Pocket]:
    phone = Pocket(site, browser, chromium, tmp_path, artefacts)
    yield phone
    phone.close()


def test_a_report_waits_for_the_network_and_a_closed_browser_and_goes_off_once(
    pocket: Pocket, site: running.Site
) -> None:
    before = many_cases(site)
    page = pocket.person.go("/report/")
    fill_in(page, "桥下三袋垃圾")
    page.locator("[name=house_number]").fill("301")
    expect(page.locator("[data-pictures] canvas")).to_have_count(2)
    waiting = str(page.locator("report-draft").get_attribute("data-waiting"))
    pocket.context.set_offline(True)
    send(page)
    expect(page.locator("[data-state]")).to_have_text(waiting)
    pocket.person.picture("waiting")
    assert many_cases(site) == before

    pocket.close()
    pocket.open()
    page = pocket.person.go("/report/")
    number, _code = read_receipt(page)
    pocket.person.picture("sent-by-itself")
    after = many_cases(site)
    assert (after["cases"], after["photos"]) == (before["cases"] + 1, before["photos"] + 2)
    assert number

    page = pocket.person.go("/report/")
    expect(page.locator("[data-pictures] li")).to_have_count(0)
    expect(page.locator("#id_description")).to_have_value("")


def test_an_answer_that_was_lost_makes_no_second_case(pocket: Pocket, site: running.Site) -> None:
    """The site has taken it, and its answer does not arrive: sent again by itself, it is the same case."""
    before = many_cases(site)
    page = pocket.person.go("/report/")
    lost: list[str] = []

    def lose_the_first(route: Any) -> None:
        if route.request.method == "POST" and not lost:
            lost.append(route.request.url)
            route.fetch(max_redirects=0)
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route("**/report/", lose_the_first)
    fill_in(page, "河边三袋垃圾")
    # Where nothing else was reported: with something similar near by one is asked first.
    page.locator("[name=house_number]").fill("321")
    expect(page.locator("[data-pictures] canvas")).to_have_count(2)
    send(page)
    read_receipt(page)
    after = many_cases(site)
    assert lost
    assert (after["cases"], after["photos"]) == (before["cases"] + 1, before["photos"] + 2)


def test_what_is_dangerous_brings_the_numbers_first(enter: Enter) -> None:
    person = enter()
    page = person.go("/report/")
    page.locator("label", has_text="闻到燃气味").click()
    expect(page.locator("#emergency")).to_have_class(re.compile("now"))
    expect(page.locator("#emergency")).to_be_in_viewport()
    person.picture("danger")
