"""An area, a road or a stretch ends: its posts and its card end with it, and open cases are left to those above, or it does not."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from grid.chain import answering, appointing, cards, ending, integrity, standing_in, team
from grid.models import Area, Case, Post, Segment, Subscription
from grid.net import importing, paving
from grid.net.coordinates import System
from grid.net.paving import words_of_segment
from grid.net.sketches import Sketch
from grid.telling import subscribing
from grid.telling.subscribing import Thing, What
from kit.refusals import Refused
from tests import reading
from tests.cast import Town
from tests.grid import cases, chains
from tests.grid.cases import Scene
from tests.grid.chains import Net
from updates.models import Message

pytestmark = pytest.mark.django_db

Role = Post.Role
TODAY = timezone.localdate
WEEK = timedelta(days=7)


@pytest.fixture
def net(town: Town) -> Net:
    return chains.lay(town)


@pytest.fixture
def scene(town: Town) -> Scene:
    return cases.set_up(town)


def refused(code: str, *, match: str | None = None) -> Any:
    return pytest.raises(Refused, match=match, check=lambda refusal: refusal.code == code)


def told(person: Any) -> list[str]:
    return list(Message.objects.filter(person=person).order_by("pk").values_list("kind", flat=True))


def until_of(post: Post) -> date | None:
    return Post.objects.get(pk=post.pk).until


class TestPosts:
    def test_they_end_on_that_day_and_their_holders_are_told(self, town: Town, net: Net) -> None:
        worker = chains.post(town, Role.CELL_WORKER, net.cell, town.lu)
        other = chains.post(town, Role.CELL_WORKER, net.street_cell, town.bo)
        before = town.lu.rights_version
        day = TODAY() + WEEK

        ending.end_area(area=net.cell, until=day, by=town.admin)

        assert (until_of(worker), until_of(other)) == (day, None)
        assert told(town.lu) == ["post_relieved"]
        assert told(town.bo) == told(town.admin) == []  # nobody is asked to fill what is not there
        town.lu.refresh_from_db()
        assert town.lu.rights_version > before
        assert answering.posts_in_office(town.lu, day - timedelta(days=1)).exists()
        assert not answering.posts_in_office(town.lu, day).exists()

    def test_one_that_was_to_begin_later_never_does(self, town: Town, net: Net) -> None:
        now = chains.post(town, Role.CELL_WORKER, net.cell, town.lu, until=TODAY() + 2 * WEEK)
        later = chains.post(town, Role.CELL_WORKER, net.cell, town.chen, since=TODAY() + 2 * WEEK, follows=now)
        over = chains.post(town, Role.CELL_WORKER, net.cell, town.bo, since=chains.long_ago(), until=now.since)

        ending.end_area(area=net.cell, until=TODAY() + WEEK, by=town.admin)

        assert until_of(now) == TODAY() + WEEK
        assert until_of(later) == later.since  # never stood
        assert until_of(over) == over.until
        assert told(town.chen) == told(town.lu) == ["post_relieved"]
        assert told(town.bo) == []

    def test_nobody_is_appointed_beyond_the_end(self, town: Town, net: Net) -> None:
        day = TODAY() + WEEK
        ending.end_area(area=net.cell, until=day, by=town.admin)
        wanted = {"role": Role.CELL_WORKER, "place": net.cell, "person": town.lu, "by": town.admin}

        with refused("place_ends"):
            appointing.appoint(since=TODAY(), until=day + WEEK, **wanted)
        with refused("not_standing"):
            appointing.appoint(since=day, **wanted)
        post = appointing.appoint(since=TODAY(), **wanted)
        assert post.until == day
        with refused("place_ends"):
            appointing.relieve(post=post, until=day + WEEK, by=town.admin)
        taken_over = appointing.hand_over(post=post, to=town.chen, since=TODAY() + timedelta(days=1), by=town.admin)
        assert taken_over.until == day

    def test_those_of_a_road_and_of_its_stretches(self, town: Town, net: Net) -> None:
        whole = chains.post(town, Role.ROAD_CHIEF, net.road, town.lu, level=1)
        stretch = chains.post(town, Role.ROAD_CHIEF, net.road, town.bo, level=3, segment=net.second)
        shop = chains.post(town, Role.MICRO_ROAD_CHIEF, net.road, town.zhou)

        ending.end_segment(segment=net.second, until=TODAY() + WEEK, by=town.admin)
        assert [until_of(each) for each in (whole, stretch, shop)] == [None, TODAY() + WEEK, None]
        with refused("place_ends"):
            appointing.relieve(post=stretch, until=TODAY() + 2 * WEEK, by=town.admin)

        ending.end_road(road=net.road, until=TODAY(), by=town.admin)
        assert [until_of(each) for each in (whole, stretch, shop)] == [TODAY()] * 3
        assert told(town.zhou) == ["post_relieved"]
        assert told(town.bo) == ["post_relieved"] * 2  # it ends earlier than was said

    def test_a_stretch_that_was_drawn_anew_is_the_same_stretch(self, town: Town, net: Net) -> None:
        post = chains.post(town, Role.ROAD_CHIEF, net.road, town.bo, level=3, segment=net.second)
        moved = {"type": "LineString", "coordinates": [[121.180, 31.7151], [121.190, 31.7151]]}
        paving.draw_segment(
            road=net.road,
            number=2,
            words=words_of_segment(net.second),
            sketch=Sketch(moved),
            since=TODAY(),
            by=town.admin,
        )
        assert until_of(post) is None
        assert appointing.hand_over(post=post, to=town.lu, since=TODAY() + WEEK, by=town.admin).until is None

        now = Segment.objects.get(road=net.road, number=2, until=None)
        assert ending.consequences_of(now, on=TODAY()).posts_count == 2
        ending.end_segment(segment=now, until=TODAY(), by=town.admin)
        assert until_of(post) == TODAY()

    def test_who_stands_in_loses_it_too(self, town: Town, net: Net) -> None:
        post = chains.post(town, Role.CELL_WORKER, net.cell, town.lu)
        standing_in.name_deputy(post=post, person=town.chen, by=town.admin)
        standing_in.tell_absence(post=post, since=TODAY(), until=TODAY() + WEEK, by=town.lu)
        assert answering.posts_in_office(town.chen, TODAY()).exists()
        town.chen.refresh_from_db()
        before = town.chen.rights_version

        ending.end_area(area=net.cell, until=TODAY(), by=town.admin)

        assert not answering.posts_in_office(town.chen, TODAY()).exists()
        town.chen.refresh_from_db()
        assert town.chen.rights_version > before

    def test_nothing_ends_where_the_end_is_refused(self, town: Town, net: Net) -> None:
        post = chains.post(town, Role.ZONE_HEAD, net.north, town.lan)
        with refused("still_needed"):
            ending.end_area(area=net.north, until=TODAY(), by=town.admin)
        with refused("past"):
            ending.end_area(area=net.cell, until=TODAY() - WEEK, by=town.admin)
        with refused("operator_only"):
            ending.end_area(area=net.cell, until=TODAY(), by=town.lan)
        assert (until_of(post), told(town.lan)) == (None, [])

    def test_who_has_no_place_any_more_stays_in_the_team_and_is_counted(self, town: Town, net: Net) -> None:
        chains.post(town, Role.CELL_WORKER, net.cell, town.lu)
        member = team.take_in(person=town.lu, by=town.admin)
        ending.end_area(area=net.cell, until=TODAY(), by=town.admin)
        member.refresh_from_db()
        assert member.until is None
        assert member in integrity.people_without_a_place(TODAY())

    def test_a_file_ends_nothing_for_which_somebody_answers(self, town: Town, net: Net) -> None:
        post = chains.post(town, Role.CELL_WORKER, net.cell, town.lu)
        table = f"what,code,until\narea,N-1,{TODAY():%Y-%m-%d}\n".encode()
        report = importing.bring_in(content=table, system=System.WGS84, since=TODAY(), by=town.admin)
        assert not report.done
        assert until_of(post) is None


class TestCases:
    def test_open_ones_stay_and_those_above_answer(self, scene: Scene) -> None:
        case = cases.a_case(scene, cell=scene.net.cell, road=None, segment=None)
        ending.end_area(area=scene.net.cell, until=TODAY(), by=scene.town.admin)

        case.refresh_from_db()
        assert (case.state, case.cell) == (Case.State.REPORTED, scene.net.cell)
        chain = answering.chain_of(area=case.cell, on=TODAY())
        assert chain.cell_worker is None
        assert chain.zone_head is not None
        assert chain.zone_head.person == scene.town.lan
        assert case in integrity.cases_without_a_cell(TODAY())

    def test_where_nobody_would_answer_it_does_not_end(self, town: Town, net: Net) -> None:
        scene = Scene(town, net, cases.a_standard(), town.lu)
        post = chains.post(town, Role.CELL_WORKER, net.cell, town.lu)
        shop = chains.post(town, Role.MICRO_ROAD_CHIEF, net.road, town.zhou)
        department = chains.post(town, Role.LINE_DEPARTMENT, net.town, organisation=town.chengguan)
        case = cases.a_case(scene, cell=net.cell, segment=None)

        with refused("unanswered"):
            ending.end_area(area=net.cell, until=TODAY() + WEEK, by=town.admin)
        assert [until_of(each) for each in (post, shop, department)] == [None] * 3
        assert Area.objects.get(pk=net.cell.pk).until is None

        # Somebody who is away without anybody standing in does not answer either.
        acceptor = chains.post(town, Role.ACCEPTOR, net.town, town.mei)
        chains.away(acceptor, days=30)
        with refused("unanswered"):
            ending.end_area(area=net.cell, until=TODAY() + WEEK, by=town.admin)
        acceptor.absences.all().delete()
        assert ending.end_area(area=net.cell, until=TODAY() + WEEK, by=town.admin).until == TODAY() + WEEK
        case.refresh_from_db()
        assert case.cell == net.cell

    def test_the_chief_of_the_road_answers_too(self, town: Town, net: Net) -> None:
        scene = Scene(town, net, cases.a_standard(), town.lu)
        chains.post(town, Role.ROAD_CHIEF, net.road, town.bo, level=3)
        cases.a_case(scene)
        ending.end_area(area=net.street_cell, until=TODAY(), by=town.admin)
        with refused("unanswered"):
            ending.end_road(road=net.road, until=TODAY(), by=town.admin)

    def test_closed_ones_ask_for_nobody(self, town: Town, net: Net) -> None:
        scene = Scene(town, net, cases.a_standard(), town.lu)
        case = cases.a_case(scene)
        Case.objects.filter(pk=case.pk).update(state=Case.State.VOID)
        assert ending.end_road(road=net.road, until=TODAY(), by=town.admin).until == TODAY()

    def test_it_asks_the_same_however_many_there_are(self, scene: Scene, django_assert_num_queries: Any) -> None:
        def asked() -> int:
            with django_assert_num_queries(4):
                return ending.consequences_of(scene.net.road, on=TODAY()).cases_count

        cases.a_case(scene)
        assert asked() == 1
        for _each in range(7):
            cases.a_case(scene)
        assert asked() == 8
        with django_assert_num_queries(5):
            ending._demand_answered(scene.net.road, TODAY())


class TestCards:
    def test_a_card_ends_with_its_place(self, town: Town, net: Net, client: Client) -> None:
        chains.post(town, Role.CELL_WORKER, net.cell, town.lu)
        words = {"extent": "从东到西", "duty": "环境卫生", "task": "每天一遍", "reward": "表扬"}
        cards.issue(place=net.cell, by=town.admin, **words)
        assert "失效" not in (standing := reading.main(client.get("/grid/N-1/card/"))), standing
        assert "环境卫生" in reading.main(client.get("/grid/N-1/board/"))
        ending.end_area(area=net.cell, until=TODAY(), by=town.admin)

        ended = Area.objects.get(pk=net.cell.pk)
        shown = cards.card_of(ended)
        assert shown is not None
        assert shown.is_over
        assert shown.chain.cell_worker is not None  # who it was on the last day
        client.force_login(town.admin)
        for path in ("/grid/N-1/card/", "/grid/N-1/board/"):
            page = client.get(path, headers={"accept-language": "en"})
            assert "no longer in force" in reading.main(page), path
            assert "issue" not in page.content.decode()
        assert "环境卫生" not in reading.main(client.get("/grid/N-1/board/"))
        with refused("ended"):
            cards.issue(place=ended, by=town.admin, **{**words, "duty": "别的"})


class TestFollowing:
    def test_who_follows_goes_on_and_can_end_it(self, town: Town, net: Net, client: Client) -> None:
        road = Thing.found(What.ROAD, "R-1")
        assert road is not None
        subscribing.follow(thing=road, by=town.dana)
        ending.end_road(road=net.road, until=TODAY(), by=town.admin)

        assert Subscription.objects.filter(person=town.dana).count() == 1
        assert Thing.found(What.ROAD, "R-1") is None
        client.force_login(town.chen)
        assert client.get("/follow/road/R-1/").status_code == 404
        client.force_login(town.dana)
        assert client.post("/follow/road/R-1/", {"do": "unfollow"}).status_code == 302
        assert not Subscription.objects.filter(person=town.dana).exists()


class TestPages:
    def test_it_is_said_beforehand(self, scene: Scene, client: Client) -> None:
        case = cases.a_case(scene)
        client.force_login(scene.town.admin)
        client.cookies["django_language"] = "en"
        page = client.get("/operator/grid/roads/R-1/")
        said = reading.words(reading.page(page).select_one("[aria-labelledby=end]"))
        assert "1 post ends with it" in said
        assert scene.town.zhou.name in said
        assert "1 open case lies here" in said
        assert case.number in said
        quiet = client.get("/operator/grid/areas/0-YQ-S/").content.decode()
        assert "post ends" not in quiet
        assert "open case" not in quiet

    def test_a_refusal_stands_beside_the_day(self, town: Town, net: Net, client: Client) -> None:
        cases.a_case(Scene(town, net, cases.a_standard(), town.lu), cell=net.cell, road=None, segment=None)
        client.force_login(town.admin)
        answer = client.post("/operator/grid/areas/N-1/end/", {"until": f"{TODAY()}"})
        assert answer.status_code == 409
        assert reading.errors(answer, "until")
