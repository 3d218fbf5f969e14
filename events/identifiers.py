"""Ids and keys that somebody wrote into an address or a form: what is none, or none that any row has, is None."""

import uuid
from collections.abc import Iterable

from kit.web import is_id


def id_in(written: str) -> int | None:
    """The id that stands there, if a database can look it up."""
    return int(written) if is_id(written) else None


def ids_in(written: Iterable[str]) -> list[int]:
    """All ids that stand there."""
    return [int(text) for text in written if is_id(text)]


def key_in(written: str) -> uuid.UUID | None:
    """The key that stands there."""
    try:
        return uuid.UUID(written)
    except ValueError:
        return None
