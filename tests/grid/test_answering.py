"""Who answers for a place on a day: one question, the whole chain, with those who stand in."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.forms.models import model_to_dict
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from communities.models import User
from grid import permits
from grid.chain import answering
from grid.chain.answering import Acting, chain_at, chain_of, climbing_order, posts_in_office, who_acts
from grid.models import Case, Post, Segment
from grid.rules.transitions import Actor
from tests.cast import Town
from tests.grid import chains

Role = Post.Role
MOST_QUERIES = 6


@pytest.fixture
def net(town: Town) -> chains.Net:
    return chains.lay(town)


def fill(town: Town, net: chains.Net) -> None:
    chains.post(town, Role.LEADING_GROUP, net.town, town.admin)
    chains.post(town, Role.LEADING_GROUP, net.town, town.mei)
    chains.post(town, Role.ZONE_HEAD, net.north, town.yan)
    chains.post(town, Role.ZONE_HEAD, net.south, town.dana)
    chains.post(town, Role.CELL_WORKER, net.cell, town.chen)
    chains.post(town, Role.CELL_WORKER, net.street_cell, town.lu)
    for level, person in ((1, town.bo), (2, town.qiang), (3, town.lan)):
        chains.post(town, Role.ROAD_CHIEF, net.road, person, level=level)
    chains.post(town, Role.MICRO_ROAD_CHIEF, net.road, town.zhou)
    chains.post(town, Role.LINE_DEPARTMENT, net.town, organisation=town.chengguan, categories="E")
    chains.post(town, Role.LINE_DEPARTMENT, net.town, organisation=town.school, categories="E0407")
    chains.post(town, Role.LINE_DEPARTMENT, net.community, organisation=town.yuqi, categories="E01")
    chains.post(town, Role.ACCEPTOR, net.town, town.chen)


def who(acting: Acting | None) -> str:
    return acting.person.username if acting is not None and acting.person else ""


def names(acting: tuple[Acting, ...]) -> list[str]:
    return [who(each) for each in acting]


def test_a_place_on_a_road_has_the_whole_chain(town: Town, net: chains.Net) -> None:
    fill(town, net)
    chain = chain_at(chains.ON_ROAD, on=timezone.localdate(), category="E0407")
    assert [area.code for area in chain.areas] == ["S-1", "S", "0-YQ-N", "0-YQ"]
    assert chain.road == net.road
    assert names(chain.micro_road_chiefs) == ["zhou"]
    assert names(chain.road_chiefs) == ["lan", "qiang", "bo"]
    assert who(chain.cell_worker) == "lu"
    assert who(chain.zone_head) == "yan"
    assert names(chain.leading_group) == ["admin", "mei"]
    assert [each.post.organisation for each in chain.departments] == [town.school, town.chengguan]
    assert chain.department == town.school
    assert chain.territory == town.chengguan, "the street-front grid has no organisation of its own: the town's"


def test_a_place_in_a_community_has_its_worker_and_its_community(town: Town, net: chains.Net) -> None:
    fill(town, net)
    chain = chain_at(chains.IN_CELL, on=timezone.localdate(), category="E0105")
    assert who(chain.cell_worker) == "chen"
    assert (chain.road, chain.road_chiefs, chain.micro_road_chiefs) == (None, (), ())
    assert chain.territory == town.yuqi
    assert [each.post.organisation for each in chain.departments] == [town.yuqi, town.chengguan]


def test_of_equal_prefixes_the_smaller_area_goes_first(town: Town, net: chains.Net) -> None:
    chains.post(town, Role.LINE_DEPARTMENT, net.town, organisation=town.chengguan, categories="E01")
    chains.post(town, Role.LINE_DEPARTMENT, net.north, organisation=town.yuqi, categories="E01")
    chain = chain_at(chains.IN_CELL, on=timezone.localdate(), category="E0105")
    assert [each.post.organisation for each in chain.departments] == [town.yuqi, town.chengguan]
    assert chain_at(chains.IN_CELL, on=timezone.localdate(), category="C01").department is None


def test_without_a_category_all_departments_of_the_place_are_told(town: Town, net: chains.Net) -> None:
    fill(town, net)
    assert len(chain_of(area=net.cell, on=timezone.localdate()).departments) == 3


def test_where_there_is_no_cell_the_town_answers(town: Town, net: chains.Net) -> None:
    fill(town, net)
    south = chain_at(chains.IN_SOUTH, on=timezone.localdate())
    assert south.cell_worker is None
    assert who(south.zone_head) == "dana"
    outside = chain_at(chains.OUTSIDE, on=timezone.localdate(), category="E0407")
    assert names(outside.leading_group) == ["admin", "mei"]
    assert (outside.zone_head, outside.department) == (None, town.school)


def test_a_stretch_has_its_own_chief_before_the_roads(town: Town, net: chains.Net) -> None:
    fill(town, net)
    chains.post(town, Role.ROAD_CHIEF, net.road, town.dana, level=3, segment=net.second)
    here = chain_of(area=net.street_cell, segment=net.second, on=timezone.localdate())
    there = chain_of(area=net.street_cell, segment=net.first, on=timezone.localdate())
    whole = chain_of(road=net.road, on=timezone.localdate())
    assert names(here.road_chiefs) == ["dana", "lan", "qiang", "bo"]
    assert names(there.road_chiefs) == ["lan", "qiang", "bo"]
    assert names(whole.road_chiefs) == ["dana", "lan", "qiang", "bo"]
    assert who(whole.zone_head) == "yan", "the zone of its street-front grid"
    assert whole.cell_worker is None


def test_a_stretch_that_was_drawn_anew_keeps_its_chief(town: Town, net: chains.Net) -> None:
    """The new drawing is another row; a post and an older case know the one before."""
    chains.post(town, Role.ROAD_CHIEF, net.road, town.dana, level=3, segment=net.second)
    before = Segment.objects.get(pk=net.second.pk)
    today = timezone.localdate()
    Segment.objects.filter(pk=before.pk).update(until=today)
    anew = Segment.objects.create(**{**model_to_dict(before, exclude=["id", "road"]), **box(before)}, road=net.road)
    assert names(chain_of(segment=anew, on=today).road_chiefs) == ["dana"]
    case = Case.objects.create(number="1", receipt="1", road=net.road, segment=anew, reported_at=timezone.now())
    assert permits.roles_toward(town.dana, case) == {Actor.INSPECTOR}
    case.segment = net.first
    assert permits.roles_toward(town.dana, case) == set()


def box(segment: Segment) -> dict[str, object]:
    """What a copy of the stretch needs besides its editable fields, from today on."""
    kept = ("west", "south", "east", "north", "length")
    return {**{name: getattr(segment, name) for name in kept}, "since": timezone.localdate(), "until": None}


def test_terms_begin_on_their_day_and_end_the_day_before(town: Town, net: chains.Net) -> None:
    day = timezone.localdate()
    old = chains.post(town, Role.CELL_WORKER, net.cell, town.chen, until=day)
    chains.post(town, Role.CELL_WORKER, net.cell, town.lu, since=day, follows=old)
    for on, person in ((day - timedelta(days=1), town.chen), (day, town.lu)):
        worker = chain_of(area=net.cell, on=on).cell_worker
        assert who(worker) == person.username
    assert chain_of(area=net.cell, on=day - timedelta(days=31)).cell_worker is None


def test_the_deputy_stands_in_only_while_the_holder_is_away(town: Town, net: chains.Net) -> None:
    held = chains.post(town, Role.CELL_WORKER, net.cell, town.chen)
    chains.deputy(held, town.lu)
    day = timezone.localdate()
    assert who_acts(held, day) == town.chen
    chains.away(held, days=2)
    worker = chain_of(area=net.cell, on=day).cell_worker
    assert who(worker) == "lu"
    assert worker is not None
    assert worker.stands_in
    assert who_acts(held, day + timedelta(days=1)) == town.lu
    assert who_acts(held, day + timedelta(days=2)) == town.chen, "back on that day"


def test_without_a_deputy_nobody_acts_and_the_post_is_shown_all_the_same(town: Town, net: chains.Net) -> None:
    held = chains.post(town, Role.CELL_WORKER, net.cell, town.chen)
    chains.deputy(held, town.lu, until=timezone.localdate())
    chains.away(held)
    worker = chain_of(area=net.cell, on=timezone.localdate()).cell_worker
    assert worker == Acting(held, None)
    assert not worker.is_filled


def test_for_a_suspended_holder_the_deputy_acts(town: Town, net: chains.Net) -> None:
    held = chains.post(town, Role.CELL_WORKER, net.cell, town.chen)
    User.objects.filter(pk=town.chen.pk).update(is_active=False)
    assert who_acts(held, timezone.localdate()) is None
    chains.deputy(held, town.lu)
    assert who_acts(held, timezone.localdate()) == town.lu
    User.objects.filter(pk=town.lu.pk).update(is_active=False)
    assert who_acts(held, timezone.localdate()) is None


def test_a_department_is_no_person_and_always_there(town: Town, net: chains.Net) -> None:
    held = chains.post(town, Role.LINE_DEPARTMENT, net.town, organisation=town.chengguan)
    assert who_acts(held, timezone.localdate()) is None
    assert answering.acting_in(Post.objects.all(), on=timezone.localdate())[0].is_filled


def test_a_case_climbs_from_the_nearest_to_the_highest(town: Town, net: chains.Net) -> None:
    fill(town, net)
    chain = chain_at(chains.ON_ROAD, on=timezone.localdate())
    steps = [names(step) for step in climbing_order(chain)]
    assert steps == [["lu"], ["lan"], ["qiang"], ["bo"], ["yan"], ["admin", "mei"]]


def test_nobody_hears_of_it_twice_and_an_empty_step_is_skipped(town: Town, net: chains.Net) -> None:
    chains.post(town, Role.CELL_WORKER, net.street_cell, town.lu)
    chains.post(town, Role.ROAD_CHIEF, net.road, town.lu, level=3)
    away = chains.post(town, Role.ROAD_CHIEF, net.road, town.bo, level=1)
    chains.away(away)
    chains.post(town, Role.ZONE_HEAD, net.north, town.yan)
    chains.post(town, Role.LEADING_GROUP, net.town, town.yan)
    chains.post(town, Role.LEADING_GROUP, net.town, town.mei)
    steps = climbing_order(chain_at(chains.ON_ROAD, on=timezone.localdate()))
    assert [names(step) for step in steps] == [["lu"], ["yan"], ["mei"]]


def test_rights_come_from_posts_held_and_stood_in_for(town: Town, net: chains.Net) -> None:
    day = timezone.localdate()
    own = chains.post(town, Role.CELL_WORKER, net.cell, town.lu)
    chains.post(town, Role.ZONE_HEAD, net.south, town.lu, until=day)
    chains.post(town, Role.ZONE_HEAD, net.north, town.lu, since=day + timedelta(days=1))
    other = chains.post(town, Role.CELL_WORKER, net.street_cell, town.chen)
    chains.deputy(other, town.lu)
    assert list(posts_in_office(town.lu, day)) == [own]
    chains.away(other)
    assert list(posts_in_office(town.lu, day)) == [own, other]
    assert list(posts_in_office(town.chen, day)) == [other], "who is away keeps the post"
    assert not posts_in_office(town.dana, day).exists()


def test_nobody_and_suspended_people_hold_nothing(town: Town, net: chains.Net) -> None:
    chains.post(town, Role.CELL_WORKER, net.cell, town.lu)
    town.lu.is_active = False
    assert not posts_in_office(town.lu, timezone.localdate()).exists()
    assert not posts_in_office(AnonymousUser(), timezone.localdate()).exists()


@pytest.mark.parametrize("rows", [1, 3, 30])
def test_the_question_costs_the_same_in_a_town_of_any_size(
    rows: int, town: Town, net: chains.Net, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    fill(town, net)
    for neighbour in list(town.neighbours())[:3] * (rows // 3 or 1):
        micro = chains.post(town, Role.MICRO_ROAD_CHIEF, net.road, neighbour)
        chains.deputy(micro, town.dana)
        chains.away(micro)
        chains.post(town, Role.LINE_DEPARTMENT, net.town, organisation=town.group, categories="E0407")
    with django_assert_max_num_queries(MOST_QUERIES):
        chain = chain_at(chains.ON_ROAD, on=timezone.localdate(), category="E0407")
        climbing_order(chain)
        assert (chain.territory, chain.department, chain.road) == (town.chengguan, town.school, net.road)
        assert all(each.person and each.post.person and each.post.road for each in chain.micro_road_chiefs)
