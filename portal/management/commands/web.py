"""``manage.py web``: the site's web server, Daphne unless ``SERVER=uvicorn``."""

import asyncio
import functools
import logging
import os
import signal
import sys
from argparse import ArgumentParser
from typing import Any

import daphne.server
import uvicorn
from daphne.endpoints import build_endpoint_description_strings
from daphne.http_protocol import HTTPFactory, WebRequest
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from twisted.internet import defer, reactor, task
from twisted.internet.interfaces import IListeningPort
from twisted.python.failure import Failure

from portal import front, lifeline
from portal.asgi import application
from updates.consumer import LARGEST_FRAME

CANNOT_LISTEN = 3
"""Exit status: the address is taken or not ours. Trying again would not help."""
MEGABYTE = 1024 * 1024  # bytes
PATIENCE = 10.0  # seconds that requests under way get when the server is told to end


class BoundedRequest(WebRequest):
    """Daphne reads a request whole before it calls the application, of whatever size: keep no more than may be.

    One byte more than the limit is kept, so that the front sees that it was passed, and says so.
    """

    def handleContentChunk(self, data: bytes) -> None:  # noqa: N802 – Twisted's name
        path = getattr(self.channel, "_path", None) or b""
        uploads = path.startswith(tuple(prefix.encode() for prefix in settings.UPLOAD_PATHS))
        left = (settings.UPLOAD_LIMIT if uploads else settings.BODY_LIMIT) + 1 - self.content.tell()
        if left > 0:
            super().handleContentChunk(data[:left])


class BoundedFactory(HTTPFactory):
    """Connections that cut a silent client off, with requests that are bounded."""

    def __init__(self, server: daphne.server.Server) -> None:
        super().__init__(server)
        self.timeOut = settings.BODY_PATIENCE

    def buildProtocol(self, addr: Any) -> Any:  # noqa: N802 – Twisted's name
        protocol = super().buildProtocol(addr)
        # Twisted would read every form too, on the loop that serves everybody, and drop the connection of one it cannot
        # read. Django reads it again in a thread of its own.
        protocol.requestFactory = functools.partial(BoundedRequest, parsePOSTFormSubmission=False)
        return protocol


# Daphne has no setting for the class of its factory.
daphne.server.HTTPFactory = BoundedFactory


class GracefulDaphne(daphne.server.Server):
    """Daphne that answers what it has taken before it ends, and says when it could not begin."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ports: list[IListeningPort] = []
        self.refused = ""

    def listen_success(self, port: IListeningPort) -> None:
        super().listen_success(port)
        # A websocket that breaks the rules is told which (1007, 1009 …) instead of being cut off.
        self.ws_factory.setProtocolOptions(failByDrop=False)
        self.ports.append(port)

    def listen_error(self, failure: Failure) -> None:
        self.refused = failure.getErrorMessage()
        self.stop()

    def kill_all_applications(self) -> defer.Deferred[Any]:
        for port in self.ports:
            port.stopListening()  # type: ignore[misc]
        finished = defer.Deferred.fromFuture(asyncio.ensure_future(application.finish(PATIENCE)))
        # What was answered last still lies in Twisted's buffers.
        return finished.addBoth(lambda _: task.deferLater(reactor, 0.2))


class Command(BaseCommand):
    help = "Serve the site over HTTP and websockets."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default=settings.HOST)
        parser.add_argument("--port", type=int, default=settings.PORT)
        parser.add_argument(lifeline.OPTION, action="store_true", help="end when standard input is closed")

    def handle(self, *args: Any, **options: Any) -> None:
        servers = {"daphne": self._daphne, "uvicorn": self._uvicorn}
        if settings.SERVER not in servers:
            raise CommandError(f"SERVER is {settings.SERVER!r}; it may be daphne or uvicorn.")
        if options["lifeline"]:
            lifeline.hold()
        status = servers[settings.SERVER](options["host"], options["port"])
        logging.shutdown()
        sys.stdout.flush()
        sys.stderr.flush()
        # Not sys.exit: it would wait for a thread that still works for a client who cannot be answered any more.
        os._exit(status)

    def _daphne(self, host: str, port: int) -> int:
        server = GracefulDaphne(
            application,
            endpoints=build_endpoint_description_strings(host=host, port=port),
            request_buffer_size=front.PIECE,
            # Autobahn holds what we send to the same bound. What comes in may be no longer than 16 KB, which the consumer
            # sees to; this keeps anybody from filling the memory before it can look.
            websocket_max_message_size=MEGABYTE,
            websocket_max_frame_size=MEGABYTE,
            server_name="",
            verbosity=0,
        )
        server.run()
        if server.refused:
            self.stderr.write(server.refused)
        return CANNOT_LISTEN if server.refused else 0

    def _uvicorn(self, host: str, port: int) -> int:
        server = uvicorn.Server(
            uvicorn.Config(
                application,
                host=host,
                port=port,
                log_config=None,
                access_log=False,
                lifespan="on",
                proxy_headers=False,
                server_header=False,
                timeout_keep_alive=int(settings.BODY_PATIENCE),
                timeout_graceful_shutdown=int(PATIENCE),
                ws_max_size=LARGEST_FRAME,
                ws_per_message_deflate=False,  # dearer than the frames are long, and memory for each socket
            )
        )
        # Uvicorn hands the signals that ended it on to whoever was there before; being told to end is no failure.
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: None)
        try:
            server.run()
        except SystemExit:
            return CANNOT_LISTEN
        return 0 if server.started else CANNOT_LISTEN
