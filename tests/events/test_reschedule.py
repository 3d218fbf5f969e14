"""A shift is moved and resized from the desk: places are kept, and nobody is put into two places unseen."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from communities.models import User
from events.forms.running import values_of
from events.models import Action, Allotment, Shift, SignUp
from events.shifts import Hours
from tests import cast
from tests.cast import Town, in_hours


def as_(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def rows() -> dict[str, list[object]]:
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in (Action, Shift, Allotment, SignUp)}


def address(shift: Shift) -> str:
    return f"/desk/{shift.action_id}/shifts/{shift.pk}/"


def typed(hours: Hours, **changes: str) -> dict[str, str]:
    return {**{name: str(value) for name, value in values_of(hours).items()}, **changes}


def test_the_form_shows_what_the_shift_is(town: Town) -> None:
    shift = cast.announced(town, in_hours(72, capacity=7, least=3, task="撒盐")).shifts.get()
    form = as_(town.mei).get(address(shift)).context["form"]
    hours = Hours(shift.starts_at, shift.ends_at, 7, 3, "撒盐")
    assert {name: form[name].value() for name in form.fields} == values_of(hours)


def test_places_are_kept_and_cancelling_is_free_for_a_day(town: Town) -> None:
    shift = cast.a_shift(town)
    mine = cast.sign_up(town.chen, shift)
    moved = in_hours(96, capacity=12)
    page = as_(town.mei).post(address(shift), typed(moved), follow=True)
    assert page.redirect_chain == [(f"/desk/{shift.action_id}/?shift={shift.pk}", 302)]
    assert "名额都保留" in page.content.decode()
    shift.refresh_from_db()
    mine.refresh_from_db()
    assert shift.starts_at == moved.starts_at.replace(second=0)
    assert shift.allotments.get().capacity == 12
    assert mine.state == SignUp.State.CONFIRMED
    assert shift.free_until is not None
    assert timedelta(hours=23) < shift.free_until - timezone.now() <= timedelta(hours=24)


def test_only_the_size_changes_nothing_about_cancelling(town: Town) -> None:
    shift = cast.announced(town, in_hours(72)).shifts.get()
    Shift.objects.update(starts_at=shift.starts_at.replace(second=0), ends_at=shift.ends_at.replace(second=0))
    shift.refresh_from_db()
    cast.sign_up(town.chen, shift)
    as_(town.mei).post(address(shift), typed(Hours(shift.starts_at, shift.ends_at, 3)))
    shift.refresh_from_db()
    assert shift.allotments.get().capacity == 3
    assert shift.free_until is None


def test_who_now_overlaps_is_listed_before_it_is_saved(town: Town) -> None:
    shift, other = cast.a_shift(town, begin=72), cast.a_shift(town, begin=96, title="另一场清扫")
    mine = cast.sign_up(town.chen, shift)
    cast.sign_up(town.chen, other)
    cast.sign_up(town.zhou, shift)
    client, before = as_(town.mei), rows()
    moved = typed(in_hours(97))
    answer = client.post(address(shift), moved)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "陈晨" in page
    assert "周宝" not in page
    assert f'name="seen" value="{mine.pk}"' in page
    assert answer.context["form"]["starts"].value() == moved["starts"]
    assert rows() == before
    assert client.post(address(shift), moved | {"seen": "0"}).status_code == 409
    assert client.post(address(shift), moved | {"seen": ["abc", "9" * 40, "²"]}).status_code == 409
    assert rows() == before
    assert client.post(address(shift), moved | {"seen": str(mine.pk)}).status_code == 302
    assert SignUp.objects.confirmed().filter(person=town.chen).count() == 2


BAD = {
    "31 February": ({"date": "2027-02-31"}, "日历上没有这一天"),
    "year 9999": ({"date": "9999-01-01"}, "年份"),
    "no date": ({"date": ""}, "请选哪一天"),
    "garbage time": ({"ends": "晚上"}, "21:00"),
    "no people": ({"capacity": "0"}, "1"),
    "negative": ({"capacity": "-5"}, "1"),
    "too many": ({"capacity": "99999"}, "2000"),
    "least above most": ({"least": "11"}, "最少人数"),
    "10,000 characters": ({"task": "扫" * 10_000}, "120"),
    "yesterday": ({"date": f"{timezone.localdate() - timedelta(days=1)}"}, "过去"),
}


@pytest.mark.parametrize("name", BAD)
@pytest.mark.parametrize("is_new", [True, False])
def test_bad_input_is_kept_as_typed(town: Town, name: str, is_new: bool) -> None:
    changes, sentence = BAD[name]
    shift = cast.a_shift(town)
    cast.sign_up(town.chen, shift)
    before = rows()
    sent = typed(in_hours(80), **changes)
    where = f"/desk/{shift.action_id}/shifts/new/" if is_new else address(shift)
    answer = as_(town.mei).post(where, sent)
    assert answer.status_code in (409, 422)
    assert sentence in answer.content.decode()
    for field, value in sent.items():
        assert answer.context["form"][field].value() == value
    assert rows() == before


def test_smaller_than_those_who_are_in_is_refused_with_the_number(town: Town) -> None:
    shift = cast.a_shift(town)
    for person in list(town.neighbours())[:4]:
        cast.sign_up(person, shift)
    before = rows()
    answer = as_(town.mei).post(address(shift), typed(Hours(shift.starts_at, shift.ends_at, 3)))
    assert answer.status_code == 409
    assert "4 人" in str(answer.context["form"].errors["capacity"])
    assert rows() == before


def test_a_shift_of_another_action_is_not_there(town: Town) -> None:
    mine, other = cast.a_shift(town), cast.a_shift(town, begin=200)
    foreign = cast.a_shift(town, host=town.school, by=town.bo, begin=300)
    client, before = as_(town.mei), rows()
    for shift in (other.pk, foreign.pk, 0, "9" * 40):
        for deed in ("", "remove/"):
            assert client.post(f"/desk/{mine.action_id}/shifts/{shift}/{deed}", typed(in_hours(80))).status_code == 404
    assert rows() == before


def test_a_shift_that_has_begun_stays_as_it_is(town: Town) -> None:
    shift = cast.a_shift(town, begin=1)
    cast.put_back(shift.action, timedelta(hours=2))
    before = rows()
    answer = as_(town.mei).post(address(shift), typed(in_hours(30)))
    assert answer.status_code == 409
    assert "已经开始" in answer.content.decode()
    assert rows() == before


def test_an_empty_shift_is_removed_and_one_with_people_is_not(town: Town) -> None:
    action = cast.announced(town, in_hours(24), in_hours(48))
    empty, taken = action.shifts.all()
    cast.sign_up(town.chen, taken)
    client, before = as_(town.mei), rows()
    assert client.post(f"{address(taken)}remove/").status_code == 409
    assert rows() == before
    assert client.post(f"{address(empty)}remove/").status_code == 302
    assert list(action.shifts.all()) == [taken]
    assert client.post(f"{address(taken)}remove/").status_code == 409
    assert list(action.shifts.all()) == [taken]


def test_a_shift_is_added_over_midnight(town: Town) -> None:
    action = cast.announced(town)
    day = timezone.localdate() + timedelta(days=4)
    sent = typed(in_hours(1), date=f"{day}", starts="23:00", ends="23:00")
    as_(town.mei).post(f"/desk/{action.pk}/shifts/new/", sent)
    added = action.shifts.order_by("pk").last()
    assert added is not None
    assert added.ends_at - added.starts_at == timedelta(hours=24)


def test_without_a_script_a_quick_choice_fills_in_and_saves_nothing(town: Town) -> None:
    shift = cast.a_shift(town)
    before = rows()
    for where in (address(shift), f"/desk/{shift.action_id}/shifts/new/"):
        answer = as_(town.mei).post(where, typed(in_hours(80, capacity=4), do="morning-0"))
        assert answer.status_code == 200
        assert answer.context["form"]["starts"].value() == "06:30"
        assert answer.context["form"]["capacity"].value() == "4"
    assert rows() == before
