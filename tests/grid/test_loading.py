"""The rules out of the files: all of them are there, loaded again they change nothing, and what was changed begins on a day."""

import csv
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.utils import timezone

from grid.models import BigClass, Category, FilingStandard, Holiday, Limit, ReplyTemplate
from grid.rules import loading

EVENTS = """
E0101 E0102 E0104 E0105 E0107 E0108 E0110 E0111 E0112 E0113 E0114 E0117 E0119 E0120 E0122 E0125 E0126 E0128 E0129 E0130
E0131 E0135 E0136 E0137 E0138 E0180 E0184 E0187 E0191 E0192 E0193 E0196 E0201 E0202 E0203 E0204 E0206 E0207 E0301 E0302
E0303 E0304 E0305 E0307 E0311 E0312 E0401 E0402 E0404 E0405 E0406 E0407 E0410 E0493 E0494 E0496 E0498 E0501 E0502 E0503
E0505 E0506 E0507 E0508 E0596 E0604 E0690 E0698
""".split()
COMPONENTS = """
C0101 C0102 C0103 C0104 C0106 C0111 C0123 C0127 C0128 C0130 C0131 C0137 C0139 C0145 C0146 C0149 C0150 C0154 C0181 C0201
C0204 C0209 C0211 C0212 C0217 C0225 C0284 C0301 C0304 C0305 C0306 C0307 C0308 C0401 C0402 C0404 C0407 C0409 C0506 C0507
C0508
""".split()
LIMITS = {
    # One of each kind, and all that have several.
    "E0101": "2n 15d", "E0102": "1n", "E0104": "1d 3d", "E0108": "5d 4h", "E0110": "4h", "E0122": "1U 3d",
    "E0128": "2U", "E0203": "1d 5d", "E0307": "3d 2d 1d", "E0493": "1d 2h", "E0501": "1U 5d", "E0502": "1U 5d",
    "E0503": "4h 1U", "E0698": "1d 2h 1d 5d", "C0101": "2U 4h 2d 5d", "C0104": "2U 4h 2d 5d 1d", "C0123": "2U",
    "C0127": "2d 1d 5d", "C0131": "2d 4U", "C0137": "1d 2d 2h", "C0211": "4U 5d", "C0301": "3d 4h 1d 4h 5d",
    "C0402": "1d 2d 15d", "C0409": "2U 1d 3d",
}  # fmt: skip
CLOCKS = {"urgent_hour": "U", "work_hour": "h", "work_day": "d", "natural_day": "n"}
DANGEROUS = {"E0501", "E0502", "E0505", "E0508", "E0596", "C0111"}


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the files that may be changed."""
    for file in loading.FOLDER.glob("*.csv"):
        (tmp_path / file.name).write_text(file.read_text(encoding="utf-8"), encoding="utf-8")
    monkeypatch.setattr(loading, "FOLDER", tmp_path)
    return tmp_path


def change(file: Path, key: str, value: str, **fields: str) -> None:
    with file.open(encoding="utf-8", newline="") as read:
        rows = list(csv.DictReader(read))
    for row in rows:
        if row[key] == value:
            row.update(fields)
    with file.open("w", encoding="utf-8", newline="") as write:
        writer = csv.DictWriter(write, rows[0])
        writer.writeheader()
        writer.writerows(rows)


def tomorrow() -> date:
    return timezone.localdate() + timedelta(days=1)


@pytest.mark.django_db
class TestOfAFreshSite:
    def test_every_row_of_the_tables_is_there(self) -> None:
        assert sorted(Category.objects.values_list("code", flat=True)) == sorted([*EVENTS, *COMPONENTS])
        assert BigClass.objects.count() == 11
        for category in Category.objects.select_related("big_class"):
            assert category.big_class.code == category.code[1:3]
            assert category.big_class.kind == {"E": "event", "C": "component"}[category.code[0]]
            assert category.name
            assert category.name_en
            assert category.lead
            assert category.standards.exists()

    def test_one_kind_is_about_people_who_work_here(self) -> None:
        assert [kind.code for kind in Category.objects.filter(is_about_staff=True)] == ["E0690"]

    @pytest.mark.parametrize("code", LIMITS)
    def test_limits_are_those_of_the_table(self, code: str) -> None:
        standards = FilingStandard.objects.filter(category__code=code).order_by("number")
        assert " ".join(f"{row.amount}{CLOCKS[row.unit]}" for row in standards) == LIMITS[code]

    def test_every_condition_is_said_in_both_languages(self) -> None:
        for row in FilingStandard.objects.all():
            assert all([row.filing, row.filing_en, row.closing, row.closing_en])

    def test_residents_choose_by_picture_in_their_own_words(self) -> None:
        shown = Category.objects.exclude(picture="")
        assert 16 <= shown.count() <= 18
        assert len({row.picture for row in shown}) == shown.count()
        assert all(row.plain_name and row.plain_name_en and row.plain_name != row.name for row in shown)

    def test_what_is_dangerous_is_marked(self) -> None:
        assert set(Category.objects.filter(is_dangerous=True).values_list("code", flat=True)) == DANGEROUS

    def test_steps_have_limits_and_answers_have_beginnings(self) -> None:
        assert dict(Limit.objects.values_list("step", "minutes")) == {
            "accept": 30,
            "verify": 120,
            "dispatch": 30,
            "sign_in": 60,
            "check": 480,
            "close": 240,
        }
        assert ReplyTemplate.objects.filter(categories="").exists()

    def test_loaded_again_nothing_changes(self) -> None:
        assert loading.load(apps.get_model, day=tomorrow()).total() == 0


@pytest.mark.django_db
class TestChanges:
    def test_a_changed_limit_begins_on_a_day_and_the_old_one_ends_on_it(self, files: Path) -> None:
        change(files / "filing_standards.csv", "category", "E0110", amount="6")
        old = FilingStandard.objects.get(category__code="E0110")

        assert loading.load(apps.get_model, day=tomorrow()) == {"FilingStandard": 1}

        old.refresh_from_db()
        new = FilingStandard.objects.get(category__code="E0110", until=None)
        assert (old.amount, old.until, new.amount, new.since) == (4, tomorrow(), 6, tomorrow())

    def test_changed_twice_before_it_begins_it_is_changed_once(self, files: Path) -> None:
        for amount in ("6", "7"):
            change(files / "filing_standards.csv", "category", "E0110", amount=amount)
            loading.load(apps.get_model, day=tomorrow())

        assert list(
            FilingStandard.objects.filter(category__code="E0110").order_by("since").values_list("amount", flat=True)
        ) == [4, 7]

    def test_words_change_where_they_stand(self, files: Path) -> None:
        change(files / "categories.csv", "code", "E0110", lead="环卫所", is_dangerous="yes")

        loading.load(apps.get_model, day=tomorrow())

        row = Category.objects.get(code="E0110")
        assert (row.lead, row.is_dangerous, row.until) == ("环卫所", True, None)

    def test_another_thing_under_the_same_code_is_another_row_with_its_standards(self, files: Path) -> None:
        change(files / "categories.csv", "code", "E0110", name="暴露垃圾（新）")

        loading.load(apps.get_model, day=tomorrow())

        old, new = Category.objects.filter(code="E0110").order_by("since")
        assert (old.until, new.since, new.until) == (tomorrow(), tomorrow(), None)
        assert not old.standards.filter(until=None).exists()
        assert new.standards.get().amount == 4

    def test_what_the_operator_added_or_ended_stays(self, files: Path) -> None:
        category = Category.objects.get(code="E0110")
        own = FilingStandard.objects.create(
            category=category, number=9, filing="自", closing="自", amount=9, unit="work_day", since=date(2026, 1, 1)
        )
        ended = FilingStandard.objects.get(category__code="E0112")
        FilingStandard.objects.filter(pk=ended.pk).update(until=date(2026, 6, 1))
        Limit.objects.filter(step="accept").update(minutes=5)
        ReplyTemplate.objects.filter(title="通用答复").update(words="我们的话")
        change(files / "filing_standards.csv", "category", "E0112", amount="3")

        loading.load(apps.get_model, day=tomorrow())

        own.refresh_from_db()
        assert (own.amount, own.until) == (9, None)
        assert FilingStandard.objects.filter(category__code="E0112").count() == 1
        assert Limit.objects.get(step="accept").minutes == 5
        assert ReplyTemplate.objects.get(title="通用答复").words == "我们的话"

    def test_a_row_that_the_operator_put_in_the_place_of_ours_stays(self, files: Path) -> None:
        FilingStandard.objects.filter(category__code="E0110").update(amount=8, from_file=False)

        assert loading.load(apps.get_model, day=tomorrow()).total() == 0
        assert FilingStandard.objects.get(category__code="E0110").amount == 8


@pytest.mark.django_db
class TestCommands:
    def test_rules_change_from_tomorrow_at_the_earliest(self) -> None:
        with pytest.raises(CommandError, match="tomorrow"):
            call_command("load_standards", "--from", str(timezone.localdate()))
        call_command("load_standards")

    def test_the_file_says_what_is_known_of_a_year(self) -> None:
        for year in (2025, 2026):
            told = [row for row in map(loading._holiday, loading.rows("holidays")) if row["day"].year == year]
            assert told == loading.holidays_of(year)

    def test_the_year_of_the_present_has_its_holidays_and_the_next_has_new_year(self) -> None:
        assert not Holiday.objects.get(day=date(2026, 10, 1)).is_working
        assert Holiday.objects.get(day=date(2026, 10, 10)).is_working
        assert not Holiday.objects.get(day=date(2027, 1, 1)).is_working

    def test_a_year_is_added_and_what_stands_there_stays(self) -> None:
        Holiday.objects.filter(day__year=2026).exclude(day=date(2026, 1, 1)).delete()
        Holiday.objects.filter(day=date(2026, 1, 1)).update(name="我们的元旦")

        call_command("holidays", "2026")

        assert Holiday.objects.get(day=date(2026, 10, 1)).name == "国庆节"
        assert Holiday.objects.get(day=date(2026, 1, 1)).name == "我们的元旦"

    def test_a_year_that_nobody_announced_is_said_so(self) -> None:
        with pytest.raises(CommandError, match="2090"):
            call_command("holidays", "2090")
