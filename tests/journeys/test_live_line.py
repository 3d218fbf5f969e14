"""The line: every update once and in order, whatever becomes of the connection; one connection for a page; quiet words."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, WebSocket, WebSocketRoute, expect

from tests import running
from tests.journeys.conftest import DESKTOP, Cable, Enter, Person

pytestmark = pytest.mark.journey

SOCKET = re.compile("/ws/updates/")
NOTHING_FOLLOWED = "/account/login/"

ACTION = """
from events.models import ActionPage, Action
page = ActionPage.objects.get(title="振祁路夜间除雪防冻")
print(Action.objects.get(key=page.translation_key).pk)
"""
POST = """
from communities.models import User
from events import posting
from events.models import Action
for text in {texts!r}:
    posting.post(action=Action.objects.get(pk={action}), text=text, by=User.objects.get(username="mei"))
"""
SAY = """
from communities.models import User
from kit.deeds import deed
from updates.publish import publish
@deed
def say():
    for verb, payload in {sayings!r}:
        publish([f"person:{{User.objects.get(username={name!r}).pk}}"], verb, payload)
say()
"""
# Writes down what is given out, and follows these topics from these numbers.
FOLLOW = """(follow) => {
  if (!window.told) {
    window.told = {};
    document.addEventListener("live:updates", (event) => event.detail.updates.forEach((update) =>
      (window.told[event.detail.topic] = window.told[event.detail.topic] || []).push(update.seq)));
  }
  const element = document.createElement("div");
  element.dataset.follow = JSON.stringify(follow);
  document.querySelector("main").append(element);
  document.dispatchEvent(new Event("live:scan"));
}"""


@pytest.fixture(scope="module")
def action(site: running.Site) -> int:
    """The id of an action of mei's."""
    return int(site.tell(ACTION))


@pytest.fixture
def tell(site: running.Site, action: int) -> Callable[..., None]:
    """``tell("a", "b")``: mei posts twice, beside the running site."""

    def post(*texts: str) -> None:
        site.tell(POST.format(texts=texts, action=action))

    return post


def line_of(page: Page) -> Locator:
    return page.locator("live-line")


def openings_of(page: Page) -> list[WebSocket]:
    """The sockets that this page opens from now on."""
    opened: list[WebSocket] = []

    def note(socket: WebSocket) -> None:
        opened.append(socket)

    page.on("websocket", note)
    return opened


def head_of(person: Person, topic: str) -> int:
    """How far the book has come."""
    return int(person.context.request.get(f"{person.site.url}/api/v1/updates/{topic}/?after=0").json()["last"])


def has_come_to_the_end(person: Person, topic: str) -> int:
    """Wait until the page is as far as the book; answers the number."""
    head = head_of(person, topic)
    expect(line_of(person.page)).to_have_attribute("data-at", re.compile(f'"{topic}":{head}[,}}]'))
    return head


def expect_all_once(person: Person, *topics: str) -> None:
    """Everything in the book of these topics was given out, each once and in order."""
    heads = {topic: has_come_to_the_end(person, topic) for topic in topics}
    told = person.page.evaluate("window.told")
    assert told == {topic: list(range(1, head + 1)) for topic, head in heads.items()}


def test_every_update_is_given_out_once_and_in_order(enter: Enter, action: int, tell: Callable[..., None]) -> None:
    visitor = enter()
    page = visitor.go(NOTHING_FOLLOWED)
    page.evaluate(FOLLOW, {"town": 0, f"action:{action}": 0})
    expect(line_of(page)).to_have_attribute("data-state", "live")
    has_come_to_the_end(visitor, "town")

    tell("first", "second", "third")

    expect_all_once(visitor, "town", f"action:{action}")
    expect(line_of(page)).to_have_text("")
    # Followed once more from an older place, nobody is told less and the line is still one.
    page.evaluate(FOLLOW, {"town": 0, f"action:{action}": 0})
    has_come_to_the_end(visitor, "town")
    assert visitor.complaints == []


def test_what_was_said_while_the_network_was_away_comes_once_and_in_order(
    enter: Enter, action: int, tell: Callable[..., None]
) -> None:
    visitor = enter()
    cable = Cable(visitor)
    page = visitor.go(NOTHING_FOLLOWED)
    page.evaluate(FOLLOW, {"town": 0, f"action:{action}": 0})
    has_come_to_the_end(visitor, "town")

    cable.cut()
    tell("unheard", "unheard too")
    expect(line_of(page)).to_have_text(str(line_of(page).get_attribute("data-offline")))
    visitor.picture("line-offline")
    cable.mend()

    expect_all_once(visitor, "town", f"action:{action}")
    expect(line_of(page)).to_have_text("")


def test_a_page_with_very_many_topics_follows_the_first_hundred_on_one_line(
    enter: Enter, tell: Callable[..., None]
) -> None:
    """More would be taken for a flood and be closed, again and again: the desk of a whole town is such a page."""
    visitor = enter()
    sockets = openings_of(visitor.page)
    page = visitor.go(NOTHING_FOLLOWED)
    said: list[Any] = []

    def note(frame: Any) -> None:
        said.append(frame)

    page.on("websocket", lambda socket: socket.on("framesent", note))
    page.evaluate(FOLLOW, {"town": 0, **{f"action:{900_000 + number}": 0 for number in range(300)}})
    has_come_to_the_end(visitor, "town")

    tell("heard all the same")

    expect_all_once(visitor, "town")
    expect(line_of(page)).to_have_attribute("data-state", "live")
    assert len(sockets) == 1
    assert sum('"follow"' in str(frame) for frame in said) == 100


def test_without_a_websocket_the_page_asks_now_and_then(enter: Enter, action: int, tell: Callable[..., None]) -> None:
    visitor = enter()
    visitor.page.add_init_script("delete window.WebSocket")
    page = visitor.go(NOTHING_FOLLOWED)
    page.evaluate(FOLLOW, {"town": 0, f"action:{action}": 0, "nowhere": 0})
    expect(line_of(page)).to_have_attribute("data-state", "polling")
    has_come_to_the_end(visitor, "town")

    tell("asked for")

    expect_all_once(visitor, "town", f"action:{action}")
    expect(line_of(page)).to_have_text("")
    assert "nowhere" not in json.loads(str(line_of(page).get_attribute("data-at"))), "what is not there is dropped"


@pytest.mark.parametrize("code", [4429, 4503])
def test_where_too_many_are_connected_the_page_asks(enter: Enter, code: int) -> None:
    visitor = enter()
    visitor.page.route_web_socket(SOCKET, lambda socket: socket.close(code=code))
    page = visitor.go(NOTHING_FOLLOWED)
    page.evaluate(FOLLOW, {"town": 0})

    expect(line_of(page)).to_have_attribute("data-state", "polling")
    expect_all_once(visitor, "town")


def test_after_three_openings_that_came_to_nothing_the_page_asks(enter: Enter) -> None:
    visitor = enter()
    openings: list[WebSocketRoute] = []

    def refuse(socket: WebSocketRoute) -> None:
        openings.append(socket)
        socket.close(code=1011)

    visitor.page.add_init_script("Math.random = () => 0")
    visitor.page.route_web_socket(SOCKET, refuse)
    page = visitor.go(NOTHING_FOLLOWED)
    page.evaluate(FOLLOW, {"town": 0})

    expect(line_of(page)).to_have_attribute("data-state", "polling")
    expect_all_once(visitor, "town")
    assert len(openings) == 3


def test_a_network_that_is_back_is_tried_at_once_whatever_was_tried_without_it(enter: Enter) -> None:
    """An opening under way when the network returns was begun without it: it is dropped, and counts for nothing."""
    visitor = enter()
    openings: list[WebSocketRoute] = []

    def without_network(socket: WebSocketRoute) -> None:
        openings.append(socket)
        if len(openings) < 3:
            socket.close(code=1011)
        elif len(openings) > 3:
            socket.connect_to_server()

    visitor.page.add_init_script("Math.random = () => 0")
    visitor.page.route_web_socket(SOCKET, without_network)
    page = visitor.go(NOTHING_FOLLOWED)
    page.evaluate(FOLLOW, {"town": 0})
    running.wait_until(lambda: bool(page.evaluate("true")) and len(openings) == 3, "there is a third opening")

    visitor.context.set_offline(True)
    visitor.context.set_offline(False)
    openings[2].close(code=1011)

    expect(line_of(page)).to_have_attribute("data-state", "live")
    expect_all_once(visitor, "town")


def test_the_wait_before_the_next_opening_is_anything_below_a_bound_that_doubles(enter: Enter) -> None:
    page = enter().go(NOTHING_FOLLOWED)
    waits = "(chance) => { Math.random = () => chance; return [0, 1, 2, 3, 4, 5, 50].map(Live.backOff); }"

    assert page.evaluate(waits, 1) == [1000, 2000, 4000, 8000, 16000, 30000, 30000]
    assert page.evaluate(waits, 0.5) == [500, 1000, 2000, 4000, 8000, 15000, 15000]
    assert page.evaluate(waits, 0) == [0] * 7


def test_what_is_refused_is_not_asked_for_again(enter: Enter, action: int) -> None:
    visitor = enter()
    page = visitor.go(NOTHING_FOLLOWED)
    page.evaluate(FOLLOW, {"town": 0, f"desk:{action}": 0})

    expect(line_of(page)).not_to_have_attribute("data-at", re.compile("desk"))
    expect_all_once(visitor, "town")
    expect(line_of(page)).to_have_attribute("data-state", "live")


def test_a_line_that_was_taken_away_with_a_right_comes_back_for_the_rest(enter: Enter) -> None:
    visitor = enter()
    openings: list[WebSocketRoute] = []

    def take_away_once(socket: WebSocketRoute) -> None:
        openings.append(socket)
        if len(openings) == 1:
            socket.on_message(lambda _follow: socket.close(code=4403))
        else:
            socket.connect_to_server()

    visitor.page.route_web_socket(SOCKET, take_away_once)
    page = visitor.go(NOTHING_FOLLOWED)
    page.evaluate(FOLLOW, {"town": 0})

    expect(line_of(page)).to_have_attribute("data-state", "live")
    expect_all_once(visitor, "town")
    assert len(openings) == 2


def test_signing_out_in_another_tab_is_said_in_this_one(enter: Enter) -> None:
    dana = enter("dana", viewport=DESKTOP)
    page = dana.go("/actions/")
    expect(line_of(page)).to_have_attribute("data-state", "live")
    openings = openings_of(page)

    other = dana.context.new_page()
    other.goto(f"{dana.site.url}/actions/")
    other.locator("header form[action='/account/logout/'] button").click()

    expect(line_of(page)).to_have_attribute("data-state", "signed-out")
    expect(line_of(page)).to_have_text(str(line_of(page).get_attribute("data-signed-out")))
    dana.picture("line-signed-out")
    assert openings == [], "there is nobody to connect for"


def test_a_page_that_follows_nothing_opens_no_socket(enter: Enter) -> None:
    visitor = enter()
    openings = openings_of(visitor.page)
    page = visitor.go(NOTHING_FOLLOWED)
    page.evaluate("document.dispatchEvent(new Event('live:scan'))")

    expect(line_of(page)).to_have_attribute("data-at", "{}")
    expect(line_of(page)).not_to_have_attribute("data-state", re.compile("."))
    assert openings == []
    expect(page.locator("live-count, [data-person]")).to_have_count(0)


def test_a_new_body_keeps_the_connection(enter: Enter) -> None:
    zhou = enter("zhou")
    page = zhou.go("/me/")
    expect(line_of(page)).to_have_attribute("data-state", "live")
    openings = openings_of(page)
    page.evaluate("document.querySelector('main').dataset.old = ''")

    page.evaluate("htmx.ajax('GET', '/actions/', {target: 'body', swap: 'innerHTML'})")

    expect(page.locator("main:not([data-old])")).to_be_visible()
    expect(line_of(page)).to_have_attribute("data-state", "live")
    expect(line_of(page)).to_have_attribute("data-at", re.compile("person:"))
    assert openings == []
    assert zhou.complaints == []


def test_the_badge_counts_what_comes_and_what_is_read(enter: Enter, site: running.Site) -> None:
    dana = enter("dana")
    page = dana.go("/actions/")
    badge = page.locator(".bar.nav live-count")
    expect(badge).to_be_hidden()
    expect(line_of(page)).to_have_attribute("data-state", "live")

    message = ("message", {"message": 1, "kind": "promoted"})
    site.tell(SAY.format(name="dana", sayings=[message, message, message]))
    expect(badge.locator("[aria-hidden]")).to_have_text("3")
    expect(badge.locator(".vh")).to_have_text(str(badge.get_attribute("data-many")).replace("{count}", "3"))
    dana.picture("badge")
    site.tell(SAY.format(name="dana", sayings=[("read", {"unread": 1})]))
    expect(badge.locator("[aria-hidden]")).to_have_text("1")
    expect(badge.locator(".vh")).to_have_text(str(badge.get_attribute("data-one")))
    site.tell(SAY.format(name="dana", sayings=[("read", {"unread": 0})]))
    expect(badge).to_be_hidden()


def reloading_once(socket: WebSocketRoute) -> None:
    """A server that says of whatever is followed from 0 that one must start anew."""

    def answer(text: str | bytes) -> None:
        frame = json.loads(text)
        if frame["type"] == "follow":
            socket.send(json.dumps({"type": "reload", "topic": frame["topic"]}))

    socket.on_message(answer)


def test_who_is_too_far_behind_gets_a_fresh_page(enter: Enter) -> None:
    visitor = enter()
    visitor.page.route_web_socket(SOCKET, reloading_once)
    page = visitor.go(NOTHING_FOLLOWED)
    page.evaluate("document.querySelector('main').dataset.old = ''")
    page.evaluate(FOLLOW, {"town": 0})

    expect(page.locator("main:not([data-old])")).to_be_visible()


def test_a_fresh_page_does_not_take_away_what_was_typed(enter: Enter) -> None:
    visitor = enter()
    visitor.page.route_web_socket(SOCKET, reloading_once)
    page = visitor.go(NOTHING_FOLLOWED)
    page.locator("[name=username]").fill("ling")
    page.evaluate(FOLLOW, {"town": 0})

    refresh = line_of(page).get_by_role("button")
    expect(refresh).to_be_visible()
    expect(page.locator("[name=username]")).to_have_value("ling")
    visitor.picture("line-refresh")
    refresh.click()
    expect(page.locator("[name=username]")).to_have_value("")


PART = """([action, parts]) => {
  const part = document.createElement("live-part");
  Object.assign(part.dataset, {follow: JSON.stringify({[`action:${action}`]: 0}), verbs: "posted", parts, spread: "0"});
  document.body.append(part);
  document.addEventListener("live:fresh", (event) => { window.fresh = event.detail.page.title; });
  document.querySelector("main h1").textContent = "stale";
  document.dispatchEvent(new Event("live:scan"));
}"""


def test_a_part_is_fetched_anew_and_keeps_the_focus(enter: Enter, action: int, tell: Callable[..., None]) -> None:
    visitor = enter()
    page = visitor.go("/actions/")
    heading = str(page.locator("main h1").text_content())
    link = page.locator("main a[href]").last
    link.focus()
    address = link.get_attribute("href")
    tell("changes the page")

    page.evaluate(PART, [action, "main"])

    expect(page.locator("main h1")).to_have_text(heading)
    assert page.evaluate("window.fresh") == page.title()
    assert page.evaluate("document.activeElement.getAttribute('href')") == address
    expect(page.locator("main")).to_have_count(1)
    assert visitor.complaints == []


def test_a_part_waits_while_somebody_writes_in_it(enter: Enter, action: int, tell: Callable[..., None]) -> None:
    visitor = enter()
    page = visitor.go(NOTHING_FOLLOWED)
    heading = str(page.locator("main h1").text_content())
    tell("changes the page again")
    field = page.locator("[name=username]")
    field.focus()

    page.evaluate(PART, [action, "main"])

    has_come_to_the_end(visitor, f"action:{action}")
    expect(page.locator("live-part")).to_have_js_property("isHeldUp", True)
    expect(page.locator("main h1")).to_have_text("stale")
    expect(field).to_be_focused()
    field.blur()
    expect(page.locator("main h1")).to_have_text(heading)


def test_more_than_a_window_comes_when_it_is_acknowledged(enter: Enter, action: int, tell: Callable[..., None]) -> None:
    visitor = enter()
    acknowledged: list[dict[str, Any]] = []
    visitor.page.on(
        "websocket",
        lambda socket: socket.on("framesent", lambda text: acknowledged.append(json.loads(str(text)))),
    )
    page = visitor.go(NOTHING_FOLLOWED)
    tell(*(str(number) for number in range(70)))

    page.evaluate(FOLLOW, {f"action:{action}": 0})

    expect_all_once(visitor, f"action:{action}")
    assert [frame for frame in acknowledged if frame["type"] == "ack"]
