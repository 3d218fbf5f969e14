"""Settings of the site: one module, read from the environment once, at the start.

With no variable set at all you get the demonstration: SQLite, no services, everything below ``var/``.
``PRODUCTION=1`` begins real life; ``portal/checks.py`` refuses to start what would be unsafe.
"""

import re
import socket
import sys
from datetime import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from csp.constants import NONE, SELF, UNSAFE_INLINE
from django.utils.translation import gettext_lazy as _
from environs import Env

from portal import logs
from portal.secret_key import read_or_make

env = Env()

BASE_DIR = Path(__file__).resolve().parent.parent
TESTING = "pytest" in sys.modules

# --- where things are kept ---------------------------------------------------------------------------------------

VAR = env.path("GONGZHI_VAR", BASE_DIR / "var")
VAR.mkdir(parents=True, exist_ok=True)

# --- mode --------------------------------------------------------------------------------------------------------

PRODUCTION = env.bool("PRODUCTION", False)
DEMO = not PRODUCTION
DEBUG = env.bool("DEBUG", False)
# A switch of its own: what is looked at with DEBUG must look as it does without.
DEBUG_TOOLBAR = DEBUG and env.bool("DEBUG_TOOLBAR", False)
VERSION = re.search(r"^## (\S+)", (BASE_DIR / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE).group(1)  # type: ignore[union-attr]

SECRET_KEY_FILE = VAR / "secret_key"
SECRET_KEY = env.str("SECRET_KEY", "") or read_or_make(SECRET_KEY_FILE)
SECRET_KEY_FALLBACKS: list[str] = env.list("SECRET_KEY_FALLBACKS", [])

# --- address -----------------------------------------------------------------------------------------------------

HOST = env.str("HOST", "127.0.0.1")
PORT = env.int("PORT", 8000)
EVERYWHERE = ("0.0.0.0", "::")
DEMO_PASSWORD = env.str("DEMO_PASSWORD", "")


def _own_names() -> list[str]:
    """Names and addresses under which a machine that listens everywhere is called by its neighbours."""
    name = socket.gethostname()
    try:
        addresses = {str(info[4][0]) for info in socket.getaddrinfo(name, None)}
    except OSError:
        addresses = set()
    return [name, *(f"[{address}]" if ":" in address else address for address in sorted(addresses))]


ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", [])
if DEMO:
    ALLOWED_HOSTS += ["localhost", ".localhost", "127.0.0.1", "[::1]"]
    ALLOWED_HOSTS += _own_names() if HOST in EVERYWHERE else [HOST]
# The address that stands in links which leave the site (calendar files, messages, the editor's previews).
SITE_URL = env.str("SITE_URL", f"http://{'127.0.0.1' if HOST in EVERYWHERE else HOST}:{PORT}").rstrip("/")
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", [])
# How many proxies of ours stand before the site; portal/front.py believes that many X-Forwarded-For entries.
PROXIES = env.int("PROXIES", 0)

# --- the house ---------------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    # Daphne takes `runserver` over; every other command would pay a second for importing Twisted.
    *(["daphne"] if "runserver" in sys.argv else []),
    "portal",
    "events",
    "grid",
    "volunteers",
    "communities",
    "updates",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "channels",
    "rest_framework",
    "drf_spectacular",
    "guardian",
    "allauth",
    "allauth.account",
    "csp",
    "django_filters",
    "django_htmx",
    "django_structlog",
    "django_tasks",
    "django_tasks_db",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
]

MIDDLEWARE = [
    "portal.middleware.SecurityHeaders",
    "portal.middleware.ContentSecurityPolicy",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "portal.middleware.PrivateByDefault",
    "portal.middleware.CleanCookies",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "portal.middleware.Language",
    "portal.middleware.ReadableInput",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "portal.middleware.Refusals",
]

if DEBUG_TOOLBAR:
    INSTALLED_APPS.append("debug_toolbar")
    MIDDLEWARE.insert(
        MIDDLEWARE.index("django_structlog.middlewares.RequestMiddleware"),
        "debug_toolbar.middleware.DebugToolbarMiddleware",
    )
    INTERNAL_IPS = ["127.0.0.1", "::1"]

ROOT_URLCONF = "portal.urls"
ASGI_APPLICATION = "portal.asgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                *(
                    f"portal.templatetags.ui.{subject}"
                    for subject in ("blocks", "forms", "marks", "parties", "places", "sharing", "way", "words")
                ),
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.look.shell",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# --- people ------------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "communities.User"
ANONYMOUS_USER_NAME = None  # guardian: nobody is nobody, not a row
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "guardian.backends.ObjectPermissionBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
# How one comes in: by a code sent to the phone, or by name and password (communities/adapter.py).
ACCOUNT_ADAPTER = "communities.adapter.Adapter"
ACCOUNT_LOGIN_METHODS = {"phone", "username"}
ACCOUNT_SIGNUP_FIELDS = ["phone*", "password1"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = ACCOUNT_PHONE_VERIFICATION_MAX_ATTEMPTS = 5
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = ACCOUNT_PHONE_VERIFICATION_TIMEOUT = 5 * 60
ALLAUTH_USER_CODE_FORMAT = {"numeric": True, "length": 6, "dashed": False}
ACCOUNT_PREVENT_ENUMERATION = True
# Codes that leave by SMS: an hour and a day for one number; an hour for one address (a school or a carrier is one).
CODES_PER_ADDRESS = env.int("CODES_PER_ADDRESS", 60)
ACCOUNT_RATE_LIMITS = {"request_login_code": f"5/h/key,10/d/key,{CODES_PER_ADDRESS}/h/ip"}
# In the demonstration nobody gets an SMS: the page shows the code, unless strangers may look at it.
CODES_SHOWN = DEMO and HOST not in EVERYWHERE
LOGIN_URL = "communities:login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"

# --- data --------------------------------------------------------------------------------------------------------

DATABASE_URL = env.str("DATABASE_URL", "")
REDIS_URL = env.str("REDIS_URL", "")

DATABASES: dict[str, dict[str, Any]] = {
    "default": env.dj_db_url("DATABASE_URL")
    if DATABASE_URL
    else {"ENGINE": "django.db.backends.sqlite3", "NAME": VAR / "db.sqlite3"}
}
_database = DATABASES["default"]
# Web threads live as long as their process and keep their connection.
_database["CONN_MAX_AGE"] = None
_database["CONN_HEALTH_CHECKS"] = True
if _database["ENGINE"].endswith("sqlite3"):
    # Default transactions fail at once when two people write ("database is locked"); IMMEDIATE waits its turn.
    # WAL with synchronous=FULL keeps a confirmed place through a power cut; NORMAL may lose it.
    _database["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-16000",
    }
    # Tests use a file, as the site does: in memory there is no WAL and no second connection.
    _database["TEST"] = {"NAME": VAR / "test.sqlite3"}
else:
    _database.setdefault("OPTIONS", {}).setdefault("connect_timeout", 5)

CACHES: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "OPTIONS": {"socket_connect_timeout": 2, "socket_timeout": 2},
        "KEY_PREFIX": "gongzhi",
    }
    if REDIS_URL
    # Room enough that nobody pushes the counters of wrong passwords out by asking for many names.
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 20_000}}
}

CHANNEL_PREFIX = "gongzhi"
CHANNEL_LAYERS: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        "CONFIG": {"hosts": [REDIS_URL], "prefix": CHANNEL_PREFIX},
    }
    if REDIS_URL
    else {"BACKEND": "channels.layers.InMemoryChannelLayer"}
}

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

SESSION_ENGINE = "django.contrib.sessions.backends.db"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# --- files -------------------------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
MEDIA_URL = "/media/"
MEDIA_ROOT = VAR / "media"
# Hashed names need `manage.py collectstatic`; while developing and testing files come straight from their rooms.
STATIC_MANIFEST = env.bool("STATIC_MANIFEST", not (DEBUG or TESTING))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if STATIC_MANIFEST
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = not STATIC_MANIFEST
WHITENOISE_ALLOW_ALL_ORIGINS = False

MEGABYTE = 1024 * 1024
BODY_LIMIT = env.int("BODY_LIMIT", MEGABYTE)  # bytes
UPLOAD_LIMIT = env.int("UPLOAD_LIMIT", 70 * MEGABYTE)  # bytes, on the paths below
UPLOAD_PATHS = (
    "/admin/images/",
    "/admin/documents/",
    "/report/",
    "/cases/",
    "/api/v1/cases/",
    "/operator/grid/files/",
)
BODY_PATIENCE = env.float("BODY_PATIENCE", 15)  # seconds that a piece of a request may take
DATA_UPLOAD_MAX_MEMORY_SIZE = BODY_LIMIT
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000  # Wagtail's page editor sends many
FILE_UPLOAD_PERMISSIONS = 0o644
# Where parts of a picture of a case were covered: is the one that came kept as evidence, where no address leads?
EVIDENCE_KEPT = env.bool("EVIDENCE_KEPT", False)

# --- languages and time ------------------------------------------------------------------------------------------

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Chinese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "kit" / "locale"]  # kit is no Django app
USE_I18N = True
USE_TZ = True
TIME_ZONE = env.str("TIME_ZONE", "Asia/Shanghai")
# When people work on a working day; limits of cases run in it.
WORKING_HOURS = [
    tuple(time.fromisoformat(clock) for clock in stretch.split("-"))
    for stretch in env.list("WORKING_HOURS", ["08:00-12:00", "14:00-18:00"])
]

# --- safety ------------------------------------------------------------------------------------------------------

# TLS ends at the proxy; without production there is none on the loopback.
HTTPS = env.bool("HTTPS", PRODUCTION)
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# The prefix makes browsers refuse the cookie from a sub-domain or without TLS.
_prefix = "__Host-" if HTTPS else ""
SESSION_COOKIE_NAME = f"{_prefix}sessionid"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 30 * 24 * 3600
CSRF_COOKIE_NAME = f"{_prefix}csrftoken"
CSRF_FAILURE_VIEW = "portal.errors.csrf_failure"
LANGUAGE_COOKIE_NAME = "django_language"

# The map below the net: an operator's own tile service, as https://tiles.example.org/{z}/{x}/{y}.png, with its credit and the
# number of its review (审图号), and the system of its coordinates: WGS-84 (天地图 too) or GCJ-02. Without it nothing is fetched.
MAP_TILES = env.str("MAP_TILES", "")
MAP_TILES_CREDIT = env.str("MAP_TILES_CREDIT", "")
MAP_TILES_SYSTEM = env.str("MAP_TILES_SYSTEM", "WGS-84")
MAP_TILES_ORIGIN = "{0.scheme}://{0.netloc}".format(urlsplit(MAP_TILES)) if MAP_TILES else ""

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:", *([MAP_TILES_ORIGIN] if MAP_TILES_ORIGIN else [])],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
# Wagtail's editor writes scripts and styles into its pages; its previews are frames of our own pages.
ADMIN_CONTENT_SECURITY_POLICY = {
    "default-src": [SELF],
    "script-src": [SELF, UNSAFE_INLINE],
    "style-src": [SELF, UNSAFE_INLINE],
    "img-src": [SELF, "data:", "blob:"],
    "object-src": [NONE],
    "base-uri": [SELF],
    "form-action": [SELF],
    "frame-ancestors": [SELF],
}

# --- words and pictures ------------------------------------------------------------------------------------------

WAGTAIL_SITE_NAME = "共治"
WAGTAIL_I18N_ENABLED = False
WAGTAILADMIN_BASE_URL = SITE_URL
WAGTAILADMIN_PERMITTED_LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
WAGTAILADMIN_LOGIN_URL = LOGIN_URL
WAGTAIL_ENABLE_UPDATE_CHECK = False
# A word on a page travels with its approval, as a message; comments would be told by Wagtail's own mails.
WAGTAILADMIN_COMMENTS_ENABLED = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
# Names, passwords and addresses of people are kept by communities, not by the editor.
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAILIMAGES_EXTENSIONS = ["gif", "jpg", "jpeg", "png", "webp"]
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 10 * MEGABYTE
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 40_000_000
WAGTAILDOCS_MAX_UPLOAD_SIZE = 20 * MEGABYTE
WAGTAILDOCS_EXTENSIONS = ["csv", "doc", "docx", "odt", "ods", "pdf", "pptx", "txt", "xlsx", "zip"]
WAGTAILDOCS_SERVE_METHOD = "serve_view"
WAGTAILEMBEDS_FINDERS: list[dict[str, str]] = []  # nothing is fetched from other sites
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "portal.searchbackend"}}
TAGGIT_CASE_INSENSITIVE = True

EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
EMAIL_URL = env.str("EMAIL_URL", "")
if EMAIL_URL:
    vars().update(env.dj_email_url("EMAIL_URL"))
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "gongzhi@localhost")

# Who runs this site; until the name is filled in, the footer says that it is a demonstration.
SITE_FACTS = {
    "operator": env.str("OPERATOR_NAME", ""),
    "place": env.str("SITE_PLACE", "玉祁" if DEMO else ""),
    "address": env.str("OPERATOR_ADDRESS", ""),
    "phone": env.str("OPERATOR_PHONE", ""),
    # The gas company's emergency line, among the numbers that one calls before one reports.
    "gas": env.str("GAS_PHONE", ""),
    "icp": env.str("OPERATOR_ICP", ""),
    "source": env.str("SOURCE_URL", ""),
}

# --- programs that ask -------------------------------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["portal.parsers.CleanJSONParser"],
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "communities.tokens.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.AllowAny"],
    "DEFAULT_THROTTLE_CLASSES": [
        "portal.throttles.PersonRateThrottle",
        "rest_framework.throttling.AnonRateThrottle",
    ],
    "DEFAULT_THROTTLE_RATES": {
        "user": env.str("API_RATE_PERSON", "600/min"),
        "anon": env.str("API_RATE_ADDRESS", "1200/min"),
    },
    "NUM_PROXIES": 0,  # portal/front.py has already put the true client into REMOTE_ADDR
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "portal.problems.handler",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "共治 Gongzhi",
    "VERSION": VERSION,
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "PREPROCESSING_HOOKS": ["portal.problems.only_our_api"],
}

# --- live updates --------------------------------------------------------------------------------------------------

# Pages on other origins that may open a websocket here, as https://example.org.
LIVE_ORIGINS: list[str] = env.list("LIVE_ORIGINS", [])
# Sockets that one process serves, in all, for one address (a school or a carrier is one) and for one person.
LIVE_SOCKETS = env.int("LIVE_SOCKETS", 10_000)
LIVE_SOCKETS_PER_ADDRESS = env.int("LIVE_SOCKETS_PER_ADDRESS", 2_000)
LIVE_SOCKETS_PER_PERSON = env.int("LIVE_SOCKETS_PER_PERSON", 10)
LIVE_HANDSHAKES = env.int("LIVE_HANDSHAKES", 100)  # in a second; further ones are delayed, not refused

# What leaves the site: none, console, file (GONGZHI_VAR/outgoing/, one file for each message), and for mail smtp.
MAIL_CARRIER = env.str("MAIL_CARRIER", "file" if DEMO else "smtp" if EMAIL_URL else "none")
SMS_CARRIER = env.str("SMS_CARRIER", "file" if DEMO else "none")

# --- running -----------------------------------------------------------------------------------------------------

SERVER = env.str("SERVER", "daphne")  # or uvicorn
WEB_THREADS = env.int("WEB_THREADS", 8)

LOG_LEVEL = env.str("LOG_LEVEL", "WARNING" if TESTING else "INFO").upper()
LOG_FORMAT = env.str("LOG_FORMAT", "console" if sys.stderr.isatty() else "json")
LOGGING = logs.logging_settings(level=LOG_LEVEL, form=LOG_FORMAT)
logs.configure()
DJANGO_STRUCTLOG_STATUS_START_LOG_LEVEL = 10  # one line per request is enough: the one that knows the answer
DJANGO_STRUCTLOG_STATUS_4XX_LOG_LEVEL = 20
