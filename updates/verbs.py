"""What can be said in the book. A room registers its verbs in ``apps.ready()``; nobody can say anything else."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Verb:
    """``template`` tells an update in a feed; without one the feed is silent about it and only pages change.

    ``about`` names what the payload of news is about: the thing with a ``title`` and a ``url`` that heads it.
    """

    name: str
    template: str = ""
    about: str = ""

    @property
    def is_news(self) -> bool:
        return bool(self.template)


_registered: dict[str, Verb] = {}


def register(name: str, *, template: str = "", about: str = "") -> None:
    """Let deeds say ``name``; the same name again takes its place. Raises ``ValueError`` for news about nothing."""
    if template and not about:
        raise ValueError(f"What is {name!r} about?")
    _registered[name] = Verb(name, template, about)


def get(name: str) -> Verb:
    """The verb of this name; raises ``KeyError`` for one that nobody registered."""
    return _registered[name]


def registered() -> tuple[Verb, ...]:
    """All verbs, in the order of registration."""
    return tuple(_registered.values())


def news() -> tuple[str, ...]:
    """The verbs that a feed tells."""
    return tuple(verb.name for verb in _registered.values() if verb.is_news)


# Said by this room itself: an update was taken back, messages came in or were read.
WITHDRAWN = "withdrawn"
MESSAGE = "message"
READ = "read"
for _own in (WITHDRAWN, MESSAGE, READ):
    register(_own)
