"""Telling those who follow an action how it goes, and taking it back."""

import uuid

import pytest

from events import posting
from events.models import POST_LENGTH, Post
from kit.refusals import Refused
from tests.cast import Town, announced, draft
from updates.models import Update


def told(topic: str) -> list[tuple[str, str]]:
    lines = Update.objects.filter(topic__name=topic).order_by("seq")
    return [(line.verb, line.payload.get("text", "")) for line in lines]


def refused(**given: object) -> str:
    with pytest.raises(Refused) as refusal:
        posting.post(**given)
    return refusal.value.code


def test_a_post_is_heard_wherever_the_action_is_followed(town: Town) -> None:
    action = announced(town)
    posting.post(action=action, text="  到北口集合\r\n带手套 ", by=town.mei)
    for topic in (f"action:{action.pk}", f"desk:{action.pk}", f"organisation:{town.yuqi.pk}", "town"):
        assert told(topic)[-1] == ("posted", "到北口集合\n带手套")
    actor = Update.objects.get(topic__name="town", verb="posted").actor
    assert (actor["name"], actor["person"]) == ("玉祁社区", "梅芳")


def test_sent_twice_is_posted_once(town: Town) -> None:
    action, key = announced(town), uuid.uuid4()
    first = posting.post(action=action, text="集合", by=town.mei, key=key)
    assert posting.post(action=action, text="集合", by=town.mei, key=key) == first
    assert told(f"action:{action.pk}").count(("posted", "集合")) == 1


def test_a_key_belongs_to_one_action_and_one_person(town: Town) -> None:
    action, other, key = announced(town), announced(town), uuid.uuid4()
    posting.post(action=action, text="集合", by=town.mei, key=key)
    assert refused(action=other, text="集合", by=town.mei, key=key) == "other_request"
    assert refused(action=action, text="集合", by=town.admin, key=key) == "other_request"
    assert Post.objects.count() == 1


@pytest.mark.parametrize("text", ["", "  \n ", "字" * (POST_LENGTH + 1)])
def test_nothing_and_too_much_are_refused(town: Town, text: str) -> None:
    expected = "text_too_long" if text.strip() else "text_missing"
    assert refused(action=announced(town), text=text, by=town.mei) == expected
    assert not Post.objects.exists()


def test_as_much_as_fits_is_told(town: Town) -> None:
    assert posting.post(action=announced(town), text="字" * POST_LENGTH, by=town.mei).pk


def test_a_draft_has_nothing_to_tell(town: Town) -> None:
    assert refused(action=draft(town), text="集合", by=town.mei) == "draft"


@pytest.mark.parametrize("who", ["yan", "bo", "chen", "dana"])
def test_only_who_runs_it_speaks_for_it(town: Town, who: str) -> None:
    action = announced(town)
    assert refused(action=action, text="集合", by=town.people[who]) == "no_right"
    post = posting.post(action=action, text="集合", by=town.mei)
    with pytest.raises(Refused) as refusal:
        posting.withdraw(post=post, by=town.people[who])
    assert refusal.value.code == "no_right"
    assert Post.objects.get().withdrawn_at is None


def test_what_is_withdrawn_is_emptied_everywhere_and_named_once(town: Town) -> None:
    action = announced(town)
    post = posting.post(action=action, text="写错了", by=town.mei)
    posting.withdraw(post=post, by=town.admin)
    posting.withdraw(post=post, by=town.mei)
    for topic in (f"action:{action.pk}", f"desk:{action.pk}", f"organisation:{town.yuqi.pk}", "town"):
        assert told(topic)[-2:] == [("posted", ""), ("withdrawn", "")]
        line, named = Update.objects.filter(topic__name=topic).order_by("-seq")[:2][::-1]
        assert line.payload == {}
        assert named.payload == {"seq": line.seq}
    assert not Update.objects.filter(payload__icontains="写错了").exists()
    kept = Post.objects.get()
    assert (kept.text, kept.withdrawn_by) == ("写错了", town.admin)
