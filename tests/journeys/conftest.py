"""People with phones: real browser windows looking at the running site."""

import base64
import contextlib
import json
import re
from collections.abc import Callable, Iterator
from functools import cached_property
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, WebSocketRoute, expect, sync_playwright

from tests import grounds, running
from tests.grounds import PASSWORD

expect.set_options(timeout=30_000)

PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1440, "height": 900}
NARROW = {"width": 320, "height": 640}

SPARED = ",".join(
    [
        # Two pages below the address bar, which a browser without a face makes anew for each window all the same: that takes
        # longer than most pages of the site.
        *("WebUIOmniboxPopup", "WebUIOmniboxAimPopup"),
        # What Playwright spares; its list is replaced by this one, as a browser heeds the last only.
        *("AimEnabled", "AvoidCorsURLLoaderRestartOnRedirect", "AvoidUnnecessaryBeforeUnloadCheckSync"),
        *("DestroyProfileOnBrowserClose", "HttpsFirstBalancedModeAutoEnable", "HttpsUpgrades", "LensOverlay"),
        *("MediaRouter", "NetworkTimeServiceQuerying", "OptimizationHints", "PaintHolding", "PreconnectToSearch"),
        *("TcpPortRandomizationWin", "ThirdPartyStoragePartitioning"),
    ]
)
"""Features of the browser that nobody here looks at."""

WINDOWS = pytest.mark.parametrize("with_script", [True, False], ids=["script", "plain"])


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    """The system's own Chromium, without a sandbox (root has none) and without a word to the outside.

    One for each module and not for the whole run: while Playwright is on, its event loop runs in this thread, and neither
    Django's database nor another loop may be used by the tests that follow.
    """
    quiet = ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
    quiet.append(f"--disable-features={SPARED}")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", *quiet])
        yield started
        started.close()


class Person:
    """Somebody with a window of their own."""

    def __init__(self, site: running.Site, context: BrowserContext, artefacts: Path, name: str) -> None:
        self.site, self.artefacts, self.name = site, artefacts, name
        self.context, self.page = context, context.new_page()
        self.page.set_default_timeout(30_000)
        self.complaints: list[str] = []
        self.page.on("console", lambda said: self.complaints.append(said.text) if said.type == "error" else None)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def go(self, path: str) -> Page:
        """Open this address of the site."""
        self.page.goto(self.site.url + path)
        return self.page

    def status_of(self, path: str) -> int:
        """The status with which the site answers this person there."""
        return self.context.request.get(self.site.url + path, max_redirects=0).status

    def log_in(self) -> None:
        """A session of one's own: one that stands ready, or else by the form of the login page without showing it.

        test_keyboard does it by hand.
        """
        if keys := self.site.doors.get(self.name):
            self.context.add_cookies([{"name": "sessionid", "value": keys.pop(), "url": self.site.url}])
            return
        address, ask = f"{self.site.url}/account/login/", self.context.request
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', ask.get(address).text())
        assert token
        typed = {"csrfmiddlewaretoken": token[1], "username": self.name, "password": PASSWORD}
        answer = ask.post(address, form=typed, headers={"Referer": address}, max_redirects=0)
        assert answer.status == 302, f"{self.name} is not let in"

    def fill_in_login(self) -> None:
        self.page.locator("[name=username]").fill(self.name)
        self.page.locator("[name=password]").fill(PASSWORD)
        self.page.locator("[name=password]").press("Enter")

    def complaints_besides(self, *statuses: int) -> list[str]:
        """What the console said, without its echo of answers of these statuses, which were meant."""
        echoes = [f"status of {status}" for status in statuses]
        return [said for said in self.complaints if not any(echo in said for echo in echoes)]

    def picture(self, title: str) -> None:
        """Keep what the window shows, whole."""
        # As Playwright's own, but with the encoder that takes half the time and does not mind larger files.
        size = self.page.evaluate(
            "({ width: document.documentElement.clientWidth, height: document.documentElement.scrollHeight })"
        )
        taken = self._devtools.send(
            "Page.captureScreenshot",
            {"clip": {"x": 0, "y": 0, "scale": 1, **size}, "captureBeyondViewport": True, "optimizeForSpeed": True},
        )
        (self.artefacts / f"{title}.png").write_bytes(base64.b64decode(taken["data"]))

    @cached_property
    def _devtools(self) -> CDPSession:
        return self.context.new_cdp_session(self.page)


class Cable:
    """The line between a window and the site, which can be cut and mended. Lay it before the page is opened."""

    def __init__(self, person: Person) -> None:
        self.person = person
        self.lines: list[WebSocketRoute] = []
        person.page.route_web_socket(re.compile("/ws/updates/"), self._pass_through)

    def _pass_through(self, socket: WebSocketRoute) -> None:
        socket.connect_to_server()
        self.lines.append(socket)

    def cut(self) -> None:
        """No network: what hangs on it dies, and nothing new gets through."""
        self.person.context.set_offline(True)
        self.lines[-1].close(code=1012)
        expect(self.person.page.locator("live-line")).not_to_have_attribute("data-state", "live")

    def mend(self) -> None:
        self.person.context.set_offline(False)
        expect(self.person.page.locator("live-line")).to_have_attribute("data-state", "live")


def want_to_come(page: Page) -> None:
    """On the page of an action: open the sheet, say that one is of age if it asks, and go on."""
    page.locator(".bar.deed a.btn.main:visible").click()
    go_on = page.get_by_role("button", name=re.compile("^下一步"))
    expect(go_on).to_be_visible()
    if (age := page.locator("[name=is_adult]")).count():
        age.check()
    go_on.click()


def invite(coordinator: Person, number: str, role: str = "") -> None:
    """A coordinator invites a number into the own organisation, as a member or in this role; ends on the invitation."""
    page = coordinator.go("/me/")
    page.get_by_role("link", name="成员与邀请").click()
    page.get_by_role("link", name="邀请成员").click()
    page.locator("[name=to]").fill(number)
    if role:
        page.locator("label", has_text=role).click()
    page.get_by_role("button", name="生成链接和二维码").click()
    expect(page.locator(".invitation img")).to_be_visible()


Enter = Callable[..., Person]


@contextlib.contextmanager
def windows(browser: Browser, site: running.Site, artefacts: Path) -> Iterator[Enter]:
    """A door to the site that is shut behind everybody at the end."""
    opened: list[BrowserContext] = []

    def open_window(
        name: str = "",
        *,
        script: bool = True,
        viewport: dict[str, int] = PHONE,
        language: str = "zh-CN",
        logged_in: bool = True,
    ) -> Person:
        context = browser.new_context(viewport=viewport, locale=language, java_script_enabled=script)
        opened.append(context)
        person = Person(site, context, artefacts, name)
        if name and logged_in:
            person.log_in()
        return person

    yield open_window
    for window in opened:
        window.close()


@pytest.fixture
def enter(browser: Browser, site: running.Site, artefacts: Path) -> Iterator[Enter]:
    """``enter("mei")``: mei opens the site on a phone and is logged in; ``enter()`` is a visitor."""
    with windows(browser, site, artefacts) as door:
        yield door


@pytest.fixture(scope="module")
def components(ground: str) -> Iterator[running.Site]:
    """The same town once more in debug mode, where ``/ui/`` shows every component in all its states."""
    name = f"components_{grounds.run_id()}_{grounds.worker()}"
    grounds.copy(ground, name)
    with running.Site(name, "web", DEBUG="1") as started:
        yield started
    grounds.drop(name)


@pytest.fixture(scope="module")
def made(site: running.Site) -> dict[str, object]:
    """The addresses of what ``views.stage`` made; for modules whose ``ground`` is ``grounds.with_stage()``."""
    addresses: dict[str, object] = json.loads(grounds.said(site.database))
    return addresses
