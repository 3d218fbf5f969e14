"""How people and programs come to the lists of the grid: its tabs, the way to the desk, the feeds, the three numbers."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.utils import timezone

from communities.models import Organisation
from grid.models import Area, Post, Road
from tests.cast import Town
from tests.grid import net
from tests.grid.chains import post
from tests.grid.test_area_page import a_case
from tests.reading import page

ATOM = "application/atom+xml"
CELL = "32020600500101"
PLACES = ("/grid/", "/roads/", "/cases/")
DESK = "/cases/desk/"


def tabs(client: Client, address: str) -> dict[str, bool]:
    """The addresses of the tabs, and which says that one is there."""
    return {tab["href"]: tab.get("aria-current") == "page" for tab in page(client.get(address)).select("main .tabs a")}


def feeds(read: BeautifulSoup) -> set[str]:
    """The feeds of cases in the head."""
    links = read.select(f'head link[rel="alternate"][type="{ATOM}"]')
    return {link["href"] for link in links if link["href"].startswith("/feeds/cases/")}


@pytest.mark.parametrize("here", PLACES)
def test_from_each_list_to_the_others(town: Town, visitor: Client, here: str) -> None:
    assert tabs(visitor, here) == {address: address == here for address in PLACES}


@pytest.mark.parametrize("here", PLACES)
def test_the_desk_is_offered_to_whoever_has_work_there(town: Town, client: Client, here: str) -> None:
    post(town, Post.Role.ROAD_CHIEF, net.road("振祁路"), town.lu, level=3)
    for person, works in ((town.lu, True), (town.admin, True), (town.dana, False)):
        client.force_login(person)
        assert (DESK in tabs(client, here)) == works
        assert (client.get(DESK).status_code == 200) == works


def test_the_bar_on_phones_stays_as_it_was_and_the_way_leads_over_what_is_there(town: Town, visitor: Client) -> None:
    home = page(visitor.get("/"))
    assert len(home.select("nav.bar a")) == 5
    assert home.select('main a[href="/cases/"]')
    assert page(visitor.get("/report/")).select('main a[href="/cases/"]')
    assert page(visitor.get("/cases/")).select_one('.head-nav [aria-current="page"]')["href"] == "/grid/"


def test_each_page_names_its_feed_in_the_head_and_in_sight(town: Town, visitor: Client) -> None:
    unit = town.chengguan
    a_case(1, net.area(CELL), unit=unit)
    pages = {
        "/cases/": "/feeds/cases/",
        "/roads/R001/": "/feeds/cases/roads/R001/",
        f"/grid/{CELL}/": f"/feeds/cases/areas/{CELL}/",
        unit.section.get_url(): f"/feeds/cases/organisations/{unit.slug}/",
    }
    for address, feed in pages.items():
        read = page(visitor.get(address))
        assert feeds(read) == {feed}
        assert read.select_one(f'main a[type="{ATOM}"]')["href"] == feed
        answer = visitor.get(feed)
        assert (answer.status_code, answer.headers["Content-Type"].split(";")[0]) == (200, ATOM)


def test_every_feed_that_an_organisation_names_is_there(town: Town, visitor: Client) -> None:
    for organisation in Organisation.objects.public():
        for feed in feeds(page(visitor.get(organisation.section.get_url()))):
            assert visitor.get(feed).status_code == 200


def test_what_stands_no_more_has_no_feed(town: Town, visitor: Client) -> None:
    today = timezone.localdate()
    Road.objects.filter(code="R001").update(until=today)
    Area.objects.filter(code=CELL).update(until=today)
    for address in ("/roads/R001/", f"/grid/{CELL}/"):
        assert feeds(page(visitor.get(address))) == set()


def test_the_three_numbers_open_their_lists_for_whoever_may_see_them(
    town: Town, client: Client, visitor: Client
) -> None:
    def opened(client: Client, query: str = "") -> list[str]:
        read = page(client.get(f"/grid/{query}"))
        return [number["href"] for number in read.select("section[aria-labelledby=zero] a.figure")]

    lists = [f"/grid/integrity/?list={name}" for name in ("places", "people", "cases")]
    client.force_login(town.admin)
    assert opened(client) == lists
    assert opened(client, f"?on={timezone.localdate() + timedelta(days=1)}") == []
    assert opened(visitor) == []
    client.force_login(town.dana)
    assert opened(client) == []
