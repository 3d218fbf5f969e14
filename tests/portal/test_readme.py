"""What the READMEs say of the settings is true: every variable that they read stands there, and no other."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
READ = re.compile(r"""\benv\.\w+\(\s*["'](\w+)["']""")
READMES = ("README.md", "README.zh-CN.md")
HEADING = re.compile(r"^## (?:Configuration|设置)\n", re.MULTILINE)
ROW = re.compile(r"^\| (`[A-Z_`, ]+`) \|", re.MULTILINE)


def in_settings(source: str) -> set[str]:
    return set(READ.findall(source))


def in_table(readme: str) -> list[str]:
    part = HEADING.split(readme)[1].partition("\n### ")[0]
    return [name for row in ROW.findall(part) for name in re.findall(r"[A-Z_]+", row)]


@pytest.mark.parametrize("readme", READMES)
def test_the_table_names_the_variables_that_settings_read(readme: str) -> None:
    named = in_table((ROOT / readme).read_text("utf-8"))
    assert sorted(named) == sorted(in_settings((ROOT / "portal" / "settings.py").read_text("utf-8")))


@pytest.mark.parametrize("line", ['X = env.bool("NEW_ONE", False)', "X = env.str(\n    'NEW_ONE', '')"])
def test_a_variable_that_is_read_is_seen(line: str) -> None:
    assert in_settings(line) == {"NEW_ONE"}


def test_nothing_else_reads_the_environment() -> None:
    """Scripts that start others may hand the environment on; a variable of ours is read by the settings alone."""
    own = set(in_table((ROOT / "README.md").read_text("utf-8")))
    readers = {
        f"{file.relative_to(ROOT)}: {name}"
        for room in ("kit", "updates", "communities", "volunteers", "grid", "events", "portal")
        for file in (ROOT / room).rglob("*.py")
        if file.name != "settings.py"
        for name in re.findall(r"""(?:environ(?:\.get\(|\[)|getenv\()["'](\w+)""", file.read_text("utf-8"))
        if name in own
    }
    assert readers == set()
