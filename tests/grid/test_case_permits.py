"""What somebody is to a case, which cases one sees, and who learns who reported one."""

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser

from communities import membership
from communities.roles import Role
from grid import permits
from grid.models import Case, Post
from grid.rules.transitions import Actor
from tests.cast import Town
from tests.grid import cases, chains
from tests.grid.cases import Scene, a_case, brought_to
from tests.grid.chains import post
from updates import topics

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

    def test_nor_a_visitor_or_one_who_is_suspended(self, scene: Scene) -> None:
        case = a_case(scene)
        scene.acceptor.is_active = False
        assert not permits.may_see_reporter(scene.acceptor, case)
        assert not permits.may_see_reporter(AnonymousUser(), case)


def test_a_road_is_followed_by_everybody(scene: Scene) -> None:
    assert topics.may_follow(AnonymousUser(), f"road:{scene.net.road.code}")
    assert not topics.may_follow(AnonymousUser(), "road:none")
    assert not topics.may_follow(AnonymousUser(), "case:none")
