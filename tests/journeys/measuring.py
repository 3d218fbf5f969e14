"""What a machine can measure in a page that a browser shows: axe's rules, targets for a thumb, colours, what is cut off.

Everything goes into the page through the browser's own console, so the site's strict policy for scripts stays as it is.
"""

import re
from pathlib import Path
from typing import Any, NamedTuple

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

RULER = Path(__file__).with_name("measuring.js").read_text("utf-8")

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Without axe's own rule of 24 pixels: small_targets asks for more, and axe takes a box that the sheet's sticky foot covers
# until one scrolls for a small one.
BY_COLOUR = ["color-contrast", "link-in-text-block"]
"""The rules of axe whose answer depends on the colours that are worn."""

LEAST = {"standard": 44, "elder": 60}
"""The least width and height of a target in CSS pixels: the ministry's rules for sites of 2021, and WCAG 2.5.5."""

RUN_AXE = """async (rules) => {
    const runOnly = rules.names ? { type: "rule", values: rules.names } : { type: "tag", values: rules.tags };
    const said = await axe.run(document, { runOnly, resultTypes: ["violations"], rules: { "target-size": { enabled: false } } });
    return said.violations.flatMap(rule => rule.nodes.map(node =>
        `${rule.id} (${rule.impact}): ${node.target} ${node.html.slice(0, 160)} ${node.failureSummary.replace(/\\s+/g, " ")}`));
}"""
WEAR = """([theme, mode]) => {
    Object.assign(document.documentElement.dataset, { theme, mode });
    document.dispatchEvent(new Event("htmx:load"));  // look-switch.js shows which switch is pressed
}"""


# Words of Latin letters that belong into a Chinese page: names of people's accounts, of files and their formats, of systems
# of coordinates, and of languages.
AT_HOME = frozenset(
    "EN English README PDF TXT CSV GeoJSON KB MB WGS CGCS GCJ GPS"
    " admin mei yan bo qiang lan chen lu zhou dana gu xu neighbour colleague".split()
)
LATIN = re.compile(r"[A-Za-z]{2,}")
ADDRESS = re.compile(r"https?://\S+")
NUMBER_OF_AN_ANSWER = re.compile(r"\b[0-9a-f]{8}\b")
NUMBER_OF_A_CASE = re.compile(r"YQ\d{12}(?!\d)")
# A key of the keyboard is called what stands on it; the same words anywhere else would be left untranslated.
KEY = re.compile(r"按住 Shift|按 Delete")
# What stands in <code> is for machines and of no language; so is a receipt code, which is drawn by lot.
WORDS_OF_THE_PAGE = """() => {
    const codes = Array.from(document.querySelectorAll("code, .receipt-code"));
    codes.forEach(each => { each.hidden = true; });
    const words = [
        document.title,
        document.body.innerText,
        ...Array.from(document.querySelectorAll("[aria-label], [title], [placeholder]"), each =>
            [each.ariaLabel, each.title, each.placeholder].join(" ")),
    ].join(" ");
    codes.forEach(each => { each.hidden = false; });
    return words;
}"""


class Colours(NamedTuple):
    """The colours that stand on each other in a page, each pair with the element that wears it."""

    texts: list[tuple[str, str, str]]
    marks: list[tuple[str, str, str]]
    faded: list[str]


def axe(page: Page, only: list[str] | None = None) -> list[str]:
    """What axe finds in this page, of any impact: its rules of WCAG 2.2 A and AA and of good practice, or ``only`` these."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    found: list[str] = page.evaluate(RUN_AXE, {"names": only, "tags": TAGS})
    return found


def small_targets(page: Page, mode: str = "standard") -> list[str]:
    """What stands alone for a thumb – links, buttons, fields, what opens – and is smaller than this look promises.

    Links in a sentence are as high as their line. A label counts for its box, and a card for the title that covers it.
    """
    found: list[str] = _ruler(page, "smallTargets", LEAST[mode])
    return found


def colours(page: Page) -> Colours:
    """The colours of this page as they are worn: of texts, and of marks that mean something, each with its ground.

    A mark of the colour ``focus`` stands wherever something can be focused.
    """
    found: dict[str, Any] = _ruler(page, "colours", None)
    return Colours(*(found[name] for name in Colours._fields))


def tokens(page: Page, names: list[str]) -> dict[str, str]:
    """The values of these tokens in the look that is worn, as the browser says them."""
    values: dict[str, str] = _ruler(page, "tokens", names)
    return values


def cut_off(page: Page) -> list[str]:
    """What is wider than the window or ends beyond its edge."""
    found: list[str] = _ruler(page, "cutOff", None)
    return found


def pictures(page: Page) -> list[str]:
    """What is wrong with the pictures of the content: no place kept, no words for them, fetched too early or too large.

    Photographs are what the site cut to size; a drawing, a code to scan and a poster to keep have one size.
    """
    found: list[str] = _ruler(page, "pictures", "/media/images/")
    return found


def told(page: Page) -> list[str]:
    """What the content says to somebody who hears it, a line for each thing: roles, names, words, states, addresses."""
    return page.locator("main").aria_snapshot().splitlines()


def faults_of_words(page: Page, language: str) -> list[str]:
    """What a machine sees at once in the words of a page that should be in this language, as ``lang`` says it."""
    faults = []
    if (label := page.locator("html").get_attribute("lang")) != language:
        faults.append(f"lang is {label}")
    if language.startswith("zh"):
        words = page.evaluate(WORDS_OF_THE_PAGE)
        for known in (NUMBER_OF_AN_ANSWER, NUMBER_OF_A_CASE, KEY, ADDRESS):
            words = known.sub("", words)
        if foreign := sorted(set(LATIN.findall(words)) - AT_HOME):
            faults.append(f"not translated: {', '.join(foreign)}")
    else:
        faults += unmarked(page)
    return faults


def unmarked(page: Page) -> list[str]:
    """The Chinese in an English page that is not marked as such; titles and attributes have no place for a mark."""
    found: list[str] = _ruler(page, "unmarked", None)
    return found


def wear(page: Page, theme: str, mode: str) -> None:
    """Put the page into another look without loading it again: that is two attributes of ``<html>``."""
    page.evaluate(WEAR, [theme, mode])


def _ruler(page: Page, deed: str, about: object) -> Any:
    if not page.evaluate("'measuring' in window"):
        page.evaluate(RULER)
    return page.evaluate(f"about => measuring.{deed}(about)", about)
