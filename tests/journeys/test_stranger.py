"""The stranger tries every door: dana, on a phone, signed in, and a visitor; none of them reads a word of anybody else's.

Which doors there are stands in the tables of the walks (``tests/portal``), which name every address of the resolver; here
a browser stands before each of them. The words that may not be read are planted in every field of the things behind them.
What is refused is a page of ours that says so in Chinese and leads away, never a bare answer.
"""

import json
import re
import sys
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from playwright.sync_api import APIResponse, Page, WebSocket, expect

from tests import cast, running, walking
from tests.journeys.conftest import Enter, Person
from tests.journeys.test_live_line import FOLLOW
from tests.portal import test_walk, test_walk_admin, test_walk_live
from tests.portal.admin_addresses import ADMIN
from tests.portal.test_walk import Case
from tests.walking import Mark, Marks

pytestmark = pytest.mark.journey

PLANT = "from tests.journeys import test_stranger; test_stranger.plant()"
NOT_A_PAGE = re.compile(r"^/(api|feeds|media|healthz)|\.\w+$")
# Where one signs in, somebody who is signed in already is led on.
LEADS_HOME = {"/admin/login/": ""}
HAN = re.compile("[\u4e00-\u9fff]")


def plant() -> None:
    """Give two organisations one of everything, marked; run by ``manage.py shell`` beside the site, it says what and where."""
    town, marks = cast.gather(), Marks()
    *_others, volunteer = town.neighbours()
    numbers = test_walk.laid_out(town)
    side = walking.furnish(town, marks, "enterprise", town.enterprise, town.qiang, volunteer)
    shared = {name: page.pk for name, page in walking.furnish_the_site(marks).items()} | walking.rules()
    assert town.enterprise.section is not None
    theirs = {
        "host": side.host.pk,
        "section": town.enterprise.section.url,
        "action": side.action.pk,
        "draft": side.draft.pk,
        "draft_slug": side.pages["action_draft"].slug,
        "notice_draft": side.pages["notice_draft"].pk,
        "notice_draft_slug": side.pages["notice_draft"].slug,
        "page": side.pages["notice_draft"].pk,
        "draft_shift": side.draft.shifts.get().pk,
        "sign_up": side.numbers["sign_up_id"],
        "message": side.numbers["message_id"],
        "somebody": side.numbers["volunteer_id"],
        "join_request": side.numbers["join_request_id"],
        "invitation": side.numbers["invitation_id"],
        "application": side.numbers["application_id"],
        "review": side.numbers["task_state"],
        "post": side.numbers["post_key"],
    }
    for name, word in test_walk.MARKS.items():
        marks.given[word] = Mark("yuqi", name, "laid out")
    told = {"numbers": [numbers, {**numbers, **theirs}], "admin": {**shared, **side.numbers}, "marks": marks.given}
    sys.stdout.write(json.dumps(told, default=str))


class World(NamedTuple):
    fillings: list[dict[str, Any]]
    admin: dict[str, Any]
    marks: dict[str, Mark]

    def read_in(self, text: str) -> list[str]:
        """Whose fields can be read in this text?"""
        return sorted({str(mark) for word, mark in self.marks.items() if word in text})

    def site_doors(self) -> Iterator[tuple[Case, str]]:
        """Every address outside of the admin with whatever it may be about, once."""
        doors = {
            (case.method, case.path.format(**filling)): case
            for filling in self.fillings
            for cases in test_walk.SITE.values()
            for case in cases
            if case.path != "/account/logout/" and ".." not in case.path
        }
        yield from ((case, path) for (_method, path), case in doors.items())

    def admin_doors(self) -> Iterator[str]:
        """Every address of the admin that can be looked at, about a page, a picture, a document of somebody else's."""
        doors: dict[str, None] = {}
        for route, rows in ADMIN.items():
            for row in rows if route not in test_walk_admin.OPEN_TO_ALL else ():
                thing = (row.of.split() or [""])[0]
                numbers = {**self.admin, "thing": self.admin.get(thing, 0)}
                numbers |= {f"other_{name}": value for name, value in self.admin.items()}
                numbers["thing_revision"] = self.admin.get(f"{thing}_revision", 1)
                fill = dict(each.split("=", 1) for each in row.fill.split())
                doors[test_walk_admin.address(route, {"site": 1, **numbers}, fill)] = None
        yield from doors


@pytest.fixture(scope="module")
def world(site: running.Site) -> World:
    told = json.loads(site.tell(PLANT).strip().splitlines()[-1])
    return World(told["numbers"], told["admin"], {word: Mark(*mark) for word, mark in told["marks"].items()})


class Walk:
    """One person at all doors; what was wrong is gathered, so that one run says all of it."""

    def __init__(self, person: Person, world: World, name: str) -> None:
        self.person, self.world, self.name = person, world, name
        self.wrong: list[str] = []
        self.refused = 0

    def look(self, path: str, wanted: str = "") -> None:
        """Open this page; it must be answered as ``wanted`` (a status, L for the way to sign in, or empty: not be open)."""
        page = self.person.page
        answer = page.goto(self.person.site.url + path, wait_until="domcontentloaded")
        assert answer is not None
        self._demand(path, wanted, answer.status, page.url, page.content())
        if wanted in ("403", "404"):
            self.refused += 1
            self._demand_polite(page, path)

    def ask(self, method: str, path: str, data: dict[str, str], wanted: str) -> str:
        """The same for what is no page, or not looked at but sent; tells how it was answered."""
        token = next((each["value"] for each in self.person.context.cookies() if each["name"] == "csrftoken"), "")
        answer: APIResponse = self.person.context.request.fetch(
            self.person.site.url + path, method=method, form=data, headers={"X-CSRFToken": token}, max_redirects=0
        )
        way = answer.headers.get("location", "")
        return self._demand(f"{method} {path}", wanted, answer.status, way or path, answer.text() + way)

    def _demand(self, where: str, wanted: str, status: int, url: str, text: str) -> str:
        said = "L" if "/account/login/" in url and status < 400 else str(status)
        if wanted and said != wanted:
            self.wrong.append(f"{self.name} {where}: {said}, not {wanted}")
        if status >= 500 and not where.endswith("/healthz"):
            self.wrong.append(f"{self.name} {where}: {status}")
        self.wrong += [f"{self.name} {where}: reads {mark}" for mark in self.world.read_in(text)]
        return said

    def _demand_polite(self, page: Page, path: str) -> None:
        """A heading and a sentence in Chinese, and a way home."""
        is_ours = page.locator("html[lang=zh-Hans]").count() and page.locator("main a[href='/']").count()
        sentences = page.locator("h1, [data-error-sentence]").all_inner_texts()
        if not is_ours or len(sentences) < 2 or not all(map(HAN.search, sentences)):
            self.wrong.append(f"{self.name} {path}: a bare answer: {sentences}")

    def site(self) -> None:
        for case, path in self.world.site_doors():
            wanted = case.expected()[self.name]
            if case.method != "GET":
                if wanted in ("401", "403", "404"):
                    self.ask(case.method, path, case.data, wanted)
            elif NOT_A_PAGE.search(path) or wanted == "L":
                self.ask("GET", path, {}, wanted if wanted in ("401", "403", "404", "L") else "")
            else:
                self.look(path, wanted if wanted in ("403", "404") else "")


@pytest.mark.parametrize("name", ["dana", "anonymous"])
def test_no_door_of_the_site_opens(enter: Enter, world: World, name: str) -> None:
    person = enter("" if name == "anonymous" else name)
    walk = Walk(person, world, name)
    walk.site()
    assert walk.wrong == []
    assert walk.refused > 10, "the walk went astray"
    numbers = world.fillings[0]
    for title, path in (("not-there", f"/desk/{numbers['draft']}/"), ("not-open", "/desk/"), ("admin", "/admin/")):
        person.go(path)
        person.picture(f"{title}-{name}")


@pytest.mark.parametrize("name", ["dana", "anonymous"])
def test_no_door_of_the_admin_opens(enter: Enter, world: World, name: str) -> None:
    """Not one of its pages: the way to sign in, with a word on why, or the page that says that there is nothing here."""
    person = enter("" if name == "anonymous" else name)
    walk, asked, parts = Walk(person, world, name), 0, set()
    for path in world.admin_doors():
        wanted = walk.ask("GET", path, {}, "")
        asked += 1
        if wanted == "404":
            walk.look(path, wanted)
        elif wanted == "403" and test_walk_admin.XHR in path:
            continue  # a script asks there, and understands a status
        elif wanted not in ("L", "302"):
            walk.wrong.append(f"{name} {path}: {wanted}")
        elif (part := path.split("/")[2]) not in parts:
            parts.add(part)
            walk.look(path, LEADS_HOME.get(path, "L"))
            if not HAN.search(person.page.locator("main").inner_text()):
                walk.wrong.append(f"{name} {path}: does not say why")
    assert walk.wrong == []
    assert asked > 150, "the walk went astray"
    assert len(parts) > 10, "the walk went astray"


def test_nothing_is_heard_through_the_socket_of_ones_own_page(enter: Enter, world: World) -> None:
    dana = enter("dana")
    frames: list[str] = []

    def listen(socket: WebSocket) -> None:
        socket.on("framereceived", lambda frame: frames.append(str(frame)))

    dana.page.on("websocket", listen)
    page = dana.go("/updates/")
    expect(page.locator("live-line")).to_have_attribute("data-state", "live")
    places = world.fillings[1]
    column = test_walk_live.PEOPLE.index("dana")
    fill = {
        **{name: places[name] for name in ("action", "draft", "host", "case", "hidden_case")},
        "hidden": places["draft"],
        "school_action": places["other"],
        "school_draft": places["draft"],
        "offline": 999_998,
        "nothing": 999_999,
        "huge": "9" * 40,
        "volunteer": places["somebody"],
        "me": 0,
    }
    closed = {
        topic.format(**fill)
        for rows in test_walk_live.TOPICS.values()
        for topic, answers in rows.items()
        if answers.split()[column] == "n"
    }
    page.evaluate(FOLLOW, {"town": 0, **dict.fromkeys(closed, 0)})
    # The town, which is open to all, is answered too: whatever was asked before it has been answered.
    running.wait_until(
        lambda: all(any(topic in each for each in _told(page, frames)) for topic in closed), "all answered"
    )
    refused = {frame["topic"] for frame in map(json.loads, frames) if frame["type"] == "refused"}
    assert refused >= closed
    assert world.read_in("\n".join(frames)) == []
    assert page.evaluate("Object.keys(window.told).filter(topic => topic !== 'town')") == []


def _told(page: Page, frames: list[str]) -> list[str]:
    """What was heard so far, having let the browser speak."""
    page.evaluate("0")
    return frames


def test_who_may_open_it_reads_what_was_planted(enter: Enter, world: World) -> None:
    """The twin: the words are there, and the walk would have found them."""
    ours, theirs = world.fillings
    for name, path in (("mei", f"/review/{ours['review']}/"), ("qiang", f"/desk/{theirs['draft']}/")):
        person = enter(name)
        walk = Walk(person, world, "dana")
        walk.look(path, "404")
        assert f"dana {path}: 200, not 404" in walk.wrong
        assert any(f"dana {path}: reads" in line for line in walk.wrong)
        assert any("a bare answer" in line for line in walk.wrong)
