"""A number is masked until somebody with the right taps it, and the tap is kept."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from communities.models import User
from events import permits
from events.models import PhoneLook, SignUp
from tests import cast
from tests.cast import Town


def as_(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def address(sign_up: SignUp) -> str:
    return f"/desk/{sign_up.shift.action_id}/sign-ups/{sign_up.pk}/phone/"


@pytest.fixture
def sign_up(town: Town) -> SignUp:
    return cast.sign_up(town.chen, cast.a_shift(town))


def test_a_tap_shows_the_number_and_is_kept(town: Town, sign_up: SignUp) -> None:
    answer = as_(town.mei).post(address(sign_up), headers={"HX-Request": "true"})
    part = answer.content.decode()
    assert f'href="tel:{town.chen.phone}"' in part
    assert "<html" not in part
    look = PhoneLook.objects.get()
    assert (look.sign_up, look.looked_by) == (sign_up, town.mei)


def test_without_a_script_the_desk_comes_back_with_this_number_only(town: Town, sign_up: SignUp) -> None:
    other = cast.sign_up(town.zhou, sign_up.shift)
    page = as_(town.mei).post(address(sign_up)).content.decode()
    assert f'href="tel:{town.chen.phone}"' in page
    assert str(town.zhou.phone) not in page
    assert address(other) in page
    assert [look.sign_up for look in PhoneLook.objects.all()] == [sign_up]


def test_every_tap_is_kept(town: Town, sign_up: SignUp) -> None:
    client = as_(town.mei)
    for _tap in range(3):
        client.post(address(sign_up))
    assert PhoneLook.objects.count() == 3


@pytest.mark.parametrize(("who", "status"), [("dana", 404), ("bo", 404), ("chen", 404), ("yan", 403)])
def test_others_see_no_number_and_leave_no_row(town: Town, sign_up: SignUp, who: str, status: int) -> None:
    for headers in ({}, {"HX-Request": "true"}):
        answer = as_(town.people[who]).post(address(sign_up), headers=headers)
        assert answer.status_code == status
        assert str(town.chen.phone) not in answer.content.decode()
        assert "陈晨" not in answer.content.decode()
    assert not PhoneLook.objects.exists()


def test_nobody_who_is_not_signed_in(sign_up: SignUp, visitor: Client) -> None:
    answer = visitor.post(address(sign_up))
    assert answer.headers["Location"].startswith("/account/login/")
    assert not PhoneLook.objects.exists()


def test_a_number_cannot_be_reached_through_another_action(town: Town, sign_up: SignUp) -> None:
    mine = cast.announced(town)
    foreign = cast.sign_up(town.zhou, cast.a_shift(town, host=town.school, by=town.bo, begin=200))
    client = as_(town.mei)
    for there in (sign_up.pk, foreign.pk, 0, "9" * 40):
        assert client.post(f"/desk/{mine.pk}/sign-ups/{there}/phone/").status_code == 404
    assert not PhoneLook.objects.exists()


def test_seven_days_after_the_shift_it_is_gone(town: Town, sign_up: SignUp) -> None:
    client = as_(town.mei)
    over = sign_up.shift.ends_at - timezone.now() + permits.PHONES_STAY
    cast.put_back(sign_up.shift.action, over - timedelta(minutes=5))
    assert client.post(address(sign_up)).status_code == 200
    cast.put_back(sign_up.shift.action, timedelta(minutes=10))
    before = list(PhoneLook.objects.values())
    for headers in ({}, {"HX-Request": "true"}):
        answer = client.post(address(sign_up), headers=headers)
        assert answer.status_code == 403
        assert str(town.chen.phone) not in answer.content.decode()
    assert "****" not in client.get(f"/desk/{sign_up.shift.action_id}/").content.decode()
    assert list(PhoneLook.objects.values()) == before


def test_who_has_given_no_number_is_said_so(town: Town) -> None:
    User.objects.filter(pk=town.chen.pk).update(phone=None)
    sign_up = cast.sign_up(town.chen, cast.a_shift(town))
    client = as_(town.mei)
    assert "没留号码" in client.get(f"/desk/{sign_up.shift.action_id}/").content.decode()
    assert client.post(address(sign_up)).status_code == 409
    assert not PhoneLook.objects.exists()


def test_looking_at_the_page_is_not_looking_at_a_number(town: Town, sign_up: SignUp) -> None:
    client = as_(town.mei)
    assert client.get(address(sign_up)).status_code == 302
    client.get(f"/desk/{sign_up.shift.action_id}/")
    assert not PhoneLook.objects.exists()
