"""What must be true before the site starts. Each finding names the line to change."""

import stat
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.apps import AppConfig
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core import checks
from django.core.checks import CheckMessage, Error
from django.db import DatabaseError, connections
from django.db.backends.base.base import BaseDatabaseWrapper

LEAST_SECRET = 50  # characters
WRITE_AHEAD, SYNCHRONOUS_FULL = "wal", 2


def register() -> None:
    """Put the checks into Django's registry; those of the database run with ``migrate`` and ``serve``."""
    checks.register(mode)
    checks.register(secret)
    checks.register(hosts)
    checks.register(proxies)
    checks.register(carriers)
    checks.register(sockets)
    checks.register(map_tiles)
    checks.register(static_files)
    checks.register(database, checks.Tags.database)
    checks.register(demo_people, checks.Tags.database)


def mode(app_configs: Iterable[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Production shows no traces of its inside."""
    if settings.PRODUCTION and settings.DEBUG:
        return [Error("DEBUG=1 shows source and settings to everybody.", hint="Unset DEBUG.", id="gongzhi.E001")]
    return []


def secret(app_configs: Iterable[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """The secret is long, and nobody else on the machine can read it."""
    found: list[CheckMessage] = []
    if len(settings.SECRET_KEY) < LEAST_SECRET or len(set(settings.SECRET_KEY)) < 5:
        found.append(
            Error(
                f"The secret key has fewer than {LEAST_SECRET} random characters: sessions could be forged.",
                hint=f"Unset SECRET_KEY and delete {settings.SECRET_KEY_FILE}; a new one is made at the next start.",
                id="gongzhi.E002",
            )
        )
    file = Path(settings.SECRET_KEY_FILE)
    if file.exists() and stat.S_IMODE(file.stat().st_mode) & 0o077:
        found.append(
            Error("Other users of this machine can read the secret key.", hint=f"chmod 600 {file}", id="gongzhi.E003")
        )
    return found


def hosts(app_configs: Iterable[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Real sites answer to their own names only; a demonstration open to the network has a password of its own."""
    found: list[CheckMessage] = []
    if settings.PRODUCTION and (not settings.ALLOWED_HOSTS or "*" in settings.ALLOWED_HOSTS):
        found.append(
            Error(
                "The site does not know its own name, so links in messages could be forged.",
                hint="Set ALLOWED_HOSTS=gongzhi.example.org (several with commas, no *).",
                id="gongzhi.E004",
            )
        )
    if settings.DEMO and settings.HOST in settings.EVERYWHERE and not settings.DEMO_PASSWORD:
        found.append(
            Error(
                "The demonstration's password stands in the README, and HOST opens the site to the whole network.",
                hint="Set DEMO_PASSWORD to a word of your own, or leave HOST at 127.0.0.1.",
                id="gongzhi.E005",
            )
        )
    return found


def proxies(app_configs: Iterable[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Our servers speak plain HTTP: without a proxy that is believed, every page would redirect to itself."""
    if settings.HTTPS and not settings.PROXIES:
        return [
            Error(
                "Pages are to be seen over HTTPS only, and no proxy is believed when it says that they are.",
                hint="Set PROXIES=1 behind nginx (as many as stand in a row), or HTTPS=0 for a closed network.",
                id="gongzhi.E007",
            )
        ]
    return []


CARRIERS = {"MAIL_CARRIER": ("none", "console", "file", "smtp"), "SMS_CARRIER": ("none", "console", "file")}


def carriers(app_configs: Iterable[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """What leaves the site goes a way that there is; otherwise every message would be tried for a day and given up."""
    found: list[CheckMessage] = [
        Error(f"{name} is {getattr(settings, name)!r}.", hint=f"It may be {', '.join(ways)}.", id="gongzhi.E016")
        for name, ways in CARRIERS.items()
        if getattr(settings, name) not in ways
    ]
    if settings.MAIL_CARRIER == "smtp" and not settings.EMAIL_URL:
        found.append(Error("Mail is to go by SMTP, and no server is named.", hint="Set EMAIL_URL.", id="gongzhi.E017"))
    return found


def sockets(app_configs: Iterable[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Somebody may come in; who wants no websockets closes them at the proxy, and the pages ask over HTTP."""
    names = ("LIVE_SOCKETS", "LIVE_SOCKETS_PER_ADDRESS", "LIVE_SOCKETS_PER_PERSON", "LIVE_HANDSHAKES")
    return [
        Error(f"{name} is {getattr(settings, name)}.", hint="It must be 1 or more.", id="gongzhi.E018")
        for name in names
        if getattr(settings, name) < 1
    ]


TILE_SYSTEMS = ("WGS-84", "GCJ-02")


def map_tiles(app_configs: Iterable[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """A map from elsewhere comes from one origin that the pages' policy can name, and says whose it is and its review."""
    if not settings.MAP_TILES:
        return []
    found: list[CheckMessage] = []
    parts = urlsplit(settings.MAP_TILES)
    blanks = all(blank in settings.MAP_TILES for blank in ("{z}", "{x}", "{y}"))
    if parts.scheme != "https" or not parts.hostname or "{" in parts.netloc or not blanks:
        found.append(
            Error(
                f"MAP_TILES is {settings.MAP_TILES!r}.",
                hint="It must be https://, one host, and {z}, {x} and {y} in its path.",
                id="gongzhi.E022",
            )
        )
    if not settings.MAP_TILES_CREDIT:
        found.append(
            Error(
                "A map of somebody else must say whose it is and the number of its review (审图号).",
                hint="Set MAP_TILES_CREDIT, as “天地图 · 审图号 GS(2024)0000号”.",
                id="gongzhi.E023",
            )
        )
    if settings.MAP_TILES_SYSTEM not in TILE_SYSTEMS:
        found.append(
            Error(
                f"MAP_TILES_SYSTEM is {settings.MAP_TILES_SYSTEM!r}.",
                hint=f"It may be {', '.join(TILE_SYSTEMS)}.",
                id="gongzhi.E024",
            )
        )
    return found


def static_files(app_configs: Iterable[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Pages need the names that ``collectstatic`` gives; asked at the start of the site only."""
    if not kwargs.get("databases") or not settings.STATIC_MANIFEST:
        return []
    if (Path(settings.STATIC_ROOT) / "staticfiles.json").exists():
        return []
    return [
        Error(
            "The static files were not collected.", hint="python manage.py collectstatic --noinput", id="gongzhi.E006"
        )
    ]


def database(
    app_configs: Iterable[AppConfig] | None, databases: Iterable[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """What the database confirmed survives a power cut, and writers wait for each other instead of failing."""
    found: list[CheckMessage] = []
    for alias in databases or ():
        connection = connections[alias]
        ask = {"sqlite": _sqlite, "postgresql": _postgresql}.get(connection.vendor)
        if ask is None:
            found.append(Error(f"{connection.vendor} is not supported.", hint="DATABASE_URL", id="gongzhi.E010"))
            continue
        try:
            found += ask(connection)
        except DatabaseError as error:
            found.append(Error(f"The database cannot be reached: {error}", hint="DATABASE_URL", id="gongzhi.E011"))
    return found


def _asked(connection: BaseDatabaseWrapper, question: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(question)
        return cursor.fetchone()[0]


def _sqlite(connection: BaseDatabaseWrapper) -> Iterator[CheckMessage]:
    hint = "Keep DATABASES['default']['OPTIONS'] of portal/settings.py as it is."
    journal = _asked(connection, "PRAGMA journal_mode")
    if journal != WRITE_AHEAD:
        yield Error(f"SQLite's journal_mode is {journal}, not wal.", hint=hint, id="gongzhi.E012")
    if _asked(connection, "PRAGMA synchronous") < SYNCHRONOUS_FULL:
        yield Error("SQLite may lose confirmed places in a power cut (synchronous).", hint=hint, id="gongzhi.E013")
    if getattr(connection, "transaction_mode", None) != "IMMEDIATE":
        yield Error("SQLite's writers fail instead of waiting (transaction_mode).", hint=hint, id="gongzhi.E014")
    if not _asked(connection, "PRAGMA foreign_keys"):
        yield Error("SQLite does not check foreign keys.", hint=hint, id="gongzhi.E015")


def _postgresql(connection: BaseDatabaseWrapper) -> Iterator[CheckMessage]:
    for name, number in (("fsync", 16), ("synchronous_commit", 17), ("full_page_writes", 18)):
        if (value := _asked(connection, f"SHOW {name}")) in {"off", "local"}:
            yield Error(
                f"PostgreSQL may lose confirmed places in a power cut: {name} = {value}.",
                hint=f"Set {name} = on in postgresql.conf.",
                id=f"gongzhi.E0{number}",
            )


def demo_people(
    app_configs: Iterable[AppConfig] | None, databases: Iterable[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Production has no accounts whose password everybody can read in the README."""
    if not settings.PRODUCTION or "default" not in (databases or ()):
        return []
    User = get_user_model()  # noqa: N806 – models are not loaded yet when this module is
    connection = connections["default"]
    try:
        if User._meta.db_table not in connection.introspection.table_names():
            return []  # before the first migrate
        names = list(User.objects.filter(is_demo=True).order_by("username").values_list("username", flat=True)[:10])
    except DatabaseError:
        return []  # `database` has said why
    if not names:
        return []
    return [
        Error(
            f"This database holds accounts of the demonstration: {', '.join(names)}.",
            hint="Begin production with a new database (DATABASE_URL, or another GONGZHI_VAR).",
            id="gongzhi.E020",
        )
    ]
