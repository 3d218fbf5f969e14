"""Nothing jumps: what comes in live, and how the line stands, moves nothing that somebody is reading.

A layout shift is a score and no time: the share of the window that moved, times how far (web-platform Layout Instability).
"""

import re
import threading
import urllib.request
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Page, expect

from tests import running
from tests.journeys.conftest import DESKTOP, PHONE, Cable, Enter, Person
from tests.journeys.test_live import TITLE, WAITING, Stage

pytestmark = pytest.mark.journey

WATCH = """
window.shifts = [];
new PerformanceObserver(list => {
    for (const entry of list.getEntries())
        if (!entry.hadRecentInput)
            window.shifts.push({value: entry.value, of: entry.sources.map(each => each.node && each.node.outerHTML
                ? each.node.outerHTML.slice(0, 120) : String(each.node && each.node.nodeName))});
}).observe({type: "layout-shift", buffered: true});
"""
TELL = """
from communities.models import User
from events import posting, seats
from events.models import Action, Shift, SignUp
shift = Shift.objects.get(pk={shift})
there = SignUp.objects.live().filter(shift=shift).values("person")
new = User.objects.filter(username__startswith="neighbour").exclude(pk__in=there).first()
seats.sign_up(person=new, shift=shift)
posting.post(action=Action.objects.get(pk={action}), text="还缺两把雪铲。", by=User.objects.get(username="mei"))
"""


class Town(Stage):
    def tell(self) -> None:
        """One more signs up, and mei posts an update."""
        self._shell(TELL.format(action=self.action, shift=self.shift))


@pytest.fixture
def stage(site: running.Site) -> Town:
    return Town(site)


def opened(person: Person, path: str) -> Page:
    """The page, watched from its first moment, when its line is live."""
    person.page.add_init_script(WATCH)
    page = person.go(path)
    expect(page.locator("live-line")).to_have_attribute("data-state", "live")
    return page


LEAST = 0.001
"""What a word pushes that becomes a letter shorter (“还差 10 人”, “还差 9 人”) is below this; a line that jumps is far above."""


def shifts(page: Page) -> list[dict[str, object]]:
    """What moved without anybody having touched anything."""
    # Two frames later everything that was decided is painted and told.
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    moved: list[dict[str, object]] = page.evaluate("window.shifts")
    return [each for each in moved if float(str(each["value"])) >= LEAST]


def test_the_observer_sees_what_jumps(enter: Enter) -> None:
    page = opened(enter(), "/actions/")
    assert shifts(page) == []
    page.evaluate(
        """() => { const wedge = document.createElement("div"); wedge.className = "page"; wedge.textContent = "x";
        document.querySelector("#main").prepend(wedge); }"""
    )
    assert shifts(page)


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize("where", ["action", "home", "desk", "stream"])
def test_live_parts_move_nothing(where: str, viewport: dict[str, int], stage: Town, enter: Enter) -> None:
    stage.read()
    path = {"action": stage.address, "home": "/", "desk": f"/desk/{stage.action}/", "stream": "/updates/"}[where]
    # What one says oneself appears at once; what others say waits behind a button.
    reader = enter("mei" if where == "desk" else "dana", viewport=viewport)
    cable = Cable(reader)
    page = opened(reader, path)
    places = page.locator(".card", has_text=TITLE).locator(".num")
    before = str(places.text_content()) if where == "home" else ""
    stage.tell()
    if where == "home":  # no updates there, but the places of each card
        expect(places).not_to_have_text(before)
    else:
        expect(page.locator(WAITING).or_(page.get_by_text("还缺两把雪铲。")).first).to_be_attached()
    cable.cut()
    expect(page.locator("live-line")).not_to_be_empty()
    cable.mend()
    assert shifts(page) == []


EXPECT = re.compile(rb'<link rel="expect"[^>]*>')
CUT = b'<form method="post" action="/look/"'
PAINTED = "performance.getEntriesByName('first-contentful-paint').length > 0"
STYLED = "[...document.querySelectorAll('link[rel=stylesheet]')].every(each => each.sheet)"


class Relay(ThreadingHTTPServer):
    """Hands on what the site says; of a page it keeps back what begins in the middle of its head."""

    def __init__(self, site: running.Site, *, as_it_is: bool) -> None:
        super().__init__(("127.0.0.1", 0), Relayed)
        self.site, self.as_it_is, self.rest = site, as_it_is, threading.Event()


class Relayed(BaseHTTPRequestHandler):
    server: Relay

    def do_GET(self) -> None:
        asked = urllib.request.Request(self.server.site.url + self.path)
        with urllib.request.urlopen(asked) as answer:
            body, kind = answer.read(), answer.headers["Content-Type"]
        if kind.startswith("text/html") and not self.server.as_it_is:
            body = EXPECT.sub(b"", body)
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.end_headers()
        begin, cut, end = body.partition(CUT)
        self.wfile.write(begin)
        if cut:
            self.server.rest.wait(running.PATIENCE)
            self.wfile.write(cut + end)

    def log_message(self, *_arguments: object) -> None:
        """Nothing: the site keeps a log of its own."""


@pytest.fixture
def relay(site: running.Site, request: pytest.FixtureRequest) -> Iterator[Relay]:
    with Relay(site, as_it_is=request.param) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.rest.set()
        server.shutdown()


def in_pieces(enter: Enter, relay: Relay) -> Page:
    page = enter().page
    page.add_init_script(WATCH)
    page.goto(f"http://127.0.0.1:{relay.server_address[1]}/updates/", wait_until="commit")
    page.wait_for_function(f"document.querySelector('.to-search') && {STYLED}", polling=50)
    return page


@pytest.mark.parametrize("relay", [True], indirect=True)
def test_a_page_that_comes_in_pieces_is_painted_when_its_head_is_whole(enter: Enter, relay: Relay) -> None:
    page = in_pieces(enter, relay)
    assert not page.evaluate(PAINTED)
    relay.rest.set()
    page.wait_for_load_state()
    assert shifts(page) == []


@pytest.mark.parametrize("relay", [False], indirect=True)
def test_the_twin_that_paints_half_a_head_jumps(enter: Enter, relay: Relay) -> None:
    page = in_pieces(enter, relay)
    page.wait_for_function(PAINTED, polling=50)
    relay.rest.set()
    page.wait_for_load_state()
    assert shifts(page)
