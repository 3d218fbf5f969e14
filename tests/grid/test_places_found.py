"""Roads, areas and what stands along the roads are found by their names; machines are told of their pages."""

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from grid.models import Area, PointOfInterest, Road
from grid.net import gazetteer
from tests.cast import Town
from tests.grid import net
from tests.grid.chains import a_road
from tests.reading import page, words


def found(*asked: str) -> list[str]:
    return [each.name for each in gazetteer.places_named(asked, on=timezone.localdate())]


def test_the_road_before_the_areas_before_the_points(town: Town) -> None:
    listed = found("振祁路")
    assert listed[0] == "振祁路"
    kinds = [1 if Road.objects.filter(name=name) else 2 if Area.objects.filter(name=name) else 3 for name in listed]
    assert sorted(kinds) == kinds
    assert set(kinds) == {1, 2, 3}


def test_what_is_called_just_so_stands_first(town: Town) -> None:
    assert found("玉祁社区")[0] == "玉祁社区"
    assert found("yuqi", "community")[0] == "玉祁社区"


def test_all_words_in_one_language(town: Town) -> None:
    assert found("振祁", "街面")
    assert found("振祁", "zhenqi") == []
    assert found() == []
    assert found("没有这个地方") == []


def test_what_stands_no_longer_is_not_found(town: Town) -> None:
    for model in (Road, Area, PointOfInterest):
        model.objects.update(until=timezone.localdate())
    assert found("路") == []


def test_a_point_along_no_road_has_no_page_to_be_found_on(town: Town) -> None:
    PointOfInterest.objects.update(road=None)
    assert not set(found("示范")) & set(PointOfInterest.objects.values_list("name", flat=True))


def ask(client: Client, **asked: str) -> list[str]:
    return [words(title) for title in page(client.get("/search/", asked)).select(".found-title")]


def test_the_search_names_places_before_pages(town: Town, visitor: Client) -> None:
    read = page(visitor.get("/search/", {"q": "振祁路"}))
    first = read.select_one(".found-title a")
    assert (words(first), first["href"]) == ("振祁路", "/roads/R001/")
    assert words(first.mark) == "振祁路"


def test_more_places_than_shown_are_a_tap_away_and_paged(town: Town, visitor: Client) -> None:
    for number in range(30):
        a_road(f"W{number}", name=f"长长路{number}")
    assert len(ask(visitor, q="长长路")) == 4
    assert len(ask(visitor, q="长长路", kind="place")) == 20
    assert len(ask(visitor, q="长长路", kind="place", page="2")) == 10
    count = words(page(visitor.get("/search/", {"q": "长长路"})).select_one("h2.small"))
    assert "30" in count


def test_places_are_of_no_organisation_no_year_and_no_other_kind(town: Town, visitor: Client) -> None:
    for narrowed in ({"of": town.yuqi.slug}, {"year": "2026"}, {"kind": "notice"}):
        assert "振祁路" not in ask(visitor, q="振祁路", **narrowed)
    assert ask(visitor, q="振祁路", kind="place")[0] == "振祁路"


@pytest.mark.parametrize("typed", ["", "  ", "，。", "%", "_", "\\", "路" * 80])
def test_whatever_is_typed_is_answered(town: Town, visitor: Client, typed: str) -> None:
    assert visitor.get("/search/", {"q": typed, "kind": "place"}).status_code == 200


def test_what_people_wrote_is_escaped(town: Town, visitor: Client) -> None:
    Road.objects.filter(code="R001").update(name="<b>振祁路</b>")
    assert "<b>振祁" not in visitor.get("/search/", {"q": "振祁路"}).content.decode()


def test_machines_are_told_of_every_area_and_road_of_today(town: Town, visitor: Client) -> None:
    Road.objects.filter(code="R002").update(until=timezone.localdate())
    told = visitor.get("/sitemap.xml").content.decode()
    for path in ("/grid/", "/roads/", f"/grid/{net.CELL}/", f"/grid/{net.TOWN}/", "/roads/R001/"):
        assert f"<loc>{settings.SITE_URL}{path}</loc>" in told, path
    assert "/roads/R002/" not in told


def test_the_sitemap_asks_no_more_of_more(town: Town, visitor: Client) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            visitor.get("/sitemap.xml")
        return len(asked)

    queries()  # the site's own row is asked for once
    few = queries()
    for number in range(30):
        a_road(f"W{number}")
    assert queries() == few
