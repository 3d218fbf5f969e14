"""The site as one thing: it comes up together, mends itself, and leaves nobody behind."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests import grounds, running

CHILDREN = {"web", "worker", "clock"}


@pytest.fixture(scope="module")
def database() -> Iterator[str]:
    name = f"serve_{grounds.run_id()}_{grounds.worker()}"
    grounds.copy(grounds.with_cast(), name)
    yield name
    grounds.drop(name)


@pytest.fixture(scope="module")
def site(database: str) -> Iterator[running.Site]:
    """For the tests that leave it as it was; it takes its time to start."""
    with running.Site(database, LOG_LEVEL="INFO", LOG_FORMAT="json") as started:
        yield started


@pytest.fixture
def doomed() -> Iterator[running.Site]:
    """For the tests at whose end it is gone."""
    name = f"doomed_{grounds.run_id()}_{grounds.worker()}"
    grounds.copy(grounds.with_cast(), name)
    with running.Site(name, LOG_LEVEL="INFO", LOG_FORMAT="json") as started:
        yield started
    grounds.drop(name)


def pids(site: running.Site) -> dict[str, int]:
    """The processes that serve said it started, by name; the last one counts."""
    found = {}
    for line in site.log.read_text().splitlines():
        with contextlib.suppress(json.JSONDecodeError):
            entry = json.loads(line)
            if isinstance(entry, dict) and entry.get("event") == "child_started":
                found[entry["name"]] = entry["pid"]
    return found


def lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    # A zombie has ended; only nobody has asked how.
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return True


def health(site: running.Site) -> dict[str, Any]:
    with urllib.request.urlopen(f"{site.url}/healthz", timeout=30) as answer:
        return dict(json.load(answer))


def test_it_comes_up_whole_and_says_where(site: running.Site) -> None:
    assert health(site) == {
        "status": "ok",
        "checks": dict.fromkeys(("database", "channel_layer", "cache", "worker", "disk"), "ok"),
    }
    running.wait_until(lambda: site.log.read_text().count(f"{site.url}/") >= 2, "it says where, and when it is up")
    assert set(pids(site)) == CHILDREN
    groups = {os.getpgid(pid) for pid in pids(site).values()}
    assert groups == {os.getpgid(site.process.pid)}


@pytest.mark.parametrize("name", sorted(CHILDREN))
def test_a_child_that_dies_is_started_again(site: running.Site, name: str) -> None:
    before = pids(site)
    os.kill(before[name], signal.SIGKILL)
    running.wait_until(lambda: pids(site)[name] != before[name], f"{name} is started again")
    running.wait_until(site._is_healthy, "the site is well again")
    after = pids(site)
    assert {other for other in CHILDREN if after[other] == before[other]} == CHILDREN - {name}


def test_when_it_is_killed_its_children_end(doomed: running.Site) -> None:
    children = pids(doomed)
    assert all(lives(pid) for pid in children.values())
    os.kill(doomed.process.pid, signal.SIGKILL)
    doomed.process.wait(30)
    for name, pid in children.items():
        running.wait_until(lambda pid=pid: not lives(pid), f"{name} has ended")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_told_to_end_it_ends_with_all_its_children(doomed: running.Site, number: signal.Signals) -> None:
    children = pids(doomed)
    doomed.process.send_signal(number)
    assert doomed.process.wait(60) == 0
    assert not [name for name, pid in children.items() if lives(pid)]


def serve(database: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", "serve", *arguments],
        cwd=grounds.ROOT,
        env={**grounds.environment(database), **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_an_address_that_is_taken_is_said(site: running.Site, database: str) -> None:
    second = serve(database, "--port", str(site.port))
    assert second.returncode == 1
    assert "PORT" in second.stderr
    assert health(site)["status"] == "ok"


def test_it_refuses_to_start_what_is_unsafe(database: str) -> None:
    refused = serve(database, HOST="0.0.0.0")  # noqa: S104
    assert refused.returncode == 1
    assert "DEMO_PASSWORD" in refused.stderr


def test_it_refuses_an_address_given_as_an_option_too(database: str) -> None:
    refused = serve(database, "--host", "0.0.0.0")  # noqa: S104
    assert refused.returncode == 1
    assert "DEMO_PASSWORD" in refused.stderr


@pytest.mark.skipif(grounds.ON_POSTGRES, reason="an empty file is what is looked at")
def test_it_refuses_a_database_that_was_not_migrated() -> None:
    name = f"empty_{grounds.run_id()}_{grounds.worker()}"
    refused = serve(name)
    grounds.drop(name)
    assert refused.returncode == 1
    assert "migrate" in refused.stderr
