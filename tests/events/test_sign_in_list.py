"""The list on which people sign: who is expected for each shift, no whole number, room for those who just come."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from communities.models import User
from events import parties, seats, shifts
from events.models import Action, Allotment, PhoneLook, SignUp
from tests import cast
from tests.cast import Town, in_hours
from tests.reading import page, words

pytestmark = pytest.mark.django_db


def as_(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def address(action: Action) -> str:
    return f"/desk/{action.pk}/sign-in-list/"


def table(answer: object) -> list[list[str]]:
    """The rows of the first sheet, cell by cell."""
    rows = page(answer).select(".sign-in")[0].select("tbody tr")
    return [[words(cell) for cell in row.select("th, td")] for row in rows]


def full_house(town: Town) -> Action:
    """Two places: chen and lu come, zhou waits, qiang came and went."""
    shift = cast.a_shift(town, begin=24, capacity=2)
    gone = cast.sign_up(town.qiang, shift)
    seats.cancel(sign_up=gone, by=town.qiang, reason="孩子发烧")
    for person in (town.chen, town.lu, town.zhou):
        cast.sign_up(person, shift)
    return shift.action


@pytest.mark.parametrize(("who", "status"), [("dana", 404), ("bo", 404), ("yan", 403), ("mei", 200), ("admin", 200)])
def test_only_who_runs_the_action_reads_who_comes(town: Town, who: str, status: int) -> None:
    answer = as_(town.people[who]).get(address(full_house(town)))
    assert answer.status_code == status
    assert ("陈晨" in answer.content.decode()) == (status == 200)


def test_who_only_writes_a_draft_is_shown_nobody(town: Town) -> None:
    """No deed signs anybody up for a draft; the rows stand here so that there is a name to be hidden."""
    draft = cast.draft(town)
    shift = shifts.add(action=draft, hours=in_hours(24), by=town.mei)
    now = timezone.now()
    SignUp.objects.create(person=town.chen, shift=shift, state=SignUp.State.CONFIRMED, queued_at=now, confirmed_at=now)
    Allotment.objects.filter(shift=shift).update(taken=1)
    seen, hidden = (as_(person).get(address(draft)) for person in (town.mei, town.yan))
    assert town.chen.name in str(table(seen))
    assert hidden.status_code == 200
    assert page(hidden).select(".sign-in") == []
    assert town.chen.name not in hidden.content.decode()
    said = words(page(hidden).main)
    assert "只给负责这场行动的人看" in said
    assert "还没有班次" not in said


def test_it_says_who_comes_and_leaves_room_to_sign(town: Town) -> None:
    lines = table(as_(town.mei).get(address(full_house(town))))
    assert [line[:2] for line in lines[:2]] == [["1", town.chen.name], ["2", town.lu.name]]
    assert {len(line) for line in lines} == {7}
    assert all(cell == "" for line in lines[:2] for cell in line[4:])
    assert [line[0] for line in lines[2:]] == ["3", "4", "5", "6", "7"]
    assert all(cell == "" for line in lines[2:] for cell in line[1:])


def test_who_waits_stands_apart_and_who_cancelled_nowhere(town: Town) -> None:
    answer = as_(town.mei).get(address(full_house(town)))
    assert town.zhou.name in words(page(answer).select_one(".in-line"))
    assert town.zhou.name not in str(table(answer))
    assert town.qiang.name not in answer.content.decode()
    assert "孩子发烧" not in answer.content.decode()


def test_no_whole_number_is_on_it_and_nothing_is_logged(town: Town) -> None:
    User.objects.filter(pk=town.chen.pk).update(phone="+8613900007788")
    answer = as_(town.mei).get(address(full_house(town)))
    assert table(answer)[0][2] == "139****7788"
    assert "13900007788" not in answer.content.decode()
    assert not PhoneLook.objects.exists()


def test_seven_days_later_not_even_that(town: Town) -> None:
    User.objects.filter(pk=town.chen.pk).update(phone="+8613900007788")
    action = full_house(town)
    cast.put_back(action, timedelta(days=9))
    answer = as_(town.mei).get(address(action))
    assert town.chen.name in answer.content.decode()
    assert "7788" not in answer.content.decode()


def test_only_organisations_that_take_part_are_named(town: Town) -> None:
    action = full_house(town)
    assert table(as_(town.mei).get(address(action)))[0][3] == ""  # chen's group is not asked
    party = parties.invite(action=action, organisation=town.group, by=town.mei)
    assert table(as_(town.mei).get(address(action)))[0][3] == ""  # asked, and has not answered
    parties.accept(party=party, by=town.admin)
    assert table(as_(town.mei).get(address(action)))[0][3] == town.group.name


def test_one_shift_or_all(town: Town) -> None:
    action = cast.announced(town, in_hours(24, task="北段"), in_hours(48, task="南段"))
    _first, second = action.shifts.order_by("pk")
    mei = as_(town.mei)
    assert len(page(mei.get(address(action))).select(".sign-in")) == 2
    for asked in ("", "x", "999999", "-1"):
        assert len(page(mei.get(address(action), {"shift": asked})).select(".sign-in")) == 2
    only = page(mei.get(address(action), {"shift": second.pk})).select(".sign-in")
    assert len(only) == 1
    assert "南段" in words(only[0])


def test_a_shift_of_another_action_is_not_shown(town: Town) -> None:
    own, other = cast.announced(town), cast.a_shift(town, begin=30, host=town.school, by=town.bo)
    cast.sign_up(town.chen, other)
    assert town.chen.name not in as_(town.mei).get(address(own), {"shift": other.pk}).content.decode()


def test_nobody_yet_is_a_sheet_of_ten_empty_rows(town: Town) -> None:
    assert len(table(as_(town.mei).get(address(cast.announced(town))))) == 10


@pytest.mark.parametrize("how_many", [1, 3])
def test_the_database_is_asked_the_same_however_many_come(town: Town, how_many: int) -> None:
    hours = [in_hours(24 + 3 * each, capacity=20) for each in range(how_many)]
    action = cast.announced(town, *hours)
    for shift in action.shifts.all():
        for person in list(town.neighbours())[: 4 * how_many]:
            cast.sign_up(person, shift)
    assert SignUp.objects.count() == 4 * how_many * how_many
    mei = as_(town.mei)
    mei.get(address(action))
    with CaptureQueriesContext(connection) as asked:
        mei.get(address(action))
    assert len(asked) == 12


def test_the_desk_leads_there(town: Town) -> None:
    action = full_house(town)
    shift = action.shifts.get()
    assert f"{address(action)}?shift={shift.pk}" in as_(town.mei).get(f"/desk/{action.pk}/").content.decode()
