"""Every page in a language: opened once, and looked at with every ruler where it stands, in two windows and three looks.

A look is two attributes of ``<html>``; ``test_axe`` proves that the pages of the looks are otherwise the same. So a page
changes its clothes, and its window, without being loaded again. What ``tests/portal/test_look.py`` computes the contrast of
is compared with what the browser shows: a pair of colours that is worn and not in its lists is a fault, and so is one in its
lists that nobody wears.

There is a module for each language, so that two workers share the way. Their tests are those of :class:`EveryPage`: one for
each question.
"""

import difflib
import os
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests import running
from tests.conftest import ARTEFACTS
from tests.journeys import measuring
from tests.journeys.conftest import DESKTOP, NARROW, PHONE, Enter, Person, windows
from tests.journeys.measuring import LEAST, NUMBER_OF_AN_ANSWER, Worn
from tests.journeys.states import STATES
from tests.journeys.views import STEPS, VIEWS, Look, dress
from tests.portal.test_look import COLOUR, HOVERED, LIGHT, MARKS, TEXTS

NAMES = sorted(name.removeprefix("--") for name, value in LIGHT.items() if COLOUR.search(value))
LANGUAGES = {"zh-hans": "zh-Hans", "en": "en"}
"""What a person may choose, and what ``<html lang>`` says then."""
LOOKS: dict[str, Worn] = {"light": ("light", "standard"), "dark": ("dark", "standard"), "elder": ("light", "elder")}
WINDOWS = {"phone": PHONE, "desktop": DESKTOP}
CLOSELY = {"zh-hans": "phone", "en": "desktop"}
"""The window in which axe reads a page and its colours are gathered; targets are measured in both."""
PICTURES = ARTEFACTS / "pictures"
ARE_TAKEN = "PICTURES" in os.environ
"""Whether the pictures for people are asked for (``make pictures``); the rulers do without."""
COMPARED = "zh-hans"
"""The language in which each page is opened once more, without script; the markup is the same in the other."""
OPEN_ALL = "document.querySelectorAll('details').forEach(each => { each.open = true; })"

Pair = tuple[str, str]


class Walk:
    """The way through all pages in one language: what was wrong, by what was asked, and which pairs of colours were worn."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.faults: dict[str, list[str]] = defaultdict(list)
        self.unworn: set[Pair] = set()
        self._worn: dict[str, set[Pair]] = defaultdict(set)

    def go(self, enter: Enter, made: dict[str, object]) -> None:
        people = {name: still(enter(name)) for name in sorted({who for _, who, _, _ in VIEWS})}
        for person in people.values():
            dress(person, Look(self.language, PHONE, language=self.language))
            measuring.come_with(person.context)
        without = {name: enter(name, script=False, logged_in=False) for name in people if self.language == COMPARED}
        for name, person in without.items():
            person.context.add_cookies(people[name].context.cookies())
        for title, who, path, status in VIEWS:
            self.visit(people[who], title, path.format(**made), status, STEPS.get(title), without.get(who))
        for title, who, path, act in STATES:
            self.visit(people[who], title, path.format(**made), 200, act)

    def visit(
        self,
        person: Person,
        title: str,
        path: str,
        status: int,
        act: Callable[[Page], None] | None,
        without: Person | None = None,
    ) -> None:
        """Open a page, do there what makes its state, and look at it from all sides.

        ``without`` is the same person in a window without script, who must be told the same.
        """
        person.complaints.clear()
        person.page.set_viewport_size(PHONE)
        answer = person.page.goto(person.site.url + path)
        if answer is None or answer.status != status:
            self.faults["answers"].append(f"{title}: {answer and answer.status} instead of {status}")
        elif answer.request.redirected_from:  # to the door, it may be, and every ruler would measure that
            self.faults["answers"].append(f"{title}: sent on to {answer.url}")
        if without:
            self._note("script", title, differences(measuring.told(person.page), measuring.told(without.go(path))))
        if act:
            act(person.page)
        self.look_at(person, title)
        said = person.complaints_besides(*([422] if act else [] if status == 200 else [status]))
        self.faults["console"] += [f"{title}: {each}" for each in said]

    def look_at(self, person: Person, title: str) -> None:
        """The page as it comes: its words, its picture in each window and look, and whether something is cut off."""
        page = person.page
        # Before the window grows: a browser keeps the larger file of a picture that it has once.
        self._note("pictures", title, measuring.pictures(page))
        self._note("words", title, measuring.faults_of_words(page, LANGUAGES[self.language]))
        self._look_at_widths(person, title, "phone")
        page.set_viewport_size(NARROW)
        cut = measuring.in_looks(page, {"elder": LOOKS["elder"]}, cutOff=None)["elder"]["cutOff"]
        self._note("width", f"{title} in large print on the narrowest phone", cut)
        self._look_at_widths(person, title, "desktop")
        self.look_closely(page, title)

    def _look_at_widths(self, person: Person, title: str, window: str) -> None:
        person.page.set_viewport_size(WINDOWS[window])
        for look, found in measuring.in_looks(person.page, LOOKS, cutOff=None).items():
            where = f"{title}-{window}-{look}-{self.language[:2]}"
            self._note("width", where, found["cutOff"])
            if ARE_TAKEN:
                measuring.wear(person.page, *LOOKS[look])
                person.picture(where)

    def look_closely(self, page: Page, title: str) -> None:
        """The page with everything opened: by axe, as a target, in its colours. It wears the light look afterwards."""
        page.evaluate(OPEN_ALL)
        # A page stands on a desktop by now, and the next one comes on a phone: no change of the window more than needed.
        for window in "desktop", "phone":
            page.set_viewport_size(WINDOWS[window])
            if window == CLOSELY[self.language]:
                for look in LOOKS:
                    self._look_by_axe(page, f"{title} {window} {look}", look)
            else:
                for look, found in measuring.in_looks(page, LOOKS, smallTargets=LEAST).items():
                    self._note("targets", f"{title} {window} {look}", found["smallTargets"])
        measuring.wear(page, *LOOKS["light"])

    def _look_by_axe(self, page: Page, where: str, look: str) -> None:
        rulers = {"smallTargets": LEAST, "tokens": NAMES, "colours": None}
        found = measuring.in_looks(page, {look: LOOKS[look]}, **rulers)[look]
        self._note("targets", where, found["smallTargets"])
        self._note("colours", where, self._colours(look, found["tokens"], found["colours"]))
        self._note("axe", where, measuring.axe(page, only=measuring.BY_COLOUR if look == "dark" else None))

    def must_be_free_of(self, question: str) -> None:
        faults = self.faults[question]
        assert not faults, "\n".join(faults)

    def _note(self, question: str, where: str, found: Iterable[str]) -> None:
        self.faults[question] += [f"{where}: {each}" for each in found]

    def _colours(self, look: str, values: dict[str, str], shown: dict[str, Any]) -> Iterator[str]:
        """Pairs that nobody computes, colours that are no token's, what is paler than its token."""
        names = {value: name for name, value in values.items()}
        yield from (f"{each} is faded" for each in shown["faded"])
        for kind, pairs, listed in (("text", shown["texts"], TEXTS), ("mark", shown["marks"], MARKS + TEXTS)):
            computed = {(values[ink], values[ground]) for ink, ground in listed}
            found = {(values.get(ink, ink), ground): element for ink, ground, element in pairs}
            self._worn[look] |= set(found)
            for (ink, ground), element in found.items():
                if (ink, ground) not in computed:
                    yield f"{kind} {names.get(ink, ink)} on {names.get(ground, ground)}: {element}"

    def try_on(self, person: Person) -> None:
        """What components wear in states that no page is in, on the page that shows all of them."""
        for path in ("/ui/", "/ui/?bar=nav"):
            page = person.go(path)
            for window, viewport in WINDOWS.items():
                page.set_viewport_size(viewport)
                for look, found in measuring.in_looks(page, LOOKS, tokens=NAMES, colours=None).items():
                    pairs = self._colours(look, found["tokens"], found["colours"])
                    self._note("colours", f"{path} {window} {look}", pairs)

    def worn_by_nobody(self, page: Page) -> set[Pair]:
        """The pairs of test_look's lists that no page showed, in at least one of the looks."""
        unseen = set()
        for look, found in measuring.in_looks(page, LOOKS, tokens=NAMES).items():
            values, seen = found["tokens"], self._worn[look]
            unseen |= {(ink, ground) for ink, ground in TEXTS + MARKS if (values[ink], values[ground]) not in seen}
        return unseen


# What is not the same without script, on purpose: lines of what is told (see measuring.told), each with its reason.
ON_PURPOSE = (
    re.compile(
        r"paragraph: (还可写|最多) \d+ 字"
    ),  # the room that is left, counted while one writes; else the whole of it
    re.compile(r'button "(复制链接|一起复制|分享|打印)"'),  # what only a script can do is not offered without one
    # the map that moves, with its numbers; else the drawing, and the list in both
    re.compile(r'region ".*图"|button "(放大|缩小|看全图|\d+：.*到列表中查看)"'),
    re.compile(r'button "(离我多远？|近的排前面)"'),  # only a browser knows where it is
    re.compile(
        r'button "(就在我这里（用手机定位）|先上传这些，再添加)"'
    ),  # the phone is asked; pictures are taken at once
    re.compile(r'status: 写的内容会自动保存。|button "用这一类的现成文字"'),  # done while one writes; else asked for
    # A paragraph around a button, which has a line of its own, and a status without words: they say nothing.
    re.compile(r"^[-+] +- (paragraph:|status)$"),
    # a shape is drawn, with handles, tools and how they are used; the text of its corners says and takes the same, in both
    re.compile(r'^- +- (group "画图区":|button "(第 \d+ 个拐点，共 \d+ 个|在第 \d+ 个拐点后加一个)")$'),
    re.compile(
        r'^- +- (button "(删除这个拐点|撤销)" \[disabled\]|paragraph: (拖动拐点，或选中后|在图上点一下它的位置))'
    ),
    # … and the label of that text, which flows into the words before it where no drawing stands between
    re.compile(r"^[-+] +- text: (示意图，不是测绘成果：显示时注明“示意”( 拐点)?|拐点)$"),
    re.compile(r'^\+ +- button "填入"$'),  # a template's words go in as soon as it is chosen; else asked for
    # boxes are drawn over the picture, each told by its numbers; else one box is written in numbers
    re.compile(r'^- +- (status: 还没有框。|button "加一个框")$'),
    re.compile(
        r'^\+ +- (group "方框位置（占照片的百分比）":|(text:|spinbutton)( 方框位置（占照片的百分比）)? "?(离左边|离上边|宽|高)，%"?)$'
    ),
)


def differences(one: list[str], other: list[str]) -> Iterator[str]:
    """What is told with script only (-) or without it only (+), but for what differs on purpose."""
    for line in difflib.ndiff(one, other):
        if (
            line[:2] in {"- ", "+ "}
            and not NUMBER_OF_AN_ANSWER.search(line)
            and not any(each.search(line) for each in ON_PURPOSE)
        ):
            yield line


def still(person: Person) -> Person:
    """Without transitions, so that no colour is caught on its way to the next look."""
    person.page.emulate_media(reduced_motion="reduce")
    return person


class EveryPage:
    """The questions, for one language."""

    language = ""

    @pytest.fixture(scope="class")
    @classmethod
    def walk(cls, browser: Browser, site: running.Site, components: running.Site, made: dict[str, object]) -> Walk:
        walk = Walk(cls.language)
        PICTURES.mkdir(parents=True, exist_ok=True)
        with windows(browser, site, PICTURES) as enter:
            walk.go(enter, made)
        with windows(browser, components, PICTURES) as enter:
            walk.try_on(still(enter()))
            walk.unworn = walk.worn_by_nobody(enter().go("/"))
        return walk

    def test_it_answers_as_promised(self, walk: Walk) -> None:
        walk.must_be_free_of("answers")

    def test_the_console_is_silent(self, walk: Walk) -> None:
        walk.must_be_free_of("console")

    def test_its_words_are_of_its_language(self, walk: Walk) -> None:
        """The language is the one on its label; no English word of the interface is left in a Chinese page, and what stays
        Chinese in an English one is read by a Chinese voice.
        """
        walk.must_be_free_of("words")

    def test_nothing_is_cut_off(self, walk: Walk) -> None:
        """In each window and look, and in large print on the narrowest phone."""
        walk.must_be_free_of("width")

    def test_its_pictures_keep_their_place_and_are_no_larger_than_shown(self, walk: Walk) -> None:
        walk.must_be_free_of("pictures")

    def test_it_says_the_same_without_script(self, walk: Walk) -> None:
        walk.must_be_free_of("script")

    def test_axe_is_silent(self, walk: Walk) -> None:
        walk.must_be_free_of("axe")

    def test_a_thumb_hits_what_it_aims_at(self, walk: Walk) -> None:
        walk.must_be_free_of("targets")

    def test_each_pair_of_colours_is_accounted_for(self, walk: Walk) -> None:
        walk.must_be_free_of("colours")
        unworn = sorted(walk.unworn - HOVERED)
        assert not unworn, f"worn by nobody: {unworn}"
