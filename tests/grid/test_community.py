"""A problem on a street front lies in its community too: there it is found, read and followed, and gives nobody a right."""

import uuid
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from grid import permits
from grid.cases import moving, reporting
from grid.chain import directory
from grid.models import Area, Boundary, Case, Post
from grid.net import locating
from grid.reports.placing import Spot
from grid.rules.transitions import Deed
from grid.telling import subscribing
from grid.telling.subscribing import Thing, What
from tests import reading
from tests.cast import Town
from tests.grid.cases import Scene, a_case, set_up
from tests.grid.chains import IN_CELL, IN_SOUTH, ON_ROAD, post
from tests.grid.test_locating import TODAY, Ground, at
from updates.models import Message


@pytest.fixture
def scene(town: Town) -> Scene:
    return set_up(town)


def report(position: tuple[float, float], **told: Any) -> Case:
    spot = Spot(position=position)
    return reporting.report(request_key=uuid.uuid4(), spot=spot, description="一堆垃圾", source="10.0.0.1", **told).case


# --- where it lies -------------------------------------------------------------------------------------------------------


class TestThePlace:
    def test_on_a_street_front_it_is_the_community_around_and_nobody_of_the_chain(self, town: Town) -> None:
        ground = Ground(town.admin)
        strip = (0, 0.004, 0.02, 0.006)
        street = ground.area("900R01", Area.Level.GRID, ground.zone, strip, Area.Kind.STREET)
        ground.area("900R0101", Area.Level.CELL, street, strip, Area.Kind.STREET)
        place = locating.place_at(at(0.015, 0.005), on=TODAY)
        assert (place.grid, place.community) == (street, ground.grid)
        assert ground.grid not in place.areas
        inside = locating.place_at(at(0.015, 0.002), on=TODAY)
        assert inside.grid == inside.community == ground.grid

    def test_where_no_cell_of_it_lies_its_own_outline_tells(self, town: Town) -> None:
        ground = Ground(town.admin)
        Boundary.objects.filter(area__in=[ground.west, ground.east]).delete()
        assert locating.place_at(at(0.004, 0.002), on=TODAY).community == ground.grid
        assert locating.place_at(at(0.5, 0.5), on=TODAY).community is None

    def test_it_costs_what_it_cost(self, scene: Scene) -> None:
        asked = []
        for position in (IN_CELL, ON_ROAD):
            with CaptureQueriesContext(connection) as queries:
                locating.place_at(position, on=timezone.localdate())
            asked.append(len(queries))
        assert asked == [2, 2]


# --- the case ------------------------------------------------------------------------------------------------------------


class TestTheCase:
    @pytest.mark.parametrize("position", [ON_ROAD, IN_CELL])
    def test_a_report_knows_it(self, scene: Scene, position: tuple[float, float]) -> None:
        case = report(position)
        assert case.community == scene.net.community
        assert case.cell in (scene.net.street_cell, scene.net.cell)

    def test_where_there_is_none_it_has_none(self, scene: Scene) -> None:
        assert report(IN_SOUTH).community is None

    def test_a_corrected_place_brings_its_own(self, scene: Scene) -> None:
        def corrected(case: Case, **given: Any) -> Case:
            return moving.move(case=case, deed=Deed.CORRECT, by=scene.acceptor, **given)

        case = corrected(report(IN_SOUTH), longitude=ON_ROAD[0], latitude=ON_ROAD[1])
        assert case.community == scene.net.community
        assert corrected(case, longitude=IN_SOUTH[0], latitude=IN_SOUTH[1]).community is None
        assert corrected(case, cell=scene.net.cell).community == scene.net.community
        assert corrected(case, cell=scene.net.street_cell).community == scene.net.community

    def test_a_part_of_it_lies_where_the_whole_lies(self, scene: Scene) -> None:
        case = report(ON_ROAD)
        moving.move(case=case, deed=Deed.FILE, by=scene.acceptor, standard=scene.standard)
        moving.move(case=case, deed=Deed.SPLIT, by=scene.dispatcher, units=[scene.unit, scene.town.yuqi], reason="两家")
        assert {part.community for part in case.parts.all()} == {scene.net.community}


# --- where it is shown ---------------------------------------------------------------------------------------------------


class TestWhereItIsShown:
    def test_the_page_of_the_community_and_the_list_behind_it(self, scene: Scene, visitor: Client) -> None:
        case, elsewhere = report(ON_ROAD), report(IN_SOUTH)
        code = scene.net.community.code
        page = reading.page(visitor.get(f"/grid/{code}/"))
        rows = str(page.select_one("section[aria-labelledby=cases]"))
        assert case.number in rows
        assert elsewhere.number not in rows
        assert page.select(f'a[href="/cases/?community={code}"]')
        listed = visitor.get(f"/cases/?community={code}").content.decode()
        assert case.number in listed
        assert elsewhere.number not in listed
        assert case.number in visitor.get(f"/feeds/cases/areas/{code}/").content.decode()

    def test_the_number_of_open_cases_is_that_of_its_list(self, scene: Scene) -> None:
        report(ON_ROAD)
        report(IN_CELL)
        node = directory.node_of(scene.net.community, on=timezone.localdate())
        assert node.open_cases == Case.objects.open().filter(permits.found_in(scene.net.community)).count() == 2

    def test_the_filter_offers_communities_and_no_streets(self, scene: Scene, visitor: Client) -> None:
        report(ON_ROAD)
        options = reading.page(visitor.get("/cases/")).select("[name=community] option")
        assert [option["value"] for option in options] == ["", scene.net.community.code]
        assert len(reading.titles(visitor.get(f"/cases/?community={scene.net.street.code}"))) == 1  # means nothing

    def test_programs_read_it_and_ask_for_it(self, scene: Scene, visitor: Client) -> None:
        case = report(ON_ROAD)
        report(IN_SOUTH)
        (row,) = visitor.get(f"/api/v1/cases/?community={scene.net.community.code}").json()["results"]
        assert (row["number"], row["community"]["code"]) == (case.number, scene.net.community.code)

    def test_queries_do_not_grow(self, scene: Scene, visitor: Client) -> None:
        code = scene.net.community.code
        asked: dict[str, set[int]] = {}
        for rows in (1, 3, 20):
            while Case.objects.count() < rows:
                a_case(scene, community=scene.net.community)
            for address in (f"/grid/{code}/", f"/cases/?community={code}", f"/api/v1/cases/?community={code}"):
                visitor.get(address)
                with CaptureQueriesContext(connection) as queries:
                    assert visitor.get(address).status_code == 200
                asked.setdefault(address, set()).add(len(queries))
        assert {address: len(counts) for address, counts in asked.items() if len(counts) > 1} == {}

    def test_who_follows_the_community_hears_of_it(self, scene: Scene) -> None:
        subscribing.follow(thing=Thing(What.AREA, scene.net.community), by=scene.town.dana)
        case = report(ON_ROAD)
        moving.move(case=case, deed=Deed.FILE, by=scene.acceptor, standard=scene.standard)
        assert Message.objects.filter(person=scene.town.dana, kind="case_followed").exists()


def test_it_gives_nobody_a_right(scene: Scene) -> None:
    """The street's cases are the street's: whoever works in a cell of the community sees a hidden one no more than others."""
    person = scene.town.dana
    Post.objects.filter(role=Post.Role.CELL_WORKER, area=scene.net.cell).update(until=timezone.localdate())
    post(scene.town, Post.Role.CELL_WORKER, scene.net.cell, person)
    case = report(ON_ROAD)
    Case.objects.filter(pk=case.pk).update(is_public=False)
    case.refresh_from_db()
    assert not permits.may_see(person, case)
    assert permits.roles_toward(person, case) == frozenset()


def test_cases_that_were_there_get_it(scene: Scene) -> None:
    fill = import_module("grid.migrations.0010_communities_of_cases").where_they_lie
    expected = {
        report(ON_ROAD).pk: scene.net.community,
        report(IN_CELL).pk: scene.net.community,
        report(IN_SOUTH).pk: None,
        a_case(scene).pk: None,  # nobody knows where on the road
    }
    Case.objects.update(community=None)
    fill(apps, None)
    assert {case.pk: case.community for case in Case.objects.select_related("community")} == expected
