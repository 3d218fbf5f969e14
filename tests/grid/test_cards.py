"""Responsibility cards in versions, and the boards that everybody reads: names and duty phones, nothing private."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from communities import short_codes
from communities.short_codes import Thing
from grid.chain import cards
from grid.chain.places import Place
from grid.models import Area, Card, Post, Road
from kit.refusals import Refused
from tests.cast import Town
from tests.grid import chains
from tests.grid.chains import Net

Role = Post.Role
WORDS = {"extent": "从东到西", "duty": "环境卫生", "task": "每天一遍", "reward": "geheime-praemie"}


@pytest.fixture
def net(town: Town) -> Net:
    return chains.lay(town)


def issue(town: Town, place: Place, **changes: Any) -> Card:
    return cards.issue(**{"place": place, "by": town.admin, **WORDS, **changes})


class TestVersions:
    def test_each_change_is_a_version_and_none_is_rewritten(self, town: Town, net: Net) -> None:
        first = issue(town, net.cell)
        again = issue(town, net.cell)
        second = issue(town, net.cell, duty="还有绿化")
        assert (first.version, again.pk, second.version) == (1, first.pk, 2)
        first.refresh_from_db()
        assert first.duty == "环境卫生"
        assert [card.version for card in cards.versions_of(net.cell)] == [2, 1]
        assert issue(town, net.road).version == 1

    def test_an_old_version_has_the_people_of_its_day(self, town: Town, net: Net) -> None:
        day = timezone.localdate()
        old = chains.post(town, Role.CELL_WORKER, net.cell, town.chen, until=day - timedelta(days=5))
        chains.post(town, Role.CELL_WORKER, net.cell, town.lu, since=old.until)
        first = issue(town, net.cell)
        Card.objects.filter(pk=first.pk).update(issued_at=timezone.now() - timedelta(days=10))
        issue(town, net.cell, duty="还有绿化")
        workers = {}
        for version in (1, None):
            shown = cards.card_of(net.cell, version)
            assert shown is not None
            assert shown.chain.cell_worker is not None
            workers[version] = shown.chain.cell_worker.person
        assert workers == {1: town.chen, None: town.lu}

    @pytest.mark.parametrize(
        ("code", "changes"), [("duty_missing", {"duty": " "}), ("reward_too_long", {"reward": "长" * 601})]
    )
    def test_every_field_is_said(self, code: str, changes: dict[str, str], town: Town, net: Net) -> None:
        with pytest.raises(Refused) as caught:
            issue(town, net.cell, **changes)
        assert (caught.value.code, caught.value.status) == (code, 422)

    def test_the_head_of_the_zone_issues_those_of_cells_only(self, town: Town, net: Net) -> None:
        chains.post(town, Role.ZONE_HEAD, net.north, town.yan)
        issue(town, net.cell, by=town.yan)
        for place, by in ((net.road, town.yan), (net.north, town.yan), (net.cell, town.lu)):
            with pytest.raises(Refused) as caught:
                issue(town, place, by=by)
            assert caught.value.status == 403


class TestPages:
    def test_the_reward_is_read_by_those_who_answer_and_those_above(self, town: Town, net: Net, client: Client) -> None:
        issue(town, net.cell)
        chains.post(town, Role.CELL_WORKER, net.cell, town.lu)
        chains.post(town, Role.ZONE_HEAD, net.north, town.yan)
        chains.post(town, Role.ZONE_HEAD, net.south, town.dana)
        chains.post(town, Role.MICRO_ROAD_CHIEF, net.road, town.zhou)
        address = reverse("grid:area_card", args=[net.cell.code])
        read = {None: WORDS["reward"] in client.get(address).content.decode()}
        for who in ("lu", "yan", "admin", "dana", "zhou", "mei"):
            client.force_login(town.people[who])
            answer = client.get(address)
            read[who] = WORDS["reward"] in answer.content.decode()
            assert WORDS["duty"] in answer.content.decode()
        assert read == {None: False, "lu": True, "yan": True, "admin": True, "dana": False, "zhou": False, "mei": False}

    def test_a_board_says_names_and_duty_phones_and_nobodys_own_number(
        self, town: Town, net: Net, client: Client
    ) -> None:
        held = chains.post(town, Role.ROAD_CHIEF, net.road, town.lu, level=3, duty_phone="0510-83880001")
        chains.post(town, Role.MICRO_ROAD_CHIEF, net.road, town.zhou)
        chains.deputy(held, town.chen)
        chains.away(held)
        issue(town, net.road)
        page = client.get(reverse("grid:road_board", args=[net.road.code])).content.decode()
        for said in (net.road.name, town.lu.name, "0510-83880001", town.chen.name, WORDS["duty"]):
            assert said in page
        assert short_codes.path_of(Thing.ROAD, net.road.pk) in page
        for kept in (
            WORDS["reward"],
            town.zhou.name,
            *(number.removeprefix("+86") for number in (town.lu.phone or "", town.chen.phone or "")),
        ):
            assert kept not in page

    @pytest.mark.parametrize("rows", [1, 3, 30])
    def test_a_board_costs_the_same_however_many_answer(
        self, rows: int, town: Town, net: Net, client: Client, django_assert_max_num_queries: Any
    ) -> None:
        for neighbour in list(town.neighbours())[:3] * max(1, rows // 3):
            chains.post(town, Role.LEADING_GROUP, net.town, neighbour, organisation=town.yuqi)
            chains.post(town, Role.MICRO_ROAD_CHIEF, net.road, neighbour)
        with django_assert_max_num_queries(14):
            client.get(reverse("grid:road_board", args=[net.road.code]))

    def test_versions_are_opened_by_their_number(self, town: Town, net: Net, client: Client) -> None:
        issue(town, net.road)
        issue(town, net.road, duty="还有绿化")
        address = reverse("grid:road_card", args=[net.road.code])
        assert "还有绿化" not in client.get(f"{address}?version=1").content.decode()
        assert "还有绿化" in client.get(address).content.decode()
        assert client.get(f"{address}?version=3").status_code == 404
        assert "还有绿化" in client.get(f"{address}?version=x").content.decode()

    def test_issuing_by_the_form(self, town: Town, net: Net, client: Client) -> None:
        address = reverse("grid:issue_area_card", args=[net.cell.code])
        client.force_login(town.lu)
        assert client.post(address, WORDS).status_code == 404
        client.force_login(town.admin)
        refused = client.post(address, {**WORDS, "task": ""})
        assert refused.status_code == 422
        assert WORDS["reward"] in refused.content.decode(), "nothing that was typed is lost"
        assert client.post(address, WORDS).status_code == 302
        assert cards.versions_of(net.cell).count() == 1


@pytest.mark.parametrize(("thing", "way"), [(Thing.ROAD, "grid:road"), (Thing.CELL, "grid:area")])
def test_short_addresses_lead_to_roads_and_areas_that_stand(
    thing: Thing, way: str, town: Town, net: Net, client: Client
) -> None:
    place: Place = net.road if thing == Thing.ROAD else net.cell
    answer = client.get(short_codes.path_of(thing, place.pk))
    assert (answer.status_code, answer.headers["Location"]) == (302, reverse(way, args=[place.code]))
    model = Road if thing == Thing.ROAD else Area
    model.objects.filter(pk=place.pk).update(until=timezone.localdate())
    assert client.get(short_codes.path_of(thing, place.pk)).status_code == 404
