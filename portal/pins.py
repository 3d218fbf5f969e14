"""What the site is built from: the pinned packages, and the files of others that lie in the repository."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from django.conf import settings

RUN, WORK = "requirements.txt", "requirements-dev.txt"
VENDORED = Path("portal/static/vendor/LICENCES.md")
FONT = Path("portal/fonts/README.md")

PIN = re.compile(
    r"^(?P<name>[a-z0-9][a-z0-9._-]*)(?:\[[^]]*\])?==(?P<version>[^\s;\\]+)(?:\s*;\s*(?P<marker>[^\\]+?))?\s*\\?$"
)
ROW = re.compile(
    r"^\| `(?P<file>[^`]+)` \| .* \| (?P<version>[0-9.]+) \| (?P<licence>[^|(]+?)(?: \(.*\)|, as .*)? \| npm package `(?P<name>[^`]+)`"
)

FACE = re.compile(r"the \w+ weight of (?P<name>Noto Sans CJK SC) (?P<version>[0-9.]+)")


class Pin(NamedTuple):
    """A package in one version; ``marker`` says on which machines (PEP 508), empty for all."""

    name: str
    version: str
    marker: str = ""
    licence: str = ""

    @property
    def purl(self) -> str:
        """Its name and version as other tools write it (package-url)."""
        kind, _, name = self.name.rpartition(":")
        return f"pkg:{kind or 'pypi'}/{name}@{self.version}"


def packages(file: str = RUN) -> Iterator[Pin]:
    """The packages pinned in a requirements file."""
    for line in (settings.BASE_DIR / file).read_text("utf-8").splitlines():
        if found := PIN.match(line):
            yield Pin(found["name"], found["version"], found["marker"] or "")


def vendored() -> Iterator[Pin]:
    """The browser's files of others, as their table says; names begin with ``npm:``."""
    for line in (settings.BASE_DIR / VENDORED).read_text("utf-8").splitlines():
        if found := ROW.match(line):
            yield Pin(f"npm:{found['name']}", found["version"], licence=found["licence"])


def fonts() -> Iterator[Pin]:
    """The font of the posters, as its description says."""
    found = FACE.search((settings.BASE_DIR / FONT).read_text("utf-8"))
    if found:
        yield Pin(f"generic:{found['name'].replace(' ', '-').lower()}", found["version"], licence="OFL-1.1")
