"""Points of interest: at a position or at a house, moved, and ended."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from grid.models import PointOfInterest, Road
from grid.net import coordinates, landmarks, locating
from grid.net.coordinates import System
from grid.net.landmarks import PointWords
from kit.refusals import Refused
from tests.cast import Town
from tests.grid.net import MIDDLE, road

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate
SHOP = PointWords("新水果店", "New Fruit", PointOfInterest.Kind.SHOP)


def refused(code: str, *, match: str | None = None) -> Any:
    return pytest.raises(Refused, match=match, check=lambda refusal: refusal.code == code)


def found(town: Town, words: PointWords = SHOP, position: Any = MIDDLE, **changes: Any) -> PointOfInterest:
    described = {"code": "P900", "since": TODAY(), "by": town.admin, **changes}
    return landmarks.found_point(words=words, position=position, **described)


def test_at_a_position_in_whatever_system(town: Town) -> None:
    point = found(town, position=coordinates.to_gcj02(MIDDLE), system=System.GCJ02)

    assert (point.longitude, point.latitude) == MIDDLE
    assert landmarks.words_of(point) == SHOP


def test_at_a_house_where_nobody_measured(town: Town) -> None:
    point = found(town, replace(SHOP, road=road("振祁路"), house_number=21), None)

    house = locating.house_at(road("振祁路"), 21, on=TODAY())
    assert house is not None
    assert (point.longitude, point.latitude) == house[1]


@pytest.mark.parametrize(
    ("words", "position", "changes", "code"),
    [
        ({"name": ""}, MIDDLE, {}, "name_missing"),
        ({"kind": "castle"}, MIDDLE, {}, "kind_unfit"),
        ({"house_number": 3}, MIDDLE, {}, "house_unfit"),
        ({}, None, {}, "position_missing"),
        ({}, (121.5, 31.2), {}, "outside"),
        ({}, (float("nan"), 31.2), {}, "unreadable"),
        ({}, (900.0, 31.2), {}, "unreadable"),
        ({}, MIDDLE, {"code": "P001"}, "code_taken"),
        ({}, MIDDLE, {"code": "R001"}, "code_unfit"),
    ],
)
def test_what_is_wrong_is_said(
    town: Town, words: dict[str, Any], position: Any, changes: dict[str, Any], code: str
) -> None:
    with refused(code):
        found(town, replace(SHOP, **words), position, **changes)
    assert not PointOfInterest.objects.filter(code="P900").exists()


def test_nothing_is_put_on_a_road_that_ends(town: Town) -> None:
    ending = road("振祁路")
    Road.objects.filter(pk=ending.pk).update(until=TODAY() + timedelta(days=9))
    with refused("road_unfit", match="振祁路"):
        found(town, replace(SHOP, road=ending, house_number=21), None)


def test_it_moves_and_a_shift_is_recognised(town: Town) -> None:
    point = found(town)
    moved = landmarks.change_point(
        point=point, words=replace(SHOP, name="水果店"), position=(120.184, 31.7181), by=town.admin
    )

    assert (moved.name, moved.longitude) == ("水果店", 120.184)
    with refused("wrong_system", match="GCJ-02"):
        landmarks.change_point(
            point=point, words=SHOP, position=coordinates.to_gcj02((120.184, 31.7181)), by=town.admin
        )


def test_it_ends(town: Town) -> None:
    point = landmarks.end_point(point=found(town), until=TODAY() + timedelta(days=1), by=town.admin)

    assert point.until == TODAY() + timedelta(days=1)
    with refused("ended"):
        landmarks.end_point(point=point, until=TODAY(), by=town.admin)
    with refused("ended"):
        landmarks.change_point(point=point, words=SHOP, position=MIDDLE, by=town.admin)
    with refused("past"):
        landmarks.end_point(
            point=PointOfInterest.objects.get(code="P001"), until=TODAY() - timedelta(days=1), by=town.admin
        )


@pytest.mark.parametrize("who", ["mei", "lu", "dana"])
def test_only_the_operator(town: Town, who: str) -> None:
    by, point = getattr(town, who), PointOfInterest.objects.get(code="P001")
    with refused("operator_only"):
        found(town, by=by)
    with refused("operator_only"):
        landmarks.change_point(point=point, words=SHOP, position=MIDDLE, by=by)
    with refused("operator_only"):
        landmarks.end_point(point=point, until=TODAY(), by=by)
