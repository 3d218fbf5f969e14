"""What lets ``every_page`` change the clothes of an open page, and the twins of what it asks: planted faults are found."""

import re
from collections.abc import Iterator

import pytest

from tests import grounds
from tests.journeys import measuring
from tests.journeys.conftest import PHONE, Enter
from tests.journeys.every_page import LOOKS, NAMES, Walk, differences, still
from tests.journeys.views import VIEWS, Look, dress
from tests.portal.test_look import worn

pytestmark = [pytest.mark.journey, pytest.mark.web_alone]

ONE_TIME = re.compile(
    r'name="(?:csrfmiddlewaretoken|request_key)" value="[^"]*"|[0-9a-f]{8}-[0-9a-f-]{27}|\b[0-9a-f]{8}\b'
)


@pytest.fixture(scope="module")
def ground() -> str:
    return grounds.with_stage()


def bare(html: str) -> Iterator[str]:
    """The lines of a page without what is made anew for each answer."""
    return map(str.strip, ONE_TIME.sub("", html).splitlines())


def test_a_look_is_two_attributes(enter: Enter, made: dict[str, object]) -> None:
    """What allows to change clothes in the open page: the site sends the same document in every look.

    Beside the two attributes only the pressed button of the switch in the foot differs.
    """
    people = {name: enter(name) for name in sorted({who for _, who, _, _ in VIEWS})}
    other = set()
    for title, who, path, status in VIEWS:
        documents = []
        for theme, mode in LOOKS["light"], ("dark", "elder"):
            dress(people[who], Look("", PHONE, theme=theme, mode=mode))
            answer = people[who].context.request.get(people[who].site.url + path.format(**made))
            text = re.sub(rf'data-theme="{theme}" data-mode="{mode}"', "", answer.text(), count=1)
            assert status != 200 or f'value="{theme}" aria-pressed="true"' in text
            documents.append([*bare(re.sub(r' aria-pressed="\w+"', "", text))])
        other |= {f"{title}: {one} – {two}" for one, two in zip(*documents, strict=False) if one != two}
        if len(documents[0]) != len(documents[1]):
            other.add(f"{title}: more lines in one of the looks")
    assert other == set()


# The twins: a page with a planted fault is not passed.


def planted(enter: Enter, script: str) -> Walk:
    page = still(enter()).go("/search/?q=玉祁")
    page.evaluate(script)
    walk = Walk("zh-hans")
    walk.look_closely(page, "planted")
    return walk


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("document.querySelector('main').append(document.createElement('input'))", "label (critical)"),
        ("document.documentElement.style.setProperty('--ink-2', '#b0b0b0')", "color-contrast (serious)"),
        ("document.querySelector('main .btn').style.minHeight = '20px'", "is small"),
        ("document.querySelector('main h1').style.color = '#123456'", "text rgb(18, 52, 86) on paper"),
        ("document.querySelector('main h1').style.color = 'var(--on-brand)'", "on paper: h1"),
        ("document.querySelector('main h1').style.opacity = '.5'", "is faded"),
    ],
    ids=["no-label", "pale-token", "small", "no-token", "pair-nobody-computes", "faded"],
)
def test_a_planted_fault_is_found(enter: Enter, script: str, said: str) -> None:
    faults = planted(enter, script).faults
    assert any(said in each for question in faults.values() for each in question), faults


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("each => each.removeAttribute('alt')", "has no alt"),
        ("each => { each.removeAttribute('width'); each.style.aspectRatio = 'auto'; }", "has no size"),
        ("each => { each.style.marginTop = '1000px'; each.loading = 'eager'; }", "before anybody sees it"),
        ("each => each.removeAttribute('srcset')", "comes in one size"),
        ("each => { each.style.width = '100px'; }", "shown 100"),
    ],
    ids=["no-words", "no-place", "too-early", "one-size", "too-large"],
)
def test_a_planted_fault_of_a_picture_is_found(enter: Enter, made: dict[str, object], script: str, said: str) -> None:
    page = enter().go(str(made["pictured"]))
    page.locator("main img").last.evaluate(script)
    faults = measuring.pictures(page)
    assert any(said in each for each in faults), faults


@pytest.mark.parametrize(
    "script",
    ["each => each.append('only with script')", "each => { each.hidden = true; }"],
    ids=["filled-by-script", "hidden-by-script"],
)
def test_what_only_script_does_is_found(enter: Enter, script: str) -> None:
    page, without = enter().go("/about/"), enter(script=False).go("/about/")
    assert [*differences(measuring.told(page), measuring.told(without))] == []
    page.locator("main h1").evaluate(script)
    assert [*differences(measuring.told(page), measuring.told(without))]


def test_what_only_a_noscript_says_is_found(enter: Enter) -> None:
    page, without = enter().go("/about/"), enter(script=False).go("/about/")
    for each in page, without:
        each.locator("main h1").evaluate("each => each.insertAdjacentHTML('afterend', '<noscript><p>x</p></noscript>')")
    assert [*differences(measuring.told(page), measuring.told(without))] == ["+ noscript: x"]


def test_the_values_that_are_computed_are_those_that_are_worn(enter: Enter) -> None:
    """test_look reads the style sheet, the browser wears it: both say the same, in all four looks."""
    page = enter().go("/")
    for theme in ("light", "dark"):
        for mode in ("standard", "elder"):
            measuring.wear(page, theme, mode)
            shown = measuring.tokens(page, NAMES)
            read = {name: worn(theme, mode)[name] for name in NAMES}
            assert {name: as_hex(value) for name, value in shown.items() if "rgba" not in value} == {
                name: value for name, value in read.items() if value.startswith("#")
            }


def as_hex(rgb: str) -> str:
    return "#" + "".join(f"{int(each):02x}" for each in re.findall(r"\d+", rgb))
