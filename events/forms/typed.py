"""What was typed into the composer: a flat mapping of names to strings, unchecked, which is also what autosave keeps.

Here is what its buttons do where no script does it at once.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from events.kinds import Kind
from events.shifts import MOST_SHIFTS, Hours
from kit.times import hours_words, tomorrow_morning, tonight

from .running import values_of
from .suggestions import texts_of

ROW = re.compile(r"shifts-(\d{1,3})-(id|was|removed|date|starts|ends|capacity|least|task)")

Typed = Mapping[str, str]


def rows_in(typed: Typed) -> dict[str, dict[str, str]]:
    """The shift rows among what was typed, by prefix, in the order of their numbers."""
    rows: dict[int, dict[str, str]] = {}
    for name, value in typed.items():
        if match := ROW.fullmatch(name):
            rows.setdefault(int(match[1]), {})[match[2]] = value
    return {f"shifts-{number}": rows[number] for number in sorted(rows)}


def press(typed: Typed, button: str, now: datetime) -> dict[str, str]:
    """What a button of the form does where no script does it at once: one more shift, one less, tonight, texts."""
    changed = dict(typed)
    rows = rows_in(typed)
    what, _dash, number = button.partition("-")
    prefix = f"shifts-{number}"
    if what == "texts":
        return changed | _suggested_texts(typed)
    if what == "add" and len(rows) < MOST_SHIFTS:
        following = next(n for n in range(MOST_SHIFTS) if f"shifts-{n}" not in rows)
        changed |= {f"shifts-{following}-{name}": value for name, value in _next_row(list(rows.values())).items()}
    if prefix not in rows:
        return changed
    if what == "remove":
        changed[f"{prefix}-removed"] = "1"
        if not rows[prefix].get("id"):
            changed = {name: value for name, value in changed.items() if not name.startswith(f"{prefix}-")}
    if what == "restore":
        changed.pop(f"{prefix}-removed", None)
    if what in HOURS_OF_CHIP:
        changed |= {f"{prefix}-{name}": value for name, value in chip(what, now).typed.items()}
    return changed


HOURS_OF_CHIP = {"tonight": tonight, "morning": tomorrow_morning}


class Chip(NamedTuple):
    """*Tonight* or *tomorrow morning*: what pressing it types into a row, and its hours in words."""

    typed: Mapping[str, str]
    hours: str


def chip(name: str, now: datetime) -> Chip:
    """A quick choice as it stands ``now``."""
    starts_at, ends_at = HOURS_OF_CHIP[name](now)
    values = values_of(Hours(starts_at, ends_at, capacity=1))
    return Chip({name: values[name] for name in ("date", "starts", "ends")}, hours_words(starts_at, ends_at))


def chips(now: datetime) -> dict[str, Chip]:
    """All quick choices by name."""
    return {name: chip(name, now) for name in HOURS_OF_CHIP}


def _suggested_texts(typed: Typed) -> dict[str, str]:
    """The texts of the chosen kind, for every field that is empty or still holds another kind's suggestion."""
    if typed.get("kind") not in Kind.values:
        return {}
    before = texts_of(Kind(typed["filled_kind"])) if typed.get("filled_kind") in Kind.values else {}
    texts = {
        name: text
        for name, text in texts_of(Kind(typed["kind"])).items()
        if typed.get(name, "").strip() in ("", before.get(name, ""))
    }
    return {**texts, "filled_kind": typed["kind"]}


def _next_row(rows: list[dict[str, str]]) -> dict[str, str]:
    """One more shift begins where the last one ends, on the same day and of the same size."""
    if not rows:
        return {"capacity": "20", "least": "1"}
    last = rows[-1]
    return {
        "date": last.get("date", ""),
        "starts": last.get("ends", ""),
        "ends": "",
        "capacity": last.get("capacity", ""),
        "least": last.get("least", ""),
    }
