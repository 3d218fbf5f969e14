"""The documents are true where a machine can tell: what they point to is there, what they tell to type exists."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import get_commands

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = sorted(
    str(file.relative_to(ROOT))
    for file in (*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), ROOT / "portal/fonts/README.md")
    if file.is_file()
)
LINK = re.compile(r"\]\(([^)#:]+)\)|\bsrc=\"([^\":]+)\"")
FILE = re.compile(r"`([\w.-]+(?:/[\w.{}<>-]+)+/?)`")
MAKE = re.compile(r"\bmake ([a-z-]+)\b")
MANAGE = re.compile(r"manage\.py ([a-z_]+)")
TARGET = re.compile(r"^([a-z-]+):", re.MULTILINE)
ELSEWHERE = re.compile(r"(?:\.venv|var|GONGZHI_VAR)/|Asia/|\d+/min$")
"""What has a slash and is no file of ours: what is made on the machine, a zone, a rate."""


def missing(document: str, text: str) -> Iterator[str]:
    """What a document names and is not there: files, targets of make, commands of Django."""
    for link in LINK.finditer(text):
        target = link[1] or link[2]
        if not (ROOT / document).parent.joinpath(target).exists():
            yield f"link to {target}"
    for named in FILE.findall(text):
        if not ELSEWHERE.match(named) and not re.search(r"[{}<>*]", named) and not (ROOT / named).exists():
            yield f"file {named}"
    targets = set(TARGET.findall((ROOT / "Makefile").read_text("utf-8")))
    in_code = " ".join(re.findall(r"```.*?```|`[^`]+`|^    .*$", text, re.MULTILINE | re.DOTALL))
    yield from (f"make {each}" for each in MAKE.findall(in_code) if each not in targets)
    yield from (f"manage.py {each}" for each in MANAGE.findall(text) if each not in get_commands())


@pytest.mark.parametrize("document", DOCUMENTS)
def test_what_is_named_is_there(document: str) -> None:
    assert list(missing(document, (ROOT / document).read_text("utf-8"))) == []


@pytest.mark.parametrize(
    ("planted", "said"),
    [
        ("[the house](docs/houses.md)", "link to docs/houses.md"),
        ('<img src="docs/pictures/none.png">', "link to docs/pictures/none.png"),
        ("see `events/seat.py`", "file events/seat.py"),
        ("in `static/vendor/`", "file static/vendor/"),
        ("say `make tests`", "make tests"),
        ("`manage.py demos`", "manage.py demos"),
    ],
)
def test_what_is_not_there_is_noticed(planted: str, said: str) -> None:
    assert list(missing("README.md", planted)) == [said]


def test_both_readmes_tell_the_same() -> None:
    """As many sections, steps, rows and commands in Chinese as in English."""

    def shape(name: str) -> list[tuple[str, int]]:
        text = (ROOT / name).read_text("utf-8")
        marks = {
            "section": r"^##+ ",
            "step": r"^\d\. ",
            "row": r"^\| ",
            "link": r"\]\((?!README)",
            "command": r"^\.venv",
        }
        return [(what, len(re.findall(mark, text, re.MULTILINE))) for what, mark in marks.items()]

    assert shape("README.md") == shape("README.zh-CN.md")
