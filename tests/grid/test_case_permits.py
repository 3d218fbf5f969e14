"""What somebody is to a case, which cases one sees, and who learns who reported one."""

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from communities import membership
from communities.models import Membership, User
from communities.roles import Role
from grid import permits
from grid.cases import moving
from grid.desk.scopes import scope_of
from grid.models import Case, Post
from grid.rules import dispatching
from grid.rules.transitions import Actor, Deed
from tests.cast import Town
from tests.grid import cases, chains
from tests.grid.cases import Scene, a_case, brought_to
from tests.grid.chains import post
from updates import topics
from updates.models import Message

State = Case.State


@pytest.fixture
def scene(town: Town) -> Scene:
    return cases.set_up(town)


def roles(person: Any, case: Case) -> set[Actor]:
    return set(permits.roles_toward(person, case))


class TestRoles:
    def test_from_posts_from_the_unit_and_from_the_case(self, scene: Scene) -> None:
        case = brought_to(scene, State.HANDLING)
        town = scene.town
        assert {name: roles(person, case) for name, person in town.people.items()} == {
            "admin": set(Actor) - {Actor.CLOCK, Actor.REPORTER},
            "mei": {Actor.ACCEPTOR},
            "yan": {Actor.DISPATCHER},
            "bo": {Actor.INSPECTOR},
            "qiang": {Actor.OVERSEER},
            "lan": {Actor.OVERSEER},
            "chen": {Actor.REPORTER},
            "lu": {Actor.UNIT},
            "zhou": {Actor.NEIGHBOUR},
            "dana": set(),
        }
        assert roles(scene.handler, case) == {Actor.HANDLER}
        assert roles(AnonymousUser(), case) == set()
        assert permits.roles_toward(AnonymousUser(), case, holds_receipt=True) == {Actor.REPORTER}

    def test_of_another_place_nobody_is_anything(self, scene: Scene) -> None:
        case = a_case(scene, cell=scene.net.south, road=chains.a_road("R-9"), segment=None)
        for person in (scene.town.bo, scene.town.lan, scene.town.zhou):
            assert roles(person, case) == set()
        assert roles(scene.acceptor, case) == {Actor.ACCEPTOR}

    def test_a_chief_of_the_other_stretch_has_no_part_in_this_one(self, scene: Scene) -> None:
        post(scene.town, Post.Role.ROAD_CHIEF, scene.net.road, scene.town.dana, level=3, segment=scene.net.second)
        here, there = a_case(scene), a_case(scene, segment=scene.net.second)
        assert roles(scene.town.dana, here) == set()
        assert roles(scene.town.dana, there) == {Actor.INSPECTOR}

    def test_who_stands_in_is_it_while_the_holder_is_away(self, scene: Scene) -> None:
        held = Post.objects.get(role=Post.Role.ACCEPTOR, person=scene.acceptor)
        chains.deputy(held, scene.town.dana)
        case = a_case(scene)
        assert roles(scene.town.dana, case) == set()
        chains.away(held)
        assert roles(scene.town.dana, case) == {Actor.ACCEPTOR}

    def test_an_ended_post_gives_nothing(self, scene: Scene) -> None:
        case = a_case(scene)
        held = Post.objects.get(role=Post.Role.DISPATCHER, person=scene.dispatcher)
        Post.objects.filter(pk=held.pk).update(until=held.since)
        assert roles(scene.dispatcher, case) == set()

    def test_a_handler_who_left_the_unit_or_is_suspended_has_it_in_hand_no_more(self, scene: Scene) -> None:
        of_unit, handler = scene.unit_person, scene.handler
        case, inside = (brought_to(scene, State.HANDLING, is_public=is_public) for is_public in (True, False))
        assert dispatching.turn_of(case).people == (handler,)
        scope = scope_of(handler, timezone.localdate())
        assert set(scope.everything) == {case, inside}

        membership.let_go(person=handler, organisation=scene.unit, by=scene.town.admin)

        case, left = Case.objects.get(pk=case.pk), User.objects.get(pk=handler.pk)
        assert roles(left, case) == set()
        assert moving.allowed(left, case) == []
        assert not permits.may_see(left, inside)
        assert scope_of(left, timezone.localdate()).is_empty
        assert dispatching.turn_of(case).people == (of_unit, scene.town.admin)
        assert left not in dispatching.ladder_of(case)[0]
        moving.move(case=case, deed=Deed.URGE, by=scene.town.lan)
        assert not Message.objects.filter(kind="case_urged", person=left).exists()
        assert Message.objects.filter(kind="case_urged", person=of_unit).exists()

    def test_of_a_suspended_handler_the_unit_has_the_turn(self, scene: Scene) -> None:
        case = brought_to(scene, State.HANDLING)
        User.objects.filter(pk=scene.handler.pk).update(is_active=False)
        assert scene.handler not in dispatching.turn_of(Case.objects.get(pk=case.pk)).people

    def test_a_suspended_person_is_nothing(self, scene: Scene) -> None:
        case = brought_to(scene, State.HANDLING)
        for person in (scene.acceptor, scene.unit_person, scene.handler, scene.town.admin):
            person.is_active = False
            assert roles(person, case) == set()

    def test_it_takes_a_bounded_number_of_queries(self, scene: Scene, django_assert_max_num_queries: Any) -> None:
        case = brought_to(scene, State.HANDLING)
        for number in range(30):
            post(scene.town, Post.Role.MICRO_ROAD_CHIEF, chains.a_road(f"X-{number}"), scene.town.zhou)
        fresh = Case.objects.select_related("road", "unit").get(pk=case.pk)
        with django_assert_max_num_queries(5):
            permits.roles_toward(scene.town.zhou, fresh)


class TestSeeing:
    @pytest.fixture
    def inside(self, scene: Scene) -> dict[str, Case]:
        """Cases that the public does not see, in the north and in the south."""
        south = {"cell": scene.net.south, "road": None, "segment": None}
        return {
            "north": brought_to(scene, State.HANDLING, is_public=False),
            "south": a_case(scene, is_public=False, reporter=scene.town.admin, **south),
            "void": brought_to(scene, State.VOID),
        }

    @pytest.mark.parametrize(
        ("name", "seen"),
        [
            ("admin", {"north", "south", "void"}),
            ("mei", {"north", "south", "void"}),
            ("yan", {"north", "south", "void"}),
            ("qiang", {"north", "south", "void"}),
            ("lan", {"north", "void"}),
            ("bo", {"north", "void"}),
            ("lu", {"north"}),
            ("chen", {"north", "void"}),
            ("zhou", set()),
            ("dana", set()),
        ],
    )
    def test_who_sees_what_is_kept_inside(
        self, scene: Scene, inside: dict[str, Case], name: str, seen: set[str]
    ) -> None:
        public = a_case(scene, reporter=scene.town.qiang)
        person = scene.town.people[name]
        visible = set(permits.cases_to_see(person))
        assert {key for key, case in inside.items() if case in visible} == seen
        assert public in visible
        assert {key for key, case in inside.items() if permits.may_see(person, case)} == seen
        assert {key for key, case in inside.items() if topics.may_follow(person, f"case:{case.number}")} == seen

    def test_a_visitor_sees_public_ones_and_whose_receipt_he_holds(self, scene: Scene, inside: dict[str, Case]) -> None:
        public = a_case(scene)
        assert list(permits.cases_to_see(AnonymousUser())) == [public]
        assert permits.may_see(AnonymousUser(), inside["north"], holds_receipt=True)
        assert not topics.may_follow(AnonymousUser(), f"case:{inside['north'].number}")

    def test_the_handler_and_the_road_chief_see_it(self, scene: Scene, inside: dict[str, Case]) -> None:
        assert permits.may_see(scene.handler, inside["north"])
        post(scene.town, Post.Role.ROAD_CHIEF, scene.net.road, scene.town.dana, level=1)
        assert permits.may_see(scene.town.dana, inside["north"])
        assert not permits.may_see(scene.town.dana, inside["south"])

    @pytest.mark.parametrize("rows", [1, 3, 30])
    def test_queries_do_not_grow_with_the_cases(self, scene: Scene, rows: int, django_assert_num_queries: Any) -> None:
        for _ in range(rows):
            a_case(scene)
        with django_assert_num_queries(4):
            assert len(permits.cases_to_see(scene.town.lan)) == rows


class TestWhoReported:
    def who_may(self, scene: Scene, case: Case) -> set[str]:
        return {name for name, person in scene.town.people.items() if permits.may_see_reporter(person, case)}

    def test_who_takes_in_sends_out_and_supervises_and_nobody_else(self, scene: Scene) -> None:
        post(scene.town, Post.Role.SUPERVISOR, scene.net.town, scene.town.dana)
        assert self.who_may(scene, a_case(scene)) == {"mei", "yan", "dana", "admin"}

    def test_never_the_unit_it_was_sent_to_whatever_post_somebody_holds(self, scene: Scene) -> None:
        town = scene.town
        post(town, Post.Role.SUPERVISOR, scene.net.town, town.lu)
        case = brought_to(scene, State.HANDLING)
        # admin coordinates the unit, lu answers there.
        assert self.who_may(scene, case) == {"mei", "yan"}
        membership.join(person=town.yan, organisation=town.chengguan, role=Role.MEMBER, by=town.admin)
        assert self.who_may(scene, case) == {"mei"}

    def test_nor_the_handler_who_has_left_the_unit(self, scene: Scene) -> None:
        case = brought_to(scene, State.HANDLING)
        post(scene.town, Post.Role.ACCEPTOR, scene.net.town, scene.handler)
        Case.objects.filter(pk=case.pk).update(unit=scene.town.school)
        assert not permits.may_see_reporter(scene.handler, Case.objects.get(pk=case.pk))
        assert permits.may_see_reporter(scene.handler, a_case(scene))

    def test_nor_through_a_case_that_was_joined_to_it(self, scene: Scene) -> None:
        mei, town = scene.acceptor, scene.town
        membership.join(person=mei, organisation=scene.unit, role=Role.MEMBER, by=town.admin)
        handled, joined, other = brought_to(scene, State.HANDLING), a_case(scene), a_case(scene)
        joined = moving.move(case=joined, deed=Deed.MERGE, by=mei, into=handled)
        assert self.who_may(scene, joined) == {"yan"}
        assert permits.may_see_reporter(mei, other)

    def test_nor_of_a_whole_of_which_the_unit_has_a_part(self, scene: Scene) -> None:
        post(scene.town, Post.Role.SUPERVISOR, scene.net.town, scene.unit_person)
        whole = brought_to(scene, State.FILED)
        assert permits.may_see_reporter(scene.unit_person, whole)
        whole = moving.move(case=whole, deed=Deed.SPLIT, by=scene.dispatcher, units=[scene.unit])
        assert not permits.may_see_reporter(scene.unit_person, whole)
        whole = moving.move(case=whole, deed=Deed.DISPATCH, by=scene.dispatcher, unit=scene.town.yuqi)
        assert not permits.may_see_reporter(scene.unit_person, whole)
        duplicate = moving.move(case=a_case(scene), deed=Deed.MERGE, by=scene.acceptor, into=whole)
        assert not permits.may_see_reporter(scene.unit_person, duplicate)

    def test_nor_a_unit_that_gave_it_back_or_somebody_who_had_it_in_hand(self, scene: Scene) -> None:
        for person in (scene.unit_person, scene.handler):
            post(scene.town, Post.Role.SUPERVISOR, scene.net.town, person)
        returned = brought_to(scene, State.DISPATCHED)
        returned = moving.move(
            case=returned, deed=Deed.RETURN, by=scene.unit_person, reason="x", proposed_unit=scene.town.yuqi
        )
        assert not permits.may_see_reporter(scene.unit_person, returned)
        passed_on = brought_to(scene, State.HANDLING)
        moving.move(case=passed_on, deed=Deed.ASSIGN, by=scene.unit_person, person=scene.unit_person)
        Membership.objects.filter(person=scene.handler).update(ended_at=timezone.now())
        assert not permits.may_see_reporter(scene.handler, Case.objects.get(pk=passed_on.pk))
        assert permits.may_see_reporter(scene.handler, a_case(scene))

    def test_nor_a_visitor_or_one_who_is_suspended(self, scene: Scene) -> None:
        case = a_case(scene)
        scene.acceptor.is_active = False
        assert not permits.may_see_reporter(scene.acceptor, case)
        assert not permits.may_see_reporter(AnonymousUser(), case)


def test_a_road_is_followed_by_everybody(scene: Scene) -> None:
    assert topics.may_follow(AnonymousUser(), f"road:{scene.net.road.code}")
    assert not topics.may_follow(AnonymousUser(), "road:none")
    assert not topics.may_follow(AnonymousUser(), "case:none")
