"""Start-up: what is unsafe does not start, and what is made at the first run is made well."""

import json
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections
from django.test import override_settings

from communities.models import User
from portal import checks, logs
from portal.secret_key import read_or_make
from tests import grounds

SAFE = {"SECRET_KEY": "a-b_c!d?e" * 10, "PRODUCTION": False, "DEMO": True, "DEBUG": False, "HOST": "127.0.0.1"}

TILES = {
    "MAP_TILES": "https://t.example/{z}/{x}/{y}.png",
    "MAP_TILES_CREDIT": "示例 · 审图号 GS(2026)0001号",
    "MAP_TILES_SYSTEM": "GCJ-02",
}


def found(check: Any, **settings: Any) -> list[str]:
    with override_settings(**{**SAFE, **settings}):
        return [str(message.id) for message in check(None, databases=["default"])]


def test_pictures_come_from_an_operators_map_and_from_nowhere_else() -> None:
    """The policy names exactly the one origin, without its path."""
    asked = "from django.conf import settings; print(settings.CONTENT_SECURITY_POLICY['DIRECTIVES']['img-src'])"
    environment = {**grounds.environment("unused"), "MAP_TILES": "https://t.example:8443/a/{z}/{x}/{y}.png"}
    said = subprocess.run(
        [sys.executable, "-c", asked], check=True, capture_output=True, text=True, cwd=grounds.ROOT, env=environment
    )
    assert said.stdout.strip() == """["'self'", 'data:', 'https://t.example:8443']"""


# ----------------------------------------------------------------------------------------- planted faults


@pytest.mark.parametrize(
    ("check", "settings", "expected"),
    [
        (checks.mode, {"PRODUCTION": True, "DEBUG": True}, ["gongzhi.E001"]),
        (checks.mode, {"PRODUCTION": True}, []),
        (checks.mode, {"DEBUG": True}, []),
        (checks.secret, {"SECRET_KEY": "short"}, ["gongzhi.E002"]),
        (checks.secret, {"SECRET_KEY": "a" * 100}, ["gongzhi.E002"]),
        (checks.secret, {}, []),
        (checks.hosts, {"PRODUCTION": True, "DEMO": False, "ALLOWED_HOSTS": []}, ["gongzhi.E004"]),
        (checks.carriers, {"MAIL_CARRIER": "pigeon", "SMS_CARRIER": "smtp"}, ["gongzhi.E016", "gongzhi.E016"]),
        (checks.carriers, {"MAIL_CARRIER": "smtp", "EMAIL_URL": ""}, ["gongzhi.E017"]),
        (checks.carriers, {"MAIL_CARRIER": "smtp", "EMAIL_URL": "smtp://x", "SMS_CARRIER": "none"}, []),
        (checks.carriers, {"MAIL_CARRIER": "file", "SMS_CARRIER": "console"}, []),
        (checks.sockets, {"LIVE_HANDSHAKES": 0, "LIVE_SOCKETS": -1}, ["gongzhi.E018", "gongzhi.E018"]),
        (checks.sockets, {}, []),
        (checks.map_tiles, {}, []),
        (checks.map_tiles, TILES, []),
        (checks.map_tiles, TILES | {"MAP_TILES": "http://t.example/{z}/{x}/{y}"}, ["gongzhi.E022"]),
        (checks.map_tiles, TILES | {"MAP_TILES": "https://t{s}.example/{z}/{x}/{y}"}, ["gongzhi.E022"]),
        (checks.map_tiles, TILES | {"MAP_TILES": "https://t.example/tile"}, ["gongzhi.E022"]),
        (checks.map_tiles, TILES | {"MAP_TILES_CREDIT": ""}, ["gongzhi.E023"]),
        (checks.map_tiles, TILES | {"MAP_TILES_SYSTEM": "BD-09"}, ["gongzhi.E024"]),
        (checks.hosts, {"PRODUCTION": True, "DEMO": False, "ALLOWED_HOSTS": ["*"]}, ["gongzhi.E004"]),
        (checks.hosts, {"PRODUCTION": True, "DEMO": False, "ALLOWED_HOSTS": ["town.example"]}, []),
        (checks.hosts, {"HOST": "0.0.0.0", "DEMO_PASSWORD": ""}, ["gongzhi.E005"]),  # noqa: S104
        (checks.hosts, {"HOST": "::", "DEMO_PASSWORD": ""}, ["gongzhi.E005"]),
        (checks.hosts, {"HOST": "0.0.0.0", "DEMO_PASSWORD": "word"}, []),  # noqa: S104
        (checks.hosts, {}, []),
        (checks.proxies, {"HTTPS": True, "PROXIES": 0}, ["gongzhi.E007"]),
        (checks.proxies, {"HTTPS": True, "PROXIES": 1}, []),
        (checks.proxies, {"HTTPS": False, "PROXIES": 0}, []),
    ],
)
def test_a_planted_fault_is_found_and_nothing_else(check: Any, settings: dict[str, Any], expected: list[str]) -> None:
    assert found(check, **settings) == expected


@pytest.mark.parametrize(("mode", "expected"), [(0o600, []), (0o640, ["gongzhi.E003"]), (0o604, ["gongzhi.E003"])])
def test_a_secret_that_others_can_read_is_found(tmp_path: Path, mode: int, expected: list[str]) -> None:
    file = tmp_path / "secret_key"
    file.write_text("x")
    file.chmod(mode)
    assert found(checks.secret, SECRET_KEY_FILE=file) == expected


def test_names_without_files_are_found(tmp_path: Path) -> None:
    assert found(checks.static_files, STATIC_MANIFEST=True, STATIC_ROOT=tmp_path) == ["gongzhi.E006"]
    (tmp_path / "staticfiles.json").touch()
    assert found(checks.static_files, STATIC_MANIFEST=True, STATIC_ROOT=tmp_path) == []
    assert found(checks.static_files, STATIC_MANIFEST=False, STATIC_ROOT=tmp_path / "none") == []


@pytest.mark.django_db
def test_the_database_as_it_is_set_is_safe() -> None:
    assert found(checks.database) == []


@pytest.mark.skipif(grounds.ON_POSTGRES, reason="these are SQLite's own settings")
@pytest.mark.parametrize(
    ("pragma", "safe", "expected"),
    [
        ("synchronous=NORMAL", "synchronous=FULL", "gongzhi.E013"),
        ("foreign_keys=OFF", "foreign_keys=ON", "gongzhi.E015"),
        ("journal_mode=DELETE", "journal_mode=WAL", "gongzhi.E012"),
    ],
)
@pytest.mark.usefixtures("committed")
def test_an_unsafe_pragma_is_found(pragma: str, safe: str, expected: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA {pragma}")
    try:
        assert found(checks.database) == [expected]
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA {safe}")


@pytest.mark.skipif(grounds.ON_POSTGRES, reason="these are SQLite's own settings")
@pytest.mark.django_db
def test_a_transaction_mode_that_fails_instead_of_waiting_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections["default"], "transaction_mode", "DEFERRED")
    assert found(checks.database) == ["gongzhi.E014"]


@pytest.mark.skipif(not grounds.ON_POSTGRES, reason="these are PostgreSQL's own settings")
@pytest.mark.django_db
def test_a_commit_that_does_not_wait_for_the_disk_is_found() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = off")
    assert found(checks.database) == ["gongzhi.E017"]


@pytest.mark.django_db
def test_production_refuses_the_demonstration_s_people() -> None:
    User.objects.update(is_demo=False)
    assert found(checks.demo_people, PRODUCTION=True) == []
    User.objects.create_user("mei-again", is_demo=True)
    assert found(checks.demo_people, PRODUCTION=True) == ["gongzhi.E020"]
    assert found(checks.demo_people) == []


# --------------------------------------------------------------------------------------------- in production


PAGE = """
import django
django.setup()
from django.test import Client
page = Client(REMOTE_ADDR="127.0.0.1").get("/account/login/").content.decode()
print("djDebug" in page, "<h1" in page, Client().get("/__debug__/history_sidebar/").status_code)
"""


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"DEBUG": "1", "DEBUG_TOOLBAR": "1"}, "True True 400"),  # its address is there and wants a name
        ({"DEBUG": "1"}, "False True 404"),
        ({"DEBUG_TOOLBAR": "1"}, "False True 404"),
    ],
)
def test_the_toolbar_is_there_only_where_it_was_asked_for_at_work(
    environment: dict[str, str], expected: str, committed: object
) -> None:
    name = str(connection.settings_dict["NAME"])
    database = name if grounds.ON_POSTGRES else Path(name).parent.name
    told = subprocess.run(
        [sys.executable, "-c", PAGE],
        cwd=grounds.ROOT,
        env={**grounds.environment(database), "ALLOWED_HOSTS": "testserver", **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert told.stdout.strip() == expected, told.stderr


def production(database: str, *code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in grounds.environment(database).items() if name != "STATIC_MANIFEST"}
    return subprocess.run(
        [sys.executable, *code],
        cwd=grounds.ROOT,
        env={**kept, "PRODUCTION": "1", **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


TELL = """
import json, django
django.setup()
from django.conf import settings
names = (
    "DEMO", "DEBUG", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SESSION_COOKIE_HTTPONLY", "SESSION_COOKIE_NAME",
    "SECURE_HSTS_SECONDS", "SECURE_SSL_REDIRECT", "ALLOWED_HOSTS", "STATIC_MANIFEST",
)
print(json.dumps({name: getattr(settings, name) for name in names}))
"""


def test_production_is_strict_without_being_told() -> None:
    name = f"production_{grounds.run_id()}_{grounds.worker()}"
    told = production(name, "-c", TELL, ALLOWED_HOSTS="town.example")
    grounds.drop(name)
    assert json.loads(told.stdout.splitlines()[-1]) == {
        "DEMO": False,
        "DEBUG": False,
        "SESSION_COOKIE_SECURE": True,
        "CSRF_COOKIE_SECURE": True,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_NAME": "__Host-sessionid",
        "SECURE_HSTS_SECONDS": 31536000,
        "SECURE_SSL_REDIRECT": True,
        "ALLOWED_HOSTS": ["town.example"],
        "STATIC_MANIFEST": True,
    }


def test_production_with_the_demonstration_s_database_does_not_start() -> None:
    name = f"production_{grounds.run_id()}_{grounds.worker()}"
    grounds.copy(grounds.with_cast(), name)
    refused = production(name, "manage.py", "serve", ALLOWED_HOSTS="town.example", STATIC_MANIFEST="0")
    grounds.drop(name)
    assert refused.returncode == 1
    assert "gongzhi.E020" in refused.stderr
    assert "mei" in refused.stderr


# ----------------------------------------------------------------------------------------------- the secret


def test_the_secret_is_made_once_and_is_ours_alone(tmp_path: Path) -> None:
    file = tmp_path / "secret_key"
    secret = read_or_make(file)
    assert len(secret) >= 50
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert read_or_make(file) == secret
    assert [path.name for path in tmp_path.iterdir()] == ["secret_key"]


def test_many_who_start_at_once_share_one_secret(tmp_path: Path) -> None:
    with ThreadPoolExecutor(16) as pool:
        secrets = set(pool.map(read_or_make, [tmp_path / "secret_key"] * 64))
    assert len(secrets) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["secret_key"]


def test_an_empty_secret_left_by_a_full_disk_is_made_anew(tmp_path: Path) -> None:
    file = tmp_path / "secret_key"
    file.touch()
    assert len(read_or_make(file)) >= 50


# -------------------------------------------------------------------------------------------------- the log


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("call 13812345678 now", "call 138****5678 now"),
        ("+8613812345678", "+86138****5678"),
        ("+86 138 1234 5678", "+86 138 **** 5678"),
        ("电话：138-1234-5678。", "电话：138-****-5678。"),
        ("GET /x/?phone=13812345678&y=1", "GET /x/?phone=138****5678&y=1"),
        ("order 2026112213812345678", "order 2026112213812345678"),
        ("12345678901", "12345678901"),
    ],
)
def test_the_log_holds_no_whole_telephone_number(text: str, masked: str) -> None:
    assert logs.mask_phones(text) == masked
    event = {"event": text, "deep": {"list": [text, 1]}}
    assert logs.without_phones(None, "info", event) == {"event": masked, "deep": {"list": [masked, 1]}}
