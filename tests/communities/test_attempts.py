"""Wrong passwords are counted for a name and an address, ten in ten minutes."""

import threading
from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.core.cache.backends.locmem import LocMemCache

from communities import attempts
from communities.counting import counted
from kit.refusals import Refused


@pytest.fixture(autouse=True)
def _own_cache(settings) -> None:
    """In memory, where time can be moved; counting works the same with Redis."""
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "attempts"}}
    cache.clear()


def try_often(times: int, name: str = "mei", address: str = "10.0.0.1") -> None:
    for _attempt in range(times):
        attempts.begin(name, address)


def test_ten_are_allowed_and_the_eleventh_is_told_when_to_come_back() -> None:
    with time_machine.travel("2026-11-22T19:00:30+08:00", tick=False):
        try_often(10)
        with pytest.raises(Refused) as refusal:
            try_often(1)
    assert (refusal.value.code, refusal.value.status) == ("too_many", 429)
    assert "19:11" in refusal.value.sentence
    assert refusal.value.facts["retry_after"] == 630


def test_at_the_time_that_was_said_one_may_try_again() -> None:
    with time_machine.travel("2026-11-22T19:00:30+08:00", tick=False) as clock:
        try_often(10)
        with pytest.raises(Refused) as refusal:
            try_often(1)
        clock.shift(refusal.value.facts["retry_after"] - 60)
        clock.shift(60)
        try_often(10)
        with pytest.raises(Refused):
            try_often(1)


def test_knocking_on_does_not_prolong_it() -> None:
    with time_machine.travel("2026-11-22T19:00:00+08:00", tick=False) as clock:
        try_often(10)
        for _minute in range(9):
            clock.shift(timedelta(minutes=1))
            with pytest.raises(Refused):
                try_often(1)
        clock.shift(timedelta(minutes=1, seconds=1))
        try_often(1)


def test_another_name_and_another_address_have_their_own_count() -> None:
    try_often(10)
    try_often(1, name="yan")
    try_often(1, address="10.0.0.2")
    with pytest.raises(Refused):
        try_often(1)


@pytest.mark.parametrize("variant", ["MEI", " mei ", "Mei"])
def test_spelling_a_name_otherwise_is_no_way_round(variant: str) -> None:
    try_often(10)
    with pytest.raises(Refused):
        try_often(1, name=variant)


def test_the_right_password_starts_from_nothing() -> None:
    try_often(9)
    attempts.forget("mei", "10.0.0.1")
    try_often(10)
    with pytest.raises(Refused):
        try_often(1)


def let_through_of_a_hundred() -> int:
    """How many attempts of twenty who knock five times each, all in the same instant, are let through."""
    let_through: list[int] = []
    start = threading.Barrier(20)

    def knock() -> None:
        start.wait(20)
        for _attempt in range(5):
            try:
                attempts.begin("mei", "10.0.0.1")
                let_through.append(1)
            except Refused:
                pass

    threads = [threading.Thread(target=knock) for _thread in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return len(let_through)


def test_a_hundred_in_the_same_instant_are_ten() -> None:
    assert let_through_of_a_hundred() == attempts.MOST


def test_twin_a_count_that_is_read_and_then_written_lets_more_through(monkeypatch: pytest.MonkeyPatch) -> None:
    everybody_has_read = threading.Barrier(20)

    def read_then_write(key: str, _seconds: float) -> int:
        count: int = cache.get(key, 0) + 1
        everybody_has_read.wait(20)
        cache.set(key, count)
        return count

    monkeypatch.setattr(attempts, "counted", read_then_write)
    assert let_through_of_a_hundred() > attempts.MOST


def test_what_runs_out_between_two_lines_is_counted_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    add = LocMemCache.add
    lost: list[bool] = []

    def add_and_lose(own: LocMemCache, key: str, *what: object) -> bool:
        is_new: bool = add(own, key, *what)
        if not lost:
            lost.append(own.delete(key))
        return is_new

    monkeypatch.setattr(LocMemCache, "add", add_and_lose)
    assert [counted("x", 60), counted("x", 60)] == [1, 2]
    assert lost == [True]


def test_a_cache_that_forgot_half_still_counts() -> None:
    """The two entries may be pushed out apart from each other."""
    try_often(10)
    window = attempts._key("mei", "10.0.0.1")
    cache.delete(window)
    try_often(10)
    cache.delete(attempts._count_of(window, cache.get(window)))
    try_often(10)
    with pytest.raises(Refused) as refusal:
        try_often(1)
    assert 0 < refusal.value.facts["retry_after"] <= attempts.WINDOW.total_seconds() + 60


@pytest.mark.parametrize("name", ["", "名" * 5000, "a\nb", "\ud800", "x" * 300])
def test_any_name_can_be_counted(name: str) -> None:
    attempts.begin(name, "10.0.0.1")
