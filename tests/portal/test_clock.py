"""The clock and the worker: everything due is done once, by whoever comes first, and one that fails stops no other."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db import connections
from django.utils import timezone
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from portal import clock
from portal.management.commands.worker import BETWEEN_BEATS, BeatingWorker
from portal.models import Beat

NOON = timezone.make_aware(datetime(2026, 12, 5, 12, 0, 30))
done: list[str] = []
ALL_JOBS = (*clock.MINUTE_JOBS, *clock.DAY_JOBS)


def first() -> None:
    done.append("first")


def fails() -> None:
    done.append("fails")
    raise RuntimeError("planted")


def last() -> None:
    done.append("last")


def daily() -> None:
    done.append("daily")


@pytest.fixture(autouse=True)
def _jobs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "MINUTE_JOBS", (first, fails, last))
    monkeypatch.setattr(clock, "DAY_JOBS", (daily,))
    done.clear()


def at(moment: datetime, time_machine: Any) -> None:
    time_machine.move_to(moment, tick=False)
    clock.tick(moment)


@pytest.mark.usefixtures("committed")
def test_each_job_is_done_once_a_minute_and_once_a_day(time_machine: Any) -> None:
    at(NOON, time_machine)
    assert done == ["first", "fails", "last", "daily"]
    at(NOON + timedelta(seconds=20), time_machine)
    assert len(done) == 4  # the same minute
    at(NOON + timedelta(seconds=40), time_machine)
    assert done[4:] == ["first", "fails", "last"]
    at(NOON + timedelta(hours=11, minutes=59), time_machine)
    assert done.count("daily") == 1
    at(NOON + timedelta(hours=12), time_machine)  # past midnight here, though the same day in UTC
    assert done.count("daily") == 2


@pytest.mark.usefixtures("committed")
def test_a_time_that_was_wrong_once_stops_nothing_for_long() -> None:
    clock.tick(NOON + timedelta(days=300))
    done.clear()
    clock.tick(NOON)
    assert done == ["first", "fails", "last", "daily"]


@pytest.mark.usefixtures("committed")
def test_of_two_clocks_one_does_the_job() -> None:
    together = threading.Barrier(6)

    def tick() -> None:
        together.wait(30)
        clock.tick(NOON)
        connections.close_all()

    with ThreadPoolExecutor(6) as pool:
        for one in [pool.submit(tick) for _ in range(6)]:
            one.result(60)
    assert sorted(done) == ["daily", "fails", "first", "last"]


@pytest.mark.usefixtures("committed")
def test_twin_a_claim_that_looks_and_then_writes_does_the_job_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    both_have_looked = threading.Barrier(2)

    def look_then_write(name: str, *, since: datetime) -> bool:
        beat, _is_new = Beat.objects.get_or_create(name=name)
        both_have_looked.wait(30)
        Beat.objects.filter(pk=beat.pk).update(at=since)
        return beat.at is None

    monkeypatch.setattr(clock, "_claim", look_then_write)
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(clock.tick, [NOON] * 2))
    assert sorted(done) == ["daily"] * 2 + ["fails"] * 2 + ["first"] * 2 + ["last"] * 2


def test_its_jobs_are_these() -> None:
    names = {f"{job.__module__}.{job.__name__}" for job in ALL_JOBS}
    assert names == {
        "portal.clock.publish_scheduled",
        "events.seats.pass_places_on",
        "events.messages.remind",
        "grid.cases.climbing.go_on",
        "grid.cases.climbing.remind",
        "grid.cases.climbing.climb",
        "portal.searching.keeping.catch_up",
        "portal.clock.forget_sessions",
        "portal.clock.forget_tasks",
        "portal.clock.forget_beats",
        "portal.clock.forget_letters",
        "portal.clock.forget_consents",
        "portal.clock.forget_invitations",
        "portal.clock.forget_unconfirmed_mail",
        "portal.clock.forget_report_drafts",
        "portal.clock.forget_files_of_the_net",
        "portal.clock.forget_reporters",
    }


@pytest.mark.django_db
@pytest.mark.parametrize("job", ALL_JOBS, ids=lambda job: job.__name__)
def test_every_job_runs_on_an_ordinary_day(job: clock.Job) -> None:
    job()


@pytest.mark.django_db
def test_what_is_over_is_tidied_away_and_nothing_else() -> None:
    now = timezone.now()
    Session.objects.create(session_key="old", session_data="", expire_date=now - timedelta(days=1))
    Session.objects.create(session_key="new", session_data="", expire_date=now + timedelta(days=1))
    Beat.objects.create(name="worker:old:1", at=now - timedelta(days=2))
    Beat.objects.create(name="worker:new:2", at=now)
    Beat.objects.create(name="clock:rare", at=now - timedelta(days=2))
    clock.forget_sessions()
    clock.forget_beats()
    assert set(Session.objects.values_list("session_key", flat=True)) == {"new"}
    assert set(Beat.objects.values_list("name", flat=True)) == {"worker:new:2", "clock:rare"}


# ------------------------------------------------------------------------------------------------ the worker


@task()
def note(word: str) -> None:
    done.append(word)


@task()
def breaks() -> None:
    raise RuntimeError("planted")


class Finite(BeatingWorker):
    """Ends when there was nothing to do."""

    def __init__(self) -> None:
        super().__init__(interval=0)
        self.beats = 0

    def beat(self) -> None:
        super().beat()
        self.beats += 1
        if not DBTaskResult.objects.ready().exists():
            self.running = False


@pytest.mark.usefixtures("committed")
def test_the_worker_does_all_tasks_and_beats_between_them() -> None:
    DBTaskResult.objects.all().delete()
    for word in ("one", "two"):
        note.enqueue(word)
    breaks.enqueue()
    note.enqueue("three")
    worker = Finite()
    worker.run()
    assert done == ["one", "two", "three"]
    assert worker.beats == 5  # before each of the four, and before it saw that there was no more
    assert Beat.objects.filter(name=worker.name, at__gte=timezone.now() - timedelta(minutes=1)).exists()


@pytest.mark.django_db
def test_it_does_not_write_more_often_than_it_must(time_machine: Any) -> None:
    time_machine.move_to(NOON, tick=False)
    worker = BeatingWorker(interval=0)
    worker.beat()
    written = Beat.objects.get(name=worker.name).at
    time_machine.move_to(NOON + BETWEEN_BEATS / 2, tick=False)
    worker.beat()
    assert Beat.objects.get(name=worker.name).at == written
    time_machine.move_to(NOON + BETWEEN_BEATS, tick=False)
    worker.beat()
    assert Beat.objects.get(name=worker.name).at == NOON + BETWEEN_BEATS
    assert BETWEEN_BEATS.total_seconds() < 20
