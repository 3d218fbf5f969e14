"""Whose a case is: the unit it should go to, and who is to act."""

from typing import Any

import pytest
from django.db.models import F
from django.utils import translation

from communities.models import User
from grid.cases import moving
from grid.models import Case, Post
from grid.rules import dispatching
from grid.rules.transitions import Deed
from grid.telling import messages as case_messages
from tests.cast import Town
from tests.grid import cases, chains
from tests.grid.cases import Scene, a_case, brought_to
from tests.grid.chains import post
from updates.models import Message

State = Case.State


@pytest.fixture
def scene(town: Town) -> Scene:
    return cases.set_up(town)


def department(scene: Scene, organisation: Any, codes: str = "", area: Any = None) -> Post:
    return post(
        scene.town, Post.Role.LINE_DEPARTMENT, area or scene.net.town, organisation=organisation, categories=codes
    )


class TestWhereNobodyCanGoOn:
    """Every case has somebody who sees to it (件件有着落)."""

    def vacant(self, case: Case) -> list[Any]:
        turn = dispatching.turn_of(case)
        assert turn.is_vacant
        return list(turn.people)

    def test_one_person_who_takes_in_and_sends_out_leaves_it_to_those_above(self, scene: Scene) -> None:
        Post.objects.filter(role=Post.Role.ACCEPTOR).update(person=scene.dispatcher)
        case = a_case(scene)
        alone = {scene.acceptor: scene.dispatcher}
        for deed, by, given in cases.path_to(scene, State.FEEDBACK):
            case = moving.move(case=case, deed=deed, by=alone.get(by, by), **given)
        step = case.steps.order_by("number").last()
        assert self.vacant(case) == [scene.town.lan, scene.town.qiang]
        assert step.to_person == scene.town.lan
        told = Message.objects.filter(kind="case_your_turn", about=f"case:{case.pk}:{step.number}")
        assert {message.person for message in told} == {scene.town.lan, scene.town.qiang}
        with translation.override("en"):
            assert "post is filled" in case_messages.KINDS["case_your_turn"](told[0].payload, None).text

    def test_what_the_only_acceptor_reported(self, scene: Scene) -> None:
        assert self.vacant(a_case(scene, reporter=scene.acceptor)) == [scene.town.lan, scene.town.qiang]

    @pytest.mark.parametrize(
        ("state", "role"), [(State.FILED, Post.Role.DISPATCHER), (State.REPORTED, Post.Role.ACCEPTOR)]
    )
    def test_a_post_that_nobody_holds(self, scene: Scene, state: Case.State, role: Post.Role) -> None:
        case = brought_to(scene, state)
        Post.objects.filter(role=role).update(until=F("since"))
        assert self.vacant(case) == [scene.town.lan, scene.town.qiang]

    @pytest.mark.parametrize("state", [State.VERIFYING, State.CHECKING])
    def test_somebody_who_was_to_look_and_is_suspended(self, scene: Scene, state: Case.State) -> None:
        case = brought_to(scene, state)
        User.objects.filter(pk=scene.worker.pk).update(is_active=False)
        assert self.vacant(Case.objects.get(pk=case.pk)) == [scene.town.lan, scene.town.qiang]

    @pytest.mark.parametrize("state", Case.ENDED)
    def test_of_what_has_ended_nobody_is_told(self, scene: Scene, state: Case.State) -> None:
        assert dispatching.turn_of(brought_to(scene, state)) == dispatching.Turn()


class TestSuggestions:
    def test_the_department_whose_codes_fit_closest_then_the_territory(self, scene: Scene) -> None:
        town = scene.town
        department(scene, town.school, "E99")
        department(scene, town.enterprise, "E9901")
        department(scene, town.group, "E01")
        case = brought_to(scene, State.FILED)
        assert dispatching.suggested_units(case) == [town.enterprise, town.school, town.chengguan]

    def test_in_a_community_grid_the_community_is_the_territory(self, scene: Scene) -> None:
        case = brought_to(scene, State.FILED, cell=scene.net.cell, road=None, segment=None)
        assert dispatching.suggested_units(case) == [scene.town.yuqi]

    def test_who_gave_back_this_case_stands_last_and_whom_it_named_first(self, scene: Scene) -> None:
        department(scene, scene.town.chengguan, "E9901")
        department(scene, scene.town.yuqi, "E99")
        case = brought_to(scene, State.DISPATCHED)
        case = moving.move(
            case=case, deed=Deed.RETURN, by=scene.unit_person, reason="不是", proposed_unit=scene.town.school
        )
        assert dispatching.suggested_units(case) == [scene.town.school, scene.town.yuqi, scene.town.chengguan]

    def test_who_gave_back_much_of_the_kind_goes_down(self, scene: Scene) -> None:
        department(scene, scene.town.chengguan, "E9901")
        department(scene, scene.town.yuqi, "E99")
        other = brought_to(scene, State.DISPATCHED)
        before = dispatching.suggested_units(brought_to(scene, State.FILED))
        moving.move(case=other, deed=Deed.RETURN, by=scene.unit_person, reason="不是", proposed_unit=scene.town.yuqi)
        after = dispatching.suggested_units(brought_to(scene, State.FILED))
        assert before[:2] == [scene.town.chengguan, scene.town.yuqi]
        assert after[:2] == [scene.town.yuqi, scene.town.chengguan]

    def test_without_a_place_it_is_the_towns(self, scene: Scene) -> None:
        department(scene, scene.town.chengguan, "E99")
        case = brought_to(scene, State.FILED, cell=None, road=None, segment=None)
        assert isinstance(dispatching.suggested_units(case), list)


class TestTurns:
    @pytest.mark.parametrize("state", [state for state in State if state not in Case.ENDED])
    def test_every_open_case_has_an_owner_whom_the_last_step_names(self, scene: Scene, state: Case.State) -> None:
        case = brought_to(scene, state)
        turn = dispatching.turn_of(case)
        assert turn.owner is not None
        assert case.steps.order_by("number").last().to_person == turn.owner

    @pytest.mark.parametrize("state", Case.ENDED)
    def test_an_ended_one_is_nobodys(self, scene: Scene, state: Case.State) -> None:
        assert dispatching.turn_of(brought_to(scene, state)).owner is None

    def test_acceptors_take_turns(self, scene: Scene) -> None:
        post(scene.town, Post.Role.ACCEPTOR, scene.net.town, scene.town.dana)
        first, second = a_case(scene), a_case(scene)
        assert {case.steps.get().to_person for case in (first, second)} == {scene.acceptor, scene.town.dana}

    def test_who_sent_it_out_does_not_have_to_close_it(self, scene: Scene) -> None:
        post(scene.town, Post.Role.ACCEPTOR, scene.net.town, scene.dispatcher)
        for _ in range(2):
            case = brought_to(scene, State.FEEDBACK)
            assert dispatching.turn_of(case).people == (scene.acceptor,)


def test_the_ladder_goes_from_the_unit_to_the_leading_group_and_leaves_out_who_is_not_there(scene: Scene) -> None:
    town = scene.town
    post(town, Post.Role.ROAD_CHIEF, scene.net.road, town.dana, level=3)
    case = brought_to(scene, State.HANDLING)
    assert dispatching.ladder_of(case) == [
        [scene.handler, town.lu, town.admin],
        *([town.bo], [town.dana], [town.lan], [town.qiang]),
    ]
    chains.away(Post.objects.get(role=Post.Role.ZONE_HEAD, person=town.lan))
    assert [town.lan] not in dispatching.ladder_of(case)
