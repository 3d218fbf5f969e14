"""What a person asked the system for: less motion, colours of their own. What the site says stays readable."""

import pytest

from tests.journeys.conftest import Enter

pytestmark = pytest.mark.journey

MOVES = """Array.from(document.querySelectorAll("*")).filter(each => {
    const style = getComputedStyle(each);
    return style.transitionDuration !== "0s" || (style.animationName !== "none" && style.animationDuration !== "0s");
}).length"""
# What is left of a row of places when its colours are gone: width and shape of each kind of stitch.
SHAPES = """() => Object.fromEntries(Array.from(document.querySelectorAll(".stitches path")).map(each =>
    [each.classList[0], getComputedStyle(each).strokeWidth + each.getAttribute("d").replace(/[\\d.]+/g, "")[0]
        + (each.getAttribute("d").match(/[a-zA-Z]/g) || []).slice(0, 4).join("") + each.getTotalLength() / each.getBBox().width]))"""


def test_nothing_moves_where_motion_is_not_wanted(enter: Enter) -> None:
    mei = enter("mei")
    for path in ("/", "/actions/", "/desk/", "/desk/new/", "/updates/"):
        mei.page.emulate_media(reduced_motion="reduce")
        assert mei.go(path).evaluate(MOVES) == 0, path
    # The twin: something does move where it may.
    mei.page.emulate_media(reduced_motion="no-preference")
    assert mei.go("/actions/").evaluate(MOVES) > 0


def test_stitches_and_words_tell_the_places_without_colours(enter: Enter) -> None:
    person = enter()
    person.page.emulate_media(forced_colors="active")
    page = person.go("/actions/")
    shapes = page.evaluate(SHAPES)
    assert {"sewn", "open"} <= set(shapes)
    assert len(set(shapes.values())) == len(shapes), shapes
    strokes = page.evaluate(
        "Array.from(document.querySelectorAll('.stitches path'), each => getComputedStyle(each).stroke)"
    )
    assert len(set(strokes)) == 1, "the system's colour, and no other"
    assert page.locator(".seats").count()
    for row in page.locator(".seats").all():
        assert row.inner_text().strip()
