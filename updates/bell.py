"""The bell: it says in all processes *topic T is now at N*, and may be lost. Nothing is ever only on the wire.

Deeds run in threads, the readers hang on the server's event loop. The outermost application remembers that loop at its
first request (:func:`adopt_loop`), and a thread rings by handing the work to it: ringing through a loop of one's own
arrives almost a second late at an in-memory layer. A process without a server – worker, clock, command – rings by itself,
if there is a layer that other processes hear.
"""

import asyncio
from collections.abc import Iterable, Mapping
from typing import Any

import structlog
from asgiref.sync import async_to_sync
from channels.layers import InMemoryChannelLayer, get_channel_layer

log = structlog.get_logger(__name__)

GROUP = "updates"
"""The one group of the channel layer; every hub is in it."""

PATIENCE = 2.0
"""Seconds that a stroke may take. A broker that is frozen must hold up nobody; readers look by themselves."""

_servers_loop: asyncio.AbstractEventLoop | None = None


def adopt_loop() -> None:
    """Remember the running loop as the one that serves; called by the outermost application at every scope."""
    global _servers_loop  # noqa: PLW0603 – a process has one server
    _servers_loop = asyncio.get_running_loop()


def ring(heads: Mapping[str, int]) -> None:
    """Say that these topics are now at these numbers."""
    _strike({"heads": dict(heads)})


def ring_audience(topics: Iterable[str]) -> None:
    """Say that it was decided anew who may follow these topics."""
    _strike({"audience": sorted(topics)})


def ring_rights(people: Iterable[int]) -> None:
    """Say that the rights of these people have changed."""
    _strike({"people": sorted(people)})


def _strike(said: dict[str, Any]) -> None:
    loop = _servers_loop
    if loop is not None and loop.is_running():
        asyncio.run_coroutine_threadsafe(_send(said), loop)
    elif not isinstance(get_channel_layer(), InMemoryChannelLayer):
        async_to_sync(_send)(said)


async def _send(said: dict[str, Any]) -> None:
    try:
        await asyncio.wait_for(get_channel_layer().group_send(GROUP, {"type": "bell", **said}), PATIENCE)
    except Exception as error:  # noqa: BLE001
        # Whatever it is that ails the broker: the book is written, and the readers look by themselves.
        log.warning("bell_unheard", error=repr(error))
