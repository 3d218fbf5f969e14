"""The application that the server runs: the front, then Channels' router, then Django in a small pool of threads.

Django runs as the plain synchronous application it is. Mounted by a2wsgi it costs a fifth of what its own ASGI handler
costs: no thread is started and no database connection opened per request.
"""

import os
import sys
from collections.abc import Iterable
from typing import Any

from a2wsgi import WSGIMiddleware
from channels.routing import ProtocolTypeRouter, URLRouter
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.urls import path, re_path

from portal.front import BODY, Front, Receive, Scope, Send

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

django = get_wsgi_application()

# Accounts are models: they can be imported only when Django is set up.
from communities import credentials  # noqa: E402
from updates.consumer import Consumer  # noqa: E402


def plain(environ: Any, start_response: Any) -> Iterable[bytes]:
    """Call Django with the body that the front has already read."""
    environ["wsgi.input"] = environ["asgi.scope"][BODY]
    environ["wsgi.errors"] = sys.stderr
    return django(environ, start_response)


async def nobody_home(scope: Scope, receive: Receive, send: Send) -> None:
    """Refuse a websocket before it is accepted: there is nothing live to hear at this address."""
    await receive()
    await send({"type": "websocket.close", "code": 4404})


def build(*, threads: int) -> Front:
    """Build the application with a pool of so many threads for Django."""
    return Front(
        ProtocolTypeRouter(
            {
                "http": WSGIMiddleware(plain, workers=threads),
                "websocket": URLRouter(
                    [path("ws/updates/", Consumer(credentials.of_handshake)), re_path("", nobody_home)]  # type: ignore[arg-type]
                ),
            }
        )
    )


application = build(threads=settings.WEB_THREADS)
