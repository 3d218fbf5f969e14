"""The operator's pages of the net: the tree, one area, its outline, roads, points, gaps, files. They work without script."""

import json
from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from grid.models import Area, Boundary, PointOfInterest, Road, Segment, SentFile
from grid.net import corners, exporting, geometry, importing
from grid.net.coordinates import System, to_gcj02
from tests import reading
from tests.cast import Town
from tests.grid.net import CELL, GRID, NEIGHBOUR, TOWN, area, road, segment, shape_of, shrunk

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate


@pytest.fixture
def operator(town: Town, visitor: Client) -> Client:
    visitor.force_login(town.admin)
    return visitor


def fields(answer: Any, action: str) -> dict[str, str]:
    """What a browser would send of the form with this address, nothing changed."""
    form = BeautifulSoup(answer.content.decode(), "html.parser").find("form", action=action)
    assert form is not None
    sent = {}
    for each in form.select("input[name], textarea[name], select[name]"):
        if each.get("type") in {"checkbox", "radio"} and not each.has_attr("checked"):
            continue
        if each.name == "select":
            option = each.find("option", selected=True) or each.find("option")
            sent[each["name"]] = option["value"]
        else:
            sent[each["name"]] = (
                each.get("value", "on" if each.get("type") == "checkbox" else "")
                if each.name == "input"
                else each.text.strip()
            )
    return sent


def outline_of(code: str) -> str:
    return reverse("grid:drawing_outline", args=[code])


class TestAreas:
    def test_the_tree_and_what_lies_in_a_grid(self, operator: Client) -> None:
        tree = reading.main(operator.get("/operator/grid/"))
        for name in ("玉祁街道", "北片区", "玉祁社区", "振祁路街面", "礼社村"):
            assert name in tree
        assert "第1网格" not in tree  # cells stand on the page of their grid
        assert "4" in tree

        page = reading.main(operator.get(f"/operator/grid/areas/{GRID}/"))
        assert "玉祁社区第4网格" in page
        assert "运营者" in page  # who drew it

    def test_it_is_searched_by_name_code_and_english(self, operator: Client) -> None:
        for asked in ("第1网格", CELL, "cell 1"):
            assert "玉祁社区第1网格" in reading.main(operator.get("/operator/grid/", {"q": asked}))
        assert "玉祁社区" not in reading.main(operator.get("/operator/grid/", {"q": "查无此格"}))

    def test_a_form_that_comes_back_unchanged_changes_nothing(self, operator: Client) -> None:
        before = list(Boundary.objects.values_list("pk", "until"))
        for code in (CELL, GRID, TOWN, f"{TOWN}R002"):
            answer = operator.post(outline_of(code), fields(operator.get(outline_of(code)), outline_of(code)))
            assert answer.status_code == 302

        assert list(Boundary.objects.values_list("pk", "until")) == before

    def test_an_outline_is_drawn_by_writing_its_corners(self, operator: Client) -> None:
        smaller = shrunk(shape_of(CELL), 30)
        sent = {"shape": corners.as_text(smaller), "source": "WGS-84", "since": f"{TODAY()}"}
        answer = operator.post(outline_of(CELL), sent, follow=True)

        assert geometry.size_of(shape_of(CELL)) == pytest.approx(geometry.size_of(smaller), rel=1e-3)
        assert len(reading.page(answer).select("section[aria-labelledby=outlines] li")) == 2

    @pytest.mark.parametrize(
        ("changes", "field", "words"),
        [
            ({"shape": "120.18, 31.71\nhere\n"}, "shape", "2"),
            ({"shape": "120.18, 31.71"}, "shape", "三|three"),
            ({"shape": ""}, "shape", ""),
            ({"shape": '{"type": "Point", "coordinates": [1, 2]}'}, "shape", ""),
            ({"shape": '{"type": "FeatureCollection", "features": []}'}, "shape", ""),
            ({"shape": "{" * 2000}, "shape", ""),
            ({"since": "yesterday"}, "since", ""),
            ({"since": "2020-01-01"}, "since", ""),
            ({"source": "BD-09"}, "source", ""),
        ],
    )
    def test_what_was_typed_stays_beside_the_sentence(
        self, operator: Client, changes: dict[str, str], field: str, words: str
    ) -> None:
        sent = {**fields(operator.get(outline_of(CELL)), outline_of(CELL)), **changes}
        sent["shape"] = changes.get("shape", corners.as_text(shrunk(shape_of(CELL), 30)))
        answer = operator.post(outline_of(CELL), sent)

        assert answer.status_code == 422
        assert reading.errors(answer, field)
        assert not words or any(word in reading.errors(answer, field) for word in words.split("|"))
        textarea = reading.page(answer).find(id="id_shape")
        assert textarea is not None
        assert textarea.text.strip() == sent["shape"].strip()
        assert Boundary.objects.filter(area__code=CELL).count() == 1

    def test_from_a_chinese_map_it_says_which_system_to_choose(self, operator: Client) -> None:
        shape = "\n".join(
            "{:.8f}, {:.8f}".format(*to_gcj02((x, y))) for x, y in shrunk(shape_of(CELL), 30).exterior.coords
        )
        sent = {"shape": shape, "source": "WGS-84", "since": f"{TODAY()}"}
        answer = operator.post(outline_of(CELL), sent)

        assert answer.status_code == 422
        assert "GCJ-02" in reading.errors(answer, "source")
        assert operator.post(outline_of(CELL), {**sent, "source": "GCJ-02"}).status_code == 302

    def test_over_a_neighbour_it_names_it(self, operator: Client) -> None:
        both = (shape_of(CELL) | shape_of(NEIGHBOUR)).buffer(0)
        sent = {"shape": corners.as_text(both), "source": "WGS-84", "since": f"{TODAY()}"}
        answer = operator.post(outline_of(CELL), sent)

        assert answer.status_code == 409
        assert "玉祁社区第2网格" in reading.errors(answer, "shape")

    def test_a_new_cell(self, operator: Client) -> None:
        operator.post(
            outline_of(CELL),
            {"shape": corners.as_text(shrunk(shape_of(CELL), 60)), "source": "WGS-84", "since": f"{TODAY()}"},
        )
        where = f"/operator/grid/areas/new/?in={GRID}"
        page = operator.get(where)
        assert reading.page(page).find(id="id_kind") is None
        sent = fields(page, where)
        assert sent["code"] == GRID
        ground = shape_of(GRID).intersection(shape_of(CELL).buffer(0.0004).difference(shape_of(CELL).buffer(0.0001)))
        ground = ground.difference(shape_of(NEIGHBOUR).buffer(0.0001)).difference(
            shape_of(f"{TOWN}00103").buffer(0.0001)
        )
        sent |= {"code": f"{TOWN}00105", "name": "边角网格", "shape": corners.as_text(ground)}
        answer = operator.post(where, sent)

        assert answer.status_code == 302
        assert (area(f"{TOWN}00105").kind, area(f"{TOWN}00105").is_schematic) == ("community", True)

    def test_a_cell_has_no_parts(self, operator: Client) -> None:
        assert operator.get(f"/operator/grid/areas/new/?in={CELL}").status_code == 302
        assert operator.get("/operator/grid/areas/new/?in=nothing").status_code == 404
        assert reading.page(operator.get(f"/operator/grid/areas/new/?in={TOWN}-N")).find(id="id_kind") is not None
        assert operator.get("/operator/grid/areas/new/").status_code == 200

    def test_words_and_end(self, operator: Client, town: Town) -> None:
        words = f"/operator/grid/areas/{CELL}/words/"
        sent = fields(operator.get(f"/operator/grid/areas/{CELL}/"), words)
        assert operator.post(words, {**sent, "name": "东头", "organisation": str(town.yuqi.pk)}).status_code == 302
        assert (area(CELL).name, area(CELL).organisation, area(CELL).name_en) == (
            "东头",
            town.yuqi,
            "Yuqi Community, cell 1",
        )
        assert operator.post(words, {**sent, "name": ""}).status_code == 422

        end = f"/operator/grid/areas/{GRID}/end/"
        refused = operator.post(end, {"until": f"{TODAY()}"})
        assert refused.status_code == 409
        assert "东头" in reading.errors(refused, "until")
        assert operator.post(f"/operator/grid/areas/{CELL}/end/", {"until": f"{TODAY()}"}).status_code == 302
        assert area(CELL).until == TODAY()
        assert operator.get(f"/operator/grid/areas/{CELL}/").status_code == 200
        assert operator.get(outline_of(CELL)).status_code == 200

    def test_what_lies_around_is_there_for_the_editor(self, operator: Client) -> None:
        asked = {"of": "area", "level": "cell", "in": GRID, "but": CELL}
        told = operator.get("/operator/grid/around.json", asked).json()

        roles = {each["properties"]["name"]: each["properties"]["role"] for each in told["features"]}
        assert roles["玉祁社区"] == "whole"
        assert roles["玉祁社区第2网格"] == "community"
        assert "玉祁社区第1网格" not in roles
        roads = operator.get("/operator/grid/around.json", {"of": "road", "but": "R001-2"}).json()
        assert len(roads["features"]) == Segment.objects.count()  # one less, and the town


class TestRoadsAndPoints:
    def test_the_lists_and_their_search(self, operator: Client) -> None:
        assert "振祁路" in reading.main(operator.get("/operator/grid/roads/"))
        found = reading.main(operator.get("/operator/grid/roads/", {"q": "hairui"}))
        assert "海瑞路" in found
        assert "振祁路" not in found
        found = reading.main(operator.get("/operator/grid/points/", {"q": "P001"}))
        assert "甜甜水果店" in found
        assert "掌上手机店" not in found
        assert operator.get("/operator/grid/points/", {"q": "%_", "page": "x"}).status_code == 200

    def test_a_road_with_its_first_stretch(self, operator: Client) -> None:
        sent = fields(operator.get("/operator/grid/roads/new/"), "/operator/grid/roads/new/")
        answer = operator.post("/operator/grid/roads/new/", {**sent, "code": "R050", "name": "示范新路"})
        assert answer.status_code == 302
        where = "/operator/grid/roads/R050/1/"
        sent = fields(operator.get(where), where)
        sent |= {"name": "东段", "shape": "120.184, 31.715\n120.186 31.715", "odd_from": "1", "odd_to": "9"}
        assert operator.post(where, sent).status_code == 302

        assert segment("示范新路", 1).length == pytest.approx(189, abs=2)
        assert "东段" in reading.main(operator.get("/operator/grid/roads/R050/"))

    def test_unchanged_forms_change_nothing(self, operator: Client) -> None:
        def rows() -> list[Any]:
            return [list(model.objects.order_by("pk").values_list()) for model in (Road, Segment, PointOfInterest)]

        before = rows()
        for where in ("/operator/grid/roads/R001/", "/operator/grid/roads/R001/2/", "/operator/grid/points/P001/"):
            assert operator.post(where, fields(operator.get(where), where)).status_code == 302
        assert rows() == before

    def test_a_stretch_is_refused_with_what_was_typed(self, operator: Client) -> None:
        where = "/operator/grid/roads/R001/2/"
        sent = fields(operator.get(where), where)
        answer = operator.post(where, {**sent, "odd_from": "2"})
        assert answer.status_code == 422
        assert reading.errors(answer, "odd_from")
        answer = operator.post(where, {**sent, "shape": "120.18, 31.71\n\n120.19, 31.71"})
        assert answer.status_code == 422
        assert reading.errors(answer, "shape")

    def test_ends(self, operator: Client) -> None:
        today = {"until": f"{TODAY()}"}
        assert operator.post("/operator/grid/roads/R001/3/end/", today).status_code == 302
        assert operator.post("/operator/grid/roads/R001/3/end/", today).status_code == 404
        assert operator.post("/operator/grid/roads/R001/2/end/", {"until": "x"}).status_code == 422
        assert operator.post("/operator/grid/roads/R001/end/", today).status_code == 409
        assert operator.post("/operator/grid/roads/R019/end/", today).status_code == 302
        assert operator.post("/operator/grid/points/P001/end/", today).status_code == 302
        later = {"until": f"{TODAY() + timedelta(days=1)}"}
        assert operator.post("/operator/grid/points/P001/end/", later).status_code == 409
        assert (road("示范三巷").until, PointOfInterest.objects.get(code="P001").until) == (TODAY(), TODAY())

    def test_a_number_that_no_stretch_can_have(self, operator: Client) -> None:
        where = f"/operator/grid/roads/R001/{10**30}/"
        sent = {**fields(operator.get("/operator/grid/roads/R001/2/"), "/operator/grid/roads/R001/2/")}
        assert operator.get(where).status_code == 200
        assert operator.post(where, sent).status_code == 422
        assert operator.post(f"{where}end/", {"until": f"{TODAY()}"}).status_code == 404

    def test_a_new_point_at_a_house(self, operator: Client, town: Town) -> None:
        where = "/operator/grid/points/new/"
        sent = fields(operator.get(where), where)
        sent |= {"code": "P900", "name": "新店", "kind": "shop", "road": str(road("振祁路").pk), "house_number": "21"}
        assert operator.post(where, sent).status_code == 302
        assert PointOfInterest.objects.get(code="P900").house_number == 21
        answer = operator.post(where, {**sent, "code": "P901", "house_number": "9999"})
        assert answer.status_code == 422
        assert reading.errors(answer, "shape")


class TestGaps:
    def test_each_line_leads_to_the_place(self, operator: Client) -> None:
        smaller = geometry.written_down(shrunk(shape_of(CELL), 30))
        Boundary.objects.filter(area__code=CELL).update(shape=smaller)

        page = reading.page(operator.get("/operator/grid/gaps/"))
        (link,) = page.select("section[aria-labelledby=lines] li a")
        assert link["href"].startswith(f"/operator/grid/areas/{GRID}/outline/?at=120.")
        where = operator.get(link["href"])
        assert str(reading.page(where).find("draw-shape")["data-at"]) in str(link["href"])
        table = operator.get("/operator/grid/gaps.csv")
        assert table["Content-Type"] == "text/csv; charset=utf-8"
        assert table.content.startswith(b"\xef\xbb\xbf")
        assert table.content.count(b"\r\n") == 2
        assert GRID in table.content.decode()

    def test_a_day_that_cannot_be_read_is_today(self, operator: Client) -> None:
        for day in ("x", "2026-02-30", "9" * 300):
            assert operator.get("/operator/grid/gaps/", {"on": day}).status_code == 200
            assert operator.get("/operator/grid/gaps.csv", {"on": day}).status_code == 200
        long_ago = operator.get("/operator/grid/gaps/", {"on": "1990-01-01"})
        assert reading.page(long_ago).select(".msg.want")


class TestFiles:
    def send(self, operator: Client, content: bytes, **changes: str) -> Any:
        file = SimpleUploadedFile("net.geojson", content)
        return operator.post(
            "/operator/grid/files/", {"file": file, "source": "WGS-84", "since": f"{TODAY()}", **changes}
        )

    def changed(self) -> bytes:
        told = json.loads(exporting.as_geojson(exporting.records(TODAY()), day=TODAY(), system=System.WGS84))
        next(each for each in told["features"] if each["id"] == CELL)["properties"]["name"] = "东头网格"
        return json.dumps(told).encode()

    def confirm(self, operator: Client, report: HttpResponse) -> HttpResponse:
        """Press the button under the report."""
        mark = reading.page(report).select_one("form[action$='/bring-in/'] [name=file]")
        assert mark is not None
        return operator.post("/operator/grid/files/bring-in/", {"file": mark["value"]}, follow=True)

    def test_sent_read_and_brought_in(self, operator: Client, town: Town) -> None:
        report = self.send(operator, self.changed())

        assert report.status_code == 200
        assert "东头网格" in reading.main(report)
        assert area(CELL).name == "玉祁社区第1网格"
        answer = self.confirm(operator, report)
        assert answer.redirect_chain == [("/operator/grid/gaps/", 302)]
        assert area(CELL).name == "东头网格"
        assert not SentFile.objects.exists()
        again = self.confirm(operator, report)
        assert again.redirect_chain == [("/operator/grid/gaps/", 302)]
        assert "已经导入" in reading.page(again).get_text()

    def test_the_report_of_another_window_confirms_nothing(self, operator: Client) -> None:
        report = self.send(operator, self.changed())
        self.send(operator, self.changed().replace("东头网格".encode("unicode_escape"), b"x"))
        answer = self.confirm(operator, report)

        assert answer.redirect_chain == [("/operator/grid/files/", 302)]
        assert "又传了另一个文件" in reading.page(answer).get_text()
        assert area(CELL).name == "玉祁社区第1网格"

    def test_what_was_sent_before_is_let_go_by_a_file_with_a_mistake(self, operator: Client) -> None:
        report = self.send(operator, self.changed())
        self.send(operator, self.changed().replace(b'"R001"', b'"x"'))

        assert not SentFile.objects.exists()
        self.confirm(operator, report)
        assert area(CELL).name == "玉祁社区第1网格"

    def test_what_nobody_confirms_is_not_kept(self, operator: Client) -> None:
        self.send(operator, self.changed())
        importing.forget_old(now=timezone.now())
        assert SentFile.objects.exists()
        importing.forget_old(now=timezone.now() + importing.KEPT + timedelta(minutes=1))
        assert not SentFile.objects.exists()

    def test_with_a_mistake_there_is_nothing_to_confirm(self, operator: Client) -> None:
        told = json.loads(self.changed())
        told["features"][0]["properties"]["code"] = "x"
        report = self.send(operator, json.dumps(told).encode())

        assert report.status_code == 422
        assert not reading.page(report).find("form", action="/operator/grid/files/bring-in/")
        assert not SentFile.objects.exists()

    def test_what_changed_in_between_is_said(self, operator: Client) -> None:
        report = self.send(operator, self.changed())
        Area.objects.filter(code=CELL).update(code=f"{TOWN}00199")
        answer = self.confirm(operator, report)

        assert answer.status_code == 409
        assert not Area.objects.filter(name="东头网格").exists()

    def test_a_file_that_waited_past_its_day(self, operator: Client) -> None:
        report = self.send(operator, self.changed())
        SentFile.objects.update(since=TODAY() - timedelta(days=1))
        answer = self.confirm(operator, report)

        assert answer.redirect_chain == [("/operator/grid/files/", 302)]
        assert area(CELL).name == "玉祁社区第1网格"

    @pytest.mark.parametrize("content", [b"", b"{", b"\xff\xff\x00", b"[" * 100_000, b"a,b\r\n1,2\r\n"])
    def test_a_broken_file_has_its_sentence(self, operator: Client, content: bytes) -> None:
        answer = self.send(operator, content)

        assert answer.status_code == 422
        assert reading.errors(answer, "file")

    def test_without_a_file(self, operator: Client) -> None:
        answer = operator.post("/operator/grid/files/", {"source": "WGS-84", "since": f"{TODAY()}"})
        assert answer.status_code == 422
        assert reading.errors(answer, "file")

    @pytest.mark.parametrize(
        ("form", "kind"), [("geojson", "application/geo+json"), ("csv", "text/csv; charset=utf-8")]
    )
    def test_taken_away(self, operator: Client, form: str, kind: str) -> None:
        asked = {"subject": ["areas", "points"], "form": form, "source": "GCJ-02", "on": f"{TODAY()}"}
        answer = operator.get("/operator/grid/files/export/", asked)

        assert answer["Content-Type"] == kind
        assert answer["Content-Disposition"] == f'attachment; filename="net-{TODAY()}-GCJ-02.{form}"'
        assert "甜甜水果店" in answer.content.decode()
        assert "segment" not in answer.content.decode()
        report = self.send(operator, answer.content, source="GCJ-02")
        assert report.status_code == 200
        assert not SentFile.objects.exists()  # there is nothing to confirm

    def test_nothing_chosen(self, operator: Client) -> None:
        answer = operator.get("/operator/grid/files/export/", {"form": "x"})
        assert answer.status_code == 422
        assert reading.errors(answer, "subject")


@pytest.mark.parametrize(
    "where",
    [
        "/operator/grid/",
        f"/operator/grid/areas/{GRID}/",
        "/operator/grid/roads/",
        "/operator/grid/points/",
        "/operator/grid/gaps/",
    ],
)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_pages_ask_the_same_however_much_there_is(operator: Client, where: str, language: str) -> None:
    operator.cookies["django_language"] = language

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert operator.get(where).status_code == 200
        return len(queries)

    asked()
    many = asked()
    PointOfInterest.objects.exclude(code="P001").delete()
    for stretch in Segment.objects.exclude(road__code="R001"):
        stretch.delete()
    Road.objects.exclude(code="R001").delete()
    cells = Area.objects.filter(level="cell").exclude(code=CELL)
    Boundary.objects.filter(area__in=cells).delete()
    cells.delete()

    assert asked() == many


@pytest.mark.parametrize("who", ["", "dana", "mei", "lu"])
def test_nobody_else_sees_any_of_it(town: Town, visitor: Client, who: str) -> None:
    if who:
        visitor.force_login(getattr(town, who))
    for where in (
        "/operator/grid/",
        f"/operator/grid/areas/{CELL}/",
        "/operator/grid/areas/new/",
        "/operator/grid/around.json",
        "/operator/grid/roads/R001/2/",
        "/operator/grid/points/P001/",
        "/operator/grid/gaps.csv",
        "/operator/grid/files/export/?subject=areas&form=csv&source=WGS-84&on=2026-11-27",
    ):
        answer = visitor.get(where)
        assert answer.status_code == (404 if who else 302)
        assert "玉祁社区第1网格" not in answer.content.decode()
