"""The demo town's notices and the pages of the site."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from portal import demo
from portal.models import NoticeAttachment, NoticePage, StandardPage
from portal.notice_faces import text_of
from portal.notice_form import DOCUMENT_NUMBER, INDEX_NUMBER
from tests.cast import Town
from updates.models import Update


@pytest.fixture
def told(town: Town) -> None:
    demo.tell()


def test_the_five_organisations_have_something_of_every_sort_to_read(told: None) -> None:
    notices = list(NoticePage.objects.shown())
    today = timezone.localdate()
    assert len(notices) >= 12
    assert len({notice.organisation for notice in notices}) == 5
    assert len({notice.kind for notice in notices}) >= 9
    assert {"valid", "expired", "repealed"} <= {notice.phase(today) for notice in notices}
    assert [notice.kind for notice in notices if notice.is_pinned] == ["warning"]
    assert sum(bool(notice.title_en) for notice in notices) >= 2
    assert all(notice.replaced_by for notice in notices if notice.validity == "repealed")
    assert NoticeAttachment.objects.count() >= 2
    assert len({timezone.localdate(notice.first_published_at) for notice in notices}) >= 10


def test_they_are_written_as_the_rules_ask(told: None) -> None:
    for notice in NoticePage.objects.shown():
        assert not notice.document_number or DOCUMENT_NUMBER.fullmatch(notice.document_number)
        assert not notice.index_number or INDEX_NUMBER.fullmatch(notice.index_number)
        assert len(text_of(notice.body)) > 80, notice.title
        notice.full_clean()


def test_told_again_it_changes_nothing(told: None, time_machine: Any) -> None:
    def state() -> tuple[object, ...]:
        pages = (NoticePage, StandardPage)
        return tuple(
            list(model.objects.order_by("pk").values_list("pk", "title", "last_published_at")) for model in pages
        )

    before, said = state(), Update.objects.count()
    demo.tell()
    assert (state(), Update.objects.count()) == (before, said)
    time_machine.move_to(timezone.now() + timedelta(days=40), tick=False)
    demo.tell()
    assert (state(), Update.objects.count()) == (before, said)


def test_every_one_can_be_read(told: None, visitor: Client) -> None:
    for notice in NoticePage.objects.shown():
        assert visitor.get(notice.url).status_code == 200, notice.title
    for page in StandardPage.objects.live():
        assert visitor.get(page.url).status_code == 200
