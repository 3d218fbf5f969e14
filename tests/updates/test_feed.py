"""The feed: what the book tells as news, once each, the newest first."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.db import connection
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from events import calling_off, posting, shifts
from events.models import Action
from tests import cast
from tests.cast import Town, announced, in_hours
from tests.reading import words
from updates import book, feed
from updates.feed import Entry, Feed, Page


def told(*topics: str, limit: int = 20, before: int | None = None) -> Page:
    return feed.entries(topics, limit=limit, before=before)


def verbs(page: Page) -> list[str]:
    return [entry.verb for entry in page.entries]


def shown(topic: str, *, names_subject: bool = False, withdraw_from: str = "") -> BeautifulSoup:
    return drawn(feed.live(told(topic), book.heads([topic]), names_subject=names_subject, withdraw_from=withdraw_from))


def drawn(shown_feed: Feed) -> BeautifulSoup:
    request = RequestFactory().get("/updates/")
    page = render_to_string("updates/_feed.html", {"feed": shown_feed, "nothing": "-"}, request)
    return BeautifulSoup(page, "html.parser")


def full_of_news(town: Town) -> tuple[Action, Action]:
    first, second = announced(town, title="扫雪|今晚", title_en="Snow tonight"), announced(town, title="扫街")
    posting.post(action=first, text="到北口集合\n带手套", by=town.mei)
    shift = first.shifts.get()
    shifts.change(shift=shift, hours=in_hours(80, task="北口"), by=town.mei)
    calling_off.call_off(action=second, reason="路面封闭", by=town.mei)
    return first, second


def test_news_and_nothing_else_the_newest_first(town: Town) -> None:
    action, _other = full_of_news(town)
    cast.sign_up(town.dana, action.shifts.get())
    assert verbs(told(f"action:{action.pk}")) == ["moved", "posted", "opened"]
    assert verbs(told("town")) == ["called_off", "moved", "posted", "opened", "opened"]


def test_what_several_topics_heard_is_told_once(town: Town) -> None:
    action, _other = full_of_news(town)
    topics = (f"action:{action.pk}", f"organisation:{town.yuqi.pk}", "town")
    page = told(*topics)
    assert verbs(page) == verbs(told("town"))
    assert len({entry.ref for entry in page.entries}) == 5
    assert all(entry.ref == entry.payload["ref"] for entry in page.entries)


def test_pages_go_on_where_the_last_one_ended(town: Town) -> None:
    full_of_news(town)
    whole = told("town").entries
    seen: list[Entry] = []
    before = None
    while True:
        page = told("town", f"organisation:{town.yuqi.pk}", limit=2, before=before)
        seen += page.entries
        if not page.older:
            break
        before = int(page.older)
    assert [entry.ref for entry in seen] == [entry.ref for entry in whole]


def test_a_topic_in_which_nothing_was_said(town: Town) -> None:
    assert told("action:999999") == Page([])
    assert told() == Page([])


@pytest.mark.parametrize("number", [1, 3, 30])
def test_the_queries_do_not_grow(town: Town, number: int) -> None:
    action = announced(town)
    for nth in range(number):
        posting.post(action=action, text=f"{nth}", by=town.mei)
    with CaptureQueriesContext(connection) as asked:
        page = told(f"action:{action.pk}", "town")
        drawn(feed.live(page, {"town": 1}, names_subject=True))
    assert len(page.entries) == min(number + 1, 20)
    assert len(asked) == 2


def test_what_was_taken_back_is_a_stub_with_its_time(town: Town) -> None:
    action = announced(town)
    with time_machine.travel(datetime(2026, 11, 23, 10, 32, tzinfo=UTC)):
        post = posting.post(action=action, text="写错的话", by=town.mei)
    posting.withdraw(post=post, by=town.mei)
    with time_machine.travel(datetime(2026, 11, 24, 10, 32, tzinfo=UTC)), translation.override("zh-hans"):
        entry = shown("town", names_subject=True).select_one(".entry")
    assert "is-withdrawn" in entry["class"]
    assert "18:32" in words(entry)
    for gone in ("写错的话", "梅芳", "背街里巷清扫"):
        assert gone not in str(entry)
    assert entry["data-ref"] == str(post.key)


# --- what is drawn -----------------------------------------------------------------------------------------------------


def test_each_entry_says_who_when_and_what(town: Town) -> None:
    action, other = full_of_news(town)
    called_off, moved, posted, *_opened = shown("town", names_subject=True).select(".entries > .entry")
    assert "路面封闭" in words(called_off)
    assert called_off.select_one("h2 a")["href"] == other.get_absolute_url()
    assert [time["data-at"] for time in moved.select("time")] == [
        "at", "starts_at", "ends_at", "was.starts_at", "was.ends_at"
    ]  # fmt: skip
    assert words(posted.select_one(".entry-line")).startswith("玉祁社区 梅芳")
    assert posted.select_one(".entry-text").get_text() == "到北口集合\n带手套"
    assert words(posted.h2) == "扫雪今晚"
    assert posted.h2.a["href"] == action.get_absolute_url()


def test_in_english_the_english_title_is_told_where_there_is_one(town: Town) -> None:
    full_of_news(town)
    with translation.override("en"):
        entries = shown("town", names_subject=True).select(".entries > .entry")
    titles = [(words(entry.h2), entry.h2.span["lang"]) for entry in entries]
    assert ("Snow tonight", "en") in titles
    assert ("扫街", "zh-Hans") in titles


def test_a_blank_of_each_verb_has_the_same_places_as_what_the_server_draws(town: Town) -> None:
    full_of_news(town)
    page = shown("town", names_subject=True, withdraw_from="page")

    def shape(part: BeautifulSoup) -> list[tuple[str, object, object, object, object]]:
        names = ("class", "data-field", "data-at", "data-href")
        return [(each.name, *(each.get(name) for name in names)) for each in part.find_all(True)]

    for verb in ("opened", "moved", "called_off", "posted"):
        blank = page.select_one(f'template[data-verb="{verb}"]').select_one(".entry")
        written = {str(shape(entry)) for entry in page.select(".entries > .entry")}
        assert str(shape(blank)) in written, verb
    stub = page.select_one('template[data-verb="withdrawn"]')
    assert stub.select_one('.is-withdrawn time[data-at="at"]')
    assert {each["data-verb"] for each in page.select("template")} >= {
        "opened",
        "moved",
        "called_off",
        "closed",
        "posted",
    }


def test_what_was_written_is_never_markup(town: Town) -> None:
    hostile = '<img src=x onerror=alert(1)>"'
    action = announced(town, title=f"a{hostile}")
    posting.post(action=action, text=hostile, by=town.mei)
    page = shown("town", names_subject=True, withdraw_from="desk")
    assert not page.select("img")
    assert hostile in page.select_one(".entry-text").get_text()


def test_whoever_runs_the_action_finds_the_way_to_withdraw(town: Town) -> None:
    action = announced(town)
    post = posting.post(action=action, text="改到南口", by=town.mei)
    topic = f"action:{action.pk}"
    address = f"/desk/{action.pk}/posts/{post.key}/withdraw/?next=page"
    links = shown(topic, withdraw_from="page").select(".entries .entry-deed a")
    assert [link["href"] for link in links] == [address]
    assert not shown(topic).select(".entry-deed")


def test_a_page_of_older_news_stands_still(town: Town) -> None:
    announced(town)
    page = drawn(feed.live(told("town"), {"town": 1}, is_still=True))
    assert not page.select_one("live-feed").has_attr("data-follow")
    assert not page.select("template")


def test_every_verb_that_is_news_can_be_drawn_blank(town: Town) -> None:
    blanks = Feed([], "", "{}", names_subject=True).blanks
    for entry in blanks:
        drawn = render_to_string("updates/_entry.html", {"entry": entry, "feed": Feed([], "", "{}")})
        assert 'data-seq="0"' in drawn


def test_closing_is_news(town: Town) -> None:
    action = announced(town, in_hours(2))
    cast.put_back(action, timedelta(hours=9))
    calling_off.close(action=Action.objects.get(pk=action.pk), by=town.mei)
    assert verbs(told(f"action:{action.pk}")) == ["closed", "opened"]
