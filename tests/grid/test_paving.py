"""Roads and their stretches: founded, named, drawn anew from a day on, ended."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from grid.chain import ending
from grid.models import Area, PointOfInterest, Post, Road, Segment
from grid.net import coordinates, geometry, locating, paving
from grid.net.coordinates import System
from grid.net.paving import RoadWords, SegmentWords
from grid.net.sketches import Sketch
from kit.refusals import Refused
from tests.cast import Town
from tests.grid.net import CELL, TOWN, area, metres, road, segment, written

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate
TOMORROW = timedelta(days=1)
LINE = {"type": "LineString", "coordinates": [[120.1840, 31.7150], [120.1860, 31.7150]]}


def refused(code: str, *, match: str | None = None) -> Any:
    return pytest.raises(Refused, match=match, check=lambda refusal: refusal.code == code)


def draw(town: Town, shape: Any = LINE, *, number: int = 2, on: str = "示范一巷", **changes: Any) -> Segment:
    words = SegmentWords(**{"name": "东段", "odd_from": 101, "odd_to": 109, **changes.pop("words", {})})
    described = {"since": TODAY(), "by": town.admin, **changes}
    return paving.draw_segment(road=road(on), number=number, words=words, sketch=Sketch(shape), **described)


class TestRoads:
    def test_one_is_founded_with_its_group(self, town: Town) -> None:
        words = RoadWords(
            "示范新路", "New Road", Road.Class.SECONDARY, "东头", "西头", grid=area(f"{TOWN}R001"), group=town.group
        )
        found = paving.found_road(code="R050", words=words, since=TODAY(), by=town.admin)

        assert paving.words_of(Road.objects.get(code="R050")) == words
        assert found.since == TODAY()

    @pytest.mark.parametrize(
        ("code", "changes", "refusal"),
        [
            ("R001", {}, "code_taken"),
            ("R１23", {}, "code_unfit"),
            ("X050", {}, "code_unfit"),
            ("R050", {"name": " "}, "name_missing"),
            ("R050", {"begins_at": "起" * 61}, "begins_at_too_long"),
            ("R050", {"road_class": "boulevard"}, "class_unfit"),
        ],
    )
    def test_what_is_wrong_is_said(self, town: Town, code: str, changes: dict[str, Any], refusal: str) -> None:
        with refused(refusal):
            paving.found_road(code=code, words=replace(RoadWords("新路"), **changes), since=TODAY(), by=town.admin)

    def test_a_road_belongs_to_no_cell(self, town: Town) -> None:
        with refused("grid_unfit"):
            paving.change_road(road=road("振祁路"), words=RoadWords("振祁路", grid=area(CELL)), by=town.admin)

    def test_a_road_joins_no_street_front_that_is_to_end(self, town: Town) -> None:
        Area.objects.filter(code=f"{TOWN}R001").update(until=TODAY() + TOMORROW)
        with refused("grid_unfit", match="街面"):
            paving.change_road(
                road=road("示范一巷"), words=RoadWords("示范一巷", grid=area(f"{TOWN}R001")), by=town.admin
            )

    def test_it_gets_another_name(self, town: Town) -> None:
        words = replace(paving.words_of(road("示范一巷")), name="裁缝巷")
        assert paving.change_road(road=road("示范一巷"), words=words, by=town.admin).code == "R017"
        assert road("裁缝巷").name_en == "Model Lane 1"

    def test_it_ends_with_its_stretches(self, town: Town) -> None:
        where = locating.middle_of(segment("示范三巷", 1))
        ending.end_road(road=road("示范三巷"), until=TODAY() + TOMORROW, by=town.admin)

        assert locating.place_at(where, on=TODAY()).road == road("示范三巷")
        assert locating.place_at(where, on=TODAY() + TOMORROW).road != road("示范三巷")
        for again in (
            lambda: ending.end_road(road=road("示范三巷"), until=TODAY(), by=town.admin),
            lambda: draw(town, on="示范三巷"),
        ):
            with refused("ended"):
                again()

    def test_not_while_a_shop_stands_on_it(self, town: Town) -> None:
        with refused("still_needed", match="巷口修车铺"):
            ending.end_road(road=road("示范二巷"), until=TODAY(), by=town.admin)
        PointOfInterest.objects.filter(road=road("示范二巷")).update(until=TODAY())
        assert ending.end_road(road=road("示范二巷"), until=TODAY(), by=town.admin).until == TODAY()

    @pytest.mark.parametrize("who", ["mei", "lu", "dana"])
    def test_only_the_operator(self, town: Town, who: str) -> None:
        by = getattr(town, who)
        with refused("operator_only"):
            paving.found_road(code="R050", words=RoadWords("新路"), since=TODAY(), by=by)
        with refused("operator_only"):
            paving.change_road(road=road("振祁路"), words=RoadWords("我的路"), by=by)
        with refused("operator_only"):
            ending.end_road(road=road("示范三巷"), until=TODAY(), by=by)
        with refused("operator_only"):
            draw(town, by=by)
        with refused("operator_only"):
            ending.end_segment(segment=segment("示范三巷", 1), until=TODAY(), by=by)


class TestStretches:
    def test_one_more_is_drawn_and_its_houses_are_found(self, town: Town) -> None:
        drawn = draw(town)

        assert drawn.length == pytest.approx(189, abs=2)
        house = locating.house_at(road("示范一巷"), 105, on=TODAY())
        assert house is not None
        assert house[0] == drawn

    def test_drawn_anew_the_old_one_stays_on_record(self, town: Town) -> None:
        old = segment("示范一巷", 1)
        line = metres(geometry.drawn(old.shape), north=200)
        new = draw(town, written(line), number=1, since=TODAY() + TOMORROW)

        old.refresh_from_db()
        assert (old.until, new.since, new.until) == (TODAY() + TOMORROW, TODAY() + TOMORROW, None)
        where = locating.middle_of(old)
        assert locating.nearest_segment(where, on=TODAY()) == old
        assert locating.nearest_segment(where, on=TODAY() + TOMORROW) != old

    def test_the_same_again_changes_nothing(self, town: Town) -> None:
        old = segment("示范一巷", 1)
        again = paving.draw_segment(
            road=old.road,
            number=1,
            words=paving.words_of_segment(old),
            sketch=Sketch(old.shape),
            since=TODAY(),
            by=town.admin,
        )

        assert again == old
        assert Segment.objects.filter(road=old.road).count() == 1

    @pytest.mark.parametrize(
        ("words", "code", "field"),
        [
            ({"odd_from": 2, "odd_to": 8}, "numbers_unfit", "odd_from"),
            ({"odd_from": 9, "odd_to": 3}, "numbers_unfit", "odd_from"),
            ({"odd_from": 9, "odd_to": None}, "numbers_unfit", "odd_from"),
            ({"even_from": 3, "even_to": 9}, "numbers_unfit", "even_from"),
            ({"odd_from": 51, "odd_to": 99}, "numbers_taken", "odd_from"),
            ({"even_from": 2, "even_to": 2}, "numbers_taken", "even_from"),
            ({"odd_side": "top"}, "side_unfit", "odd_side"),
            ({"name": ""}, "name_missing", "name"),
        ],
    )
    def test_numbers_and_names(self, town: Town, words: dict[str, Any], code: str, field: str) -> None:
        with pytest.raises(Refused) as refusal:
            draw(town, words=words)

        assert (refusal.value.code, refusal.value.field) == (code, field)
        assert Segment.objects.filter(road=road("示范一巷")).count() == 1

    def test_where_it_lies(self, town: Town) -> None:
        with refused("outside"):
            draw(town, {"type": "LineString", "coordinates": [[120.18, 31.71], [120.28, 31.71]]})
        with refused("unreadable"):
            draw(town, {"type": "Point", "coordinates": [120.18, 31.71]})
        with refused("empty"):
            draw(town, {"type": "LineString", "coordinates": [[120.18, 31.71], [120.18, 31.71]]})
        with refused("too_early"):
            draw(town, since=road("示范一巷").since - TOMORROW)
        with refused("past"):
            draw(town, number=1, since=TODAY() - TOMORROW)
        with refused("number_unfit"):
            draw(town, number=0)

    def test_in_the_wrong_system_it_says_which(self, town: Town) -> None:
        line = written(coordinates.out_of_wgs84(geometry.drawn(segment("示范一巷", 1).shape), System.GCJ02))
        with refused("wrong_system", match="GCJ-02"):
            draw(town, line, number=1)

    def test_two_of_one_number_never_stand_at_once(self, town: Town) -> None:
        standing = segment("振祁路", 2)
        end = TODAY() + timedelta(days=30)
        Post.objects.filter(segment=standing).update(until=TODAY())
        ending.end_segment(segment=standing, until=end, by=town.admin)
        houses = {"odd_from": None, "odd_to": None}

        with refused("too_early"):
            draw(town, standing.shape, on="振祁路", words=houses)
        assert draw(town, standing.shape, on="振祁路", since=end, words=houses).since == end

    def test_what_stood_before_stays_as_it_was(self, town: Town) -> None:
        standing = segment("振祁路", 2)
        Segment.objects.filter(pk=standing.pk).update(until=TODAY() - timedelta(days=100))

        with refused("past"):
            draw(town, standing.shape, on="振祁路", since=standing.since)

    def test_one_ends_alone(self, town: Town) -> None:
        ending.end_segment(segment=segment("振祁路", 3), until=TODAY(), by=town.admin)

        assert road("振祁路").segments.filter(until=None).count() == 2
        assert locating.house_at(road("振祁路"), 301, on=TODAY()) is None
