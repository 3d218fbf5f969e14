"""What somebody wanted before signing in is done afterwards: once, soon, and by the deed that says no if it must."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client, RequestFactory

from communities import kept
from communities.models import User
from events import seats
from events.models import SignUp
from kit.refusals import Refused
from tests.cast import Town, a_shift, announced, in_hours, sign_up
from tests.reading import errors, main, page
from volunteers import profiles
from volunteers.models import Volunteer

LOGIN = "/account/login/"
PASSWORD = "one-long-password"


@pytest.fixture
def chen(town: Town, settings: Any) -> User:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *settings.PASSWORD_HASHERS]
    town.chen.set_password(PASSWORD)
    town.chen.save()
    return town.chen


def press(visitor: Client, shift: Any, **more: str) -> Any:
    """A visitor presses the button of the sheet."""
    address = f"{shift.action.get_absolute_url()}sign-up/"
    key = page(visitor.get(address)).select_one("[name=request_key]")["value"]
    return visitor.post(address, {"shift": shift.pk, "request_key": key, **more})


def log_in(visitor: Client) -> Any:
    return visitor.post(LOGIN, {"username": "chen", "password": PASSWORD})


class TestASignUp:
    def test_it_is_done_after_the_login_and_the_person_lands_on_it(
        self, town: Town, chen: User, visitor: Client
    ) -> None:
        shift = a_shift(town)
        press(visitor, shift)
        assert page(visitor.get(LOGIN)).select_one("main .msg.ok")
        answer = log_in(visitor)
        mine = SignUp.objects.get()
        assert (mine.person, mine.shift) == (chen, shift)
        assert answer["Location"] == f"/my/sign-ups/{mine.pk}/"

    def test_it_is_done_once(self, town: Town, chen: User, visitor: Client) -> None:
        shift = a_shift(town)
        press(visitor, shift)
        session_before = dict(visitor.session)
        log_in(visitor)
        visitor.post(f"/my/sign-ups/{SignUp.objects.get().pk}/cancel/")
        visitor.post("/account/logout/")
        log_in(visitor)
        # And a second window that still had it in hand sends the same request again.
        other = Client()
        session = other.session
        session.update(session_before)
        session.save()
        other.cookies["sessionid"] = str(session.session_key)
        log_in(other)
        assert [row.is_live for row in SignUp.objects.all()] == [False]

    def test_the_word_to_be_of_age_comes_along(self, town: Town, chen: User, visitor: Client) -> None:
        Volunteer.objects.filter(person=chen).delete()
        shift = a_shift(town, adults_only=True)
        assert press(visitor, shift).status_code == 422
        press(visitor, shift, is_adult="on")
        log_in(visitor)
        assert profiles.is_adult(chen)
        assert SignUp.objects.get().shift == shift

    @pytest.mark.parametrize("others", [0, 1])
    def test_refused_it_comes_back_whole_with_the_sentence(
        self, town: Town, chen: User, visitor: Client, others: int
    ) -> None:
        """With another shift to choose the form is there, filled in; without one the sentence stands alone."""
        sign_up(chen, a_shift(town, begin=70, length=4))
        action = announced(town, in_hours(72), *[in_hours(200)] * others, title="另一场")
        shift = action.shifts.order_by("starts_at").first()
        press(visitor, shift)
        answer = log_in(visitor)
        assert answer["Location"] == f"{action.get_absolute_url()}sign-up/"
        sheet = visitor.get(answer["Location"])
        assert sheet.status_code == 409
        with pytest.raises(Refused) as no:
            seats.sign_up(person=chen, shift=shift)
        assert no.value.sentence in (errors(sheet, "shift") if others else main(sheet))
        assert not SignUp.objects.filter(shift=shift).exists()
        assert visitor.get(answer["Location"]).status_code == 200, "said once"

    def test_a_shift_that_is_gone_is_said(self, town: Town, chen: User, visitor: Client) -> None:
        shift = a_shift(town)
        press(visitor, shift)
        address = f"{shift.action.get_absolute_url()}sign-up/"
        shift.allotments.all().delete()
        shift.delete()
        assert log_in(visitor)["Location"] == address
        assert visitor.get(address).status_code == 409

    def test_half_an_hour_later_it_is_forgotten(
        self, town: Town, chen: User, visitor: Client, time_machine: Any
    ) -> None:
        press(visitor, a_shift(town))
        time_machine.move_to(datetime.now(UTC) + timedelta(minutes=31))
        assert log_in(visitor)["Location"] == "/"
        assert SignUp.objects.count() == 0

    def test_a_draft_is_not_there_for_a_visitor(self, town: Town, visitor: Client) -> None:
        shift = a_shift(town)
        shift.action.page.unpublish()
        assert visitor.post(f"{shift.action.get_absolute_url()}sign-up/", {"shift": shift.pk}).status_code == 404

    def test_what_is_no_key_of_ours_is_not_kept(self, town: Town, visitor: Client) -> None:
        shift = a_shift(town)
        visitor.post(f"{shift.action.get_absolute_url()}sign-up/", {"shift": shift.pk, "request_key": "x" * 9000})
        assert len(json.dumps(visitor.session[kept.SESSION_KEY])) < kept.MOST


class TestTheRegister:
    @pytest.fixture
    def request_(self, monkeypatch: pytest.MonkeyPatch) -> Any:
        monkeypatch.setattr(kept, "_registered", {"wave": lambda _request, person, data: f"/{person.pk}/{data['to']}/"})
        request = RequestFactory().get("/")
        request.session = {}  # type: ignore[assignment]
        return request

    def test_the_newest_wish_counts_and_is_done_once(self, town: Town, request_: Any) -> None:
        kept.keep(request_, "wave", {"to": "a"})
        kept.keep(request_, "wave", {"to": "b"})
        assert kept.is_waiting(request_)
        assert kept.finish(request_, town.chen) == f"/{town.chen.pk}/b/"
        assert kept.finish(request_, town.chen) == ""
        assert not kept.is_waiting(request_)

    def test_what_nobody_registered_or_is_too_much_is_not_kept(self, request_: Any) -> None:
        with pytest.raises(KeyError):
            kept.keep(request_, "shout", {})
        with pytest.raises(ValueError, match="more than is kept"):
            kept.keep(request_, "wave", {"to": "x" * kept.MOST})

    def test_a_refusal_goes_back_with_the_data(self, town: Town, request_: Any) -> None:
        def no(*_asked: Any) -> str:
            raise Refused("full", "满了", status=409, field="to")

        kept.register("wave", no)
        kept.keep(request_, "wave", {"to": "a"}, back="/wave/")
        assert kept.finish(request_, town.chen) == "/wave/"
        assert kept.undone(request_, "other") is None
        undone = kept.undone(request_, "wave")
        assert undone is not None
        assert (undone.data, undone.refusal.code, undone.refusal.sentence) == ({"to": "a"}, "full", "满了")
        assert kept.undone(request_, "wave") is None
