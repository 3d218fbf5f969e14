"""Rules change from a day on: the old row ends, a new one begins, and what was filed before keeps its standard and deadline."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from grid.cases import moving
from grid.models import BigClass, Case, Category, FilingStandard, Holiday, Limit, Step
from grid.rules import revising
from grid.rules.transitions import Deed
from grid.rules.working_time import Calendar
from kit.refusals import Refused
from tests.cast import Town
from tests.grid import cases
from tests.grid.cases import Scene

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(town: Town) -> Scene:
    return cases.set_up(town)


def today() -> date:
    return timezone.localdate()


def in_days(days: int) -> date:
    return today() + timedelta(days=days)


def rule_of(standard: FilingStandard, **changed: Any) -> dict[str, Any]:
    return {name: getattr(standard, name) for name in revising.RULE} | changed


def words_of(category: Category, **changed: Any) -> dict[str, Any]:
    return {name: getattr(category, name) for name in ("name", *revising.WORDS)} | changed


def periods(standard: FilingStandard) -> list[tuple[int, date, date | None]]:
    rows = FilingStandard.objects.filter(category__code=standard.category.code, number=standard.number)
    return list(rows.order_by("since").values_list("amount", "since", "until"))


def change(scene: Scene, amount: int, day: date, standard: FilingStandard | None = None) -> FilingStandard:
    held = standard or scene.standard
    return revising.change_standard(standard=held, told=rule_of(held, amount=amount), day=day, by=scene.town.admin)


class TestAStandard:
    def test_is_another_one_from_the_day_on(self, scene: Scene) -> None:
        begun = scene.standard.since
        new = change(scene, 9, in_days(5))
        assert periods(scene.standard) == [(4, begun, in_days(5)), (9, in_days(5), None)]
        assert (new.amount, new.number, new.from_file) == (9, scene.standard.number, False)

    def test_asked_for_again_nothing_more_happens(self, scene: Scene) -> None:
        new = change(scene, 9, in_days(5))
        assert change(scene, 9, in_days(5)).pk == new.pk
        assert len(periods(scene.standard)) == 2

    def test_that_says_so_already_is_left_alone(self, scene: Scene) -> None:
        assert change(scene, 4, in_days(5)).pk == scene.standard.pk
        assert len(periods(scene.standard)) == 1

    def test_that_has_not_begun_is_changed_where_it_stands(self, scene: Scene) -> None:
        planned = change(scene, 9, in_days(5))
        change(scene, 7, in_days(2), planned)
        assert [(amount, since) for amount, since, _until in periods(scene.standard)][1:] == [(7, in_days(5))]

    def test_changes_before_what_is_planned_and_never_beside_it(self, scene: Scene) -> None:
        change(scene, 9, in_days(10))
        change(scene, 6, in_days(5))
        assert periods(scene.standard)[1:] == [(6, in_days(5), in_days(10)), (9, in_days(10), None)]

    def test_that_ends_by_then_is_refused(self, scene: Scene) -> None:
        change(scene, 9, in_days(5))
        with pytest.raises(Refused) as no:
            change(scene, 7, in_days(8))
        assert (no.value.code, no.value.field, no.value.status) == ("ends_before", "day", 422)

    @pytest.mark.parametrize("days", [0, -1])
    def test_is_not_changed_for_today_or_before(self, scene: Scene, days: int) -> None:
        with pytest.raises(Refused, match="明天") as no:
            change(scene, 9, in_days(days))
        assert no.value.code == "day_too_early"
        assert len(periods(scene.standard)) == 1

    @pytest.mark.parametrize(
        ("changed", "code"),
        [
            ({"amount": 0}, "limit_unfit"),
            ({"amount": 1000}, "limit_unfit"),
            ({"unit": "week"}, "limit_unfit"),
            ({"filing": ""}, "filing_missing"),
            ({"closing": ""}, "closing_missing"),
        ],
    )
    def test_that_says_nothing_is_refused(self, scene: Scene, changed: dict[str, Any], code: str) -> None:
        told = rule_of(scene.standard, **changed)
        for deed in (
            lambda: revising.change_standard(standard=scene.standard, told=told, day=in_days(1), by=scene.town.admin),
            lambda: revising.open_standard(
                category=scene.standard.category, told=told, day=in_days(1), by=scene.town.admin
            ),
        ):
            with pytest.raises(Refused) as no:
                deed()
            assert no.value.code == code

    def test_is_the_operators_alone(self, scene: Scene) -> None:
        day, category = in_days(1), scene.standard.category
        told = rule_of(scene.standard, amount=9)
        for person in (scene.town.mei, scene.town.dana):
            for deed in (
                lambda by: revising.change_standard(standard=scene.standard, told=told, day=day, by=by),
                lambda by: revising.open_standard(category=category, told=told, day=day, by=by),
                lambda by: revising.end_standard(standard=scene.standard, day=day, by=by),
                lambda by: revising.end_category(category=category, day=day, by=by),
                lambda by: revising.change_category(
                    category=category, told=words_of(category, name="x"), day=day, by=by
                ),
                lambda by: revising.open_category(
                    big_class=category.big_class, code="E9977", told=words_of(category), day=day, by=by
                ),
            ):
                with pytest.raises(Refused) as no:
                    deed(person)
                assert (no.value.code, no.value.status) == ("operator_only", 403)
        assert len(periods(scene.standard)) == 1

    def test_opens_with_the_next_number_once(self, scene: Scene) -> None:
        told = rule_of(scene.standard, filing="很多")
        opened = [
            revising.open_standard(category=scene.standard.category, told=told, day=in_days(1), by=scene.town.admin)
            for _twice in range(2)
        ]
        assert (opened[0].number, opened[0].pk) == (scene.standard.number + 1, opened[1].pk)

    def test_taken_back_before_it_begins_the_old_one_goes_on(self, scene: Scene) -> None:
        before = periods(scene.standard)
        planned = change(scene, 9, in_days(5))
        revising.end_standard(standard=planned, day=in_days(5), by=scene.town.admin)
        assert periods(scene.standard) == before

    def test_ends_on_a_day_once(self, scene: Scene) -> None:
        for _twice in range(2):
            revising.end_standard(standard=scene.standard, day=in_days(3), by=scene.town.admin)
        assert [until for _amount, _since, until in periods(scene.standard)] == [in_days(3)]

    def test_that_is_over_stays_as_it_was(self, scene: Scene) -> None:
        FilingStandard.objects.filter(pk=scene.standard.pk).update(until=today())
        for deed in (
            lambda: change(scene, 9, in_days(1)),
            lambda: revising.end_standard(standard=scene.standard, day=in_days(1), by=scene.town.admin),
        ):
            with pytest.raises(Refused) as no:
                deed()
            assert no.value.code == "rule_over"


class TestACategory:
    def test_in_other_words_is_the_same(self, scene: Scene) -> None:
        category = scene.standard.category
        told = words_of(category, lead="环卫所", picture="bin", plain_name="垃圾")
        changed = revising.change_category(category=category, told=told, day=in_days(1), by=scene.town.admin)
        assert changed.pk == category.pk
        category.refresh_from_db()
        assert (category.lead, category.picture, category.until, category.from_file) == ("环卫所", "bin", None, False)

    def test_under_another_name_is_another_with_its_standards(self, scene: Scene) -> None:
        category = scene.standard.category
        change(scene, 9, in_days(20))
        told = words_of(category, name="另一种", lead="社区")
        renamed = [
            revising.change_category(category=category, told=told, day=in_days(5), by=scene.town.admin)
            for _twice in range(2)
        ]
        new = renamed[0]
        assert renamed[1].pk == new.pk
        category.refresh_from_db()
        assert (category.until, new.since, new.until, new.lead) == (in_days(5), in_days(5), None, "社区")
        assert list(category.standards.values_list("amount", "until")) == [(4, in_days(5))]
        assert list(new.standards.order_by("since").values_list("amount", "since", "until")) == [
            (4, in_days(5), in_days(20)),
            (9, in_days(20), None),
        ]

    def test_taken_back_everything_is_as_before(self, scene: Scene) -> None:
        category = scene.standard.category
        change(scene, 9, in_days(20))
        before = periods(scene.standard)
        told = words_of(category, name="另一种")
        new = revising.change_category(category=category, told=told, day=in_days(5), by=scene.town.admin)
        revising.end_category(category=new, day=in_days(5), by=scene.town.admin)
        category.refresh_from_db()
        assert (category.until, Category.objects.filter(code=category.code).count()) == (None, 1)
        assert periods(scene.standard) == before
        assert set(FilingStandard.objects.filter(category__code=category.code).values_list("category", flat=True)) == {
            category.pk
        }

    def test_ends_with_its_standards_and_those_that_were_planned(self, scene: Scene) -> None:
        change(scene, 9, in_days(20))
        revising.end_category(category=scene.standard.category, day=in_days(5), by=scene.town.admin)
        assert [until for _amount, _since, until in periods(scene.standard)] == [in_days(5)]
        assert not Category.objects.reportable(in_days(5)).filter(code="E9901").exists()
        assert Category.objects.reportable(in_days(4)).filter(code="E9901").exists()

    def test_a_code_is_taken_until_its_category_ends(self, scene: Scene) -> None:
        category = scene.standard.category
        other = BigClass.objects.create(scheme="other", kind=BigClass.Kind.EVENT, code="99", name="别的")

        def opened(day: date) -> Category:
            return revising.open_category(
                big_class=other, code="E9901", told=words_of(category, name="同码"), day=day, by=scene.town.admin
            )

        with pytest.raises(Refused, match="试验E9901") as no:
            opened(in_days(3))
        assert (no.value.code, no.value.field) == ("code_taken", "code")
        revising.end_category(category=category, day=in_days(5), by=scene.town.admin)
        with pytest.raises(Refused):
            opened(in_days(4))
        assert opened(in_days(5)).pk == opened(in_days(5)).pk

    @pytest.mark.parametrize("code", ["E9801", "C9901", "E99", "E991", "E99011", "E99ab", "E99１2", ""])
    def test_a_code_begins_with_that_of_its_big_class(self, scene: Scene, code: str) -> None:
        category = scene.standard.category
        with pytest.raises(Refused, match="E99") as no:
            revising.open_category(
                big_class=category.big_class, code=code, told=words_of(category), day=in_days(1), by=scene.town.admin
            )
        assert no.value.code == "code_unfit"

    def test_without_a_standard_it_is_not_reported(self, scene: Scene) -> None:
        category = scene.standard.category
        opened = revising.open_category(
            big_class=category.big_class,
            code="E9902",
            told=words_of(category, name="新的"),
            day=in_days(1),
            by=scene.town.admin,
        )
        assert not Category.objects.reportable(in_days(1)).filter(pk=opened.pk).exists()
        revising.open_standard(category=opened, told=rule_of(scene.standard), day=in_days(2), by=scene.town.admin)
        assert not Category.objects.reportable(in_days(1)).filter(pk=opened.pk).exists()
        assert Category.objects.reportable(in_days(2)).filter(pk=opened.pk).exists()


class TestWhatWasFiledBefore:
    def sent_out(self, scene: Scene) -> Case:
        return cases.brought_to(scene, Case.State.DISPATCHED)

    def test_keeps_its_standard_and_its_deadlines_whatever_changes(self, scene: Scene) -> None:
        case = self.sent_out(scene)
        frozen = (case.standard_id, case.category_id, case.due_at, case.step_due_at)
        assert case.due_at is not None
        assert case.step_due_at is not None
        change(scene, 90, in_days(1))
        Limit.objects.update(minutes=9999)
        for days in range(20):
            Holiday.objects.update_or_create(day=in_days(days), defaults={"is_working": False, "name": "放假"})
        category = scene.standard.category
        revising.change_category(
            category=category, told=words_of(category, name="改名"), day=in_days(1), by=scene.town.admin
        )
        case.refresh_from_db()
        assert (case.standard_id, case.category_id, case.due_at, case.step_due_at) == frozen
        assert case.standard.amount == 4
        # It could be otherwise: counted anew it would be due much later.
        assert case.due_at < Calendar.beginning(today()).deadline(case.dispatched_at, 4, "work_hour")

    def test_and_goes_on_to_its_end(self, scene: Scene) -> None:
        case = self.sent_out(scene)
        revising.end_category(category=scene.standard.category, day=in_days(1), by=scene.town.admin)
        FilingStandard.objects.filter(pk=scene.standard.pk).update(until=today())
        Category.objects.filter(pk=scene.standard.category_id).update(until=today())
        moved = moving.move(case=case, deed=Deed.TAKE, by=scene.unit_person, person=scene.handler)
        assert moved.state == Case.State.HANDLING
        assert Step.objects.filter(case=case, deed=Deed.TAKE).exists()
