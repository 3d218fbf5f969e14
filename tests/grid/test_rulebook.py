"""The operator's word lists in Wagtail's admin: found, narrowed, changed from a day on, and nobody else's."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from grid.models import BigClass, Case, Category, FilingStandard, Holiday, Limit, ReplyTemplate
from tests.cast import Town
from tests.grid import cases
from tests.grid.cases import Scene
from tests.reading import page, words

pytestmark = pytest.mark.django_db

LISTS = ("categories", "standards", "big-classes", "limits", "holidays", "reply-templates")
RULES = "/admin/rules"


@pytest.fixture
def scene(town: Town) -> Scene:
    return cases.set_up(town)


@pytest.fixture
def operator(town: Town) -> Client:
    return signed_in(town.admin)


def signed_in(person: Any) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(person)
    return client


def today() -> date:
    return timezone.localdate()


def in_days(days: int) -> date:
    return today() + timedelta(days=days)


def rows(answer: HttpResponse) -> list[str]:
    return [words(row) for row in page(answer).select("#listing-results tbody tr")]


def said(answer: HttpResponse) -> str:
    return words(page(answer).body)


def rule(standard: FilingStandard, **changed: Any) -> dict[str, Any]:
    names = ("filing", "filing_en", "closing", "closing_en", "amount", "unit")
    return {**{name: getattr(standard, name) for name in names}, "day": in_days(1).isoformat(), **changed}


def category(row: Category, **changed: Any) -> dict[str, Any]:
    names = ("name", "name_en", "lead", "lead_en", "picture", "plain_name", "plain_name_en")
    told = {name: getattr(row, name) for name in names}
    return {**told, "big_class": row.big_class_id, "code": row.code, "day": in_days(1).isoformat(), **changed}


class TestWhoMay:
    def test_the_menu_is_the_operators(self, town: Town, operator: Client) -> None:
        assert "/admin/rules/categories/" in operator.get("/admin/").content.decode()
        assert "Handling rules" in operator.get("/admin/").content.decode()
        for person in (town.mei, town.yan):
            shown = signed_in(person).get("/admin/").content.decode()
            assert "/admin/rules/" not in shown
            assert "Handling rules" not in shown

    @pytest.mark.parametrize("name", LISTS)
    def test_an_editor_reads_and_changes_nothing(self, town: Town, scene: Scene, name: str) -> None:
        template = ReplyTemplate.objects.create(title="泄漏", words="只有运营者读")
        rest = {"big-classes": scene.standard.category.big_class, "categories": scene.standard.category}
        row = {
            **rest,
            "standards": scene.standard,
            "limits": Limit.objects.first(),
            "holidays": Holiday.objects.first(),
            "reply-templates": template,
        }[name]
        before = [list(model.objects.order_by("pk").values()) for model in (type(row), Category, FilingStandard)]
        for person in (town.mei, town.yan):
            client = signed_in(person)
            for path in ("", "results/", "new/", f"edit/{row.pk}/", f"delete/{row.pk}/", "?export=csv", "?q=泄漏"):
                for answer in (client.get(f"{RULES}/{name}/{path}"), client.post(f"{RULES}/{name}/{path}", {})):
                    assert answer.status_code in (302, 405), path
                    assert answer.get("Location", "/admin/") == "/admin/"
            assert "do not have permission" in said(client.get("/admin/"))
        assert before == [
            list(model.objects.order_by("pk").values()) for model in (type(row), Category, FilingStandard)
        ]


class TestTheLists:
    @pytest.mark.parametrize("name", LISTS)
    def test_queries_do_not_grow(
        self, scene: Scene, operator: Client, name: str, django_assert_max_num_queries: Any
    ) -> None:
        for model in (ReplyTemplate, Limit, Holiday):
            model.objects.all().delete()
        counted = []
        operator.get(f"{RULES}/{name}/")  # what is asked once only
        for many in (1, 3, 30):
            more(scene, name, many)
            with django_assert_max_num_queries(40) as asked:
                answer = operator.get(f"{RULES}/{name}/", {"q": "试验" if name in ("categories", "standards") else ""})
            counted.append(len(asked))
            if name != "limits":  # of which there are six
                assert len(rows(answer)) >= many
        assert len(set(counted)) == 1

    def test_a_category_says_what_it_is_and_how_often_it_is_met(self, scene: Scene, operator: Client) -> None:
        cases.a_case(scene, category=scene.standard.category)
        (row,) = rows(operator.get(f"{RULES}/categories/", {"q": "E9901"}))
        assert row.startswith("E9901 试验E9901")
        assert "event 99 测试" in row
        assert f"since {scene.standard.since}" in row

    def test_narrowed_by_big_class_and_by_time(self, scene: Scene, operator: Client) -> None:
        cases.a_standard("E9902")
        Category.objects.filter(code="E9902").update(until=today())
        planned = Category.objects.create(
            big_class=scene.standard.category.big_class, code="E9903", name="以后", since=in_days(9)
        )
        of_class = {"big_class": planned.big_class_id}

        def codes(**asked: Any) -> list[str]:
            return [row.split()[0] for row in rows(operator.get(f"{RULES}/categories/", {**of_class, **asked}))]

        assert codes() == ["E9901", "E9902", "E9903"]
        assert codes(holds="now") == ["E9901"]
        assert codes(holds="later") == ["E9903"]
        assert codes(holds="over") == ["E9902"]

    @pytest.mark.parametrize("asked", ["big_class=9223372036854775808", "big_class=x", "holds=x", "p=x", "ordering=x"])
    def test_what_nobody_can_ask_breaks_nothing(self, operator: Client, asked: str) -> None:
        for name in ("categories", "standards"):
            assert operator.get(f"{RULES}/{name}/?{asked}").status_code == 200

    @pytest.mark.parametrize("year", ["x", "1", "99999999999999999999", "-5"])
    def test_nor_does_a_year_that_is_none(self, operator: Client, year: str) -> None:
        assert operator.get(f"{RULES}/holidays/?year={year}").status_code == 200

    @pytest.mark.parametrize("name", LISTS)
    def test_a_number_that_no_row_has_is_not_there(self, operator: Client, name: str) -> None:
        for number in ("9223372036854775808", "9" * 20, "0"):
            for verb in ("edit", "delete"):
                assert operator.get(f"{RULES}/{name}/{verb}/{number}/").status_code == 404
                assert operator.post(f"{RULES}/{name}/{verb}/{number}/").status_code == 404

    def test_goes_away_as_a_table(self, scene: Scene, operator: Client) -> None:
        sent = operator.get(f"{RULES}/standards/?export=csv&q=E9901")
        text = b"".join(sent.streaming_content).decode()
        assert "E9901,试验E9901,1,看得见,,没有了,,4,work_hour" in text

    def test_a_category_without_a_standard_is_told_of(self, scene: Scene, operator: Client) -> None:
        assert "without a filing standard" not in said(operator.get(f"{RULES}/categories/"))
        scene.standard.delete()
        shown = operator.get(f"{RULES}/categories/", {"q": "E9901"})
        assert "1 category holds without a filing standard" in said(shown)
        assert "none: not reported" in rows(shown)[0]

    def test_how_far_the_holidays_reach(self, operator: Client) -> None:
        Holiday.objects.filter(day__year__gte=2027).delete()
        assert "complete up to the end of 2026" in said(operator.get(f"{RULES}/holidays/"))


def more(scene: Scene, name: str, many: int) -> None:
    """So many rows of a list at least."""
    big = scene.standard.category.big_class
    for number in range(many):
        match name:
            case "categories" | "standards":
                code = f"E99{number:02d}"
                if not Category.objects.filter(code=code).exists():
                    cases.a_case(scene, category=cases.a_standard(code).category)
            case "big-classes":
                BigClass.objects.get_or_create(scheme="更多", kind=big.kind, code=f"{number:02d}", name="x")
            case "limits":
                step = Limit.Step.values[number % 6]
                Limit.objects.get_or_create(step=step, defaults={"minutes": 5})
            case "holidays":
                Holiday.objects.get_or_create(day=date(2031, 1, 1) + timedelta(days=number))
            case "reply-templates":
                ReplyTemplate.objects.get_or_create(title=f"答复{number}", words="x")


class TestAStandard:
    def test_changed_in_the_form_holds_from_the_day_on(self, scene: Scene, operator: Client) -> None:
        path = f"{RULES}/standards/edit/{scene.standard.pk}/"
        assert in_days(1).isoformat() in operator.get(path).content.decode()
        answer = operator.post(path, rule(scene.standard, amount="9", day=in_days(7).isoformat()))
        assert (answer.status_code, answer["Location"]) == (302, f"{RULES}/standards/")
        told = scene.standard.category.standards.order_by("since").values_list("amount", "until")
        assert list(told) == [(4, in_days(7)), (9, None)]
        assert "keeps its standard and its deadline" in said(operator.get(f"{RULES}/standards/"))

    @pytest.mark.parametrize(
        ("typed", "sentence"),
        [
            ({"amount": "0"}, "a number from 1 to 999"),
            ({"amount": "-3"}, "a number from 1 to 999"),
            ({"amount": "x"}, "a number from 1 to 999"),
            ({"amount": "99999"}, "a number from 1 to 999"),
            ({"unit": "week"}, "not one of the available choices"),
            ({"filing": " "}, "required"),
            ({"day": ""}, "From which day?"),
            ({"day": "2027-02-30"}, "not in the calendar"),
            ({"day": "2999-01-01"}, "check the year"),
            ({"day": "TODAY"}, "from tomorrow on at the earliest"),
        ],
    )
    def test_what_cannot_be_is_said_and_nothing_is_lost(
        self, scene: Scene, operator: Client, typed: dict[str, str], sentence: str
    ) -> None:
        typed = {name: value.replace("TODAY", today().isoformat()) for name, value in typed.items()}
        path = f"{RULES}/standards/edit/{scene.standard.pk}/"
        answer = operator.post(path, rule(scene.standard, **{"closing": "全都没有了", "amount": "7", **typed}))
        assert answer.status_code == 200
        assert sentence in said(answer)
        assert "全都没有了" in answer.content.decode()
        assert list(FilingStandard.objects.filter(category=scene.standard.category).values_list("amount")) == [(4,)]

    def test_its_category_stays(self, scene: Scene, operator: Client) -> None:
        other = cases.a_standard("E9902").category
        typed = rule(scene.standard, amount="9", category=other.pk)
        operator.post(f"{RULES}/standards/edit/{scene.standard.pk}/", typed)
        assert other.standards.count() == 1
        assert scene.standard.category.standards.count() == 2

    def test_added_it_gets_the_next_number(self, scene: Scene, operator: Client) -> None:
        typed = rule(scene.standard, filing="更多", category=scene.standard.category_id)
        assert operator.post(f"{RULES}/standards/new/", typed).status_code == 302
        assert FilingStandard.objects.get(filing="更多").number == 2

    def test_the_form_says_who_keeps_it(self, scene: Scene, operator: Client) -> None:
        cases.brought_to(scene, Case.State.DISPATCHED)
        shown = operator.get(f"{RULES}/standards/edit/{scene.standard.pk}/")
        assert "1 case was filed under it and keeps it." in said(shown)

    def test_is_ended_and_not_deleted(self, scene: Scene, operator: Client) -> None:
        case = cases.brought_to(scene, Case.State.DISPATCHED)
        path = f"{RULES}/standards/delete/{scene.standard.pk}/"
        assert "It is not deleted" in said(operator.get(path))
        assert operator.post(path, {"day": in_days(3).isoformat()}).status_code == 302
        scene.standard.refresh_from_db()
        case.refresh_from_db()
        assert (scene.standard.until, case.standard) == (in_days(3), scene.standard)

    def test_is_not_ended_for_today(self, scene: Scene, operator: Client) -> None:
        answer = operator.post(f"{RULES}/standards/delete/{scene.standard.pk}/", {"day": today().isoformat()})
        assert "from tomorrow on at the earliest" in said(answer)
        scene.standard.refresh_from_db()
        assert scene.standard.until is None

    def test_that_is_planned_is_taken_back(self, scene: Scene, operator: Client) -> None:
        operator.post(f"{RULES}/standards/edit/{scene.standard.pk}/", rule(scene.standard, amount="9"))
        planned = FilingStandard.objects.get(category=scene.standard.category, amount=9)
        path = f"{RULES}/standards/delete/{planned.pk}/"
        assert "never will" in said(operator.get(path))
        assert operator.post(path).status_code == 302
        scene.standard.refresh_from_db()
        assert (scene.standard.until, FilingStandard.objects.filter(pk=planned.pk).exists()) == (None, False)

    def test_that_is_over_has_no_buttons_and_is_not_changed(self, scene: Scene, operator: Client) -> None:
        FilingStandard.objects.filter(pk=scene.standard.pk).update(until=today())
        shown = operator.get(f"{RULES}/standards/", {"q": "E9901"})
        assert f"/edit/{scene.standard.pk}/" not in shown.content.decode()
        answer = operator.post(f"{RULES}/standards/edit/{scene.standard.pk}/", rule(scene.standard, amount="9"))
        assert "no longer holds and stays as it was" in said(answer)


class TestACategory:
    def test_other_words_change_where_it_stands(self, scene: Scene, operator: Client) -> None:
        row = scene.standard.category
        operator.post(f"{RULES}/categories/edit/{row.pk}/", category(row, lead="环卫所", picture="bin", code="E9977"))
        row.refresh_from_db()
        assert (row.lead, row.picture, row.code, row.until) == ("环卫所", "bin", "E9901", None)

    def test_another_name_is_another_category_from_the_day_on(self, scene: Scene, operator: Client) -> None:
        row = scene.standard.category
        operator.post(f"{RULES}/categories/edit/{row.pk}/", category(row, name="改了"))
        new = Category.objects.get(name="改了")
        row.refresh_from_db()
        assert (row.name, row.until, new.since, new.standards.count()) == ("试验E9901", in_days(1), in_days(1), 1)

    def test_a_picture_that_is_none_is_refused(self, scene: Scene, operator: Client) -> None:
        row = scene.standard.category
        answer = operator.post(f"{RULES}/categories/edit/{row.pk}/", category(row, picture="unicorn"))
        assert "There is no such picture" in said(answer)

    @pytest.mark.parametrize(
        ("code", "sentence"), [("E9901", "has this code"), ("E0101", "two digits"), ("x", "two digits")]
    )
    def test_a_code_that_does_not_fit_is_said(self, scene: Scene, operator: Client, code: str, sentence: str) -> None:
        row = scene.standard.category
        answer = operator.post(f"{RULES}/categories/new/", category(row, code=code, name="新的"))
        assert (answer.status_code, sentence in said(answer)) == (200, True)
        assert not Category.objects.filter(name="新的").exists()

    def test_added_it_waits_for_a_standard(self, scene: Scene, operator: Client) -> None:
        row = scene.standard.category
        assert operator.post(f"{RULES}/categories/new/", category(row, code="E9902", name="新的")).status_code == 302
        assert "Give it a filing standard" in said(operator.get(f"{RULES}/categories/"))
        assert Category.objects.get(name="新的").since == in_days(1)


class TestTheOthers:
    def test_a_big_class_with_categories_stays(self, scene: Scene, operator: Client) -> None:
        big = scene.standard.category.big_class
        answer = operator.post(f"{RULES}/big-classes/delete/{big.pk}/", follow=True)
        assert "stays: other rules or cases refer to it" in said(answer)
        assert BigClass.objects.filter(pk=big.pk).exists()
        assert f"/delete/{big.pk}/" not in operator.get(f"{RULES}/big-classes/").content.decode()

    def test_one_without_may_go(self, operator: Client) -> None:
        big = BigClass.objects.create(scheme="x", kind="event", code="77", name="空")
        assert f"/delete/{big.pk}/" in operator.get(f"{RULES}/big-classes/").content.decode()
        operator.post(f"{RULES}/big-classes/delete/{big.pk}/")
        assert not BigClass.objects.filter(pk=big.pk).exists()

    def test_only_the_names_of_a_big_class_change(self, scene: Scene, operator: Client) -> None:
        big = scene.standard.category.big_class
        typed = {"scheme": "other", "kind": "component", "code": "01", "name": "改了", "name_en": ""}
        operator.post(f"{RULES}/big-classes/edit/{big.pk}/", typed)
        big.refresh_from_db()
        assert (big.scheme, big.kind, big.code, big.name) == ("test", "event", "99", "改了")

    @pytest.mark.parametrize("code", ["7", "777", "ab", "７７"])
    def test_the_code_of_a_big_class_is_two_digits(self, operator: Client, code: str) -> None:
        answer = operator.post(
            f"{RULES}/big-classes/new/", {"scheme": "x", "kind": "event", "code": code, "name": "x", "name_en": ""}
        )
        assert "two digits" in said(answer)

    def test_a_limit_is_positive_and_stands_once(self, operator: Client) -> None:
        limit = Limit.objects.get(step="accept")
        for minutes in ("0", "-1", "2147483648", "x"):
            answer = operator.post(f"{RULES}/limits/edit/{limit.pk}/", {"minutes": minutes})
            assert "a number from 1 to 48000" in said(answer)
        assert "already exists" in said(operator.post(f"{RULES}/limits/new/", {"step": "accept", "minutes": "5"}))
        operator.post(f"{RULES}/limits/edit/{limit.pk}/", {"minutes": "45"})
        assert dict(Limit.objects.values_list("step", "minutes"))["accept"] == 45

    def test_a_make_up_day_is_a_weekend(self, operator: Client) -> None:
        monday, sunday = date(2027, 10, 11), date(2027, 10, 10)
        typed = {"is_working": "on", "name": "国庆节调休"}
        answer = operator.post(f"{RULES}/holidays/new/", {**typed, "day": monday.isoformat()})
        assert "people work on it anyway" in said(answer)
        assert operator.post(f"{RULES}/holidays/new/", {**typed, "day": sunday.isoformat()}).status_code == 302
        assert Holiday.objects.get(day=sunday).is_working
        assert "already exists" in said(operator.post(f"{RULES}/holidays/new/", {**typed, "day": sunday.isoformat()}))

    def test_a_template_leaves_places_that_somebody_fills(self, operator: Client) -> None:
        typed = {"title": "新的", "words": "您好，{who}", "categories": ""}
        assert "Nobody fills in “{who}”" in said(operator.post(f"{RULES}/reply-templates/new/", typed))
        answer = operator.post(f"{RULES}/reply-templates/new/", {**typed, "words": "{where}好了", "categories": "E0z"})
        assert "No category has a code that begins so." in said(answer)
        operator.post(f"{RULES}/reply-templates/new/", {**typed, "words": "{where}好了", "categories": "e04"})
        assert ReplyTemplate.objects.get(title="新的").categories == "E04"

    def test_who_changed_what_stands_in_the_history_of_the_site(self, scene: Scene, operator: Client) -> None:
        operator.post(f"{RULES}/standards/edit/{scene.standard.pk}/", rule(scene.standard, amount="9"))
        shown = said(operator.get("/admin/reports/site-history/"))
        assert "E9901-1" in shown
        assert scene.town.admin.name in shown


class TestWhatIsReportedNoMore:
    def test_is_not_offered_and_politely_refused(self, scene: Scene, visitor: Client) -> None:
        kind = scene.standard.category
        Category.objects.filter(pk=kind.pk).update(picture="bin", plain_name="怪味")
        assert "怪味" in visitor.get("/report/").content.decode()
        FilingStandard.objects.filter(pk=scene.standard.pk).update(until=today())
        assert "怪味" not in visitor.get("/report/").content.decode()
        typed = {"category": kind.pk, "description": "一堆垃圾", "address": "示范路51号"}
        answer = visitor.post("/report/", typed, headers={"accept-language": "en"})
        assert (answer.status_code, Case.objects.exists()) == (422, False)
        assert "This kind is not reported any more. Please choose another." in said(answer)
        assert "一堆垃圾" in answer.content.decode()

    def test_what_was_reported_as_it_is_filed_as_something_else(self, scene: Scene) -> None:
        case = cases.a_case(scene, category=scene.standard.category)
        other = cases.a_standard("E9902")
        Category.objects.filter(pk=scene.standard.category_id).update(until=today())
        client = signed_in(scene.acceptor)
        shown = client.get(f"/cases/desk/{case.number}/file/")
        assert f'value="{other.pk}"' in shown.content.decode()
        client.post(f"/cases/desk/{case.number}/file/", {"standard": other.pk, "expected": case.state})
        case.refresh_from_db()
        assert (case.state, case.category) == (Case.State.FILED, other.category)

    def test_what_got_another_name_is_filed_under_that(self, scene: Scene, operator: Client, time_machine: Any) -> None:
        row = scene.standard.category
        case = cases.a_case(scene, category=row)
        operator.post(f"{RULES}/categories/edit/{row.pk}/", category(row, name="改了"))
        time_machine.move_to(timezone.now() + timedelta(days=1))
        followed = FilingStandard.objects.get(category__name="改了")
        client = signed_in(scene.acceptor)
        form = page(client.get(f"/cases/desk/{case.number}/file/"))
        assert [each["value"] for each in form.select("[name=standard]")] == [str(followed.pk)]
        client.post(f"/cases/desk/{case.number}/file/", {"standard": followed.pk, "expected": case.state})
        case.refresh_from_db()
        assert (case.state, case.category.name, case.standard) == (Case.State.FILED, "改了", followed)
        listed = page(client.get("/cases/desk/?list=all")).select("select[name=category] option")
        assert len([each for each in listed if each["value"] == "E9901"]) <= 1

    def test_the_kind_of_a_case_is_kept_when_something_else_is_corrected(self, scene: Scene) -> None:
        case = cases.a_case(scene, category=scene.standard.category)
        Category.objects.filter(pk=scene.standard.category_id).update(until=today())
        form = page(signed_in(scene.acceptor).get(f"/cases/desk/{case.number}/correct/"))
        chosen = form.select_one("select[name=category] option[selected]")
        assert chosen["value"] == str(scene.standard.category_id)
