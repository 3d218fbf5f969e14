"""The style sheets: the dark set stands twice and is the same, every text can be read, every symbol exists."""

import gzip
import re
from pathlib import Path

import pytest

from communities.models import Organisation
from events.kinds import Kind
from portal.specimen import ICONS
from portal.templatetags.ui.marks import emblem_of

PORTAL = Path(__file__).resolve().parents[2] / "portal"
STATIC = PORTAL / "static"
TOKENS = (STATIC / "css" / "tokens.css").read_text("utf-8")
SHEETS = "".join(
    (STATIC / "css" / f"{name}.css").read_text("utf-8") for name in ("tokens", "base", "parts", "pages", "print")
)
SPRITE = (STATIC / "img" / "emblems.svg").read_text("utf-8")
KILOBYTE = 1024

COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}\b|\b(?:rgb|hsl|oklch|oklab|lab|lch|color|color-mix)a?\(")


def block(selector: str, *, start: int = 0) -> dict[str, str]:
    """The declarations of the first rule with this selector at or after ``start``."""
    opened = TOKENS.index(selector + " {", start)
    body = TOKENS[TOKENS.index("{", opened) + 1 : TOKENS.index("}", opened)]
    return dict(re.findall(r"([\w-]+):\s*([^;]+);", re.sub(r"/\*.*?\*/", "", body, flags=re.DOTALL)))


LIGHT = block(":root")
DARK = block(':root[data-theme="dark"]')
AUTO = block(':root[data-theme="auto"]')
ELDER = block(':root[data-mode="elder"]')


def test_dark_gives_every_colour_anew():
    light_colours = {name for name, value in LIGHT.items() if COLOUR.search(value)}
    assert light_colours
    assert {name for name, value in DARK.items() if COLOUR.search(value)} == light_colours


def luminance(colour: str) -> float:
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    bright, dim = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


def test_contrast_is_computed_as_wcag_does():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


TEXTS = [
    *((ink, ground) for ink in ("ink", "ink-2") for ground in ("paper", "surface", "sunk", "brand-tint")),
    *(("ink", ground) for ground in ("warm-tint", "danger-tint")),
    ("danger", "danger-tint"),
    *((ink, ground) for ink in ("brand", "warm", "danger", "ink-off") for ground in ("paper", "surface")),
    *((ink, "brand-tint") for ink in ("brand", "warm")),
    ("brand", "sunk"),
    ("warm", "warm-tint"),
    ("brand", "warm-tint"),
    ("brand", "danger-tint"),
    ("brand-deep", "paper"),
    ("brand-deep", "surface"),
    ("on-brand", "brand"),
    ("on-brand", "brand-deep"),
    ("on-danger", "danger"),
    ("on-thread", "warm"),
    *((f"thread-{thread}", ground) for thread in Organisation.Kind.values for ground in ("surface", "paper")),
    *(("on-thread", f"thread-{thread}") for thread in Organisation.Kind.values),
]
MARKS = [
    *(
        (mark, ground)
        for mark in ("edge", "warm-thread", "focus", "danger", "brand")
        for ground in ("paper", "surface")
    ),
    ("brand", "brand-tint"),
    ("edge", "brand-tint"),
    ("edge", "warm-tint"),
    ("water", "brand-tint"),
    ("water", "surface"),
    ("warm-thread", "brand-tint"),
    ("warm-thread", "warm-tint"),
    ("brand", "warm-tint"),
    *(("focus", ground) for ground in ("sunk", "brand-tint", "warm-tint", "danger-tint")),
    ("ink-off", "sunk"),
]


# Grounds that only a pointer brings, or what is chosen with it: no page shows them while it lies still.
HOVERED = {("brand-deep", "paper"), ("brand-deep", "surface"), ("on-brand", "brand-deep"), ("on-danger", "danger")}


def worn(theme: str, mode: str) -> dict[str, str]:
    """The value of every token in this look, by its name without dashes."""
    values = LIGHT | (DARK if theme == "dark" else {}) | (ELDER if mode == "elder" else {})
    for name in values:
        while alias := re.fullmatch(r"var\((--[\w-]+)\)", values[name]):
            values[name] = values[alias[1]]
    return {name.removeprefix("--"): value for name, value in values.items()}


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("mode", ["standard", "elder"])
def test_every_text_and_every_mark_stands_out(theme, mode):
    colours = worn(theme, mode)
    weak = [
        f"{name} on {ground}: {found:.2f} < {least}"
        for pairs, least in ((TEXTS, 4.5), (MARKS, 3.0))
        for name, ground in pairs
        if (found := contrast(colours[name], colours[ground])) < least
    ]
    assert weak == []


def test_the_favicon_wears_the_sites_colours():
    favicon = (STATIC / "img" / "favicon.svg").read_text("utf-8")
    assert set(COLOUR.findall(favicon)) == {
        LIGHT[f"--{name}"]
        for name in ("surface", "thread-community", "thread-group", "thread-department", "thread-school")
    }


def test_every_token_that_is_asked_for_exists():
    asked = set(re.findall(r"var\((--[\w-]+)", SHEETS + SPRITE))
    own = set(re.findall(r"(--[\w-]+):", SHEETS))
    assert asked - own - set(LIGHT) == set()


def symbols() -> set[str]:
    return set(re.findall(r'<symbol id="([\w-]+)"', SPRITE))


def test_every_symbol_exists_once_and_every_kind_has_its_emblem():
    names = re.findall(r'<symbol id="([\w-]+)"', SPRITE)
    assert len(names) == len(set(names))
    assert set(map(emblem_of, Kind.values)) == {name for name in symbols() if name.startswith("e-")}
    assert {f"i-{name}" for name in ICONS} == {name for name in symbols() if name.startswith("i-")}


def test_every_kind_of_organisation_has_its_thread():
    threads = set(re.findall(r"--thread-(\w+):", TOKENS))
    assert threads == set(Organisation.Kind.values)
    # The community's is what a badge has by itself.
    assert set(re.findall(r"\.party\.(\w+) { --thread:", SHEETS)) == threads - {"community"}


def test_templates_ask_for_symbols_that_exist():
    root = PORTAL.parent
    asked = {
        f"i-{name}"
        for file in root.glob("*/templates/**/*.html")
        for name in re.findall(r'{% icon "([\w-]+)"', file.read_text("utf-8"))
    }
    assert asked
    assert asked - symbols() == set()


def test_templates_wear_classes_that_exist():
    sheets = [file.read_text("utf-8") for file in PORTAL.parent.glob("*/static/**/*.css")]
    known = set(re.findall(r"\.([a-zA-Z][\w-]*)", "".join(sheets))) | {"rows-1"}
    unknown = {}
    for file in PORTAL.parent.glob("*/templates/**/*.html"):
        text = re.sub(r"{[%#{].*?[%#}]}", " ", file.read_text("utf-8"))
        worn = {name for value in re.findall(r'class="([^"]*)"', text) for name in value.split()}
        if odd := {name for name in worn if re.fullmatch(r"[a-zA-Z][\w-]*[\w]", name)} - known:
            unknown[file.name] = odd
    assert unknown == {}


def test_the_shell_is_light():
    # Only pages with a map ask for Leaflet.
    vendored = [file for file in (STATIC / "vendor").glob("*.js") if file.name != "leaflet.js"]
    files = [*(STATIC / "css").glob("*.css"), *(STATIC / "js").glob("*.js"), *vendored]
    weight = sum(len(gzip.compress(file.read_bytes())) for file in [*files, STATIC / "img" / "emblems.svg"])
    # A public page may weigh 120 KB; the words of the page itself need the rest.
    assert weight < 60 * KILOBYTE
