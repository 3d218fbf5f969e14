"""People in every cell, everybody on a cell, every matter in a cell: each planted gap is found, and nothing else."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from communities.models import User
from grid.chain import integrity
from grid.chain.integrity import Numbers
from grid.models import Area, Case, Post, Road, TeamMember
from tests import reading
from tests.cast import Town
from tests.grid import chains
from tests.grid.chains import Net

Role = Post.Role


@pytest.fixture
def net(town: Town) -> Net:
    """All three numbers are zero on this net; the demo town's own is not there."""
    Area.objects.update(until=timezone.localdate())
    Road.objects.update(until=timezone.localdate())
    laid = chains.lay(town)
    chains.post(town, Role.ZONE_HEAD, laid.north, town.yan)
    chains.post(town, Role.ZONE_HEAD, laid.south, town.mei)
    chains.post(town, Role.CELL_WORKER, laid.cell, town.lu)
    chains.post(town, Role.CELL_WORKER, laid.street_cell, town.lu)
    chains.post(town, Role.ROAD_CHIEF, laid.road, town.bo, level=1)
    member(town, town.lu)
    a_case(cell=laid.cell)
    return laid


def member(town: Town, person: User) -> TeamMember:
    return TeamMember.objects.create(person=person, since=chains.long_ago(), taken_in_by=town.admin)


def a_case(**fields: Any) -> Case:
    number = Case.objects.count() + 1
    described = {"number": f"YQ{number:08}", "receipt": f"{number}", "reported_at": timezone.now(), **fields}
    return Case.objects.create(**described)


def numbers() -> Numbers:
    return integrity.numbers(timezone.localdate())


def empty() -> list[tuple[str, str]]:
    return [(each.place.code, each.role) for each in integrity.empty_places(timezone.localdate())]


def test_where_nothing_is_missing_all_three_are_zero(net: Net) -> None:
    assert numbers() == Numbers(0, 0, 0)
    assert numbers().are_zero


class TestPlaces:
    @pytest.mark.parametrize(
        ("role", "code"),
        [(Role.CELL_WORKER, "N-1"), (Role.ZONE_HEAD, "0-YQ-S"), (Role.ROAD_CHIEF, "R-1")],
    )
    def test_a_term_that_ended_yesterday_leaves_a_gap(self, role: Role, code: str, town: Town, net: Net) -> None:
        posts = Post.objects.filter(role=role)
        held = posts.filter(area__code=code) | posts.filter(road__code=code)
        held.update(until=timezone.localdate())
        assert empty() == [(code, role)]

    def test_a_holder_who_is_away_without_a_deputy(self, town: Town, net: Net) -> None:
        held = Post.objects.get(area=net.cell)
        chains.away(held)
        (gap,) = integrity.empty_places(timezone.localdate())
        assert (gap.place, gap.held) == (net.cell, held)
        chains.deputy(held, town.chen)
        assert numbers() == Numbers(0, 0, 0)

    def test_a_suspended_holder(self, town: Town, net: Net) -> None:
        User.objects.filter(pk=town.bo.pk).update(is_active=False)
        assert empty() == [("R-1", Role.ROAD_CHIEF)]

    def test_what_was_founded_today(self, town: Town, net: Net) -> None:
        day = timezone.localdate()
        chains.a_road("R-9", since=day)
        chains.a_road("R-8", since=day + timedelta(days=1))
        box = (121.3, 31.7, 121.4, 31.8)
        chains.area(town, "N-9", Area.Level.CELL, net.community, box, kind=Area.Kind.COMMUNITY, since=day)
        assert empty() == [("N-9", Role.CELL_WORKER), ("R-9", Role.ROAD_CHIEF)]

    def test_a_micro_road_chief_is_no_chief(self, town: Town, net: Net) -> None:
        chains.post(town, Role.MICRO_ROAD_CHIEF, chains.a_road("R-9"), town.zhou)
        assert empty() == [("R-9", Role.ROAD_CHIEF)]

    def test_chiefs_of_all_stretches_are_a_chief_of_the_road(self, town: Town, net: Net) -> None:
        Post.objects.filter(road=net.road).update(until=timezone.localdate())
        chains.post(town, Role.ROAD_CHIEF, net.road, town.bo, level=3, segment=net.first)
        assert empty() == [("R-1", Role.ROAD_CHIEF)]
        chains.post(town, Role.ROAD_CHIEF, net.road, town.lan, level=3, segment=net.second)
        assert empty() == []

    def test_grids_and_the_town_need_nobody_of_their_own(self, town: Town, net: Net) -> None:
        assert not {code for code, _role in empty()} & {"N", "S", "0-YQ"}


class TestPeople:
    def test_one_whose_post_begins_tomorrow(self, town: Town, net: Net) -> None:
        held = member(town, town.chen)
        chains.post(town, Role.MICRO_ROAD_CHIEF, net.road, town.chen, since=timezone.localdate() + timedelta(days=1))
        assert list(integrity.people_without_a_place(timezone.localdate())) == [held]
        assert list(integrity.people_without_a_place(timezone.localdate() + timedelta(days=1))) == []

    def test_a_desk_and_a_deputyship_are_no_place(self, town: Town, net: Net) -> None:
        held = member(town, town.chen)
        chains.post(town, Role.ACCEPTOR, net.town, town.chen)
        chains.deputy(Post.objects.get(area=net.cell), town.chen)
        assert list(integrity.people_without_a_place(timezone.localdate())) == [held]

    def test_a_post_at_a_place_that_stands_no_more_is_none(self, town: Town, net: Net) -> None:
        held = member(town, town.chen)
        gone = chains.a_road("R-9", until=timezone.localdate())
        chains.post(town, Role.ROAD_CHIEF, gone, town.chen, level=3)
        assert list(integrity.people_without_a_place(timezone.localdate())) == [held]

    def test_who_left_the_team_needs_none(self, town: Town, net: Net) -> None:
        TeamMember.objects.filter(pk=member(town, town.chen).pk).update(until=timezone.localdate())
        assert numbers().people == 0


class TestCases:
    def test_one_outside_every_cell_and_one_in_a_cell_that_is_gone(self, town: Town, net: Net) -> None:
        outside = a_case()
        gone = a_case(cell=chains.area(
            town, "N-9", Area.Level.CELL, net.community, (121.3, 31.7, 121.4, 31.8), kind=Area.Kind.COMMUNITY,
            until=timezone.localdate(),
        ))  # fmt: skip
        a_case(state=Case.State.VOID)
        assert list(integrity.cases_without_a_cell(timezone.localdate())) == [outside, gone]


class TestTheBoard:
    def test_each_number_opens_its_list_and_each_row_says_how_it_is_mended(
        self, town: Town, net: Net, client: Client
    ) -> None:
        Post.objects.filter(area=net.cell).update(until=timezone.localdate())
        chains.away(Post.objects.get(area=net.street_cell))
        member(town, town.chen)
        outside = a_case(description="geheime-beschreibung", address="geheime-adresse")
        client.force_login(town.admin)
        page = {
            name: client.get(f"/grid/integrity/?list={name}").content.decode() for name in ("places", "people", "cases")
        }
        assert f"{reverse('grid:appoint')}?role=cell_worker&amp;place=N-1" in page["places"]
        assert reverse("grid:deputy", args=[Post.objects.get(area=net.street_cell).pk]) in page["places"]
        assert f"{reverse('grid:appoint')}?role=cell_worker&amp;person=chen" in page["people"]
        assert outside.number in page["cases"]
        assert "geheime" not in page["cases"]

    def test_it_is_there_for_whoever_holds_a_post_and_mending_for_whoever_may(
        self, town: Town, net: Net, client: Client
    ) -> None:
        Post.objects.filter(area=net.cell).update(until=timezone.localdate())
        Post.objects.filter(area=net.south).update(until=timezone.localdate())
        seen: dict[str, tuple[int, bool]] = {}
        for who in ("dana", "lu", "yan", "admin"):
            client.force_login(town.people[who])
            answer = client.get("/grid/integrity/")
            seen[who] = (answer.status_code, "place=N-1" in answer.content.decode())
        assert seen == {"dana": (404, False), "lu": (200, False), "yan": (200, True), "admin": (200, True)}

    def test_a_case_is_opened_by_whoever_may_see_it(self, town: Town, net: Net, client: Client) -> None:
        public, hidden = a_case(), a_case(is_public=False)
        opened: dict[str, dict[str, str | None]] = {}
        for who in ("lu", "admin"):
            client.force_login(town.people[who])
            rows = reading.page(client.get("/grid/integrity/?list=cases")).select(".members li")
            links = {reading.words(row.select_one(".nowrap")): row.select_one("a.nowrap") for row in rows}
            opened[who] = {number: str(link["href"]) if link else None for number, link in links.items()}
            assert all(client.get(address).status_code == 200 for address in opened[who].values() if address)
        assert opened == {
            "lu": {public.number: f"/cases/{public.number}/", hidden.number: None},
            "admin": {each.number: f"/cases/desk/{each.number}/" for each in (public, hidden)},
        }

    @pytest.mark.parametrize("which", ["places", "people", "cases"])
    def test_it_costs_the_same_at_any_length(
        self, which: str, town: Town, net: Net, client: Client, django_assert_max_num_queries: Any
    ) -> None:
        client.force_login(town.yan)
        made = 0
        for rows in (1, 3, 29):
            for neighbour in list(town.neighbours())[made:rows]:
                member(town, neighbour)
            for number in range(made, rows):
                chains.a_road(f"R-2{number}", grid=net.street)
                a_case()
            made = rows
            with django_assert_max_num_queries(26):
                client.get(f"/grid/integrity/?list={which}")
