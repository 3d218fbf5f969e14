"""Is the site able to work? Asked by whoever watches it, every few seconds, so it must be cheap and never hang."""

import shutil
import threading
import time
import uuid
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooSlow
from datetime import timedelta

import redis
import structlog
from django.conf import settings
from django.core.cache import caches
from django.db import connection
from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from portal.models import Beat

log = structlog.get_logger(__name__)

WORKER = "worker"
SILENT_AFTER = timedelta(seconds=60)
PATIENCE = 3.0  # seconds that all checks together may take
LEAST_DISK = 200 * 1024 * 1024  # bytes
"""Below this the database may soon be unable to write; SQLite alone keeps a journal of some megabytes."""


class Unwell(Exception):
    """A part of the site does not work. The text is public: short, and nothing about how we are built."""


def _database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        cursor.fetchone()


def _channel_layer() -> None:
    if not settings.REDIS_URL:
        return  # in memory: it lives exactly as long as this process
    with redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=2) as server:
        channel, token = f"gongzhi:health:{uuid.uuid4().hex}", uuid.uuid4().hex.encode()
        with server.pubsub(ignore_subscribe_messages=True) as ear:
            ear.subscribe(channel)
            until = time.monotonic() + 2
            server.publish(channel, token)
            while time.monotonic() < until:
                heard = ear.get_message(timeout=0.5)
                if heard is not None and heard["data"] == token:
                    return
    raise Unwell("deaf")


def _cache() -> None:
    key, token = f"health:{uuid.uuid4().hex}", uuid.uuid4().hex
    caches["default"].set(key, token, 10)
    if caches["default"].get(key) != token:
        raise Unwell("forgets")
    caches["default"].delete(key)


def _worker() -> None:
    alive = Beat.objects.filter(name__startswith=f"{WORKER}:", at__gte=timezone.now() - SILENT_AFTER)
    if not alive.exists():
        raise Unwell("silent")


def _disk() -> None:
    if shutil.disk_usage(settings.VAR).free < LEAST_DISK:
        raise Unwell("full")


CHECKS: dict[str, Callable[[], None]] = {
    "database": _database,
    "channel_layer": _channel_layer,
    "cache": _cache,
    "worker": _worker,
    "disk": _disk,
}


_examiners = {name: ThreadPoolExecutor(1, thread_name_prefix=f"health-{name}") for name in CHECKS}
_running: dict[str, Future[str]] = {}
_one_at_a_time = threading.Lock()


def examine() -> dict[str, str]:
    """Run all checks side by side and return name → ``"ok"`` or what is wrong, after ``PATIENCE`` seconds at most.

    Each check has one thread. One that hangs is reported as slow and not begun again until it has ended, so that
    asking a sick site often does not make it sicker.
    """
    with _one_at_a_time:
        for name, check in CHECKS.items():
            if name not in _running or _running[name].done():
                _running[name] = _examiners[name].submit(_examine, name, check)
        asked = dict(_running)
    until = time.monotonic() + PATIENCE
    results = {}
    for name, future in asked.items():
        try:
            results[name] = future.result(timeout=max(0.0, until - time.monotonic()))
        except TooSlow:
            log.warning("health_check_slow", check=name)
            results[name] = "slow"
    return results


def _examine(name: str, check: Callable[[], None]) -> str:
    try:
        check()
    except Unwell as reason:
        return str(reason)
    except Exception:
        log.exception("health_check_failed", check=name)
        return "unreachable"
    finally:
        # A new connection each time: that people can still get one is what is asked.
        connection.close()
    return "ok"


@require_safe
def healthz(request: HttpRequest) -> HttpResponseBase:
    """200 when everything works, else 503: ``{"status": "ok" | "unwell", "checks": {name: "ok" | reason}}``."""
    checks = examine()
    well = all(result == "ok" for result in checks.values())
    return JsonResponse({"status": "ok" if well else "unwell", "checks": checks}, status=200 if well else 503)
