"""The stream: whose news somebody reads."""

import json

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from events import calling_off, posting, seats
from events.models import ActionPage
from tests import cast
from tests.cast import Town, announced
from tests.reading import main, page, words
from updates import book


def as_(person: object) -> Client:
    client = Client()
    client.force_login(person)
    return client


def about(client: Client, of: str = "") -> list[str]:
    """The titles of what the stream tells, from the top."""
    return [words(title) for title in page(client.get("/updates/", {"of": of} if of else {})).select(".entry-about")]


def followed(client: Client, of: str = "") -> dict[str, int]:
    answer = page(client.get("/updates/", {"of": of} if of else {}))
    return json.loads(answer.select_one("live-feed")["data-follow"])


def test_a_visitor_reads_the_news_of_the_town(town: Town, visitor: Client) -> None:
    announced(town, title="扫雪")
    action = announced(town, title="扫街", host=town.school, by=town.bo)
    posting.post(action=action, text="改到南门", by=town.bo)
    assert about(visitor) == ["扫街", "扫街", "扫雪"]
    assert followed(visitor) == book.heads(["town"])
    answer = visitor.get("/updates/")
    assert "改到南门" in main(answer)
    assert not page(answer).select(".chips, .tabs")
    assert answer["Cache-Control"] == "public, no-cache"


def test_what_is_near_to_somebody(town: Town) -> None:
    mine = announced(town, title="我的", host=town.school, by=town.bo)
    announced(town, title="本社区的")
    announced(town, title="别处的", host=town.school, by=town.bo)
    cast.sign_up(town.yan, mine.shifts.get())
    yan = as_(town.yan)
    assert about(yan) == ["别处的", "本社区的", "我的"]
    assert about(yan, "mine") == ["我的"]
    assert about(yan, "organisations") == ["本社区的"]
    assert about(yan, "town") == ["别处的", "本社区的", "我的"]
    assert about(yan, "nonsense") == about(yan)
    topics = {f"action:{mine.pk}", f"organisation:{town.yuqi.pk}", "town"}
    assert set(followed(yan)) == topics
    assert followed(yan) == book.heads(topics)


def test_who_cancelled_is_told_no_more_and_who_was_called_off_is(town: Town) -> None:
    left, off = announced(town, title="我退了的"), announced(town, title="叫停的")
    seats.cancel(sign_up=cast.sign_up(town.dana, left.shifts.get()), by=town.dana)
    cast.sign_up(town.lan, off.shifts.get())
    calling_off.call_off(action=off, reason="路面封闭", by=town.mei)
    assert about(as_(town.dana), "mine") == []
    assert about(as_(town.lan), "mine") == ["叫停的", "叫停的"]


def test_what_is_no_longer_public_is_not_told(town: Town, visitor: Client) -> None:
    action = announced(town, title="撤下的")
    announced(town, title="还在的")
    ActionPage.objects.filter(translation_key=action.key).update(live=False)
    assert about(visitor) == ["还在的"]
    assert about(as_(town.mei)) == ["还在的"]


@pytest.mark.parametrize("of", ["", "mine", "organisations"])
def test_an_empty_stream_says_so(town: Town, of: str) -> None:
    answer = as_(town.dana).get("/updates/", {"of": of})
    assert words(page(answer).select_one(".feed-empty"))
    assert not page(answer).select(".entry")


def test_tabs_and_chips_for_who_is_signed_in(town: Town) -> None:
    answer = page(as_(town.dana).get("/updates/", {"of": "mine"}))
    assert [link["href"] for link in answer.select(".tabs a")] == ["/updates/", "/my/messages/"]
    assert [chip["href"] for chip in answer.select(".chips .chip.on")] == ["/updates/?of=mine"]


def test_older_news_on_the_next_page(town: Town, visitor: Client) -> None:
    action = announced(town)
    for nth in range(25):
        posting.post(action=action, text=f"第{nth}条", by=town.mei)
    first = page(visitor.get("/updates/"))
    assert len(first.select(".entries > .entry")) == 20
    older = next(link["href"] for link in first.select("a.btn.small") if "before=" in link["href"])
    second = page(visitor.get(f"/updates/{older}"))
    assert "第4条" in words(second.select_one(".entries"))
    assert len(second.select(".entries > .entry")) == 6
    assert not second.select_one("live-feed").has_attr("data-follow")
    assert len(page(visitor.get("/updates/?before=x")).select(".entries > .entry")) == 20


def test_at_most_fifty_topics(town: Town) -> None:
    for _nth in range(32):
        cast.sign_up(town.zhou, announced(town, cast.in_hours(24 + 3 * _nth)).shifts.get())
    assert len(followed(as_(town.zhou))) == 31


@pytest.mark.parametrize("number", [3, 30])
def test_the_queries_do_not_grow(town: Town, number: int) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/updates/").status_code == 200
        return len(queries)

    client = as_(town.yan)
    cast.sign_up(town.yan, announced(town).shifts.get())
    few = asked()
    for nth in range(number):
        cast.sign_up(town.yan, announced(town, cast.in_hours(100 + 3 * nth)).shifts.get())
    assert asked() == few


def test_reloaded_where_there_is_no_script(visitor: Client, town: Town) -> None:
    assert page(visitor.get("/updates/")).select_one('noscript meta[http-equiv="refresh"]')
