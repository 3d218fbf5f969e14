"""What every test may ask for.

``town``       the cast on a database of its own, inside a transaction that is rolled back (for most tests).
``committed``  the cast on a fresh copy of the database where commits are real (for races between threads).
``site``       the whole site with the demo town, running as ``manage.py serve`` on a port of its own.
``chromium``   where the browser lies that the journeys look at it with.

What is optional on a machine is found or skipped; with REQUIRE=all a skip is a failure.
"""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connections
from django.test import Client
from hypothesis import HealthCheck
from hypothesis import settings as guessing
from pytest_django.plugin import DjangoDbBlocker

from tests import cast, grounds, running

if settings.REDIS_URL:
    # A database of Redis for each worker, for the servers it starts too: what one empties, the other still needs.
    os.environ["REDIS_URL"] = settings.REDIS_URL = grounds.own_redis(settings.REDIS_URL)
    settings.CACHES["default"]["LOCATION"] = settings.REDIS_URL
    settings.CHANNEL_LAYERS["default"]["CONFIG"]["hosts"] = [settings.REDIS_URL]

# How long guessing takes says how busy the machine is, and nothing about what was guessed.
guessing.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
guessing.load_profile("house")

ARTEFACTS = grounds.ROOT / "var" / "artefacts"


def needs(what: str, found: object) -> None:
    """Skip the test where ``what`` is not on this machine, or fail it where nothing may be missing."""
    if found:
        return
    if os.environ.get("REQUIRE") == "all":
        pytest.fail(f"{what} is missing, and REQUIRE=all", pytrace=False)
    pytest.skip(f"{what} is missing")


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Instead of pytest-django's own: a copy of the template with the cast, one for each worker."""
    name = f"work_{grounds.run_id()}_{grounds.worker()}"
    grounds.copy(grounds.with_cast(), name)
    settings.MEDIA_ROOT = grounds.folder(name) / "media"
    grounds.connect_to(name)
    yield
    with django_db_blocker.unblock():
        connections.close_all()
    grounds.drop(name)


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    cache.clear()


@pytest.fixture
def town(db: None) -> cast.Town:
    return cast.gather()


@pytest.fixture
def committed(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[cast.Town]:
    """For threads: what one commits, the other sees. The database is thrown away afterwards."""
    name = f"race_{grounds.run_id()}_{grounds.worker()}"
    own = connections["default"].settings_dict["NAME"]
    grounds.copy(grounds.with_cast(), name)
    with django_db_blocker.unblock():
        grounds.connect_to(name)
        yield cast.gather()
        connections.close_all()
    connections["default"].settings_dict["NAME"] = own
    grounds.drop(name)


@pytest.fixture
def visitor() -> Client:
    """Somebody without a session."""
    return Client()


@pytest.fixture(scope="module")
def ground() -> str:
    """The template that ``site`` runs on a copy of; a module that needs more than the demo town names another."""
    return grounds.with_demo()


@pytest.fixture(scope="module")
def site(request: pytest.FixtureRequest, ground: str) -> Iterator[running.Site]:
    """The demo town on a server of its own, for the tests of one module.

    With the worker and the clock, unless the module is marked ``web_alone``: starting them costs more than most tests.
    """
    name = f"site_{grounds.run_id()}_{grounds.worker()}"
    grounds.copy(ground, name)
    with running.Site(name, "web" if request.node.get_closest_marker("web_alone") else "serve") as started:
        yield started
    grounds.drop(name)


@pytest.fixture(scope="session")
def chromium() -> str:
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    needs("Chromium", path)
    return str(path)


@pytest.fixture
def artefacts(request: pytest.FixtureRequest) -> Path:
    """Where this test may leave pictures."""
    folder = ARTEFACTS / Path(str(request.node.path)).stem
    folder.mkdir(parents=True, exist_ok=True)
    return folder
