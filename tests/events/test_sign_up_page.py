"""The sheet, the page of a sign-up, cancelling, and the answer to an offer."""

import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from communities.models import User
from events import calling_off, seats, shifts
from events.models import ActionPage, Shift, SignUp
from tests.cast import Town, a_shift, announced, draft, in_hours, put_back, sign_up
from tests.reading import errors, main, page, words
from volunteers import profiles
from volunteers.models import Volunteer


def sheet_of(shift: Shift) -> str:
    return f"{shift.action.get_absolute_url()}sign-up/"


def standing(person: User) -> list[tuple[int, str]]:
    """On which shifts, and how."""
    return list(SignUp.objects.filter(person=person).order_by("pk").values_list("shift_id", "state"))


def typed(answer: object) -> dict[str, str]:
    """What the form on the page would send if its button were pressed."""
    form = page(answer).select_one(".main form[method=post]")
    sent = {}
    for field in form.select("input"):
        if field["type"] in {"radio", "checkbox"} and not field.has_attr("checked"):
            continue
        sent[field["name"]] = field.get("value", "on")
    return sent


def chosen(answer: object) -> list[int]:
    return [int(radio["value"]) for radio in page(answer).select("input[name=shift][checked]")]


def open_choices(answer: object) -> list[int]:
    return [int(radio["value"]) for radio in page(answer).select("input[name=shift]:not([disabled])")]


class TestTwoTaps:
    def test_the_sheet_is_filled_in_and_one_press_confirms(self, town: Town, client: Client) -> None:
        shift = a_shift(town)
        client.force_login(town.chen)

        sheet = client.get(sheet_of(shift))
        answer = client.post(sheet_of(shift), typed(sheet))

        mine = SignUp.objects.get(person=town.chen)
        assert (mine.shift, mine.state) == (shift, SignUp.State.CONFIRMED)
        assert (answer.status_code, answer["Location"]) == (302, f"/my/sign-ups/{mine.pk}/")

    def test_a_visitor_chooses_and_what_was_pressed_is_kept_until_the_login(self, town: Town, visitor: Client) -> None:
        shift = a_shift(town)
        address = f"{sheet_of(shift)}?shift={shift.pk}"

        sheet = visitor.get(address)
        answer = visitor.post(sheet_of(shift), typed(sheet))

        assert chosen(sheet) == [shift.pk]
        assert sheet["Cache-Control"] == "private, no-store"
        assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/account/login/")
        back = page(visitor.get(answer["Location"])).select_one(".main input[name=next]")["value"]
        assert back == address
        assert SignUp.objects.count() == 0

    def test_pressed_twice_it_is_done_once(self, town: Town, client: Client) -> None:
        shift = a_shift(town)
        client.force_login(town.chen)
        sent = typed(client.get(sheet_of(shift)))

        first, second = client.post(sheet_of(shift), sent), client.post(sheet_of(shift), sent)

        assert first["Location"] == second["Location"]
        assert standing(town.chen) == [(shift.pk, "confirmed")]

    def test_two_tabs_are_one_place(self, town: Town, client: Client) -> None:
        shift = a_shift(town)
        client.force_login(town.chen)
        one, other = typed(client.get(sheet_of(shift))), typed(client.get(sheet_of(shift)))

        assert one["request_key"] != other["request_key"]
        assert client.post(sheet_of(shift), one)["Location"] == client.post(sheet_of(shift), other)["Location"]

    def test_back_to_an_old_sheet_and_another_shift_is_another_request(self, town: Town, client: Client) -> None:
        first, second = announced(town, in_hours(30), in_hours(40)).shifts.all()
        client.force_login(town.chen)
        sent = typed(client.get(sheet_of(first)))

        client.post(sheet_of(first), sent)
        client.post(sheet_of(first), {**sent, "shift": second.pk})

        assert standing(town.chen) == [(first.pk, "confirmed"), (second.pk, "confirmed")]

    def test_a_key_that_is_none_of_ours_does_no_harm(self, town: Town, client: Client) -> None:
        client.force_login(town.chen)
        for number, key in enumerate(("", "x", "x" * 500, "{}", str(uuid.uuid4()))):
            shift = a_shift(town, begin=100 + 3 * number)
            assert client.post(sheet_of(shift), {"shift": shift.pk, "request_key": key}).status_code == 302

        assert set(SignUp.objects.values_list("request_key", flat=True)) == {""}

    def test_a_full_shift_says_what_one_gets(self, town: Town, client: Client) -> None:
        shift = a_shift(town, capacity=1)
        sign_up(town.lan, shift)
        client.force_login(town.chen)

        sheet = client.get(sheet_of(shift))
        answer = client.post(sheet_of(shift), typed(sheet), follow=True)

        assert words(page(sheet).select_one(".sheet-foot button")) == "排候补"
        assert "候补第 1 位" in main(answer)

    def test_my_name_and_not_my_whole_number(self, town: Town, client: Client) -> None:
        profiles.keep(
            person=town.chen, display_name="陈晨", language="", emergency_name="陈妈妈", emergency_phone="13900001234"
        )
        client.force_login(town.chen)

        text = main(client.get(sheet_of(a_shift(town))))

        assert "陈晨" in text
        assert "陈妈妈（139****1234）" in text
        assert "13900001234" not in text
        assert town.chen.phone[3:] not in text

    def test_the_risks_stand_there_in_words(self, town: Town, client: Client) -> None:
        client.force_login(town.chen)

        assert "有尖利的东西，戴手套。" in main(client.get(sheet_of(a_shift(town))))

    @pytest.mark.parametrize(("hours", "sentence"), [(0, "开始前都可以自己取消"), (5, "开始前 5 小时都可以自己取消")])
    def test_until_when_one_may_cancel(self, town: Town, client: Client, hours: int, sentence: str) -> None:
        client.force_login(town.chen)

        assert sentence in main(client.get(sheet_of(a_shift(town, cancel_hours=hours))))


class TestWhichShiftIsChosen:
    def test_the_first_that_is_free_and_fits(self, town: Town, client: Client) -> None:
        full, busy, free, later = announced(
            town, in_hours(20, capacity=1), in_hours(30), in_hours(40), in_hours(50)
        ).shifts.all()
        sign_up(town.lan, full)
        sign_up(town.chen, a_shift(town, begin=31, title="别处的事"))
        client.force_login(town.chen)

        sheet = client.get(sheet_of(full))

        assert chosen(sheet) == [free.pk]
        assert open_choices(sheet) == [full.pk, free.pk, later.pk]
        assert "这个时间你已报了“别处的事”。" in main(sheet)
        assert busy.pk not in open_choices(sheet)

    def test_the_one_whose_button_was_pressed(self, town: Town, client: Client) -> None:
        _first, second = announced(town, in_hours(20), in_hours(30)).shifts.all()
        client.force_login(town.chen)

        assert chosen(client.get(f"{sheet_of(second)}?shift={second.pk}")) == [second.pk]

    @pytest.mark.parametrize("wanted", ["", "x", "-1", "0", "9" * 60, "1e3", "٣", "1;drop"])
    def test_an_unreadable_wish_is_no_wish(self, town: Town, client: Client, wanted: str) -> None:
        first, _second = announced(town, in_hours(20), in_hours(30)).shifts.all()
        client.force_login(town.chen)

        assert chosen(client.get(sheet_of(first), {"shift": wanted})) == [first.pk]

    def test_what_one_has_cannot_be_taken_twice(self, town: Town, client: Client) -> None:
        first, second = announced(town, in_hours(20), in_hours(30)).shifts.all()
        sign_up(town.chen, first)
        client.force_login(town.chen)

        sheet = client.get(f"{sheet_of(first)}?shift={first.pk}")

        assert (chosen(sheet), open_choices(sheet)) == ([second.pk], [second.pk])
        assert "这一班你已经报了。" in main(sheet)

    def test_what_has_begun_is_not_shown(self, town: Town, client: Client) -> None:
        first, second = announced(town, in_hours(2), in_hours(40)).shifts.all()
        Shift.objects.filter(pk=first.pk).update(starts_at=timezone.now() - timedelta(minutes=1))
        client.force_login(town.chen)

        assert open_choices(client.get(sheet_of(first))) == [second.pk]

    def test_nothing_left_says_so_and_has_no_button(self, town: Town, client: Client) -> None:
        shift = a_shift(town)
        sign_up(town.chen, shift)
        client.force_login(town.chen)

        shown = page(client.get(sheet_of(shift)))

        assert "没有你能报的班次了。" in words(shown.main)
        assert shown.select(".main form") == []


class TestRefused:
    """Every no stands beside what it is about, with its own status, and what was typed stays."""

    @pytest.mark.parametrize(
        ("sent", "sentence"),
        [
            ({}, "请选一个班次。"),
            ({"shift": ""}, "请选一个班次。"),
            ({"shift": "x"}, "这个班次不在这场行动里了"),
            ({"shift": "9" * 60}, "这个班次不在这场行动里了"),
            ({"shift": "-1"}, "这个班次不在这场行动里了"),
            ({"shift": "1 OR 1=1"}, "这个班次不在这场行动里了"),
        ],
    )
    def test_a_shift_that_is_none(self, town: Town, client: Client, sent: dict[str, str], sentence: str) -> None:
        shift = a_shift(town)
        client.force_login(town.chen)

        answer = client.post(sheet_of(shift), sent)

        assert answer.status_code == 422
        assert sentence in errors(answer, "shift")
        assert standing(town.chen) == []

    def test_a_shift_of_another_action(self, town: Town, client: Client) -> None:
        shift, foreign = a_shift(town), a_shift(town, begin=90)
        client.force_login(town.chen)

        answer = client.post(sheet_of(shift), {"shift": foreign.pk})

        assert answer.status_code == 422
        assert "这个班次不在这场行动里了" in errors(answer, "shift")
        assert standing(town.chen) == []

    def test_nul_is_unreadable(self, town: Town, client: Client) -> None:
        shift = a_shift(town)
        client.force_login(town.chen)

        assert client.post(sheet_of(shift), {"shift": "1\0"}).status_code == 400
        assert standing(town.chen) == []

    def test_two_places_at_once_names_the_other(self, town: Town, client: Client) -> None:
        shift = a_shift(town, begin=30)
        sign_up(town.chen, a_shift(town, begin=31, title="别处的事"))
        client.force_login(town.chen)

        answer = client.post(sheet_of(shift), {"shift": shift.pk})

        assert answer.status_code == 409
        assert "别处的事" in main(answer)
        assert shift.pk not in dict(standing(town.chen))

    def test_filled_up_while_one_was_reading(self, town: Town, client: Client) -> None:
        first, second = announced(town, in_hours(30, capacity=1), in_hours(40), has_waiting_list=False).shifts.all()
        client.force_login(town.chen)
        sent = typed(client.get(sheet_of(first)))
        sign_up(town.lan, first)

        answer = client.post(sheet_of(first), sent)

        assert answer.status_code == 409
        assert "满" in errors(answer, "shift")
        assert typed(answer)["request_key"] == sent["request_key"]
        assert open_choices(answer) == [second.pk]

    def test_begun_while_one_was_reading(self, town: Town, client: Client) -> None:
        first, _second = announced(town, in_hours(2), in_hours(40)).shifts.all()
        client.force_login(town.chen)
        sent = typed(client.get(sheet_of(first)))
        Shift.objects.filter(pk=first.pk).update(starts_at=timezone.now() - timedelta(minutes=1))

        answer = client.post(sheet_of(first), sent)

        assert answer.status_code == 409
        assert "开始" in errors(answer, "shift")
        assert standing(town.chen) == []

    def test_called_off_while_one_was_reading(self, town: Town, client: Client) -> None:
        shift = a_shift(town)
        client.force_login(town.chen)
        sent = typed(client.get(sheet_of(shift)))
        calling_off.call_off(action=shift.action, reason="下雨", by=town.mei)

        answer = client.post(sheet_of(shift), sent)

        assert answer.status_code == 409
        assert "这场行动已经叫停。" in main(answer)
        assert standing(town.chen) == []

    def test_a_hidden_action_takes_nobody(self, town: Town, client: Client) -> None:
        offline = a_shift(town)
        ActionPage.objects.filter(translation_key=offline.action.key).update(live=False)
        written = draft(town)
        unannounced = shifts.add(action=written, hours=in_hours(30), by=town.mei)

        for shift in (offline, unannounced):
            for who, status in ((town.chen, 404), (town.mei, 409)):
                client.force_login(who)
                assert client.post(sheet_of(shift), {"shift": shift.pk}).status_code == status
        assert SignUp.objects.count() == 0

    def test_only_reading_and_sending(self, town: Town, client: Client) -> None:
        client.force_login(town.chen)

        assert client.put(sheet_of(a_shift(town))).status_code == 405

    def test_without_the_token_of_the_form_nothing_is_done(self, town: Town) -> None:
        shift = a_shift(town)
        careful = Client(enforce_csrf_checks=True)
        careful.force_login(town.chen)

        assert careful.post(sheet_of(shift), {"shift": shift.pk}).status_code == 403
        assert standing(town.chen) == []


class TestAdultsOnly:
    @pytest.fixture
    def shift(self, town: Town) -> Shift:
        Volunteer.objects.filter(person=town.dana).delete()
        return a_shift(town, adults_only=True)

    def test_asked_once_beside_the_box(self, town: Town, client: Client, shift: Shift) -> None:
        client.force_login(town.dana)

        answer = client.post(sheet_of(shift), {"shift": shift.pk})

        assert answer.status_code == 422
        assert "18" in errors(answer, "is_adult")
        assert (chosen(answer), standing(town.dana)) == ([shift.pk], [])

    def test_ticked_and_never_asked_again(self, town: Town, client: Client, shift: Shift) -> None:
        client.force_login(town.dana)

        client.post(sheet_of(shift), {"shift": shift.pk, "is_adult": "on"})

        assert standing(town.dana) == [(shift.pk, "confirmed")]
        assert profiles.is_adult(town.dana)
        other = a_shift(town, begin=200, adults_only=True)
        assert page(client.get(sheet_of(other))).select("[name=is_adult]") == []

    def test_where_age_does_not_matter_nobody_is_asked(self, town: Town, client: Client, shift: Shift) -> None:
        client.force_login(town.dana)

        assert page(client.get(sheet_of(a_shift(town, begin=200)))).select("[name=is_adult]") == []


class TestItsOwnPage:
    def test_confirmed(self, town: Town, client: Client) -> None:
        shift = a_shift(town, begin=30)
        mine = sign_up(town.chen, shift)
        client.force_login(town.chen)

        answer = client.get(f"/my/sign-ups/{mine.pk}/")

        for fact in ("报名成功", "背街里巷清扫", "湖西路北口", "水杯", "100 0000 0002", "可以自己取消，不用说理由"):
            assert fact in main(answer)
        links = [link["href"] for link in page(answer).main.find_all("a")]
        assert f"/my/sign-ups/{mine.pk}/calendar.ics" in links
        assert answer["Cache-Control"] == "private, no-store"

    def test_waiting_says_the_turn_and_what_comes_next(self, town: Town, client: Client) -> None:
        shift = a_shift(town, capacity=1)
        for person in (town.lan, town.zhou):
            sign_up(person, shift)
        mine = sign_up(town.chen, shift)
        client.force_login(town.chen)

        text = main(client.get(f"/my/sign-ups/{mine.pk}/"))

        assert "候补第 2 位" in text
        assert "名额留 20 分钟" in text

    @pytest.mark.parametrize("way", ["", "cancel/", "calendar.ics", "accept/", "decline/"])
    def test_other_peoples_are_not_there(self, town: Town, client: Client, way: str) -> None:
        mine = sign_up(town.chen, a_shift(town, title="不关你的事"))
        for who in (town.dana, town.lan, town.mei, town.admin):
            client.force_login(who)
            for answer in (client.get(f"/my/sign-ups/{mine.pk}/{way}"), client.post(f"/my/sign-ups/{mine.pk}/{way}")):
                assert answer.status_code in {404, 405}
                assert "不关你的事" not in answer.content.decode()
        assert standing(town.chen) == [(mine.shift_id, "confirmed")]

    @pytest.mark.parametrize("way", ["", "cancel/", "calendar.ics"])
    def test_without_an_account_one_signs_in_first(self, town: Town, visitor: Client, way: str) -> None:
        mine = sign_up(town.chen, a_shift(town))

        answer = visitor.get(f"/my/sign-ups/{mine.pk}/{way}")

        assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/account/login/")

    @pytest.mark.parametrize("number", ["0", "999999", "9" * 19, "9" * 60])
    def test_a_number_that_is_none(self, town: Town, client: Client, number: str) -> None:
        client.force_login(town.chen)

        assert client.get(f"/my/sign-ups/{number}/").status_code == 404

    def test_of_an_action_taken_offline_it_stays_without_a_link(self, town: Town, client: Client) -> None:
        mine = sign_up(town.chen, a_shift(town))
        action = mine.shift.action
        ActionPage.objects.filter(translation_key=action.key).update(live=False)
        client.force_login(town.chen)

        answer = client.get(f"/my/sign-ups/{mine.pk}/")

        assert "报名成功" in main(answer)
        assert action.get_absolute_url() not in answer.content.decode()

    def test_called_off_says_why(self, town: Town, client: Client) -> None:
        mine = sign_up(town.chen, a_shift(town))
        calling_off.call_off(action=mine.shift.action, reason="路面结冰", by=town.mei)
        client.force_login(town.chen)

        text = main(client.get(f"/my/sign-ups/{mine.pk}/"))

        assert "行动已叫停" in text
        assert "路面结冰" in text
        assert "再报一次" not in text


class TestCancelling:
    def test_in_time_without_a_reason_and_the_next_is_in(self, town: Town, client: Client) -> None:
        shift = a_shift(town, begin=30, capacity=1)
        mine, waiting = sign_up(town.chen, shift), sign_up(town.lan, shift)
        client.force_login(town.chen)

        asked = client.get(f"/my/sign-ups/{mine.pk}/cancel/")
        answer = client.post(f"/my/sign-ups/{mine.pk}/cancel/", follow=True)

        assert page(asked).select("textarea") == []
        assert "名额会马上让给候补的人" in main(asked)
        assert "你已取消" in main(answer)
        waiting.refresh_from_db()
        assert (standing(town.chen), waiting.state) == ([(shift.pk, "cancelled")], "confirmed")

    def test_looking_at_the_question_cancels_nothing(self, town: Town, client: Client) -> None:
        mine = sign_up(town.chen, a_shift(town))
        client.force_login(town.chen)
        client.get(f"/my/sign-ups/{mine.pk}/cancel/")

        assert standing(town.chen) == [(mine.shift_id, "confirmed")]

    def test_late_it_wants_a_reason(self, town: Town, client: Client) -> None:
        mine = sign_up(town.chen, a_shift(town, begin=1))
        client.force_login(town.chen)
        address = f"/my/sign-ups/{mine.pk}/cancel/"

        assert len(page(client.get(address)).select("textarea[name=reason]")) == 1
        for sent in ({}, {"reason": "  "}):
            answer = client.post(address, sent)
            assert answer.status_code == 422
            assert "为什么来不了" in errors(answer, "reason")
        assert standing(town.chen) == [(mine.shift_id, "confirmed")]

        client.post(address, {"reason": "孩子发烧"})
        mine.refresh_from_db()
        assert (mine.state, mine.reason) == ("cancelled", "孩子发烧")

    def test_too_long_a_reason_stays_as_typed(self, town: Town, client: Client) -> None:
        mine = sign_up(town.chen, a_shift(town, begin=1))
        client.force_login(town.chen)

        answer = client.post(f"/my/sign-ups/{mine.pk}/cancel/", {"reason": "长" * 201})

        assert answer.status_code == 422
        assert errors(answer, "reason") != ""
        assert words(page(answer).textarea) == "长" * 201
        assert standing(town.chen) == [(mine.shift_id, "confirmed")]

    def test_twice_is_once(self, town: Town, client: Client) -> None:
        mine = sign_up(town.chen, a_shift(town))
        client.force_login(town.chen)

        answers = [client.post(f"/my/sign-ups/{mine.pk}/cancel/") for _again in range(2)]

        assert [answer["Location"] for answer in answers] == [f"/my/sign-ups/{mine.pk}/"] * 2

    def test_begun(self, town: Town, client: Client) -> None:
        shift = a_shift(town, begin=2)
        mine = sign_up(town.chen, shift)
        put_back(shift.action, timedelta(hours=3))
        client.force_login(town.chen)
        address = f"/my/sign-ups/{mine.pk}/cancel/"

        asked, answer = client.get(address), client.post(address, {"reason": "x"})

        assert page(asked).select(".main form") == []
        assert (answer.status_code, standing(town.chen)) == (409, [(shift.pk, "confirmed")])

    def test_then_one_may_come_back(self, town: Town, client: Client) -> None:
        shift = a_shift(town)
        mine = sign_up(town.chen, shift)
        seats.cancel(sign_up=mine, by=town.chen)
        client.force_login(town.chen)

        link = page(client.get(f"/my/sign-ups/{mine.pk}/")).find("a", string="再报一次")
        client.post(sheet_of(shift), typed(client.get(link["href"])))

        assert standing(town.chen) == [(shift.pk, "cancelled"), (shift.pk, "confirmed")]


class TestAnOffer:
    @pytest.fixture
    def offer(self, town: Town) -> SignUp:
        shift = a_shift(town, begin=1.5, length=1, capacity=1)
        first, waiting = sign_up(town.chen, shift), sign_up(town.lan, shift)
        seats.cancel(sign_up=first, by=town.chen, reason="发烧")
        waiting.refresh_from_db()
        assert waiting.offered_until is not None
        return waiting

    def test_says_until_when_and_asks(self, town: Town, client: Client, offer: SignUp) -> None:
        client.force_login(town.lan)

        answer = client.get(f"/my/sign-ups/{offer.pk}/")

        assert "有名额了，你来吗？" in main(answer)
        assert f"{timezone.localtime(offer.offered_until):%H:%M}" in main(answer)
        assert [form["action"] for form in page(answer).select(".main form")] == [
            f"/my/sign-ups/{offer.pk}/accept/",
            f"/my/sign-ups/{offer.pk}/decline/",
        ]

    @pytest.mark.parametrize(("word", "state"), [("accept", "confirmed"), ("decline", "cancelled")])
    def test_answered_once_or_twice(self, town: Town, client: Client, offer: SignUp, word: str, state: str) -> None:
        client.force_login(town.lan)

        for _again in range(2):
            answer = client.post(f"/my/sign-ups/{offer.pk}/{word}/")
            assert (answer.status_code, answer["Location"]) == (302, f"/my/sign-ups/{offer.pk}/")
        assert standing(town.lan) == [(offer.shift_id, state)]

    def test_too_late(self, town: Town, client: Client, offer: SignUp) -> None:
        SignUp.objects.filter(pk=offer.pk).update(offered_until=timezone.now() - timedelta(seconds=1))
        client.force_login(town.lan)

        answer = client.post(f"/my/sign-ups/{offer.pk}/accept/")

        assert answer.status_code == 409
        assert words(page(answer).select_one("[role=alert]")) != ""
        assert standing(town.lan) == [(offer.shift_id, "waiting")]

    def test_nothing_on_offer_nothing_to_decline(self, town: Town, client: Client) -> None:
        mine = sign_up(town.chen, a_shift(town))
        client.force_login(town.chen)

        answer = client.post(f"/my/sign-ups/{mine.pk}/decline/")

        assert (answer.status_code, standing(town.chen)) == (409, [(mine.shift_id, "confirmed")])

    def test_a_link_answers_nothing(self, town: Town, client: Client, offer: SignUp) -> None:
        client.force_login(town.lan)

        for word in ("accept", "decline"):
            answer = client.get(f"/my/sign-ups/{offer.pk}/{word}/")
            assert (answer.status_code, answer["Location"]) == (302, f"/my/sign-ups/{offer.pk}/")
        assert standing(town.lan) == [(offer.shift_id, "waiting")]


def test_in_english_too(town: Town, client: Client) -> None:
    town.chen.language = "en"
    town.chen.save()
    mine = sign_up(town.chen, a_shift(town, title_en="Clean-up"))
    client.force_login(town.chen)

    text = main(client.get(f"/my/sign-ups/{mine.pk}/"))

    assert "You are signed up" in text
    assert "Clean-up" in text
