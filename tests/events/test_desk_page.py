"""The desk: one screen to run the evening, for those who run it."""

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from communities.models import User
from events import posting, seats
from events.models import Action, ActionPage, Allotment, PhoneLook, Shift, SignUp
from tests import cast
from tests.cast import Town, in_hours
from tests.reading import page, words
from updates import book
from updates.models import Update

SECRET = "不能外传的标题"


def as_(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def rows() -> dict[str, list[object]]:
    return {
        model.__name__: list(model.objects.order_by("pk").values())
        for model in (Action, Shift, Allotment, SignUp, PhoneLook)
    }


def full_house(town: Town) -> tuple[Action, Shift]:
    """Two places: chen and lu come, zhou and bo wait, qiang came and went; the first in line is offered nothing."""
    shift = cast.a_shift(town, begin=24, capacity=2, title=SECRET)
    gone = cast.sign_up(town.qiang, shift)
    seats.cancel(sign_up=gone, by=town.qiang, reason="孩子发烧")
    for person in (town.chen, town.lu, town.zhou, town.bo):
        cast.sign_up(person, shift)
    return shift.action, shift


# --- who ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "status"), [("dana", 404), ("bo", 404), ("chen", 404), ("lan", 404), ("yan", 403), ("mei", 200)]
)
def test_who_may_open_the_desk(town: Town, who: str, status: int) -> None:
    action, _shift = full_house(town)
    answer = as_(town.people[who]).get(f"/desk/{action.pk}/")
    page = answer.content.decode()
    assert answer.status_code == status
    for secret in (SECRET, "陈晨", "孩子发烧", "0007"):
        assert (secret in page) == (status == 200), secret
    if status == 403:
        assert "带队" in page


TYPED_SHIFT = {
    "date": f"{timezone.localdate() + timedelta(days=40)}",
    "starts": "19:00",
    "ends": "21:00",
    "capacity": "5",
    "least": "1",
}
DEEDS = {
    "announce/": {},
    "call-off/": {"reason": "雪停了"},
    "close/": {},
    "shifts/new/": TYPED_SHIFT,
    "shifts/{shift}/": TYPED_SHIFT,
    "shifts/{shift}/remove/": {},
    "sign-ups/{sign_up}/phone/": {},
}


@pytest.mark.parametrize("deed", DEEDS)
@pytest.mark.parametrize(("who", "status"), [("dana", 404), ("bo", 404), ("yan", 403)])
def test_who_stands_outside_changes_nothing(town: Town, who: str, status: int, deed: str) -> None:
    action, shift = full_house(town)
    sign_up = shift.sign_ups.get(person=town.chen)
    before = rows()
    address = f"/desk/{action.pk}/" + deed.format(shift=shift.pk, sign_up=sign_up.pk)
    answer = as_(town.people[who]).post(address, DEEDS[deed])
    assert answer.status_code == status
    page = answer.content.decode()
    for secret in (SECRET, "陈晨", "孩子发烧", str(town.chen.phone)):
        assert secret not in page
    assert rows() == before


@pytest.mark.parametrize("deed", ["announce/", "call-off/", "shifts/new/", "shifts/{shift}/"])
def test_a_leader_runs_the_evening_and_does_not_decide_about_it(town: Town, deed: str) -> None:
    shift = cast.a_shift(town, host=town.group, by=town.admin)
    cast.sign_up(town.chen, shift)
    draft = cast.draft(town, host=town.group, by=town.admin)
    action = draft if deed == "announce/" else shift.action
    client, before = as_(town.lan), rows()
    page = client.get(f"/desk/{shift.action_id}/").content.decode()
    assert "陈晨" in page
    assert "叫停行动" not in page
    assert "改时间或人数" not in page
    answer = client.post(f"/desk/{action.pk}/" + deed.format(shift=shift.pk), DEEDS[deed])
    assert answer.status_code == 403
    assert rows() == before


def test_an_editor_finds_the_draft_and_not_the_announced_action(town: Town) -> None:
    draft = cast.draft(town, title="草稿一份")
    cast.announced(town, title="已经发布")
    client = as_(town.yan)
    page = client.get("/desk/").content.decode()
    assert "草稿一份" in page
    assert "已经发布" not in page
    page = client.get(f"/desk/{draft.pk}/").content.decode()
    assert "由玉祁社区的协调员发布" in page


def test_a_refusal_says_the_name_in_the_language_of_its_sentence(town: Town) -> None:
    desk, client = f"/desk/{cast.announced(town).pk}/", as_(town.yan)
    answer = client.get(desk)
    assert (answer.status_code, "你是玉祁社区的成员" in answer.content.decode()) == (403, True)
    client.cookies["django_language"] = "en"
    page = client.get(desk).content.decode()
    assert "You belong to Yuqi Community, but" in page
    assert "玉祁社区" not in page


# --- what it shows -----------------------------------------------------------------------------------------------------


def test_who_comes_who_waits_and_who_cancelled(town: Town) -> None:
    action, _shift = full_house(town)
    context = as_(town.mei).get(f"/desk/{action.pk}/").context
    roster = context["roster"]
    assert [sign_up.person for sign_up in roster.coming] == [town.chen, town.lu]
    assert [(each.sign_up.person, each.turn) for each in roster.waiting] == [(town.zhou, 1), (town.bo, 2)]
    assert [(sign_up.person, sign_up.reason) for sign_up in roster.cancelled] == [(town.qiang, "孩子发烧")]


def test_an_offer_says_until_when(town: Town) -> None:
    shift = cast.a_shift(town, begin=24, capacity=1)
    first = cast.sign_up(town.chen, shift)
    cast.sign_up(town.zhou, shift)
    cast.put_back(shift.action, timedelta(hours=23))
    seats.cancel(sign_up=first, by=town.chen, reason="摔了")
    answer = as_(town.mei).get(f"/desk/{shift.action_id}/")
    (waiting,) = answer.context["roster"].waiting
    assert (waiting.sign_up.person, waiting.turn) == (town.zhou, None)
    until = timezone.localtime(waiting.sign_up.offered_until)
    assert f"等回复到 {until:%H:%M}" in answer.content.decode()


def test_who_comes_again_is_not_told_as_cancelled(town: Town) -> None:
    shift = cast.a_shift(town)
    seats.cancel(sign_up=cast.sign_up(town.chen, shift), by=town.chen)
    cast.sign_up(town.chen, shift)
    roster = as_(town.mei).get(f"/desk/{shift.action_id}/").context["roster"]
    assert ([sign_up.person for sign_up in roster.coming], roster.cancelled) == ([town.chen], [])


def test_the_shift_that_runs_or_comes_next_is_shown_first(town: Town) -> None:
    action = cast.announced(town, in_hours(1), in_hours(24), in_hours(48))
    cast.put_back(action, timedelta(hours=6))
    client, (over, coming, later) = as_(town.mei), action.shifts.all()
    assert client.get(f"/desk/{action.pk}/").context["shift"] == coming
    assert client.get(f"/desk/{action.pk}/?shift={later.pk}").context["shift"] == later
    assert client.get(f"/desk/{action.pk}/?shift={over.pk}").context["shift"] == over
    for nonsense in ("0", "abc", "9" * 40, ""):
        assert client.get(f"/desk/{action.pk}/?shift={nonsense}").context["shift"] == coming


def test_an_unpublished_page_is_said_and_the_roster_stays(town: Town) -> None:
    action, _shift = full_house(town)
    action.page.unpublish()
    page = as_(town.mei).get(f"/desk/{action.pk}/").content.decode()
    assert "页面没有公开，报名已停，已报名的人不受影响。" in page
    assert "陈晨" in page


def test_names_are_shown_and_numbers_are_masked(town: Town) -> None:
    action, shift = full_house(town)
    page = as_(town.mei).get(f"/desk/{action.pk}/").content.decode()
    for sign_up in shift.sign_ups.all():
        phone = str(sign_up.person.phone)
        assert phone not in page
        assert phone.removeprefix("+86") not in page
    assert "100****0007" in page


@pytest.mark.parametrize("people", [1, 3, 14])
def test_the_desk_asks_the_database_the_same_however_many_come(town: Town, people: int) -> None:
    shift = cast.a_shift(town, capacity=8)
    client = as_(town.mei)
    with CaptureQueriesContext(connection) as empty:
        client.get(f"/desk/{shift.action_id}/")
    for person in list(town.neighbours())[:people]:
        cast.sign_up(person, shift)
    with CaptureQueriesContext(connection) as full:
        client.get(f"/desk/{shift.action_id}/")
    assert len(full) == len(empty)


def test_the_list_asks_the_database_the_same_however_long_it_is(town: Town) -> None:
    client, counts = as_(town.mei), []
    for more in (1, 2, 27):
        for _each in range(more):
            cast.announced(town)
            cast.draft(town)
            cast.put_back(cast.announced(town), timedelta(days=30))
        with CaptureQueriesContext(connection) as counted:
            client.get("/desk/")
        counts.append(len(counted))
    assert counts[0] == counts[1] == counts[2]


def test_each_list_has_pages_and_only_what_is_shown_is_followed(town: Town) -> None:
    for number in range(22):
        cast.announced(town, in_hours(24 + number), title=f"行动{number}")
        cast.draft(town, title=f"草稿{number}")
    first = as_(town.mei).get("/desk/")
    assert (len(first.context["coming"]), len(first.context["drafts"])) == (20, 20)
    assert len(json.loads(first.context["follow"])) <= 40
    links = [str(link["href"]) for link in page(first).select(".pager a[rel=next]")]
    assert links == ["?coming=2", "?drafts=2"]
    second = as_(town.mei).get("/desk/?coming=2&drafts=2")
    assert [card.title for card in second.context["coming"]] == ["行动20", "行动21"]
    assert [card.title for card in second.context["drafts"]] == ["草稿1", "草稿0"]
    followed = {f"desk:{Action.objects.get(key=key).pk}" for key in keys_of("行动20", "行动21")}
    assert set(json.loads(second.context["follow"])) == followed


def keys_of(*titles: str) -> list[object]:
    return list(ActionPage.objects.filter(title__in=titles).values_list("translation_key", flat=True))


def test_the_list_puts_what_comes_first(town: Town) -> None:
    cast.announced(town, in_hours(96), title="后天的")
    sooner = cast.announced(town, in_hours(5), in_hours(30), title="今晚的")
    cast.draft(town, title="没写完的")
    over = cast.announced(town, title="过去的")
    cast.put_back(over, timedelta(days=9))
    cast.announced(town, host=town.school, by=town.bo, title="学校的")
    cast.sign_up(town.chen, sooner.shifts.first())
    context = as_(town.mei).get("/desk/").context
    assert [card.title for card in context["coming"]] == ["今晚的", "后天的"]
    assert [card.title for card in context["drafts"]] == ["没写完的"]
    assert [card.title for card in context["past"]] == ["过去的"]
    card = context["coming"][0]
    assert (card.taken, card.capacity, card.waiting) == (1, 20, 0)
    assert card.url == f"/desk/{sooner.pk}/"


# --- deeds -------------------------------------------------------------------------------------------------------------


def test_a_draft_is_announced_from_its_desk(town: Town) -> None:
    action = cast.draft(town)
    client, before = as_(town.mei), rows()
    answer = client.post(f"/desk/{action.pk}/announce/")
    assert answer.status_code == 409
    assert "班" in str(answer.context["refusal"].sentence)
    assert str(answer.context["refusal"].sentence) in answer.content.decode()
    assert rows() == before
    client.post(f"/desk/{action.pk}/shifts/new/", DEEDS["shifts/new/"])
    assert "已发布，可以报名了。" in client.post(f"/desk/{action.pk}/announce/", follow=True).content.decode()
    action.refresh_from_db()
    assert action.is_announced


def test_calling_off_takes_a_reason(town: Town) -> None:
    action, shift = full_house(town)
    client, before = as_(town.mei), rows()
    for reason in ("", "   ", "雪" * 201):
        answer = client.post(f"/desk/{action.pk}/call-off/", {"reason": reason})
        assert answer.status_code == 422
        assert answer.context["form"].errors["reason"]
        assert answer.context["form"]["reason"].value() == reason
        assert rows() == before
    page = client.post(f"/desk/{action.pk}/call-off/", {"reason": "雪停了"}, follow=True).content.decode()
    assert "已叫停：雪停了" in page
    assert not shift.sign_ups.live().exists()
    before = rows()
    assert client.post(f"/desk/{action.pk}/call-off/", {"reason": "再来一次"}).status_code == 302
    assert rows() == before


def test_closing_comes_after_the_last_shift(town: Town) -> None:
    action, _shift = full_house(town)
    client, before = as_(town.mei), rows()
    answer = client.post(f"/desk/{action.pk}/close/")
    assert answer.status_code == 409
    assert rows() == before
    cast.put_back(action, timedelta(days=2))
    assert "收工" in client.get(f"/desk/{action.pk}/").content.decode()
    client.post(f"/desk/{action.pk}/close/")
    action.refresh_from_db()
    assert action.state == Action.State.CLOSED


def test_addresses_of_deeds_lead_back_to_the_desk(town: Town) -> None:
    action, shift = full_house(town)
    client, before = as_(town.mei), rows()
    sign_up = shift.sign_ups.get(person=town.chen)
    for deed in ("announce/", "close/", f"sign-ups/{sign_up.pk}/phone/"):
        assert client.get(f"/desk/{action.pk}/{deed}").headers["Location"].startswith(f"/desk/{action.pk}/")
    assert rows() == before


# --- live --------------------------------------------------------------------------------------------------------------


def test_the_desk_goes_on_live_from_the_numbers_of_the_book(town: Town) -> None:
    action, _shift = full_house(town)
    posting.post(action=action, text="到北口集合", by=town.mei)
    shown = page(as_(town.mei).get(f"/desk/{action.pk}/"))
    heads = book.heads([f"desk:{action.pk}"])
    part = shown.select_one("live-part")
    assert json.loads(part["data-follow"]) == json.loads(shown.select_one("live-feed")["data-follow"]) == heads
    assert all(shown.select_one(f"#{name}") for name in part["data-parts"].split())
    assert set(part["data-verbs"].split()) >= {"places", "moved", "changed", "called_off", "closed"}
    # What is replaced holds no feed: entries that wait there would be lost.
    assert not any(shown.select(f"#{name} live-feed") for name in part["data-parts"].split())
    assert "到北口集合" in words(shown.select_one(".entries"))
    assert shown.select_one('noscript meta[http-equiv="refresh"]')


def test_no_name_stands_in_what_a_browser_hears(town: Town) -> None:
    action, _shift = full_house(town)
    heard = str(list(Update.objects.filter(topic__name=f"desk:{action.pk}").values("actor", "payload")))
    for secret in ("陈晨", "孩子发烧", "0007"):
        assert secret not in heard


def test_the_cards_of_the_desk_change_in_place(town: Town) -> None:
    action, shift = full_house(town)
    card = page(as_(town.mei).get("/desk/")).select_one("live-places")
    assert card["data-action"] == str(action.pk)
    assert json.loads(card["data-shifts"]) == {str(shift.pk): [2, 2, 2]}
    assert json.loads(card["data-follow"]) == book.heads([f"desk:{action.pk}"])
    assert page(as_(town.mei).get("/desk/")).select_one(f'.card[data-places="{action.pk}:*"]')


@pytest.mark.parametrize("number", [1, 3, 30])
def test_the_queries_of_the_desk_do_not_grow_with_the_news(town: Town, number: int) -> None:
    action, _shift = full_house(town)
    mei = as_(town.mei)
    with CaptureQueriesContext(connection) as few:
        mei.get(f"/desk/{action.pk}/")
    for nth in range(number):
        posting.post(action=action, text=f"第{nth}条", by=town.mei)
    with CaptureQueriesContext(connection) as many:
        mei.get(f"/desk/{action.pk}/")
    assert len(many) == len(few)
