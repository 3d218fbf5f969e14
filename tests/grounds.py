"""Databases to test on: migrated once, told once, copied for whoever needs one.

Migrating takes twenty seconds and founding five organisations with their sections takes a few more, so both are done
once and kept as templates: a file (SQLite) or a database (PostgreSQL) to copy from. The key of a template is a hash of
what it was made from, so a change of code makes a new one.
"""

import contextlib
import fcntl
import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from django.db import connections

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("kit", "updates", "communities", "volunteers", "grid", "events", "portal")
ON_POSTGRES = os.environ.get("DATABASE_URL", "").startswith("postgres")
GROUND = ROOT / "var" / "test" / ("postgresql" if ON_POSTGRES else "sqlite")
KEPT = 1800
"""Seconds that an outdated template stays, for a run that still copies from it."""
FRESH = 480
"""Seconds after which the stage is set anew: a place that is on offer in it stands for twenty minutes."""
SAID = "said.json"
"""The file beside a database in which stands what its last teller said."""
DOORS = "doors.json"
"""The file beside a database in which stand the sessions that are ready in it: see ``tests.doors``."""

TELL_CAST = """
import django
django.setup()
from communities import demo
demo.tell("{password}")
from volunteers import demo
demo.tell()
from grid import demo
demo.tell()
"""
TELL_DEMO = """
import django
django.setup()
from django.conf import settings
from django.core.management import call_command
from tests import doors, grounds
settings.DEMO_PASSWORD = grounds.PASSWORD
call_command("demo")
doors.open_all()
"""
TELL_STAGE = "from tests.journeys import views; views.stage()"
PASSWORD = "a-town-together"


def run_id() -> str:
    """One for all workers of a test run."""
    return os.environ.get("PYTEST_XDIST_TESTRUNUID", f"single{os.getpid()}")[:12]


def worker() -> str:
    return os.environ.get("PYTEST_XDIST_WORKER", "alone")


def own_redis(url: str) -> str:
    """The database of Redis that belongs to this worker: so many after the one in ``url``."""
    parts = urlsplit(url)
    number = int(parts.path.strip("/") or 0) + int(worker().removeprefix("gw") if worker() != "alone" else 0)
    return urlunsplit(parts._replace(path=f"/{number}"))


def manage(*arguments: str, database: str, timeout: int = 300) -> str:
    """Run a command of manage.py against the database of this name, as a process of its own."""
    return _python("manage.py", *arguments, database=database, timeout=timeout)


def environment(database: str) -> dict[str, str]:
    """The environment in which the site uses the database of this name and a folder of its own."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in ("DJANGO_SETTINGS_MODULE", "GONGZHI_VAR") and not name.startswith("PYTEST_")
    }
    kept["GONGZHI_VAR"] = str(folder(database))
    kept["DJANGO_SETTINGS_MODULE"] = "portal.settings"
    kept["LOG_LEVEL"] = "WARNING"
    kept["STATIC_MANIFEST"] = "0"
    if ON_POSTGRES:
        kept["DATABASE_URL"] = _url(database)
    return kept


def folder(database: str) -> Path:
    """The folder of a database: its file on SQLite, and what a site that runs on it writes."""
    path = GROUND / database
    path.mkdir(parents=True, exist_ok=True)
    return path


def with_cast() -> str:
    """The name of a template with the demo town's people and organisations, and nothing else."""
    name = f"cast_{_hash(*(path for room in ROOMS for path in _sources(room)))}"
    with _one_at_a_time():
        if not _exists(name):
            migrated = _migrated()
            with _unfinished(name) as building:
                copy(migrated, building)
                _python("-c", TELL_CAST.format(password=PASSWORD), database=building)
    return name


def with_demo() -> str:
    """The name of a template with the whole demo town as of now; made anew by every run."""
    name = f"demo_{run_id()}"
    cast = with_cast()
    with _one_at_a_time():
        if not _exists(name):
            with _unfinished(name) as building:
                copy(cast, building)
                told = _python("-c", TELL_DEMO, database=building)
                (folder(building) / DOORS).write_text(told.strip().splitlines()[-1])
    return name


def with_stage() -> str:
    """The name of a template of the demo town with what ``views.stage`` adds, whose addresses stand beside it."""
    name = f"staged_{run_id()}x{int(time.time() // FRESH)}"
    demo = with_demo()
    with _one_at_a_time():
        if not _exists(name):
            with _unfinished(name) as building:
                copy(demo, building)
                told = manage("shell", "-v", "0", "-c", TELL_STAGE, database=building)
                (folder(building) / SAID).write_text(told.strip().splitlines()[-1])
    return name


def said(database: str) -> str:
    """What was said when the template of this database was made."""
    return (folder(database) / SAID).read_text()


def doors(database: str) -> dict[str, list[str]]:
    """The keys of the sessions that are ready in this copy of the demo town, by the names of their persons."""
    keys: dict[str, list[str]] = json.loads((folder(database) / DOORS).read_text())
    return keys


def copy(source: str, target: str) -> None:
    """Make ``target`` a copy of ``source`` with its pictures and documents, instead of what it was."""
    drop(target)
    if (folder(source) / "media").exists():
        shutil.copytree(folder(source) / "media", folder(target) / "media")
    for name in (SAID, DOORS, "secret_key"):  # what was signed in the template holds in its copies
        if (folder(source) / name).exists():
            shutil.copy2(folder(source) / name, folder(target) / name)
    if ON_POSTGRES:
        _administer(f'CREATE DATABASE "{target}" TEMPLATE "{source}"')
    else:
        shutil.copyfile(_file(source), _file(target))


def drop(name: str) -> None:
    """Remove a database and its folder."""
    if ON_POSTGRES:
        _administer(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    shutil.rmtree(GROUND / name, ignore_errors=True)


def connect_to(name: str) -> None:
    """Let this process use the database of this name from now on, in all its threads."""
    connections.close_all()
    connections["default"].settings_dict["NAME"] = name if ON_POSTGRES else str(_file(name))


def _migrated() -> str:
    name = f"migrated_{_hash(*ROOT.glob('*/migrations/*.py'), ROOT / 'requirements.txt')}"
    if not _exists(name):
        with _unfinished(name) as building:
            if ON_POSTGRES:
                drop(building)
                _administer(f'CREATE DATABASE "{building}"')
            manage("migrate", database=building)
    return name


@contextlib.contextmanager
def _unfinished(name: str) -> Iterator[str]:
    """A working name, so that a template that was interrupted never looks finished. Removes older ones of its kind."""
    building = f"building_{name}"
    yield building
    for old in _names(name.split("_", maxsplit=1)[0]):
        with contextlib.suppress(psycopg.Error):
            if time.time() - folder(old).stat().st_mtime > KEPT:
                drop(old)
    if ON_POSTGRES:
        _administer(f'ALTER DATABASE "{building}" RENAME TO "{name}"')
    else:
        with contextlib.closing(_sqlite(building)) as database:
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.rmtree(GROUND / name, ignore_errors=True)
    (GROUND / building).rename(GROUND / name)


def _names(kind: str) -> list[str]:
    if not ON_POSTGRES:
        return [path.name for path in GROUND.glob(f"{kind}_*")]
    with psycopg.connect(_url("postgres"), autocommit=True) as administration:
        rows = administration.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [f"{kind}\\_%"])
        return [row[0] for row in rows]


def _exists(name: str) -> bool:
    return name in _names(name.split("_", maxsplit=1)[0])


def _file(name: str) -> Path:
    return folder(name) / "db.sqlite3"


def _sqlite(name: str) -> sqlite3.Connection:
    return sqlite3.connect(_file(name))


def _url(name: str) -> str:
    return urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}"))


def _administer(statement: str) -> None:
    with psycopg.connect(_url("postgres"), autocommit=True) as administration:
        administration.execute(statement)


def _python(*arguments: str, database: str, timeout: int = 300) -> str:
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=environment(database),
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(arguments)[:80]} failed:\n{done.stdout}\n{done.stderr}")
    return done.stdout


def _sources(room: str) -> list[Path]:
    return [path for path in (ROOT / room).rglob("*.py") if "views" not in path.parts]


def _hash(*paths: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(paths):
        digest.update(str(path.relative_to(ROOT)).encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


@contextlib.contextmanager
def _one_at_a_time() -> Iterator[None]:
    GROUND.mkdir(parents=True, exist_ok=True)
    with (GROUND / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
