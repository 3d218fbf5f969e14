"""The site's secret, made at the first run and kept beside the data."""

import contextlib
import os
import secrets
from pathlib import Path


def read_or_make(path: Path) -> str:
    """Return the secret kept in ``path``; make it (64 random bytes, mode 600) if there is none.

    Safe when several processes start at once on an empty folder: each writes a file of its own and links it to
    ``path``; the first link wins, everybody reads the winner, and nobody ever sees half a file.
    """
    with contextlib.suppress(FileNotFoundError):
        if secret := path.read_text(encoding="ascii").strip():
            return secret
        # An empty file is what a full disk leaves behind; it can protect nothing.
        path.unlink()
    own = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(own, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(64))
        file.flush()
        os.fsync(file.fileno())
    try:
        with contextlib.suppress(FileExistsError):
            os.link(own, path)
    finally:
        own.unlink()
    return path.read_text(encoding="ascii").strip()
