"""The rules by which problems are handled, out of the files in ``grid/standards/``.

They are another town's standard, shortened (domain 1.5–1.7): each town loads its own. What is in the files can be loaded
again and again. Where a rule has changed, the old row ends on a day and a new one begins, so that what was filed before keeps
its limit; what the operator has added or changed is left alone.
"""

import csv
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import chinese_calendar

from kit.deeds import deed

from .revising import MARKS, RULE, WORDS, change_category, change_standard, differs
from .working_time import SATURDAY

FOLDER = Path(__file__).parent.parent / "standards"

BEGIN = date(2026, 1, 1)
"""From when the rules hold that a new site begins with."""

KINDS = {"E": "event", "C": "component"}

HOLIDAY_NAMES = {
    "New Year's Day": "元旦",
    "Spring Festival": "春节",
    "Tomb-sweeping Day": "清明节",
    "Labour Day": "劳动节",
    "Dragon Boat Festival": "端午节",
    "National Day": "国庆节",
    "Mid-autumn Festival": "中秋节",
}

GetModel = Callable[[str, str], Any]
"""``apps.get_model``: of the running site, or of a migration."""


@deed
def load(get_model: GetModel, *, day: date) -> Counter[str]:
    """Bring the tables to what the files say, changes from ``day`` on. How many rows were made or changed, by model.

    Rules are changed by the deeds with which the operator changes them (:mod:`grid.rules.revising`), with their locks and
    refusals. A row that the operator made or changed – in the place of one of ours, or beside them – stays as it is, a
    category with its standards. So does one of ours that the operator has ended. Limits, holidays and templates are only
    added where there is none of the step, day or title.
    """
    done: Counter[str] = Counter()
    classes = _big_classes(get_model("grid", "BigClass"), done)
    categories = _categories(get_model("grid", "Category"), classes, day, done)
    _standards(get_model("grid", "FilingStandard"), categories, day, done)
    _add(get_model("grid", "Limit"), "step", rows("limits"), done)
    _add(get_model("grid", "Holiday"), "day", (_holiday(row) for row in rows("holidays")), done)
    _add(get_model("grid", "ReplyTemplate"), "title", rows("reply_templates"), done)
    return +done


def rows(name: str) -> Iterator[dict[str, str]]:
    """The rows of one of the files."""
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def holidays_of(year: int) -> list[dict[str, Any]]:
    """The days of a year that are otherwise than their weekday says, as the State Council has announced them.

    Raises ``ValueError`` for a year that was not announced when the package ``chinesecalendar`` was made.
    """
    days = [
        date.fromordinal(number) for number in range(date(year, 1, 1).toordinal(), date(year + 1, 1, 1).toordinal())
    ]
    try:
        details = [(day, *chinese_calendar.get_holiday_detail(day)) for day in days]
    except NotImplementedError as error:
        raise ValueError(f"the holidays of {year} are not known to chinesecalendar yet") from error
    told: list[dict[str, Any]] = []
    for day, is_holiday, name in details:
        is_weekend = day.weekday() >= SATURDAY
        if is_holiday and (name or not is_weekend):
            told.append({"day": day, "is_working": False, "name": HOLIDAY_NAMES.get(name or "", name or "")})
        elif not is_holiday and is_weekend:
            told.append({"day": day, "is_working": True, "name": f"{HOLIDAY_NAMES.get(name or '', name or '')}调休"})
    return told


def add_holidays(get_model: GetModel, *, year: int) -> int:
    """Add what is known of this year's holidays; days that stand there already stay. Raises as :func:`holidays_of`."""
    done: Counter[str] = Counter()
    _add(get_model("grid", "Holiday"), "day", holidays_of(year), done)
    return done.total()


def _big_classes(model: Any, done: Counter[str]) -> dict[tuple[str, str], Any]:
    found = {}
    for row in rows("big_classes"):
        key = {name: row.pop(name) for name in ("scheme", "kind", "code")}
        big, is_new = model.objects.get_or_create(**key, defaults=row)
        found[key["kind"], key["code"]] = big
        done["BigClass"] += is_new
    return found


def _categories(model: Any, classes: Mapping[tuple[str, str], Any], day: date, done: Counter[str]) -> dict[str, Any]:
    """By code: the rows of ours that hold from ``day`` on, whose standards the file may change."""
    ours = {}
    # A new site begins with the first of our migrations, which does not know them all.
    marks = [name for name in MARKS if name in {field.name for field in model._meta.get_fields()}]
    for row in rows("categories"):
        code = row["code"]
        big = classes[KINDS[code[0]], code[1:3]]
        told: dict[str, Any] = {name: row[name] for name in ("name", *WORDS) if name not in MARKS}
        told |= {name: bool(row[name]) for name in marks}
        last = model.objects.filter(big_class=big, code=code).order_by("-since", "-pk").first()
        if last is None:
            last = model.objects.create(big_class=big, code=code, since=day, from_file=True, **told)
            done["Category"] += 1
        elif last.from_file and last.until is None and differs(last, told):
            last = change_category(category=last, told=told, day=day)
            done["Category"] += 1
        if last.from_file and last.until is None:
            ours[code] = last
    return ours


def _standards(model: Any, categories: Mapping[str, Any], day: date, done: Counter[str]) -> None:
    latest = {
        (row.category_id, row.number): row
        for row in model.objects.filter(category__in=categories.values()).order_by("since", "pk")
    }
    for row in rows("filing_standards"):
        category = categories.get(row["category"])
        if category is None:
            continue
        told = {name: row[name] for name in RULE} | {"amount": int(row["amount"])}
        last = latest.get((category.pk, int(row["number"])))
        if last is None:
            model.objects.create(category=category, number=int(row["number"]), since=day, from_file=True, **told)
        elif last.from_file and last.until is None and differs(last, told):
            change_standard(standard=last, told=told, day=day)
        else:
            continue
        done["FilingStandard"] += 1


def _holiday(row: Mapping[str, str]) -> dict[str, Any]:
    return {"day": date.fromisoformat(row["day"]), "is_working": bool(row["is_working"]), "name": row["name"]}


def _add(model: Any, key: str, told: Any, done: Counter[str]) -> None:
    for row in told:
        is_new = model.objects.get_or_create(**{key: row[key]}, defaults=row)[1]
        done[model.__name__] += is_new
