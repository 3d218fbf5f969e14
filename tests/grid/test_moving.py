"""A case on its way: what each deed asks for, changes and leaves behind."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone, translation

from communities.models import Organisation
from grid.cases import moving
from grid.desk import suggesting
from grid.models import (
    Area,
    Boundary,
    Case,
    FilingStandard,
    Photo,
    Post,
    Reporter,
    Segment,
    Step,
    Subscription,
    Supporter,
    Unit,
)
from grid.rules import deadlines, dispatching
from grid.rules.transitions import Actor, Deed
from grid.telling import messages as case_messages
from grid.telling.subscribing import Thing
from grid.telling.words import in_turn, told
from kit.refusals import Refused
from tests.cast import Town
from tests.grid import cases, chains
from tests.grid.cases import Scene, a_case, a_picture, brought_to
from updates.models import Message, Update

State = Case.State

MONDAY = "2026-11-23 09:00 +0800"


@pytest.fixture
def scene(town: Town) -> Scene:
    return cases.set_up(town)


def do(case: Case, deed: Deed, by: Any, **particulars: Any) -> Case:
    return moving.move(case=case, deed=deed, by=by, **particulars)


def refused(work: Callable[[], object]) -> str:
    with pytest.raises(Refused) as no:
        work()
    return no.value.code


def at(written: str) -> datetime:
    return timezone.make_aware(datetime.fromisoformat(written))


@pytest.mark.parametrize("state", list(State))
def test_every_state_is_reached_by_deeds(scene: Scene, state: Case.State) -> None:
    case = brought_to(scene, state)

    case.refresh_from_db()
    assert case.state == state
    steps = list(case.steps.order_by("number"))
    assert [step.number for step in steps] == list(range(1, len(steps) + 1))
    assert steps[-1].after == state


class TestSteps:
    def test_each_says_who_did_what_as_what_and_whose_turn_it_is(self, scene: Scene) -> None:
        case = brought_to(scene, State.DISPATCHED)

        told = [
            (step.deed, step.before, step.after, step.by, step.by_role, step.to_person, step.to_unit)
            for step in case.steps.order_by("number")
        ]
        accept, send = scene.acceptor, scene.dispatcher
        assert told == [
            ("report", "", "reported", scene.reporter, "reporter", accept, None),
            ("file", "reported", "filed", accept, "acceptor", send, None),
            ("dispatch", "filed", "dispatched", send, "dispatcher", scene.unit_person, scene.unit),
        ]

    @pytest.mark.parametrize("change", ["update", "delete"])
    def test_the_database_rewrites_none(self, scene: Scene, change: str) -> None:
        step = a_case(scene).steps.get()
        rows = Step.objects.filter(pk=step.pk)
        with pytest.raises(DatabaseError, match="only ever added"), transaction.atomic():
            rows.update(word="anders") if change == "update" else rows._raw_delete(rows.db)
        assert Step.objects.get(pk=step.pk).word == ""

    def test_pressed_twice_it_is_done_once(self, scene: Scene) -> None:
        case = brought_to(scene, State.DISPATCHED)
        for _ in range(2):
            case = do(case, Deed.TAKE, scene.unit_person)
        assert case.state == State.HANDLING
        assert case.steps.filter(deed=Deed.TAKE).count() == 1
        assert Message.objects.filter(about=f"case:{case.pk}:4").count() <= 1

    def test_somebody_else_who_is_late_is_told_so(self, scene: Scene) -> None:
        case = brought_to(scene, State.DISPATCHED)
        do(case, Deed.TAKE, scene.unit_person)
        assert refused(lambda: do(case, Deed.TAKE, scene.town.admin)) == "not_now"

    def test_urged_again_the_next_day_it_is_another_step(self, scene: Scene) -> None:
        case = brought_to(scene, State.HANDLING)
        do(case, Deed.URGE, scene.town.lan)
        do(case, Deed.URGE, scene.town.lan)
        assert case.steps.filter(deed=Deed.URGE).count() == 1
        with time_machine.travel(timezone.now() + timedelta(days=1), tick=False):
            do(case, Deed.URGE, scene.town.lan)
        assert case.steps.filter(deed=Deed.URGE).count() == 2

    def test_what_no_deed_takes_is_a_mistake_of_the_program(self, scene: Scene) -> None:
        with pytest.raises(TypeError):
            do(a_case(scene), Deed.REJECT, scene.acceptor, wrod="x")

    def test_too_many_words_are_refused_and_not_cut(self, scene: Scene) -> None:
        case = a_case(scene)
        assert refused(lambda: do(case, Deed.REJECT, scene.acceptor, word="字" * 501)) == "word_too_long"


class TestTakingIn:
    def test_a_new_case_has_an_owner_who_is_told(self, scene: Scene) -> None:
        case = a_case(scene)
        assert case.steps.get().to_person == scene.acceptor
        assert case.step_due_at is not None
        assert Message.objects.filter(person=scene.acceptor, kind="case_your_turn").count() == 1

    def test_nobody_takes_in_or_closes_what_he_reported(self, scene: Scene) -> None:
        case = a_case(scene, reporter=scene.acceptor)
        assert refused(lambda: do(case, Deed.FILE, scene.acceptor, standard=scene.standard)) == "no_right"
        assert dispatching.acceptors(case) == ()
        own = a_case(scene, reporter=scene.town.admin)
        assert refused(lambda: do(own, Deed.FILE, scene.town.admin, standard=scene.standard)) == "no_right"

    def test_filed_it_has_the_category_of_the_standard(self, scene: Scene) -> None:
        case = do(a_case(scene), Deed.FILE, scene.acceptor, standard=scene.standard)
        assert (case.category, case.standard) == (scene.standard.category, scene.standard)
        assert case.due_at is None

    def test_under_a_standard_that_has_ended_nothing_is_filed(self, scene: Scene) -> None:
        FilingStandard.objects.filter(pk=scene.standard.pk).update(until=timezone.localdate())
        case = a_case(scene)
        assert refused(lambda: do(case, Deed.FILE, scene.acceptor, standard=scene.standard)) == "standard_ended"

    def test_the_limit_is_frozen_when_it_is_filed(self, scene: Scene) -> None:
        case = do(a_case(scene), Deed.FILE, scene.acceptor, standard=scene.standard)
        FilingStandard.objects.filter(pk=scene.standard.pk).update(until=timezone.localdate())
        with time_machine.travel(MONDAY, tick=False):
            case = do(case, Deed.DISPATCH, scene.dispatcher, unit=scene.unit)
        assert case.due_at == at("2026-11-23 15:00")

    def test_a_corrected_position_brings_its_cell_and_road(self, scene: Scene) -> None:
        Boundary.objects.exclude(area=scene.net.town).filter(area__level=Area.Level.TOWN).delete()  # another town's
        case = a_case(scene, cell=None, road=None, segment=None)
        longitude, latitude = chains.ON_ROAD
        case = do(case, Deed.CORRECT, scene.acceptor, longitude=longitude, latitude=latitude)
        assert (case.cell, case.road, case.segment) == (scene.net.street_cell, scene.net.road, scene.net.first)
        assert refused(lambda: do(case, Deed.CORRECT, scene.acceptor, longitude=1.0, latitude=1.0)) == "outside"

    def test_corrected_is_only_what_is_named(self, scene: Scene) -> None:
        case = a_case(scene, address="旧", is_dwelling=True)
        case = do(case, Deed.CORRECT, scene.acceptor, description="写清楚", is_dwelling=False)
        assert (case.description, case.address, case.is_dwelling) == ("写清楚", "旧", False)

    def test_another_road_takes_its_own_stretch_or_none(self, scene: Scene) -> None:
        here, elsewhere = scene.net.road, chains.a_road("R-9")
        case = do(a_case(scene), Deed.CORRECT, scene.acceptor, road=elsewhere)
        assert (case.road, case.segment) == (elsewhere, None)
        Segment.objects.filter(pk=scene.net.second.pk).update(odd_from=1, odd_to=99)
        case = do(case, Deed.CORRECT, scene.acceptor, road=here, house_number=7)
        assert (case.road, case.segment) == (here, scene.net.second)
        case = do(case, Deed.CORRECT, scene.acceptor, road=None)
        assert (case.road, case.segment) == (None, None)
        assert dispatching.chain_of(case).road_chiefs == ()

    def test_a_stretch_of_another_road_is_refused(self, scene: Scene) -> None:
        case = a_case(scene, road=chains.a_road("R-9"))
        wrong = lambda: do(case, Deed.CORRECT, scene.acceptor, segment=scene.net.first)  # noqa: E731
        assert refused(wrong) == "stretch_elsewhere"

    def test_the_database_keeps_the_stretch_with_its_road(self, scene: Scene) -> None:
        case, elsewhere = a_case(scene), chains.a_road("R-9")
        rows = Case.objects.filter(pk=case.pk)
        for wrong in ({"road": elsewhere}, {"road": None}):
            with pytest.raises(IntegrityError, match="stretch"), transaction.atomic():
                rows.update(**wrong)
        with pytest.raises(IntegrityError, match="stretch"), transaction.atomic():
            a_case(scene, road=elsewhere, segment=scene.net.first)
        assert rows.update(road=elsewhere, segment=None) == 1

    @pytest.mark.parametrize("state", [State.DISPATCHED, State.REWORK, State.SUSPENDED, State.FEEDBACK])
    def test_the_database_keeps_a_limit_while_a_unit_has_it(self, scene: Scene, state: Case.State) -> None:
        case = brought_to(scene, state)
        with pytest.raises(IntegrityError, match="grid_case_clock"), transaction.atomic():
            Case.objects.filter(pk=case.pk).update(due_at=None)

    def test_who_goes_and_looks_is_the_grid_worker_or_somebody_on_the_staff(self, scene: Scene) -> None:
        case = do(a_case(scene), Deed.VERIFY, scene.acceptor)
        assert case.inspector == scene.worker
        other = a_case(scene, cell=scene.net.south, road=None, segment=None)
        assert refused(lambda: do(other, Deed.VERIFY, scene.acceptor)) == "person_missing"
        assert refused(lambda: do(other, Deed.VERIFY, scene.acceptor, person=scene.town.dana)) == "not_staff"
        assert do(other, Deed.VERIFY, scene.acceptor, person=scene.town.lan).inspector == scene.town.lan

    def test_solved_on_the_spot_it_is_filed_handled_and_shown(self, scene: Scene) -> None:
        case = do(
            a_case(scene),
            Deed.SOLVE_ON_THE_SPOT,
            scene.worker,
            standard=scene.standard,
            unit=scene.unit,
            method=Case.Method.SERVICE,
            word="当场清理",
            photos_before=[a_picture()],
            photos_after=[a_picture()],
        )
        assert case.state == State.FEEDBACK
        assert (case.handler, case.unit) == (scene.worker, scene.unit)
        assert list(case.photos.values_list("moment", flat=True)) == ["before", "after"]
        assert refused(lambda: do(case, Deed.CONFIRM, scene.worker)) == "own_work"
        assert do(case, Deed.CLOSE, scene.acceptor, word="谢谢").state == State.CLOSED


class TestJoining:
    def test_who_stands_behind_it_stands_behind_the_other(self, scene: Scene) -> None:
        case, other = a_case(scene), a_case(scene, reporter=scene.town.dana)
        Supporter.objects.create(case=case, person=scene.town.zhou)
        Supporter.objects.create(case=other, person=scene.town.zhou)
        Supporter.objects.create(case=case, person=scene.town.qiang)
        Subscription.objects.create(case=case, mail="a@example.org")
        Subscription.objects.create(case=other, mail="a@example.org")
        Subscription.objects.create(case=case, mail="b@example.org")

        case = do(case, Deed.MERGE, scene.acceptor, into=other)

        other.refresh_from_db()
        assert (case.state, case.into) == (State.MERGED, other)
        behind = {row.person for row in other.supporters.all()}
        assert behind == {scene.town.zhou, scene.town.qiang, scene.reporter}
        assert other.supporters_count == 3
        assert sorted(other.subscriptions.values_list("mail", flat=True)) == ["a@example.org", "b@example.org"]

    def test_what_was_joined_to_it_goes_along_and_its_reporter_hears_the_end(self, scene: Scene) -> None:
        first, second, third = (
            a_case(scene, reporter=who) for who in (scene.town.dana, scene.town.chen, scene.town.qiang)
        )
        do(first, Deed.MERGE, scene.acceptor, into=second)
        do(second, Deed.MERGE, scene.acceptor, into=third)
        first.refresh_from_db()
        assert first.into == third

        for deed, by, given in cases.path_to(scene, State.CLOSED):
            third = do(third, deed, by, **given)

        heard = Message.objects.filter(kind="case_news", payload__deed="close")
        assert set(heard.values_list("person__username", flat=True)) == {"dana", "chen", "qiang"}
        assert heard.get(person=scene.town.dana).payload["number"] == first.number

    @pytest.mark.parametrize("state", [State.CLOSED, State.REJECTED, State.VOID, State.MERGED])
    def test_into_one_that_has_ended_nothing_is_joined(self, scene: Scene, state: Case.State) -> None:
        other, case = brought_to(scene, state), a_case(scene)
        assert refused(lambda: do(case, Deed.MERGE, scene.acceptor, into=other)) == "into_ended"

    def test_a_follower_who_said_yes_hears_of_the_other_too(self, scene: Scene) -> None:
        case, other = a_case(scene), a_case(scene)
        Subscription.objects.create(mail="x@example.cn", case=case, confirmed_at=timezone.now())
        Subscription.objects.create(mail="x@example.cn", case=other)
        Subscription.objects.create(mail="y@example.cn", case=case)
        Subscription.objects.create(mail="y@example.cn", case=other)
        do(case, Deed.MERGE, scene.acceptor, into=other)
        hearing = Subscription.objects.filter(case=other, confirmed_at__isnull=False)
        assert [row.mail for row in hearing] == ["x@example.cn"]

    @pytest.mark.parametrize(("deed", "given"), [(Deed.VOID, {"reason": "x"}), (Deed.REJECT, {"word": "x"})])
    def test_to_what_others_were_joined_it_is_answered(self, scene: Scene, deed: Deed, given: dict[str, str]) -> None:
        case, other, third = a_case(scene), a_case(scene), a_case(scene)
        do(case, Deed.MERGE, scene.acceptor, into=other)
        assert refused(lambda: do(other, deed, scene.acceptor, **given)) == "others_joined"
        do(other, Deed.MERGE, scene.acceptor, into=third)
        assert set(Case.objects.filter(into=third)) == {case, other}

    @pytest.mark.parametrize("is_public", [True, False])
    def test_what_is_kept_inside_is_not_told_to_whoever_reported_another(self, scene: Scene, is_public: bool) -> None:
        other = brought_to(scene, State.HANDLING, reporter=scene.town.dana, description="里面的事", is_public=is_public)
        do(a_case(scene, description="外面的事"), Deed.MERGE, scene.acceptor, into=other)
        do(other, Deed.SUBMIT, scene.handler, method=Case.Method.SERVICE, word="geheim")
        told = Message.objects.filter(kind="case_news", payload__deed=Deed.SUBMIT)
        assert (told.get(person=scene.reporter).payload["word"] == "geheim") is is_public
        assert told.get(person=scene.town.dana).payload["word"] == "geheim"

    def test_joined_it_is_followed_no_more(self, scene: Scene) -> None:
        case = brought_to(scene, State.MERGED)
        assert case.into is not None
        assert Thing.found("case", case.number) is None
        assert Thing.found("case", case.into.number) is not None

    def test_nor_into_itself_or_a_part_of_it(self, scene: Scene) -> None:
        case = brought_to(scene, State.FILED)
        assert refused(lambda: do(case, Deed.MERGE, scene.acceptor, into=case)) == "into_itself"
        do(case, Deed.SPLIT, scene.dispatcher, units=[scene.town.yuqi])
        assert refused(lambda: do(case, Deed.MERGE, scene.acceptor, into=a_case(scene))) == "has_parts"
        part = case.parts.get()
        part = do(part, Deed.RETURN, scene.town.mei, reason="不是", proposed_unit=scene.unit)
        assert refused(lambda: do(part, Deed.MERGE, scene.dispatcher, into=case)) == "into_itself"


class TestSendingOut:
    def test_the_clock_starts_and_the_unit_is_told(self, scene: Scene) -> None:
        case = brought_to(scene, State.FILED)
        with time_machine.travel(MONDAY, tick=False):
            case = do(case, Deed.DISPATCH, scene.dispatcher, unit=scene.unit)
        assert (case.due_at, case.step_due_at) == (at("2026-11-23 15:00"), at("2026-11-23 10:00"))
        assert Message.objects.filter(person=scene.unit_person, kind="case_your_turn").exists()
        assert Message.objects.get(person=scene.reporter, kind="case_news").payload["unit"] == "玉祁城管"

    def test_to_a_unit_without_anybody_nothing_is_sent(self, scene: Scene) -> None:
        empty = Organisation.objects.create(name="空单位", short="空", kind="department", slug="kong")
        case = brought_to(scene, State.FILED)
        assert refused(lambda: do(case, Deed.DISPATCH, scene.dispatcher, unit=empty)) == "unit_empty"
        assert refused(lambda: do(case, Deed.SPLIT, scene.dispatcher, units=[empty])) == "unit_empty"

    def test_not_ours_names_the_next_owner_and_the_reporter_hears_of_it(self, scene: Scene) -> None:
        case = brought_to(scene, State.DISPATCHED)
        own = refused(lambda: do(case, Deed.RETURN, scene.unit_person, reason="不归我们", proposed_unit=scene.unit))
        assert own == "own_unit"

        case = do(case, Deed.RETURN, scene.unit_person, reason="不归我们", proposed_unit=scene.town.yuqi)

        assert (case.unit, case.handler, case.due_at) == (None, None, None)
        step = case.steps.order_by("number").last()
        assert (step.to_person, step.to_unit) == (scene.dispatcher, scene.town.yuqi)
        told = Message.objects.get(person=scene.reporter, payload__deed="return")
        assert "不归我们" not in str(told.payload)

    def test_given_back_to_the_acceptor_it_is_filed_anew(self, scene: Scene) -> None:
        case = do(brought_to(scene, State.FILED), Deed.HAND_BACK, scene.dispatcher, reason="类别不对")
        assert (case.state, case.standard, case.filed_at) == (State.REPORTED, None, None)
        assert do(case, Deed.FILE, scene.acceptor, standard=scene.standard).state == State.FILED

    def test_split_each_unit_has_a_part_and_the_whole_closes_last(self, scene: Scene) -> None:
        case = brought_to(scene, State.FILED)
        case = do(case, Deed.SPLIT, scene.dispatcher, units=[scene.town.yuqi], reason="两家一起")
        part = case.parts.get()
        assert (part.state, part.unit, part.standard) == (State.DISPATCHED, scene.town.yuqi, case.standard)
        assert part.number != case.number
        assert part.due_at is not None
        assert part.steps.get().to_unit == scene.town.yuqi
        assert not Reporter.objects.filter(case=part).exists()
        assert refused(lambda: do(case, Deed.HAND_BACK, scene.dispatcher, reason="x")) == "parts_open"
        assert refused(lambda: do(case, Deed.VOID, scene.acceptor, reason="x")) == "parts_open"
        again = refused(lambda: do(case, Deed.SPLIT, scene.dispatcher, units=[scene.town.yuqi], reason="再来"))
        assert again == "part_there"

        for deed, by, given in list(cases.path_to(scene, State.FEEDBACK))[1:]:
            case = do(case, deed, by, **given)
        ended = {"word": "好了", "reason": "看过了"}
        assert refused(lambda: do(case, Deed.CLOSE, scene.acceptor, **ended)) == "parts_open"

        do(part, Deed.TAKE, scene.town.mei)
        do(part, Deed.SUBMIT, scene.town.mei, method="service", word="好了")
        assert refused(lambda: do(part, Deed.CLOSE, scene.acceptor, **ended)) == "own_work"
        do(part, Deed.CLOSE, scene.town.admin, **ended)
        assert do(case, Deed.CLOSE, scene.acceptor, **ended).state == State.CLOSED

    def test_split_once_more_for_another_unit_it_is_another_part(self, scene: Scene) -> None:
        case = brought_to(scene, State.FILED)
        for units in ([scene.town.yuqi], [scene.town.school], [scene.town.school]):
            case = do(case, Deed.SPLIT, scene.dispatcher, units=units)
        assert [part.unit for part in case.parts.order_by("pk")] == [scene.town.yuqi, scene.town.school]
        assert case.steps.filter(deed=Deed.SPLIT).count() == 2

    def test_the_history_of_a_part_names_the_unit_that_gave_it_back(self, scene: Scene) -> None:
        case = do(brought_to(scene, State.FILED), Deed.SPLIT, scene.dispatcher, units=[scene.town.yuqi])
        part = do(case.parts.get(), Deed.RETURN, scene.town.mei, reason="不是", proposed_unit=scene.unit)
        part = do(part, Deed.DISPATCH, scene.dispatcher, unit=scene.unit)
        part = do(part, Deed.TAKE, scene.unit_person)
        with_whom = [(then.deed, then.unit) for then in in_turn(part.steps.order_by("number"))]
        yuqi, unit = scene.town.yuqi, scene.unit
        assert with_whom == [("split", yuqi), ("return", yuqi), ("dispatch", unit), ("take", unit)]
        said = [told.words for told in told(part, part.steps.order_by("number"), timezone.now())]
        assert [yuqi.spoken_name in words for words in said] == [False, True, False, False]

    def test_a_part_that_was_given_back_is_proposed_with_that(self, scene: Scene) -> None:
        case = do(
            brought_to(scene, State.FILED, cell=scene.net.cell), Deed.SPLIT, scene.dispatcher, units=[scene.town.yuqi]
        )
        part = do(case.parts.get(), Deed.RETURN, scene.town.mei, reason="不是", proposed_unit=scene.unit)
        with translation.override("en"):
            because = {each.organisation: each.because for each in suggesting.units_for(part)}
        assert "has given it back" in because[scene.town.yuqi]

    def test_confirmed_with_a_picture_afterwards_the_picture_is_kept(self, scene: Scene) -> None:
        case = do(brought_to(scene, State.FEEDBACK), Deed.CONFIRM, scene.worker)
        picture = a_picture()
        for _ in range(2):
            case = do(case, Deed.CONFIRM, scene.worker, photos_after=[picture])
        assert case.photos.count() == 1
        assert case.steps.filter(deed=Deed.CONFIRM).count() == 2

    def test_a_part_is_not_split_again(self, scene: Scene) -> None:
        case = do(brought_to(scene, State.FILED), Deed.SPLIT, scene.dispatcher, units=[scene.town.yuqi])
        part = do(case.parts.get(), Deed.RETURN, scene.town.mei, reason="x", proposed_unit=scene.unit)
        assert refused(lambda: do(part, Deed.SPLIT, scene.dispatcher, units=[scene.unit])) == "is_a_part"


class TestHandling:
    def test_a_handler_belongs_to_the_unit(self, scene: Scene) -> None:
        case = brought_to(scene, State.DISPATCHED)
        stranger = refused(lambda: do(case, Deed.TAKE, scene.unit_person, person=scene.town.dana))
        assert stranger == "not_of_the_unit"
        case = do(case, Deed.TAKE, scene.unit_person)
        assert refused(lambda: do(case, Deed.ASSIGN, scene.unit_person)) == "person_missing"
        assert do(case, Deed.ASSIGN, scene.unit_person, person=scene.handler).handler == scene.handler
        case = do(case, Deed.GIVE_UP, scene.handler, reason="请假")
        assert (case.state, case.handler, case.unit) == (State.DISPATCHED, None, scene.unit)

    def test_the_handler_asks_the_unit_and_the_unit_the_dispatcher(self, scene: Scene) -> None:
        case = brought_to(scene, State.HANDLING)
        due = case.due_at
        case = do(case, Deed.ASK_DELAY, scene.handler, reason="等配件")
        assert case.delay_asked_at is None
        assert refused(lambda: do(case, Deed.GRANT_DELAY, scene.dispatcher)) == "no_delay_asked"
        assert Message.objects.filter(person=scene.unit_person, kind="case_decided").exists()

        case = do(case, Deed.ASK_DELAY, scene.unit_person, reason="等配件")
        assert Message.objects.filter(person=scene.dispatcher, kind="case_decided").exists()
        case = do(case, Deed.GRANT_DELAY, scene.dispatcher)

        assert case.delays == 1
        assert due is not None
        assert case.due_at == deadlines.due_from(scene.standard, due)

    def test_twice_and_a_refusal_counts_for_nothing(self, scene: Scene) -> None:
        case = brought_to(scene, State.HANDLING)
        for answer in (Deed.REFUSE_DELAY, Deed.GRANT_DELAY, Deed.GRANT_DELAY):
            do(case, Deed.ASK_DELAY, scene.unit_person, reason="等配件")
            assert refused(lambda: do(case, Deed.ASK_DELAY, scene.unit_person, reason="还等")) == "delay_asked"
            do(case, answer, scene.dispatcher, reason="可以")
        assert Case.objects.get(pk=case.pk).delays == 2
        assert refused(lambda: do(case, Deed.ASK_DELAY, scene.unit_person, reason="再等")) == "delayed_twice"

    def test_overdue_there_is_nothing_to_put_off(self, scene: Scene) -> None:
        case = brought_to(scene, State.HANDLING)
        Case.objects.filter(pk=case.pk).update(due_at=timezone.now() - timedelta(minutes=1))
        assert refused(lambda: do(case, Deed.ASK_DELAY, scene.unit_person, reason="等")) == "overdue"
        put_off = {"word": "等", "until": cases.in_days(3)}
        assert refused(lambda: do(case, Deed.SUSPEND, scene.dispatcher, **put_off)) == "overdue"

    @pytest.mark.parametrize(
        ("unit", "due", "later"),
        [
            (Unit.WORK_HOUR, "2026-11-23 15:00", "2026-12-03 11:00"),
            (Unit.WORK_DAY, "2026-11-27 09:00", "2026-12-08 17:00"),
            (Unit.URGENT_HOUR, "2026-11-23 13:00", "2026-12-03 03:00"),
            (Unit.NATURAL_DAY, "2026-11-27 09:00", "2026-12-06 23:00"),
        ],
    )
    def test_put_off_the_clock_stands_still(self, scene: Scene, unit: Unit, due: str, later: str) -> None:
        standard = cases.a_standard("E9902", amount=4, unit=unit)
        with time_machine.travel(MONDAY, tick=False) as clock:
            case = a_case(scene)
            case = do(case, Deed.FILE, scene.acceptor, standard=standard)
            case = do(case, Deed.DISPATCH, scene.dispatcher, unit=scene.unit)
            case = do(case, Deed.TAKE, scene.unit_person)
            assert case.due_at == at(due)
            clock.shift(timedelta(hours=1))
            until = cases.in_days(10)
            case = do(case, Deed.SUSPEND, scene.dispatcher, word="等材料到货", until=until)
            assert (case.promised_for, case.business) == (until, Case.Business.PROMISED)
            clock.move_to(at("2026-12-02 23:59"))
            early = refused(lambda: do(case, Deed.RESUME, None, actor_hint=Actor.CLOCK))
            assert early == "not_yet"
            clock.move_to(at("2026-12-03 00:00"))
            case = do(case, Deed.RESUME, None, actor_hint=Actor.CLOCK)
        assert case.state == State.HANDLING
        assert case.due_at == at(later)
        assert refused(lambda: put_off_again(scene, case)) in {"suspended_before", "overdue"}

    @pytest.mark.parametrize("days", [0, -1, 366, 4000])
    def test_put_off_at_most_a_year_and_never_into_the_past(self, scene: Scene, days: int) -> None:
        case = brought_to(scene, State.HANDLING)
        work = lambda: do(case, Deed.SUSPEND, scene.dispatcher, word="等", until=cases.in_days(days))  # noqa: E731
        assert refused(work) == "until_out_of_reach"

    def test_enforcement_comes_after_milder_steps_or_says_why(self, scene: Scene) -> None:
        case = brought_to(scene, State.HANDLING)
        punished = {"method": Case.Method.ENFORCEMENT, "word": "已立案"}
        assert refused(lambda: do(case, Deed.SUBMIT, scene.handler, **punished)) == "step_left_out"
        assert do(case, Deed.SUBMIT, scene.handler, **punished, reason="屡教不改").state == State.FEEDBACK

    def test_on_the_spot_too(self, scene: Scene) -> None:
        case = a_case(scene)
        shown = {"photos_before": [a_picture()], "photos_after": [a_picture()]}
        punished = {"method": Case.Method.ENFORCEMENT, "word": "已立案", "standard": scene.standard, "unit": scene.unit}
        spot = lambda **more: do(case, Deed.SOLVE_ON_THE_SPOT, scene.worker, **punished, **shown, **more)  # noqa: E731
        assert refused(spot) == "step_left_out"
        assert spot(reason="屡教不改").state == State.FEEDBACK

    def test_at_the_same_door_it_was_advised_before(self, scene: Scene) -> None:
        brought_to(scene, State.CLOSED, house_number=7)
        case = brought_to(scene, State.HANDLING, house_number=7)
        elsewhere = brought_to(scene, State.HANDLING, house_number=9)
        punished = {"method": Case.Method.ENFORCEMENT, "word": "已立案"}
        assert refused(lambda: do(elsewhere, Deed.SUBMIT, scene.handler, **punished)) == "step_left_out"
        assert do(case, Deed.SUBMIT, scene.handler, **punished).method == Case.Method.ENFORCEMENT


def put_off_again(scene: Scene, case: Case) -> Case:
    return do(case, Deed.SUSPEND, scene.dispatcher, word="等", until=cases.in_days(9))


class TestSettling:
    def test_who_sent_it_out_does_not_close_it_whoever_it_is(self, scene: Scene) -> None:
        case = brought_to(scene, State.FEEDBACK)
        Case.objects.filter(pk=case.pk).update(dispatcher=scene.town.admin)
        admin = scene.town.admin
        assert refused(lambda: do(case, Deed.CLOSE, admin, word="好", reason="看过")) == "dispatched_it"
        assert Deed.CLOSE not in moving.allowed(admin, Case.objects.get(pk=case.pk))
        assert do(case, Deed.CLOSE, scene.acceptor, word="好", reason="看过").state == State.CLOSED

    def test_nor_who_sent_it_out_before_somebody_else_did(self, scene: Scene) -> None:
        town, yan = scene.town, scene.dispatcher
        chains.post(town, Post.Role.ACCEPTOR, scene.net.town, yan)
        chains.post(town, Post.Role.DISPATCHER, scene.net.town, town.dana)
        case = brought_to(scene, State.DISPATCHED)
        case = do(case, Deed.RETURN, scene.unit_person, reason="x", proposed_unit=town.yuqi)
        split = do(brought_to(scene, State.FILED), Deed.SPLIT, yan, units=[town.yuqi])
        Case.objects.filter(part_of=split).update(state=State.VOID)
        for first_by_yan in (case, split):
            sent = do(first_by_yan, Deed.DISPATCH, town.dana, unit=scene.unit)
            taken = do(sent, Deed.TAKE, scene.unit_person)
            each = do(taken, Deed.SUBMIT, scene.unit_person, method="service", word="好")
            assert dispatching.turn_of(each).people == (scene.acceptor,)
            assert Deed.CLOSE not in moving.allowed(yan, each)
            no = refused(lambda each=each: do(each, Deed.CLOSE, yan, word="好", reason="看过"))
            assert no == "dispatched_it"
            assert do(each, Deed.CLOSE, scene.acceptor, word="好", reason="看过").state == State.CLOSED

    def test_nor_who_said_that_it_is_done_while_somebody_else_handled_it(self, scene: Scene) -> None:
        lu = scene.unit_person
        chains.post(scene.town, Post.Role.ACCEPTOR, scene.net.town, lu)
        Post.objects.filter(role=Post.Role.CELL_WORKER).update(person=lu)
        case = do(brought_to(scene, State.HANDLING), Deed.SUBMIT, lu, method="service", word="好")
        assert case.handler == scene.handler
        assert lu not in dispatching.turn_of(case).people
        assert refused(lambda: do(case, Deed.CONFIRM, lu)) == "own_work"
        assert refused(lambda: do(case, Deed.CLOSE, lu, word="好", reason="看过")) == "own_work"
        assert refused(lambda: do(case, Deed.CHECK, scene.acceptor, person=lu)) == "own_work"

    def test_without_a_look_a_picture_or_a_reason_it_is_not_closed(self, scene: Scene) -> None:
        case = brought_to(scene, State.FEEDBACK)
        assert refused(lambda: do(case, Deed.CLOSE, scene.acceptor, word="好了")) == "not_checked"
        do(case, Deed.CONFIRM, scene.town.zhou)
        case = do(case, Deed.CLOSE, scene.acceptor, word="好了")
        assert (case.answer, case.closed_at is not None) == ("好了", True)

    def test_a_picture_of_the_handler_is_enough(self, scene: Scene) -> None:
        case = brought_to(scene, State.HANDLING)
        case = do(case, Deed.SUBMIT, scene.handler, method="service", word="好", photos_after=[a_picture()])
        assert do(case, Deed.CLOSE, scene.acceptor, word="好了").state == State.CLOSED

    @pytest.mark.parametrize("state", [State.FEEDBACK, State.CHECKING])
    @pytest.mark.parametrize("who", ["bo", "zhou"])
    def test_as_soon_as_it_is_confirmed_the_acceptor_closes_it(self, scene: Scene, state: Case.State, who: str) -> None:
        case = brought_to(scene, state)
        told = Message.objects.count()
        case = do(case, Deed.CONFIRM, scene.town.people[who])
        step = case.steps.order_by("number").last()
        assert step.to_person == scene.acceptor
        message = Message.objects.filter(kind="case_your_turn", about=f"case:{case.pk}:{step.number}").get()
        assert message.person == scene.acceptor
        assert Message.objects.count() == told + 1
        with translation.override("en"):
            assert "to be closed" in case_messages.KINDS[message.kind](message.payload, None).title
        case = do(case, Deed.SEND_BACK, scene.acceptor, reason="又脏了")
        assert dispatching.turn_of(case).owner == scene.handler

    def test_an_old_confirmation_counts_no_more_after_rework(self, scene: Scene) -> None:
        case = brought_to(scene, State.FEEDBACK)
        do(case, Deed.CONFIRM, scene.worker)
        do(case, Deed.SEND_BACK, scene.acceptor, reason="又脏了")
        do(case, Deed.TAKE, scene.unit_person)
        case = do(case, Deed.SUBMIT, scene.unit_person, method="service", word="又好了")
        assert refused(lambda: do(case, Deed.CLOSE, scene.acceptor, word="好了")) == "not_checked"

    def test_done_again_everything_stays_and_what_was_left_is_left(self, scene: Scene) -> None:
        with time_machine.travel(MONDAY, tick=False) as clock:
            case = brought_to(scene, State.HANDLING)
            clock.shift(timedelta(hours=1))
            do(case, Deed.SUBMIT, scene.handler, method="service", word="好", photos_after=[a_picture()])
            clock.move_to(at("2026-11-24 09:00"))
            case = do(case, Deed.SEND_BACK, scene.worker, reason="还在")
        assert (case.reworks, case.unit, case.handler, case.handled_at) == (1, scene.unit, scene.handler, None)
        assert case.due_at == at("2026-11-24 12:00")  # three of four hours
        assert Photo.objects.filter(case=case).count() == 1

    def test_what_is_sent_back_its_handler_goes_on_with_and_the_unit_hears_of_it(self, scene: Scene) -> None:
        case = brought_to(scene, State.REWORK)
        step = case.steps.order_by("number").last()
        assert step.to_person == scene.handler
        told = Message.objects.filter(kind="case_your_turn", about=f"case:{case.pk}:{step.number}")
        assert {message.person for message in told} == {scene.handler, scene.unit_person, scene.town.admin}
        given = refused(lambda: do(case, Deed.TAKE, scene.handler, person=scene.unit_person))
        assert given == "no_right"
        case = do(case, Deed.TAKE, scene.handler)
        assert (case.state, case.handler) == (State.HANDLING, scene.handler)

    def test_who_checks_is_not_who_handled(self, scene: Scene) -> None:
        case = brought_to(scene, State.FEEDBACK)
        Case.objects.filter(pk=case.pk).update(handler=scene.worker)
        assert refused(lambda: do(case, Deed.CHECK, scene.acceptor)) == "person_missing"
        assert refused(lambda: do(case, Deed.CHECK, scene.acceptor, person=scene.worker)) == "own_work"

    def test_the_reporter_may_ask_once_again_within_thirty_days(self, scene: Scene) -> None:
        case = brought_to(scene, State.CLOSED)
        with time_machine.travel(timezone.now() + timedelta(days=31), tick=False):
            assert refused(lambda: do(case, Deed.REOPEN, scene.reporter, reason="又来了")) == "too_late"
            assert Deed.REOPEN not in moving.allowed(scene.reporter, case)
        case = do(case, Deed.REOPEN, scene.reporter, reason="又来了")
        assert (case.state, case.reopenings, case.closed_at) == (State.REWORK, 1, None)
        assert case.due_at is not None
        assert case.due_at > timezone.now()
        do(case, Deed.TAKE, scene.unit_person)
        do(case, Deed.SUBMIT, scene.unit_person, method="service", word="好")
        case = do(case, Deed.CLOSE, scene.acceptor, word="好了", reason="看过")
        assert refused(lambda: do(case, Deed.REOPEN, scene.reporter, reason="还是")) == "reopened_before"

    def test_what_the_acceptor_opens_again_does_not_use_up_what_the_reporter_may_ask(self, scene: Scene) -> None:
        case = brought_to(scene, State.CLOSED)
        for who in (scene.acceptor, scene.reporter):
            case = do(case, Deed.REOPEN, who, reason="还在")
            assert case.state == State.REWORK
            case = do(case, Deed.TAKE, scene.unit_person)
            case = do(case, Deed.SUBMIT, scene.unit_person, method="service", word="好")
            case = do(case, Deed.CLOSE, scene.acceptor, word="好了", reason="看过")
        for who in (scene.acceptor, scene.reporter):
            assert refused(lambda who=who: do(case, Deed.REOPEN, who, reason="还是")) == "reopened_before"
            assert Deed.REOPEN not in moving.allowed(who, case)
        for counted in ("reopenings", "staff_reopenings"):
            with pytest.raises(DatabaseError), transaction.atomic():
                Case.objects.filter(pk=case.pk).update(**{counted: 2})

    def test_a_receipt_is_enough_to_rate_and_a_stranger_with_none_may_not(self, scene: Scene) -> None:
        case = brought_to(scene, State.CLOSED, anonymous=True)
        assert refused(lambda: do(case, Deed.RATE, scene.town.dana, rating=5)) == "no_right"
        case = do(case, Deed.RATE, None, actor_hint=Actor.REPORTER, rating=4, word="还行")
        assert (case.satisfaction, case.satisfaction_word) == (4, "还行")
        again = refused(lambda: do(case, Deed.RATE, None, actor_hint=Actor.REPORTER, rating=1))
        assert again == "rated"
        assert refused(lambda: do(case, Deed.RATE, None, actor_hint=Actor.ACCEPTOR, rating=1)) == "no_right"

    @pytest.mark.parametrize("rating", [0, 6, -1])
    def test_only_the_five_answers(self, scene: Scene, rating: int) -> None:
        case = brought_to(scene, State.CLOSED)
        assert refused(lambda: do(case, Deed.RATE, scene.reporter, rating=rating)) in {
            "rating_missing",
            "rating_unknown",
        }


class TestWhatIsTold:
    def test_nothing_of_the_inside_is_told_in_public(self, scene: Scene) -> None:
        with time_machine.travel(MONDAY, tick=False):
            case = brought_to(scene, State.FEEDBACK)
            do(case, Deed.SEND_BACK, scene.acceptor, reason="内部意见：做得不好")

        lines = Update.objects.filter(topic__name__in=[f"case:{case.number}", f"road:{scene.net.road.code}"])
        told = " ".join(str([line.payload, line.actor]) for line in lines)
        assert lines.exists()
        assert "rework" in told
        for secret in ("内部意见", scene.reporter.name, scene.handler.name, scene.acceptor.name):
            assert secret not in told
        last = lines.order_by("-id").first().payload
        assert last["unit"]["name"] == "玉祁城管"
        assert last["due"] == "2026-11-23"

    def test_of_a_case_that_is_kept_inside_the_road_hears_nothing(self, scene: Scene) -> None:
        case = a_case(scene, is_public=False)
        do(case, Deed.FILE, scene.acceptor, standard=scene.standard)
        assert not Update.objects.filter(topic__name=f"road:{scene.net.road.code}").exists()

    def test_thrown_out_the_road_hears_only_that_it_is_gone(self, scene: Scene) -> None:
        case = a_case(scene)
        do(case, Deed.VOID, scene.acceptor, reason="秘密")
        last = Update.objects.filter(topic__name=f"road:{scene.net.road.code}").order_by("-seq").first()
        assert last.payload == {"case": case.number, "state": "void", "unit": None, "due": None}

    def test_the_unit_hears_nothing_of_the_reporter(self, scene: Scene) -> None:
        brought_to(scene, State.SUSPENDED)
        for message in Message.objects.exclude(person=scene.reporter):
            assert scene.reporter.name not in str(message.payload)

    @pytest.mark.parametrize("language", ["zh-hans", "en"])
    @pytest.mark.parametrize("state", list(State))
    def test_every_message_has_words(self, scene: Scene, state: Case.State, language: str) -> None:
        case = brought_to(scene, state)
        if state in Case.AT_WORK:
            do(case, Deed.URGE, scene.town.lan)
            do(case, Deed.SUPERVISE, scene.town.qiang, reason="限今天")
            do(case, Deed.ASK_DELAY, scene.unit_person, reason="等")
            do(case, Deed.GRANT_DELAY, scene.dispatcher)
        with translation.override(language):
            for message in Message.objects.filter(kind__startswith="case_"):
                said = case_messages.KINDS[message.kind](message.payload, None)
                assert said.title
                assert message.payload["number"] in said.text
                assert message.payload["number"] in said.url
