"""Two people press the button that publishes: the town hears of the notice once."""

import threading
import uuid

import pytest

from kit import deeds
from portal import notices
from portal.models import NoticePage
from tests import cast
from tests.cast import Town
from tests.events.test_races import at_once, meet
from updates.models import Update

TIMES = 4


def a_live_notice(town: Town) -> NoticePage:
    """Live, and nobody has told it yet."""
    notice = cast.notice_draft(town)
    NoticePage.objects.filter(pk=notice.pk).update(live=True)
    return NoticePage.objects.get(pk=notice.pk)


def press(notice: NoticePage) -> int:
    answers = at_once(*[lambda: notices.tell(notice=NoticePage.objects.get(pk=notice.pk))] * TIMES)
    assert answers == [None] * TIMES
    return Update.objects.filter(topic__name="town", verb=notices.NOTICE).count()


def test_published_at_once_it_is_told_once(committed: Town) -> None:
    assert press(a_live_notice(committed)) == 1


def test_twin_without_the_lock_all_of_them_tell_it(committed: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    notice = a_live_notice(committed)
    all_have_looked = threading.Barrier(TIMES)
    look = notices._last_saying

    def look_together(asked: NoticePage) -> tuple[uuid.UUID, bool | None]:
        found = look(asked)
        meet(all_have_looked)
        return found

    # Nobody stands in line: neither for the pen of SQLite nor for the row of the organisation.
    monkeypatch.setattr(deeds, "_in_one_transaction", deeds._with_its_end)
    monkeypatch.setattr(notices, "_last_saying", look_together)
    monkeypatch.setattr(notices, "_hold", lambda found: found)
    monkeypatch.setattr(deeds, "before_commit", lambda _finish, saying: told.append(saying))
    told: list[object] = []
    press(notice)
    assert len(told) == TIMES
