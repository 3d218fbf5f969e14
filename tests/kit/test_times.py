"""When, in words: what people say of a moment, seen from another."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone, translation

from kit.times import (
    date_words,
    dated_words,
    day_words,
    hours_words,
    stamp_patterns,
    stamp_words,
    tomorrow_morning,
    tonight,
    written,
)

TOWN = ZoneInfo("Asia/Shanghai")


@pytest.fixture(autouse=True)
def town_time():
    with timezone.override(TOWN):
        yield


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=TOWN)


# A Friday afternoon in December.
NOW = "2026-12-04T16:00"

MOMENTS = [
    # start, end, Chinese, English
    ("2026-12-04T19:00", "2026-12-04T21:00", "今晚 19:00–21:00", "tonight 19:00–21:00"),
    ("2026-12-04T17:00", None, "今晚 17:00", "tonight 17:00"),
    ("2026-12-04T16:59", None, "今天 16:59", "today 16:59"),
    ("2026-12-04T09:00", "2026-12-04T11:00", "今天 09:00–11:00", "today 09:00–11:00"),
    ("2026-12-04T08:30", None, "今早 08:30", "this morning 08:30"),
    ("2026-12-04T04:59", None, "今天 04:59", "today 04:59"),
    ("2026-12-05T05:00", "2026-12-05T07:30", "明早 05:00–07:30", "tomorrow morning 05:00–07:30"),
    ("2026-12-05T09:00", "2026-12-05T11:00", "明天 09:00–11:00", "tomorrow 09:00–11:00"),
    ("2026-12-05T19:00", None, "明晚 19:00", "tomorrow evening 19:00"),
    ("2026-12-05T00:30", None, "明天 00:30", "tomorrow 00:30"),
    ("2026-12-03T19:00", None, "昨晚 19:00", "last night 19:00"),
    ("2026-12-03T06:00", None, "昨天 06:00", "yesterday 06:00"),
    ("2026-12-06T09:00", "2026-12-06T11:00", "12月6日 周日 09:00–11:00", "Sun 6 Dec 09:00–11:00"),
    ("2026-12-06T19:00", None, "12月6日 周日 19:00", "Sun 6 Dec 19:00"),
    ("2026-01-05T06:00", None, "1月5日 周一 06:00", "Mon 5 Jan 06:00"),
    ("2027-01-03T09:00", "2027-01-03T11:00", "2027年1月3日 周日 09:00–11:00", "Sun 3 Jan 2027 09:00–11:00"),
    # over midnight
    (
        "2026-12-04T19:00",
        "2026-12-05T07:30",
        "今晚 19:00 到明早 07:30",
        "tonight 19:00 to tomorrow morning 07:30",
    ),
    ("2026-12-04T22:00", "2026-12-05T00:00", "今晚 22:00–24:00", "tonight 22:00–24:00"),
    ("2026-12-04T22:00:30", "2026-12-05T00:00:30", "今晚 22:00–24:00", "tonight 22:00–24:00"),
    (
        "2026-12-31T20:00",
        "2027-01-01T01:00",
        "12月31日 周四 20:00 到2027年1月1日 周五 01:00",
        "Thu 31 Dec 20:00 to Fri 1 Jan 2027 01:00",
    ),
    ("2026-12-04T22:00", "2026-12-06T00:00", "今晚 22:00 到12月6日 周日 00:00", "tonight 22:00 to Sun 6 Dec 00:00"),
]


@pytest.mark.parametrize(("start", "end", "chinese", "english"), MOMENTS)
def test_a_moment_is_said_as_people_say_it(start, end, chinese, english):
    for language, words in (("zh-hans", chinese), ("en", english)):
        with translation.override(language):
            assert day_words(at(start), at(end) if end else None, now=at(NOW)) == words


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        ("2026-12-04T19:00", "2026-12-04T21:00", "19:00–21:00"),
        ("2026-12-04T22:00", "2026-12-05T00:00", "22:00–24:00"),
        ("2026-12-04T23:30", "2026-12-05T01:30", "23:30–01:30"),
        ("2026-12-04T00:00", "2026-12-04T02:00", "00:00–02:00"),
    ],
)
def test_hours_are_said_without_their_day(start, end, words):
    assert hours_words(at(start), at(end)) == words


def test_a_moment_is_written_as_the_towns_clock_shows_it():
    assert written(datetime(2026, 12, 4, 11, 0, 30, tzinfo=ZoneInfo("UTC"))) == "2026-12-04T19:00+08:00"


def test_what_ran_through_last_night_ends_this_morning():
    with translation.override("zh-hans"):
        assert day_words(at("2026-12-03T19:00"), at("2026-12-04T07:30"), now=at(NOW)) == "昨晚 19:00 到今早 07:30"


def test_the_day_is_the_towns_day_not_the_databases():
    # 17:30 UTC on the 4th is 01:30 on the 5th in town.
    start = datetime(2026, 12, 4, 17, 30, tzinfo=ZoneInfo("UTC"))
    with translation.override("en"):
        assert day_words(start, now=at(NOW)) == "tomorrow 01:30"
        assert day_words(start, now=datetime(2026, 12, 4, 16, 30, tzinfo=ZoneInfo("UTC"))) == "today 01:30"


def test_a_naive_moment_is_an_error():
    with pytest.raises(ValueError, match="naive"):
        day_words(datetime(2026, 12, 4, 19), now=at(NOW))


@pytest.mark.parametrize(
    ("day", "chinese", "english"),
    [
        (date(2026, 12, 4), "今天", "today"),
        (date(2026, 12, 5), "明天", "tomorrow"),
        (date(2026, 12, 3), "昨天", "yesterday"),
        (date(2026, 12, 9), "12月9日 周三", "Wed 9 Dec"),
        (date(2025, 12, 9), "2025年12月9日 周二", "Tue 9 Dec 2025"),
    ],
)
def test_a_date_is_said_without_a_time(day, chinese, english):
    for language, words in (("zh-hans", chinese), ("en", english)):
        with translation.override(language):
            assert date_words(day, today=date(2026, 12, 4)) == words


@pytest.mark.parametrize(
    ("now", "start", "end"),
    [
        ("2026-12-04T16:00", "2026-12-04T19:00", "2026-12-04T21:00"),
        ("2026-12-04T19:00", "2026-12-04T19:00", "2026-12-04T21:00"),
        ("2026-12-04T19:01", "2026-12-04T19:30", "2026-12-04T21:30"),
        ("2026-12-04T20:30", "2026-12-04T21:00", "2026-12-04T23:00"),
        ("2026-12-04T23:40", "2026-12-05T00:00", "2026-12-05T02:00"),
        ("2026-12-05T00:20", "2026-12-05T19:00", "2026-12-05T21:00"),
    ],
)
def test_tonight_is_the_next_evening_slot_that_has_not_begun(now, start, end):
    assert tonight(at(now)) == (at(start), at(end))
    assert tonight(at(now))[0] >= at(now)


@pytest.mark.parametrize(
    ("now", "start", "end"),
    [
        ("2026-12-04T16:00", "2026-12-05T06:30", "2026-12-05T08:30"),
        ("2026-12-04T23:59", "2026-12-05T06:30", "2026-12-05T08:30"),
        # Still up at half past one, "tomorrow morning" is the one in five hours.
        ("2026-12-05T01:30", "2026-12-05T06:30", "2026-12-05T08:30"),
        ("2026-12-05T04:00", "2026-12-06T06:30", "2026-12-06T08:30"),
        ("2026-12-31T20:00", "2027-01-01T06:30", "2027-01-01T08:30"),
    ],
)
def test_tomorrow_morning_is_the_coming_morning(now, start, end):
    assert tomorrow_morning(at(now)) == (at(start), at(end))


# --- stamps ------------------------------------------------------------------------------------------------------------

TOLD_AT = datetime(2026, 11, 23, 10, 32, tzinfo=UTC)  # 18:32 in the town


@pytest.mark.parametrize(
    ("later", "chinese", "english"),
    [
        (timedelta(0), "18:32", "18:32"),
        (timedelta(hours=5, minutes=27), "18:32", "18:32"),
        (timedelta(hours=5, minutes=28), "昨天 18:32", "yesterday 18:32"),
        (timedelta(hours=29, minutes=28), "11月23日 18:32", "23 Nov 18:32"),
        (timedelta(days=60), "2026年11月23日 18:32", "23 Nov 2026 18:32"),
        (timedelta(days=-1), "11月23日 18:32", "23 Nov 18:32"),
    ],
)
def test_when_something_was_told(later, chinese, english):
    for language, expected in (("zh-hans", chinese), ("en", english)):
        with translation.override(language):
            assert stamp_words(TOLD_AT, TOLD_AT + later) == expected


def test_a_dated_time_names_its_day_today_too():
    with translation.override("en"):
        assert dated_words(TOLD_AT, TOLD_AT) == "23 Nov 18:32"


def test_a_browser_gets_the_same_words():
    with translation.override("en"):
        patterns = stamp_patterns()
    assert patterns["yesterday"] == "yesterday {time}"
    assert patterns["year"] == "{day} {month} {year} {time}"
    assert len(patterns["months"].split()) == 12
