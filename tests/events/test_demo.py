"""The demo town is told by deeds, once; later days add what lies ahead."""

from datetime import timedelta
from io import StringIO

import time_machine
from django.core.management import call_command
from django.utils import timezone

from events.models import Action, Party, SignUp
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
    assert [line.split()[0] for line in said.splitlines()[1:]] == list(town.people)


def test_twice_on_one_day_changes_nothing(town: Town) -> None:
    tell()
    before = actions(), sign_ups(), partners()

    tell()

    assert (actions(), sign_ups(), partners()) == before


def test_partners_have_said_yes_and_no_and_nothing_yet(town: Town) -> None:
    tell()
    told = Party.objects.order_by("pk").values_list("action__state", "organisation__name", "state")
    assert set(told) == {
        ("announced", "示范初级中学", "joined"),
        ("announced", "示范制造有限公司", "joined"),
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
