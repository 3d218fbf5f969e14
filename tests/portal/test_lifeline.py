"""A process is told to end while it waits."""

import signal
from collections.abc import Iterator

import pytest

from portal.lifeline import End


@pytest.fixture
def end() -> Iterator[End]:
    numbers = (signal.SIGUSR1, signal.SIGALRM)
    before = {number: signal.getsignal(number) for number in numbers}
    told = End()
    told.listen(*numbers)
    yield told
    for number, handler in before.items():
        signal.signal(number, handler)


def test_who_was_told_waits_no_more(end: End) -> None:
    assert not end.wait(0)
    signal.raise_signal(signal.SIGUSR1)
    assert end.wait(3600)


def test_told_in_the_middle_of_waiting(end: End) -> None:
    signal.setitimer(signal.ITIMER_REAL, 0.05)
    assert end.wait(3600)
