"""From which pages a websocket may be opened: from our own, and from those that the settings name.

A browser sends its cookies along to whoever asks, and no rule of the same origin keeps a foreign page from opening a
socket; the Origin header is all there is (cross-site websocket hijacking, OWASP).
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http.request import split_domain_port, validate_host

_USUAL_PORTS = {"http": "80", "https": "443"}


def is_welcome(scope: Mapping[str, Any], headers: Mapping[str, str]) -> bool:
    """May this handshake go on?

    Its host must be one of ours. With a cookie the origin must be there and ours; without one it may be missing, as
    with programs, but an origin that is sent must be ours all the same.
    """
    host = headers.get("host", "")
    domain, _port = split_domain_port(host)
    if not domain or not validate_host(domain, settings.ALLOWED_HOSTS):
        return False
    origin = headers.get("origin")
    if origin is None:
        return "cookie" not in headers
    scheme = {"ws": "http", "wss": "https"}.get(str(scope.get("scheme", "ws")), "http")
    ours = {_plain(f"{scheme}://{host}"), *map(_plain, settings.LIVE_ORIGINS)}
    return _plain(origin) in ours - {None}


def _plain(origin: str) -> tuple[str, str, str] | None:
    """Scheme, host and port; None for what is no origin (``null``, with a path, with a name and password …)."""
    try:
        parts = urlsplit(origin.lower())
        port = str(parts.port or "")
    except ValueError:
        return None
    if parts.scheme not in _USUAL_PORTS or not parts.hostname or parts.username is not None:
        return None
    if parts.path or parts.query or parts.fragment or "\\" in origin:
        return None
    return parts.scheme, parts.hostname, port or _USUAL_PORTS[parts.scheme]
