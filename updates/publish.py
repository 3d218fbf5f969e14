"""Writing in the book: the only writer of topics and updates.

A deed says what happened with :func:`publish`. It is written at the end of the outermost deed, in its transaction: the
topics are locked last of all and in the order of their names, held only until the commit, and numbered under that lock.
So a deed that was rolled back was never heard, and numbers are in the order of commits, without gaps.
"""

import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.db.models import F, Q
from django.utils import timezone

from kit import deeds

from . import bell, verbs
from .models import Topic, Update
from .parts import AT_ONCE
from .topics import Person

Payload = Mapping[str, Any]
Actor = Mapping[str, Any]


@dataclass(frozen=True)
class _Saying:
    """One thing that a deed says, in one or several topics."""

    topics: frozenset[str]
    verb: str
    payload: Payload | Callable[[], Payload]
    actor: Actor | None
    once: str
    speaker: int | None = None
    key: uuid.UUID = field(default_factory=uuid.uuid4)
    withdraws: uuid.UUID | None = None


def publish(
    topics: Iterable[str],
    verb: str,
    payload: Payload | Callable[[], Payload],
    *,
    actor: Actor | None = None,
    speaker: Person | None = None,
    key: uuid.UUID | None = None,
    once: str = "",
) -> None:
    """Say ``verb`` in these topics when the running deed commits.

    ``payload`` may be a function: it is called under the topics' locks and so tells how things stand at the commit.
    Of several with the same ``once`` in one deed only the last is said. ``speaker`` is whose name the actor holds, if it
    holds one: :func:`forget_signatures` finds it by that. ``key`` is the name by which :func:`withdraw`
    finds it again. Locks the topics at the end of the deed. Raises ``KeyError`` for a verb that nobody registered and
    ``RuntimeError`` outside a deed.
    """
    verbs.get(verb)
    said_by = speaker.pk if speaker is not None else None
    saying = _Saying(frozenset(topics), verb, payload, actor, once, said_by, key or uuid.uuid4())
    deeds.before_commit(_write, saying)


def withdraw(key: uuid.UUID, *, actor: Actor | None = None) -> None:
    """Take back everything that was said under ``key``: its lines keep their numbers, their payload is emptied.

    In each of its topics a ``withdrawn`` update names the line. What was taken back before is not taken back again.
    """
    names = Update.objects.filter(key=key).exclude(payload={}).values_list("topic__name", flat=True)
    saying = _Saying(frozenset(names), verbs.WITHDRAWN, {}, actor, f"withdraw:{key}", withdraws=key)
    deeds.before_commit(_write, saying)


def forget_person(keys: Iterable[uuid.UUID]) -> None:
    """Whoever wrote what was said under these keys is no longer named; that it was said, and in whose name, stays.

    Part of the deed of closing an account. No reader is told: nobody has to learn it at once.
    """
    lines = list(Update.objects.filter(key__in=list(keys), actor__isnull=False).order_by("pk"))
    _unsign(lines)


def forget_signatures(*, person: int, name: str, organisations: Iterable[int]) -> None:
    """The person with this id is named no more in what he or she said, under whatever name. Part of closing an account.

    Lines from before the book knew its speakers are known by what everybody may read: the name, and one of these
    organisations for which it was said.
    """
    theirs = Q(speaker=person)
    from_before = Q(speaker__isnull=True, actor__person=name, actor__organisation__in=list(organisations))
    _unsign(list(Update.objects.filter(theirs | from_before, actor__isnull=False).order_by("pk")))


def audience_changed(topics: Iterable[str]) -> None:
    """Who may follow these topics was decided anew; whoever serves readers asks again.

    Part of a deed, and the last lock it takes but for what it publishes: locks the topics at once.
    """
    names = frozenset(topics)
    _held(names)
    Topic.objects.filter(name__in=names).order_by().update(audience=F("audience") + 1)
    deeds.on_commit(partial(bell.ring_audience, names))


def _unsign(lines: list[Update]) -> None:
    for line in lines:
        line.actor = {name: value for name, value in line.actor.items() if name != "person"}
        line.speaker = None
    Update.objects.bulk_update(lines, ["actor", "speaker"], batch_size=AT_ONCE)


def _write(sayings: list[_Saying]) -> None:
    sayings = _last_of_each(sayings)
    names = frozenset[str]().union(*(saying.topics for saying in sayings))
    if not names:
        return
    topics = _held(names)
    now = timezone.now()
    lines = [
        line
        for saying in sayings
        for line in (_withdrawn(saying, saying.withdraws, topics) if saying.withdraws else _said(saying, topics))
    ]
    for line in lines:
        line.at = now
    Update.objects.bulk_create(lines, batch_size=AT_ONCE)
    Topic.objects.bulk_update(topics.values(), ["head"], batch_size=200)
    deeds.on_commit(partial(bell.ring, {topic.name: topic.head for topic in topics.values()}))


def _last_of_each(sayings: list[_Saying]) -> list[_Saying]:
    last = {saying.once: saying for saying in sayings if saying.once}
    return [saying for saying in sayings if not saying.once or last[saying.once] is saying]


def _said(saying: _Saying, topics: Mapping[str, Topic]) -> Iterable[Update]:
    payload = saying.payload() if callable(saying.payload) else saying.payload
    if verbs.get(saying.verb).is_news:
        # A reader of several topics meets the same news in each of them and must know it again.
        payload = {**payload, "ref": str(saying.key)}
    for name in sorted(saying.topics):
        yield _next(topics[name], saying, dict(payload))


def _withdrawn(saying: _Saying, key: uuid.UUID, topics: Mapping[str, Topic]) -> Iterable[Update]:
    for line in Update.objects.filter(key=key).exclude(payload={}).select_related("topic"):
        topic = topics.get(line.topic.name)
        if topic is not None:
            Update.objects.filter(pk=line.pk).update(payload={})
            yield _next(topic, saying, {"seq": line.seq})


def _next(topic: Topic, saying: _Saying, payload: dict[str, Any]) -> Update:
    topic.head += 1
    return Update(
        topic=topic,
        seq=topic.head,
        verb=saying.verb,
        actor=saying.actor,
        speaker_id=saying.speaker,
        payload=payload,
        key=saying.key,
    )


def _held(names: frozenset[str]) -> dict[str, Topic]:
    """Lock these topics in the order of their names; then make those in which nothing was ever said.

    Two deeds may want to make the same one at the same time: the second waits for the first, and takes what it made.
    """
    held = _locked(names)
    if missing := sorted(names - held.keys()):
        Topic.objects.bulk_create([Topic(name=name) for name in missing], ignore_conflicts=True, batch_size=AT_ONCE)
        held |= _locked(missing)
    return held


def _locked(names: Iterable[str]) -> dict[str, Topic]:
    return {topic.name: topic for topic in Topic.objects.select_for_update().filter(name__in=names).order_by("name")}
