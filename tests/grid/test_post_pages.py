"""The pages on which posts are filled and held, without script."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from communities.models import User
from grid.models import Absence, Post, TeamMember
from tests.cast import Town
from tests.grid import chains
from tests.grid.chains import Net

Role = Post.Role


@pytest.fixture
def net(town: Town) -> Net:
    return chains.lay(town)


@pytest.fixture
def admin(town: Town, client: Client) -> Client:
    client.force_login(town.admin)
    return client


def day(days: int = 0) -> str:
    return (timezone.localdate() + timedelta(days=days)).isoformat()


class TestAppointing:
    def form(self, **changes: str) -> dict[str, str]:
        return {"role": "cell_worker", "place": "N-1", "person": "lu", "since": day(), "level": "", **changes}

    def post(self, client: Client, **changes: str) -> Any:
        return client.post(reverse("grid:appoint"), self.form(**changes))

    @pytest.mark.parametrize(("place", "person"), [("N-1", "lu"), ("区N-1", "陆平"), ("区N-1", "10000000008")])
    def test_place_and_person_are_found_by_what_they_are_called(
        self, place: str, person: str, town: Town, net: Net, admin: Client
    ) -> None:
        answer = self.post(admin, place=place, person=person)
        made = Post.objects.get(area=net.cell)
        assert (answer.status_code, answer.headers["Location"]) == (302, reverse("grid:post", args=[made.pk]))
        assert made.person == town.lu

    def test_where_several_are_called_so_one_is_chosen_and_nothing_is_lost(
        self, town: Town, net: Net, admin: Client
    ) -> None:
        User.objects.filter(username__in=["neighbour01", "neighbour02"]).update(display_name="王伟")
        first = self.post(admin, person="王伟", duty_phone="83880001")
        page = first.content.decode()
        chosen = User.objects.get(username="neighbour02")
        assert first.status_code == 422
        assert "neighbour01" in page
        assert f'value="{chosen.pk}"' in page
        assert "83880001" in page
        again = self.post(admin, person="王伟", duty_phone="83880001", person_pick=str(chosen.pk))
        assert again.status_code == 302
        assert Post.objects.get(area=net.cell).person == chosen

    def test_a_part_of_the_name_offers_the_places_that_fit_the_role(self, town: Town, net: Net, admin: Client) -> None:
        page = self.post(admin, place="-1").content.decode()
        assert f"area-{net.cell.pk}" in page
        assert f"area-{net.street_cell.pk}" in page
        assert f"area-{net.north.pk}" not in page
        answer = self.post(admin, place="-1", place_pick=f"area-{net.street_cell.pk}")
        assert answer.status_code == 302
        assert Post.objects.filter(area=net.street_cell).exists()

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"place": "Nowhere"}, "place"),
            ({"person": "Nobody"}, "person"),
            ({"person": ""}, "person"),
            ({"since": "2026-02-31"}, "since"),
            ({"since": "1999-01-01"}, "since"),
            ({"until": "1999-01-01"}, "until"),
            ({"role": "king"}, "role"),
            ({"role": "road_chief", "place": "R-1"}, "level"),
            ({"role": "road_chief", "place": "R-1", "level": "3", "stretch": "9"}, "stretch"),
            ({"role": "line_department", "person": ""}, "organisation"),
            ({"organisation": "99999999999999999999"}, "organisation"),
            ({"duty_phone": "x"}, "duty_phone"),
            ({"stretch": "99999999999999999999"}, "stretch"),
        ],
    )
    def test_bad_input_gets_its_sentence_beside_its_field(
        self, changes: dict[str, str], field: str, town: Town, net: Net, admin: Client
    ) -> None:
        answer = self.post(admin, **changes)
        assert answer.status_code == 422
        assert field in answer.context["form"].errors
        assert not Post.objects.filter(area=net.cell).exists()

    def test_a_taken_post_is_409_with_the_name(self, town: Town, net: Net, admin: Client) -> None:
        chains.post(town, Role.CELL_WORKER, net.cell, town.chen)
        answer = self.post(admin)
        assert answer.status_code == 409
        assert town.chen.name in answer.content.decode()

    def test_the_head_of_a_zone_is_offered_grid_workers_only(self, town: Town, net: Net, client: Client) -> None:
        chains.post(town, Role.ZONE_HEAD, net.north, town.yan)
        client.force_login(town.yan)
        assert [
            value for value, _label in client.get(reverse("grid:appoint")).context["form"].fields["role"].choices
        ] == ["cell_worker"]
        assert self.post(client).status_code == 302
        assert self.post(client, role="zone_head", place="0-YQ-S").status_code == 422


class TestTheList:
    def test_filters_by_role_place_and_person(self, town: Town, net: Net, admin: Client) -> None:
        cell = chains.post(town, Role.CELL_WORKER, net.cell, town.lu)
        over = chains.post(town, Role.CELL_WORKER, net.street_cell, town.lu, until=timezone.localdate())
        chief = chains.post(town, Role.ROAD_CHIEF, net.road, town.chen, level=3)

        def found(**asked: str) -> set[Post]:
            return {line.post for line in admin.get(reverse("grid:posts"), asked).context["lines"]}

        assert found() == {cell, chief}
        assert found(when="all") == {cell, over, chief}
        assert found(role="road_chief") == {chief}
        assert found(place="示范路") == {chief}
        assert found(place="n-1") == {cell}
        assert found(who="陆平") == {cell}
        assert found(role="x", page="99999999999999999999") == {cell, chief}

    def test_the_head_of_a_zone_sees_the_grid_workers_of_its_cells(self, town: Town, net: Net, client: Client) -> None:
        chains.post(town, Role.ZONE_HEAD, net.south, town.yan)
        chains.post(town, Role.CELL_WORKER, net.cell, town.lu)
        client.force_login(town.yan)
        assert client.get(reverse("grid:posts")).context["lines"] == []
        Post.objects.filter(area=net.south).update(area=net.north)
        assert len(client.get(reverse("grid:posts")).context["lines"]) == 1

    def test_it_costs_the_same_at_any_length(
        self, town: Town, net: Net, admin: Client, django_assert_max_num_queries: Any
    ) -> None:
        for rows in (1, 2, 27):
            for _number in range(rows):
                held = chains.post(town, Role.MICRO_ROAD_CHIEF, net.road, town.zhou, segment=net.first)
                chains.deputy(held, town.chen)
                chains.away(held)
            with django_assert_max_num_queries(14):
                admin.get(reverse("grid:posts"))


class TestOnePost:
    def test_it_is_handed_over_ended_and_stood_in_for(self, town: Town, net: Net, admin: Client) -> None:
        held = chains.post(town, Role.CELL_WORKER, net.cell, town.lu)
        own = [held.pk]
        assert admin.post(reverse("grid:deputy", args=own), {"person": "chen"}).status_code == 302
        away = {"since": day(), "until": day(3)}
        assert admin.post(reverse("grid:absence", args=own), away).status_code == 302
        page = admin.get(reverse("grid:post", args=own)).content.decode()
        assert town.chen.name in page
        admin.post(reverse("grid:come_back", args=[Absence.objects.get().pk]))
        assert not Absence.objects.exists()
        admin.post(reverse("grid:dismiss_deputy", args=own))
        assert not held.deputies.filter(until=None).exists()
        admin.post(reverse("grid:duty_phone", args=own), {"duty_phone": "12345"})
        handed = admin.post(
            reverse("grid:hand_over", args=own),
            {"person": "chen", "since": day(1), "handover": "钥匙", "duty_phone": "12345"},
        )
        new = Post.objects.get(follows=held)
        assert handed.headers["Location"] == reverse("grid:post", args=[new.pk])
        assert (new.person, new.duty_phone, new.handover) == (town.chen, "12345", "钥匙")
        assert admin.post(reverse("grid:relieve", args=[new.pk]), {"until": day(9)}).status_code == 302
        assert admin.post(reverse("grid:relieve", args=[new.pk]), {"until": ""}).status_code == 422

    def test_it_is_there_for_those_who_fill_it(self, town: Town, net: Net, client: Client) -> None:
        held = chains.post(town, Role.CELL_WORKER, net.cell, town.lu, handover="geheime-uebergabe")
        chains.post(town, Role.ZONE_HEAD, net.south, town.dana)
        for who in ("lu", "dana", "mei"):
            client.force_login(town.people[who])
            for name in ("post", "hand_over", "relieve", "deputy", "duty_phone"):
                assert client.get(reverse(f"grid:{name}", args=[held.pk])).status_code == 404


class TestMyPlaces:
    def test_a_holder_reads_what_is_left_to_know_and_tells_an_absence_for_all_places(
        self, town: Town, net: Net, client: Client
    ) -> None:
        for place in (net.cell, net.street_cell):
            held = chains.post(town, Role.CELL_WORKER, place, town.lu, handover=f"Notiz {place.code}")
            chains.deputy(held, town.chen)
        client.force_login(town.lu)
        page = client.get(reverse("grid:my_places")).content.decode()
        assert all(f"Notiz {place.code}" in page for place in (net.cell, net.street_cell))
        assert client.post(reverse("grid:away"), {"since": day(), "until": day()}).status_code == 422
        assert client.post(reverse("grid:away"), {"since": day(), "until": day(2)}).status_code == 302
        assert Absence.objects.count() == 2
        client.force_login(town.chen)
        standing = client.get(reverse("grid:my_places")).context["face"].standing_in
        assert [each.now for each in standing] == [True, True]
        client.force_login(town.lu)
        client.post(reverse("grid:there_again"))
        assert not Absence.objects.exists()

    def test_other_peoples_absences_are_not_there(self, town: Town, net: Net, client: Client) -> None:
        held = chains.post(town, Role.CELL_WORKER, net.cell, town.lu)
        told = chains.away(held)
        client.force_login(town.chen)
        assert client.get(reverse("grid:absence", args=[held.pk])).status_code == 404
        assert client.post(reverse("grid:come_back", args=[told.pk])).status_code == 404
        assert Absence.objects.filter(pk=told.pk).exists()

    def test_the_way_there_stands_on_ones_own_page_for_holders(self, town: Town, net: Net, client: Client) -> None:
        chains.post(town, Role.CELL_WORKER, net.cell, town.lu)
        for who, sees in (("lu", True), ("dana", False)):
            client.force_login(town.people[who])
            assert (reverse("grid:my_places") in client.get("/me/").content.decode()) is sees

    def test_it_costs_the_same_however_many_places(
        self, town: Town, net: Net, client: Client, django_assert_max_num_queries: Any
    ) -> None:
        client.force_login(town.lu)
        for rows in (1, 2, 27):
            for _number in range(rows):
                held = chains.post(town, Role.MICRO_ROAD_CHIEF, net.road, town.lu, segment=net.first)
                chains.deputy(held, town.chen)
                chains.deputy(chains.post(town, Role.LEADING_GROUP, net.town, town.mei), town.lu)
                chains.away(held)
            with django_assert_max_num_queries(26):
                client.get(reverse("grid:my_places"))


class TestTheTeam:
    def test_the_operator_takes_in_and_lets_go(self, town: Town, net: Net, admin: Client) -> None:
        assert admin.post(reverse("grid:team"), {"person": "lu"}).status_code == 302
        assert admin.post(reverse("grid:team"), {"person": "lu"}).status_code == 302
        member = TeamMember.objects.get(person=town.lu)
        assert member.pk in admin.get(reverse("grid:team")).context["without"]
        admin.post(reverse("grid:let_go_of_team", args=[member.pk]))
        assert list(admin.get(reverse("grid:team")).context["page"]) == []

    def test_it_is_nobody_elses(self, town: Town, net: Net, client: Client) -> None:
        chains.post(town, Role.ZONE_HEAD, net.north, town.yan)
        client.force_login(town.yan)
        assert client.get(reverse("grid:team")).status_code == 404
