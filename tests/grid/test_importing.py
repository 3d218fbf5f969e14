"""A file of the net: a rehearsal that says everything, then all of it or nothing, and never an answer without a sentence."""

import contextlib
import copy
import json
from datetime import date, timedelta
from typing import Any

import pytest
import shapely
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grid.chain import ending
from grid.models import Area, Boundary, PointOfInterest, Road, Segment
from grid.net import drawing, exporting, files, geometry, importing, locating
from grid.net.coordinates import System
from grid.net.exporting import Subject
from grid.net.importing import Become, Report
from grid.net.sketches import Sketch
from kit.refusals import Refused
from tests.cast import Town
from tests.grid.net import CELL, GRID, NEIGHBOUR, TOWN, area, metres, road, segment, shape_of, shrunk, written

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate
SYSTEMS = list(System)
SQUARE = {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]}


def net() -> list[list[tuple[Any, ...]]]:
    """All rows of the net."""
    return [
        list(model.objects.order_by("pk").values_list()) for model in (Area, Boundary, Road, Segment, PointOfInterest)
    ]


def collection(system: System = System.WGS84, subjects: Any = tuple(Subject)) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(
        exporting.as_geojson(exporting.records(TODAY(), subjects), day=TODAY(), system=system)
    )
    return told


def feature(told: dict[str, Any], identity: str) -> dict[str, Any]:
    return next(each for each in told["features"] if each["id"] == identity)


def without(told: dict[str, Any], *identities: str) -> dict[str, Any]:
    return {**told, "features": [each for each in told["features"] if each["id"] not in identities]}


def only(told: dict[str, Any], *identities: str) -> dict[str, Any]:
    return {**told, "features": [each for each in told["features"] if each["id"] in identities]}


def sent(told: object) -> bytes:
    return json.dumps(told, ensure_ascii=False).encode()


def made(town: Town, tail: str, name: str, *, parent: str, level: str, by: float = 0) -> str:
    """A new area on the ground of the first cell of 玉祁社区, which makes room for it."""
    code = f"{TOWN}{tail}"
    ground = shrunk(shape_of(CELL), 50 + by)
    drawing.found_area(
        code=code, name=name, level=level, kind="street", parent=area(parent), sketch=Sketch(written(ground)),
        since=TODAY(), by=town.admin,
    )  # fmt: skip
    return code


def bring_in(town: Town, content: bytes | dict[str, Any], **changes: Any) -> Report:
    content = content if isinstance(content, bytes) else sent(content)
    return importing.bring_in(content=content, by=town.admin, **{"system": System.WGS84, "since": TODAY(), **changes})


def sentences(report: Report) -> list[str]:
    return [trouble.sentence for trouble in report.troubles]


class TestThereAndBack:
    @pytest.mark.parametrize("system", SYSTEMS)
    def test_an_export_that_comes_back_changes_nothing(self, town: Town, system: System) -> None:
        before = net()
        report = bring_in(town, collection(system), system=system)

        assert (report.troubles, report.changes, report.left) == ([], [], [])
        assert report.done
        assert report.same == report.rows == len(exporting.records(TODAY()))
        assert net() == before

    @pytest.mark.parametrize("system", SYSTEMS)
    @pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
    def test_so_does_a_table_in_whatever_encoding_it_was_saved(self, town: Town, system: System, encoding: str) -> None:
        before = net()
        table = exporting.as_table(exporting.records(TODAY()), system=system).decode().removeprefix("\ufeff")
        report = bring_in(town, table.encode(encoding), system=system)

        assert (report.troubles, report.changes) == ([], [])
        assert report.same == report.rows
        assert bool(report.notes) == (encoding == "gb18030")
        assert net() == before

    def test_what_is_planned_does_not_get_in_the_way(self, town: Town) -> None:
        later = TODAY() + timedelta(days=9)
        smaller = Sketch(written(shrunk(shape_of(CELL), 30)))
        drawing.redraw_area(area=area(CELL), sketch=smaller, since=later, by=town.admin)
        ending.end_area(area=area(NEIGHBOUR), until=later, by=town.admin)
        before = net()

        assert bring_in(town, collection()).changes == []
        assert net() == before

    def test_a_whole_net_comes_into_an_empty_town(self, town: Town) -> None:
        told, before = collection(), exporting.records(TODAY())
        for model in (PointOfInterest, Segment, Road, Boundary):
            model.objects.all().delete()
        for level in reversed(Area.Level.values):
            Area.objects.filter(level=level).delete()
        told["features"].reverse()  # whatever stands first in the file

        report = bring_in(town, told)

        assert report.troubles == []
        assert {tuple(change.become) for change in report.changes} == {(Become.FOUND,)}
        after = exporting.records(TODAY())
        assert [record.said for record in after] == [record.said for record in before]
        assert all(one.shape == other.shape for one, other in zip(after, before, strict=True))

    @settings(
        max_examples=25,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )
    @given(
        st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=20),
        st.sampled_from(["'=1+1", "=cmd|' /C calc'!A0", "+86", "-1", "@x", "'", "a,b;c", '"引号"', "320206005001019"]),
    )
    def test_whatever_things_are_called(self, town: Town, name: str, odd: str) -> None:
        Area.objects.filter(code=CELL).update(name=name, name_en=odd)
        table = exporting.as_table(exporting.records(TODAY(), [Subject.AREAS]), system=System.WGS84)

        report = bring_in(town, table)

        assert (report.troubles, report.changes) == ([], [])
        assert Area.objects.get(code=CELL).name_en == odd


class TestChanges:
    def test_a_rehearsal_says_what_would_change_and_changes_nothing(self, town: Town) -> None:
        told = collection()
        feature(told, CELL)["properties"].update(name="东头网格", organisation="玉祁社区")
        feature(told, NEIGHBOUR)["geometry"] = written(shrunk(shape_of(NEIGHBOUR), 20))
        feature(told, "R001-2")["properties"]["odd_to"] = 263
        feature(told, "P003")["properties"]["until"] = f"{TODAY()}"
        before = net()

        report = importing.rehearse(content=sent(told), system=System.WGS84, since=TODAY(), by=town.admin)

        assert net() == before
        assert not report.done
        told_of = {change.name: change.become for change in report.changes}
        assert told_of == {
            "东头网格": [Become.CHANGED],
            "玉祁社区第2网格": [Become.REDRAWN],
            "堰玉路—海瑞路": [Become.REDRAWN],
            "暖橙早餐铺（示范）": [Become.ENDED],
        }
        assert [line.sort for line in report.left] == ["gap"]
        assert "玉祁社区" in report.left[0].sentence

        assert bring_in(town, told).done
        assert area(CELL).name == "东头网格"
        assert area(CELL).organisation == town.yuqi
        assert geometry.size_of(shape_of(NEIGHBOUR)) < report.left[0].square_metres * 20  # type: ignore[operator]
        assert segment("振祁路", 2).odd_to == 263
        assert PointOfInterest.objects.get(code="P003").until == TODAY()
        assert bring_in(town, collection()).changes == []

    def test_two_neighbours_move_their_border_in_one_file(self, town: Town) -> None:
        told = collection()
        mine, theirs = shape_of(CELL), shape_of(NEIGHBOUR)
        strip = theirs & metres(mine, east=40)
        feature(told, CELL)["geometry"] = written((mine | strip).buffer(0))
        feature(told, NEIGHBOUR)["geometry"] = written(theirs - strip)
        where = strip.representative_point()

        report = bring_in(town, told, since=TODAY() + timedelta(days=1))

        assert (report.troubles, report.left) == ([], [])
        assert locating.place_at((where.x, where.y), on=TODAY()).cell == area(NEIGHBOUR)
        assert locating.place_at((where.x, where.y), on=TODAY() + timedelta(days=1)).cell == area(CELL)

    def test_what_the_file_does_not_say_stays(self, town: Town) -> None:
        before = area(CELL).name_en, area(CELL).is_schematic
        told = {
            "type": "FeatureCollection",
            "features": [
                {"type": "Feature", "geometry": None, "properties": {"what": "area", "code": CELL, "name": "新名"}}
            ],
        }

        assert bring_in(town, told).done
        assert (area(CELL).name, area(CELL).name_en, area(CELL).is_schematic) == ("新名", *before)

    def test_a_table_by_hand_is_enough(self, town: Town) -> None:
        table = (
            "what 类别;code 代码;name;kind;longitude;latitude;road;house_number;remark\r\n"
            "point;P901;新水果店;shop;120.1834;31.7150;;;x\r\n"
            "\r\n"
            "point;P902;新手机店;shop;;;R001;21;\r\n"
        )
        report = bring_in(town, table.encode())

        assert report.troubles == []
        assert "remark" in report.notes[0]
        assert PointOfInterest.objects.get(code="P901").longitude == 120.1834
        place = PointOfInterest.objects.get(code="P902")
        assert locating.place_at((place.longitude, place.latitude), on=TODAY()).road == road("振祁路")


class TestTroubles:
    def test_one_row_is_wrong_and_nothing_is_done(self, town: Town) -> None:
        told = collection()
        feature(told, CELL)["properties"]["name"] = "东头网格"
        place = told["features"].index(feature(told, NEIGHBOUR)) + 1
        feature(told, NEIGHBOUR)["geometry"]["coordinates"][0] = [
            [120.18, 31.71],
            [120.19, 31.72],
            [120.19, 31.71],
            [120.18, 31.72],
            [120.18, 31.71],
        ]
        before = net()

        report = bring_in(town, told)

        assert not report.done
        assert net() == before
        (trouble,) = report.troubles
        assert (trouble.row, trouble.name) == (place, "玉祁社区第2网格")
        assert "120.185" in trouble.sentence

    def test_all_that_is_wrong_is_said_at_once(self, town: Town) -> None:
        told = collection()
        new = {
            "what": "area",
            "code": f"{TOWN}00188",
            "name": "新",
            "level": "cell",
            "kind": "community",
            "parent": GRID,
        }
        wrong: list[tuple[dict[str, Any], Any]] = [
            ({"what": "tree"}, None),
            ({"what": "area", "code": ""}, None),
            ({"what": "area", "code": CELL}, None),  # a second time
            ({"what": "area", "code": "3.20206E+13"}, None),
            ({**new, "parent": "999"}, SQUARE),
            ({**new, "code": f"{TOWN}00187"}, None),
            ({**new, "code": f"{TOWN}00186", "organisation": "没有的单位"}, SQUARE),
            ({**new, "code": f"{TOWN}00185", "since": "明天"}, SQUARE),
            ({**new, "code": f"{TOWN}00184", "is_schematic": "maybe"}, SQUARE),
            ({**new, "code": f"{TOWN}00183"}, {"type": "Point", "coordinates": [1, 2]}),
            ({**new, "code": f"{TOWN}00182"}, written(shrunk(shape_of(CELL), 50))),  # over a cell
            ({**new, "code": f"{TOWN}00181", "name": "a\0b"}, SQUARE),
            ({"what": "segment", "code": "R999", "number": 1}, None),
            ({"what": "segment", "code": "R001", "number": "x"}, None),
            (
                {"what": "segment", "code": "R001", "number": 9, "name": "新段", "odd_from": 1, "odd_to": 7},
                written(geometry.drawn(segment("振祁路", 1).shape)),
            ),
            ({"what": "road", "code": "R099", "name": "新路", "road_class": "boulevard"}, None),
            ({"what": "road", "code": "R098", "name": "新路", "road_class": "main", "grid": "none"}, None),
            ({"what": "point", "code": "P900", "name": "店", "kind": "shop"}, None),
            ({"what": "point", "code": "P901", "name": "店", "kind": "shop"}, {"type": "Point", "coordinates": [1, 2]}),
            ({"what": "point", "code": "P902", "name": "店", "kind": "shop"}, SQUARE),
            (
                {"what": "point", "code": "P903", "name": "店", "kind": "shop"},
                {"type": "Point", "coordinates": [10**400, 2]},
            ),
            ({**new, "code": f"{TOWN}00180"}, {"type": "Polygon", "coordinates": [[[10**400, 0], [1, 0], [1, 1]]]}),
            ({"what": "area", "code": NEIGHBOUR, "kind": "street"}, None),
        ]
        told = without(told, NEIGHBOUR)
        first = len(told["features"]) + 1
        told["features"] += [{"type": "Feature", "properties": said, "geometry": shape} for said, shape in wrong]
        before = net()

        report = bring_in(town, told)

        assert [trouble.row for trouble in report.troubles] == list(range(first, first + len(wrong)))
        assert all(trouble.sentence for trouble in report.troubles)
        assert net() == before

    def test_a_file_from_a_chinese_map_says_so_once(self, town: Town) -> None:
        # Somebody drew the cells anew on a Chinese map and forgot to say so.
        told = collection(System.GCJ02, [Subject.AREAS, Subject.POINTS])
        del told["system"]

        report = bring_in(town, told)

        (trouble,) = report.troubles
        assert trouble.row is None
        assert "GCJ-02" in trouble.sentence
        assert f"{report.rows}" in trouble.sentence
        assert bring_in(town, told, system=System.GCJ02).changes == []

    def test_a_file_that_says_its_system_is_believed(self, town: Town) -> None:
        with pytest.raises(Refused, match="GCJ-02") as refusal:
            bring_in(town, collection(System.GCJ02))
        assert refusal.value.code == "wrong_system"

    def test_only_the_operator_and_not_for_yesterday(self, town: Town) -> None:
        with pytest.raises(Refused) as refusal:
            importing.bring_in(content=sent(collection()), system=System.WGS84, since=TODAY(), by=town.mei)
        assert refusal.value.code == "operator_only"
        with pytest.raises(Refused) as refusal:
            bring_in(town, collection(), since=TODAY() - timedelta(days=1))
        assert refusal.value.code == "past"

    def test_what_lies_in_another_ends_with_it_in_one_file(self, town: Town) -> None:
        """Its parts first, wherever they stand in the file; so with a road, its stretches and what stands on it."""
        zone = area(GRID).parent
        assert zone is not None
        grid = made(town, "R090", "示范街面", parent=zone.code, level="grid")
        made(town, "R09001", "示范街面第1网格", parent=grid, level="cell", by=5)
        told = only(collection(), *(f"{TOWN}{code}" for code in ("R090", "R09001")))
        for each in told["features"]:
            each["properties"]["until"] = f"{TODAY() + timedelta(days=30)}"

        report = bring_in(town, told)

        assert (sentences(report), report.done) == ([], True)
        assert {each.until for each in Area.objects.filter(code__startswith=f"{TOWN}R090")} == {
            TODAY() + timedelta(days=30)
        }

    def test_a_thousand_copies_of_one_outline_are_said_and_not_counted(self, town: Town) -> None:
        shape = written(shrunk(shape_of(CELL), 50))
        said = {"what": "area", "level": "cell", "kind": "community", "parent": GRID}
        copies = [
            {"type": "Feature", "properties": {**said, "code": f"{GRID}{n:02}", "name": f"抄{n}"}, "geometry": shape}
            for n in range(20, 99)
        ]

        report = bring_in(town, {"type": "FeatureCollection", "features": copies})

        assert len(report.troubles) <= 2 * importing.MOST_TROUBLES
        assert not report.done

    def test_after_two_hundred_mistakes_it_stops(self, town: Town) -> None:
        rows = "".join(f"road,R{n},,main\r\n" for n in range(300, 600))
        report = bring_in(town, f"what,code,name,road_class\r\n{rows}".encode())

        assert len(report.troubles) == importing.MOST_TROUBLES
        assert report.rows == 300

    def test_a_new_area_with_an_end_is_asked_whether_it_fits(self, town: Town) -> None:
        told = only(collection(), f"{CELL}")
        told["features"][0]["properties"] |= {"code": f"{GRID}98", "until": f"{TODAY() + timedelta(days=9)}"}

        (sentence,) = sentences(bring_in(town, told))

        assert "重叠" in sentence

    def test_a_stretch_that_has_ended_comes_back(self, town: Town) -> None:
        gone = segment("振祁路", 1)
        Segment.objects.filter(pk=gone.pk).update(until=TODAY() - timedelta(days=3))
        told = {"type": "FeatureCollection", "features": [
            {"type": "Feature", "geometry": gone.shape,
             "properties": {"what": "segment", "code": gone.road.code, "number": 1, "name": gone.name}},
        ]}  # fmt: skip

        report = bring_in(town, told)

        assert [change.become for change in report.changes] == [[Become.FOUND]]
        back = segment("振祁路", 1)
        assert (back.since, back.until) == (TODAY(), None)


NESTED = b"[" * 200_000


class TestBrokenFiles:
    @pytest.mark.parametrize(
        ("content", "code"),
        [
            (b"", "empty"),
            (b"  \r\n ", "empty"),
            (b"\xef\xbb\xbf", "empty"),
            (b"{", "unreadable"),
            (b"[]", "unreadable"),
            (b'{"type": "FeatureCollection"}', "unreadable"),
            (b'{"type": "FeatureCollection", "features": {}}', "unreadable"),
            (b'{"type": "FeatureCollection", "features": []}', "empty"),
            (b'{"type": "FeatureCollection", "features": [1]}', "unreadable"),
            (b'{"type": "FeatureCollection", "features": [{"properties": null}]}', "unreadable"),
            (b'{"type": "FeatureCollection", "features": [{"properties": {"name": [1]}}]}', "unreadable"),
            (b'{"type": "FeatureCollection", "features": [{"properties": {"number": NaN}}]}', "unreadable"),
            (
                b'{"type": "FeatureCollection", "features": [{"properties": {"name": "%s"}}]}' % (b"x" * 501),
                "unreadable",
            ),
            (
                b'{"type": "FeatureCollection", "features": [{"properties": {"number": %s}}]}' % (b"9" * 5000),
                "unreadable",
            ),
            (
                b'{"type": "FeatureCollection", "crs": {"properties": {"name": "EPSG::4549"}}, "features": [{"properties": {}}]}',
                "projected",
            ),
            (sent({"type": "FeatureCollection", "features": [{"properties": {}}] * 5001}), "too_many"),
            (NESTED, "unreadable"),
            (b'{"features": ' + NESTED, "unreadable"),
            (b"\x89PNG\r\n\x1a\n\x00\x00\x00\xff\xff\xff", "encoding"),
            (b"PK\x03\x04 a spreadsheet", "columns"),
            (b"name,age\r\nx,1\r\n", "columns"),
            (b"what,code\r\n", "empty"),
            (b'what,code,name\r\narea,1,"' + b"x" * 200_000, "unreadable"),
            (b"what,code\r\n" + b"area,1\r\n" * 5001, "too_many"),
            (b" " * (files.LARGEST + 1), "too_large"),
            (b'{"type": "FeatureCollection", "features": [{"properties": {"name": "\\ud83d"}}]}', "unreadable"),
            (b'{"type": "FeatureCollection", "crs": "\\ud83d", "features": [{"properties": {}}]}', "projected"),
        ],
        ids=range(27),
    )
    def test_each_has_its_sentence(self, content: bytes, code: str) -> None:
        with pytest.raises(Refused) as refusal:
            files.read(content)

        assert (refusal.value.code, refusal.value.field, refusal.value.status) == (code, "file", 422)
        assert refusal.value.sentence.encode()  # it can be shown

    @pytest.mark.parametrize(
        "shape",
        [
            "GEOMETRYCOLLECTION(" * 40_000,
            "CIRCULARSTRING (0 0, 1 1, 2 0)",
            "CURVEPOLYGON (CIRCULARSTRING (0 0, 1 1, 2 0, 1 -1, 0 0))",
            "POLYGON " + "(" * 6500,
            {"type": [], "coordinates": []},
            {"type": {}, "coordinates": []},
            {"type": "Polygon", "coordinates": json.loads("[" * 700 + "]" * 700)},
            "POLYGON ((0 0, 1 0, 1 1, 0 0))",  # words are no GeoJSON
        ],
        ids=["collection", "arc", "curve", "brackets", "list", "object", "deep", "words"],
    )
    def test_shapes_that_break_their_readers(self, town: Town, shape: Any) -> None:
        told = only(collection(), f"{CELL}")
        told["features"][0]["geometry"] = shape

        (sentence,) = sentences(bring_in(town, told))

        assert "读不出来" in sentence

    @pytest.mark.parametrize("shape", ["GEOMETRYCOLLECTION(" * 6800, "CIRCULARSTRING (0 0, 1 1, 2 0)"], ids=[0, 1])
    def test_such_shapes_in_a_table(self, town: Town, shape: str) -> None:
        (sentence,) = sentences(bring_in(town, f'what,code,geometry\r\narea,{CELL},"{shape}"\r\n'.encode()))

        assert "读不出来" in sentence

    WORDS = st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-(10**400), 10**400),
        st.floats(),
        st.text(max_size=5),
        st.sampled_from([CELL, "R001", "P001", "area", "segment", "point", "1e999"]),
    )
    SHAPES = st.fixed_dictionaries(
        {
            "type": st.one_of(
                st.sampled_from(["Polygon", "MultiPolygon", "LineString", "Point", "GeometryCollection", "x"]),
                st.lists(st.text(max_size=2), max_size=1),
            ),
            "coordinates": st.recursive(WORDS, lambda inner: st.lists(inner, max_size=4), max_leaves=12),
        }
    )
    FEATURES = st.lists(
        st.fixed_dictionaries(
            {
                "properties": st.fixed_dictionaries(
                    {"what": st.sampled_from(["area", "road", "segment", "point"]), "code": WORDS},
                    optional=dict.fromkeys([*exporting.COLUMNS][2:], WORDS),
                ),
                "geometry": st.one_of(st.none(), WORDS, SHAPES),
            }
        ),
        min_size=1,
        max_size=4,
    )

    @settings(
        max_examples=150,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )
    @given(FEATURES)
    def test_nonsense_ends_in_sentences(self, town: Town, features: list[Any]) -> None:
        content = json.dumps({"type": "FeatureCollection", "features": features}).encode()
        report = None
        with contextlib.suppress(Refused):
            report = importing.rehearse(content=content, system=System.GCJ02, since=TODAY(), by=town.admin)

        assert report is None or report.rows == len(features)

    @settings(max_examples=100, deadline=None)
    @given(
        st.one_of(
            st.binary(max_size=200),
            st.text(max_size=100).map(lambda text: f"what,code,geometry\r\n{text}".encode("utf-8", "replace")),
        )
    )
    def test_so_do_bytes(self, content: bytes) -> None:
        rows = None
        with contextlib.suppress(Refused):
            rows = files.read(content).rows

        assert rows is None or len(rows) > 0


def test_the_formula_in_a_cell_is_none(town: Town) -> None:
    Area.objects.filter(code=CELL).update(name="=1+1", name_en="@SUM(A1)")
    table = exporting.as_table(exporting.records(TODAY(), [Subject.AREAS]), system=System.WGS84)

    assert table.startswith(b"\xef\xbb\xbf")
    assert b"\r\n" in table
    assert b",'=1+1,'@SUM(A1)," in table
    assert f"area,'{CELL}".encode() in table


def test_geojson_is_what_the_standard_wants(town: Town) -> None:
    told = collection()

    assert told["type"] == "FeatureCollection"
    assert "crs" not in told
    for each in told["features"]:
        assert each["type"] == "Feature"
        shape = each["geometry"] and shapely.geometry.shape(each["geometry"])
        if isinstance(shape, shapely.Polygon):
            assert shape.exterior.is_ccw
    assert feature(told, "R001")["geometry"] is None
    assert date.fromisoformat(told["day"]) == TODAY()


def test_an_ended_thing_is_not_exported(town: Town) -> None:
    before = copy.deepcopy(collection())
    PointOfInterest.objects.filter(code="P001").update(until=TODAY())

    assert [each["id"] for each in collection()["features"]] == [
        each["id"] for each in before["features"] if each["id"] != "P001"
    ]
