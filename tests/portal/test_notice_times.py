"""Notices come and go at their time, and what is said of them turns at midnight of the site's own clock."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from portal import clock
from portal.models import NoticePage
from tests import cast
from tests.cast import Town
from tests.reading import page, words

NOON = timezone.make_aware(datetime(2026, 12, 5, 12, 0))
LAST_DAY = date(2026, 12, 5)

PLACES = ("/notices/", "/feeds/notices/", "/sitemap.xml", "/search/?q=停车", "/api/v1/notices/")


@pytest.fixture
def it_is(time_machine: Any) -> Callable[[datetime], None]:
    def move(moment: datetime) -> None:
        time_machine.move_to(moment, tick=False)
        cache.clear()

    move(NOON)
    return move


def where_it_stands(notice: NoticePage) -> set[str]:
    """The places in which a visitor finds it, its own page among them."""
    found = {path for path in PLACES if f"/{notice.slug}/" in Client().get(path).content.decode()}
    return found | ({"itself"} if Client().get(notice.get_url()).status_code == 200 else set())


def test_it_comes_and_goes_at_its_time(town: Town, it_is: Callable[[datetime], None]) -> None:
    notice = cast.notice_draft(town, title="雪天停车", slug="snow")
    notice.go_live_at, notice.expire_at = NOON + timedelta(hours=2), NOON + timedelta(hours=5)
    notice.save_revision(user=town.mei).publish(user=town.mei)

    for hours, stands in ((1, False), (2, True), (4, True), (5, False)):
        it_is(NOON + timedelta(hours=hours, minutes=1))
        clock.publish_scheduled()
        assert where_it_stands(notice) == ({*PLACES, "itself"} if stands else set()), hours


@pytest.mark.parametrize(
    ("fields", "before", "after"),
    [
        ({"kind": "policy", "valid_until": LAST_DAY}, "In force", "No longer in force"),
        ({"valid_from": LAST_DAY + timedelta(days=1)}, "Not in force yet", "In force"),
        (
            {"kind": "publicity", "publicity_from": LAST_DAY, "publicity_until": LAST_DAY},
            "On display, today is the last day",
            "No longer on display",
        ),
        (
            {
                "kind": "consultation",
                "publicity_from": LAST_DAY + timedelta(days=1),
                "publicity_until": LAST_DAY + timedelta(days=3),
            },
            "Comments wanted soon",
            "Comments wanted, 2 more days",
        ),
    ],
)
def test_the_word_for_its_state_turns_at_midnight_here(
    town: Town, it_is: Callable[[datetime], None], fields: dict[str, Any], before: str, after: str
) -> None:
    """Midnight in Shanghai is four in the afternoon in UTC, where the day stays the same."""
    notice = cast.notice(town, **fields)
    midnight = timezone.make_aware(datetime(2026, 12, 6))
    for moment, said in ((midnight - timedelta(seconds=1), before), (midnight, after)):
        it_is(moment)
        for path in (notice.get_url(), "/notices/"):
            states = [words(state) for state in page(english().get(path)).select(".main .state, article .state")]
            assert said in states, (path, moment)


def english() -> Client:
    return Client(headers={"accept-language": "en"})


def test_what_ran_out_is_on_top_no_more_from_midnight(town: Town, it_is: Callable[[datetime], None]) -> None:
    cast.notice(town, title="置顶到今天", is_pinned=True, valid_until=LAST_DAY)
    cast.notice(town, title="后来的")
    midnight = timezone.make_aware(datetime(2026, 12, 6))
    for moment, first in ((midnight - timedelta(seconds=1), "置顶到今天"), (midnight, "后来的")):
        it_is(moment)
        titles = [each["title"] for each in Client().get("/api/v1/notices/").json()["results"]]
        assert set(titles) == {"置顶到今天", "后来的"}
        listed = Client().get("/notices/").content.decode()
        assert min(titles, key=listed.index) == first
