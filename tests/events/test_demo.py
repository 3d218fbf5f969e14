"""The demo town is told by deeds, once; later days add what lies ahead."""

from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone

from communities.models import Organisation
from events.kinds import Kind
from events.models import Action, ActionPage, Party, Post, SignUp
from tests.cast import Town

EVERYTHING = ("pk", "state", "starts_at", "ends_at", "reason")


def tell() -> str:
    said = StringIO()
    call_command("demo", stdout=said)
    return said.getvalue()


def actions() -> list[tuple[object, ...]]:
    return list(Action.objects.order_by("pk").values_list(*EVERYTHING))


def sign_ups() -> list[tuple[object, ...]]:
    return list(SignUp.objects.order_by("pk").values_list("pk", "person", "shift", "state", "queued_at"))


def partners() -> list[tuple[object, ...]]:
    fields = ("pk", "action", "organisation__name", "state", "word", "answered_at", "ended_at")
    return list(Party.objects.order_by("pk").values_list(*fields))


def test_it_has_actions_in_all_their_states_and_a_waiting_list(town: Town) -> None:
    said = tell()

    assert {state for _, state, *_ in actions()} == {"announced", "draft", "called_off"}
    assert {"confirmed", "waiting", "cancelled"} == set(SignUp.objects.values_list("state", flat=True))
    assert [line.split()[0] for line in said.splitlines()[1:]] == [*town.people, "gu", "xu"]
    roads = set(Action.objects.filter(road__isnull=False).values_list("road__name", "place"))
    assert roads == {(name, name) for name in ("振祁路", "海瑞路", "湖西路")}
    assert Action.objects.filter(road__name="海瑞路", longitude__isnull=False).exists()


@pytest.mark.parametrize("clock", ["00:10", "03:30", "12:00", "18:50", "21:59", "23:20", "23:44", "23:50", "23:59"])
def test_whenever_it_is_told_the_snow_is_cleared_tonight_on_the_bridges_and_in_the_morning(
    town: Town, clock: str
) -> None:
    day = timezone.localdate() + timedelta(days=1)
    with time_machine.travel(f"{day} {clock}+08:00", tick=False):
        tell()
        snow = Action.objects.get(kind=Kind.SNOW, state="announced")
        rows = [
            (shift.capacity, shift.taken, shift.waiting) for shift in snow.shifts.with_places().order_by("starts_at")
        ]
        assert rows == [(10, 7, 0), (4, 4, 3), (12, 3, 0)]
        assert snow.shifts.filter(starts_at__gt=timezone.now()).count() == 3


def test_the_town_of_the_article_is_whole(town: Town) -> None:
    """Its subdistrict, communities, roads and partners are there, and what they do together is of every kind."""
    tell()

    assert set(Organisation.objects.verified().values_list("name", flat=True)) >= {
        *("玉祁街道", "玉祁城管", "玉祁交警中队", "示范初级中学", "示范制造有限公司", "聚力暖橙志愿队"),
        *(f"{name}社区" for name in ("玉祁", "平湖", "玉西", "玉鑫")),
        *(f"{road}微路长商户组" for road in ("振祁路", "海瑞路", "湖西路")),
    }
    public = Action.objects.public()
    assert public.count() >= 8
    assert set(public.values_list("kind", flat=True)) >= {
        *("snow", "flood", "sky", "care", "forum", "parking", "project", "cleanup")
    }
    assert public.filter(ends_at__lt=timezone.now()).exists()
    assert Action.objects.exclude(pk__in=public).count() >= 2
    assert Post.objects.values("action").distinct().count() >= 4
    assert sum(bool(page.title_en) for page in ActionPage.objects.live()) >= 8


def test_twice_on_one_day_changes_nothing(town: Town) -> None:
    tell()
    before = actions(), sign_ups(), partners()

    tell()

    assert (actions(), sign_ups(), partners()) == before


def test_partners_have_said_yes_and_no_and_nothing_yet(town: Town) -> None:
    tell()
    told = set(Party.objects.values_list("action__state", "organisation__name", "state"))
    assert told >= {
        ("announced", "示范初级中学", "joined"),
        ("announced", "示范制造有限公司", "joined"),
        ("announced", "玉祁交警中队", "joined"),
        ("announced", "玉祁社区", "invited"),
        ("draft", "玉祁社区", "invited"),
        ("called_off", "示范初级中学", "declined"),
    }
    assert not Party.objects.joined().filter(word="").exists()


def test_a_later_day_adds_what_lies_ahead_and_leaves_the_past_alone(town: Town) -> None:
    tell()
    before, taken = actions(), sign_ups()

    with time_machine.travel(timezone.now() + timedelta(days=30), tick=True):
        tell()
        ahead = Action.objects.public().announced().filter(starts_at__gt=timezone.now()).count()
        after = actions()
        tell()

        assert actions() == after
    assert ahead == 3
    assert after[: len(before)] == before
    assert sign_ups()[: len(taken)] == taken
