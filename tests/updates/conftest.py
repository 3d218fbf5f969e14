"""What the tests of this room may ask for: a channel layer, and a topic with things said in it."""

from collections.abc import Callable, Iterator

import pytest

from kit.deeds import deed
from tests import listening
from tests.conftest import needs
from updates import topics, verbs
from updates.publish import publish


@pytest.fixture(params=["memory", "redis"])
def layer(request: pytest.FixtureRequest) -> Iterator[str]:
    """Both channel layers, one after the other."""
    configuration = listening.IN_MEMORY
    if request.param == "redis":
        url = listening.redis_url()
        needs("Redis", url)
        configuration = listening.over_redis(url)
    with listening.layer(configuration):
        yield request.param


Speak = Callable[..., None]


@pytest.fixture
def speak(monkeypatch: pytest.MonkeyPatch) -> Speak:
    """``speak("test:1", 3)`` says three things in a topic that everybody may follow."""
    monkeypatch.setitem(topics._families, "test", lambda _person, _key: True)
    monkeypatch.setitem(verbs._registered, "noted", verbs.Verb("noted"))

    @deed
    def say(topic: str, number: int) -> None:
        publish([topic], "noted", {"number": number})

    def say_so_many(topic: str, count: int = 1, *, first: int = 1) -> None:
        for number in range(first, first + count):
            say(topic, number)

    return say_so_many
