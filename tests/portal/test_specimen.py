"""The page of all components: nothing that pages are made of is missing there."""

from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from django.test import Client, override_settings
from django.urls import path

from portal.specimen import specimen
from portal.urls import urlpatterns
from tests.cast import Town

ROOMS = Path(__file__).resolve().parents[2]
SHARED = (
    "updates/_feed.html",
    "updates/_entry.html",
    "events/_roster.html",
    "events/_phone.html",
    "events/_sign_in_list.html",
    "volunteers/_display.html",
)
"""Parts of other rooms that more than one page wears, or that are a component in themselves."""


class Pages:
    urlpatterns = [path("ui/", specimen, name="specimen"), *urlpatterns]


@pytest.fixture(autouse=True)
def _pages() -> object:
    with override_settings(ROOT_URLCONF=Pages):
        yield


def components() -> set[str]:
    own = (ROOMS / "portal" / "templates" / "ui").glob("_*.html")
    return {f"ui/{file.name}" for file in own} | set(SHARED)


def rendered(browser: Client, query: str = "") -> set[str]:
    """The templates that the page is made of."""
    answer = browser.get(f"/ui/{query}")
    assert answer.status_code == 200
    return {str(template.name) for template in answer.templates}


def test_every_component_is_on_the_page(visitor: Client, town: Town) -> None:
    visitor.force_login(town.chen)
    assert len(components()) > 40
    assert components() - rendered(visitor) - rendered(visitor, "?bar=nav") == set()


@pytest.mark.django_db
def test_it_stands_without_anybody_signed_in(visitor: Client) -> None:
    assert "ui/_action_card.html" in rendered(visitor)


@pytest.mark.django_db
def test_every_state_that_may_be_forgotten_is_there(visitor: Client) -> None:
    read = BeautifulSoup(visitor.get("/ui/").content, "html.parser")
    for state in (
        ".pager a[rel=prev]",
        ".pager a[rel=next]",
        ".chip.on",
        ".chip:not(.on)",
        ".btn[disabled]",
        ".is-focus",
        ".field.bad",
        ".errors, [role=alert]",
        ".empty",
        ".stitches",
        ".sign-in .in-line",
        ".roster li",
        "input[disabled]",
    ):
        assert read.select(state), state
    assert len({nav.text.split("/")[0] for nav in read.select(".pager")}) == 3  # first, middle, last


def test_a_name_for_an_address_is_given_once(visitor: Client, town: Town) -> None:
    visitor.force_login(town.chen)
    names = [each["id"] for each in BeautifulSoup(visitor.get("/ui/").content, "html.parser").select("[id]")]
    assert [name for name in names if names.count(name) > 1] == []
