"""What a machine can measure in a page that a browser shows: axe's rules, targets for a thumb, colours, what is cut off.

Everything goes into the page through the browser's own console, so the site's strict policy for scripts stays as it is.
Who opens many pages lets them ``come_with`` it: then the browser reads axe once and not for every page.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import BrowserContext, Page

# Axe reads the words of a colour anew wherever it is worn, some thousand times in a page: that is half of its time. The same
# words are the same colour, so what it read once is kept.
AXE = f"""{AXE_SCRIPT};
(() => {{
  const known = new Map(), colour = axe.commons.color.Color.prototype, read = colour.parseString;
  colour.parseString = function (words) {{
    if (!known.has(words)) {{
      read.call(this, words);
      known.set(words, [this.r, this.g, this.b, this.alpha]);
    }}
    [this.r, this.g, this.b, this.alpha] = known.get(words);
    return this;
  }};
}})();
"""
RULER = Path(__file__).with_name("measuring.js").read_text("utf-8")

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Without axe's own rule of 24 pixels: small_targets asks for more, and axe takes a box that the sheet's sticky foot covers
# until one scrolls for a small one.
BY_COLOUR = ["color-contrast", "link-in-text-block"]
"""The rules of axe whose answer depends on the colours that are worn."""

Worn = tuple[str, str]
"""A look: its theme and its mode, the two attributes in which the documents of the looks differ."""

LEAST = {"standard": 44, "elder": 60}
"""The least width and height of a target in CSS pixels: the ministry's rules for sites of 2021, and WCAG 2.5.5."""

RUN_AXE = """async (rules) => {
    const runOnly = rules.names ? { type: "rule", values: rules.names } : { type: "tag", values: rules.tags };
    const without = { "target-size": { enabled: false } };
    const said = await axe.run(document, { runOnly, resultTypes: ["violations"], rules: without, iframes: false });
    return said.violations.flatMap(rule => rule.nodes.map(node =>
        `${rule.id} (${rule.impact}): ${node.target} ${node.html.slice(0, 160)} ${node.failureSummary.replace(/\\s+/g, " ")}`));
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


NOSCRIPTS = """() => Array.from(document.querySelectorAll("main noscript"))
    .filter(each => each.checkVisibility()).map(each => `noscript: ${each.innerText.trim()}`)"""


def come_with(context: BrowserContext) -> None:
    """Let every page of this window come with axe and the rulers; a page in a frame of it comes without, as they look at one."""
    context.add_init_script(f"if (window === window.top) {{ {AXE}; {RULER} }}")


def axe(page: Page, only: list[str] | None = None) -> list[str]:
    """What axe finds in this page, of any impact: its rules of WCAG 2.2 A and AA and of good practice, or ``only`` these."""
    found: list[str] = _said(page, AXE, "axe", RUN_AXE, {"names": only, "tags": TAGS})
    return found


def in_looks(page: Page, looks: Mapping[str, Worn], **rulers: object) -> dict[str, dict[str, Any]]:
    """What these rulers of measuring.js say in each of these looks, by their names; the page wears the last one then.

    They look at it as soon as it has answered to the size of its window. A ruler is given what it is about:

    ``cutOff``        nothing; what is wider than the window or ends beyond its edge.
    ``smallTargets``  ``LEAST``; what stands alone for a thumb – links, buttons, fields, what opens – and is smaller than the
                      mode promises. Links in a sentence are as high as their line. A label counts for its box, and a card for
                      the title that covers it.
    ``tokens``        their names; their values, as the browser says them.
    ``colours``       nothing; the pairs of colours as they are worn, of ``texts`` and of ``marks`` that mean something, each
                      with its ground and an element that wears it, and what is ``faded``. A mark of the colour ``focus``
                      stands wherever something can be focused.
    """
    about = {"width": page.viewport_size["width"], "looks": [*looks.values()], "rulers": rulers}
    return dict(zip(looks, _ruler(page, "inLooks", about), strict=True))


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
    """What the content says to somebody who hears it, a line for each thing: roles, names, words, states, addresses.

    Playwright passes over ``<noscript>``, so what stands in one is told after the rest.
    """
    return page.locator("main").aria_snapshot().splitlines() + page.evaluate(NOSCRIPTS)


def faults_of_words(page: Page, language: str) -> list[str]:
    """What a machine sees at once in the words of a page that should be in this language, as ``lang`` says it."""
    faults = []
    if (label := page.evaluate("document.documentElement.lang")) != language:
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
    _ruler(page, "wear", [theme, mode])


def _ruler(page: Page, deed: str, about: object) -> Any:
    return _said(page, RULER, "measuring", f"about => measuring.{deed}(about)", about)


def _said(page: Page, script: str, name: str, call: str, about: object) -> Any:
    """What this call says in the page, to which the script that makes ``name`` is given first if it has none."""
    said = page.evaluate(f"async about => window.{name} ? {{ said: await ({call})(about) }} : null", about)
    if said is None:
        page.evaluate(script)
        return page.evaluate(call, about)
    return said["said"]
