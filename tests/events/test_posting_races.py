"""The button is pressed twice on a bad line: it is one post, and it is told once."""

import threading
import uuid
from typing import Any

import pytest
from django.db import IntegrityError

from events import posting
from events.models import Action, Post
from kit import deeds
from tests import cast
from tests.cast import Town
from tests.events.test_races import at_once, meet
from updates.models import Update

TIMES = 6


def press(town: Town, action: Action, key: uuid.UUID) -> list[Any]:
    return at_once(*[lambda: posting.post(action=action, text="到了二十人。", by=town.mei, key=key)] * TIMES)


def test_sent_at_once_it_is_one_post_and_told_once(committed: Town) -> None:
    answers = press(committed, cast.announced(committed), uuid.uuid4())
    assert {answer.pk for answer in answers} == {Post.objects.get().pk}
    assert Update.objects.filter(topic__name="town", verb="posted").count() == 1


def test_twin_looking_before_writing_is_not_enough(committed: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    action = cast.announced(committed)
    all_have_looked = threading.Barrier(TIMES)

    def look_then_make(*, key: uuid.UUID, defaults: dict[str, Any]) -> tuple[Post, bool]:
        found = Post.objects.filter(key=key).first()
        meet(all_have_looked)
        return (found, False) if found else (Post.objects.create(key=key, **defaults), True)

    monkeypatch.setattr(deeds, "_in_one_transaction", deeds._with_its_end)
    monkeypatch.setattr(deeds, "before_commit", lambda _finish, _item: None)
    monkeypatch.setattr(Post.objects, "get_or_create", look_then_make)

    answers = press(committed, action, uuid.uuid4())

    assert sum(isinstance(answer, IntegrityError) for answer in answers) == TIMES - 1, "the database refuses the rest"
