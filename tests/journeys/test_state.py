"""For every verb that a deed speaks: a page that was open, with the updates applied by the real browser code, is the page
that one gets who opens it now.

A registered verb without a case fails, and so does a case whose deed changes nothing that people see.
"""

import json
import re
import sys
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from events import calling_off, parties, posting, publishing, seats, shifts
from events.kinds import Kind
from events.models import Action, Party, Post, Shift, SignUp
from events.shifts import Hours
from grid.cases import moving, reporting
from grid.models import Case as Problem
from grid.reports.placing import Spot
from grid.rules.transitions import Deed
from portal.models import NoticePage
from tests import cast, running
from tests.cast import Town
from tests.journeys.conftest import Cable, Enter, Person
from updates import messages, verbs
from updates.models import Message

pytestmark = pytest.mark.journey

# What somebody reads and can press, without what differs from one request to the next. Hidden parts do not count, and of
# when a thing was told only the hour does: past midnight a fresh page says 昨天, an open one what it said.
STATE = """() => {
  const lines = [];
  const kept = ["href", "class", "d", "disabled", "aria-current", "lang", "datetime", "role", "data-count"];
  const walk = (node) => {
    if (node.nodeType === Node.TEXT_NODE) {
      const text = node.textContent.replace(/\\s+/g, " ").trim();
      const isStamp = node.parentElement.matches("time[data-as=stamp]");
      if (text) lines.push(isStamp ? text.split(" ").pop() : text);
    }
    if (node.nodeType !== Node.ELEMENT_NODE || node.hidden) return;
    // A live feed grows while a fresh one begins anew with so many, and with them the way to the older ones.
    if (node.matches(".entries > :nth-child(n + 21), a[href^='?before']")) return;
    if (["TEMPLATE", "SCRIPT", "LIVE-LINE"].includes(node.localName.toUpperCase()) || node.matches("input[type=hidden]")) return;
    const attributes = kept.filter((name) => node.hasAttribute(name)).map((name) => name + "=" + node.getAttribute(name));
    lines.push("<" + [node.localName, ...attributes].join(" ") + ">");
    node.childNodes.forEach(walk);
  };
  document.querySelectorAll("main, .bar").forEach(walk);
  return lines;
}"""


@dataclass(frozen=True)
class Case:
    """Who looks at which page, what is there before (``stage`` answers for the address), and the deed."""

    verb: str
    who: str
    page: str
    stage: Callable[[Town], dict[str, Any]]
    deed: Callable[[Town, dict[str, Any]], object]

    @property
    def name(self) -> str:
        return f"{self.verb}-{self.who or 'visitor'}-{self.page.strip('/').partition('/')[0].strip('{}') or 'home'}"


def an_action(town: Town) -> dict[str, Any]:
    """One shift of two places in a week or later, at a time of its own: people come to more than one."""
    hours = cast.in_hours(168 + 12 * Action.objects.count(), capacity=2, task="北段")
    return about(cast.announced(town, hours, title="实时页面", kind=Kind.OTHER))


def about(action: Action) -> dict[str, Any]:
    return {"action": action.pk, "address": action.get_absolute_url(), "shift": action.shifts.first().pk}


def the_action(made: dict[str, Any]) -> Action:
    return Action.objects.get(pk=made["action"])


def the_shift(made: dict[str, Any]) -> Shift:
    return Shift.objects.get(pk=made["shift"])


def a_draft(town: Town) -> dict[str, Any]:
    action = cast.draft(town, title="还是草稿")
    shifts.add(action=action, hours=cast.in_hours(170 + 12 * Action.objects.count()), by=town.mei)
    return about(action)


def a_past_action(town: Town) -> dict[str, Any]:
    made = an_action(town)
    cast.put_back(the_action(made), timedelta(days=20))
    return made


def a_post(town: Town) -> dict[str, Any]:
    made = an_action(town)
    return {**made, "post": posting.post(action=the_action(made), text="写错了的话", by=town.mei).pk}


def a_full_shift(town: Town) -> dict[str, Any]:
    """dana waits; who comes first may leave."""
    made = an_action(town)
    shift = the_shift(made)
    first, *_rest = [cast.sign_up(person, shift) for person in list(town.neighbours())[:2]]
    return {**made, "first": first.pk, "waiting": cast.sign_up(town.dana, shift).pk}


def a_message(town: Town) -> dict[str, Any]:
    made = a_full_shift(town)
    let_go(town, made)
    return made


def announce(town: Town, made: dict[str, Any]) -> object:
    return publishing.announce(action=the_action(made), by=town.mei)


def move(town: Town, made: dict[str, Any]) -> object:
    shift = the_shift(made)
    later = Hours(shift.starts_at + timedelta(hours=26), shift.ends_at + timedelta(hours=26), 2, 1, "北段")
    return shifts.change(shift=shift, hours=later, by=town.mei)


def call_off(town: Town, made: dict[str, Any]) -> object:
    return calling_off.call_off(action=the_action(made), reason="雪停了", by=town.mei)


def close(town: Town, made: dict[str, Any]) -> object:
    return calling_off.close(action=the_action(made), by=town.mei)


def post(town: Town, made: dict[str, Any]) -> object:
    return posting.post(action=the_action(made), text="到了二十人。\n还缺铲子。<b>", by=town.mei)


def take_back(town: Town, made: dict[str, Any]) -> object:
    return posting.withdraw(post=Post.objects.get(pk=made["post"]), by=town.mei)


def add_a_shift(town: Town, made: dict[str, Any]) -> object:
    return shifts.add(action=the_action(made), hours=cast.in_hours(180, task="南段"), by=town.mei)


def one_comes(town: Town, made: dict[str, Any]) -> object:
    return cast.sign_up(next(town.neighbours()), the_shift(made))


def many_come(town: Town, made: dict[str, Any]) -> object:
    return [cast.sign_up(person, the_shift(made)) for person in list(town.neighbours())[:4]]


def all_leave(town: Town, made: dict[str, Any]) -> object:
    return [seats.cancel(sign_up=each, by=each.person) for each in SignUp.objects.live().filter(shift=made["shift"])]


def let_go(town: Town, made: dict[str, Any]) -> object:
    first = SignUp.objects.get(pk=made["first"])
    return seats.cancel(sign_up=first, by=first.person)


def read_all(town: Town, made: dict[str, Any]) -> object:
    newest = Message.objects.filter(person=town.dana).first()
    return messages.mark_all_read(by=town.dana, newest=newest.pk)


def an_asked_school(town: Town) -> dict[str, Any]:
    made = an_action(town)
    party = parties.invite(action=the_action(made), organisation=town.school, asked_for="带铁锹来", by=town.mei)
    return {**made, "party": party.pk}


def a_partner(town: Town) -> dict[str, Any]:
    made = an_asked_school(town)
    join_in(town, made)
    return made


def a_partners_post(town: Town) -> dict[str, Any]:
    made = a_partner(town)
    posting.post(action=the_action(made), text="学校的话", organisation=town.school, by=town.bo)
    return made


def the_party(made: dict[str, Any]) -> Party:
    return Party.objects.get(pk=made["party"])


def ask_the_school(town: Town, made: dict[str, Any]) -> object:
    return parties.invite(action=the_action(made), organisation=town.school, asked_for="带铁锹来", by=town.mei)


def join_in(town: Town, made: dict[str, Any]) -> object:
    return parties.accept(party=the_party(made), word="我们带二十人来。<b>", by=town.bo)


def say_no(town: Town, made: dict[str, Any]) -> object:
    return parties.decline(party=the_party(made), word="期中考试", by=town.bo)


def leave(town: Town, made: dict[str, Any]) -> object:
    return parties.leave(party=the_party(made), by=town.bo)


def go_on_without_it(town: Town, made: dict[str, Any]) -> object:
    return parties.let_go(party=the_party(made), word="改期了", by=town.mei)


def post_for_the_school(town: Town, made: dict[str, Any]) -> object:
    return posting.post(action=the_action(made), text="老师到了", organisation=town.school, by=town.bo)


def ask_yuqi(town: Town, made: dict[str, Any]) -> object:
    theirs = cast.announced(town, cast.in_hours(300), host=town.school, by=town.bo)
    return parties.invite(action=theirs, organisation=town.yuqi, by=town.bo)


def nothing(town: Town) -> dict[str, Any]:
    return {"section": town.yuqi.section.url}


def a_notice(town: Town) -> dict[str, Any]:
    return {**nothing(town), "notice": cast.notice(town, title="撤下的公告", is_pinned=True).pk}


def a_hidden_notice(town: Town) -> dict[str, Any]:
    made = a_notice(town)
    take_offline(town, made)
    return made


def issue(town: Town, made: dict[str, Any]) -> object:
    return cast.notice(town, title="桥面|结冰了", title_en="Ice on the bridge", kind="warning", is_pinned=True)


def take_offline(town: Town, made: dict[str, Any]) -> object:
    return NoticePage.objects.get(pk=made["notice"]).unpublish()


def issue_again(town: Town, made: dict[str, Any]) -> object:
    return NoticePage.objects.get(pk=made["notice"]).get_latest_revision().publish()


def a_report(town: Town) -> dict[str, Any]:
    made = reporting.report(
        request_key=uuid.uuid4(), spot=Spot(words=f"振祁路{Problem.objects.count() + 90}号"), description="路灯不亮了"
    )
    return {"number": made.case.number}


def send_out_to_be_verified(town: Town, made: dict[str, Any]) -> object:
    return moving.move(case=Problem.objects.get(number=made["number"]), deed=Deed.VERIFY, by=town.admin, person=town.lu)


CASES = [
    Case("case", "", "/cases/{number}/", a_report, send_out_to_be_verified),
    Case("opened", "", "/updates/", a_draft, announce),
    # Lists have pages: these come before there are more actions than one holds.
    Case("places", "", "/actions/?host=yu-qi-she-qu&kind=other", an_action, many_come),
    Case("places", "mei", "/desk/", an_action, many_come),
    Case("party_joined", "", "/actions/?host=yu-qi-she-qu&kind=other", an_asked_school, join_in),
    Case("opened", "mei", "/desk/{action}/", a_draft, announce),
    Case("opened", "mei", "{address}", a_draft, announce),
    Case("moved", "", "{address}", an_action, move),
    Case("moved", "", "/updates/", an_action, move),
    Case("moved", "mei", "/desk/{action}/", an_action, move),
    Case("called_off", "", "{address}", an_action, call_off),
    Case("called_off", "", "/updates/", an_action, call_off),
    Case("called_off", "mei", "/desk/{action}/", an_action, call_off),
    Case("closed", "", "{address}", a_past_action, close),
    Case("closed", "mei", "/desk/{action}/", a_past_action, close),
    Case("posted", "", "{address}", an_action, post),
    Case("posted", "", "/updates/", an_action, post),
    Case("posted", "mei", "/desk/{action}/", an_action, post),
    Case("withdrawn", "", "{address}", a_post, take_back),
    Case("withdrawn", "mei", "{address}", a_post, take_back),
    Case("withdrawn", "", "/updates/", a_post, take_back),
    Case("party_joined", "", "{address}", an_asked_school, join_in),
    Case("party_joined", "bo", "{address}", an_asked_school, join_in),
    Case("party_joined", "mei", "/desk/{action}/", an_asked_school, join_in),
    Case("party_joined", "", "/updates/", an_asked_school, join_in),
    Case("party_left", "", "{address}", a_partner, leave),
    Case("party_left", "", "{address}", a_partner, go_on_without_it),
    Case("party_left", "bo", "{address}", a_partner, go_on_without_it),
    Case("party_left", "mei", "/desk/{action}/", a_partner, leave),
    Case("posted", "bo", "{address}", a_partners_post, post),
    Case("posted", "bo", "{address}", a_partners_post, post_for_the_school),
    Case("changed", "mei", "/desk/{action}/", an_action, ask_the_school),
    Case("changed", "mei", "/desk/{action}/", an_asked_school, say_no),
    Case("message", "mei", "/my/invitations/", an_action, ask_yuqi),
    Case("notice", "", "/updates/", nothing, issue),
    Case("notice", "", "/", nothing, issue),
    Case("notice", "", "/notices/", nothing, issue),
    Case("notice", "mei", "{section}notices/", nothing, issue),
    Case("notice", "", "/updates/", a_hidden_notice, issue_again),
    Case("withdrawn", "", "/", a_notice, take_offline),
    Case("withdrawn", "", "/notices/", a_notice, take_offline),
    Case("changed", "", "{address}", an_action, add_a_shift),
    Case("changed", "mei", "/desk/{action}/", an_action, add_a_shift),
    Case("places", "", "{address}", an_action, one_comes),
    Case("places", "zhou", "{address}", an_action, many_come),
    Case("places", "", "{address}", a_full_shift, all_leave),
    Case("places", "dana", "{address}", a_full_shift, let_go),
    Case("places", "mei", "/desk/{action}/", an_action, many_come),
    Case("message", "dana", "/my/messages/", a_full_shift, let_go),
    Case("message", "dana", "{address}", a_full_shift, let_go),
    Case("message", "dana", "/my/sign-ups/{waiting}/", a_full_shift, let_go),
    Case("message", "dana", "/my/activities/", a_full_shift, let_go),
    Case("read", "dana", "/my/messages/", a_message, read_all),
]


BY_A_BAR = {"cases"}
"""Says that something is new and leaves the list alone, so an open page is meant to differ: tests/journeys/test_case_desk.py."""


def test_every_verb_has_a_case() -> None:
    assert {verb.name for verb in verbs.registered()} == {case.verb for case in CASES} | BY_A_BAR


def test_twin_a_verb_without_a_case_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(verbs._registered, "arrived", verbs.Verb("arrived"))
    with pytest.raises(AssertionError):
        test_every_verb_has_a_case()


class Stagehand:
    """Stages the cases and does their deeds, beside the running site."""

    def __init__(self, site: running.Site) -> None:
        self.site = site

    def set_the_stage(self, number: int) -> dict[str, Any]:
        made: dict[str, Any] = json.loads(self.site.tell(f"{HERE}; test_state.set_the_stage({number})"))
        return made

    def do_the_deed(self, number: int, made: dict[str, Any]) -> None:
        self.site.tell(f"{HERE}; test_state.do_the_deed({number}, {made!r})")


HERE = "from tests.journeys import test_state"


def set_the_stage(number: int) -> None:
    sys.stdout.write(json.dumps(CASES[number].stage(cast.gather())))


def do_the_deed(number: int, made: dict[str, Any]) -> None:
    CASES[number].deed(cast.gather(), made)


@pytest.fixture
def stagehand(site: running.Site) -> Stagehand:
    return Stagehand(site)


def state_of(page: Page) -> list[str]:
    """The page as it stands, with everything that waits behind the button let in."""
    button = page.locator(".feed-news button")
    if button.count() and button.is_visible():
        button.click()
    lines: list[str] = page.evaluate(STATE)
    return lines


def opened(person: Person, address: str) -> Page:
    person.go(address)
    expect(person.page.locator("live-line")).to_have_attribute("data-state", "live")
    return person.page


def difference(one: list[str], other: list[str]) -> str:
    return "\n".join(
        [*(f"- {line}" for line in one if line not in other), *(f"+ {line}" for line in other if line not in one)]
    )


@pytest.mark.parametrize("number", range(len(CASES)), ids=[f"{n:02}-{case.name}" for n, case in enumerate(CASES)])
def test_updated_is_as_good_as_fresh(enter: Enter, stagehand: Stagehand, number: int) -> None:
    case = CASES[number]
    made = stagehand.set_the_stage(number)
    address = case.page.format(**made)
    watcher, late = enter(case.who), enter(case.who)
    cable = Cable(watcher)
    before = state_of(opened(watcher, address))
    watcher.page.evaluate("window.neverReloaded = true")

    stagehand.do_the_deed(number, made)

    fresh = state_of(opened(late, address))
    assert fresh != before, "the deed changes nothing that one sees"
    running.wait_until(
        lambda: state_of(watcher.page) == fresh,
        "the open page is as good as a fresh one",
        patience=40,
        say=lambda: difference(state_of(watcher.page), fresh),
    )
    assert watcher.page.evaluate("window.neverReloaded === true")
    assert cable.lines, "it was heard over the websocket"
    assert watcher.complaints == []


def test_twin_a_page_that_hears_nothing_stays_behind(enter: Enter, stagehand: Stagehand) -> None:
    """Without the browser's code the comparison fails: it is not the reloading or the waiting that makes it hold."""
    number = next(n for n, case in enumerate(CASES) if case.verb == "places" and case.page == "{address}")
    made = stagehand.set_the_stage(number)
    watcher, late = enter(), enter()
    watcher.page.add_init_script("document.addEventListener('live:updates', (e) => e.stopImmediatePropagation(), true)")
    address = CASES[number].page.format(**made)
    opened(watcher, address)
    stagehand.do_the_deed(number, made)
    fresh = state_of(opened(late, address))
    at = re.compile(rf'"action:{made["action"]}":[2-9]')
    expect(watcher.page.locator("live-line")).to_have_attribute("data-at", at)
    assert state_of(watcher.page) != fresh
