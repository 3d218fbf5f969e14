"""What people are told when their place changes: each thing once, with when and where, in their language."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from communities.models import User
from events import calling_off, messages, seats, shifts
from events.models import ActionPage, Shift, SignUp
from events.shifts import Hours
from kit.deeds import deed
from kit.refusals import Refused
from tests.cast import Town, a_shift, sign_up
from tests.events.test_races import at_once
from updates.messages import Words, words
from updates.models import Message, Outgoing

MORNING = timezone.make_aware(datetime(2026, 12, 4, 9, 0))
EVENING = timezone.make_aware(datetime(2026, 12, 4, 18, 0))


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def clock(time_machine: Any) -> Any:
    """It is the morning of Friday 4 December, until somebody moves it."""
    time_machine.move_to(MORNING, tick=False)
    return time_machine


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return timezone.make_aware(datetime(2026, 12, day, hour, minute))


def shift_at(town: Town, begin: datetime, **changes: Any) -> Shift:
    return a_shift(town, begin=(begin - timezone.now()) / timedelta(hours=1), **changes)


def told(person: User, kind: str = "") -> list[Message]:
    mine = Message.objects.filter(person=person).order_by("pk")
    return list(mine.filter(kind=kind) if kind else mine)


def said(message: Message) -> Words:
    return words(message.kind, message.payload, timezone.now())


def move(shift: Shift, town: Town, begin: datetime) -> None:
    shifts.change(shift=shift, hours=Hours(begin, begin + timedelta(hours=2), 10), by=town.mei)


# --- promoted and offered ---------------------------------------------------------------------------------------------


def test_who_moves_up_is_told_when_and_where(town: Town, clock: Any) -> None:
    shift = shift_at(town, at(7, 9), capacity=1, title="扫|雪")
    gone, mine = sign_up(town.lan, shift), sign_up(town.chen, shift)
    assert told(town.chen) == []

    seats.cancel(sign_up=gone, by=town.lan)
    seats.cancel(sign_up=gone, by=town.lan)

    (message,) = told(town.chen)
    assert said(message) == Words(
        "A place came free, you are in: 扫雪",
        "Mon 7 Dec 09:00–11:00, 湖西路 (meet at: 湖西路北口). If you cannot come, please cancel: somebody else is glad of the "
        "place.",
        f"/my/sign-ups/{mine.pk}/",
    )
    assert told(town.lan) == []


def test_an_offer_says_until_when_and_how_long(town: Town, clock: Any) -> None:
    shift = shift_at(town, at(4, 10, 30), capacity=1, title="扫雪")
    gone, mine = sign_up(town.lan, shift), sign_up(town.chen, shift)

    seats.cancel(sign_up=gone, by=town.lan, reason="病了")

    (message,) = told(town.chen)
    offer = said(message)
    assert (message.kind, offer.title, offer.url) == ("offered", "A place is free: 扫雪", f"/my/sign-ups/{mine.pk}/")
    assert "kept for you for 20 minutes, until 09:20" in offer.text
    assert offer.is_urgent
    clock.move_to(at(4, 9, 20), tick=False)
    assert not said(message).is_urgent


def test_the_next_in_line_is_offered_it_when_the_first_lets_it_lapse(town: Town, clock: Any) -> None:
    shift = shift_at(town, at(4, 10, 30), capacity=1)
    gone = sign_up(town.lan, shift)
    for person in (town.chen, town.zhou):
        sign_up(person, shift)
    seats.cancel(sign_up=gone, by=town.lan, reason="病了")
    clock.move_to(at(4, 9, 21), tick=False)

    seats.pass_places_on()
    seats.pass_places_on()

    assert [[message.kind for message in told(person)] for person in (town.chen, town.zhou)] == [["offered"]] * 2


def test_a_deed_that_is_undone_tells_nobody(committed: Town) -> None:
    shift = a_shift(committed, capacity=1)
    gone = sign_up(committed.lan, shift)
    sign_up(committed.chen, shift)

    @deed
    def changes_its_mind() -> None:
        seats.cancel(sign_up=gone, by=committed.lan)
        raise Refused("planted", "No.")

    with pytest.raises(Refused, match="No"):
        changes_its_mind()

    assert not Message.objects.exists()
    assert not Outgoing.objects.exists()


# --- moved ------------------------------------------------------------------------------------------------------------


def test_moved_twice_is_told_twice_with_old_and_new_hours(town: Town, clock: Any) -> None:
    shift = shift_at(town, at(7, 9), capacity=1, title="扫雪")
    mine, waiting = sign_up(town.chen, shift), sign_up(town.lan, shift)
    shifts.change(shift=shift, hours=Hours(at(8, 9), at(8, 11), 1), by=town.mei)
    shifts.change(shift=shift, hours=Hours(at(8, 9), at(8, 11), 1, 1, "北口"), by=town.mei)  # the same hours
    clock.move_to(at(4, 10), tick=False)
    shifts.change(shift=shift, hours=Hours(at(7, 9), at(7, 11), 1), by=town.mei)
    clock.move_to(at(4, 11), tick=False)
    shifts.change(shift=shift, hours=Hours(at(8, 9), at(8, 11), 1), by=town.mei)  # as once before

    there, back, again = told(town.chen)
    assert {message.kind for message in (there, back, again)} == {"moved"}
    assert said(there) == Words(
        "Other hours: 扫雪",
        "Now Tue 8 Dec 09:00–11:00, 湖西路 (meet at: 湖西路北口); before it was Mon 7 Dec 09:00–11:00. If that does not suit "
        "you, you may cancel without a reason until Tue 8 Dec 07:00.",
        f"/my/sign-ups/{mine.pk}/",
    )
    assert said(back).text.startswith("Now Mon 7 Dec 09:00–11:00")
    assert [said(message).url for message in told(town.lan)] == [f"/my/sign-ups/{waiting.pk}/"] * 3
    assert told(town.mei) == []


def test_moved_at_short_notice_one_may_leave_until_it_begins(town: Town, clock: Any) -> None:
    shift = shift_at(town, at(7, 9))
    sign_up(town.chen, shift)

    move(shift, town, at(4, 15))

    assert said(told(town.chen)[0]).text.endswith("you may cancel without a reason until today 15:00.")


# --- called off -------------------------------------------------------------------------------------------------------


def test_called_off_tells_confirmed_and_waiting_once_each_with_the_reason(town: Town, clock: Any) -> None:
    shift = shift_at(town, at(7, 9), capacity=1, title="扫雪")
    second = shifts.add(action=shift.action, hours=Hours(at(8, 9), at(8, 11), 5), by=town.mei)
    mine, waiting = sign_up(town.chen, shift), sign_up(town.lan, shift)
    sign_up(town.chen, second)
    gone = sign_up(town.zhou, second)
    seats.cancel(sign_up=gone, by=town.zhou)

    for _again in range(2):
        calling_off.call_off(action=shift.action, reason="暴雪", by=town.mei)

    (message,) = told(town.chen)
    assert said(message) == Words(
        "Called off: 扫雪",
        "Mon 7 Dec 09:00–11:00, 湖西路 (meet at: 湖西路北口): it does not take place. The reason: 暴雪",
        f"/my/sign-ups/{mine.pk}/",
    )
    assert [said(one).url for one in told(town.lan)] == [f"/my/sign-ups/{waiting.pk}/"]
    assert told(town.zhou) == []


def test_calling_off_costs_no_more_for_twelve_than_for_two(town: Town) -> None:
    costs = []
    crowd = list(town.neighbours())
    for size in (14, 2, 12):  # the first one makes the topics of all
        shift = a_shift(town, capacity=20)
        for person in crowd[:size]:
            sign_up(person, shift)
        with CaptureQueriesContext(connection) as queries:
            calling_off.call_off(action=shift.action, reason="暴雪", by=town.mei)
        assert Message.objects.filter(about=f"action:{shift.action_id}").count() == size
        costs.append(len(queries))
        for person in crowd[:size]:
            SignUp.objects.filter(person=person).delete()

    assert costs[1] == costs[2]


# --- the evening before -----------------------------------------------------------------------------------------------


def reminded(*people: User) -> list[int]:
    return [len(told(person, "reminder")) for person in people]


def test_from_six_the_evening_before_each_is_reminded_once(town: Town, clock: Any) -> None:
    shift = shift_at(town, at(5, 6, 30), capacity=2, title="扫雪")
    mine = sign_up(town.chen, shift)
    other = sign_up(town.lan, shift)
    sign_up(town.zhou, shift)  # waits
    seats.cancel(sign_up=other, by=town.lan)
    SignUp.objects.filter(person=town.zhou).update(state="waiting", confirmed_at=None)

    clock.move_to(EVENING - timedelta(seconds=1), tick=False)
    messages.remind()
    assert not Message.objects.filter(kind="reminder").exists()

    for minute in range(3):
        clock.move_to(EVENING + timedelta(minutes=minute), tick=False)
        messages.remind()

    assert reminded(town.chen, town.lan, town.zhou) == [1, 0, 0]
    assert said(told(town.chen)[0]) == Words(
        "You are expected: 扫雪",
        "Tomorrow morning 06:30–08:30, 湖西路 (meet at: 湖西路北口). If you cannot come, please cancel now: somebody else is "
        "glad of the place.",
        f"/my/sign-ups/{mine.pk}/",
    )


@pytest.mark.parametrize(
    ("begin", "count"), [(at(4, 23, 59), 0), (at(5, 0), 1), (at(5, 23, 59), 1), (at(6, 0), 0)], ids=str
)
def test_tomorrow_is_the_sites_own_day(town: Town, clock: Any, begin: datetime, count: int) -> None:
    sign_up(town.chen, shift_at(town, begin))
    clock.move_to(EVENING + timedelta(hours=5), tick=False)

    messages.remind()

    assert reminded(town.chen) == [count]


def test_a_shift_of_which_nobody_can_be_reminded_does_not_silence_the_next_one(
    town: Town, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = shift_at(town, at(5, 6)), shift_at(town, at(5, 9))
    sign_up(town.lan, first)
    sign_up(town.chen, second)
    clock.move_to(EVENING, tick=False)
    facts = messages._facts

    def breaks_at_the_first(shift: Shift, sign_up: int | None) -> dict[str, Any]:
        if shift == first:
            raise RuntimeError("a row that always fails")
        return facts(shift, sign_up)

    monkeypatch.setattr(messages, "_facts", breaks_at_the_first)
    messages.remind()

    assert reminded(town.lan, town.chen) == [0, 1]


def test_who_comes_this_evening_knows_it(town: Town, clock: Any) -> None:
    shift = shift_at(town, at(5, 9))
    clock.move_to(EVENING - timedelta(seconds=1), tick=False)
    sign_up(town.chen, shift)
    clock.move_to(EVENING, tick=False)
    sign_up(town.lan, shift)
    clock.move_to(EVENING + timedelta(hours=3), tick=False)

    messages.remind()

    assert reminded(town.chen, town.lan) == [1, 0]


def test_what_was_moved_to_a_later_day_is_reminded_of_again(town: Town, clock: Any) -> None:
    shift = shift_at(town, at(5, 9))
    sign_up(town.chen, shift)
    clock.move_to(EVENING, tick=False)
    messages.remind()
    move(shift, town, at(6, 9))
    messages.remind()
    assert reminded(town.chen) == [1]

    clock.move_to(EVENING + timedelta(days=1), tick=False)
    messages.remind()
    messages.remind()
    assert reminded(town.chen) == [2]


def test_nobody_is_reminded_of_what_does_not_take_place(town: Town, clock: Any) -> None:
    off, hidden = shift_at(town, at(5, 9)), shift_at(town, at(5, 9))
    sign_up(town.chen, off)
    sign_up(town.lan, hidden)
    calling_off.call_off(action=off.action, reason="暴雪", by=town.mei)
    ActionPage.objects.filter(translation_key=hidden.action.key).update(live=False)
    clock.move_to(EVENING, tick=False)

    messages.remind()

    assert reminded(town.chen, town.lan) == [0, 0]


def test_many_clocks_remind_once(committed: Town, time_machine: Any) -> None:
    time_machine.move_to(MORNING, tick=False)
    shift = shift_at(committed, at(5, 9), capacity=20)
    crowd = list(committed.neighbours())
    for person in crowd:
        sign_up(person, shift)
    time_machine.move_to(EVENING, tick=False)

    answers = at_once(*[messages.remind] * 4)

    assert answers == [None] * 4
    assert reminded(*crowd) == [1] * len(crowd)
    assert Outgoing.objects.count() == len(crowd)


def test_reminding_costs_no_more_for_twelve_than_for_two(town: Town, clock: Any) -> None:
    crowd = list(town.neighbours())
    costs = []
    for day, size in ((5, 14), (6, 2), (7, 12)):  # the first one makes the topics of all
        shift = shift_at(town, at(day, 9), capacity=20)
        for person in crowd[:size]:
            sign_up(person, shift)
        clock.move_to(EVENING + timedelta(days=day - 5), tick=False)
        with CaptureQueriesContext(connection) as queries:
            messages.remind()
        assert Message.objects.filter(about=f"shift:{shift.pk}:2026-12-0{day}").count() == size
        costs.append(len(queries))
        clock.move_to(at(day, 8), tick=False)

    assert costs[1] == costs[2]
    with CaptureQueriesContext(connection) as queries:
        messages.remind()
    assert len(queries) == 0  # by day it does not even look


# --- in every language ------------------------------------------------------------------------------------------------


def test_the_title_is_english_for_who_reads_english_and_dates_leave_the_site(
    town: Town, clock: Any, settings: Any
) -> None:
    settings.SMS_CARRIER = "file"
    User.objects.filter(pk=town.chen.pk).update(language="en")
    shift = shift_at(town, at(5, 9), title="扫雪", title_en="Shovelling snow")
    sign_up(town.chen, shift)
    sign_up(town.lan, shift)
    clock.move_to(EVENING, tick=False)

    messages.remind()

    body = Outgoing.objects.get(message__person=town.chen).body
    assert "Shovelling snow" in body
    assert "Sat 5 Dec 09:00–11:00" in body  # nobody knows when it will be read: not "tomorrow"
    assert "扫雪" in Outgoing.objects.get(message__person=town.lan).body
    assert said(told(town.lan)[0]).title == "You are expected: Shovelling snow"
    with translation.override("zh-hans"):
        assert said(told(town.chen)[0]).title.endswith("扫雪")


OF_PLACES = [kind for kind in messages.KINDS if not kind.startswith("party_")]


@pytest.mark.parametrize("kind", OF_PLACES)
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_kind_has_words_without_asking_the_database(
    town: Town, clock: Any, django_assert_num_queries: Any, kind: str, language: str
) -> None:
    payload = {
        **messages._facts(shift_at(town, at(7, 9)), 7),
        "was": {"starts_at": "2026-12-06T09:00+08:00", "ends_at": "2026-12-06T11:00+08:00"},
        "free_until": "2026-12-05T09:00+08:00",
        "until": "2026-12-04T09:20+08:00",
        "minutes": 20,
        "reason": "暴雪",
    }
    with translation.override(language), django_assert_num_queries(0):
        spoken = words(kind, payload, timezone.now())

    assert "09:00–11:00" in spoken.text
    assert "湖西路" in spoken.text
    assert "背街里巷清扫" in spoken.title
    assert spoken.url == "/my/sign-ups/7/"
