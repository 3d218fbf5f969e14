"""What the site is built from: the bill names all of it, and what is known to be unsafe is found among the pins."""

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from portal import pins
from portal.management.commands import advisories, bill_of_materials
from portal.pins import Pin

ROOT = Path(__file__).resolve().parents[2]
PINNED = [*pins.packages(), *pins.packages(pins.WORK), *pins.vendored()]


# --- pins ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("file", [pins.RUN, pins.WORK])
def test_every_line_that_pins_is_read(file: str) -> None:
    lines = [line for line in (ROOT / file).read_text("utf-8").splitlines() if "==" in line.partition(";")[0]]
    assert [line.partition("==")[0].partition("[")[0] for line in lines] == [pin.name for pin in pins.packages(file)]
    assert all(re.fullmatch(r"[0-9][\w.!+-]*", pin.version) for pin in pins.packages(file))


def test_a_marker_is_read() -> None:
    soups = [pin for pin in pins.packages() if pin.name == "soupsieve"]
    assert len({pin.version for pin in soups}) == len(soups) == 2
    assert all(pin.marker.startswith("python_full_version") for pin in soups)


def test_every_vendored_file_and_the_font_are_named() -> None:
    scripts = {file.name for file in (ROOT / "portal/static/vendor").glob("*.js")}
    rows = (ROOT / pins.VENDORED).read_text("utf-8")
    assert len(list(pins.vendored())) == len(scripts)
    assert all(f"`{name}`" in rows for name in scripts)
    assert [pin.purl for pin in pins.fonts()] == ["pkg:generic/noto-sans-cjk-sc@2.004"]


# --- the bill -----------------------------------------------------------------------------------------------------------


def test_the_bill_names_all_of_it_and_nothing_else() -> None:
    call_command("bill_of_materials", check=True)
    document = json.loads(bill_of_materials.DOCUMENT.read_text("utf-8"))
    assert (document["bomFormat"], document["specVersion"]) == ("CycloneDX", "1.6")
    by_name = {part["name"]: part for part in document["components"]}
    assert by_name["django"]["licenses"] == [{"license": {"id": "BSD-3-Clause"}}]
    assert by_name["htmx.org"]["purl"].startswith("pkg:npm/htmx.org@")


def test_twin_a_pin_that_is_not_in_the_bill_is_missed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    document = json.loads(bill_of_materials.DOCUMENT.read_text("utf-8"))
    document["components"] = [part for part in document["components"] if part["name"] != "django"]
    planted = tmp_path / "bill.json"
    planted.write_text(json.dumps(document), "utf-8")
    monkeypatch.setattr(bill_of_materials, "DOCUMENT", planted)
    with pytest.raises(CommandError, match="names something else"):
        call_command("bill_of_materials", check=True)


def test_a_licence_that_cannot_be_read_here_stays() -> None:
    elsewhere = Pin("u-msgpack-python", "2.8.0", "platform_python_implementation != 'CPython'")
    told = json.loads(bill_of_materials.bill([elsewhere], {elsewhere.purl: "MIT"}))
    assert bill_of_materials.licences(told) == {elsewhere.purl: "MIT"}


# --- advisories ---------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def table() -> tuple[date, list[advisories.Advisory]]:
    return advisories.read(advisories.TABLE.read_text("utf-8"))


def test_no_pin_is_known_to_be_unsafe(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("advisories")
    assert "is unsafe" in capsys.readouterr().out


def test_the_table_is_in_order_and_about_what_is_used(table: tuple[date, list[advisories.Advisory]]) -> None:
    day, known = table
    assert [(each.package, each.published, each.number) for each in known] == sorted(
        (each.package, each.published, each.number) for each in known
    )
    names = {pin.name for pin in PINNED}
    for each in known:
        assert each.package in names, each
        assert each.published <= day, each
        assert re.fullmatch(r"CVE-\d{4}-\d{4,}|GHSA(-[0-9a-z]{4}){3}", each.number), each
        assert each.source.startswith("https://"), each
        assert each.summary.endswith("."), each


def test_what_is_accepted_is_still_pinned(table: tuple[date, list[advisories.Advisory]]) -> None:
    """And nothing is accepted for ever: the word goes with the pin."""
    for each in table[1]:
        assert not each.accepted or any(each.concerns(pin) for pin in PINNED), each


@pytest.mark.parametrize(
    ("pin", "number"),
    [
        (Pin("django", "5.2.5"), "CVE-2025-57833"),
        (Pin("daphne", "4.2.1"), "CVE-2026-44545"),
        (Pin("brotli", "1.1.0"), "CVE-2025-6176"),
    ],
)
def test_an_unsafe_pin_is_found(pin: Pin, number: str, table: tuple[date, list[advisories.Advisory]]) -> None:
    found = list(advisories.unsafe([pin], table[1]))
    assert [line for line in found if number in line and line.startswith(f"{pin.name} {pin.version}: ")]


def test_the_check_fails_on_one(monkeypatch: pytest.MonkeyPatch) -> None:
    def one(_file: str = pins.RUN) -> Any:
        yield Pin("django", "5.2.5")

    monkeypatch.setattr(pins, "packages", one)
    with pytest.raises(CommandError, match=r"django 5\.2\.5: CVE"):
        call_command("advisories")


def test_an_old_table_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _first, _, rest = advisories.TABLE.read_text("utf-8").partition("\n")
    old = tmp_path / "advisories.csv"
    old.write_text(f"{advisories.DATED}2020-01-01\n{rest}", "utf-8")
    monkeypatch.setattr(advisories, "TABLE", old)
    call_command("advisories")
    assert "long ago" in capsys.readouterr().err
