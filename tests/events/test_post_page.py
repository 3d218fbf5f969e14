"""The pages on which staff post an update and take it back."""

import uuid

import pytest
from django.test import Client

from communities.models import User
from events import posting
from events.models import POST_LENGTH, Action, Post
from tests.cast import Town, announced, draft
from tests.reading import errors, main, page, words

TEXT = "振祁路东段扫完了。"


def as_(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def posts() -> list[str]:
    return list(Post.objects.values_list("text", flat=True))


def address(action: Action) -> str:
    return f"/desk/{action.pk}/post/"


@pytest.mark.parametrize(("came_from", "back"), [("page", "page"), ("desk", "desk"), ("https://evil.test/", "desk")])
def test_posted_and_back_to_where_one_came_from(town: Town, came_from: str, back: str) -> None:
    action = announced(town)
    mei = as_(town.mei)
    form = page(mei.get(f"{address(action)}?next={came_from}")).select_one("#sheet-body form")
    sent = {field["name"]: field["value"] for field in form.select("input")}
    answer = mei.post(address(action), {**sent, "text": TEXT}, follow=True)
    expected = action.get_absolute_url() if back == "page" else f"/desk/{action.pk}/"
    assert answer.redirect_chain == [(expected, 302)]
    assert posts() == [TEXT]
    assert TEXT in main(answer)
    assert page(answer).select_one(".messages .msg")


def test_sent_twice_is_one_post_and_another_text_is_another(town: Town) -> None:
    action, mei, key = announced(town), as_(town.mei), str(uuid.uuid4())
    for text in (TEXT, TEXT, "西段也扫完了。"):
        assert mei.post(address(action), {"text": text, "key": key}).status_code == 302
    assert posts() == [TEXT, "西段也扫完了。"]


@pytest.mark.parametrize("key", ["", "x", "{}", "0" * 33])
def test_a_key_that_is_none_is_replaced(town: Town, key: str) -> None:
    assert as_(town.mei).post(address(announced(town)), {"text": TEXT, "key": key}).status_code == 302
    assert posts() == [TEXT]


def test_a_form_that_somebody_else_has_sent_gets_a_key_of_its_own(town: Town) -> None:
    action, key = announced(town), str(uuid.uuid4())
    as_(town.mei).post(address(action), {"text": TEXT, "key": key})
    answer = as_(town.admin).post(address(action), {"text": TEXT, "key": key})
    assert answer.status_code == 422
    fresh = page(answer).select_one("#sheet-body [name=key]")["value"]
    assert as_(town.admin).post(address(action), {"text": TEXT, "key": fresh}).status_code == 302
    assert posts() == [TEXT, TEXT]


@pytest.mark.parametrize("text", ["", "   ", "字" * (POST_LENGTH + 1)])
def test_a_refusal_stands_beside_the_text_and_nothing_typed_is_lost(town: Town, text: str) -> None:
    action = announced(town)
    answer = as_(town.mei).post(address(action), {"text": text, "key": "x", "next": "page"})
    assert answer.status_code == 422
    assert errors(answer, "text")
    form = page(answer).select_one("#sheet-body form")
    assert form.textarea.get_text().strip() == text.strip()
    assert form.select_one("[name=next]")["value"] == "page"
    assert uuid.UUID(form.select_one("[name=key]")["value"]).version == 4
    assert posts() == []


def test_a_draft_is_told_to_nobody(town: Town) -> None:
    action = draft(town)
    answer = as_(town.mei).post(address(action), {"text": TEXT})
    assert answer.status_code == 409
    assert TEXT in page(answer).textarea.get_text()
    assert f"/desk/{action.pk}/post/" not in as_(town.mei).get(f"/desk/{action.pk}/").content.decode()


@pytest.mark.parametrize(("who", "status"), [("dana", 404), ("bo", 404), ("chen", 404), ("yan", 403), ("mei", 200)])
def test_who_may_post_and_withdraw(town: Town, who: str, status: int) -> None:
    action = announced(town)
    post = posting.post(action=action, text=TEXT, by=town.mei)
    withdraw = f"/desk/{action.pk}/posts/{post.key}/withdraw/"
    client = as_(town.people[who])
    for path in (address(action), withdraw):
        answer = client.get(path)
        assert answer.status_code == status
        if status != 200:
            assert client.post(path, {"text": "别的话"}).status_code == status
            assert TEXT not in answer.content.decode()
    assert posts() == [TEXT]
    assert Post.objects.get().withdrawn_at is None


def test_withdrawing_shows_what_it_is_and_comes_back(town: Town) -> None:
    action = announced(town)
    post = posting.post(action=action, text=TEXT, by=town.mei)
    path, mei = f"/desk/{action.pk}/posts/{post.key}/withdraw/", as_(town.mei)
    assert TEXT in words(page(mei.get(f"{path}?next=page")).select_one("#sheet-body"))
    assert Post.objects.get().withdrawn_at is None
    answer = mei.post(path, {"next": "page"}, follow=True)
    assert answer.redirect_chain == [(action.get_absolute_url(), 302)]
    assert TEXT not in main(answer)
    assert page(answer).select_one(".entry.is-withdrawn")
    assert Post.objects.get().withdrawn_by == town.mei
    # Again there is nothing to ask.
    assert mei.get(path)["Location"] == f"/desk/{action.pk}/"


def test_a_post_of_another_action_is_not_there(town: Town) -> None:
    action, other = announced(town), announced(town)
    post = posting.post(action=other, text=TEXT, by=town.mei)
    for key in (post.key, uuid.uuid4()):
        path = f"/desk/{action.pk}/posts/{key}/withdraw/"
        assert as_(town.mei).get(path).status_code == 404
        assert as_(town.mei).post(path).status_code == 404
    assert Post.objects.get().withdrawn_at is None


@pytest.mark.parametrize(("who", "offered"), [("mei", True), ("lan", False), ("", False)])
def test_who_finds_the_way_to_post(town: Town, who: str, offered: bool) -> None:
    action = announced(town)
    posting.post(action=action, text=TEXT, by=town.mei)
    client = as_(town.people[who]) if who else Client()
    shown = page(client.get(action.get_absolute_url()))
    assert bool(shown.select(f'a[data-sheet][href="{address(action)}?next=page"]')) == offered
    assert bool(shown.select(".entries .entry-deed a")) == offered
    assert TEXT in words(shown.select_one(".entries"))
