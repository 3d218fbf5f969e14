"""The first page of the editor: what waits for me, what I wrote and how it stands, what happens today."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from communities import reviewing
from communities.models import User
from portal import clock
from portal.models import NoticePage
from tests import cast
from tests.cast import Town
from tests.communities.test_reviewing import a_notice, hand_in
from tests.reading import page, words

MORNING = timezone.make_aware(datetime(2026, 12, 5, 9, 0))


@pytest.fixture(autouse=True)
def _morning(time_machine: Any) -> None:
    time_machine.move_to(MORNING, tick=False)


def dashboard(person: User) -> str:
    User.objects.filter(pk=person.pk).update(language="en")
    client = Client()
    client.force_login(person)
    return words(page(client.get("/admin/")).main)


def test_an_author_sees_how_each_of_his_notices_stands(town: Town) -> None:
    a_notice(town, title="草稿一")
    hand_in(a_notice(town, title="送审二"), town.yan)
    reviewing.send_back(state=hand_in(a_notice(town, title="退回三"), town.yan), by=town.mei, word="日期不对")
    reviewing.approve(state=hand_in(a_notice(town, title="发布四"), town.yan), by=town.mei)
    later = a_notice(town, title="以后五")
    later.go_live_at = MORNING + timedelta(days=1)
    later.save_revision().publish()
    gone = a_notice(town, title="撤下六")
    gone.save_revision().publish()
    NoticePage.objects.get(pk=gone.pk).unpublish()
    over = a_notice(town, title="过期七")
    over.expire_at = MORNING - timedelta(hours=1)
    over.save_revision().publish()
    clock.publish_scheduled()

    said = dashboard(town.yan)

    for title, word in (
        ("草稿一", "draft"),
        ("送审二", "waits for approval"),
        ("退回三", "returned for changes"),
        ("发布四", "live"),
        ("以后五", "goes live later"),
        ("撤下六", "taken offline"),
        ("过期七", "over and offline"),
    ):
        assert f"{title} {word}" in said, said
    assert "日期不对" in said


def test_who_approves_sees_what_waits_and_nobody_else_does(town: Town) -> None:
    hand_in(a_notice(town, title="等梅芳看"), town.yan)
    assert "等梅芳看" in dashboard(town.mei)
    assert "等梅芳看" not in dashboard(town.bo)


def test_today_is_the_day_here(town: Town) -> None:
    for title, hours in (("今天扫雪", 6), ("半夜扫雪", 14), ("明天扫雪", 15)):
        cast.announced(town, cast.in_hours(hours, 1), title=title)
    said = dashboard(town.mei)
    assert "今天扫雪" in said
    assert "半夜扫雪" in said
    assert "明天扫雪" not in said
    assert "今天扫雪" not in dashboard(town.bo)


@pytest.mark.parametrize("name", ["mei", "yan"])
def test_the_number_of_queries_does_not_grow(town: Town, name: str) -> None:
    def write(number: int) -> None:
        a_notice(town, by=town.people[name], title=f"草稿{number}")
        hand_in(a_notice(town, by=town.people[name], title=f"送审{number}"), town.people[name])
        returned = hand_in(a_notice(town, by=town.people[name], title=f"退回{number}"), town.people[name])
        reviewing.send_back(state=returned, by=town.admin, word="再改")
        a_notice(town, by=town.people[name], title=f"发布{number}").save_revision().publish()
        cast.announced(town, cast.in_hours(6, 1), title=f"扫雪{number}")

    def asked() -> int:
        dashboard(town.people[name])
        with CaptureQueriesContext(connection) as queries:
            dashboard(town.people[name])
        return len(queries)

    write(1)
    before = asked()
    write(2)
    write(3)
    assert asked() == before
