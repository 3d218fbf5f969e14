"""Where rooms above tell a person what they know of him or her."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from communities.models import User
from communities.panels import Panels

record_panels: Panels[User] = Panels()
"""On the person's own page: what was done so far."""


@dataclass(frozen=True)
class Line:
    """One way from the person's own page: an address, an icon, the words, and how much waits there."""

    url: str
    icon: str
    words: str
    waiting: int = 0


_lines: dict[str, Callable[[User], Iterable[Line]]] = {}


def register_lines(lines: Callable[[User], Iterable[Line]]) -> None:
    """Show these ways on the person's own page, in the order of registration; called in ``apps.ready()``."""
    _lines[f"{lines.__module__}.{lines.__qualname__}"] = lines


def lines_of(person: User) -> list[Line]:
    """The ways that rooms above have for this person."""
    return [line for lines in _lines.values() for line in lines(person)]
