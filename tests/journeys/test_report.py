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
from playwright.sync_api import Browser, FilePayload, Locator, Page, Route, expect

from grid.net import coordinates
from grid.net.geometry import Position, metres_between
from tests import grounds, running
from tests.journeys.conftest import DESKTOP, PHONE, WINDOWS, Enter, Person

pytestmark = pytest.mark.journey

NUMBER = re.compile(r"^YQ\d{12}$")
CODE = re.compile(r"^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$")
SENT = re.compile(r"/report/[0-9a-f-]{36}/$")


@pytest.fixture(scope="module")
def site(ground: str) -> Iterator[running.Site]:
    """The demo town, whose operator has filled in the gas company's line."""
    name = f"report_{grounds.run_id()}_{grounds.worker()}"
    grounds.copy(ground, name)
    with running.Site(name, GAS_PHONE="0510 8388 0000") as started:
        yield started
    grounds.drop(name)


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
    page.locator("details.report-contact summary", has_text="联系方式").click()
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


def test_what_is_chosen_before_the_script_comes_is_taken(enter: Enter) -> None:
    """On a slow line a thumb is quicker than the script."""
    person, held = enter(), list[Route]()

    def hold(route: Route) -> None:
        held.append(route)

    person.page.route(re.compile(r"/report-draft\b[^/]*\.js"), hold)
    person.page.goto(f"{person.site.url}/report/", wait_until="commit")
    page = person.page
    page.locator("#album").set_input_files([a_picture(1), a_picture(2)])
    running.wait_until(lambda: bool(page.evaluate("true")) and bool(held), "the page asks for the script")
    expect(page.locator("[data-pictures] canvas")).to_have_count(0)
    for route in held:
        route.continue_()

    expect(page.locator("[data-pictures] canvas")).to_have_count(2)
    assert page.evaluate("document.querySelector('#album').files.length") == 0, "they are not sent twice"


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
    expect(page.locator("report-draft [data-state]")).to_have_text(waiting)
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


# --- what waits goes off from any page ----------------------------------------------------------------------------------


def described(site: running.Site, words: str) -> int:
    """How many cases have these words."""
    return int(site.tell(f"from grid.models import Case; print(Case.objects.filter(description='{words}').count())"))


def leave_waiting(person: Person, words: str, house: int) -> None:
    """A report is written without a network, and the page is left."""
    page = person.go("/report/")
    fill_in(page, words)
    page.locator("[name=house_number]").fill(str(house))
    expect(page.locator("[data-pictures] canvas")).to_have_count(2)
    waiting = str(page.locator("report-draft").get_attribute("data-waiting"))
    person.context.set_offline(True)
    send(page)
    expect(page.locator("report-draft [data-state]")).to_have_text(waiting)
    page.goto("about:blank")
    person.context.set_offline(False)


def told(page: Page) -> Locator:
    return page.locator("report-waiting p")


def expect_told(page: Page, what: str) -> None:
    """The line says that it was sent, or that something is asked: once."""
    expect(told(page)).to_have_count(1)
    expect(told(page)).to_contain_text(str(page.locator("report-waiting").get_attribute(f"data-{what}")))


def test_what_waits_is_sent_from_any_page_and_told_until_the_receipt_is_seen(enter: Enter, site: running.Site) -> None:
    person = enter()
    leave_waiting(person, "等网络的一袋垃圾", 241)
    assert described(site, "等网络的一袋垃圾") == 0

    page = person.go("/actions/")
    expect_told(page, "sent")
    person.picture("told")
    assert described(site, "等网络的一袋垃圾") == 1
    page = person.go("/roads/R001/")
    expect_told(page, "sent")
    told(page).locator("a").click()
    read_receipt(page)
    expect(told(page)).to_have_count(0)
    page = person.go("/")
    expect(told(page)).to_have_count(0)
    assert page.evaluate("localStorage.getItem('gongzhi-reports')") is None
    page = person.go("/report/")
    expect(page.locator("#id_description")).to_have_value("")
    assert described(site, "等网络的一袋垃圾") == 1


def test_two_windows_send_it_once_and_both_say_so(enter: Enter, site: running.Site) -> None:
    person = enter()
    leave_waiting(person, "两个窗口的一袋垃圾", 201)
    posted: list[str] = []
    person.context.on("request", lambda asked: posted.append(asked.url) if asked.method == "POST" else None)
    others = [person.context.new_page() for _each in range(2)]
    for page in others:
        page.goto(site.url + "/roads/R001/", wait_until="commit")
    for page in others:
        expect_told(page, "sent")
    assert len([url for url in posted if url.endswith("/report/")]) == 1
    assert described(site, "两个窗口的一袋垃圾") == 1


def test_the_form_that_waited_follows_what_another_window_has_sent(enter: Enter, site: running.Site) -> None:
    person = enter()
    page = person.go("/report/")
    fill_in(page, "表单还开着的一袋垃圾", photos=False)
    page.locator("[name=house_number]").fill("161")
    held: list[Any] = []
    page.route("**/report/", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    send(page)
    expect(page.locator("report-draft [data-state]")).to_have_text(
        str(page.locator("report-draft").get_attribute("data-waiting"))
    )
    other = person.context.new_page()
    other.goto(site.url + "/roads/R001/")
    expect_told(other, "sent")
    page.unroute("**/report/")
    page.on("request", lambda asked: held.append(asked.url) if asked.method == "POST" else None)
    page.evaluate("window.dispatchEvent(new Event('online'))")
    read_receipt(page)
    assert held == []
    expect(told(other)).to_have_count(0)
    assert described(site, "表单还开着的一袋垃圾") == 1


def test_what_the_site_asks_is_asked_on_the_form(enter: Enter, site: running.Site) -> None:
    """Something like it is near by: another page cannot ask that, and leads to the form."""
    person = enter()
    leave_waiting(person, "先报的一袋垃圾", 121)
    page = person.go("/roads/R001/")
    expect_told(page, "sent")
    told(page).locator("a").click()
    leave_waiting(person, "后报的一袋垃圾", 121)
    page = person.go("/roads/R001/")
    expect_told(page, "asked")
    assert described(site, "后报的一袋垃圾") == 0
    told(page).locator("a").click()
    page.locator("#similar > p .btn.main").click()
    read_receipt(page)
    page = person.go("/")
    expect(told(page)).to_have_count(0)
    assert described(site, "后报的一袋垃圾") == 1


def test_what_one_person_wrote_is_not_sent_in_the_name_of_another(enter: Enter, site: running.Site) -> None:
    person = enter()
    leave_waiting(person, "没登录时写的一袋垃圾", 101)
    person.name = "chen"
    person.log_in()
    page = person.go("/roads/R001/")
    expect_told(page, "asked")
    told(page).locator("a").click()
    expect(page.locator("report-draft [data-state]")).to_have_text(
        str(page.locator("report-draft").get_attribute("data-restored"))
    )
    expect(page.locator("#id_description")).to_have_value("没登录时写的一袋垃圾")
    assert described(site, "没登录时写的一袋垃圾") == 0
    page = person.go("/")
    expect(told(page)).to_have_count(0)


def test_who_has_nothing_waiting_loads_nothing(enter: Enter) -> None:
    person = enter()
    asked: list[str] = []
    person.page.on("request", lambda request: asked.append(request.url))
    page = person.go("/")
    page.wait_for_load_state("networkidle")
    assert [url for url in asked if "report-waiting" in url]
    assert not [url for url in asked if "report-queue" in url]
    expect(page.locator("report-waiting")).to_be_empty()


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


# --- the place, chosen on the map ---------------------------------------------------------------------------------------

AT_HOME: Position = (120.18342, 31.7105)
"""Beside the first houses of 振祁路."""
FAR_AWAY: Position = (120.3, 31.57)


def the_map(page: Page) -> Locator:
    """The map in the form, opened and drawn."""
    page.locator(".report-map summary").click()
    expect(page.locator("grid-map.is-live .map-pin")).to_be_visible()
    page.locator(".map-ground").scroll_into_view_if_needed()
    return page.locator(".map-live")


def is_chosen(page: Page) -> bool:
    return bool(page.locator("[name=longitude]").input_value())


def chosen(page: Page) -> Position:
    """What the form holds."""
    longitude, latitude = (page.locator(f"[name={name}]").input_value() for name in ("longitude", "latitude"))
    return float(longitude), float(latitude)


def press(page: Page, across: float, down: float) -> Position:
    """Press on the map at this share of it, and read what was chosen."""
    box = page.locator(".map-live").bounding_box()
    assert box is not None
    before = page.locator("[name=longitude]").input_value()
    page.locator(".map-live").click(position={"x": box["width"] * across, "y": box["height"] * down})
    expect(page.locator("[name=longitude]")).not_to_have_value(before)
    return chosen(page)


def said_of_place(page: Page) -> Locator:
    return page.locator("report-place [data-said]")


def test_a_place_is_pressed_on_the_map_and_put_right(enter: Enter, site: running.Site) -> None:
    person = enter()
    page = person.go("/report/")
    the_map(page)
    assert not is_chosen(page)  # the pin stands in the middle of the town, and nothing is chosen yet
    expect(page.locator(".map-pin")).to_have_class(re.compile("is-open"))
    first = press(page, 0.6, 0.5)
    expect(said_of_place(page)).to_have_text(re.compile("^位置：.+"))
    expect(page.locator(".map-pin")).not_to_have_class(re.compile("is-open"))
    # Now it is near enough for a finger: a second press moves it by metres, not by miles.
    second = press(page, 0.5, 0.6)
    assert metres_between(first, second) < 400
    person.picture("on-the-map")

    page.locator("[data-clear]").click()
    expect(page.locator("[data-clear]")).to_be_hidden()
    expect(said_of_place(page)).to_have_text(str(page.locator("report-place").get_attribute("data-cleared")))
    assert not is_chosen(page)

    third = press(page, 0.5, 0.5)
    page.locator("#id_description").fill("地图上点的地方有三袋垃圾")
    send(page)
    expect(page.locator("#similar, .receipt-code").first).to_be_visible()
    if page.locator("#similar").count():
        page.locator("#similar > p .btn.main").click()
    read_receipt(page)
    told = site.tell(
        "from grid.models import Case; case = Case.objects.get(description__contains='地图上点的地方');"
        "print(case.longitude, case.latitude)"
    )
    assert tuple(map(float, told.split())) == third
    assert person.complaints == []


def test_by_keyboard_the_pin_goes_ten_metres_and_says_where_it_is(enter: Enter) -> None:
    person = enter(viewport=DESKTOP)
    person.context.grant_permissions(["geolocation"])
    person.context.set_geolocation({"longitude": AT_HOME[0], "latitude": AT_HOME[1]})
    page = person.go("/report/")
    page.locator("[data-locate] button").click()
    expect(said_of_place(page)).to_contain_text("振祁路")
    the_map(page)
    expect(page.locator(".map-pin")).not_to_have_class(re.compile("is-open"))  # it stands where the phone is
    started = chosen(page)
    assert started == pytest.approx(AT_HOME, abs=1e-6)
    pin = page.locator(".map-pin")
    pin.focus()
    page.keyboard.press("ArrowUp")
    up = chosen(page)
    assert metres_between(started, up) == pytest.approx(10, abs=0.3)
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Shift+ArrowRight")
    assert metres_between(up, chosen(page)) == pytest.approx(200, abs=3)
    expect(pin).to_be_focused()
    expect(said_of_place(page)).not_to_contain_text("振祁路")
    expect(said_of_place(page)).to_have_text(re.compile("^位置：.+"))
    assert said_of_place(page).get_attribute("role") == "status"
    assert person.complaints == []


def test_the_pin_is_dragged(enter: Enter) -> None:
    person = enter()
    page = person.go("/report/")
    the_map(page)
    before = press(page, 0.5, 0.5)
    box = page.locator(".map-pin").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + 10, box["y"] + 60, steps=6)
    page.mouse.up()
    expect(page.locator("[name=longitude]")).not_to_have_value(f"{before[0]:.6f}")
    assert chosen(page)[1] < before[1]


def test_outside_the_town_is_said_before_anything_is_sent(enter: Enter) -> None:
    person = enter()
    person.context.grant_permissions(["geolocation"])
    person.context.set_geolocation({"longitude": FAR_AWAY[0], "latitude": FAR_AWAY[1]})
    page = person.go("/report/")
    page.locator("[data-locate] button").click()
    expect(said_of_place(page)).to_contain_text("这个地方不在本街道")
    assert not is_chosen(page)
    expect(page.locator("[data-clear]")).to_be_hidden()
    assert person.complaints_besides(422) == []


def test_what_was_chosen_on_the_map_outlives_a_closed_page(enter: Enter) -> None:
    person = enter()
    page = person.go("/report/")
    the_map(page)
    place = press(page, 0.5, 0.6)
    expect(said_of_place(page)).to_have_text(re.compile("^位置：.+"))
    said = said_of_place(page).inner_text()
    page = person.go("/")
    page = person.go("/report/")
    expect(said_of_place(page)).to_have_text(said)
    assert chosen(page) == place
    the_map(page)
    expect(page.locator(".map-pin")).not_to_have_class(re.compile("is-open"))


def test_a_thumb_goes_past_the_map(enter: Enter) -> None:
    """However it is held, there is page above or below the map to push; and the whole map is still seen at once."""
    person = enter()
    page = person.go("/report/")
    the_map(page)
    for held in (PHONE, {"width": PHONE["height"], "height": PHONE["width"]}):
        page.set_viewport_size(held)
        box = page.locator(".map-ground").bounding_box()
        assert box is not None
        assert box["height"] <= held["height"] * 0.62


def test_without_script_the_map_is_a_picture_and_the_other_ways_stay(enter: Enter) -> None:
    person = enter(script=False)
    page = person.go("/report/")
    page.locator(".report-map summary").click()
    expect(page.locator(".report-map .sketch")).to_be_visible()
    expect(page.locator(".report-map .without-script")).to_be_visible()
    expect(page.locator(".report-map .with-script")).to_be_hidden()
    expect(page.locator("#id_address")).to_be_visible()
    person.picture("map-plain")


def test_where_the_map_cannot_be_fetched_it_says_so(enter: Enter) -> None:
    person = enter()
    person.page.route("**/net.geojson*", lambda route: route.abort())
    page = person.go("/report/")
    page.locator(".report-map summary").click()
    expect(page.locator("pick-place [data-failed]")).to_be_visible()
    expect(page.locator(".report-map .sketch")).to_be_visible()


def test_the_browser_moves_positions_as_the_server_does(enter: Enter, site: running.Site) -> None:
    """The formula stands twice: for tiles in GCJ-02 the browser has to know it too."""
    page = enter().go("/report/")
    page.add_script_tag(url=f"{site.url}/static/grid/gcj02.js")
    for place in (AT_HOME, FAR_AWAY, (116.38, 39.91), (2.35, 48.85)):
        there = page.evaluate("at => window.gcj02.to(at)", place)
        assert there == pytest.approx(coordinates.to_gcj02(place), abs=1e-9)
        assert page.evaluate("at => window.gcj02.from(at)", there) == pytest.approx(place, abs=1e-9)


def test_what_is_dangerous_brings_the_numbers_first(enter: Enter) -> None:
    person = enter()
    page = person.go("/report/")
    page.locator("label", has_text="闻到燃气味").click()
    expect(page.locator("#emergency")).to_have_class(re.compile("now"))
    expect(page.locator("#emergency")).to_be_in_viewport()
    expect(page.locator("#emergency a").first).to_have_attribute("href", "tel:051083880000")
    person.picture("danger")
    page.locator("label", has_text="电线断了").click()
    expect(page.locator("#emergency a").first).to_have_attribute("href", "tel:110")
    expect(page.locator("#emergency a").last).to_have_attribute("href", "tel:051083880000")
