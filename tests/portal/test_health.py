"""``/healthz``: 200 when the site can work, 503 with the name of what cannot, and never a wait without end."""

import threading
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.test import Client
from django.utils import timezone

from portal import health
from portal.models import Beat

ALL = {"database", "channel_layer", "cache", "worker", "disk"}


@pytest.fixture(autouse=True)
def _ground(committed: object) -> None:
    """The checks look with connections of their own: what they see must be committed."""


def beat(seconds_ago: float) -> None:
    Beat.objects.update_or_create(
        name="worker:here:1", defaults={"at": timezone.now() - timedelta(seconds=seconds_ago)}
    )


def test_all_is_well(visitor: Client) -> None:
    beat(seconds_ago=5)
    answer = visitor.get("/healthz")
    assert answer.status_code == 200
    assert answer.json() == {"status": "ok", "checks": dict.fromkeys(ALL, "ok")}
    assert answer["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(("seconds_ago", "status"), [(50, 200), (70, 503)])
def test_a_silent_worker_is_missed(visitor: Client, seconds_ago: float, status: int) -> None:
    beat(seconds_ago)
    answer = visitor.get("/healthz")
    assert answer.status_code == status
    assert answer.json()["checks"]["worker"] == ("ok" if status == 200 else "silent")


def test_a_worker_that_never_was_is_missed(visitor: Client) -> None:
    Beat.objects.mark("clock:events.seats.pass_places_on")  # others' signs of life do not count
    answer = visitor.get("/healthz")
    assert (answer.status_code, answer.json()["checks"]["worker"]) == (503, "silent")


def test_one_living_worker_of_several_is_enough(visitor: Client) -> None:
    beat(seconds_ago=5)
    Beat.objects.create(name="worker:there:2", at=timezone.now() - timedelta(days=1))
    assert visitor.get("/healthz").status_code == 200


@pytest.mark.parametrize("name", sorted(ALL))
def test_what_fails_is_named_and_the_others_are_still_asked(
    visitor: Client, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    def fail() -> None:
        raise ConnectionError("password=secret")

    beat(seconds_ago=5)
    monkeypatch.setitem(health.CHECKS, name, fail)
    answer = visitor.get("/healthz")
    assert answer.status_code == 503
    assert answer.json() == {"status": "unwell", "checks": {**dict.fromkeys(ALL, "ok"), name: "unreachable"}}
    assert b"secret" not in answer.content


def test_a_check_that_hangs_is_not_waited_for_and_not_begun_twice(
    visitor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = []
    release = threading.Event()

    def hang() -> None:
        begun.append(1)
        release.wait(60)

    beat(seconds_ago=5)
    monkeypatch.setattr(health, "PATIENCE", 0.5)
    monkeypatch.setitem(health.CHECKS, "cache", hang)
    try:
        for _ in range(3):
            answer = visitor.get("/healthz")
            assert (answer.status_code, answer.json()["checks"]["cache"]) == (503, "slow")
        assert len(begun) == 1
    finally:
        release.set()
    monkeypatch.undo()
    health._running["cache"].result(60)
    assert visitor.get("/healthz").status_code == 200


def test_a_disk_that_fills_up_is_said_before_it_is_full(visitor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    beat(seconds_ago=5)
    nearly_full = SimpleNamespace(total=10**12, used=10**12 - 10**8, free=10**8)
    monkeypatch.setattr(health.shutil, "disk_usage", lambda _: nearly_full)
    answer = visitor.get("/healthz")
    assert (answer.status_code, answer.json()["checks"]["disk"]) == (503, "full")


def test_it_is_only_read(visitor: Client) -> None:
    assert visitor.post("/healthz").status_code == 405
