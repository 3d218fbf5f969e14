"""The calendar file of a sign-up, read back by a calendar's eyes."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest
import time_machine
from django.test import Client, override_settings

from events import calling_off, seats, shifts
from events.models import SignUp
from tests.cast import Town, a_shift, in_hours, sign_up


def fetched(client: Client, sign_up: SignUp) -> icalendar.Calendar:
    client.force_login(sign_up.person)
    return icalendar.Calendar.from_ical(client.get(f"/my/sign-ups/{sign_up.pk}/calendar.ics").content)


def entry(client: Client, sign_up: SignUp) -> icalendar.Event:
    (only,) = fetched(client, sign_up).walk("VEVENT")
    return only


def test_the_shift_with_all_one_needs(town: Town, client: Client) -> None:
    mine = sign_up(town.chen, a_shift(town, title="背街里巷|清扫", place="湖西路", meeting_point="北口"))

    with override_settings(SITE_URL="https://gongzhi.example"):
        event = entry(client, mine)

    assert str(event["SUMMARY"]) == "背街里巷清扫"
    assert (event["DTSTART"].dt, event["DTEND"].dt) == (mine.shift.starts_at, mine.shift.ends_at)
    assert str(event["LOCATION"]) == "湖西路，北口"
    assert str(event["URL"]) == f"https://gongzhi.example/my/sign-ups/{mine.pk}/"
    assert str(event["UID"]) == f"sign-up-{mine.pk}@gongzhi.example"
    assert str(event["STATUS"]) == "CONFIRMED"
    assert "水杯" in str(event["DESCRIPTION"])
    assert "梅芳，+8610000000002" in str(event["DESCRIPTION"])


def test_the_hours_are_told_in_the_zone_of_the_town(town: Town, client: Client) -> None:
    mine = sign_up(town.chen, a_shift(town))

    calendar = fetched(client, mine)

    (zone,) = calendar.walk("VTIMEZONE")
    (event,) = calendar.walk("VEVENT")
    assert str(zone["TZID"]) == event["DTSTART"].params["TZID"] == "Asia/Shanghai"
    assert event["DTSTART"].dt.utcoffset() == timedelta(hours=8)
    assert (
        event["DTSTART"].dt.astimezone(ZoneInfo("Asia/Shanghai")).hour
        == mine.shift.starts_at.astimezone(ZoneInfo("Asia/Shanghai")).hour
    )


def test_it_reminds_two_hours_before(town: Town, client: Client) -> None:
    (alarm,) = entry(client, sign_up(town.chen, a_shift(town))).walk("VALARM")

    assert (alarm["TRIGGER"].dt, str(alarm["ACTION"])) == (timedelta(hours=-2), "DISPLAY")


def test_as_a_file(town: Town, client: Client) -> None:
    mine = sign_up(town.chen, a_shift(town))
    client.force_login(town.chen)

    answer = client.get(f"/my/sign-ups/{mine.pk}/calendar.ics")

    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer["Content-Disposition"] == f'attachment; filename="gongzhi-{mine.pk}.ics"'
    assert answer["Cache-Control"] == "private, no-store"
    assert all(len(line) <= 75 for line in answer.content.split(b"\r\n"))


def test_fetched_again_after_a_move_it_mends_the_same_entry(town: Town, client: Client) -> None:
    shift, moved = a_shift(town), in_hours(100)
    mine = sign_up(town.chen, shift)
    before = entry(client, mine)
    shifts.change(shift=shift, hours=moved, by=town.mei)

    after = entry(client, mine)

    assert before["UID"] == after["UID"]
    assert (before.start, after.start) == (shift.starts_at, moved.starts_at)


def test_waiting_is_not_yet_sure(town: Town, client: Client) -> None:
    shift = a_shift(town, capacity=1)
    sign_up(town.lan, shift)

    assert str(entry(client, sign_up(town.chen, shift))["STATUS"]) == "TENTATIVE"


@pytest.mark.parametrize("by", ["the person", "the host"])
def test_cancelled_it_strikes_the_entry_out(town: Town, client: Client, by: str) -> None:
    mine = sign_up(town.chen, a_shift(town))
    if by == "the person":
        seats.cancel(sign_up=mine, by=town.chen)
    else:
        calling_off.call_off(action=mine.shift.action, reason="下雨", by=town.mei)

    event = entry(client, mine)

    assert str(event["STATUS"]) == "CANCELLED"
    assert event.walk("VALARM") == []
    assert "+8610000000002" not in str(event["DESCRIPTION"])


def test_what_people_write_cannot_write_lines_of_its_own(town: Town, client: Client) -> None:
    mine = sign_up(town.chen, a_shift(town, bring="水杯\r\nEND:VEVENT\r\nBEGIN:VEVENT;,\\"))

    assert "END:VEVENT\nBEGIN:VEVENT;,\\" in str(entry(client, mine)["DESCRIPTION"]).replace("\r\n", "\n")


def test_it_is_stamped_now(town: Town, client: Client) -> None:
    mine = sign_up(town.chen, a_shift(town))

    with time_machine.travel(datetime(2026, 12, 4, 9, tzinfo=UTC), tick=False):
        assert entry(client, mine)["DTSTAMP"].dt == datetime(2026, 12, 4, 9, tzinfo=UTC)
